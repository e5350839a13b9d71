use restudy_stats::resample::Resampling;
use restudy_stats::score::{
    Candidate, CandidateValues, Derivation, Performance, PipelineValidation, PipelineValidationResult, ScoreError,
};
use serde_json::Value;

use super::{Golden, NAMES};
use crate::golden::{assert_close, number};

const BOOTSTRAP: PipelineValidation = PipelineValidation {
    derivation: Derivation {
        continuous_test: restudy_stats::score::ContinuousTest::MannWhitney,
        adjustment: restudy_stats::score::Adjustment::BenjaminiHochberg,
        level: 0.05,
        items: 3,
    },
    resampling: Resampling { replicates: 100, seed: 7 },
    folds: 5,
    repetitions: 4,
};

fn assert_same(obtained: Option<&Performance>, expected: &Value, what: &str) {
    let Some(obtained) = obtained else {
        assert!(expected.is_null(), "{what}");
        return;
    };
    for (value, name) in [
        (obtained.auc, "auc"),
        (obtained.sensitivity, "sensitivity"),
        (obtained.specificity, "specificity"),
        (obtained.brier, "brier"),
    ] {
        // glm and Firth's Newton steps stop at 1e-13 or so.
        assert!((value - number(&expected[name])).abs() < 1e-9, "{what} {name}: {value} {}", expected[name]);
    }
    assert_eq!(obtained.youden_j, obtained.sensitivity + obtained.specificity - 1.0);
    let line = expected["line"].as_array();
    assert_eq!(obtained.calibration_slope.is_some(), line.is_some(), "{what}");
    if let (Some(line), Some(intercept), Some(slope)) =
        (line, obtained.calibration_intercept, obtained.calibration_slope)
    {
        assert!((intercept - number(&line[0])).abs() < 1e-6, "{what} intercept");
        assert_close(slope, number(&line[1]), 1e-6, what);
    }
}

fn on_the_golden_resamples() -> (Golden, PipelineValidationResult) {
    let golden = Golden::read();
    let result = BOOTSTRAP.run_on_resamples(&golden.candidates(), &golden.outcome, &golden.counts).unwrap();
    (golden, result)
}

// Golden reference.

