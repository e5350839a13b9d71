//! What a cohort is read from.

use serde::Deserialize;

/// How a table is written. Everything that is `None` is found out from the file.
///
/// Deserializes from kebab-case keys and refuses unknown ones.
#[derive(Deserialize, Default, Clone, Debug, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct ReadOptions {
    /// What separates fields: one ASCII character.
    ///
    /// By default a tab if the file's name ends in `.tsv` or `.tab`; else whichever of comma, semicolon and tab is met
    /// most often in the header outside quotes, the comma before the semicolon before the tab where they are equal.
    pub delimiter: Option<char>,
    /// What encloses a field that holds a delimiter or a line break: one ASCII character, by default `"`. Inside, it is
    /// written twice.
    pub quote: Option<char>,
    /// Whether numbers are written `12,5`. The point is then refused, for it may stand for thousands.
    pub decimal_comma: bool,
    /// The label of the file's encoding as the web knows it: `windows-1252`, `gbk`, `utf-16le` and so on.
    ///
    /// By default UTF-8, or what a byte-order mark says; a mark wins over this label too.
    pub encoding: Option<String>,
    /// The sheet of a workbook; its first by default.
    pub sheet: Option<String>,
    /// The bytes of the format catalogue, `.sas7bcat`, in which the value labels of a SAS data set stand. They are given with
    /// the table, and no key of a study file.
    #[serde(skip)]
    pub catalogue: Option<Vec<u8>>,
}

/// A column computed from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derive {
    /// Its name, not yet taken by another column.
    pub name: String,
    /// The expression.
    pub sql: String,
}

/// A condition on patients.
///
/// A condition may be true, false or undetermined (it depends on a missing value). A `keep` filter keeps those for whom
/// it is true: who is undetermined is dropped. An `exclude` filter drops those for whom it is true: who is undetermined
/// stays. Both count the undetermined ([`FlowStep`](crate::FlowStep)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// What the flow calls this step.
    pub label: String,
    /// Keep those for whom the condition is true, or exclude them.
    pub keep: bool,
    /// The condition, an expression that is true or false.
    pub sql: String,
}

