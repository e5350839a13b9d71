//! The partial likelihood, plain or penalised, as what Newton's method maximises.

use nalgebra::{Cholesky, DMatrix};

use super::risk_sets::{RiskSets, Sums};
use super::{CoxTies, exact, penalty};
use crate::newton::{self, Failure, LINEAR, Maximum, QUADRATIC};
use crate::survival::SurvivalError;

/// Newton steps at most; a dozen is much for a likelihood, a hundred for a penalised one.
const MAX_STEPS: u32 = 1000;

/// The difference of a coefficient, in standard deviations of its covariate, over which a slope's change is taken.
const DIFFERENCE: f64 = 1e-5;

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

    fn derivatives(&self, beta: &[f64], state: &Point) -> (Vec<f64>, DMatrix<f64>) {
        if !self.penalized {
            return self.plain_derivatives(state);
        }
        let slope = self.penalized_slope(state);
        // The penalty bends the likelihood as much as the data do where events are few, so that steps of I alone may go back
        // and forth for ever: the curvature of both, by differences of the slope.
        let mut curvature = DMatrix::zeros(beta.len(), beta.len());
        for j in 0..beta.len() {
            let at = |side: f64| {
                let mut moved = beta.to_vec();
                moved[j] += side * DIFFERENCE;
                newton::Objective::at(self, &moved).map(|point| self.penalized_slope(&point))
            };
            let (Some(above), Some(below)) = (at(1.0), at(-1.0)) else { return (slope, state.information(self)) };
            for k in 0..beta.len() {
                let half = (below[k] - above[k]) / (4.0 * DIFFERENCE);
                curvature[(j, k)] += half;
                curvature[(k, j)] += half;
            }
        }
        // Far from the maximum it need not bend down.
        if Cholesky::new(curvature.clone()).is_none() {
            curvature = state.information(self);
        }
        (slope, curvature)
    }

    fn tolerance(&self) -> f64 {
        if self.penalized { LINEAR } else { QUADRATIC }
    }
}

impl Point {
    /// I at this point.
    pub(super) fn information(&self, target: &Target<'_, '_>) -> DMatrix<f64> {
        target.plain_derivatives(self).1
    }
}

impl Target<'_, '_> {
    fn penalized_slope(&self, state: &Point) -> Vec<f64> {
        let (mut slope, information) = self.plain_derivatives(state);
        if let (Some(sums), Some(factor)) = (&state.sums, Cholesky::new(information)) {
            let penalty = penalty::slope(self.sets, sums, &factor.inverse());
            slope.iter_mut().zip(penalty).for_each(|(slope, penalty)| *slope += penalty);
        }
        slope
    }

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
