//! Annealing that keeps what every group is made of.
//!
//! A move exchanges what two patients of a group have, or nudges values by steps that leave the variable's own
//! statistics where they print as published. What is drawn is the threshold first: terms are summed from cheap to dear
//! and the sum stops where it is above.

use super::super::marginal::{Marginal, step};
use super::super::problem::{GroupIndex, Problem, Rule, Survival, Values, VariableIndex};
use super::super::random::Random;
use super::super::rules::rule_variables;
use super::state::{Move, State};
use super::survival;
use super::term::{Compiled, TIMES, bit};

/// Largest nudge of one value, in standard deviations.
const NUDGE: f64 = 0.15;

/// What a pull may lose in a move that leads away, so that a corner is not a dead end.
const WARMTH: f64 = 1.0;

/// A phase of the search: moves, and the temperatures between which it cools.
#[derive(Clone, Copy, Debug)]
pub(in crate::reconstruct) struct Schedule {
    pub(in crate::reconstruct) moves: usize,
    pub(in crate::reconstruct) hot: f64,
    pub(in crate::reconstruct) cold: f64,
}

/// The joint search over one problem.
pub(in crate::reconstruct) struct Joint<'p> {
    problem: &'p Problem,
    marginals: &'p [Option<Marginal<'p>>],
    pub(in crate::reconstruct) state: State,
    terms: Vec<Compiled>,
    losses: Vec<f64>,
    /// The variables that terms are made of.
    pub(in crate::reconstruct) involved: Vec<VariableIndex>,
    /// Their largest nudge; 0 for codes.
    reach: Vec<i64>,
    timed: bool,
}

/// What the terms cost after a move that is tried, and the coefficients of their models.
struct Trial {
    starts: Vec<Vec<f64>>,
    losses: Vec<f64>,
}

