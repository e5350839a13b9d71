use proptest::prelude::*;
use restudy_stats::regression::{Design, FitError, Logistic, Outcome, Separation, SeparationKind};

use super::{columns, grid, line};

fn separation(design: &Design, events: &[bool]) -> Option<Separation> {
    match Logistic::default().fit(design, Outcome::new(events)) {
        Err(FitError::Separated(separation)) => Some(separation),
        Err(error) => panic!("{error}"),
        Ok(_) => None,
    }
}

#[test]
fn complete_quasi_complete_and_none() {
    let y = [false, false, false, true, true, true];
    let complete = separation(&line(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), &y).unwrap();
    assert_eq!((complete.kind, complete.alone, complete.terms), {
        (SeparationKind::Complete, vec!["x".to_owned()], vec!["x".to_owned()])
    });
    // They touch at 3.
    let touching = separation(&line(&[1.0, 2.0, 3.0, 3.0, 5.0, 6.0]), &y).unwrap();
    assert_eq!(touching.kind, SeparationKind::QuasiComplete);
    assert_eq!(separation(&line(&[1.0, 2.0, 3.5, 3.0, 5.0, 6.0]), &y), None);
}

#[test]
fn a_category_without_events_is_named() {
    let codes = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2];
    let age = [51.0, 62.0, 47.0, 58.0, 66.0, 49.0, 55.0, 70.0, 61.0, 44.0, 59.0, 53.0];
    let events = [false, true, true, false, false, true, true, false, false, false, false, false];
    let design = Design::build(12)
        .intercept()
        .continuous("age", &age, 10.0)
        .categorical("stage", &codes, &["I", "II", "III"], 0)
        .finish()
        .unwrap();
    let found = separation(&design, &events).unwrap();
    assert_eq!(found.kind, SeparationKind::QuasiComplete);
    assert_eq!(found.terms, ["stage"]);
    assert_eq!(
        found.to_string(),
        "`stage` separates events from non-events on one side, so that the likelihood has no maximum: take Firth's \
         penalised likelihood"
    );
}

#[test]
fn two_terms_that_separate_only_together_are_both_named() {
    // Events lie above the diagonal, and both axes overlap.
    let a = [1.0, 2.0, 3.0, 4.0, 1.0, 2.0, 3.0, 4.0];
    let b = [1.5, 2.5, 3.5, 4.5, 0.5, 1.5, 2.5, 3.5];
    let y = [true, true, true, true, false, false, false, false];
    let design = Design::build(8).intercept().continuous("a", &a, 1.0).continuous("b", &b, 1.0).finish().unwrap();
    let found = separation(&design, &y).unwrap();
    assert_eq!(found.kind, SeparationKind::Complete);
    assert_eq!(found.terms, ["a", "b"]);
    assert!(found.alone.is_empty());
}

#[test]
fn an_outlier_that_is_predicted_surely_is_no_separation() {
    // The fitted probability of the last row is 1 to the last digit.
    let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 400.0];
    let y = [false, true, false, true, false, true, true];
    assert_eq!(separation(&line(&x), &y), None);
}

/// Whether a line separates points of a grid weakly, not all points on it, in whole numbers. The directions at the edges
/// of the cone of separating ones are perpendicular to the difference of an event and another point.
fn separated_by_enumeration(data: &[(i32, i32, bool)]) -> bool {
    let (events, others): (Vec<&(i32, i32, bool)>, Vec<_>) = data.iter().partition(|row| row.2);
    events.iter().flat_map(|e| others.iter().map(move |o| (e.0 - o.0, e.1 - o.1))).any(|(x, y)| {
        // A difference of 0 tells no direction; any other point's does.
        [(-y, x), (y, -x), (x, y)].iter().any(|&(u, v)| {
            let at = |row: &(i32, i32, bool)| u * row.0 + v * row.1;
            let low = events.iter().map(|row| at(row)).min();
            let high = others.iter().map(|row| at(row)).max();
            let some_off = data.iter().any(|row| at(row) != at(&data[0]));
            low >= high && some_off
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_linear_program_agrees_with_enumeration(data in grid(5..25)) {
        let (a, b, y) = columns(&data);
        let design = Design::build(y.len()).intercept().continuous("a", &a, 1.0).continuous("b", &b, 1.0).finish();
        prop_assume!(design.is_ok() && y.contains(&true) && y.contains(&false));
        let design = design.unwrap();
        let found = Separation::find(&design, Outcome::new(&y)).unwrap();
        prop_assert_eq!(found.is_some(), separated_by_enumeration(&data));
        // The fit, which asks only where its own residuals are no proof, says the same.
        prop_assert_eq!(separation(&design, &y), found);
    }
}
