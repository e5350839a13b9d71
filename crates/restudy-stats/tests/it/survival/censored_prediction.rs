//! Calibration, net benefit and accuracy by a time, under censoring. The golden reference is the whole of a real cohort, in
//! `restudy-study/tests/golden/gbsg2.R` and `net_benefit.py`.

use proptest::prelude::*;
use restudy_stats::accuracy::{Accuracy, CutoffRule, DiagnosticTable, Direction, Operator, Roc, decision_curve};
use restudy_stats::survival::{
    CensoredAccuracy, CensoredCalibration, SurvivalError, TimeDependentAuc, censored_decision_curve,
};

use super::prepared;
use crate::golden::assert_close;

fn above(cutoff: f64) -> CutoffRule {
    CutoffRule { operator: Operator::Greater, cutoff }
}

// By hand.

#[test]
fn four_people() {
    // Events at 1 and 3, censored at 2, followed to 4: S(3) = 3/4 · 1/2; cases weigh 1 and 1.5, the one control 1.5.
    let times = prepared(&[1.0, 2.0, 3.0, 4.0], &[true, false, true, false]);
    let mean = CensoredCalibration::default().run(&times, &[0.5, 0.5, 0.25, 0.25], 3.0).unwrap();
    assert_close(mean.observed, 0.625, 1e-14, "observed");
    assert_close(mean.expected, 0.375, 1e-14, "expected");
    assert_close(mean.ratio, 0.625 / 0.375, 1e-14, "ratio");
    // Greenwood: S² (1/(4 · 3) + 1/(2 · 1)); the limits are symmetric on the logarithmic scale.
    let std_error = 0.375 * (1.0_f64 / 12.0 + 0.5).sqrt();
    let limits = mean.ratio_interval.unwrap();
    let reach = 1.959_963_984_540_054 * std_error / 0.625;
    assert_close(limits.low, mean.ratio * (-reach).exp(), 1e-13, "low");
    assert_close(limits.low * limits.high, mean.ratio * mean.ratio, 1e-13, "limits");
    // Positive: the event at 1 and the one followed to 4.
    let found = CensoredAccuracy.run(&times, &[5.0, 0.0, 1.0, 5.0], above(2.0), 3.0).unwrap();
    assert_close(found.sensitivity, 1.0 / 2.5, 1e-14, "sensitivity");
    assert_eq!(found.specificity, 0.0);
    assert_close(found.ppv.unwrap(), 1.0 / 2.5, 1e-14, "PPV");
    assert_eq!(found.npv, Some(0.0));
    // At 0.4 the first two are treated: one event, then censored; S = 1/2 is known up to 2 alone.
    let curve = censored_decision_curve(&times, &[0.5, 0.5, 0.25, 0.25], 2.0, &[0.2, 0.4, 0.9]).unwrap();
    assert_close(curve.treat_all[0], 0.25 - 0.75 * 0.25, 1e-14, "all");
    assert_close(curve.model[0].unwrap(), curve.treat_all[0], 1e-14, "everyone is above 0.2");
    assert_close(curve.model[1].unwrap(), 0.5 * (0.5 - 0.5 * 0.4 / 0.6), 1e-14, "half");
    assert_eq!(curve.model[2], Some(0.0));
    let beyond = censored_decision_curve(&times, &[0.5, 0.5, 0.25, 0.25], 3.0, &[0.4]).unwrap();
    assert_eq!(beyond.model, [None]);
}

#[test]
fn what_is_wrong_is_said() {
    let times = prepared(&[1.0, 2.0, 3.0, 4.0], &[true, false, true, false]);
    let calibration = CensoredCalibration::default();
    assert_eq!(
        calibration.run(&times, &[0.5, 1.5, 0.25, 0.25], 3.0),
        Err(SurvivalError::NotAProbability { probability: 1.5 })
    );
    assert!(matches!(calibration.run(&times, &[0.5], 3.0), Err(SurvivalError::Length { .. })));
    assert!(matches!(calibration.run(&times, &[0.5; 4], 5.0), Err(SurvivalError::BeyondFollowUp { .. })));
    assert!(matches!(
        calibration.slope(&times, &[0.5, 1.0, 0.25, 0.25], 3.0),
        Err(SurvivalError::NotFinite { row: 1, .. })
    ));
    // One risk has no three knots.
    assert!(matches!(calibration.curve(&times, &[0.5; 4], 3.0), Err(SurvivalError::Design(_))));
    assert!(matches!(CensoredAccuracy.run(&times, &[1.0; 4], above(0.0), 0.5), Err(SurvivalError::NothingAt { .. })));
}

