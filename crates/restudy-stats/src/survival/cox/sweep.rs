use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::{Covariates, CoxTies};
use crate::survival::SurvivalTimes;
use crate::survival::times::Stratum;

/// How far the certificate of a monotone likelihood may be off, relative to the spread of the direction: the direction
/// is that of a Newton step, and pure only in the limit.
const IMPURE: f64 = 1e-6;

/// The covariates by row in the order of the times, centred and scaled, so that one pass backwards in time sees each
/// row once and in order.
pub(in crate::survival) struct Design<'a> {
    pub(in crate::survival) times: &'a SurvivalTimes,
    pub(super) ties: CoxTies,
    pub(super) mean: Vec<f64>,
    pub(super) sd: Vec<f64>,
    z: Vec<f64>,
}

/// What the likelihood is at some coefficients of the scaled covariates.
#[derive(Clone)]
pub(in crate::survival) struct Totals {
    pub(super) log_likelihood: f64,
    pub(in crate::survival) score: Vec<f64>,
    /// Row by row; only the lower triangle is filled.
    pub(in crate::survival) information: Vec<f64>,
}

impl Totals {
    fn new(p: usize) -> Self {
        Self { log_likelihood: 0.0, score: vec![0.0; p], information: vec![0.0; p * p] }
    }

    fn clear(&mut self) {
        self.log_likelihood = 0.0;
        self.score.fill(0.0);
        self.information.fill(0.0);
    }
}

/// Σ r, Σ r z and Σ r z zᵀ (lower triangle) over some rows, r = w exp(β·z).
#[derive(Clone)]
struct Sums {
    s0: f64,
    s1: Vec<f64>,
    s2: Vec<f64>,
}

impl Sums {
    fn new(p: usize) -> Self {
        Self { s0: 0.0, s1: vec![0.0; p], s2: vec![0.0; p * p] }
    }

    fn clear(&mut self) {
        self.s0 = 0.0;
        self.s1.fill(0.0);
        self.s2.fill(0.0);
    }

    fn merge(&mut self, other: &Self) {
        self.s0 += other.s0;
        self.s1.iter_mut().zip(&other.s1).for_each(|(sum, x)| *sum += x);
        self.s2.iter_mut().zip(&other.s2).for_each(|(sum, x)| *sum += x);
    }

    fn add(&mut self, r: f64, z: &[f64]) {
        self.s0 += r;
        for (j, ((s1, s2), &zj)) in self.s1.iter_mut().zip(self.s2.chunks_exact_mut(z.len())).zip(z).enumerate() {
            let rz = r * zj;
            *s1 += rz;
            for (s2, zk) in s2[..=j].iter_mut().zip(z) {
                *s2 += rz * zk;
            }
        }
    }
}

impl<'a> Design<'a> {
    pub(super) fn new(times: &'a SurvivalTimes, covariates: Covariates<'_>, ties: CoxTies) -> Self {
        let (n, p) = (times.len(), covariates.names.len());
        let columns = || covariates.values.chunks_exact(n);
        let mean: Vec<f64> = columns().map(|x| x.iter().map(|x| x / n as f64).sum()).collect();
        let sd: Vec<f64> = (columns().zip(&mean))
            .map(|(x, mean)| (x.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n as f64).sqrt())
            .collect();
        let mut z = Vec::with_capacity(n * p);
        for stratum in times.each_stratum() {
            for &row in stratum.row {
                z.extend(columns().zip(mean.iter().zip(&sd)).map(|(x, (mean, sd))| (x[row] - mean) / sd));
            }
        }
        Self { times, ties, mean, sd, z }
    }

    fn p(&self) -> usize {
        self.mean.len()
    }

    pub(super) fn weight_of_events(&self) -> f64 {
        self.times
            .each_stratum()
            .map(|stratum| {
                (0..stratum.time.len()).filter(|&i| stratum.event[i]).map(|i| stratum.weight(i)).sum::<f64>()
            })
            .sum()
    }

    /// Each stratum with its rows of z.
    fn each_stratum(&self) -> impl Iterator<Item = (Stratum<'_>, &[f64])> {
        let p = self.p();
        self.times.each_stratum().scan(0, move |start, stratum| {
            let from = *start;
            *start += stratum.time.len() * p;
            Some((stratum, &self.z[from..*start]))
        })
    }

    /// The linear predictor of the rows of a stratum, less the greatest of them, so that no exponential overflows.
    fn predictor(&self, z: &[f64], beta: &[f64]) -> (Vec<f64>, f64) {
        let mut predictor: Vec<f64> =
            z.chunks_exact(self.p()).map(|z| z.iter().zip(beta).map(|(z, beta)| z * beta).sum()).collect();
        let greatest = predictor.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        for eta in &mut predictor {
            *eta -= greatest;
        }
        (predictor, greatest)
    }

