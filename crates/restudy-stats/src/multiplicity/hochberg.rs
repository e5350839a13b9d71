use super::{Adjusted, family::Family};
use crate::TestError;

/// Hochberg's step-up adjustment: Holm's factors, taken from the greatest p-value down.
///
/// ## Hypotheses
///
/// Rejecting where the adjusted p ≤ α keeps the probability of even one false rejection at α or below when the tests
/// are independent or positively dependent (Simes's inequality holds). It rejects all that Holm rejects, and more.
///
/// ## Formula
///
/// ```text
/// adjusted p₍ᵢ₎ = min over j ≥ i of (m − j + 1) p₍ⱼ₎        p₍₁₎ ≤ … ≤ p₍ₘ₎
/// ```
///
/// ## Input
///
/// p-values in [0, 1] in any order, `None` where there is none. Equal p-values get equal adjusted ones.
///
/// ## Conventions
///
/// Missing p-values are not counted in m. R: `p.adjust(p, "hochberg")`, and with `n = m` for
/// [`adjust_in_family`](Self::adjust_in_family); statsmodels:
/// `multipletests(p, method="simes-hochberg")`.
///
/// ## Errors
///
/// [`TestError::NotAProbability`] for a p outside [0, 1] or NaN, [`TestError::FamilyTooSmall`] when the declared family
/// has fewer tests than there are p-values.
///
/// ## Example
///
/// ```
/// use restudy_stats::multiplicity::Hochberg;
///
/// let adjusted = Hochberg.adjust(&[Some(0.25), Some(0.1875), None])?;
/// assert_eq!((adjusted.values, adjusted.size), (vec![Some(0.25), Some(0.25), None], 2));
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Hochberg, A sharper Bonferroni procedure for multiple tests of significance, Biometrika 75 (1988) 800–802.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Hochberg;

impl Hochberg {
    /// Adjusts within the family of the p-values that are present.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn adjust(&self, p_values: &[Option<f64>]) -> Result<Adjusted, TestError> {
        self.adjust_in_family(p_values, p_values.iter().flatten().count())
    }

    /// Adjusts within a family of `size` tests, of which those not given count as not rejected.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn adjust_in_family(&self, p_values: &[Option<f64>], size: usize) -> Result<Adjusted, TestError> {
        Ok(Family::of(p_values, size)?.step_up(|rank| (size - rank + 1) as f64))
    }
}
