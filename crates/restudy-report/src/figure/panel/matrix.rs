//! Coefficients of all pairs of variables, the stronger the darker, each with its number.

use restudy_ledger::{Context, Row, Stat};

use super::Drawn;
use crate::figure::font::Face;
use crate::figure::palette::diverging;
use crate::figure::scene::{Anchor, FAINT, Fill, GREY, INK, Item, Scene, Stroke};
use crate::figure::source::Source;
use crate::figure::text::{Lines, SMALL, TEXT, Words};

const LARGEST_CELL: f64 = 30.0;
const DEEPEST_NAME: f64 = 72.0;

/// A coefficient, and whether its p is below the threshold.
struct Coefficient {
    r: f64,
    significant: bool,
}

pub(super) fn draw(source: &Source<'_>, width: f64) -> Result<Drawn, String> {
    let rows: Vec<&Row> =
        source.rows().filter(|row| row.stat == Stat::R && row.with.is_some() && row.group.is_none()).collect();
    let mut variables: Vec<&str> = Vec::new();
    for row in &rows {
        for name in [row.with.as_deref(), Some(row.variable.as_str())].into_iter().flatten() {
            if source.shows(name) && !variables.contains(&name) {
                variables.push(name);
            }
        }
    }
    if variables.len() < 2 {
        return Err(format!("“{}” has no coefficients of pairs.", source.analysis.title));
    }
    let pair = |one: &str, other: &str| -> Option<Coefficient> {
        let of_pair = |row: &Row| {
            let with = row.with.as_deref();
            (row.variable == one && with == Some(other)) || (row.variable == other && with == Some(one))
        };
        let row = rows.iter().find(|row| of_pair(row))?;
        let p = source
            .rows()
            .find(|p| p.stat == Stat::PValue && p.context != Context::Adjustment && p.group.is_none() && of_pair(p));
        let p = p.and_then(|row| row.value.number());
        Some(Coefficient { r: row.value.number()?, significant: p.is_some_and(|p| p < source.analysis.alpha) })
    };
    let count = variables.len();
    let names: Vec<String> = variables.iter().map(|variable| source.label(variable)).collect();
    let natural = names.iter().map(|name| Face::Regular.width(name, TEXT)).fold(0.0, f64::max);
    let left = natural.min(0.36 * width) + 4.0;
    // The first variable heads no line and the last one no column.
    let cell = ((width - left - 1.0) / (count - 1) as f64).min(LARGEST_CELL);
    let mut scene = Scene::new(width);
    let mut alt = "Correlation matrix.".to_owned();
    let mut bold = false;
    for line in 1..count {
        let top = (line - 1) as f64 * cell;
        let most = ((cell / (1.2 * TEXT)).floor() as usize).clamp(1, 2);
        let name = Lines::plain(&names[line], left - 4.0, most);
        scene.middle_lines((left - 4.0, top + cell / 2.0), Anchor::End, &name);
        for column in 0..line {
            let corner = (left + column as f64 * cell, top);
            let coefficient = pair(variables[line], variables[column]);
            let fill = coefficient.as_ref().map(|one| diverging(one.r));
            let fill = fill.map(|(color, opacity)| Fill::new(color).opacity(opacity));
            let stroke = Some(Stroke::new(FAINT, 0.4));
            scene.items.push(Item::Box { corner, width: cell, height: cell, fill, stroke, part: "cell" });
            let centre = (corner.0 + cell / 2.0, corner.1 + cell / 2.0);
            if let Some(one) = coefficient {
                bold |= one.significant;
                let face = if one.significant { Face::Bold } else { Face::Regular };
                let printed = source.style.number(one.r, 2);
                alt.push_str(&format!(" {} and {}: {printed}.", names[line], names[column]));
                if let Some(text) = fitting(&printed, face, cell - 2.0) {
                    scene.centred(centre, Anchor::Middle, SMALL, Words::default().and(face, &text));
                }
            } else {
                scene.centred(centre, Anchor::Middle, SMALL, "—");
            }
        }
    }
    let bottom = (count - 1) as f64 * cell + 4.0;
    let mut deepest: f64 = 0.0;
    for (column, name) in names.iter().take(count - 1).enumerate() {
        let name = Lines::plain(name, DEEPEST_NAME, if cell > 2.4 * TEXT { 2 } else { 1 });
        deepest = deepest.max(name.width());
        let middle = left + (column as f64 + 0.5) * cell;
        scene.upright((middle - name.height() / 2.0, bottom), Anchor::End, &name);
    }
    scene.height = bottom + deepest + 1.0;
    if bold {
        let threshold = source.style.threshold(source.analysis.alpha);
        let note = Words::plain("Bold: ").join("", Words::italic("p")).then(&format!(" < {threshold}"));
        scene.colored_lines((0.0, scene.height + 2.0), Anchor::Start, &Lines::one(note, SMALL), GREY);
        scene.height += 2.0 + crate::figure::text::line_height(SMALL);
    }
    let frame = vec![(left, 0.0), (left, bottom - 4.0)];
    scene.line("rule", frame, Stroke::new(INK, 0.5));
    Ok(Drawn { scene, alt })
}

/// The number, without its zero or as its sign alone where a cell is narrow.
fn fitting(printed: &str, face: Face, room: f64) -> Option<String> {
    let short = printed.replacen("0.", ".", 1);
    let sign = if printed.starts_with('−') { "−" } else { "+" };
    [printed, &short, sign].into_iter().find(|text| face.width(text, SMALL) <= room).map(str::to_owned)
}
