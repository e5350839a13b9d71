use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::effect::{Effect, ProportionScale, StandardizedProportionDifference};
use restudy_stats::hypothesis::Quantity;

use super::{limits, table};
use crate::golden::{CLOSED_FORM, assert_close};

fn run(scale: ProportionScale, counts: (u64, u64, u64, u64)) -> Result<Effect, TestError> {
    let (x1, n1, x2, n2) = counts;
    StandardizedProportionDifference { scale, ..Default::default() }.run_on_counts(&table(x1, n1, x2, n2))
}

#[test]
fn by_hand() {
    // 1/2 against 1/5: average variance (0.25 + 0.16)/2 = 0.205.
    let d = run(ProportionScale::AverageVariance, (10, 20, 8, 40)).unwrap();
    let value = 0.3 / 0.205_f64.sqrt();
    assert_close(d.estimate.value, value, CLOSED_FORM, "d");
    assert_close(d.estimate.std_error.unwrap().powi(2), 0.075 + value * value / 120.0, CLOSED_FORM, "variance");
    // 3/4 against 1/4: 2 asin √¾ − 2 asin ½ = 2π/3 − π/3.
    let h = run(ProportionScale::Arcsine, (3, 4, 1, 4)).unwrap();
    assert_eq!(h.estimate.quantity, Quantity::CohensH);
    assert_close(h.estimate.value, std::f64::consts::FRAC_PI_3, CLOSED_FORM, "h");
    assert_close(
        limits(&h).1,
        std::f64::consts::FRAC_PI_3 + 1.959_963_984_540_054 * 0.5_f64.sqrt(),
        CLOSED_FORM,
        "high",
    );
}

/// Cohen (1988), table 6.2.2: φ = 2 asin √p to three decimals.
#[test]
fn published() {
    let h = |x: u64| run(ProportionScale::Arcsine, (x, 100, 0, 100)).unwrap().estimate.value;
    let phi = |x: u64| format!("{:.3}", h(x));
    assert_eq!([phi(1), phi(10), phi(25), phi(50), phi(90)], ["0.200", "0.644", "1.047", "1.571", "2.498"]);
    assert_close(h(100), std::f64::consts::PI, CLOSED_FORM, "whole circle");
}

/// The proportions as 0 and 1 have these moments: it is the standardised difference of means, up to n − 1.
#[test]
fn definition() {
    let (x1, n1, x2, n2) = (30.0_f64, 80.0, 21.0, 90.0);
    let (p1, p2) = (x1 / n1, x2 / n2);
    let d = run(ProportionScale::AverageVariance, (30, 80, 21, 90)).unwrap().estimate.value;
    assert_close(d * ((p1 * (1.0 - p1) + p2 * (1.0 - p2)) / 2.0).sqrt(), p1 - p2, CLOSED_FORM, "p₁ − p₂");
}

#[test]
fn refusals() {
    assert_eq!(run(ProportionScale::AverageVariance, (0, 3, 4, 4)), Err(TestError::NoSpread));
    assert!(run(ProportionScale::Arcsine, (0, 3, 4, 4)).is_ok());
    let empty = Err(TestError::TooFew { group: 1, found: 0, needed: 1 });
    assert_eq!(run(ProportionScale::Arcsine, (1, 3, 0, 0)), empty);
}

proptest! {
    #[test]
    fn mirrors(x1 in 0_u64..100, y1 in 0_u64..100, x2 in 1_u64..100, y2 in 1_u64..100) {
        prop_assume!(x1 + y1 > 0);
        for scale in [ProportionScale::AverageVariance, ProportionScale::Arcsine] {
            let here = run(scale, (x1, x1 + y1, x2, x2 + y2)).unwrap();
            let complement = run(scale, (y1, x1 + y1, y2, x2 + y2)).unwrap();
            prop_assert!((here.estimate.value + complement.estimate.value).abs() < CLOSED_FORM);
            prop_assert!((limits(&here).0 + limits(&complement).1).abs() < CLOSED_FORM * 10.0);
        }
    }
}
