//! The noncentral t distribution, as far as an interval of an effect needs it.

use crate::dist;

/// (P(T ≤ t), P(T > t)) for T = (Z + shift) / s, Z standard normal and df · s² chi-square with `df` degrees of freedom.
///
/// The normal tails averaged over u = ln s, whose density is proportional to exp(df (u − e²ᵘ/2)): the trapezoidal rule on
/// the whole line, whose error falls exponentially in one over the step for so smooth a function (Trefethen and Weideman,
/// SIAM Review 56 (2014) 385–458). Every term is positive, so that both tails have relative precision, some 1e-14 for
/// tails that an interval is made of.
pub(super) fn tails(t: f64, df: f64, shift: f64) -> (f64, f64) {
    // The first bound is the strip around the real line in which e²ᵘ has a positive real part; the second is the width
    // of the density and of the normal tail's rise together.
    let step = (0.4 / (df + t * t / 2.0).sqrt()).min(0.08);
    let ln_density = |u: f64| df * (u - libm::expm1(2.0 * u) / 2.0);
    let (mut lower, mut upper, mut whole) = (0.0, 0.0, 0.0);
    for side in [-1.0, 1.0] {
        let mut k = if side > 0.0 { 0.0 } else { 1.0 };
        loop {
            let u = side * k * step;
            let ln_weight = ln_density(u);
            if ln_weight < -60.0 {
                break;
            }
            let (weight, z) = (libm::exp(ln_weight), t * libm::exp(u) - shift);
            whole += weight;
            lower += weight * dist::Normal.lower_tail(z);
            upper += weight * dist::Normal.upper_tail(z);
            k += 1.0;
        }
    }
    (lower / whole, upper / whole)
}
