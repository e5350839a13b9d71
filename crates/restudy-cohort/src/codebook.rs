//! What the columns of a table mean, as `codebook.toml` says it. [`Source`](crate::Source) describes it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use chrono::format::{Item, StrftimeItems};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::code::Code;
use crate::column::Kind;
use crate::error::{CodebookProblem, CohortError, Suggestion};

const KEYS: [&str; 2] = ["dataset", "columns"];
const DATASET_KEYS: [&str; 3] = ["title", "missing", "decimals"];
const COLUMN_KEYS: [&str; 10] =
    ["label", "unit", "kind", "decimals", "missing", "heading", "levels", "event", "censored", "format"];
const LEVEL_KEYS: [&str; 2] = ["value", "label"];

/// The format of dates that nobody declares.
pub(crate) const ISO_DATE: &str = "%Y-%m-%d";

/// A codebook that is consistent in itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Codebook {
    pub(crate) title: Option<String>,
    pub(crate) missing: Vec<Code>,
    pub(crate) decimals: Option<u8>,
    columns: BTreeMap<String, (Range<usize>, Entry)>,
}

/// What it says about one column.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Entry {
    pub(crate) label: Option<String>,
    pub(crate) unit: Option<String>,
    pub(crate) kind: Option<Kind>,
    pub(crate) decimals: Option<u8>,
    pub(crate) missing: Vec<Code>,
    pub(crate) heading: Option<String>,
    pub(crate) levels: Option<Vec<Level>>,
    pub(crate) event: Option<Code>,
    pub(crate) censored: Option<Vec<Code>>,
    pub(crate) format: Option<String>,
}

/// A level: how the table writes it, what people call it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Level {
    pub(crate) value: Code,
    pub(crate) label: String,
}

impl Codebook {
    /// Reads the codebook called `file`.
    pub(crate) fn parse(file: &str, text: &str) -> Result<Self, CohortError> {
        Reader { file, text }.codebook()
    }

    /// Adds what is known of a column.
    pub(crate) fn describe(&mut self, column: &str, entry: Entry) {
        self.columns.insert(column.to_owned(), (0..0, entry));
    }

    /// This codebook, which people wrote, over the one that the file of the table holds.
    pub(crate) fn over(mut self, file: Self) -> Self {
        self.title = self.title.or(file.title);
        for (name, (_, known)) in file.columns {
            match self.columns.get_mut(&name) {
                Some((_, entry)) => entry.complete(known),
                None => {
                    self.columns.insert(name, (0..0, known));
                }
            }
        }
        self
    }

    /// What it says about a column, if anything.
    pub(crate) fn entry(&self, column: &str) -> Option<&Entry> {
        self.columns.get(column).map(|(_, entry)| entry)
    }

    /// Refuses a described column that is not among `known`.
    pub(crate) fn check_columns(
        &self,
        (file, text): (&str, &str),
        table: &str,
        known: &[&str],
        delimiter: Option<char>,
    ) -> Result<(), CohortError> {
        let unknown = self.columns.iter().filter(|(name, _)| !known.contains(&name.as_str()));
        let Some((name, (span, _))) = unknown.min_by_key(|(_, (span, _))| span.start) else { return Ok(()) };
        let problem = CodebookProblem::UnknownColumn {
            name: name.clone(),
            table: table.to_owned(),
            suggestion: delimiter
                .map_or_else(|| Suggestion::for_name(name, known.iter().copied()), Suggestion::Delimiter),
        };
        Err(Reader { file, text }.fault(span, problem))
    }
}

impl Entry {
    /// Takes over what is not said here and fits what is.
    fn complete(&mut self, file: Self) {
        self.label = self.label.take().or(file.label);
        self.unit = self.unit.take().or(file.unit);
        self.decimals = self.decimals.or(file.decimals);
        self.heading = self.heading.take().or(file.heading);
        for code in file.missing {
            let level = self.levels.iter().flatten().any(|level| level.value.clashes(&code));
            if !level && !self.missing.iter().any(|known| known.clashes(&code)) {
                self.missing.push(code);
            }
        }
        self.kind = self.kind.or(file.kind);
        let (kind, missing) = (self.kind, &self.missing);
        let fits = |levels: &Vec<Level>| {
            let count = kind.is_some_and(|kind| kind.has_levels() && (kind != Kind::Binary || levels.len() == 2));
            count && !levels.iter().any(|level| missing.iter().any(|code| code.clashes(&level.value)))
        };
        if self.levels.is_none() {
            self.levels = file.levels.filter(fits);
        }
        if kind == Some(Kind::Date) {
            self.format = self.format.take().or(file.format);
        }
    }
}

type Read<T> = Result<T, CohortError>;
type Value<'t> = Spanned<DeValue<'t>>;

struct Reader<'t> {
    file: &'t str,
    text: &'t str,
}

