use restudy_stats::regression::{CompleteCases, Design, Diagnostics, FitError, ModelRemark, Outcome};
use restudy_stats::survival::{SurvivalData, SurvivalTimes};

use super::simulated;
use crate::golden::{CLOSED_FORM, REFERENCE, assert_close, number, numbers};

#[test]
fn golden() {
    let (golden, design, events) = simulated();
    let found = Diagnostics::of(&design, Outcome::new(&events)).unwrap();
    for (found, expected) in found.variance_inflation.iter().zip(numbers(&golden["gvif"])) {
        assert_close(found.factor, expected, REFERENCE, &found.term);
    }
    assert_close(found.condition_number, number(&golden["condition_number"]), REFERENCE, "condition number");
}

#[test]
fn by_hand() {
    // Correlation of x and y: Σ(x−3)(y−3) = 8 over √(10 · 10), so that both factors are 1 / (1 − 0.64).
    let x = [1.0, 2.0, 3.0, 4.0, 5.0];
    let y = [1.0, 3.0, 2.0, 5.0, 4.0];
    let design = Design::build(5).intercept().continuous("x", &x, 1.0).continuous("y", &y, 10.0).finish().unwrap();
    let found = Diagnostics::of(&design, Outcome::new(&[true, false, true, false, true])).unwrap();
    for term in &found.variance_inflation {
        assert_close(term.factor, 1.0 / 0.36, CLOSED_FORM, &term.term);
    }
    // Eigenvalues 1.8 and 0.2.
    assert_close(found.condition_number, 3.0, CLOSED_FORM, "condition number");
    assert_eq!(found.events_per_variable, Some(1.0));
    assert_eq!(found.remarks(), [ModelRemark::FewEventsPerVariable { events_per_variable: 1.0 }]);
}

fn survival(events: &[bool], weights: Option<&[f64]>) -> SurvivalTimes {
    let time: Vec<f64> = (1..=events.len()).map(|day| day as f64).collect();
    SurvivalData { weights, ..SurvivalData::new(&time, events) }.prepare().unwrap()
}

#[test]
fn a_survival_model_has_the_inflation_of_its_columns_and_counts_events_alone() {
    // Correlation 0.8 as above; three events, four by weight, for two coefficients.
    let x = [1.0, 2.0, 3.0, 4.0, 5.0];
    let y = [1.0, 3.0, 2.0, 5.0, 4.0];
    let design = Design::build(5).baseline().continuous("x", &x, 1.0).continuous("y", &y, 10.0).finish().unwrap();
    let events = [true, false, true, false, true];
    for (weights, events_per_variable) in [(None, 1.5), (Some(&[2.0, 1.0, 1.0, 3.0, 1.0][..]), 2.0)] {
        let found = Diagnostics::of_survival(&design, &survival(&events, weights)).unwrap();
        for term in &found.variance_inflation {
            assert_close(term.factor, 1.0 / 0.36, CLOSED_FORM, &term.term);
        }
        assert_close(found.condition_number, 3.0, CLOSED_FORM, "condition number");
        assert_eq!(found.events_per_variable, Some(events_per_variable));
        assert_eq!(found.remarks(), [ModelRemark::FewEventsPerVariable { events_per_variable }]);
    }
}

#[test]
fn a_survival_model_without_events_or_of_other_rows_has_no_diagnostics() {
    let x = [1.0, 2.0, 4.0];
    let design = Design::build(3).baseline().continuous("x", &x, 1.0).finish().unwrap();
    let refused = |events: &[bool]| Diagnostics::of_survival(&design, &survival(events, None)).unwrap_err();
    assert_eq!(refused(&[false; 3]), FitError::OneOutcome { all_events: false });
    assert_eq!(refused(&[true; 4]), FitError::Length { name: "survival times".to_owned(), rows: 3, found: 4 });
}

#[test]
fn complete_cases_are_counted_by_variable() {
    let (a, b, c) = ([true, false, true, false, true], [true, true, false, false, true], [true; 5]);
    let complete = CompleteCases::of(5, &[("a", &a), ("b", &b), ("c", &c)]).unwrap();
    assert_eq!((complete.rows(), complete.excluded()), (&[0, 4][..], 3));
    let counts: Vec<_> = complete.variables().iter().map(|v| (v.name.as_str(), v.missing, v.alone)).collect();
    assert_eq!(counts, [("a", 2, 1), ("b", 2, 1), ("c", 0, 0)]);
    assert_eq!(complete.pick(&[1.0, 2.0, 3.0, 4.0, 5.0]), [1.0, 5.0]);
    let short = CompleteCases::of(5, &[("a", &a[..4])]).unwrap_err();
    assert_eq!(short, FitError::Length { name: "a".to_owned(), rows: 5, found: 4 });
    // Nothing left: the counts say why, the design that.
    let nothing = CompleteCases::of(2, &[("a", &[false, false])]).unwrap();
    assert_eq!((nothing.rows().len(), nothing.variables()[0].alone), (0, 2));
    assert_eq!(Design::build(0).intercept().finish().unwrap_err(), FitError::Empty);
}
