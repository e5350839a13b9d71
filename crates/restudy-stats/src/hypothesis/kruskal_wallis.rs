use super::group_ranks::RankedTogether;
use super::{Estimate, GroupRankNull, Procedure, Quantity, Remark, Statistic, TestResult};
use crate::{Alternative, TestError, dist};

/// Does one of several groups tend to have greater values? The Kruskal–Wallis test.
///
/// ## Hypotheses
///
/// H₀: all groups come from one distribution. Alternative: at least one tends to greater values than another.
///
/// ## Formula
///
/// ```text
/// H = (N − 1) Σ nᵢ (r̄ᵢ − r̄)² / Σ (r − r̄)²
///   = [ 12 / (N (N + 1)) Σ Rᵢ² / nᵢ − 3 (N + 1) ] / [ 1 − Σ (t³ − t) / (N³ − N) ]
/// ```
///
/// r: mid-ranks of all N values together; Rᵢ, r̄ᵢ: rank sum and mean rank of group i; t: the number of values in each group
/// of ties. H is compared with χ² of k − 1 degrees of freedom, or with its exact distribution over all assignments of
/// the ranks.
///
/// ## Input
///
/// k ≥ 2 independent groups in the same unit, one value or more in each, not all equal.
///
/// ## Result
///
/// Statistic: H with k − 1 degrees of freedom. Estimate: ε² = H / (N − 1) in [0, 1], without interval. A remark names ties.
///
/// ## Conventions
///
/// R: `kruskal.test(x, group)`; SciPy: `kruskal(*groups)`; SPSS and Prism (beyond small samples) likewise, always
/// corrected for ties. The exact p is Prism's for small samples and R's
/// `coin::kruskal_test(…, distribution = approximate())` without its sampling error. With two groups it is the exact
/// Mann–Whitney test.
///
/// ## Errors
///
/// [`TestError::TooFewGroups`], [`TestError::TooFew`], [`TestError::NotFinite`], [`TestError::NoSpread`] when all values
/// are equal, [`TestError::TooLargeForExact`] beyond about 3 groups of 12 or 4 of 4.
///
/// ## Example
///
/// Mucociliary efficiency of normal subjects and of patients with obstructive airway disease or asbestosis (Hollander and
/// Wolfe 1973, page 116):
///
/// ```
/// use restudy_stats::hypothesis::KruskalWallis;
///
/// let groups: [&[f64]; 3] = [&[2.9, 3.0, 2.5, 2.6, 3.2], &[3.8, 2.7, 4.0, 2.4], &[2.8, 3.4, 3.7, 2.2, 2.0]];
/// let result = KruskalWallis::default().run(&groups)?;
/// assert_eq!(format!("{:.5} {:.4}", result.statistic.unwrap().value(), result.p_value), "0.77143 0.6800");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Kruskal and Wallis, Use of ranks in one-criterion variance analysis, Journal of the American Statistical Association 47
/// (1952) 583–621; Tomczak and Tomczak, Trends in Sport Sciences 1 (2014) 19–25 (ε²).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KruskalWallis {
    /// The null distribution.
    pub null: GroupRankNullChoice,
}

/// Which null distribution to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum GroupRankNullChoice {
    /// The chi-square approximation.
    #[default]
    ChiSquare,
    /// Every assignment of the ranks at hand, mid-ranks where there are ties.
    Exact,
}

impl KruskalWallis {
    /// The test on the values of each group.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, groups: &[&[f64]]) -> Result<TestResult, TestError> {
        let ranked = RankedTogether::new(groups)?;
        let (value, df) = (ranked.h(), groups.len() as f64 - 1.0);
        let (null, p_value) = match self.null {
            GroupRankNullChoice::ChiSquare => (GroupRankNull::ChiSquare, dist::ChiSquare::new(df)?.upper_tail(value)),
            GroupRankNullChoice::Exact => {
                let null = if ranked.is_tied() { GroupRankNull::ExactGivenTies } else { GroupRankNull::Exact };
                (null, ranked.exact_upper_tail_of_h()?.min(1.0))
            }
        };
        Ok(TestResult {
            procedure: Procedure::KruskalWallis { null },
            alternative: Alternative::TwoSided,
            statistic: Some(Statistic::H { value, df }),
            p_value,
            estimate: Some(Estimate {
                quantity: Quantity::RankEpsilonSquared,
                value: value / (ranked.n() as f64 - 1.0),
                std_error: None,
                interval: None,
            }),
            counts: ranked.sizes.clone(),
            remarks: ranked.is_tied().then_some(Remark::Ties).into_iter().collect(),
        })
    }
}
