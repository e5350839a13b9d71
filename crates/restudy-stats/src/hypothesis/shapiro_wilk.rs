use super::normality::standardised;
use super::{Procedure, Statistic, TestResult};
use crate::{Alternative, TestError, dist};

/// Does a sample come from a normal distribution? The Shapiro–Wilk test, in Royston's form.
///
/// ## Hypotheses
///
/// H₀: the values are normal, of any mean and variance. Alternative: they are not.
///
/// ## Formula
///
/// ```text
/// W = ( Σ aᵢ x₍ᵢ₎ )² / Σ (xᵢ − x̄)²
/// ```
///
/// a: the expected normal order statistics Φ⁻¹((i − 3/8)/(n + 1/4)), scaled to length 1 with the largest one (two, from
/// n = 6) by a polynomial in 1/√n. For n ≥ 4 a function of ln(1 − W) is normal to three digits; for n = 3 the distribution
/// is known in closed form, p = 6/π (asin √W − asin √¾).
///
/// ## Input
///
/// 3 to 5000 values, not all equal.
///
/// ## Result
///
/// Statistic: W in (0, 1]; small values speak against normality. No estimate.
///
/// ## Conventions
///
/// R: `shapiro.test(x)`; SciPy: `shapiro(x)`; SPSS and Prism likewise. R and SciPy differ by 1e-8 in W and 3e-7 in p. To
/// choose a test of means by a first test of normality distorts its p-value: the choice is offered, never made silently.
///
/// ## Errors
///
/// [`TestError::TooFew`], [`TestError::TooMany`], [`TestError::NotFinite`], [`TestError::NoSpread`].
///
/// ## Example
///
/// Weights of 11 men (Shapiro and Wilk 1965, page 606), W = 0.79:
///
/// ```
/// use restudy_stats::hypothesis::ShapiroWilk;
///
/// let result = ShapiroWilk.run(&[148.0, 154.0, 158.0, 160.0, 161.0, 162.0, 166.0, 170.0, 182.0, 195.0, 236.0])?;
/// assert_eq!(format!("{:.4} {:.4}", result.statistic.unwrap().value(), result.p_value), "0.7888 0.0067");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Shapiro and Wilk, Biometrika 52 (1965) 591–611; Royston, Remark AS R94: a remark on algorithm AS 181: the W-test for
/// normality, Applied Statistics 44 (1995) 547–551.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShapiroWilk;

/// The largest sample for which the distribution of W was fitted.
const LIMIT: usize = 5000;

impl ShapiroWilk {
    /// The test on a sample.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, values: &[f64]) -> Result<TestResult, TestError> {
        if values.len() > LIMIT {
            return Err(TestError::TooMany { found: values.len(), limit: LIMIT });
        }
        let z = standardised(values, 3)?;
        let weights = weights(z.len());
        let length = z.iter().map(|z| z * z).sum::<f64>().sqrt();
        // W is the square of a correlation r, and 1 − r half the squared distance of two vectors of length 1: this
        // way 1 − W keeps its digits.
        let (minus, plus) = z.iter().zip(&weights).fold((0.0, 0.0), |(minus, plus), (z, a)| {
            let z = z / length;
            (minus + (z - a) * (z - a), plus + (z + a) * (z + a))
        });
        let missing = (minus * plus / 4.0).min(1.0);
        Ok(TestResult {
            procedure: Procedure::ShapiroWilk,
            alternative: Alternative::TwoSided,
            statistic: Some(Statistic::W { value: 1.0 - missing }),
            p_value: p_value(missing, values.len()),
            estimate: None,
            counts: vec![values.len()],
            remarks: Vec::new(),
        })
    }
}

/// c₀ + c₁ x + c₂ x² + …
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

/// The weights of the ascending values, antisymmetric and of length 1.
fn weights(n: usize) -> Vec<f64> {
    let size = n as f64;
    let half = n / 2;
    // Of the greatest values, descending.
    let expected: Vec<f64> =
        (1..=half).map(|i| dist::Normal.upper_quantile((i as f64 - 0.375) / (size + 0.25))).collect();
    let squares = 2.0 * expected.iter().map(|m| m * m).sum::<f64>();
    let mut upper = vec![std::f64::consts::FRAC_1_SQRT_2];
    if n > 3 {
        let x = 1.0 / size.sqrt();
        let scale = squares.sqrt();
        let mut fixed =
            vec![expected[0] / scale + polynomial(&[0.0, 0.221157, -0.147981, -2.071190, 4.434685, -2.706056], x)];
        if n > 5 {
            fixed
                .push(expected[1] / scale + polynomial(&[0.0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633], x));
        }
        let rest = squares - 2.0 * expected.iter().take(fixed.len()).map(|m| m * m).sum::<f64>();
        let room = 1.0 - 2.0 * fixed.iter().map(|a| a * a).sum::<f64>();
        let factor = (rest / room).sqrt();
        let from = fixed.len();
        upper = fixed;
        upper.extend(expected[from..].iter().map(|m| m / factor));
    }
    let mut weights = vec![0.0; n];
    for (i, a) in upper.into_iter().enumerate() {
        weights[i] = -a;
        weights[n - 1 - i] = a;
    }
    let length = weights.iter().map(|a| a * a).sum::<f64>().sqrt();
    weights.iter().map(|a| a / length).collect()
}

/// The p-value of what W lacks to 1.
fn p_value(missing: f64, n: usize) -> f64 {
    if n == 3 {
        // asin √W − asin √¾ = acos √¾ − acos √W.
        let p = 1.0 - 6.0 / std::f64::consts::PI * libm::asin(missing.sqrt());
        return p.clamp(0.0, 1.0);
    }
    let size = n as f64;
    let y = libm::log(missing);
    let (y, mean, sd) = if n <= 11 {
        let bound = polynomial(&[-2.273, 0.459], size);
        if y >= bound {
            // W is as small as it can be.
            return 0.0;
        }
        (
            -libm::log(bound - y),
            polynomial(&[0.5440, -0.39978, 0.025054, -6.714e-4], size),
            libm::exp(polynomial(&[1.3822, -0.77857, 0.062767, -0.0020322], size)),
        )
    } else {
        let x = libm::log(size);
        (
            y,
            polynomial(&[-1.5861, -0.31082, -0.083751, 0.0038915], x),
            libm::exp(polynomial(&[-0.4803, -0.082676, 0.0030302], x)),
        )
    };
    dist::Normal.upper_tail((y - mean) / sd)
}
