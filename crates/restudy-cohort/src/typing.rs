//! Cells to typed columns.

use std::collections::HashMap;

use chrono::format::{Parsed, StrftimeItems};
use chrono::{Datelike, NaiveDate};

use crate::code::{Code, NotANumber, number};
use crate::codebook::{Codebook, Entry, ISO_DATE, Level};
use crate::column::{Column, Kind, Values, retain};
use crate::error::CohortError;
use crate::table::Cells;

/// A column, why its missing values are missing, and what it is in SQL.
pub(crate) struct Typed {
    pub(crate) column: Column,
    pub(crate) reasons: Reasons,
    pub(crate) view: View,
}

/// What a column is in SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// As its values are: numbers, dates, or text without order.
    Plain,
    /// Text whose levels are declared, in no order.
    Declared,
    /// Text whose levels are declared, in order.
    Ordered,
    /// The number that each level is the text of.
    Numeric,
    /// Whether the level is the second.
    Truth,
}

/// Why values are missing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reasons {
    /// The codes that mean missing, as the codebook writes them.
    pub(crate) codes: Vec<String>,
    /// For each row 0 if there is a value, [`Reasons::EMPTY`], [`Reasons::UNDETERMINED`], or [`Reasons::CODE`] plus the
    /// place of the code.
    pub(crate) by_row: Vec<u32>,
}

impl Reasons {
    /// The field is empty.
    pub(crate) const EMPTY: u32 = 1;
    /// The derived column's expression has no value.
    pub(crate) const UNDETERMINED: u32 = 2;
    /// The first of the codes.
    pub(crate) const CODE: u32 = 3;
}

impl Typed {
    /// Drops the rows that `kept` does not hold.
    pub(crate) fn retain(&mut self, kept: &[bool]) {
        self.column.values.retain(kept);
        retain(&mut self.reasons.by_row, kept);
    }
}

/// What reading a column takes besides its cells.
pub(crate) struct Typist<'a> {
    pub(crate) file: &'a str,
    pub(crate) codebook: &'a Codebook,
    pub(crate) decimal_comma: bool,
    /// The line of each row.
    pub(crate) line: &'a dyn Fn(usize) -> u64,
}

impl Typist<'_> {
    /// Types the column `name` by its entry in the codebook, or by the rule of [`Source`](crate::Source).
    pub(crate) fn column(&self, name: &str, cells: &Cells) -> Result<Typed, CohortError> {
        let entry = self.codebook.entry(name);
        let everywhere = &self.codebook.missing;
        let own = entry.iter().flat_map(|entry| &entry.missing);
        let own = own.filter(|code| !everywhere.iter().any(|known| known.clashes(code)));
        let mut reading = Reading {
            typist: self,
            name,
            missing: everywhere.iter().chain(own).collect(),
            by_row: Vec::with_capacity(cells.len()),
        };
        let declared = entry.and_then(|entry| entry.kind);
        let (kind, values, view) = match declared {
            Some(kind) => reading.declared(kind, entry, cells)?,
            None => reading.inferred(cells)?,
        };
        let codes = reading.missing.iter().map(|code| code.text.clone()).collect();
        let by_row = reading.by_row;
        Ok(Typed {
            column: self.describe(name, kind, declared.is_none(), values),
            reasons: Reasons { codes, by_row },
            view,
        })
    }

    /// Puts what the codebook says beside the values.
    pub(crate) fn describe(&self, name: &str, kind: Kind, kind_inferred: bool, values: Values) -> Column {
        let none = Entry::default();
        let entry = self.codebook.entry(name).unwrap_or(&none);
        let is_number = matches!(kind, Kind::Continuous | Kind::Time);
        Column {
            name: name.to_owned(),
            label: entry.label.clone().unwrap_or_else(|| name.to_owned()),
            unit: entry.unit.clone(),
            kind,
            kind_inferred,
            decimals: entry.decimals.or(self.codebook.decimals.filter(|_| is_number)),
            values,
            heading: entry.heading.clone(),
        }
    }
}

/// The reading of one column.
struct Reading<'a> {
    typist: &'a Typist<'a>,
    name: &'a str,
    missing: Vec<&'a Code>,
    by_row: Vec<u32>,
}

/// A kind, values and their view.
type Read = Result<(Kind, Values, View), CohortError>;

