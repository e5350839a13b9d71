use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::accuracy::{Brier, CalibrationBins, CalibrationInTheLarge};
use restudy_stats::dist::Normal;

use crate::exact::{P_VALUE, STATISTIC, assert_close};

// By hand.

#[test]
fn four_predictions() {
    // Squares 0.01, 0.81, 0.04, 0.25; frequencies 1/2 at 0.1, 0 at 0.5, 1 at 0.8.
    let score = Brier.run(&[0.1, 0.1, 0.8, 0.5], &[false, true, true, false]).unwrap();
    assert_close(score.value, 0.2775, STATISTIC);
    assert_close(score.reliability, (2.0 * 0.16 + 0.25 + 0.04) / 4.0, STATISTIC);
    assert_close(score.resolution, 0.125, STATISTIC);
    assert_eq!((score.uncertainty, score.n, score.events), (0.25, 4, 2));
    assert_close(score.scaled, 1.0 - 0.2775 / 0.25, STATISTIC);
    assert_close(score.log_loss, -(0.9_f64 * 0.1 * 0.8 * 0.5).ln() / 4.0, STATISTIC);
}

#[test]
fn certain_predictions() {
    let perfect = Brier.run(&[0.0, 1.0, 1.0], &[false, true, true]).unwrap();
    assert_eq!((perfect.value, perfect.scaled, perfect.log_loss), (0.0, 1.0, 0.0));
    let wrong = Brier.run(&[0.0, 1.0, 0.5], &[true, true, false]).unwrap();
    assert_eq!(wrong.log_loss, f64::INFINITY);
}

#[test]
fn one_risk_for_everyone_has_a_closed_form() {
    // 3 events of 10 predicted at 0.2: a = logit 0.3 − logit 0.2, information 10 · 0.3 · 0.7.
    let events: Vec<bool> = (0..10).map(|i| i < 3).collect();
    let result = CalibrationInTheLarge::default().run(&[0.2; 10], &events).unwrap();
    let intercept = (0.3_f64 / 0.7).ln() - (0.2_f64 / 0.8).ln();
    assert_close(result.intercept, intercept, STATISTIC);
    assert_close(result.std_error, 1.0 / 2.1_f64.sqrt(), STATISTIC);
    assert_close(result.p_value, Normal.two_sided(intercept * 2.1_f64.sqrt()), P_VALUE);
    assert_close(result.interval.high, intercept + Normal.upper_quantile(0.025) / 2.1_f64.sqrt(), STATISTIC);
    assert_close(result.ratio, 1.5, STATISTIC);
    let reach = Normal.upper_quantile(0.025) * (0.7_f64 / 3.0).sqrt();
    assert_close(result.ratio_interval.low, 1.5 * (-reach).exp(), STATISTIC);
    assert_close(result.ratio_interval.high, 1.5 * reach.exp(), STATISTIC);
}

#[test]
fn groups_keep_ties_together() {
    let predicted = [0.9, 0.1, 0.2, 0.2, 0.2, 0.5, 0.6];
    let events = [true, false, true, false, false, false, true];
    // In order 0.1 0.2 0.2 0.2 0.5 0.6 0.9. Thirds of seven end with the third, with which the fourth ties, the fifth, and
    // the seventh.
    let curve = CalibrationBins { groups: 3, ..CalibrationBins::default() }.run(&predicted, &events).unwrap();
    assert_eq!((curve.n, curve.events), (vec![4, 1, 2], vec![1, 0, 2]));
    assert_close(curve.predicted[0], 0.7 / 4.0, STATISTIC);
    assert_eq!(curve.observed, [0.25, 0.0, 1.0]);
    let alone = CalibrationBins { groups: usize::MAX, ..CalibrationBins::default() }.run(&predicted, &events).unwrap();
    assert_eq!(alone.n, [1, 3, 1, 1, 1]);
}

// Degenerate input.

