//! The sums over risk sets, in a few passes over the rows in the order of time.
//!
//! How it is fast. The times are sorted once, and the covariates are written once more in that order, column after
//! column, centred and scaled. With r = w exp(β·z), S₀ and S₁ the sums of r and r z over a risk set, and H(t) the
//! cumulative baseline hazard, the sum over event times of the covariances within risk sets is
//!
//! ```text
//! Σₜ Σ_{i at risk} r zzᵀ dH(t) − Σₜ S₁S₁ᵀ/S₀² dN(t)  =  Σᵢ zᵢzᵢᵀ rᵢH(tᵢ) − Σₜ z̄(t) z̄(t)ᵀ dN(t)
//! ```
//!
//! so that no matrix is carried from one event time to the next: the first term is one weighted X'WX over the rows, its
//! weights the expected events of each row, the second one such product over the event times. Both are dot products of
//! column blocks ([`blocked`](crate::blocked)). What has to go through the times in order are the sums S₀ and S₁ (a
//! number and a vector), backwards, and H (a number), forwards. Chunks of rows do so each for itself from a start that
//! the sums of the other chunks give, on all cores with the feature `threads`, with the same bits. Efron's ties change
//! the weights of those who die and add two products of vectors per event time, however many die at it.

use std::ops::Range;

use nalgebra::DMatrix;

use super::{Covariates, CoxTies};
use crate::blocked::{
    BLOCK, CHUNK, Column, add_dots, add_dots_of, add_products, centre_and_scale, dot, each, each_mut, exp, in_order,
    pieces, predict, ranges, symmetric, total, triangle,
};
use crate::survival::SurvivalTimes;

/// Linear predictors beyond this are moved, so that no exponential overflows and no risk set vanishes.
const FAR: f64 = 300.0;

/// The covariates by the order of the times, centred and scaled, with the risk sets.
pub(in crate::survival) struct RiskSets<'a> {
    pub(in crate::survival) times: &'a SurvivalTimes,
    pub(in crate::survival) ties: CoxTies,
    pub(super) mean: Vec<f64>,
    pub(super) sd: Vec<f64>,
    /// Column after column.
    z: Vec<f64>,
    weight: Option<&'a [f64]>,
    entry: Option<&'a [f64]>,
    deaths: Vec<Death>,
    chunks: Vec<Chunk>,
    /// The rows in the order in which they enter, latest first within a segment; none when all are there from the start.
    entering: Vec<u32>,
    /// The last event time of its segment that is not after each row's entry, as a place among the deaths.
    entered: Vec<Option<u32>>,
    /// Σ w z over the events.
    of_events: Vec<f64>,
}

/// A time at which somebody has the event.
#[derive(Clone, Copy)]
pub(in crate::survival) struct Death {
    pub(in crate::survival) time: f64,
    /// The first row of this time; those who have the event come first.
    start: u32,
    /// Rows with the event.
    pub(super) events: u32,
    /// Their weight.
    weight: f64,
}

impl Death {
    pub(super) fn rows(&self) -> Range<usize> {
        self.start as usize..(self.start + self.events) as usize
    }
}

/// Rows of one segment, all of a time together. A segment is a stratum, or that part of it between two times at which
/// nobody is left: there the sums begin anew, so that rounding ends there too.
struct Chunk {
    stratum: usize,
    segment: usize,
    rows: Range<usize>,
    deaths: Range<usize>,
    entries: Range<usize>,
}

/// What an event time does, given the coefficients: Efron's parts of it added up, with S and D the sums of those at risk
/// and of those who die, both over S₀.
#[derive(Clone, Copy, Default)]
struct Step {
    s0: f64,
    /// Of the cumulative hazard, to all at risk.
    hazard: f64,
    /// What those who die are spared of it.
    spared: f64,
    /// What multiplies `SSᵀ`, −(`SDᵀ` + `DSᵀ`) and `DDᵀ`.
    ss: f64,
    sd: f64,
    dd: f64,
    log_likelihood: f64,
}

