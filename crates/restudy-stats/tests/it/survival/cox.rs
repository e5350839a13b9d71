use proptest::prelude::*;
use restudy_stats::Level;
use restudy_stats::survival::{
    Covariates, Cox, CoxFit, CoxTies, ProportionalHazards, SurvivalData, SurvivalError, SurvivalTimes, TimeTransform,
};

use super::{GOLDEN, Golden, prepared, rows, unzip};
use crate::golden::{CLOSED_FORM, REFERENCE, assert_close, number, numbers};

fn names<const P: usize>(names: [&str; P]) -> [String; P] {
    names.map(str::to_owned)
}

fn fit_one<'a>(ties: CoxTies, times: &'a SurvivalTimes, x: &[f64]) -> Result<CoxFit<'a>, SurvivalError> {
    Cox { ties }.fit(times, Covariates { names: &names(["x"]), values: x })
}

// By hand.

#[test]
fn three_patients() {
    // L = [u / (2u + 1)] [1 / (u + 1)], u = e^β, is greatest at u = 1/√2; −(log L)'' = 2u / (2u + 1)² + u / (u + 1)².
    let times = prepared(&[1.0, 2.0, 3.0], &[true, true, false]);
    let fit = fit_one(CoxTies::Efron, &times, &[1.0, 0.0, 1.0]).unwrap();
    let u = 0.5_f64.sqrt();
    assert_close(fit.coefficients[0], u.ln(), CLOSED_FORM, "β");
    let information = 2.0 * u / (2.0 * u + 1.0).powi(2) + u / (u + 1.0).powi(2);
    assert_close(fit.covariance[0], 1.0 / information, CLOSED_FORM, "variance");
    assert_close(fit.log_likelihood_null, -(6.0_f64.ln()), CLOSED_FORM, "null");
    assert_close(fit.log_likelihood, (u / (2.0 * u + 1.0) / (u + 1.0)).ln(), CLOSED_FORM, "log L");
    // At 0 the slope is 1 − 2/3 − 1/2 and the information 2/9 + 1/4.
    assert_close(fit.score.chi_square, (1.0_f64 / 36.0) / (17.0 / 36.0), CLOSED_FORM, "score");
    // Increments of the baseline: 1 / (2u + 1) and 1 / (u + 1).
    let baseline = fit.cumulative_hazard(&[0.0]).unwrap().remove(0);
    let (first, both) = (1.0 / (2.0 * u + 1.0), 1.0 / (2.0 * u + 1.0) + 1.0 / (u + 1.0));
    assert_eq!(baseline.time, [1.0, 2.0]);
    assert_close(baseline.hazard[0], first, CLOSED_FORM, "hazard");
    assert_close(baseline.hazard[1], both, CLOSED_FORM, "hazard");
    for (residual, expected) in fit.martingale_residuals.iter().zip([1.0 - u * first, 1.0 - both, -u * both]) {
        // The second of them is 0 but for rounding.
        assert!((residual - expected).abs() < 1e-14, "{residual} {expected}");
    }
    assert_close(fit.aic(), 2.0 - 2.0 * fit.log_likelihood, CLOSED_FORM, "AIC");
    let term = fit.terms(Level::NINETY_FIVE).remove(0);
    assert_close(term.hazard_ratio, u, CLOSED_FORM, "hazard ratio");
    assert_close(term.interval.low * term.interval.high, u * u, CLOSED_FORM, "limits");
}

#[test]
fn two_events_at_once() {
    // Nothing known, the risk set weighs 4; Efron has it at 4 and 4 − 2/2.
    let times = prepared(&[1.0, 1.0, 2.0, 3.0], &[true, true, false, false]);
    let x = [1.0, 0.0, 1.0, 0.0];
    for (ties, risk) in [(CoxTies::Efron, 4.0 * 3.0_f64), (CoxTies::Breslow, 16.0)] {
        let fit = fit_one(ties, &times, &x).unwrap();
        assert_close(fit.log_likelihood_null, -risk.ln(), CLOSED_FORM, "null");
        // Events and those at risk are alike: 0 is the maximum.
        assert!(fit.coefficients[0].abs() < 1e-12);
        let hazard = fit.cumulative_hazard(&[0.0]).unwrap().remove(0).hazard;
        assert_close(hazard[0], if ties == CoxTies::Efron { 0.25 + 1.0 / 3.0 } else { 0.5 }, CLOSED_FORM, "hazard");
    }
}

