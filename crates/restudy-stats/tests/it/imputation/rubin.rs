use proptest::prelude::*;
use restudy_stats::dist::Normal;
use restudy_stats::imputation::{ImputationError, RubinRules};

use super::Pooling;
use crate::golden::{assert_close, numbers};

// By hand.

#[test]
fn three_imputations() {
    // Q̄ = 2, W = 1, B = 1, T = 1 + 4/3 = 7/3, r = 4/3, λ = 4/7, ν_m = 2 · 49/16 = 49/8.
    let pooled = RubinRules::default().run(&[1.0, 2.0, 3.0], &[0.5, 1.0, 1.5]).unwrap();
    assert_close(pooled.total, 7.0 / 3.0, 1e-15, "total");
    assert_close(pooled.relative_increase, 4.0 / 3.0, 1e-15, "r");
    assert_close(pooled.df, 49.0 / 8.0, 1e-14, "df");
    assert_close(pooled.fmi, (4.0 / 3.0 + 16.0 / 73.0) * 3.0 / 7.0, 1e-14, "FMI");
    // With ν = 5: ν_obs = 6/8 · 5 · 3/7 = 45/28, and 1/df = 8/49 + 28/45.
    let small = RubinRules { complete_df: 5.0, ..RubinRules::default() };
    let df = small.run(&[1.0, 2.0, 3.0], &[1.0; 3]).unwrap().df;
    assert_close(df, 1.0 / (8.0 / 49.0 + 28.0 / 45.0), 1e-14, "df");
}

// Golden reference.

#[test]
fn mice_pools_alike() {
    for (model, pooling) in Pooling::each() {
        for (answer, complete_df) in [("pool", pooling.complete_df), ("pool_large", f64::INFINITY)] {
            let expected = &pooling.answers[answer];
            for term in 0..pooling.coefficients[0].len() {
                let estimates: Vec<f64> = pooling.coefficients.iter().map(|coef| coef[term]).collect();
                let variances: Vec<f64> = pooling.covariances.iter().map(|matrix| matrix[term][term]).collect();
                let rules = RubinRules { complete_df, ..RubinRules::default() };
                let pooled = rules.run(&estimates, &variances).unwrap();
                for (name, value) in [
                    ("estimate", pooled.estimate),
                    ("within", pooled.within),
                    ("between", pooled.between),
                    ("total", pooled.total),
                    ("df", pooled.df),
                    ("relative_increase", pooled.relative_increase),
                    ("lambda", pooled.lambda),
                    ("fmi", pooled.fmi),
                    ("std_error", pooled.std_error),
                    ("statistic", pooled.t),
                    ("p_value", pooled.p_value),
                    ("conf_low", pooled.interval.low),
                    ("conf_high", pooled.interval.high),
                ] {
                    let expected = numbers(&expected[name])[term];
                    assert_close(value, expected, 1e-10, &format!("{model}, {answer}, {name} of term {term}"));
                }
            }
        }
    }
}

// Definition: imputations that agree are complete data.

#[test]
fn without_missing_values_it_is_the_analysis() {
    let pooled = RubinRules::default().run(&[1.5; 4], &[0.25; 4]).unwrap();
    assert_eq!((pooled.between, pooled.lambda, pooled.fmi), (0.0, 0.0, 0.0));
    assert_close(pooled.p_value, Normal.two_sided(3.0), 1e-12, "p");
}

#[test]
fn what_cannot_be_pooled_is_refused() {
    let run = |q: &[f64], u: &[f64]| RubinRules::default().run(q, u).unwrap_err();
    assert_eq!(run(&[1.0], &[1.0]), ImputationError::TooFewImputations { found: 1 });
    assert_eq!(run(&[1.0, 2.0], &[1.0]), ImputationError::Length { position: 0, found: 1, needed: 2 });
    assert_eq!(run(&[1.0, f64::NAN], &[1.0, 1.0]), ImputationError::NotAnEstimate { imputation: 1 });
    assert_eq!(run(&[1.0, 2.0], &[0.0, 1.0]), ImputationError::NotAnEstimate { imputation: 0 });
    let none = RubinRules { complete_df: 0.0, ..RubinRules::default() };
    assert_eq!(none.run(&[1.0, 2.0], &[1.0, 1.0]).unwrap_err(), ImputationError::CompleteDf { df: 0.0 });
}

// Properties.

proptest! {
    #[test]
    fn scale_and_order_do_not_matter(
        mut analyses in prop::collection::vec((-5.0_f64..5.0, 0.1_f64..4.0), 2..12),
        complete_df in 2.0_f64..200.0,
        scale in 0.01_f64..100.0,
    ) {
        let rules = RubinRules { complete_df, ..RubinRules::default() };
        let run = |analyses: &[(f64, f64)], scale: f64| {
            let (q, u): (Vec<f64>, Vec<f64>) = analyses.iter().map(|(q, u)| (q * scale, u * scale * scale)).unzip();
            rules.run(&q, &u).unwrap()
        };
        let pooled = run(&analyses, 1.0);
        prop_assert!(pooled.total >= pooled.within && pooled.df <= complete_df);
        prop_assert!((0.0..1.0).contains(&pooled.lambda) && pooled.fmi >= pooled.lambda);
        analyses.reverse();
        let other = run(&analyses, scale);
        prop_assert!((other.p_value - pooled.p_value).abs() < 1e-9 && (other.df / pooled.df - 1.0).abs() < 1e-9);
    }
}
