use proptest::prelude::*;
use restudy_stats::dist::Gamma;
use restudy_stats::special::ln_gamma;

use super::close::{STANDARD, assert_close, relative_error};

#[test]
fn shape_one_is_exponential() {
    let exponential = Gamma::new(1.0).unwrap();
    for x in [1e-300, 1e-9, 0.1, 1.0, 1.49, 1.51, 2.0, 30.0, 600.0] {
        assert_close(exponential.upper_tail(x), (-x).exp(), STANDARD);
        assert_close(exponential.lower_tail(x), -(-x).exp_m1(), STANDARD);
    }
    for p in [1e-300, 1e-20, 0.01, 0.5] {
        assert_close(exponential.upper_quantile(p), -p.ln(), STANDARD);
        assert_close(exponential.lower_quantile(p), -(-p).ln_1p(), STANDARD);
    }
}

#[test]
fn the_ends() {
    let gamma = Gamma::new(2.5).unwrap();
    for x in [f64::NEG_INFINITY, -1.0, 0.0] {
        assert_eq!((gamma.lower_tail(x), gamma.upper_tail(x)), (0.0, 1.0));
    }
    assert_eq!((gamma.lower_tail(f64::INFINITY), gamma.upper_tail(f64::INFINITY)), (1.0, 0.0));
    assert_eq!((gamma.lower_quantile(0.0), gamma.upper_quantile(0.0)), (0.0, f64::INFINITY));
    assert!(gamma.lower_tail(f64::NAN).is_nan() && gamma.lower_quantile(f64::NAN).is_nan());
    for shape in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(Gamma::new(shape).is_err());
    }
}

proptest! {
    /// Q(a + 1, x) = Q(a, x) + xᵃ e⁻ˣ / Γ(a + 1), DLMF 8.8.6, across every boundary between the methods.
    #[test]
    fn the_recurrence(ln_a in -10.0..8.5_f64, deviate in -6.0..6.0_f64) {
        let a = ln_a.exp();
        let x = a * (deviate / (a + 0.1).sqrt()).exp();
        let step = (a * x.ln() - x - ln_gamma(a + 1.0)).exp();
        let (from, to) = (Gamma::new(a).unwrap(), Gamma::new(a + 1.0).unwrap());
        // The step is a difference of logarithms of size x and a ln a, each rounded.
        let tolerance = 1e-15 * (10.0 + x + a * (2.0 + a.ln().abs()));
        prop_assert!(relative_error(from.upper_tail(x) + step, to.upper_tail(x)) < tolerance);
        prop_assert!(relative_error(to.lower_tail(x) + step, from.lower_tail(x)) < tolerance);
    }
}
