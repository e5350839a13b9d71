//! What the report of a validated score draws: discrimination, calibration, net benefit, and survival by the score's groups.

use restudy_ledger::{Figure, Panel, PanelKind, Series, SeriesKind};
use restudy_stats::accuracy::{CalibrationBins, Recalibration, SmoothCalibration, Smoother, decision_curve};

use crate::block::{self, Event, Record};
use crate::blocks::kaplan_meier::{self, KaplanMeierPlan};
use crate::blocks::score_table::share_interval;
use crate::conventions::Conventions;
use crate::score_library::PublishedScore;

/// More distinct risks than this are drawn in tenths of the patients, and smoothed by a spline.
const FEW: usize = 10;

/// More totals than this are no groups by themselves.
const FEW_TOTALS: usize = 5;

/// From how many patients on a spline has five knots; three before (Harrell).
const MANY_PATIENTS: usize = 100;

/// Points of a line on the scale of risk.
const STEPS: u32 = 40;

/// Bars of a histogram over all risks.
const BARS: usize = 20;

/// A score with what it says of each patient.
pub(crate) struct Drawn<'a> {
    pub(crate) score: &'a PublishedScore,
    pub(crate) totals: &'a [Option<f64>],
    /// The risk of each patient who has one, and what happened.
    pub(crate) risks: Option<(Vec<f64>, Vec<bool>)>,
}

/// The follow-up, where the time to the event counts.
pub(crate) struct Times<'a> {
    /// The column's name.
    pub(crate) name: &'a str,
    pub(crate) times: &'a [Option<f64>],
}

