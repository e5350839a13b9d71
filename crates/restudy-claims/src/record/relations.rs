//! How claims relate beyond their tables: variables, correlations, contrasts, models, survival, scores.
//!
//! A relation names claims by id and variables by name. A name is that of a row of a table, a variable, a landmark, a
//! score or a group: each is something that every patient has a value of.

use super::{ClaimIndex, GroupIndex};
use crate::printed::Decimal;

/// What is measured of every patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variable {
    /// The id of the row that compares it, or a name of its own.
    pub(crate) id: String,
    /// What it is called where no row of a table says it.
    pub(crate) label: Option<String>,
    pub(crate) unit: Option<String>,
    /// The decimals with which one patient's value is recorded, which are not those of the print.
    pub(crate) decimals: Option<u32>,
    /// The smallest difference between two values, where it is coarser than the last decimal: 0.5 for half months.
    pub(crate) step: Option<Decimal>,
    /// The smallest value there can be.
    pub(crate) min: Option<Decimal>,
    /// The largest.
    pub(crate) max: Option<Decimal>,
    /// Who has this has that too: the name of another count.
    pub(crate) within: Option<String>,
    /// In each patient it is at most that other variable.
    pub(crate) at_most: Option<String>,
}

impl Variable {
    /// The grid on which a patient's value lies: [`step`](Self::step), else one unit of the last decimal.
    pub(crate) fn grid(&self) -> Option<Decimal> {
        self.step.or_else(|| Decimal::new(1, self.decimals?))
    }
}

/// Counts that belong together, such as the antibodies of one assay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Panel {
    pub(crate) id: String,
    pub(crate) label: String,
    /// The rows of a table that it holds, as their places in it.
    pub(crate) table: usize,
    pub(crate) rows: Vec<usize>,
    /// Whether nobody has two of them. Where it is false, some must when there are more findings than patients.
    pub(crate) exclusive: bool,
    /// The claim that says how many there are.
    pub(crate) size: Option<ClaimIndex>,
}

/// A binary variable made of survival: the event within so many days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Landmark {
    pub(crate) id: String,
    pub(crate) label: String,
    /// The names of the time and the event, as in [`Survival`].
    pub(crate) time: String,
    pub(crate) event: String,
    /// In the unit of the time.
    pub(crate) within: u64,
    /// The claims that count it, by group.
    pub(crate) counts: Vec<(GroupIndex, ClaimIndex)>,
}

/// How two variables were correlated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CorrelationMethod {
    Pearson,
    Spearman,
}

impl CorrelationMethod {
    pub(crate) const NAMES: [(&'static str, Self); 2] = [("pearson", Self::Pearson), ("spearman", Self::Spearman)];
}

/// A coefficient of correlation and its p-value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Correlation {
    pub(crate) method: CorrelationMethod,
    pub(crate) x: String,
    pub(crate) y: String,
    pub(crate) r: ClaimIndex,
    pub(crate) p: Option<ClaimIndex>,
    /// Whose values were correlated.
    pub(crate) of: GroupIndex,
}

/// Which test a contrast used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ContrastTest {
    StudentT,
    WelchT,
    MannWhitney,
    ChiSquare,
    FisherExact,
}

impl ContrastTest {
    pub(crate) const NAMES: [(&'static str, Self); 5] = [
        ("student-t", Self::StudentT),
        ("welch-t", Self::WelchT),
        ("mann-whitney", Self::MannWhitney),
        ("chi-square", Self::ChiSquare),
        ("fisher-exact", Self::FisherExact),
    ];
}

/// Which side of a contrast is said to be the higher one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Those who have what [`Contrast::by`] says.
    Yes,
    /// Those who have not.
    No,
}

impl Side {
    pub(crate) const NAMES: [(&'static str, Self); 2] = [("yes", Self::Yes), ("no", Self::No)];
}

/// A p-value that compares one variable between those who have something and those who have not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Contrast {
    pub(crate) variable: String,
    /// What parts the patients: a count of a table, a landmark, a group.
    pub(crate) by: String,
    pub(crate) test: Option<ContrastTest>,
    /// The group within which they are compared; all patients where there is none.
    pub(crate) within: Option<GroupIndex>,
    /// The direction that the text gives, where it gives one.
    pub(crate) higher: Option<Side>,
    pub(crate) p: ClaimIndex,
}

/// The kind of a regression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ModelKind {
    Logistic,
    Cox,
}

