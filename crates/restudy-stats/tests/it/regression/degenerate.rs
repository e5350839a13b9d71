//! Data of which a logistic model says nothing end in an error that names why.

use restudy_stats::Level;
use restudy_stats::regression::{Design, FitError, Logistic, LogisticFit, LogisticOrFirth, Outcome, SeparationKind};

use super::line;
use crate::golden::{CLOSED_FORM, assert_close};

fn fit<'a>(design: &'a Design, events: &'a [bool]) -> Result<LogisticFit<'a>, FitError> {
    Logistic::default().fit(design, Outcome::new(events))
}

#[test]
fn as_many_coefficients_as_rows() {
    let (a, b) = ([1.0, 2.0, 4.0], [1.0, 0.0, 5.0]);
    let design = Design::build(3).intercept().continuous("a", &a, 1.0).continuous("b", &b, 1.0).finish();
    assert_eq!(design.unwrap_err(), FitError::TooFewRows { rows: 3, columns: 3 });
    // More of them: one follows from the others, which is the more telling fault.
    let c = [2.0, 2.0, 9.0];
    let design = Design::build(3).intercept().continuous("a", &a, 1.0).continuous("b", &b, 1.0);
    let design = design.continuous("c", &c, 1.0).finish().unwrap_err();
    assert!(matches!(design, FitError::TooFewRows { rows: 3, columns: 4 } | FitError::Collinear { .. }), "{design}");
}

#[test]
fn two_rows() {
    let design = Design::build(2).intercept().continuous("x", &[0.0, 1.0], 1.0).finish();
    assert_eq!(design.unwrap_err(), FitError::TooFewRows { rows: 2, columns: 2 });
    // The intercept alone: one event of two.
    let design = Design::build(2).intercept().finish().unwrap();
    let fitted = fit(&design, &[true, false]).unwrap();
    assert!(fitted.coefficients()[0].abs() < 1e-14);
    assert_close(fitted.std_errors()[0], 2.0_f64.sqrt(), CLOSED_FORM, "1 / √(2 · ¼)");
}

#[test]
fn no_events_and_nothing_but_events() {
    let design = line(&[1.0, 2.0, 3.0, 4.0]);
    for all_events in [false, true] {
        assert_eq!(fit(&design, &[all_events; 4]).unwrap_err(), FitError::OneOutcome { all_events });
    }
}

#[test]
fn one_group_and_a_constant_predictor() {
    let group = Design::build(4).intercept().categorical("g", &[0; 4], &["a", "b"], 0).finish();
    assert_eq!(group.unwrap_err(), FitError::Constant { column: "g=b".to_owned() });
    let constant = Design::build(4).intercept().continuous("x", &[7.1; 4], 1.0).finish();
    assert_eq!(constant.unwrap_err(), FitError::Constant { column: "x".to_owned() });
}

#[test]
fn perfect_prediction_names_the_term_and_ends_in_firths_fit() {
    let design = line(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let events = [false, false, false, true, true, true];
    let Err(FitError::Separated(separation)) = fit(&design, &events) else { panic!("it has an estimate") };
    assert_eq!((separation.kind, separation.terms), (SeparationKind::Complete, vec!["x".to_owned()]));
    let either = Logistic::default().fit_or_firth(&design, Outcome::new(&events), Level::NINETY_FIVE).unwrap();
    let LogisticOrFirth::Separated { coefficients, .. } = either else { panic!("it has an estimate") };
    assert!(coefficients[1].estimate.is_finite() && coefficients[1].estimate > 0.0);
}
