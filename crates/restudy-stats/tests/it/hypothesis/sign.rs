use proptest::prelude::*;
use restudy_stats::hypothesis::{Remark, SignNull, SignTest, Statistic};
use restudy_stats::{Alternative, Level, TestError};

use crate::golden::{CLOSED_FORM, REFERENCE, assert_close, number, parse};

fn p(null: SignNull, alternative: Alternative, positive: u64, negative: u64) -> f64 {
    SignTest { null, alternative, ..SignTest::default() }.run_on_counts(positive, negative).unwrap().p_value
}

#[test]
fn by_hand() {
    // 3 of 4 differences are positive: P(B ≥ 3) = 5/16, twice that is 5/8; mid-p takes off P(B = 3) = 4/16.
    let result = SignTest::default().run(&[5.0, 6.0, 1.0, 9.0, 2.0], &[1.0, 3.0, 2.0, 4.0, 2.0]).unwrap();
    assert_eq!(result.p_value, 0.625);
    assert_eq!(result.statistic, Some(Statistic::S { value: 3.0, z: None }));
    assert_eq!(result.remarks, [Remark::Zeros { count: 1 }]);
    // Differences 4, 3, −1, 5, 0.
    assert_eq!(result.estimate.unwrap().value, 3.0);
    assert_eq!(p(SignNull::MidP, Alternative::TwoSided, 3, 1), 0.375);
    // z = (3 − 2)/1 = 1, and ½ with continuity.
    let z = |continuity| {
        let null = SignNull::Normal { continuity };
        SignTest { null, ..SignTest::default() }.run_on_counts(3, 1).unwrap().statistic
    };
    assert_eq!(z(false), Some(Statistic::S { value: 3.0, z: Some(1.0) }));
    assert_eq!(z(true), Some(Statistic::S { value: 3.0, z: Some(0.5) }));
}

#[test]
fn reference() {
    let golden = parse(include_str!("../../golden/sign.json"));
    for test in golden["tests"].as_array().unwrap() {
        let (positive, negative) = (test["positive"].as_u64().unwrap(), test["negative"].as_u64().unwrap());
        let what = |key: &str| format!("{positive} to {negative}, {key}");
        for (key, null, alternative) in [
            ("two_sided", SignNull::Exact, Alternative::TwoSided),
            ("less", SignNull::Exact, Alternative::Less),
            ("greater", SignNull::Exact, Alternative::Greater),
            ("mid_p", SignNull::MidP, Alternative::TwoSided),
            ("mid_p_less", SignNull::MidP, Alternative::Less),
            ("mid_p_greater", SignNull::MidP, Alternative::Greater),
            ("normal", SignNull::Normal { continuity: false }, Alternative::TwoSided),
            ("normal_continuity", SignNull::Normal { continuity: true }, Alternative::TwoSided),
        ] {
            assert_close(p(null, alternative, positive, negative), number(&test[key]), REFERENCE, &what(key));
        }
    }
}

/// The depth of the median's interval: among the values 1, 2, …, n the limits are k and n + 1 − k.
#[test]
fn interval() {
    let golden = parse(include_str!("../../golden/sign.json"));
    for case in golden["intervals"].as_array().unwrap() {
        let (n, k) = (number(&case["n"]), number(&case["k"]));
        let values: Vec<f64> = (1..=n as u32).map(f64::from).collect();
        let level = Level::new(number(&case["level"])).unwrap();
        let result = SignTest { level, ..SignTest::default() }.run(&values, &vec![0.0; values.len()]).unwrap();
        let interval = result.estimate.unwrap().interval.unwrap();
        let expected = if k == 0.0 { (f64::NEG_INFINITY, f64::INFINITY) } else { (k, n + 1.0 - k) };
        assert_eq!((interval.low, interval.high), expected, "n = {n}, level {level:?}");
    }
}

/// A null median inside the interval is not rejected, one outside it is.
#[test]
fn definition() {
    let values: Vec<f64> = (0..17).map(|i| f64::from(i * i) - 40.0).collect();
    let zeros = vec![0.0; values.len()];
    let test = |null_difference| SignTest { null_difference, ..SignTest::default() }.run(&values, &zeros).unwrap();
    let interval = test(0.0).estimate.unwrap().interval.unwrap();
    for (inside, outside) in [(interval.low + 0.5, interval.low - 0.5), (interval.high - 0.5, interval.high + 0.5)] {
        assert!(test(inside).p_value > 0.05);
        assert!(test(outside).p_value <= 0.05);
    }
}

#[test]
fn refusals() {
    for null in [SignNull::Exact, SignNull::MidP, SignNull::Normal { continuity: true }] {
        let test = SignTest { null, ..SignTest::default() };
        assert_eq!(test.run_on_counts(0, 0), Err(TestError::NothingDiffers));
        assert_eq!(test.run(&[1.0], &[1.0]), Err(TestError::NothingDiffers));
    }
    let unpaired = SignTest::default().run(&[1.0], &[]);
    assert_eq!(unpaired, Err(TestError::UnequalLengths { first: 1, second: 0 }));
}

proptest! {
    #[test]
    fn tails_add_up(positive in 0_u64..2000, negative in 0_u64..2000) {
        prop_assume!(positive + negative > 0);
        // The mid-p tails share the count observed; the exact ones both have it.
        let (less, greater) = (Alternative::Less, Alternative::Greater);
        let mid = p(SignNull::MidP, less, positive, negative) + p(SignNull::MidP, greater, positive, negative);
        prop_assert!((mid - 1.0).abs() < CLOSED_FORM);
        prop_assert_eq!(p(SignNull::Exact, less, positive, negative), p(SignNull::Exact, greater, negative, positive));
        for null in [SignNull::Exact, SignNull::MidP, SignNull::Normal { continuity: true }] {
            prop_assert!((0.0..=1.0).contains(&p(null, Alternative::TwoSided, positive, negative)));
        }
    }
}
