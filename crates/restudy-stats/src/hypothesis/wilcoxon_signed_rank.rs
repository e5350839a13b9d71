use super::normal_approximation::normal_approximation;
use super::paired_t::differences;
use super::signed_ranks::SignedRanks;
use super::{Estimate, Procedure, Quantity, RankNull, RankNullChoice, Remark, Statistic, TestResult, ZeroRule};
use crate::{Alternative, TestError};

/// Did values change within pairs? Wilcoxon's signed-rank test.
///
/// ## Hypotheses
///
/// H₀: the differences are symmetric about δ. Alternatives: they tend to be ≠ δ, < δ, > δ.
///
/// ## Formula
///
/// ```text
/// V = Σ rank(|dᵢ|) over the dᵢ > 0        dᵢ = firstᵢ − secondᵢ − δ
/// z = (V − Σr/2 − c) / σ        σ² = Σr²/4
/// ```
///
/// Mid-ranks r are given to the sizes of the differences; the sums go over the differences other than zero. Without
/// ties and zeros Σr/2 = n(n + 1)/4 and σ² = n(n + 1)(2n + 1)/24; with mid-ranks σ² is less by Σ(t³ − t)/48. c: 0, or
/// the continuity correction of ½ towards 0. The exact distributions count the 2ⁿ choices of signs (shift algorithm on
/// doubled ranks).
///
/// ## Input
///
/// Two samples of one length, in the same unit, each position one pair; or their differences. Not all of them zero.
///
/// Decimal data need care: 0.3 − 0.1 and 0.2 are not the same double, and their ranks would not be tied. Set
/// [`decimals`](Self::decimals) to what the data have.
///
/// ## Result
///
/// Statistic: V, the rank sum of the positive differences, with z for the normal null distribution. Estimate: the
/// matched-pairs rank-biserial correlation, the rank sum of the positive differences less that of the negative ones over
/// both together, in [−1, 1]; [`HodgesLehmannPseudomedian`](super::HodgesLehmannPseudomedian) gives the change in the
/// unit of the data. `counts` holds the pairs that are not zero; remarks name ties and zeros.
///
/// ## Conventions
///
/// | null | R, for d = first − second |
/// |---|---|
/// | [`Auto`](RankNullChoice::Auto) | `wilcox.test(d)` up to R 4.5: exact below 50 differences without ties or zeros |
/// | [`Exact`](RankNullChoice::Exact) | `wilcox.test(d, exact = TRUE)` |
/// | [`ExactGivenTies`](RankNullChoice::ExactGivenTies) | `exactRankTests::wilcox.exact(d[d != 0], exact = TRUE)` |
/// | [`Normal`](RankNullChoice::Normal) | `wilcox.test(d, exact = FALSE, correct = continuity)` |
///
/// coin's `wilcoxsign_test` uses Pratt's rule unless told otherwise. SPSS prints the normal approximation without
/// continuity correction. SciPy's statistic is the smaller of V and its counterpart for the negative differences. The
/// exact distribution is symmetric, so that every two-sided rule gives twice the smaller tail.
///
/// ## Errors
///
/// [`TestError::UnequalLengths`], [`TestError::NotFinite`], [`TestError::NothingDiffers`] when every difference is zero,
/// [`TestError::Tied`] when [`Exact`](RankNullChoice::Exact) is asked for and the ranks are not 1, 2, …, n,
/// [`TestError::TooLargeForExact`] beyond 1,000 differences.
///
/// ## Example
///
/// Hamilton depression scores of nine patients before and after a tranquilliser (Hollander and Wolfe 1973, page 29),
/// one-sided p = 0.020:
///
/// ```
/// use restudy_stats::{Alternative, hypothesis::WilcoxonSignedRank};
///
/// let first = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30];
/// let second = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
/// let test = WilcoxonSignedRank { alternative: Alternative::Greater, ..WilcoxonSignedRank::default() };
/// let result = test.run(&first, &second)?;
/// assert_eq!(result.statistic.unwrap().value(), 40.0);
/// assert_eq!(format!("{:.5}", result.p_value), "0.01953");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Wilcoxon, Biometrics Bulletin 1 (1945) 80–83; Pratt, Journal of the American Statistical Association 54 (1959)
/// 655–667; Streitberg and Röhmel, Statistical Software Newsletter 12 (1986) 10–17; Kerby, Comprehensive Psychology 3
/// (2014) 1 (rank-biserial correlation).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WilcoxonSignedRank {
    /// The null distribution.
    pub null: RankNullChoice,
    /// What becomes of differences of zero.
    pub zeros: ZeroRule,
    /// Decimal places to which differences are rounded before they are compared with zero and with each other; `None`
    /// compares them as doubles.
    pub decimals: Option<u8>,
    /// The side of the test.
    pub alternative: Alternative,
    /// The centre of the differences under the null hypothesis, first minus second.
    pub null_difference: f64,
}

