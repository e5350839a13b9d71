use proptest::prelude::*;
use restudy_stats::descriptive::Moments;
use restudy_stats::hypothesis::{PairedT, Procedure, Statistic, TestResult};
use restudy_stats::{Alternative, TestError};

use crate::golden::{CLOSED_FORM, REFERENCE, assert_close};

fn t(result: &TestResult) -> f64 {
    result.statistic.map(Statistic::value).unwrap()
}

#[test]
fn by_hand() {
    // Differences 1, 2, 3: mean 2, sd 1, se 1/√3, t = 2√3 with 2 degrees of freedom, whose two-sided tail is
    // 1 − t/√(2 + t²) = 1 − √(12/14).
    let result = PairedT::default().run(&[3.0, 5.0, 10.0], &[2.0, 3.0, 7.0]).unwrap();
    assert_eq!(result.procedure, Procedure::PairedT);
    assert_eq!(result.procedure.key(), "paired_t");
    assert_close(t(&result), 12.0_f64.sqrt(), CLOSED_FORM, "t");
    assert_close(result.p_value, 1.0 - (12.0_f64 / 14.0).sqrt(), CLOSED_FORM, "p");
    assert_eq!(result.counts, [3]);
    assert_eq!(result.estimate.unwrap().value, 2.0);
}

/// Cushny and Peebles's data as Student (1908) prints them; R 4.2.2, `t.test(x, y, paired = TRUE)`.
#[test]
fn reference() {
    let first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    let second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    let result = PairedT::default().run(&first, &second).unwrap();
    let estimate = result.estimate.unwrap();
    let interval = estimate.interval.unwrap();
    assert_close(t(&result), -4.062127683382037, REFERENCE, "t");
    assert_close(result.p_value, 0.00283289019738427, REFERENCE, "p");
    assert_close(estimate.value, -1.58, REFERENCE, "mean difference");
    assert_close(estimate.std_error.unwrap(), 0.3889587238883952, REFERENCE, "se");
    assert_close(interval.low, -2.4598857632769824, REFERENCE, "low");
    assert_close(interval.high, -0.7001142367230175, REFERENCE, "high");
}

/// A limit taken as the null difference is rejected at exactly the interval's level.
#[test]
fn definition() {
    let (first, second) = ([4.1, 5.0, 3.3, 7.9, 6.2], [3.9, 4.1, 3.8, 6.0, 5.9]);
    let interval = PairedT::default().run(&first, &second).unwrap().estimate.unwrap().interval.unwrap();
    for null_difference in [interval.low, interval.high] {
        let result = PairedT { null_difference, ..PairedT::default() }.run(&first, &second).unwrap();
        assert_close(result.p_value, 0.05, REFERENCE, "p at a limit");
    }
    let differences: Vec<f64> = first.iter().zip(second).map(|(a, b)| a - b).collect();
    let from_moments = PairedT::default().run_on_moments(Moments::of(&differences).unwrap()).unwrap();
    assert_eq!(from_moments, PairedT::default().run(&first, &second).unwrap());
}

#[test]
fn refusals() {
    let run = |first: &[f64], second: &[f64]| PairedT::default().run(first, second);
    assert_eq!(run(&[1.0, 2.0], &[1.0]), Err(TestError::UnequalLengths { first: 2, second: 1 }));
    assert_eq!(run(&[1.0], &[0.0]), Err(TestError::TooFew { group: 0, found: 1, needed: 2 }));
    assert_eq!(run(&[1.0, 2.0], &[1.0, f64::NAN]), Err(TestError::NotFinite { group: 1, position: 1 }));
    assert_eq!(run(&[2.0, 3.0], &[1.0, 2.0]), Err(TestError::NoSpread));
}

proptest! {
    #[test]
    fn swapping_the_members_turns_the_sign(pairs in prop::collection::vec((-1e3..1e3, -1e3..1e3), 2..40)) {
        let (first, second): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        let run = |alternative, a: &[f64], b: &[f64]| PairedT { alternative, ..PairedT::default() }.run(a, b).unwrap();
        let forth = run(Alternative::Less, &first, &second);
        let back = run(Alternative::Greater, &second, &first);
        prop_assert_eq!(t(&forth), -t(&back));
        prop_assert_eq!(forth.p_value, back.p_value);
        let two_sided = run(Alternative::TwoSided, &first, &second).p_value;
        prop_assert!((0.0..=1.0).contains(&two_sided));
        let tails = forth.p_value.min(1.0 - forth.p_value);
        prop_assert!((two_sided - 2.0 * tails).abs() <= 1e-12);
    }
}
