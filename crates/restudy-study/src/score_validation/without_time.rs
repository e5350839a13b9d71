//! Published scores and an outcome that is known of everyone judged: who had the event, and who had not.

use restudy_ledger::{Context, Row, Series, SeriesKind, Stat};
use restudy_stats::accuracy::{
    Brier, CalibrationInTheLarge, Cutoff, CutoffRule, DiagnosticTable, Direction, Placing, Roc, SmoothCalibrationCurve,
    decision_curve,
};
use restudy_stats::regression::{Design, Logistic, Outcome};
use restudy_stats::resample::{Bootstrap, Units};

use super::scored::Scored;
use super::step::Judged;
use crate::block::Record;
use crate::blocks::{accuracy, calibration as calibration_of_risks};

/// Discrimination, performance at the published cut-off, calibration, net benefit. Of a part of the patients without the
/// bootstrap, the update and the curves.
pub(super) fn judge(judged: &Judged<'_>, scored: &Scored, record: &mut Record) {
    discrimination(judged, scored, record);
    at_the_cutoff(judged, scored, &mut record.rows);
    if judged.validation.best_cutoff && judged.group.is_none() {
        at_the_best_cutoff(judged, scored, &mut record.rows);
    }
    calibration(judged, scored, record);
}

fn discrimination(judged: &Judged<'_>, scored: &Scored, record: &mut Record) {
    let place = |context, stat, value: f64| judged.place(scored, context, stat, value);
    let test = |stat, value: f64| place(Context::Test, stat, value);
    let (cases, controls) = accuracy::sides(&scored.totals, judged.events, judged.members);
    let all = judged.members.iter().filter(|member| **member).count();
    accuracy::size(&mut record.rows, &place, cases.len(), cases.len() + controls.len(), all);
    let curve = match (Roc { direction: Direction::Higher }).run(&cases, &controls) {
        Ok(curve) => curve,
        Err(error) => {
            record.rows.push(test(Stat::Auc, f64::NAN).reason(&error.to_string()));
            return;
        }
    };
    accuracy::auc(&mut record.rows, &test, &curve, judged.conventions);
    if judged.group.is_none() {
        bootstrap(judged, (&cases, &controls), &test, &mut record.rows);
        let cutoff = Cutoff::default();
        record.series.push(accuracy::curve(&judged.validation.id, &scored.score.id, &curve, cutoff));
    }
}

/// The area on resamples within events and within the others.
fn bootstrap(
    judged: &Judged<'_>,
    (cases, controls): (&[f64], &[f64]),
    test: &dyn Fn(Stat, f64) -> Row,
    rows: &mut Vec<Row>,
) {
    let labels: Vec<usize> = (0..cases.len() + controls.len()).map(|row| usize::from(row < cases.len())).collect();
    let mut sorted: Vec<(f64, bool, usize)> =
        cases.iter().chain(controls).enumerate().map(|(row, &v)| (v, row < cases.len(), row)).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let area = |counts: &[u32]| {
        let (mut below, mut twice_won, mut n) = (0_u64, 0_u64, [0_u64; 2]);
        for tied in sorted.chunk_by(|a, b| a.0 == b.0) {
            let here = |side: bool| tied.iter().filter(|x| x.1 == side).map(|x| u64::from(counts[x.2])).sum::<u64>();
            let (events, others) = (here(true), here(false));
            twice_won += events * (2 * below + others);
            below += others;
            n = [n[0] + events, n[1] + others];
        }
        (n[0] * n[1] > 0).then(|| twice_won as f64 / (2 * n[0] * n[1]) as f64)
    };
    let bootstrap =
        Bootstrap { resampling: judged.resampling(), level: judged.conventions.level(), ..Bootstrap::default() };
    let Some(estimate) = Units::stratified(&labels).ok().and_then(|units| bootstrap.run(&units, area).ok()) else {
        return;
    };
    let place = |stat, value| test(stat, value).model("bootstrap").procedure("auc/bootstrap_percentile");
    rows.push(place(Stat::Auc, estimate.value));
    if let Some(std_error) = estimate.std_error {
        rows.push(place(Stat::StdError, std_error).of(Stat::Auc));
    }
    if let Some(interval) = estimate.interval {
        rows.push(place(Stat::ConfLow, interval.low).of(Stat::Auc));
        rows.push(place(Stat::ConfHigh, interval.high).of(Stat::Auc));
    }
}

