//! Kaplan–Meier curves with bands, marks of censoring, medians, p, and the numbers at risk below the same axis.

use restudy_ledger::{Series, SeriesKind, Stat};

use super::Drawn;
use crate::figure::axis::{Axis, Frame, Tick, Wanted, dense};
use crate::figure::font::Face;
use crate::figure::key::Key;
use crate::figure::palette::{Look, look};
use crate::figure::scene::{Anchor, FAINT, Item, Marker, Point, Scene, Stroke};
use crate::figure::source::{At, Source, column, test_name};
use crate::figure::text::{Lines, SMALL, TEXT, Words, line_height};

/// The plot's height over its width.
const ASPECT: f64 = 0.62;

/// The curve of a group.
struct Curve<'a> {
    group: Option<&'a str>,
    name: String,
    look: Look,
    time: Vec<f64>,
    survival: Vec<f64>,
    series: &'a Series,
    median: Option<f64>,
}

pub(super) fn draw(source: &Source<'_>, width: f64) -> Result<Drawn, String> {
    let series = source.series(SeriesKind::SurvivalCurve);
    let Some(time) = series.iter().find_map(|series| series.variable.clone()).or_else(|| time_of(source)) else {
        return Err(format!("“{}” has no survival curve.", source.analysis.title));
    };
    let curves: Vec<Curve<'_>> =
        series.into_iter().enumerate().map(|(place, series)| curve(source, &time, place, series)).collect();
    if curves.iter().all(|curve| curve.time.is_empty()) {
        return Err(format!("“{}” has no survival curve.", source.analysis.title));
    }
    let mut scene = Scene::new(width);
    let (keys, mut alt) = keys(source, &time, &curves);
    let median = format!("Median ({})", source.confidence());
    let top = scene.key(0.0, width, &["Events/n", &median], &keys) + 6.0;
    let at_risk = source.series(SeriesKind::RiskTable);
    let frame = frame(source, &time, &curves, &at_risk, width, top);
    let mut drawn = draw_medians(&mut scene, &frame, &curves);
    for curve in &curves {
        drawn.extend(draw_curve(&mut scene, &frame, curve));
    }
    let mut bottom = frame.draw_x(&mut scene);
    frame.draw_y(&mut scene);
    if let Some((p, procedure)) = source.p(None, &At::variable(&time)) {
        let words = Words::plain(&procedure.map(test_name).unwrap_or_default()).join(" ", p);
        alt.push_str(&format!(" {}.", words.text()));
        bottom = bottom.max(place_p(&mut scene, &frame, words, &drawn, bottom));
    }
    scene.height = risk_table(&mut scene, &frame, &curves, &at_risk, bottom);
    Ok(Drawn { scene, alt: format!("Kaplan–Meier curves of {}. {alt}", source.label(&time)) })
}

fn time_of(source: &Source<'_>) -> Option<String> {
    source.analysis.outcome.as_ref().and_then(|outcome| outcome.time.clone()).or_else(|| {
        let row = source.rows().find(|row| matches!(row.stat, Stat::MedianSurvival | Stat::Survival | Stat::AtRisk));
        row.map(|row| row.variable.clone())
    })
}

fn curve<'a>(source: &Source<'_>, time: &str, place: usize, series: &'a Series) -> Curve<'a> {
    let group = series.group.as_deref();
    let (times, survival): (Vec<f64>, Vec<f64>) = column(series, "time")
        .into_iter()
        .zip(column(series, "survival"))
        .filter(|(time, survival)| time.is_finite() && survival.is_finite())
        .unzip();
    Curve {
        group,
        name: group.unwrap_or("All patients").to_owned(),
        look: look(place).without_marker(),
        time: times,
        survival,
        series,
        median: source.number(Stat::MedianSurvival, &At::variable(time).group(group)),
    }
}

