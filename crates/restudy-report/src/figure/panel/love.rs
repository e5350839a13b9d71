//! Standardised differences between two groups, variable by variable.

use restudy_ledger::{Row, Stat};

use super::Drawn;
use crate::figure::axis::{Axis, Frame, Wanted};
use crate::figure::font::Face;
use crate::figure::palette::look;
use crate::figure::scene::{Anchor, GREY, INK, Point, Scene, Stroke};
use crate::figure::source::{At, Source};
use crate::figure::text::{Lines, TEXT, line_height};

/// What is commonly taken for balance: Austin, *Multivariate Behavioral Research* 46 (2011).
const BALANCE: f64 = 0.1;

const STEP: f64 = 2.6;

pub(super) fn draw(source: &Source<'_>, width: f64) -> Result<Drawn, String> {
    let known = |row: &&Row| row.stat == Stat::StandardizedDifference && source.shows(&row.variable);
    let rows: Vec<(&Row, f64)> = source
        .rows()
        .filter(known)
        .filter_map(|row| Some((row, row.value.number().filter(|d| d.is_finite())?)))
        .collect();
    if rows.is_empty() {
        return Err(format!("“{}” has no standardised differences.", source.analysis.title));
    }
    let name = |row: &Row| match &row.level {
        Some(level) => format!("{}: {level}", source.label(&row.variable)),
        None => source.label(&row.variable),
    };
    let limits: Vec<Option<(f64, f64)>> = rows
        .iter()
        .map(|(row, _)| {
            let at = At { level: row.level.as_deref(), group: row.group.as_deref(), ..At::variable(&row.variable) };
            source.limits(Stat::StandardizedDifference, &at).filter(|(low, high)| low.is_finite() && high.is_finite())
        })
        .collect();
    let room = 0.45 * width;
    let labels: Vec<Lines> = rows.iter().map(|(row, _)| Lines::plain(&name(row), room, 2)).collect();
    let left = labels.iter().map(Lines::width).fold(0.0, f64::max) + 6.0;
    let values: Vec<String> = rows.iter().map(|(_, d)| source.style.number(*d, 2)).collect();
    let right = values.iter().map(|value| Face::Regular.width(value, TEXT)).fold(0.0, f64::max) + 6.0;
    let title = match source.analysis.groups.as_slice() {
        [first, second] => format!("Standardised difference, {} less {}", first.label, second.label),
        _ => "Standardised difference".to_owned(),
    };
    let ends = rows.iter().map(|(_, d)| *d).chain(limits.iter().flatten().flat_map(|(low, high)| [*low, *high]));
    let x = Axis::around(&source.style, ends.chain([-0.15, 0.15]), 5, &title);
    let y = Axis { low: 0.0, high: 1.0, logarithmic: false, ticks: Vec::new(), title: String::new() };
    let height: f64 = labels.iter().map(|label| label.height() + STEP).sum::<f64>() + 4.0;
    let wanted = Wanted { width: width - right, top: 1.0, height: Some(height), left };
    let frame = Frame::new(&wanted, x, y);
    let mut scene = Scene::new(width);
    scene.rule(frame.at(0.0, 0.0), frame.at(0.0, 1.0), Stroke::new(INK, 0.5));
    for bound in [-BALANCE, BALANCE] {
        scene.rule(frame.at(bound, 0.0), frame.at(bound, 1.0), Stroke::new(GREY, 0.5).dashed(&[2.0, 1.6]));
    }
    let look = look(0);
    let mut top = frame.top + 2.0;
    let mut alt = title.clone() + ".";
    for (place, ((row, d), label)) in rows.iter().zip(&labels).enumerate() {
        let middle = top + STEP / 2.0 + line_height(TEXT) / 2.0;
        scene.lines((frame.left - 6.0, top + STEP / 2.0), Anchor::End, label);
        let across = |value: f64| -> Point { (frame.across(value), middle) };
        if let Some((low, high)) = limits[place] {
            scene.line("interval", vec![across(low), across(high)], Stroke::new(look.color, 0.8));
        }
        if let Some(marker) = look.marker {
            scene.mark("estimate", marker, across(*d), 2.4, &look);
        }
        scene.lines((width, top + STEP / 2.0), Anchor::End, &Lines::one(values[place].as_str().into(), TEXT));
        alt.push_str(&format!(" {}: {}.", name(row), values[place]));
        top += label.height() + STEP;
    }
    scene.height = frame.draw_x(&mut scene) + 1.0;
    Ok(Drawn { scene, alt })
}
