//! Receiver operating characteristic curves, and decision curves.

use restudy_ledger::{Row, Series, SeriesKind, Stat};

use super::Drawn;
use crate::figure::axis::{Axis, Frame, Wanted, dense};
use crate::figure::font::Face;
use crate::figure::key::Key;
use crate::figure::palette::{Look, look};
use crate::figure::scene::{Anchor, FAINT, GREY, Item, Point, Scene, Stroke};
use crate::figure::source::{At, Source, column};
use crate::figure::text::{Lines, SMALL, Words, line_height};

/// The plot is no wider than this, however wide the sheet.
const WIDEST: f64 = 260.0;

/// A curve with the cut-off that is marked on it.
struct Curve {
    name: String,
    look: Look,
    points: Vec<Point>,
    auc: String,
    /// `< 50.0`, where the ledger knows the side.
    cutoff: Option<String>,
    /// One less specificity, and sensitivity, at the cut-off.
    at_cutoff: Option<Point>,
}

pub(super) fn draw_roc(source: &Source<'_>, width: f64) -> Result<Drawn, String> {
    let series = source.series(SeriesKind::RocCurve);
    if series.is_empty() {
        return Err(format!("“{}” has no ROC curve.", source.analysis.title));
    }
    let curves: Vec<Curve> = series.iter().enumerate().map(|(place, series)| curve(source, place, series)).collect();
    let mut scene = Scene::new(width);
    let auc = format!("AUC ({})", source.confidence());
    let headings: &[&str] =
        if curves.iter().any(|curve| curve.cutoff.is_some()) { &[&auc, "Cut-off"] } else { &[&auc] };
    let marked = |curve: &Curve| if curve.at_cutoff.is_some() { curve.look } else { curve.look.without_marker() };
    let key = |curve: &Curve| Key {
        look: marked(curve),
        name: curve.name.clone(),
        cells: vec![curve.auc.as_str().into(), curve.cutoff.clone().unwrap_or_default().into()],
    };
    let top = scene.key(0.0, width, headings, &curves.iter().map(key).collect::<Vec<_>>()) + 6.0;
    let x = Axis::unit(&source.style, "1 − Specificity");
    let y = Axis::unit(&source.style, "Sensitivity");
    let frame = Frame::new(&Wanted { width: width.min(WIDEST), top, height: None, left: 0.0 }, x, y);
    let diagonal = vec![frame.at(0.0, 0.0), frame.at(1.0, 1.0)];
    scene.line("diagonal", diagonal.clone(), Stroke::new(FAINT, 0.7).dashed(&[2.0, 2.0]));
    let mut taken = dense(&diagonal);
    for curve in &curves {
        let points: Vec<Point> = curve.points.iter().map(|(x, y)| frame.at(*x, *y)).collect();
        taken.extend(dense(&points));
        scene.line("curve", points, curve.look.stroke());
    }
    scene.height = frame.draw_x(&mut scene) + 1.0;
    frame.draw_y(&mut scene);
    for curve in &curves {
        draw_cutoff(&mut scene, &frame, curve, &mut taken);
    }
    let said = curves.iter().map(|curve| {
        let cutoff = curve.cutoff.as_ref().map(|cutoff| format!(", cut-off {cutoff}")).unwrap_or_default();
        format!(" {}: AUC {}{cutoff}.", curve.name, curve.auc)
    });
    let alt = format!("Receiver operating characteristic curves.{}", said.collect::<String>());
    Ok(Drawn { scene, alt })
}

fn curve(source: &Source<'_>, place: usize, series: &Series) -> Curve {
    let variable = series.variable.as_deref().unwrap_or_default();
    let at = At::variable(variable);
    let points = column(series, "specificity").into_iter().zip(column(series, "sensitivity"));
    let points = points.map(|(specificity, sensitivity)| (1.0 - specificity, sensitivity));
    let (cutoff, at_cutoff) = cutoff(source, variable).unzip();
    Curve {
        name: if variable.is_empty() { source.analysis.title.clone() } else { source.label(variable) },
        look: look(place),
        points: points.filter(|(x, y)| x.is_finite() && y.is_finite()).collect(),
        auc: source
            .number(Stat::Auc, &at)
            .map_or_else(|| "—".to_owned(), |auc| source.estimate(auc, source.limits(Stat::Auc, &at), 3)),
        cutoff,
        at_cutoff: at_cutoff.flatten(),
    }
}

