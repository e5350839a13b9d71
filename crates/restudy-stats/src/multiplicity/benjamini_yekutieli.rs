use super::{Adjusted, family::Family};
use crate::TestError;

/// Benjamini and Yekutieli's adjustment: the false discovery rate under any dependence.
///
/// ## Hypotheses
///
/// Rejecting where the adjusted p ≤ q keeps the expected share of false rejections among all rejections at q or below,
/// whatever the dependence between the tests. The price against Benjamini–Hochberg is the factor c(m), about ln m.
///
/// ## Formula
///
/// ```text
/// adjusted p₍ᵢ₎ = min over j ≥ i of min(1, c(m) m / j · p₍ⱼ₎)        c(m) = 1 + 1/2 + … + 1/m
/// ```
///
/// ## Input
///
/// p-values in [0, 1] in any order, `None` where there is none. Equal p-values get equal adjusted ones.
///
/// ## Conventions
///
/// Missing p-values are not counted in m. R: `p.adjust(p, "BY")`; SciPy:
/// `scipy.stats.false_discovery_control(p, method="by")`; statsmodels: `multipletests(p, method="fdr_by")`.
///
/// ## Errors
///
/// [`TestError::NotAProbability`] with the place of a value outside [0, 1].
///
/// ## Example
///
/// ```
/// use restudy_stats::multiplicity::BenjaminiYekutieli;
///
/// let adjusted = BenjaminiYekutieli.adjust(&[Some(0.25), Some(0.0625), None])?;
/// assert_eq!((adjusted.values, adjusted.size), (vec![Some(0.375), Some(0.1875), None], 2));
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Benjamini and Yekutieli, The control of the false discovery rate in multiple testing under dependency, The Annals of
/// Statistics 29 (2001) 1165–1188, theorem 1.3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct BenjaminiYekutieli;

impl BenjaminiYekutieli {
    /// Adjusts a family of p-values.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn adjust(&self, p_values: &[Option<f64>]) -> Result<Adjusted, TestError> {
        let family = Family::of(p_values)?;
        let m = family.size();
        // From the smallest term on, so that rounding does not grow with m.
        let harmonic: f64 = (1..=m).rev().map(|rank| 1.0 / rank as f64).sum();
        Ok(family.step_up(|rank| harmonic * m as f64 / rank as f64))
    }
}