fn at_the_cutoff(judged: &Judged<'_>, scored: &Scored, rows: &mut Vec<Row>) {
    let Some(rule) = scored.score.cutoff.map(|rule| rule.0) else { return };
    let level = rule.to_string();
    let place = |stat, value: f64| judged.place(scored, Context::Test, stat, value).level(&level);
    if judged.group.is_none() {
        let cutoff = judged.place(scored, Context::Test, Stat::Cutoff, rule.cutoff);
        rows.push(cutoff.procedure("cutoff/published"));
    }
    accuracy::performance(rows, &place, table(judged, scored, rule), judged.conventions);
}

/// What the best cut-off on these patients does, and its p-value with the search counted.
fn at_the_best_cutoff(judged: &Judged<'_>, scored: &Scored, rows: &mut Vec<Row>) {
    let (cases, controls) = accuracy::sides(&scored.totals, judged.events, judged.members);
    let Ok(curve) = (Roc { direction: Direction::Higher }).run(&cases, &controls) else { return };
    let cutoff = Cutoff { placing: Placing::Observed, ..Cutoff::default() };
    let Some(best) = cutoff.run(&curve).ok().and_then(|best| best.first().copied()) else { return };
    let place = |stat, value: f64| judged.place(scored, Context::Test, stat, value).model("best on these patients");
    rows.push(place(Stat::Cutoff, best.rule.cutoff).procedure("cutoff/youden"));
    accuracy::performance(rows, &place, best.table, judged.conventions);
    if let Some(chosen) = accuracy::chosen(&curve, best.table) {
        accuracy::chosen_p_values(rows, &place, &chosen);
    }
}

fn table(judged: &Judged<'_>, scored: &Scored, rule: CutoffRule) -> DiagnosticTable {
    let known = judged.known(scored);
    let count = |event: bool, positive: bool| {
        let is_positive = |row: usize| scored.totals[row].is_some_and(|total| rule.is_positive(total));
        let counted = |row: &&usize| judged.events[**row] == Some(event) && is_positive(**row) == positive;
        known.iter().filter(counted).count() as u64
    };
    DiagnosticTable {
        true_positives: count(true, true),
        false_positives: count(false, true),
        false_negatives: count(true, false),
        true_negatives: count(false, false),
    }
}

/// The risk of each patient, and what happened; none where the score has no risk of one, or its risk is by a time.
pub(super) fn risks(judged: &Judged<'_>, scored: &Scored) -> Option<(Vec<f64>, Vec<bool>)> {
    let by_a_time = scored.score.risk.as_ref().is_some_and(|risk| risk.horizon().is_some());
    if !scored.score.has_risks() || by_a_time {
        return None;
    }
    let risks = scored.risks();
    let known = judged.known(scored);
    let both: Option<Vec<(f64, bool)>> =
        known.iter().map(|&row| Some((risks[row]?, judged.events[row] == Some(true)))).collect();
    both.filter(|both| !both.is_empty()).map(|both| both.into_iter().unzip())
}

