use super::{GOLDEN, SIDES, assert_coefficient, assert_interval, assert_p, assert_refusals, pairs};
use crate::golden::{CLOSED_FORM, REFERENCE, assert_close, cases, number, numbers, parse};
use proptest::prelude::*;
use restudy_stats::correlation::Pearson;
use restudy_stats::hypothesis::Statistic;
use restudy_stats::{Alternative, Level, TestError};

#[test]
fn by_hand() {
    // Deviations −2 −1 0 1 2 and −1 −2 1 0 2 (sum of squares 10 each), products 2 + 2 + 0 + 0 + 4.
    let result = Pearson::default().run(&[1.0, 2.0, 3.0, 4.0, 5.0], &[2.0, 1.0, 4.0, 3.0, 5.0]).unwrap();
    assert_close(result.estimate.unwrap().value, 0.8, CLOSED_FORM, "r");
    // t = 0.8 √(3 / 0.36).
    assert_close(result.statistic.unwrap().value(), 0.8 * (3.0_f64 / 0.36).sqrt(), CLOSED_FORM, "t");
    assert_eq!((result.statistic.unwrap().df(), result.counts), (Some(3.0), vec![5]));
}

#[test]
fn near_a_line_by_hand() {
    // x = −1 0 1, y = −1 e 1: r² / (1 − r²) = 3 / e², so that t = √3 / e with one degree of freedom, and the tail of
    // Cauchy's distribution is arctan(e / √3) / π.
    for e in [1.0, 1e-3, 1e-7, 1e-12] {
        let result = Pearson::default().run(&[-1.0, 0.0, 1.0], &[-1.0, e, 1.0]).unwrap();
        let t = 3.0_f64.sqrt() / e;
        // Deviations have the digits of doubles: what is left of the line, of size e, has those of ε / e.
        let tolerance = f64::max(CLOSED_FORM, 4.0 * f64::EPSILON / e);
        assert_close(result.statistic.unwrap().value(), t, tolerance, "t");
        assert_close(result.p_value, 2.0 * (1.0 / t).atan() / std::f64::consts::PI, tolerance, "p");
    }
}

#[test]
fn on_a_line() {
    let x = [0.1, 0.2, 0.3, 0.4, 0.7, 1.9];
    for slope in [3.0, -0.7] {
        let result = Pearson::default().run(&x, &x.map(|x| slope * x + 0.3)).unwrap();
        let estimate = result.estimate.unwrap();
        assert_eq!((estimate.value, result.p_value), (slope.signum(), 0.0));
        assert_eq!(
            estimate.interval.map(|interval| (interval.low, interval.high)),
            Some((slope.signum(), slope.signum()))
        );
        assert_eq!(result.statistic, Some(Statistic::T { value: f64::INFINITY.copysign(slope), df: 4.0 }));
    }
}

#[test]
fn agrees_with_r() {
    for case in cases(&parse(GOLDEN)) {
        let (x, y, golden) = (numbers(&case["x"]), numbers(&case["y"]), &case["pearson"]);
        let what = case["name"].to_string();
        let result = Pearson::default().run(&x, &y).unwrap();
        assert_close(result.estimate.unwrap().value, number(&golden["r"]), 1e-11, &what);
        assert_close(result.statistic.unwrap().value(), number(&golden["t"]), 1e-11, &what);
        assert_p(|alternative| Pearson { alternative, ..Pearson::default() }.run(&x, &y), &golden["p"], 0.0, &what);
        for (alternative, side) in SIDES {
            for (level, name) in [(0.95, "ci95"), (0.8, "ci80")] {
                let result = Pearson { alternative, level: Level::new(level).unwrap() }.run(&x, &y).unwrap();
                assert_interval(&result, &golden[name][side], &what);
            }
        }
    }
}

