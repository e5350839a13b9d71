use super::groups::{at_least_two, between, moments_from_a_common_origin, sizes};
use super::{Procedure, Statistic, TestResult};
use crate::descriptive::Moments;
use crate::{Alternative, TestError, dist};

/// Do the means of several groups differ, whatever their variances? Welch's analysis of variance.
///
/// ## Hypotheses
///
/// H₀: all groups have one mean. Alternative: at least two differ. Variances may differ.
///
/// ## Formula
///
/// ```text
/// wᵢ = nᵢ / sᵢ²        x̃ = Σ wᵢ x̄ᵢ / Σ wᵢ        Λ = Σ (1 − wᵢ / Σ w)² / (nᵢ − 1)
/// F  = [ Σ wᵢ (x̄ᵢ − x̃)² / (k − 1) ] / [ 1 + 2 (k − 2) Λ / (k² − 1) ]
/// df₁ = k − 1        df₂ = (k² − 1) / (3 Λ)
/// ```
///
/// ## Input
///
/// k ≥ 2 independent groups in the same unit, two values or more in each, or their moments as a paper prints them.
///
/// ## Result
///
/// Statistic: F with its degrees of freedom, df₂ a fraction. No estimate.
///
/// ## Conventions
///
/// R: `oneway.test(x ~ group)`; SPSS: One-Way ANOVA, Welch; statsmodels: `anova_oneway(…, use_var = "unequal")`. With two
/// groups F is the square of Welch's t.
///
/// ## Errors
///
/// [`TestError::TooFewGroups`], [`TestError::TooFew`], [`TestError::NotFinite`], [`TestError::NotADeviation`],
/// [`TestError::NoSpread`] when the values of a group are all equal, which would give it infinite weight.
///
/// ## Example
///
/// ```
/// use restudy_stats::{descriptive::Moments, hypothesis::WelchAnova};
///
/// let groups = [Moments { n: 8, mean: 27.3, sd: 2.1 }, Moments { n: 10, mean: 24.8, sd: 4.9 }, Moments { n: 9, mean: 30.1, sd: 3.3 }];
/// let result = WelchAnova.run_on_moments(&groups)?;
/// assert_eq!(result.statistic.unwrap().df(), Some(2.0));
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Welch, On the comparison of several mean values: an alternative approach, Biometrika 38 (1951) 330–336.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WelchAnova;

impl WelchAnova {
    /// The test on the values of each group.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, groups: &[&[f64]]) -> Result<TestResult, TestError> {
        self.run_on_moments(&moments_from_a_common_origin(groups)?)
    }

    /// The test on the moments of each group.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_on_moments(&self, groups: &[Moments]) -> Result<TestResult, TestError> {
        at_least_two(groups.len())?;
        for (group, moments) in groups.iter().enumerate() {
            if moments.n < 2 {
                return Err(TestError::TooFew { group, found: moments.n, needed: 2 });
            }
            moments.check(group)?;
            if moments.sd == 0.0 {
                return Err(TestError::NoSpread);
            }
        }
        let weight = |group: &Moments| group.n as f64 / (group.sd * group.sd);
        let total: f64 = groups.iter().map(weight).sum();
        let lambda: f64 = groups
            .iter()
            .map(|group| {
                let others = 1.0 - weight(group) / total;
                others * others / (group.n as f64 - 1.0)
            })
            .sum();
        let k = groups.len() as f64;
        let (_, squares) = between(groups, weight);
        let value = squares.max(0.0) / (k - 1.0) / (1.0 + 2.0 * (k - 2.0) * lambda / (k * k - 1.0));
        let (df1, df2) = (k - 1.0, (k * k - 1.0) / (3.0 * lambda));
        Ok(TestResult {
            procedure: Procedure::WelchAnova,
            alternative: Alternative::TwoSided,
            statistic: Some(Statistic::F { value, df1, df2 }),
            p_value: dist::FisherF::new(df1, df2)?.upper_tail(value),
            estimate: None,
            counts: sizes(groups),
            remarks: Vec::new(),
        })
    }
}
