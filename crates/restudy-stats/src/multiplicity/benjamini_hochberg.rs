use super::{Adjusted, family::Family};
use crate::TestError;

/// p-values adjusted so that the false discovery rate is held: Benjamini and Hochberg's step-up procedure.
///
/// ## Hypotheses
///
/// A family of m null hypotheses. Rejecting those whose adjusted p is at most q keeps the expected share of false
/// rejections among all rejections at or below q, for independent (or positively dependent) tests.
///
/// ## Formula
///
/// ```text
/// adjusted p₍ᵢ₎ = min over j ≥ i of min(1, m / j · p₍ⱼ₎)        p₍₁₎ ≤ … ≤ p₍ₘ₎
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
/// R: `p.adjust(p, "BH")` (or `"fdr"`), which also drops missing values from m; `p.adjust(p, "BH", n = m)` for
/// [`adjust_in_family`](Self::adjust_in_family).
///
/// ## Errors
///
/// [`TestError::NotAProbability`] for a p outside [0, 1] or NaN, [`TestError::FamilyTooSmall`] when the declared family
/// has fewer tests than there are p-values.
///
/// ## Example
///
/// Benjamini and Hochberg's own, fifteen endpoints of a trial on thrombolysis (1995, section 3.2): four are rejected at
/// q = 0.05.
///
/// ```
/// use restudy_stats::multiplicity::BenjaminiHochberg;
///
/// let p = [
///     0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590,
///     1.0000,
/// ];
/// let adjusted = BenjaminiHochberg.adjust(&p.map(Some))?;
/// assert_eq!(adjusted.size, 15);
/// assert_eq!(adjusted.values.iter().filter(|p| p.unwrap() <= 0.05).count(), 4);
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Benjamini and Hochberg, Controlling the false discovery rate, Journal of the Royal Statistical Society B 57 (1995)
/// 289–300; Yekutieli and Benjamini, Journal of Statistical Planning and Inference 82 (1999) 171–196 (adjusted
/// p-values).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BenjaminiHochberg;

impl BenjaminiHochberg {
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
        Ok(Family::of(p_values, size)?.step_up(|rank| size as f64 / rank as f64))
    }
}
