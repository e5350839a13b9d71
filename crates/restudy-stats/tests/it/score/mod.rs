mod derivation;
mod pipeline_validation;

use restudy_stats::score::{Candidate, CandidateValues, CutoffRounding};
use serde_json::Value;

use crate::golden;

/// The data and resamples of `tests/golden/pipeline_validation.R`.
pub(super) struct Golden {
    pub(super) json: Value,
    pub(super) outcome: Vec<bool>,
    pub(super) counts: Vec<Vec<u32>>,
    continuous: Vec<Vec<f64>>,
    binary: Vec<Vec<bool>>,
}

pub(super) const NAMES: [&str; 7] = ["a", "b", "c", "d", "e", "f", "g"];

fn truths(value: &Value) -> Vec<bool> {
    value.as_array().unwrap().iter().map(|truth| truth.as_bool().unwrap()).collect()
}

impl Golden {
    pub(super) fn read() -> Self {
        let json = golden::parse(include_str!("../../golden/pipeline_validation.json"));
        let counts = json["counts"].as_array().unwrap().iter();
        let counts = counts.map(|row| golden::numbers(row).into_iter().map(|count| count as u32).collect()).collect();
        let continuous = NAMES[..4].iter().map(|name| golden::numbers(&json["data"][name])).collect();
        let binary = NAMES[4..].iter().map(|name| truths(&json["data"][name])).collect();
        Self { outcome: truths(&json["outcome"]), counts, continuous, binary, json }
    }

    pub(super) fn candidates(&self) -> Vec<Candidate<'_>> {
        let continuous = self.continuous.iter().enumerate().map(|(at, values)| Candidate {
            values: CandidateValues::Continuous(values),
            rounding: (at == 0).then_some(CutoffRounding::decimals(1)),
        });
        let binary =
            self.binary.iter().map(|values| Candidate { values: CandidateValues::Binary(values), rounding: None });
        continuous.chain(binary).collect()
    }
}
