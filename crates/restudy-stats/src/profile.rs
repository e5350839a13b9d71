//! Tests and limits of a coefficient by its profile likelihood.

use argmin::core::{CostFunction, Error, Executor, State, TerminationReason, TerminationStatus};
use argmin::solver::brent::BrentRoot;

use crate::dist::{ChiSquare, Normal};
use crate::newton::Failure;
use crate::regression::{Coefficient, Inference};
use crate::{DistributionError, Interval, Level};

/// How far out a limit is looked for, in standard errors: 1.5 to this power.
const WIDENINGS: u32 = 30;
/// In standard errors.
const ACCURACY: f64 = 1e-12;

/// What a profile can fail with.
pub(crate) trait Fails:
    From<Failure> + From<DistributionError> + std::error::Error + Send + Sync + 'static
{
}

impl<E: From<Failure> + From<DistributionError> + std::error::Error + Send + Sync + 'static> Fails for E {}

/// A coefficient, and how its profile is asked.
pub(crate) struct Profile<'a> {
    pub(crate) name: &'a str,
    pub(crate) estimate: f64,
    pub(crate) std_error: f64,
    pub(crate) inference: Inference,
    pub(crate) level: Level,
}

impl Profile<'_> {
    /// The signed root of the deviance less its critical value, given how far the likelihood falls.
    pub(crate) fn root(&self, fall: f64) -> f64 {
        (2.0 * fall).max(0.0).sqrt() - Normal.upper_quantile(self.level.tail())
    }

    /// Test and interval from how far the likelihood falls when the coefficient is held at a value.
    pub(crate) fn coefficient<E: Fails>(&self, fall: impl Fn(f64) -> Result<f64, E>) -> Result<Coefficient, E> {
        let root = |t: f64| Ok::<f64, E>(self.root(fall(self.estimate + t * self.std_error)?));
        let (low, high) = (limit(-1.0, root)?, limit(1.0, root)?);
        self.with_limits(low, high, fall(0.0)?)
    }

    /// The same from limits in standard errors and the fall at 0.
    pub(crate) fn with_limits<E: Fails>(&self, low: f64, high: f64, fall: f64) -> Result<Coefficient, E> {
        let statistic = (2.0 * fall).max(0.0);
        let at = |t: f64| self.estimate + t * self.std_error;
        Ok(Coefficient {
            name: self.name.to_owned(),
            estimate: self.estimate,
            std_error: self.std_error,
            statistic,
            p_value: ChiSquare::new(1.0)?.upper_tail(statistic),
            interval: Interval { low: at(low), high: at(high), level: self.level },
            inference: self.inference,
        })
    }
}

/// The point on one side of the estimate where `root`, the signed root of the deviance less its critical value, is 0;
/// infinite when it stays below. Both the point and the argument of `root` are in standard errors from the estimate.
///
/// The square root is nearly linear where the deviance is nearly quadratic, so that few steps find its zero.
pub(crate) fn limit<E: Fails>(side: f64, root: impl Fn(f64) -> Result<f64, E>) -> Result<f64, E> {
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

fn between<E: Fails>(inside: f64, outside: f64, root: &impl Fn(f64) -> Result<f64, E>) -> Result<f64, E> {
    struct Root<'a, F>(&'a F);
    impl<E: Fails, F: Fn(f64) -> Result<f64, E>> CostFunction for Root<'_, F> {
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
        Err(error) => {
            return Err(error.downcast().unwrap_or_else(|_| Failure::NotConverged { iterations: STEPS }.into()));
        }
    };
    let converged = TerminationStatus::Terminated(TerminationReason::SolverConverged);
    match state.get_param() {
        Some(&at) if *state.get_termination_status() == converged => Ok(at),
        _ => Err(Failure::NotConverged { iterations: STEPS }.into()),
    }
}
