use super::exact_counts::BinomialCounts;
use super::{Estimate, FisherRule, Procedure, Quantity, TestResult};
use crate::descriptive::clopper_pearson;
use crate::{Alternative, Interval, Level, TestError, dist};

/// Is a proportion the one expected? The exact binomial test.
///
/// ## Hypotheses
///
/// H₀: π = π₀. Alternatives: ≠ π₀, < π₀, > π₀.
///
/// ## Formula
///
/// ```text
/// P(X = j) = C(n, j) π₀ʲ (1 − π₀)ⁿ⁻ʲ
/// two-sided:  Σ P(X = j) over the j with P(X = j) ≤ (1 + 10⁻⁷) P(X = count), or twice the smaller tail
/// ```
///
/// π₀: [`null_proportion`](Self::null_proportion).
///
/// ## Input
///
/// `count` of `n` have the property; n ≥ 1.
///
/// ## Result
///
/// No statistic. Estimate: count / n in [0, 1] with the Clopper–Pearson interval; a one-sided alternative has a
/// one-sided interval.
///
/// ## Conventions
///
/// R: `binom.test(count, n, p)`. SciPy's `binomtest` gives the same.
///
/// ## Errors
///
/// [`TestError::NotAProportion`] when n = 0 or the count exceeds n; [`TestError::Distribution`] for π₀ outside [0, 1].
///
/// ## Example
///
/// Mendel's dwarf and giant peas, expected 1 to 3 (Conover 1971, page 97):
///
/// ```
/// use restudy_stats::hypothesis::BinomialExact;
///
/// let result = BinomialExact { null_proportion: 0.75, ..BinomialExact::default() }.run(682, 925)?;
/// assert_eq!(format!("{:.4}", result.p_value), "0.3825");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Clopper and Pearson, Biometrika 26 (1934) 404–413; Conover, Practical Nonparametric Statistics (1971), section 3.1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BinomialExact {
    /// The proportion under the null hypothesis.
    pub null_proportion: f64,
    /// Which counts are no less extreme on both sides.
    pub two_sided: FisherRule,
    /// The side of the test and of its interval.
    pub alternative: Alternative,
    /// The level of the interval.
    pub level: Level,
}

impl Default for BinomialExact {
    /// Against one half, two-sided.
    fn default() -> Self {
        Self {
            null_proportion: 0.5,
            two_sided: FisherRule::default(),
            alternative: Alternative::default(),
            level: Level::default(),
        }
    }
}

impl BinomialExact {
    /// The test on a count.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, count: u64, n: u64) -> Result<TestResult, TestError> {
        let both = clopper_pearson(count, n, self.level)?;
        let distribution = dist::Binomial::new(n, self.null_proportion)?;
        // 2 × tail: the whole of 1 − level on one side.
        let tail = 2.0 * self.level.tail();
        let (with, without) = (count as f64, (n - count) as f64);
        let (p_value, low, high) = match self.alternative {
            Alternative::TwoSided => {
                let null = BinomialCounts { distribution, n, p: self.null_proportion };
                (self.two_sided.p_value(&null, count), both.low, both.high)
            }
            Alternative::Less if count == n => (distribution.lower_tail(count), 0.0, 1.0),
            Alternative::Less => {
                (distribution.lower_tail(count), 0.0, dist::Beta::new(with + 1.0, without)?.upper_quantile(tail))
            }
            Alternative::Greater if count == 0 => (distribution.upper_tail(count), 0.0, 1.0),
            Alternative::Greater => {
                (distribution.upper_tail(count), dist::Beta::new(with, without + 1.0)?.lower_quantile(tail), 1.0)
            }
        };
        Ok(TestResult {
            procedure: Procedure::BinomialExact { two_sided: self.two_sided },
            alternative: self.alternative,
            statistic: None,
            p_value,
            estimate: Some(Estimate {
                quantity: Quantity::Proportion,
                value: with / n as f64,
                std_error: None,
                interval: Some(Interval { low, high, level: self.level }),
            }),
            counts: vec![usize::try_from(n).unwrap_or(usize::MAX)],
            remarks: Vec::new(),
        })
    }
}
