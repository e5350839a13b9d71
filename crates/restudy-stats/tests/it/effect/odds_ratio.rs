use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::effect::{OddsRatio, OddsRatioInterval};
use restudy_stats::hypothesis::{FisherExact, Quantity, Remark};

use super::{compare_tables, limits, table};
use crate::golden::{CLOSED_FORM, REFERENCE, assert_close};

const WALD: OddsRatioInterval = OddsRatioInterval::Wald;
const SCORE: OddsRatioInterval = OddsRatioInterval::MiettinenNurminen;

fn measure(interval: OddsRatioInterval) -> OddsRatio {
    OddsRatio { interval, ..OddsRatio::default() }
}

#[test]
fn by_hand() {
    // Fisher's convictions, 2 of 12 against 15 of 18: ψ = 2·3/(10·15) = 0.04, se² = 1/2 + 1/10 + 1/15 + 1/3 = 1.
    let effect = measure(WALD).run_on_counts(&table(2, 12, 15, 18)).unwrap();
    assert_eq!(effect.estimate.quantity, Quantity::OddsRatio);
    assert_close(effect.estimate.value, 0.04, CLOSED_FORM, "ψ");
    assert_close(effect.estimate.std_error.unwrap(), 1.0, CLOSED_FORM, "se of ln ψ");
    assert_close(limits(&effect).0, 0.04 * (-1.959_963_984_540_054_f64).exp(), CLOSED_FORM, "low");
    assert_eq!(effect.procedure.key(), "odds_ratio/wald");
}

#[test]
fn reference() {
    for (key, interval) in [("odds_ratio_wald", WALD), ("odds_ratio_miettinen_nurminen", SCORE)] {
        compare_tables("odds_ratio", key, CLOSED_FORM, 0.0, |table| measure(interval).run_on_counts(table).unwrap());
    }
}

/// At a score limit the fitted risks have the limit's odds ratio, keep the number of events, and miss the first count by
/// z standard deviations: three equations, solved here for the risks by bisection of the first.
#[test]
fn definition() {
    let (a, n1, c, n2) = (3.0, 20.0, 11.0, 24.0);
    let (low, high) = limits(&measure(SCORE).run_on_counts(&table(3, 20, 11, 24)).unwrap());
    for (psi, sign) in [(low, 1.0), (high, -1.0)] {
        let first = |p2: f64| psi * p2 / (1.0 - p2 + psi * p2);
        let (mut from, mut to) = (0.0, 1.0);
        for _ in 0..80 {
            let middle = (from + to) / 2.0;
            if n1 * first(middle) + n2 * middle > a + c {
                to = middle;
            } else {
                from = middle;
            }
        }
        let (p1, p2) = (first(from), from);
        let information = 1.0 / (n1 * p1 * (1.0 - p1)) + 1.0 / (n2 * p2 * (1.0 - p2));
        let z = sign * (a - n1 * p1) * (information * (n1 + n2 - 1.0) / (n1 + n2)).sqrt();
        assert_close(z, 1.959_963_984_540_054, CLOSED_FORM, "score at a limit");
    }
}

/// The exact interval is Fisher's.
#[test]
fn exact() {
    let table = table(2, 12, 15, 18);
    let effect = measure(OddsRatioInterval::Exact).run_on_counts(&table).unwrap();
    assert_eq!(Some(effect.estimate), FisherExact::default().run_on_counts(&table).unwrap().estimate);
    assert_eq!(effect.estimate.quantity, Quantity::ConditionalOddsRatio);
}

#[test]
fn degenerate() {
    let effect = measure(WALD).run_on_counts(&table(0, 10, 3, 12)).unwrap();
    assert_eq!((effect.estimate.value, effect.estimate.std_error, effect.estimate.interval), (0.0, None, None));
    assert_eq!(effect.remarks, [Remark::ZeroCell]);
    let (low, high) = limits(&measure(SCORE).run_on_counts(&table(10, 10, 3, 12)).unwrap());
    assert!(low > 0.0 && high == f64::INFINITY);
    // With a trillion in each group and few exceptions, the score limits are close to the Wald limits still.
    let many = 1 << 40;
    let far = table(many, many + 20, 30, many);
    let (wald, score) = (measure(WALD).run_on_counts(&far).unwrap(), measure(SCORE).run_on_counts(&far).unwrap());
    // The two intervals differ by what 20 and 30 exceptions leave uncertain.
    assert_close(limits(&score).0, limits(&wald).0, 0.05, "low");
    assert_close(limits(&score).1, limits(&wald).1, 0.05, "high");
    for interval in [WALD, SCORE, OddsRatioInterval::Exact] {
        for empty in [table(0, 10, 0, 12), table(10, 10, 12, 12)] {
            assert_eq!(measure(interval).run_on_counts(&empty), Err(TestError::EmptyMargin));
        }
    }
}

proptest! {
    #[test]
    fn exchanges_invert(a in 0_u64..300, b in 0_u64..300, c in 0_u64..300, d in 0_u64..300) {
        prop_assume!(a + b > 0 && c + d > 0 && a + c > 0 && b + d > 0);
        let run = |a, b, c, d| measure(SCORE).run_on_counts(&table(a, a + b, c, c + d)).unwrap();
        let (here, swapped, complement) = (run(a, b, c, d), run(c, d, a, b), run(b, a, d, c));
        let (low, high) = limits(&here);
        prop_assert!(low <= here.estimate.value * (1.0 + CLOSED_FORM));
        prop_assert!(here.estimate.value <= high * (1.0 + CLOSED_FORM));
        for other in [swapped, complement] {
            prop_assert!((low * limits(&other).1 - 1.0).abs() < REFERENCE || low == 0.0);
            prop_assert!((high * limits(&other).0 - 1.0).abs() < REFERENCE || high == f64::INFINITY);
        }
    }
}
