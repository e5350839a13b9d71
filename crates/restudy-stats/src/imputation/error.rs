//! Why missing data have no answer.

use thiserror::Error;

use crate::DistributionError;

/// Why values cannot be imputed, or analyses not pooled. Variables, rows, imputations and terms are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum ImputationError {
    /// Fewer completed data sets than a variance between them takes.
    #[error("{found} imputations, 2 are needed: 20 or more are usual")]
    TooFewImputations {
        /// Imputations given.
        found: usize,
    },
    /// A setting that must be at least 1.
    #[error("`{setting}` is 0: it must be at least 1")]
    Setting {
        /// The setting.
        setting: &'static str,
    },
    /// No other variable to impute from.
    #[error("{found} variables: imputation needs another variable to learn from")]
    TooFewVariables {
        /// Variables given.
        found: usize,
    },
    /// Analyses, or columns, of different lengths.
    #[error("part {position} has {found} values where {needed} are needed")]
    Length {
        /// The variable, or the imputation.
        position: usize,
        /// Values given.
        found: usize,
        /// Values it takes.
        needed: usize,
    },
    /// A value that is NaN or infinite.
    #[error("value {position} of variable {variable} is not finite: say that it is missing")]
    NotFinite {
        /// The variable.
        variable: usize,
        /// The row.
        position: usize,
    },
    /// A category that does not exist.
    #[error("value {position} of variable {variable} is no code of its {levels} levels (they are counted from 0)")]
    UnknownLevel {
        /// The variable.
        variable: usize,
        /// The row.
        position: usize,
        /// Its levels.
        levels: usize,
    },
    /// Categories that are none.
    #[error("variable {variable} has {levels} levels, 2 are needed")]
    TooFewLevels {
        /// The variable.
        variable: usize,
        /// Its levels.
        levels: usize,
    },
    /// A variable of which hardly anything is known.
    #[error("variable {variable} is known in {found} rows, {needed} are needed: leave it out")]
    TooFewObserved {
        /// The variable.
        variable: usize,
        /// Rows that have it.
        found: usize,
        /// Rows it takes.
        needed: usize,
    },
    /// A conditional model without a fit.
    #[error("the model of variable {variable} has no fit: its predictors are too many or too nearly collinear")]
    NoFit {
        /// The variable.
        variable: usize,
    },
    /// An estimate or variance that no analysis can have given.
    #[error("imputation {imputation} has an estimate that is not finite, or a variance that is not above 0")]
    NotAnEstimate {
        /// The imputation.
        imputation: usize,
    },
    /// A chi-square statistic that is negative or not finite.
    #[error("the statistic of imputation {imputation} is no chi-square: it must be finite and not negative")]
    NotAChiSquare {
        /// The imputation.
        imputation: usize,
    },
    /// Nothing to test.
    #[error("no term is tested")]
    NoTerms,
    /// A covariance matrix without an inverse.
    #[error("the pooled covariance matrix has no inverse: the terms are collinear")]
    Singular,
    /// Degrees of freedom of the complete data that are none.
    #[error("{df} are no degrees of freedom of the complete data: they are above 0, and may be infinite")]
    CompleteDf {
        /// What was given.
        df: f64,
    },
    /// A reference distribution with a parameter that it cannot have.
    #[error(transparent)]
    Distribution(#[from] DistributionError),
}
