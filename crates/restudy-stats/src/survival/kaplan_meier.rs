use super::times::{Stratum, of_one_stratum};
use super::{SurvivalError, SurvivalTimes};
use crate::{Interval, Level, dist};

/// Two survival probabilities nearer than this are equal where a quantile is read off (R's `quantile.survfit`): S is a
/// product of rounded fractions, and one half is rarely one half to the last bit.
const EQUAL: f64 = 1.490_116_119_384_765_6e-8;

/// A difference of sums of weights that is rounding and nothing else, relative to the sums.
const ROUNDING: f64 = 1e-13;

/// What share is still free of the event after a time? The Kaplan–Meier (product-limit) estimator.
///
/// ## Formula
///
/// ```text
/// S(t)       = Π (1 − dᵢ / nᵢ)                                     over the event times tᵢ ≤ t
/// se(S)      = S(t) σ(t),   σ² = Σ dᵢ / (nᵢ (nᵢ − dᵢ))              (Greenwood)
/// plain      : S ± z S σ
/// log        : S exp(± z σ)
/// log-log    : S^exp(± z σ / log S)
/// ```
///
/// dᵢ: events at tᵢ; nᵢ: those at risk just before, entry < tᵢ ≤ time. Somebody censored at the time of an event is
/// still at risk at it. Limits are cut to [0, 1]. Where S = 0 there is no standard error and there are no limits (R gives NA;
/// lifelines and scikit-survival 0); where S = 1 no log-log limits.
///
/// ## Result
///
/// A [`SurvivalCurve`] of all distinct times, censored ones included, with verbs for survival at a time, quantiles, the
/// restricted mean and numbers at risk.
///
/// ## Conventions
///
/// R: `survfit(Surv(time, event) ~ 1, conf.type = "log")`, whose default the log interval is; SAS's, Stata's, lifelines' and
/// scikit-survival's default is log-log; SPSS's is plain. Weights are counts, as if each row stood there so often.
/// For the follow-up time as by reverse Kaplan–Meier (Schemper and Smith 1996), fit [`SurvivalTimes::reversed`].
///
/// ## Errors
///
/// [`SurvivalError::Stratified`] when the data have strata; `fit_each` gives a curve of each. Without events the curve
/// is 1 throughout and no quantile is reached.
///
/// ## Example
///
/// Remission of leukaemia under 6-mercaptopurine, weeks (Freireich and others 1963):
///
/// ```
/// use restudy_stats::survival::{KaplanMeier, SurvivalData};
///
/// let weeks = [6., 6., 6., 6., 7., 9., 10., 10., 11., 13., 16., 17., 19., 20., 22., 23., 25., 32., 32., 34., 35.];
/// let relapse = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0].map(|event| event == 1);
/// let curve = KaplanMeier::default().fit(&SurvivalData::new(&weeks, &relapse).prepare()?)?;
/// assert_eq!(format!("{:.3}", curve.at(10.0).unwrap()), "0.753");
/// assert_eq!(curve.median().value, Some(23.0));
/// # Ok::<(), restudy_stats::survival::SurvivalError>(())
/// ```
///
/// ## Source
///
/// Kaplan and Meier, Nonparametric estimation from incomplete observations, Journal of the American Statistical
/// Association 53 (1958) 457–481; Kalbfleisch and Prentice, The statistical analysis of failure time data (1980) for
/// log-log; Brookmeyer and Crowley, Biometrics 38 (1982) 29–41 for the limits of quantiles.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct KaplanMeier {
    /// The scale on which the interval is symmetric.
    pub interval: SurvivalInterval,
    /// The level of the pointwise intervals.
    pub level: Level,
}

/// The scale on which a pointwise interval of the survival probability is symmetric.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SurvivalInterval {
    /// The probability itself (SPSS).
    Plain,
    /// Its logarithm, the cumulative hazard (R's default).
    #[default]
    Log,
    /// The logarithm of the cumulative hazard (SAS, Stata).
    LogLog,
}