#[test]
fn every_replicate_is_rs() {
    let (golden, result) = on_the_golden_resamples();
    for (at, (replicate, expected)) in
        result.replicates.iter().zip(golden.json["replicates"].as_array().unwrap()).enumerate()
    {
        let items: Vec<&str> = replicate.score.items.iter().map(|item| NAMES[item.candidate]).collect();
        let chosen: Vec<&str> =
            expected["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect();
        assert_eq!(items, chosen, "replicate {at}");
        for (item, expected) in replicate.score.items.iter().zip(expected["items"].as_array().unwrap()) {
            assert_close(item.rule.cutoff, number(&expected["cut"]), 1e-14, "cut-off");
        }
        assert_eq!(f64::from(replicate.score.threshold), number(&expected["threshold"]), "replicate {at}");
        for (part, name) in
            [(&replicate.resample, "resample"), (&replicate.original, "original"), (&replicate.left_out, "left_out")]
        {
            assert_same(part.as_ref(), &expected[name], &format!("replicate {at} {name}"));
        }
    }
}

// Definition.

#[test]
fn the_figures_are_their_definition() {
    let (golden, result) = on_the_golden_resamples();
    let apparent = number(&golden.json["apparent"]["auc"]);
    assert_close(result.auc.apparent, apparent, 1e-12, "apparent");
    let get = |replicate: &Value, name: &str| number(&replicate[name]["auc"]);
    let replicates = golden.json["replicates"].as_array().unwrap();
    let mean = |f: &dyn Fn(&Value) -> f64| replicates.iter().map(f).sum::<f64>() / replicates.len() as f64;
    let optimism = mean(&|replicate| get(replicate, "resample") - get(replicate, "original"));
    assert_close(result.auc.optimism, optimism, 1e-9, "optimism");
    assert_close(result.auc.corrected, apparent - optimism, 1e-12, "corrected");
    let left_out = mean(&|replicate| get(replicate, "left_out")).max(0.5);
    let r = (left_out - apparent) / (0.5 - apparent);
    let weight = 0.632 / (1.0 - 0.368 * r);
    assert_close(result.auc.point_632_plus.unwrap(), apparent + weight * (left_out - apparent), 1e-9, ".632+");
    assert_eq!(result.auc.defined, 25);
    // Every item of every replicate is counted once.
    let chosen: f64 = result.candidates.iter().map(|candidate| candidate.selection_frequency).sum();
    let items: usize = result.replicates.iter().map(|replicate| replicate.score.items.len()).sum();
    assert!((chosen * 25.0 - items as f64).abs() < 1e-9);
    for (row, patient) in result.patients.iter().enumerate() {
        assert_eq!(f64::from(patient.total), number(&golden.json["total"][row]));
        assert!(patient.risk_low <= patient.risk_high && (0.0..=1.0).contains(&patient.reclassified));
    }
}

#[test]
fn stability_is_told_over_the_patients() {
    let (_, result) = on_the_golden_resamples();
    // Each patient's own figures, from the replicates.
    let of = |figure: &dyn Fn(usize) -> f64| {
        let mut values: Vec<f64> = (0..result.patients.len()).map(figure).collect();
        values.sort_by(f64::total_cmp);
        values
    };
    let expit = |x: f64| 1.0 / (1.0 + (-x).exp());
    let n = result.replicates.len() as f64;
    let moved = of(&|row| {
        let own = expit(result.score.linear_predictor(result.patients[row].total));
        let far = result.replicates.iter().map(|r| (expit(r.score.linear_predictor(r.totals[row])) - own).abs());
        far.sum::<f64>() / n
    });
    let changed = of(&|row| {
        let positive = result.patients[row].total >= result.score.threshold;
        result.replicates.iter().filter(|r| (r.totals[row] >= r.score.threshold) != positive).count() as f64 / n
    });
    for (spread, values) in [(result.prediction_instability(), moved), (result.classification_instability(), changed)] {
        assert_close(spread.mean, values.iter().sum::<f64>() / values.len() as f64, 1e-12, "mean");
        assert!((spread.min - values[0]).abs() < 1e-14 && (spread.max - values[values.len() - 1]).abs() < 1e-14);
        assert!(spread.min <= spread.q1 && spread.q1 <= spread.median && spread.q3 <= spread.max);
    }
    // Where the corrected slope is below 1, a high risk stands for less and a low one for more.
    let (low, high) = (result.corrected_risk(0.02).unwrap(), result.corrected_risk(0.98).unwrap());
    assert!(result.calibration_slope.unwrap().corrected < 1.0 && low > 0.02 && high < 0.98, "{low} {high}");
}

#[test]
fn every_round_is_told_once() {
    let golden = Golden::read();
    let resampling = Resampling { replicates: 100, seed: 7 };
    let validation = PipelineValidation { resampling, folds: 4, repetitions: 5, ..BOOTSTRAP };
    let told = std::sync::Mutex::new(Vec::new());
    let result = validation.run_telling(&golden.candidates(), &golden.outcome, &|done| told.lock().unwrap().push(done));
    assert_eq!(result, validation.run(&golden.candidates(), &golden.outcome));
    let mut told = told.into_inner().unwrap();
    told.sort_unstable();
    assert_eq!(told, (1..=validation.rounds()).collect::<Vec<_>>());
}

// Properties.

#[test]
fn the_seed_determines_everything() {
    let golden = Golden::read();
    let run = |seed, replicates| {
        let resampling = Resampling { replicates, seed };
        PipelineValidation { resampling, ..BOOTSTRAP }.run(&golden.candidates(), &golden.outcome).unwrap()
    };
    let (first, again, longer, other) = (run(7, 100), run(7, 100), run(7, 120), run(8, 100));
    assert_eq!(first, again);
    assert_eq!(first.replicates[..], longer.replicates[..100]);
    assert_ne!(first.auc, other.auc);
    assert!(first.auc.cross_validated.is_some());
}

#[test]
fn noise_that_was_screened_looks_good_and_is_not() {
    // 40 binary candidates that have nothing to do with the outcome, from a linear congruential generator.
    let mut state = 1_u64;
    let mut bit = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 63 == 1
    };
    let outcome: Vec<bool> = (0..60).map(|row| row % 3 == 0).collect();
    let columns: Vec<Vec<bool>> = (0..40).map(|_| outcome.iter().map(|_| bit()).collect()).collect();
    let candidates: Vec<Candidate<'_>> =
        columns.iter().map(|c| Candidate { values: CandidateValues::Binary(c), rounding: None }).collect();
    let derivation =
        Derivation { adjustment: restudy_stats::score::Adjustment::None, level: 1.0, ..Derivation::default() };
    let result = PipelineValidation { derivation, ..BOOTSTRAP }.run(&candidates, &outcome).unwrap();
    assert!(result.auc.apparent > 0.7, "{:?}", result.auc);
    assert!(result.auc.optimism > 0.1, "{:?}", result.auc);
    // A cross-validated area of pure noise is near one half.
    assert!((result.auc.cross_validated.unwrap() - 0.5).abs() < 0.15, "{:?}", result.auc);
    assert!(result.calibration_slope.unwrap().corrected < 0.7);
}

#[test]
fn what_cannot_be_is_refused() {
    let golden = Golden::read();
    let refused = |validation: PipelineValidation| validation.run(&golden.candidates(), &golden.outcome).unwrap_err();
    assert!(matches!(
        refused(PipelineValidation { folds: 1, ..BOOTSTRAP }),
        ScoreError::Setting { setting: "folds", .. }
    ));
    assert!(matches!(
        refused(PipelineValidation { folds: 17, ..BOOTSTRAP }),
        ScoreError::Setting { setting: "folds", .. }
    ));
    let none = Resampling { replicates: 0, seed: 1 };
    assert!(matches!(refused(PipelineValidation { resampling: none, ..BOOTSTRAP }), ScoreError::Setting { .. }));
    let short = BOOTSTRAP.run_on_resamples(&golden.candidates(), &golden.outcome, &[vec![1; 3]]);
    assert!(matches!(short, Err(ScoreError::Setting { setting: "resamples", .. })));
}
