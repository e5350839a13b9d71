use super::coefficient::{Coefficient, check_pairs, fisher_std_error, student_p};
use crate::descriptive::{Moments, pooled_sd};
use crate::hypothesis::{Procedure, Quantity, Statistic, TestResult};
use crate::{Alternative, Level, TestError};

/// How far does a quantity go with a yes-or-no variable? The point-biserial correlation.
///
/// ## Hypotheses
///
/// H₀: ρ = 0, which is the hypothesis of Student's t-test that both groups have one mean. Alternatives: ρ ≠ 0, < 0, > 0;
/// greater means that those with the property have the greater values.
///
/// ## Formula
///
/// ```text
/// t = (x̄₁ − x̄₀) / ( s √(1/n₁ + 1/n₀) )              s the pooled standard deviation, n₁ + n₀ − 2 degrees of freedom
/// r = t / √( t² + n₁ + n₀ − 2 )                      Pearson's r of the values and of 1 for yes, 0 for no
/// interval: tanh( artanh r ± z / √(n₁ + n₀ − 3) )
/// ```
///
/// ## Input
///
/// The values of those with the property and of those without, one value or more in each, three or more in all, some
/// spread within the groups or between them.
///
/// ## Result
///
/// Statistic: t, the same as Student's. Estimate: r in [−1, 1], with Fisher's interval; it cannot reach ±1 unless
/// neither group has spread, and the less so the more the sizes of the groups differ. Counts: with, without.
///
/// ## Conventions
///
/// R: `cor.test(x, as.numeric(yes))`; SciPy: `scipy.stats.pointbiserialr(yes, x)`. Not the biserial correlation, which
/// assumes a normal variable behind the yes-or-no one and is greater.
///
/// ## Errors
///
/// [`TestError::TooFew`] for a group without values or fewer than three in all, [`TestError::NotFinite`],
/// [`TestError::NotADeviation`] for moments that no sample has, [`TestError::NoSpread`] when all values are equal.
///
/// ## Example
///
/// ```
/// use restudy_stats::correlation::PointBiserial;
///
/// let result = PointBiserial::default().run(&[3.0, 5.0], &[1.0, 3.0])?;
/// // Means 4 and 2, both variances 2: t = 2 / √2 · √1 = √2, r = √2 / √(2 + 2).
/// assert!((result.estimate.unwrap().value - 0.5_f64.sqrt()).abs() < 1e-15);
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Tate, Correlation between a discrete and a continuous variable. Point-biserial correlation, Annals of Mathematical
/// Statistics 25 (1954) 603–607.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PointBiserial {
    /// The side of the test and of the interval.
    pub alternative: Alternative,
    /// The level of the interval.
    pub level: Level,
}

impl PointBiserial {
    /// The test on the values of those with the property and of those without.
    ///
    /// # Errors
    ///
    /// As the type's page says; group 0 is that with the property.
    pub fn run(&self, with: &[f64], without: &[f64]) -> Result<TestResult, TestError> {
        self.run_on_moments(Moments::of_group(with, 0)?, Moments::of_group(without, 1)?)
    }

    /// The test on what a paper prints.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_on_moments(&self, with: Moments, without: Moments) -> Result<TestResult, TestError> {
        for (group, moments) in [with, without].iter().enumerate() {
            if moments.n == 0 {
                return Err(TestError::TooFew { group, found: 0, needed: 1 });
            }
            moments.check(group)?;
        }
        let n = with.n + without.n;
        check_pairs(n, n, 3)?;
        let df = n as f64 - 2.0;
        let between = (with.mean - without.mean) / (1.0 / with.n as f64 + 1.0 / without.n as f64).sqrt();
        let within = pooled_sd(with, without) * df.sqrt();
        let both = libm::hypot(between, within);
        if both == 0.0 {
            return Err(TestError::NoSpread);
        }
        // r² and 1 − r² are the shares of the sum of squares between and within the groups.
        let coefficient = Coefficient::new(between / both, (within / both) * (within / both));
        let value = coefficient.t(df);
        Ok(TestResult {
            procedure: Procedure::PointBiserial,
            alternative: self.alternative,
            statistic: Some(Statistic::T { value, df }),
            p_value: student_p(value, df, self.alternative)?,
            estimate: Some(coefficient.estimate(
                Quantity::PointBiserialR,
                fisher_std_error(n, 0),
                self.alternative,
                self.level,
            )),
            counts: vec![with.n, without.n],
            remarks: Vec::new(),
        })
    }
}
