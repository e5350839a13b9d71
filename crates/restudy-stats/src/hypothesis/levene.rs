use super::groups::at_least_two;
use super::{Anova, Centre, Procedure, TestResult};
use crate::descriptive::{Moments, QuantileType, quantile};
use crate::{Alternative, TestError};

/// Do several groups have the same spread? Levene's test, and with medians the Brown–Forsythe test.
///
/// ## Hypotheses
///
/// H₀: all groups have one variance. Alternative: at least two differ.
///
/// ## Formula
///
/// ```text
/// zᵢⱼ = |xᵢⱼ − centre of group i|        F: the one-way analysis of variance of the zᵢⱼ
/// ```
///
/// ## Input
///
/// k ≥ 2 independent groups in the same unit, one value or more in each and more values than groups.
///
/// ## Result
///
/// Statistic: F with k − 1 and N − k degrees of freedom. No estimate.
///
/// ## Conventions
///
/// [`Centre::Mean`]: SPSS, R `car::leveneTest(x, group, center = mean)`. [`Centre::Median`]: Brown–Forsythe, the default of
/// car, SciPy (`levene(*groups)`) and Prism.
///
/// ## Errors
///
/// As [`Anova`]; [`TestError::NoSpread`] when the deviations of every group are all equal, as with two values each.
///
/// ## Example
///
/// ```
/// use restudy_stats::hypothesis::{Centre, Levene};
///
/// let groups: [&[f64]; 2] = [&[1.0, 2.0, 3.0, 5.0, 9.0], &[1.0, 10.0, 14.0, 30.0]];
/// let result = Levene { centre: Centre::Median }.run(&groups)?;
/// assert_eq!(result.procedure.key(), "levene/median");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Levene, in Contributions to Probability and Statistics (1960) 278–292; Brown and Forsythe, Robust tests for the
/// equality of variances, Journal of the American Statistical Association 69 (1974) 364–367.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Levene {
    /// What deviations are taken from.
    pub centre: Centre,
}

impl Levene {
    /// The test on the values of each group.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, groups: &[&[f64]]) -> Result<TestResult, TestError> {
        at_least_two(groups.len())?;
        let mut deviations = Vec::with_capacity(groups.len());
        for (group, values) in groups.iter().enumerate() {
            let mean = Moments::of_group(values, group)?.mean;
            let centre = match self.centre {
                Centre::Mean => mean,
                Centre::Median => {
                    let mut sorted = values.to_vec();
                    sorted.sort_unstable_by(f64::total_cmp);
                    quantile(&sorted, 0.5, QuantileType::Type7)?
                }
            };
            deviations.push(values.iter().map(|x| (x - centre).abs()).collect::<Vec<_>>());
        }
        let deviations: Vec<&[f64]> = deviations.iter().map(Vec::as_slice).collect();
        Ok(TestResult {
            procedure: Procedure::Levene { centre: self.centre },
            alternative: Alternative::TwoSided,
            estimate: None,
            ..Anova.run(&deviations)?
        })
    }
}
