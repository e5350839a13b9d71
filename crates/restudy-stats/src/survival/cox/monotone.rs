//! Whether a partial likelihood has a maximum, decided by linear programming.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::risk_sets::RiskSets;
use crate::cone::{self, Rows};

/// A coefficient of the direction, in standard deviations of its covariate, that is not rounding.
const NOT_ZERO: f64 = 1e-7;

/// The differences z(who has the event) − z(who is at risk then), of every event and everybody at risk. The likelihood
/// never falls along a direction exactly if it is against none of them, and rises for ever if it is not level with all.
///
/// There are as many as events times rows, so that they are searched instead of written: the one furthest against a
/// direction is, at some event time, that of the event with the least β·z and of the greatest β·z at risk.
struct Differences<'s, 'a> {
    sets: &'s RiskSets<'a>,
    /// The covariates that the direction may have.
    columns: Vec<usize>,
    /// The slope of the likelihood at 0: a sum of all differences with positive weights.
    slope: &'s [f64],
}

impl Rows for Differences<'_, '_> {
    fn size(&self) -> usize {
        self.columns.len()
    }

    fn total(&self) -> Vec<f64> {
        self.columns.iter().map(|&j| self.slope[j]).collect()
    }

    fn length(&self) -> f64 {
        self.sets.weight_of_events()
    }

    fn against(&self, beta: &[f64], least: f64, any: bool) -> Option<Vec<f64>> {
        let n = self.sets.times.len();
        let mut eta = vec![0.0; n];
        for (&j, beta) in self.columns.iter().zip(beta) {
            eta.iter_mut().zip(self.sets.column(j)).for_each(|(eta, z)| *eta += beta * z);
        }
        let mut worst: Option<(f64, Vec<f64>)> = None;
        let mut greatest = Greatest::default();
        self.sets.walk(|begins, _, death, rows, _| {
            if begins {
                greatest = Greatest::default();
            }
            for i in rows {
                greatest.push(eta[i], self.sets.entry(i), i);
            }
            let Some((furthest, j)) = greatest.at(death.time) else { return };
            let first = death.rows().min_by(|&a, &b| eta[a].total_cmp(&eta[b]));
            let Some(i) = first.filter(|&i| eta[i] < furthest) else { return };
            let row: Vec<f64> = self.columns.iter().map(|&k| self.sets.column(k)[i] - self.sets.column(k)[j]).collect();
            let length: f64 = row.iter().map(|x| x.abs()).sum();
            let side = (eta[i] - furthest) / length;
            let further = worst.as_ref().is_none_or(|(worst, _)| side < *worst && !any);
            if side < -least && further {
                worst = Some((side, row.into_iter().map(|x| x / length).collect()));
            }
        });
        worst.map(|(_, row)| row)
    }
}

/// The covariates whose coefficients are infinite, by place, among those in `free`; `slope` is that of the likelihood at 0.
///
/// Covariates along which the likelihood rises by themselves if there are such, otherwise those that do together.
pub(super) fn monotone(sets: &RiskSets<'_>, slope: &[f64], free: &[usize]) -> Option<Vec<usize>> {
    let along = |columns: Vec<usize>| cone::direction(&Differences { sets, columns, slope });
    let direction = along(free.to_vec())?;
    let moves = free.iter().zip(&direction).filter(|(_, beta)| beta.abs() > NOT_ZERO);
    let together: Vec<usize> = moves.map(|(&j, _)| j).collect();
    let alone: Vec<usize> = together.iter().copied().filter(|&j| along(vec![j]).is_some()).collect();
    Some(if alone.is_empty() { together } else { alone })
}

/// The greatest value of those at risk, going backwards in time: who has not entered yet is dropped when it comes up.
#[derive(Default)]
struct Greatest(BinaryHeap<(Ordered, Ordered, usize)>);

impl Greatest {
    fn push(&mut self, value: f64, entry: Option<f64>, row: usize) {
        self.0.push((Ordered(value), Ordered(entry.unwrap_or(f64::NEG_INFINITY)), row));
    }

    fn at(&mut self, time: f64) -> Option<(f64, usize)> {
        while self.0.peek().is_some_and(|(_, entry, _)| entry.0 >= time) {
            self.0.pop();
        }
        self.0.peek().map(|(value, _, row)| (value.0, *row))
    }
}

/// A number that is not NaN, in its total order.
#[derive(Clone, Copy)]
struct Ordered(f64);

impl PartialEq for Ordered {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ordered {}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}
