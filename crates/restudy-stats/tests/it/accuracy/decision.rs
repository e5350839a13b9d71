use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::accuracy::decision_curve;

const PREDICTED: [f64; 4] = [0.6, 0.1, 0.9, 0.4];
const EVENTS: [bool; 4] = [false, false, true, true];

#[test]
fn four_people() {
    // At 0.2 three are treated, one in vain, at the odds 1/4; at 0.5 two, one in vain, at the odds 1; at 0.6 the same two,
    // for 0.6 is not below it, at the odds 3/2; at 0.95 nobody.
    let curve = decision_curve(&PREDICTED, &EVENTS, &[0.2, 0.5, 0.6, 0.95, 0.0]).unwrap();
    let close = |obtained: &[f64], expected: &[f64]| {
        assert_eq!(obtained.len(), expected.len());
        obtained.iter().zip(expected).for_each(|(a, b)| assert!((a - b).abs() < 1e-14, "{a} {b}"));
    };
    close(&curve.model, &[1.75 / 4.0, 0.0, -0.5 / 4.0, 0.0, 0.5]);
    close(&curve.treat_all, &[1.5 / 4.0, 0.0, -1.0 / 4.0, (2.0 - 38.0) / 4.0, 0.5]);
}

#[test]
fn what_is_no_threshold_is_refused() {
    for threshold in [1.0, -0.1, f64::NAN] {
        let refused = decision_curve(&PREDICTED, &EVENTS, &[0.5, threshold]).unwrap_err();
        assert!(matches!(refused, TestError::NotAProbability { position: 1, .. }));
    }
    let refused = decision_curve(&PREDICTED, &[true; 4], &[0.5]).unwrap_err();
    assert_eq!(refused, TestError::TooFew { group: 1, found: 0, needed: 1 });
}

proptest! {
    #[test]
    fn the_people_treated_counted_again(
        people in prop::collection::vec(((0_u8..=10).prop_map(|x| f64::from(x) / 10.0), any::<bool>()), 2..30),
        thresholds in prop::collection::vec((0_u8..10).prop_map(|x| f64::from(x) / 10.0), 0..5),
    ) {
        let (predicted, events): (Vec<f64>, Vec<bool>) = people.iter().copied().unzip();
        if let Ok(curve) = decision_curve(&predicted, &events, &thresholds) {
            for (row, &t) in thresholds.iter().enumerate() {
                let worth = |&(p, y): &(f64, bool)| if p < t { 0.0 } else if y { 1.0 } else { -t / (1.0 - t) };
                let expected = people.iter().map(worth).sum::<f64>() / people.len() as f64;
                prop_assert!((curve.model[row] - expected).abs() < 1e-13);
            }
        }
    }
}
