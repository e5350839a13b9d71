use proptest::prelude::*;
use restudy_stats::descriptive::{clopper_pearson, mid_p, wilson, wilson_continuity};
use restudy_stats::dist::{Binomial, Normal};
use restudy_stats::{Interval, Level, TestError};

use crate::exact::{STATISTIC, assert_close, count, numbers, rows};

type Method = fn(u64, u64, Level) -> Result<Interval, TestError>;

const METHODS: [(&str, Method); 3] =
    [("wilson", wilson), ("wilson_continuity", wilson_continuity), ("clopper_pearson", clopper_pearson)];

// By hand.

#[test]
fn none_and_all_have_closed_forms() {
    let z = Normal.upper_quantile(0.025);
    let n = 10.0;
    let none = wilson(0, 10, Level::NINETY_FIVE).unwrap();
    assert_eq!(none.low, 0.0);
    assert_close(none.high, z * z / (n + z * z), STATISTIC);
    let all = clopper_pearson(10, 10, Level::NINETY_FIVE).unwrap();
    assert_close(all.low, 0.025_f64.powf(1.0 / n), STATISTIC);
    assert_eq!(all.high, 1.0);
}

#[test]
fn more_than_all_is_refused() {
    for (_, method) in METHODS {
        assert_eq!(method(3, 2, Level::NINETY_FIVE), Err(TestError::NotAProportion { count: 3, n: 2 }));
        assert_eq!(method(0, 0, Level::NINETY_FIVE), Err(TestError::NotAProportion { count: 0, n: 0 }));
    }
}

// Reference.

#[test]
fn agree_with_50_digits() {
    for row in rows("proportions") {
        for (name, method) in METHODS {
            let interval = method(count(&row["count"]), count(&row["n"]), Level::NINETY_FIVE).unwrap();
            let expected = numbers(&row[name]);
            assert_close(interval.low, expected[0], STATISTIC);
            assert_close(interval.high, expected[1], STATISTIC);
        }
    }
}

#[test]
fn published_by_newcombe() {
    // Newcombe (1998), table I: 81/263, 15/148, 0/20, 1/29 by methods 3, 4 and 5.
    let published = [
        (81, 263, ["0.2553 0.3662", "0.2535 0.3682", "0.2527 0.3676"]),
        (15, 148, ["0.0624 0.1605", "0.0598 0.1644", "0.0578 0.1617"]),
        (0, 20, ["0.0000 0.1611", "0.0000 0.2005", "0.0000 0.1684"]),
        (1, 29, ["0.0061 0.1718", "0.0018 0.1963", "0.0009 0.1776"]),
    ];
    for (count, n, by_method) in published {
        for ((_, method), printed) in METHODS.iter().zip(by_method) {
            let interval = method(count, n, Level::NINETY_FIVE).unwrap();
            assert_eq!(format!("{:.4} {:.4}", interval.low, interval.high), printed);
        }
    }
}

#[test]
fn mid_p_published_by_newcombe() {
    // Newcombe (1998), table I, method 6.
    let published =
        [(81, 263, "0.2544 0.3658"), (15, 148, "0.0601 0.1581"), (0, 20, "0.0000 0.1391"), (1, 29, "0.0017 0.1585")];
    for (count, n, printed) in published {
        let interval = mid_p(count, n, Level::NINETY_FIVE).unwrap();
        assert_eq!(format!("{:.4} {:.4}", interval.low, interval.high), printed);
    }
}

// Definition and properties.

proptest! {
    #[test]
    fn limits_solve_their_equations(n in 1..100_000_u64, share in 0.0..=1.0, level in 0.51..0.9999) {
        let count = (share * n as f64) as u64;
        let level = Level::new(level)?;
        let exact = clopper_pearson(count, n, level)?;
        if count > 0 {
            let tail = Binomial::new(n, exact.low)?.upper_tail(count);
            // A limit is good to its last digit, and a tail moves n times as fast.
            prop_assert!((tail / level.tail() - 1.0).abs() < 1e-10);
        }
        if count < n {
            let tail = Binomial::new(n, exact.high)?.lower_tail(count);
            prop_assert!((tail / level.tail() - 1.0).abs() < 1e-10);
        }
        let z = Normal.upper_quantile(level.tail());
        let (p, n_real) = (count as f64 / n as f64, n as f64);
        let Interval { low, high, .. } = wilson(count, n, level)?;
        for limit in [low, high] {
            let (squared, variance) = ((p - limit) * (p - limit), limit * (1.0 - limit) / n_real);
            prop_assert!((squared - z * z * variance).abs() <= 1e-12 * (p * p + z * z * variance));
        }
    }

    #[test]
    fn mirrored_nested_and_inside(n in 1..10_000_u64, share in 0.0..=1.0) {
        let count = (share * n as f64) as u64;
        for (_, method) in METHODS {
            let interval = method(count, n, Level::NINETY_FIVE)?;
            let mirrored = method(n - count, n, Level::NINETY_FIVE)?;
            prop_assert!((interval.low - (1.0 - mirrored.high)).abs() <= 1e-14);
            let p = count as f64 / n as f64;
            prop_assert!(0.0 <= interval.low && interval.low <= p && p <= interval.high && interval.high <= 1.0);
            let wider = method(count, n, Level::new(0.99)?)?;
            prop_assert!(wider.low <= interval.low && interval.high <= wider.high);
        }
        let plain = wilson(count, n, Level::NINETY_FIVE)?;
        let corrected = wilson_continuity(count, n, Level::NINETY_FIVE)?;
        prop_assert!(corrected.low <= plain.low && plain.high <= corrected.high);
    }

    #[test]
    fn any_count_gives_limits_or_a_refusal(count in any::<u64>(), n in any::<u64>()) {
        for (_, method) in METHODS {
            if let Ok(interval) = method(count, n, Level::NINETY_FIVE) {
                prop_assert!(0.0 <= interval.low && interval.low <= interval.high && interval.high <= 1.0);
            }
        }
    }

    #[test]
    fn mid_p_lies_inside_and_halves_the_count_observed(n in 1..20_000_u64, share in 0.0..=1.0) {
        let count = (share * n as f64) as u64;
        let (exact, mid) = (clopper_pearson(count, n, Level::NINETY_FIVE)?, mid_p(count, n, Level::NINETY_FIVE)?);
        prop_assert!(exact.low <= mid.low && mid.high <= exact.high);
        if count > 0 {
            let binomial = Binomial::new(n, mid.low)?;
            let tail = binomial.upper_tail(count) - binomial.mass(count) / 2.0;
            // A limit is good to its last digit, and a tail moves n times as fast.
            prop_assert!((tail / 0.025 - 1.0).abs() < 1e-10);
        }
        let mirror = mid_p(n - count, n, Level::NINETY_FIVE)?;
        prop_assert!((mid.low + mirror.high - 1.0).abs() < STATISTIC);
    }
}