/// What the update makes of the risks needs no other update.
#[test]
fn an_update_leaves_nothing_to_update() {
    let time: Vec<f64> = (1..=40).map(|i| f64::from(i * 7 % 41)).collect();
    let event: Vec<bool> = (1..=40).map(|i| i % 3 != 0).collect();
    let risk: Vec<f64> = (1..=40).map(|i| f64::from(i * 11 % 37 + 1) / 40.0).collect();
    let times = prepared(&time, &event);
    let calibration = CensoredCalibration::default();
    let update = calibration.update(&times, &risk, 25.0).unwrap();
    let updated: Vec<f64> = risk.iter().map(|risk| update.risk(*risk)).collect();
    let again = calibration.update(&times, &updated, 25.0).unwrap();
    assert!(again.intercept.abs() < 1e-9, "{}", again.intercept);
    assert_close(again.slope, 1.0, 1e-9, "slope");
}

// Definition: without censoring everything is what it is of an outcome of yes and no.

proptest! {
    #[test]
    fn without_censoring_it_is_the_table_of_two_by_two(
        people in prop::collection::vec((1_u8..9, 1_u8..20), 8..60),
        at in 2_u8..7,
        cutoff in 1_u8..20,
    ) {
        let time: Vec<f64> = people.iter().map(|(time, _)| f64::from(*time)).collect();
        let risk: Vec<f64> = people.iter().map(|(_, risk)| f64::from(*risk) / 21.0).collect();
        let (at, rule) = (f64::from(at), above(f64::from(cutoff) / 21.0));
        let happened: Vec<bool> = time.iter().map(|time| *time <= at).collect();
        prop_assume!(happened.iter().any(|event| *event) && happened.iter().any(|event| !*event));
        let times = prepared(&time, &vec![true; time.len()]);
        let count = |event: bool, positive: bool| {
            risk.iter().zip(&happened).filter(|(risk, y)| **y == event && rule.is_positive(**risk) == positive).count() as u64
        };
        let table = DiagnosticTable {
            true_positives: count(true, true),
            false_positives: count(false, true),
            false_negatives: count(true, false),
            true_negatives: count(false, false),
        };
        let expected = Accuracy::default().run_on_counts(table).unwrap();
        let found = CensoredAccuracy.run(&times, &risk, rule, at).unwrap();
        assert_close(found.sensitivity, expected.sensitivity.value, 1e-12, "sensitivity");
        assert_close(found.specificity, expected.specificity.value, 1e-12, "specificity");
        prop_assert_eq!(found.ppv.is_some(), expected.ppv.is_some());
        if let (Some(found), Some(expected)) = (found.ppv, expected.ppv) {
            assert_close(found, expected.value, 1e-12, "PPV");
        }
        let thresholds = [0.1, 0.3, 0.5];
        let expected = decision_curve(&risk, &happened, &thresholds).unwrap();
        let curve = censored_decision_curve(&times, &risk, at, &thresholds).unwrap();
        for (found, expected) in curve.model.iter().zip(&expected.model) {
            prop_assert!((found.unwrap() - expected).abs() < 1e-12);
        }
        let mean = CensoredCalibration::default().run(&times, &risk, at).unwrap();
        let observed = happened.iter().filter(|event| **event).count() as f64 / happened.len() as f64;
        prop_assert!((mean.observed - observed).abs() < 1e-12);
    }

    #[test]
    fn the_area_is_that_under_the_curve(people in prop::collection::vec((1_u8..9, any::<bool>(), 0_u8..6), 8..60)) {
        let time: Vec<f64> = people.iter().map(|(time, ..)| f64::from(*time)).collect();
        let event: Vec<bool> = people.iter().map(|(_, event, _)| *event).collect();
        let marker: Vec<f64> = people.iter().map(|(.., marker)| f64::from(*marker)).collect();
        let times = prepared(&time, &event);
        let Ok(area) = TimeDependentAuc.run(&times, &marker, 4.0) else { return Ok(()) };
        let curve = CensoredAccuracy.curve(&times, &marker, 4.0).unwrap();
        let step = |k: usize| {
            (curve.specificity[k - 1] - curve.specificity[k]) * f64::midpoint(curve.sensitivity[k], curve.sensitivity[k - 1])
        };
        let under: f64 = (1..curve.threshold.len()).map(step).sum();
        prop_assert!((under - area.value).abs() < 1e-12);
        prop_assert!(curve.sensitivity.is_sorted());
    }
}

#[test]
fn the_curve_ends_at_everyone() {
    let times = prepared(&[1.0, 2.0, 3.0, 4.0], &[true, true, false, false]);
    let curve = CensoredAccuracy.curve(&times, &[4.0, 2.0, 3.0, 1.0], 2.0).unwrap();
    assert_eq!((curve.sensitivity[0], curve.specificity[0]), (0.0, 1.0));
    assert_eq!((curve.sensitivity[4], curve.specificity[4]), (1.0, 0.0));
    let binary = (Roc { direction: Direction::Higher }).run(&[4.0, 2.0], &[3.0, 1.0]).unwrap();
    assert_eq!(curve.threshold.len(), binary.sensitivity().len());
}
