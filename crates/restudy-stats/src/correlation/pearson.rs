use super::coefficient::{Coefficient, check_pairs, fisher_std_error, student_p};
use crate::descriptive::Centred;
use crate::hypothesis::{Procedure, Quantity, Statistic, TestResult};
use crate::{Alternative, Level, TestError};

/// Do two quantities go together along a straight line? Pearson's product-moment correlation.
///
/// ## Hypotheses
///
/// H₀: ρ = 0, for pairs from a bivariate normal distribution. Alternatives: ρ ≠ 0, < 0, > 0.
///
/// ## Formula
///
/// ```text
/// r = Σ (x − x̄)(y − ȳ) / √( Σ (x − x̄)² Σ (y − ȳ)² )
/// t = r √( (n − 2) / (1 − r²) )                          n − 2 degrees of freedom
/// interval: tanh( artanh r ± z / √(n − 3) )              z the upper (1 − level)/2 quantile of the normal distribution
/// ```
///
/// ## Input
///
/// Two samples of one length, each in any unit, n ≥ 3, neither of them constant; the interval takes n ≥ 4.
///
/// ## Result
///
/// Statistic: t. Estimate: r in [−1, 1], with Fisher's interval; a one-sided alternative has a one-sided interval. When
/// the points lie on a line, r = ±1, t is infinite and the two-sided p is 0.
///
/// ## Conventions
///
/// R: `cor.test(x, y)`; SciPy: `scipy.stats.pearsonr(x, y)`; SPSS: `CORRELATIONS`. All agree. Near r = ±1 the packages
/// lose the digits of 1 − r², and with them those of t and p; here it is summed apart from r.
///
/// ## Errors
///
/// [`TestError::UnequalLengths`], [`TestError::TooFew`], [`TestError::NotFinite`], [`TestError::NoSpread`] when a
/// variable is constant, [`TestError::NotACorrelation`] for an r outside [−1, 1].
///
/// ## Example
///
/// ```
/// use restudy_stats::correlation::Pearson;
///
/// let result = Pearson::default().run(&[1.0, 2.0, 3.0, 4.0, 5.0], &[2.0, 1.0, 4.0, 3.0, 5.0])?;
/// assert!((result.estimate.unwrap().value - 0.8).abs() < 1e-15);
/// assert_eq!(format!("{:.4}", result.p_value), "0.1041");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Fisher, On the "probable error" of a coefficient of correlation deduced from a small sample, Metron 1 (1921) 3–32;
/// Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 3rd edition (2014), section 8.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pearson {
    /// The side of the test and of the interval.
    pub alternative: Alternative,
    /// The level of the interval.
    pub level: Level,
}

impl Pearson {
    /// The test on pairs of values.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, x: &[f64], y: &[f64]) -> Result<TestResult, TestError> {
        check_pairs(x.len(), y.len(), 3)?;
        self.test(coefficient(x, y)?, x.len())
    }

    /// The test on what a paper prints: r and the number of pairs.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_on_r(&self, r: f64, n: usize) -> Result<TestResult, TestError> {
        check_pairs(n, n, 3)?;
        self.test(Coefficient::of_number(r)?, n)
    }

    fn test(&self, coefficient: Coefficient, n: usize) -> Result<TestResult, TestError> {
        let df = n as f64 - 2.0;
        let value = coefficient.t(df);
        Ok(TestResult {
            procedure: Procedure::Pearson,
            alternative: self.alternative,
            statistic: Some(Statistic::T { value, df }),
            p_value: student_p(value, df, self.alternative)?,
            estimate: Some(coefficient.estimate(
                Quantity::PearsonR,
                fisher_std_error(n, 0),
                self.alternative,
                self.level,
            )),
            counts: vec![n],
            remarks: Vec::new(),
        })
    }
}

/// r of two samples of one length.
pub(super) fn coefficient(x: &[f64], y: &[f64]) -> Result<Coefficient, TestError> {
    let (x, y) = (Centred::new(x, 0)?, Centred::new(y, 1)?);
    let (xx, yy) = (x.sum_of_deviations(|d| d * d), y.sum_of_deviations(|d| d * d));
    Coefficient::of_sums(xx, yy, x.sum_of_pairs(&y, |x, y| x * y), |sign| {
        let (x_scale, y_scale) = (1.0 / xx.sqrt(), sign / yy.sqrt());
        x.sum_of_pairs(&y, |x, y| {
            let apart = x * x_scale - y * y_scale;
            apart * apart
        })
    })
}
