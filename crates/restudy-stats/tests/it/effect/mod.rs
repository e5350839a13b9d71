//! Effect sizes.

mod cohens_d;
mod odds_ratio;
mod risk_difference;
mod risk_ratio;
mod standardized_difference;
mod standardized_proportion_difference;

use restudy_stats::effect::Effect;
use restudy_stats::hypothesis::CountTable;
use serde_json::Value;

use crate::golden::{assert_close, cases, number, parse};

/// The counts of two groups, the property or event first.
fn table(first_with: u64, first_n: u64, second_with: u64, second_n: u64) -> CountTable {
    CountTable::two_by_two(first_with, first_n, second_with, second_n).unwrap()
}

fn limits(effect: &Effect) -> (f64, f64) {
    let interval = effect.estimate.interval.unwrap();
    (interval.low, interval.high)
}

fn extended(value: &Value) -> f64 {
    if value == "Inf" { f64::INFINITY } else { number(value) }
}

/// Compares the estimate and the limits that `key` names with every golden 2×2 table that has them; a limit is compared
/// to `tolerance` of itself, or of `scale` where that is greater.
fn compare_tables(estimate: &str, key: &str, tolerance: f64, scale: f64, run: impl Fn(&CountTable) -> Effect) {
    let golden = parse(include_str!("../../golden/effect_two_by_two.json"));
    let mut compared = 0;
    for case in cases(&golden).iter().filter(|case| case.get(key).is_some()) {
        let count = |group: &str, index: usize| case[group][index].as_u64().unwrap();
        let effect = run(&table(count("first", 0), count("first", 1), count("second", 0), count("second", 1)));
        let what = |name: &str| format!("{} {} {key} {name}", case["first"], case["second"]);
        let near = |obtained: f64, expected: f64, name: &str| {
            if (obtained - expected).abs() > tolerance * scale {
                assert_close(obtained, expected, tolerance, &what(name));
            }
        };
        near(effect.estimate.value, extended(&case[estimate]), "estimate");
        near(limits(&effect).0, extended(&case[key][0]), "low");
        near(limits(&effect).1, extended(&case[key][1]), "high");
        compared += 1;
    }
    assert!(compared > 10);
}
