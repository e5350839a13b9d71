use std::f64::consts::FRAC_2_PI;

use proptest::prelude::*;
use restudy_stats::dist::Beta;
use restudy_stats::special::ln_gamma;
use statrs::distribution::ContinuousCDF;

use super::close::{STANDARD, assert_close, relative_error};

#[test]
fn a_shape_of_one_is_a_power() {
    for shape in [0.01_f64, 0.5, 1.0, 3.0, 40.0, 1e6] {
        for x in [1e-300_f64, 1e-12, 0.2, 0.5, 0.9, 1.0 - 1e-12] {
            let (power, rest) = (x.powf(shape), (shape * (-x).ln_1p()).exp());
            assert_close(Beta::new(shape, 1.0).unwrap().lower_tail(x), power, STANDARD);
            assert_close(Beta::new(1.0, shape).unwrap().upper_tail(x), rest, STANDARD);
        }
        for p in [1e-300_f64, 1e-20, 0.1, 0.5] {
            assert_close(Beta::new(shape, 1.0).unwrap().lower_quantile(p), p.powf(1.0 / shape), STANDARD);
        }
    }
}

#[test]
fn halves_are_the_arcsine_distribution() {
    let arcsine = Beta::new(0.5, 0.5).unwrap();
    for x in [1e-300_f64, 1e-12, 0.2, 0.5, 0.7] {
        assert_close(arcsine.lower_tail(x), FRAC_2_PI * x.sqrt().asin(), STANDARD);
        assert_close(arcsine.upper_tail(1.0 - x), FRAC_2_PI * (1.0 - (1.0 - x)).sqrt().asin(), STANDARD);
    }
}

#[test]
fn the_ends() {
    let beta = Beta::new(2.0, 3.0).unwrap();
    assert_eq!((beta.lower_tail(-0.5), beta.upper_tail(-0.5)), (0.0, 1.0));
    assert_eq!((beta.lower_tail(1.5), beta.upper_tail(1.5)), (1.0, 0.0));
    assert_eq!((beta.lower_quantile(0.0), beta.lower_quantile(1.0)), (0.0, 1.0));
    assert_eq!((beta.upper_quantile(0.0), beta.upper_quantile(1.0)), (1.0, 0.0));
    assert!(beta.lower_tail(f64::NAN).is_nan() && beta.upper_quantile(1.1).is_nan());
    assert!(Beta::new(0.0, 1.0).is_err() && Beta::new(1.0, f64::NAN).is_err());
}

proptest! {
    /// Iₓ(a, b) = Iₓ(a + 1, b) + xᵃ yᵇ / (a B(a, b)), DLMF 8.17.20, across every boundary between the methods.
    #[test]
    fn the_recurrence(ln_a in -8.0..8.5_f64, ln_b in -8.0..8.5_f64, deviate in -6.0..6.0_f64) {
        let (a, b) = (ln_a.exp(), ln_b.exp());
        let odds = a / b * (deviate * (1.0 / (a + 0.1) + 1.0 / (b + 0.1)).sqrt()).exp();
        let x = (odds / (1.0 + odds)).min(0.999);
        let ln_step = a * x.ln() + b * (-x).ln_1p() + ln_gamma(a + b) - ln_gamma(a + 1.0) - ln_gamma(b);
        let (from, to) = (Beta::new(a, b).unwrap(), Beta::new(a + 1.0, b).unwrap());
        // The step is a difference of logarithms of size n ln n, each rounded.
        let n = a + b;
        let tolerance = 1e-15 * (20.0 + n * (2.0 + n.ln().abs()));
        prop_assert!(relative_error(to.lower_tail(x) + ln_step.exp(), from.lower_tail(x)) < tolerance);
        prop_assert!(relative_error(from.upper_tail(x) + ln_step.exp(), to.upper_tail(x)) < tolerance);
    }

    #[test]
    fn it_mirrors(a in 0.01..1e4_f64, b in 0.01..1e4_f64, sixteenths in 1..65_535_u32) {
        // 1 − x is exact.
        let x = f64::from(sixteenths) / 65_536.0;
        let (one, other) = (Beta::new(a, b).unwrap(), Beta::new(b, a).unwrap());
        prop_assert!(relative_error(one.lower_tail(x), other.upper_tail(1.0 - x)) < 1e-14);
    }

    #[test]
    fn statrs_agrees(a in 0.5..50.0_f64, b in 0.5..50.0_f64, x in 0.01..0.99_f64) {
        // statrs is good to 1e-8 here.
        let other = statrs::distribution::Beta::new(a, b).unwrap();
        prop_assert!(relative_error(Beta::new(a, b).unwrap().lower_tail(x), other.cdf(x)) < 1e-7);
    }
}
