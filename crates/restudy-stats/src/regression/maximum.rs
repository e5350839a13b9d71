//! Newton's method on the log-likelihood, plain or penalised, with some coefficients held.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use super::FitError;
use super::kernel::{Evaluation, Kernel};

/// What is maximised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Objective {
    /// The log-likelihood.
    Likelihood,
    /// The log-likelihood + ½ ln det X'WX (Jeffreys's prior; Firth 1993).
    Penalized,
}

/// The largest step of a coefficient, in its column's standard deviations: beyond it the quadratic is no guide.
const LONGEST_STEP: f64 = 5.0;
const HALVINGS: u32 = 50;
/// A fall of the objective that is rounding.
const ROUNDING: f64 = 1e-13;

/// A maximum, in the basis of its kernel.
#[derive(Clone)]
pub(super) struct Maximum {
    pub(super) beta: Vec<f64>,
    /// The objective.
    pub(super) value: f64,
    pub(super) log_likelihood: f64,
    /// X'WX at this very point.
    pub(super) information: DMatrix<f64>,
    /// X'WX with W(1 + h) under the penalty.
    pub(super) augmented: Option<DMatrix<f64>>,
    pub(super) least_residual: f64,
    pub(super) iterations: u32,
}

/// A point on the way.
struct Point {
    beta: Vec<f64>,
    value: f64,
    evaluation: Evaluation,
    /// The factor of all of X'WX, which the penalty needs.
    factor: Option<Cholesky<f64, Dyn>>,
}

impl Point {
    fn new(kernel: &Kernel<'_>, objective: Objective, beta: Vec<f64>) -> Option<Self> {
        let evaluation = kernel.evaluate(&beta);
        let (value, factor) = match objective {
            Objective::Likelihood => (evaluation.log_likelihood, None),
            Objective::Penalized => {
                let factor = Cholesky::new(evaluation.information.clone())?;
                let half_log_determinant: f64 = factor.l_dirty().diagonal().iter().map(|d| libm::log(*d)).sum();
                (evaluation.log_likelihood + half_log_determinant, Some(factor))
            }
        };
        value.is_finite().then_some(Self { beta, value, evaluation, factor })
    }

    /// The objective's derivative, and the augmented information under the penalty.
    fn derivative(&self, kernel: &Kernel<'_>) -> (Vec<f64>, Option<DMatrix<f64>>) {
        let mut score = self.evaluation.score.clone();
        let Some(factor) = &self.factor else { return (score, None) };
        let penalty = kernel.penalty(&self.beta, &factor.inverse());
        for (sum, part) in score.iter_mut().zip(&penalty.score) {
            *sum += part;
        }
        (score, Some(penalty.augmented))
    }
}

/// Maximises over the coefficients in `free`, the others staying as in `start`. `scale` is each column's standard
/// deviation.
///
/// A step is the solution of the free part of X'WX, halved until the objective does not fall. The end is judged by
/// Newton's decrement λ² = step · score, twice the rise that the quadratic promises, so that λ is the remaining error in
/// standard errors. The likelihood converges quadratically, so that the step at λ < 1e-8 leaves nothing; under the
/// penalty the same matrix is not the whole Hessian, the convergence is linear, and λ itself must vanish.
pub(super) fn maximum(
    kernel: &Kernel<'_>,
    objective: Objective,
    start: Vec<f64>,
    free: &[usize],
    scale: &[f64],
    max_iterations: u32,
) -> Result<Maximum, FitError> {
    let small = match objective {
        Objective::Likelihood => 1e-16,
        Objective::Penalized => 1e-25,
    };
    let mut point = Point::new(kernel, objective, start).ok_or(FitError::Singular)?;
    for iterations in 0..=max_iterations {
        let (score, augmented) = point.derivative(kernel);
        let mut step = newton_step(&point.evaluation.information, &score, free)?;
        let decrement: f64 = step.iter().zip(free).map(|(step, &j)| step * score[j]).sum();
        let done = |point: Point, augmented| Maximum {
            beta: point.beta,
            value: point.value,
            log_likelihood: point.evaluation.log_likelihood,
            information: point.evaluation.information,
            augmented,
            least_residual: point.evaluation.least_residual,
            iterations,
        };
        if free.is_empty() || decrement <= 0.0 {
            return Ok(done(point, augmented));
        }
        let length = step.iter().zip(free).fold(0.0, |length: f64, (step, &j)| length.max(step.abs() * scale[j]));
        if length > LONGEST_STEP {
            step *= LONGEST_STEP / length;
        }
        let mut part = 1.0;
        let mut next = None;
        for _ in 0..HALVINGS {
            let mut beta = point.beta.clone();
            for (step, &j) in step.iter().zip(free) {
                beta[j] += part * step;
            }
            next = Point::new(kernel, objective, beta)
                .filter(|next| next.value >= point.value - ROUNDING * point.value.abs().max(1.0));
            if next.is_some() {
                break;
            }
            part /= 2.0;
        }
        match next {
            Some(next) if decrement > small => point = next,
            // The last step: its point is the estimate, and weights and score are taken there.
            Some(next) => {
                let (_, augmented) = next.derivative(kernel);
                return Ok(done(next, augmented));
            }
            // No step rises: this is the maximum as far as doubles tell, unless the quadratic still promises more.
            None if decrement < 1e-12 => return Ok(done(point, augmented)),
            None => return Err(FitError::NotConverged { iterations }),
        }
    }
    Err(FitError::NotConverged { iterations: max_iterations })
}

fn newton_step(information: &DMatrix<f64>, score: &[f64], free: &[usize]) -> Result<DVector<f64>, FitError> {
    let matrix = DMatrix::from_fn(free.len(), free.len(), |j, k| information[(free[j], free[k])]);
    let slope = DVector::from_iterator(free.len(), free.iter().map(|&j| score[j]));
    Ok(Cholesky::new(matrix).ok_or(FitError::Singular)?.solve(&slope))
}
