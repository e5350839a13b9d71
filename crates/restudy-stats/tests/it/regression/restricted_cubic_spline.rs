use restudy_stats::regression::{FitError, RestrictedCubicSpline};

use crate::golden::assert_close;

#[test]
fn by_hand() {
    // Knots 0, 1, 9. At 4: (64 − 27 · 9/8) / 81, and no more cube from the last knot.
    let spline = RestrictedCubicSpline::new(&[0.0, 1.0, 9.0]).unwrap();
    assert_close(spline.term(0, 4.0), (64.0 - 27.0 * 9.0 / 8.0) / 81.0, 1e-14, "at 4");
    assert_eq!(spline.term(0, -2.0), 0.0);
    assert_eq!(spline.columns(&[4.0]).len(), 2);
}

#[test]
fn it_is_straight_beyond_the_outer_knots() {
    let spline = RestrictedCubicSpline::new(&[0.0, 41.0, 200.0, 486.0]).unwrap();
    for term in 0..spline.terms() {
        let [a, b, c] = [500.0, 600.0, 700.0].map(|x| spline.term(term, x));
        assert_close(b - a, c - b, 1e-10, "slope");
    }
}

#[test]
fn knots_are_three_or_more_and_ascend() {
    for knots in [vec![0.0, 1.0], vec![0.0, 1.0, 1.0], vec![1.0, 0.0, 2.0], vec![0.0, 1.0, f64::INFINITY]] {
        assert_eq!(RestrictedCubicSpline::new(&knots), Err(FitError::Knots { found: knots.len() }));
    }
}
