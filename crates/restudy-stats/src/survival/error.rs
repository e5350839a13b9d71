//! What can be wrong with survival data, or with what is asked of them.

use thiserror::Error;

use crate::DistributionError;
use crate::regression::FitError;

/// Why a survival method has no answer. Rows, groups and scores are counted from 0.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum SurvivalError {
    /// No row at all.
    #[error("there are no observations")]
    Empty,
    /// Columns that do not belong together row by row.
    #[error("{found} values of {column} for {needed} survival times")]
    Length {
        /// The column that does not fit.
        column: &'static str,
        /// Values given.
        found: usize,
        /// Survival times given.
        needed: usize,
    },
    /// A time that is NaN, infinite or negative.
    #[error("{column} of row {row} is not a time: it must be finite and not negative")]
    NotATime {
        /// The column.
        column: &'static str,
        /// The row.
        row: usize,
    },
    /// An entry that does not come before the exit, near-ties merged.
    #[error("row {row} enters no earlier than it leaves, so that it is never at risk: leave it out")]
    NeverAtRisk {
        /// The row.
        row: usize,
    },
    /// A case weight that is NaN, infinite, zero or negative.
    #[error("the weight of row {row} is not positive and finite: leave out rows without weight")]
    NotAWeight {
        /// The row.
        row: usize,
    },
    /// A marker, score or covariate that is NaN or infinite.
    #[error("{name} of row {row} is not finite: leave out rows with missing values")]
    NotFinite {
        /// The marker's or covariate's name.
        name: String,
        /// The row.
        row: usize,
    },
    /// A tolerance of near-ties that is NaN, infinite or negative.
    #[error("{tolerance} is not a tolerance of near-ties: it must be finite and not negative")]
    NotATolerance {
        /// What was given.
        tolerance: f64,
    },
    /// Several strata where one curve was asked for.
    #[error("{strata} strata have no curve in common: ask for one of each")]
    Stratified {
        /// Strata in the data.
        strata: usize,
    },
    /// A probability outside its range.
    #[error("{probability} is not a probability between 0 and 1")]
    NotAProbability {
        /// What was given.
        probability: f64,
    },
    /// A time beyond which nothing is known of the curve.
    #[error("nothing is known of the time {time}: follow-up ends at {last}, before the curve reaches 0")]
    BeyondFollowUp {
        /// The time asked for.
        time: f64,
        /// The last time observed.
        last: f64,
    },
    /// Nobody has the event.
    #[error("there are no events, so that there is nothing to estimate or to compare")]
    NoEvents,
    /// Fewer groups than a comparison needs.
    #[error("{found} groups with observations, the test needs {needed}")]
    TooFewGroups {
        /// Groups given.
        found: usize,
        /// Groups it takes.
        needed: usize,
    },
    /// A group of which there is no observation.
    #[error("group {group} has no observation: number the groups without gaps")]
    EmptyGroup {
        /// The group.
        group: usize,
    },
    /// A weight function with exponents that are NaN, infinite or negative.
    #[error("the exponents {rho} and {gamma} are no Fleming–Harrington weights: both must be finite and not negative")]
    NotAnExponent {
        /// The exponent of S.
        rho: f64,
        /// The exponent of 1 − S.
        gamma: f64,
    },
    /// Scores of a trend that are all equal, or not finite.
    #[error("the scores of a trend must be finite and not all equal")]
    Scores,
    /// At no event time are members of two groups at risk.
    #[error("at no event time are two groups at risk together, so that the test has no variance")]
    NothingToCompare,
    /// No two observations of which it is known which had the event first.
    #[error("of no two observations is it known which had the event first")]
    NoComparablePairs,
    /// More rows than 32 bits count.
    #[error("{found} rows are more than the 4,294,967,295 that can be counted")]
    TooMany {
        /// Rows given.
        found: usize,
    },
    /// No covariate, or a matrix whose values do not fill its rows and columns.
    #[error("{values} values do not make {columns} covariates of {rows} rows")]
    Shape {
        /// Values given.
        values: usize,
        /// Rows of the survival data.
        rows: usize,
        /// Names given.
        columns: usize,
    },
    /// A covariate that is the same for everybody, or for everybody at risk whenever an event happens.
    #[error("`{term}` does not vary among those at risk at any event: leave it out")]
    NoVariation {
        /// The covariate.
        term: String,
    },
    /// A covariate that follows from those before it.
    #[error("`{term}` is a combination of the covariates before it (or they outnumber the events): leave it out")]
    Collinear {
        /// The covariate.
        term: String,
    },
    /// A partial likelihood that grows forever along a direction of the coefficients.
    #[error(
        "the likelihood has no maximum: it grows without end along {}, because whoever has the event always has the \
         greatest (or least) value of those at risk; take Firth's penalised likelihood",
        terms.iter().map(|term| format!("`{term}`")).collect::<Vec<_>>().join(", ")
    )]
    MonotoneLikelihood {
        /// The covariates whose coefficients are infinite.
        terms: Vec<String>,
    },
    /// An information matrix that cannot be inverted.
    #[error("the information matrix is singular at this accuracy: the covariates are too nearly collinear")]
    Singular,
    /// Something that the exact likelihood of ties does not go with.
    #[error("{what} do not go with the exact likelihood of ties: take Efron's or Breslow's")]
    NotWithExactTies {
        /// What does not go with it.
        what: &'static str,
    },
    /// What is wrong with a design or a question about its terms.
    #[error(transparent)]
    Design(#[from] FitError),
    /// An iteration that ended without an answer.
    #[error("the fit did not converge in {iterations} steps")]
    NotConverged {
        /// Steps taken.
        iterations: u32,
    },
    /// Covariate values or columns of a term that the fitted model does not have.
    #[error("{found} given for the {needed} coefficients of the model")]
    Coefficients {
        /// How many were given, or the column that is out of range.
        found: usize,
        /// Coefficients of the model.
        needed: usize,
    },
    /// A logarithm of time asked for where a time is 0.
    #[error("an event at time 0 has no logarithm of time: use another transformation of time")]
    EventAtZero,
    /// An event without a cause, or a cause without an event.
    #[error("the cause of row {row} does not fit its event: 0 is censored, and causes count from 1")]
    Cause {
        /// The row.
        row: usize,
    },
    /// Data of a kind that a method is not made for.
    #[error("{method} is not defined for {data}")]
    NotDefinedFor {
        /// The method.
        method: &'static str,
        /// What the data have.
        data: &'static str,
    },
    /// Nobody has had the event by a time, or nobody is left after it.
    #[error("at the time {time} there are no cases yet, or nobody left without the event: nothing can be compared")]
    NothingAt {
        /// The time.
        time: f64,
    },
    /// A null distribution with a parameter that it cannot have.
    #[error(transparent)]
    Distribution(#[from] DistributionError),
}
