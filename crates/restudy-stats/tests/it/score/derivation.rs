use proptest::prelude::*;
use restudy_stats::accuracy::Operator;
use restudy_stats::hypothesis::{MannWhitney, RankNullChoice, StudentT, WelchT};
use restudy_stats::score::{
    Adjustment, Candidate, CandidateValues, ContinuousTest, CutoffRounding, Derivation, ScoreError,
};

use super::{Golden, NAMES};
use crate::golden::{REFERENCE, assert_close, number};

const PLAIN: Derivation =
    Derivation { continuous_test: ContinuousTest::MannWhitney, adjustment: Adjustment::None, level: 1.0, items: 3 };

fn continuous(values: &[f64]) -> Candidate<'_> {
    Candidate { values: CandidateValues::Continuous(values), rounding: None }
}

// By hand.

#[test]
fn two_cuts_and_their_total() {
    // Cases 3 4 5 6, controls 1 2 3.2 2: above 2.5 are all cases and one control, J = 3/4, and no cut is better. Low is the
    // case's side of the second: below 5 are all cases, above all controls.
    let outcome = [true, true, true, true, false, false, false, false];
    let high = [3.0, 4.0, 5.0, 6.0, 1.0, 2.0, 3.2, 2.0];
    let low = [1.0, 2.0, 3.0, 4.0, 6.0, 7.0, 8.0, 9.0];
    let score = PLAIN.run(&[continuous(&high), continuous(&low)], &outcome).unwrap();
    // The second separates the groups: the smaller p-value comes first.
    let rules: Vec<_> = score.items.iter().map(|item| (item.candidate, item.rule.operator, item.rule.cutoff)).collect();
    assert_eq!(rules, [(1, Operator::Less, 5.0), (0, Operator::Greater, 2.5)]);
    // Totals: cases 2, controls 0 or 1.
    assert_eq!(score.threshold, 2);
    // With one digit before the point, and none behind, 2.5 is rounded to 3, away from zero.
    // To multiples of 0.8 it is 2.4, of 2 it is 2.
    let to = |step| CutoffRounding::multiples_of(step).unwrap();
    for (rounding, expected) in
        [(CutoffRounding::decimals(0), 3.0), (to(1.0), 3.0), (to(0.8), 3.0 * 0.8), (to(2.0), 2.0)]
    {
        let rounded = [Candidate { rounding: Some(rounding), ..continuous(&high) }];
        assert_eq!(PLAIN.run(&rounded, &outcome).unwrap().items[0].rule.cutoff, expected, "{rounding:?}");
    }
}

/// The paper's: 0.454 to 0.450 and 49.0 to 50.0. What is written as a half goes away from zero, whatever its double.
#[test]
fn cut_offs_are_rounded_as_a_reader_would() {
    let to = |step| CutoffRounding::multiples_of(step).unwrap();
    for (step, cutoff, expected) in [
        (0.05, 0.454, 0.45),
        (5.0, 49.0, 50.0),
        (10.0, 49.0, 50.0),
        (0.05, 0.475, 0.5),
        (0.05, -0.475, -0.5),
        (0.1, 0.35, 0.4),
        (1.0, 2.5, 3.0),
        (0.25, 0.3, 0.25),
        (5.0, f64::MAX, f64::MAX),
        (1e300, f64::MAX, f64::MAX),
    ] {
        let rounded = to(step).round(cutoff);
        assert!(rounded == expected || (cutoff == f64::MAX && rounded.is_finite()), "{cutoff} by {step}: {rounded}");
    }
    for (decimals, cutoff, expected) in [(2, 0.454, 0.45), (0, 49.0, 49.0), (2, 1.005, 1.01), (15, 0.1, 0.1)] {
        assert_eq!(CutoffRounding::decimals(decimals).round(cutoff), expected);
    }
    // So many decimals are steps of that power of ten.
    for cutoff in [0.1234, -7.7777, 0.5, 0.445] {
        assert_eq!(CutoffRounding::decimals(2).round(cutoff), to(0.01).round(cutoff));
    }
    for step in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(CutoffRounding::multiples_of(step).is_err());
    }
}

#[test]
fn where_nothing_passes_everyone_is_negative() {
    let values = [1.0, 2.0, 3.0, 4.0, 1.0, 2.0, 3.0, 4.0];
    let outcome = [true, true, true, true, false, false, false, false];
    let score = Derivation::default().run(&[continuous(&values)], &outcome).unwrap();
    assert!(score.items.is_empty() && score.threshold == 1);
    // Firth's proportion, (4 + 1/2) / (8 + 1).
    assert_eq!((score.intercept, score.slope), (0.0, 0.0));
}

// Golden reference.

