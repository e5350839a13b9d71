use super::{Adjusted, family::Family};
use crate::TestError;

/// p-values adjusted so that the chance of any false rejection is held: Holm's step-down procedure.
///
/// ## Hypotheses
///
/// A family of m null hypotheses. Rejecting those whose adjusted p is at most α keeps the probability of one or more
/// false rejections at or below α, whatever the dependence of the tests; it rejects all that Bonferroni's correction
/// does, and often more.
///
/// ## Formula
///
/// ```text
/// adjusted p₍ᵢ₎ = max over j ≤ i of min(1, (m + 1 − j) · p₍ⱼ₎)        p₍₁₎ ≤ … ≤ p₍ₘ₎
/// ```
///
/// ## Input
///
/// p-values in [0, 1] in any order; `None` where a test of the list gave none.
///
/// ## Result
///
/// The adjusted p-values in the order given, never below the p they come from and in the same order as they. A missing
/// p stays missing and out of the family, and m, the family's size, is part of the result.
///
/// ## Conventions
///
/// R: `p.adjust(p, "holm")`, and with `n = m` for [`adjust_in_family`](Self::adjust_in_family).
///
/// ## Errors
///
/// [`TestError::NotAProbability`] for a p outside [0, 1] or NaN, [`TestError::FamilyTooSmall`] when the declared family
/// has fewer tests than there are p-values.
///
/// ## Example
///
/// ```
/// use restudy_stats::multiplicity::Holm;
///
/// let adjusted = Holm.adjust(&[Some(0.01), None, Some(0.5), Some(0.04)])?;
/// assert_eq!(adjusted.values, [Some(0.03), None, Some(0.5), Some(0.08)]);
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6 (1979) 65–70.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holm;

impl Holm {
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
        Ok(Family::of(p_values, size)?.step_down(|rank| (size - rank + 1) as f64))
    }
}
