//! What a cohort has to meet, in plain numbers: patients, grids, statistics and the intervals they must lie in.

use super::span::{Span, Target};

/// The place of a group in [`Problem::groups`].
pub type GroupIndex = usize;
/// The place of a variable in [`Problem::variables`].
pub type VariableIndex = usize;

/// Everything that a cohort has to meet.
#[derive(Clone, Debug, Default)]
pub struct Problem {
    /// The sizes of the groups that patients are divided into. Patients stand group after group.
    pub groups: Vec<usize>,
    /// What is known of each patient.
    pub variables: Vec<Variable>,
    /// What one patient's values have to do with each other.
    pub rules: Vec<Rule>,
    /// Times and events, if the record has them.
    pub survival: Option<Survival>,
    /// A score and its table, if the record has one.
    pub score: Option<Score>,
    /// Statistics of several variables together.
    pub terms: Vec<Term>,
    /// Whether Cox models of one variable each picked those of the multivariable one: of every other variable they
    /// found nothing.
    pub screened: bool,
}

impl Problem {
    /// All patients.
    #[must_use]
    pub fn patients(&self) -> usize {
        self.groups.iter().sum()
    }

    /// The patients of a group.
    #[must_use]
    pub fn members(&self, group: GroupIndex) -> std::ops::Range<usize> {
        let start = self.groups[..group].iter().sum();
        start..start + self.groups[group]
    }
}

/// One column.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub id: String,
    /// The decimals with which a patient's value is recorded.
    pub decimals: u32,
    /// The unit of its values, in units of the last decimal: 5 where values of one decimal are halves.
    pub step: i64,
    /// The smallest value, in those units.
    pub min: Option<i64>,
    /// The largest value, in those units.
    pub max: Option<i64>,
    /// What is known of its values.
    pub values: Values,
}

impl Variable {
    /// Units in one.
    #[must_use]
    pub fn scale(&self) -> f64 {
        f64::from(10_u32.pow(self.decimals.min(9))) / self.step as f64
    }

    /// A value as it is written.
    #[must_use]
    pub fn text(&self, units: i64) -> String {
        let decimals = self.decimals as usize;
        let digits = units * self.step;
        if decimals == 0 {
            return digits.to_string();
        }
        let padded = format!("{:0>width$}", digits.unsigned_abs(), width = decimals + 1);
        let (whole, part) = padded.split_at(padded.len() - decimals);
        format!("{}{whole}.{part}", if digits < 0 { "-" } else { "" })
    }
}

/// What is known of a variable's values, group by group.
#[derive(Clone, Debug)]
pub enum Values {
    /// Coded 0, 1, 2, …: how many patients of each group have each code.
    Codes(Vec<Vec<usize>>),
    /// Numbers.
    Numbers(Numbers),
}

/// What is known of numbers.
#[derive(Clone, Debug)]
pub struct Numbers {
    /// The summary of each group, in the variable's unit.
    pub cells: Vec<Summary>,
    /// The summary of all patients.
    pub whole: Option<Summary>,
    /// The test that compares the first two groups.
    pub comparison: Option<Comparison>,
    /// How well it tells one group from another.
    pub marker: Option<Marker>,
}

/// Between what the summary of a group lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Summary {
    /// Mean and standard deviation.
    MeanSd(Span, Span),
    /// Lower quartile, median and upper quartile.
    Quartiles([Span; 3]),
    /// Not printed.
    Open,
}

/// A test of a row of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Comparison {
    /// Student's t; the size that the statistic must have.
    StudentT(Span),
    /// The Mann–Whitney test by the normal approximation, corrected for ties but not for continuity; the size of z.
    MannWhitney(Span),
}

/// A variable as a test of one group against another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Marker {
    /// Those whom the test should find.
    pub events: GroupIndex,
    /// Those whom it should not.
    pub non_events: GroupIndex,
    /// Whether high values are positive.
    pub higher: bool,
    /// The area under the curve.
    pub auc: Option<Span>,
    /// The best cut-off by Youden's index, half way between two neighbouring values.
    pub cutoff: Option<Span>,
    /// Events that are positive at that cut-off.
    pub true_positives: Option<usize>,
    /// Non-events that are positive at that cut-off.
    pub false_positives: Option<usize>,
}

/// What one patient's values have to do with each other.
#[derive(Clone, Debug)]
pub enum Rule {
    /// Who has code 1 in the first has code 1 in the second.
    Within(VariableIndex, VariableIndex),
    /// The value of the first is at most that of the second.
    AtMost(VariableIndex, VariableIndex),
    /// At most one of them has code 1.
    Exclusive(Vec<VariableIndex>),
    /// Exactly one of them has code 1.
    Partition(Vec<VariableIndex>),
}

/// Times until an event.
#[derive(Clone, Debug)]
pub struct Survival {
    /// The largest time, in days.
    pub longest: i64,
    /// Lower quartile, median and upper quartile of the times, in days.
    pub quartiles: Option<[Span; 3]>,
    /// Events in each group, where they are known.
    pub events: Vec<Option<usize>>,
    /// Events in all.
    pub all_events: Option<usize>,
    /// The day up to which an event is early.
    pub landmark: Option<i64>,
    /// Early events in each group, where they are known. Nobody is censored before the landmark.
    pub early: Vec<Option<usize>>,
}

/// A sum of points, one for each item that is positive.
#[derive(Clone, Debug)]
pub struct Score {
    /// The items.
    pub items: Vec<Item>,
    /// How many patients of each group have 0, 1, 2, … points; empty for a group that the table does not tell.
    pub counts: Vec<Vec<usize>>,
}

/// One item of a score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Item {
    /// The variable.
    pub variable: VariableIndex,
    /// Whether high values are positive.
    pub higher: bool,
    /// The last value, in units, that is not positive.
    pub limit: i64,
}

impl Item {
    /// Whether a value earns the point.
    #[must_use]
    pub fn is_positive(&self, units: i64) -> bool {
        if self.higher { units > self.limit } else { units < self.limit }
    }
}

/// A covariate of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Covariate {
    /// A variable.
    Variable(VariableIndex),
    /// Being in a group.
    Group(GroupIndex),
}

/// What divides patients in two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Divider {
    /// Code 1 of a variable.
    Variable(VariableIndex),
    /// An early event.
    Landmark,
}

/// A statistic of several variables together, and where it must lie.
#[derive(Clone, Debug)]
pub enum Term {
    /// Pearson's correlation as its t statistic on n − 2 degrees of freedom.
    Pearson {
        /// The two variables.
        pair: [VariableIndex; 2],
        /// The t statistic.
        target: Target,
    },
    /// Student's t of those whom a divider takes against the others.
    StudentT {
        /// The variable compared.
        variable: VariableIndex,
        /// What divides.
        by: Divider,
        /// The only group looked at.
        within: Option<GroupIndex>,
        /// The t statistic, positive where those taken have higher values.
        target: Target,
    },
    /// Wald's z of the coefficients of a logistic model of being in a group.
    Logistic {
        /// The group.
        outcome: GroupIndex,
        /// The covariates with their z, where it is known.
        covariates: Vec<(Covariate, Option<Target>)>,
    },
    /// Wald's z of the coefficients of a Cox model of the times.
    Cox {
        /// The covariates with their z, where it is known.
        covariates: Vec<(Covariate, Option<Target>)>,
    },
    /// The log-rank test of a group against the others: the square root of its χ², positive where the group has more
    /// events than expected.
    LogRank {
        /// The group.
        group: GroupIndex,
        /// The signed root.
        target: Target,
    },
}
