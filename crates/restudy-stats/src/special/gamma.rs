//! The regularised incomplete gamma functions, both at once.

use super::Tails;
use super::deviance::wide_deviance;
use super::quadrature::tail_integral;
use super::remainder::exp_m1_less_linear;
use super::stirling::{ln_gamma_step, stirling_error};
use super::wide::Wide;

/// From this shape on the tail is integrated: the series and the fraction need of the order of √a terms.
const INTEGRATE_FROM: f64 = 2e3;

/// More than the fraction takes anywhere; 160 suffice for a below 2,000.
const FRACTION_TERMS: u32 = 100_000;

/// The regularised incomplete gamma functions, for a > 0 and x ≥ 0.
///
/// lower P(a, x) = 1/Γ(a) ∫₀ˣ tᵃ⁻¹ e⁻ᵗ dt, upper Q(a, x) = 1 − P(a, x), each to its own relative precision. NaN where an
/// argument is NaN or outside its range.
///
/// The density's factor xᵃ e⁻ˣ / Γ(a + 1) = e^(−D(a; x) − δ(a)) / √(2πa) comes from [`super::deviance`] and
/// [`super::stirling_error`], never from a difference of log gamma functions. What multiplies it is, by region, the
/// power series (small a and x), Kummer's series of positive terms below the mean, Legendre's continued fraction above
/// it, and for large a the integral of the density relative to its value at x.
///
/// Sources: NIST DLMF 8.7.1, 8.7.3, 8.9.2; Loader (2000); Gautschi (1979) ACM TOMS 5, 466–481, for the regions.
#[must_use]
pub fn incomplete_gamma(a: f64, x: f64) -> Tails {
    gamma_tails(a, x).0
}

/// The two functions, and x times the density, xᵃ e⁻ˣ / Γ(a): the slope in ln x.
pub(crate) fn gamma_tails(a: f64, x: f64) -> (Tails, f64) {
    if !(a > 0.0 && a < f64::INFINITY && x >= 0.0) {
        return (Tails::NAN, f64::NAN);
    }
    if x == 0.0 {
        return (Tails { lower: 0.0, upper: 1.0 }, 0.0);
    }
    if x == f64::INFINITY {
        return (Tails { lower: 1.0, upper: 0.0 }, 0.0);
    }
    if a <= 1.0 && x <= 1.5 {
        return power_series(a, x);
    }
    // x^a e^-x / Γ(a)
    let density = (-wide_deviance(a, Wide::from(x)) - stirling_error(a)).exp() * (a / std::f64::consts::TAU).sqrt();
    let tails = if a >= INTEGRATE_FROM {
        let distance = (x - a).abs();
        let integral = tail_integral(distance, x, |v| {
            distance * v + x * if x < a { exp_m1_less_linear(-v) } else { exp_m1_less_linear(v) }
        });
        if x < a { Tails::from_lower(density * integral) } else { Tails::from_upper(density * integral) }
    } else if x < a + 1.0 {
        Tails::from_lower(density / a * kummer_series(a, x))
    } else {
        Tails::from_upper(density * legendre_fraction(a, x))
    };
    (tails, density)
}

/// For a ≤ 1 and x ≤ 1.5: P = xᵃ / Γ(a + 1) · (1 + a Σ (−x)ʲ / (j! (a + j))), and Q as what is missing from 1, formed
/// without the 1. DLMF 8.7.1.
fn power_series(a: f64, x: f64) -> (Tails, f64) {
    let ln = Wide::ln(x) * a - ln_gamma_step(1.0, a, 1.0);
    let mut power = 1.0;
    let mut sum = 0.0;
    let mut j = 1.0;
    loop {
        power *= -x / j;
        let term = a * power / (a + j);
        sum += term;
        // Not below, but not above: a may be so small that both sides are 0.
        if term.abs() <= 1e-18 * a {
            break;
        }
        j += 1.0;
    }
    let factor = ln.exp();
    let upper = -(libm::expm1(ln.value()) + sum * factor);
    (Tails { lower: factor * (1.0 + sum), upper: upper.max(0.0) }, factor * a * libm::exp(-x))
}

/// Σ xⁿ / ((a + 1) … (a + n)), n from 0. DLMF 8.7.1 after Kummer's transformation (8.5.1).
fn kummer_series(a: f64, x: f64) -> f64 {
    let mut term = 1.0;
    let mut sum = 1.0;
    let mut n = 1.0;
    while term > 1e-17 * sum {
        term *= x / (a + n);
        sum += term;
        n += 1.0;
    }
    sum
}

/// Q(a, x) over xᵃ e⁻ˣ / Γ(a), for x above a: the even part of Legendre's fraction, DLMF 8.9.2, forward. The newest
/// denominator is kept at 1.
fn legendre_fraction(a: f64, x: f64) -> f64 {
    let mut denominator = x - a + 1.0;
    let (mut p0, mut q0, mut p1) = (0.0, 1.0 / denominator, 1.0 / denominator);
    for n in (1..FRACTION_TERMS).map(f64::from) {
        let numerator = n * (a - n);
        denominator += 2.0;
        let q2 = denominator + numerator * q0;
        let p2 = (denominator * p1 + numerator * p0) / q2;
        if (p2 - p1).abs() <= 1e-16 * p2 {
            return p2;
        }
        (p0, q0, p1) = (p1 / q2, 1.0 / q2, p2);
    }
    p1
}
