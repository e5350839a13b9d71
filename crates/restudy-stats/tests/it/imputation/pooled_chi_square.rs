use proptest::prelude::*;
use restudy_stats::dist::ChiSquare;
use restudy_stats::imputation::{ImputationError, PooledChiSquare};

use super::{Pooling, assert_test};
use crate::golden::{assert_close, numbers};

// By hand.

#[test]
fn two_statistics() {
    // Roots 2 and 4: variance 2, r = 3/2 · 2 = 3; D₂ = (10/1 − 3 · 3) / 4 = 1/4; ν = (4/3)² = 16/9.
    let test = PooledChiSquare { df: 1 }.run(&[4.0, 16.0]).unwrap();
    assert_close(test.relative_increase, 3.0, 1e-14, "r");
    assert_close(test.statistic, 0.25, 1e-14, "F");
    assert_close(test.df2, 16.0 / 9.0, 1e-14, "df2");
}

// Golden reference.

#[test]
fn mice_has_the_same_d2() {
    for (model, pooling) in Pooling::each() {
        let test = PooledChiSquare { df: 2 }.run(&numbers(&pooling.answers["chi_square"])).unwrap();
        assert_test(test, &pooling.answers["d2"], model);
    }
}

// Definition: statistics that agree are those of complete data.

#[test]
fn without_missing_values_it_is_the_test() {
    let test = PooledChiSquare { df: 3 }.run(&[7.5; 5]).unwrap();
    assert_close(test.p_value, ChiSquare::new(3.0).unwrap().upper_tail(7.5), 1e-10, "p");
}

#[test]
fn what_cannot_be_pooled_is_refused() {
    let run = |df, d: &[f64]| PooledChiSquare { df }.run(d).unwrap_err();
    assert_eq!(run(1, &[3.0]), ImputationError::TooFewImputations { found: 1 });
    assert_eq!(run(0, &[3.0, 3.0]), ImputationError::NoTerms);
    assert_eq!(run(1, &[3.0, -1.0]), ImputationError::NotAChiSquare { imputation: 1 });
    assert_eq!(run(1, &[f64::INFINITY, 1.0]), ImputationError::NotAChiSquare { imputation: 0 });
}

// Properties.

proptest! {
    #[test]
    fn order_does_not_matter_and_spread_costs(mut d in prop::collection::vec(0.0_f64..40.0, 2..12), df in 1_u32..6) {
        let pooled = PooledChiSquare { df }.run(&d).unwrap();
        let mean = d.iter().sum::<f64>() / d.len() as f64;
        prop_assert!((0.0..=1.0).contains(&pooled.p_value));
        prop_assert!(pooled.statistic <= mean / f64::from(df) + 1e-12);
        d.reverse();
        let reversed = PooledChiSquare { df }.run(&d).unwrap();
        prop_assert!((pooled.statistic - reversed.statistic).abs() < 1e-9);
    }
}