impl<'a> Reading<'a> {
    fn declared(&mut self, kind: Kind, entry: Option<&Entry>, cells: &'a Cells) -> Read {
        let levels = entry.and_then(|entry| entry.levels.as_deref());
        let (values, view) = match (kind, levels) {
            (Kind::Continuous | Kind::Time, _) => (self.numbers(kind, cells)?, View::Plain),
            (Kind::Event, _) => (self.events(entry, cells)?, View::Truth),
            (Kind::Date, _) => {
                let format = entry.and_then(|entry| entry.format.as_deref()).unwrap_or(ISO_DATE);
                (self.dates(format, cells)?, View::Plain)
            }
            (Kind::Ordinal | Kind::Nominal | Kind::Binary, Some(levels)) => {
                let view = if kind == Kind::Ordinal { View::Ordered } else { View::Declared };
                (self.declared_levels(levels, cells)?, view)
            }
            (Kind::Ordinal | Kind::Nominal | Kind::Binary, None) => {
                let found = Distinct::of(cells.iter().map(|cell| self.present(cell)), self.typist.decimal_comma);
                match kind {
                    Kind::Binary if found.labels.len() > 2 => {
                        let line = self.line(found.third);
                        return Err(CohortError::ThirdLevel { file: self.file(), line, column: self.name.to_owned() });
                    }
                    Kind::Ordinal if let Some(row) = found.text => {
                        let line = self.line(row);
                        return Err(CohortError::NoOrder { file: self.file(), line, column: self.name.to_owned() });
                    }
                    _ => {}
                }
                let view = if kind == Kind::Ordinal { View::Numeric } else { View::Plain };
                (self.found_levels(found, cells), view)
            }
        };
        Ok((kind, values, view))
    }

    /// Kind and values by the rule of [`Source`](crate::Source).
    fn inferred(&mut self, cells: &'a Cells) -> Read {
        let comma = self.typist.decimal_comma;
        let (mut numeric, mut dated) = (true, true);
        // Whether all would be numbers if either decimal mark were read, and the first row with the other one.
        let (mut marked, mut other_mark) = (true, None);
        let mut two: [Option<f64>; 2] = [None; 2];
        let mut more = false;
        for (row, cell) in cells.iter().enumerate() {
            let Some(cell) = self.present(cell) else { continue };
            match number(cell, comma) {
                Ok(value) => match two {
                    [None, _] => two[0] = Some(value),
                    [Some(first), None] if first != value => two[1] = Some(value),
                    [Some(first), Some(second)] if first != value && second != value => more = true,
                    _ => {}
                },
                // A column of numbers otherwise: told when they are read.
                Err(NotANumber::TooLarge) => more = true,
                Err(NotANumber::Form) => {
                    numeric = false;
                    marked = marked && number(cell, !comma).is_ok();
                    other_mark = other_mark.or(Some(row));
                }
            }
            dated = dated && is_iso(cell) && day(cell, ISO_DATE).is_some();
            if !numeric && !dated && !marked {
                break;
            }
        }
        if marked && let Some(row) = other_mark {
            let (file, line, column) = (self.file(), self.line(row), self.name.to_owned());
            return Err(CohortError::NotANumber { file, line, column, decimal_comma: comma, other_mark: true });
        }
        if numeric && (more || two[1].is_none()) {
            return Ok((Kind::Continuous, self.numbers(Kind::Continuous, cells)?, View::Plain));
        }
        if !numeric && dated {
            return Ok((Kind::Date, self.dates(ISO_DATE, cells)?, View::Plain));
        }
        let found = Distinct::of(cells.iter().map(|cell| self.present(cell)), self.typist.decimal_comma);
        let kind = if found.labels.len() == 2 { Kind::Binary } else { Kind::Nominal };
        let view = if numeric { View::Numeric } else { View::Plain };
        Ok((kind, self.found_levels(found, cells), view))
    }

