//! The error of Stirling's formula, and differences of log gamma functions.

use super::remainder::artanh_less_linear;

/// Coefficients of the asymptotic series of the error, B₂ₖ / (2k (2k − 1)) for k = 1, …, 9.
const SERIES: [f64; 9] = [
    1.0 / 12.0,
    -1.0 / 360.0,
    1.0 / 1260.0,
    -1.0 / 1680.0,
    1.0 / 1188.0,
    -691.0 / 360_360.0,
    1.0 / 156.0,
    -3617.0 / 122_400.0,
    43_867.0 / 244_188.0,
];

/// The error at ½, 1, 1½, …, 9½, where counts and halves of degrees of freedom fall; computed to 50 digits.
const HALVES: [f64; 19] = [
    0.15342640972002736,
    0.08106146679532726,
    0.05481412105191765,
    0.0413406959554093,
    0.03316287351993629,
    0.02767792568499834,
    0.023746163656297496,
    0.020790672103765093,
    0.018488450532673187,
    0.016644691189821193,
    0.015134973221917378,
    0.013876128823070748,
    0.012810465242920227,
    0.01189670994589177,
    0.011104559758206917,
    0.010411265261972096,
    0.009799416126158804,
    0.009255462182712733,
    0.008768700134139386,
];

/// From here on nine terms of the series give every digit.
const SERIES_FROM: f64 = 10.0;

/// The error of Stirling's formula, δ(a) = ln Γ(a + 1) − (a + ½) ln a + a − ½ ln 2π, for a > 0.
///
/// It falls from infinity at 0 to 1/(12a) at infinity; Γ(a + 1) = √(2πa) (a/e)ᵃ e^δ(a). NaN for NaN or a < 0, infinite
/// at 0.
///
/// Below 10 it steps up by δ(a) − δ(a + 1) = (a + ½) ln(1 + 1/a) − 1, a sum of positive terms, so that no digit is
/// lost; below 1 it is the definition itself.
///
/// Source: Loader (2000) "Fast and accurate computation of binomial probabilities"; NIST DLMF 5.11.1.
#[must_use]
pub fn stirling_error(a: f64) -> f64 {
    if a.is_nan() || a < 0.0 {
        return f64::NAN;
    }
    let halves = 2.0 * a;
    if halves < 20.0 && halves.fract() == 0.0 && halves > 0.0 {
        return HALVES[halves as usize - 1];
    }
    if a < 1.0 {
        let half_ln_two_pi = 0.918_938_533_204_672_8;
        return libm::lgamma(1.0 + a) - (a + 0.5) * libm::log(a) + a - half_ln_two_pi;
    }
    let mut steps = 0.0;
    let mut a = a;
    while a < SERIES_FROM {
        // (a + ½) ln(1 + 1/a) = (artanh v) / v with v = 1 / (2a + 1).
        steps += artanh_less_linear(1.0 / (2.0 * a + 1.0));
        a += 1.0;
    }
    let inverse = 1.0 / a;
    let square = inverse * inverse;
    steps + inverse * SERIES.iter().rev().fold(0.0, |sum, coefficient| sum * square + coefficient)
}

/// ln Γ(b + a) − ln Γ(b) − a ln(scale) for b > 0 and 0 < a ≤ 1, to a precision relative to a.
///
/// The difference is proportional to a, and is formed of parts that are: b is stepped up to where Stirling's series
/// holds. The scale is a number near b that the caller divides out where b is large.
pub(super) fn ln_gamma_step(b: f64, a: f64, scale: f64) -> f64 {
    let mut steps = 0.0;
    let mut large = b;
    while large < SERIES_FROM {
        steps += libm::log1p(a / large);
        large += 1.0;
    }
    let errors = if a < 1e-4 {
        // The slope in the middle, from the first terms of the series; its error is of order a³.
        let square = 1.0 / ((large + 0.5 * a) * (large + 0.5 * a));
        let terms = SERIES.iter().zip([1.0, 3.0, 5.0, 7.0, 9.0, 11.0, 13.0, 15.0, 17.0]);
        -a * square * terms.rev().fold(0.0, |sum, (coefficient, power)| sum * square + coefficient * power)
    } else {
        stirling_error(large + a) - stirling_error(large)
    };
    (large - 0.5) * libm::log1p(a / large) - a + a * libm::log((large + a) / scale) + errors - steps
}
