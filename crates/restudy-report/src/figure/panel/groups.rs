//! One variable by group: a box or the outline of the density, every value beside it, and p.

use restudy_ledger::{Series, SeriesKind, Stat};

use super::{Drawn, tiled};
use crate::figure::axis::{AXIS, Axis, Frame, Wanted};
use crate::figure::palette::{Look, look};
use crate::figure::scene::{Anchor, Fill, GREY, INK, Item, Marker, Point, Scene, Stroke};
use crate::figure::source::{At, Source, column, test_name};
use crate::figure::text::{Lines, SMALL, TEXT, Words, line_height};

const HEIGHT: f64 = 128.0;
const LEAST_WIDTH: f64 = 96.0;

/// A group with its values and what the ledger says of them.
struct Group {
    label: String,
    n: usize,
    values: Vec<f64>,
    /// Lower quartile, median, upper quartile.
    quartiles: Option<[f64; 3]>,
    mean_sd: Option<(f64, f64)>,
    look: Look,
}

pub(super) fn draw(source: &Source<'_>, width: f64, violin: bool) -> Result<Drawn, String> {
    let series = source.series(SeriesKind::Values);
    let mut variables: Vec<&str> = source.panel.variables.iter().map(String::as_str).collect();
    if variables.is_empty() {
        for variable in series.iter().filter_map(|series| series.variable.as_deref()) {
            if !variables.contains(&variable) {
                variables.push(variable);
            }
        }
    }
    variables.retain(|variable| series.iter().any(|series| series.variable.as_deref() == Some(*variable)));
    if variables.is_empty() {
        return Err(format!("“{}” has no values to plot.", source.analysis.title));
    }
    Ok(tiled(width, LEAST_WIDTH, variables.len(), |place, width| {
        let variable = variables[place];
        let of_variable = series.iter().filter(|series| series.variable.as_deref() == Some(variable));
        let groups: Vec<Group> =
            of_variable.enumerate().map(|(place, series)| group(source, variable, place, series)).collect();
        draw_variable(source, variable, &groups, width, violin)
    }))
}

fn group(source: &Source<'_>, variable: &str, place: usize, series: &Series) -> Group {
    let at = At::variable(variable).group(series.group.as_deref());
    let number = |stat| source.number(stat, &at);
    let quartile = [Stat::Q1, Stat::Median, Stat::Q3].map(number);
    let values: Vec<f64> = column(series, "value").into_iter().filter(|value| value.is_finite()).collect();
    Group {
        label: series.group.clone().unwrap_or_else(|| "All patients".to_owned()),
        n: values.len(),
        values,
        quartiles: if let [Some(q1), Some(median), Some(q3)] = quartile { Some([q1, median, q3]) } else { None },
        mean_sd: number(Stat::Mean).zip(number(Stat::Sd)),
        look: look(place),
    }
}

fn draw_variable(source: &Source<'_>, variable: &str, groups: &[Group], width: f64, violin: bool) -> Drawn {
    let mut scene = Scene::new(width);
    let p = source.p(None, &At::variable(variable)).filter(|_| groups.len() > 1);
    let top = if p.is_some() { line_height(TEXT) + 8.0 } else { 3.0 };
    let values =
        groups.iter().flat_map(|group| group.values.iter().copied().chain(group.quartiles.into_iter().flatten()));
    let y = Axis::around(&source.style, values, 5, &source.title(variable));
    let x = Axis { low: 0.0, high: groups.len() as f64, logarithmic: false, ticks: Vec::new(), title: String::new() };
    let frame = Frame::new(&Wanted { width, top, height: Some(HEIGHT), left: 0.0 }, x, y);
    let slot = frame.width() / groups.len() as f64;
    let mut bottom: f64 = 0.0;
    for (place, group) in groups.iter().enumerate() {
        let middle = frame.across(place as f64 + 0.5);
        if violin {
            draw_density(&mut scene, &frame, group, middle, slot * 0.42);
        }
        let half = if violin { slot * 0.1 } else { slot * 0.3 }.min(24.0);
        draw_summary(&mut scene, &frame, group, middle, half);
        draw_centre(&mut scene, &frame, group, middle, half);
        draw_points(&mut scene, &frame, group, middle, slot * 0.38);
        let label = Lines::plain(&group.label, slot - 3.0, 3);
        scene.lines((middle, frame.bottom + 3.0), Anchor::Middle, &label);
        let counted = Lines::one(Words::italic("n").then(&format!(" = {}", group.n)), SMALL);
        let below = frame.bottom + 3.0 + label.height();
        scene.lines((middle, below), Anchor::Middle, &counted);
        bottom = bottom.max(below + counted.height());
    }
    // Of what the groups are values: yes and no say nothing by themselves.
    if let Some(by) = &source.analysis.by {
        let lines = Lines::plain(&source.label(by), frame.width(), 2);
        scene.lines((f64::midpoint(frame.left, frame.right), bottom + 1.0), Anchor::Middle, &lines);
        bottom += 1.0 + lines.height();
    }
    scene.rule((frame.left, frame.bottom), (frame.right, frame.bottom), AXIS);
    frame.draw_y(&mut scene);
    let mut alt = format!("{} by group", source.title(variable));
    if let Some((p, procedure)) = p {
        let (from, to) = (frame.across(0.5), frame.across(groups.len() as f64 - 0.5));
        bracket(&mut scene, (from, to), frame.top - 6.0);
        let name = procedure.map(test_name).unwrap_or_default();
        let named = p.clone().then(&format!(" ({name})"));
        let fits = !name.is_empty() && named.width(TEXT) <= frame.width();
        alt.push_str(&format!(", {}", named.text()));
        let words = if fits { named } else { p };
        // A long p over a narrow pair stays within the drawing.
        let half = words.width(TEXT) / 2.0;
        let middle = f64::midpoint(from, to).min(width - half).max(half);
        scene.lines((middle, frame.top - 7.5 - line_height(TEXT)), Anchor::Middle, &Lines::one(words, TEXT));
    }
    for group in groups {
        alt.push_str(&format!("; {}: n = {}", group.label, group.n));
        if let Some([q1, median, q3]) = group.quartiles {
            let number = |x| source.style.significant(x, 4);
            alt.push_str(&format!(", median {} (quartiles {} and {})", number(median), number(q1), number(q3)));
        }
    }
    scene.height = bottom + 1.0;
    Drawn { scene, alt: alt + "." }
}