#[test]
fn published_r_and_n_are_enough() {
    for case in cases(&parse(GOLDEN)) {
        let (x, y) = (numbers(&case["x"]), numbers(&case["y"]));
        let raw = Pearson::default().run(&x, &y).unwrap();
        let r = raw.estimate.unwrap().value;
        let second = Pearson::default().run_on_r(r, x.len()).unwrap();
        // 1 − r² has lost the digits by which r is near 1, and p is about its n/2-th power.
        let tolerance = x.len() as f64 * f64::EPSILON / (1.0 - r * r);
        assert_close(second.p_value, raw.p_value, REFERENCE.max(tolerance), "p");
    }
    // Fisher 1921, example: r = 0.6 from 25 pairs lies between 0.27 and 0.80.
    let interval = Pearson::default().run_on_r(0.6, 25).unwrap().estimate.unwrap().interval.unwrap();
    // artanh 0.6 = ln 2.
    let limit = |sign: f64| (2.0_f64.ln() + sign * 1.959_963_984_540_054 / 22.0_f64.sqrt()).tanh();
    assert_close(interval.low, limit(-1.0), CLOSED_FORM, "low");
    assert_close(interval.high, limit(1.0), CLOSED_FORM, "high");
    assert_eq!(Pearson::default().run_on_r(1.1, 25), Err(TestError::NotACorrelation { r: 1.1 }));
    assert!(matches!(Pearson::default().run_on_r(f64::NAN, 25), Err(TestError::NotACorrelation { .. })));
    assert_eq!(Pearson::default().run_on_r(0.5, 2), Err(TestError::TooFew { group: 0, found: 2, needed: 3 }));
    assert_eq!(Pearson::default().run_on_r(0.5, 3).unwrap().estimate.unwrap().interval, None);
}

#[test]
fn refuses_what_has_no_answer() {
    assert_refusals(|x, y| Pearson::default().run(x, y));
}

proptest! {
    #[test]
    fn is_a_coefficient((x, y) in pairs()) {
        assert_coefficient(|x, y, alternative| Pearson { alternative, ..Pearson::default() }.run(x, y), &x, &y);
    }

    #[test]
    fn does_not_see_units((x, y) in pairs(), shift in -1e3..1e3_f64, exponent in -200..200) {
        let Ok(plain) = Pearson::default().run(&x, &y) else { return Ok(()) };
        // A power of two changes no digit, a shift the last ones.
        let scale = 2.0_f64.powi(exponent);
        let scaled: Vec<f64> = x.iter().map(|x| x * scale).collect();
        prop_assert_eq!(&Pearson::default().run(&scaled, &y).unwrap(), &plain);
        let shifted: Vec<f64> = x.iter().map(|x| x + shift).collect();
        let shifted = Pearson::default().run(&shifted, &y).unwrap().estimate.unwrap().value;
        prop_assert!((shifted - plain.estimate.unwrap().value).abs() < 1e-9);
    }

    /// The limits of the interval are the ρ at which Fisher's z of r is at the edge of its acceptance region.
    #[test]
    fn limits_are_at_the_edge((x, y) in pairs()) {
        let Ok(result) = Pearson::default().run(&x, &y) else { return Ok(()) };
        let estimate = result.estimate.unwrap();
        prop_assume!(estimate.value.abs() < 0.999);
        let interval = estimate.interval.unwrap();
        for limit in [interval.low, interval.high] {
            let z = (estimate.value.atanh() - limit.atanh()) * (x.len() as f64 - 3.0).sqrt();
            assert_close(z.abs(), 1.959_963_984_540_054, 1e-9, "edge");
        }
    }

    #[test]
    fn sides_add_up((x, y) in pairs()) {
        let p = |alternative| Pearson { alternative, ..Pearson::default() }.run(&x, &y).map(|result| result.p_value);
        let (Ok(less), Ok(greater)) = (p(Alternative::Less), p(Alternative::Greater)) else { return Ok(()) };
        assert_close(less + greater, 1.0, CLOSED_FORM, "less + greater");
        assert_close(p(Alternative::TwoSided).unwrap(), 2.0 * less.min(greater), CLOSED_FORM, "two-sided");
    }
}
