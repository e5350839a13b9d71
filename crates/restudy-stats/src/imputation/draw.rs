//! Random numbers of distributions, by inversion: the same on every machine.

use nalgebra::{Cholesky, DVector, Dyn};

use super::ImputationError;
use crate::dist::{ChiSquare, Normal};
use crate::resample::Stream;

/// A number strictly between 0 and 1.
fn open_uniform(stream: &mut Stream) -> f64 {
    const HALF_A_STEP: f64 = 1.0 / 18_014_398_509_481_984.0;
    stream.uniform() + HALF_A_STEP
}

pub(super) fn normal(stream: &mut Stream) -> f64 {
    Normal.lower_quantile(open_uniform(stream))
}

pub(super) fn chi_square(df: f64, stream: &mut Stream) -> Result<f64, ImputationError> {
    Ok(ChiSquare::new(df)?.lower_quantile(open_uniform(stream)))
}

/// Centre + spread · z, where the covariance of z is the inverse of the factored matrix; none where that is singular.
pub(super) fn around(
    centre: &[f64],
    spread: f64,
    precision: &Cholesky<f64, Dyn>,
    stream: &mut Stream,
) -> Option<Vec<f64>> {
    let z = DVector::from_fn(centre.len(), |_, _| normal(stream));
    let away = precision.l_dirty().tr_solve_lower_triangular(&z)?;
    Some(centre.iter().zip(away.iter()).map(|(centre, away)| centre + spread * away).collect())
}

/// An index, by probabilities that need not add up to 1 to the last digit.
pub(super) fn index(probabilities: &[f64], stream: &mut Stream) -> usize {
    let mut left = stream.uniform() * probabilities.iter().sum::<f64>();
    for (index, probability) in probabilities.iter().enumerate() {
        left -= probability;
        if left < 0.0 {
            return index;
        }
    }
    probabilities.len() - 1
}
