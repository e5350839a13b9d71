use super::sum::Centred;
use crate::TestError;

/// Skewness and excess kurtosis of a sample, from its central moments.
///
/// ## Formula
///
/// ```text
/// mₖ = Σ (xᵢ − mean)ᵏ / n        skewness = m₃ / m₂^(3/2)        excess kurtosis = m₄ / m₂² − 3
/// ```
///
/// ## Input
///
/// Finite values in any unit, not all equal.
///
/// ## Result
///
/// Pure numbers. Positive skewness: the tail of large values is the longer one. Both are 0 for a normal distribution.
///
/// ## Conventions
///
/// The moments themselves (g₁, g₂; SciPy's default, R's `e1071::skewness(x, type = 1)`). SPSS, SAS and Excel print
/// G₁ and G₂, corrected for small samples.
///
/// ## Errors
///
/// [`TestError::TooFew`] without values, [`TestError::NotFinite`], [`TestError::NoSpread`] when all values are equal.
///
/// ## Example
///
/// ```
/// use restudy_stats::descriptive::Shape;
///
/// let shape = Shape::of(&[0.0, 0.0, 0.0, 4.0])?; // m₂ = 3, m₃ = 6, m₄ = 21
/// assert!((shape.skewness - 6.0 / 27.0_f64.sqrt()).abs() < 1e-15);
/// assert!((shape.excess_kurtosis - (21.0 / 9.0 - 3.0)).abs() < 1e-15);
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Joanes and Gill, Comparing measures of sample skewness and kurtosis, The Statistician 47 (1998) 183–189.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// g₁.
    pub skewness: f64,
    /// g₂.
    pub excess_kurtosis: f64,
}

impl Shape {
    /// The shape of a sample.
    ///
    /// # Errors
    ///
    /// As the type's page says; positions are those of `values`, the group is 0.
    pub fn of(values: &[f64]) -> Result<Self, TestError> {
        let centred = Centred::new(values, 0)?;
        let n = centred.n();
        let second = centred.sum_of_deviations(|d| d * d) / n;
        if second == 0.0 {
            return Err(TestError::NoSpread);
        }
        // Deviations in standard deviations, so that no fourth power vanishes beside a large mean.
        let sd = second.sqrt();
        let third = centred.sum_of_deviations(|d| (d / sd) * (d / sd) * (d / sd)) / n;
        let fourth = centred.sum_of_deviations(|d| (d / sd) * (d / sd) * ((d / sd) * (d / sd))) / n;
        Ok(Self { skewness: third, excess_kurtosis: fourth - 3.0 })
    }
}
