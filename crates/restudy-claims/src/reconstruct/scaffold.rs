//! The counts, exactly: how many patients of each group lie on which side of each cut-off, so that the points of the
//! score add up.

use super::marginal::Zones;
use super::problem::{Item, Marker, Problem, Values};
use super::random::Random;

/// Draws of a division before the score is given up.
const DRAWS: usize = 200;
/// Distances of the cut-off's neighbours among which one is drawn.
const NEIGHBOURS: usize = 4;
/// Values without a declared bound.
const FAR: i64 = 1_000_000_000;

/// How many of a group are positive by an item, beside those positive at the marker's own cut-off.
type Extras = Vec<Vec<i64>>;

/// The zones of every variable that has a cut-off; none for the others. None at all when no division gives the score
/// table.
pub(super) fn zones(problem: &Problem, random: &mut Random) -> Option<Vec<Option<Zones>>> {
    let extras = divide(problem, random)?;
    let mut zones = Vec::new();
    for (index, variable) in problem.variables.iter().enumerate() {
        let Values::Numbers(numbers) = &variable.values else {
            zones.push(None);
            continue;
        };
        let item = items(problem).iter().position(|item| item.variable == index);
        let (min, max) = (variable.min.unwrap_or(-FAR), variable.max.unwrap_or(FAR));
        let scale = variable.scale();
        zones.push(match (&numbers.marker, item) {
            (Some(marker), item) if is_complete(marker) => {
                let item = item.map(|place| (items(problem)[place], extras.iter().map(|group| group[place]).collect()));
                marker_zones(problem, marker, item.as_ref(), (min, max), scale, random)
            }
            (_, Some(place)) => {
                let positives: Vec<i64> = extras.iter().map(|group| group[place]).collect();
                Some(item_zones(problem, &items(problem)[place], &positives, (min, max)))
            }
            _ => None,
        });
    }
    Some(zones)
}

fn items(problem: &Problem) -> &[Item] {
    problem.score.as_ref().map_or(&[], |score| &score.items)
}

fn is_complete(marker: &Marker) -> bool {
    marker.cutoff.is_some() && marker.true_positives.is_some() && marker.false_positives.is_some()
}

/// A variable's marker, where all of its cut-off is known.
fn complete_marker<'p>(problem: &'p Problem, item: &Item) -> Option<&'p Marker> {
    match &problem.variables[item.variable].values {
        Values::Numbers(numbers) => numbers.marker.as_ref().filter(|marker| is_complete(marker)),
        Values::Codes(_) => None,
    }
}

/// Positives of a group at the marker's own cut-off.
fn positives(marker: &Marker, group: usize) -> Option<usize> {
    if group == marker.events {
        marker.true_positives
    } else if group == marker.non_events {
        marker.false_positives
    } else {
        None
    }
}

/// Whether an item takes more patients than the marker's cut-off (1), fewer (−1), or the same (0).
fn looseness(marker: &Marker, item: &Item, scale: f64) -> i64 {
    let Some(cutoff) = marker.cutoff else { return 0 };
    let sign = if marker.higher { 1.0 } else { -1.0 };
    let (limit, cutoff) = (item.limit as f64 * sign, cutoff.at(0.5) * scale * sign);
    if limit < cutoff - 0.5 { 1 } else { i64::from(limit <= cutoff + 0.5) - 1 }
}

/// For each group and item: how many more are positive by the item than at the marker's cut-off, or all that are.
fn divide(problem: &Problem, random: &mut Random) -> Option<Extras> {
    let items = items(problem);
    let groups = problem.groups.len();
    let Some(score) = &problem.score else { return Some(vec![Vec::new(); groups]) };
    let mut extras = Vec::new();
    for group in 0..groups {
        let counts = score.counts.get(group).filter(|counts| !counts.is_empty());
        let mut found = None;
        for _ in 0..DRAWS {
            let mut row = vec![0_i64; items.len()];
            let mut base = vec![0_i64; items.len()];
            let mut open = vec![0_i64; items.len()];
            for (place, item) in items.iter().enumerate() {
                match (&problem.variables[item.variable].values, complete_marker(problem, item)) {
                    (Values::Codes(counts), _) => {
                        base[place] = counts[group].iter().skip(1).sum::<usize>() as i64;
                    }
                    (_, Some(marker)) => {
                        base[place] = positives(marker, group).unwrap_or(0) as i64;
                        open[place] = looseness(marker, item, problem.variables[item.variable].scale());
                    }
                    // Nothing is known of an item without a marker: it takes what the others leave.
                    _ => open[place] = 2,
                }
            }
            let Some(counts) = counts else {
                found = Some(row);
                break;
            };
            let points: i64 = counts.iter().enumerate().map(|(points, count)| (points * count) as i64).sum();
            let mut left = points - base.iter().sum::<i64>();
            while left != 0 {
                let fitting: Vec<usize> =
                    (0..items.len()).filter(|place| open[*place] == 2 || open[*place] == left.signum()).collect();
                if fitting.is_empty() {
                    break;
                }
                row[fitting[random.below(fitting.len())]] += left.signum();
                left -= left.signum();
            }
            let columns: Vec<i64> = base.iter().zip(&row).map(|(base, extra)| base + extra).collect();
            if left == 0 && is_realisable(&columns, counts) {
                found = Some(row);
                break;
            }
        }
        extras.push(found?);
    }
    Some(extras)
}