impl WilcoxonSignedRank {
    /// The test on pairs.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, first: &[f64], second: &[f64]) -> Result<TestResult, TestError> {
        self.run_on_differences(&differences(first, second)?)
    }

    /// The test on the differences of pairs.
    ///
    /// # Errors
    ///
    /// As the type's page says; positions are those of the differences, the group is 0.
    pub fn run_on_differences(&self, differences: &[f64]) -> Result<TestResult, TestError> {
        if let Some(position) = differences.iter().position(|d| !d.is_finite()) {
            return Err(TestError::NotFinite { group: 0, position });
        }
        let from_null: Vec<f64> = differences.iter().map(|d| self.rounded(d - self.null_difference)).collect();
        let ranks = SignedRanks::new(&from_null, self.zeros)?;
        let null = match self.null {
            RankNullChoice::Auto if ranks.are_plain() && ranks.zeros == 0 && ranks.n < 50 => RankNull::Exact,
            RankNullChoice::Auto => RankNull::Normal { continuity: true },
            RankNullChoice::Exact if !ranks.are_plain() => return Err(TestError::Tied),
            RankNullChoice::ExactGivenTies if !ranks.are_plain() => RankNull::ExactGivenTies,
            RankNullChoice::Exact | RankNullChoice::ExactGivenTies => RankNull::Exact,
            RankNullChoice::Normal { continuity } => RankNull::Normal { continuity },
        };
        let (doubled_positive, doubled_total) = (ranks.doubled_positive(), ranks.doubled_total());
        // Four times the deviation from the mean, a whole number.
        let deviation = (2 * doubled_positive) as i128 - doubled_total as i128;
        let (p_value, z) = match null {
            RankNull::Exact | RankNull::ExactGivenTies => {
                let (lower, upper) = ranks.exact_tails()?;
                let p_value = match self.alternative {
                    Alternative::TwoSided => (2.0 * lower.min(upper)).min(1.0),
                    Alternative::Less => lower,
                    Alternative::Greater => upper,
                };
                (p_value, None)
            }
            RankNull::Normal { continuity } => {
                let sd = ranks.variance().sqrt();
                let (p_value, z) = normal_approximation(deviation as f64 / 4.0, sd, continuity, self.alternative);
                (p_value, Some(z))
            }
        };
        let zeros = Remark::Zeros { count: ranks.zeros as usize };
        Ok(TestResult {
            procedure: Procedure::WilcoxonSignedRank { null, zeros: self.zeros },
            alternative: self.alternative,
            statistic: Some(Statistic::V { value: doubled_positive as f64 / 2.0, z }),
            p_value,
            estimate: Some(Estimate {
                quantity: Quantity::MatchedRankBiserial,
                value: deviation as f64 / doubled_total as f64,
                std_error: None,
                interval: None,
            }),
            counts: vec![ranks.n as usize],
            remarks: [(ranks.is_tied(), Remark::Ties), (ranks.zeros > 0, zeros)]
                .into_iter()
                .filter_map(|(holds, remark)| holds.then_some(remark))
                .collect(),
        })
    }

    fn rounded(&self, difference: f64) -> f64 {
        let Some(decimals) = self.decimals else { return difference };
        let scale = libm::exp10(f64::from(decimals));
        let scaled = difference * scale;
        // Beyond 2⁵² a double has no decimals left to round.
        if scaled.abs() < 4_503_599_627_370_496.0 { libm::round(scaled) / scale } else { difference }
    }
}
