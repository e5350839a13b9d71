mod binary_development;
mod binary_validation;
mod survival_development;
mod survival_validation;

use restudy_stats::sample_size::ExpectedR2;
use serde_json::Value;

use crate::golden;

/// The cases of a section of `tests/golden/sample_size.json`: settings, sizes by criterion, and the whole case.
pub(super) fn golden_cases(section: &str) -> Vec<(Value, Vec<u64>, Value)> {
    let all = golden::parse(include_str!("../../golden/sample_size.json"));
    all[section]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| {
            let sizes = case["sizes"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect();
            (case["settings"].clone(), sizes, case.clone())
        })
        .collect()
}

pub(super) fn r2(settings: &Value) -> ExpectedR2 {
    match settings.get("csrsquared") {
        Some(value) => ExpectedR2::CoxSnell(value.as_f64().unwrap()),
        None => ExpectedR2::Nagelkerke(settings["nagrsquared"].as_f64().unwrap()),
    }
}

pub(super) fn setting(settings: &Value, name: &str, default: f64) -> f64 {
    settings.get(name).map_or(default, |value| value.as_f64().unwrap())
}
