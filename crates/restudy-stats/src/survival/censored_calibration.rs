use super::prediction_error::check_length;
use super::{
    BaselineHazard, Covariates, Cox, CoxFit, KaplanMeier, SurvivalCurve, SurvivalData, SurvivalError, SurvivalTimes,
};
use crate::accuracy::SmoothCalibrationCurve;
use crate::descriptive::{QuantileType, quantile};
use crate::regression::{Coefficient, RestrictedCubicSpline};
use crate::{Interval, Level, dist};

/// Do predicted risks agree with what happened by a time, when not everybody was followed so long?
///
/// ## Formula
///
/// ```text
/// in the large:  O = 1 − S(t) by Kaplan and Meier,   E = mean predicted risk
///                O/E × exp(± z se(O) / O),   se(O) Greenwood's
/// slope:         hazard ∝ exp(b x),   x = log(−log(1 − p)),   follow-up closed at t
/// smoothed:      the same with a restricted cubic spline of x on three knots (its 10th, 50th and 90th percentile);
///                smoothed risk = 1 − exp(−H₀(t) exp(b'x))
/// ICI = mean |smoothed − p| over the people,   E50 and E90 the median and the 90th percentile,   Emax the greatest
/// ```
///
/// ## Input
///
/// Survival data from the start, in one stratum, each row once, and the predicted risk of each row of having the event by
/// the time. Slope and curve need risks strictly between 0 and 1, the curve three distinct knots.
///
/// ## Result
///
/// [`run`](Self::run): [`MeanCalibration`]; [`slope`](Self::slope): a [`Coefficient`] of which 1 is perfect (its test is of
/// 0); [`update`](Self::update): a [`RiskUpdate`]; [`curve`](Self::curve): a [`SmoothCalibrationCurve`], a row for each distinct risk.
///
/// ## Conventions
///
/// R: `summary(survfit(y ~ 1), times = t)`, `coxph(y ~ x)` and `coxph(y ~ rcspline.eval(x))` with `survfit`, of data closed
/// at t; ties by Efron. McLernon and others take exp(± z / √events) for O/E, which forgets who was censored.
///
/// ## Errors
///
/// [`SurvivalError::Length`], [`SurvivalError::NotAProbability`], [`SurvivalError::NotFinite`] for a risk of 0 or 1 where its
/// logarithm is needed, [`SurvivalError::BeyondFollowUp`], [`SurvivalError::Stratified`], [`SurvivalError::NotDefinedFor`]
/// late entry or case weights, [`SurvivalError::Design`] for fewer than three distinct knots, those of [`Cox`].
///
/// ## Source
///
/// Austin, Harrell and van Klaveren, Statistics in Medicine 39 (2020) 2714–2742; McLernon and others, Annals of Internal
/// Medicine 176 (2023) 105–114.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CensoredCalibration {
    /// The level of the intervals.
    pub level: Level,
}

/// Observed against expected by a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanCalibration {
    /// The time.
    pub time: f64,
    /// The risk by then, by Kaplan and Meier.
    pub observed: f64,
    /// Its limits, those of the curve; none where nobody had the event.
    pub observed_interval: Option<Interval>,
    /// The mean predicted risk.
    pub expected: f64,
    /// Observed over expected.
    pub ratio: f64,
    /// Its limits; none where nobody had the event.
    pub ratio_interval: Option<Interval>,
}

/// A linear update on the scale of the complementary log-log.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RiskUpdate {
    /// The time.
    pub time: f64,
    /// What is added.
    pub intercept: f64,
    /// What is multiplied with.
    pub slope: f64,
}

impl RiskUpdate {
    /// The risk that another becomes.
    #[must_use]
    pub fn risk(&self, risk: f64) -> f64 {
        let x = libm::log(-libm::log1p(-risk));
        -libm::expm1(-libm::exp(self.intercept + self.slope * x))
    }
}

