use super::Adjusted;
use crate::TestError;

/// Bonferroni's adjustment: every p-value times the number of tests.
///
/// ## Hypotheses
///
/// Rejecting where the adjusted p ≤ α keeps the probability of even one false rejection in the family at α or below,
/// whatever the dependence between the tests.
///
/// ## Formula
///
/// ```text
/// adjusted p = min(1, m p)        m the number of p-values in the family
/// ```
///
/// ## Input
///
/// p-values in [0, 1] in any order, `None` where there is none. An empty family is adjusted to an empty answer.
///
/// ## Conventions
///
/// Missing p-values are not counted in m. R: `p.adjust(p, "bonferroni")`; statsmodels:
/// `multipletests(p, method="bonferroni")`.
///
/// ## Errors
///
/// [`TestError::NotAProbability`] with the place of a value outside [0, 1]. An adjusted p-value has no other one.
///
/// ## Example
///
/// ```
/// use restudy_stats::multiplicity::Bonferroni;
///
/// let adjusted = Bonferroni.adjust(&[Some(0.25), None, Some(0.0625)])?;
/// assert_eq!((adjusted.values, adjusted.size), (vec![Some(0.5), None, Some(0.125)], 2));
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Dunn, Multiple comparisons among means, Journal of the American Statistical Association 56 (1961) 52–64.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Bonferroni;

impl Bonferroni {
    /// Adjusts a family of p-values.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn adjust(&self, p_values: &[Option<f64>]) -> Result<Adjusted, TestError> {
        for (position, p) in p_values.iter().enumerate() {
            if let Some(p) = p.filter(|p| !(0.0..=1.0).contains(p)) {
                return Err(TestError::NotAProbability { position, p });
            }
        }
        let size = p_values.iter().flatten().count();
        let values = p_values.iter().map(|p| p.map(|p| (p * size as f64).min(1.0))).collect();
        Ok(Adjusted { values, size })
    }
}
