use restudy_stats::accuracy::{
    Auc, Brier, OptimismBootstrap, OptimismIndex, OptimismValidation, Recalibration, ValidationError,
};
use restudy_stats::regression::{Design, FitError, Logistic, Outcome};
use restudy_stats::resample::{ResampleError, Resampling, Units};

use super::HIGHER;
use crate::golden::{assert_close, numbers, parse};

struct Data {
    design: Design,
    events: Vec<bool>,
    columns: [Vec<f64>; 3],
}

fn data() -> Data {
    let golden = parse(include_str!("../../golden/optimism.json"));
    let columns = ["a", "b", "c"].map(|name| numbers(&golden[name]));
    let events = numbers(&golden["y"]).into_iter().map(|y| y == 1.0).collect();
    Data { design: design(&columns), events, columns }
}

fn design(columns: &[Vec<f64>; 3]) -> Design {
    let builder = Design::build(columns[0].len()).intercept();
    let named = ["a", "b", "c"].iter().zip(columns);
    named.fold(builder, |builder, (name, column)| builder.continuous(name, column, 1.0)).finish().unwrap()
}

fn validated(replicates: u32, seed: u64) -> OptimismValidation {
    let data = data();
    OptimismBootstrap { resampling: Resampling { replicates, seed } }.run(&data.design, &data.events).unwrap()
}

// Golden reference: rms on the same resamples.

#[test]
fn rms_has_the_same_indices() {
    let golden = parse(include_str!("../../golden/optimism.json"));
    let result = validated(30, 2021);
    assert_eq!(result.failed, 0);
    let indices = [result.auc, result.r2, result.intercept, result.slope, result.brier];
    let [training, test] = ["training", "test"].map(|name| numbers(&golden[name]));
    let apparent = golden["apparent"].as_array().map(|_| numbers(&golden["apparent"])).unwrap();
    for (k, index) in indices.iter().enumerate() {
        // lrm stops at a gradient, not at the last digit.
        assert_close(index.apparent, apparent[k], 1e-8, &format!("apparent {k}"));
        assert_close(index.training, training[k], 1e-8, &format!("training {k}"));
        assert_close(index.test, test[k], 1e-7, &format!("test {k}"));
    }
}

/// `rms::validate` and `rms::val.prob` themselves, on two real cohorts and the reconstructed one, on the same resamples.
#[test]
fn rms_validate_has_the_same_optimism_on_whole_cohorts() {
    let golden = parse(include_str!("../../golden/rms_validate.json"));
    for cohort in ["cmv", "gbsg2", "dlm2021"] {
        let golden = &golden[cohort];
        let columns = ["a", "b", "c"].map(|name| numbers(&golden[name]));
        let events: Vec<bool> = numbers(&golden["y"]).into_iter().map(|y| y == 1.0).collect();
        let resampling = Resampling { replicates: 40, seed: 1997 };
        let result = OptimismBootstrap { resampling }.run(&design(&columns), &events).unwrap();
        assert_eq!(result.failed, 0, "{cohort}");
        // lrm counts Somers' D of probabilities rounded to 1/500, so that its ties are others.
        let indices = [
            ("dxy", result.dxy, 3e-3),
            ("r2", result.r2, 1e-6),
            ("intercept", result.intercept, 1e-6),
            ("slope", result.slope, 1e-6),
            ("brier", result.brier, 1e-6),
        ];
        for (name, index, tolerance) in indices {
            let found = [index.apparent, index.training, index.test, index.optimism, index.corrected];
            for (part, (found, expected)) in found.into_iter().zip(numbers(&golden[name])).enumerate() {
                assert_near(found, expected, tolerance, &format!("{cohort} {name} {part}"));
            }
        }
        let external = &golden["external"];
        let (p, y) = (numbers(&external["p"]), numbers(&external["y"]));
        let happened: Vec<bool> = y.iter().map(|y| *y == 1.0).collect();
        let line = Recalibration::default().run(&p, &happened).unwrap();
        assert_near(line.intercept.estimate, external["intercept"].as_f64().unwrap(), 1e-6, "intercept");
        assert_near(line.slope.estimate, external["slope"].as_f64().unwrap(), 1e-6, "slope");
        assert_near(Brier.run(&p, &happened).unwrap().value, external["brier"].as_f64().unwrap(), 1e-12, "Brier");
        let side = |of: bool| p.iter().zip(&happened).filter(|(_, y)| **y == of).map(|(p, _)| *p).collect::<Vec<_>>();
        let area = Auc::default().run(&HIGHER.run(&side(true), &side(false)).unwrap()).value;
        assert_near(area, external["area"].as_f64().unwrap(), 3e-3, "area");
    }
}

/// lrm stops at a gradient, not at the last digit, and an optimism is a small difference: within so much, absolutely.
#[track_caller]
fn assert_near(obtained: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((obtained - expected).abs() < tolerance, "{what}: {obtained} is not {expected}");
}

