use std::f64::consts::TAU;

use proptest::prelude::*;
use restudy_stats::dist::{ChiSquare, Normal};
use statrs::distribution::{Continuous, ContinuousCDF};

use super::close::{STANDARD, assert_close, relative_error};

#[test]
fn the_middle_and_the_ends() {
    assert_eq!(Normal.lower_tail(0.0), 0.5);
    assert_eq!(Normal.two_sided(0.0), 1.0);
    assert_eq!(Normal.upper_tail(f64::INFINITY), 0.0);
    assert_eq!(Normal.upper_tail(f64::NEG_INFINITY), 1.0);
    assert_eq!(Normal.density(f64::INFINITY), 0.0);
    assert_close(Normal.density(0.0), 1.0 / TAU.sqrt(), STANDARD);
    assert_eq!(Normal.lower_quantile(0.5), 0.0);
    assert_eq!(Normal.lower_quantile(0.0), f64::NEG_INFINITY);
    assert_eq!(Normal.upper_quantile(0.0), f64::INFINITY);
    assert!(Normal.lower_quantile(-0.1).is_nan());
    assert!(Normal.upper_quantile(1.1).is_nan());
}

#[test]
fn the_density_far_out() {
    // e^(−z²/2) / √(2π) by mpmath at 50 digits, z being the double nearest to 37.3.
    assert_close(Normal.density(37.3), 3.062846290695667e-303, STANDARD);
}

proptest! {
    #[test]
    fn the_square_is_chi_square_of_one_degree(z in 0.0..37.0_f64) {
        // z² is rounded: at 37 this moves the tail by 37²/2 roundings of 1e-16.
        let square = ChiSquare::new(1.0).unwrap().upper_tail(z * z);
        prop_assert!(relative_error(Normal.two_sided(z), square) < 2e-13);
    }

    #[test]
    fn the_tails_mirror_each_other(z in -38.0..38.0_f64) {
        prop_assert_eq!(Normal.lower_tail(z), Normal.upper_tail(-z));
        prop_assert!((Normal.lower_tail(z) + Normal.upper_tail(z) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn statrs_agrees(z in -30.0..30.0_f64, p in 1e-300..1.0_f64) {
        // statrs: its erfc is good to 1e-10 relatively, its density to the square's rounding.
        let other = statrs::distribution::Normal::standard();
        prop_assert!(relative_error(Normal.lower_tail(z), other.cdf(z)) < 1e-9);
        prop_assert!(relative_error(Normal.density(z), other.pdf(z)) < 1e-12);
        prop_assert!((Normal.lower_quantile(p) - other.inverse_cdf(p)).abs() < 1e-14);
    }
}
