use std::ops::Range;

use super::kaplan_meier::RiskTable;
use super::times::{Stratum, of_one_stratum};
use super::{SurvivalError, SurvivalInterval, SurvivalTimes};
use crate::{Interval, Level, dist};

/// What share has had an event of one kind by a time, when other kinds end the chance of it? The Aalen–Johansen estimator
/// of the cumulative incidence.
///
/// ## Formula
///
/// ```text
/// Fₖ(t) = Σ S(tᵢ₋₁) dₖᵢ / nᵢ        S: Kaplan–Meier of every kind together; over the times tᵢ ≤ t
/// var   = Σ (Fₖ(t) − Fₖ(tᵢ))² dᵢ / (nᵢ (nᵢ − dᵢ)) + Σ S(tᵢ₋₁)² dₖᵢ (nᵢ − dₖᵢ) / nᵢ³
///         − 2 Σ (Fₖ(t) − Fₖ(tᵢ)) S(tᵢ₋₁) dₖᵢ / nᵢ²
/// ```
///
/// dₖᵢ of nᵢ at risk have the event of kind k at tᵢ, dᵢ any. Intervals are those of [`SurvivalInterval`] with F for S.
/// 1 − Kaplan–Meier with the other kinds censored is more than this, and is no share of the people.
///
/// ## Input
///
/// Survival data whose events are those of any kind, and the cause of each row in the order in which the rows were given: 0 for
/// censored, 1, 2 … for the kinds.
///
/// ## Result
///
/// [`IncidenceCurves`], a row for each distinct time. Before the first event of a kind there are no limits.
///
/// ## Conventions
///
/// R: `survfit(Surv(time, factor(cause, 0:k)) ~ 1)`, `$pstate`, `$std.err` (its infinitesimal jackknife is this variance) and
/// the limits of `conf.type`. `cmprsk::cuminc` gives the same estimate with Aalen's variance, a few per cent larger or smaller;
/// Stata's `stcompet` this one. Weights are counts.
///
/// ## Errors
///
/// [`SurvivalError::Length`], [`SurvivalError::Cause`], [`SurvivalError::Stratified`].
///
/// ## Example
///
/// ```
/// use restudy_stats::survival::{CumulativeIncidence, SurvivalData};
///
/// let times = SurvivalData::new(&[1.0, 2.0, 3.0, 4.0], &[true, true, false, true]).prepare()?;
/// let curves = CumulativeIncidence::default().fit(&times, &[1, 2, 0, 1])?;
/// assert_eq!((curves.at(1, 2.0), curves.at(2, 2.0), curves.at(1, 4.0)), (Some(0.25), Some(0.25), Some(0.75)));
/// # Ok::<(), restudy_stats::survival::SurvivalError>(())
/// ```
///
/// ## Source
///
/// Aalen and Johansen, Scandinavian Journal of Statistics 5 (1978) 141–150; Marubini and Valsecchi, Analysing Survival Data
/// from Clinical Trials and Observational Studies (1995), section 10.2 (variance); Choudhury, Statistics in Medicine 21
/// (2002) 1129–1144 (intervals).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CumulativeIncidence {
    /// The scale on which the interval is symmetric.
    pub interval: SurvivalInterval,
    /// The level of the pointwise intervals.
    pub level: Level,
}

/// Cumulative incidences of all kinds of event: columns of one length, a row for each distinct time.
#[derive(Clone, Debug, PartialEq)]
pub struct IncidenceCurves {
    /// The scale of the intervals.
    pub interval: SurvivalInterval,
    /// Their level.
    pub level: Level,
    /// The distinct times, ascending.
    pub time: Vec<f64>,
    /// The number at risk just before.
    pub n_risk: Vec<f64>,
    /// Censored at the time.
    pub n_censored: Vec<f64>,
    /// The share without any event beyond the time.
    pub event_free: Vec<f64>,
    /// The kinds of event: cause 1 first.
    pub causes: Vec<IncidenceCurve>,
}

/// The cumulative incidence of one kind of event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IncidenceCurve {
    /// Events of this kind at the time.
    pub n_event: Vec<f64>,
    /// The share that has had one.
    pub incidence: Vec<f64>,
    /// Its standard error.
    pub std_error: Vec<f64>,
    /// The lower limit; none before the first event.
    pub conf_low: Vec<Option<f64>>,
    /// The upper limit.
    pub conf_high: Vec<Option<f64>>,
}

