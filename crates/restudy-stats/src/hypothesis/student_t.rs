use super::{Estimate, Procedure, Quantity, Statistic, TestResult};
use crate::descriptive::{Moments, pooled_sd};
use crate::{Alternative, Interval, Level, TestError, dist};

/// Do two groups have the same mean? Student's t-test, which takes their standard deviations for equal.
///
/// ## Hypotheses
///
/// H₀: μ₁ − μ₂ = δ. Alternatives: ≠ δ, < δ, > δ.
///
/// ## Formula
///
/// ```text
/// t = (m₁ − m₂ − δ) / se        se = s √(1/n₁ + 1/n₂)        s² = ((n₁ − 1) s₁² + (n₂ − 1) s₂²) / df
/// df = n₁ + n₂ − 2
/// ```
///
/// nᵢ, mᵢ, sᵢ: count, mean and standard deviation of group i; δ: [`null_difference`](Self::null_difference).
///
/// ## Input
///
/// Two independent samples in the same unit, three values or more in all and at least one in each; or their moments,
/// as a paper prints them.
///
/// ## Result
///
/// Statistic t with df. Estimate: m₁ − m₂ in the unit of the data with its standard error and t interval, positive when
/// the first group is greater. A one-sided alternative has a one-sided interval, infinite on the other side.
///
/// ## Conventions
///
/// R: `t.test(first, second, var.equal = TRUE)`; R's default is Welch's. SPSS prints it as "equal variances assumed". A
/// group of one value adds nothing to s.
///
/// ## Errors
///
/// [`TestError::TooFew`], [`TestError::NotFinite`], [`TestError::NotADeviation`], and [`TestError::NoSpread`] when both
/// groups are constant.
///
/// ## Example
///
/// Hours of sleep gained on two drugs, taken as two groups (Student 1908, table on page 20):
///
/// ```
/// use restudy_stats::hypothesis::StudentT;
///
/// let hyoscyamine = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
/// let hyoscine = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
/// let result = StudentT::default().run(&hyoscyamine, &hyoscine)?;
/// assert_eq!(format!("{:.5}", result.p_value), "0.07919");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Student, The probable error of a mean, Biometrika 6 (1908) 1–25; Fisher, Statistical Methods for Research Workers
/// (1925), section 24.1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StudentT {
    /// The side of the test and of its interval.
    pub alternative: Alternative,
    /// The level of the interval.
    pub level: Level,
    /// The difference of means under the null hypothesis, first minus second.
    pub null_difference: f64,
}

impl StudentT {
    /// The test on two samples.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, first: &[f64], second: &[f64]) -> Result<TestResult, TestError> {
        self.run_on_moments(Moments::of_group(first, 0)?, Moments::of_group(second, 1)?)
    }

    /// The test on what a paper prints.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_on_moments(&self, first: Moments, second: Moments) -> Result<TestResult, TestError> {
        for (group, moments) in [first, second].iter().enumerate() {
            if moments.n == 0 {
                return Err(TestError::TooFew { group, found: 0, needed: 1 });
            }
            moments.check(group)?;
        }
        if first.n == 1 && second.n == 1 {
            return Err(TestError::TooFew { group: 0, found: 1, needed: 2 });
        }
        let (n1, n2) = (first.n as f64, second.n as f64);
        MeanComparison {
            procedure: Procedure::StudentT,
            difference: first.mean - second.mean,
            std_error: pooled_sd(first, second) * (1.0 / n1 + 1.0 / n2).sqrt(),
            df: n1 + n2 - 2.0,
            counts: vec![first.n, second.n],
        }
        .test(self.alternative, self.level, self.null_difference)
    }
}

/// What the t-tests differ in; the rest is the same.
pub(super) struct MeanComparison {
    pub(super) procedure: Procedure,
    pub(super) difference: f64,
    pub(super) std_error: f64,
    pub(super) df: f64,
    pub(super) counts: Vec<usize>,
}

impl MeanComparison {
    pub(super) fn test(
        self,
        alternative: Alternative,
        level: Level,
        null_difference: f64,
    ) -> Result<TestResult, TestError> {
        if self.std_error == 0.0 {
            return Err(TestError::NoSpread);
        }
        let t = dist::StudentT::new(self.df)?;
        let value = (self.difference - null_difference) / self.std_error;
        let (p_value, below, above) = match alternative {
            Alternative::TwoSided => {
                let half = t.upper_quantile(level.tail()) * self.std_error;
                (t.two_sided(value), half, half)
            }
            // 2 × tail: the whole of 1 − level on one side.
            Alternative::Less => {
                (t.lower_tail(value), f64::INFINITY, t.upper_quantile(2.0 * level.tail()) * self.std_error)
            }
            Alternative::Greater => {
                (t.upper_tail(value), t.upper_quantile(2.0 * level.tail()) * self.std_error, f64::INFINITY)
            }
        };
        Ok(TestResult {
            procedure: self.procedure,
            alternative,
            statistic: Some(Statistic::T { value, df: self.df }),
            p_value,
            estimate: Some(Estimate {
                quantity: Quantity::MeanDifference,
                value: self.difference,
                std_error: Some(self.std_error),
                interval: Some(Interval { low: self.difference - below, high: self.difference + above, level }),
            }),
            counts: self.counts,
            remarks: Vec::new(),
        })
    }
}
