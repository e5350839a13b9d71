use super::groups::{at_least_two, sizes};
use super::{Procedure, Statistic, TestResult};
use crate::descriptive::Moments;
use crate::{Alternative, TestError, dist};

/// Do several groups have the same variance? Bartlett's test.
///
/// ## Hypotheses
///
/// H₀: all groups have one variance. Alternative: at least two differ.
///
/// ## Formula
///
/// ```text
/// K² = [ (N − k) ln s² − Σ (nᵢ − 1) ln sᵢ² ] / [ 1 + ( Σ 1/(nᵢ − 1) − 1/(N − k) ) / (3 (k − 1)) ]
/// s² = Σ (nᵢ − 1) sᵢ² / (N − k)        K² against χ² of k − 1 degrees of freedom
/// ```
///
/// ## Input
///
/// k ≥ 2 independent groups in the same unit, two values or more in each, or their moments as a paper prints them. Values
/// are taken as normal, and the test is sensitive to it: [`Levene`](super::Levene) with the median is not.
///
/// ## Result
///
/// Statistic: K² with k − 1 degrees of freedom. No estimate.
///
/// ## Conventions
///
/// R: `bartlett.test(x, group)`; SciPy: `bartlett(*groups)`. The numerator is summed as Σ (nᵢ − 1) (δᵢ − ln(1 + δᵢ)) with
/// δᵢ = sᵢ²/s² − 1, so that nearly equal variances keep their digits.
///
/// ## Errors
///
/// [`TestError::TooFewGroups`], [`TestError::TooFew`], [`TestError::NotFinite`], [`TestError::NotADeviation`],
/// [`TestError::NoSpread`] when the values of a group are all equal.
///
/// ## Example
///
/// ```
/// use restudy_stats::{descriptive::Moments, hypothesis::Bartlett};
///
/// let groups = [1.0, 1.0, 2.0].map(|sd| Moments { n: 11, mean: 0.0, sd });
/// let result = Bartlett.run_on_moments(&groups)?;
/// assert_eq!(result.statistic.unwrap().df(), Some(2.0));
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Bartlett, Properties of sufficiency and statistical tests, Proceedings of the Royal Society A 160 (1937) 268–282.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bartlett;

impl Bartlett {
    /// The test on the values of each group.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, groups: &[&[f64]]) -> Result<TestResult, TestError> {
        let moments = groups.iter().enumerate().map(|(group, values)| Moments::of_group(values, group));
        self.run_on_moments(&moments.collect::<Result<Vec<_>, _>>()?)
    }

    /// The test on the moments of each group.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_on_moments(&self, groups: &[Moments]) -> Result<TestResult, TestError> {
        at_least_two(groups.len())?;
        let mut largest: f64 = 0.0;
        for (group, moments) in groups.iter().enumerate() {
            if moments.n < 2 {
                return Err(TestError::TooFew { group, found: moments.n, needed: 2 });
            }
            moments.check(group)?;
            if moments.sd == 0.0 {
                return Err(TestError::NoSpread);
            }
            largest = largest.max(moments.sd);
        }
        let df = |group: &Moments| group.n as f64 - 1.0;
        // Relative to the largest, so that no square overflows.
        let variance = |group: &Moments| (group.sd / largest) * (group.sd / largest);
        let df_within: f64 = groups.iter().map(df).sum();
        let pooled = groups.iter().map(|group| df(group) * variance(group)).sum::<f64>() / df_within;
        let numerator: f64 = groups
            .iter()
            .map(|group| {
                let excess = (variance(group) - pooled) / pooled;
                df(group) * (excess - libm::log1p(excess))
            })
            .sum();
        let k = groups.len() as f64;
        let inverses: f64 = groups.iter().map(|group| 1.0 / df(group)).sum();
        let value = numerator / (1.0 + (inverses - 1.0 / df_within) / (3.0 * (k - 1.0)));
        Ok(TestResult {
            procedure: Procedure::Bartlett,
            alternative: Alternative::TwoSided,
            statistic: Some(Statistic::ChiSquare { value, df: k - 1.0 }),
            p_value: dist::ChiSquare::new(k - 1.0)?.upper_tail(value),
            estimate: None,
            counts: sizes(groups),
            remarks: Vec::new(),
        })
    }
}
