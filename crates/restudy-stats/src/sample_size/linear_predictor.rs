//! The distribution of a model's linear predictor in the patients to come, and integrals over it.

use std::f64::consts::SQRT_2;

use super::{between, proportion};
use crate::special::ln_gamma;
use crate::{DistributionError, dist};

/// How the linear predictor, the logit of the predicted risk, is expected to spread.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LinearPredictor {
    /// Normal.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation, at most 100.
        sd: f64,
    },
    /// The predicted risk has a beta distribution.
    Beta {
        /// First shape.
        alpha: f64,
        /// Second shape.
        beta: f64,
    },
    /// Normal with one variance among events and among non-events, as the C statistic and the prevalence imply for a model
    /// that is well calibrated: σ = √2 Φ⁻¹(C), means ln(φ / (1 − φ)) ± σ²/2.
    CStatistic {
        /// The C statistic.
        c_statistic: f64,
        /// The prevalence.
        prevalence: f64,
    },
}

impl LinearPredictor {
    pub(super) fn check(self) -> Result<(), DistributionError> {
        match self {
            Self::Normal { mean, sd } => {
                between("mean of the linear predictor", mean, -500.0, 500.0, "between -500 and 500")?;
                between("standard deviation of the linear predictor", sd, 0.0, 100.0, "positive and below 100")
            }
            Self::Beta { alpha, beta } => {
                for (parameter, shape) in [("alpha", alpha), ("beta", beta)] {
                    between(parameter, shape, 0.0099, 1e6, "between 0.01 and 1,000,000")?;
                }
                Ok(())
            }
            Self::CStatistic { c_statistic, prevalence } => {
                between("C statistic", c_statistic, 0.5, 1.0, "strictly between 0.5 and 1")?;
                proportion("prevalence", prevalence)
            }
        }
    }

    /// E f(LP) over the part of the distribution above `from`.
    ///
    /// The trapezoidal rule on the whole line, whose error falls exponentially in one over the step for densities as
    /// smooth as these (Trefethen and Weideman, SIAM Review 56 (2014) 385–458); above a point, after a substitution that
    /// lets the end of the range go to infinity.
    pub(super) fn expectation(self, from: f64, f: impl Fn(f64) -> f64) -> f64 {
        match self {
            Self::Normal { mean, sd } => normal_expectation(mean, sd, from, &f),
            Self::CStatistic { c_statistic, prevalence } => {
                let sd = SQRT_2 * dist::Normal.lower_quantile(c_statistic);
                let middle = libm::log(prevalence / (1.0 - prevalence));
                let [event, other] = [0.5, -0.5].map(|side| normal_expectation(middle + side * sd * sd, sd, from, &f));
                prevalence * event + (1.0 - prevalence) * other
            }
            Self::Beta { alpha, beta } => {
                let ln_constant = ln_gamma(alpha + beta) - ln_gamma(alpha) - ln_gamma(beta);
                let density = |x: f64| {
                    let (ln_p, ln_q) = (-libm::log1p(libm::exp(-x)), -libm::log1p(libm::exp(x)));
                    libm::exp(ln_constant + alpha * ln_p + beta * ln_q)
                };
                let sd = (1.0 / alpha + 1.0 / beta).sqrt();
                let middle = libm::log(alpha / beta);
                let (low, high) = (middle - 10.0 * sd - 45.0 / alpha, middle + 10.0 * sd + 45.0 / beta);
                integral(low, high, from, sd.min(1.0), |x| density(x) * f(x))
            }
        }
    }
}

fn normal_expectation(mean: f64, sd: f64, from: f64, f: impl Fn(f64) -> f64) -> f64 {
    integral(mean - 10.0 * sd, mean + 10.0 * sd, from, sd.min(1.0), |x| {
        dist::Normal.density((x - mean) / sd) / sd * f(x)
    })
}

/// ∫ over [low, high] of what lies above `from`; `scale` is the length over which the function changes.
fn integral(low: f64, high: f64, from: f64, scale: f64, f: impl Fn(f64) -> f64) -> f64 {
    if from <= low {
        return trapezoid(low, high, scale / 16.0, f);
    }
    if from >= high {
        return 0.0;
    }
    // x = from + ln(1 + eᵘ): near `from` it leaves exponentially slowly, farther on it goes as u. The substitution has its
    // own scale, 1, so that it is stretched to the function's.
    let stretch = scale;
    let end = (high - from) / stretch + 1.0;
    trapezoid(-42.0, end, 1.0 / 16.0, |u| {
        let softplus = u.max(0.0) + libm::log1p(libm::exp(-u.abs()));
        let slope = 1.0 / (1.0 + libm::exp(-u));
        stretch * slope * f(from + stretch * softplus)
    })
}

/// The trapezoidal rule with steps of at most `step`.
pub(super) fn trapezoid(low: f64, high: f64, step: f64, f: impl Fn(f64) -> f64) -> f64 {
    let steps = ((high - low) / step).ceil().max(1.0);
    let width = (high - low) / steps;
    let mut sum = (f(low) + f(high)) / 2.0;
    let mut k = 1.0;
    while k < steps {
        sum += f(low + k * width);
        k += 1.0;
    }
    width * sum
}