/// The likelihood at some coefficients, with what its derivatives need.
pub(in crate::survival) struct Sums {
    pub(super) log_likelihood: f64,
    /// Of each stratum, what was taken off its linear predictors.
    pub(super) shift: Vec<f64>,
    /// w exp(β·z − shift) of each row, in the order of time.
    pub(super) r: Vec<f64>,
    /// Of each event time.
    steps: Vec<Step>,
    /// Of each chunk, Σ r and Σ r z over those at risk after it.
    after: Vec<Vec<f64>>,
}

impl<'a> RiskSets<'a> {
    pub(super) fn new(times: &'a SurvivalTimes, covariates: Covariates<'_>, ties: CoxTies) -> Self {
        let n = times.len();
        let columns: Vec<&[f64]> = covariates.values.chunks_exact(n).collect();
        let centred = each(&columns, |column| centre_and_scale(column));
        // One column after the other, so that the column stays in the cache while its rows are taken out of order.
        let mut z = vec![0.0; covariates.values.len()];
        let mut written: Vec<_> = z.chunks_exact_mut(n).zip(&columns).zip(&centred).collect();
        each_mut(&mut written, |((to, column), (mean, sd))| {
            to.iter_mut().zip(times.rows()).for_each(|(z, &row)| *z = (column[row as usize] - mean) / sd);
        });
        let mut sets = Self {
            times,
            ties,
            mean: centred.iter().map(|(mean, _)| *mean).collect(),
            sd: centred.iter().map(|(_, sd)| *sd).collect(),
            z,
            weight: times.weights(),
            entry: times.entries(),
            deaths: Vec::new(),
            chunks: Vec::new(),
            entering: Vec::new(),
            entered: Vec::new(),
            of_events: Vec::new(),
        };
        sets.lay_out();
        sets.of_events = sets.sum_over_events();
        sets
    }

    /// Σ w z over the events.
    fn sum_over_events(&self) -> Vec<f64> {
        let places: Vec<usize> = (0..self.chunks.len()).collect();
        let parts = each(&places, |&c| {
            let chunk = &self.chunks[c];
            let mut dead = vec![0.0; chunk.rows.len()];
            for i in self.deaths[chunk.deaths.clone()].iter().flat_map(Death::rows) {
                dead[i - chunk.rows.start] = self.weight(i);
            }
            let mut sums = vec![0.0; self.p()];
            for rows in ranges(chunk.rows.clone(), BLOCK) {
                let of = rows.start - chunk.rows.start..rows.end - chunk.rows.start;
                add_dots(&mut sums, &dead[of], &self.columns(&rows));
            }
            sums
        });
        in_order(parts.iter())
    }

    /// Event times and chunks, found backwards in time and then turned round.
    fn lay_out(&mut self) {
        let strata: Vec<_> = self.times.each_stratum().collect();
        let mut end = self.times.len();
        let mut segment = 0;
        let mut deaths_of: Vec<usize> = Vec::new();
        for (stratum, of) in strata.into_iter().enumerate().rev() {
            let first = end - of.len();
            let entering = of.by_entry_descending();
            let (mut taken, mut at_risk) = (0, 0);
            for ties in of.ties().rev() {
                let time = ties.time;
                let from = self.entering.len();
                while let Some(&i) = entering.get(taken).filter(|&&i| of.entry.is_some_and(|entry| entry[i] >= time)) {
                    self.entering.push((first + i) as u32);
                    taken += 1;
                    at_risk -= 1;
                }
                let begins = at_risk == 0;
                segment += usize::from(begins);
                if begins || self.chunks.last().is_none_or(|chunk| chunk.rows.len() >= CHUNK) {
                    let rows = first + ties.end..first + ties.end;
                    // Nobody is left for entries at the end of a segment to be taken from.
                    let from = if begins { self.entering.len() } else { from };
                    self.chunks.push(Chunk { stratum, segment, rows, deaths: 0..0, entries: from..from });
                    deaths_of.push(0);
                }
                at_risk += ties.len();
                let events = ties.events;
                if events > 0 {
                    let weight = of.weight_of(ties.with_event());
                    let start = (first + ties.start) as u32;
                    self.deaths.push(Death { time, start, events: events as u32, weight });
                }
                if let (Some(chunk), Some(count)) = (self.chunks.last_mut(), deaths_of.last_mut()) {
                    chunk.rows.start = first + ties.start;
                    chunk.entries.end = self.entering.len();
                    *count += usize::from(events > 0);
                }
            }
            end = first;
        }
        self.deaths.reverse();
        self.chunks.reverse();
        let mut next = 0;
        for (chunk, count) in self.chunks.iter_mut().zip(deaths_of.into_iter().rev()) {
            chunk.deaths = next..next + count;
            next += count;
        }
        let Some(entry) = self.entry else { return };
        let mut entered = vec![None; self.times.len()];
        for segment in self.chunks.chunk_by(|a, b| a.segment == b.segment) {
            let (first, last) = (&segment[0], &segment[segment.len() - 1]);
            let deaths = &self.deaths[first.deaths.start..last.deaths.end];
            for i in first.rows.start..last.rows.end {
                let before = deaths.partition_point(|death| death.time <= entry[i]);
                entered[i] = before.checked_sub(1).map(|k| (first.deaths.start + k) as u32);
            }
        }
        self.entered = entered;
    }

