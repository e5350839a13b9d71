use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::effect::{RiskRatio, RiskRatioInterval};
use restudy_stats::hypothesis::{Quantity, Remark};

use super::{compare_tables, limits, table};
use crate::golden::{CLOSED_FORM, REFERENCE, assert_close};

const WALD: RiskRatioInterval = RiskRatioInterval::Wald;
const MOVER: RiskRatioInterval = RiskRatioInterval::MoverWilson;
const SCORE: RiskRatioInterval = RiskRatioInterval::MiettinenNurminen;

fn measure(interval: RiskRatioInterval) -> RiskRatio {
    RiskRatio { interval, ..RiskRatio::default() }
}

#[test]
fn by_hand() {
    // 6 of 10 against 2 of 10: θ = 3, se² = 1/6 − 1/10 + 1/2 − 1/10 = 7/15.
    let effect = measure(WALD).run_on_counts(&table(6, 10, 2, 10)).unwrap();
    assert_eq!(effect.estimate.quantity, Quantity::RiskRatio);
    assert_close(effect.estimate.value, 3.0, CLOSED_FORM, "θ");
    let std_error = (7.0_f64 / 15.0).sqrt();
    assert_close(effect.estimate.std_error.unwrap(), std_error, CLOSED_FORM, "se of ln θ");
    assert_close(limits(&effect).1, 3.0 * (1.959_963_984_540_054 * std_error).exp(), CLOSED_FORM, "high");
    assert_eq!(effect.procedure.key(), "risk_ratio/wald");
}

#[test]
fn reference() {
    for (key, interval) in [("ratio_wald", WALD), ("ratio_mover", MOVER), ("ratio_miettinen_nurminen", SCORE)] {
        compare_tables("ratio", key, CLOSED_FORM, 0.0, |table| measure(interval).run_on_counts(table).unwrap());
    }
}

/// At a MOVER limit (p₁ − θ p₂)² is the sum of the squared distances to the Wilson limits of 4/25 and 9/20.
#[test]
fn definition() {
    let wilson = |x: f64, n: f64, sign: f64| {
        let z = 1.959_963_984_540_054_f64;
        (x + z * z / 2.0 + sign * z * (x * (n - x) / n + z * z / 4.0).sqrt()) / (n + z * z)
    };
    let (p1, p2) = (4.0 / 25.0, 9.0 / 20.0);
    let (low, high) = limits(&measure(MOVER).run_on_counts(&table(4, 25, 9, 20)).unwrap());
    for (theta, first, second) in [
        (low, wilson(4.0, 25.0, -1.0), wilson(9.0, 20.0, 1.0)),
        (high, wilson(4.0, 25.0, 1.0), wilson(9.0, 20.0, -1.0)),
    ] {
        let squares = (p1 - first).powi(2) + theta * theta * (second - p2).powi(2);
        assert_close((p1 - theta * p2).powi(2), squares, CLOSED_FORM, "MOVER");
    }
}

#[test]
fn degenerate() {
    let none_in_first = table(0, 10, 3, 12);
    let wald = measure(WALD).run_on_counts(&none_in_first).unwrap();
    assert_eq!((wald.estimate.value, wald.estimate.std_error, wald.estimate.interval), (0.0, None, None));
    assert_eq!(wald.remarks, [Remark::ZeroCell]);
    for interval in [MOVER, SCORE] {
        let (low, high) = limits(&measure(interval).run_on_counts(&none_in_first).unwrap());
        assert!(low == 0.0 && high.is_finite() && high > 0.0);
        let swapped = measure(interval).run_on_counts(&table(3, 12, 0, 10)).unwrap();
        assert_eq!(swapped.estimate.value, f64::INFINITY);
        assert_eq!(limits(&swapped), (1.0 / high, f64::INFINITY));
        assert_eq!(measure(interval).run_on_counts(&table(0, 10, 0, 12)), Err(TestError::EmptyMargin));
    }
}

proptest! {
    #[test]
    fn swapping_the_groups_inverts(x1 in 0_u64..300, y1 in 0_u64..300, x2 in 0_u64..300, y2 in 0_u64..300) {
        prop_assume!(x1 + y1 > 0 && x2 + y2 > 0 && x1 + x2 > 0);
        for interval in [MOVER, SCORE] {
            let run = |x1, y1, x2, y2| measure(interval).run_on_counts(&table(x1, x1 + y1, x2, x2 + y2)).unwrap();
            let (here, swapped) = (run(x1, y1, x2, y2), run(x2, y2, x1, y1));
            let (low, high) = limits(&here);
            prop_assert!(low <= here.estimate.value * (1.0 + CLOSED_FORM));
            prop_assert!(here.estimate.value <= high * (1.0 + CLOSED_FORM));
            let product = low * limits(&swapped).1;
            prop_assert!((product - 1.0).abs() < REFERENCE || low == 0.0);
        }
    }
}
