use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::hypothesis::{Procedure, ShapiroWilk};

use super::groups::{self, value};
use super::normality::samples;
use crate::golden::{CLOSED_FORM, assert_close, number};

#[test]
fn by_hand() {
    // Three values: a = (−1, 0, 1)/√2, so W = (x₃ − x₁)²/(2 Σ(x − x̄)²): 1 for equal steps, 3/4 with two values equal.
    let equal = ShapiroWilk.run(&[1.0, 3.0, 2.0]).unwrap();
    assert_close(value(&equal), 1.0, CLOSED_FORM, "W");
    assert_close(equal.p_value, 1.0, 1e-7, "p, whose slope is infinite at W = 1");
    let lowest = ShapiroWilk.run(&[0.0, 0.0, 1.0]).unwrap();
    assert_close(value(&lowest), 0.75, CLOSED_FORM, "W");
    assert!(lowest.p_value <= 1e-12, "{}", lowest.p_value);
    // 0, 1, 3: W = 9/(2 · 14/3) = 27/28.
    let result = ShapiroWilk.run(&[0.0, 1.0, 3.0]).unwrap();
    assert_close(value(&result), 27.0 / 28.0, CLOSED_FORM, "W");
    let p = 6.0 / std::f64::consts::PI * ((27.0_f64 / 28.0).sqrt().asin() - 0.75_f64.sqrt().asin());
    assert_close(result.p_value, p, CLOSED_FORM, "p");
    assert_eq!((result.procedure, result.counts), (Procedure::ShapiroWilk, vec![3]));
}

#[test]
fn agrees_with_r_and_scipy() {
    // R and SciPy differ by 1e-8 in W and by 3e-7 in p.
    const W: f64 = 1e-7;
    const P: f64 = 1e-6;
    for case in groups::all() {
        let all = case.groups().concat();
        let result = ShapiroWilk.run(&all).unwrap();
        let expected = case.numbers("shapiro_all");
        assert_close(value(&result), expected[0], W, case.id());
        assert_close(result.p_value, expected[1], P, case.id());
    }
    for (id, x, case) in samples() {
        let result = ShapiroWilk.run(&x).unwrap();
        assert_close(value(&result), number(&case["w"]), W, &id);
        assert_close(result.p_value, number(&case["w_p"]), P, &id);
    }
}

#[test]
fn refuses() {
    assert_eq!(ShapiroWilk.run(&[1.0, 2.0]), Err(TestError::TooFew { group: 0, found: 2, needed: 3 }));
    assert_eq!(ShapiroWilk.run(&[1.0; 9]), Err(TestError::NoSpread));
    assert_eq!(ShapiroWilk.run(&[1.0, 2.0, f64::NAN]), Err(TestError::NotFinite { group: 0, position: 2 }));
    let many: Vec<f64> = (0..5001).map(f64::from).collect();
    assert_eq!(ShapiroWilk.run(&many), Err(TestError::TooMany { found: 5001, limit: 5000 }));
}

proptest! {
    #[test]
    fn place_scale_and_order_do_not_matter(x in prop::collection::vec(-1000..1000, 3..60)) {
        let x: Vec<f64> = x.into_iter().map(|x| f64::from(x) / 16.0).collect();
        prop_assume!(x.iter().any(|&y| y != x[0]));
        let moved: Vec<f64> = x.iter().rev().map(|x| 1024.0 - 4.0 * x).collect();
        let (one, other) = (ShapiroWilk.run(&x).unwrap(), ShapiroWilk.run(&moved).unwrap());
        prop_assert!(value(&one) > 0.0 && value(&one) <= 1.0 && (0.0..=1.0).contains(&one.p_value));
        assert_close(value(&other), value(&one), CLOSED_FORM, "W");
    }
}