    pub(super) fn p(&self) -> usize {
        self.mean.len()
    }

    /// A covariate, centred and scaled, in the order of time.
    pub(super) fn column(&self, j: usize) -> &[f64] {
        let n = self.times.len();
        &self.z[j * n..(j + 1) * n]
    }

    fn columns(&self, rows: &Range<usize>) -> Vec<&[f64]> {
        (0..self.p()).map(|j| &self.column(j)[rows.clone()]).collect()
    }

    pub(super) fn weight(&self, i: usize) -> f64 {
        self.weight.map_or(1.0, |weight| weight[i])
    }

    pub(in crate::survival) fn deaths(&self) -> &[Death] {
        &self.deaths
    }

    pub(super) fn weight_of_events(&self) -> f64 {
        self.deaths.iter().map(|death| death.weight).sum()
    }

    /// Whether those who have the event together are taken apart from those who are at risk with them.
    fn apart(&self, death: &Death) -> bool {
        self.ties == CoxTies::Efron && death.events > 1
    }

    /// The parts into which the events of one time fall: how much of those who die is out of the risk set. Each part has
    /// the same share of the events.
    pub(super) fn parts(&self, death: &Death) -> impl Iterator<Item = f64> + use<> {
        let parts = if self.ties == CoxTies::Efron { death.events } else { 1 };
        (0..parts).map(move |l| f64::from(l) / f64::from(parts))
    }

    /// The likelihood at some coefficients.
    pub(in crate::survival) fn at(&self, beta: &[f64]) -> Sums {
        let mut shift = vec![0.0; self.times.strata()];
        let (mut r, mut totals, greatest) = self.exponentials(beta, &shift);
        if greatest.iter().any(|greatest| greatest.abs() > FAR) {
            shift = greatest;
            (r, totals, _) = self.exponentials(beta, &shift);
        }
        self.take_off_entries(&r, &mut totals);
        let after = self.after(totals);
        let steps = self.steps(&r, &after);
        let of_events: f64 = self.of_events.iter().zip(beta).map(|(z, beta)| z * beta).sum();
        let moved: f64 = (self.chunks.iter().filter(|chunk| shift[chunk.stratum] != 0.0))
            .flat_map(|chunk| self.deaths[chunk.deaths.clone()].iter().map(|death| death.weight * shift[chunk.stratum]))
            .sum();
        let log_likelihood = of_events - moved + steps.iter().map(|step| step.log_likelihood).sum::<f64>();
        Sums { log_likelihood, shift, r, steps, after }
    }

