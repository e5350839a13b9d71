//! Published scores and the time to the event: whose event comes first, and who has had it by a time.

use restudy_ledger::{Context, Row, Series, SeriesKind, Stat};
use restudy_stats::accuracy::CutoffRule;
use restudy_stats::descriptive::{QuantileType, quantile};
use restudy_stats::resample::{Bootstrap, BootstrapEstimate, ResampleError, Units};
use restudy_stats::survival::{
    CensoredAccuracy, CensoredBrier, CensoredCalibration, Concordance, KaplanMeier, SurvivalData, SurvivalTimes,
    TimeDependentAuc, censored_decision_curve,
};

use super::head_to_head::pair;
use super::scored::Scored;
use super::step::{Judged, horizon as own_horizon};
use super::without_time::{Points, decision_series, every_threshold, smooth_series};
use crate::block::Record;

/// Groups of predicted risk in which it is held against the observed, where the score has no groups of its own.
const FIFTHS: usize = 5;

/// The people of whom everything is known.
struct Followed {
    time: Vec<f64>,
    event: Vec<bool>,
    totals: Vec<f64>,
    /// Of the event by the horizon; none where the score says none, or by another time.
    risks: Option<Vec<f64>>,
    /// The place of each one's group among the score's.
    groups: Option<Vec<usize>>,
}

impl Followed {
    fn prepare(&self) -> Result<SurvivalTimes, String> {
        SurvivalData::new(&self.time, &self.event).prepare().map_err(|error| error.to_string())
    }

    /// These people so often.
    fn resampled(&self, counts: &[u32]) -> Self {
        let drawn: Vec<usize> =
            (counts.iter().enumerate()).flat_map(|(row, count)| std::iter::repeat_n(row, *count as usize)).collect();
        Self {
            time: drawn.iter().map(|&row| self.time[row]).collect(),
            event: drawn.iter().map(|&row| self.event[row]).collect(),
            totals: drawn.iter().map(|&row| self.totals[row]).collect(),
            risks: self.risks.as_ref().map(|risks| drawn.iter().map(|&row| risks[row]).collect()),
            groups: None,
        }
    }
}

/// Whether the risks of a score are by a time: a model's are by its own, those of a table by the one that the study names.
fn is_by(scored: &Scored, horizon: Option<f64>, unit: Option<&str>) -> bool {
    let Some(asked) = horizon else { return false };
    match scored.score.risk.as_ref().and_then(|risk| risk.horizon()) {
        None => true,
        Some(_) => own_horizon(&scored.score, unit).is_some_and(|own| (own - asked).abs() < 1e-6 * own),
    }
}

/// Concordance; with a horizon the area under the ROC curve and the performance at the published cut-off by then, and, where
/// the score has risks by then, calibration, Brier score and net benefit. Of a part of the patients without the curves.
pub(super) fn judge(
    judged: &Judged<'_>,
    scored: &Scored,
    (times, horizon, unit): (&[Option<f64>], Option<f64>, Option<&str>),
    record: &mut Record,
) {
    let known: Vec<usize> = judged.known(scored).into_iter().filter(|&row| times[row].is_some()).collect();
    let risks = scored.risks();
    let risks: Option<Vec<f64>> = known.iter().map(|&row| risks[row]).collect();
    let groups: Option<Vec<usize>> =
        known.iter().map(|&row| scored.score.group_place(scored.totals[row].unwrap_or(f64::NAN))).collect();
    let people = Followed {
        time: known.iter().filter_map(|&row| times[row]).collect(),
        event: known.iter().map(|&row| judged.events[row] == Some(true)).collect(),
        totals: known.iter().filter_map(|&row| scored.totals[row]).collect(),
        risks: risks.filter(|risks| is_by(scored, horizon, unit) && !risks.is_empty()),
        groups,
    };
    let place = |context, stat, value: f64| judged.place(scored, context, stat, value);
    let test = |stat, value: f64| place(Context::Test, stat, value);
    let all = judged.members.iter().filter(|member| **member).count();
    let events = people.event.iter().filter(|event| **event).count();
    crate::blocks::accuracy::size(&mut record.rows, &place, events, known.len(), all);
    let prepared = match people.prepare() {
        Ok(prepared) => prepared,
        Err(error) => {
            record.rows.push(test(Stat::Concordance, f64::NAN).reason(&error));
            return;
        }
    };
    let level = judged.conventions.level();
    match (Concordance { level, ..Concordance::default() }).run(&prepared, &people.totals) {
        Ok(result) => {
            record.rows.push(test(Stat::Concordance, result.value).procedure("concordance"));
            record.rows.push(test(Stat::StdError, result.std_error).of(Stat::Concordance));
            record.rows.push(test(Stat::ConfLow, result.interval.low).of(Stat::Concordance));
            record.rows.push(test(Stat::ConfHigh, result.interval.high).of(Stat::Concordance));
        }
        Err(error) => record.rows.push(test(Stat::Concordance, f64::NAN).reason(&error.to_string())),
    }
    if let Some(horizon) = horizon {
        at_horizon(judged, scored, (&people, &prepared), horizon, record);
        if people.risks.is_none() && scored.score.has_risks() && judged.group.is_none() {
            let reason = "the score's risks are by another time";
            record.rows.push(test(Stat::ObservedExpected, f64::NAN).time(horizon).reason(reason));
        }
    }
}

