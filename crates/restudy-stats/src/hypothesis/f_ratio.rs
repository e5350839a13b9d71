use super::{Estimate, Procedure, Quantity, Statistic, TestResult};
use crate::descriptive::Moments;
use crate::{Alternative, Interval, Level, TestError, dist};

/// Do two groups have the same variance? The ratio of the variances against the F distribution.
///
/// ## Hypotheses
///
/// H₀: σ₁² / σ₂² = 1. Alternatives: ≠ 1, < 1, > 1.
///
/// ## Formula
///
/// ```text
/// F = s₁² / s₂²        df₁ = n₁ − 1        df₂ = n₂ − 1
/// two-sided p: twice the smaller tail
/// interval: F / q to F / q′, with the upper and lower quantiles of F(df₁, df₂)
/// ```
///
/// ## Input
///
/// Two independent samples in the same unit, two values or more in each, or their moments as a paper prints them. Values
/// are taken as normal, and the test is sensitive to it: [`Levene`](super::Levene) with the median is not.
///
/// ## Result
///
/// Statistic: F with its degrees of freedom. Estimate: the variance ratio, the same number, with its interval. A one-sided
/// alternative has a one-sided interval.
///
/// ## Conventions
///
/// R: `var.test(first, second)`. Prism prints the greater variance over the smaller, with the same two-sided p.
///
/// ## Errors
///
/// [`TestError::TooFew`], [`TestError::NotFinite`], [`TestError::NotADeviation`], [`TestError::NoSpread`] when the values
/// of a group are all equal.
///
/// ## Example
///
/// ```
/// use restudy_stats::{descriptive::Moments, hypothesis::FRatio};
///
/// let (first, second) = (Moments { n: 21, mean: 9.1, sd: 3.0 }, Moments { n: 16, mean: 8.7, sd: 2.0 });
/// let result = FRatio::default().run_on_moments(first, second)?;
/// assert_eq!(result.statistic.unwrap().value(), 2.25);
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Snedecor and Cochran, Statistical Methods, 8th edition (1989), section 6.12.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FRatio {
    /// The side of the test and of the interval.
    pub alternative: Alternative,
    /// The level of the interval.
    pub level: Level,
}

impl FRatio {
    /// The test on two samples.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, first: &[f64], second: &[f64]) -> Result<TestResult, TestError> {
        self.run_on_moments(Moments::of_group(first, 0)?, Moments::of_group(second, 1)?)
    }

    /// The test on the moments of two samples.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_on_moments(&self, first: Moments, second: Moments) -> Result<TestResult, TestError> {
        for (group, moments) in [first, second].iter().enumerate() {
            if moments.n < 2 {
                return Err(TestError::TooFew { group, found: moments.n, needed: 2 });
            }
            moments.check(group)?;
            if moments.sd == 0.0 {
                return Err(TestError::NoSpread);
            }
        }
        let ratio = first.sd / second.sd;
        let value = ratio * ratio;
        let (df1, df2) = (first.n as f64 - 1.0, second.n as f64 - 1.0);
        let f = dist::FisherF::new(df1, df2)?;
        let (lower, upper) = (f.lower_tail(value), f.upper_tail(value));
        let low = |tail: f64| value / f.upper_quantile(tail);
        let high = |tail: f64| value / f.lower_quantile(tail);
        let tail = self.level.tail();
        let (p_value, low, high) = match self.alternative {
            Alternative::TwoSided => ((2.0 * lower.min(upper)).min(1.0), low(tail), high(tail)),
            // 2 × tail: the whole of 1 − level on one side.
            Alternative::Less => (lower, 0.0, high(2.0 * tail)),
            Alternative::Greater => (upper, low(2.0 * tail), f64::INFINITY),
        };
        Ok(TestResult {
            procedure: Procedure::FRatio,
            alternative: self.alternative,
            statistic: Some(Statistic::F { value, df1, df2 }),
            p_value,
            estimate: Some(Estimate {
                quantity: Quantity::VarianceRatio,
                value,
                std_error: None,
                interval: Some(Interval { low, high, level: self.level }),
            }),
            counts: vec![first.n, second.n],
            remarks: Vec::new(),
        })
    }
}
