use restudy_stats::Level;
use restudy_stats::multiplicity::BenjaminiHochberg;
use restudy_stats::regression::{EntryTest, FitError, Logistic, LogisticOrFirth, Outcome, Screen, SeparationKind};

use super::{line, simulated};
use crate::golden::{CLOSED_FORM, REFERENCE, assert_close, numbers};

#[test]
fn the_score_screen_is_the_first_step_of_r() {
    let (golden, design, events) = simulated();
    let screened = Screen { test: EntryTest::Score, ..Screen::default() }.run(&design, Outcome::new(&events)).unwrap();
    let p = numbers(&golden["rao_p"]);
    for (row, p) in screened.tests.iter().zip(&p) {
        assert_close(row.test.as_ref().unwrap().p_value, *p, REFERENCE, &row.term);
        assert_eq!((row.chosen, row.adjusted_p_value), (*p < 0.05, None));
    }
    assert_eq!(
        screened.fit.names().len(),
        1 + design
            .terms()
            .iter()
            .filter(|term| screened.terms.contains(&term.name))
            .map(|term| term.columns.len())
            .sum::<usize>()
    );
}

#[test]
fn adjusted_p_values_choose_and_kept_terms_stay() {
    let (golden, design, events) = simulated();
    let screen =
        Screen { test: EntryTest::Score, adjusted: true, below: 0.1, keep: vec!["b".to_owned()], ..Screen::default() };
    let screened = screen.run(&design, Outcome::new(&events)).unwrap();
    let raw: Vec<Option<f64>> = numbers(&golden["rao_p"]).into_iter().map(Some).collect();
    let adjusted = BenjaminiHochberg.adjust(&raw).unwrap().values;
    for (row, adjusted) in screened.tests.iter().zip(adjusted) {
        let adjusted = adjusted.unwrap();
        assert_close(row.adjusted_p_value.unwrap(), adjusted, REFERENCE, &row.term);
        assert_eq!(row.chosen, adjusted < 0.1 || row.term == "b");
    }
    let unknown = Screen { keep: vec!["d".to_owned()], ..Screen::default() }.run(&design, Outcome::new(&events));
    assert_eq!(unknown.unwrap_err(), FitError::UnknownTerm { name: "d".to_owned() });
}

#[test]
fn separation_is_named_and_has_a_fit_beside_it() {
    let design = line(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let events = [false, false, false, true, true, true];
    let found = Logistic::default().fit_or_firth(&design, Outcome::new(&events), Level::NINETY_FIVE).unwrap();
    let LogisticOrFirth::Separated { separation, fit, coefficients } = found else { panic!("separated") };
    assert_eq!((separation.kind, separation.terms), (SeparationKind::Complete, vec!["x".to_owned()]));
    assert_eq!(coefficients[1].estimate, fit.coefficients()[1]);
    assert!(coefficients[1].interval.low < coefficients[1].estimate);
    // Alike on both sides of the middle: half the odds there.
    assert_close(fit.probabilities()[2] + fit.probabilities()[3], 1.0, CLOSED_FORM, "probability");
    let overlapping = [false, true, false, true, false, true];
    let found = Logistic::default().fit_or_firth(&design, Outcome::new(&overlapping), Level::NINETY_FIVE).unwrap();
    assert!(matches!(found, LogisticOrFirth::Likelihood(_)));
}
