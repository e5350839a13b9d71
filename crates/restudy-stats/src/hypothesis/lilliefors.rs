use super::normality::standardised;
use super::{Procedure, Statistic, TestResult};
use crate::{Alternative, TestError, dist};

/// Does a sample come from a normal distribution? The Lilliefors test: Kolmogorov's and Smirnov's distance with mean and
/// variance estimated.
///
/// ## Hypotheses
///
/// H₀: the values are normal, of any mean and variance. Alternative: they are not.
///
/// ## Formula
///
/// ```text
/// zᵢ = (x₍ᵢ₎ − x̄) / s        D = max over i of max( i/n − Φ(zᵢ), Φ(zᵢ) − (i − 1)/n )
/// p = exp( −7.01256 D² (n + 2.78019) + 2.99587 D √(n + 2.78019) − 0.122119 + 0.974598/√n + 1.67997/n )
/// ```
///
/// For n > 100, D (n/100)^0.49 and 100 take the places of D and n. The formula holds up to p = 0.1; a greater p comes from
/// the polynomial of Molin and Abdi, which simulation confirms to about 0.01 between 0.1 and 0.9.
///
/// ## Input
///
/// 5 values or more, not all equal.
///
/// ## Result
///
/// Statistic: D in (0, 1). No estimate.
///
/// ## Conventions
///
/// R: `nortest::lillie.test(x)`, the same up to p = 0.1 and another approximation above; statsmodels:
/// `lilliefors(x, pvalmethod = "table")` interpolates simulated tables; SPSS prints this as Kolmogorov–Smirnov with
/// "Lilliefors significance correction", and 0.200 for any greater p.
///
/// ## Errors
///
/// [`TestError::TooFew`], [`TestError::NotFinite`], [`TestError::NoSpread`].
///
/// ## Example
///
/// ```
/// use restudy_stats::hypothesis::Lilliefors;
///
/// let result = Lilliefors.run(&[148.0, 154.0, 158.0, 160.0, 161.0, 162.0, 166.0, 170.0, 182.0, 195.0, 236.0])?;
/// assert_eq!(format!("{:.4} {:.3}", result.statistic.unwrap().value(), result.p_value), "0.2592 0.037");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Lilliefors, Journal of the American Statistical Association 62 (1967) 399–402; Dallal and Wilkinson, An analytic
/// approximation to the distribution of Lilliefors's test statistic for normality, The American Statistician 40 (1986)
/// 294–296; Molin and Abdi, New tables and numerical approximation for the Kolmogorov–Smirnov/Lilliefors/Van Soest test of
/// normality (1998).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lilliefors;

impl Lilliefors {
    /// The test on a sample.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, values: &[f64]) -> Result<TestResult, TestError> {
        let z = standardised(values, 5)?;
        let n = z.len() as f64;
        let value = z.iter().enumerate().fold(0.0, |distance: f64, (i, &z)| {
            let below = dist::Normal.lower_tail(z);
            distance.max((i + 1) as f64 / n - below).max(below - i as f64 / n)
        });
        Ok(TestResult {
            procedure: Procedure::Lilliefors,
            alternative: Alternative::TwoSided,
            statistic: Some(Statistic::D { value }),
            p_value: p_value(value, n),
            estimate: None,
            counts: vec![values.len()],
            remarks: Vec::new(),
        })
    }
}

/// The greatest p-value that the formula of Dallal and Wilkinson holds for.
const DALLAL_WILKINSON_UP_TO: f64 = 0.1;

fn p_value(distance: f64, n: f64) -> f64 {
    let (d, size) = if n > 100.0 { (distance * libm::pow(n / 100.0, 0.49), 100.0) } else { (distance, n) };
    let root = (size + 2.78019_f64).sqrt();
    let p = libm::exp(
        -7.01256 * d * d * root * root + 2.99587 * d * root - 0.122119 + 0.974598 / size.sqrt() + 1.67997 / size,
    );
    if p <= DALLAL_WILKINSON_UP_TO { p } else { molin_abdi(distance, n).clamp(DALLAL_WILKINSON_UP_TO, 1.0) }
}

fn molin_abdi(distance: f64, n: f64) -> f64 {
    const COEFFICIENTS: [f64; 11] = [
        -0.37782822932809,
        1.67819837908004,
        -3.02959249450445,
        2.80015798142101,
        -1.39874347510845,
        0.40466213484419,
        -0.06353440854207,
        0.00287462087623,
        0.00069650013110,
        -0.00011872227037,
        0.00000575586834,
    ];
    let (b0, b1, b2) = (0.37872256037043, 1.30748185078790, 0.08861783849346);
    let b = b1 + n;
    let a = (-b + (b * b - 4.0 * b2 * (b0 - 1.0 / (distance * distance))).sqrt()) / (2.0 * b2);
    COEFFICIENTS.iter().rev().fold(0.0, |sum, coefficient| sum * a + coefficient)
}