/// The figures of a validation, with their series in the record, and an analysis of survival for each score.
pub(crate) fn figures(
    analysis: &str,
    scores: &[Drawn<'_>],
    (events, event): (&[Option<bool>], &Event),
    times: Option<&Times<'_>>,
    conventions: &Conventions,
    record: &mut Record,
) -> Vec<Figure> {
    let mut figures = Vec::new();
    let mut figure = |id: &str, title: &str, panels: Vec<Panel>| {
        if !panels.is_empty() {
            figures.push(Figure { id: id.to_owned(), title: title.to_owned(), panels });
        }
    };
    let titled =
        |panel: Panel, score: &PublishedScore| Panel { title: (scores.len() > 1).then(|| score.name.clone()), ..panel };
    let has = |record: &Record, kind| record.series.iter().any(|series| series.kind == kind);

    let roc = block::panel(PanelKind::Roc, analysis, Vec::new());
    let roc = has(record, SeriesKind::RocCurve).then_some(roc);
    figure("discrimination", "Receiver operating characteristic curves", roc.into_iter().collect());

    let mut calibrations = Vec::new();
    for Drawn { score, risks, .. } in scores {
        let Some((risks, happened)) = risks else { continue };
        record.series.extend(calibration(analysis, &score.id, risks, happened, conventions));
        calibrations.push(titled(block::panel(PanelKind::Calibration, analysis, vec![score.id.clone()]), score));
    }
    figure("calibration", "Observed against predicted risk", calibrations);

    record.series.extend(decisions(analysis, scores));
    let decision = block::panel(PanelKind::DecisionCurve, analysis, Vec::new());
    let decision = has(record, SeriesKind::DecisionCurve).then_some(decision);
    figure("decision", "Decision curves", decision.into_iter().collect());

    let mut survivals = Vec::new();
    for Drawn { score, totals, .. } in scores {
        let Some(times) = times else { continue };
        let (groups, group) = groups(score, totals);
        if groups.is_empty() {
            continue;
        }
        let (id, title) = (format!("survival-{}", score.id), format!("Time to {} by {}", event.variable, score.name));
        let plan = KaplanMeierPlan::by_group(&id, &title, (times.name, event.clone()), &score.id, groups);
        let members = vec![true; totals.len()];
        let followed =
            kaplan_meier::Followed { time: times.times.to_vec(), event: events.to_vec(), group: Some(group), members };
        plan.record(&followed, conventions, record);
        survivals.push(titled(block::panel(PanelKind::KaplanMeier, &id, Vec::new()), score));
    }
    figure("survival", "Survival by group of the score", survivals);
    figures
}

/// Observed against predicted risk: groups of patients, a smooth line with its band, and how many have which risk.
pub(crate) fn calibration(
    analysis: &str,
    variable: &str,
    risks: &[f64],
    happened: &[bool],
    conventions: &Conventions,
) -> Vec<Series> {
    let mut distinct = risks.to_vec();
    distinct.sort_by(f64::total_cmp);
    distinct.dedup();
    let few = distinct.len() <= FEW;
    let of = |kind| Series { variable: Some(variable.to_owned()), ..Series::new(analysis, kind) };
    // As many groups as patients keep those of one risk together, and no others.
    let groups = if few { risks.len() } else { 10 };
    let Ok(bins) = (CalibrationBins { groups, level: conventions.level() }).run(risks, happened) else {
        return Vec::new();
    };
    let limits: Vec<_> =
        bins.events.iter().zip(&bins.n).map(|(count, n)| share_interval(*count, *n, conventions).1).collect();
    let limit = |of: fn(&restudy_stats::Interval) -> f64| -> Vec<f64> {
        limits.iter().map(|limits| limits.as_ref().map_or(f64::NAN, of)).collect()
    };
    let groups = of(SeriesKind::Calibration)
        .numbers("predicted", bins.predicted.iter().copied())
        .numbers("observed", bins.observed.iter().copied())
        .numbers("conf_low", limit(|limits| limits.low))
        .numbers("conf_high", limit(|limits| limits.high))
        .numbers("n", bins.n.iter().map(|n| *n as f64));
    let smooth = if few { line(&distinct, risks, happened, conventions) } else { spline(risks, happened, conventions) };
    let name = few.then(|| "logistic recalibration".to_owned());
    let smooth = smooth.map(|points| with_points(Series { group: name, ..of(SeriesKind::CalibrationCurve) }, &points));
    [groups].into_iter().chain(smooth).chain([histogram(of(SeriesKind::RiskHistogram), risks, happened)]).collect()
}

/// A point of a line: predicted, observed, and the limits there.
type Point = [f64; 4];

fn with_points(series: Series, points: &[Point]) -> Series {
    ["predicted", "observed", "conf_low", "conf_high"]
        .into_iter()
        .enumerate()
        .fold(series, |series, (at, name)| series.numbers(name, points.iter().map(|point| point[at])))
}

/// The logistic recalibration, where there are too few risks for more.
fn line(distinct: &[f64], risks: &[f64], happened: &[bool], conventions: &Conventions) -> Option<Vec<Point>> {
    let line = Recalibration { level: conventions.level() }.run(risks, happened).ok()?;
    let (first, last) = (*distinct.first()?, *distinct.last()?);
    let point = |step: u32| {
        let risk = first + (last - first) * f64::from(step) / f64::from(STEPS);
        let (observed, limits) = line.at(risk);
        [risk, observed, limits.low, limits.high]
    };
    Some((0..=STEPS).map(point).collect())
}

/// A restricted cubic spline of the logit.
fn spline(risks: &[f64], happened: &[bool], conventions: &Conventions) -> Option<Vec<Point>> {
    let knots = if risks.len() < MANY_PATIENTS { 3 } else { 5 };
    let smoother = Smoother::RestrictedCubicSpline { knots };
    let curve = SmoothCalibration { smoother, level: conventions.level() }.run(risks, happened).ok()?;
    let columns = curve.predicted.iter().zip(&curve.observed).zip(curve.band.as_ref()?);
    Some(columns.map(|((risk, observed), limits)| [*risk, *observed, limits.low, limits.high]).collect())
}

fn histogram(series: Series, risks: &[f64], happened: &[bool]) -> Series {
    let mut counts = [[0_u32; 2]; BARS];
    for (risk, event) in risks.iter().zip(happened) {
        let bar = ((risk * BARS as f64) as usize).min(BARS - 1);
        counts[bar][usize::from(!event)] += 1;
    }
    let edge = |bar: usize| bar as f64 / BARS as f64;
    series
        .numbers("low", (0..BARS).map(edge))
        .numbers("high", (1..=BARS).map(edge))
        .numbers("events", counts.iter().map(|bar| f64::from(bar[0])))
        .numbers("others", counts.iter().map(|bar| f64::from(bar[1])))
}

/// The net benefit of each score that has risks, at every hundredth up to the greatest risk.
fn decisions(analysis: &str, scores: &[Drawn<'_>]) -> Vec<Series> {
    let with_risks = || scores.iter().filter_map(|drawn| Some((drawn.score, drawn.risks.as_ref()?)));
    let greatest = with_risks().flat_map(|(_, (risks, _))| risks).copied().fold(0.0, f64::max);
    let last = (100.0 * greatest).ceil().clamp(1.0, 99.0) as u32;
    let thresholds: Vec<f64> = (0..=last).map(|hundredths| f64::from(hundredths) / 100.0).collect();
    let curve = |(score, (risks, happened)): (&PublishedScore, &(Vec<f64>, Vec<bool>))| {
        let curve = decision_curve(risks, happened, &thresholds).ok()?;
        let series = Series::new(analysis, SeriesKind::DecisionCurve);
        Some(
            Series { variable: Some(score.id.clone()), ..series }
                .numbers("threshold", curve.thresholds)
                .numbers("model", curve.model)
                .numbers("treat_all", curve.treat_all),
        )
    };
    with_risks().filter_map(curve).collect()
}

/// The groups of a score that some patient is in, and each patient's: those that its authors made, else its totals where they
/// are few, else its cut-off, else thirds of the patients.
fn groups(score: &PublishedScore, totals: &[Option<f64>]) -> (Vec<String>, Vec<Option<usize>>) {
    let mut known: Vec<f64> = totals.iter().copied().flatten().collect();
    known.sort_by(f64::total_cmp);
    let mut distinct = known.clone();
    distinct.dedup();
    let third = |third: usize| known.get((third * known.len()).div_ceil(3)).copied().unwrap_or(f64::INFINITY);
    let each = |of: &dyn Fn(f64) -> Option<usize>| -> Vec<Option<usize>> {
        totals.iter().map(|total| total.and_then(of)).collect()
    };
    let (labels, group): (Vec<String>, _) = if !score.groups.is_empty() {
        let labels = score.groups.iter().map(|group| group.label.clone()).collect();
        (labels, each(&|total| score.groups.iter().position(|group| group.contains(total))))
    } else if distinct.len() <= FEW_TOTALS {
        let points = |total: &f64| format!("{total} {}", if *total == 1.0 { "point" } else { "points" });
        let labels = distinct.iter().map(points).collect();
        (labels, each(&|total| distinct.iter().position(|known| *known == total)))
    } else if let Some(cutoff) = score.cutoff.map(|cutoff| cutoff.0) {
        let labels = vec![format!("not {cutoff}"), cutoff.to_string()];
        (labels, each(&|total| Some(usize::from(cutoff.is_positive(total)))))
    } else {
        let labels = ["lowest third", "middle third", "highest third"].map(str::to_owned).to_vec();
        let (first, second) = (third(1), third(2));
        (labels, each(&|total| Some(usize::from(total >= first) + usize::from(total >= second))))
    };
    // A group without patients has no curve.
    let met: Vec<usize> = (0..labels.len()).filter(|place| group.contains(&Some(*place))).collect();
    let labels = met.iter().map(|place| labels[*place].clone()).collect();
    (labels, group.into_iter().map(|place| met.iter().position(|known| Some(*known) == place)).collect())
}