    /// r of each row, by chunk Σ r and Σ r z, and by stratum the greatest linear predictor.
    fn exponentials(&self, beta: &[f64], shift: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>, Vec<f64>) {
        let mut r = vec![0.0; self.times.len()];
        let p = self.p();
        let written = pieces(&mut r, self.chunks.iter().map(|chunk| chunk.rows.len()));
        let empty = vec![vec![0.0; 1 + p]; self.chunks.len()];
        let mut parts: Vec<_> =
            self.chunks.iter().zip(written).zip(empty).map(|((chunk, r), sums)| (chunk, r, sums, f64::MIN)).collect();
        each_mut(&mut parts, |(chunk, r, sums, greatest)| {
            for rows in ranges(chunk.rows.clone(), BLOCK) {
                let r = &mut r[rows.start - chunk.rows.start..rows.end - chunk.rows.start];
                let columns = self.columns(&rows);
                r.fill(-shift[chunk.stratum]);
                predict(r, &columns, beta);
                for eta in r.iter() {
                    *greatest = if *eta > *greatest { *eta } else { *greatest };
                }
                exp(r);
                if let Some(weight) = self.weight {
                    r.iter_mut().zip(&weight[rows]).for_each(|(r, w)| *r *= w);
                }
                sums[0] += total(r);
                add_dots(&mut sums[1..], r, &columns);
            }
        });
        let mut of_strata = vec![f64::MIN; shift.len()];
        let mut totals = Vec::with_capacity(parts.len());
        for (chunk, _, sums, greatest) in parts {
            of_strata[chunk.stratum] = f64::max(of_strata[chunk.stratum], greatest);
            totals.push(sums);
        }
        (r, totals, of_strata)
    }

    /// Takes off each chunk's sums those of its entries.
    fn take_off_entries(&self, r: &[f64], totals: &mut [Vec<f64>]) {
        for (chunk, total) in self.chunks.iter().zip(totals) {
            for &i in &self.entering[chunk.entries.clone()] {
                total[0] -= r[i as usize];
                for j in 0..self.p() {
                    total[1 + j] -= r[i as usize] * self.column(j)[i as usize];
                }
            }
        }
    }

    /// The sums over those at risk after each chunk, within its segment.
    fn after(&self, totals: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
        let mut sums = vec![0.0; 1 + self.p()];
        let mut after = totals;
        for (c, total) in after.iter_mut().enumerate().rev() {
            if self.chunks.get(c + 1).is_none_or(|next| next.segment != self.chunks[c].segment) {
                sums.fill(0.0);
            }
            let own = std::mem::replace(total, sums.clone());
            sums.iter_mut().zip(own).for_each(|(sum, x)| *sum += x);
        }
        after
    }

    /// Visits the event times of a chunk backwards, by place, with the rows that come to be at risk since the last: those
    /// who die if they are apart (otherwise none), the others, and the rows that had not entered.
    fn backwards(&self, chunk: &Chunk, mut visit: impl FnMut(usize, &Death, Range<usize>, Range<usize>, &[u32])) {
        let mut until = chunk.rows.end;
        let mut entries = &self.entering[chunk.entries.clone()];
        for k in chunk.deaths.clone().rev() {
            let death = &self.deaths[k];
            let dying = if self.apart(death) { death.rows() } else { death.rows().start..death.rows().start };
            let late = self.late(entries, death);
            visit(k, death, dying.clone(), dying.end..until, &entries[..late]);
            entries = &entries[late..];
            until = dying.start;
        }
    }

    fn steps(&self, r: &[f64], after: &[Vec<f64>]) -> Vec<Step> {
        let mut steps = vec![Step::default(); self.deaths.len()];
        let written = pieces(&mut steps, self.chunks.iter().map(|chunk| chunk.deaths.len()));
        let mut parts: Vec<_> = self.chunks.iter().zip(after).zip(written).collect();
        each_mut(&mut parts, |((chunk, after), steps)| {
            let mut s0 = after[0];
            self.backwards(chunk, |k, death, dying, others, late| {
                for &i in late {
                    s0 -= r[i as usize];
                }
                let dead = total(&r[dying]);
                s0 += total(&r[others]) + dead;
                steps[k - chunk.deaths.start] = self.step(death, s0, dead / s0);
            });
        });
        steps
    }