    fn numbers(&mut self, kind: Kind, cells: &Cells) -> Result<Values, CohortError> {
        let comma = self.typist.decimal_comma;
        let mut values = Vec::with_capacity(cells.len());
        for (row, cell) in cells.iter().enumerate() {
            let parsed = number(cell, comma);
            let reason = self.reason(cell, parsed.ok());
            self.by_row.push(reason);
            if reason != 0 {
                values.push(None);
                continue;
            }
            let (file, column) = (self.file(), self.name.to_owned());
            match parsed {
                Ok(value) if kind == Kind::Time && value < 0.0 => {
                    return Err(CohortError::NegativeTime { file, line: self.line(row), column });
                }
                Ok(value) => values.push(Some(value)),
                Err(NotANumber::TooLarge) => {
                    return Err(CohortError::NumberTooLarge { file, line: self.line(row), column });
                }
                Err(NotANumber::Form) => {
                    return Err(CohortError::NotANumber {
                        file,
                        line: self.line(row),
                        column,
                        decimal_comma: comma,
                        other_mark: number(cell, !comma).is_ok(),
                    });
                }
            }
        }
        Ok(Values::Numbers(values))
    }

    fn events(&mut self, entry: Option<&Entry>, cells: &'a Cells) -> Result<Values, CohortError> {
        let event = entry.and_then(|entry| entry.event.as_ref());
        let censored = entry.and_then(|entry| entry.censored.as_ref());
        let codes = self.coded(cells, |cell, number| {
            if event.is_some_and(|event| event.is(cell, number)) {
                return Ok(1);
            }
            match censored {
                Some(codes) if !codes.iter().any(|code| code.is(cell, number)) => {
                    Err(event.into_iter().chain(codes).map(|code| code.text.clone()).collect())
                }
                _ => Ok(0),
            }
        })?;
        Ok(Values::Levels { levels: vec!["censored".to_owned(), "event".to_owned()], codes })
    }

    fn declared_levels(&mut self, levels: &[Level], cells: &'a Cells) -> Result<Values, CohortError> {
        let codes = self.coded(cells, |cell, number| {
            levels.iter().zip(0..).find(|(level, _)| level.value.is(cell, number)).map(|(_, code)| code).ok_or_else(
                || {
                    let shown = |level: &Level| {
                        let Level { value, label } = level;
                        if value.text == *label { label.clone() } else { format!("{} = {label}", value.text) }
                    };
                    levels.iter().map(shown).collect()
                },
            )
        })?;
        Ok(Values::Levels { levels: levels.iter().map(|level| level.label.clone()).collect(), codes })
    }

    /// The level of each cell, found once for each distinct text. `level` gives the expected levels if there is none.
    fn coded(
        &mut self,
        cells: &'a Cells,
        level: impl Fn(&str, Option<f64>) -> Result<u32, Vec<String>>,
    ) -> Result<Vec<Option<u32>>, CohortError> {
        let mut seen: HashMap<&str, (u32, Option<u32>)> = HashMap::new();
        let mut codes = Vec::with_capacity(cells.len());
        for (row, cell) in cells.iter().enumerate() {
            let (reason, code) = match seen.get(cell) {
                Some(known) => *known,
                None => {
                    let value = number(cell, self.typist.decimal_comma).ok();
                    let known = match self.reason(cell, value) {
                        0 => (0, Some(level(cell, value).map_err(|levels| self.not_a_level(row, levels))?)),
                        reason => (reason, None),
                    };
                    seen.insert(cell, known);
                    known
                }
            };
            self.by_row.push(reason);
            codes.push(code);
        }
        Ok(codes)
    }

    fn found_levels(&mut self, found: Distinct<'_>, cells: &'a Cells) -> Values {
        let mut codes = Vec::with_capacity(cells.len());
        for cell in cells.iter() {
            let code = found.codes.get(cell).copied();
            // Every cell that is not missing has been found.
            self.by_row.push(if code.is_some() { 0 } else { self.reason_of(cell) });
            codes.push(code);
        }
        Values::Levels { levels: found.labels, codes }
    }

    fn dates(&mut self, format: &str, cells: &Cells) -> Result<Values, CohortError> {
        let mut days = Vec::with_capacity(cells.len());
        for (row, cell) in cells.iter().enumerate() {
            let reason = self.reason_of(cell);
            self.by_row.push(reason);
            if reason != 0 {
                days.push(None);
                continue;
            }
            let Some(day) = day(cell, format) else {
                return Err(CohortError::NotADate {
                    file: self.file(),
                    line: self.line(row),
                    column: self.name.to_owned(),
                    format: format.to_owned(),
                });
            };
            days.push(Some(day));
        }
        Ok(Values::Dates(days))
    }

