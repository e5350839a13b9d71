use std::f64::consts::PI;

use proptest::prelude::*;
use restudy_stats::dist::{FisherF, Normal, StudentT};
use statrs::distribution::ContinuousCDF;

use super::close::{STANDARD, assert_close, relative_error};

const POINTS: [f64; 8] = [1e-9, 0.3, 1.0, 2.5, 40.0, 1e6, 1e100, 1e290];

#[test]
fn one_degree_is_cauchy() {
    let cauchy = StudentT::new(1.0).unwrap();
    for t in POINTS {
        assert_close(cauchy.upper_tail(t), (1.0 / t).atan() / PI, STANDARD);
        assert_close(cauchy.lower_tail(t), 0.5 + t.atan() / PI, STANDARD);
    }
    for p in [1e-300, 1e-12, 0.1, 0.25, 0.4] {
        assert_close(cauchy.upper_quantile(p), 1.0 / (PI * p).tan(), STANDARD);
    }
    // 0.5 − 2⁻⁴⁰, where the quantile is π 2⁻⁴⁰ to the last digit.
    let little = 2_f64.powi(-40);
    assert_close(cauchy.lower_quantile(0.5 - little), -PI * little, STANDARD);
}

#[test]
fn two_degrees() {
    let t2 = StudentT::new(2.0).unwrap();
    for t in POINTS.into_iter().filter(|t| *t < 1e150) {
        // ½ (1 − t / √(2 + t²)), without the difference.
        let root = (2.0 + t * t).sqrt();
        assert_close(t2.upper_tail(t), 1.0 / (root * (root + t)), STANDARD);
    }
    for p in [1e-300, 1e-12, 0.1, 0.25, 0.4, 0.4999] {
        assert_close(t2.upper_quantile(p), (1.0 - 2.0 * p) / (2.0 * p * (1.0 - p)).sqrt(), STANDARD);
    }
}

#[test]
fn the_middle_and_the_ends() {
    for df in [0.1, 1.0, 7.5, 1e9, 1e30, f64::INFINITY] {
        let t = StudentT::new(df).unwrap();
        assert_eq!((t.lower_tail(0.0), t.upper_tail(0.0), t.two_sided(0.0)), (0.5, 0.5, 1.0));
        assert_eq!((t.lower_tail(f64::INFINITY), t.upper_tail(f64::INFINITY)), (1.0, 0.0));
        assert_eq!((t.lower_tail(f64::NEG_INFINITY), t.upper_tail(f64::NEG_INFINITY)), (0.0, 1.0));
        assert_eq!((t.lower_quantile(0.5), t.upper_quantile(0.5)), (0.0, 0.0));
        assert_eq!((t.lower_quantile(0.0), t.upper_quantile(0.0)), (f64::NEG_INFINITY, f64::INFINITY));
        assert!(t.lower_quantile(1.5).is_nan() && t.two_sided(f64::NAN).is_nan());
    }
    assert!(StudentT::new(0.0).is_err() && StudentT::new(-1.0).is_err() && StudentT::new(f64::NAN).is_err());
}

#[test]
fn infinite_degrees_are_normal() {
    for df in [1e24, 1e25, f64::INFINITY] {
        let t = StudentT::new(df).unwrap();
        for z in [1e-5, 0.5, 2.0, 10.0, 37.0] {
            assert_close(t.upper_tail(z), Normal.upper_tail(z), STANDARD);
            assert_close(t.upper_quantile(Normal.upper_tail(z)), Normal.upper_quantile(Normal.upper_tail(z)), STANDARD);
        }
    }
}

proptest! {
    #[test]
    fn the_square_is_f(t in 0.0..1e6_f64, ln_df in -2.0..30.0_f64) {
        let df = ln_df.exp();
        let f = FisherF::new(1.0, df).unwrap().upper_tail(t * t);
        let two_sided = StudentT::new(df).unwrap().two_sided(t);
        // t² is rounded: df/2 roundings at most, and no more than ln p of them.
        prop_assert!(relative_error(two_sided, f) < 3e-13, "{two_sided:e} {f:e}");
    }

    #[test]
    fn the_tails_mirror_each_other(t in -1e3..1e3_f64, df in 0.05..500.0_f64) {
        let distribution = StudentT::new(df).unwrap();
        prop_assert_eq!(distribution.lower_tail(t), distribution.upper_tail(-t));
        prop_assert!((distribution.lower_tail(t) + distribution.upper_tail(t) - 1.0).abs() < 1e-15);
        prop_assert!(relative_error(distribution.two_sided(t), 2.0 * distribution.upper_tail(t.abs())) < 1e-15);
    }

    #[test]
    fn statrs_agrees(t in -20.0..20.0_f64, df in 1.0..100.0_f64) {
        // statrs is good to 1e-9 for as few degrees of freedom as these.
        let other = statrs::distribution::StudentsT::new(0.0, 1.0, df).unwrap();
        prop_assert!(relative_error(StudentT::new(df).unwrap().lower_tail(t), other.cdf(t)) < 1e-8);
    }
}