// Golden.

#[test]
fn late_entry_weights_and_strata_as_in_r() {
    let golden = Golden::read();
    let x = [golden.column("x1"), golden.column("x2")].concat();
    let covariates = Covariates { names: &names(["x1", "x2"]), values: &x };
    for (key, ties, stratified) in [
        ("cox_efron", CoxTies::Efron, true),
        ("cox_breslow", CoxTies::Breslow, true),
        ("cox_one_stratum", CoxTies::Efron, false),
    ] {
        let times = golden.prepared(stratified);
        let fit = Cox { ties }.fit(&times, covariates).unwrap();
        let expected = &golden.answers[key];
        let close = |obtained: &[f64], name: &str| {
            let expected: Vec<f64> = match expected[name].as_array() {
                Some(rows) if rows[0].is_array() => rows.iter().flat_map(numbers).collect(),
                Some(_) => numbers(&expected[name]),
                None => vec![number(&expected[name])],
            };
            assert_eq!(obtained.len(), expected.len(), "{name}");
            for (obtained, expected) in obtained.iter().zip(expected) {
                assert_close(*obtained, expected, GOLDEN, name);
            }
        };
        close(&fit.coefficients, "coef");
        close(&fit.covariance, "vcov");
        close(&[fit.log_likelihood_null, fit.log_likelihood], "loglik");
        close(&[fit.score.chi_square], "score");
        close(&[fit.wald.chi_square], "wald");
        close(&fit.martingale_residuals, "martingale");
        close(&fit.deviance_residuals(), "deviance");
        let concordance = fit.concordance.unwrap();
        close(&[concordance.value, concordance.std_error], "concordance");
        let last = |baseline: &restudy_stats::survival::BaselineHazard| *baseline.hazard.last().unwrap();
        let hazards: Vec<f64> = fit.cumulative_hazard(&[0.0, 0.0]).unwrap().iter().map(last).collect();
        close(&hazards, "hazard_last");
    }
}

// Definition and properties.

proptest! {
    #[test]
    fn residuals_add_up_to_nothing_at_the_estimate(rows in rows(), efron in any::<bool>()) {
        // Σ M = 0 by the baseline, Σ x M = 0 because the score is zero at the estimate.
        let (time, event, _, x) = unzip(&rows);
        let times = prepared(&time, &event);
        if let Ok(fit) = fit_one(if efron { CoxTies::Efron } else { CoxTies::Breslow }, &times, &x) {
            let residuals = &fit.martingale_residuals;
            prop_assert!(residuals.iter().sum::<f64>().abs() < 1e-11);
            prop_assert!(residuals.iter().zip(&x).map(|(m, x)| m * x).sum::<f64>().abs() < 1e-10);
            prop_assert!(fit.log_likelihood >= fit.log_likelihood_null - 1e-12);
        }
    }

    #[test]
    fn units_and_the_clock_do_not_matter(rows in rows()) {
        let (time, event, _, x) = unzip(&rows);
        let times = prepared(&time, &event);
        let later = prepared(&time.iter().map(|t| t * t + 5.0).collect::<Vec<_>>(), &event);
        let rescaled: Vec<f64> = x.iter().map(|x| 1000.0 - x / 4.0).collect();
        match (fit_one(CoxTies::Efron, &times, &x), fit_one(CoxTies::Efron, &later, &rescaled)) {
            (Ok(here), Ok(there)) => {
                prop_assert!((here.log_likelihood - there.log_likelihood).abs() < 1e-10);
                let se = here.covariance[0].sqrt();
                prop_assert!((here.coefficients[0] + there.coefficients[0] / 4.0).abs() < 1e-8 * se);
                prop_assert!((there.covariance[0].sqrt() / (4.0 * se) - 1.0).abs() < 1e-8);
            }
            (Err(here), Err(there)) => prop_assert_eq!(here, there),
            (here, there) => prop_assert!(false, "{:?} but {:?}", here.err(), there.err()),
        }
    }

    #[test]
    fn a_weight_is_so_many_rows_to_breslow(rows in rows(), weights in prop::collection::vec(1_u8..4, 40)) {
        let (time, event, _, x) = unzip(&rows);
        let weights: Vec<f64> = weights[..rows.len()].iter().map(|w| f64::from(*w)).collect();
        let repeated: Vec<usize> =
            weights.iter().enumerate().flat_map(|(i, w)| std::iter::repeat_n(i, *w as usize)).collect();
        let pick = |column: &[f64]| -> Vec<f64> { repeated.iter().map(|&i| column[i]).collect() };
        let many = prepared(&pick(&time), &repeated.iter().map(|&i| event[i]).collect::<Vec<_>>());
        let weighted =
            SurvivalData { weights: Some(&weights), ..SurvivalData::new(&time, &event) }.prepare().unwrap();
        if let (Ok(one), Ok(other)) =
            (fit_one(CoxTies::Breslow, &weighted, &x), fit_one(CoxTies::Breslow, &many, &pick(&x)))
        {
            prop_assert!((one.log_likelihood - other.log_likelihood).abs() < 1e-9);
            prop_assert!((one.covariance[0] / other.covariance[0] - 1.0).abs() < 1e-8);
        }
    }
}