impl CensoredCalibration {
    /// Observed over expected at a time.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, times: &SurvivalTimes, risk: &[f64], time: f64) -> Result<MeanCalibration, SurvivalError> {
        check(times, risk, time)?;
        let curve = KaplanMeier { level: self.level, ..KaplanMeier::default() }.fit(times)?;
        let survival = at(&curve, time)?;
        let observed = 1.0 - survival;
        let expected = risk.iter().sum::<f64>() / risk.len() as f64;
        let ratio = observed / expected;
        let row = curve.time.partition_point(|t| *t <= time).checked_sub(1);
        let std_error = row.and_then(|row| curve.std_error[row]).filter(|_| observed > 0.0);
        let z = dist::Normal.upper_quantile(self.level.tail());
        Ok(MeanCalibration {
            time,
            observed,
            observed_interval: curve.interval_at(time).map(|limits| Interval {
                low: 1.0 - limits.high,
                high: 1.0 - limits.low,
                level: self.level,
            }),
            expected,
            ratio,
            ratio_interval: std_error.map(|std_error| {
                let reach = z * std_error / observed;
                Interval { low: ratio * libm::exp(-reach), high: ratio * libm::exp(reach), level: self.level }
            }),
        })
    }

    /// The calibration slope: the coefficient of the complementary log-log of the risk, in follow-up closed at the time.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn slope(&self, times: &SurvivalTimes, risk: &[f64], time: f64) -> Result<Coefficient, SurvivalError> {
        check(times, risk, time)?;
        let x = log_log(risk)?;
        let closed = closed_at(times, time)?;
        let names = ["log(-log(1 - risk))".to_owned()];
        let fit = Cox::default().fit(&closed, Covariates { names: &names, values: &x })?;
        fit.wald(self.level).into_iter().next().ok_or(SurvivalError::Singular)
    }

    /// The update that makes the risks right here: log(−log(1 − risk)) becomes `intercept` + `slope` times itself.
    ///
    /// The slope is that of [`slope`](Self::slope), the intercept the logarithm of the baseline hazard at the time.
    ///
    /// # Errors
    ///
    /// As the type's page says; [`SurvivalError::NothingAt`] where nobody has the event by then.
    pub fn update(&self, times: &SurvivalTimes, risk: &[f64], time: f64) -> Result<RiskUpdate, SurvivalError> {
        check(times, risk, time)?;
        let x = log_log(risk)?;
        let closed = closed_at(times, time)?;
        let names = ["log(-log(1 - risk))".to_owned()];
        let fit = Cox::default().fit(&closed, Covariates { names: &names, values: &x })?;
        let hazard = hazard_at(&fit, &[0.0], time)?;
        if hazard <= 0.0 {
            return Err(SurvivalError::NothingAt { time });
        }
        Ok(RiskUpdate { time, intercept: libm::log(hazard), slope: fit.coefficients[0] })
    }

    /// The smoothed calibration curve at the time.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn curve(
        &self,
        times: &SurvivalTimes,
        risk: &[f64],
        time: f64,
    ) -> Result<SmoothCalibrationCurve, SurvivalError> {
        check(times, risk, time)?;
        let x = log_log(risk)?;
        let mut ascending = x.clone();
        ascending.sort_unstable_by(f64::total_cmp);
        let knots = KNOTS.map(|p| quantile(&ascending, p, QuantileType::Type7).unwrap_or(f64::NAN));
        let spline = RestrictedCubicSpline::new(&knots)?;
        let columns = spline.columns(&x);
        let names: Vec<String> = (1..=columns.len()).map(|term| format!("spline {term}")).collect();
        let closed = closed_at(times, time)?;
        let fit = Cox::default().fit(&closed, Covariates { names: &names, values: &columns.concat() })?;
        let centre: f64 = fit.means().iter().zip(&fit.coefficients).map(|(mean, beta)| mean * beta).sum();
        let hazard = hazard_at(&fit, fit.means(), time)?;
        let mut people: Vec<(f64, f64)> = (risk.iter().zip(&fit.linear_predictor))
            .map(|(&risk, eta)| (risk, -libm::expm1(-hazard * libm::exp(eta - centre))))
            .collect();
        people.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut distances: Vec<f64> = people.iter().map(|(risk, smoothed)| (smoothed - risk).abs()).collect();
        let ici = distances.iter().sum::<f64>() / distances.len() as f64;
        distances.sort_unstable_by(f64::total_cmp);
        // There is a distance of everyone.
        let quantile_of = |p: f64| quantile(&distances, p, QuantileType::Type7).unwrap_or(f64::NAN);
        let (e50, e90, e_max) = (quantile_of(0.5), quantile_of(0.9), quantile_of(1.0));
        people.dedup_by(|a, b| a.0 == b.0);
        let (predicted, observed) = people.into_iter().unzip();
        Ok(SmoothCalibrationCurve { predicted, observed, band: None, ici, e50, e90, e_max })
    }
}