// Definition: rows copied, models fitted and areas counted by the other ways there are.

#[test]
fn copied_rows_give_the_same_indices() {
    let data = data();
    let resampling = Resampling { replicates: 25, seed: 3 };
    let units = Units::ordinary(60).unwrap();
    let area = |x: &[f64], events: &[bool]| {
        let group = |of: bool| x.iter().zip(events).filter(|&(_, &e)| e == of).map(|(x, _)| *x).collect::<Vec<_>>();
        Auc::default().run(&HIGHER.run(&group(true), &group(false)).unwrap()).value
    };
    let brier = |x: &[f64], events: &[bool]| {
        let term = |(x, &event): (&f64, &bool)| (1.0 / (1.0 + (-x).exp()) - f64::from(u8::from(event))).powi(2);
        x.iter().zip(events).map(term).sum::<f64>() / x.len() as f64
    };
    let mut sums = [0.0; 8];
    for replicate in 0..25 {
        let mut counts = vec![0; 60];
        units.draw(&mut resampling.stream(replicate), &mut counts);
        let rows: Vec<usize> = (0..60).flat_map(|row| std::iter::repeat_n(row, counts[row] as usize)).collect();
        let columns = data.columns.clone().map(|column| rows.iter().map(|&row| column[row]).collect::<Vec<_>>());
        let events: Vec<bool> = rows.iter().map(|&row| data.events[row]).collect();
        let copied = design(&columns);
        let fit = Logistic::default().fit(&copied, Outcome::new(&events)).unwrap();
        let there = copied.linear_predictor(fit.coefficients()).unwrap();
        let here = data.design.linear_predictor(fit.coefficients()).unwrap();
        let line = Design::build(60).intercept().continuous("predictor", &here, 1.0).finish().unwrap();
        let line = Logistic::default().fit(&line, Outcome::new(&data.events)).unwrap();
        let made = [
            area(&there, &events),
            area(&here, &data.events),
            fit.r2_nagelkerke(),
            line.r2_nagelkerke(),
            line.coefficients()[0],
            line.coefficients()[1],
            brier(&there, &events),
            brier(&here, &data.events),
        ];
        sums.iter_mut().zip(made).for_each(|(sum, x)| *sum += x / 25.0);
    }
    let result = validated(25, 3);
    let obtained = [
        result.auc.training,
        result.auc.test,
        result.r2.training,
        result.r2.test,
        result.intercept.test,
        result.slope.test,
        result.brier.training,
        result.brier.test,
    ];
    for (k, (obtained, expected)) in obtained.into_iter().zip(sums).enumerate() {
        assert_close(obtained, expected, 1e-10, &format!("{k}"));
    }
}

#[test]
fn the_parts_belong_together() {
    let result = validated(40, 9);
    let belongs = |index: OptimismIndex| {
        assert_eq!(index.optimism, index.training - index.test);
        assert_eq!(index.corrected, index.apparent - index.optimism);
    };
    [result.auc, result.dxy, result.r2, result.intercept, result.slope, result.brier].into_iter().for_each(belongs);
    assert!((result.dxy.corrected - (2.0 * result.auc.corrected - 1.0)).abs() < 1e-12);
    assert_eq!((result.slope.training, result.intercept.training), (1.0, 0.0));
    // Three covariates of 60 people flatter themselves.
    assert!(result.slope.corrected < 1.0 && result.auc.optimism > 0.0);
}

#[test]
fn resamples_without_an_estimate_are_counted() {
    // One exposed person among eleven: a resample without her has a constant column, and one with her separates.
    let exposed: Vec<f64> = (0..12).map(|row| if row < 2 { 1.0 } else { 0.0 }).collect();
    let events: Vec<bool> = (0..12).map(|row| row % 2 == 0).collect();
    let design = Design::build(12).intercept().continuous("exposed", &exposed, 1.0).finish().unwrap();
    let resampling = Resampling { replicates: 100, seed: 1 };
    let result = OptimismBootstrap { resampling }.run(&design, &events).unwrap();
    assert!(result.failed > 10 && result.failed < 100, "{}", result.failed);
}

#[test]
fn what_has_no_model_is_refused() {
    let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let design = Design::build(6).intercept().continuous("x", &x, 1.0).finish().unwrap();
    let separated = OptimismBootstrap::default().run(&design, &[false, false, false, true, true, true]).unwrap_err();
    assert!(matches!(separated, ValidationError::Fit(FitError::Separated(_))));
    let none = OptimismBootstrap { resampling: Resampling { replicates: 0, seed: 1 } };
    let refused = none.run(&design, &[true, false, true, false, true, false]).unwrap_err();
    assert_eq!(refused, ResampleError::TooFewReplicates { found: 0, needed: 1 }.into());
}
