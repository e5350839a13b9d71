//! The rules on one patient's values.

use super::joint::State;
use super::problem::Rule;

/// The variables of a rule.
pub(super) fn rule_variables(rule: &Rule) -> Vec<usize> {
    match rule {
        Rule::Within(part, whole) => vec![*part, *whole],
        Rule::AtMost(small, large) => vec![*small, *large],
        Rule::Exclusive(variables) | Rule::Partition(variables) => variables.clone(),
    }
}

/// How many patients break a rule.
pub(super) fn broken(rule: &Rule, state: &State, patients: usize) -> usize {
    (0..patients).filter(|patient| is_broken(rule, state, *patient)).count()
}

/// Whether a patient's values break a rule.
pub(super) fn is_broken(rule: &Rule, state: &State, patient: usize) -> bool {
    let value = |variable: usize| state.units[variable][patient];
    let positive = |variables: &[usize]| variables.iter().filter(|variable| value(**variable) == 1).count();
    match rule {
        Rule::Within(part, whole) => value(*part) == 1 && value(*whole) != 1,
        Rule::AtMost(small, large) => value(*small) > value(*large),
        Rule::Exclusive(variables) => positive(variables) > 1,
        Rule::Partition(variables) => positive(variables) != 1,
    }
}
