use proptest::prelude::*;
use restudy_stats::Level;
use restudy_stats::regression::Inference;
use restudy_stats::survival::{
    Covariates, Cox, CoxOrFirth, CoxTies, FirthCox, SurvivalData, SurvivalError, SurvivalTimes,
};

use super::{prepared, rows, unzip};
use crate::golden::{CLOSED_FORM, assert_close, cases, number, numbers, parse};

/// Linear convergence to the last digits that steps of the score leave, and roots to 1e-12 of a standard error.
const PENALIZED: f64 = 1e-9;

fn ties(name: &str) -> CoxTies {
    if name == "efron" { CoxTies::Efron } else { CoxTies::Breslow }
}

// By hand.

#[test]
fn two_patients() {
    // One event of two at risk: L = u / (1 + u), I = u / (1 + u)², so that L* = u^1.5 / (1 + u)² has its maximum at u = 3.
    let times = prepared(&[1.0, 2.0], &[true, false]);
    let names = ["x".to_owned()];
    let covariates = Covariates { names: &names, values: &[1.0, 0.0] };
    let fit = FirthCox::default().fit(&times, covariates).unwrap();
    assert_close(fit.coefficients[0], 3.0_f64.ln(), 1e-11, "coefficient");
    assert_close(fit.covariance[0], 16.0 / 3.0, 1e-11, "variance");
    assert_close(fit.log_likelihood, 0.75_f64.ln(), 1e-11, "log L");
    // At u = 1: 1/4, at 3: 3^1.5 / 16.
    let rise = (3.0_f64.powf(1.5) / 16.0 / 0.25).ln();
    assert_close(fit.likelihood_ratio.chi_square, 2.0 * rise, 1e-11, "likelihood ratio");
    assert_close(fit.penalized_log_likelihood - fit.penalized_log_likelihood_null, rise, CLOSED_FORM, "rise");
}

// Golden.

#[test]
fn estimates_and_profiles_are_those_of_the_definition() {
    let golden = parse(include_str!("../../golden/firth_cox.json"));
    for case in cases(&golden) {
        let what = case["name"].as_str().unwrap();
        let event: Vec<bool> = numbers(&case["event"]).iter().map(|event| *event == 1.0).collect();
        let (time, entry) = (numbers(&case["time"]), case["entry"].as_array().map(|_| numbers(&case["entry"])));
        let data = SurvivalData { entry: entry.as_deref(), ..SurvivalData::new(&time, &event) };
        let times = data.prepare().unwrap();
        let values: Vec<f64> = case["x"].as_array().unwrap().iter().flat_map(numbers).collect();
        let names = ["x1".to_owned(), "x2".to_owned()];
        let settings = FirthCox { ties: ties(case["ties"].as_str().unwrap()) };
        let fit = settings.fit(&times, Covariates { names: &names, values: &values }).unwrap();
        for (obtained, expected) in fit.coefficients.iter().zip(numbers(&case["coef"])) {
            assert_close(*obtained, expected, PENALIZED, what);
        }
        for (obtained, expected) in fit.covariance.iter().zip(numbers(&case["vcov"])) {
            assert_close(*obtained, expected, PENALIZED, what);
        }
        assert_close(fit.log_likelihood, number(&case["loglik"]), PENALIZED, what);
        assert_close(fit.likelihood_ratio.chi_square, 2.0 * number(&case["rise"]), PENALIZED, what);
        for (row, expected) in fit.profile(Level::NINETY_FIVE).unwrap().iter().zip(case["profile"].as_array().unwrap())
        {
            assert_eq!(row.inference, Inference::PenalizedLikelihoodRatio);
            assert_close(row.interval.low, number(&expected["low"]), PENALIZED, what);
            assert_close(row.interval.high, number(&expected["high"]), PENALIZED, what);
            assert_close(row.statistic, number(&expected["chi2"]), PENALIZED, what);
        }
    }
}

#[test]
fn a_monotone_likelihood_is_named_and_has_a_fit_beside_it() {
    let golden = parse(include_str!("../../golden/firth_cox.json"));
    let case = &cases(&golden)[1];
    let event: Vec<bool> = numbers(&case["event"]).iter().map(|event| *event == 1.0).collect();
    let times = prepared(&numbers(&case["time"]), &event);
    let values: Vec<f64> = case["x"].as_array().unwrap().iter().flat_map(numbers).collect();
    let names = ["group".to_owned(), "age".to_owned()];
    let covariates = Covariates { names: &names, values: &values };
    let found = Cox::default().fit_or_firth(&times, covariates, Level::NINETY_FIVE).unwrap();
    let CoxOrFirth::Monotone { terms, fit, coefficients } = found else { panic!("monotone") };
    assert_eq!(terms, ["group"]);
    assert_close(fit.coefficients[0], number(&case["coef"][0]), PENALIZED, "coefficient");
    assert_close(coefficients[0].interval.high, number(&case["profile"][0]["high"]), PENALIZED, "limit");
}

// Properties.

fn fit<'a>(times: &'a SurvivalTimes, x: &[f64]) -> Result<restudy_stats::survival::FirthCoxFit<'a>, SurvivalError> {
    FirthCox::default().fit(times, Covariates { names: &["x".to_owned()], values: x })
}

proptest! {
    #[test]
    fn every_sample_with_spread_has_a_finite_estimate(rows in rows()) {
        let (time, event, _, x) = unzip(&rows);
        let times = prepared(&time, &event);
        let mirrored: Vec<f64> = x.iter().map(|x| 10.0 - 2.0 * x).collect();
        match (fit(&times, &x), fit(&times, &mirrored)) {
            (Ok(here), Ok(there)) => {
                prop_assert!(here.coefficients[0].is_finite());
                prop_assert!(here.penalized_log_likelihood >= here.penalized_log_likelihood_null - 1e-12);
                let se = here.covariance[0].sqrt();
                prop_assert!((here.coefficients[0] + 2.0 * there.coefficients[0]).abs() < 1e-7 * se);
            }
            (Err(SurvivalError::NoEvents | SurvivalError::NoVariation { .. }), Err(_)) => {}
            (here, there) => prop_assert!(false, "{:?} but {:?}", here.err(), there.err()),
        }
    }
}

#[test]
fn exact_ties_have_no_penalty() {
    let times = prepared(&[1.0, 2.0, 3.0], &[true, true, false]);
    let settings = FirthCox { ties: CoxTies::Exact };
    let error = settings.fit(&times, Covariates { names: &["x".to_owned()], values: &[1.0, 0.0, 1.0] }).err();
    assert_eq!(error, Some(SurvivalError::NotWithExactTies { what: "penalties" }));
}
