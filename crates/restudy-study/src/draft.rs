//! A first study file and codebook for a table, commented, that run as they are.

use std::fmt::Write as _;

use restudy_cohort::{Cohort, CohortError, Column, ReadOptions, Source, Values};

/// Words that tables use for a missing value.
const MISSING: [&str; 8] = ["NA", "N/A", "n/a", "NULL", "NaN", "nan", ".", "?"];

/// The files of a new study.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// `study.toml`
    pub study: String,
    /// `codebook.toml`
    pub codebook: String,
    /// What is missing in the table, by the words that stand for it.
    pub missing: Vec<String>,
}

/// Drafts a study of a table.
///
/// `id` names the study, `path` is the table's path from the study file, `by` the column that makes the groups; the first
/// column of two levels where nothing is said.
///
/// # Errors
///
/// What is wrong with the table, or a `by` that it does not have.
pub fn draft(table: (&str, &[u8]), id: &str, path: &str, by: Option<&str>) -> Result<Draft, CohortError> {
    draft_of(&DraftTable { name: table.0, bytes: table.1, ..DraftTable::default() }, id, path, by)
}

/// A table to draft a study of, with what goes with it.
#[derive(Clone, Copy, Debug, Default)]
pub struct DraftTable<'a> {
    /// Its name as shown in errors.
    pub name: &'a str,
    /// Its bytes: text, or a file of another program.
    pub bytes: &'a [u8],
    /// A REDCap data dictionary, with its name.
    pub dictionary: Option<(&'a str, &'a str)>,
    /// The sheet of a workbook.
    pub sheet: Option<&'a str>,
    /// The format catalogue of a SAS data set: its path from the study file, and its bytes.
    pub catalogue: Option<(&'a str, &'a [u8])>,
}

/// The same, of a table with what goes with it. What the file or the dictionary says of the columns becomes the codebook, and
/// what it does not say is found out from the values.
///
/// # Errors
///
/// As [`draft`].
pub fn draft_of(table: &DraftTable<'_>, id: &str, path: &str, by: Option<&str>) -> Result<Draft, CohortError> {
    let options = ReadOptions {
        sheet: table.sheet.map(str::to_owned),
        catalogue: table.catalogue.map(|(_, bytes)| bytes.to_vec()),
        ..ReadOptions::default()
    };
    let read = |codebook: (&str, &str)| {
        let (file_name, bytes, codebook) = (table.name, table.bytes, Some(codebook));
        Cohort::read(&Source { file_name, bytes, options: &options, codebook, derive: &[], filters: &[] })
    };
    let quoted = |words: &[&str]| words.iter().map(|word| basic(word)).collect::<Vec<_>>().join(", ");
    let words = format!("[dataset]\nmissing = [{}]\n", quoted(&MISSING));
    let cohort = read(table.dictionary.unwrap_or(("codebook.toml", &words)))?;
    let mut missing = Vec::new();
    for word in MISSING {
        let stands = |column: &Column| {
            cohort.missingness(&column.name, None).is_ok_and(|missingness| {
                let place = missingness.codes.iter().position(|code| code == word);
                place.and_then(|place| missingness.overall.by_code.get(place)).is_some_and(|count| *count > 0)
            })
        };
        if cohort.columns().iter().any(stands) {
            missing.push(word);
        }
    }
    let by = match by {
        Some(by) => Some(cohort.column(by)?),
        None => cohort.columns().iter().find(|column| column.written_levels().len() == 2),
    };
    let mut codebook = String::from(
        "# What the columns of the table mean. Labels are what a reader sees; change them freely.\n\
         # Kinds: continuous, ordinal, nominal, binary, time (0 or more), event (with `event = 1`), date.\n\n[dataset]\n",
    );
    let _ = writeln!(codebook, "title = {}", basic(cohort.title().unwrap_or(id)));
    if !missing.is_empty() {
        let _ = writeln!(codebook, "# These words stand for a missing value.\nmissing = [{}]", quoted(&missing));
    }
    // The groups must be levels, even where the table writes them as numbers.
    codebook.push_str(&cohort.columns_as_toml(by.map(|by| by.name.as_str()).as_slice()));
    let study = study(&cohort, id, path, table, by);
    Ok(Draft { study, codebook, missing: missing.into_iter().map(str::to_owned).collect() })
}

/// As many patients may differ in every cell by chance.
const FEW: usize = 10;

fn study(cohort: &Cohort, id: &str, path: &str, table: &DraftTable<'_>, by: Option<&Column>) -> String {
    let mut text = String::from(
        "# A study file says what to compute, never how it looks. `restudy plan` shows every default that it leaves\n\
         # unsaid; `restudy schema` prints what an editor completes by.\n\n",
    );
    let _ = write!(text, "[study]\nid = {}\ntitle = {}\n\n", basic(id), basic(id));
    let _ = write!(text, "[data]\ntable = {}\ncodebook = \"codebook.toml\"\n", basic(path));
    if let Some((catalogue, _)) = table.catalogue {
        let _ = writeln!(text, "catalogue = {}", basic(catalogue));
    }
    if let Some(sheet) = table.sheet {
        let _ = writeln!(text, "read = {{ sheet = {} }}", basic(sheet));
    }
    text.push_str(
        "\n# New columns and filters are SQL expressions over the columns.\n\
         # [[data.filter]]\n# label = \"Adults\"\n# keep = \"age >= 18\"\n\n\
         [conventions]\n# The package whose choices hold: r-4, spss-22, sas-9 or prism-8.\npreset = \"r-4\"\n",
    );
    let Some(by) = by else {
        text.push_str("\n# [[comparison]]\n# id = \"table-1\"\n# by = \"COLUMN\"\n");
        return text;
    };
    let patients = cohort.patients();
    // What tells every patient from every other is a name, not a variable.
    let tells_all = |column: &Column| {
        let mut cells: Vec<String> = match &column.values {
            Values::Numbers(numbers) => numbers.iter().flatten().map(f64::to_string).collect(),
            Values::Levels { levels, .. } => levels.clone(),
            Values::Dates(_) => return true,
        };
        cells.sort();
        cells.dedup();
        let whole =
            matches!(&column.values, Values::Numbers(n) if n.iter().flatten().all(|value| value.fract() == 0.0));
        let is_name = whole || matches!(column.values, Values::Levels { .. });
        is_name && cells.len() == patients && patients > FEW
    };
    let rows: Vec<String> = (cohort.columns().iter())
        .filter(|column| column.name != by.name && !tells_all(column))
        .map(|column| format!("    {},\n", basic(&column.name)))
        .collect();
    let _ = write!(text, "\n[[comparison]]\nid = \"table-1\"\ntitle = \"Characteristics of {patients} patients\"\n");
    let _ = write!(text, "by = {}\noverall = true\nrows = [\n{}]\n", basic(&by.name), rows.concat());
    text.push_str("# adjust = \"benjamini-hochberg\"\n");
    text.push_str(
        "\n# More kinds of blocks: correlation, logistic, cox, kaplan-meier, cumulative-incidence, roc, score, score-table, figure.\n\
         # [[logistic]]\n# id = \"logistic\"\n",
    );
    let _ = writeln!(text, "# outcome = {}\n# terms = [\"…\"]", basic(&by.name));
    text
}

/// A TOML basic string.
fn basic(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
