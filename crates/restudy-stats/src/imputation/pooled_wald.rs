use nalgebra::{Cholesky, DMatrix, DVector};

use super::ImputationError;
use super::rubin::{complete_df, enough};
use crate::dist::FisherF;

/// A test of several coefficients together out of several completed data sets: the pooled Wald test D₁.
///
/// ## Hypotheses
///
/// H₀: all k coefficients are 0.
///
/// ## Formula
///
/// With the mean coefficients Q̄, the mean covariance matrix Ū and the covariance B of the coefficients between the
/// imputations:
///
/// ```text
/// r = (1 + 1/m) tr(B Ū⁻¹) / k     D₁ = Q̄' Ū⁻¹ Q̄ / (k (1 + r))     F on k and ν
/// t = k (m − 1) > 4:  ν = 4 + (t − 4) (1 + (1 − 2/t) / r)²      (Li, Raghunathan and Rubin)
/// t ≤ 4:              ν = t (1 + 1/k) (1 + 1/r)² / 2
/// ```
///
/// With finite degrees of freedom of the complete data and t > 4, ν is Reiter's.
///
/// ## Input
///
/// The k coefficients of each completed data set, and their covariance matrices, k × k, row after row.
///
/// ## Result
///
/// [`PooledTest`]. Where the imputations agree, r = 0 and ν is infinite (or Reiter's limit).
///
/// ## Conventions
///
/// R: `mice::D1(fit1, fit0, dfcom = )`, which is `mitml::testModels(method = "D1", df.com = )`.
///
/// ## Errors
///
/// [`ImputationError`]: fewer than two imputations, no term, lengths that differ, numbers that are not finite, a mean
/// covariance matrix without an inverse.
///
/// ## Example
///
/// ```
/// use restudy_stats::imputation::PooledWald;
///
/// let (first, second) = ([1.0, 0.0], [1.0, 1.0]);
/// let unit = [1.0, 0.0, 0.0, 1.0];
/// let test = PooledWald::default().run(&[&first, &second], &[&unit, &unit])?;
/// assert_eq!(test.relative_increase, 0.375); // (3/2) · (0 + 1/2) / 2
/// # Ok::<(), restudy_stats::imputation::ImputationError>(())
/// ```
///
/// ## Source
///
/// Li, Raghunathan and Rubin, Journal of the American Statistical Association 86 (1991) 1065–1073; Reiter, Biometrika 94
/// (2007) 502–508.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PooledWald {
    /// Degrees of freedom of the analysis if nothing were missing; infinite for a large sample.
    pub complete_df: f64,
}

impl Default for PooledWald {
    fn default() -> Self {
        Self { complete_df: f64::INFINITY }
    }
}

/// A test pooled over imputations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PooledTest {
    /// F.
    pub statistic: f64,
    /// Degrees of freedom of the numerator: coefficients tested.
    pub df1: f64,
    /// Degrees of freedom of the denominator.
    pub df2: f64,
    /// P(F ≥ statistic).
    pub p_value: f64,
    /// The mean relative increase of variance by missing values.
    pub relative_increase: f64,
    /// m.
    pub imputations: usize,
}

impl PooledTest {
    pub(super) fn new(
        statistic: f64,
        df: (f64, f64),
        relative_increase: f64,
        imputations: usize,
    ) -> Result<Self, ImputationError> {
        // Beyond this the F distribution is that of χ²/k to the last digit.
        let df2 = df.1.min(1e30);
        let p_value = FisherF::new(df.0, df2)?.upper_tail(statistic);
        Ok(Self { statistic, df1: df.0, df2: df.1, p_value, relative_increase, imputations })
    }
}

impl PooledWald {
    /// Tests that all coefficients are 0.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, estimates: &[&[f64]], covariances: &[&[f64]]) -> Result<PooledTest, ImputationError> {
        let m = enough(estimates.len())?;
        complete_df(self.complete_df)?;
        let terms = estimates[0].len();
        if terms == 0 {
            return Err(ImputationError::NoTerms);
        }
        if covariances.len() != estimates.len() {
            return Err(ImputationError::Length { position: 0, found: covariances.len(), needed: estimates.len() });
        }
        for (imputation, (q, u)) in estimates.iter().zip(covariances).enumerate() {
            for (found, needed) in [(q.len(), terms), (u.len(), terms * terms)] {
                if found != needed {
                    return Err(ImputationError::Length { position: imputation, found, needed });
                }
            }
            if !q.iter().chain(*u).all(|value| value.is_finite()) {
                return Err(ImputationError::NotAnEstimate { imputation });
            }
        }
        let mut mean = DVector::zeros(terms);
        let mut within = DMatrix::zeros(terms, terms);
        for (q, u) in estimates.iter().zip(covariances) {
            mean += DVector::from_column_slice(q) / m;
            within += DMatrix::from_row_slice(terms, terms, u) / m;
        }
        let inverse = Cholesky::new(within).ok_or(ImputationError::Singular)?;
        // tr(B Ū⁻¹) is the sum of the distances of each imputation from the mean, by Ū.
        let away: f64 = estimates
            .iter()
            .map(|q| DVector::from_column_slice(q) - &mean)
            .map(|difference| difference.dot(&inverse.solve(&difference)))
            .sum();
        let k = terms as f64;
        let r = (1.0 + 1.0 / m) * away / (m - 1.0) / k;
        let statistic = mean.dot(&inverse.solve(&mean)) / (k * (1.0 + r));
        PooledTest::new(statistic, (k, denominator_df(k, k * (m - 1.0), r, self.complete_df)), r, estimates.len())
    }
}

fn denominator_df(k: f64, t: f64, r: f64, complete: f64) -> f64 {
    if t <= 4.0 {
        let rise = 1.0 + 1.0 / r;
        return t * (1.0 + 1.0 / k) * rise * rise / 2.0;
    }
    if complete.is_finite() {
        return reiter(t, r, complete);
    }
    let rise = 1.0 + (1.0 - 2.0 / t) / r;
    4.0 + (t - 4.0) * rise * rise
}

fn reiter(t: f64, r: f64, complete: f64) -> f64 {
    let a = r * t / (t - 2.0);
    let adjusted = complete * (complete + 1.0) / (complete + 3.0);
    let (c0, c1, c2) = (1.0 / (t - 4.0), adjusted - 2.0 * (1.0 + a), adjusted - 4.0 * (1.0 + a));
    let (aa, rise) = (a * a, 1.0 + a);
    let z = 1.0 / c2
        + c0 * (aa * c1 / (rise * rise * c2))
        + c0 * (8.0 * aa * c1 / (rise * c2 * c2) + 4.0 * aa / (rise * c2))
        + c0 * (4.0 * aa / (c2 * c1) + 16.0 * aa * c1 / (c2 * c2 * c2))
        + c0 * (8.0 * aa / (c2 * c2));
    4.0 + 1.0 / z
}
