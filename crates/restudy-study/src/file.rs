//! The study file as written: what to compute, and nothing about how it looks.
//!
//! Every field that can name something wrong keeps its place in the text, so that an error points at the word.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use restudy_cohort::ReadOptions;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::error::{Place, StudyError, nearest};

/// A study file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct StudyFile {
    /// The study's name and title.
    pub study: StudyBlock,
    /// The table, and what is derived from it and dropped.
    pub data: DataBlock,
    /// The choices on which packages differ.
    #[serde(default)]
    pub conventions: BTreeMap<Spanned<String>, Spanned<SettingValue>>,
    /// The pages.
    #[serde(default)]
    pub report: ReportBlock,
    /// Comparisons of groups, variable by variable.
    #[serde(default)]
    pub comparison: Vec<Spanned<ComparisonBlock>>,
}

/// `[study]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct StudyBlock {
    /// Short name: lower-case letters, digits and hyphens.
    pub id: Spanned<String>,
    /// The title on the page.
    pub title: String,
    /// Where the study or its data were published.
    pub source: Option<String>,
    /// The data were made, not observed.
    #[serde(default)]
    pub synthetic: bool,
}

/// `[data]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DataBlock {
    /// The table's path, relative to the study file.
    pub table: Spanned<String>,
    /// The codebook's path, relative to the study file.
    pub codebook: Option<Spanned<String>>,
    /// How the table's text is read.
    #[serde(default)]
    pub read: ReadOptions,
    /// New columns, made in order before anything is dropped.
    #[serde(default)]
    pub derive: Vec<DeriveBlock>,
    /// Who stays and who goes, in order.
    #[serde(default)]
    pub filter: Vec<Spanned<FilterBlock>>,
}

/// `[[data.derive]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DeriveBlock {
    /// The new column.
    pub name: String,
    /// An SQL expression over the columns.
    pub sql: Spanned<String>,
    /// Its label on the page, where the codebook does not describe it.
    pub label: Option<String>,
    /// Its unit.
    pub unit: Option<String>,
}

/// `[[data.filter]]`: exactly one of `keep` and `exclude`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FilterBlock {
    /// What the step does, for the flow of patients.
    pub label: String,
    /// An SQL condition: who stays.
    pub keep: Option<String>,
    /// An SQL condition: who goes.
    pub exclude: Option<String>,
}

/// `[report]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ReportBlock {
    /// The house style by name.
    pub style: Option<Spanned<String>>,
}

/// `[[comparison]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ComparisonBlock {
    /// The block's name; every number of it carries it.
    pub id: Spanned<String>,
    /// The title on the page.
    pub title: Option<String>,
    /// The variable whose levels are the groups.
    pub by: Spanned<String>,
    /// Which levels, in which order; all of them where nothing is said.
    pub groups: Option<Vec<Spanned<String>>>,
    /// Whether a column of all patients is shown.
    #[serde(default)]
    pub overall: bool,
    /// The variables, in order; every variable but `by` where nothing is said.
    pub rows: Option<Vec<Spanned<RowEntry>>>,
    /// Summaries forced by variable.
    #[serde(default)]
    pub summary: BTreeMap<Spanned<String>, Spanned<String>>,
    /// Tests forced by variable.
    #[serde(default)]
    pub test: BTreeMap<Spanned<String>, Spanned<String>>,
    /// How p-values are adjusted within the comparison.
    pub adjust: Option<Spanned<String>>,
    /// Rows that have a p-value and stay out of its family.
    #[serde(default)]
    pub adjust_leave_out: Vec<Spanned<String>>,
}

/// A row of a comparison: a variable's name, or a table that says more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowEntry {
    /// The variable.
    pub variable: String,
    /// The heading it stands under, instead of the codebook's.
    pub heading: Option<String>,
    /// For a variable of two categories: the one that is counted.
    pub level: Option<String>,
}

impl<'de> Deserialize<'de> for RowEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        struct Table {
            variable: String,
            heading: Option<String>,
            level: Option<String>,
        }
        struct Entry;
        impl<'de> Visitor<'de> for Entry {
            type Value = RowEntry;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a variable's name, or a table with `variable`")
            }
            fn visit_str<E>(self, name: &str) -> Result<RowEntry, E> {
                Ok(RowEntry { variable: name.to_owned(), heading: None, level: None })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RowEntry, A::Error> {
                let Table { variable, heading, level } = Table::deserialize(MapAccessDeserializer::new(map))?;
                Ok(RowEntry { variable, heading, level })
            }
        }
        deserializer.deserialize_any(Entry)
    }
}

/// The value of a convention: `quartiles = 6` and `quartiles = "6"` are the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SettingValue(pub String);

