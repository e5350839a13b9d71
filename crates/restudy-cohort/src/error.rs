//! What can be wrong with a table, its codebook or an expression.

use std::fmt;

use thiserror::Error;

use crate::column::Kind;
use crate::nearest::{listed, nearest};

/// Why there is no cohort.
///
/// The message names file, line and column; [`hint`](Self::hint) says what may be done. Neither shows what a cell of
/// the table holds. Lines and columns of files are counted from 1.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum CohortError {
    /// A read option that cannot be.
    #[error("`{option}` cannot be {given:?}: it must be {must_be}")]
    Option {
        /// The option.
        option: &'static str,
        /// What was given.
        given: char,
        /// What is allowed.
        must_be: &'static str,
    },
    /// An encoding that nobody knows by this label.
    #[error("{file}: there is no encoding `{label}`")]
    UnknownEncoding {
        /// The table.
        file: String,
        /// What was given.
        label: String,
        /// What may have been meant.
        suggestion: Suggestion,
    },
    /// Bytes that are not text in the file's encoding.
    #[error("{file}:{line}: byte {byte} of the file is not {encoding} text")]
    NotText {
        /// The table.
        file: String,
        /// The line.
        line: u64,
        /// The first wrong byte, counted from 0.
        byte: usize,
        /// The encoding by which it was read.
        encoding: &'static str,
        /// Whether that was said, by the options or by a byte-order mark, or taken for granted.
        declared: bool,
    },
    /// A NUL, which no text table holds.
    #[error("{file}:{line}: there is a NUL byte, which a text file does not hold")]
    NulByte {
        /// The table.
        file: String,
        /// The line.
        line: u64,
    },
    /// A file of another program that cannot be read.
    #[error("{file}: this {program} file cannot be read: {what}")]
    Damaged {
        /// The table.
        file: String,
        /// The program that wrote it.
        program: &'static str,
        /// What is wrong with it.
        what: String,
    },
    /// A sheet that the workbook does not have.
    #[error("{file} has no sheet `{sheet}`")]
    UnknownSheet {
        /// The workbook.
        file: String,
        /// What was asked for.
        sheet: String,
        /// What may have been meant.
        suggestion: Suggestion,
    },
    /// A cell of a workbook that holds an error, such as a division by zero.
    #[error("{file}:{line}: column `{column}` holds an error of a formula")]
    CellError {
        /// The workbook.
        file: String,
        /// The row of the sheet.
        line: u64,
        /// The column.
        column: String,
    },
    /// Nothing, or white space alone.
    #[error("{file} is empty")]
    EmptyFile {
        /// The table.
        file: String,
    },
    /// A header and nobody below it.
    #[error("{file} has a header and no rows")]
    NoRows {
        /// The table.
        file: String,
    },
    /// A column without a name.
    #[error("{file}:{line}: column {position} of the header has no name")]
    UnnamedColumn {
        /// The table.
        file: String,
        /// The header's line.
        line: u64,
        /// Its place, counted from 1.
        position: usize,
    },
    /// Two columns of one name.
    #[error("{file}:{line}: columns {first} and {second} of the header are both named `{name}`")]
    DuplicateColumn {
        /// The table.
        file: String,
        /// The header's line.
        line: u64,
        /// The name.
        name: String,
        /// The place of the first, counted from 1.
        first: usize,
        /// The place of the second.
        second: usize,
    },
    /// A row with more or fewer fields than the header.
    #[error("{file}:{line}: the header has {expected} fields, the row {found}")]
    RaggedRow {
        /// The table.
        file: String,
        /// The line on which the row begins.
        line: u64,
        /// Fields of the row.
        found: usize,
        /// Fields of the header.
        expected: usize,
        /// A delimiter that would split a header that is whole now.
        delimiter: Option<char>,
    },
    /// A quote that nothing closes.
    #[error("{file}:{line}: a quote {quote} opens in this row and is never closed")]
    UnclosedQuote {
        /// The table.
        file: String,
        /// The line on which the row begins.
        line: u64,
        /// The quote.
        quote: char,
    },
    /// A field too long to be a value.
    #[error("{file}:{line}: field {position} is longer than {limit} bytes")]
    FieldTooLong {
        /// The table.
        file: String,
        /// The line on which the row begins.
        line: u64,
        /// Its place, counted from 1.
        position: usize,
        /// The longest that is read.
        limit: usize,
    },
    /// A name that no column has.
    #[error("{file} has no column `{name}`{}", used_by(used_in.as_ref()))]
    UnknownColumn {
        /// The table.
        file: String,
        /// The name.
        name: String,
        /// The filter or derived column that names it.
        used_in: Option<Place>,
        /// What may have been meant.
        suggestion: Suggestion,
    },
    /// A text where a number was expected.
    #[error("{file}:{line}: column `{column}` holds something other than a number such as {}", if *decimal_comma { "12,5" } else { "12.5" })]
    NotANumber {
        /// The table.
        file: String,
        /// The line on which the row begins.
        line: u64,
        /// The column.
        column: String,
        /// Whether the table is read with a decimal comma.
        decimal_comma: bool,
        /// Whether it would be a number if the other decimal mark were read.
        other_mark: bool,
    },
    /// A number beyond the range of a 64-bit float.
    #[error("{file}:{line}: column `{column}` holds a number larger than 1.8e308")]
    NumberTooLarge {
        /// The table.
        file: String,
        /// The line on which the row begins.
        line: u64,
        /// The column.
        column: String,
    },
    /// A follow-up that ends before it began.
    #[error("{file}:{line}: column `{column}` holds a negative time")]
    NegativeTime {
        /// The table.
        file: String,
        /// The line on which the row begins.
        line: u64,
        /// The column.
        column: String,
    },
    /// A value that stands for none of the declared levels.
    #[error("{file}:{line}: column `{column}` holds a value that is not one of {}", listed(levels))]
    NotALevel {
        /// The table.
        file: String,
        /// The line on which the row begins.
        line: u64,
        /// The column.
        column: String,
        /// The levels, as the table writes them and as the codebook labels them.
        levels: Vec<String>,
    },
    /// A third value in a binary column without declared levels.
    #[error("{file}:{line}: column `{column}` is binary and holds a third value")]
    ThirdLevel {
        /// The table.
        file: String,
        /// The line on which the third value is met first.
        line: u64,
        /// The column.
        column: String,
    },
    /// An ordinal column whose order cannot be told.
    #[error("{file}:{line}: column `{column}` is ordinal, has no declared levels, and holds text")]
    NoOrder {
        /// The table.
        file: String,
        /// The line of the first text.
        line: u64,
        /// The column.
        column: String,
    },
    /// A text that is not a date in the declared format, or a day that no calendar has.
    #[error("{file}:{line}: column `{column}` holds something other than a date in the format `{format}`")]
    NotADate {
        /// The table.
        file: String,
        /// The line on which the row begins.
        line: u64,
        /// The column.
        column: String,
        /// The format.
        format: String,
    },
    /// A column that does not make groups.
    #[error("column `{column}` is {kind} and does not divide patients into groups")]
    NotGroups {
        /// The column.
        column: String,
        /// Its kind.
        kind: Kind,
    },
    /// Something wrong in the codebook.
    #[error("{file}:{line}:{column}: {problem}")]
    Codebook {
        /// The codebook.
        file: String,
        /// The line.
        line: usize,
        /// The character on that line.
        column: usize,
        /// What is wrong.
        problem: Box<CodebookProblem>,
    },
    /// Something wrong in an expression.
    #[error("{place}: {problem}, in the expression `{sql}`")]
    Expression {
        /// The filter or derived column.
        place: Place,
        /// The expression.
        sql: String,
        /// What is wrong.
        problem: Box<SqlProblem>,
    },
}

