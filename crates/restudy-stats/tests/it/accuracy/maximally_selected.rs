use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::accuracy::{
    DiagnosticTable, MaximallySelected, MaximallySelectedNull, MaximallySelectedTest, SelectedStatistic,
    ValidationError,
};
use restudy_stats::resample::{Permutation, Resampling};

use super::{CASES, CONTROLS, Golden, HIGHER};
use crate::golden::{assert_close, cases, number, parse};

fn run(settings: MaximallySelected, cases: &[f64], controls: &[f64]) -> MaximallySelectedTest {
    settings.run_on_samples(HIGHER, cases, controls).unwrap()
}

const YOUDEN: MaximallySelected =
    MaximallySelected { statistic: SelectedStatistic::Youden, least_share: 0.0, null: MaximallySelectedNull::Exact };
const CHI_SQUARE: MaximallySelected = MaximallySelected { statistic: SelectedStatistic::ChiSquare, ..YOUDEN };
const EITHER: MaximallySelected = MaximallySelected { statistic: SelectedStatistic::EitherYouden, ..YOUDEN };

// By hand.

#[test]
fn two_of_each() {
    // Of the six orders of two cases and two controls one separates them as the data do, and one the other way.
    let test = run(YOUDEN, &[3.0, 4.0], &[1.0, 2.0]);
    assert_eq!((test.statistic, test.cutoffs), (1.0, 3));
    assert_close(test.p_value, 1.0 / 6.0, 1e-14, "J");
    let test = run(EITHER, &[3.0, 4.0], &[1.0, 2.0]);
    assert_close(test.p_value, 2.0 / 6.0, 1e-14, "|J|");
    let test = run(CHI_SQUARE, &[3.0, 4.0], &[1.0, 2.0]);
    assert_eq!(test.statistic, 4.0);
    assert_close(test.p_value, 2.0 / 6.0, 1e-14, "chi-square");
    // P(χ² ≥ 4) on one degree of freedom.
    assert_close(test.unadjusted_p_value, 0.045_500_263_896_358_42, 1e-12, "unadjusted");
}

#[test]
fn a_cutoff_that_leaves_too_few_is_not_looked_at() {
    let test = run(MaximallySelected { least_share: 0.4, ..CHI_SQUARE }, &[3.0, 4.0], &[1.0, 2.0]);
    assert_eq!(test.cutoffs, 1);
    assert_close(test.p_value, 2.0 / 6.0, 1e-14, "one cut-off");
}

#[test]
fn a_cutoff_chosen_otherwise_is_judged_by_its_own_statistic() {
    // Two cases among four: of the six orders, 4 > 3 > 2 > 1, four have some cut-off with |J| = ½ or more but not 1, and two
    // have 1. The cut-off above 3 has |J| = ½, which every order reaches.
    let curve = HIGHER.run(&[3.0, 4.0], &[1.0, 2.0]).unwrap();
    let table = |true_positives, false_positives| DiagnosticTable {
        true_positives,
        false_positives,
        false_negatives: 2 - true_positives,
        true_negatives: 2 - false_positives,
    };
    let test = EITHER.run_on_table(&curve, table(1, 0)).unwrap();
    assert_eq!((test.statistic, test.p_value), (0.5, 1.0));
    assert_eq!(EITHER.run_on_table(&curve, table(2, 0)), EITHER.run(&curve));
    // Nobody is told from anybody.
    let test = EITHER.run_on_table(&curve, table(2, 2)).unwrap();
    assert_eq!((test.statistic, test.p_value, test.unadjusted_p_value), (0.0, 1.0, 1.0));
    let refused = EITHER.run_on_table(&curve, DiagnosticTable { true_positives: 3, ..table(2, 0) });
    assert_eq!(refused, Err(ValidationError::Input(TestError::NotAProportion { count: 3, n: 2 })));
}

// Golden reference.

#[test]
fn smirnovs_test_and_coins() {
    let golden = parse(include_str!("../../golden/maximally_selected_r.json"));
    for case in golden.as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let side = |side: &str| case[side].as_array().unwrap().iter().map(number).collect::<Vec<_>>();
        let of = |settings| run(settings, &side("cases"), &side("controls"));
        let exact = of(EITHER);
        assert_close(exact.statistic, number(&case["either"]), 1e-13, name);
        // R takes the exact share from 1, which costs it digits.
        assert_close(exact.p_value, number(&case["exact"]), 1e-9, name);
        assert_close(exact.unadjusted_p_value, number(&case["unadjusted"]), 1e-10, name);
        assert_eq!(exact, of(MaximallySelected { null: MaximallySelectedNull::Automatic, ..EITHER }));
        let limit = of(MaximallySelected { null: MaximallySelectedNull::Asymptotic, ..EITHER });
        assert_close(limit.p_value, number(&case["limit"]), 1e-11, name);

        let tenth = MaximallySelected { least_share: 0.1, ..CHI_SQUARE };
        let exact = of(tenth);
        assert_close(exact.statistic.sqrt(), number(&case["coin_root"]), 1e-12, name);
        let (p, orders) = (exact.p_value, number(&case["coin_orders"]));
        let error = (p * (1.0 - p) / orders).sqrt();
        assert!((p - number(&case["coin_p"])).abs() < 4.0 * error, "{name}: {p}");
        let formula = of(MaximallySelected { null: MaximallySelectedNull::Asymptotic, ..tenth });
        assert_close(formula.p_value, number(&case["lausen"]), 1e-11, name);
    }
}

