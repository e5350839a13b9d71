//! The regularised incomplete beta functions, both at once.

use super::Tails;
use super::deviance::wide_deviance;
use super::quadrature::tail_integral;
use super::remainder::{exp_m1_less_linear, ln_1p_less_linear};
use super::stirling::{ln_gamma_step, stirling_error};
use super::wide::Wide;

/// When both parameters are above this the tail is integrated: the fraction needs of the order of √min(a, b) terms.
const INTEGRATE_FROM: f64 = 2e3;

/// More than the fraction takes anywhere.
const FRACTION_TERMS: u32 = 100_000;

/// The regularised incomplete beta functions, for a, b > 0 and x + y = 1.
///
/// lower Iₓ(a, b) = 1/B(a, b) ∫₀ˣ tᵃ⁻¹ (1 − t)ᵇ⁻¹ dt, upper = 1 − lower, each to its own relative precision.
/// The caller gives x and y = 1 − x separately, each to full precision, for the one that is near 1 does not tell the
/// other. NaN where an argument is NaN or outside its range.
///
/// The density's factor xᵃ yᵇ / B(a, b) comes from [`super::deviance`] and [`super::stirling_error`], never from a
/// difference of log gamma functions. What multiplies it is, by region, the power series (a small parameter), the
/// continued fraction of Didonato and Morris, and when both parameters are large the integral of the density relative
/// to its value at x.
///
/// Sources: Loader (2000) "Fast and accurate computation of binomial probabilities"; Didonato & Morris (1992)
/// "Algorithm 708", ACM TOMS 18, 360–373, their BFRAC; NIST DLMF 8.17.
#[must_use]
pub fn incomplete_beta(a: f64, b: f64, x: f64, y: f64) -> Tails {
    beta_tails(a, b, Wide::from(x), Wide::from(y)).0
}

/// The two functions, and xᵃ yᵇ / B(a, b): the slope in ln(x / y).
pub(crate) fn beta_tails(a: f64, b: f64, x: Wide, y: Wide) -> (Tails, f64) {
    let parameters = a > 0.0 && b > 0.0 && a < f64::INFINITY && b < f64::INFINITY;
    if !(parameters && (0.0..=1.0).contains(&x.hi) && (0.0..=1.0).contains(&y.hi)) {
        return (Tails::NAN, f64::NAN);
    }
    if x.hi == 0.0 {
        return (Tails { lower: 0.0, upper: 1.0 }, 0.0);
    }
    if y.hi == 0.0 {
        return (Tails { lower: 1.0, upper: 0.0 }, 0.0);
    }
    if a <= 1.0 && x.hi <= 0.5 && b * x.hi <= 1.5 {
        return power_series(a, b, x, y);
    }
    if b <= 1.0 && y.hi <= 0.5 && a * y.hi <= 1.5 {
        let (tails, slope) = power_series(b, a, y, x);
        return (tails.swapped(), slope);
    }
    let n = Wide::sum(a, b);
    let (mean_a, mean_b) = (n * x, n * y);
    let exponent = -wide_deviance(a, mean_a) - wide_deviance(b, mean_b) + stirling_error(n.hi)
        - stirling_error(a)
        - stirling_error(b);
    let density = exponent.exp() * (a * (b / n.hi) / std::f64::consts::TAU).sqrt();
    // a y − b x, from whichever of the two is known more finely.
    let deviation = if x.hi < y.hi { (-mean_a + a).hi } else { (mean_b - b).hi };
    let tails = if deviation >= 0.0 {
        Tails::from_lower(density * ratio(a, b, x.hi, y.hi, deviation))
    } else {
        Tails::from_upper(density * ratio(b, a, y.hi, x.hi, -deviation))
    };
    (tails, density)
}

/// Iₓ(a, b) over xᵃ yᵇ / B(a, b), for x at or below the mean.
fn ratio(a: f64, b: f64, x: f64, y: f64, deviation: f64) -> f64 {
    if a.min(b) >= INTEGRATE_FROM { integral(a, b, x, y, deviation) } else { fraction(a, b, x, y, deviation) }
}

/// The integral over v of tᵃ (1 − t)ᵇ relative to its value at x, where the odds of t are those of x times e⁻ᵛ.
fn integral(a: f64, b: f64, x: f64, y: f64, deviation: f64) -> f64 {
    let n = a + b;
    tail_integral(deviation, n * x * y, |v| {
        let bend = if x < 0.5 {
            let e = exp_m1_less_linear(-v);
            ln_1p_less_linear(x * (e - v)) + x * e
        } else {
            let e = exp_m1_less_linear(v);
            ln_1p_less_linear(y * (e + v)) + y * e
        };
        deviation * v + n * bend
    })
}

/// The continued fraction BFRAC of Didonato & Morris (1992), equation 9, forward.
fn fraction(a: f64, b: f64, x: f64, y: f64, deviation: f64) -> f64 {
    let mut denominator = a / (a + 1.0) * (deviation + 1.0);
    // The newest denominator is kept at 1.
    let (mut p0, mut q0, mut p1) = (0.0, 1.0 / denominator, 1.0 / denominator);
    for n in (1..FRACTION_TERMS).map(f64::from) {
        let above = a + 2.0 * n - 1.0;
        let step = n * (b - n) * x / above;
        let numerator = step * x * ((a + n - 1.0) / above) * (a + b + n - 1.0);
        denominator = n + step + (a + n) / (above + 2.0) * (deviation + 1.0 + n * (1.0 + y));
        let q2 = denominator + numerator * q0;
        let p2 = (denominator * p1 + numerator * p0) / q2;
        if (p2 - p1).abs() <= 1e-16 * p2 {
            return p2;
        }
        (p0, q0, p1) = (p1 / q2, 1.0 / q2, p2);
    }
    p1
}

/// For a ≤ 1 and b·x ≤ 1.5: Iₓ(a, b) = xᵃ / (a B(a, b)) · (1 + a Σ (1 − b) … (j − b) xʲ / (j! (a + j))), and the upper
/// function as what is missing from 1, formed without the 1. DLMF 8.17.7.
fn power_series(a: f64, b: f64, x: Wide, y: Wide) -> (Tails, f64) {
    // 1 / (a B(a, b)) = Γ(a + b) / (Γ(b) Γ(a + 1)); for large b its bᵃ joins xᵃ.
    let scale = b.max(1.0);
    let ln = Wide::ln(x.hi) * a + Wide::ln(scale) * a + a * (x.lo / x.hi) + ln_gamma_step(b, a, scale)
        - ln_gamma_step(1.0, a, 1.0);
    let mut power = 1.0;
    let mut sum = 0.0;
    let mut j = 1.0;
    loop {
        power *= (j - b) / j * x.hi;
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
    let slope = factor * a * (Wide::ln(y.hi) * b + b * (y.lo / y.hi)).exp();
    (Tails { lower: factor * (1.0 + sum), upper: upper.max(0.0) }, slope)
}
