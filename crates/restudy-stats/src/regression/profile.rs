//! Limits of a profile likelihood.

use argmin::core::{CostFunction, Error, Executor, State, TerminationReason, TerminationStatus};
use argmin::solver::brent::BrentRoot;

use super::FitError;

/// How far out a limit is looked for, in standard errors: 1.5 to this power.
const WIDENINGS: u32 = 30;
/// In standard errors.
const ACCURACY: f64 = 1e-12;

/// The point on one side of the estimate where `root`, the signed root of the deviance less its critical value, is 0;
/// infinite when it stays below. Both the point and the argument of `root` are in standard errors from the estimate.
///
/// The square root is nearly linear where the deviance is nearly quadratic, so that few steps find its zero.
pub(super) fn limit(side: f64, root: impl Fn(f64) -> Result<f64, FitError>) -> Result<f64, FitError> {
    let mut inside = 0.0;
    let mut outside = side;
    for _ in 0..WIDENINGS {
        if root(outside)? >= 0.0 {
            return between(inside, outside, &root);
        }
        inside = outside;
        outside *= 1.5;
    }
    Ok(side * f64::INFINITY)
}

fn between(inside: f64, outside: f64, root: &impl Fn(f64) -> Result<f64, FitError>) -> Result<f64, FitError> {
    struct Root<'a, F>(&'a F);
    impl<F: Fn(f64) -> Result<f64, FitError>> CostFunction for Root<'_, F> {
        type Param = f64;
        type Output = f64;
        fn cost(&self, at: &f64) -> Result<f64, Error> {
            Ok((self.0)(*at)?)
        }
    }
    const STEPS: u32 = 200;
    let solver = BrentRoot::new(inside.min(outside), inside.max(outside), ACCURACY);
    let found = Executor::new(Root(root), solver).configure(|state| state.max_iters(u64::from(STEPS))).run();
    let state = match found {
        Ok(found) => found.state,
        Err(error) => return Err(error.downcast().unwrap_or(FitError::NotConverged { iterations: STEPS })),
    };
    let converged = TerminationStatus::Terminated(TerminationReason::SolverConverged);
    match state.get_param() {
        Some(&at) if *state.get_termination_status() == converged => Ok(at),
        _ => Err(FitError::NotConverged { iterations: STEPS }),
    }
}
