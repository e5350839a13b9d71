//! What a figure draws: columns of equal length.

use serde::{Deserialize, Serialize};

use crate::Value;

/// What the points of a series are, and the names of its columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SeriesKind {
    /// A survival curve of a `group`: `time`, `survival`, `conf_low`, `conf_high`, `at_risk`, `events`, `censored`.
    /// Begins at time 0; one point for each time with an event or a censoring.
    SurvivalCurve,
    /// A cumulative incidence of a `group`, for the kind of event that is the `level`: `time`, `incidence`, `conf_low`,
    /// `conf_high`, `events` (of that kind). Begins at time 0; one point for each time with such an event, and the end of
    /// follow-up.
    IncidenceCurve,
    /// Numbers below a survival curve or a cumulative incidence, of a `group`: `time`, `at_risk`, and of a survival curve `events` (up to and
    /// at the time).
    RiskTable,
    /// A receiver operating characteristic curve of a `variable`: `threshold`, `sensitivity`, `specificity`, from
    /// (0, 1) to (1, 0).
    RocCurve,
    /// The values of a `variable` in a `group`: `value`, ascending, so that no row of a patient can be told.
    Values,
    /// Pairs of a `variable` and `with`: `x` (`with`), `y` (`variable`), in the order of `x`.
    Scatter,
    /// A straight line through pairs and the band of its mean: `x`, `fit`, `conf_low`, `conf_high`.
    Fit,
    /// Predicted against observed risk: `predicted`, `observed`, `conf_low`, `conf_high`, `n`.
    Calibration,
    /// A smooth of observed on predicted risk: `predicted`, `observed`, `conf_low`, `conf_high`; what it is, where it is no
    /// smooth of the data themselves, is its `group`.
    CalibrationCurve,
    /// How many patients have a predicted risk from `low` to `high`: `events` and `others`.
    RiskHistogram,
    /// Net benefit by threshold: `threshold`, `model`, `treat_all`.
    DecisionCurve,
    /// The path of a selection: `step`, `change` (words), `variable` (words), `p_value`.
    SelectionPath,
    /// Predicted risks over bootstrap copies: `apparent`, `low`, `high`.
    Instability,
}

/// The entries of a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Entries {
    /// Numbers, or missing.
    Numbers(Vec<Value>),
    /// Words.
    Words(Vec<String>),
}

impl Entries {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Words(words) => words.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A named column of a series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesColumn {
    /// Its name, as [`SeriesKind`] lists them.
    pub name: String,
    /// Its entries.
    pub entries: Entries,
}

/// Points that a figure draws. All columns have the same length.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// The block of the study file.
    pub analysis: String,
    /// What the points are.
    pub kind: SeriesKind,
    /// The variable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variable: Option<String>,
    /// The category of that variable, or the kind of event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// The other variable of a pair.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// The group of patients.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The columns.
    pub columns: Vec<SeriesColumn>,
}

impl Series {
    /// A series without columns.
    #[must_use]
    pub fn new(analysis: &str, kind: SeriesKind) -> Self {
        Self {
            analysis: analysis.to_owned(),
            kind,
            variable: None,
            level: None,
            with: None,
            group: None,
            columns: Vec::new(),
        }
    }

    /// The same series with one more column of numbers; NaN becomes missing.
    #[must_use]
    pub fn numbers(mut self, name: &str, numbers: impl IntoIterator<Item = f64>) -> Self {
        let entries = Entries::Numbers(numbers.into_iter().map(Value::from).collect());
        self.columns.push(SeriesColumn { name: name.to_owned(), entries });
        self
    }

    /// The same series with one more column of words.
    #[must_use]
    pub fn words(mut self, name: &str, words: Vec<String>) -> Self {
        self.columns.push(SeriesColumn { name: name.to_owned(), entries: Entries::Words(words) });
        self
    }

    /// The numbers of that column, missing ones as NaN; none if it has no such column of numbers.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<Vec<f64>> {
        let column = self.columns.iter().find(|column| column.name == name)?;
        match &column.entries {
            Entries::Numbers(numbers) => Some(numbers.iter().map(|value| value.number().unwrap_or(f64::NAN)).collect()),
            Entries::Words(_) => None,
        }
    }
}
