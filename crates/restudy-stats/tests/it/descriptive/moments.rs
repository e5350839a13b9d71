use proptest::prelude::*;
use restudy_stats::descriptive::Moments;
use restudy_stats::{Level, TestError};

use crate::exact::{STATISTIC, assert_close, number, numbers, rows};

// By hand.

#[test]
fn eight_values() {
    // Σ = 40; squared deviations 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32.
    let moments = Moments::of(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]).unwrap();
    assert_eq!((moments.n, moments.mean), (8, 5.0));
    assert_close(moments.sd, (32.0_f64 / 7.0).sqrt(), 1e-15);
}

#[test]
fn many_values() {
    // 0 … n − 1 from any start: mean (n − 1)/2 more, variance n (n + 1)/12. The farther the start, the more it takes.
    for start in [0.0, -1e3, 1e9, 2.0_f64.powi(50)] {
        for n in [16_384, 20_001, 100_000] {
            let values: Vec<f64> = (0..n).map(|i| start + f64::from(i)).collect();
            let (moments, n) = (Moments::of(&values).unwrap(), f64::from(n));
            assert_close(moments.mean, start + (n - 1.0) / 2.0, 1e-15);
            assert_close(moments.sd, (n * (n + 1.0) / 12.0).sqrt(), 1e-14);
        }
    }
    // Half of them 1 more, in every scale and beside every size.
    for (base, step) in [(1.0, 1.0), (1e16, 2.0), (0.0, 1e-300), (0.0, 1e300), (-3e5, 2.0_f64.powi(-20))] {
        let values: Vec<f64> = (0..30_000).map(|i| base + if i % 2 == 0 { step } else { 0.0 }).collect();
        let moments = Moments::of(&values).unwrap();
        assert_close(moments.mean, base + step / 2.0, 1e-15);
        assert_close(moments.sd, step / 2.0 * (30_000.0_f64 / 29_999.0).sqrt(), 1e-14);
    }
    assert_eq!(Moments::of(&vec![0.1; 50_000]).unwrap(), Moments { n: 50_000, mean: 0.1, sd: 0.0 });
    let mut values = vec![0.1; 50_000];
    values[33_333] = f64::INFINITY;
    assert_eq!(Moments::of(&values), Err(TestError::NotFinite { group: 0, position: 33_333 }));
}

#[test]
fn one_value_has_no_deviation() {
    let moments = Moments::of(&[3.5]).unwrap();
    assert_eq!((moments.n, moments.mean), (1, 3.5));
    assert!(moments.sd.is_nan());
    assert_eq!(moments.mean_interval(Level::NINETY_FIVE), Err(TestError::TooFew { group: 0, found: 1, needed: 2 }));
}

#[test]
fn bad_values_are_named() {
    assert_eq!(Moments::of(&[]), Err(TestError::TooFew { group: 0, found: 0, needed: 1 }));
    assert_eq!(Moments::of(&[1.0, f64::NAN]), Err(TestError::NotFinite { group: 0, position: 1 }));
    assert_eq!(Moments::of(&[f64::INFINITY]), Err(TestError::NotFinite { group: 0, position: 0 }));
    let printed = Moments { n: 5, mean: 1.0, sd: -2.0 };
    assert_eq!(printed.mean_interval(Level::NINETY_FIVE), Err(TestError::NotADeviation { group: 0, sd: -2.0 }));
}

// Reference.

#[test]
fn agree_with_exact_arithmetic() {
    for row in rows("moments") {
        let moments = Moments::of(&numbers(&row["values"])).unwrap();
        // The smallest numbers have one digit; exact arithmetic is rounded to it too.
        assert_close(moments.mean, number(&row["mean"]), 1e-15);
        assert_close(moments.sd, number(&row["sd"]), STATISTIC);
    }
}

#[test]
fn nist_numacc4_to_the_digits_of_its_doubles() {
    // 10000000.2, then 500 pairs of 10000000.1 and 10000000.3: certified mean 10000000.2, sd 0.1. The doubles nearest
    // to the three numbers are off by up to 9.3e-10, which is 1e-8 of the deviation.
    let mut values = vec![10_000_000.2];
    for _ in 0..500 {
        values.extend([10_000_000.1, 10_000_000.3]);
    }
    let moments = Moments::of(&values).unwrap();
    assert_close(moments.mean, 10_000_000.2, 1e-15);
    assert_close(moments.sd, 0.1, 1e-8);
    let half_apart = (10_000_000.3_f64 - 10_000_000.1) / 2.0;
    assert_close(moments.sd, half_apart, STATISTIC);
}

// Definition.

#[test]
fn a_mean_at_a_limit_is_just_as_far_as_the_test_allows() {
    let moments = Moments { n: 25, mean: 10.0, sd: 5.0 };
    let interval = moments.mean_interval(Level::NINETY_FIVE).unwrap();
    let t = (moments.mean - interval.low) / moments.std_error();
    let two_sided = restudy_stats::dist::StudentT::new(24.0).unwrap().two_sided(t);
    assert_close(two_sided, 0.05, STATISTIC);
    assert_close(interval.high - moments.mean, moments.mean - interval.low, STATISTIC);
}

// Properties.

fn values() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(-1e6..1e6, 2..200)
}

proptest! {
    #[test]
    fn shift_and_scale(values in values(), power in -40..40_i32) {
        let moments = Moments::of(&values).unwrap();
        // A power of two and a whole shift lose no digit.
        let scale = 2.0_f64.powi(power);
        let scaled: Vec<f64> = values.iter().map(|x| x * scale).collect();
        let scaled = Moments::of(&scaled).unwrap();
        prop_assert_eq!(scaled.mean, moments.mean * scale);
        prop_assert_eq!(scaled.sd, moments.sd * scale);
    }

    #[test]
    fn order_does_not_matter_beyond_the_last_digits(mut values in values()) {
        let moments = Moments::of(&values).unwrap();
        values.reverse();
        let reversed = Moments::of(&values).unwrap();
        prop_assert!((moments.mean - reversed.mean).abs() <= 1e-15 * 1e6);
        prop_assert!((moments.sd - reversed.sd).abs() <= 1e-14 * moments.sd);
    }

    #[test]
    fn no_spread_is_none(value in prop::num::f64::NORMAL, n in 2..2000_usize) {
        prop_assume!(value.is_finite());
        let moments = Moments::of(&vec![value; n]).unwrap();
        prop_assert_eq!((moments.mean, moments.sd), (value, 0.0));
    }

    #[test]
    fn finite_values_have_a_mean_between_them(values in prop::collection::vec(prop::num::f64::ANY, 1..50)) {
        match Moments::of(&values) {
            Ok(moments) => {
                let least = values.iter().copied().fold(f64::INFINITY, f64::min);
                let greatest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                prop_assert!((least..=greatest).contains(&moments.mean));
                prop_assert!(values.len() == 1 || moments.sd >= 0.0);
            }
            Err(error) => {
                let position = values.iter().position(|x| !x.is_finite()).unwrap();
                prop_assert_eq!(error, TestError::NotFinite { group: 0, position });
            }
        }
    }
}
