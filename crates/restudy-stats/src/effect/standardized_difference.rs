use super::cohens_d::large_sample_std_error;
use super::{Effect, EffectProcedure};
use crate::descriptive::{Moments, StandardizedBy, standardized_difference};
use crate::hypothesis::{Estimate, Quantity};
use crate::{Interval, Level, TestError, dist};

/// Are two groups balanced? The difference of means by the average variance, which does not depend on the group sizes.
///
/// ## Formula
///
/// ```text
/// d = (m₁ − m₂) / s        s² = (s₁² + s₂²) / 2
/// Hedges–Olkin:  se² = 1/n₁ + 1/n₂ + d²/(2(n₁ + n₂))
/// Bonett:        se² = d² (s₁⁴/(n₁ − 1) + s₂⁴/(n₂ − 1)) / (8 s⁴) + (s₁²/(n₁ − 1) + s₂²/(n₂ − 1)) / s²
/// interval:      d ± z se
/// ```
///
/// ## Input
///
/// Two independent samples in the same unit, two values or more in each; or their moments.
///
/// ## Result
///
/// Estimate: d, a pure number, positive when the first mean is greater; its standard error and interval by the formula
/// chosen.
///
/// ## Conventions
///
/// R: `tableone::ExtractSmd` and `cobalt::bal.tab` print d (without its sign, and for more groups averaged); `stddiff`
/// has the Hedges–Olkin interval; `metafor::escalc("SMDH", …)` Bonett's, with a bias correction that is not made here.
/// Bonett's allows unequal variances.
///
/// ## Errors
///
/// [`TestError::TooFew`], [`TestError::NotFinite`], [`TestError::NotADeviation`], [`TestError::NoSpread`] when both groups
/// are constant or d has no finite value.
///
/// ## Example
///
/// ```
/// use restudy_stats::descriptive::Moments;
/// use restudy_stats::effect::StandardizedDifference;
///
/// let first = Moments { n: 40, mean: 12.0, sd: 3.0 };
/// let second = Moments { n: 200, mean: 10.0, sd: 4.0 };
/// let effect = StandardizedDifference::default().run_on_moments(first, second)?;
/// assert!((effect.estimate.value - 2.0 / 12.5_f64.sqrt()).abs() < 1e-15);
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Austin, Statistics in Medicine 28 (2009) 3083–3107; Yang and Dalton, SAS Global Forum (2012) 335; Bonett,
/// Psychological Methods 13 (2008) 99–109.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StandardizedDifference {
    /// The interval.
    pub interval: StandardizedDifferenceInterval,
    /// Its level.
    pub level: Level,
}

/// The interval of a difference standardised by the average variance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum StandardizedDifferenceInterval {
    /// That of Cohen's d, as tables of balance print it.
    #[default]
    HedgesOlkin,
    /// That for unequal variances.
    Bonett,
}

impl StandardizedDifference {
    /// The difference of two samples.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, first: &[f64], second: &[f64]) -> Result<Effect, TestError> {
        self.run_on_moments(Moments::of_group(first, 0)?, Moments::of_group(second, 1)?)
    }

    /// The difference of two samples of which a paper prints the moments.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_on_moments(&self, first: Moments, second: Moments) -> Result<Effect, TestError> {
        let value = standardized_difference(first, second, StandardizedBy::AverageVariance)?;
        if !value.is_finite() {
            return Err(TestError::NoSpread);
        }
        let (n1, n2) = (first.n as f64, second.n as f64);
        let std_error = match self.interval {
            StandardizedDifferenceInterval::HedgesOlkin => large_sample_std_error(value, n1, n2),
            StandardizedDifferenceInterval::Bonett => {
                // Variances over the average variance; they add to 2, and none overflows.
                let average_sd = libm::hypot(first.sd, second.sd) / std::f64::consts::SQRT_2;
                let square = |x: f64| x * x;
                let (v1, v2) = (square(first.sd / average_sd), square(second.sd / average_sd));
                let of_scale = square(value) * (v1 * v1 / (n1 - 1.0) + v2 * v2 / (n2 - 1.0)) / 8.0;
                (of_scale + v1 / (n1 - 1.0) + v2 / (n2 - 1.0)).sqrt()
            }
        };
        let reach = dist::Normal.upper_quantile(self.level.tail()) * std_error;
        Ok(Effect {
            procedure: EffectProcedure::StandardizedDifference { interval: self.interval },
            estimate: Estimate {
                quantity: Quantity::StandardizedDifference,
                value,
                std_error: Some(std_error),
                interval: Some(Interval { low: value - reach, high: value + reach, level: self.level }),
            },
            coverage: None,
            counts: vec![first.n, second.n],
            remarks: Vec::new(),
        })
    }
}
