//! Rows of means and standard deviations: exact sums on the grid.

use super::statistic::Sums;
use super::{Comparison, Marginal, Random, Span, Summary};

/// Draws of unrounded means and standard deviations before the best is taken.
const DRAWS: usize = 4_000;
/// Repairing moves of one group.
const REPAIRS: usize = 20_000;
/// The largest move of one value, as a part of the standard deviation.
const REACH: f64 = 0.5;

/// What one group's values aim at, in units.
#[derive(Clone, Copy)]
pub(super) struct Aim {
    pub(super) mean: f64,
    pub(super) sd: f64,
}

pub(super) fn solve(marginal: &Marginal<'_>, random: &mut Random) -> Vec<i64> {
    let aims = draw_aims(marginal, random);
    let mut units = Vec::new();
    for (group, aim) in marginal.groups.iter().zip(&aims) {
        units.extend(draw_group(marginal, group.len(), *aim, random));
    }
    units
}

/// Unrounded means and standard deviations that print as published and give the test's p-value.
pub(super) fn draw_aims(marginal: &Marginal<'_>, random: &mut Random) -> Vec<Aim> {
    let scale = marginal.variable.scale();
    let sizes: Vec<f64> = marginal.groups.iter().map(|group| group.len() as f64).collect();
    let mut best: (f64, Vec<Aim>) = (f64::INFINITY, Vec::new());
    for _ in 0..DRAWS {
        let aims: Vec<Aim> = marginal
            .numbers
            .cells
            .iter()
            .map(|cell| {
                let (mean, sd) = match cell {
                    Summary::MeanSd(mean, sd) => (*mean, *sd),
                    _ => open(marginal),
                };
                Aim { mean: mean.at(random.unit()) * scale, sd: sd.at(random.unit()) * scale }
            })
            .collect();
        let miss = miss(marginal, &sizes, &aims);
        if miss < best.0 {
            best = (miss, aims);
        }
        if best.0 == 0.0 {
            break;
        }
    }
    best.1
}

/// What a group without a summary is drawn from: the middle half of what its values may be.
fn open(marginal: &Marginal<'_>) -> (Span, Span) {
    let (min, max) = (marginal.variable.min.unwrap_or(0) as f64, marginal.variable.max.unwrap_or(100) as f64);
    let (centre, reach) = ((min + max) / 2.0 / marginal.variable.scale(), (max - min) / marginal.variable.scale());
    (Span::new(centre - reach / 4.0, centre + reach / 4.0), Span::new(reach / 8.0, reach / 6.0))
}

fn miss(marginal: &Marginal<'_>, sizes: &[f64], aims: &[Aim]) -> f64 {
    let mut miss = 0.0;
    if let Some(Comparison::StudentT(span)) = marginal.numbers.comparison {
        let (a, b) = (aims[0], aims[1]);
        let about = (sizes[0] - 1.0) * a.sd * a.sd + (sizes[1] - 1.0) * b.sd * b.sd;
        let variance = about / (sizes[0] + sizes[1] - 2.0);
        let t = (a.mean - b.mean) / (variance * (1.0 / sizes[0] + 1.0 / sizes[1])).sqrt();
        miss += span.aim().distance(t.abs());
    }
    if let Some(Summary::MeanSd(mean, sd)) = marginal.numbers.whole {
        let scale = marginal.variable.scale();
        let n: f64 = sizes.iter().sum();
        let whole_mean = sizes.iter().zip(aims).map(|(n, aim)| n * aim.mean).sum::<f64>() / n;
        let about: f64 = sizes
            .iter()
            .zip(aims)
            .map(|(n, aim)| (n - 1.0) * aim.sd * aim.sd + n * (aim.mean - whole_mean) * (aim.mean - whole_mean))
            .sum();
        miss += super::relative(mean.aim().scaled(scale), whole_mean)
            + super::relative(sd.aim().scaled(scale), (about / (n - 1.0)).sqrt());
    }
    miss
}

/// Values of a bell shape with that mean and standard deviation, to the nearest that the grid has.
fn draw_group(marginal: &Marginal<'_>, n: usize, aim: Aim, random: &mut Random) -> Vec<i64> {
    let (min, max) = marginal.bounds();
    let mut units: Vec<i64> =
        bell(n, aim, random).into_iter().map(|value| (value.round() as i64).clamp(min, max)).collect();
    let wanted_sum = (aim.mean * n as f64).round() as i64;
    let wanted_squares = (n as f64 - 1.0) * aim.sd * aim.sd + wanted_sum as f64 * wanted_sum as f64 / n as f64;
    let mut sum: i64 = units.iter().sum();
    for _ in 0..REPAIRS {
        if sum == wanted_sum {
            break;
        }
        let step = (wanted_sum - sum).signum();
        let place = random.below(n);
        if (min..=max).contains(&(units[place] + step)) {
            units[place] += step;
            sum += step;
        }
    }
    // Moving two values apart, or together, keeps the sum and changes the squares in small steps.
    let mut squares = Sums::of(&units).squares;
    let reach = ((aim.sd * REACH) as i64).max(1);
    for _ in 0..REPAIRS {
        let miss = squares as f64 - wanted_squares;
        if miss.abs() < 1.0 {
            break;
        }
        let (i, j) = (random.below(n), random.below(n));
        let step = random.between(1, reach);
        let change = 2 * step * (units[i] - units[j]) + 2 * step * step;
        let inside = units[i] + step <= max && units[j] - step >= min;
        if i != j && inside && (miss + change as f64).abs() < miss.abs() {
            units[i] += step;
            units[j] -= step;
            squares += change;
        }
    }
    units
}

/// Random values of a bell shape whose mean and standard deviation are exact before rounding.
pub(super) fn bell(n: usize, aim: Aim, random: &mut Random) -> Vec<f64> {
    let deviates: Vec<f64> = (0..n).map(|_| random.normal()).collect();
    let mean = deviates.iter().sum::<f64>() / n as f64;
    let about: f64 = deviates.iter().map(|deviate| (deviate - mean) * (deviate - mean)).sum();
    let sd = (about / (n as f64 - 1.0).max(1.0)).sqrt().max(f64::MIN_POSITIVE);
    deviates.into_iter().map(|deviate| aim.mean + aim.sd * (deviate - mean) / sd).collect()
}
