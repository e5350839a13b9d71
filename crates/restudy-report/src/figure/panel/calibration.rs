//! Observed against predicted risk, and predicted risk over bootstrap copies.

use restudy_ledger::{Series, SeriesKind, Stat};

use super::Drawn;
use super::accuracy::{band, cloud};
use crate::figure::axis::{Axis, Frame, Wanted};
use crate::figure::font::Face;
use crate::figure::key::Key;
use crate::figure::palette::{Look, look};
use crate::figure::scene::{Anchor, FAINT, Fill, GREY, Item, Marker, Point, Scene, Stroke};
use crate::figure::source::{Source, capital, column};
use crate::figure::text::{Lines, SMALL, Words, line_height};

const WIDEST: f64 = 260.0;

/// Of the height, what the strip of predictions takes at the foot.
const STRIP: f64 = 0.06;

/// Of the height of the plot, what a histogram of the predictions takes below it.
const HISTOGRAM: f64 = 0.2;

fn square(source: &Source<'_>, width: f64, top: f64, x: &str, y: &str) -> Frame {
    let (x, y) = (Axis::unit(&source.style, x), Axis::unit(&source.style, y));
    Frame::new(&Wanted { width: width.min(WIDEST), top, height: None, left: 0.0 }, x, y)
}

fn ideal(scene: &mut Scene, frame: &Frame) {
    let diagonal = vec![frame.at(0.0, 0.0), frame.at(1.0, 1.0)];
    scene.line("diagonal", diagonal, Stroke::new(GREY, 0.7).dashed(&[2.0, 2.0]));
}

pub(super) fn draw(source: &Source<'_>, width: f64) -> Result<Drawn, String> {
    let groups = source.series(SeriesKind::Calibration);
    let smooth = source.series(SeriesKind::CalibrationCurve);
    if groups.is_empty() && smooth.is_empty() {
        return Err(format!("“{}” has no predicted and observed risks.", source.analysis.title));
    }
    let mut scene = Scene::new(width);
    let (grouped, curve) = (look(0), Look { marker: None, ..look(1) });
    let mut keys = vec![("Ideal".to_owned(), Look { color: GREY, dash: &[2.0, 2.0], marker: None })];
    keys.extend(smooth.first().map(|series| (smooth_name(source, series), curve)));
    if !groups.is_empty() {
        keys.push(("Groups of patients".to_owned(), grouped));
    }
    let (numbers, alt) = numbers(source);
    let keys: Vec<Key> = keys.into_iter().map(|(name, look)| Key { look, name, cells: Vec::new() }).collect();
    let mut top = scene.key(0.0, width, &[], &keys);
    for words in numbers {
        let lines = Lines::wrapped(&words.text(), Face::Regular, SMALL, width, 2);
        scene.lines((0.0, top), Anchor::Start, &lines);
        top += lines.height();
    }
    let histograms = source.series(SeriesKind::RiskHistogram);
    let mut frame = square(source, width, top + 6.0, "Predicted risk", "Observed risk");
    if histograms.is_empty() {
        for series in &groups {
            spikes(&mut scene, &frame, series);
        }
        rug(source, &mut scene, &frame);
    } else {
        frame = with_foot(source, width, &frame);
        for series in &histograms {
            histogram(&mut scene, &frame, series);
        }
    }
    ideal(&mut scene, &frame);
    for series in &smooth {
        let [x, y, low, high] = ["predicted", "observed", "conf_low", "conf_high"].map(|name| column(series, name));
        scene.area("band", band(&frame, &x, &low, &high), curve.band());
        let both = x.iter().zip(&y).filter(|(x, y)| x.is_finite() && y.is_finite());
        scene.line("curve", both.map(|(x, y)| frame.at(*x, *y)).collect(), curve.stroke());
    }
    for series in &groups {
        let [x, y, low, high] = ["predicted", "observed", "conf_low", "conf_high"].map(|name| column(series, name));
        let stroke = Stroke::new(grouped.color, 0.8);
        for (place, x) in x.iter().enumerate() {
            if let (Some(low), Some(high)) = (low.get(place), high.get(place))
                && low.is_finite()
                && high.is_finite()
            {
                scene.line("interval", vec![frame.at(*x, *low), frame.at(*x, *high)], stroke);
            }
        }
        let points = x.iter().zip(&y).filter(|(x, y)| x.is_finite() && y.is_finite());
        for point in points.map(|(x, y)| frame.at(*x, *y)) {
            scene.mark("points", Marker::Circle, point, 2.4, &grouped);
        }
    }
    scene.height = frame.draw_x(&mut scene) + 1.0;
    frame.draw_y(&mut scene);
    Ok(Drawn { scene, alt: format!("Calibration: observed against predicted risk. {alt}") })
}

