//! What was asked and of which data: the head of the ledger.

use serde::{Deserialize, Serialize};

/// The program that wrote a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The study, as its file names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Study {
    /// Short name, a folder name under `reports/`.
    pub id: String,
    /// The title on the page.
    pub title: String,
    /// Where the study or its data were published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The data were made, not observed. Every page says so.
    #[serde(default)]
    pub synthetic: bool,
    /// The name of the house style that pages are written in.
    pub style: String,
}

/// The table that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Data {
    /// The file's name, without its folder: a record tells nothing of the machine it was made on.
    pub file: String,
    /// SHA-256 of the file's bytes, in hexadecimal.
    pub sha256: String,
    /// Rows in the file.
    pub rows: usize,
    /// Columns in the file.
    pub columns: usize,
    /// Rows left after the study's filters.
    pub rows_kept: usize,
}

/// One resolved choice, with where it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// Its name, such as `quartile_type`.
    pub key: String,
    /// Its value, such as `7`.
    pub value: String,
    /// `default`, `preset r-4` or `file`.
    pub origin: String,
}

/// One step on the way from the file to the patients analysed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowStep {
    /// What the step does, in the study file's words.
    pub label: String,
    /// Patients before it.
    pub before: usize,
    /// Patients it dropped.
    pub dropped: usize,
    /// Of those dropped, how many because the condition could not be told (a missing value).
    pub undetermined: usize,
    /// Patients after it.
    pub after: usize,
    /// Whether it says where the patients came from, and dropped nobody: the first box of a diagram.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub start: bool,
}

/// What a variable is, from the codebook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VariableKind {
    /// A measured quantity.
    Continuous,
    /// Ordered categories.
    Ordinal,
    /// Categories without an order.
    Nominal,
    /// Two categories.
    Binary,
    /// A duration.
    Time,
    /// Whether the event happened.
    Event,
    /// A calendar date.
    Date,
}

/// A variable that an analysis names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variable {
    /// The column's name.
    pub name: String,
    /// The label on the page; the name where the codebook has none.
    pub label: String,
    /// Its unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What it is.
    pub kind: VariableKind,
    /// The labels of its categories, in order; empty for quantities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<String>,
    /// Decimals with which its values were recorded, where the codebook says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u8>,
}

/// The kind of a study file's block, and the rows that it leaves.
///
/// A standard error, limit or p-value that qualifies one number among several names it in [`Row::of`](crate::Row::of).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnalysisKind {
    /// Groups compared, variable by variable: a paper's Table 1; within a subgroup if [`Analysis::within`] says so.
    Comparison,
    /// Pairs of variables. A row's `variable` and `with` are the pair; `r`, its limits, `statistic`, `p_value`, `n`.
    Correlation,
    /// Logistic models. A row's `model` is `univariable` or `multivariable`; a term is a `variable` with, for a
    /// category against the reference, its `level`; `estimate` is the log odds ratio, `odds_ratio` has the limits.
    /// What is said of a whole model stands under the outcome's name: `n`, `n_missing`, `events`, `aic`, …
    Logistic,
    /// Proportional hazards models, as [`AnalysisKind::Logistic`] with `hazard_ratio`, under the event's name.
    Cox,
    /// Survival curves. Rows stand under the time's name: `n`, `events`, `median_survival`, `median_follow_up` for each
    /// `group` and for all; `survival` and `at_risk` at a `time`; the log-rank test without a group.
    KaplanMeier,
    /// Cumulative incidences where kinds of event compete. Rows stand under the time's name, those of a kind of event with
    /// its `level`: `n`, `events` for each `group` and for all; `cumulative_incidence` and `at_risk` at a `time`; Gray's
    /// test of each kind without a group. The outcome's `level` is the kind of interest.
    CumulativeIncidence,
    /// Markers against an outcome. For each marker `auc`, `cutoff`, and at the cut-off `sensitivity`, `specificity`, …
    Roc,
    /// A score made of items. For each item its `cutoff` (context `test`: as used; `alternative`: before rounding) and
    /// `points`.
    Score,
    /// Patients and events by score, under the score's name: `count` and `proportion` by `level` and `group`, `auc`, and
    /// the performance at each threshold, whose `level` names it.
    ScoreTable,
    /// A score or a model judged on patients that it was not made from, or on bootstrap copies of those it was.
    Validation,
}

