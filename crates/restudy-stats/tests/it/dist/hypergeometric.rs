use proptest::prelude::*;
use restudy_stats::dist::{Binomial, Hypergeometric};

use super::close::{STANDARD, assert_close, relative_error};

#[test]
fn the_lady_tasting_tea() {
    // Fisher (1935): eight cups, four of each; C(4, k)² of 70.
    let tea = Hypergeometric::new(8, 4, 4).unwrap();
    assert_eq!(tea.support(), (0, 4));
    let mut below = 0.0;
    for (k, ways) in [1.0, 16.0, 36.0, 16.0, 1.0].into_iter().enumerate() {
        let k = k as u64;
        assert_close(tea.mass(k), ways / 70.0, STANDARD);
        assert_close(tea.upper_tail(k), (70.0 - below) / 70.0, STANDARD);
        below += ways;
        assert_close(tea.lower_tail(k), below / 70.0, STANDARD);
    }
}

#[test]
fn one_draw_and_one_success() {
    let population = 1_000_000_000;
    let n = population as f64;
    for successes in [1, 17, 999_999_999] {
        let draw = Hypergeometric::new(population, successes, 1).unwrap();
        let share = successes as f64 / n;
        assert_close(draw.mass(1), share, STANDARD);
        assert_close(draw.mass(0), (population - successes) as f64 / n, STANDARD);
        let ln_share = if share < 0.5 { share.ln() } else { (-((population - successes) as f64) / n).ln_1p() };
        assert_close(draw.ln_mass(1), ln_share, STANDARD);
        let rest = (population - successes) as f64 / n;
        assert_close(draw.ln_mass(0), if share < 0.5 { (-share).ln_1p() } else { rest.ln() }, STANDARD);
    }
}

#[test]
fn the_ends() {
    let distribution = Hypergeometric::new(10, 7, 6).unwrap();
    assert_eq!(distribution.support(), (3, 6));
    for k in [0, 2, 7, u64::MAX] {
        assert_eq!((distribution.mass(k), distribution.ln_mass(k)), (0.0, f64::NEG_INFINITY));
    }
    assert_eq!((distribution.lower_tail(2), distribution.lower_tail(6), distribution.lower_tail(99)), (0.0, 1.0, 1.0));
    assert_eq!((distribution.upper_tail(3), distribution.upper_tail(0), distribution.upper_tail(7)), (1.0, 1.0, 0.0));
    assert!(Hypergeometric::new(10, 11, 3).is_err() && Hypergeometric::new(10, 3, 11).is_err());
    for (population, successes, draws, sure) in [(0, 0, 0, 0), (5, 0, 3, 0), (5, 5, 3, 3), (5, 2, 5, 2), (5, 2, 0, 0)] {
        let certain = Hypergeometric::new(population, successes, draws).unwrap();
        assert_eq!(certain.support(), (sure, sure));
        assert_eq!((certain.mass(sure), certain.ln_mass(sure)), (1.0, 0.0));
        assert_eq!((certain.lower_tail(sure), certain.upper_tail(sure)), (1.0, 1.0));
    }
}

/// Population, successes, draws.
fn any_shape() -> impl Strategy<Value = (u64, u64, u64)> {
    (1..10_u32)
        .prop_flat_map(|exponent| 1..10_u64.pow(exponent))
        .prop_flat_map(|population| (Just(population), 0..=population, 0..=population))
}

/// The same up to any u64.
fn huge_shape() -> impl Strategy<Value = (u64, u64, u64)> {
    (0..64_u32)
        .prop_flat_map(|shift| 0..=u64::MAX >> shift)
        .prop_flat_map(|population| (Just(population), 0..=population, 0..=population))
}

/// A count so many standard deviations from the mean, in the support.
fn count_at(population: u64, successes: u64, draws: u64, sds: f64) -> u64 {
    let (least, most) = Hypergeometric::new(population, successes, draws).unwrap().support();
    let (total, share, drawn) = (population as f64, successes as f64 / population as f64, draws as f64);
    let sd = (drawn * share * (1.0 - share) * (1.0 - drawn / total)).max(0.0).sqrt();
    ((drawn * share + sds * sd) as u64).clamp(least, most)
}