/// What a smooth line is, and its band where it has one.
fn smooth_name(source: &Source<'_>, series: &Series) -> String {
    let name = series.group.as_deref().map_or_else(|| "Smooth".to_owned(), capital);
    if column(series, "conf_low").is_empty() { name } else { format!("{name} ({})", source.confidence()) }
}

/// The same frame with room for a histogram below its risk of 0.
fn with_foot(source: &Source<'_>, width: f64, square: &Frame) -> Frame {
    let x = Axis::unit(&source.style, "Predicted risk");
    let y = Axis { low: -HISTOGRAM, ..Axis::unit(&source.style, "Observed risk") };
    let height = Some(square.width() * (1.0 + HISTOGRAM));
    Frame::new(&Wanted { width: width.min(WIDEST), top: square.top, height, left: 0.0 }, x, y)
}

/// How many patients have which predicted risk: those with the event above a line, the others below it.
fn histogram(scene: &mut Scene, frame: &Frame, series: &Series) {
    let [low, high, events, others] = ["low", "high", "events", "others"].map(|name| column(series, name));
    let most = events.iter().chain(&others).copied().fold(0.0, f64::max);
    if most <= 0.0 {
        return;
    }
    let (middle, room) = (frame.up(-HISTOGRAM / 2.0), 0.42 * (frame.up(-HISTOGRAM) - frame.up(0.0)));
    for (place, (low, high)) in low.iter().zip(&high).enumerate() {
        let (left, right) = (frame.across(*low) + 0.4, frame.across(*high) - 0.4);
        let sides = [(&events, 1.0, look(0).color), (&others, -1.0, FAINT)];
        for (counts, up, color) in sides {
            let count = counts.get(place).copied().unwrap_or(0.0);
            if count > 0.0 {
                let height = room * count / most;
                let top = if up > 0.0 { middle - height } else { middle };
                let fill = Some(Fill::new(color));
                let (corner, width) = ((left, top), right - left);
                scene.items.push(Item::Box { corner, width, height, fill, stroke: None, part: "histogram" });
            }
        }
    }
    scene.line("rule", vec![(frame.left, middle), (frame.right, middle)], Stroke::new(GREY, 0.4));
    let words = [("with the event", middle - room), ("without", middle + room - line_height(SMALL))];
    for (word, top) in words {
        let lines = Lines::one(Words::plain(word), SMALL);
        // Where the bars leave room: at the end that has fewer patients.
        let right = free_end(&events, &others);
        let (x, anchor) = if right { (frame.right - 2.0, Anchor::End) } else { (frame.left + 3.0, Anchor::Start) };
        scene.colored_lines((x, top), anchor, &lines, GREY);
    }
}

/// Whether the last third of the bars has fewer patients than the first.
fn free_end(events: &[f64], others: &[f64]) -> bool {
    let third = events.len() / 3;
    let sum = |bars: &[f64], from: usize| bars.iter().skip(from).take(third).sum::<f64>();
    let last = events.len() - third;
    sum(events, last) + sum(others, last) <= sum(events, 0) + sum(others, 0)
}