/// What may have been meant by a name that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suggestion {
    /// These names resemble it, the first the most.
    Nearest(Vec<String>),
    /// No name does; these are all.
    All(Vec<String>),
    /// This delimiter would split a header that is whole now.
    Delimiter(char),
}

impl Suggestion {
    /// The names like `name`, or else all.
    pub(crate) fn for_name<'a>(name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Self {
        let nearest = nearest(name, known.clone());
        if nearest.is_empty() {
            Self::All(known.into_iter().map(str::to_owned).collect())
        } else {
            Self::Nearest(nearest)
        }
    }

    fn hint(&self, what: &str) -> String {
        match self {
            Self::Nearest(names) => {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                format!("did you mean {}?", names.join(" or "))
            }
            Self::All(names) => format!("the {what} are {}", listed(names)),
            Self::Delimiter('\t') => delimiter_hint("\\t"),
            Self::Delimiter(delimiter) => delimiter_hint(&delimiter.to_string()),
        }
    }
}

/// Which expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// That of the derived column of this name.
    Derived(String),
    /// That of the filter with this label.
    Filter(String),
    /// That of [`Cohort::condition`](crate::Cohort::condition).
    Condition,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Derived(name) => write!(f, "derived column `{name}`"),
            Self::Filter(label) => write!(f, "filter `{label}`"),
            Self::Condition => f.write_str("condition"),
        }
    }
}

