//! Who was dropped, why, and how many: boxes as the STROBE statement draws them.

use restudy_ledger::{FlowStep, Ledger, Panel};

use super::Drawn;
use crate::figure::font::Face;
use crate::figure::scene::{Anchor, Fill, INK, Item, Point, Scene, Stroke};
use crate::figure::text::{Lines, TEXT};

const PADDING: f64 = 5.0;
const GAP: f64 = 13.0;
const LINE: Stroke = Stroke::new(INK, 0.6);

pub(super) fn draw(ledger: &Ledger, panel: &Panel, width: f64) -> Result<Drawn, String> {
    let mut scene = Scene::new(width);
    let wide = 0.46 * width;
    let beside = (0.54 * width, width - 0.5);
    let middle = 0.5 + wide / 2.0;
    let first = ledger.flow.first().map_or(ledger.data.rows, |step| step.before);
    let last = ledger.flow.last().map_or(ledger.data.rows_kept, |step| step.after);
    let (start, steps) = match ledger.flow.split_first() {
        Some((step, steps)) if step.start => (step.label.as_str(), steps),
        _ => ("In the data", ledger.flow.as_slice()),
    };
    let mut alt = format!("Flow of patients. {start}: {first}.");
    let mut y = block(&mut scene, (0.5, 0.5 + wide), 0.5, &[&format!("{start} (n = {first})")], Anchor::Middle);
    for (place, step) in steps.iter().enumerate() {
        let said = dropped(step);
        let said: Vec<&str> = said.iter().map(String::as_str).collect();
        let bottom = block(&mut scene, beside, y + GAP / 2.0, &said, Anchor::Start);
        let branch = f64::midpoint(y + GAP / 2.0, bottom);
        let below = bottom + GAP / 2.0;
        let left = if place + 1 == steps.len() { "Analysed" } else { "Left" };
        arrow(&mut scene, (middle, y), (middle, below));
        arrow(&mut scene, (middle, branch), (beside.0, branch));
        alt.push_str(&format!(" {}: {} dropped, {} left.", step.label, step.dropped, step.after));
        y = block(&mut scene, (0.5, 0.5 + wide), below, &[&format!("{left} (n = {})", step.after)], Anchor::Middle);
    }
    let analysis = match panel.analysis.as_str() {
        "" => ledger.analyses.iter().find(|analysis| !analysis.groups.is_empty() && analysis.within.is_none()),
        id => ledger.analysis(id),
    };
    let groups: Vec<(&str, usize)> = analysis
        .map(|analysis| {
            let unknown = (analysis.ungrouped > 0).then_some(("Group not known", analysis.ungrouped));
            analysis.groups.iter().map(|group| (group.label.as_str(), group.n)).chain(unknown).collect()
        })
        .unwrap_or_default();
    if !groups.is_empty() {
        y = split(&mut scene, (middle, y), width, &groups);
        for (label, n) in &groups {
            alt.push_str(&format!(" {label}: {n}."));
        }
    }
    if steps.is_empty() && groups.is_empty() {
        alt.push_str(&format!(" Analysed: {last}."));
        arrow(&mut scene, (middle, y), (middle, y + GAP));
        y = block(&mut scene, (0.5, 0.5 + wide), y + GAP, &[&format!("Analysed (n = {last})")], Anchor::Middle);
    }
    scene.height = y + 1.0;
    Ok(Drawn { scene, alt })
}

fn dropped(step: &FlowStep) -> Vec<String> {
    let mut said = vec![format!("Dropped (n = {})", step.dropped), step.label.clone()];
    if step.undetermined > 0 {
        said.push(format!("of whom undetermined, a value missing: {}", step.undetermined));
    }
    said
}

/// The groups side by side below the patients analysed.
fn split(scene: &mut Scene, (middle, y): Point, width: f64, groups: &[(&str, usize)]) -> f64 {
    const BETWEEN: f64 = 8.0;
    let count = groups.len() as f64;
    let each = ((width - 1.0 - BETWEEN * (count - 1.0)) / count).min(0.46 * width);
    let fork = y + GAP * 0.6;
    let mut lowest: f64 = 0.0;
    let mut middles = Vec::new();
    for (place, (label, n)) in groups.iter().enumerate() {
        let left = 0.5 + place as f64 * (each + BETWEEN);
        let centre = left + each / 2.0;
        middles.push(centre);
        arrow(scene, (centre, fork), (centre, fork + GAP));
        let said = [*label, &format!("(n = {n})")];
        lowest = lowest.max(block(scene, (left, left + each), fork + GAP, &said, Anchor::Middle));
    }
    scene.rule((middle, y), (middle, fork), LINE);
    let ends = middles.iter().chain([&middle]);
    let (from, to) = ends.fold((f64::INFINITY, 0.0_f64), |(from, to), x| (from.min(*x), to.max(*x)));
    scene.rule((from, fork), (to, fork), LINE);
    lowest
}

/// A box with its lines, the first one in bold; where it ends below.
fn block(scene: &mut Scene, (left, right): (f64, f64), top: f64, said: &[&str], anchor: Anchor) -> f64 {
    let room = right - left - 2.0 * PADDING;
    let lines: Vec<Lines> = said
        .iter()
        .enumerate()
        .map(|(place, text)| Lines::wrapped(text, if place == 0 { Face::Bold } else { Face::Regular }, TEXT, room, 4))
        .collect();
    let height = lines.iter().map(Lines::height).sum::<f64>() + 2.0 * PADDING - 1.0;
    let fill = Some(Fill::new("#ffffff"));
    let (corner, width) = ((left, top), right - left);
    scene.items.push(Item::Box { corner, width, height, fill, stroke: Some(LINE), part: "step" });
    let x = if anchor == Anchor::Middle { f64::midpoint(left, right) } else { left + PADDING };
    let mut y = top + PADDING - 0.5;
    for lines in &lines {
        scene.lines((x, y), anchor, lines);
        y += lines.height();
    }
    top + height
}

fn arrow(scene: &mut Scene, from: Point, to: Point) {
    const LONG: f64 = 4.0;
    const HALF: f64 = 1.8;
    let level = from.1 == to.1;
    let neck = if level { (to.0 - LONG, to.1) } else { (to.0, to.1 - LONG) };
    scene.rule(from, neck, LINE);
    let (dx, dy) = if level { (0.0, HALF) } else { (HALF, 0.0) };
    scene.area("arrow", vec![to, (neck.0 - dx, neck.1 - dy), (neck.0 + dx, neck.1 + dy)], Fill::new(INK));
}
