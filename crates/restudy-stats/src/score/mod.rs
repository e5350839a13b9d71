//! A points score, from its derivation to its honest performance.
//!
//! A [`Derivation`] is everything that was decided on the data: which variables pass the screen, which of them become items, where
//! their cut-offs lie, what a total predicts. [`PipelineValidation`] repeats all of it on resamples.

mod derivation;
mod error;
mod performance;
mod pipeline_validation;
mod rounding;

pub use derivation::{Adjustment, Candidate, CandidateValues, ContinuousTest, Derivation, DerivedItem, DerivedScore};
pub use error::ScoreError;
pub use performance::Performance;
pub use pipeline_validation::{
    CandidateStability, Corrected, PatientStability, PipelineValidation, PipelineValidationResult, Replicate,
    StabilitySpread,
};
pub use rounding::CutoffRounding;