    /// The likelihood with its derivatives.
    pub(super) fn totals(&self, beta: &[f64]) -> Totals {
        let mut totals = Totals::new(self.p());
        self.sweep(beta, |_, part| {
            totals.log_likelihood += part.log_likelihood;
            totals.score.iter_mut().zip(&part.score).for_each(|(sum, x)| *sum += x);
            totals.information.iter_mut().zip(&part.information).for_each(|(sum, x)| *sum += x);
        });
        totals
    }

    /// What each event time gives to the likelihood and its derivatives, backwards in time within each stratum.
    pub(in crate::survival) fn sweep(&self, beta: &[f64], mut visit: impl FnMut(f64, &Totals)) {
        let p = self.p();
        let (mut risk, mut dying, mut part) = (Sums::new(p), Sums::new(p), Totals::new(p));
        for (stratum, z) in self.each_stratum() {
            let (eta, _) = self.predictor(z, beta);
            let row = |i: usize| &z[i * p..(i + 1) * p];
            let r = |i: usize| stratum.weight(i) * eta[i].exp();
            let entering = stratum.by_entry_descending();
            let mut entering = entering.iter().peekable();
            let mut at_risk = 0_usize;
            risk.clear();
            for ties in stratum.ties().rev() {
                let events = ties.start..ties.start + stratum.events_in(&ties);
                let time = stratum.time[ties.start];
                let mut entered_late = false;
                while let Some(&i) = entering.next_if(|&&i| stratum.entry.is_some_and(|entry| entry[i] >= time)) {
                    risk.add(-r(i), row(i));
                    at_risk -= 1;
                    entered_late = true;
                }
                if entered_late && at_risk == 0 {
                    // Nobody is left: no rounding may be either.
                    risk.clear();
                }
                at_risk += ties.len();
                // Those who have the event apart, as far as Efron needs them so; each row is added once.
                let apart = events.len() > 1 && self.ties == CoxTies::Efron;
                for i in if apart { events.end..ties.end } else { ties } {
                    risk.add(r(i), row(i));
                }
                if events.is_empty() {
                    continue;
                }
                dying.clear();
                if apart {
                    for i in events.clone() {
                        dying.add(r(i), row(i));
                    }
                    risk.merge(&dying);
                }
                part.clear();
                let mut weight = 0.0;
                for i in events.clone() {
                    let w = stratum.weight(i);
                    weight += w;
                    part.log_likelihood += w * eta[i];
                    part.score.iter_mut().zip(row(i)).for_each(|(score, z)| *score += w * z);
                }
                // Of all parts together, so that d events cost no more matrices than one:
                // Σ (S − f D) / (1 − f δ)ⁿ = S Σ (1 − f δ)⁻ⁿ − D Σ f (1 − f δ)⁻ⁿ, with S and D over S₀.
                let dead = dying.s0 / risk.s0;
                let (mut a1, mut b1, mut a2, mut b2, mut c2) = (0.0, 0.0, 0.0, 0.0, 0.0);
                part.log_likelihood -= weight * risk.s0.ln();
                for (out, share) in self.parts(events.len()) {
                    let left = 1.0 - out * dead;
                    let (first, second) = (weight * share / left, weight * share / (left * left));
                    part.log_likelihood -= weight * share * left.ln();
                    a1 += first;
                    b1 += first * out;
                    a2 += second;
                    b2 += second * out;
                    c2 += second * out * out;
                }
                let scale = 1.0 / risk.s0;
                for j in 0..p {
                    let (sj, dj) = (risk.s1[j] * scale, dying.s1[j] * scale);
                    part.score[j] -= a1 * sj - b1 * dj;
                    // What multiplies the means of S and of D in row j of the product of the means.
                    let (of_s, of_d) = (a2 * sj - b2 * dj, c2 * dj - b2 * sj);
                    for k in 0..=j {
                        let (sk, dk) = (risk.s1[k] * scale, dying.s1[k] * scale);
                        let second = a1 * risk.s2[j * p + k] - b1 * dying.s2[j * p + k];
                        part.information[j * p + k] += second * scale - of_s * sk - of_d * dk;
                    }
                }
                visit(time, &part);
            }
        }
    }

    /// The parts into which d events at one time fall: how much of those who die is out of the risk set, and the share of
    /// the events.
    fn parts(&self, d: usize) -> impl Iterator<Item = (f64, f64)> + use<> {
        let parts = if self.ties == CoxTies::Efron { d } else { 1 };
        (0..parts).map(move |l| (l as f64 / parts as f64, 1.0 / parts as f64))
    }

    /// The baseline of each stratum and the martingale residual of each row, in the order in which the rows were given.
    pub(super) fn hazard(&self, beta: &[f64]) -> (Vec<Baseline>, Vec<f64>) {
        let mut residuals = vec![0.0; self.times.len()];
        let baselines = (self.each_stratum())
            .map(|(stratum, z)| {
                let (eta, greatest) = self.predictor(z, beta);
                let baseline = self.baseline(stratum, &eta);
                for (i, eta) in eta.iter().enumerate() {
                    let event = if stratum.event[i] { 1.0 } else { 0.0 };
                    let entered = stratum.entry.map_or(0.0, |entry| baseline.at(entry[i]));
                    let hazard = if stratum.event[i] {
                        baseline.of_those_who_die(stratum.time[i])
                    } else {
                        baseline.at(stratum.time[i])
                    };
                    residuals[stratum.row[i]] = event - eta.exp() * (hazard - entered);
                }
                Baseline { greatest, ..baseline }
            })
            .collect();
        (baselines, residuals)
    }

