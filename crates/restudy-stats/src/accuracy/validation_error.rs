//! What can be wrong where a measure of accuracy needs a model or resamples.

use thiserror::Error;

use crate::TestError;
use crate::regression::FitError;
use crate::resample::ResampleError;

/// Why a measure that needs a model or resamples has no answer.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum ValidationError {
    /// The input itself.
    #[error(transparent)]
    Input(#[from] TestError),
    /// The model has no fit to these data.
    #[error(transparent)]
    Fit(#[from] FitError),
    /// The resamples give nothing.
    #[error(transparent)]
    Resample(#[from] ResampleError),
}
