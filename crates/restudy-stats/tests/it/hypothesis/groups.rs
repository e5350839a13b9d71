//! `tests/golden/groups.json`: several groups, and what R says of them.

use restudy_stats::hypothesis::{Statistic, TestResult};
use serde_json::Value;

use crate::golden::{cases, number, numbers, parse};

/// A case of the file.
pub(super) struct Case(Value);

pub(super) fn all() -> Vec<Case> {
    cases(&golden()).iter().cloned().map(Case).collect()
}

pub(super) fn golden() -> Value {
    parse(include_str!("../../golden/groups.json"))
}

impl Case {
    pub(super) fn id(&self) -> &str {
        self.0["id"].as_str().unwrap()
    }

    pub(super) fn groups(&self) -> Vec<Vec<f64>> {
        self.0["groups"].as_array().unwrap().iter().map(numbers).collect()
    }

    pub(super) fn numbers(&self, name: &str) -> Vec<f64> {
        match &self.0[name] {
            Value::Array(_) => numbers(&self.0[name]),
            single => vec![number(single)],
        }
    }
}

/// The groups as the tests take them.
pub(super) fn slices(groups: &[Vec<f64>]) -> Vec<&[f64]> {
    groups.iter().map(Vec::as_slice).collect()
}

#[track_caller]
pub(super) fn value(result: &TestResult) -> f64 {
    result.statistic.map(Statistic::value).unwrap()
}