    /// Of all parts together, so that d events cost no more vectors than one:
    /// Σ (S − f D) / (1 − f δ)ⁿ = S Σ (1 − f δ)⁻ⁿ − D Σ f (1 − f δ)⁻ⁿ.
    fn step(&self, death: &Death, s0: f64, dead: f64) -> Step {
        let w = death.weight;
        let alone = Step { s0, hazard: w / s0, ss: w, log_likelihood: -w * libm::log(s0), ..Step::default() };
        if !self.apart(death) {
            return alone;
        }
        let (mut a1, mut b1, mut a2, mut b2, mut c2) = (0.0, 0.0, 0.0, 0.0, 0.0);
        // The logarithm of a product: sixteen factors of at least 1 / d are far from underflow.
        let (mut product, mut factors, mut log) = (1.0, 0, 0.0);
        for out in self.parts(death) {
            let left = 1.0 - out * dead;
            let first = 1.0 / left;
            let second = first * first;
            a1 += first;
            b1 += first * out;
            a2 += second;
            b2 += second * out;
            c2 += second * out * out;
            product *= left;
            factors += 1;
            if factors == 16 {
                log += libm::log(product);
                (product, factors) = (1.0, 0);
            }
        }
        log += libm::log(product);
        let share = w / f64::from(death.events);
        Step {
            hazard: share * a1 / s0,
            spared: share * b1 / s0,
            ss: share * a2,
            sd: share * b2,
            dd: share * c2,
            log_likelihood: alone.log_likelihood - share * log,
            ..alone
        }
    }

    /// The cumulative hazard at each event time, within its segment; each event time counts `g` times.
    fn cumulative(&self, sums: &Sums, g: Option<&[f64]>) -> Vec<f64> {
        let mut cumulative = Vec::with_capacity(self.deaths.len());
        for segment in self.chunks.chunk_by(|a, b| a.segment == b.segment) {
            let mut sum = 0.0;
            for k in segment.iter().flat_map(|chunk| chunk.deaths.clone()) {
                sum += sums.steps[k].hazard * g.map_or(1.0, |g| g[k]);
                cumulative.push(sum);
            }
        }
        cumulative
    }

    /// The expected events of the rows of a chunk, weights and `g` included.
    fn expected(&self, c: usize, sums: &Sums, cumulative: &[f64], g: Option<&[f64]>) -> Vec<f64> {
        let chunk = &self.chunks[c];
        let mut expected = vec![0.0; chunk.rows.len()];
        let follows = c > 0 && self.chunks[c - 1].segment == chunk.segment;
        let mut level = if follows && chunk.deaths.start > 0 { self.level_before(c, cumulative) } else { 0.0 };
        let mut from = chunk.rows.start;
        let mut fill = |rows: Range<usize>, level: f64| {
            let of = &mut expected[rows.start - chunk.rows.start..rows.end - chunk.rows.start];
            of.iter_mut().zip(&sums.r[rows]).for_each(|(expected, r)| *expected = r * level);
        };
        for k in chunk.deaths.clone() {
            let death = &self.deaths[k];
            fill(from..death.rows().start, level);
            level = cumulative[k];
            from = death.rows().start;
            if self.apart(death) {
                fill(death.rows(), level - sums.steps[k].spared * g.map_or(1.0, |g| g[k]));
                from = death.rows().end;
            }
        }
        fill(from..chunk.rows.end, level);
        if self.entry.is_some() {
            for (i, expected) in chunk.rows.clone().zip(&mut expected) {
                *expected -= self.entered[i].map_or(0.0, |k| sums.r[i] * cumulative[k as usize]);
            }
        }
        expected
    }

    /// The cumulative hazard before a chunk that goes on with a segment.
    fn level_before(&self, c: usize, cumulative: &[f64]) -> f64 {
        let segment = self.chunks[c].segment;
        let before = self.chunks[..c].iter().rev().take_while(|chunk| chunk.segment == segment);
        before
            .filter(|chunk| !chunk.deaths.is_empty())
            .map(|chunk| cumulative[chunk.deaths.end - 1])
            .next()
            .unwrap_or(0.0)
    }