fn calibration(judged: &Judged<'_>, scored: &Scored, record: &mut Record) {
    let Some((risks, happened)) = risks(judged, scored) else {
        if judged.group.is_none() {
            refitted(judged, scored, &mut record.rows);
        }
        return;
    };
    let place = |stat, value: f64| judged.place(scored, Context::Test, stat, value);
    let rows = &mut record.rows;
    if let Ok(brier) = Brier.run(&risks, &happened) {
        rows.push(place(Stat::Brier, brier.value).procedure("brier"));
    }
    if let Ok(large) = CalibrationInTheLarge::default().run(&risks, &happened) {
        rows.push(place(Stat::ObservedExpected, large.ratio).procedure("observed_expected"));
        rows.push(place(Stat::ConfLow, large.ratio_interval.low).of(Stat::ObservedExpected));
        rows.push(place(Stat::ConfHigh, large.ratio_interval.high).of(Stat::ObservedExpected));
        rows.push(place(Stat::CalibrationIntercept, large.intercept).procedure("calibration/in_the_large"));
        rows.push(place(Stat::ConfLow, large.interval.low).of(Stat::CalibrationIntercept));
        rows.push(place(Stat::ConfHigh, large.interval.high).of(Stat::CalibrationIntercept));
        rows.push(
            place(Stat::PValue, large.p_value).of(Stat::CalibrationIntercept).procedure("calibration/in_the_large"),
        );
    }
    if judged.group.is_some() {
        return;
    }
    recalibration(&risks, &happened, &place, rows);
    let smooth = calibration_of_risks::smooth(&risks, &happened, judged.conventions);
    for (stat, value) in smooth.iter().flat_map(distances) {
        rows.push(place(stat, value).procedure("smooth_calibration/logistic_spline"));
    }
    net_benefit(judged, scored, (&risks, &happened), record);
    let (id, name) = (&judged.validation.id, &scored.score.id);
    let people = (risks.as_slice(), happened.as_slice());
    record.series.extend(calibration_of_risks::groups(id, name, &risks, &happened, judged.conventions));
    record.series.extend(calibration_of_risks::curve(id, name, people, smooth.as_ref(), judged.conventions));
}

/// Net benefit at the thresholds, and the curve through every one that a reader may ask for.
fn net_benefit(judged: &Judged<'_>, scored: &Scored, (risks, happened): (&[f64], &[bool]), record: &mut Record) {
    if let Ok(curve) = decision_curve(risks, happened, &judged.validation.thresholds) {
        for (row, threshold) in curve.thresholds.iter().enumerate() {
            let level = format!("{:.0} %", 100.0 * threshold);
            for (model, value) in
                [("score", curve.model[row]), ("treat all", curve.treat_all[row]), ("treat none", 0.0)]
            {
                let row = judged.place(scored, Context::Test, Stat::NetBenefit, value).level(&level).model(model);
                record.rows.push(row.procedure("net_benefit"));
            }
        }
    }
    if let Ok(curve) = decision_curve(risks, happened, &every_threshold()) {
        record.series.push(decision_series(judged, scored, curve.thresholds, curve.model, curve.treat_all));
    }
}

/// Every hundredth below certainty.
pub(super) fn every_threshold() -> Vec<f64> {
    (0..100).map(|percent| f64::from(percent) / 100.0).collect()
}

pub(super) fn decision_series(
    judged: &Judged<'_>,
    scored: &Scored,
    thresholds: Vec<f64>,
    model: Vec<f64>,
    treat_all: Vec<f64>,
) -> Series {
    // Beyond the last threshold at which somebody is treated, there is nothing to see.
    let last = model.iter().rposition(|benefit| *benefit != 0.0).map_or(1, |last| last + 2).min(model.len());
    let part = |mut column: Vec<f64>| {
        column.truncate(last);
        column
    };
    let id = &judged.validation.id;
    Series { variable: Some(scored.score.id.clone()), ..Series::new(id, SeriesKind::DecisionCurve) }
        .numbers("threshold", part(thresholds))
        .numbers("model", part(model))
        .numbers("treat_all", part(treat_all))
}

/// How far a smooth of what happened is from the risks.
fn distances(curve: &SmoothCalibrationCurve) -> [(Stat, f64); 3] {
    [(Stat::CalibrationIndex, curve.ici), (Stat::CalibrationE50, curve.e50), (Stat::CalibrationE90, curve.e90)]
}

pub(super) fn smooth_series(judged: &Judged<'_>, scored: &Scored, predicted: Vec<f64>, observed: Vec<f64>) -> Series {
    let id = &judged.validation.id;
    Series { variable: Some(scored.score.id.clone()), ..Series::new(id, SeriesKind::CalibrationCurve) }
        .numbers("predicted", predicted)
        .numbers("observed", observed)
}

/// Predicted against observed risk, group by group.
#[derive(Default)]
pub(super) struct Points {
    predicted: Vec<f64>,
    observed: Vec<f64>,
    low: Vec<f64>,
    high: Vec<f64>,
    size: Vec<f64>,
}

