use proptest::prelude::*;
use restudy_stats::accuracy::PrecisionRecall;

use super::{CASES, CONTROLS, Golden, HIGHER};
use crate::golden::{assert_close, number, numbers};

// By hand.

#[test]
fn four_cases_and_five_controls() {
    // From the greatest value: 5 (a case), 4 (a control), 3 (two cases, a control), 2.5, 2 (one of each), 1.
    let curve = PrecisionRecall.run(&HIGHER.run(&CASES, &CONTROLS).unwrap());
    assert_eq!(curve.value, [5.0, 4.0, 3.0, 2.5, 2.0, 1.0]);
    assert_eq!(curve.recall, [0.25, 0.25, 0.75, 0.75, 1.0, 1.0]);
    assert_eq!(curve.precision, [1.0, 0.5, 0.6, 0.5, 4.0 / 8.0, 4.0 / 9.0]);
    assert_close(curve.average_precision, 0.25 + 0.5 * 0.6 + 0.25 * 0.5, 1e-14, "average precision");
    assert_eq!(curve.prevalence, 4.0 / 9.0);
}

#[test]
fn a_perfect_marker_has_precision_1_throughout() {
    let curve = PrecisionRecall.run(&HIGHER.run(&[3.0, 4.0], &[1.0, 2.0]).unwrap());
    assert_eq!(curve.average_precision, 1.0);
}

// Golden reference.

#[test]
fn scikit_learn_has_the_same_curve() {
    let golden = Golden::read();
    let expected = golden.average_precision();
    let curve = PrecisionRecall.run(&golden.curve());
    assert_close(curve.average_precision, number(&expected["average_precision"]), 1e-12, "average precision");
    // Its curve ends where every case is found.
    for (name, column) in [("precision", &curve.precision), ("recall", &curve.recall)] {
        for (obtained, expected) in column.iter().zip(numbers(&expected[name])) {
            assert_close(*obtained, expected, 1e-12, name);
        }
    }
}

// Properties.

proptest! {
    #[test]
    fn it_depends_on_the_order_alone(
        cases in prop::collection::vec(-5_i32..8, 1..15),
        controls in prop::collection::vec(-8_i32..5, 1..15),
    ) {
        let [cases, controls] = [cases, controls].map(|group| group.into_iter().map(f64::from).collect::<Vec<_>>());
        prop_assume!(cases.iter().chain(&controls).any(|x| *x != cases[0]));
        let cubed = |group: &[f64]| group.iter().map(|x| x * x * x + x).collect::<Vec<_>>();
        let plain = PrecisionRecall.run(&HIGHER.run(&cases, &controls).unwrap());
        let moved = PrecisionRecall.run(&HIGHER.run(&cubed(&cases), &cubed(&controls)).unwrap());
        prop_assert_eq!((&plain.recall, &plain.precision), (&moved.recall, &moved.precision));
        prop_assert!(plain.average_precision > 0.0 && plain.average_precision <= 1.0);
        prop_assert_eq!(plain.recall.last(), Some(&1.0));
        prop_assert_eq!(plain.precision.last(), Some(&plain.prevalence));
    }
}
