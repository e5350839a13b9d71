//! Data of which a Cox model says nothing end in an error that names why.

use restudy_stats::Level;
use restudy_stats::survival::{Covariates, Cox, CoxOrFirth, CoxTies, SurvivalError};

use super::prepared;

const TIES: [CoxTies; 3] = [CoxTies::Efron, CoxTies::Breslow, CoxTies::Exact];

/// Names x1, x2, … for the columns.
fn refused(ties: CoxTies, time: &[f64], event: &[bool], columns: &[&[f64]]) -> Option<SurvivalError> {
    let names: Vec<String> = (1..=columns.len()).map(|j| format!("x{j}")).collect();
    Cox { ties }.fit(&prepared(time, event), Covariates { names: &names, values: &columns.concat() }).err()
}

fn term(name: &str) -> String {
    name.to_owned()
}

#[test]
fn no_events() {
    for ties in TIES {
        let found = refused(ties, &[1.0, 2.0, 3.0], &[false; 3], &[&[1.0, 0.0, 1.0]]);
        assert_eq!(found, Some(SurvivalError::NoEvents));
    }
}

#[test]
fn one_group_and_a_constant_predictor() {
    for ties in TIES {
        let found = refused(ties, &[1.0, 2.0, 3.0, 4.0], &[true; 4], &[&[1.0, 0.0, 1.0, 0.0], &[3.0; 4]]);
        assert_eq!(found, Some(SurvivalError::NoVariation { term: term("x2") }));
    }
}

#[test]
fn as_many_coefficients_as_rows() {
    let columns: [&[f64]; 4] = [&[1.0, 0.0, 2.0], &[0.0, 1.0, 5.0], &[3.0, 1.0, 1.0], &[2.0, 7.0, 1.0]];
    for ties in TIES {
        for p in [3, 4] {
            let found = refused(ties, &[1.0, 2.0, 3.0], &[true; 3], &columns[..p]);
            assert!(matches!(found, Some(SurvivalError::Collinear { .. })), "{found:?}");
        }
    }
}

#[test]
fn two_rows() {
    for ties in TIES {
        // The first event says that the other lives longer, and nothing holds it.
        let found = refused(ties, &[1.0, 2.0], &[true, false], &[&[1.0, 0.0]]);
        assert_eq!(found, Some(SurvivalError::MonotoneLikelihood { terms: vec![term("x1")] }));
        // Nobody is left to compare the last with.
        let found = refused(ties, &[1.0, 2.0], &[false, true], &[&[1.0, 0.0]]);
        assert_eq!(found, Some(SurvivalError::NoVariation { term: term("x1") }));
    }
}

#[test]
fn all_at_one_time() {
    // Everybody has the event at once: those at risk and those with the event are the same, and the estimate is 0. Of the
    // choices of four out of four there is one, which says nothing.
    let (time, event, x) = ([5.0; 4], [true; 4], [1.0, 0.0, 3.0, 1.0]);
    for ties in [CoxTies::Efron, CoxTies::Breslow] {
        let times = prepared(&time, &event);
        let fit = Cox { ties }.fit(&times, Covariates { names: &[term("x")], values: &x }).unwrap();
        assert!(fit.coefficients[0].abs() < 1e-12 && fit.covariance[0].is_finite());
        // No two events can be put in an order.
        assert!(fit.concordance.is_none());
    }
    assert_eq!(refused(CoxTies::Exact, &time, &event, &[&x]), Some(SurvivalError::NoVariation { term: term("x1") }));
}

#[test]
fn perfect_prediction_names_the_covariate_and_ends_in_firths_fit() {
    let (time, event, x) = ([1.0, 2.0, 3.0, 4.0], [true; 4], [4.0, 3.0, 2.0, 1.0]);
    for ties in TIES {
        let found = refused(ties, &time, &event, &[&x]);
        assert_eq!(found, Some(SurvivalError::MonotoneLikelihood { terms: vec![term("x1")] }));
    }
    let times = prepared(&time, &event);
    let covariates = Covariates { names: &[term("x")], values: &x };
    let either = Cox::default().fit_or_firth(&times, covariates, Level::NINETY_FIVE).unwrap();
    let CoxOrFirth::Monotone { coefficients, .. } = either else { panic!("it has an estimate") };
    assert!(coefficients[0].estimate.is_finite() && coefficients[0].estimate > 0.0);
}
