//! Rows of medians and quartiles: the values next to a quartile hold it, the others move between them.

use super::statistic::{mann_whitney_z, quartile_place};
use super::{Comparison, Marginal, Random, Summary, relative};

/// Pairs of values tried for one quartile.
const PAIRS: usize = 400;
/// Moves on the way to the p-value.
const MOVES: usize = 6_000;

/// One group: sorted values, those that hold the quartiles fixed, and the others each in its bracket.
struct Group {
    values: Vec<i64>,
    bracket: Vec<(i64, i64)>,
    fixed: Vec<bool>,
}

pub(super) fn solve(marginal: &Marginal<'_>, random: &mut Random) -> Vec<i64> {
    let mut groups: Vec<Group> = Vec::new();
    for (cell, members) in marginal.numbers.cells.iter().zip(&marginal.groups) {
        groups.push(draw(marginal, cell, members.len(), random));
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
        let mut at = distance(&groups);
        for _ in 0..MOVES {
            if at == 0.0 {
                break;
            }
            let index = random.below(2);
            let place = random.below(groups[index].values.len());
            if groups[index].fixed[place] {
                continue;
            }
            let (low, high) = groups[index].bracket[place];
            let before = std::mem::replace(&mut groups[index].values[place], random.between(low, high));
            let next = distance(&groups);
            if next <= at {
                at = next;
            } else {
                groups[index].values[place] = before;
            }
        }
    }
    groups.into_iter().flat_map(|group| group.values).collect()
}

fn draw(marginal: &Marginal<'_>, cell: &Summary, n: usize, random: &mut Random) -> Group {
    let scale = marginal.variable.scale();
    let (min, max) = marginal.bounds();
    let mut holder: Vec<Option<i64>> = vec![None; n];
    if let Summary::Quartiles(spans) = cell {
        let mut floor = min;
        for (share, span) in [0.25, 0.5, 0.75].into_iter().zip(spans) {
            let (place, part) = quartile_place(n, share, marginal.quartile_type);
            let next = (place + 1).min(n - 1);
            let span = span.scaled(scale).aim();
            let centre = span.at(0.5);
            let mut best = (f64::INFINITY, floor, floor);
            for pair in 0..PAIRS {
                // Wider and wider apart, until a pair on the grid holds the quartile.
                let spread = random.between(0, pair as i64 / 8 + (centre.abs() / 40.0) as i64);
                let low = holder[place].unwrap_or((centre.floor() as i64 - spread).max(floor));
                let high = if part > 0.0 { (low as f64 + (centre - low as f64) / part).round() as i64 } else { low };
                let value = low as f64 + part * (high - low) as f64;
                let miss = relative(span, value) + if high < low || high > max { 10.0 } else { 0.0 };
                if miss < best.0 {
                    best = (miss, low, high);
                }
                if best.0 == 0.0 {
                    break;
                }
            }
            holder[place] = Some(best.1);
            if part > 0.0 {
                holder[next] = Some(best.2);
            }
            floor = best.2.max(best.1);
        }
    }
    let (tail_low, tail_high) = tails(cell, scale, min, max);
    let mut bracket = Vec::with_capacity(n);
    for place in 0..n {
        let below = holder[..place].iter().rev().find_map(|held| *held);
        let above = holder[place + 1..].iter().find_map(|held| *held);
        let low = below.unwrap_or_else(|| above.map_or(min, |above| tail_low.min(above)));
        let high = above.unwrap_or_else(|| tail_high.max(low));
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