impl KaplanMeier {
    /// The curve of data without strata.
    ///
    /// # Errors
    ///
    /// [`SurvivalError::Stratified`].
    pub fn fit(&self, times: &SurvivalTimes) -> Result<SurvivalCurve, SurvivalError> {
        of_one_stratum(self.fit_each(times))
    }

    /// The curve of each stratum, in order.
    #[must_use]
    pub fn fit_each(&self, times: &SurvivalTimes) -> Vec<SurvivalCurve> {
        times.each_stratum().map(|stratum| self.fit_stratum(stratum)).collect()
    }

    fn fit_stratum(&self, stratum: Stratum<'_>) -> SurvivalCurve {
        let risk = RiskTable::new(stratum);
        let z = dist::Normal.upper_quantile(self.level.tail());
        let (mut s, mut variance) = (1.0, 0.0);
        let mut curve = SurvivalCurve {
            interval: self.interval,
            level: self.level,
            survival: Vec::with_capacity(risk.time.len()),
            std_error: Vec::with_capacity(risk.time.len()),
            conf_low: Vec::with_capacity(risk.time.len()),
            conf_high: Vec::with_capacity(risk.time.len()),
            time: risk.time,
            n_risk: risk.n_risk,
            n_event: risk.n_event,
            n_censored: risk.n_censored,
            entries: risk.entries,
        };
        for (&n, &d) in curve.n_risk.iter().zip(&curve.n_event) {
            if d > 0.0 {
                let left = n - d;
                s *= left / n;
                variance += d / (n * left);
            }
            let sigma = f64::sqrt(variance);
            let limits = if s > 0.0 { self.interval.limits(s, z * sigma) } else { None };
            curve.survival.push(s);
            curve.std_error.push((s > 0.0).then_some(s * sigma));
            curve.conf_low.push(limits.map(|(low, _)| low));
            curve.conf_high.push(limits.map(|(_, high)| high));
        }
        curve
    }
}

impl SurvivalInterval {
    /// The limits around a probability > 0 that lie `reach` away on the scale of the logarithm.
    pub(super) fn limits(self, s: f64, reach: f64) -> Option<(f64, f64)> {
        let (low, high) = match self {
            Self::Plain => (s - s * reach, s + s * reach),
            Self::Log => (s * (-reach).exp(), s * reach.exp()),
            // log S = 0 has no logarithm of its own.
            Self::LogLog if s >= 1.0 => return None,
            Self::LogLog => {
                let hazard = -s.ln();
                let factor = (reach / hazard).exp();
                ((-hazard * factor).exp(), (-hazard / factor).exp())
            }
        };
        Some((low.max(0.0), high.min(1.0)))
    }
}

/// Counts at each distinct time of a stratum.
pub(super) struct RiskTable {
    pub(super) time: Vec<f64>,
    pub(super) n_risk: Vec<f64>,
    pub(super) n_event: Vec<f64>,
    pub(super) n_censored: Vec<f64>,
    /// Times of late entry, ascending, with the number entering then or later.
    entries: Vec<(f64, f64)>,
}

impl RiskTable {
    pub(super) fn new(stratum: Stratum<'_>) -> Self {
        let mut entries: Vec<(f64, f64)> = Vec::new();
        let mut entering = 0.0;
        for i in stratum.by_entry_descending() {
            entering += stratum.weight(i);
            entries.push((stratum.entry.map_or(0.0, |entry| entry[i]), entering));
        }
        entries.reverse();

        let ties = stratum.ties();
        let column = || Vec::with_capacity(ties.len());
        let mut table = Self { time: column(), n_risk: column(), n_event: column(), n_censored: column(), entries };
        let mut leaving = 0.0;
        for ties in ties.rev() {
            let (d, c) = (stratum.weight_of(ties.with_event()), stratum.weight_of(ties.censored()));
            leaving += d + c;
            let time = ties.time;
            // Whoever enters at this time or later also leaves later. Those who have the event were at risk, whatever the
            // rounding of fractional weights says.
            let n = leaving - entering_from(&table.entries, time);
            table.n_risk.push(if n - d <= ROUNDING * leaving { d + c } else { n });
            table.time.push(time);
            table.n_event.push(d);
            table.n_censored.push(c);
        }
        table.time.reverse();
        table.n_risk.reverse();
        table.n_event.reverse();
        table.n_censored.reverse();
        table
    }
}