/// Whether patients with so many points each can have items with so many positives each (Gale 1957, Ryser 1957).
fn is_realisable(columns: &[i64], counts: &[usize]) -> bool {
    let mut columns = columns.to_vec();
    columns.sort_unstable_by(|a, b| b.cmp(a));
    let patients: usize = counts.iter().sum();
    if columns.iter().any(|column| *column < 0 || *column > patients as i64) {
        return false;
    }
    let mut sum = 0;
    (1..=columns.len()).all(|k| {
        sum += columns[k - 1];
        let room: usize = counts.iter().enumerate().map(|(points, count)| points.min(k) * count).sum();
        sum <= room as i64
    })
}

fn item_zones(problem: &Problem, item: &Item, positives: &[i64], (min, max): (i64, i64)) -> Zones {
    let (limit, min, max) = if item.higher { (item.limit, min, max) } else { (-item.limit, -max, -min) };
    let counts = positives
        .iter()
        .zip(&problem.groups)
        .map(|(positive, size)| {
            let positive = usize::try_from(*positive).unwrap_or(0).min(*size);
            vec![size - positive, positive]
        })
        .collect();
    Zones { zones: vec![(min, limit), (limit + 1, max)], counts, held: Vec::new(), higher: item.higher }
}

fn marker_zones(
    problem: &Problem,
    marker: &Marker,
    item: Option<&(Item, Vec<i64>)>,
    (min, max): (i64, i64),
    scale: f64,
    random: &mut Random,
) -> Option<Zones> {
    let cutoff = marker.cutoff?.scaled(scale);
    let (cutoff, min, max) = if marker.higher { (cutoff, min, max) } else { (cutoff.negated(), -max, -min) };
    let twice = (cutoff.at(0.5) * 2.0).round() as i64;
    let limit = item.map(|(item, _)| if marker.higher { item.limit } else { -item.limit });
    let extras: Vec<i64> = item.map_or_else(|| vec![0; problem.groups.len()], |(_, extras)| extras.clone());
    let (more, fewer) = (extras.iter().any(|extra| *extra > 0), extras.iter().any(|extra| *extra < 0));
    // Neighbours of the cut-off, nearest first, between which nobody is.
    let pairs: Vec<(i64, i64)> = (0..=(twice / 2 - min).min(max - twice / 2).min(10_000))
        .map(|away| (twice.div_euclid(2) - away, twice - (twice.div_euclid(2) - away)))
        .filter(|(low, high)| low < high && cutoff.contains((low + high) as f64 / 2.0))
        .filter(|(low, high)| match limit {
            // Somebody between the two cut-offs, or nobody at all there.
            Some(limit) if more => *low > limit,
            Some(limit) if fewer => *high <= limit,
            Some(limit) => (*low..*high).contains(&limit),
            None => true,
        })
        .take(NEIGHBOURS)
        .collect();
    let (low, high) = *pairs.get(random.below(pairs.len().max(1)))?;
    let zones = match limit {
        Some(limit) if more => vec![(min, limit), (limit + 1, low), (high, max)],
        Some(limit) if fewer => vec![(min, low), (high, limit), (limit + 1, max)],
        _ => vec![(min, low), (high, max)],
    };
    let counts = (0..problem.groups.len())
        .map(|group| {
            let positive = positives(marker, group).unwrap_or(problem.groups[group] / 2);
            let extra = usize::try_from(extras[group].abs()).unwrap_or(0);
            let size = problem.groups[group];
            if more {
                vec![size.saturating_sub(positive + extra), extra, positive]
            } else if fewer {
                vec![size - positive, extra, positive.saturating_sub(extra)]
            } else {
                vec![size - positive, positive]
            }
        })
        .collect();
    // The neighbours stand at the ends of the two zones that meet at the cut-off.
    let upper = if more { 2 } else { 1 };
    Some(Zones { zones, counts, held: vec![(low, upper - 1), (high, upper)], higher: marker.higher })
}
