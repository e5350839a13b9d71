//! What curves over follow-up have in common: steps with bands, a text in a free corner, and the numbers at risk below the
//! same axis.

use restudy_ledger::Series;

use crate::figure::axis::{Axis, Frame, Tick, Wanted, dense};
use crate::figure::font::Face;
use crate::figure::palette::Look;
use crate::figure::scene::{Anchor, Color, Fill, Item, Marker, Point, Scene, Stroke};
use crate::figure::source::{Source, column};
use crate::figure::text::{Lines, SMALL, TEXT, Words, baseline, line_height};

/// The plot's height over its width.
const ASPECT: f64 = 0.62;

/// A curve of steps: its points and limits as time and value.
pub(super) struct Curve<'a> {
    pub(super) group: Option<&'a str>,
    pub(super) name: String,
    pub(super) look: Look,
    pub(super) points: Vec<Point>,
    pub(super) low: Vec<Point>,
    pub(super) high: Vec<Point>,
    /// Where somebody was censored.
    pub(super) censored: Vec<Point>,
    pub(super) band: Fill,
}

/// Two columns of a series, where both are numbers.
pub(super) fn points(series: &Series, x: &str, y: &str) -> Vec<Point> {
    let both = column(series, x).into_iter().zip(column(series, y));
    both.filter(|(x, y)| x.is_finite() && y.is_finite()).collect()
}

/// The axes: where there is a table of numbers at risk, ticks stand at its times.
pub(super) fn frame(
    source: &Source<'_>,
    time: &str,
    curves: &[Curve<'_>],
    at_risk: &[&Series],
    y: Axis,
    (width, top): (f64, f64),
) -> Frame {
    let times: Vec<f64> = at_risk.first().map(|series| column(series, "time")).unwrap_or_default();
    let reached = curves.iter().flat_map(|curve| &curve.points).map(|(time, _)| *time);
    let last = reached.chain(times.iter().copied()).fold(0.0, f64::max);
    let mut x = Axis::from_to(&source.style, 0.0, last.max(f64::MIN_POSITIVE), 6, &source.title(time));
    if !times.is_empty() {
        let places = if times.iter().all(|time| time.fract() == 0.0) { 0 } else { 1 };
        let tick = |time: &f64| Tick { value: *time, label: source.style.number(*time, places) };
        x.ticks = times.iter().map(tick).collect();
    }
    let names = at_risk.iter().map(|series| Face::Regular.width(name_of(series), SMALL));
    let name_width = names.fold(0.0, f64::max);
    let left = if at_risk.is_empty() { 0.0 } else { name_width.min(0.26 * width) + first_cell(at_risk) / 2.0 + 7.0 };
    let wanted = Wanted { width, top, height: Some(ASPECT * width), left };
    let room = |tick: &Tick| {
        let cells = at_risk.iter().map(|series| Face::Regular.width(&cell(series, tick.value).0, SMALL));
        cells.fold(Face::Regular.width(&tick.label, TEXT), f64::max) + 5.0
    };
    let length = width - left.max(30.0) - 8.0;
    Frame::new(&wanted, x.thinned(length, room), y)
}

/// Draws band, curve and marks; the points that text should keep off.
pub(super) fn draw_curve(scene: &mut Scene, frame: &Frame, curve: &Curve<'_>) -> Vec<Point> {
    let placed = |points: &[Point]| steps(points.iter().map(|(time, value)| frame.at(*time, *value)));
    let (low, mut band) = (placed(&curve.low), placed(&curve.high));
    band.extend(low.into_iter().rev());
    scene.area("band", band.clone(), curve.band);
    let steps = placed(&curve.points);
    scene.line("curve", steps.clone(), curve.look.stroke());
    if !curve.censored.is_empty() {
        scene.items.push(Item::Marks {
            marker: Marker::Tick,
            at: curve.censored.iter().map(|(time, value)| frame.at(*time, *value)).collect(),
            radius: 2.2,
            fill: None,
            stroke: Some(Stroke::new(curve.look.color, 0.7)),
            part: "censored",
        });
    }
    [dense(&band), dense(&steps)].concat()
}

/// The corners of a curve that moves at its points.
fn steps(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let mut steps: Vec<Point> = Vec::new();
    for (x, y) in points {
        if let Some((_, before)) = steps.last().copied() {
            steps.push((x, before));
        }
        steps.push((x, y));
    }
    steps
}

/// Lines of text in a free corner of the plot; below the axis where there is none. Where the drawing then ends below.
pub(super) fn place_text(scene: &mut Scene, frame: &Frame, lines: Vec<Words>, drawn: &[Point], below: f64) -> f64 {
    if lines.is_empty() {
        return below;
    }
    let lines = Lines { lines, size: TEXT, full: None };
    match frame.free_corner(lines.width(), lines.height(), drawn) {
        Some(corner) => {
            scene.lines(corner, Anchor::Start, &lines);
            below
        }
        None => {
            scene.lines((frame.right, below + 1.0), Anchor::End, &lines);
            below + 1.0 + lines.height()
        }
    }
}

/// The table of numbers at risk, each name in the colour of its group; where it ends below.
pub(super) fn risk_table(
    scene: &mut Scene,
    frame: &Frame,
    at_risk: &[&Series],
    color: impl Fn(&Series) -> Color,
    top: f64,
) -> f64 {
    if at_risk.is_empty() {
        return top + 1.0;
    }
    let events = at_risk.iter().any(|series| series.column("events").is_some());
    let heading = if events { "Number at risk (events)" } else { "Number at risk" };
    let mut y = top + 5.0;
    scene.sized((0.0, y + baseline(SMALL)), Anchor::Start, SMALL, Words::bold(heading));
    y += line_height(SMALL) + 1.0;
    let room = frame.left - first_cell(at_risk) / 2.0 - 5.0;
    for series in at_risk {
        let lines = Lines::wrapped(name_of(series), Face::Regular, SMALL, room, 2);
        scene.colored_lines((room, y), Anchor::End, &lines, color(series));
        for tick in &frame.x.ticks {
            let (text, _) = cell(series, tick.value);
            scene.sized((frame.across(tick.value), y + baseline(SMALL)), Anchor::Middle, SMALL, text);
        }
        y += lines.height();
    }
    y + 1.0
}

/// The group that a series is of.
pub(super) fn name_of(series: &Series) -> &str {
    series.group.as_deref().unwrap_or("All patients")
}

fn first_cell(at_risk: &[&Series]) -> f64 {
    let first = at_risk.iter().map(|series| {
        let time = column(series, "time").first().copied().unwrap_or(0.0);
        Face::Regular.width(&cell(series, time).0, SMALL)
    });
    first.fold(0.0, f64::max)
}

/// `138 (0)`: at risk, and events so far; and whether the table has that time at all.
fn cell(series: &Series, time: f64) -> (String, bool) {
    let times = column(series, "time");
    let Some(place) = times.iter().position(|other| *other == time) else { return ("–".to_owned(), false) };
    let count = |name| column(series, name).get(place).copied().filter(|count: &f64| count.is_finite());
    match (count("at_risk"), count("events")) {
        (Some(at_risk), Some(events)) => (format!("{at_risk} ({events})"), true),
        (Some(at_risk), None) => (at_risk.to_string(), true),
        _ => ("–".to_owned(), false),
    }
}