impl ModelKind {
    pub(crate) const NAMES: [(&'static str, Self); 2] = [("logistic", Self::Logistic), ("cox", Self::Cox)];
}

/// Whether the terms stand in one model or each in its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ModelMode {
    Univariable,
    Multivariable,
}

impl ModelMode {
    pub(crate) const NAMES: [(&'static str, Self); 2] =
        [("univariable", Self::Univariable), ("multivariable", Self::Multivariable)];
}

/// What a regression explains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Belonging to that group.
    Group(GroupIndex),
    /// The time to an event, by the names of both.
    Survival { time: String, event: String },
}

/// One term of a regression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    pub(crate) variable: String,
    /// None where it is in the model and no p-value of it is printed.
    pub(crate) p: Option<ClaimIndex>,
    /// The odds ratio or hazard ratio.
    pub(crate) estimate: Option<ClaimIndex>,
}

/// A logistic or Cox regression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Model {
    pub(crate) id: Option<String>,
    pub(crate) kind: ModelKind,
    pub(crate) mode: ModelMode,
    pub(crate) outcome: Outcome,
    pub(crate) terms: Vec<Term>,
}

/// Survival in groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Survival {
    /// The name of the time, a variable whose values are days.
    pub(crate) time: String,
    /// The name of the event.
    pub(crate) event: String,
    /// The groups compared.
    pub(crate) by: Vec<GroupIndex>,
    /// The group of which follow-up and events are given.
    pub(crate) of: GroupIndex,
    /// The p-value of the log-rank test between [`by`](Self::by).
    pub(crate) log_rank: Option<ClaimIndex>,
    /// Median and quartiles of follow-up, in [`follow_up_unit_days`](Self::follow_up_unit_days).
    pub(crate) follow_up: Option<ClaimIndex>,
    /// How many days the unit of [`follow_up`](Self::follow_up) has: 30 where a month is taken for thirty days.
    pub(crate) follow_up_unit_days: u64,
    /// How many had the event.
    pub(crate) events: Option<ClaimIndex>,
    /// First day of inclusion, last day of inclusion, end of follow-up.
    pub(crate) first_included: Option<ClaimIndex>,
    pub(crate) last_included: Option<ClaimIndex>,
    pub(crate) closed: Option<ClaimIndex>,
    /// Nobody without the event was followed for fewer days.
    pub(crate) complete_until: Option<u64>,
}

/// One item of a score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ScoreItem {
    pub(crate) variable: String,
    /// The cut-off that gives the points; none where having the finding does.
    pub(crate) threshold: Option<ClaimIndex>,
    pub(crate) points: u64,
}

/// A score: the sum of its items' points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Score {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) items: Vec<ScoreItem>,
    /// Its score table, by its place in the record.
    pub(crate) table: Option<usize>,
    /// The claims of the smallest and largest score.
    pub(crate) minimum: Option<ClaimIndex>,
    pub(crate) maximum: Option<ClaimIndex>,
}

/// The distribution of a test's statistic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Distribution {
    Normal,
    StudentT,
    ChiSquare,
    F,
}

impl Distribution {
    pub(crate) const NAMES: [(&'static str, Self); 4] =
        [("normal", Self::Normal), ("t", Self::StudentT), ("chi-square", Self::ChiSquare), ("f", Self::F)];

    /// How many degrees of freedom it has.
    pub(crate) fn parameters(self) -> usize {
        match self {
            Self::Normal => 0,
            Self::StudentT | Self::ChiSquare => 1,
            Self::F => 2,
        }
    }
}

/// A statistic printed beside its p-value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TestStatistic {
    pub(crate) distribution: Distribution,
    /// Its degrees of freedom.
    pub(crate) df: Vec<u64>,
    pub(crate) statistic: ClaimIndex,
    pub(crate) p: ClaimIndex,
}
