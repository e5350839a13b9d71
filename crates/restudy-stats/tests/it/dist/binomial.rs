use proptest::prelude::*;
use restudy_stats::dist::Binomial;

use super::close::{STANDARD, assert_close, relative_error};

#[test]
fn one_trial() {
    for p in [0.0, 1e-300, 0.3, 1.0 - 1e-15, 1.0] {
        let trial = Binomial::new(1, p).unwrap();
        assert_close(trial.mass(1), p, STANDARD);
        assert_close(trial.mass(0), 1.0 - p, STANDARD);
        assert_close(trial.lower_tail(0), 1.0 - p, STANDARD);
        assert_close(trial.upper_tail(1), p, STANDARD);
        assert_close(trial.ln_mass(0), (-p).ln_1p(), STANDARD);
        assert_close(trial.ln_mass(1), p.ln(), STANDARD);
    }
}

#[test]
fn a_fair_coin() {
    // C(10, k) / 1024
    let coin = Binomial::new(10, 0.5).unwrap();
    let mut below = 0.0;
    for (k, ways) in [1.0, 10.0, 45.0, 120.0, 210.0, 252.0, 210.0, 120.0, 45.0, 10.0, 1.0].into_iter().enumerate() {
        let k = k as u64;
        assert_close(coin.mass(k), ways / 1024.0, STANDARD);
        assert_close(coin.upper_tail(k), 1.0 - below / 1024.0, STANDARD);
        below += ways;
        assert_close(coin.lower_tail(k), below / 1024.0, STANDARD);
    }
}

#[test]
fn all_or_none() {
    for (n, p) in [(1000, 1e-20), (1000, 0.5), (50, 0.999), (1_000_000_000, 1e-9)] {
        let binomial = Binomial::new(n, p).unwrap();
        assert_close(binomial.ln_mass(0), n as f64 * (-p).ln_1p(), STANDARD);
        assert_close(binomial.ln_mass(n), n as f64 * p.ln(), STANDARD);
    }
}

#[test]
fn the_ends() {
    let binomial = Binomial::new(5, 0.3).unwrap();
    assert_eq!((binomial.mass(6), binomial.ln_mass(6)), (0.0, f64::NEG_INFINITY));
    assert_eq!((binomial.lower_tail(5), binomial.lower_tail(6)), (1.0, 1.0));
    assert_eq!((binomial.upper_tail(0), binomial.upper_tail(6)), (1.0, 0.0));
    let nothing = Binomial::new(0, 0.3).unwrap();
    assert_eq!((nothing.mass(0), nothing.lower_tail(0), nothing.upper_tail(0)), (1.0, 1.0, 1.0));
    assert!(Binomial::new(5, -0.1).is_err() && Binomial::new(5, 1.1).is_err() && Binomial::new(5, f64::NAN).is_err());
}

proptest! {
    #[test]
    fn the_masses_add_up(n in 0..400_u64, p in 0.0..=1.0_f64, k in 0..400_u64) {
        // The tails come from the incomplete beta function, the masses from the saddle point.
        let binomial = Binomial::new(n, p).unwrap();
        let sum = |range: std::ops::RangeInclusive<u64>| range.map(|k| binomial.mass(k)).sum::<f64>();
        prop_assert!(relative_error(sum(0..=n), 1.0) < 1e-13);
        prop_assert!(relative_error(binomial.lower_tail(k), sum(0..=k)) < 1e-13);
        if k <= n {
            prop_assert!(relative_error(binomial.upper_tail(k), sum(k..=n)) < 1e-13);
        }
    }

    #[test]
    fn failures_mirror_successes(n in 1..1_000_000_u64, sixteenths in 1..65_535_u32, share in 0.0..=1.0_f64) {
        // 1 − p is exact.
        let p = f64::from(sixteenths) / 65_536.0;
        let k = (n as f64 * share) as u64;
        let (one, other) = (Binomial::new(n, p).unwrap(), Binomial::new(n, 1.0 - p).unwrap());
        prop_assert!(relative_error(one.mass(k), other.mass(n - k)) < 1e-14);
        prop_assert!(relative_error(one.lower_tail(k), other.upper_tail(n - k)) < 1e-14);
    }

    #[test]
    fn a_mass_is_between_two_tails(n in 1..1_000_000_000_u64, p in 0.0..1.0_f64, sds in -3.0..3.0_f64) {
        let mean = n as f64 * p;
        let k = (mean + sds * (mean * (1.0 - p)).sqrt()).clamp(0.0, n as f64) as u64;
        let binomial = Binomial::new(n, p).unwrap();
        let whole = binomial.lower_tail(k) + binomial.upper_tail(k) - binomial.mass(k);
        prop_assert!((whole - 1.0).abs() < 1e-14);
    }
}
