//! The rows that no other number is about: placed at random within each group, as the rules on a patient's values ask.

use std::ops::Range;

use super::joint::{State, cox_z, is_binary};
use super::problem::{Problem, Rule, Values, VariableIndex};
use super::random::Random;
use super::rules::{broken, is_broken, rule_variables};

/// Moves at most.
const MOVES: usize = 60_000;
/// Cox's z, one variable at a time, beyond which a variable would have been reported.
const UNREPORTED: f64 = 1.8;

/// Places the variables that are not `involved`; how many patients still break a rule.
pub(super) fn place(problem: &Problem, state: &mut State, involved: &[VariableIndex], random: &mut Random) -> usize {
    let free: Vec<VariableIndex> =
        (0..problem.variables.len()).filter(|variable| !involved.contains(variable)).collect();
    deal_partitions(problem, state, involved, random);
    let bundles = bundles(problem, &free);
    let n = problem.patients();
    let mut loss = Loss::new(problem, state, &free);
    for _ in 0..MOVES {
        if bundles.is_empty() || loss.total == 0.0 {
            break;
        }
        let bundle = &bundles[loss.pick(&bundles, random)];
        let group = random.below(problem.groups.len());
        let members = problem.members(group);
        let j = members.start + random.below(members.len());
        let i = loss
            .breaker(problem, state, bundle, &members, random)
            .unwrap_or_else(|| members.start + random.below(members.len()));
        let covered = |patient: usize| bundle.fixed.iter().any(|variable| state.units[*variable][patient] == 1);
        if i == j || covered(i) || covered(j) {
            continue;
        }
        let before = loss.clone();
        for variable in &bundle.variables {
            state.swap(*variable, i, j);
        }
        loss.update(problem, state, &bundle.variables);
        if loss.total > before.total {
            for variable in &bundle.variables {
                state.swap(*variable, i, j);
            }
            loss = before;
        }
    }
    problem.rules.iter().map(|rule| broken(rule, state, n)).sum()
}

/// Columns that move together: a partition's, or one alone.
struct Bundle {
    variables: Vec<VariableIndex>,
    /// Columns of the same partition that stay: patients whom they cover take no part.
    fixed: Vec<VariableIndex>,
}

fn bundles(problem: &Problem, free: &[VariableIndex]) -> Vec<Bundle> {
    let mut bundles = Vec::new();
    let mut taken: Vec<VariableIndex> = Vec::new();
    for rule in &problem.rules {
        if let Rule::Partition(columns) = rule {
            let (variables, fixed): (Vec<_>, Vec<_>) =
                columns.iter().copied().partition(|variable| free.contains(variable));
            taken.extend(&variables);
            bundles.push(Bundle { variables, fixed });
        }
    }
    let alone = free.iter().filter(|variable| !taken.contains(variable));
    bundles.extend(alone.map(|variable| Bundle { variables: vec![*variable], fixed: Vec::new() }));
    bundles.retain(|bundle| !bundle.variables.is_empty());
    bundles
}

/// Gives each patient of a partition one of its columns, as the counts of the groups have it.
fn deal_partitions(problem: &Problem, state: &mut State, involved: &[VariableIndex], random: &mut Random) {
    for rule in &problem.rules {
        let Rule::Partition(columns) = rule else { continue };
        for group in 0..problem.groups.len() {
            let (fixed, free): (Vec<_>, Vec<_>) =
                columns.iter().copied().partition(|variable| involved.contains(variable));
            let mut cards: Vec<VariableIndex> = Vec::new();
            for variable in &free {
                let count = problem.members(group).filter(|patient| state.units[*variable][*patient] == 1).count();
                cards.extend(std::iter::repeat_n(*variable, count));
            }
            let open: Vec<usize> = problem
                .members(group)
                .filter(|patient| fixed.iter().all(|variable| state.units[*variable][*patient] != 1))
                .collect();
            random.shuffle(&mut cards);
            // Where the counts do not add up to the group, somebody has none, or two: the rule will be found broken.
            if cards.len() > open.len() {
                continue;
            }
            for variable in &free {
                let wanted: Vec<usize> = open
                    .iter()
                    .zip(&cards)
                    .filter(|(_, card)| *card == variable)
                    .map(|(patient, _)| *patient)
                    .collect();
                state.put(*variable, problem.members(group), &wanted);
            }
        }
    }
}

/// Patients who break rules, and models that would have been reported.
#[derive(Clone)]
struct Loss {
    rules: Vec<f64>,
    /// By variable: how far Cox's z is beyond the unreported.
    models: Vec<f64>,
    total: f64,
}

impl Loss {
    fn new(problem: &Problem, state: &State, free: &[VariableIndex]) -> Self {
        let mut loss =
            Self { rules: vec![0.0; problem.rules.len()], models: vec![0.0; problem.variables.len()], total: 0.0 };
        loss.update(problem, state, free);
        let n = problem.patients();
        for (place, rule) in problem.rules.iter().enumerate() {
            loss.rules[place] = broken(rule, state, n) as f64;
        }
        loss.add_up();
        loss
    }

    fn update(&mut self, problem: &Problem, state: &State, moved: &[VariableIndex]) {
        let n = problem.patients();
        for (place, rule) in problem.rules.iter().enumerate() {
            if rule_variables(rule).iter().any(|variable| moved.contains(variable)) {
                self.rules[place] = broken(rule, state, n) as f64;
            }
        }
        let has_models = problem.survival.is_some() && problem.screened;
        for variable in moved {
            let values = &problem.variables[*variable].values;
            let numeric = matches!(values, Values::Numbers(_)) || is_binary(values);
            if has_models && numeric {
                let z = cox_z(state, &[&state.x[*variable]], &mut [0.0])[0];
                // A row of which nearly nobody is positive has no maximum, and nothing to report.
                self.models[*variable] = if z.is_nan() { 0.0 } else { (z.abs() - UNREPORTED).max(0.0) };
            }
        }
        self.add_up();
    }

    /// Half of the time, a patient of a group who breaks a rule on the bundle's columns, if there is one.
    fn breaker(
        &self,
        problem: &Problem,
        state: &State,
        bundle: &Bundle,
        members: &Range<usize>,
        random: &mut Random,
    ) -> Option<usize> {
        if random.below(2) == 0 {
            return None;
        }
        let wrong = |place: &usize| {
            self.rules[*place] > 0.0
                && rule_variables(&problem.rules[*place]).iter().any(|variable| bundle.variables.contains(variable))
        };
        let place = (0..problem.rules.len()).find(wrong)?;
        let breakers: Vec<usize> =
            members.clone().filter(|patient| is_broken(&problem.rules[place], state, *patient)).collect();
        if breakers.is_empty() { None } else { Some(breakers[random.below(breakers.len())]) }
    }

    fn add_up(&mut self) {
        self.total = self.rules.iter().sum::<f64>() + self.models.iter().sum::<f64>();
    }

    /// A bundle: mostly one that something is wrong with.
    fn pick(&self, bundles: &[Bundle], random: &mut Random) -> usize {
        for _ in 0..8 {
            let place = random.below(bundles.len());
            let wrong = bundles[place].variables.iter().any(|variable| self.models[*variable] > 0.0);
            if wrong || (self.rules.iter().any(|rule| *rule > 0.0) && random.below(4) == 0) {
                return place;
            }
        }
        random.below(bundles.len())
    }
}