/// The cut-off of a marker or a score with its operator, and where it lies: one less specificity, and sensitivity.
fn cutoff(source: &Source<'_>, variable: &str) -> Option<(String, Option<Point>)> {
    let at = At::variable(variable);
    // A published cut-off stands at its own level, beside the performance there.
    let published = || {
        let row = |row: &&Row| row.stat == Stat::Cutoff && row.variable == variable && row.model.is_none();
        source.rows().find(row).and_then(|row| row.value.number())
    };
    let cutoff = source.number(Stat::Cutoff, &at).or_else(published)?;
    let printed = match source.decimals(variable) {
        Some(places) => source.style.number(cutoff, places),
        None if cutoff.fract() == 0.0 => source.style.tidy(cutoff),
        None => source.style.significant(cutoff, 3),
    };
    let marker = source.analysis.markers.iter().find(|marker| marker.variable == variable);
    // The performance of a score stands at each of its thresholds: `>= 2`.
    let threshold = source.rows().filter(|row| row.stat == Stat::Sensitivity && row.variable == variable);
    let threshold = threshold.filter_map(|row| Some((row.level.as_deref()?, row.level.as_deref()?.split_once(' ')?)));
    let threshold = threshold.into_iter().find(|(_, (_, value))| value.parse() == Ok(cutoff));
    let side = marker.map(|marker| marker.operator.as_str()).or(threshold.map(|(_, (side, _))| side));
    let point = |at: &At<'_>| {
        let (specificity, sensitivity) = (source.number(Stat::Specificity, at)?, source.number(Stat::Sensitivity, at)?);
        Some((1.0 - specificity, sensitivity))
    };
    let place = point(&at).or_else(|| point(&At { level: threshold.map(|(level, _)| level), ..at }));
    Some((side.map_or_else(|| printed.clone(), |side| format!("{} {printed}", operator(side))), place))
}

fn operator(operator: &str) -> &str {
    match operator {
        ">=" => "≥",
        "<=" => "≤",
        other => other,
    }
}

/// The mark of a cut-off, and its text where there is room beside it; the key says it in any case.
fn draw_cutoff(scene: &mut Scene, frame: &Frame, curve: &Curve, taken: &mut Vec<Point>) {
    let Some((x, y)) = curve.at_cutoff else { return };
    let at = frame.at(x, y);
    if let Some(marker) = curve.look.marker {
        scene.mark("cutoff", marker, at, 2.8, &curve.look);
    }
    let Some(cutoff) = &curve.cutoff else { return };
    let (width, height) = (Face::Regular.width(cutoff, SMALL), line_height(SMALL));
    let places = [
        (5.0, 1.0),
        (5.0, -height / 2.0),
        (4.0, 6.0),
        (-width - 5.0, -height - 2.0),
        (-width / 2.0, -height - 5.0),
        (8.0, 12.0),
    ];
    let free = places.into_iter().map(|(dx, dy)| (at.0 + dx, at.1 + dy)).find(|(left, top)| {
        let within = *left > frame.left + 2.0
            && left + width < frame.right - 1.0
            && *top > frame.top
            && top + height < frame.bottom - 1.0;
        let met = |point: &Point| {
            (left - 2.0..=left + width + 2.0).contains(&point.0) && (top - 0.5..=top + height + 0.5).contains(&point.1)
        };
        within && !taken.iter().any(met)
    });
    if let Some((left, top)) = free {
        let lines = Lines::one(Words::plain(cutoff), SMALL);
        scene.colored_lines((left, top), Anchor::Start, &lines, curve.look.color);
        let steps = (width / 2.0).ceil() as usize;
        taken.extend((0..=steps).flat_map(|step| {
            let x = left + width * step as f64 / steps.max(1) as f64;
            [(x, top), (x, top + height / 2.0), (x, top + height)]
        }));
    }
}