    /// Slope and information of the likelihood, each event time counting `g` times.
    pub(in crate::survival) fn derivatives(&self, sums: &Sums, g: Option<&[f64]>) -> (Vec<f64>, DMatrix<f64>) {
        let p = self.p();
        let cumulative = self.cumulative(sums, g);
        let places: Vec<usize> = (0..self.chunks.len()).collect();
        let parts = each(&places, |&c| {
            let chunk = &self.chunks[c];
            let mut total = vec![0.0; p + triangle(p)];
            let mut expected = self.expected(c, sums, &cumulative, g);
            for rows in ranges(chunk.rows.clone(), BLOCK) {
                let of = rows.start - chunk.rows.start..rows.end - chunk.rows.start;
                add_products(&mut total[p..], &expected[of], &self.columns(&rows));
            }
            // Events less events expected.
            expected.iter_mut().for_each(|x| *x = -*x);
            for k in chunk.deaths.clone() {
                let times = g.map_or(1.0, |g| g[k]);
                for i in self.deaths[k].rows() {
                    expected[i - chunk.rows.start] += self.weight(i) * times;
                }
            }
            for rows in ranges(chunk.rows.clone(), BLOCK) {
                let of = rows.start - chunk.rows.start..rows.end - chunk.rows.start;
                add_dots(&mut total[..p], &expected[of], &self.columns(&rows));
            }
            let mut means = Means::new(p);
            self.each_mean(c, sums, |k, step, s, d| {
                means.push(step, g.map_or(1.0, |g| g[k]), s, d);
                if means.count == BLOCK {
                    means.take_off(&mut total[p..]);
                }
            });
            means.take_off(&mut total[p..]);
            total
        });
        let total = in_order(parts.iter());
        (total[..p].to_vec(), symmetric(p, &total[p..]))
    }

    /// Visits the event times of a chunk backwards with S₁ / S₀ of those at risk and, where they are apart, of those who
    /// die.
    fn each_mean(&self, c: usize, sums: &Sums, mut visit: impl FnMut(usize, &Step, &[f64], Option<&[f64]>)) {
        let (p, chunk, r) = (self.p(), &self.chunks[c], &sums.r);
        let all = self.columns(&(0..self.times.len()));
        let mut s1 = sums.after[c][1..].to_vec();
        let (mut s, mut d) = (vec![0.0; p], vec![0.0; p]);
        let mut dead = vec![0.0; p];
        self.backwards(chunk, |k, _, dying, others, late| {
            let step = &sums.steps[k];
            let scale = 1.0 / step.s0;
            for &i in late {
                s1.iter_mut().zip(&all).for_each(|(s1, column)| *s1 -= r[i as usize] * column[i as usize]);
            }
            add_dots_of(&mut s1, r, &all, others);
            if !dying.is_empty() {
                dead.fill(0.0);
                add_dots_of(&mut dead, r, &all, dying.clone());
                for j in 0..p {
                    s1[j] += dead[j];
                    d[j] = dead[j] * scale;
                }
            }
            s.iter_mut().zip(&s1).for_each(|(s, s1)| *s = s1 * scale);
            visit(k, step, &s, (!dying.is_empty()).then_some(&d));
        });
    }

    /// Visits all event times backwards, segment after segment: whether it is the last of its segment, its place, and the
    /// rows that come to be at risk and that had not entered since the one after it.
    pub(super) fn walk(&self, mut visit: impl FnMut(bool, usize, &Death, Range<usize>, &[u32])) {
        for segment in self.chunks.chunk_by(|a, b| a.segment == b.segment) {
            let (first, last) = (&segment[0], &segment[segment.len() - 1]);
            let mut until = last.rows.end;
            let mut entries = &self.entering[last.entries.start..first.entries.end];
            let deaths = first.deaths.start..last.deaths.end;
            for k in deaths.clone().rev() {
                let death = &self.deaths[k];
                let late = self.late(entries, death);
                visit(k + 1 == deaths.end, k, death, death.rows().start..until, &entries[..late]);
                entries = &entries[late..];
                until = death.rows().start;
            }
        }
    }

