use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::effect::{RiskDifference, RiskDifferenceInterval};
use restudy_stats::hypothesis::{CountTable, Quantity, Remark};

use super::{compare_tables, limits, table};
use crate::golden::{CLOSED_FORM, assert_close};

const WALD: RiskDifferenceInterval = RiskDifferenceInterval::Wald;
const NEWCOMBE: RiskDifferenceInterval = RiskDifferenceInterval::Newcombe;
const SCORE: RiskDifferenceInterval = RiskDifferenceInterval::MiettinenNurminen;

fn measure(interval: RiskDifferenceInterval) -> RiskDifference {
    RiskDifference { interval, ..RiskDifference::default() }
}

#[test]
fn by_hand() {
    // 6 of 10 against 2 of 10: d = 0.4, se² = (0.24 + 0.16)/10 = 0.04.
    let effect = measure(WALD).run_on_counts(&table(6, 10, 2, 10)).unwrap();
    assert_eq!(effect.estimate.quantity, Quantity::RiskDifference);
    assert_close(effect.estimate.value, 0.4, CLOSED_FORM, "d");
    assert_close(effect.estimate.std_error.unwrap(), 0.2, CLOSED_FORM, "se");
    // 1.959963984540054: the normal 97.5 % point.
    assert_close(limits(&effect).0, 0.4 - 0.2 * 1.959_963_984_540_054, CLOSED_FORM, "low");
    assert_eq!(effect.counts, [10, 10]);
    assert_eq!(effect.procedure.key(), "risk_difference/wald");
}

#[test]
fn reference() {
    // A difference is compared to 1e-12 of 1: it is itself a difference of numbers of that order.
    for (key, interval) in
        [("difference_wald", WALD), ("difference_newcombe", NEWCOMBE), ("difference_miettinen_nurminen", SCORE)]
    {
        compare_tables("difference", key, CLOSED_FORM, 1.0, |table| measure(interval).run_on_counts(table).unwrap());
    }
}

/// Newcombe (1998), table II, methods 1, 6 and 10, examples (a) to (h).
#[test]
fn published() {
    let printed = |interval, (x1, n1, x2, n2)| {
        let (low, high) = limits(&measure(interval).run_on_counts(&table(x1, n1, x2, n2)).unwrap());
        format!("{low:+.4} {high:+.4}")
    };
    for (counts, expected) in [
        ((56, 70, 48, 80), ["+0.0575 +0.3425", "+0.0528 +0.3382", "+0.0524 +0.3339"]),
        ((9, 10, 3, 10), ["+0.2605 +0.9395", "+0.1700 +0.8406", "+0.1705 +0.8090"]),
        ((6, 7, 2, 7), ["+0.1481 +0.9947", "+0.0342 +0.8534", "+0.0582 +0.8062"]),
        ((5, 56, 0, 29), ["+0.0146 +0.1640", "-0.0326 +0.1933", "-0.0381 +0.1926"]),
        ((0, 10, 0, 20), ["+0.0000 +0.0000", "-0.1658 +0.2844", "-0.1611 +0.2775"]),
        ((0, 10, 0, 10), ["+0.0000 +0.0000", "-0.2879 +0.2879", "-0.2775 +0.2775"]),
        ((10, 10, 0, 20), ["+1.0000 +1.0000", "+0.7156 +1.0000", "+0.6791 +1.0000"]),
        ((10, 10, 0, 10), ["+1.0000 +1.0000", "+0.6636 +1.0000", "+0.6075 +1.0000"]),
    ] {
        assert_eq!([WALD, SCORE, NEWCOMBE].map(|interval| printed(interval, counts)), expected, "{counts:?}");
    }
}

/// At a score limit the score is z: with the likeliest risks of that difference found by a search of our own.
#[test]
fn definition() {
    let (x1, n1, x2, n2) = (7.0, 34.0, 12.0, 29.0);
    let (low, high) = limits(&measure(SCORE).run_on_counts(&table(7, 34, 12, 29)).unwrap());
    for (delta, sign) in [(low, 1.0), (high, -1.0)] {
        let ln_likelihood = |p2: f64| {
            let p1 = p2 + delta;
            x1 * p1.ln() + (n1 - x1) * (1.0 - p1).ln() + x2 * p2.ln() + (n2 - x2) * (1.0 - p2).ln()
        };
        // Golden-section search; the maximum is flat, and the variance is flat there too.
        let (mut from, mut to) = (f64::max(0.0, -delta), f64::min(1.0, 1.0 - delta));
        for _ in 0..200 {
            let (a, b) = (from + 0.381_966 * (to - from), from + 0.618_034 * (to - from));
            if ln_likelihood(a) > ln_likelihood(b) {
                to = b;
            } else {
                from = a;
            }
        }
        let (p1, p2) = (from + delta, from);
        let variance = (p1 * (1.0 - p1) / n1 + p2 * (1.0 - p2) / n2) * (n1 + n2) / (n1 + n2 - 1.0);
        let z = sign * (x1 / n1 - x2 / n2 - delta) / variance.sqrt();
        // The search above finds the risks to half the digits only.
        assert_close(z, 1.959_963_984_540_054, 1e-7, "score at a limit");
    }
}

#[test]
fn degenerate() {
    let effect = RiskDifference::default().run_on_counts(&table(0, 5, 3, 6)).unwrap();
    assert_eq!(effect.remarks, [Remark::ZeroCell]);
    let empty = RiskDifference::default().run_on_counts(&table(0, 0, 3, 6));
    assert_eq!(empty, Err(TestError::TooFew { group: 0, found: 0, needed: 1 }));
    let wide = CountTable::new(2, 3, vec![1; 6]).unwrap();
    let shape = TestError::Shape { cells: 6, rows: 2, columns: 2 };
    assert_eq!(RiskDifference::default().run_on_counts(&wide), Err(shape));
}

proptest! {
    #[test]
    fn mirrors(x1 in 0_u64..300, y1 in 0_u64..300, x2 in 0_u64..300, y2 in 0_u64..300) {
        prop_assume!(x1 + y1 > 0 && x2 + y2 > 0);
        for interval in [WALD, NEWCOMBE, SCORE] {
            let run = |x1, y1, x2, y2| measure(interval).run_on_counts(&table(x1, x1 + y1, x2, x2 + y2)).unwrap();
            let (here, swapped, complement) = (run(x1, y1, x2, y2), run(x2, y2, x1, y1), run(y1, x1, y2, x2));
            let (low, high) = limits(&here);
            let value = here.estimate.value;
            prop_assert!(low <= value && value <= high);
            for other in [limits(&swapped), limits(&complement)] {
                prop_assert!((low + other.1).abs() < CLOSED_FORM && (high + other.0).abs() < CLOSED_FORM);
            }
            if interval != WALD {
                prop_assert!(-1.0 <= low && high <= 1.0);
            }
        }
    }
}