fn keys(source: &Source<'_>, time: &str, curves: &[Curve<'_>]) -> (Vec<Key>, String) {
    let longest = curves.iter().flat_map(|curve| &curve.time).copied().fold(0.0, f64::max);
    let places = source.decimals(time).filter(|_| longest < 1000.0).unwrap_or(usize::from(longest < 100.0));
    let mut alt = Vec::new();
    let keys = curves.iter().map(|curve| {
        let at = At::variable(time).group(curve.group);
        let count = |stat| source.number(stat, &at).map(|count| source.style.tidy(count));
        let counts = match (count(Stat::Events), count(Stat::N)) {
            (Some(events), Some(n)) => format!("{events}/{n}"),
            (Some(events), None) => events,
            _ => String::new(),
        };
        let median = match curve.median.filter(|median| median.is_finite()) {
            None => "not reached".to_owned(),
            Some(median) => {
                let number = |x: f64| source.style.number(x, places);
                let limit = |stat| source.limit(stat, Stat::MedianSurvival, &at).filter(|limit| limit.is_finite());
                let (low, high) = (limit(Stat::ConfLow), limit(Stat::ConfHigh));
                let or_not = |limit: Option<f64>| limit.map_or_else(|| "not reached".to_owned(), number);
                let known = low.is_some() || high.is_some();
                let limits = if known { format!(" ({}–{})", or_not(low), or_not(high)) } else { String::new() };
                number(median) + &limits
            }
        };
        alt.push(format!("{}: events/n {counts}, median {median}.", curve.name));
        Key { look: curve.look, name: curve.name.clone(), cells: vec![counts.into(), median.into()] }
    });
    let keys = keys.collect();
    (keys, alt.join(" "))
}

/// The axes: where there is a table of numbers at risk, ticks stand at its times.
fn frame(source: &Source<'_>, time: &str, curves: &[Curve<'_>], at_risk: &[&Series], width: f64, top: f64) -> Frame {
    let times: Vec<f64> = at_risk.first().map(|series| column(series, "time")).unwrap_or_default();
    let last = curves.iter().flat_map(|curve| &curve.time).chain(&times).copied().fold(0.0, f64::max);
    let mut x = Axis::from_to(&source.style, 0.0, last.max(f64::MIN_POSITIVE), 6, &source.title(time));
    if !times.is_empty() {
        let places = if times.iter().all(|time| time.fract() == 0.0) { 0 } else { 1 };
        let tick = |time: &f64| Tick { value: *time, label: source.style.number(*time, places) };
        x.ticks = times.iter().map(tick).collect();
    }
    let name_width = curves.iter().map(|curve| Face::Regular.width(&curve.name, SMALL)).fold(0.0, f64::max);
    let left = if at_risk.is_empty() { 0.0 } else { name_width.min(0.26 * width) + first_cell(at_risk) / 2.0 + 7.0 };
    let y = Axis::unit(&source.style, &probability(source));
    let wanted = Wanted { width, top, height: Some(ASPECT * width), left };
    let room = |tick: &Tick| {
        let cells = at_risk.iter().map(|series| Face::Regular.width(&cell(series, tick.value).0, SMALL));
        cells.fold(Face::Regular.width(&tick.label, TEXT), f64::max) + 5.0
    };
    let length = width - left.max(30.0) - 8.0;
    Frame::new(&wanted, x.thinned(length, room), y)
}

