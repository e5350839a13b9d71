use super::student_t::MeanComparison;
use super::{Procedure, TestResult};
use crate::descriptive::Moments;
use crate::{Alternative, Level, TestError};

/// Did the mean change within pairs? Student's t-test of the differences.
///
/// ## Hypotheses
///
/// H₀: the mean μ of the differences is δ. Alternatives: ≠ δ, < δ, > δ.
///
/// ## Formula
///
/// ```text
/// t = (m − δ) / se        se = s / √n        df = n − 1
/// ```
///
/// n, m, s: number, mean and standard deviation of the differences first − second; δ:
/// [`null_difference`](Self::null_difference).
///
/// ## Input
///
/// Two samples of one length, in the same unit, each position one pair; two pairs or more. Or the moments of the
/// differences.
///
/// ## Result
///
/// Statistic t with df. Estimate: the mean difference in the unit of the data with its standard error and t interval,
/// positive when the first members are greater. A one-sided alternative has a one-sided interval. `counts` holds the
/// number of pairs.
///
/// ## Conventions
///
/// R: `t.test(first, second, paired = TRUE)`; SciPy: `ttest_rel`; SPSS: "paired samples test". With zeros for the second
/// sample it is the one-sample test. A paper seldom prints the standard deviation of the differences; from those of the
/// two samples it follows only with their correlation r: s² = s₁² + s₂² − 2 r s₁ s₂.
///
/// ## Errors
///
/// [`TestError::UnequalLengths`], [`TestError::TooFew`], [`TestError::NotFinite`] (also for a difference beyond the range
/// of a double), [`TestError::NotADeviation`], and [`TestError::NoSpread`] when all differences are equal.
///
/// ## Example
///
/// Hours of sleep gained on two drugs by the same ten patients (Student 1908, table on page 20):
///
/// ```
/// use restudy_stats::hypothesis::PairedT;
///
/// let hyoscyamine = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
/// let hyoscine = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
/// let result = PairedT::default().run(&hyoscyamine, &hyoscine)?;
/// assert_eq!(format!("{:.6}", result.p_value), "0.002833");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Student, The probable error of a mean, Biometrika 6 (1908) 1–25, section IX.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PairedT {
    /// The side of the test and of its interval.
    pub alternative: Alternative,
    /// The level of the interval.
    pub level: Level,
    /// The mean difference under the null hypothesis, first minus second.
    pub null_difference: f64,
}

impl PairedT {
    /// The test on pairs.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, first: &[f64], second: &[f64]) -> Result<TestResult, TestError> {
        self.run_on_moments(Moments::of(&differences(first, second)?)?)
    }

    /// The test on the moments of the differences.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_on_moments(&self, differences: Moments) -> Result<TestResult, TestError> {
        if differences.n < 2 {
            return Err(TestError::TooFew { group: 0, found: differences.n, needed: 2 });
        }
        differences.check(0)?;
        MeanComparison {
            procedure: Procedure::PairedT,
            difference: differences.mean,
            std_error: differences.std_error(),
            df: differences.n as f64 - 1.0,
            counts: vec![differences.n],
        }
        .test(self.alternative, self.level, self.null_difference)
    }
}

/// The differences first − second of finite pairs; the error names the group and position of a value that is not finite,
/// and the position in the first group of a difference that is not.
pub(super) fn differences(first: &[f64], second: &[f64]) -> Result<Vec<f64>, TestError> {
    if first.len() != second.len() {
        return Err(TestError::UnequalLengths { first: first.len(), second: second.len() });
    }
    let differences: Vec<f64> = first.iter().zip(second).map(|(a, b)| a - b).collect();
    for (group, values) in [first, second, &differences].iter().enumerate() {
        if let Some(position) = values.iter().position(|x| !x.is_finite()) {
            return Err(TestError::NotFinite { group: group % 2, position });
        }
    }
    Ok(differences)
}
