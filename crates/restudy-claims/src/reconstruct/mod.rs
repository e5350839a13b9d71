//! Reconstruction: a synthetic cohort that meets every published number at once.
//!
//! The cohort never holds real patients: it is one of many that fit. What is found in three steps, each by itself
//! repeatable from a seed:
//!
//! 1. *Counts*, exactly: how many patients of a group lie on which side of each cut-off (`scaffold`).
//! 2. *Values*, variable by variable: whole units of the last decimal whose mean, standard deviation, quartiles, test
//!    and area under the curve print as published (`marginal`).
//! 3. *Patients*: who has which value and which time (`joint`), by annealing moves that leave every group's values
//!    as they are; then the rows that no other number is about (`free`).
//!
//! Step 3 may end in a dead end, and another attempt begins: attempts are numbered, independent of each other, and the
//! first by number that meets everything is the answer, on however many threads they are made.

mod certificate;
mod check;
mod cohort;
mod ensemble;
mod exponential;
mod free;
mod joint;
mod marginal;
pub mod problem;
mod random;
mod rules;
mod scaffold;
mod span;
mod translate;

use joint::{Joint, Schedule, State, draw_codes};
use marginal::Marginal;
use problem::{Problem, Rule, Values};
use random::Random;

use crate::record::Record;
pub use certificate::{Reconstructed, check_table};
pub use ensemble::ensemble;
pub use span::{Span, Target};
pub use translate::Translation;

/// The type of the quartiles: SPSS's and Prism's.
const QUARTILE_TYPE: u8 = 6;

/// Without times: from random to the score table, correlations and logistic models.
const STATIC: Schedule = Schedule { moves: 60_000, hot: 0.5, cold: 0.004 };
/// Times alone, to start from.
const TIMES: Schedule = Schedule { moves: 6_000, hot: 0.5, cold: 0.05 };
/// Everything.
const FULL: Schedule = Schedule { moves: 150_000, hot: 0.15, cold: 0.003 };
/// Again from a little warmth.
const REHEAT: Schedule = Schedule { moves: 40_000, hot: 0.05, cold: 0.0005 };
/// How often.
const REHEATS: usize = 4;
/// Moves that lead a cohort of an ensemble away from where it was found.
const LEAD: usize = 60_000;
/// The loss beyond which reheating has not helped.
const HOPELESS: f64 = 2.0;

impl Record {
    /// What a cohort has to meet so that every number of the record prints as it does, but for those that the audit
    /// proves impossible.
    #[must_use]
    pub fn problem(&self) -> Translation {
        translate::translate(self, &self.audit())
    }
}

/// What one attempt ended in.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Values in units of each variable's last decimal, variable by variable, patient by patient.
    pub units: Vec<Vec<i64>>,
    /// Days of follow-up, patient by patient; empty without survival.
    pub days: Vec<i64>,
    /// Whether they ended in an event.
    pub events: Vec<bool>,
    /// What is left of the loss: 0 where everything is met.
    pub loss: f64,
    /// The variables whose own statistics are not met.
    pub unmet_variables: Vec<usize>,
    /// Patients who break a rule.
    pub broken_rules: usize,
}

impl Attempt {
    /// How far it is from meeting everything; 0 where it does.
    #[must_use]
    pub fn distance(&self) -> f64 {
        self.loss + (self.unmet_variables.len() + self.broken_rules) as f64
    }

    /// Whether everything is met.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.distance() == 0.0
    }
}

/// One attempt: the same for the same problem, seed and number, on every machine.
///
/// `stop` is asked between phases; none comes back where it says so, or where no division of the patients gives the
/// score table.
pub fn attempt(problem: &Problem, seed: u64, number: u64, stop: &dyn Fn() -> bool) -> Option<Attempt> {
    search(problem, (seed, number), 0, stop)
}

/// One attempt at a cohort of an ensemble: what meets everything is led away from where it was found, to a corner of
/// what the numbers leave open that chance chooses, every step of the way meeting everything.
pub fn diverse_attempt(problem: &Problem, seed: u64, number: u64, stop: &dyn Fn() -> bool) -> Option<Attempt> {
    search(problem, (seed, number), LEAD, stop)
}

