//! The terms of the loss: a statistic, where it must lie, and what it is made of.

use super::super::problem::{Covariate, Divider, Problem, Rule, Term};
use super::super::rules::{broken, rule_variables};
use super::super::span::Target;
use super::newton::MOST;
use super::state::State;
use super::statistic::{cox_z, log_rank_root, logistic_z, pearson_t, student_t};

/// What a statistic still outside its interval costs beyond its distance, so that nearly met terms are worth closing.
const NEARLY: f64 = 0.15;
/// The distance at which that is charged in full.
const NEAR: f64 = 0.02;
/// What one patient in the wrong row of a score table costs.
const MISPLACED: f64 = 0.35;
/// What one patient who breaks a rule costs.
const BROKEN: f64 = 0.5;

/// Changes of times and events, as a bit beside those of the variables.
pub(super) const TIMES: u128 = 1 << 127;

/// The bit of a variable.
pub(super) fn bit(variable: usize) -> u128 {
    1 << variable.min(126)
}

enum Kind {
    Pearson([usize; 2]),
    StudentT { variable: usize, by: Divider, within: Option<usize> },
    Logistic { outcome: usize, covariates: Vec<Covariate> },
    Cox { covariates: Vec<Covariate> },
    LogRank { group: usize },
    Score,
    Rule(Rule),
}

/// A term as the search takes it.
pub(super) struct Compiled {
    kind: Kind,
    targets: Vec<Option<Target>>,
    /// What it is made of.
    pub(super) touches: u128,
    /// Nanoseconds, roughly: cheap terms are asked first.
    pub(super) cost: u32,
    /// Whether it has to do with times.
    pub(super) timed: bool,
    /// The coefficients at the accepted state, from which the next fit starts.
    pub(super) start: Vec<f64>,
}

impl Compiled {
    pub(super) fn new(term: &Term, patients: usize) -> Self {
        let n = patients as u32;
        let variables = |covariates: &[Covariate]| {
            covariates.iter().fold(0, |bits, covariate| match covariate {
                Covariate::Variable(variable) => bits | bit(*variable),
                Covariate::Group(_) => bits,
            })
        };
        let split = |covariates: &[(Covariate, Option<Target>)]| -> (Vec<Covariate>, Vec<Option<Target>>) {
            covariates.iter().copied().unzip()
        };
        match term {
            Term::Pearson { pair, target } => Self {
                kind: Kind::Pearson(*pair),
                targets: vec![Some(*target)],
                touches: bit(pair[0]) | bit(pair[1]),
                cost: n,
                timed: false,
                start: Vec::new(),
            },
            Term::StudentT { variable, by, within, target } => {
                let divider = match by {
                    Divider::Variable(divider) => bit(*divider),
                    Divider::Landmark => TIMES,
                };
                Self {
                    kind: Kind::StudentT { variable: *variable, by: *by, within: *within },
                    targets: vec![Some(*target)],
                    touches: bit(*variable) | divider,
                    cost: n + 1,
                    timed: *by == Divider::Landmark,
                    start: Vec::new(),
                }
            }
            Term::Logistic { outcome, covariates } => {
                let (covariates, targets) = split(covariates);
                Self {
                    touches: variables(&covariates),
                    cost: n * 40 * covariates.len() as u32,
                    timed: false,
                    start: vec![0.0; covariates.len() + 1],
                    kind: Kind::Logistic { outcome: *outcome, covariates },
                    targets,
                }
            }
            Term::Cox { covariates } => {
                let (covariates, targets) = split(covariates);
                Self {
                    touches: variables(&covariates) | TIMES,
                    cost: n * 30 * covariates.len() as u32 * covariates.len() as u32,
                    timed: true,
                    start: vec![0.0; covariates.len()],
                    kind: Kind::Cox { covariates },
                    targets,
                }
            }
            Term::LogRank { group, target } => Self {
                kind: Kind::LogRank { group: *group },
                targets: vec![Some(*target)],
                touches: TIMES,
                cost: 2 * n,
                timed: true,
                start: Vec::new(),
            },
        }
    }

