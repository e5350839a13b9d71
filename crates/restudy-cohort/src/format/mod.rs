//! Files of other programs to cells, with what they know of their columns.
//!
//! A file is known by its first bytes, not by its name. Every reader gives a [`Grid`]: the cells as a text table would
//! write them, and a codebook of the labels, levels, missing codes and date formats that the file holds. From there on a
//! column is typed as any other.

mod excel;
mod parquet;
pub(crate) mod redcap;
mod sas;
mod spss;
mod stata;

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::code::{Code, number};
use crate::codebook::{Codebook, Entry, Level};
use crate::column::Kind;
use crate::error::CohortError;
use crate::source::Source;
use crate::table::Cells;
use crate::typing::date_after_epoch;

/// A table of cells with its own codebook.
#[derive(Default)]
pub(crate) struct Grid {
    pub(crate) names: Vec<String>,
    pub(crate) columns: Vec<Cells>,
    pub(crate) codebook: Codebook,
    /// The number of each row where the program that wrote it counts: a sheet's row, a data set's case.
    pub(crate) rows: Vec<u64>,
}

/// The programs whose files are read.
#[derive(Clone, Copy)]
enum Program {
    Spss,
    Stata,
    Sas,
    Excel,
    Parquet,
}

/// The first bytes of a SAS data set.
const SAS_MAGIC: [u8; 32] = [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xc2, 0xea, 0x81, 0x60, 0xb3, 0x14, 0x11, 0xcf, 0xbd, 0x92, 0x08, 0x00, 0x09,
    0xc7, 0x31, 0x8c, 0x18, 0x1f, 0x10, 0x11,
];

impl Program {
    fn of(bytes: &[u8]) -> Option<Self> {
        let starts = |magic: &[u8]| bytes.starts_with(magic);
        // An old Stata file begins with its release, the byte order and 1; a text does not hold such bytes.
        let old_stata = matches!(bytes, [102..=115, 1 | 2, 1, 0, ..]);
        match () {
            () if starts(b"$FL2") || starts(b"$FL3") => Some(Self::Spss),
            () if starts(b"<stata_dta>") || old_stata => Some(Self::Stata),
            () if starts(&SAS_MAGIC) => Some(Self::Sas),
            () if starts(b"PK\x03\x04") || starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") => Some(Self::Excel),
            () if starts(b"PAR1") => Some(Self::Parquet),
            () => None,
        }
    }
}

/// The grid of a file that another program wrote; `None` for text.
pub(crate) fn read(source: &Source<'_>) -> Option<Result<Grid, CohortError>> {
    let program = Program::of(source.bytes)?;
    let (bytes, file) = (source.bytes, source.file_name);
    let grid = match program {
        Program::Spss => spss::read(file, bytes),
        Program::Stata => guarded(file, "Stata", || stata::read(file, bytes)),
        Program::Sas => guarded(file, sas::PROGRAM, || sas::read(file, bytes, source.options.catalogue.as_deref())),
        Program::Excel => guarded(file, excel::PROGRAM, || excel::read(file, bytes, source.options.sheet.as_deref())),
        Program::Parquet => guarded(file, parquet::PROGRAM, || parquet::read(file, bytes)),
    };
    Some(grid.and_then(|grid| grid.checked(file)))
}

/// Reads by a crate that is not ours: one that stops at a damaged file, instead of saying so, does not stop us.
fn guarded(
    file: &str,
    program: &'static str,
    read: impl FnOnce() -> Result<Grid, CohortError>,
) -> Result<Grid, CohortError> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(damaged(file, program, "it is damaged, or of a kind that is not known")))
}

/// A file that begins as one of a program and goes on otherwise.
fn damaged(file: &str, program: &'static str, what: impl Into<String>) -> CohortError {
    CohortError::Damaged { file: file.to_owned(), program, what: what.into() }
}

