use super::{Adjusted, family::Family};
use crate::TestError;

/// p-values adjusted so that the false discovery rate is held under any dependence: Benjamini and Yekutieli's step-up
/// procedure.
///
/// ## Hypotheses
///
/// A family of m null hypotheses. Rejecting those whose adjusted p is at most q keeps the expected share of false
/// rejections among all rejections at or below q, whatever the dependence of the tests.
///
/// ## Formula
///
/// ```text
/// adjusted p₍ᵢ₎ = min over j ≥ i of min(1, c · m / j · p₍ⱼ₎)        p₍₁₎ ≤ … ≤ p₍ₘ₎,  c = 1 + 1/2 + … + 1/m
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
/// R: `p.adjust(p, "BY")`, and with `n = m` for [`adjust_in_family`](Self::adjust_in_family).
///
/// ## Errors
///
/// [`TestError::NotAProbability`] for a p outside [0, 1] or NaN, [`TestError::FamilyTooSmall`] when the declared family
/// has fewer tests than there are p-values.
///
/// ## Example
///
/// ```
/// use restudy_stats::multiplicity::BenjaminiYekutieli;
///
/// let adjusted = BenjaminiYekutieli.adjust(&[Some(0.5), None, Some(0.02)])?;
/// assert_eq!(adjusted.values, [Some(0.75), None, Some(0.06)]); // c = 1 + 1/2
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Benjamini and Yekutieli, The control of the false discovery rate in multiple testing under dependency, Annals of
/// Statistics 29 (2001) 1165–1188.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BenjaminiYekutieli;

impl BenjaminiYekutieli {
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
        // Smallest terms first, for the last digit's sake.
        let dependence: f64 = (1..=size).rev().map(|j| 1.0 / j as f64).sum();
        Ok(Family::of(p_values, size)?.step_up(|rank| dependence * size as f64 / rank as f64))
    }
}