/// What is wrong in a codebook.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum CodebookProblem {
    /// It is not TOML.
    #[error("{message}")]
    Syntax {
        /// What the reader of TOML says.
        message: String,
    },
    /// A key that means nothing here.
    #[error("unknown key `{key}`")]
    UnknownKey {
        /// The key.
        key: String,
        /// What may have been meant.
        suggestion: Suggestion,
        /// Whether it opens a table, as the second half of an unquoted dotted name does.
        table: bool,
    },
    /// A value of the wrong type.
    #[error("`{key}` must be {expected}")]
    WrongType {
        /// The key.
        key: String,
        /// What it must be.
        expected: &'static str,
    },
    /// A kind that does not exist.
    #[error("unknown kind `{kind}`")]
    UnknownKind {
        /// What was given.
        kind: String,
        /// What may have been meant.
        suggestion: Suggestion,
    },
    /// A column that neither the table nor a derivation has.
    #[error("column `{name}` is not in {table}")]
    UnknownColumn {
        /// The name.
        name: String,
        /// The table.
        table: String,
        /// What may have been meant.
        suggestion: Suggestion,
    },
    /// A key that a column of this kind cannot have.
    #[error("`{key}` does not belong to a column of kind {kind}")]
    DoesNotFit {
        /// The key.
        key: &'static str,
        /// The kind.
        kind: Kind,
    },
    /// A key that a column of this kind must have.
    #[error("a column of kind {kind} needs the key `{key}`")]
    Needs {
        /// The key.
        key: &'static str,
        /// The kind.
        kind: Kind,
    },
    /// Too many or too few levels.
    #[error("a column of kind {kind} needs {expected} levels, {found} are declared")]
    LevelCount {
        /// The kind.
        kind: Kind,
        /// How many it needs.
        expected: &'static str,
        /// How many there are.
        found: usize,
    },
    /// One value or label for two levels.
    #[error("`{value}` is declared twice")]
    Twice {
        /// The value or label.
        value: String,
    },
    /// A date format that does not determine a day.
    #[error("`{format}` is not a date format that determines a day")]
    Format {
        /// The format.
        format: String,
    },
}

