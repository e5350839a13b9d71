//! One variable by itself: values of each group whose summaries, test and accuracy lie where they must.

mod marker;
mod moments;
mod quartiles;
mod statistic;

use std::ops::Range;

use super::problem::{Comparison, Marker, Numbers, Summary, Variable};
use super::random::Random;
use super::span::Span;
pub(super) use marker::Zones;
pub(super) use marker::step;
pub(in crate::reconstruct) use statistic::quartile_place;
use statistic::{Curve, Sums, mann_whitney_z, student_t};

/// Fresh starts for one variable before it is given up.
const TRIES: usize = 40;

/// A variable of numbers with its groups: what its values must meet, in the variable's own units.
pub(super) struct Marginal<'p> {
    pub(super) variable: &'p Variable,
    pub(super) numbers: &'p Numbers,
    pub(super) groups: Vec<Range<usize>>,
    /// The type of the quartiles, 4 to 9.
    pub(super) quartile_type: u8,
    /// How the markers' and the score's cut-offs divide the groups.
    pub(super) zones: Option<Zones>,
    /// By group and rank: what a value may be at most, because another variable is at least as large.
    pub(super) ceiling: Option<Vec<Vec<i64>>>,
    /// Whether a quartile on the grid is rather a value that patients share than one between two.
    pub(super) prefers_ties: bool,
}

impl Marginal<'_> {
    /// Values of all patients, group after group, in no order within a group; whether they meet everything.
    pub(super) fn solve(&self, random: &mut Random) -> (Vec<i64>, bool) {
        let mut best = (f64::INFINITY, Vec::new());
        for _ in 0..TRIES {
            let units = self.attempt(random);
            let excess = self.excess(&units);
            if excess < best.0 {
                best = (excess, units);
            }
            if best.0 == 0.0 {
                break;
            }
        }
        let (excess, mut units) = best;
        for group in &self.groups {
            random.shuffle(&mut units[group.clone()]);
        }
        (units, excess == 0.0)
    }

    fn attempt(&self, random: &mut Random) -> Vec<i64> {
        if let Some(zones) = &self.zones {
            return marker::solve(self, zones, random);
        }
        let quartiles = self.numbers.cells.iter().any(|cell| matches!(cell, Summary::Quartiles(_)));
        if quartiles { quartiles::solve(self, random) } else { moments::solve(self, random) }
    }

    /// The smallest and largest value that a patient may have.
    fn bounds(&self) -> (i64, i64) {
        (self.variable.min.unwrap_or(-1_000_000_000), self.variable.max.unwrap_or(1_000_000_000))
    }

    /// How far values are from meeting everything that is known of this variable alone; 0 when they do.
    pub(super) fn excess(&self, units: &[i64]) -> f64 {
        let scale = self.variable.scale();
        let (min, max) = self.bounds();
        let mut excess = units.iter().filter(|unit| **unit < min || **unit > max).count() as f64;
        let mut sorted: Vec<Vec<i64>> = Vec::new();
        let needs_order = self.numbers.marker.is_some()
            || matches!(self.numbers.comparison, Some(Comparison::MannWhitney(_)))
            || self.numbers.cells.iter().any(|cell| matches!(cell, Summary::Quartiles(_)));
        if needs_order {
            for group in &self.groups {
                let mut values = units[group.clone()].to_vec();
                values.sort_unstable();
                sorted.push(values);
            }
        }
        let sums: Vec<Sums> = self.groups.iter().map(|group| Sums::of(&units[group.clone()])).collect();
        for (index, cell) in self.numbers.cells.iter().enumerate() {
            excess += match cell {
                Summary::MeanSd(mean, sd) => moments_excess(&sums[index], scale, *mean, *sd),
                Summary::Quartiles(spans) => self.quartiles_excess(&sorted[index], spans),
                Summary::Open => 0.0,
            };
        }
        match self.numbers.whole {
            Some(Summary::MeanSd(mean, sd)) => excess += moments_excess(&Sums::total(&sums), scale, mean, sd),
            Some(Summary::Quartiles(spans)) => {
                let mut all = units.to_vec();
                all.sort_unstable();
                excess += self.quartiles_excess(&all, &spans);
            }
            _ => {}
        }
        match self.numbers.comparison {
            Some(Comparison::StudentT(span)) => excess += span.distance(student_t(&sums[0], &sums[1]).abs()),
            Some(Comparison::MannWhitney(span)) => {
                excess += span.distance(mann_whitney_z(&sorted[0], &sorted[1]).abs());
            }
            None => {}
        }
        if let Some(marker) = &self.numbers.marker {
            let curve = Curve::of(&sorted[marker.events], &sorted[marker.non_events], marker.higher);
            excess += marker_excess(marker, &curve, scale);
        }
        excess
    }

    fn quartiles_excess(&self, sorted: &[i64], spans: &[Span; 3]) -> f64 {
        let scale = self.variable.scale();
        let mut excess = 0.0;
        for (share, span) in [0.25, 0.5, 0.75].into_iter().zip(spans) {
            let (place, part) = quartile_place(sorted.len(), share, self.quartile_type);
            let low = sorted[place] as f64;
            let high = sorted[(place + 1).min(sorted.len() - 1)] as f64;
            excess += relative(span.scaled(scale), low + part * (high - low));
        }
        excess
    }
}

/// How far a value is outside, in half lengths of the interval.
fn relative(span: Span, value: f64) -> f64 {
    let half = span.half();
    if half > 0.0 && half.is_finite() { span.distance(value) / half } else { span.distance(value) }
}

fn moments_excess(sums: &Sums, scale: f64, mean: Span, sd: Span) -> f64 {
    relative(mean.scaled(scale), sums.mean()) + relative(sd.scaled(scale), sums.sd())
}

fn marker_excess(marker: &Marker, curve: &Curve, scale: f64) -> f64 {
    let mut excess = marker.auc.map_or(0.0, |auc| relative(auc, curve.auc()));
    let best = curve.best();
    if let Some(cutoff) = marker.cutoff {
        excess += relative(cutoff.scaled(scale), best.cutoff);
        if !best.unique {
            excess += 1.0;
        }
    }
    for (wanted, found) in [(marker.true_positives, best.events), (marker.false_positives, best.non_events)] {
        excess += wanted.map_or(0.0, |wanted| wanted.abs_diff(found) as f64);
    }
    excess
}
