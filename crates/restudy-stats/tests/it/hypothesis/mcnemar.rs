use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::hypothesis::{CountTable, McNemar, McNemarNull, Statistic, TestResult};
use serde_json::Value;

use crate::golden::{CLOSED_FORM, REFERENCE, assert_close, cases, number, parse};

const NULLS: [(&str, McNemarNull); 4] = [
    ("exact", McNemarNull::Exact),
    ("mid_p", McNemarNull::MidP),
    ("uncorrected", McNemarNull::ChiSquare { continuity: false }),
    ("corrected", McNemarNull::ChiSquare { continuity: true }),
];

fn run(null: McNemarNull, b: u64, c: u64) -> TestResult {
    McNemar { null, ..McNemar::default() }.run_on_discordant(b, c).unwrap()
}

fn limit(value: &Value) -> f64 {
    if value == "Inf" { f64::INFINITY } else { number(value) }
}

#[test]
fn by_hand() {
    // b = 1, c = 3: χ² = 4/4 = 1, corrected 1/4; P(B ≤ 1) = 5/16, so that the exact p is 5/8 and the mid-p 5/8 − 4/16.
    let chi_square = |value| Some(Statistic::ChiSquare { value, df: 1.0 });
    assert_eq!(run(McNemarNull::ChiSquare { continuity: false }, 1, 3).statistic, chi_square(1.0));
    assert_eq!(run(McNemarNull::ChiSquare { continuity: true }, 1, 3).statistic, chi_square(0.25));
    assert_eq!(run(McNemarNull::Exact, 1, 3).p_value, 0.625);
    assert_eq!(run(McNemarNull::MidP, 1, 3).p_value, 0.375);
    assert_close(run(McNemarNull::Exact, 1, 3).estimate.unwrap().value, 1.0 / 3.0, CLOSED_FORM, "b/c");
    // As many one way as the other is no evidence at all, corrected or not.
    for (_, null) in NULLS {
        assert_eq!(run(null, 6, 6).p_value, 1.0);
    }
    assert_eq!(run(McNemarNull::ChiSquare { continuity: true }, 6, 6).statistic, chi_square(0.0));
}

#[test]
fn reference() {
    let golden = parse(include_str!("../../golden/mcnemar.json"));
    for case in cases(&golden) {
        let (b, c) = (case["b"].as_u64().unwrap(), case["c"].as_u64().unwrap());
        for (name, null) in NULLS {
            let what = |key: &str| format!("{b} and {c}, {key}_{name}");
            let result = run(null, b, c);
            assert_close(result.p_value, number(&case[format!("p_{name}")]), REFERENCE, &what("p"));
            let interval = result.estimate.unwrap().interval.unwrap();
            assert_close(interval.low, limit(&case[format!("low_{name}")]), REFERENCE, &what("low"));
            assert_close(interval.high, limit(&case[format!("high_{name}")]), REFERENCE, &what("high"));
            if let Some(statistic) = result.statistic {
                assert_close(statistic.value(), number(&case[format!("chi2_{name}")]), CLOSED_FORM, &what("chi2"));
            }
        }
    }
}

/// Fagerland, Lydersen and Laake (2013), table 3: airway hyper-responsiveness, and complex numbers of ever smokers.
#[test]
fn published() {
    let p = |null| format!("{:.3}", run(null, 1, 7).p_value);
    let printed: Vec<String> = NULLS.map(|(_, null)| p(null)).to_vec();
    assert_eq!(printed, ["0.070", "0.039", "0.034", "0.077"]);
}

/// Three doors, one answer.
#[test]
fn doors() {
    let table = CountTable::new(2, 2, vec![2, 3, 1, 4]).unwrap();
    let first = [true, true, true, true, true, false, false, false, false, false];
    let second = [true, true, false, false, false, true, false, false, false, false];
    let expected = McNemar::default().run_on_discordant(3, 1);
    assert_eq!(McNemar::default().run_on_counts(&table), expected);
    assert_eq!(McNemar::default().run(&first, &second), expected);
}

/// The interval of the uncorrected test is where its own χ² is the 95 % point: with p the limit's share of b + c,
/// (b − np)² / (np(1 − p)) = 1.96².
#[test]
fn definition() {
    let interval = run(McNemarNull::ChiSquare { continuity: false }, 12, 5).estimate.unwrap().interval.unwrap();
    for odds in [interval.low, interval.high] {
        let p = odds / (1.0 + odds);
        let chi_square = (12.0 - 17.0 * p).powi(2) / (17.0 * p * (1.0 - p));
        // The square of the normal 97.5 % point.
        assert_close(chi_square, 3.841_458_820_694_124, CLOSED_FORM, "chi-square at a limit");
    }
}

#[test]
fn refusals() {
    for (_, null) in NULLS {
        let test = McNemar { null, ..McNemar::default() };
        assert_eq!(test.run_on_discordant(0, 0), Err(TestError::NothingDiffers));
    }
    let table = CountTable::new(2, 3, vec![1; 6]).unwrap();
    let shape = TestError::Shape { cells: 6, rows: 2, columns: 2 };
    assert_eq!(McNemar::default().run_on_counts(&table), Err(shape));
    let row = CountTable::new(1, 4, vec![1; 4]).unwrap();
    assert!(matches!(McNemar::default().run_on_counts(&row), Err(TestError::Shape { .. })));
    let unpaired = McNemar::default().run(&[true], &[]);
    assert_eq!(unpaired, Err(TestError::UnequalLengths { first: 1, second: 0 }));
    let huge = McNemar::default().run_on_discordant(u64::MAX, u64::MAX);
    assert!(matches!(huge, Err(TestError::TooManyCounts { .. })));
}

proptest! {
    #[test]
    fn exchange_inverts_the_odds_and_interval_agrees_with_test(b in 0_u64..400, c in 0_u64..400) {
        prop_assume!(b + c > 0);
        for (_, null) in NULLS {
            let (forth, back) = (run(null, b, c), run(null, c, b));
            prop_assert_eq!(forth.p_value, back.p_value);
            let (forth_interval, back_interval) =
                (forth.estimate.unwrap().interval.unwrap(), back.estimate.unwrap().interval.unwrap());
            prop_assert!((forth_interval.low * back_interval.high - 1.0).abs() < CLOSED_FORM || forth_interval.low == 0.0);
            let holds_one = forth_interval.low <= 1.0 && 1.0 <= forth_interval.high;
            // Not within a rounding of the verdict's edge.
            prop_assume!((forth.p_value - 0.05).abs() > 1e-9);
            prop_assert_eq!(holds_one, forth.p_value > 0.05);
        }
    }
}