#[test]
fn proportional_hazards_see_the_transform_up_to_a_line() {
    let golden = Golden::read();
    let x = [golden.column("x1"), golden.column("x2")].concat();
    let covariates = Covariates { names: &names(["x1", "x2"]), values: &x };
    let squared: Vec<f64> = golden.time.iter().map(|t| t * t).collect();
    let times = [prepared(&golden.time, &golden.event), prepared(&squared, &golden.event)];
    let fits = times.each_ref().map(|times| Cox::default().fit(times, covariates).unwrap());
    // The logarithm of a square is twice the logarithm; ranks and the Kaplan–Meier curve see the order only.
    for transform in [TimeTransform::KaplanMeier, TimeTransform::Rank, TimeTransform::Log] {
        let [here, there] =
            fits.each_ref().map(|fit| ProportionalHazards { transform }.run(fit, &[0..1, 1..2]).unwrap());
        assert_close(here.global.chi_square, there.global.chi_square, REFERENCE, "global");
        for (here, there) in here.terms.iter().zip(&there.terms) {
            assert_close(here.chi_square, there.chi_square, REFERENCE, "term");
        }
        // Of all coefficients as one term.
        let whole = ProportionalHazards { transform }.run(&fits[0], std::slice::from_ref(&(0..2))).unwrap();
        assert_eq!(whole.terms[0], whole.global);
    }
    let error = ProportionalHazards::default().run(&fits[0], &[0..1, 1..3]).unwrap_err();
    assert_eq!(error, SurvivalError::Coefficients { found: 3, needed: 2 });
}

// Degenerate input.

#[test]
fn a_monotone_likelihood_is_named() {
    let times =
        prepared(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], &[true, true, false, true, true, false, true, true]);
    let monotone = |names: &[String], values: &[f64]| match Cox::default().fit(&times, Covariates { names, values }) {
        Err(SurvivalError::MonotoneLikelihood { terms }) => terms,
        other => panic!("{:?}", other.map(|fit| fit.coefficients)),
    };
    // Whoever has the event has the greatest value of those at risk.
    let falling = [8.0, 7.0, 1.0, 6.0, 5.0, 0.0, 3.0, 2.0];
    assert_eq!(monotone(&names(["x"]), &falling), ["x"]);
    // Nobody of a group has the event; age is estimable.
    let (age, group) = ([60.0, 40.0, 50.0, 70.0, 30.0, 65.0, 45.0, 55.0], [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    assert_eq!(monotone(&names(["age", "group"]), &[age, group].concat()), ["group"]);
    // Late entry: the one in the way is not there yet when the first events happen.
    let entry = [0.0, 0.0, 0.0, 0.0, 0.0, 4.5, 0.0, 0.0];
    let late = SurvivalData {
        entry: Some(&entry),
        ..SurvivalData::new(
            &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0],
            &[true, true, true, true, false, false, false, false],
        )
    };
    let late = late.prepare().unwrap();
    let x = [7.0, 6.0, 5.0, 4.0, 3.0, 9.0, 2.0, 1.0];
    let error = fit_one(CoxTies::Efron, &late, &x).err().unwrap();
    assert_eq!(error, SurvivalError::MonotoneLikelihood { terms: vec!["x".to_owned()] });
    assert!(error.to_string().contains("along `x`"), "{error}");
}

