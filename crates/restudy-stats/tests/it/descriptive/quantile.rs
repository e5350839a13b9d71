use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::descriptive::{QuantileType, quantile};

use crate::exact::{assert_close, number, numbers, rows};

fn types() -> impl Iterator<Item = QuantileType> {
    (1..=9).map(|number| QuantileType::from_number(number).unwrap())
}

#[test]
fn types_have_their_numbers() {
    assert!(types().zip(1..=9).all(|(quantile_type, number)| quantile_type.number() == number));
    assert_eq!(QuantileType::from_number(0), None);
    assert_eq!(QuantileType::from_number(10), None);
    assert_eq!(QuantileType::default(), QuantileType::Type7);
}

// By hand.

#[test]
fn median_of_four_by_type() {
    // h = np + m = 2 + m: exactly at the second value for types 1 to 4, between the two middle ones for the others.
    let medians: Vec<f64> = types().map(|t| quantile(&[1.0, 2.0, 4.0, 8.0], 0.5, t).unwrap()).collect();
    assert_eq!(medians, [2.0, 3.0, 2.0, 2.0, 3.0, 3.0, 3.0, 3.0, 3.0]);
}

#[test]
fn bad_input_is_named() {
    let at = |sorted: &[f64], p| quantile(sorted, p, QuantileType::Type7);
    assert_eq!(at(&[], 0.5), Err(TestError::TooFew { group: 0, found: 0, needed: 1 }));
    assert_eq!(at(&[1.0, f64::NAN], 0.5), Err(TestError::NotFinite { group: 0, position: 1 }));
    assert_eq!(at(&[1.0, 3.0, 2.0], 0.5), Err(TestError::NotSorted { position: 2 }));
    assert_eq!(at(&[1.0], 1.5), Err(TestError::NotAProbability { position: 0, p: 1.5 }));
    assert!(matches!(at(&[1.0], f64::NAN), Err(TestError::NotAProbability { .. })));
}

// Reference: Hyndman and Fan's definitions in fractions.

#[test]
fn nine_types_agree_with_exact_arithmetic() {
    for row in rows("quantiles") {
        let (sorted, p) = (numbers(&row["sorted"]), number(&row["p"]));
        for (quantile_type, expected) in types().zip(numbers(&row["by_type"])) {
            assert_close(quantile(&sorted, p, quantile_type).unwrap(), expected, 1e-14);
        }
    }
}

// Properties.

fn sample() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(prop::num::f64::NORMAL, 1..40).prop_map(|mut values| {
        values.sort_by(f64::total_cmp);
        values
    })
}

proptest! {
    #[test]
    fn within_the_sample_and_rising(sorted in sample(), p in 0.0..=1.0, q in 0.0..=1.0, number in 1..=9_u8) {
        let quantile_type = QuantileType::from_number(number).unwrap();
        let low = quantile(&sorted, f64::min(p, q), quantile_type)?;
        let high = quantile(&sorted, f64::max(p, q), quantile_type)?;
        prop_assert!(low <= high);
        prop_assert!(sorted[0] <= low && high <= sorted[sorted.len() - 1]);
    }

    #[test]
    fn mirrored_by_the_symmetric_types(sorted in sample(), p in 0.0..=1.0, number in 5..=9_u8) {
        let quantile_type = QuantileType::from_number(number).unwrap();
        let mirrored: Vec<f64> = sorted.iter().rev().map(|x| -x).collect();
        let (here, there) = (quantile(&sorted, p, quantile_type)?, -quantile(&mirrored, 1.0 - p, quantile_type)?);
        // 1 − p is rounded, and a distance of neighbours may be as large as the largest value.
        let size = sorted.iter().fold(0.0, |size: f64, x| size.max(x.abs()));
        prop_assert!((here / size - there / size).abs() <= 1e-12);
    }
}
