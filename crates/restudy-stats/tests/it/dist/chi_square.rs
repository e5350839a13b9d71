use proptest::prelude::*;
use restudy_stats::dist::{ChiSquare, Gamma};
use statrs::distribution::ContinuousCDF;

use super::close::{STANDARD, assert_close, relative_error};

const POINTS: [f64; 7] = [1e-200, 1e-9, 0.5, 3.0, 20.0, 200.0, 1300.0];

#[test]
fn even_degrees_are_poisson_sums() {
    for x in POINTS {
        let half: f64 = x / 2.0;
        assert_close(ChiSquare::new(2.0).unwrap().upper_tail(x), (-half).exp(), STANDARD);
        assert_close(ChiSquare::new(4.0).unwrap().upper_tail(x), (-half).exp() * (1.0 + half), STANDARD);
        let six = (-half).exp() * (1.0 + half + half * half / 2.0);
        assert_close(ChiSquare::new(6.0).unwrap().upper_tail(x), six, STANDARD);
    }
    for p in [1e-300, 1e-20, 0.01, 0.5] {
        assert_close(ChiSquare::new(2.0).unwrap().upper_quantile(p), -2.0 * p.ln(), STANDARD);
    }
}

#[test]
fn the_ends() {
    let chi_square = ChiSquare::new(3.0).unwrap();
    assert_eq!((chi_square.lower_tail(-1.0), chi_square.upper_tail(-1.0)), (0.0, 1.0));
    assert_eq!((chi_square.lower_tail(f64::INFINITY), chi_square.upper_tail(f64::INFINITY)), (1.0, 0.0));
    assert_eq!((chi_square.lower_quantile(0.0), chi_square.lower_quantile(1.0)), (0.0, f64::INFINITY));
    assert!(chi_square.upper_tail(f64::NAN).is_nan() && chi_square.upper_quantile(2.0).is_nan());
    assert!(ChiSquare::new(0.0).is_err() && ChiSquare::new(f64::NAN).is_err());
    assert!(ChiSquare::new(1e-100).is_ok() && ChiSquare::new(1e100).is_ok());
}

proptest! {
    #[test]
    fn it_is_twice_a_gamma(df in 0.01..1e5_f64, ratio in 0.0..3.0_f64) {
        let (chi_square, gamma) = (ChiSquare::new(df).unwrap(), Gamma::new(df / 2.0).unwrap());
        prop_assert_eq!(chi_square.upper_tail(df * ratio), gamma.upper_tail(df * ratio / 2.0));
    }

    #[test]
    fn statrs_agrees(df in 0.5..200.0_f64, ratio in 0.1..3.0_f64) {
        // statrs is good to 1e-9 here.
        let other = statrs::distribution::ChiSquared::new(df).unwrap();
        let x = df * ratio;
        prop_assert!(relative_error(ChiSquare::new(df).unwrap().upper_tail(x), other.sf(x)) < 1e-8);
    }
}
