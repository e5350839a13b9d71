//! Observed against predicted risk, as figures draw it.

use restudy_ledger::{Series, SeriesKind};
use restudy_stats::accuracy::{CalibrationBins, Recalibration, SmoothCalibration, SmoothCalibrationCurve, Smoother};

use super::score_table::share_interval;
use crate::conventions::Conventions;

/// More distinct risks than this are drawn in tenths of the patients, and smoothed by a spline.
const FEW: usize = 10;

/// From how many patients on a spline has five knots; three before (Harrell).
const MANY_PATIENTS: usize = 100;

/// Points of a line on the scale of risk.
const STEPS: u32 = 40;

/// Bars of a histogram over all risks.
const BARS: usize = 20;

/// Observed against predicted risk in groups of patients, and how many have which risk.
pub(crate) fn groups(
    analysis: &str,
    variable: &str,
    risks: &[f64],
    happened: &[bool],
    conventions: &Conventions,
) -> Vec<Series> {
    let few = distinct(risks).len() <= FEW;
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
    vec![groups, histogram(of(SeriesKind::RiskHistogram), risks, happened)]
}

/// Observed against predicted risk as a line with its band: that of the smooth, or the logistic recalibration where the risks
/// are too few for one.
pub(crate) fn curve(
    analysis: &str,
    variable: &str,
    (risks, happened): (&[f64], &[bool]),
    smooth: Option<&SmoothCalibrationCurve>,
    conventions: &Conventions,
) -> Option<Series> {
    let distinct = distinct(risks);
    let few = distinct.len() <= FEW;
    let points = if few { line(&distinct, risks, happened, conventions)? } else { spline(smooth?)? };
    let group = few.then(|| "logistic recalibration".to_owned());
    let series = Series::new(analysis, SeriesKind::CalibrationCurve);
    Some(with_points(Series { variable: Some(variable.to_owned()), group, ..series }, &points))
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

/// A restricted cubic spline of the logit, where the risks are of many heights.
pub(crate) fn smooth(risks: &[f64], happened: &[bool], conventions: &Conventions) -> Option<SmoothCalibrationCurve> {
    if distinct(risks).len() <= FEW {
        return None;
    }
    let knots = if risks.len() < MANY_PATIENTS { 3 } else { 5 };
    let smoother = Smoother::RestrictedCubicSpline { knots };
    SmoothCalibration { smoother, level: conventions.level() }.run(risks, happened).ok()
}

fn spline(curve: &SmoothCalibrationCurve) -> Option<Vec<Point>> {
    let columns = curve.predicted.iter().zip(&curve.observed).zip(curve.band.as_ref()?);
    Some(columns.map(|((risk, observed), limits)| [*risk, *observed, limits.low, limits.high]).collect())
}

fn distinct(risks: &[f64]) -> Vec<f64> {
    let mut distinct = risks.to_vec();
    distinct.sort_by(f64::total_cmp);
    distinct.dedup();
    distinct
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
