use thiserror::Error;

use crate::resample::ResampleError;

/// Why a score cannot be derived or judged. Candidates and rows are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum ScoreError {
    /// A candidate that does not belong to the outcome row by row.
    #[error("candidate {candidate} has {found} values, the outcome {needed}")]
    Length {
        /// The candidate.
        candidate: usize,
        /// Values it has.
        found: usize,
        /// Values it needs.
        needed: usize,
    },
    /// A value that is NaN or infinite.
    #[error("value {row} of candidate {candidate} is not finite: leave the patient or the candidate out, or impute")]
    NotFinite {
        /// The candidate.
        candidate: usize,
        /// The row.
        row: usize,
    },
    /// No events, or nobody without one.
    #[error("the outcome has {events} events in {n} patients: a score needs both")]
    OneOutcome {
        /// Events.
        events: usize,
        /// Patients.
        n: usize,
    },
    /// Nothing to choose from.
    #[error("there are no candidates")]
    NoCandidates,
    /// A setting that cannot be.
    #[error("`{setting}` must be {must_be}")]
    Setting {
        /// The setting.
        setting: &'static str,
        /// What is allowed.
        must_be: &'static str,
    },
    /// The resamples cannot be drawn.
    #[error(transparent)]
    Resample(#[from] ResampleError),
}
