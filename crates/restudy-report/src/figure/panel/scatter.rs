//! Pairs of values with the fitted line, the band of its mean, r and p.

use restudy_ledger::{Series, SeriesKind, Stat};

use super::accuracy::{band, cloud};
use super::{Drawn, tiled};
use crate::figure::axis::{Axis, Frame, Tick, Wanted};
use crate::figure::palette::{Look, look};
use crate::figure::scene::{Anchor, INK, Point, Scene, Stroke};
use crate::figure::source::{At, Source, column};
use crate::figure::text::{Lines, TEXT, Words, line_height};
use crate::procedure::short_name;

const LEAST_WIDTH: f64 = 140.0;

pub(super) fn draw(source: &Source<'_>, width: f64) -> Result<Drawn, String> {
    let named = &source.panel.variables;
    let names = |name: &Option<String>| name.as_ref().is_some_and(|name| named.contains(name));
    let shown = |series: &&Series| match named.len() {
        0 => true,
        1 => names(&series.variable) || names(&series.with),
        _ => names(&series.variable) && names(&series.with),
    };
    let of_kind =
        |kind| source.ledger.series_of(&source.analysis.id).filter(move |series: &&Series| series.kind == kind);
    let pairs: Vec<&Series> = of_kind(SeriesKind::Scatter).filter(shown).collect();
    let fits: Vec<&Series> = of_kind(SeriesKind::Fit).collect();
    if pairs.is_empty() {
        return Err(format!("“{}” has no pairs to plot.", source.analysis.title));
    }
    Ok(tiled(width, LEAST_WIDTH, pairs.len(), |place, width| {
        let pair = pairs[place];
        let fit =
            fits.iter().find(|fit| fit.variable == pair.variable && fit.with == pair.with && fit.group == pair.group);
        draw_pair(source, pair, fit.copied(), width)
    }))
}

fn draw_pair(source: &Source<'_>, pair: &Series, fit: Option<&Series>, width: f64) -> Drawn {
    let variable = pair.variable.as_deref().unwrap_or_default();
    let with = pair.with.as_deref().unwrap_or_default();
    let points: Vec<Point> =
        column(pair, "x").into_iter().zip(column(pair, "y")).filter(|(x, y)| x.is_finite() && y.is_finite()).collect();
    let fitted = |name| fit.map(|fit| column(fit, name)).unwrap_or_default();
    let [at, line, low, high] = ["x", "fit", "conf_low", "conf_high"].map(fitted);
    let mut scene = Scene::new(width);
    let said = words(source, variable, with, pair.group.as_deref(), points.len());
    let top = said.len() as f64 * line_height(TEXT) + 4.0;
    for (place, words) in said.iter().enumerate() {
        let lines = Lines::one(words.clone(), TEXT);
        scene.lines((width, place as f64 * line_height(TEXT)), Anchor::End, &lines);
    }
    let x = match levels(source, with, &points) {
        Some(ticks) => Axis { low: -0.5, high: 1.5, logarithmic: false, ticks, title: source.title(with) },
        None => quantity(source, with, &points, &at),
    };
    let heights = points.iter().map(|(_, y)| *y).chain(line.iter().chain(&low).chain(&high).copied());
    let y = Axis::around(&source.style, heights, 5, &source.title(variable));
    let frame = Frame::new(&Wanted { width, top, height: Some(0.66 * width.min(300.0)), left: 0.0 }, x, y);
    let look = Look { dash: &[], ..look(0) };
    scene.area("band", band(&frame, &at, &low, &high), look.band());
    cloud(&mut scene, points.iter().map(|(x, y)| frame.at(*x, *y)).collect(), &look);
    let line = at.iter().zip(&line).filter(|(x, y)| x.is_finite() && y.is_finite());
    scene.line("fit", line.map(|(x, y)| frame.at(*x, *y)).collect(), Stroke::new(INK, 1.0));
    scene.height = frame.draw_x(&mut scene) + 1.0;
    frame.draw_y(&mut scene);
    let said: Vec<String> = said.iter().map(Words::text).collect();
    let alt = format!("{} against {}: {}.", source.label(variable), source.label(with), said.join(", "));
    Drawn { scene, alt }
}

/// The coefficient with its interval, then p and n, in lines that fit.
fn words(source: &Source<'_>, variable: &str, with: &str, group: Option<&str>, n: usize) -> Vec<Words> {
    let at = At { variable, with: Some(with), group, ..At::default() };
    let row = source.rows().find(|row| {
        row.stat == Stat::R
            && row.variable == variable
            && row.with.as_deref() == Some(with)
            && row.group.as_deref() == group
    });
    let mut lines = Vec::new();
    if let Some((row, r)) = row.and_then(|row| Some((row, row.value.number()?))) {
        let name = row.procedure.as_deref().map(short_name).unwrap_or_default();
        let letter = if name.contains("Spearman") { "ρ" } else { "r" };
        let number = source.style.number(r, 2);
        let limits = source.limits(Stat::R, &at).map(|(low, high)| {
            let number = |x| source.style.number(x, 2);
            format!(" ({} {} to {})", source.confidence(), number(low), number(high))
        });
        let letter = if letter == "r" { Words::italic("r") } else { Words::plain(letter) };
        lines.push(letter.then(&format!(" = {number}{}", limits.unwrap_or_default())));
    }
    let p = source.p(Some(Stat::R), &at).map(|(words, _)| words).unwrap_or_default();
    lines.push(p.join(", ", Words::italic("n").then(&format!(" = {n}"))));
    lines
}

fn quantity(source: &Source<'_>, variable: &str, points: &[Point], fitted: &[f64]) -> Axis {
    let values = points.iter().map(|(x, _)| *x).chain(fitted.iter().copied());
    Axis::around(&source.style, values, 5, &source.title(variable))
}

/// The two categories of a variable that has no more, as ticks.
fn levels(source: &Source<'_>, variable: &str, points: &[Point]) -> Option<Vec<Tick>> {
    let variable = source.ledger.variable(variable)?;
    let [first, second] = variable.levels.as_slice() else { return None };
    let tick = |value, level: &str| {
        // A name longer than its half of the axis is cut there.
        let line = Lines::plain(level, 48.0, 1);
        Tick { value, label: line.lines.first().map(Words::text).unwrap_or_default() }
    };
    let coded = points.iter().all(|(x, _)| *x == 0.0 || *x == 1.0);
    coded.then(|| vec![tick(0.0, first), tick(1.0, second)])
}
