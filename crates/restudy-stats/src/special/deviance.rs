//! The deviance of a count from its mean, the exponent of every density here.

use super::remainder::artanh_less_linear;
use super::wide::Wide;

/// The deviance x ln(x / m) + m − x, for x ≥ 0 and m > 0: zero at x = m, positive elsewhere.
///
/// At x = 0 it is m. NaN where an argument is NaN or negative.
///
/// Source: Loader (2000) "Fast and accurate computation of binomial probabilities", his bd0.
#[must_use]
pub fn deviance(x: f64, m: f64) -> f64 {
    if !(x >= 0.0 && m >= 0.0) {
        f64::NAN
    } else if x == 0.0 {
        m
    } else if m == 0.0 || m == f64::INFINITY || x == f64::INFINITY {
        if x == m { f64::NAN } else { f64::INFINITY }
    } else {
        wide_deviance(x, Wide::from(m)).value()
    }
}

/// The deviance of x ≥ 0 from the mean m > 0, both finite, to more than a double's precision: its exponential then has
/// a double's precision even at 1e-300.
pub(crate) fn wide_deviance(x: f64, m: Wide) -> Wide {
    if x == 0.0 {
        return m;
    }
    let excess = -m + x;
    let v = excess / (m + x);
    if v.hi.abs() < 0.1 {
        // With v = (x − m) / (x + m): (x − m) v + 2x (v³/3 + v⁵/5 + …). The second part is small beside the first.
        excess * v + 2.0 * x * v.hi * artanh_less_linear(v.hi)
    } else {
        let ln = Wide::ln(x) - Wide::ln(m.hi) - m.lo / m.hi;
        ln * x - excess
    }
}
