use restudy_stats::dist::ChiSquare;
use restudy_stats::regression::{FitError, HosmerLemeshow};

use crate::golden::{CLOSED_FORM, assert_close};

#[test]
fn by_hand() {
    // Three groups of two: cuts at the type-7 tertiles 0.2666… and 0.5666… of the sorted values.
    let p = [0.1, 0.2, 0.3, 0.4, 0.7, 0.9];
    let events = [false, true, false, true, true, true];
    let test = HosmerLemeshow { groups: 3, external: false }.run(&p, &events).unwrap();
    // O = 1, 1, 2 with E = 0.3, 0.7, 1.6.
    let term = |o: f64, e: f64| (o - e).powi(2) / e + (o - e).powi(2) / (2.0 - e);
    let expected = term(1.0, 0.3) + term(1.0, 0.7) + term(2.0, 1.6);
    assert_close(test.chi_square, expected, CLOSED_FORM, "chi-square");
    assert_eq!(test.df, 1);
    assert_close(test.p_value, ChiSquare::new(1.0).unwrap().upper_tail(expected), CLOSED_FORM, "p");
    let external = HosmerLemeshow { groups: 3, external: true }.run(&p, &events).unwrap();
    assert_eq!(external.df, 3);
    assert_close(external.chi_square, expected, CLOSED_FORM, "chi-square");
}

#[test]
fn faults_are_named() {
    let test = HosmerLemeshow::default();
    assert_eq!(test.run(&[], &[]).unwrap_err(), FitError::Empty);
    assert_eq!(test.run(&[0.3; 20], &[true; 20]).unwrap_err(), FitError::TooFewGroups { groups: 1 });
    let certain = test.run(&[0.3, 1.0], &[true, false]).unwrap_err();
    assert_eq!(certain, FitError::NotFinite { name: "probabilities".to_owned(), position: 1 });
    let short = test.run(&[0.3, 0.4], &[true]).unwrap_err();
    assert_eq!(short, FitError::Length { name: "outcome".to_owned(), rows: 2, found: 1 });
}
