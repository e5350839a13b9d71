use super::{Adjusted, family::Family};
use crate::TestError;

/// Holm's step-down adjustment.
///
/// ## Hypotheses
///
/// Rejecting where the adjusted p ≤ α keeps the probability of even one false rejection at α or below, whatever the
/// dependence. It rejects all that Bonferroni rejects, and more.
///
/// ## Formula
///
/// ```text
/// adjusted p₍ᵢ₎ = max over j ≤ i of min(1, (m − j + 1) p₍ⱼ₎)        p₍₁₎ ≤ … ≤ p₍ₘ₎
/// ```
///
/// ## Input
///
/// p-values in [0, 1] in any order, `None` where there is none. Equal p-values get equal adjusted ones.
///
/// ## Conventions
///
/// Missing p-values are not counted in m. R: `p.adjust(p, "holm")`, the default of `p.adjust`; statsmodels:
/// `multipletests(p, method="holm")`.
///
/// ## Errors
///
/// [`TestError::NotAProbability`] with the place of a value outside [0, 1].
///
/// ## Example
///
/// ```
/// use restudy_stats::multiplicity::Holm;
///
/// let adjusted = Holm.adjust(&[Some(0.25), Some(0.0625), None])?;
/// assert_eq!((adjusted.values, adjusted.size), (vec![Some(0.25), Some(0.125), None], 2));
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6 (1979) 65–70.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Holm;

impl Holm {
    /// Adjusts a family of p-values.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn adjust(&self, p_values: &[Option<f64>]) -> Result<Adjusted, TestError> {
        let family = Family::of(p_values)?;
        let m = family.size();
        Ok(family.step_down(|rank| (m - rank + 1) as f64))
    }
}