proptest! {
    #[test]
    fn the_masses_add_up(population in 1..600_u64, one in 0.0..=1.0_f64, other in 0.0..=1.0_f64, at in 0.0..=1.0_f64) {
        let (successes, draws) = ((population as f64 * one) as u64, (population as f64 * other) as u64);
        let distribution = Hypergeometric::new(population, successes, draws).unwrap();
        let (least, most) = distribution.support();
        let k = least + ((most - least) as f64 * at) as u64;
        let sum = |range: std::ops::RangeInclusive<u64>| range.map(|k| distribution.mass(k)).sum::<f64>();
        prop_assert!(relative_error(sum(least..=most), 1.0) < 1e-13);
        prop_assert!(relative_error(distribution.lower_tail(k), sum(least..=k)) < 1e-13);
        prop_assert!(relative_error(distribution.upper_tail(k), sum(k..=most)) < 1e-13);
    }

    #[test]
    fn the_margins_may_be_exchanged((population, successes, draws) in any_shape(), sds in -37.0..37.0_f64) {
        let k = count_at(population, successes, draws, sds);
        let one = Hypergeometric::new(population, successes, draws).unwrap();
        let exchanged = Hypergeometric::new(population, draws, successes).unwrap();
        let failures = Hypergeometric::new(population, population - successes, draws).unwrap();
        for (other, l, flipped) in [(exchanged, k, false), (failures, draws - k, true)] {
            let tails = if flipped { (other.upper_tail(l), other.lower_tail(l)) } else { (other.lower_tail(l), other.upper_tail(l)) };
            prop_assert!(relative_error(one.mass(k), other.mass(l)) < 1e-13);
            prop_assert!(relative_error(one.lower_tail(k), tails.0) < 1e-13);
            prop_assert!(relative_error(one.upper_tail(k), tails.1) < 1e-13);
        }
    }

    #[test]
    fn the_parts_make_one((population, successes, draws) in any_shape(), sds in -5.0..5.0_f64) {
        let k = count_at(population, successes, draws, sds);
        let distribution = Hypergeometric::new(population, successes, draws).unwrap();
        let (lower, upper, mass) = (distribution.lower_tail(k), distribution.upper_tail(k), distribution.mass(k));
        prop_assert!((lower + upper - mass - 1.0).abs() < 1e-13);
        // P(X ≤ k) = P(X ≤ k − 1) + P(X = k), each from its own sum or integral.
        if k > distribution.support().0 {
            prop_assert!(relative_error(distribution.lower_tail(k - 1) + mass, lower) < 1e-13);
            prop_assert!(relative_error(distribution.upper_tail(k) + distribution.mass(k - 1), distribution.upper_tail(k - 1)) < 1e-13);
        }
    }

    #[test]
    fn any_table_has_an_answer((population, successes, draws) in huge_shape(), sds in -60.0..60.0_f64, k in any::<u64>()) {
        let distribution = Hypergeometric::new(population, successes, draws).unwrap();
        for k in [k, count_at(population, successes, draws, sds)] {
            for p in [distribution.mass(k), distribution.lower_tail(k), distribution.upper_tail(k)] {
                prop_assert!((0.0..=1.0).contains(&p), "{p}");
            }
            prop_assert!(distribution.ln_mass(k) <= 0.0);
        }
    }

    #[test]
    fn few_draws_from_many_are_binomial(draws in 1..200_u64, share in 1..1024_u64, at in 0.0..=1.0_f64) {
        // Drawing without replacement differs by about draws² / population.
        let population = 1_u64 << 52;
        let distribution = Hypergeometric::new(population, share << 42, draws).unwrap();
        let binomial = Binomial::new(draws, share as f64 / 1024.0).unwrap();
        let k = (draws as f64 * at) as u64;
        // The rarer outcome's share may be 1/1024, hence draws² · 1024 / 2⁵².
        prop_assert!(relative_error(distribution.mass(k), binomial.mass(k)) < 2e-8);
        prop_assert!(relative_error(distribution.upper_tail(k), binomial.upper_tail(k)) < 2e-8);
    }
}