/// How many patients each group has, as strokes on the axis.
fn spikes(scene: &mut Scene, frame: &Frame, groups: &Series) {
    let (x, n) = (column(groups, "predicted"), column(groups, "n"));
    let most = n.iter().copied().fold(0.0, f64::max);
    for (x, n) in x.iter().zip(&n).filter(|(x, n)| x.is_finite() && **n > 0.0) {
        let (foot, height) = (frame.across(*x), frame.width() * STRIP * n / most);
        let stroke = Stroke::new(FAINT, 1.4);
        scene.line("predictions", vec![(foot, frame.bottom), (foot, frame.bottom - height)], stroke);
    }
}

/// The predictions themselves as short strokes on the axis, where the ledger has them.
fn rug(source: &Source<'_>, scene: &mut Scene, frame: &Frame) {
    let predictions: Vec<f64> =
        source.series(SeriesKind::Instability).iter().flat_map(|series| column(series, "apparent")).collect();
    let mut at: Vec<Point> = predictions
        .iter()
        .filter(|risk| risk.is_finite())
        .map(|risk| (frame.across(*risk), frame.bottom - 2.0))
        .collect();
    at.dedup();
    if !at.is_empty() {
        let stroke = Some(Stroke::new(GREY, 0.4).opacity(0.6));
        scene.items.push(Item::Marks { marker: Marker::Tick, at, radius: 2.0, fill: None, stroke, part: "rug" });
    }
}

/// Slope, intercept and the rest, each with its interval, in as many lines.
fn numbers(source: &Source<'_>) -> (Vec<Words>, String) {
    let wanted = [
        (Stat::CalibrationIntercept, "Intercept"),
        (Stat::CalibrationSlope, "slope"),
        (Stat::ObservedExpected, "observed/expected"),
        (Stat::Brier, "Brier score"),
    ];
    let mut said = Vec::new();
    for (stat, name) in wanted {
        let row = source
            .rows()
            .find(|row| row.stat == stat && row.group.is_none() && row.level.is_none() && source.shows(&row.variable));
        let Some((row, value)) = row.and_then(|row| Some((row, row.value.number()?))) else { continue };
        let at = crate::figure::source::At {
            model: row.model.as_deref(),
            ..crate::figure::source::At::variable(&row.variable)
        };
        let limits = source.limits(stat, &at);
        said.push(format!("{name} {}", source.estimate(value, limits, if stat == Stat::Brier { 3 } else { 2 })));
    }
    let text = crate::analysis::upper(&said.join("; "));
    let alt = if text.is_empty() { String::new() } else { format!("{text}.") };
    ((!text.is_empty()).then(|| Words::plain(&text)).into_iter().collect(), alt)
}

pub(super) fn draw_instability(source: &Source<'_>, width: f64) -> Result<Drawn, String> {
    let series = source.series(SeriesKind::Instability);
    if series.is_empty() {
        return Err(format!("“{}” has no predictions over bootstrap copies.", source.analysis.title));
    }
    let mut scene = Scene::new(width);
    let frame = square(source, width, 3.0, "Predicted risk", "Predicted risk over bootstrap copies");
    let look = look(0);
    for series in series {
        let [apparent, low, high] = ["apparent", "low", "high"].map(|name| column(series, name));
        for ((at, low), high) in apparent.iter().zip(&low).zip(&high) {
            if at.is_finite() && low.is_finite() && high.is_finite() {
                let stroke = Stroke::new(look.color, 0.8).opacity(0.45);
                scene.line("interval", vec![frame.at(*at, *low), frame.at(*at, *high)], stroke);
            }
        }
        let on_line = apparent.iter().filter(|at| at.is_finite()).map(|at| frame.at(*at, *at)).collect();
        cloud(&mut scene, on_line, &look);
    }
    ideal(&mut scene, &frame);
    scene.height = frame.draw_x(&mut scene) + 1.0;
    frame.draw_y(&mut scene);
    let alt = "Instability: for each patient, the range of the risks predicted by models of bootstrap copies.";
    Ok(Drawn { scene, alt: alt.to_owned() })
}
