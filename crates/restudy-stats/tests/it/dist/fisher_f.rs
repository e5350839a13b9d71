use proptest::prelude::*;
use restudy_stats::dist::{Beta, ChiSquare, FisherF};

use super::close::{STANDARD, assert_close, relative_error};

#[test]
fn two_degrees_in_the_numerator() {
    for df2 in [1.0, 2.0, 7.5, 1e3, 1e6] {
        let fisher = FisherF::new(2.0, df2).unwrap();
        for f in [1e-300, 1e-5, 0.7, 3.0, 50.0, 1e100] {
            // (1 + 2 f / df₂)^(−df₂/2)
            let tail = (-df2 / 2.0 * (2.0 * f / df2).ln_1p()).exp();
            assert_close(fisher.upper_tail(f), tail, STANDARD);
        }
        for p in [1e-100, 1e-3, 0.3, 0.5] {
            let f: f64 = df2 / 2.0 * (-2.0 / df2 * f64::ln(p)).exp_m1();
            assert_close(fisher.upper_quantile(p), f, STANDARD);
        }
    }
}

#[test]
fn beyond_the_range_of_a_double() {
    // df₁ f / df₂ overflows, and the tail (1 + 2 f / df₂)^(−df₂/2) does not vanish.
    let fisher = FisherF::new(2.0, 1e-3).unwrap();
    let f: f64 = 1e308;
    let tail = (-0.0005 * (2e3_f64.ln() + f.ln())).exp();
    assert_close(fisher.upper_tail(f), tail, STANDARD);
    assert_close(fisher.upper_quantile(fisher.upper_tail(f)), f, 1e-9);
}

#[test]
fn the_ends() {
    let fisher = FisherF::new(3.0, 4.0).unwrap();
    for f in [f64::NEG_INFINITY, -1.0, 0.0] {
        assert_eq!((fisher.lower_tail(f), fisher.upper_tail(f)), (0.0, 1.0));
    }
    assert_eq!((fisher.lower_tail(f64::INFINITY), fisher.upper_tail(f64::INFINITY)), (1.0, 0.0));
    assert_eq!((fisher.lower_quantile(0.0), fisher.lower_quantile(1.0)), (0.0, f64::INFINITY));
    assert!(fisher.upper_tail(f64::NAN).is_nan() && fisher.upper_quantile(-1e-9).is_nan());
    assert!(FisherF::new(0.0, 1.0).is_err() && FisherF::new(1.0, f64::INFINITY).is_err());
}

proptest! {
    #[test]
    fn the_reciprocal_swaps_the_degrees(df1 in 0.1..1e4_f64, df2 in 0.1..1e4_f64, ln_f in -3.0..3.0_f64) {
        let f = ln_f.exp();
        let (one, other) = (FisherF::new(df1, df2).unwrap(), FisherF::new(df2, df1).unwrap());
        // 1/f is rounded, which moves a tail by its slope in ln f: at most the smaller half of the degrees.
        let tolerance = 1e-13 + 1e-16 * df1.min(df2);
        prop_assert!(relative_error(one.upper_tail(f), other.lower_tail(1.0 / f)) < tolerance);
    }

    #[test]
    fn many_degrees_in_the_denominator_are_chi_square(df1 in 0.5..50.0_f64, p in 0.001..0.999_f64) {
        // The next term is of order (df₁ + x)² / df₂.
        let x = ChiSquare::new(df1).unwrap().upper_quantile(p);
        prop_assert!(relative_error(FisherF::new(df1, 1e18).unwrap().upper_tail(x / df1), p) < 1e-12);
    }

    #[test]
    fn it_is_the_odds_of_a_beta(df1 in 0.1..200.0_f64, df2 in 0.1..200.0_f64, f in 0.01..20.0_f64) {
        let odds = df1 * f / df2;
        let beta = Beta::new(df1 / 2.0, df2 / 2.0).unwrap().upper_tail(odds / (1.0 + odds));
        // The share is rounded near 1.
        prop_assert!(beta < 1e-12 || relative_error(FisherF::new(df1, df2).unwrap().upper_tail(f), beta) < 1e-11);
    }
}
