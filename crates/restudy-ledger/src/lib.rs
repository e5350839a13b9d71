//! The record in which every number of a study travels.
//!
//! A [`Ledger`] is written once, by the study, and read by everything that shows numbers: nothing is computed after
//! it. One [`Row`] holds one number at full precision, with the procedure that really produced it and why that
//! procedure was chosen.
//!
//! This crate does not know how a number was computed, how it will look, or where a file lies. It knows the shape of
//! the record, its closed vocabulary ([`Stat`], [`Context`]), and its two written forms: `results.json` and
//! `ledger.csv`.

mod audit;
mod claims;
mod csv;
mod figure;
mod moved;
mod path;
mod row;
mod series;
mod study;

pub use audit::{Audit, Bound, Claim, Conflict, Derived, Excluded, Finding, Paper, Verdict};
pub use claims::{ClaimCheck, ClaimChecks};
pub use csv::neutral_cell;
pub use figure::{Figure, Panel, PanelKind};
pub use moved::Moved;
pub use path::PathError;
pub use row::{Context, Row, Stat, Value};
pub use series::{Entries, Series, SeriesColumn, SeriesKind};
pub use study::{
    Analysis, AnalysisKind, Data, Family, FlowStep, Group, Item, LeftOut, Marker, Outcome, Setting, Study, SummaryKind,
    TableRow, Term, Tool, Variable, VariableKind, Within,
};

use serde::{Deserialize, Serialize};

/// The name of this form of the record; it changes when a reader of the old form would misread the new one.
pub const SCHEMA: &str = "restudy-ledger/1";

/// Everything a study produced: what was asked, of which data, by which conventions, and every number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The program that wrote the record.
    pub tool: Tool,
    /// The study, as its file names it.
    pub study: Study,
    /// The table that was read.
    pub data: Data,
    /// Every convention in force, each with its origin.
    pub conventions: Vec<Setting>,
    /// The seed of everything random, where anything was.
    pub seed: Option<u64>,
    /// Who was dropped, why, and how many.
    pub flow: Vec<FlowStep>,
    /// The variables that the analyses name, with their labels and units.
    pub variables: Vec<Variable>,
    /// The blocks of the study file, in order.
    pub analyses: Vec<Analysis>,
    /// The figures, in the order of the report.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<Figure>,
    /// One row a number.
    pub rows: Vec<Row>,
    /// What figures draw: curves and plotted values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub series: Vec<Series>,
}

impl Ledger {
    /// The record as JSON: two spaces of indent, a newline at the end, the same bytes for the same record.
    ///
    /// # Errors
    ///
    /// Only if a row holds a NaN, which a kernel never returns: an estimate that does not exist is
    /// [`Value::Missing`].
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }

    /// Reads a record written by [`Ledger::to_json`].
    ///
    /// # Errors
    ///
    /// When the text is not JSON of this shape.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The variable of that name, if an analysis names it.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().find(|variable| variable.name == name)
    }

    /// The convention of that key, resolved.
    #[must_use]
    pub fn convention(&self, key: &str) -> Option<&str> {
        self.conventions.iter().find(|setting| setting.key == key).map(|setting| setting.value.as_str())
    }

    /// The analysis of that id.
    #[must_use]
    pub fn analysis(&self, id: &str) -> Option<&Analysis> {
        self.analyses.iter().find(|analysis| analysis.id == id)
    }

    /// The series of one analysis, in the order they were written.
    pub fn series_of<'a>(&'a self, analysis: &'a str) -> impl Iterator<Item = &'a Series> {
        self.series.iter().filter(move |series| series.analysis == analysis)
    }

    /// The rows of one analysis, in the order they were written.
    pub fn rows_of<'a>(&'a self, analysis: &'a str) -> impl Iterator<Item = &'a Row> {
        self.rows.iter().filter(move |row| row.analysis == analysis)
    }
}