impl Points {
    pub(super) fn push(&mut self, predicted: f64, observed: f64, limits: Option<(f64, f64)>, n: usize) {
        self.predicted.push(predicted);
        self.observed.push(observed);
        self.low.push(limits.map_or(f64::NAN, |limits| limits.0));
        self.high.push(limits.map_or(f64::NAN, |limits| limits.1));
        self.size.push(n as f64);
    }

    pub(super) fn series(self, judged: &Judged<'_>, scored: &Scored) -> Series {
        let id = &judged.validation.id;
        Series { variable: Some(scored.score.id.clone()), ..Series::new(id, SeriesKind::Calibration) }
            .numbers("predicted", self.predicted)
            .numbers("observed", self.observed)
            .numbers("conf_low", self.low)
            .numbers("conf_high", self.high)
            .numbers("n", self.size)
    }
}

/// What gives a score without risks its risks on these patients: the logistic regression of what happened on the total. It is
/// made here, and no validation of itself.
fn refitted(judged: &Judged<'_>, scored: &Scored, rows: &mut Vec<Row>) {
    let known = judged.known(scored);
    let totals: Vec<f64> = known.iter().filter_map(|&row| scored.totals[row]).collect();
    let happened: Vec<bool> = known.iter().map(|&row| judged.events[row] == Some(true)).collect();
    let place = |stat, value: f64| {
        let row = judged.place(scored, Context::Test, stat, value).model("refitted on these patients");
        row.procedure("calibration/refitted")
    };
    let level = judged.conventions.level();
    let design = Design::build(totals.len()).intercept().continuous("total", &totals, 1.0).finish();
    let fitted = design.as_ref().map_err(ToString::to_string).and_then(|design| {
        let fit = Logistic::default().fit(design, Outcome::new(&happened)).map_err(|error| error.to_string())?;
        Ok(fit.wald(level))
    });
    match fitted.as_deref() {
        Ok([intercept, slope]) => {
            for (stat, of) in [(Stat::CalibrationIntercept, intercept), (Stat::CalibrationSlope, slope)] {
                let reach = of.interval;
                rows.push(place(stat, of.estimate));
                rows.push(place(Stat::ConfLow, reach.low).of(stat));
                rows.push(place(Stat::ConfHigh, reach.high).of(stat));
            }
        }
        Ok(_) => {}
        Err(reason) => rows.push(place(Stat::CalibrationSlope, f64::NAN).reason(reason)),
    }
}

/// The logistic regression of what happened on the logit of the risk: its slope is the calibration slope, and with its
/// intercept it is the update that makes the risks right here.
fn recalibration(risks: &[f64], happened: &[bool], place: &dyn Fn(Stat, f64) -> Row, rows: &mut Vec<Row>) {
    let logits: Vec<f64> = risks.iter().map(|risk| (risk / (1.0 - risk)).ln()).collect();
    let place = |stat, value: f64| place(stat, value).procedure("calibration/logistic");
    let design = Design::build(logits.len()).intercept().continuous("logit", &logits, 1.0).finish();
    let fitted = design.as_ref().map_err(ToString::to_string).and_then(|design| {
        let fit = Logistic::default().fit(design, Outcome::new(happened)).map_err(|error| error.to_string())?;
        Ok(fit.wald(restudy_stats::Level::NINETY_FIVE))
    });
    match fitted.as_deref() {
        Ok([intercept, slope]) => {
            rows.push(place(Stat::CalibrationSlope, slope.estimate));
            rows.push(place(Stat::ConfLow, slope.interval.low).of(Stat::CalibrationSlope));
            rows.push(place(Stat::ConfHigh, slope.interval.high).of(Stat::CalibrationSlope));
            let updated = |stat, value| place(stat, value).model("update");
            rows.push(updated(Stat::CalibrationIntercept, intercept.estimate));
            rows.push(updated(Stat::CalibrationSlope, slope.estimate));
        }
        Ok(_) => {}
        Err(reason) => rows.push(place(Stat::CalibrationSlope, f64::NAN).reason(reason)),
    }
}
