use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::descriptive::{Moments, StandardizedBy, standardized_difference};
use restudy_stats::hypothesis::StudentT;

use crate::exact::{STATISTIC, assert_close};

const BOTH: [StandardizedBy; 2] = [StandardizedBy::PooledSd, StandardizedBy::AverageVariance];

// By hand.

#[test]
fn unequal_groups() {
    let first = Moments { n: 11, mean: 5.0, sd: 1.0 };
    let second = Moments { n: 31, mean: 2.0, sd: 3.0 };
    // Pooled variance (10·1 + 30·9) / 40 = 7; average variance (1 + 9) / 2 = 5.
    let by = |by| standardized_difference(first, second, by).unwrap();
    assert_close(by(StandardizedBy::PooledSd), 3.0 / 7.0_f64.sqrt(), STATISTIC);
    assert_close(by(StandardizedBy::AverageVariance), 3.0 / 5.0_f64.sqrt(), STATISTIC);
}

#[test]
fn bad_moments_are_named() {
    let good = Moments { n: 3, mean: 1.0, sd: 1.0 };
    for by in BOTH {
        let with = |second| standardized_difference(good, second, by);
        assert_eq!(with(Moments { n: 1, ..good }), Err(TestError::TooFew { group: 1, found: 1, needed: 2 }));
        assert_eq!(with(Moments { sd: -1.0, ..good }), Err(TestError::NotADeviation { group: 1, sd: -1.0 }));
        assert_eq!(with(Moments { mean: f64::NAN, ..good }), Err(TestError::NotFinite { group: 1, position: 0 }));
        let constant = Moments { sd: 0.0, ..good };
        assert_eq!(standardized_difference(constant, constant, by), Err(TestError::NoSpread));
    }
}

// Definition and properties.

proptest! {
    #[test]
    fn is_t_without_the_counts(
        (n1, n2) in (2..500_usize, 2..500_usize),
        (m1, m2) in (-9.0..9.0, -9.0..9.0),
        (s1, s2) in (0.1..9.0, 0.1..9.0),
    ) {
        let (first, second) = (Moments { n: n1, mean: m1, sd: s1 }, Moments { n: n2, mean: m2, sd: s2 });
        let t = StudentT::default().run_on_moments(first, second)?.statistic.unwrap().value();
        let d = standardized_difference(first, second, StandardizedBy::PooledSd)?;
        prop_assert!((d - t * (1.0 / n1 as f64 + 1.0 / n2 as f64).sqrt()).abs() <= 1e-13 * d.abs());
        for by in BOTH {
            let swapped = standardized_difference(second, first, by)?;
            prop_assert_eq!(swapped, -standardized_difference(first, second, by)?);
        }
    }
}
