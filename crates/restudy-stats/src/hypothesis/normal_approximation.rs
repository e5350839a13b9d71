//! The normal approximation of a rank or sign statistic: one rule for its continuity correction, whatever the test.

use crate::{Alternative, dist};

/// The p-value and the standardised deviate of a deviation from the mean with the given standard deviation, one half
/// being taken off towards 0 for continuity.
pub(super) fn normal_approximation(deviation: f64, sd: f64, continuity: bool, alternative: Alternative) -> (f64, f64) {
    let correction = match alternative {
        _ if !continuity || (deviation == 0.0 && alternative == Alternative::TwoSided) => 0.0,
        Alternative::TwoSided => 0.5_f64.copysign(deviation),
        Alternative::Less => -0.5,
        Alternative::Greater => 0.5,
    };
    let z = (deviation - correction) / sd;
    let p_value = match alternative {
        Alternative::TwoSided => dist::Normal.two_sided(z),
        Alternative::Less => dist::Normal.lower_tail(z),
        Alternative::Greater => dist::Normal.upper_tail(z),
    };
    (p_value, z)
}
