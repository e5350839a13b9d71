//! The partial likelihood, plain or penalised, as what Newton's method maximises.

use nalgebra::{Cholesky, DMatrix};

use super::risk_sets::{RiskSets, Sums};
use super::{CoxTies, exact, penalty};
use crate::newton::{self, Failure, LINEAR, Maximum, QUADRATIC};
use crate::survival::SurvivalError;

/// Newton steps at most; a dozen is much for a likelihood, a hundred for a penalised one.
const MAX_STEPS: u32 = 1000;

/// The risk sets with what is maximised on them.
pub(super) struct Target<'s, 'a> {
    pub(super) sets: &'s RiskSets<'a>,
    /// Whether ½ ln det I is added (Jeffreys's prior).
    pub(super) penalized: bool,
}

/// A point on the way.
pub(in crate::survival) struct Point {
    value: f64,
    pub(super) log_likelihood: f64,
    pub(super) sums: Option<Sums>,
    derivatives: Option<(Vec<f64>, DMatrix<f64>)>,
}

impl Target<'_, '_> {
    /// Maximises over the coefficients in `free`; the covariates are scaled, so that their deviations are 1.
    pub(super) fn maximum(&self, start: Vec<f64>, free: &[usize]) -> Result<Maximum<Point>, Failure> {
        newton::maximum(self, start, free, &vec![1.0; self.sets.p()], MAX_STEPS)
    }
}

impl newton::Objective for Target<'_, '_> {
    type State = Point;

    fn at(&self, beta: &[f64]) -> Option<Point> {
        let mut point = if self.sets.ties == CoxTies::Exact {
            let (log_likelihood, derivatives) = exact::likelihood(self.sets, beta);
            Point { value: log_likelihood, log_likelihood, sums: None, derivatives: Some(derivatives) }
        } else {
            let sums = self.sets.at(beta);
            Point {
                value: sums.log_likelihood,
                log_likelihood: sums.log_likelihood,
                sums: Some(sums),
                derivatives: None,
            }
        };
        if self.penalized {
            let derivatives = self.plain_derivatives(&point);
            let factor = Cholesky::new(derivatives.1.clone())?;
            point.value += factor.l_dirty().diagonal().iter().map(|d| libm::log(*d)).sum::<f64>();
            point.derivatives = Some(derivatives);
        }
        point.value.is_finite().then_some(point)
    }

    fn value(&self, state: &Point) -> f64 {
        state.value
    }

    fn derivatives(&self, _: &[f64], state: &Point) -> (Vec<f64>, DMatrix<f64>) {
        let (mut score, information) = self.plain_derivatives(state);
        if let (true, Some(sums)) = (self.penalized, &state.sums)
            && let Some(factor) = Cholesky::new(information.clone())
        {
            let penalty = penalty::slope(self.sets, sums, &factor.inverse());
            score.iter_mut().zip(penalty).for_each(|(score, penalty)| *score += penalty);
        }
        (score, information)
    }

    fn tolerance(&self) -> f64 {
        if self.penalized { LINEAR } else { QUADRATIC }
    }
}

impl Target<'_, '_> {
    fn plain_derivatives(&self, state: &Point) -> (Vec<f64>, DMatrix<f64>) {
        match (&state.derivatives, &state.sums) {
            (Some(derivatives), _) => derivatives.clone(),
            (None, Some(sums)) => self.sets.derivatives(sums, None),
            // A point has the one or the other.
            (None, None) => (vec![0.0; self.sets.p()], DMatrix::zeros(self.sets.p(), self.sets.p())),
        }
    }
}

impl From<Failure> for SurvivalError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Singular => Self::Singular,
            Failure::NotConverged { iterations } => Self::NotConverged { iterations },
        }
    }
}
