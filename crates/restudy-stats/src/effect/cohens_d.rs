use super::noncentral_t::tails;
use super::{Effect, EffectProcedure};
use crate::descriptive::{Moments, StandardizedBy, standardized_difference};
use crate::hypothesis::{Estimate, Quantity};
use crate::root::root;
use crate::special::stirling_error;
use crate::{Interval, Level, TestError, dist};

/// By how many standard deviations do two means differ? Cohen's d, and Hedges's g.
///
/// ## Formula
///
/// ```text
/// d = (m₁ − m₂) / s        s² = ((n₁ − 1) s₁² + (n₂ − 1) s₂²) / df        df = n₁ + n₂ − 2
/// g = J d        J = Γ(df/2) / (√(df/2) Γ((df − 1)/2))
/// Hedges–Olkin:  e ± z √( 1/n₁ + 1/n₂ + e²/(2(n₁ + n₂)) ),  e the estimate
/// noncentral t:  the d at which t = d √(n₁n₂/(n₁ + n₂)) observed has (1 − level)/2 above or below it; times J for g
/// ```
///
/// ## Input
///
/// Two independent samples in the same unit, two values or more in each; or their moments.
///
/// ## Result
///
/// Estimate: d or g, a pure number, positive when the first mean is greater. The standard error is the large-sample one
/// of Hedges and Olkin with either interval.
///
/// ## Conventions
///
/// | settings | R |
/// |---|---|
/// | [`Bias::Uncorrected`], noncentral t | `effectsize::cohens_d(first, second)` |
/// | [`Bias::Hedges`], noncentral t | `effectsize::hedges_g(first, second)` |
/// | [`Bias::Hedges`], Hedges–Olkin | `metafor::escalc("SMD", …)`, then `summary()` |
///
/// J is the exact gamma correction; many texts approximate it by 1 − 3/(4 df − 1). Some call g what is d here. The
/// noncentral t interval is exact for normal data of equal variance, the other holds in large samples.
///
/// ## Errors
///
/// [`TestError::TooFew`], [`TestError::NotFinite`], [`TestError::NotADeviation`], [`TestError::NoSpread`] when both groups
/// are constant or d has no finite value, [`TestError::NotConverged`] for the noncentral t interval of |t| > 1000 √df.
///
/// ## Example
///
/// Length of stay after stroke under specialist and routine care, in Edinburgh (Normand 1999):
///
/// ```
/// use restudy_stats::descriptive::Moments;
/// use restudy_stats::effect::{Bias, CohensD};
///
/// let specialist = Moments { n: 155, mean: 55.0, sd: 47.0 };
/// let routine = Moments { n: 156, mean: 75.0, sd: 64.0 };
/// let effect = CohensD { bias: Bias::Hedges, ..CohensD::default() }.run_on_moments(specialist, routine)?;
/// assert_eq!(format!("{:.4}", effect.estimate.value), "-0.3552");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Cohen, Statistical Power Analysis for the Behavioral Sciences, 2nd edition (1988), section 2.5; Hedges, Journal of
/// Educational Statistics 6 (1981) 107–128; Hedges and Olkin, Statistical Methods for Meta-Analysis (1985), pages 79 and
/// 86; Steiger and Fouladi, in What If There Were No Significance Tests? (1997) 221–257 (noncentral t).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CohensD {
    /// Whether the bias of small samples is taken out.
    pub bias: Bias,
    /// The interval.
    pub interval: CohensDInterval,
    /// Its level.
    pub level: Level,
}

/// The bias of a standardised mean difference in small samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Bias {
    /// Left in: Cohen's d.
    #[default]
    Uncorrected,
    /// Taken out by the exact factor: Hedges's g.
    Hedges,
}

/// The interval of a standardised mean difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CohensDInterval {
    /// The large-sample interval.
    #[default]
    HedgesOlkin,
    /// The exact interval for normal data of equal variance.
    NoncentralT,
}

impl CohensD {
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
        let d = standardized_difference(first, second, StandardizedBy::PooledSd)?;
        if !d.is_finite() {
            return Err(TestError::NoSpread);
        }
        let (n1, n2) = (first.n as f64, second.n as f64);
        let df = n1 + n2 - 2.0;
        let (quantity, factor) = match self.bias {
            Bias::Uncorrected => (Quantity::CohensD, 1.0),
            Bias::Hedges => (Quantity::HedgesG, unbiasing_factor(df)),
        };
        let value = factor * d;
        let std_error = large_sample_std_error(value, n1, n2);
        let (low, high) = match self.interval {
            CohensDInterval::HedgesOlkin => {
                let reach = dist::Normal.upper_quantile(self.level.tail()) * std_error;
                (value - reach, value + reach)
            }
            CohensDInterval::NoncentralT => {
                let root_n = (n1 * (n2 / (n1 + n2))).sqrt();
                let t = d * root_n;
                // The mirror image of the search for the lower limit.
                let low = lower_shift(t, df, self.level.tail())?;
                let high = -lower_shift(-t, df, self.level.tail())?;
                (factor * low / root_n, factor * high / root_n)
            }
        };
        Ok(Effect {
            procedure: EffectProcedure::CohensD { bias: self.bias, interval: self.interval },
            estimate: Estimate {
                quantity,
                value,
                std_error: Some(std_error),
                interval: Some(Interval { low, high, level: self.level }),
            },
            coverage: None,
            counts: vec![first.n, second.n],
            remarks: Vec::new(),
        })
    }
}

/// Hedges and Olkin's large-sample standard error of a standardised difference.
pub(super) fn large_sample_std_error(value: f64, n1: f64, n2: f64) -> f64 {
    (1.0 / n1 + 1.0 / n2 + value * value / (2.0 * (n1 + n2))).sqrt()
}

/// J = Γ(df/2) / (√(df/2) Γ((df − 1)/2)), for df ≥ 2, by Stirling's formula and its error.
fn unbiasing_factor(df: f64) -> f64 {
    let x = df / 2.0;
    let exponent = -x * libm::log1p(-0.5 / x) - 0.5 + (stirling_error(x) - stirling_error(x - 0.5));
    (x - 0.5) / x * libm::exp(exponent)
}

/// The shift of the noncentral t distribution that leaves the probability `tail` above t.
fn lower_shift(t: f64, df: f64, tail: f64) -> Result<f64, TestError> {
    // Farther out the quadrature needs more points than anyone would wait for.
    if t.abs() > 1e3 * df.sqrt() {
        return Err(TestError::NotConverged { iterations: 0 });
    }
    let excess = |shift: f64| libm::log(tails(t, df, shift).1 / tail);
    // The normal approximation's width, doubled until it holds the limit.
    let mut reach = (1.0 + t * t / (2.0 * df)).sqrt() * dist::Normal.upper_quantile(tail);
    while excess(t - reach) > 0.0 {
        reach *= 2.0;
    }
    root(excess, t - reach, t + reach)
}
