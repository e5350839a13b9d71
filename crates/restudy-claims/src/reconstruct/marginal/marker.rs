//! Rows whose cut-off, area under the curve and points in a score are printed: values move within zones.

use super::moments::{self, Aim};
use super::statistic::{Curve, Sums, student_t};
use super::{Comparison, Marginal, Random, Summary, relative};

/// Moves before a fresh start.
const MOVES: usize = 60_000;
/// The first and last temperature.
const HOT: f64 = 1.0;
const COLD: f64 = 0.003;

/// How cut-offs divide a variable's values, seen so that high ones are positive: below `zones[0].1`, … in ascending
/// order.
#[derive(Clone, Debug)]
pub(in crate::reconstruct) struct Zones {
    /// From and to, both included, ascending.
    pub(in crate::reconstruct) zones: Vec<(i64, i64)>,
    /// How many patients of each group are in each zone.
    pub(in crate::reconstruct) counts: Vec<Vec<usize>>,
    /// Values that somebody must have, with the zone: the neighbours of the cut-off.
    pub(in crate::reconstruct) held: Vec<(i64, usize)>,
    /// Whether high values are positive; otherwise the zones are of the values with their sign turned.
    pub(in crate::reconstruct) higher: bool,
}

pub(super) fn solve(marginal: &Marginal<'_>, zones: &Zones, random: &mut Random) -> Vec<i64> {
    let sign = if zones.higher { 1 } else { -1 };
    let aims = moments::draw_aims(marginal, random);
    // One value a patient, seen so that high ones are positive, each in the zone that its rank belongs to.
    let mut values = Vec::new();
    let mut boxes = Vec::new();
    for (group, members) in marginal.groups.iter().enumerate() {
        let aim = Aim { mean: aims[group].mean * sign as f64, ..aims[group] };
        let mut drawn: Vec<i64> =
            moments::bell(members.len(), aim, random).into_iter().map(|value| value.round() as i64).collect();
        drawn.sort_unstable();
        let within: Vec<(i64, i64)> = zones
            .counts
            .get(group)
            .into_iter()
            .flat_map(|counts| zones.zones.iter().zip(counts))
            .flat_map(|(zone, count)| std::iter::repeat_n(*zone, *count))
            .collect();
        for (place, value) in drawn.into_iter().enumerate() {
            let (low, high) = within.get(place).copied().unwrap_or((i64::MIN / 4, i64::MAX / 4));
            values.push(value.clamp(low, high));
            boxes.push((low, high));
        }
    }
    hold_neighbours(zones, &mut values, &mut boxes, random);
    anneal(marginal, sign, &mut values, &boxes, random);
    values.into_iter().map(|value| value * sign).collect()
}

/// Gives the neighbours of the cut-off to a patient of their zone each.
fn hold_neighbours(zones: &Zones, values: &mut [i64], boxes: &mut [(i64, i64)], random: &mut Random) {
    for (value, zone) in &zones.held {
        let Some(wanted) = zones.zones.get(*zone) else { continue };
        let fitting: Vec<usize> = (0..values.len()).filter(|place| boxes[*place] == *wanted).collect();
        if fitting.is_empty() {
            continue;
        }
        // The nearest few: a value far away would be torn out of its group's shape.
        let mut near = fitting;
        near.sort_by_key(|place| ((values[*place] - value).abs(), *place));
        near.truncate(3);
        let place = near[random.below(near.len())];
        values[place] = *value;
        boxes[place] = (*value, *value);
    }
}