    /// The score table.
    pub(super) fn score(problem: &Problem) -> Option<Self> {
        let score = problem.score.as_ref()?;
        let touches = score.items.iter().fold(0, |bits, item| bits | bit(item.variable));
        let (cost, timed) = (problem.patients() as u32 - 1, false);
        Some(Self { kind: Kind::Score, targets: Vec::new(), touches, cost, timed, start: Vec::new() })
    }

    /// A rule on variables.
    pub(super) fn rule(rule: &Rule, patients: usize) -> Self {
        let touches = rule_variables(rule).into_iter().fold(0, |bits, variable| bits | bit(variable));
        let (cost, timed) = (patients as u32, false);
        Self { kind: Kind::Rule(rule.clone()), targets: Vec::new(), touches, cost, timed, start: Vec::new() }
    }

    /// Whether a model has more coefficients than there is room for.
    pub(super) fn fits(&self) -> bool {
        self.start.len() <= MOST
    }

    /// What the term costs at a state. The fit begins at `beta`, which is left at its maximum.
    pub(super) fn loss(&self, problem: &Problem, state: &State, beta: &mut [f64]) -> f64 {
        match &self.kind {
            Kind::Pearson([x, y]) => self.charge(&[pearson_t(&state.x[*x], &state.x[*y])]),
            Kind::StudentT { variable, by, within } => {
                let patients = within.map_or(0..problem.patients(), |group| problem.members(group));
                let values = &state.x[*variable];
                let t = match by {
                    Divider::Variable(divider) => {
                        let divider = &state.units[*divider];
                        student_t(patients.map(|patient| (values[patient], divider[patient] == 1)))
                    }
                    Divider::Landmark => student_t(patients.map(|patient| (values[patient], state.is_early(patient)))),
                };
                self.charge(&[t])
            }
            Kind::Logistic { outcome, covariates } => {
                let mut columns: [&[f64]; MOST] = [&[]; MOST];
                let columns = gather(state, covariates, &mut columns);
                self.charge(&logistic_z(columns, &state.member[*outcome], beta))
            }
            Kind::Cox { covariates } => {
                let mut columns: [&[f64]; MOST] = [&[]; MOST];
                let columns = gather(state, covariates, &mut columns);
                self.charge(&cox_z(state, columns, beta))
            }
            Kind::LogRank { group } => self.charge(&[log_rank_root(state, &state.member[*group])]),
            Kind::Score => MISPLACED * misplaced(problem, state) as f64,
            Kind::Rule(rule) => BROKEN * broken(rule, state, problem.patients()) as f64,
        }
    }

    fn charge(&self, statistics: &[f64]) -> f64 {
        let mut loss = 0.0;
        for (target, statistic) in self.targets.iter().zip(statistics) {
            let Some(target) = target else { continue };
            let distance = target.distance(*statistic).min(50.0);
            if distance > 0.0 {
                loss += distance + NEARLY * (distance / NEAR).min(1.0);
            }
        }
        loss
    }
}

fn gather<'s, 'c>(state: &'s State, covariates: &[Covariate], room: &'c mut [&'s [f64]; MOST]) -> &'c [&'s [f64]] {
    for (place, covariate) in room.iter_mut().zip(covariates) {
        *place = column(state, *covariate);
    }
    &room[..covariates.len()]
}

/// A covariate's values, patient by patient.
pub(in crate::reconstruct) fn column(state: &State, covariate: Covariate) -> &[f64] {
    match covariate {
        Covariate::Variable(variable) => &state.x[variable],
        Covariate::Group(group) => &state.member[group],
    }
}

/// Patients in the wrong row of the score table.
fn misplaced(problem: &Problem, state: &State) -> usize {
    let Some(score) = &problem.score else { return 0 };
    let mut misplaced = 0;
    for (group, wanted) in score.counts.iter().enumerate() {
        if wanted.is_empty() {
            continue;
        }
        let mut found = [0_usize; MOST + 1];
        for patient in problem.members(group) {
            let points = score.items.iter().filter(|item| item.is_positive(state.units[item.variable][patient]));
            found[points.count().min(MOST)] += 1;
        }
        misplaced += found
            .iter()
            .enumerate()
            .map(|(points, found)| found.abs_diff(wanted.get(points).copied().unwrap_or(0)))
            .sum::<usize>();
    }
    misplaced
}