fn at_horizon(
    judged: &Judged<'_>,
    scored: &Scored,
    (people, prepared): (&Followed, &SurvivalTimes),
    horizon: f64,
    record: &mut Record,
) {
    let at = |stat, value: f64| judged.place(scored, Context::Test, stat, value).time(horizon);
    let rule = scored.score.cutoff.map(|rule| rule.0);
    let whole = judged.group.is_none();
    if let Some(rule) = rule.filter(|_| whole) {
        let cutoff = judged.place(scored, Context::Test, Stat::Cutoff, rule.cutoff);
        record.rows.push(cutoff.procedure("cutoff/published"));
    }
    let limits = bootstrap(judged, people, (rule, horizon));
    let mut tell = |stat: Stat, value: Result<f64, String>, procedure: &str, level: Option<&str>, measure: usize| {
        let leveled = |row: Row| match level {
            Some(level) => row.level(level),
            None => row,
        };
        match value {
            Ok(value) => {
                record.rows.push(leveled(at(stat, value)).procedure(procedure));
                let Some(Ok(estimate)) = limits.as_ref().map(|limits| &limits[measure]) else { return };
                let by = "bootstrap/percentile";
                if let Some(std_error) = estimate.std_error {
                    record.rows.push(leveled(at(Stat::StdError, std_error)).of(stat).procedure(by));
                }
                if let Some(interval) = estimate.interval {
                    record.rows.push(leveled(at(Stat::ConfLow, interval.low)).of(stat).procedure(by));
                    record.rows.push(leveled(at(Stat::ConfHigh, interval.high)).of(stat).procedure(by));
                }
            }
            Err(reason) => record.rows.push(leveled(at(stat, f64::NAN)).reason(&reason)),
        }
    };
    let area = TimeDependentAuc.run(prepared, &people.totals, horizon).map(|area| area.value);
    tell(Stat::Auc, area.map_err(|error| error.to_string()), "time_dependent_auc", None, AUC);
    if let Some(rule) = rule {
        let level = rule.to_string();
        let nobody = |value: Option<f64>, what: &str| value.ok_or_else(|| format!("nobody is {what}"));
        let by = "censored_accuracy";
        match CensoredAccuracy.run(prepared, &people.totals, rule, horizon) {
            Ok(found) => {
                tell(Stat::Sensitivity, Ok(found.sensitivity), by, Some(&level), SENSITIVITY);
                tell(Stat::Specificity, Ok(found.specificity), by, Some(&level), SPECIFICITY);
                tell(Stat::Ppv, nobody(found.ppv, "positive"), by, Some(&level), PPV);
                tell(Stat::Npv, nobody(found.npv, "negative"), by, Some(&level), NPV);
            }
            Err(error) => tell(Stat::Sensitivity, Err(error.to_string()), by, Some(&level), SENSITIVITY),
        }
    }
    if let Some(risks) = &people.risks {
        let survival: Vec<f64> = risks.iter().map(|risk| 1.0 - risk).collect();
        match CensoredBrier.run(prepared, &survival, horizon) {
            Ok(score) => {
                tell(Stat::Brier, Ok(score.value), "censored_brier", None, BRIER);
                let scaled = score.scaled.ok_or_else(|| "nobody or everybody had the event".to_owned());
                tell(Stat::ScaledBrier, scaled, "censored_brier/scaled", None, SCALED);
            }
            Err(error) => tell(Stat::Brier, Err(error.to_string()), "censored_brier", None, BRIER),
        }
        calibration(judged, scored, (people, prepared, risks), horizon, record);
    }
    if whole && let Ok(curve) = CensoredAccuracy.curve(prepared, &people.totals, horizon) {
        let id = &judged.validation.id;
        let series = Series { variable: Some(scored.score.id.clone()), ..Series::new(id, SeriesKind::RocCurve) };
        let series = series
            .numbers("threshold", curve.threshold)
            .numbers("sensitivity", curve.sensitivity)
            .numbers("specificity", curve.specificity);
        record.series.push(series);
    }
}

