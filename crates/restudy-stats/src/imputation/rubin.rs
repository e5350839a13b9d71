use super::ImputationError;
use crate::dist::StudentT;
use crate::{Interval, Level};

/// One estimate out of those of several completed data sets: Rubin's rules.
///
/// ## Hypotheses
///
/// H₀: the quantity is 0, against two sides.
///
/// ## Formula
///
/// ```text
/// Q̄ = Σ Qᵢ / m     W = Σ Uᵢ / m     B = Σ (Qᵢ − Q̄)² / (m − 1)     T = W + (1 + 1/m) B
/// r = (1 + 1/m) B / W     λ = (1 + 1/m) B / T
/// ν_m = (m − 1) / λ²     ν_obs = (ν + 1)/(ν + 3) ν (1 − λ)     df = ν_m ν_obs / (ν_m + ν_obs)
/// FMI = (r + 2 / (df + 3)) / (1 + r)     t = Q̄ / √T on df
/// ```
///
/// ν are the degrees of freedom of the complete data; with infinite ones df is Rubin's `ν_m`.
///
/// ## Input
///
/// An estimate Qᵢ and its squared standard error Uᵢ from each of m ≥ 2 completed data sets, on the scale on which the
/// estimate is nearly normal: log odds ratios and log hazard ratios, whose pooled value and limits are exponentiated
/// afterwards.
///
/// ## Result
///
/// [`PooledEstimate`]. Where the imputations agree (B = 0), nothing is missing: λ = 0 and df = `ν_obs`.
///
/// ## Conventions
///
/// R: `mice::pool(fits, dfcom = )`, with ν = n − p by default. mice does not let λ fall below 1e-4; here it may be 0.
/// SPSS and Stata's `nosmall` have Rubin's degrees of freedom: infinite ν.
///
/// ## Errors
///
/// [`ImputationError`]: fewer than two imputations, lengths that differ, an estimate that is not finite, a variance that
/// is not above 0, degrees of freedom that are not above 0.
///
/// ## Example
///
/// ```
/// use restudy_stats::imputation::RubinRules;
///
/// let pooled = RubinRules::default().run(&[1.0, 2.0, 3.0], &[1.0, 1.0, 1.0])?;
/// assert_eq!(pooled.estimate, 2.0);
/// assert_eq!(pooled.total, 1.0 + 4.0 / 3.0);
/// # Ok::<(), restudy_stats::imputation::ImputationError>(())
/// ```
///
/// ## Source
///
/// Rubin, Multiple Imputation for Nonresponse in Surveys, Wiley 1987; Barnard and Rubin, Biometrika 86 (1999) 948–955
/// (df); van Buuren, Flexible Imputation of Missing Data, 2nd edition, CRC 2018, section 2.3.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RubinRules {
    /// The level of the interval.
    pub level: Level,
    /// Degrees of freedom of the analysis if nothing were missing; infinite for a large sample.
    pub complete_df: f64,
}

impl Default for RubinRules {
    fn default() -> Self {
        Self { level: Level::default(), complete_df: f64::INFINITY }
    }
}

/// A pooled estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PooledEstimate {
    /// Q̄.
    pub estimate: f64,
    /// W, the mean variance within the imputations.
    pub within: f64,
    /// B, the variance between them.
    pub between: f64,
    /// T, the variance of the estimate.
    pub total: f64,
    /// √T.
    pub std_error: f64,
    /// r, by which missing values raise the variance.
    pub relative_increase: f64,
    /// λ, the share of the variance that is due to missing values.
    pub lambda: f64,
    /// The fraction of missing information.
    pub fmi: f64,
    /// Barnard and Rubin's degrees of freedom.
    pub df: f64,
    /// Q̄ / √T.
    pub t: f64,
    /// Its two-sided p-value.
    pub p_value: f64,
    /// The interval.
    pub interval: Interval,
    /// m.
    pub imputations: usize,
}

impl RubinRules {
    /// Pools the estimates and their squared standard errors.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, estimates: &[f64], variances: &[f64]) -> Result<PooledEstimate, ImputationError> {
        let m = enough(estimates.len())?;
        complete_df(self.complete_df)?;
        if variances.len() != estimates.len() {
            return Err(ImputationError::Length { position: 0, found: variances.len(), needed: estimates.len() });
        }
        let strange = |(q, u): (&f64, &f64)| !(q.is_finite() && *u > 0.0 && u.is_finite());
        if let Some(imputation) = estimates.iter().zip(variances).position(strange) {
            return Err(ImputationError::NotAnEstimate { imputation });
        }
        let estimate = estimates.iter().sum::<f64>() / m;
        let within = variances.iter().sum::<f64>() / m;
        let between = estimates.iter().map(|q| (q - estimate) * (q - estimate)).sum::<f64>() / (m - 1.0);
        let added = (1.0 + 1.0 / m) * between;
        let total = within + added;
        let (relative_increase, lambda) = (added / within, added / total);
        let df = barnard_rubin(m, lambda, self.complete_df);
        let std_error = total.sqrt();
        let t = estimate / std_error;
        let reference = StudentT::new(df)?;
        let reach = reference.upper_quantile(self.level.tail()) * std_error;
        Ok(PooledEstimate {
            estimate,
            within,
            between,
            total,
            std_error,
            relative_increase,
            lambda,
            fmi: (relative_increase + 2.0 / (df + 3.0)) / (1.0 + relative_increase),
            df,
            t,
            p_value: reference.two_sided(t),
            interval: Interval { low: estimate - reach, high: estimate + reach, level: self.level },
            imputations: estimates.len(),
        })
    }
}

/// As sums of reciprocals, of which either may be 0.
fn barnard_rubin(m: f64, lambda: f64, complete: f64) -> f64 {
    let of_imputations = lambda * lambda / (m - 1.0);
    let of_data =
        if complete.is_finite() { (complete + 3.0) / ((complete + 1.0) * complete * (1.0 - lambda)) } else { 0.0 };
    1.0 / (of_imputations + of_data)
}

/// m, which must be at least 2.
pub(super) fn enough(imputations: usize) -> Result<f64, ImputationError> {
    if imputations < 2 {
        return Err(ImputationError::TooFewImputations { found: imputations });
    }
    Ok(imputations as f64)
}

pub(super) fn complete_df(df: f64) -> Result<(), ImputationError> {
    if df > 0.0 { Ok(()) } else { Err(ImputationError::CompleteDf { df }) }
}