impl Reader<'_> {
    fn codebook(&self) -> Read<Codebook> {
        let document = DeTable::parse(self.text).map_err(|error| {
            let message = error.message().to_owned();
            self.fault(&error.span().unwrap_or_default(), CodebookProblem::Syntax { message })
        })?;
        let document = document.get_ref();
        self.known_keys(document, &KEYS)?;

        let mut codebook = Codebook::default();
        if let Some(value) = document.get("dataset") {
            let dataset = self.table("dataset", value)?;
            self.known_keys(dataset, &DATASET_KEYS)?;
            codebook.title = self.optional(dataset, "title", Self::string)?;
            codebook.missing = self.optional(dataset, "missing", Self::codes)?.unwrap_or_default();
            codebook.decimals = self.optional(dataset, "decimals", Self::decimals)?;
        }
        if let Some(value) = document.get("columns") {
            for (name, value) in self.table("columns", value)? {
                let entry = self.entry(name.span(), self.table(name.get_ref(), value)?)?;
                codebook.columns.insert(name.get_ref().trim().to_owned(), (name.span(), entry));
            }
        }
        Ok(codebook)
    }

    fn entry(&self, name: Range<usize>, table: &DeTable<'_>) -> Read<Entry> {
        self.known_keys(table, &COLUMN_KEYS)?;
        let mut entry = Entry {
            label: self.optional(table, "label", Self::string)?,
            unit: self.optional(table, "unit", Self::string)?,
            kind: self.optional(table, "kind", Self::kind)?,
            decimals: self.optional(table, "decimals", Self::decimals)?,
            missing: self.optional(table, "missing", Self::codes)?.unwrap_or_default(),
            heading: self.optional(table, "heading", Self::string)?,
            levels: self.optional(table, "levels", Self::levels)?,
            event: self.optional(table, "event", Self::code)?,
            censored: self.optional(table, "censored", Self::codes)?,
            format: self.optional(table, "format", Self::date_format)?,
        };
        // What is said of levels, events and formats tells the kind where it is not said itself.
        if entry.kind.is_none() {
            entry.kind = match &entry {
                Entry { event: Some(_), .. } => Some(Kind::Event),
                Entry { format: Some(_), .. } => Some(Kind::Date),
                Entry { levels: Some(levels), .. } if levels.len() == 2 => Some(Kind::Binary),
                Entry { levels: Some(_), .. } => Some(Kind::Nominal),
                _ => None,
            };
        }
        let Some(kind) = entry.kind else {
            return match table.get("censored") {
                Some(value) => {
                    Err(self.fault(&value.span(), CodebookProblem::Needs { key: "event", kind: Kind::Event }))
                }
                None => Ok(entry),
            };
        };
        for (key, belongs) in [
            ("levels", kind.has_levels()),
            ("event", kind == Kind::Event),
            ("censored", kind == Kind::Event),
            ("format", kind == Kind::Date),
        ] {
            if let Some(value) = table.get(key).filter(|_| !belongs) {
                return Err(self.fault(&value.span(), CodebookProblem::DoesNotFit { key, kind }));
            }
        }
        if kind == Kind::Event {
            let Some(event) = &entry.event else {
                return Err(self.fault(&name, CodebookProblem::Needs { key: "event", kind }));
            };
            if entry.censored.iter().flatten().any(|code| code.clashes(event)) {
                return Err(self.fault(&name, CodebookProblem::Twice { value: event.text.clone() }));
            }
        }
        if let Some(levels) = &entry.levels {
            let found = levels.len();
            if (kind == Kind::Binary && found != 2) || found == 0 {
                let expected = if kind == Kind::Binary { "two" } else { "one or more" };
                return Err(self.fault(&name, CodebookProblem::LevelCount { kind, expected, found }));
            }
        }
        Ok(entry)
    }

    fn string(&self, key: &str, value: &Value<'_>) -> Read<String> {
        match value.get_ref() {
            DeValue::String(text) => Ok(text.trim().to_owned()),
            _ => Err(self.wrong(key, value, "text in quotes")),
        }
    }

    fn kind(&self, key: &str, value: &Value<'_>) -> Read<Kind> {
        let kind = self.string(key, value)?;
        Kind::ALL.into_iter().find(|known| known.as_str() == kind).ok_or_else(|| {
            let suggestion = Suggestion::for_name(&kind, Kind::ALL.map(Kind::as_str));
            self.fault(&value.span(), CodebookProblem::UnknownKind { kind, suggestion })
        })
    }

    fn decimals(&self, key: &str, value: &Value<'_>) -> Read<u8> {
        match value.get_ref() {
            DeValue::Integer(digits) => digits.as_str().parse().ok().filter(|decimals| *decimals <= 15),
            _ => None,
        }
        .ok_or_else(|| self.wrong(key, value, "a whole number from 0 to 15"))
    }

    fn code(&self, key: &str, value: &Value<'_>) -> Read<Code> {
        let code = match value.get_ref() {
            DeValue::String(text) => Code::new(text),
            DeValue::Integer(digits) if digits.radix() == 10 => Code::new(digits.as_str()),
            DeValue::Float(digits) => Code::new(digits.as_str()),
            DeValue::Boolean(value) => Code::new(if *value { "true" } else { "false" }),
            _ => return Err(self.wrong(key, value, "a value: text in quotes or a number")),
        };
        if code.text.is_empty() {
            return Err(self.wrong(key, value, "a value that is not empty: an empty field is always missing"));
        }
        Ok(code)
    }

    /// A list of values; a single one may stand for itself.
    fn codes(&self, key: &str, value: &Value<'_>) -> Read<Vec<Code>> {
        let mut codes: Vec<Code> = Vec::new();
        let alone = std::slice::from_ref(value);
        let items = value.get_ref().as_array().map_or(alone, |items| &items[..]);
        for item in items {
            let code = self.code(key, item)?;
            if codes.iter().any(|earlier| earlier.clashes(&code)) {
                return Err(self.fault(&item.span(), CodebookProblem::Twice { value: code.text }));
            }
            codes.push(code);
        }
        Ok(codes)
    }

    fn levels(&self, key: &str, value: &Value<'_>) -> Read<Vec<Level>> {
        let items = value.get_ref().as_array().ok_or_else(|| self.wrong(key, value, "a list in brackets"))?;
        let mut levels: Vec<Level> = Vec::new();
        for item in items.iter() {
            let level = match item.get_ref() {
                DeValue::Table(table) => {
                    self.known_keys(table, &LEVEL_KEYS)?;
                    let value = self.optional(table, "value", Self::code)?;
                    let value = value.ok_or_else(|| self.wrong("value", item, "given for each level"))?;
                    let label = self.optional(table, "label", Self::string)?.filter(|label| !label.is_empty());
                    Level { label: label.unwrap_or_else(|| value.text.clone()), value }
                }
                _ => {
                    let value = self.code(key, item)?;
                    Level { label: value.text.clone(), value }
                }
            };
            for earlier in &levels {
                let twice = match (earlier.value.clashes(&level.value), earlier.label == level.label) {
                    (true, _) => &level.value.text,
                    (false, true) => &level.label,
                    (false, false) => continue,
                };
                return Err(self.fault(&item.span(), CodebookProblem::Twice { value: twice.clone() }));
            }
            levels.push(level);
        }
        Ok(levels)
    }

    fn date_format(&self, key: &str, value: &Value<'_>) -> Read<String> {
        let format = self.string(key, value)?;
        if determines_a_day(&format) {
            Ok(format)
        } else {
            Err(self.fault(&value.span(), CodebookProblem::Format { format }))
        }
    }

    fn optional<T>(
        &self,
        table: &DeTable<'_>,
        key: &str,
        read: impl FnOnce(&Self, &str, &Value<'_>) -> Read<T>,
    ) -> Read<Option<T>> {
        table.get(key).map(|value| read(self, key, value)).transpose()
    }

    fn table<'v, 't>(&self, key: &str, value: &'v Value<'t>) -> Read<&'v DeTable<'t>> {
        value.get_ref().as_table().ok_or_else(|| self.wrong(key, value, "a table"))
    }

    fn known_keys(&self, table: &DeTable<'_>, known: &[&str]) -> Read<()> {
        for (key, value) in table {
            if !known.contains(&key.get_ref().as_ref()) {
                let problem = CodebookProblem::UnknownKey {
                    key: key.get_ref().to_string(),
                    suggestion: Suggestion::for_name(key.get_ref(), known.iter().copied()),
                    table: known == COLUMN_KEYS && value.get_ref().as_table().is_some(),
                };
                return Err(self.fault(&key.span(), problem));
            }
        }
        Ok(())
    }

    fn wrong(&self, key: &str, value: &Value<'_>, expected: &'static str) -> CohortError {
        self.fault(&value.span(), CodebookProblem::WrongType { key: key.to_owned(), expected })
    }

    fn fault(&self, span: &Range<usize>, problem: CodebookProblem) -> CohortError {
        let before = self.text.get(..span.start).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        CohortError::Codebook {
            file: self.file.to_owned(),
            line: 1 + before.matches('\n').count(),
            column: 1 + line.chars().count(),
            problem: Box::new(problem),
        }
    }
}

/// Whether a day written in this format can be read back.
fn determines_a_day(format: &str) -> bool {
    if StrftimeItems::new(format).any(|item| item == Item::Error) {
        return false;
    }
    let Some(day) = NaiveDate::from_ymd_opt(2001, 11, 29) else { return false };
    let moment = NaiveDateTime::new(day, NaiveTime::MIN);
    let mut written = String::new();
    // A format with a time zone cannot be written.
    write!(written, "{}", moment.format(format)).is_ok() && NaiveDate::parse_from_str(&written, format) == Ok(day)
}
