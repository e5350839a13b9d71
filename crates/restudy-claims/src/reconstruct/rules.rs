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
    let value = |variable: usize, patient: usize| state.units[variable][patient];
    let positive = |variables: &[usize], patient: usize| {
        variables.iter().filter(|variable| value(**variable, patient) == 1).count()
    };
    (0..patients)
        .filter(|patient| match rule {
            Rule::Within(part, whole) => value(*part, *patient) == 1 && value(*whole, *patient) != 1,
            Rule::AtMost(small, large) => value(*small, *patient) > value(*large, *patient),
            Rule::Exclusive(variables) => positive(variables, *patient) > 1,
            Rule::Partition(variables) => positive(variables, *patient) != 1,
        })
        .count()
}