pub(super) fn draw_decision(source: &Source<'_>, width: f64) -> Result<Drawn, String> {
    let series = source.series(SeriesKind::DecisionCurve);
    let Some(first) = series.first() else {
        return Err(format!("“{}” has no decision curve.", source.analysis.title));
    };
    let points = |series: &Series, name: &str| -> Vec<Point> {
        let both = column(series, "threshold").into_iter().zip(column(series, name));
        both.filter(|(threshold, benefit)| threshold.is_finite() && benefit.is_finite()).collect()
    };
    let models: Vec<(String, Look, Vec<Point>)> = series
        .iter()
        .enumerate()
        .map(|(place, series)| {
            let name = series.variable.as_deref().map_or_else(|| "Model".to_owned(), |variable| source.label(variable));
            (name, look(place).without_marker(), points(series, "model"))
        })
        .collect();
    let all = points(first, "treat_all");
    let best =
        models.iter().flat_map(|(_, _, points)| points).chain(&all).map(|(_, benefit)| *benefit).fold(0.0, f64::max);
    let last = models.iter().flat_map(|(_, _, points)| points).map(|(threshold, _)| *threshold).fold(0.0, f64::max);
    if best <= 0.0 || last <= 0.0 {
        return Err(format!("“{}” has no net benefit above zero to plot.", source.analysis.title));
    }
    let everyone = Look { color: GREY, dash: &[2.4, 1.4], marker: None };
    let no_one = Look { color: "#1a1a1a", dash: &[], marker: None };
    let mut scene = Scene::new(width);
    let named = models.iter().map(|(name, look, _)| (name.clone(), *look));
    let rest = [("Everyone treated".to_owned(), everyone), ("No one treated".to_owned(), no_one)];
    let keys: Vec<Key> = named.chain(rest).map(|(name, look)| Key { look, name, cells: Vec::new() }).collect();
    let top = scene.key(0.0, width, &[], &keys) + 6.0;
    // Below zero the curves only fall; a little of it shows that they do.
    let y = Axis::around(&source.style, [0.0, best], 4, "Net benefit");
    let floor = -0.1 * (y.high - y.low);
    let y = Axis { low: floor, ..y };
    let x = Axis::from_to(&source.style, 0.0, last, 5, "Threshold probability");
    let frame = Frame::new(&Wanted { width, top, height: Some(0.55 * width.min(320.0)), left: 0.0 }, x, y);
    scene.line("curve", vec![frame.at(0.0, 0.0), frame.at(last, 0.0)], Stroke::new(no_one.color, 0.8));
    let curves = models.iter().map(|(_, look, points)| (look, points));
    for (look, points) in std::iter::once((&everyone, &all)).chain(curves) {
        for run in above(points, floor) {
            scene.line("curve", run.into_iter().map(|(x, y)| frame.at(x, y)).collect(), look.stroke());
        }
    }
    scene.height = frame.draw_x(&mut scene) + 1.0;
    frame.draw_y(&mut scene);
    let names: Vec<&str> = models.iter().map(|(name, ..)| name.as_str()).collect();
    Ok(Drawn { scene, alt: format!("Decision curves: net benefit by threshold probability of {}.", names.join(", ")) })
}

/// The parts of a line above a floor, cut where it crosses.
fn above(points: &[Point], floor: f64) -> Vec<Vec<Point>> {
    let mut runs: Vec<Vec<Point>> = vec![Vec::new()];
    for pair in points.windows(2) {
        let [(x, y), (next_x, next_y)] = [pair[0], pair[1]];
        let crossing = || (x + (next_x - x) * (floor - y) / (next_y - y), floor);
        let mut push = |points: &[Point]| {
            if let Some(run) = runs.last_mut() {
                run.extend(points);
            }
        };
        match (y >= floor, next_y >= floor) {
            (true, true) => push(&[(x, y), (next_x, next_y)]),
            (true, false) => {
                push(&[(x, y), crossing()]);
                runs.push(Vec::new());
            }
            (false, true) => push(&[crossing(), (next_x, next_y)]),
            (false, false) => {}
        }
    }
    runs
}

/// A band between two limits, as one outline.
pub(super) fn band(frame: &Frame, x: &[f64], low: &[f64], high: &[f64]) -> Vec<Point> {
    let side = |limits: &[f64]| -> Vec<Point> {
        let both = x.iter().zip(limits).filter(|(x, limit)| x.is_finite() && limit.is_finite());
        both.map(|(x, limit)| frame.at(*x, *limit)).collect()
    };
    let (low, mut high) = (side(low), side(high));
    high.extend(low.into_iter().rev());
    high
}

/// Open points, as many as there are, so that those on each other darken.
pub(super) fn cloud(scene: &mut Scene, at: Vec<Point>, look: &Look) {
    scene.items.push(Item::Marks {
        marker: crate::figure::scene::Marker::Circle,
        at,
        radius: 1.7,
        fill: Some(crate::figure::scene::Fill::new(look.color).opacity(0.35)),
        stroke: Some(Stroke::new(look.color, 0.5).opacity(0.9)),
        part: "points",
    });
}
