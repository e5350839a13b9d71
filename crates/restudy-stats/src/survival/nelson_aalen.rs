use super::kaplan_meier::RiskTable;
use super::times::of_one_stratum;
use super::{SurvivalError, SurvivalTimes};
use crate::{Level, dist};

/// How much hazard has accumulated by a time? The Nelson–Aalen estimator.
///
/// ## Formula
///
/// ```text
/// H(t) = Σ dᵢ / nᵢ,   se² = Σ dᵢ / nᵢ²     over the event times tᵢ ≤ t
/// limits: H exp(± z se / H)
/// ```
///
/// dᵢ: events at tᵢ; nᵢ: those at risk just before, entry < tᵢ ≤ time.
///
/// ## Result
///
/// A [`CumulativeHazard`] of all distinct times. Before the first event H is 0, without limits.
///
/// ## Conventions
///
/// R: `survfit(Surv(time, event) ~ 1)$cumhaz` and `$std.chaz`. Other programs correct the variance for ties,
/// Σ dᵢ (nᵢ − dᵢ) / nᵢ³, or spread tied events (Fleming and Harrington); without ties all three estimates are one.
///
/// ## Errors
///
/// [`SurvivalError::Stratified`] when the data have strata; `fit_each` gives one of each.
///
/// ## Source
///
/// Nelson, Journal of Quality Technology 1 (1969) 27–52; Aalen, Nonparametric inference for a family of counting
/// processes, Annals of Statistics 6 (1978) 701–726.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NelsonAalen {
    /// The level of the pointwise intervals.
    pub level: Level,
}

impl NelsonAalen {
    /// The cumulative hazard of data without strata.
    ///
    /// # Errors
    ///
    /// [`SurvivalError::Stratified`].
    pub fn fit(&self, times: &SurvivalTimes) -> Result<CumulativeHazard, SurvivalError> {
        of_one_stratum(self.fit_each(times))
    }

    /// The cumulative hazard of each stratum, in order.
    #[must_use]
    pub fn fit_each(&self, times: &SurvivalTimes) -> Vec<CumulativeHazard> {
        let z = dist::Normal.upper_quantile(self.level.tail());
        let fit = |risk: RiskTable| {
            let (mut h, mut variance) = (0.0, 0.0);
            let mut curve = CumulativeHazard {
                level: self.level,
                hazard: Vec::with_capacity(risk.time.len()),
                std_error: Vec::with_capacity(risk.time.len()),
                conf_low: Vec::with_capacity(risk.time.len()),
                conf_high: Vec::with_capacity(risk.time.len()),
                time: risk.time,
                n_risk: risk.n_risk,
                n_event: risk.n_event,
            };
            for (&n, &d) in curve.n_risk.iter().zip(&curve.n_event) {
                if d > 0.0 {
                    h += d / n;
                    variance += d / (n * n);
                }
                let std_error = f64::sqrt(variance);
                let factor = (h > 0.0).then(|| (z * std_error / h).exp());
                curve.hazard.push(h);
                curve.std_error.push(std_error);
                curve.conf_low.push(factor.map(|factor| h / factor));
                curve.conf_high.push(factor.map(|factor| h * factor));
            }
            curve
        };
        times.each_stratum().map(|stratum| fit(RiskTable::new(stratum))).collect()
    }
}

/// A Nelson–Aalen estimate: columns of one length, a row for each distinct time.
#[derive(Clone, Debug, PartialEq)]
pub struct CumulativeHazard {
    /// The level of the intervals.
    pub level: Level,
    /// The distinct times, ascending.
    pub time: Vec<f64>,
    /// The number at risk just before.
    pub n_risk: Vec<f64>,
    /// Events at the time.
    pub n_event: Vec<f64>,
    /// The cumulative hazard.
    pub hazard: Vec<f64>,
    /// Its standard error.
    pub std_error: Vec<f64>,
    /// The lower limit; none before the first event.
    pub conf_low: Vec<Option<f64>>,
    /// The upper limit.
    pub conf_high: Vec<Option<f64>>,
}

impl CumulativeHazard {
    /// H(t); `None` beyond the last time, and for a negative time.
    #[must_use]
    pub fn at(&self, time: f64) -> Option<f64> {
        if !(time >= 0.0 && self.time.last().is_some_and(|last| time <= *last)) {
            return None;
        }
        Some(self.time.partition_point(|t| *t <= time).checked_sub(1).map_or(0.0, |row| self.hazard[row]))
    }
}
