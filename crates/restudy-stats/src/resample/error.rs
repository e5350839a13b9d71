//! What can be wrong with resampling.

use thiserror::Error;

/// Why resampling has no answer. Rows are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum ResampleError {
    /// No rows to draw from.
    #[error("there are no rows to draw from")]
    Empty,
    /// More rows than the draws have room for.
    #[error("{found} rows, {limit} at most can be drawn from")]
    TooMany {
        /// Rows given.
        found: usize,
        /// The largest number.
        limit: usize,
    },
    /// Too few replicates to take anything from.
    #[error("{found} replicates, {needed} are needed: 1000 or more are usual")]
    TooFewReplicates {
        /// Replicates asked for.
        found: u32,
        /// Replicates it takes.
        needed: u32,
    },
    /// A statistic that the data themselves do not have.
    #[error("the statistic is not defined in the data, so that there is nothing to resample")]
    Undefined,
    /// A statistic that hardly any replicate has.
    #[error("the statistic is not defined in {undefined} of {replicates} replicates, so that it has no distribution")]
    MostlyUndefined {
        /// Replicates without it.
        undefined: u32,
        /// Replicates in all.
        replicates: u32,
    },
}
