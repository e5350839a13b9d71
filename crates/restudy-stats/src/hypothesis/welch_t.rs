use super::student_t::MeanComparison;
use super::{Procedure, TestResult};
use crate::descriptive::Moments;
use crate::{Alternative, Level, TestError};

/// Do two groups have the same mean, whatever their standard deviations? Welch's t-test.
///
/// ## Hypotheses
///
/// H₀: μ₁ − μ₂ = δ. Alternatives: ≠ δ, < δ, > δ.
///
/// ## Formula
///
/// ```text
/// t = (m₁ − m₂ − δ) / se        se² = v₁ + v₂        vᵢ = sᵢ² / nᵢ
/// df = (v₁ + v₂)² / ( v₁² / (n₁ − 1) + v₂² / (n₂ − 1) )
/// ```
///
/// nᵢ, mᵢ, sᵢ: count, mean and standard deviation of group i; δ: [`null_difference`](Self::null_difference).
///
/// ## Input
///
/// Two independent samples in the same unit, at least two values in each; or their moments, as a paper prints them.
///
/// ## Result
///
/// Statistic t with df, a fraction. Estimate: m₁ − m₂ in the unit of the data with its standard error and t interval,
/// positive when the first group is greater. A one-sided alternative has a one-sided interval, infinite on the other
/// side.
///
/// ## Conventions
///
/// R: `t.test(first, second)`. SPSS prints it as "equal variances not assumed". Satterthwaite's degrees of freedom, not
/// rounded; Welch's own of 1947 (`ttest, welch` in Stata) are another number.
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
/// use restudy_stats::hypothesis::WelchT;
///
/// let hyoscyamine = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
/// let hyoscine = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
/// let result = WelchT::default().run(&hyoscyamine, &hyoscine)?;
/// assert_eq!(format!("{:.5}", result.p_value), "0.07939");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Welch, The significance of the difference between two means when the population variances are unequal, Biometrika
/// 29 (1938) 350–362; Satterthwaite, Biometrics Bulletin 2 (1946) 110–114, equation 17.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WelchT {
    /// The side of the test and of its interval.
    pub alternative: Alternative,
    /// The level of the interval.
    pub level: Level,
    /// The difference of means under the null hypothesis, first minus second.
    pub null_difference: f64,
}

impl WelchT {
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
            if moments.n < 2 {
                return Err(TestError::TooFew { group, found: moments.n, needed: 2 });
            }
            moments.check(group)?;
        }
        let std_error = libm::hypot(first.std_error(), second.std_error());
        if std_error == 0.0 {
            return Err(TestError::NoSpread);
        }
        // Each group's share of the variance, so that no fourth power leaves the range of a double.
        let share = |group: Moments| (group.std_error() / std_error) * (group.std_error() / std_error);
        let (share1, share2) = (share(first), share(second));
        MeanComparison {
            procedure: Procedure::WelchT,
            difference: first.mean - second.mean,
            std_error,
            df: 1.0 / (share1 * share1 / (first.n as f64 - 1.0) + share2 * share2 / (second.n as f64 - 1.0)),
            counts: vec![first.n, second.n],
        }
        .test(self.alternative, self.level, self.null_difference)
    }
}