#[test]
fn nearly_monotone_is_estimated() {
    // As above, but one event out of line.
    let times = prepared(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[true; 6]);
    let fit = fit_one(CoxTies::Efron, &times, &[6.0, 5.0, 3.0, 4.0, 2.0, 1.0]).unwrap();
    assert!(fit.coefficients[0] > 1.0 && fit.covariance[0].is_finite());
}

#[test]
fn bad_input_is_named() {
    let (time, event) = ([1.0, 2.0, 3.0, 4.0], [true, true, true, false]);
    let times = prepared(&time, &event);
    let fit = |names: &[&str], values: &[f64]| {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        Cox::default().fit(&times, Covariates { names: &names, values }).err().unwrap()
    };
    let term = |name: &str| name.to_owned();
    assert_eq!(fit(&[], &[]), SurvivalError::Shape { values: 0, rows: 4, columns: 0 });
    assert_eq!(fit(&["x"], &[1.0]), SurvivalError::Shape { values: 1, rows: 4, columns: 1 });
    let infinite = [1.0, 2.0, f64::INFINITY, 0.0];
    assert_eq!(fit(&["x"], &infinite), SurvivalError::NotFinite { name: term("x"), row: 2 });
    assert_eq!(fit(&["x"], &[0.1; 4]), SurvivalError::NoVariation { term: term("x") });
    let (a, b) = ([1.0, 0.0, 2.0, 5.0], [3.0, 1.0, 5.0, 11.0]);
    assert_eq!(fit(&["a", "2a + 1"], &[a, b].concat()), SurvivalError::Collinear { term: term("2a + 1") });
    // As many covariates as rows.
    let many = [1.0, 0.0, 2.0, 5.0, 0.0, 1.0, 0.0, 3.0, 2.0, 2.0, 0.0, 1.0, 4.0, 0.0, 1.0, 1.0];
    assert_eq!(fit(&["a", "b", "c", "d"], &many), SurvivalError::Collinear { term: term("d") });
    let nobody = prepared(&time, &[false; 4]);
    assert_eq!(fit_one(CoxTies::Efron, &nobody, &a).err(), Some(SurvivalError::NoEvents));
    // A covariate that differs between strata only is the same for everybody at risk.
    let data = SurvivalData { strata: Some(&[0, 0, 1, 1]), ..SurvivalData::new(&time, &event) };
    let stratified = data.prepare().unwrap();
    let between = fit_one(CoxTies::Efron, &stratified, &[0.0, 0.0, 1.0, 1.0]).err();
    assert_eq!(between, Some(SurvivalError::NoVariation { term: term("x") }));
}

#[test]
fn all_at_one_time() {
    // Everybody has the event at once: nothing is known of the order, to Breslow the ratio is 1.
    let times = prepared(&[1.0; 4], &[true; 4]);
    let fit = fit_one(CoxTies::Breslow, &times, &[1.0, 0.0, 2.0, 5.0]).unwrap();
    assert!(fit.coefficients[0].abs() < 1e-12);
    assert_eq!(fit.concordance, None);
    let single = std::slice::from_ref(&(0..1));
    let error = ProportionalHazards { transform: TimeTransform::Identity }.run(&fit, single).unwrap_err();
    assert_eq!(error, SurvivalError::NothingToCompare);
}

#[test]
fn an_event_at_time_zero_has_no_logarithm() {
    let times = prepared(&[0.0, 1.0, 2.0, 3.0, 4.0], &[true, true, true, true, false]);
    let fit = fit_one(CoxTies::Efron, &times, &[1.0, 3.0, 0.0, 2.0, 1.0]).unwrap();
    let single = std::slice::from_ref(&(0..1));
    assert_eq!(
        ProportionalHazards { transform: TimeTransform::Log }.run(&fit, single),
        Err(SurvivalError::EventAtZero)
    );
    assert_eq!(fit.cumulative_hazard(&[]), Err(SurvivalError::Coefficients { found: 0, needed: 1 }));
}