#[test]
fn what_takes_long_is_taken_from_the_formula() {
    // 3000 cases among 6000: 18 million steps.
    let cases: Vec<f64> = (0..3000).map(|i| f64::from(i) + 60.5).collect();
    let controls: Vec<f64> = (0..3000).map(f64::from).collect();
    let test = run(MaximallySelected { null: MaximallySelectedNull::Automatic, ..EITHER }, &cases, &controls);
    assert_eq!(test.null, MaximallySelectedNull::Asymptotic);
    let exact = run(EITHER, &cases, &controls);
    // The formula is of the order of 1 / sqrt(n) off.
    assert!((test.p_value / exact.p_value - 1.0).abs() < 0.05, "{test:?} {exact:?}");
}

#[test]
fn every_order_counted_in_whole_numbers() {
    let data = Golden::read();
    let golden = parse(include_str!("../../golden/maximally_selected.json"));
    for case in cases(&golden) {
        let statistic = match case["statistic"].as_str() {
            Some("youden") => YOUDEN,
            Some("either") => EITHER,
            _ => CHI_SQUARE,
        };
        let settings = MaximallySelected { least_share: number(&case["least_share"]), ..statistic };
        let test = run(settings, &data.of(true), &data.of(false));
        assert_close(test.p_value, number(&case["p"]), 1e-10, "p");
        assert_close(test.statistic, number(&case["value"]), 1e-12, "statistic");
    }
}

#[test]
fn miller_and_siegmunds_formula() {
    let golden = Golden::read();
    let settings = MaximallySelected { null: MaximallySelectedNull::Asymptotic, ..MaximallySelected::default() };
    let test = run(settings, &golden.of(true), &golden.of(false));
    assert_close(test.statistic.sqrt(), number(&golden.answers["greatest_root"]), 1e-12, "statistic");
    assert_close(test.p_value, number(&golden.answers["miller_siegmund"]), 1e-11, "p");
}

#[test]
fn random_orders_find_the_exact_p_value() {
    let resampling = Resampling { replicates: 20_000, seed: 4 };
    let permutation = Permutation { resampling, ..Permutation::default() };
    for settings in [YOUDEN, EITHER, MaximallySelected { least_share: 0.2, ..CHI_SQUARE }] {
        let six = [2.0, 3.0, 5.0, 3.0, 6.0, 4.0];
        let exact = run(settings, &six, &CONTROLS);
        let null = MaximallySelectedNull::Permutation(permutation);
        let test = run(MaximallySelected { null, ..settings }, &six, &CONTROLS);
        let limits = test.permutation.unwrap().interval;
        assert!(limits.low < exact.p_value && exact.p_value < limits.high, "{exact:?} {test:?}");
        assert_eq!(test.statistic, exact.statistic);
    }
}

#[test]
fn what_has_no_test_is_refused() {
    let refused = |settings: MaximallySelected| settings.run_on_samples(HIGHER, &CASES, &CONTROLS).unwrap_err();
    let half = refused(MaximallySelected { least_share: 0.5, ..YOUDEN });
    assert_eq!(half, TestError::NotAProbability { position: 0, p: 0.5 }.into());
    let none = refused(MaximallySelected { null: MaximallySelectedNull::Asymptotic, ..CHI_SQUARE });
    assert_eq!(none, TestError::NotAProbability { position: 0, p: 0.0 }.into());
    let lonely = MaximallySelected { least_share: 0.3, ..YOUDEN }.run_on_samples(HIGHER, &[2.0], &[1.0, 1.0, 1.0, 1.0]);
    assert_eq!(lonely.unwrap_err(), ValidationError::Input(TestError::NoSpread));
}

// Properties.

proptest! {
    #[test]
    fn selection_costs(
        cases in prop::collection::vec(0_i32..12, 2..12), controls in prop::collection::vec(0_i32..12, 2..12),
    ) {
        let [cases, controls] = [cases, controls].map(|group| group.into_iter().map(f64::from).collect::<Vec<_>>());
        prop_assume!(cases.iter().chain(&controls).any(|x| *x != cases[0]));
        let test = run(CHI_SQUARE, &cases, &controls);
        prop_assert!(test.p_value > 0.0 && test.p_value <= 1.0);
        // A rising transform of the marker changes nothing, and cases and controls exchanged neither.
        let doubled = |group: &[f64]| group.iter().map(|x| 2.0 * x + 1.0).collect::<Vec<_>>();
        prop_assert_eq!(test, run(CHI_SQUARE, &doubled(&cases), &doubled(&controls)));
        let exchanged = run(CHI_SQUARE, &controls, &cases);
        prop_assert!((exchanged.p_value - test.p_value).abs() < 1e-12);
        prop_assert!((exchanged.statistic - test.statistic).abs() <= 1e-12 * test.statistic);
    }
}