/// All that makes a cohort.
///
/// # Table
///
/// Rows of fields below a header of names. White space around names and fields does not count; lines with nothing on
/// them are passed over. A quote that opens a field encloses it; elsewhere it is a character like others. Every row has
/// as many fields as the header, and no field more than a megabyte.
///
/// A file of another program is known by its first bytes, whatever its name:
///
/// | file | what it knows of its columns |
/// |---|---|
/// | SPSS `.sav`, `.zsav` | labels, value labels, order, user-missing values, dates |
/// | Stata `.dta` | labels, value labels, `.a` to `.z` as missing codes, dates |
/// | SAS `.sas7bdat` | labels and dates; value labels, with its format catalogue `.sas7bcat` |
/// | workbook `.xlsx`, `.xls`, `.ods` | dates |
/// | Parquet `.parquet` | dates; compressed by Snappy, gzip, Brotli or LZ4, not by Zstandard |
///
/// Value labels make levels where every value that is not missing has one; a scale whose ends alone are named stays a
/// number. A row is counted as that program counts it: a sheet's row, a data set's case.
///
/// # Codebook
///
/// It comes before what the file says of its columns, key by key. A REDCap data dictionary, as CSV, may take its place, for
/// an export of raw data.
///
/// ```toml
/// [dataset]                  # all of it optional, as is the codebook itself
/// title = "..."
/// missing = ["NA", "ND"]     # codes that mean missing in every column; an empty field always does
/// decimals = 1               # for columns of numbers that say nothing else
///
/// [columns.age]              # a name with a dot goes in quotes: [columns."ph.ecog"]
/// label = "Age"              # the column's name by default
/// unit = "years"
/// kind = "continuous"        # or time, ordinal, nominal, binary, event, date
/// decimals = 0
/// missing = [999]            # besides the data set's
/// heading = "Demography"
///
/// [columns.sex]
/// kind = "binary"            # the default for two levels, nominal for more
/// levels = [{ value = 1, label = "Male" }, { value = 2, label = "Female" }]  # or plain values; in level order
///
/// [columns.status]
/// kind = "event"
/// event = 2                  # every other value is censored,
/// censored = [1]             # unless the censored ones are listed
///
/// [columns.visit]
/// kind = "date"
/// format = "%d/%m/%Y"        # %Y-%m-%d by default
/// ```
///
/// A value of the codebook is compared with a field as text, and as a number where both are numbers: 999 is 999.0, and
/// 1 is 01. A field that is neither missing nor of the column's kind is an error: a text among numbers, a negative
/// time, a value that is no declared level, a day that does not exist.
///
/// Where the codebook does not say the kind, it follows from the values that are not missing:
///
/// - all numbers: continuous, or binary if there are exactly two distinct ones;
/// - all dates such as 2020-01-31: date;
/// - anything else: nominal, or binary if there are exactly two distinct texts.
///
/// A column that would be all numbers with the other decimal mark is refused, for nobody would see that it was taken for
/// text. A column without any value is continuous. Levels that are not declared are in numerical order if all are numbers
/// (1 and 1.0 are one), else in the order of their characters; an ordinal column of text must declare them.
///
/// # Expressions
///
/// Derived columns and filters are SQL expressions about one patient. A name that is not a plain word, or is a word of
/// SQL, goes in double quotes (`"wt loss"`, `"case"`); a dotted name (`ph.ecog`) may go without. Text and dates go in
/// single quotes. What a column is in SQL follows from its kind:
///
/// | kind | in SQL |
/// |---|---|
/// | continuous, time | number |
/// | ordinal, nominal, binary | text: the *label* of the level, not the code in the table |
/// | ordinal without declared levels | number |
/// | event | boolean: true when the event happened |
/// | date | date |
/// | not in the codebook | number or date if all its values are, else text; a derived boolean stays one |
///
/// A label that a declared column does not have is refused, so that a misspelling drops nobody. Ordinal columns also
/// compare by `<` and `>` with their labels, in level order. Where labels are numbers, they compare with numbers.
///
/// Allowed are `+ - * / %`, `= <> < <= > >=`, `AND OR NOT XOR`, `IS [NOT] NULL | TRUE | FALSE`, `BETWEEN`, `IN`,
/// `LIKE` and `ILIKE`, `CASE`, `CAST(boolean or text AS DOUBLE)`, `DATE '2020-01-31'`, `EXTRACT(YEAR | MONTH | DAY FROM
/// date)`, the difference of two dates in days, a date plus or minus whole days, and `ABS CEIL FLOOR ROUND SQRT EXP LN
/// LOG10 LOG2 POWER LEAST GREATEST COALESCE NULLIF`. Whatever looks at several patients (aggregates, windows,
/// subqueries) is refused.
///
/// A missing operand makes the result missing, save where SQL's three-valued logic settles it (`FALSE AND missing` is
/// false). What is not a number is missing too: division by zero, the logarithm of zero, a root of -1, overflow.
///
/// # Derived columns
///
/// A derived column that the codebook describes is typed by it, as if it stood in the table: a boolean is written `yes`
/// or `no`, text as its label, a date as `2020-01-31`. Otherwise a boolean becomes binary with levels `no` and `yes`, a
/// number continuous, a date a date, and text nominal, with levels in the order in which the expression names them.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The table's name as shown in errors, without its folder.
    pub file_name: &'a str,
    /// The table.
    pub bytes: &'a [u8],
    /// How it is written.
    pub options: &'a ReadOptions,
    /// The codebook's name as shown in errors, and its text.
    pub codebook: Option<(&'a str, &'a str)>,
    /// Derived columns, evaluated in order, before the filters; each may use those before it.
    pub derive: &'a [Derive],
    /// Filters, applied in order.
    pub filters: &'a [Filter],
}