    /// How many of some entries, latest first, are not before an event time.
    fn late(&self, entries: &[u32], death: &Death) -> usize {
        self.entry.map_or(0, |entry| entries.partition_point(|&i| entry[i as usize] >= death.time))
    }

    /// The rows at risk at an event time.
    pub(super) fn at_risk(&self, death: &Death) -> Vec<usize> {
        let place = self.chunks.partition_point(|chunk| chunk.rows.end <= death.rows().start);
        let segment = self.chunks[place..].iter().take_while(|chunk| chunk.segment == self.chunks[place].segment);
        let end = segment.last().map_or(0, |chunk| chunk.rows.end);
        let entered = |&i: &usize| self.entry.is_none_or(|entry| entry[i] < death.time);
        (death.rows().start..end).filter(entered).collect()
    }

    pub(super) fn weight_of(&self, death: &Death) -> f64 {
        death.weight
    }

    pub(super) fn entry(&self, i: usize) -> Option<f64> {
        self.entry.map(|entry| entry[i])
    }

    /// A row's covariates, centred and scaled.
    pub(super) fn row(&self, i: usize) -> Vec<f64> {
        (0..self.p()).map(|j| self.column(j)[i]).collect()
    }

    /// Of each row in the order of time its score residual: its part of the slope, its share in the risk sets included.
    /// Of each event time, the mean that its events are seen from.
    pub(super) fn influence(&self, sums: &Sums) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
        let p = self.p();
        let empty = || vec![vec![0.0; p]; self.deaths.len()];
        // Mean of the parts; hazard times mean, and the same for those who die.
        let (mut mean, mut pull, mut pull_dying) = (empty(), empty(), empty());
        for c in 0..self.chunks.len() {
            self.each_mean(c, sums, |k, step, s, d| {
                let w = self.deaths[k].weight;
                for j in 0..p {
                    let (s, d) = (s[j], d.map_or(0.0, |d| d[j]));
                    mean[k][j] = (step.hazard * step.s0 * s - step.spared * step.s0 * d) / w;
                    pull[k][j] = (step.ss * s - step.sd * d) / step.s0;
                    pull_dying[k][j] = pull[k][j] - (step.sd * s - step.dd * d) / step.s0;
                }
            });
        }
        let cumulative = self.cumulative(sums, None);
        let mut pulled = vec![vec![0.0; p]; self.deaths.len()];
        let mut scores = vec![vec![0.0; p]; self.times.len()];
        for segment in self.chunks.chunk_by(|a, b| a.segment == b.segment) {
            let (first, last) = (&segment[0], &segment[segment.len() - 1]);
            let deaths = first.deaths.start..last.deaths.end;
            for k in deaths.clone() {
                let before = if k > deaths.start { pulled[k - 1].clone() } else { vec![0.0; p] };
                pulled[k] = before.iter().zip(&pull[k]).map(|(a, b)| a + b).collect();
            }
            let rows = first.rows.start..last.rows.end;
            for (i, score) in rows.clone().zip(&mut scores[rows]) {
                let seen =
                    deaths.start + self.deaths[deaths.clone()].partition_point(|death| death.start as usize <= i);
                let own = seen.checked_sub(1).filter(|&k| k >= deaths.start);
                let dies = own.filter(|&k| self.deaths[k].rows().contains(&i));
                let entered = self.entered.get(i).copied().flatten().map(|k| k as usize);
                let spared = dies.map_or(0.0, |k| sums.steps[k].spared);
                let level = |k: Option<usize>| k.map_or(0.0, |k| cumulative[k]);
                let hazard = level(own) - spared - level(entered);
                let share = sums.r[i] / self.weight(i);
                for j in 0..p {
                    let z = self.column(j)[i];
                    let drawn = |k: Option<usize>| k.map_or(0.0, |k| pulled[k][j]);
                    let less = dies.map_or(0.0, |k| pull[k][j] - pull_dying[k][j]);
                    let event = dies.map_or(0.0, |k| z - mean[k][j]);
                    score[j] = event - share * (z * hazard - (drawn(own) - less - drawn(entered)));
                }
            }
        }
        (scores, mean)
    }

    /// Of each row as it was given: events less events expected.
    pub(super) fn martingale(&self, sums: &Sums) -> Vec<f64> {
        let cumulative = self.cumulative(sums, None);
        let mut residuals = vec![0.0; self.times.len()];
        let (rows, is_event) = (self.times.rows(), self.times.is_event());
        for (c, chunk) in self.chunks.iter().enumerate() {
            for (i, expected) in chunk.rows.clone().zip(self.expected(c, sums, &cumulative, None)) {
                residuals[rows[i] as usize] = f64::from(u8::from(is_event[i])) - expected / self.weight(i);
            }
        }
        residuals
    }

    /// The cumulative baseline hazard of each stratum.
    pub(super) fn baselines(&self, sums: &Sums) -> Vec<Baseline> {
        (self.chunks.chunk_by(|a, b| a.stratum == b.stratum))
            .map(|chunks| {
                let deaths = chunks[0].deaths.start..chunks[chunks.len() - 1].deaths.end;
                let mut sum = 0.0;
                let add = |step: &Step| {
                    sum += step.hazard;
                    sum
                };
                Baseline {
                    time: self.deaths[deaths.clone()].iter().map(|death| death.time).collect(),
                    hazard: sums.steps[deaths].iter().map(add).collect(),
                    shift: sums.shift[chunks[0].stratum],
                }
            })
            .collect()
    }
}

