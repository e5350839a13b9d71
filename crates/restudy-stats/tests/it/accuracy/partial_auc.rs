use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::accuracy::{Auc, PartialAuc, RocFocus};

use super::{CASES, CONTROLS, Golden, HIGHER};
use crate::golden::{assert_close, number};

fn part(focus: RocFocus, low: f64, high: f64) -> PartialAuc {
    PartialAuc { focus, low, high }
}

// By hand.

#[test]
fn four_cases_and_five_controls() {
    // Sensitivity 1/4 from specificity 4/5 on, but for the vertical rise at 4/5 itself: a line from (4/5, 1/4) to (1, 1/4)?
    // Controls 1 2 2.5 3 4, cases 2 3 3 5: above 4 there is no control and one case, so that it is 0.2 · 1/4.
    let curve = HIGHER.run(&CASES, &CONTROLS).unwrap();
    let area = part(RocFocus::Specificity, 0.8, 1.0).run(&curve).unwrap();
    assert_close(area.value, 0.05, 1e-14, "pAUC");
    // Chance has 0.2 · 0.1, a perfect marker 0.2.
    assert_close(area.corrected.unwrap(), 0.5 * (1.0 + 0.03 / 0.18), 1e-14, "corrected");
}

// Golden reference.

#[test]
fn proc_has_the_same_areas() {
    let golden = Golden::read();
    for case in golden.answers["partial"].as_array().unwrap() {
        let focus = if case["focus"] == "specificity" { RocFocus::Specificity } else { RocFocus::Sensitivity };
        let area = part(focus, number(&case["low"]), number(&case["high"])).run(&golden.curve()).unwrap();
        assert_close(area.value, number(&case["value"]), Golden::DIGITS, "value");
        assert_close(area.corrected.unwrap(), number(&case["corrected"]), Golden::DIGITS, "corrected");
    }
}

#[test]
fn scikit_learn_has_the_same_areas_up_to_a_share_of_false_alarms() {
    let golden = Golden::read();
    for pair in golden.average_precision()["max_fpr"].as_array().unwrap() {
        let area = part(RocFocus::Specificity, 1.0 - number(&pair[0]), 1.0).run(&golden.curve()).unwrap();
        assert_close(area.corrected.unwrap(), number(&pair[1]), 1e-12, "corrected");
    }
}

#[test]
fn what_is_no_range_is_refused() {
    let curve = HIGHER.run(&CASES, &CONTROLS).unwrap();
    let refused = |low, high| part(RocFocus::Sensitivity, low, high).run(&curve).unwrap_err();
    assert_eq!(refused(-0.1, 1.0), TestError::NotAProbability { position: 0, p: -0.1 });
    assert!(matches!(refused(0.1, f64::NAN), TestError::NotAProbability { position: 1, .. }));
    assert_eq!(refused(0.5, 0.5), TestError::NotSorted { position: 1 });
}

// Properties.

proptest! {
    #[test]
    fn parts_add_up_to_the_whole(
        cases in prop::collection::vec(-5_i32..8, 1..15),
        controls in prop::collection::vec(-8_i32..5, 1..15),
        cut in 0.01_f64..0.99,
        focus in prop::sample::select(vec![RocFocus::Specificity, RocFocus::Sensitivity]),
    ) {
        let [cases, controls] = [cases, controls].map(|group| group.into_iter().map(f64::from).collect::<Vec<_>>());
        prop_assume!(cases.iter().chain(&controls).any(|x| *x != cases[0]));
        let curve = HIGHER.run(&cases, &controls).unwrap();
        let area = |low, high| part(focus, low, high).run(&curve).unwrap();
        let whole = area(0.0, 1.0);
        prop_assert!((whole.value - Auc::default().run(&curve).value).abs() < 1e-12);
        prop_assert!((area(0.0, cut).value + area(cut, 1.0).value - whole.value).abs() < 1e-12);
        if let Some(corrected) = whole.corrected {
            prop_assert!((corrected - whole.value).abs() < 1e-12);
        }
    }
}