impl<'de> Deserialize<'de> for SettingValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = SettingValue;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a word or a number")
            }
            fn visit_str<E>(self, value: &str) -> Result<SettingValue, E> {
                Ok(SettingValue(value.to_owned()))
            }
            fn visit_i64<E>(self, value: i64) -> Result<SettingValue, E> {
                Ok(SettingValue(value.to_string()))
            }
            fn visit_f64<E>(self, value: f64) -> Result<SettingValue, E> {
                Ok(SettingValue(value.to_string()))
            }
        }
        deserializer.deserialize_any(Text)
    }
}

/// A study file with its text, so that what is found wrong later can still point into it.
#[derive(Clone, Debug)]
pub struct Study {
    pub(crate) name: String,
    pub(crate) text: String,
    /// The file as written.
    pub file: StudyFile,
}

impl Study {
    /// Reads a study file; `name` is what errors call it.
    ///
    /// # Errors
    ///
    /// [`StudyError::File`] with line and column: not TOML, an unknown key (with the nearest known one), a key that is
    /// missing, a value of the wrong kind.
    pub fn parse(name: &str, text: &str) -> Result<Self, StudyError> {
        // Windows editors may put a byte-order mark in front; it means nothing.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let file = toml::from_str(text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let message = error.message().to_owned();
            let hint = unknown_name(&message).and_then(|(unknown, known)| {
                nearest(unknown, known.into_iter()).map(|name| format!("did you mean `{name}`?"))
            });
            StudyError::File { place: Place::of(name, text, &span), message, hint }
        })?;
        let study = Self { name: name.to_owned(), text: text.to_owned(), file };
        study.check()?;
        Ok(study)
    }

    /// Refuses a house style that is not one of `names`: the styles belong to the report, which this crate does not
    /// know.
    ///
    /// # Errors
    ///
    /// [`StudyError::File`] at the style, with the nearest name.
    pub fn check_style(&self, names: &[&str]) -> Result<(), StudyError> {
        match &self.file.report.style {
            Some(style) if !names.contains(&style.get_ref().as_str()) => {
                let hint = match nearest(style.get_ref(), names.iter().copied()) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => format!("styles: {}", names.join(", ")),
                };
                Err(self.error(&style.span(), format!("no style `{}`", style.get_ref()), Some(hint)))
            }
            _ => Ok(()),
        }
    }

    /// An error at a place of the file.
    pub(crate) fn error(&self, span: &Range<usize>, message: impl Into<String>, hint: Option<String>) -> StudyError {
        StudyError::File { place: Place::of(&self.name, &self.text, span), message: message.into(), hint }
    }

    fn check(&self) -> Result<(), StudyError> {
        let id = &self.file.study.id;
        self.check_id(id)?;
        for filter in &self.file.data.filter {
            if filter.get_ref().keep.is_some() == filter.get_ref().exclude.is_some() {
                let label = &filter.get_ref().label;
                return Err(self.error(
                    &filter.span(),
                    format!("the filter \"{label}\" needs exactly one of `keep` and `exclude`"),
                    Some("keep = \"age >= 18\"".to_owned()),
                ));
            }
        }
        let mut seen: Vec<&str> = Vec::new();
        for block in &self.file.comparison {
            let id = &block.get_ref().id;
            self.check_id(id)?;
            if seen.contains(&id.get_ref().as_str()) {
                return Err(self.error(&id.span(), format!("two blocks have the id `{}`", id.get_ref()), None));
            }
            // The table of a block is written as `ID.csv`, beside `ledger.csv`.
            if id.get_ref() == "ledger" {
                return Err(self.error(&id.span(), "the id `ledger` is taken by the ledger itself", None));
            }
            seen.push(id.get_ref());
        }
        Ok(())
    }

    /// An id becomes a file name and a key of the ledger, on every system.
    fn check_id(&self, id: &Spanned<String>) -> Result<(), StudyError> {
        let text = id.get_ref();
        let plain = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if plain && text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.len() <= 64 {
            return Ok(());
        }
        Err(self.error(
            &id.span(),
            format!("the id `{text}` is not a plain name"),
            Some("an id has at most 64 lower-case letters, digits and hyphens, such as `table-1`".to_owned()),
        ))
    }
}

/// The unknown name and the known ones, out of serde's sentence "unknown field `x`, expected one of `a`, `b`".
fn unknown_name(message: &str) -> Option<(&str, Vec<&str>)> {
    if !message.starts_with("unknown field") {
        return None;
    }
    let mut names = message.split('`').skip(1).step_by(2);
    let unknown = names.next()?;
    Some((unknown, names.collect()))
}