impl CumulativeIncidence {
    /// The curves of data without strata.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn fit(&self, times: &SurvivalTimes, causes: &[usize]) -> Result<IncidenceCurves, SurvivalError> {
        of_one_stratum(self.fit_each(times, causes)?)
    }

    /// The curves of each stratum, in order.
    ///
    /// # Errors
    ///
    /// [`SurvivalError::Length`], [`SurvivalError::Cause`].
    pub fn fit_each(&self, times: &SurvivalTimes, causes: &[usize]) -> Result<Vec<IncidenceCurves>, SurvivalError> {
        let kinds = check_causes(times, causes)?;
        Ok(times.each_stratum().map(|stratum| self.fit_stratum(stratum, causes, kinds)).collect())
    }

    fn fit_stratum(&self, stratum: Stratum<'_>, causes: &[usize], kinds: usize) -> IncidenceCurves {
        let risk = RiskTable::new(stratum);
        let mut counts = vec![vec![0.0; risk.time.len()]; kinds];
        for (row, ties) in stratum.ties().enumerate() {
            for i in ties.with_event() {
                counts[causes[stratum.row[i] as usize] - 1][row] += stratum.weight(i);
            }
        }
        let mut s = 1.0;
        let event_free: Vec<f64> = (risk.n_risk.iter().zip(&risk.n_event))
            .map(|(n, d)| {
                s *= (n - d) / n;
                s
            })
            .collect();
        let causes = counts.into_iter().map(|n_event| self.curve(&risk, &event_free, n_event)).collect();
        IncidenceCurves {
            interval: self.interval,
            level: self.level,
            time: risk.time,
            n_risk: risk.n_risk,
            n_censored: risk.n_censored,
            event_free,
            causes,
        }
    }

    fn curve(&self, risk: &RiskTable, event_free: &[f64], n_event: Vec<f64>) -> IncidenceCurve {
        let z = dist::Normal.upper_quantile(self.level.tail());
        let mut curve = IncidenceCurve { n_event, ..IncidenceCurve::default() };
        let (mut before, mut incidence) = (1.0, 0.0);
        // Σ a, Σ a (F − Fᵢ) and Σ a (F − Fᵢ)² for a = d/(n (n − d)); Σ c and Σ c (F − Fᵢ) for c = S dₖ/n²; Σ of the middle
        // term. They move with F, so that no difference of large sums is taken.
        let (mut a, mut a1, mut a2, mut c, mut c1, mut own) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for (row, &of_kind) in curve.n_event.iter().enumerate() {
            let (n, d) = (risk.n_risk[row], risk.n_event[row]);
            let step = before * of_kind / n;
            incidence += step;
            a2 += step * (2.0 * a1 + step * a);
            a1 += step * a;
            c1 += step * c;
            // What comes at this very time lies at distance 0.
            if d > 0.0 && n > d {
                a += d / (n * (n - d));
            }
            own += before * before * of_kind * (n - of_kind) / (n * n * n);
            c += before * of_kind / (n * n);
            let std_error = f64::sqrt((a2 + own - 2.0 * c1).max(0.0));
            let limits =
                if incidence > 0.0 { self.interval.limits(incidence, z * std_error / incidence) } else { None };
            curve.incidence.push(incidence);
            curve.std_error.push(std_error);
            curve.conf_low.push(limits.map(|(low, _)| low));
            curve.conf_high.push(limits.map(|(_, high)| high));
            before = event_free[row];
        }
        curve
    }
}

impl IncidenceCurves {
    fn row_at(&self, time: f64) -> Option<usize> {
        self.time.partition_point(|t| *t <= time).checked_sub(1)
    }

    /// The cumulative incidence of a cause (from 1) at a time; `None` beyond the last time unless everybody has had an event,
    /// for a negative time, and for a cause that there is not.
    #[must_use]
    pub fn at(&self, cause: usize, time: f64) -> Option<f64> {
        let curve = self.causes.get(cause.checked_sub(1)?)?;
        let last = self.time.last().copied().unwrap_or(0.0);
        let ended = self.event_free.last().is_some_and(|s| *s <= 0.0);
        if !(time >= 0.0 && (time <= last || ended)) {
            return None;
        }
        Some(self.row_at(time).map_or(0.0, |row| curve.incidence[row]))
    }

    /// The number still followed and without any event just before a time, which is the number at risk at the next distinct
    /// time; 0 beyond the last. Who enters late counts from the distinct time after the entry.
    #[must_use]
    pub fn at_risk(&self, time: f64) -> f64 {
        self.n_risk.get(self.time.partition_point(|t| *t < time)).copied().unwrap_or(0.0)
    }

    /// The limits at a time; `None` where there are none.
    #[must_use]
    pub fn interval_at(&self, cause: usize, time: f64) -> Option<Interval> {
        self.at(cause, time)?;
        let (curve, row) = (self.causes.get(cause - 1)?, self.row_at(time)?);
        Some(Interval { low: curve.conf_low[row]?, high: curve.conf_high[row]?, level: self.level })
    }
}

/// The number of kinds; each event has its cause, and nobody else has one.
pub(super) fn check_causes(times: &SurvivalTimes, causes: &[usize]) -> Result<usize, SurvivalError> {
    if causes.len() != times.len() {
        return Err(SurvivalError::Length { column: "the cause", found: causes.len(), needed: times.len() });
    }
    for stratum in times.each_stratum() {
        for ties in stratum.ties() {
            let row_of = |places: Range<usize>, has_cause: bool| {
                let rows = stratum.row[places].iter().map(|&row| row as usize);
                rows.into_iter().find(|&row| (causes[row] > 0) != has_cause)
            };
            if let Some(row) = row_of(ties.with_event(), true).or_else(|| row_of(ties.censored(), false)) {
                return Err(SurvivalError::Cause { row });
            }
        }
    }
    let kinds = causes.iter().copied().max().unwrap_or(0);
    // More kinds than rows, beyond a handful, are numbers with gaps, and no reason to reserve memory.
    const HANDFUL: usize = 16;
    match causes.iter().position(|&cause| cause > causes.len().max(HANDFUL)) {
        Some(row) => Err(SurvivalError::Cause { row }),
        None => Ok(kinds),
    }
}