/// What is wrong in an expression.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum SqlProblem {
    /// It is not an expression of SQL.
    #[error("expected {expected}, found {} at character {at}", found.as_ref().map_or_else(|| "the end".to_owned(), |found| format!("`{found}`")))]
    Syntax {
        /// What could stand there.
        expected: &'static str,
        /// What stands there; `None` is the end.
        found: Option<String>,
        /// Where, in characters counted from 1.
        at: usize,
    },
    /// It is nested deeper than any expression about a patient.
    #[error("it is nested more than {limit} deep")]
    TooDeep {
        /// The deepest that is read.
        limit: usize,
    },
    /// A part of SQL that would look at several patients.
    #[error("{what} is not allowed here")]
    SeveralPatients {
        /// The part.
        what: String,
    },
    /// A function that is not among those known.
    #[error("unknown function `{name}`")]
    UnknownFunction {
        /// Its name.
        name: String,
        /// What may have been meant.
        suggestion: Suggestion,
    },
    /// A function with too many or too few arguments.
    #[error("`{function}` takes {expected}, {found} are given")]
    Arguments {
        /// The function.
        function: String,
        /// What it takes.
        expected: &'static str,
        /// How many there are.
        found: usize,
    },
    /// Operands of types that the operation does not take.
    #[error("{operation} takes {expected}, here it is given {}", types(found))]
    Types {
        /// The operation.
        operation: String,
        /// What it takes.
        expected: &'static str,
        /// What it is given.
        found: Vec<SqlType>,
    },
    /// A label that the column does not have.
    #[error("{} has no level `{label}`", column.as_ref().map_or_else(|| "the text".to_owned(), |name| format!("column `{name}`")))]
    NotALevel {
        /// The column, where it is one.
        column: Option<String>,
        /// The label.
        label: String,
        /// What may have been meant.
        suggestion: Suggestion,
    },
    /// Text that is not numbers, cast to numbers.
    #[error("a text whose levels are not all numbers cannot be cast to a number")]
    NotNumbers,
    /// A text that is not a date and stands for one.
    #[error("`{text}` is not a date such as 2020-01-31")]
    NotADate {
        /// The text.
        text: String,
    },
    /// A number that no 64-bit float holds.
    #[error("`{text}` is not a number that can be held")]
    NotANumber {
        /// As it is written.
        text: String,
    },
    /// A filter that is neither true nor false.
    #[error("a filter must be true or false, this is {found}")]
    NotBoolean {
        /// What it is.
        found: SqlType,
    },
    /// A derived column whose name is taken, or empty.
    #[error("{}", if *empty { "it has no name" } else { "there is a column of this name already" })]
    Name {
        /// Whether the name is empty.
        empty: bool,
    },
}

/// What a part of an expression is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SqlType {
    /// A number.
    Number,
    /// Text: a level's label.
    Text,
    /// True or false.
    Boolean,
    /// A calendar day.
    Date,
    /// Missing, of no type.
    Null,
}

impl fmt::Display for SqlType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Number => "a number",
            Self::Text => "text",
            Self::Boolean => "a boolean",
            Self::Date => "a date",
            Self::Null => "NULL",
        })
    }
}