const AUC: usize = 0;
const SENSITIVITY: usize = 1;
const SPECIFICITY: usize = 2;
const PPV: usize = 3;
const NPV: usize = 4;
const BRIER: usize = 5;
const SCALED: usize = 6;

type Limits = [Result<BootstrapEstimate, ResampleError>; 7];

/// What the measures are on resamples of the people.
fn bootstrap(judged: &Judged<'_>, people: &Followed, (rule, horizon): (Option<CutoffRule>, f64)) -> Option<Limits> {
    let units = Units::ordinary(people.time.len()).ok()?;
    let level = judged.conventions.level();
    let bootstrap = Bootstrap { resampling: judged.resampling(), level, ..Bootstrap::default() };
    let measures = |people: &Followed| -> Option<[Option<f64>; 7]> {
        let times = people.prepare().ok()?;
        let area = TimeDependentAuc.run(&times, &people.totals, horizon).ok().map(|area| area.value);
        let found = rule.and_then(|rule| CensoredAccuracy.run(&times, &people.totals, rule, horizon).ok());
        let brier = people.risks.as_ref().and_then(|risks| {
            let survival: Vec<f64> = risks.iter().map(|risk| 1.0 - risk).collect();
            CensoredBrier.run(&times, &survival, horizon).ok()
        });
        Some([
            area,
            found.map(|found| found.sensitivity),
            found.map(|found| found.specificity),
            found.and_then(|found| found.ppv),
            found.and_then(|found| found.npv),
            brier.map(|brier| brier.value),
            brier.and_then(|brier| brier.scaled),
        ])
    };
    bootstrap.run_all(&units, || (), |(), counts| measures(&people.resampled(counts)).unwrap_or([None; 7])).ok()
}

