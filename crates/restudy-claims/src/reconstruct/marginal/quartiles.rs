//! Rows of medians and quartiles: the values next to a quartile hold it, the others move between them.

use super::statistic::{mann_whitney_z, quartile_place};
use super::{Comparison, Marginal, Random, Summary, relative, step};

/// Pairs of values tried for one quartile.
const PAIRS: usize = 400;
/// Moves on the way to the p-value.
const MOVES: usize = 12_000;
/// The first and last temperature on that way, in units of z.
const HOT: f64 = 0.05;
const COLD: f64 = 0.0005;

/// One group: sorted values, those that hold the quartiles fixed, and the others each in its bracket.
struct Group {
    values: Vec<i64>,
    bracket: Vec<(i64, i64)>,
    fixed: Vec<bool>,
}

pub(super) fn solve(marginal: &Marginal<'_>, random: &mut Random) -> Vec<i64> {
    let mut groups: Vec<Group> = Vec::new();
    for (index, cell) in marginal.numbers.cells.iter().enumerate() {
        groups.push(draw(marginal, cell, index, random));
    }
    if let Some(Comparison::MannWhitney(span)) = marginal.numbers.comparison {
        let aim = span.aim();
        let distance = |groups: &[Group]| {
            let sorted = |group: &Group| {
                let mut values = group.values.clone();
                values.sort_unstable();
                values
            };
            aim.distance(mann_whitney_z(&sorted(&groups[0]), &sorted(&groups[1])).abs())
        };
        let cooling = step(HOT, COLD, MOVES);
        let (mut at, mut temperature) = (distance(&groups), HOT);
        for _ in 0..MOVES {
            if at == 0.0 {
                break;
            }
            temperature *= cooling;
            let index = random.below(2);
            let place = random.below(groups[index].values.len());
            if groups[index].fixed[place] {
                continue;
            }
            let (low, high) = groups[index].bracket[place];
            // Ranks without ties have few values of z: another patient's value makes the steps between.
            let value = if random.below(2) == 0 {
                let other = &groups[random.below(2)].values;
                other[random.below(other.len())]
            } else {
                random.between(low, high)
            };
            if !(low..=high).contains(&value) {
                continue;
            }
            let before = std::mem::replace(&mut groups[index].values[place], value);
            let next = distance(&groups);
            if next <= at + temperature * random.exponential() {
                at = next;
            } else {
                groups[index].values[place] = before;
            }
        }
    }
    groups.into_iter().flat_map(|group| group.values).collect()
}

fn draw(marginal: &Marginal<'_>, cell: &Summary, group: usize, random: &mut Random) -> Group {
    let n = marginal.groups[group].len();
    let scale = marginal.variable.scale();
    let (min, max) = marginal.bounds();
    // The highest value of each rank.
    let ceiling = |place: usize| marginal.ceiling.as_ref().map_or(max, |ceiling| ceiling[group][place].min(max));
    let mut holder: Vec<Option<i64>> = vec![None; n];
    if let Summary::Quartiles(spans) = cell {
        let mut floor = min;
        for (share, span) in [0.25, 0.5, 0.75].into_iter().zip(spans) {
            let (place, part) = quartile_place(n, share, marginal.quartile_type);
            let next = if part > 0.0 { (place + 1).min(n - 1) } else { place };
            let span = span.scaled(scale);
            let centre = span.at(0.5);
            let tie = centre.round() as i64;
            let mut best = (f64::INFINITY, floor, floor);
            for pair in 0..PAIRS {
                // The quartile itself where it is on the grid; else wider and wider apart, until a pair holds it.
                let on_grid =
                    span.contains(tie as f64) && (marginal.prefers_ties || part == 0.0 || random.below(2) == 0);
                let (low, high) = if pair == 0 && on_grid && holder[place].is_none() {
                    (tie, tie)
                } else {
                    let spread = random.between(0, pair as i64 / 8 + (centre.abs() / 40.0) as i64);
                    let low = holder[place].unwrap_or(((centre + 1e-6).floor() as i64 - spread).max(floor));
                    (low, if part > 0.0 { (low as f64 + (centre - low as f64) / part).round() as i64 } else { low })
                };
                let value = low as f64 + part * (high - low) as f64;
                let outside = low < floor || high < low || low > ceiling(place) || high > ceiling(next);
                let miss = relative(span, value) + if outside { 10.0 } else { 0.0 };
                if miss < best.0 {
                    best = (miss, low, high);
                }
                if best.0 == 0.0 {
                    break;
                }
            }
            holder[place] = Some(best.1);
            holder[next] = Some(best.2);
            floor = best.2;
        }
    }
    let (mut tail_low, tail_high) = tails(cell, scale, min, max);
    if marginal.ceiling.is_some() {
        // The lower tail is to lie below another variable's, wherever that is.
        tail_low = min;
    }
    let mut bracket = Vec::with_capacity(n);
    for place in 0..n {
        let below = holder[..place].iter().rev().find_map(|held| *held);
        let above = holder[place + 1..].iter().find_map(|held| *held);
        let low = below.unwrap_or_else(|| above.map_or(min, |above| tail_low.min(above))).min(ceiling(place));
        let high = above.unwrap_or(tail_high).min(ceiling(place)).max(low);
        bracket.push((low, high));
    }
    let values = holder
        .iter()
        .zip(&bracket)
        .map(|(held, (low, high))| held.unwrap_or_else(|| random.between(*low, *high)))
        .collect();
    Group { values, bracket, fixed: holder.iter().map(Option::is_some).collect() }
}

/// How far values beyond the quartiles may lie: twice as far from the median as the quartile, in the longer tail.
fn tails(cell: &Summary, scale: f64, min: i64, max: i64) -> (i64, i64) {
    let Summary::Quartiles([q1, median, q3]) = cell else { return (min, max) };
    let (q1, median, q3) = (q1.at(0.5) * scale, median.at(0.5) * scale, q3.at(0.5) * scale);
    let low = (q1 - 1.5 * (median - q1) - 1.0).floor() as i64;
    let high = (q3 + 2.0 * (q3 - median) + 1.0).ceil() as i64;
    // Quantities without a declared bound keep the sign of their lower quartile.
    let low = if q1 >= 0.0 { low.max(0) } else { low };
    (low.clamp(min, max), high.clamp(min, max))
}