fn bracket(scene: &mut Scene, (from, to): (f64, f64), y: f64) {
    scene.line("bracket", vec![(from, y + 2.5), (from, y), (to, y), (to, y + 2.5)], AXIS);
}

/// The box from quartile to quartile, whiskers to the smallest and largest value; mean less and plus a standard
/// deviation where the ledger has no quartiles.
fn draw_summary(scene: &mut Scene, frame: &Frame, group: &Group, middle: f64, half: f64) {
    let stroke = Stroke::new(GREY, 0.6);
    let ends = group.values.first().zip(group.values.last());
    let mut whisker =
        |from: f64, to: f64| scene.line("whisker", vec![(middle, frame.up(from)), (middle, frame.up(to))], stroke);
    if let (Some([q1, _, q3]), Some((least, most))) = (group.quartiles, ends) {
        whisker(q3, *most);
        whisker(q1, *least);
        let corner = (middle - half, frame.up(q3));
        let height = frame.up(q1) - frame.up(q3);
        let fill = Some(Fill::new(group.look.color).opacity(0.1));
        let stroke = Some(Stroke::new(group.look.color, 0.8));
        scene.items.push(Item::Box { corner, width: 2.0 * half, height, fill, stroke, part: "box" });
    } else if let Some((mean, sd)) = group.mean_sd {
        whisker(mean - sd, mean + sd);
    }
}

/// The median, or the mean where the ledger has no quartiles: below the points, so that it hides none of them, and out on
/// both sides of the box, so that they do not hide it.
fn draw_centre(scene: &mut Scene, frame: &Frame, group: &Group, middle: f64, half: f64) {
    let centre = match (group.quartiles, group.mean_sd) {
        (Some([_, median, _]), _) => Some(("median", median)),
        (None, mean) => mean.map(|(mean, _)| ("mean", mean)),
    };
    if let Some((part, value)) = centre {
        const OUT: f64 = 3.0;
        let line = vec![(middle - half - OUT, frame.up(value)), (middle + half + OUT, frame.up(value))];
        scene.line(part, line, Stroke::new(INK, 1.5));
    }
}

fn draw_points(scene: &mut Scene, frame: &Frame, group: &Group, middle: f64, half: f64) {
    let heights: Vec<f64> = group.values.iter().map(|value| frame.up(*value)).collect();
    let (radius, offsets) = swarm(&heights, half);
    let mut at: Vec<Point> = heights.iter().zip(offsets).map(|(y, dx)| (middle + dx, *y)).collect();
    if at.len() > 2000 {
        // Points that would lie on each other at any printer's resolution are one point.
        at.iter_mut().for_each(|(x, y)| (*x, *y) = ((*x * 4.0).round() / 4.0, (*y * 4.0).round() / 4.0));
        at.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        at.dedup();
    }
    let marker = group.look.marker.unwrap_or(Marker::Circle);
    let fill = Some(Fill::new(group.look.color).opacity(0.75));
    scene.items.push(Item::Marks { marker, at, radius, fill, stroke: None, part: "points" });
}