    /// The increments of the baseline hazard at the event times of a stratum, added up.
    fn baseline(&self, stratum: Stratum<'_>, eta: &[f64]) -> Baseline {
        let r = |i: usize| stratum.weight(i) * eta[i].exp();
        let entering = stratum.by_entry_descending();
        let mut entering = entering.iter().peekable();
        let (mut risk, mut at_risk) = (0.0, 0_usize);
        let mut baseline = Baseline { time: vec![], hazard: vec![], dying: vec![], greatest: 0.0 };
        for ties in stratum.ties().rev() {
            let events = ties.start..ties.start + stratum.events_in(&ties);
            let time = stratum.time[ties.start];
            while let Some(&i) = entering.next_if(|&&i| stratum.entry.is_some_and(|entry| entry[i] >= time)) {
                risk -= r(i);
                at_risk -= 1;
            }
            if at_risk == 0 {
                risk = 0.0;
            }
            at_risk += ties.len();
            risk += ties.map(r).sum::<f64>();
            if events.is_empty() {
                continue;
            }
            let weight: f64 = events.clone().map(|i| stratum.weight(i)).sum();
            let dying: f64 = events.clone().map(r).sum();
            let (mut all, mut of_dying) = (0.0, 0.0);
            for (out, share) in self.parts(events.len()) {
                let increment = weight * share / (risk - out * dying);
                all += increment;
                of_dying += (1.0 - out) * increment;
            }
            baseline.time.push(time);
            baseline.hazard.push(all);
            baseline.dying.push(of_dying);
        }
        baseline.time.reverse();
        baseline.hazard.reverse();
        baseline.dying.reverse();
        let mut before = 0.0;
        for (hazard, dying) in baseline.hazard.iter_mut().zip(&mut baseline.dying) {
            *dying += before;
            *hazard += before;
            before = *hazard;
        }
        baseline
    }

    /// The covariates along which the likelihood never falls, if it never falls along a direction: at every event the one
    /// who has it is the furthest in that direction of all at risk, and not always level with them.
    pub(super) fn monotone_along(&self, direction: &[f64]) -> Option<Vec<usize>> {
        let mut strict = false;
        for (stratum, z) in self.each_stratum() {
            let (eta, _) = self.predictor(z, direction);
            let spread = -eta.iter().copied().fold(0.0, f64::min);
            let tolerance = IMPURE * spread;
            let mut furthest = AtRisk::default();
            let mut nearest = AtRisk::default();
            for ties in stratum.ties().rev() {
                let events = ties.start..ties.start + stratum.events_in(&ties);
                let time = stratum.time[ties.start];
                for i in ties {
                    let entry = stratum.entry.map(|entry| entry[i]);
                    furthest.push(eta[i], entry);
                    nearest.push(-eta[i], entry);
                }
                let (greatest, least) = (furthest.greatest(time), -nearest.greatest(time));
                if events.clone().any(|i| eta[i] < greatest - tolerance) {
                    return None;
                }
                strict |= !events.is_empty() && least < greatest - tolerance;
            }
        }
        let greatest = direction.iter().fold(0.0, |greatest: f64, x| greatest.max(x.abs()));
        strict.then(|| (0..direction.len()).filter(|&j| direction[j].abs() > 1e-3 * greatest).collect())
    }
}

/// The greatest value of those at risk, going backwards in time: who has not entered yet is dropped when it comes up.
#[derive(Default)]
struct AtRisk(BinaryHeap<(Ordered, Ordered)>);

impl AtRisk {
    fn push(&mut self, value: f64, entry: Option<f64>) {
        self.0.push((Ordered(value), Ordered(entry.unwrap_or(f64::NEG_INFINITY))));
    }

    fn greatest(&mut self, time: f64) -> f64 {
        while self.0.peek().is_some_and(|(_, entry)| entry.0 >= time) {
            self.0.pop();
        }
        self.0.peek().map_or(f64::NEG_INFINITY, |(value, _)| value.0)
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

/// The cumulative baseline hazard of a stratum, for those with the greatest linear predictor in it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Baseline {
    pub(super) time: Vec<f64>,
    pub(super) hazard: Vec<f64>,
    /// What it is to those who have the event at the time: Efron has them leave the risk set one after the other.
    dying: Vec<f64>,
    /// The greatest linear predictor.
    pub(super) greatest: f64,
}

impl Baseline {
    fn at(&self, time: f64) -> f64 {
        self.time.partition_point(|t| *t <= time).checked_sub(1).map_or(0.0, |row| self.hazard[row])
    }

    fn of_those_who_die(&self, time: f64) -> f64 {
        self.time.partition_point(|t| *t <= time).checked_sub(1).map_or(0.0, |row| self.dying[row])
    }
}