    /// The cell unless it is missing.
    fn present<'c>(&self, cell: &'c str) -> Option<&'c str> {
        (self.reason_of(cell) == 0).then_some(cell)
    }

    fn reason_of(&self, cell: &str) -> u32 {
        let value = if self.missing.is_empty() { None } else { number(cell, self.typist.decimal_comma).ok() };
        self.reason(cell, value)
    }

    /// Why the cell is missing; 0 if it is not.
    fn reason(&self, cell: &str, number: Option<f64>) -> u32 {
        if cell.is_empty() {
            return Reasons::EMPTY;
        }
        (Reasons::CODE..).zip(&self.missing).find(|(_, code)| code.is(cell, number)).map_or(0, |(reason, _)| reason)
    }

    fn file(&self) -> String {
        self.typist.file.to_owned()
    }

    fn line(&self, row: usize) -> u64 {
        (self.typist.line)(row)
    }

    fn not_a_level(&self, row: usize, levels: Vec<String>) -> CohortError {
        CohortError::NotALevel { file: self.file(), line: self.line(row), column: self.name.to_owned(), levels }
    }
}

/// The distinct values of a column without declared levels.
struct Distinct<'a> {
    /// Their labels, in order.
    labels: Vec<String>,
    /// The level of each text.
    codes: HashMap<&'a str, u32>,
    /// The first row that holds a third value; 0 if none does.
    third: usize,
    /// The first row that holds something other than a number.
    text: Option<usize>,
}

impl<'a> Distinct<'a> {
    fn of(cells: impl Iterator<Item = Option<&'a str>>, decimal_comma: bool) -> Self {
        let mut first_rows: HashMap<&str, usize> = HashMap::new();
        for (row, cell) in cells.enumerate() {
            if let Some(cell) = cell {
                first_rows.entry(cell).or_insert(row);
            }
        }
        let mut values: Vec<(Option<f64>, &str, usize)> = Vec::with_capacity(first_rows.len());
        // The order of the map does not matter: what is taken from it is sorted.
        #[allow(clippy::iter_over_hash_type)]
        for (cell, row) in first_rows {
            values.push((number(cell, decimal_comma).ok(), cell, row));
        }
        let text = values.iter().filter(|(value, ..)| value.is_none()).map(|(.., row)| *row).min();
        if text.is_some() {
            values.sort_by(|a, b| a.1.cmp(b.1));
        } else {
            let value = |value: Option<f64>| value.unwrap_or_default();
            values.sort_by(|a, b| value(a.0).total_cmp(&value(b.0)).then_with(|| a.1.cmp(b.1)));
        }
        let mut labels: Vec<String> = Vec::new();
        let mut starts: Vec<usize> = Vec::new();
        let mut codes = HashMap::new();
        let mut last = None;
        for (value, cell, row) in values {
            let number = value.filter(|_| text.is_none());
            match (number, starts.last_mut()) {
                // 1 and 1.0 are one level.
                (Some(_), Some(start)) if number == last => *start = row.min(*start),
                _ => {
                    labels.push(number.map_or_else(|| cell.to_owned(), |number| number.to_string()));
                    starts.push(row);
                }
            }
            last = number;
            codes.insert(cell, (labels.len() - 1) as u32);
        }
        starts.sort_unstable();
        Self { labels, codes, third: starts.get(2).copied().unwrap_or_default(), text }
    }
}

/// Whether a text has the shape of 2020-01-31.
fn is_iso(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 4 | 7) { *byte == b'-' } else { byte.is_ascii_digit() })
}

/// The day that a text writes in a format, in days since 1970-01-01.
pub(crate) fn day(text: &str, format: &str) -> Option<i32> {
    let mut parsed = Parsed::new();
    chrono::format::parse(&mut parsed, text, StrftimeItems::new(format)).ok()?;
    parsed.to_naive_date().ok().map(days_since_epoch)
}

/// The days from 1970-01-01 to a date.
pub(crate) fn days_since_epoch(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - EPOCH
}

/// The date that is so many days after 1970-01-01, unless it is beyond the calendar.
pub(crate) fn date_after_epoch(days: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(days.checked_add(EPOCH)?)
}

/// 1970-01-01, counted in days with 0001-01-01 as the first.
const EPOCH: i32 = 719_163;
