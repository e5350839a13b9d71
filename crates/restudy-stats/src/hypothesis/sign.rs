use super::normal_approximation::normal_approximation;
use super::paired_t::differences;
use super::{Estimate, Procedure, Quantity, Remark, SignNull, Statistic, TestResult};
use crate::{Alternative, Interval, Level, TestError, dist};

/// Did values go up as often as down within pairs? The sign test.
///
/// ## Hypotheses
///
/// H₀: the median of the differences is δ, so that a difference is above and below it equally often. Alternatives: the
/// median is ≠ δ, < δ, > δ.
///
/// ## Formula
///
/// ```text
/// S = number of differences > δ, of the n that are not δ; binomial (n, ½) under H₀
/// mid-p:  P(B > s) + ½ P(B = s)        z = (S − n/2 − c) / (√n / 2)
/// ```
///
/// c: 0, or the continuity correction of ½ towards 0. The two-sided p is twice the smaller tail, at most 1.
///
/// ## Input
///
/// Two samples of one length, in the same unit, each position one pair; or how many differences are positive and how
/// many negative. At least one difference that is not δ.
///
/// ## Result
///
/// Statistic: S, with z for the normal null distribution. Estimate, from the pairs: the median of all differences with
/// the interval between the k-th smallest and the k-th largest of them, k the largest with P(B < k) ≤ (1 − level)/2, B
/// binomial (all differences, ½); infinite where there are too few for the level. Its coverage is at least the level. A
/// one-sided alternative has a one-sided interval. `counts` holds the differences that are not δ; a remark names those
/// that are.
///
/// ## Conventions
///
/// R: `binom.test(s, n)`; SPSS "sign test" exact up to 25 pairs, then normal with continuity correction; SciPy:
/// `binomtest(s, n)`.
///
/// ## Errors
///
/// [`TestError::UnequalLengths`], [`TestError::NotFinite`], [`TestError::NothingDiffers`].
///
/// ## Example
///
/// Of ten differences eight are positive:
///
/// ```
/// use restudy_stats::hypothesis::SignTest;
///
/// let result = SignTest::default().run_on_counts(8, 2)?;
/// assert_eq!(result.p_value, 0.109375);
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Arbuthnott, Philosophical Transactions 27 (1710) 186–190; Dixon and Mood, Journal of the American Statistical
/// Association 41 (1946) 557–566; Conover, Practical Nonparametric Statistics (1971), sections 3.3 and 3.4.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SignTest {
    /// The null distribution.
    pub null: SignNull,
    /// The side of the test and of its interval.
    pub alternative: Alternative,
    /// The level of the interval.
    pub level: Level,
    /// The median of the differences under the null hypothesis, first minus second.
    pub null_difference: f64,
}

impl SignTest {
    /// The test on pairs.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, first: &[f64], second: &[f64]) -> Result<TestResult, TestError> {
        let mut differences = differences(first, second)?;
        differences.sort_unstable_by(f64::total_cmp);
        let above = differences.iter().filter(|&&d| d > self.null_difference).count();
        let below = differences.iter().filter(|&&d| d < self.null_difference).count();
        let mut result = self.run_on_counts(above as u64, below as u64)?;
        result.estimate = Some(self.median(&differences)?);
        let count = differences.len() - above - below;
        if count > 0 {
            result.remarks.push(Remark::Zeros { count });
        }
        Ok(result)
    }

    /// The test on the number of positive and of negative differences.
    ///
    /// # Errors
    ///
    /// [`TestError::NothingDiffers`] when both are zero.
    pub fn run_on_counts(&self, positive: u64, negative: u64) -> Result<TestResult, TestError> {
        let n = positive.saturating_add(negative);
        let (p_value, z) = match self.null {
            SignNull::Exact => (FairCoins::new(positive, negative)?.p_value(self.alternative), None),
            SignNull::MidP => (FairCoins::new(positive, negative)?.mid_p().p_value(self.alternative), None),
            SignNull::Normal { .. } if n == 0 => return Err(TestError::NothingDiffers),
            SignNull::Normal { continuity } => {
                let deviation = (positive as f64 - negative as f64) / 2.0;
                let (p_value, z) =
                    normal_approximation(deviation, (n as f64).sqrt() / 2.0, continuity, self.alternative);
                (p_value, Some(z))
            }
        };
        Ok(TestResult {
            procedure: Procedure::SignTest { null: self.null },
            alternative: self.alternative,
            statistic: Some(Statistic::S { value: positive as f64, z }),
            p_value,
            estimate: None,
            counts: vec![usize::try_from(n).unwrap_or(usize::MAX)],
            remarks: Vec::new(),
        })
    }

    /// The median of ascending values, not empty, with its order-statistic interval.
    fn median(&self, sorted: &[f64]) -> Result<Estimate, TestError> {
        let n = sorted.len();
        let (low, high) = (sorted[(n - 1) / 2], sorted[n / 2]);
        let (both, one) = (self.level.tail(), 2.0 * self.level.tail());
        let (below, above) = match self.alternative {
            Alternative::TwoSided => (Some(both), Some(both)),
            Alternative::Less => (None, Some(one)),
            Alternative::Greater => (Some(one), None),
        };
        let depth = |tail: Option<f64>| tail.map_or(Ok(0), |tail| depth(n, tail));
        let (from_low, from_high) = (depth(below)?, depth(above)?);
        let interval = Interval {
            low: if from_low == 0 { f64::NEG_INFINITY } else { sorted[from_low - 1] },
            high: if from_high == 0 { f64::INFINITY } else { sorted[n - from_high] },
            level: self.level,
        };
        Ok(Estimate {
            quantity: Quantity::MedianDifference,
            value: low.midpoint(high),
            std_error: None,
            interval: Some(interval),
        })
    }
}

/// The largest k with P(B < k) ≤ tail, B binomial (n, ½); 0 when there is none.
fn depth(n: usize, tail: f64) -> Result<usize, TestError> {
    let coins = dist::Binomial::new(n as u64, 0.5)?;
    // The k for which it holds are 0, 1, …, the one sought.
    let (mut holds, mut fails) = (0, n / 2 + 1);
    while fails - holds > 1 {
        let k = holds + (fails - holds) / 2;
        if coins.lower_tail(k as u64 - 1) <= tail {
            holds = k;
        } else {
            fails = k;
        }
    }
    Ok(holds)
}

/// How often as many heads, or as many tails, fall as observed, of fair coins.
pub(super) struct FairCoins {
    /// P(B ≤ heads).
    lower: f64,
    /// P(B ≥ heads).
    upper: f64,
    /// P(B = heads).
    mass: f64,
}

impl FairCoins {
    pub(super) fn new(heads: u64, tails: u64) -> Result<Self, TestError> {
        let n = heads.saturating_add(tails);
        if n == 0 {
            return Err(TestError::NothingDiffers);
        }
        let coins = dist::Binomial::new(n, 0.5)?;
        // At least so many heads is at most so many tails, to the same last bit.
        Ok(Self { lower: coins.lower_tail(heads), upper: coins.lower_tail(tails), mass: coins.mass(heads.min(tails)) })
    }

    /// The same with the count observed only half in each tail.
    pub(super) fn mid_p(self) -> Self {
        Self { lower: self.lower - self.mass / 2.0, upper: self.upper - self.mass / 2.0, mass: 0.0 }
    }

    pub(super) fn p_value(&self, alternative: Alternative) -> f64 {
        match alternative {
            Alternative::TwoSided => (2.0 * self.lower.min(self.upper)).min(1.0),
            Alternative::Less => self.lower,
            Alternative::Greater => self.upper,
        }
    }
}