fn search(problem: &Problem, (seed, number): (u64, u64), lead: usize, stop: &dyn Fn() -> bool) -> Option<Attempt> {
    let mut random = Random::new(seed, number);
    let mut zones = scaffold::zones(problem, &mut random)?;
    let groups: Vec<_> = (0..problem.groups.len()).map(|group| problem.members(group)).collect();
    let mut marginals: Vec<Option<Marginal<'_>>> = problem.variables.iter().map(|_| None).collect();
    let mut units: Vec<Vec<i64>> = vec![Vec::new(); problem.variables.len()];
    let mut unmet_variables = Vec::new();
    for index in order(problem) {
        let variable = &problem.variables[index];
        match &variable.values {
            Values::Codes(counts) => units[index] = draw_codes(counts, &mut random),
            Values::Numbers(numbers) => {
                let larger = problem.rules.iter().find_map(|rule| match rule {
                    Rule::AtMost(small, large) if *small == index => Some(*large),
                    _ => None,
                });
                let ceiling = larger.map(|larger| sorted_groups(&units[larger], &groups));
                let is_larger = |rule: &Rule| matches!(rule, Rule::AtMost(_, large) if *large == index);
                let marginal = Marginal {
                    variable,
                    numbers,
                    groups: groups.clone(),
                    quartile_type: QUARTILE_TYPE,
                    zones: zones[index].take(),
                    prefers_ties: ceiling.is_some() || problem.rules.iter().any(is_larger),
                    ceiling,
                };
                let met;
                (units[index], met) = marginal.solve(&mut random);
                if !met {
                    unmet_variables.push(index);
                }
                marginals[index] = Some(marginal);
            }
        }
        if stop() {
            return None;
        }
    }
    let mut joint = Joint::new(problem, &marginals, State::new(problem, units));
    joint.without_times();
    joint.anneal(STATIC, false, &mut random);
    if let Some(survival) = &problem.survival {
        joint.with_times(survival, &mut random);
        joint.anneal(TIMES, true, &mut random);
    }
    for phase in std::iter::once(FULL).chain(std::iter::repeat_n(REHEAT, REHEATS)) {
        if stop() {
            return None;
        }
        // What is far away after the whole schedule is a dead end: a fresh attempt costs less than reheating.
        let total = joint.total();
        if total > 0.0 && (total < HOPELESS || phase.moves == FULL.moves) {
            joint.anneal(phase, false, &mut random);
        }
    }
    let loss = joint.total();
    if lead > 0 && loss == 0.0 && unmet_variables.is_empty() {
        joint.lead_away(lead, &mut random);
    }
    let (mut state, involved) = (joint.state, joint.involved);
    let broken_rules = free::place(problem, &mut state, &involved, &mut random);
    let patients = 0..problem.patients();
    let (days, events) = if problem.survival.is_some() {
        (
            patients.clone().map(|patient| state.days_at[state.slot_of[patient]]).collect(),
            patients.map(|patient| state.has_event(patient)).collect(),
        )
    } else {
        (Vec::new(), Vec::new())
    };
    Some(Attempt { units: state.units, days, events, loss, unmet_variables, broken_rules })
}

/// The variables, what is larger before what is smaller.
fn order(problem: &Problem) -> Vec<usize> {
    let is_small =
        |index: usize| problem.rules.iter().any(|rule| matches!(rule, Rule::AtMost(small, _) if *small == index));
    let (small, others): (Vec<_>, Vec<_>) = (0..problem.variables.len()).partition(|index| is_small(*index));
    others.into_iter().chain(small).collect()
}

/// Each group's values in ascending order.
fn sorted_groups(units: &[i64], groups: &[std::ops::Range<usize>]) -> Vec<Vec<i64>> {
    groups
        .iter()
        .map(|group| {
            let mut values = units[group.clone()].to_vec();
            values.sort_unstable();
            values
        })
        .collect()
}
