use proptest::prelude::*;
use restudy_stats::dist::ChiSquare;
use restudy_stats::imputation::{ImputationError, PooledWald, RubinRules};

use super::{Pooling, assert_test};
use crate::golden::assert_close;

const UNIT: &[f64] = &[1.0, 0.0, 0.0, 1.0];

// By hand.

#[test]
fn two_terms_of_three_imputations() {
    // Q̄ = (1, 1), B = diag(1, 0): r = 4/3 · 1 / 2 = 2/3, D₁ = 2 / (2 · 5/3) = 3/5; t = 4, ν = 4 · 3/2 · (5/2)² / 2.
    let test = PooledWald::default().run(&[&[0.0, 1.0], &[1.0, 1.0], &[2.0, 1.0]], &[UNIT; 3]).unwrap();
    assert_close(test.relative_increase, 2.0 / 3.0, 1e-15, "r");
    assert_close(test.statistic, 0.6, 1e-15, "F");
    assert_close(test.df2, 18.75, 1e-14, "df2");
}

// Golden reference.

#[test]
fn mice_has_the_same_d1() {
    for (model, pooling) in Pooling::each() {
        let tested = pooling.tested();
        let estimates: Vec<Vec<f64>> =
            pooling.coefficients.iter().map(|coef| tested.iter().map(|&j| coef[j]).collect()).collect();
        let covariances: Vec<Vec<f64>> = (pooling.covariances.iter())
            .map(|matrix| tested.iter().flat_map(|&j| tested.iter().map(move |&k| matrix[j][k])).collect())
            .collect();
        let estimates: Vec<&[f64]> = estimates.iter().map(Vec::as_slice).collect();
        let covariances: Vec<&[f64]> = covariances.iter().map(Vec::as_slice).collect();
        for (answer, complete_df) in [("d1", pooling.complete_df), ("d1_large", f64::INFINITY)] {
            let test = PooledWald { complete_df }.run(&estimates, &covariances).unwrap();
            assert_test(test, &pooling.answers[answer], &format!("{model}, {answer}"));
        }
    }
}

// Definition: imputations that agree are complete data.

#[test]
fn without_missing_values_it_is_walds_test() {
    let test = PooledWald::default().run(&[&[1.0, 2.0][..]; 3], &[UNIT; 3]).unwrap();
    assert_eq!((test.statistic, test.relative_increase), (2.5, 0.0));
    assert_close(test.p_value, ChiSquare::new(2.0).unwrap().upper_tail(5.0), 1e-10, "p");
}

#[test]
fn what_cannot_be_pooled_is_refused() {
    let run = |q: &[&[f64]], u: &[&[f64]]| PooledWald::default().run(q, u).unwrap_err();
    assert_eq!(run(&[&[1.0]], &[&[1.0]]), ImputationError::TooFewImputations { found: 1 });
    assert_eq!(run(&[&[], &[]], &[&[], &[]]), ImputationError::NoTerms);
    let short = ImputationError::Length { position: 1, found: 1, needed: 2 };
    assert_eq!(run(&[&[1.0, 2.0], &[1.0]], &[UNIT; 2]), short);
    assert_eq!(run(&[&[1.0, 2.0][..]; 2], &[&[1.0; 4][..]; 2]), ImputationError::Singular);
    assert_eq!(run(&[&[1.0], &[f64::NAN]], &[&[1.0][..]; 2]), ImputationError::NotAnEstimate { imputation: 1 });
}

// Properties: of one term it is the square of the pooled t; a change of basis leaves it alone.

proptest! {
    #[test]
    fn one_term_is_rubins(analyses in prop::collection::vec((-5.0_f64..5.0, 0.1_f64..4.0), 2..12)) {
        let (q, u): (Vec<f64>, Vec<f64>) = analyses.into_iter().unzip();
        let estimates: Vec<&[f64]> = q.chunks(1).collect();
        let covariances: Vec<&[f64]> = u.chunks(1).collect();
        let test = PooledWald::default().run(&estimates, &covariances).unwrap();
        let t = RubinRules::default().run(&q, &u).unwrap().t;
        prop_assert!((test.statistic - t * t).abs() <= 1e-9 * (1.0 + t * t));
    }

    #[test]
    fn the_basis_does_not_matter(pairs in prop::collection::vec((-5.0_f64..5.0, -5.0_f64..5.0), 3..9)) {
        let made = |f: fn((f64, f64)) -> [f64; 2], covariance: &[f64]| {
            let estimates: Vec<[f64; 2]> = pairs.iter().map(|pair| f(*pair)).collect();
            let estimates: Vec<&[f64]> = estimates.iter().map(<[f64; 2]>::as_slice).collect();
            PooledWald { complete_df: 60.0 }.run(&estimates, &vec![covariance; pairs.len()]).unwrap()
        };
        // The sum and the second, of uncorrelated terms with variance 1.
        let (plain, turned) = (made(|(a, b)| [a, b], UNIT), made(|(a, b)| [a + b, b], &[2.0, 1.0, 1.0, 1.0]));
        prop_assert!((plain.statistic - turned.statistic).abs() < 1e-9 * (1.0 + plain.statistic));
        prop_assert!((plain.relative_increase - turned.relative_increase).abs() < 1e-9 * (1.0 + plain.relative_increase));
    }
}