#[test]
fn what_is_no_prediction_is_refused() {
    let refused = |predicted: &[f64], events: &[bool]| {
        let error = Brier.run(predicted, events).unwrap_err();
        // As text, because NaN does not equal itself.
        let in_the_large = CalibrationInTheLarge::default().run(predicted, events).unwrap_err();
        assert_eq!(in_the_large.to_string(), error.to_string());
        assert_eq!(CalibrationBins::default().run(predicted, events).unwrap_err().to_string(), error.to_string());
        error
    };
    assert_eq!(refused(&[], &[]), TestError::TooFew { group: 0, found: 0, needed: 1 });
    assert_eq!(refused(&[0.5], &[true]), TestError::TooFew { group: 1, found: 0, needed: 1 });
    assert_eq!(refused(&[0.5], &[true, false]), TestError::UnequalLengths { first: 1, second: 2 });
    assert_eq!(refused(&[0.5, 1.5], &[true, false]), TestError::PredictedProbability { position: 1, value: 1.5 });
    assert!(matches!(refused(&[f64::NAN, 0.5], &[true, false]), TestError::PredictedProbability { position: 0, .. }));
    let certain = CalibrationInTheLarge::default().run(&[0.5, 1.0], &[true, false]);
    assert_eq!(certain, Err(TestError::PredictedProbability { position: 1, value: 1.0 }));
    let none = CalibrationBins { groups: 0, ..CalibrationBins::default() }.run(&[0.5, 0.5], &[true, false]);
    assert_eq!(none, Err(TestError::TooFewGroups { found: 0, needed: 1 }));
}

#[test]
fn extreme_risks_still_have_an_intercept() {
    let predicted = [f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0, 0.5];
    for events in [[true, false, false], [false, true, true], [true, false, true]] {
        let result = CalibrationInTheLarge::default().run(&predicted, &events).unwrap();
        assert!(result.intercept.is_finite(), "{result:?}");
    }
}

// Definition and properties.

fn predictions() -> impl Strategy<Value = (Vec<f64>, Vec<bool>)> {
    prop::collection::vec(((1_u8..20).prop_map(|x| f64::from(x) / 20.0), any::<bool>()), 2..40)
        .prop_filter("both outcomes", |people| people.iter().any(|x| x.1) && people.iter().any(|x| !x.1))
        .prop_map(|people| people.into_iter().unzip())
}

proptest! {
    #[test]
    fn the_parts_make_the_score((predicted, events) in predictions()) {
        let score = Brier.run(&predicted, &events).unwrap();
        prop_assert!((score.reliability - score.resolution + score.uncertainty - score.value).abs() < 1e-14);
        let definition: f64 =
            predicted.iter().zip(&events).map(|(p, &y)| (p - f64::from(u8::from(y))).powi(2)).sum();
        prop_assert!((score.value - definition / predicted.len() as f64).abs() < 1e-14);
    }

    #[test]
    fn the_intercept_makes_the_risks_add_up((predicted, events) in predictions()) {
        let result = CalibrationInTheLarge::default().run(&predicted, &events).unwrap();
        let expected: f64 =
            predicted.iter().map(|p| 1.0 / (1.0 + (-result.intercept).exp() * (1.0 - p) / p)).sum();
        // The sum of up to 40 risks.
        prop_assert!((expected - result.observed as f64).abs() < 1e-12);
    }

    #[test]
    fn the_other_outcome_turns_the_intercept((predicted, events) in predictions()) {
        let [one, other] = [false, true].map(|turn| {
            let predicted: Vec<f64> = predicted.iter().map(|p| if turn { 1.0 - p } else { *p }).collect();
            let events: Vec<bool> = events.iter().map(|y| y ^ turn).collect();
            CalibrationInTheLarge::default().run(&predicted, &events).unwrap()
        });
        prop_assert!((one.intercept + other.intercept).abs() < 1e-12);
        prop_assert!((one.std_error - other.std_error).abs() < 1e-12 * one.std_error);
    }

    #[test]
    fn the_groups_hold_everyone_once((predicted, events) in predictions(), groups in 1_usize..30) {
        let curve = CalibrationBins { groups, ..CalibrationBins::default() }.run(&predicted, &events).unwrap();
        prop_assert!(curve.n.len() <= groups);
        prop_assert_eq!(curve.n.iter().sum::<u64>(), predicted.len() as u64);
        prop_assert_eq!(curve.events.iter().sum::<u64>(), events.iter().filter(|&&y| y).count() as u64);
        prop_assert!(curve.predicted.windows(2).all(|pair| pair[0] < pair[1]));
        let total: f64 = curve.predicted.iter().zip(&curve.n).map(|(p, &n)| p * n as f64).sum();
        prop_assert!((total - predicted.iter().sum::<f64>()).abs() < 1e-12);
    }
}