impl CohortError {
    /// What may be done about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Damaged { .. } => "export it again, or as CSV".to_owned(),
            Self::UnknownSheet { suggestion, .. } => suggestion.hint("sheets"),
            Self::CellError { .. } => "correct the formula, or empty the cell".to_owned(),
            Self::UnknownEncoding { suggestion, .. } => suggestion.hint("labels in use"),
            Self::NotText { declared: false, .. } => {
                "say how the file is encoded, for instance `encoding = \"windows-1252\"`".to_owned()
            }
            Self::NotText { .. } => "the file is damaged, or its encoding is another".to_owned(),
            Self::NulByte { .. } => "if the file is UTF-16, say so: `encoding = \"utf-16le\"`".to_owned(),
            Self::EmptyFile { .. } | Self::NoRows { .. } => "was the right file exported, and whole?".to_owned(),
            Self::UnnamedColumn { .. } => "name it, or delete the column if it is empty".to_owned(),
            Self::DuplicateColumn { .. } => "rename one of them".to_owned(),
            Self::RaggedRow { delimiter: Some(delimiter), .. } => Suggestion::Delimiter(*delimiter).hint("delimiters"),
            Self::RaggedRow { .. } => {
                "a field that holds the delimiter must be quoted, and a quote that opens must close".to_owned()
            }
            Self::UnclosedQuote { .. } => {
                "close it; a quote that belongs to the text is written twice inside a quoted field".to_owned()
            }
            Self::FieldTooLong { .. } => "a quote that is never closed makes one field of many rows".to_owned(),
            Self::UnknownColumn { suggestion, .. } => suggestion.hint("columns"),
            Self::NotANumber { other_mark: true, decimal_comma: false, .. } => {
                "it would be one with a decimal comma: `decimal-comma = true`".to_owned()
            }
            Self::NotANumber { other_mark: true, .. } => {
                "it would be one with a decimal point: `decimal-comma = false`".to_owned()
            }
            Self::NotANumber { .. } | Self::NumberTooLarge { .. } | Self::NegativeTime { .. } => {
                "a missing code can be declared with `missing = [...]` in the codebook".to_owned()
            }
            Self::NotALevel { .. } => {
                "correct the table, or declare the value in the codebook, as a level or with `missing = [...]`".to_owned()
            }
            Self::ThirdLevel { .. } => {
                "declare its levels, its missing codes with `missing = [...]`, or another kind".to_owned()
            }
            Self::NoOrder { .. } => "declare its levels in the codebook, from the lowest to the highest".to_owned(),
            Self::NotADate { .. } => {
                "the codebook declares another format with `format = \"%d/%m/%Y\"`, a missing code with `missing = [...]`"
                    .to_owned()
            }
            Self::NotGroups { .. } => "derive groups from it with `CASE WHEN ... THEN ... ELSE ... END`".to_owned(),
            Self::Codebook { problem, .. } => return problem.hint(),
            Self::Expression { problem, .. } => return problem.hint(),
            Self::Option { .. } => return None,
        };
        Some(hint)
    }
}

impl CodebookProblem {
    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::UnknownKey { table: true, .. } => {
                "a column name with a dot goes in quotes: [columns.\"ph.ecog\"]".to_owned()
            }
            Self::UnknownKey { suggestion, .. } => suggestion.hint("keys"),
            Self::UnknownKind { suggestion, .. } => suggestion.hint("kinds"),
            Self::UnknownColumn { suggestion, .. } => suggestion.hint("columns"),
            Self::Needs { key: "event", .. } => {
                "it is the value that means that the event happened: `event = 1`".to_owned()
            }
            Self::Format { .. } => "a format is written with %Y, %m, %d, such as `%d/%m/%Y`".to_owned(),
            _ => return None,
        })
    }
}

impl SqlProblem {
    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Syntax { .. } => "text goes in single quotes; a column whose name is not a plain word, or is a word \
                                    of SQL, goes in double quotes"
                .to_owned(),
            Self::TooDeep { .. } => "derive a column for each part and combine them".to_owned(),
            Self::SeveralPatients { .. } => {
                "an expression sees one patient at a time: give the number itself".to_owned()
            }
            Self::UnknownFunction { suggestion, .. } => suggestion.hint("functions"),
            Self::Types { found, .. } if found.contains(&SqlType::Boolean) => {
                "a column that is true or false is a condition by itself: `dead`, `NOT dead`".to_owned()
            }
            Self::Types { found, .. } if found.contains(&SqlType::Text) => {
                "levels compare by their label in single quotes; order is for ordinal columns and their labels"
                    .to_owned()
            }
            Self::NotALevel { suggestion, .. } => suggestion.hint("levels"),
            Self::NotNumbers => "use `CASE` to say which number each level stands for".to_owned(),
            Self::NotBoolean { .. } => "compare it: `age >= 18`".to_owned(),
            Self::Name { .. } => "choose another name".to_owned(),
            _ => return None,
        })
    }
}

fn delimiter_hint(delimiter: &str) -> String {
    format!("the header would split into several columns with `delimiter = \"{delimiter}\"`")
}

fn used_by(place: Option<&Place>) -> String {
    place.map(|place| format!(", which the {place} names")).unwrap_or_default()
}

fn types(found: &[SqlType]) -> String {
    found.iter().map(SqlType::to_string).collect::<Vec<_>>().join(" and ")
}
