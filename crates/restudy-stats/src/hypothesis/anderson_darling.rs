use super::normality::standardised;
use super::{Procedure, Statistic, TestResult};
use crate::{Alternative, TestError, dist};

/// Does a sample come from a normal distribution? The Anderson–Darling test, mean and variance estimated.
///
/// ## Hypotheses
///
/// H₀: the values are normal, of any mean and variance. Alternative: they are not.
///
/// ## Formula
///
/// ```text
/// zᵢ = (x₍ᵢ₎ − x̄) / s        A² = −n − (1/n) Σ (2i − 1) [ ln Φ(zᵢ) + ln Φ(−zₙ₊₁₋ᵢ) ]
/// A* = A² (1 + 0.75/n + 2.25/n²)
/// ```
///
/// p is the exponential of a quadratic in A*, in four pieces, good to two digits.
///
/// ## Input
///
/// 8 values or more, not all equal.
///
/// ## Result
///
/// Statistic: A², without the factor that p is computed with. No estimate.
///
/// ## Conventions
///
/// R: `nortest::ad.test(x)`; statsmodels: `normal_ad(x)`; Minitab prints A² likewise. SciPy's `anderson` prints A² and
/// critical values.
///
/// ## Errors
///
/// [`TestError::TooFew`], [`TestError::NotFinite`], [`TestError::NoSpread`].
///
/// ## Example
///
/// ```
/// use restudy_stats::hypothesis::AndersonDarling;
///
/// let result = AndersonDarling.run(&[148.0, 154.0, 158.0, 160.0, 161.0, 162.0, 166.0, 170.0, 182.0, 195.0, 236.0])?;
/// assert_eq!(format!("{:.4} {:.4}", result.statistic.unwrap().value(), result.p_value), "0.9468 0.0105");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Anderson and Darling, Journal of the American Statistical Association 49 (1954) 765–769; Stephens, in D'Agostino and
/// Stephens, Goodness-of-Fit Techniques (1986), table 4.9.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AndersonDarling;

impl AndersonDarling {
    /// The test on a sample.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, values: &[f64]) -> Result<TestResult, TestError> {
        let z = standardised(values, 8)?;
        let n = z.len() as f64;
        let sum: f64 = (z.iter().zip(z.iter().rev()).enumerate())
            .map(|(i, (&low, &high))| (2 * i + 1) as f64 * (ln_lower_tail(low) + ln_lower_tail(-high)))
            .sum();
        let value = -n - sum / n;
        let a = value * (1.0 + 0.75 / n + 2.25 / (n * n));
        let p_value = if a < 0.2 {
            -libm::expm1(-13.436 + (101.14 - 223.73 * a) * a)
        } else if a < 0.34 {
            -libm::expm1(-8.318 + (42.796 - 59.938 * a) * a)
        } else if a < 0.6 {
            libm::exp(0.9177 - (4.279 + 1.38 * a) * a)
        } else {
            // The quadratic turns at 153, where p is long below any meaning.
            let a = a.min(153.0);
            libm::exp(1.2937 - (5.709 - 0.0186 * a) * a)
        };
        Ok(TestResult {
            procedure: Procedure::AndersonDarling,
            alternative: Alternative::TwoSided,
            statistic: Some(Statistic::ASquared { value }),
            p_value,
            estimate: None,
            counts: vec![values.len()],
            remarks: Vec::new(),
        })
    }
}

/// ln Φ(z), to its own precision on both sides.
fn ln_lower_tail(z: f64) -> f64 {
    if z > 0.0 {
        libm::log1p(-dist::Normal.upper_tail(z))
    } else if z > -37.0 {
        libm::log(dist::Normal.lower_tail(z))
    } else {
        // Below the smallest double: the leading terms of Mills's ratio.
        -0.5 * z * z - libm::log(-z) - 0.918_938_533_204_672_8 + libm::log1p(-1.0 / (z * z))
    }
}
