use super::rubin::enough;
use super::{ImputationError, PooledTest};

/// One test out of the chi-square statistics of several completed data sets: D₂.
///
/// ## Hypotheses
///
/// Those of the test that was pooled, on k degrees of freedom.
///
/// ## Formula
///
/// ```text
/// r = (1 + 1/m) Var(√dᵢ)     D₂ = (d̄ / k − (m + 1)/(m − 1) r) / (1 + r)
/// F on k and ν = k^(−3/m) (m − 1) (1 + 1/r)²
/// ```
///
/// ## Input
///
/// The statistics dᵢ alone: Wald's, of a likelihood ratio, of a table. Where coefficients and covariances are at hand,
/// [`PooledWald`](super::PooledWald) has more power: the authors call p-values of D₂ a rough guide, right within a factor
/// of two.
///
/// ## Result
///
/// [`PooledTest`]; a negative D₂ has the p-value 1. Where the statistics agree, r = 0 and ν is infinite.
///
/// ## Conventions
///
/// R: `mice::D2(fit1, fit0)` (of Wald's statistics), `mitml::testModels(method = "D2")`, `miceadds::micombine.chisquare`.
///
/// ## Errors
///
/// [`ImputationError`]: fewer than two statistics, one that is negative or not finite, no degree of freedom.
///
/// ## Example
///
/// ```
/// use restudy_stats::imputation::PooledChiSquare;
///
/// let test = PooledChiSquare { df: 1 }.run(&[4.0, 4.0, 4.0])?;
/// assert!((test.p_value - 0.0455).abs() < 1e-4); // as if nothing were missing
/// # Ok::<(), restudy_stats::imputation::ImputationError>(())
/// ```
///
/// ## Source
///
/// Li, Meng, Raghunathan and Rubin, Statistica Sinica 1 (1991) 65–92.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PooledChiSquare {
    /// k, the degrees of freedom of each statistic.
    pub df: u32,
}

impl PooledChiSquare {
    /// Pools the statistics.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, statistics: &[f64]) -> Result<PooledTest, ImputationError> {
        let m = enough(statistics.len())?;
        if self.df == 0 {
            return Err(ImputationError::NoTerms);
        }
        if let Some(imputation) = statistics.iter().position(|d| !(*d >= 0.0 && d.is_finite())) {
            return Err(ImputationError::NotAChiSquare { imputation });
        }
        let k = f64::from(self.df);
        let mean = statistics.iter().sum::<f64>() / m;
        let mean_root = statistics.iter().map(|d| d.sqrt()).sum::<f64>() / m;
        let spread = statistics.iter().map(|d| d.sqrt() - mean_root).map(|x| x * x).sum::<f64>() / (m - 1.0);
        let r = (1.0 + 1.0 / m) * spread;
        let statistic = (mean / k - (m + 1.0) / (m - 1.0) * r) / (1.0 + r);
        let rise = 1.0 + 1.0 / r;
        let df2 = libm::pow(k, -3.0 / m) * (m - 1.0) * rise * rise;
        PooledTest::new(statistic, (k, df2), r, statistics.len())
    }
}