/// How many enter at a time or later.
fn entering_from(entries: &[(f64, f64)], time: f64) -> f64 {
    entries.get(entries.partition_point(|(entry, _)| *entry < time)).map_or(0.0, |(_, entering)| *entering)
}

/// A Kaplan–Meier curve: columns of one length, a row for each distinct time.
#[derive(Clone, Debug, PartialEq)]
pub struct SurvivalCurve {
    /// The scale of the intervals.
    pub interval: SurvivalInterval,
    /// Their level.
    pub level: Level,
    /// The distinct times, ascending.
    pub time: Vec<f64>,
    /// The number at risk just before.
    pub n_risk: Vec<f64>,
    /// Events at the time.
    pub n_event: Vec<f64>,
    /// Censored at the time.
    pub n_censored: Vec<f64>,
    /// The probability of being free of the event beyond the time.
    pub survival: Vec<f64>,
    /// Its standard error (Greenwood); none where it is 0.
    pub std_error: Vec<Option<f64>>,
    /// The lower limit.
    pub conf_low: Vec<Option<f64>>,
    /// The upper limit.
    pub conf_high: Vec<Option<f64>>,
    entries: Vec<(f64, f64)>,
}

impl SurvivalCurve {
    /// The row in force at a time: the last with a time not later.
    fn row_at(&self, time: f64) -> Option<usize> {
        self.time.partition_point(|t| *t <= time).checked_sub(1)
    }

    /// The last time observed.
    fn last(&self) -> f64 {
        self.time.last().copied().unwrap_or(0.0)
    }

    /// S(t); `None` beyond the last time unless the curve has reached 0, and for a negative time.
    #[must_use]
    pub fn at(&self, time: f64) -> Option<f64> {
        let ended_at_zero = self.survival.last().is_some_and(|s| *s <= 0.0);
        if !(time >= 0.0 && (time <= self.last() || ended_at_zero)) {
            return None;
        }
        Some(self.row_at(time).map_or(1.0, |row| self.survival[row]))
    }

    /// The limits of S(t); `None` where there are none, and where `at` is.
    #[must_use]
    pub fn interval_at(&self, time: f64) -> Option<Interval> {
        self.at(time)?;
        let row = self.row_at(time)?;
        Some(Interval { low: self.conf_low[row]?, high: self.conf_high[row]?, level: self.level })
    }

    /// How many are at risk just before a time, as the table beneath a plot has them: entry < t ≤ time.
    #[must_use]
    pub fn at_risk(&self, time: f64) -> f64 {
        let from = self.time.partition_point(|t| *t < time);
        // From +0: an empty sum of floats is -0.
        let leaving = self.n_event[from..].iter().zip(&self.n_censored[from..]).fold(0.0, |n, (d, c)| n + d + c);
        leaving - entering_from(&self.entries, time)
    }

    /// The time by which a share `q` has had the event: the first time with S(t) ≤ 1 − q.
    ///
    /// When S equals 1 − q on a whole interval, its midpoint (R's rule; lifelines gives the left end), up to the last time
    /// when the curve ends so. The limits are where the lower and the upper limit of S cross 1 − q, by the same rule. What
    /// is not reached is `None`.
    ///
    /// # Errors
    ///
    /// [`SurvivalError::NotAProbability`] unless 0 < q < 1.
    pub fn quantile(&self, q: f64) -> Result<SurvivalQuantile, SurvivalError> {
        if q > 0.0 && q < 1.0 {
            Ok(self.where_it_crosses(1.0 - q))
        } else {
            Err(SurvivalError::NotAProbability { probability: q })
        }
    }

    /// The median survival time: the quantile of one half.
    #[must_use]
    pub fn median(&self) -> SurvivalQuantile {
        self.where_it_crosses(0.5)
    }

    fn where_it_crosses(&self, p: f64) -> SurvivalQuantile {
        let survival: Vec<Option<f64>> = self.survival.iter().copied().map(Some).collect();
        SurvivalQuantile {
            value: self.crossing(&survival, p),
            low: self.crossing(&self.conf_low, p),
            high: self.crossing(&self.conf_high, p),
            level: self.level,
        }
    }