/// The largest of a few radii at which every point finds its place, and how far to the side each of them stands.
fn swarm(heights: &[f64], half: f64) -> (f64, Vec<f64>) {
    const LARGE: [f64; 2] = [1.35, 1.15];
    const SMALL: f64 = 0.95;
    let placed = LARGE.into_iter().find_map(|radius| Some((radius, spread(heights, half, radius, None)?)));
    let shared = || spread(heights, half, SMALL, Some(&crowded(heights, half, SMALL))).unwrap_or_default();
    placed.unwrap_or_else(|| (SMALL, shared()))
}

/// Where even small points have no room beside each other on their height: at equal distances over the whole width.
fn crowded(heights: &[f64], half: f64, radius: f64) -> Vec<Option<f64>> {
    let most = half / radius;
    let even = |row: &[f64]| -> Vec<Option<f64>> {
        let count = row.len() as f64;
        let offset = |place: usize| half * ((2 * place + 1) as f64 / count - 1.0);
        (0..row.len()).map(|place| (count > most).then(|| offset(place))).collect()
    };
    heights.chunk_by(|one, other| one == other).flat_map(even).collect()
}

/// How far to the side each point stands so that it meets no other one, as near to the middle as it can; the heights
/// descend or ascend. Where a point has no room there is no answer, unless points may share it: then those of crowded
/// heights have their places, and what has none stands where the golden ratio puts it.
fn spread(heights: &[f64], half: f64, radius: f64, shared: Option<&[Option<f64>]>) -> Option<Vec<f64>> {
    /// More points than this around one height never find room.
    const NEAR: usize = 200;
    let apart = 2.0 * radius + 0.2;
    let mut offsets: Vec<f64> = Vec::with_capacity(heights.len());
    for (place, y) in heights.iter().enumerate() {
        if let Some(offset) = shared.and_then(|shared| shared[place]) {
            offsets.push(offset);
            continue;
        }
        let near: Vec<(f64, f64)> = (0..place)
            .rev()
            .take_while(|other| (heights[*other] - y).abs() < apart)
            .take(NEAR + 1)
            .map(|other| (offsets[other], (heights[other] - y).abs()))
            .collect();
        let free = |dx: f64| near.iter().all(|(other, dy)| (dx - other).hypot(*dy) >= apart - 1e-9);
        let beside = near.iter().flat_map(|(other, dy)| {
            let aside = (apart * apart - dy * dy).max(0.0).sqrt();
            [other - aside, other + aside]
        });
        let nearest = std::iter::once(0.0)
            .chain(beside)
            .filter(|dx| near.len() <= NEAR && dx.abs() <= half && free(*dx))
            .min_by(|a, b| a.abs().total_cmp(&b.abs()).then(a.total_cmp(b)));
        let golden = || ((place as f64 * 0.618_033_988_749_895).fract() * 2.0 - 1.0) * half;
        offsets.push(nearest.or_else(|| shared.map(|_| golden()))?);
    }
    Some(offsets)
}

/// The outline of a Gaussian kernel density from the smallest value to the largest, a drawing aid like a histogram's
/// bars. The bandwidth is Silverman's rule of thumb from the ledger's standard deviation and quartiles, 0.9 times the
/// smaller of SD and IQR / 1.34, times n to the power −1/5 (*Density Estimation*, 1986).
fn draw_density(scene: &mut Scene, frame: &Frame, group: &Group, middle: f64, half: f64) {
    const STEPS: usize = 60;
    let (Some([q1, _, q3]), Some((_, sd)), [least, .., most]) =
        (group.quartiles, group.mean_sd, group.values.as_slice())
    else {
        return;
    };
    let spread = if q3 > q1 { sd.min((q3 - q1) / 1.34) } else { sd };
    let bandwidth = 0.9 * spread * (group.n as f64).powf(-0.2);
    if !(bandwidth > 0.0 && most > least) {
        return;
    }
    let density =
        |at: f64| group.values.iter().map(|value| (-0.5 * ((at - value) / bandwidth).powi(2)).exp()).sum::<f64>();
    let heights: Vec<f64> = (0..=STEPS).map(|step| least + (most - least) * step as f64 / STEPS as f64).collect();
    let widths: Vec<f64> = heights.iter().map(|height| density(*height)).collect();
    let widest = widths.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let side =
        |sign: f64| heights.iter().zip(&widths).map(move |(at, wide)| (middle + sign * half * wide / widest, *at));
    let outline = side(1.0).chain(side(-1.0).rev()).map(|(x, at)| (x, frame.up(at))).collect();
    scene.items.push(Item::Line {
        points: outline,
        fill: Some(Fill::new(group.look.color).opacity(0.12)),
        stroke: Some(Stroke::new(group.look.color, 0.6)),
        part: "density",
    });
}