/// Observed against predicted risk: in the large, by the slope, smoothed, by groups; and the net benefit.
fn calibration(
    judged: &Judged<'_>,
    scored: &Scored,
    (people, prepared, risks): (&Followed, &SurvivalTimes, &[f64]),
    horizon: f64,
    record: &mut Record,
) {
    let at = |stat, value: f64| judged.place(scored, Context::Test, stat, value).time(horizon);
    let rows = &mut record.rows;
    let calibration = CensoredCalibration { level: judged.conventions.level() };
    match calibration.run(prepared, risks, horizon) {
        Ok(mean) => {
            rows.push(at(Stat::ObservedRisk, mean.observed).procedure("kaplan_meier/log"));
            if let Some(limits) = mean.observed_interval {
                rows.push(at(Stat::ConfLow, limits.low).of(Stat::ObservedRisk));
                rows.push(at(Stat::ConfHigh, limits.high).of(Stat::ObservedRisk));
            }
            rows.push(at(Stat::ExpectedRisk, mean.expected));
            rows.push(at(Stat::ObservedExpected, mean.ratio).procedure("censored_calibration/observed_expected"));
            if let Some(limits) = mean.ratio_interval {
                rows.push(at(Stat::ConfLow, limits.low).of(Stat::ObservedExpected));
                rows.push(at(Stat::ConfHigh, limits.high).of(Stat::ObservedExpected));
            }
        }
        Err(error) => rows.push(at(Stat::ObservedExpected, f64::NAN).reason(&error.to_string())),
    }
    match calibration.slope(prepared, risks, horizon) {
        Ok(slope) => {
            rows.push(at(Stat::CalibrationSlope, slope.estimate).procedure("censored_calibration/cox"));
            rows.push(at(Stat::StdError, slope.std_error).of(Stat::CalibrationSlope));
            rows.push(at(Stat::ConfLow, slope.interval.low).of(Stat::CalibrationSlope));
            rows.push(at(Stat::ConfHigh, slope.interval.high).of(Stat::CalibrationSlope));
        }
        Err(error) => rows.push(at(Stat::CalibrationSlope, f64::NAN).reason(&error.to_string())),
    }
    if judged.group.is_some() {
        return;
    }
    if let Ok(update) = calibration.update(prepared, risks, horizon) {
        let updated = |stat, value| at(stat, value).model("update").procedure("censored_calibration/cox");
        rows.push(updated(Stat::CalibrationIntercept, update.intercept));
        rows.push(updated(Stat::CalibrationSlope, update.slope));
    }
    match calibration.curve(prepared, risks, horizon) {
        Ok(curve) => {
            let by = "censored_calibration/cox_spline";
            rows.push(at(Stat::CalibrationIndex, curve.ici).procedure(by));
            rows.push(at(Stat::CalibrationE50, curve.e50).procedure(by));
            rows.push(at(Stat::CalibrationE90, curve.e90).procedure(by));
            record.series.push(smooth_series(judged, scored, curve.predicted, curve.observed));
        }
        Err(error) => rows.push(at(Stat::CalibrationIndex, f64::NAN).reason(&error.to_string())),
    }
    if let Ok(curve) = censored_decision_curve(prepared, risks, horizon, &judged.validation.thresholds) {
        for (row, threshold) in curve.thresholds.iter().enumerate() {
            let level = format!("{:.0} %", 100.0 * threshold);
            let model = curve.model[row].unwrap_or(f64::NAN);
            for (name, value) in [("score", model), ("treat all", curve.treat_all[row]), ("treat none", 0.0)] {
                let row = at(Stat::NetBenefit, value).level(&level).model(name).procedure("net_benefit/censored");
                let unknown = "nobody of those treated was followed so long";
                record.rows.push(if value.is_nan() { row.reason(unknown) } else { row });
            }
        }
    }
    if let Ok(curve) = censored_decision_curve(prepared, risks, horizon, &every_threshold()) {
        let model = curve.model.iter().map(|benefit| benefit.unwrap_or(f64::NAN)).collect();
        record.series.push(decision_series(judged, scored, curve.thresholds, model, curve.treat_all));
    }
    record.series.push(by_group(judged, scored, (people, risks), horizon));
}

