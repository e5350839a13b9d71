use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::descriptive::Shape;

use crate::exact::{STATISTIC, assert_close_at, number, numbers, rows};

// By hand.

#[test]
fn two_points_are_flat_and_symmetric() {
    // m₂ = 1, m₃ = 0, m₄ = 1: kurtosis 1, the least there is.
    assert_eq!(Shape::of(&[-1.0, 1.0]).unwrap(), Shape { skewness: 0.0, excess_kurtosis: -2.0 });
}

#[test]
fn no_spread_has_no_shape() {
    assert_eq!(Shape::of(&[0.1; 7]), Err(TestError::NoSpread));
    assert_eq!(Shape::of(&[]), Err(TestError::TooFew { group: 0, found: 0, needed: 1 }));
    assert_eq!(Shape::of(&[f64::NEG_INFINITY]), Err(TestError::NotFinite { group: 0, position: 0 }));
}

// Reference.

#[test]
fn agrees_with_exact_arithmetic() {
    for row in rows("moments") {
        let shape = Shape::of(&numbers(&row["values"])).unwrap();
        // Differences from 0 and from 3.
        assert_close_at(1.0, shape.skewness, number(&row["skewness"]), STATISTIC);
        assert_close_at(3.0, shape.excess_kurtosis, number(&row["excess_kurtosis"]), STATISTIC);
    }
}

// Properties.

proptest! {
    #[test]
    fn mirrored_and_scaled(values in prop::collection::vec(-1e3..1e3, 3..80), factor in 1e-6..1e6) {
        prop_assume!(values.iter().any(|&x| x != values[0]));
        let shape = Shape::of(&values)?;
        let mirrored = Shape::of(&values.iter().map(|x| -x * factor).collect::<Vec<_>>())?;
        prop_assert!((shape.skewness + mirrored.skewness).abs() <= 1e-9 * (1.0 + shape.skewness.abs()));
        prop_assert!((shape.excess_kurtosis - mirrored.excess_kurtosis).abs() <= 1e-9 * (3.0 + shape.excess_kurtosis));
        // Pearson's inequality: kurtosis is at least the squared skewness plus 1.
        prop_assert!(shape.excess_kurtosis + 2.0 >= shape.skewness * shape.skewness * (1.0 - 1e-12) - 1e-12);
    }
}