/// What the curves are the probability of: survival, or freedom from an event that is not death.
fn probability(source: &Source<'_>) -> String {
    const DEATH: [&str; 7] = ["death", "dead", "died", "deceased", "mortality", "surviv", "alive"];
    let event = source.analysis.outcome.as_ref().map(|outcome| source.label(&outcome.variable)).unwrap_or_default();
    let lower = event.to_lowercase();
    if event.is_empty() || DEATH.iter().any(|word| lower.contains(word)) {
        return "Survival probability".to_owned();
    }
    format!("Probability without: {event}")
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

/// Draws band, curve and marks; the points that text should keep off.
fn draw_curve(scene: &mut Scene, frame: &Frame, curve: &Curve<'_>) -> Vec<Point> {
    let band = band(frame, curve);
    scene.area("band", band.clone(), curve.look.band());
    let steps = steps(curve.time.iter().zip(&curve.survival).map(|(time, survival)| frame.at(*time, *survival)));
    scene.line("curve", steps.clone(), curve.look.stroke());
    let times = column(curve.series, "time");
    let censored = times.iter().zip(column(curve.series, "survival")).zip(column(curve.series, "censored"));
    let marks: Vec<Point> = censored
        .filter(|((time, survival), count)| *count > 0.0 && time.is_finite() && survival.is_finite())
        .map(|((time, survival), _)| frame.at(*time, survival))
        .collect();
    if !marks.is_empty() {
        let stroke = Stroke::new(curve.look.color, 0.7);
        scene.items.push(Item::Marks {
            marker: Marker::Tick,
            at: marks,
            radius: 2.2,
            fill: None,
            stroke: Some(stroke),
            part: "censored",
        });
    }
    [dense(&band), dense(&steps)].concat()
}

/// The corners of a curve that falls at its points.
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

fn band(frame: &Frame, curve: &Curve<'_>) -> Vec<Point> {
    let times = column(curve.series, "time");
    let known = |name: &str| -> Vec<Point> {
        let limits = column(curve.series, name);
        let both = times.iter().zip(limits).filter(|(time, limit)| time.is_finite() && limit.is_finite());
        steps(both.map(|(time, limit)| frame.at(*time, limit)))
    };
    let (low, mut high) = (known("conf_low"), known("conf_high"));
    high.extend(low.into_iter().rev());
    high
}

/// Lines from the half to each median; the points that text should keep off.
fn draw_medians(scene: &mut Scene, frame: &Frame, curves: &[Curve<'_>]) -> Vec<Point> {
    let guide = Stroke::new(FAINT, 0.5).dashed(&[1.0, 1.5]);
    let medians = curves.iter().filter_map(|curve| curve.median).filter(|median| *median <= frame.x.high);
    let mut furthest: Option<f64> = None;
    let mut drawn = Vec::new();
    for median in medians {
        let line = [frame.at(median, 0.5), frame.at(median, 0.0)];
        scene.rule(line[0], line[1], guide);
        drawn.extend(dense(&line));
        furthest = Some(furthest.map_or(median, |furthest| furthest.max(median)));
    }
    if let Some(median) = furthest {
        let line = [frame.at(0.0, 0.5), frame.at(median, 0.5)];
        scene.rule(line[0], line[1], guide);
        drawn.extend(dense(&line));
    }
    drawn
}

/// The p-value in a free corner of the plot; below the axis where there is none.
fn place_p(scene: &mut Scene, frame: &Frame, words: Words, drawn: &[Point], below: f64) -> f64 {
    let (width, height) = (words.width(TEXT), line_height(TEXT));
    let lines = Lines::one(words, TEXT);
    match frame.free_corner(width, height, drawn) {
        Some(corner) => {
            scene.lines(corner, Anchor::Start, &lines);
            below
        }
        None => {
            scene.lines((frame.right, below + 1.0), Anchor::End, &lines);
            below + 1.0 + height
        }
    }
}

fn risk_table(scene: &mut Scene, frame: &Frame, curves: &[Curve<'_>], at_risk: &[&Series], top: f64) -> f64 {
    if at_risk.is_empty() {
        return top + 1.0;
    }
    let events = at_risk.iter().any(|series| series.column("events").is_some());
    let heading = if events { "Number at risk (events)" } else { "Number at risk" };
    let mut y = top + 5.0;
    scene.sized((0.0, y + crate::figure::text::baseline(SMALL)), Anchor::Start, SMALL, Words::bold(heading));
    y += line_height(SMALL) + 1.0;
    let room = frame.left - first_cell(at_risk) / 2.0 - 5.0;
    for series in at_risk {
        let place = curves.iter().position(|curve| curve.group == series.group.as_deref());
        let name = series.group.as_deref().unwrap_or("All patients");
        let lines = Lines::wrapped(name, Face::Regular, SMALL, room, 2);
        let color = place.map_or(crate::figure::scene::INK, |place| curves[place].look.color);
        scene.colored_lines((room, y), Anchor::End, &lines, color);
        let baseline = y + crate::figure::text::baseline(SMALL);
        for tick in &frame.x.ticks {
            let (text, _) = cell(series, tick.value);
            scene.sized((frame.across(tick.value), baseline), Anchor::Middle, SMALL, text);
        }
        y += lines.height();
    }
    y + 1.0
}
