use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::descriptive::{Moments, StandardizedBy, standardized_difference, standardized_difference_of_counts};
use restudy_stats::hypothesis::StudentT;

use crate::exact::{STATISTIC, assert_close};
use crate::golden;

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

#[test]
fn three_categories() {
    // Shares 1/2, 1/4, 1/4 and 1/4, 1/4, 1/2; of the first two S = [7/32, −3/32; −3/32, 6/32], differences 1/4 and 0:
    // d² = (1/4)² · (6/32) / (42/1024 − 9/1024).
    let difference = standardized_difference_of_counts(&[2, 1, 1], &[5, 5, 10]).unwrap();
    assert_close(difference, (4.0_f64 / 11.0).sqrt(), STATISTIC);
    // A category that nobody has is none, and the same shares are no difference.
    assert_eq!(standardized_difference_of_counts(&[2, 0, 1, 1], &[5, 0, 5, 10]), Ok(difference));
    assert_eq!(standardized_difference_of_counts(&[1, 2, 5], &[2, 4, 10]), Ok(0.0));
}

#[test]
fn bad_counts_are_named() {
    let of = standardized_difference_of_counts;
    assert_eq!(of(&[1, 2], &[1]), Err(TestError::UnequalLengths { first: 2, second: 1 }));
    assert_eq!(of(&[1, 2], &[0, 0]), Err(TestError::TooFew { group: 1, found: 0, needed: 1 }));
    assert_eq!(of(&[], &[]), Err(TestError::TooFew { group: 0, found: 0, needed: 1 }));
    assert_eq!(of(&[3, 0], &[9, 0]), Err(TestError::NoSpread));
    assert_eq!(of(&[3, 0], &[0, 9]), Err(TestError::NoSpread));
    assert_eq!(of(&[3, 2, 0, 0], &[0, 0, 5, 8]), Err(TestError::NoSpread));
}

// R.

#[test]
fn counts_agree_with_r() {
    let golden = golden::parse(include_str!("../../golden/standardized_difference_of_counts.json"));
    for case in golden::cases(&golden) {
        let counts = |name: &str| golden::numbers(&case[name]).iter().map(|count| *count as u64).collect::<Vec<_>>();
        let difference = standardized_difference_of_counts(&counts("first"), &counts("second")).unwrap();
        assert_close(difference, golden::number(&case["difference"]), STATISTIC);
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

    /// Neither the order of the categories nor that of the groups matters, nor do all counts times a number; two
    /// categories are a proportion.
    #[test]
    fn counts_have_no_order(counts in prop::collection::vec((1..40_u64, 1..40_u64), 2..7), times in 1..9_u64) {
        let (first, second): (Vec<u64>, Vec<u64>) = counts.iter().copied().unzip();
        let difference = standardized_difference_of_counts(&first, &second)?;
        let near = |other: f64| (other - difference).abs() <= 1e-12 * (1.0 + difference);
        let turned = |counts: &[u64]| counts.iter().rev().copied().collect::<Vec<_>>();
        prop_assert!(near(standardized_difference_of_counts(&turned(&first), &turned(&second))?));
        prop_assert!(near(standardized_difference_of_counts(&second, &first)?));
        let more: Vec<u64> = first.iter().map(|count| count * times).collect();
        prop_assert!(near(standardized_difference_of_counts(&more, &second)?));
        let share = |counts: &[u64]| counts[0] as f64 / (counts[0] + counts[1]) as f64;
        let (p, q) = (share(&first), share(&second));
        let of_two = standardized_difference_of_counts(&first[..2], &second[..2])?;
        let by_hand = (p - q).abs() / ((p * (1.0 - p) + q * (1.0 - q)) / 2.0).sqrt();
        prop_assert!((of_two - by_hand).abs() <= 1e-12 * (1.0 + by_hand));
    }
}
