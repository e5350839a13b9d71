//! What can be wrong with the input of a kernel.

use thiserror::Error;

/// Why a distribution cannot exist.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum DistributionError {
    /// A parameter outside its range.
    #[error("`{parameter}` = {value} is not allowed: it must be {must_be}")]
    Parameter {
        /// The parameter's name.
        parameter: &'static str,
        /// What was given.
        value: f64,
        /// What is allowed.
        must_be: &'static str,
    },
}

/// Why a test or a summary has no answer. Groups and positions are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum TestError {
    /// A group with too few observations.
    #[error("group {group} has {found} observations, the test needs {needed}")]
    TooFew {
        /// The group.
        group: usize,
        /// Observations it has.
        found: usize,
        /// Observations it takes.
        needed: usize,
    },
    /// Fewer groups than the test compares.
    #[error("{found} groups, the test needs {needed}")]
    TooFewGroups {
        /// Groups given.
        found: usize,
        /// Groups it takes.
        needed: usize,
    },
    /// More observations than the null distribution is known for.
    #[error("{found} observations, the test is known for {limit} at most")]
    TooMany {
        /// Observations given.
        found: usize,
        /// The largest number.
        limit: usize,
    },
    /// Scores that do not belong to the groups one by one.
    #[error("{found} scores for {needed} groups")]
    Scores {
        /// Scores given.
        found: usize,
        /// Scores it takes.
        needed: usize,
    },
    /// A value that is NaN or infinite.
    #[error("value {position} of group {group} is not finite")]
    NotFinite {
        /// The group.
        group: usize,
        /// The value's place in it.
        position: usize,
    },
    /// Pairs of which one member is missing.
    #[error("{first} first and {second} second members do not make pairs")]
    UnequalLengths {
        /// First members.
        first: usize,
        /// Second members.
        second: usize,
    },
    /// A covariate that the covariates before it determine.
    #[error("covariate {covariate} is constant or determined by the covariates before it: leave it out")]
    Collinear {
        /// The covariate, counted from 0.
        covariate: usize,
    },
    /// A correlation coefficient outside [−1, 1].
    #[error("{r} is not a correlation coefficient: it lies between -1 and 1")]
    NotACorrelation {
        /// What was given.
        r: f64,
    },
    /// No variation: the statistic would divide by zero.
    #[error("all values are equal, so that the test has no scale to measure a difference by")]
    NoSpread,
    /// Pairs that are all alike.
    #[error("no pair differs, so that there is nothing to test")]
    NothingDiffers,
    /// A value smaller than the one before it, where ascending order is needed.
    #[error("value {position} is smaller than the one before it: sort the values first")]
    NotSorted {
        /// The value's place.
        position: usize,
    },
    /// A negative standard deviation, or one that is not finite.
    #[error("standard deviation {sd} of group {group} is not a standard deviation")]
    NotADeviation {
        /// The group.
        group: usize,
        /// What was given.
        sd: f64,
    },
    /// A table with a row or column of zeros, or with fewer than two rows or columns.
    #[error("the table needs two rows and two columns with counts in them")]
    EmptyMargin,
    /// A table whose cells do not fill its rows and columns.
    #[error("{cells} cells do not make a table of {rows} rows and {columns} columns")]
    Shape {
        /// Cells given.
        cells: usize,
        /// Rows asked for.
        rows: usize,
        /// Columns asked for.
        columns: usize,
    },
    /// Counts whose sum does not fit.
    #[error("the counts of the table add up to more than {limit}")]
    TooManyCounts {
        /// The largest sum allowed.
        limit: u64,
    },
    /// An exact null distribution larger than the limit of the settings.
    #[error("the exact null distribution of {n} observations is beyond the limit of this procedure")]
    TooLargeForExact {
        /// Observations in all.
        n: usize,
    },
    /// An exact distribution that does not hold for tied values.
    #[error("there are ties, and the exact distribution without ties was asked for")]
    Tied,
    /// More successes than trials.
    #[error("{count} of {n} is not a proportion")]
    NotAProportion {
        /// Successes.
        count: u64,
        /// Trials.
        n: u64,
    },
    /// A probability outside [0, 1].
    #[error("p-value {position} is {p}, outside 0 to 1")]
    NotAProbability {
        /// Its place.
        position: usize,
        /// What was given.
        p: f64,
    },
    /// A predicted probability outside [0, 1], or at 0 or 1 where its logit is needed.
    #[error("predicted probability {position} is {value}: it must lie between 0 and 1")]
    PredictedProbability {
        /// Its place.
        position: usize,
        /// What was given.
        value: f64,
    },
    /// A share of true null hypotheses outside (0, 1]; an estimate of 0 means that no p-value is at λ or above.
    #[error("{share} is not a share of true null hypotheses: lower λ, or fix the share")]
    NotANullShare {
        /// The share, given or estimated.
        share: f64,
    },
    /// A λ outside [0, 1).
    #[error("λ = {lambda} is not in [0, 1): 0.5 is usual")]
    NotALambda {
        /// What was given.
        lambda: f64,
    },
    /// A family of tests declared smaller than the p-values at hand.
    #[error("a family of {size} tests cannot hold {found} p-values")]
    FamilyTooSmall {
        /// The size declared.
        size: usize,
        /// p-values present.
        found: usize,
    },
    /// An iteration that ended without an answer.
    #[error("the limit was not found in {iterations} steps")]
    NotConverged {
        /// Steps taken.
        iterations: u32,
    },
    /// A null distribution with a parameter that it cannot have.
    #[error(transparent)]
    Distribution(#[from] DistributionError),
}
