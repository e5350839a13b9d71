//! The special functions by hand and at their ends; the golden file holds their digits.

use std::f64::consts::{LN_2, PI};

use proptest::prelude::*;
use restudy_stats::special::{
    Tails, deviance, erf, erfc, incomplete_beta, incomplete_gamma, ln_choose, ln_factorial, ln_gamma, stirling_error,
};

use crate::dist::close::{STANDARD, assert_close, relative_error};

#[test]
fn error_functions() {
    assert_eq!((erf(0.0), erfc(0.0)), (0.0, 1.0));
    assert_eq!((erf(f64::INFINITY), erfc(f64::INFINITY), erfc(f64::NEG_INFINITY)), (1.0, 0.0, 2.0));
    // The first term of the series.
    assert_close(erf(1e-200), 2e-200 / PI.sqrt(), STANDARD);
    assert!(erf(f64::NAN).is_nan() && erfc(f64::NAN).is_nan());
}

#[test]
fn log_gamma_and_factorials() {
    assert_close(ln_gamma(0.5), PI.sqrt().ln(), STANDARD);
    assert_eq!((ln_gamma(1.0), ln_gamma(2.0), ln_factorial(0), ln_factorial(1)), (0.0, 0.0, 0.0, 0.0));
    assert_close(ln_factorial(10), 3_628_800_f64.ln(), STANDARD);
    assert_eq!(ln_gamma(0.0), f64::INFINITY);
}

#[test]
fn choices() {
    assert_eq!((ln_choose(0, 0), ln_choose(9, 0), ln_choose(9, 9)), (0.0, 0.0, 0.0));
    assert_eq!(ln_choose(3, 4), f64::NEG_INFINITY);
    assert_close(ln_choose(2, 1), LN_2, STANDARD);
    assert_close(ln_choose(52, 5), 2_598_960_f64.ln(), STANDARD);
    assert_close(ln_choose(1_000_000_000, 2), 499_999_999_500_000_000_f64.ln(), STANDARD);
}

#[test]
fn the_ends_of_the_halves_of_a_density() {
    assert_eq!((stirling_error(0.0), stirling_error(f64::INFINITY)), (f64::INFINITY, 0.0));
    assert!(stirling_error(-1.0).is_nan() && stirling_error(f64::NAN).is_nan());
    assert_eq!((deviance(3.0, 3.0), deviance(0.0, 2.5), deviance(0.0, 0.0)), (0.0, 2.5, 0.0));
    assert_eq!((deviance(1.0, 0.0), deviance(1.0, f64::INFINITY)), (f64::INFINITY, f64::INFINITY));
    assert!(deviance(-1.0, 1.0).is_nan() && deviance(1.0, f64::NAN).is_nan());
    // 1! = √(2π) e⁻¹ e^δ(1)
    assert_close(stirling_error(1.0), 1.0 - 0.5 * (2.0 * PI).ln(), STANDARD);
}

#[test]
fn outside_their_range_they_are_not_a_number() {
    for (a, x) in [(0.0, 1.0), (-1.0, 1.0), (1.0, -1.0), (f64::NAN, 1.0), (1.0, f64::NAN), (f64::INFINITY, 1.0)] {
        let Tails { lower, upper } = incomplete_gamma(a, x);
        assert!(lower.is_nan() && upper.is_nan());
        let Tails { lower, upper } = incomplete_beta(a, 1.0, x, 1.0 - x);
        assert!(lower.is_nan() && upper.is_nan());
    }
}

proptest! {
    #[test]
    fn stirling_steps_by_one(a in 1e-3..50.0_f64) {
        // Γ(a + 2) = (a + 1) Γ(a + 1); the logarithms are rounded, hence absolutely.
        let step = (a + 0.5) * (1.0 / a).ln_1p() - 1.0;
        prop_assert!((stirling_error(a) - stirling_error(a + 1.0) - step).abs() < 1e-14);
    }

    #[test]
    fn pascals_triangle(n in 2..1_000_u64, share in 0.0..1.0_f64) {
        let k = 1 + ((n - 1) as f64 * share) as u64;
        let (left, right) = (ln_choose(n - 1, k - 1), ln_choose(n - 1, k));
        let sum = left.max(right) + (-(left - right).abs()).exp().ln_1p();
        prop_assert!((ln_choose(n, k) - sum).abs() < 1e-12 * (1.0 + sum));
    }

    #[test]
    fn the_deviance_is_a_difference_of_logarithms(x in 1e-3..1e3_f64, m in 1e-3..1e3_f64) {
        let direct = x * (x / m).ln() + m - x;
        prop_assert!((deviance(x, m) - direct).abs() < 1e-13 * (x + m) * (1.0 + (x / m).ln().abs()));
        prop_assert!(deviance(x, m) >= 0.0);
    }

    #[test]
    fn the_beta_functions_mirror_each_other(a in 0.01..1e4_f64, b in 0.01..1e4_f64, x in 0.0..=1.0_f64) {
        let (one, other) = (incomplete_beta(a, b, x, 1.0 - x), incomplete_beta(b, a, 1.0 - x, x));
        prop_assert!(relative_error(one.lower, other.upper) < 1e-14);
        prop_assert!(relative_error(one.upper, other.lower) < 1e-14);
        prop_assert!((one.lower + one.upper - 1.0).abs() < 1e-15);
    }
}