#[test]
fn the_score_that_r_derives() {
    let golden = Golden::read();
    let p_values = Derivation::default().screen(&golden.candidates(), &golden.outcome).unwrap();
    for (at, (name, p)) in NAMES.iter().zip(&p_values).enumerate() {
        assert_close(*p, number(&golden.json["p"][at]), REFERENCE, name);
    }
    let score = Derivation::default().run(&golden.candidates(), &golden.outcome).unwrap();
    let expected = golden.json["items"].as_array().unwrap();
    assert_eq!(score.items.len(), expected.len());
    for (item, expected) in score.items.iter().zip(expected) {
        assert_eq!(NAMES[item.candidate], expected["name"]);
        assert_close(item.rule.cutoff, number(&expected["cut"]), 1e-14, "cut-off");
        assert_eq!(item.rule.operator == Operator::Greater, expected["higher"].as_bool().unwrap());
    }
    assert_eq!(f64::from(score.threshold), number(&golden.json["threshold"]));
    assert_close(score.intercept, number(&golden.json["line"][0]), 1e-9, "intercept");
    assert_close(score.slope, number(&golden.json["line"][1]), 1e-9, "slope");
}

// Definition and properties.

#[test]
fn what_cannot_be_is_refused() {
    let outcome = [true, false, true];
    let refused = |derivation: Derivation, values: &[f64], outcome: &[bool]| {
        derivation.run(&[continuous(values)], outcome).unwrap_err()
    };
    assert_eq!(refused(PLAIN, &[1.0], &outcome), ScoreError::Length { candidate: 0, found: 1, needed: 3 });
    assert_eq!(refused(PLAIN, &[1.0, f64::NAN, 2.0], &outcome), ScoreError::NotFinite { candidate: 0, row: 1 });
    assert_eq!(refused(PLAIN, &[1.0, 2.0], &[true, true]), ScoreError::OneOutcome { events: 2, n: 2 });
    assert_eq!(PLAIN.run(&[], &outcome), Err(ScoreError::NoCandidates));
    assert!(matches!(refused(Derivation { items: 0, ..PLAIN }, &[1.0; 3], &outcome), ScoreError::Setting { .. }));
    assert!(matches!(refused(Derivation { level: 0.0, ..PLAIN }, &[1.0; 3], &outcome), ScoreError::Setting { .. }));
}

proptest! {
    #[test]
    fn the_screen_is_the_tests_of_the_library(
        patients in prop::collection::vec(((0_u8..12).prop_map(f64::from), any::<bool>()), 8..40)
            .prop_filter("two of both", |patients| {
                let events = patients.iter().filter(|patient| patient.1).count();
                events > 1 && patients.len() - events > 1
            }),
    ) {
        let (values, outcome): (Vec<f64>, Vec<bool>) = patients.into_iter().unzip();
        let of = |event| values.iter().zip(&outcome).filter(|(_, y)| **y == event).map(|(x, _)| *x).collect::<Vec<_>>();
        let (cases, controls) = (of(true), of(false));
        let screened = |continuous_test| Derivation { continuous_test, ..PLAIN }.screen(&[continuous(&values)], &outcome).unwrap()[0];
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-10 * b;
        let null = RankNullChoice::Normal { continuity: false };
        // Where a test has no answer, a candidate has nothing to say: p = 1.
        let rank = MannWhitney { null, ..MannWhitney::default() }.run(&cases, &controls).map_or(1.0, |test| test.p_value);
        prop_assert!(close(screened(ContinuousTest::MannWhitney), rank));
        let student = StudentT::default().run(&cases, &controls).map_or(1.0, |test| test.p_value);
        prop_assert!(close(screened(ContinuousTest::StudentT), student));
        let welch = WelchT::default().run(&cases, &controls).map_or(1.0, |test| test.p_value);
        prop_assert!(close(screened(ContinuousTest::WelchT), welch));
    }

    #[test]
    fn an_increasing_function_moves_the_cutoff_and_nothing_else(
        patients in prop::collection::vec(((0_u8..30).prop_map(f64::from), any::<bool>()), 8..40)
            .prop_filter("both", |patients| patients.iter().any(|p| p.1) && patients.iter().any(|p| !p.1)),
    ) {
        let (values, outcome): (Vec<f64>, Vec<bool>) = patients.into_iter().unzip();
        let doubled: Vec<f64> = values.iter().map(|x| 2.0 * x + 1.0).collect();
        let [one, other] = [&values, &doubled].map(|values| PLAIN.run(&[continuous(values)], &outcome).unwrap());
        prop_assert_eq!(one.threshold, other.threshold);
        prop_assert_eq!(one.slope, other.slope);
        for (one, other) in one.items.iter().zip(&other.items) {
            prop_assert_eq!(2.0 * one.rule.cutoff + 1.0, other.rule.cutoff);
        }
    }
}
