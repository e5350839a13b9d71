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
/// Missing p-values are not counted in m. R: `p.adjust(p, "hochberg")`; statsmodels:
/// `multipletests(p, method="simes-hochberg")`.
///
/// ## Errors
///
/// [`TestError::NotAProbability`] with the place of a value outside [0, 1].
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
    /// Adjusts a family of p-values.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn adjust(&self, p_values: &[Option<f64>]) -> Result<Adjusted, TestError> {
        let family = Family::of(p_values)?;
        let m = family.size();
        Ok(family.step_up(|rank| (m - rank + 1) as f64))
    }
}
