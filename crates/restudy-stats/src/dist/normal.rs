use statrs::distribution::ContinuousCDF;

use super::quantile::{Tail, smaller};

/// The standard normal distribution.
///
/// Upper tail P(Z ≥ z) = ½ erfc(z / √2). The quotient z / √2 is carried to twice a double's precision, for at z = 37
/// its rounding alone would be 2e-13 of the tail. Every verb gives NaN for NaN.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Normal;

/// What rounding 1/√2 to a double leaves over.
const FRAC_1_SQRT_2_REST: f64 = -4.833646656726457e-17;

impl Normal {
    /// P(Z ≤ z).
    #[must_use]
    pub fn lower_tail(self, z: f64) -> f64 {
        self.upper_tail(-z)
    }

    /// P(Z ≥ z).
    #[must_use]
    pub fn upper_tail(self, z: f64) -> f64 {
        0.5 * erfc_of_scaled(z)
    }

    /// P(|Z| ≥ |z|).
    #[must_use]
    pub fn two_sided(self, z: f64) -> f64 {
        erfc_of_scaled(z.abs())
    }

    /// The density, e^(−z²/2) / √(2π).
    #[must_use]
    pub fn density(self, z: f64) -> f64 {
        const FRAC_1_SQRT_TAU: f64 = 0.398_942_280_401_432_7;
        if z.is_infinite() {
            return 0.0;
        }
        // z² as a short square, which is exact, and a small rest.
        let short = f64::from_bits(z.to_bits() & !0xFFF_FFFF);
        FRAC_1_SQRT_TAU * libm::exp(-0.5 * short * short) * libm::exp(-0.5 * (z - short) * (z + short))
    }

    /// The z with P(Z ≤ z) = p; NaN for a p outside [0, 1].
    #[must_use]
    pub fn lower_quantile(self, p: f64) -> f64 {
        quantile(Tail::Lower, p)
    }

    /// The z with P(Z ≥ z) = p; NaN for a p outside [0, 1].
    #[must_use]
    pub fn upper_quantile(self, p: f64) -> f64 {
        quantile(Tail::Upper, p)
    }
}

/// erfc(z / √2).
fn erfc_of_scaled(z: f64) -> f64 {
    const TWO_OVER_SQRT_PI: f64 = std::f64::consts::FRAC_2_SQRT_PI;
    let w = z * std::f64::consts::FRAC_1_SQRT_2;
    let erfc = libm::erfc(w);
    if !(1.0..40.0).contains(&w) {
        return erfc;
    }
    let rest = z.mul_add(std::f64::consts::FRAC_1_SQRT_2, -w) + z * FRAC_1_SQRT_2_REST;
    erfc - TWO_OVER_SQRT_PI * libm::exp(-w * w) * rest
}

/// statrs' start is right to 3e-16 near the middle; one Newton step on the logarithm of the tail ends it.
fn quantile(tail: Tail, p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    let (tail, p) = smaller(tail, p);
    let z = if p == 0.0 {
        f64::NEG_INFINITY
    } else if p == 0.5 {
        0.0
    } else {
        statrs::distribution::Normal::standard().inverse_cdf(p)
    };
    let z = if z.is_finite() && p < 0.25 {
        let value = Normal.lower_tail(z);
        z - libm::log(value / p) * value / Normal.density(z)
    } else {
        z
    };
    match tail {
        Tail::Lower => z,
        // Not −z: that of 0 is −0.
        Tail::Upper => 0.0 - z,
    }
}