impl Grid {
    /// Refuses a grid without rows, without names, or with one name twice.
    fn checked(self, file: &str) -> Result<Self, CohortError> {
        let file = || file.to_owned();
        for (position, name) in self.names.iter().enumerate() {
            if name.is_empty() {
                return Err(CohortError::UnnamedColumn { file: file(), line: 1, position: position + 1 });
            }
            if let Some(first) = self.names[..position].iter().position(|other| other == name) {
                let (name, second) = (name.clone(), position + 1);
                return Err(CohortError::DuplicateColumn { file: file(), line: 1, name, first: first + 1, second });
            }
        }
        if self.names.is_empty() {
            return Err(CohortError::EmptyFile { file: file() });
        }
        if self.rows.is_empty() {
            return Err(CohortError::NoRows { file: file() });
        }
        Ok(self)
    }

    /// Adds a column that its file describes.
    fn push(&mut self, name: &str, cells: Cells, described: Described) {
        let entry = described.entry(&cells);
        self.codebook.describe(name, entry);
        self.names.push(name.to_owned());
        self.columns.push(cells);
    }
}

/// What a file knows of one of its columns.
#[derive(Default)]
struct Described {
    label: Option<String>,
    /// Each value with its label, in the file's order, those of missing codes too.
    labels: Vec<(String, String)>,
    /// Whether the file says that the levels have an order.
    ordered: bool,
    missing: Vec<String>,
    format: Option<&'static str>,
}

impl Described {
    /// The column's entry in the codebook.
    ///
    /// Labels make levels only where every value that is not missing has one: a scale whose ends alone are named, or a
    /// number of which only the missing codes are, stays a number.
    fn entry(self, cells: &Cells) -> Entry {
        let mut missing: Vec<Code> = Vec::new();
        for text in &self.missing {
            let code = Code::new(text);
            if !missing.iter().any(|known| known.clashes(&code)) {
                missing.push(code);
            }
        }
        let mut levels: Vec<Level> = Vec::new();
        for (value, label) in self.labels {
            let value = Code::new(&value);
            let known = levels.iter().any(|level| level.value.clashes(&value));
            if known || value.text.is_empty() || missing.iter().any(|code| code.clashes(&value)) {
                continue;
            }
            let label = label.trim();
            let taken = label.is_empty() || levels.iter().any(|level| level.label == label);
            let label = if taken { format!("{label} ({})", value.text).trim().to_owned() } else { label.to_owned() };
            levels.push(Level { value, label });
        }
        let mut seen = HashSet::new();
        let named = !levels.is_empty()
            && cells.iter().filter(|cell| !cell.is_empty()).filter(|cell| seen.insert(*cell)).all(|cell| {
                let value = number(cell, false).ok();
                missing.iter().any(|code| code.is(cell, value))
                    || levels.iter().any(|level| level.value.is(cell, value))
            });
        let kind = match (named, levels.len(), self.format) {
            (true, 2, _) => Some(Kind::Binary),
            (true, ..) if self.ordered => Some(Kind::Ordinal),
            (true, ..) => Some(Kind::Nominal),
            (false, _, Some(_)) => Some(Kind::Date),
            (false, ..) => None,
        };
        Entry {
            label: self.label.map(|label| label.trim().to_owned()).filter(|label| !label.is_empty()),
            kind,
            missing,
            levels: named.then_some(levels),
            format: self.format.filter(|_| kind == Some(Kind::Date)).map(str::to_owned),
            ..Entry::default()
        }
    }
}

/// The format of a moment as [`moment`] writes it.
const MOMENT: &str = "%Y-%m-%dT%H:%M:%S";

/// A day, in days since 1970-01-01, as a cell; empty where no calendar has it.
fn day(days: i64) -> String {
    i32::try_from(days).ok().and_then(date_after_epoch).map(|date| date.to_string()).unwrap_or_default()
}

/// A moment, in seconds since 1970-01-01, as a cell.
fn moment(seconds: i64) -> String {
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let day = day(days);
    if day.is_empty() { day } else { format!("{day}T{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60) }
}

/// A number as a cell, with every digit that it takes to read it back.
fn written(value: f64) -> String {
    if value.is_finite() { (value + 0.0).to_string() } else { String::new() }
}
