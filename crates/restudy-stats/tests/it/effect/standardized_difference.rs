use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::descriptive::Moments;
use restudy_stats::effect::{StandardizedDifference, StandardizedDifferenceInterval};
use restudy_stats::hypothesis::Quantity;

use super::cohens_d::moments;
use super::limits;
use crate::golden::{CLOSED_FORM, assert_close, cases, number, numbers, parse};

const BONETT: StandardizedDifferenceInterval = StandardizedDifferenceInterval::Bonett;
const HEDGES_OLKIN: StandardizedDifferenceInterval = StandardizedDifferenceInterval::HedgesOlkin;

fn measure(interval: StandardizedDifferenceInterval) -> StandardizedDifference {
    StandardizedDifference { interval, ..StandardizedDifference::default() }
}

#[test]
fn by_hand() {
    // Variances 1 and 7 average to 4: d = 6/2 = 3. Bonett with 3 and 3 values: 9 (1/2 + 49/2)/(8·16) + (1/2 + 7/2)/4.
    let (first, second) = (Moments { n: 3, mean: 8.0, sd: 1.0 }, Moments { n: 3, mean: 2.0, sd: 7.0_f64.sqrt() });
    let effect = measure(BONETT).run_on_moments(first, second).unwrap();
    assert_eq!(effect.estimate.quantity, Quantity::StandardizedDifference);
    assert_close(effect.estimate.value, 3.0, CLOSED_FORM, "d");
    assert_close(effect.estimate.std_error.unwrap().powi(2), 225.0 / 128.0 + 1.0, CLOSED_FORM, "Bonett's variance");
    // 1/3 + 1/3 + 9/12.
    let effect = measure(HEDGES_OLKIN).run_on_moments(first, second).unwrap();
    assert_close(effect.estimate.std_error.unwrap().powi(2), 17.0 / 12.0, CLOSED_FORM, "large-sample variance");
}

#[test]
fn reference() {
    let golden = parse(include_str!("../../golden/standardized_mean_difference.json"));
    for case in cases(&golden) {
        for (key, interval) in [("average_bonett", BONETT), ("average_hedges_olkin", HEDGES_OLKIN)] {
            let effect = measure(interval).run_on_moments(moments(&case["first"]), moments(&case["second"])).unwrap();
            let what = format!("{} {} {key}", case["first"], case["second"]);
            assert_close(effect.estimate.value, number(&case["average"]), CLOSED_FORM, &what);
            let (expected, std_error) = (numbers(&case[key]), effect.estimate.std_error.unwrap());
            // A limit near zero is a difference of estimate and reach: its error is relative to the reach.
            assert!(
                (limits(&effect).0 - expected[0]).abs() <= CLOSED_FORM * expected[0].abs().max(std_error),
                "{what}"
            );
            assert!(
                (limits(&effect).1 - expected[1]).abs() <= CLOSED_FORM * expected[1].abs().max(std_error),
                "{what}"
            );
        }
    }
}

/// The raw door is the door of the moments.
#[test]
fn definition() {
    let (first, second) = ([1.0, 4.0, 2.5, 8.0], [3.0, 3.5, 9.0]);
    let by_moments = measure(BONETT).run_on_moments(Moments::of(&first).unwrap(), Moments::of(&second).unwrap());
    assert_eq!(measure(BONETT).run(&first, &second), by_moments);
}

#[test]
fn refusals() {
    let constant = Moments { n: 4, mean: 1.0, sd: 0.0 };
    assert_eq!(measure(BONETT).run_on_moments(constant, constant), Err(TestError::NoSpread));
    let none = measure(BONETT).run(&[], &[1.0]);
    assert_eq!(none, Err(TestError::TooFew { group: 0, found: 0, needed: 1 }));
}

proptest! {
    /// A change of unit changes nothing, however great.
    #[test]
    fn unit_free(exponent in -500_i32..500, mean in -9.0_f64..9.0, sd in 0.1_f64..9.0) {
        let unit = 2.0_f64.powi(exponent);
        let (first, second) = (Moments { n: 12, mean, sd }, Moments { n: 7, mean: 1.0, sd: 2.0 });
        let scaled = |m: Moments| Moments { mean: m.mean * unit, sd: m.sd * unit, ..m };
        for interval in [BONETT, HEDGES_OLKIN] {
            let here = limits(&measure(interval).run_on_moments(first, second).unwrap());
            let there = limits(&measure(interval).run_on_moments(scaled(first), scaled(second)).unwrap());
            let reach = here.1 - here.0;
            prop_assert!((here.0 - there.0).abs() <= CLOSED_FORM * reach && (here.1 - there.1).abs() <= CLOSED_FORM * reach);
        }
    }
}
