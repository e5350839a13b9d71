use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::accuracy::{Auc, DeLong, DeLongNull, Direction, Marker};
use restudy_stats::dist::{Normal, StudentT};

use super::HIGHER;
use crate::exact::{P_VALUE, STATISTIC, assert_close};

fn higher<'a>(cases: &'a [f64], controls: &'a [f64]) -> Marker<'a> {
    Marker { cases, controls, direction: Direction::Higher }
}

// By hand.

#[test]
fn three_cases_and_two_controls_twice() {
    // First marker: placements of the cases 1, 1, 1/2, of the controls 1, 2/3; area 5/6. Second: 1/2, 1, 0 and 1/3, 2/3;
    // area 1/2. Variances of cases 1/12 and 1/4, covariance 1/8; of controls 1/18 and 1/18, covariance −1/18.
    let first = higher(&[3.0, 4.0, 1.5], &[1.0, 2.0]);
    let second = higher(&[2.0, 5.0, 0.0], &[3.0, 1.0]);
    let comparison = DeLong::default().run_paired(first, second).unwrap();
    assert_close(comparison.auc[0], 5.0 / 6.0, STATISTIC);
    assert_close(comparison.auc[1], 0.5, STATISTIC);
    let (v1, v2, c) = (1.0 / 36.0 + 1.0 / 36.0, 1.0 / 12.0 + 1.0 / 36.0, 1.0 / 24.0 - 1.0 / 36.0);
    assert_close(comparison.variance[0], v1, STATISTIC);
    assert_close(comparison.variance[1], v2, STATISTIC);
    assert_close(comparison.covariance.unwrap(), c, STATISTIC);
    let z = (1.0 / 3.0) / (v1 + v2 - 2.0 * c).sqrt();
    assert_close(comparison.statistic, z, STATISTIC);
    assert_close(comparison.p_value, Normal.two_sided(z), P_VALUE);
    assert_eq!((comparison.null, comparison.df), (DeLongNull::Normal, None));

    let unpaired = DeLong::default().run_unpaired(first, second).unwrap();
    let z = (1.0 / 3.0) / (v1 + v2).sqrt();
    assert_close(unpaired.statistic, z, STATISTIC);
    assert_close(unpaired.p_value, Normal.two_sided(z), P_VALUE);
    assert_eq!(unpaired.covariance, None);
    // Both groups are of five: df = (v1 + v2)² / ((v1² + v2²)/4).
    let df = (v1 + v2) * (v1 + v2) / ((v1 * v1 + v2 * v2) / 4.0);
    let with_t = DeLong { null: DeLongNull::SatterthwaiteT, ..DeLong::default() }.run_unpaired(first, second).unwrap();
    assert_close(with_t.df.unwrap(), df, STATISTIC);
    let t = StudentT::new(df).unwrap();
    assert_close(with_t.p_value, t.two_sided(z), P_VALUE);
    let reach = t.upper_quantile(0.025) * (v1 + v2).sqrt();
    assert_close(with_t.interval.low, 1.0 / 3.0 - reach, STATISTIC);
    assert_close(with_t.interval.high, 1.0 / 3.0 + reach, STATISTIC);
}

// Degenerate input.

#[test]
fn what_cannot_be_compared_is_refused() {
    let test = DeLong::default();
    let (a, b) = (higher(&[3.0, 1.5], &[1.0, 2.0]), higher(&[3.0, 4.0, 1.0], &[1.0, 2.0]));
    assert_eq!(test.run_paired(a, b), Err(TestError::UnequalLengths { first: 2, second: 3 }));
    assert_eq!(test.run_paired(a, a), Err(TestError::NothingDiffers));
    let single = higher(&[3.0], &[1.0, 2.0]);
    assert_eq!(test.run_unpaired(a, single), Err(TestError::TooFew { group: 0, found: 1, needed: 2 }));
    let constant = higher(&[1.0, 1.0], &[1.0, 1.0]);
    assert_eq!(test.run_paired(a, constant), Err(TestError::NoSpread));
    let missing = higher(&[1.0, f64::NAN], &[1.0, 1.0]);
    assert_eq!(test.run_paired(missing, a), Err(TestError::NotFinite { group: 0, position: 1 }));
    let right = higher(&[3.0, 4.0], &[1.0, 2.0]);
    let wrong = Marker { direction: Direction::Lower, ..right };
    assert_eq!(test.run_unpaired(right, right), Err(TestError::NothingDiffers));
    assert_eq!(test.run_unpaired(right, wrong), Err(TestError::NoSpread));
}

// Properties.

fn pair_of_markers() -> impl Strategy<Value = [Vec<f64>; 4]> {
    let values = |n| prop::collection::vec((-6_i32..6).prop_map(f64::from), n);
    (2_usize..12, 2_usize..12).prop_flat_map(move |(cases, controls)| {
        (values(cases), values(cases), values(controls), values(controls)).prop_map(|(a, b, c, d)| [a, b, c, d])
    })
}

proptest! {
    #[test]
    fn the_order_of_the_markers_turns_the_sign([cases1, cases2, controls1, controls2] in pair_of_markers()) {
        let (first, second) = (higher(&cases1, &controls1), higher(&cases2, &controls2));
        for paired in [true, false] {
            let run = |a, b| {
                let test = DeLong { null: DeLongNull::SatterthwaiteT, ..DeLong::default() };
                if paired { test.run_paired(a, b) } else { test.run_unpaired(a, b) }
            };
            match (run(first, second), run(second, first)) {
                (Ok(one), Ok(other)) => {
                    prop_assert_eq!(one.difference, -other.difference);
                    prop_assert!((one.statistic + other.statistic).abs() <= 1e-12 * one.statistic.abs());
                    prop_assert!((0.0..=1.0).contains(&one.p_value));
                    let auc = Auc::default().run(&HIGHER.run(&cases1, &controls1).unwrap());
                    prop_assert_eq!(one.auc[0], auc.value);
                    let std_error = auc.std_error.unwrap();
                    prop_assert!((one.variance[0] - std_error * std_error).abs() <= 1e-14);
                }
                (one, other) => prop_assert_eq!(one.is_err(), other.is_err()),
            }
        }
    }

    #[test]
    fn both_directions_turned_turn_the_sign([cases1, cases2, controls1, controls2] in pair_of_markers()) {
        let (first, second) = (higher(&cases1, &controls1), higher(&cases2, &controls2));
        let turned = |marker| Marker { direction: Direction::Lower, ..marker };
        if let Ok(plain) = DeLong::default().run_paired(first, second) {
            let other = DeLong::default().run_paired(turned(first), turned(second)).unwrap();
            prop_assert!((plain.difference + other.difference).abs() <= 1e-15);
            prop_assert_eq!(plain.std_error, other.std_error);
        }
    }
}