/// The observed risk in the score's groups, or in fifths of the predicted one.
fn by_group(judged: &Judged<'_>, scored: &Scored, (people, risks): (&Followed, &[f64]), horizon: f64) -> Series {
    let groups = people.groups.clone().unwrap_or_else(|| {
        let mut ascending = risks.to_vec();
        ascending.sort_unstable_by(f64::total_cmp);
        let cuts: Vec<f64> = (1..FIFTHS)
            .filter_map(|fifth| quantile(&ascending, fifth as f64 / FIFTHS as f64, QuantileType::Type7).ok())
            .collect();
        risks.iter().map(|risk| cuts.iter().filter(|cut| *risk > **cut).count()).collect()
    });
    let mut points = Points::default();
    for group in 0..=groups.iter().copied().max().unwrap_or(0) {
        let members: Vec<usize> = (0..groups.len()).filter(|&row| groups[row] == group).collect();
        if members.is_empty() {
            continue;
        }
        let time: Vec<f64> = members.iter().map(|&row| people.time[row]).collect();
        let event: Vec<bool> = members.iter().map(|&row| people.event[row]).collect();
        let method = KaplanMeier { level: judged.conventions.level(), ..KaplanMeier::default() };
        let Some(curve) = SurvivalData::new(&time, &event).prepare().ok().and_then(|times| method.fit(&times).ok())
        else {
            continue;
        };
        let predicted = members.iter().map(|&row| risks[row]).sum::<f64>() / members.len() as f64;
        let observed = curve.at(horizon).map_or(f64::NAN, |survival| 1.0 - survival);
        let limits = curve.interval_at(horizon).map(|limits| (1.0 - limits.high, 1.0 - limits.low));
        points.push(predicted, observed, limits, members.len());
    }
    points.series(judged, scored)
}

/// The differences of two scores in concordance, area and Brier score, of the patients who have both, with limits by the
/// bootstrap.
pub(super) fn compare(
    judged: &Judged<'_>,
    (first, second): (&Scored, &Scored),
    (times, horizon, unit): (&[Option<f64>], Option<f64>, Option<&str>),
    record: &mut Record,
) {
    let known: Vec<usize> =
        (judged.known(first).into_iter()).filter(|&row| times[row].is_some() && second.totals[row].is_some()).collect();
    let of = |scored: &Scored| {
        let risks = scored.risks();
        Followed {
            time: known.iter().filter_map(|&row| times[row]).collect(),
            event: known.iter().map(|&row| judged.events[row] == Some(true)).collect(),
            totals: known.iter().filter_map(|&row| scored.totals[row]).collect(),
            risks: known.iter().map(|&row| risks[row].filter(|_| is_by(scored, horizon, unit))).collect(),
            groups: None,
        }
    };
    let both = [of(first), of(second)];
    let measures = |[first, second]: [&Followed; 2]| -> Option<[Option<f64>; 3]> {
        let times = first.prepare().ok()?;
        let concordance = |people: &Followed| Some(Concordance::default().run(&times, &people.totals).ok()?.value);
        let area = |people: &Followed| Some(TimeDependentAuc.run(&times, &people.totals, horizon?).ok()?.value);
        let brier = |people: &Followed| {
            let survival: Vec<f64> = people.risks.as_ref()?.iter().map(|risk| 1.0 - risk).collect();
            Some(CensoredBrier.run(&times, &survival, horizon?).ok()?.value)
        };
        let less = |of: &dyn Fn(&Followed) -> Option<f64>| Some(of(first)? - of(second)?);
        Some([less(&concordance), less(&area), less(&brier)])
    };
    let Ok(units) = Units::ordinary(known.len()) else { return };
    let level = judged.conventions.level();
    let bootstrap = Bootstrap { resampling: judged.resampling(), level, ..Bootstrap::default() };
    let estimates = bootstrap.run_all(
        &units,
        || (),
        |(), counts| {
            let [first, second] = [both[0].resampled(counts), both[1].resampled(counts)];
            measures([&first, &second]).unwrap_or([None; 3])
        },
    );
    let Ok(estimates) = estimates else { return };
    let names = ["difference in concordance", "difference in area", "difference in Brier score"];
    for (place, (name, estimate)) in names.into_iter().zip(estimates).enumerate() {
        let Ok(estimate) = estimate else { continue };
        let row = |stat, value: f64| {
            let row = pair(judged, (first, second), name, stat, value);
            if place == 0 { row } else { horizon.map_or(row.clone(), |horizon| row.time(horizon)) }
        };
        let by = "bootstrap/percentile";
        record.rows.push(row(Stat::Estimate, estimate.value).procedure(by));
        if let Some(interval) = estimate.interval {
            record.rows.push(row(Stat::ConfLow, interval.low).of(Stat::Estimate).procedure(by));
            record.rows.push(row(Stat::ConfHigh, interval.high).of(Stat::Estimate).procedure(by));
        }
    }
}