fn anneal(marginal: &Marginal<'_>, sign: i64, values: &mut [i64], boxes: &[(i64, i64)], random: &mut Random) {
    let loss = Loss::new(marginal, sign);
    let mut at = loss.of(values, f64::INFINITY);
    let reach = (loss.typical_sd * 0.3).max(2.0);
    let cooling = step(HOT, COLD, MOVES);
    let mut temperature = HOT;
    for _ in 0..MOVES {
        if at == 0.0 {
            break;
        }
        temperature *= cooling;
        let limit = at + temperature * random.exponential();
        // Large steps and small ones alike.
        let size = 1 + (reach * random.unit() * random.unit() * random.unit()) as i64;
        let group = &marginal.groups[random.below(marginal.groups.len())];
        let (i, j) = (group.start + random.below(group.len()), group.start + random.below(group.len()));
        let step = if random.below(2) == 0 { size } else { -size };
        let pair = random.below(2) == 0;
        let fits = |place: usize, value: i64| (boxes[place].0..=boxes[place].1).contains(&value);
        if !fits(i, values[i] + step) || (pair && (i == j || !fits(j, values[j] - step))) {
            continue;
        }
        values[i] += step;
        if pair {
            values[j] -= step;
        }
        let next = loss.of(values, limit);
        if next <= limit {
            at = next;
        } else {
            values[i] -= step;
            if pair {
                values[j] += step;
            }
        }
    }
}

/// The factor that takes a temperature from the first to the last in so many steps, by repeated square roots.
pub(in crate::reconstruct) fn step(first: f64, last: f64, steps: usize) -> f64 {
    // (last / first)^(1 / steps) by bisection on whole powers: only multiplications, so that every machine agrees.
    let wanted = last / first;
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        let (mut power, mut base, mut left) = (1.0_f64, middle, steps);
        while left > 0 {
            if left % 2 == 1 {
                power *= base;
            }
            base *= base;
            left /= 2;
        }
        if power < wanted { low = middle } else { high = middle }
    }
    high
}

struct Loss<'m> {
    marginal: &'m Marginal<'m>,
    /// −1 where low values are positive.
    sign: i64,
    typical_sd: f64,
}

impl<'m> Loss<'m> {
    fn new(marginal: &'m Marginal<'m>, sign: i64) -> Self {
        let scale = marginal.variable.scale();
        let sds = marginal.numbers.cells.iter().map(|cell| match cell {
            Summary::MeanSd(_, sd) => sd.at(0.5) * scale,
            Summary::Quartiles([q1, _, q3]) => (q3.at(0.5) - q1.at(0.5)) * scale,
            Summary::Open => 10.0,
        });
        Self { marginal, sign, typical_sd: sds.fold(1.0, f64::max) }
    }

    /// How far values are from meeting everything; stops where it is above `limit`.
    fn of(&self, values: &[i64], limit: f64) -> f64 {
        let marginal = self.marginal;
        let scale = marginal.variable.scale();
        let sums: Vec<Sums> = marginal.groups.iter().map(|group| Sums::of(&values[group.clone()])).collect();
        let mut loss = 0.0;
        for (sums, cell) in sums.iter().zip(&marginal.numbers.cells) {
            if let Summary::MeanSd(mean, sd) = cell {
                loss += relative(mean.aim().scaled(scale), sums.mean() * self.sign as f64);
                loss += relative(sd.aim().scaled(scale), sums.sd());
            }
        }
        if let Some(Comparison::StudentT(span)) = marginal.numbers.comparison {
            loss += 4.0 * span.aim().distance(student_t(&sums[0], &sums[1]).abs());
        }
        if loss > limit {
            return loss;
        }
        if let Some(marker) = &marginal.numbers.marker {
            let sorted = |group: usize| {
                let mut members = values[marginal.groups[group].clone()].to_vec();
                members.sort_unstable();
                members
            };
            let curve = Curve::of(&sorted(marker.events), &sorted(marker.non_events), true);
            loss += marker.auc.map_or(0.0, |auc| relative(auc.aim(), curve.auc()));
            if let (Some(_), Some(events), Some(non_events)) =
                (marker.cutoff, marker.true_positives, marker.false_positives)
            {
                loss += curve.rivals(events, non_events);
            }
        }
        // Rows of quartiles and ranks are rare among markers; they are held to the same measure as everywhere.
        let ranked = marginal.numbers.cells.iter().any(|cell| matches!(cell, Summary::Quartiles(_)))
            || matches!(marginal.numbers.comparison, Some(Comparison::MannWhitney(_)));
        if (ranked || loss == 0.0) && loss <= limit {
            let units: Vec<i64> = values.iter().map(|value| value * self.sign).collect();
            loss += marginal.excess(&units);
        }
        loss
    }
}
