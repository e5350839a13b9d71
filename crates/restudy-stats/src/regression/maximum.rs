//! The logistic log-likelihood, plain or penalised, as what Newton's method maximises.

use nalgebra::{Cholesky, DMatrix, Dyn};

use super::FitError;
use super::kernel::{Evaluation, Kernel};
use crate::newton::{self, Failure, LINEAR, QUADRATIC};

/// What is maximised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Objective {
    /// The log-likelihood.
    Likelihood,
    /// The log-likelihood + ½ ln det X'WX (Jeffreys's prior; Firth 1993).
    Penalized,
}

/// A maximum, in the basis of its kernel.
#[derive(Clone)]
pub(super) struct Maximum {
    pub(super) beta: Vec<f64>,
    /// The objective.
    pub(super) value: f64,
    pub(super) log_likelihood: f64,
    /// X'WX at this very point.
    pub(super) information: DMatrix<f64>,
    pub(super) least_residual: f64,
    pub(super) iterations: u32,
}

/// A point on the way.
struct Point {
    value: f64,
    evaluation: Evaluation,
    /// The factor of all of X'WX, which the penalty needs.
    factor: Option<Cholesky<f64, Dyn>>,
}

/// The rows with what is made of them.
struct Target<'a, 'k> {
    kernel: &'k Kernel<'a>,
    objective: Objective,
}

impl newton::Objective for Target<'_, '_> {
    type State = Point;

    fn at(&self, beta: &[f64]) -> Option<Point> {
        let evaluation = self.kernel.evaluate(beta);
        let (value, factor) = match self.objective {
            Objective::Likelihood => (evaluation.log_likelihood, None),
            Objective::Penalized => {
                let factor = Cholesky::new(evaluation.information.clone())?;
                let half_log_determinant: f64 = factor.l_dirty().diagonal().iter().map(|d| libm::log(*d)).sum();
                (evaluation.log_likelihood + half_log_determinant, Some(factor))
            }
        };
        value.is_finite().then_some(Point { value, evaluation, factor })
    }

    fn value(&self, state: &Point) -> f64 {
        state.value
    }

    fn derivatives(&self, beta: &[f64], state: &Point) -> (Vec<f64>, DMatrix<f64>) {
        let mut score = state.evaluation.score.clone();
        if let Some(factor) = &state.factor {
            let penalty = self.kernel.penalty(beta, &factor.inverse());
            score.iter_mut().zip(&penalty.score).for_each(|(sum, part)| *sum += part);
        }
        (score, state.evaluation.information.clone())
    }

    fn tolerance(&self) -> f64 {
        match self.objective {
            Objective::Likelihood => QUADRATIC,
            Objective::Penalized => LINEAR,
        }
    }
}

/// Maximises over the coefficients in `free`, the others staying as in `start`.
pub(super) fn maximum(
    kernel: &Kernel<'_>,
    objective: Objective,
    start: Vec<f64>,
    free: &[usize],
    scale: &[f64],
    max_iterations: u32,
) -> Result<Maximum, FitError> {
    let found = newton::maximum(&Target { kernel, objective }, start, free, scale, max_iterations)?;
    let evaluation = found.state.evaluation;
    Ok(Maximum {
        beta: found.beta,
        value: found.value,
        log_likelihood: evaluation.log_likelihood,
        information: evaluation.information,
        least_residual: evaluation.least_residual,
        iterations: found.iterations,
    })
}

impl From<Failure> for FitError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Singular => Self::Singular,
            Failure::NotConverged { iterations } => Self::NotConverged { iterations },
        }
    }
}