/// The subset of patients that an analysis is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Within {
    /// What defines it, in the study file's words.
    pub label: String,
    /// Patients in it.
    pub n: usize,
    /// Patients of whom its condition cannot be told, because a value is missing; they are not in it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub undetermined: usize,
}

fn is_zero(n: &usize) -> bool {
    *n == 0
}

/// The event that a model, a marker or a score is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The variable.
    pub variable: String,
    /// Its level that is the event.
    pub level: String,
    /// The follow-up time, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
}

/// A term of a model, one line of its table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// The variable.
    pub variable: String,
    /// The category, of a variable with categories.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// The category that it is compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The step, in the variable's unit, that the ratio is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<f64>,
}

/// A marker and which of its values count as positive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marker {
    /// The variable.
    pub variable: String,
    /// `>`, `>=`, `<` or `<=`: a value is positive when it stands so to the cut-off.
    pub operator: String,
}

/// One item of a score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// The variable.
    pub variable: String,
    /// `>`, `>=`, `<`, `<=`, or `=` for a category.
    pub operator: String,
    /// The cut-off, of a measured item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cutoff: Option<f64>,
    /// The category, of an item with categories.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// The points that it adds.
    pub points: f64,
}

/// A group of patients, one column of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The label of the level that defines it; rows name the group by this.
    pub label: String,
    /// Patients in it.
    pub n: usize,
}

/// How a row of a comparison is summarised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SummaryKind {
    /// Mean and standard deviation.
    MeanSd,
    /// Median and quartiles.
    MedianQuartiles,
    /// Counts and proportions of every level.
    Counts,
    /// Count and proportion of one level of a binary variable; the row's `level` names it.
    Count,
}

/// One line of a comparison, in the order of the study file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRow {
    /// The variable.
    pub variable: String,
    /// The heading that the line stands under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<String>,
    /// How it is summarised.
    pub summary: SummaryKind,
    /// For [`SummaryKind::Count`], the level that is counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
}

/// A row that is not in a family of adjusted p-values, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The variable.
    pub variable: String,
    /// Why it has no place in the family.
    pub reason: String,
}

/// The family of p-values that were adjusted together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Family {
    /// The method's stable key, such as `benjamini_hochberg`.
    pub method: String,
    /// How many p-values the family holds.
    pub size: usize,
    /// The variables in it.
    pub members: Vec<String>,
    /// The variables of the analysis that are not.
    pub left_out: Vec<LeftOut>,
}

/// A block of the study file, as it was carried out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// The block's id; rows name it.
    pub id: String,
    /// What it is.
    pub kind: AnalysisKind,
    /// Its title on the page.
    pub title: String,
    /// The variable that makes the groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The groups, in the order of their columns.
    pub groups: Vec<Group>,
    /// Patients of the cohort who are in no group, because the grouping variable is missing.
    pub ungrouped: usize,
    /// Whether the column of all patients together is shown.
    pub overall: bool,
    /// The lines, in order.
    pub rows: Vec<TableRow>,
    /// What proportions are of: `known` (patients with a value) or `all` (every patient of the group).
    pub denominator: String,
    /// The threshold that remarks on significance use, such as `0.05`.
    pub alpha: f64,
    /// The family of adjusted p-values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<Family>,
    /// The subset that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Within>,
    /// The event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// The models, in the order of their columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<String>,
    /// The terms, in the order of their lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<Term>,
    /// The markers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub markers: Vec<Marker>,
    /// The items of the score.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
    /// What was done and is not said by a row: the rule of a selection, what became of missing items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Analysis {
    /// An analysis of that kind with nothing in it yet.
    #[must_use]
    pub fn new(id: &str, kind: AnalysisKind, title: &str) -> Self {
        Self {
            id: id.to_owned(),
            kind,
            title: title.to_owned(),
            by: None,
            groups: Vec::new(),
            ungrouped: 0,
            overall: false,
            rows: Vec::new(),
            denominator: "known".to_owned(),
            alpha: 0.05,
            family: None,
            within: None,
            outcome: None,
            models: Vec::new(),
            terms: Vec::new(),
            markers: Vec::new(),
            items: Vec::new(),
            notes: Vec::new(),
        }
    }
}