/// The means over risk sets of some event times, to take their products off the information.
struct Means {
    count: usize,
    tied: bool,
    /// S, and what multiplies it.
    s: Vec<Column>,
    of_s: Vec<Column>,
    /// D, and what multiplies it.
    d: Vec<Column>,
    of_d: Vec<Column>,
}

impl Means {
    fn new(p: usize) -> Self {
        let columns = || vec![[0.0; BLOCK]; p];
        Self { count: 0, tied: false, s: columns(), of_s: columns(), d: columns(), of_d: columns() }
    }

    fn push(&mut self, step: &Step, g: f64, s: &[f64], d: Option<&[f64]>) {
        let at = self.count;
        self.count += 1;
        for (j, &s) in s.iter().enumerate() {
            self.s[j][at] = s;
            self.of_s[j][at] = g * step.ss * s;
        }
        if let Some(d) = d {
            self.tied = true;
            for (j, (&s, &d)) in s.iter().zip(d).enumerate() {
                self.d[j][at] = d;
                self.of_s[j][at] -= g * step.sd * d;
                self.of_d[j][at] = g * (step.dd * d - step.sd * s);
            }
        }
    }

    /// Takes what has come off the lower triangle, and begins anew.
    fn take_off(&mut self, information: &mut [f64]) {
        if self.count == 0 {
            return;
        }
        let used = self.count.next_multiple_of(BLOCK);
        for columns in [&mut self.s, &mut self.of_s, &mut self.d, &mut self.of_d] {
            for column in columns {
                column[self.count..used].fill(0.0);
            }
        }
        let mut place = 0;
        for j in 0..self.s.len() {
            for k in 0..=j {
                information[place] -= dot(&self.of_s[j], &self.s[k]);
                if self.tied {
                    information[place] -= dot(&self.of_d[j], &self.d[k]);
                }
                place += 1;
            }
        }
        for columns in [&mut self.d, &mut self.of_d] {
            columns.iter_mut().filter(|_| self.tied).for_each(|column| column.fill(0.0));
        }
        (self.count, self.tied) = (0, false);
    }
}

/// The cumulative baseline hazard of a stratum, for those whose linear predictor is `shift`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Baseline {
    pub(super) time: Vec<f64>,
    pub(super) hazard: Vec<f64>,
    pub(super) shift: f64,
}