    fn crossing(&self, curve: &[Option<f64>], p: f64) -> Option<f64> {
        let known = || curve.iter().zip(&self.time).filter_map(|(y, t)| Some(((*y)?, *t)));
        let (y, from) = known().find(|(y, _)| *y < p + EQUAL)?;
        if y < p - EQUAL {
            return Some(from);
        }
        let to = known().find(|(y, _)| *y < p - EQUAL).map_or(self.last(), |(_, t)| t);
        Some(f64::midpoint(from, to))
    }

    /// The mean time free of the event up to `tau`: the area under the curve, with its standard error.
    ///
    /// ```text
    /// RMST = ∫ S(t) dt from 0 to τ;   var = Σ Aᵢ² dᵢ / (nᵢ (nᵢ − dᵢ)),   Aᵢ = ∫ S(t) dt from tᵢ to τ
    /// ```
    ///
    /// # Errors
    ///
    /// [`SurvivalError::NotATime`] when `tau` is none, [`SurvivalError::BeyondFollowUp`] when the curve is not known up to
    /// it.
    pub fn restricted_mean(&self, tau: f64) -> Result<RestrictedMean, SurvivalError> {
        if !(tau.is_finite() && tau >= 0.0) {
            return Err(SurvivalError::NotATime { column: "the end of the restricted mean", row: 0 });
        }
        if self.at(tau).is_none() {
            return Err(SurvivalError::BeyondFollowUp { time: tau, last: self.last() });
        }
        let rows = self.time.partition_point(|t| *t < tau);
        let (mut area, mut variance, mut end) = (0.0, 0.0, tau);
        for row in (0..rows).rev() {
            area += self.survival[row] * (end - self.time[row]);
            end = self.time[row];
            let (n, d) = (self.n_risk[row], self.n_event[row]);
            // Where everybody has the event, no area is left.
            if d > 0.0 && area > 0.0 {
                variance += area * area * d / (n * (n - d));
            }
        }
        Ok(RestrictedMean { tau, value: area + end, std_error: variance.sqrt() })
    }
}

/// A quantile of survival time with its limits; `None` is "not reached".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SurvivalQuantile {
    /// The quantile.
    pub value: Option<f64>,
    /// Its lower limit.
    pub low: Option<f64>,
    /// Its upper limit.
    pub high: Option<f64>,
    /// The level of the limits.
    pub level: Level,
}

/// A restricted mean survival time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RestrictedMean {
    /// The time to which it is restricted.
    pub tau: f64,
    /// The mean, in the unit of time.
    pub value: f64,
    /// Its standard error.
    pub std_error: f64,
}

/// A difference of restricted mean survival times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RestrictedMeanDifference {
    /// The first mean less the second, in the unit of time.
    pub value: f64,
    /// Its standard error.
    pub std_error: f64,
    /// Its interval, normal on the difference.
    pub interval: Interval,
    /// The difference in standard errors; none where that error is 0.
    pub z: Option<f64>,
    /// The two-sided p-value.
    pub p_value: Option<f64>,
}

impl RestrictedMean {
    /// This mean less that of other people up to the same time; `None` when the times differ.
    ///
    /// R: `survRM2::rmst2(time, event, arm, tau)`, the row "RMST (arm=1)-(arm=0)".
    #[must_use]
    pub fn less(&self, other: &Self, level: Level) -> Option<RestrictedMeanDifference> {
        if self.tau != other.tau {
            return None;
        }
        let value = self.value - other.value;
        let std_error = (self.std_error * self.std_error + other.std_error * other.std_error).sqrt();
        let reach = dist::Normal.upper_quantile(level.tail()) * std_error;
        let z = (std_error > 0.0).then(|| value / std_error);
        Some(RestrictedMeanDifference {
            value,
            std_error,
            interval: Interval { low: value - reach, high: value + reach, level },
            z,
            p_value: z.map(|z| dist::Normal.two_sided(z)),
        })
    }
}
