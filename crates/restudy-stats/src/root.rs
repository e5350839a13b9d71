//! The root of a function between two points at which it has opposite signs.

use crate::TestError;

const MAX_STEPS: u32 = 200;

/// The root, to the last digit or two that the function's own rounding leaves.
///
/// Chandrupatla's method (Advances in Engineering Software 28 (1997) 145–149): inverse quadratic interpolation where
/// three points allow it, otherwise bisection; no derivative, and never slower than a few times bisection.
pub(crate) fn root(function: impl Fn(f64) -> f64, low: f64, high: f64) -> Result<f64, TestError> {
    let (mut a, mut b) = (low, high);
    let (mut at_a, mut at_b) = (function(a), function(b));
    if at_a == 0.0 {
        return Ok(a);
    }
    if at_b == 0.0 {
        return Ok(b);
    }
    if at_a.is_nan() || at_b.is_nan() || (at_a > 0.0) == (at_b > 0.0) {
        return Err(TestError::NotConverged { iterations: 0 });
    }
    let mut share = 0.5;
    for _ in 0..MAX_STEPS {
        let x = a + share * (b - a);
        let at_x = function(x);
        if at_x.is_nan() {
            break;
        }
        // The root lies between x and b from here on; c is the point that falls out.
        let (c, at_c);
        if (at_x > 0.0) == (at_a > 0.0) {
            (c, at_c) = (a, at_a);
        } else {
            (c, at_c) = (b, at_b);
            (b, at_b) = (a, at_a);
        }
        (a, at_a) = (x, at_x);
        let (best, at_best) = if at_a.abs() < at_b.abs() { (a, at_a) } else { (b, at_b) };
        let smallest_share = (2.0 * f64::EPSILON * best.abs() + f64::MIN_POSITIVE) / (b - a).abs();
        if at_best == 0.0 || smallest_share > 0.5 {
            return Ok(best);
        }
        let (xi, phi) = ((a - b) / (c - b), (at_a - at_b) / (at_c - at_b));
        let interpolates = phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi;
        let quadratic = at_a / (at_b - at_a) * (at_c / (at_b - at_c))
            + (c - a) / (b - a) * (at_a / (at_c - at_a)) * (at_b / (at_c - at_b));
        share = if interpolates && quadratic.is_finite() { quadratic } else { 0.5 };
        share = share.clamp(smallest_share, 1.0 - smallest_share);
    }
    Err(TestError::NotConverged { iterations: MAX_STEPS })
}
