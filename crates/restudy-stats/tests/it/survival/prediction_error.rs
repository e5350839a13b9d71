use proptest::prelude::*;
use restudy_stats::accuracy::{Auc, Direction, Roc};
use restudy_stats::survival::{CensoredBrier, SurvivalData, SurvivalError, TimeDependentAuc};
use serde_json::Value;

use super::prepared;
use crate::golden::{assert_close, number, numbers, parse};

// By hand.

#[test]
fn four_people() {
    // Events at 1 and 3, censored at 2, followed to 4. By 3: G(1−) = 1, G(3−) = 1 − 1/3 (at 2 three are at risk): weights
    // 1 and 1.5, one control.
    let times = prepared(&[1.0, 2.0, 3.0, 4.0], &[true, false, true, false]);
    let area = TimeDependentAuc.run(&times, &[5.0, 0.0, 1.0, 2.0], 3.0).unwrap();
    assert_close(area.value, 1.0 / 2.5, 1e-14, "AUC");
    assert_eq!((area.n_cases, area.n_controls, area.n_unknown), (2, 1, 1));
    // (1 · 0.25² + 1.5 · 0.5² + 1.5 · (1 − 0.8)²) / 4.
    let score = CensoredBrier.run(&times, &[0.25, 0.9, 0.5, 0.8], 3.0).unwrap();
    assert_close(score.value, (0.0625 + 1.5 * 0.25 + 1.5 * 0.04) / 4.0, 1e-14, "Brier");
    // Kaplan–Meier at 3: 3/4 · 1/2.
    let s: f64 = 0.375;
    assert_close(score.null, (2.5 * s * s + 1.5 * (1.0 - s) * (1.0 - s)) / 4.0, 1e-14, "null");
}

// Golden reference.

#[test]
fn scikit_survival_has_the_same_numbers() {
    let golden = parse(include_str!("../../golden/prediction_error.json"));
    let event: Vec<bool> = golden["event"].as_array().unwrap().iter().map(|event| event == true).collect();
    let times = prepared(&numbers(&golden["time"]), &event);
    let (at, auc, brier) = (numbers(&golden["at"]), numbers(&golden["auc"]), numbers(&golden["brier"]));
    let survival: Vec<Vec<f64>> = golden["survival"].as_array().unwrap().iter().map(numbers).collect();
    for (k, &time) in at.iter().enumerate() {
        let area = TimeDependentAuc.run(&times, &numbers(&golden["marker"]), time).unwrap();
        assert_close(area.value, auc[k], 1e-11, "AUC");
        assert_close(CensoredBrier.run(&times, &survival[k], time).unwrap().value, brier[k], 1e-11, "Brier");
    }
    let survival: Vec<&[f64]> = survival.iter().map(Vec::as_slice).collect();
    let integrated = CensoredBrier.integrated(&times, &survival, &at).unwrap();
    assert_close(integrated.value, number(&golden["integrated"]), 1e-11, "integrated");
}

#[test]
fn risk_regression_has_the_same_numbers_with_ties() {
    let golden: Value = parse(include_str!("../../golden/prediction_error_ties.json"));
    let event: Vec<bool> = numbers(&golden["event"]).into_iter().map(|event| event == 1.0).collect();
    let times = prepared(&numbers(&golden["time"]), &event);
    let [at, auc, brier, null] = ["at", "auc", "brier", "null"].map(|name| numbers(&golden[name]));
    for (k, &time) in at.iter().enumerate() {
        let risk = numbers(&golden["risk"][k]);
        let survival: Vec<f64> = risk.iter().map(|risk| 1.0 - risk).collect();
        assert_close(TimeDependentAuc.run(&times, &risk, time).unwrap().value, auc[k], 1e-10, "AUC");
        let score = CensoredBrier.run(&times, &survival, time).unwrap();
        assert_close(score.value, brier[k], 1e-10, "Brier");
        assert_close(score.null, null[k], 1e-10, "null");
    }
}

#[test]
fn what_cannot_be_judged_is_refused() {
    let times = prepared(&[1.0, 2.0, 3.0], &[true, false, true]);
    let auc = |marker: &[f64], time| TimeDependentAuc.run(&times, marker, time).unwrap_err();
    assert_eq!(auc(&[1.0; 3], 0.5), SurvivalError::NothingAt { time: 0.5 });
    assert_eq!(auc(&[1.0; 3], 3.0), SurvivalError::NothingAt { time: 3.0 });
    assert_eq!(auc(&[1.0; 2], 1.0), SurvivalError::Length { column: "the marker", found: 2, needed: 3 });
    assert!(matches!(auc(&[1.0, f64::NAN, 1.0], 1.0), SurvivalError::NotFinite { row: 1, .. }));
    assert!(matches!(auc(&[1.0; 3], f64::NAN), SurvivalError::NotATime { .. }));
    let brier = CensoredBrier.run(&times, &[0.5, 1.5, 0.5], 1.0).unwrap_err();
    assert_eq!(brier, SurvivalError::NotAProbability { probability: 1.5 });
    let weights = [1.0, 2.0, 1.0];
    let data = SurvivalData { weights: Some(&weights), ..SurvivalData::new(&[1.0, 2.0, 3.0], &[true; 3]) };
    let refused = CensoredBrier.run(&data.prepare().unwrap(), &[0.5; 3], 1.0).unwrap_err();
    assert_eq!(refused, SurvivalError::NotDefinedFor { method: "the Brier score", data: "case weights" });
    let beyond = prepared(&[1.0, 2.0], &[true, false]);
    assert!(matches!(CensoredBrier.run(&beyond, &[0.5; 2], 5.0), Err(SurvivalError::BeyondFollowUp { .. })));
}

// Definition: without censoring they are the plain ones.

proptest! {
    #[test]
    fn without_censoring_they_are_the_plain_ones(people in prop::collection::vec((1_u8..10, 0_u8..6), 4..30), at in 2_u8..9) {
        let time: Vec<f64> = people.iter().map(|person| f64::from(person.0)).collect();
        let marker: Vec<f64> = people.iter().map(|person| f64::from(person.1)).collect();
        let at = f64::from(at);
        let times = prepared(&time, &vec![true; people.len()]);
        let by = |early: bool| marker.iter().zip(&time).filter(|&(_, t)| (*t <= at) == early).map(|(x, _)| *x).collect::<Vec<_>>();
        if let Ok(area) = TimeDependentAuc.run(&times, &marker, at) {
            if let Ok(curve) = (Roc { direction: Direction::Higher }).run(&by(true), &by(false)) {
                prop_assert!((area.value - Auc::default().run(&curve).value).abs() < 1e-12);
            }
            let reversed: Vec<f64> = marker.iter().map(|x| -x).collect();
            prop_assert!((TimeDependentAuc.run(&times, &reversed, at).unwrap().value + area.value - 1.0).abs() < 1e-12);
        }
        let survival: Vec<f64> = marker.iter().map(|x| x / 6.0).collect();
        let expected: f64 = survival.iter().zip(&time)
            .map(|(s, t)| if *t <= at { s * s } else { (1.0 - s) * (1.0 - s) })
            .sum::<f64>() / people.len() as f64;
        prop_assert!((CensoredBrier.run(&times, &survival, at).unwrap().value - expected).abs() < 1e-12);
    }
}