impl<'p> Joint<'p> {
    pub(in crate::reconstruct) fn new(
        problem: &'p Problem,
        marginals: &'p [Option<Marginal<'p>>],
        state: State,
    ) -> Self {
        let n = problem.patients();
        let mut terms: Vec<Compiled> = problem.terms.iter().map(|term| Compiled::new(term, n)).collect();
        terms.extend(Compiled::score(problem));
        let bits = terms.iter().fold(0, |bits, term| bits | term.touches);
        let is_involved = |variable: &usize| bits & bit(*variable) != 0;
        let whole = |rule: &&Rule| rule_variables(rule).iter().all(is_involved);
        terms.extend(problem.rules.iter().filter(whole).map(|rule| Compiled::rule(rule, n)));
        terms.retain(Compiled::fits);
        terms.sort_by_key(|term| term.cost);
        let involved: Vec<usize> = (0..problem.variables.len()).filter(is_involved).collect();
        let reach = (0..problem.variables.len())
            .map(|variable| match problem.variables[variable].values {
                Values::Numbers(_) => ((NUDGE * spread(&state.units[variable])) as i64).max(1),
                Values::Codes(_) => 0,
            })
            .collect();
        let losses = vec![0.0; terms.len()];
        Self { problem, marginals, state, terms, losses, involved, reach, timed: false }
    }

    /// The sum of all terms asked.
    pub(in crate::reconstruct) fn total(&self) -> f64 {
        self.losses.iter().sum()
    }

    /// Takes the terms without times alone.
    pub(in crate::reconstruct) fn without_times(&mut self) {
        self.timed = false;
        self.measure();
    }

    /// Gives times to the patients, and takes all terms.
    pub(in crate::reconstruct) fn with_times(&mut self, survival: &Survival, random: &mut Random) {
        survival::assign(self.problem, survival, &mut self.state, random);
        self.timed = true;
        self.measure();
    }

    fn measure(&mut self) {
        for (place, term) in self.terms.iter_mut().enumerate() {
            self.losses[place] = 0.0;
            if self.timed || !term.timed {
                let mut start = vec![0.0; term.start.len()];
                self.losses[place] = term.loss(self.problem, &self.state, &mut start);
                term.start = start;
            }
        }
    }

    /// Moves by a schedule, until everything is met or the moves are spent. `only_times`: no change but of times.
    pub(in crate::reconstruct) fn anneal(&mut self, schedule: Schedule, only_times: bool, random: &mut Random) {
        let cooling = step(schedule.hot, schedule.cold, schedule.moves);
        let mut temperature = schedule.hot;
        let mut trial = self.trial();
        let mut total = self.total();
        for _ in 0..schedule.moves {
            if total == 0.0 {
                break;
            }
            temperature *= cooling;
            let Some((change, touched)) = self.propose(only_times, random) else { continue };
            let limit = total + temperature * random.exponential();
            self.state.make(change);
            if self.is_within(limit, change, touched, &mut trial) {
                self.accept(touched, &mut trial);
                total = self.total();
            } else {
                self.state.undo(change);
            }
        }
    }

    /// Leads a state that meets everything away from where it was found, every step of the way meeting everything.
    ///
    /// Each variable involved is given a sign by chance, and a patient's pull is the sum of the signed values. Moves that
    /// spread the pulls are taken, so that each pair of variables tends to a correlation of the signs' product, as far
    /// as what is printed lets it: another draw of signs leads to another corner of what is open.
    pub(in crate::reconstruct) fn lead_away(&mut self, moves: usize, random: &mut Random) {
        let signs: Vec<f64> =
            (0..self.problem.variables.len()).map(|_| if random.below(2) == 0 { 1.0 } else { -1.0 }).collect();
        let mut trial = self.trial();
        for _ in 0..moves {
            let Some((change, touched)) = self.propose(false, random) else { continue };
            let before = self.pull(change, &signs);
            self.state.make(change);
            let gained = self.pull(change, &signs) - before;
            if gained > -WARMTH * random.exponential() && self.is_within(0.0, change, touched, &mut trial) {
                self.accept(touched, &mut trial);
            } else {
                self.state.undo(change);
            }
        }
    }

    /// The squared pulls of the patients whom a change is about.
    fn pull(&self, change: Move, signs: &[f64]) -> f64 {
        let of = |patient: usize| {
            let sum: f64 =
                self.involved.iter().map(|variable| signs[*variable] * self.state.x[*variable][patient]).sum();
            sum * sum
        };
        match change {
            Move::Swap(_, i, j) | Move::SwapBoth(_, _, i, j) | Move::NudgePair(_, i, j, _) => of(i) + of(j),
            Move::Nudge(_, i, _) => of(i),
            Move::Record(..) | Move::Time(..) => 0.0,
        }
    }

    /// Room for the losses of a move that is tried.
    fn trial(&self) -> Trial {
        Trial { starts: self.terms.iter().map(|term| term.start.clone()).collect(), losses: self.losses.clone() }
    }

    /// Whether the loss after a change that was made is at most a limit.
    fn is_within(&self, limit: f64, change: Move, touched: u128, trial: &mut Trial) -> bool {
        let mut sum: f64 = self
            .terms
            .iter()
            .zip(&self.losses)
            .filter(|(term, _)| term.touches & touched == 0)
            .map(|(_, loss)| loss)
            .sum();
        if sum > limit || !self.keeps_marginal(change) {
            return false;
        }
        for (place, term) in self.terms.iter().enumerate() {
            if term.touches & touched == 0 || (term.timed && !self.timed) {
                continue;
            }
            trial.starts[place].copy_from_slice(&term.start);
            trial.losses[place] = term.loss(self.problem, &self.state, &mut trial.starts[place]);
            sum += trial.losses[place];
            if sum > limit {
                return false;
            }
        }
        true
    }

    /// Takes what was tried.
    fn accept(&mut self, touched: u128, trial: &mut Trial) {
        for (place, term) in self.terms.iter_mut().enumerate() {
            if term.touches & touched != 0 && (self.timed || !term.timed) {
                self.losses[place] = trial.losses[place];
                std::mem::swap(&mut term.start, &mut trial.starts[place]);
            }
        }
    }

    /// Whether a nudge leaves the variable's own statistics where they print as published.
    fn keeps_marginal(&self, change: Move) -> bool {
        let (Move::Nudge(variable, ..) | Move::NudgePair(variable, ..)) = change else { return true };
        let units = &self.state.units[variable];
        self.marginals[variable].as_ref().is_some_and(|marginal| marginal.excess(units) == 0.0)
    }

    /// A change, and what it touches.
    fn propose(&self, only_times: bool, random: &mut Random) -> Option<(Move, u128)> {
        let touches = self.aim(random);
        let times = self.timed && (only_times || (touches & TIMES != 0 && random.below(3) == 0));
        if times {
            return self.propose_times(random);
        }
        let candidates: Vec<usize> =
            self.involved.iter().copied().filter(|variable| touches & bit(*variable) != 0).collect();
        if candidates.is_empty() {
            return None;
        }
        let variable = candidates[random.below(candidates.len())];
        let group = random.below(self.problem.groups.len());
        let members = self.problem.members(group);
        let (i, j) = (members.start + random.below(members.len()), members.start + random.below(members.len()));
        let units = &self.state.units[variable];
        let reach = self.reach[variable];
        if reach > 0 && random.below(4) == 0 {
            let size = 1 + (reach as f64 * random.unit() * random.unit() * random.unit()) as i64;
            let size = if random.below(2) == 0 { size } else { -size };
            let pair = random.below(2) == 0;
            if pair && i == j {
                return None;
            }
            let change = if pair { Move::NudgePair(variable, i, j, size) } else { Move::Nudge(variable, i, size) };
            return Some((change, bit(variable)));
        }
        if units[i] == units[j] {
            return None;
        }
        if random.below(6) == 0 {
            let other = candidates[random.below(candidates.len())];
            if other != variable {
                return Some((Move::SwapBoth(variable, other, i, j), bit(variable) | bit(other)));
            }
        }
        Some((Move::Swap(variable, i, j), bit(variable)))
    }

    /// What to change: half of the time what a term is made of that is not met, one as likely as its loss is large.
    fn aim(&self, random: &mut Random) -> u128 {
        let all = if self.timed { u128::MAX } else { !TIMES };
        if random.below(2) == 0 {
            return all;
        }
        let mut place = self.total() * random.unit();
        for (term, loss) in self.terms.iter().zip(&self.losses) {
            place -= loss;
            if place < 0.0 {
                return term.touches & all;
            }
        }
        all
    }

    fn propose_times(&self, random: &mut Random) -> Option<(Move, u128)> {
        let n = self.problem.patients();
        let (i, j) = (random.below(n), random.below(n));
        let state = &self.state;
        if i == j {
            return None;
        }
        let same_group = state.group_of[i] == state.group_of[j];
        let same_side = state.is_early(i) == state.is_early(j);
        if same_group {
            // The group keeps its events, early and late, whoever has them.
            let whole = !same_side || random.below(2) == 0;
            return Some((if whole { Move::Record(i, j) } else { Move::Time(i, j) }, TIMES));
        }
        if same_side && (state.has_event(i) == state.has_event(j) || random.below(2) == 0) {
            return Some((Move::Time(i, j), TIMES));
        }
        let survival = self.problem.survival.as_ref()?;
        let open = |known: &[Option<usize>]| {
            let is_open = |group: GroupIndex| known.get(group).copied().flatten().is_none();
            is_open(state.group_of[i]) && is_open(state.group_of[j])
        };
        let free = open(&survival.events) && (same_side || open(&survival.early));
        free.then_some((Move::Record(i, j), TIMES))
    }
}

fn spread(units: &[i64]) -> f64 {
    let n = units.len() as f64;
    let mean = units.iter().sum::<i64>() as f64 / n;
    (units.iter().map(|unit| (*unit as f64 - mean) * (*unit as f64 - mean)).sum::<f64>() / n).sqrt()
}
