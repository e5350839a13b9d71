//! One file a coefficient, and what they share.

mod kendall;
mod line;
mod partial;
mod pearson;
mod point_biserial;
mod spearman;

use crate::golden::{REFERENCE, assert_close, number, numbers};
use proptest::{collection::vec, prelude::*};
use restudy_stats::hypothesis::TestResult;
use restudy_stats::{Alternative, TestError};
use serde_json::Value;

const GOLDEN: &str = include_str!("../../golden/correlation.json");
const RANK_TAILS: &str = include_str!("../../golden/rank_tails.json");

const SIDES: [(Alternative, &str); 3] =
    [(Alternative::TwoSided, "two.sided"), (Alternative::Less, "less"), (Alternative::Greater, "greater")];

/// R takes the upper tails of its exact distributions from 1, and counts over a rounded factorial: 13 digits of 1. Held
/// to whole numbers apart from this.
const FROM_ONE: f64 = 1e-13;

/// p-values on every side.
#[track_caller]
fn assert_p(run: impl Fn(Alternative) -> Result<TestResult, TestError>, golden: &Value, slack: f64, what: &str) {
    for (side, name) in SIDES {
        let (obtained, expected) = (run(side).unwrap().p_value, number(&golden[name]));
        if (obtained - expected).abs() > slack {
            assert_close(obtained, expected, REFERENCE, &format!("{what}, {name}"));
        }
    }
}

#[track_caller]
fn assert_interval(result: &TestResult, golden: &Value, what: &str) {
    let interval = result.estimate.unwrap().interval.unwrap();
    let limits = numbers(golden);
    // A limit near 0 is the difference of larger numbers.
    let tolerance = |limit: f64| 1e-11 * (1.0 + 1.0 / limit.abs());
    assert_close(interval.low, limits[0], tolerance(limits[0]), what);
    assert_close(interval.high, limits[1], tolerance(limits[1]), what);
}

/// Pairs of any size, with ties or without.
fn pairs() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    let value = prop_oneof![(-5..5).prop_map(f64::from), -100.0..100.0_f64];
    vec((value.clone(), value), 5..40).prop_map(|pairs| pairs.into_iter().unzip())
}

/// What holds of every coefficient between two variables: symmetry, one-sided p-values that share the mass at the
/// value observed, a two-sided one that does not exceed twice the smaller, an interval around the estimate, and the
/// mirror image when a variable is turned around.
fn assert_coefficient(
    run: impl Fn(&[f64], &[f64], Alternative) -> Result<TestResult, TestError>,
    x: &[f64],
    y: &[f64],
) {
    let both = match run(x, y, Alternative::TwoSided) {
        Ok(result) => result,
        Err(error) => {
            assert!(matches!(error, TestError::NoSpread), "{error}");
            return;
        }
    };
    let p = |side| run(x, y, side).unwrap().p_value;
    let (less, greater) = (p(Alternative::Less), p(Alternative::Greater));
    let value = both.estimate.unwrap().value;
    assert!((-1.0..=1.0).contains(&value));
    for p in [both.p_value, less, greater] {
        assert!((0.0..=1.0).contains(&p), "{p}");
    }
    assert!(less + greater >= 1.0 - 1e-12, "{less} + {greater}");
    assert_eq!(run(y, x, Alternative::TwoSided).unwrap().counts, both.counts);
    let swapped = run(y, x, Alternative::TwoSided).unwrap();
    assert_close(swapped.p_value, both.p_value, 1e-9, "swapped");
    let turned: Vec<f64> = y.iter().map(|y| -y).collect();
    let mirrored = run(x, &turned, Alternative::TwoSided).unwrap();
    assert!((mirrored.estimate.unwrap().value + value).abs() <= 1e-15);
    assert_close(mirrored.p_value, both.p_value, 1e-9, "turned around");
    assert_close(run(x, &turned, Alternative::Less).unwrap().p_value, greater, 1e-9, "turned around, one side");
    let interval = both.estimate.unwrap().interval.unwrap();
    assert!(interval.low <= value && value <= interval.high, "{interval:?} around {value}");
}

fn assert_refusals(run: impl Fn(&[f64], &[f64]) -> Result<TestResult, TestError>) {
    let x = [1.0, 2.0, 3.0, 4.0, 5.0];
    assert_eq!(run(&x, &x[..4]), Err(TestError::UnequalLengths { first: 5, second: 4 }));
    assert!(matches!(run(&x[..1], &x[..1]), Err(TestError::TooFew { found: 1, .. })));
    assert!(matches!(run(&[], &[]), Err(TestError::TooFew { found: 0, .. })));
    assert_eq!(run(&x, &[1.0; 5]), Err(TestError::NoSpread));
    assert_eq!(run(&[2.5; 5], &x), Err(TestError::NoSpread));
    let not_finite = [1.0, 2.0, f64::NAN, 4.0, 5.0];
    assert_eq!(run(&x, &not_finite), Err(TestError::NotFinite { group: 1, position: 2 }));
    assert_eq!(run(&not_finite, &x), Err(TestError::NotFinite { group: 0, position: 2 }));
}
