use super::group_ranks::RankedTogether;
use super::normal_approximation::normal_approximation;
use super::{Procedure, RankNull, Remark, Statistic, TestResult};
use crate::{Alternative, TestError};

/// Do values rise, or fall, over ordered groups? The Jonckheere–Terpstra test.
///
/// ## Hypotheses
///
/// H₀: all groups come from one distribution. Alternatives: values rise or fall from group to group in the order given
/// (two-sided), fall ([`Alternative::Less`]), rise ([`Alternative::Greater`]).
///
/// ## Formula
///
/// ```text
/// J = number of pairs in ascending order between groups in order, a tied pair counting ½
/// E = (N² − Σ nᵢ²) / 4
/// σ² = [ N (N−1) (2N+5) − Σ nᵢ (nᵢ−1) (2nᵢ+5) − Σ t (t−1) (2t+5) ] / 72
///    + Σ nᵢ (nᵢ−1) (nᵢ−2) · Σ t (t−1) (t−2) / ( 36 N (N−1) (N−2) )
///    + Σ nᵢ (nᵢ−1) · Σ t (t−1) / ( 8 N (N−1) )
/// z = (J − E − c) / σ
/// ```
///
/// t: the number of values in each group of ties; c: 0, or the continuity correction of ½ towards 0. The exact
/// distribution counts the assignments of the ranks to the groups.
///
/// ## Input
///
/// k ≥ 2 independent groups in the order of the hypothesis, in the same unit, one value or more in each, not all equal.
///
/// ## Result
///
/// Statistic: J, with z for the normal null distribution. No estimate. A remark names ties.
///
/// ## Conventions
///
/// R: `clinfun::jonckheere.test(x, as.integer(group))` and `DescTools::JonckheereTerpstraTest`, whose normal approximation
/// leaves the ties out of the variance; SPSS: Jonckheere–Terpstra, with them, without continuity correction. The
/// two-sided exact p counts the assignments with J no nearer to E than the one observed; without ties it is twice the
/// smaller tail. With two groups this is the Mann–Whitney test, J being U of the second group.
///
/// ## Errors
///
/// [`TestError::TooFewGroups`], [`TestError::TooFew`], [`TestError::NotFinite`], [`TestError::NoSpread`] when all values
/// are equal, [`TestError::TooLargeForExact`] for an exact distribution of more than about 3 groups of 30 or 5 of 7.
///
/// ## Example
///
/// Pieces produced with no, rough and accurate information (Hollander and Wolfe 1973, page 122):
///
/// ```
/// use restudy_stats::{Alternative, hypothesis::JonckheereTerpstra};
///
/// let groups: [&[f64]; 3] = [
///     &[40.0, 35.0, 38.0, 43.0, 44.0, 41.0],
///     &[38.0, 40.0, 47.0, 44.0, 40.0, 42.0],
///     &[48.0, 40.0, 45.0, 43.0, 46.0, 44.0],
/// ];
/// let test = JonckheereTerpstra { alternative: Alternative::Greater, ..JonckheereTerpstra::default() };
/// let result = test.run(&groups)?;
/// assert_eq!(format!("{:.1} {:.4}", result.statistic.unwrap().value(), result.p_value), "79.0 0.0207");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Jonckheere, Biometrika 41 (1954) 133–145; Terpstra, Indagationes Mathematicae 14 (1952) 327–333; Hollander and Wolfe,
/// Nonparametric Statistical Methods, 2nd edition (1999), section 6.2 (variance with ties).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JonckheereTerpstra {
    /// The null distribution.
    pub null: TrendRankNullChoice,
    /// The direction of the trend.
    pub alternative: Alternative,
}

/// Which null distribution to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TrendRankNullChoice {
    /// Every assignment of the ranks at hand, mid-ranks where there are ties.
    Exact,
    /// The normal approximation with the variance corrected for ties.
    Normal {
        /// Whether half a pair is taken off the deviation.
        continuity: bool,
    },
}

impl Default for TrendRankNullChoice {
    /// Normal without correction, as SPSS.
    fn default() -> Self {
        Self::Normal { continuity: false }
    }
}

impl JonckheereTerpstra {
    /// The test on the values of each group, in the order of the hypothesis.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, groups: &[&[f64]]) -> Result<TestResult, TestError> {
        let ranked = RankedTogether::new(groups)?;
        let doubled = ranked.doubled_j();
        let (null, p_value, z) = match self.null {
            TrendRankNullChoice::Exact => {
                let [lower, upper, as_far] = ranked.exact_tails_of_j()?;
                let p = match self.alternative {
                    Alternative::Less => lower,
                    Alternative::Greater => upper,
                    Alternative::TwoSided => as_far,
                };
                let null = if ranked.is_tied() { RankNull::ExactGivenTies } else { RankNull::Exact };
                (null, p.min(1.0), None)
            }
            TrendRankNullChoice::Normal { continuity } => {
                let deviation = ranked.quadrupled_deviation_of_j() as f64 / 4.0;
                let sd = variance(&ranked).sqrt();
                let (p, z) = normal_approximation(deviation, sd, continuity, self.alternative);
                (RankNull::Normal { continuity }, p, Some(z))
            }
        };
        Ok(TestResult {
            procedure: Procedure::JonckheereTerpstra { null },
            alternative: self.alternative,
            statistic: Some(Statistic::J { value: doubled as f64 / 2.0, z }),
            p_value,
            estimate: None,
            counts: ranked.sizes.clone(),
            remarks: ranked.is_tied().then_some(Remark::Ties).into_iter().collect(),
        })
    }
}

/// The variance of J given the ties.
fn variance(ranked: &RankedTogether) -> f64 {
    let n = ranked.n() as f64;
    let over_groups = |f: &dyn Fn(f64) -> f64| ranked.sizes.iter().map(|&size| f(size as f64)).sum::<f64>();
    let both = |f: &dyn Fn(f64) -> f64| (over_groups(f), ranked.over_ties(f));
    let pairs = |m: f64| m * (m - 1.0);
    let triples = |m: f64| m * (m - 1.0) * (m - 2.0);
    let main = |m: f64| m * (m - 1.0) * (2.0 * m + 5.0);
    let (groups, ties) = both(&main);
    let mut variance = (main(n) - groups - ties) / 72.0;
    let (groups, ties) = both(&triples);
    if ties > 0.0 {
        variance += groups * ties / (36.0 * triples(n));
    }
    let (groups, ties) = both(&pairs);
    variance + groups * ties / (8.0 * pairs(n))
}
