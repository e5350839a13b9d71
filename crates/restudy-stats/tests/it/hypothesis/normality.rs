//! `tests/golden/normality.json`: samples, and what SciPy and statsmodels say of their normality.

use proptest::prelude::*;
use restudy_stats::hypothesis::{AndersonDarling, Lilliefors};
use serde_json::Value;

use super::groups::value;
use crate::golden::{cases, numbers, parse};

/// The samples, with their names and all that the file says of them.
pub(super) fn samples() -> Vec<(String, Vec<f64>, Value)> {
    let golden = parse(include_str!("../../golden/normality.json"));
    let sample = |case: &Value| (case["id"].as_str().unwrap().to_owned(), numbers(&case["x"]), case.clone());
    cases(&golden).iter().map(sample).collect()
}

proptest! {
    #[test]
    fn place_scale_and_order_do_not_matter(x in prop::collection::vec(-1000..1000, 8..60)) {
        let x: Vec<f64> = x.into_iter().map(|x| f64::from(x) / 16.0).collect();
        prop_assume!(x.iter().any(|&y| y != x[0]));
        let moved: Vec<f64> = x.iter().rev().map(|x| 1024.0 - 4.0 * x).collect();
        for run in [|x: &[f64]| AndersonDarling.run(x), |x: &[f64]| Lilliefors.run(x)] {
            let (one, other) = (run(&x).unwrap(), run(&moved).unwrap());
            prop_assert!(value(&one) > 0.0 && (0.0..=1.0).contains(&one.p_value));
            prop_assert!((value(&other) - value(&one)).abs() <= 1e-11 * value(&one));
        }
    }
}