/// The cumulative hazard by a time of somebody with these covariates.
fn hazard_at(fit: &CoxFit<'_>, covariates: &[f64], time: f64) -> Result<f64, SurvivalError> {
    let strata = fit.cumulative_hazard(covariates)?;
    let row = |baseline: &BaselineHazard| {
        baseline.time.partition_point(|t| *t <= time).checked_sub(1).map(|row| baseline.hazard[row])
    };
    Ok(strata.first().and_then(row).unwrap_or(0.0))
}

/// Where the knots of the spline are.
const KNOTS: [f64; 3] = [0.1, 0.5, 0.9];

/// S(t), or what is known of follow-up.
pub(super) fn at(curve: &SurvivalCurve, time: f64) -> Result<f64, SurvivalError> {
    let last = curve.time.last().copied().unwrap_or(0.0);
    curve.at(time).ok_or(SurvivalError::BeyondFollowUp { time, last })
}

/// Refuses what is no risk, or no survival data from the start in one stratum.
pub(super) fn check(times: &SurvivalTimes, risk: &[f64], time: f64) -> Result<(), SurvivalError> {
    check_length(times, "the predicted risk", risk.len())?;
    if let Some(&probability) = risk.iter().find(|p| !(0.0..=1.0).contains(*p)) {
        return Err(SurvivalError::NotAProbability { probability });
    }
    if !(time.is_finite() && time >= 0.0) {
        return Err(SurvivalError::NotATime { column: "the time of prediction", row: 0 });
    }
    as_given(times).map(|_| ())
}

/// Times and events in the order in which the rows were given.
pub(super) fn as_given(times: &SurvivalTimes) -> Result<(Vec<f64>, Vec<bool>), SurvivalError> {
    let mut strata = times.each_stratum();
    let (Some(stratum), None) = (strata.next(), strata.next()) else {
        return Err(SurvivalError::Stratified { strata: times.strata() });
    };
    if stratum.entry.is_some() || stratum.is_weighted() {
        let data = if stratum.entry.is_some() { "late entry" } else { "case weights" };
        return Err(SurvivalError::NotDefinedFor { method: "calibration at a time", data });
    }
    let (mut time, mut event) = (vec![0.0; times.len()], vec![false; times.len()]);
    for ties in stratum.ties() {
        for &row in &stratum.row[ties.rows()] {
            time[row as usize] = ties.time;
        }
        for &row in &stratum.row[ties.with_event()] {
            event[row as usize] = true;
        }
    }
    Ok((time, event))
}

/// The same people, nobody followed beyond a time.
fn closed_at(times: &SurvivalTimes, time: f64) -> Result<SurvivalTimes, SurvivalError> {
    let (mut given, mut event) = as_given(times)?;
    for (given, event) in given.iter_mut().zip(&mut event) {
        *event &= *given <= time;
        *given = given.min(time);
    }
    SurvivalData::new(&given, &event).prepare()
}

/// log(−log(1 − p))
fn log_log(risk: &[f64]) -> Result<Vec<f64>, SurvivalError> {
    let x: Vec<f64> = risk.iter().map(|p| libm::log(-libm::log1p(-p))).collect();
    match x.iter().position(|x| !x.is_finite()) {
        Some(row) => Err(SurvivalError::NotFinite { name: "log(-log(1 - risk))".to_owned(), row }),
        None => Ok(x),
    }
}
