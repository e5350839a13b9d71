//! Why a model has no fit.

use thiserror::Error;

use super::separation::Separation;
use crate::DistributionError;

/// Why a design cannot be built or a model has no fit. Rows are counted from 0.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum FitError {
    /// No observations, such as when every outcome is missing.
    #[error("there are no observations: look at how many rows have every variable of the model")]
    Empty,
    /// A column of another length than the design or the outcome.
    #[error("`{name}` has {found} values where {rows} are needed")]
    Length {
        /// The column.
        name: String,
        /// Rows of the design.
        rows: usize,
        /// Values given.
        found: usize,
    },
    /// A value that is NaN or infinite.
    #[error("value {position} of `{name}` is not finite: drop incomplete rows first")]
    NotFinite {
        /// The column.
        name: String,
        /// The row.
        position: usize,
    },
    /// A weight that is negative.
    #[error("weight {position} is {weight}: a frequency weight is 0 or more")]
    NegativeWeight {
        /// The row.
        position: usize,
        /// What was given.
        weight: f64,
    },
    /// Two terms of one name.
    #[error("there are two terms named `{name}`")]
    DuplicateTerm {
        /// The name.
        name: String,
    },
    /// An interaction of, or a question about, a term that is not in the design.
    #[error("there is no term `{name}`")]
    UnknownTerm {
        /// The name.
        name: String,
    },
    /// Knots that no spline can have.
    #[error("{found} knots make no restricted cubic spline: it takes three or more, finite, ascending and distinct")]
    Knots {
        /// How many were given.
        found: usize,
    },
    /// A scale that a column cannot be divided by.
    #[error("`{name}` per {per} units is no scale: it must be finite and not 0")]
    Scale {
        /// The column.
        name: String,
        /// What was given.
        per: f64,
    },
    /// A category that is not among the levels, or a reference that is none.
    #[error("`{name}` has {levels} levels, and code {code} is none of them (they are counted from 0)")]
    UnknownLevel {
        /// The variable.
        name: String,
        /// How many levels it has.
        levels: usize,
        /// The code.
        code: usize,
    },
    /// A column with one value, in a design with an intercept.
    #[error("`{column}` has the same value in all rows, so that it cannot be told from the intercept: leave it out")]
    Constant {
        /// The column.
        column: String,
    },
    /// A column that is a linear combination of others.
    #[error("`{column}` is a linear combination of {}: leave one of them out", quoted(with))]
    Collinear {
        /// The column.
        column: String,
        /// The columns it is a combination of.
        with: Vec<String>,
    },
    /// No more rows than columns.
    #[error("{rows} observations cannot carry {columns} coefficients: take fewer terms")]
    TooFewRows {
        /// Rows.
        rows: usize,
        /// Coefficients, the intercept included.
        columns: usize,
    },
    /// All outcomes are alike.
    #[error("{}: there is nothing to tell apart", if *all_events { "every observation is an event" } else { "no observation is an event" })]
    OneOutcome {
        /// Whether all are events, or none.
        all_events: bool,
    },
    /// The maximum-likelihood estimate is infinite.
    #[error(transparent)]
    Separated(Separation),
    /// An information matrix that cannot be inverted.
    #[error("the information matrix is singular at this accuracy: the terms are too nearly collinear")]
    Singular,
    /// An iteration that ended without an answer.
    #[error("the estimate was not found in {iterations} iterations")]
    NotConverged {
        /// Iterations taken.
        iterations: u32,
    },
    /// Too few distinct fitted probabilities for a test of calibration in groups.
    #[error("the fitted probabilities make {groups} groups, the test needs 3: there are too many ties")]
    TooFewGroups {
        /// Groups found.
        groups: usize,
    },
    /// A null distribution with a parameter that it cannot have.
    #[error(transparent)]
    Distribution(#[from] DistributionError),
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
