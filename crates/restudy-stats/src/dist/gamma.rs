use super::quantile::{Tail, quantile};
use super::{Normal, positive};
use crate::DistributionError;
use crate::special::{gamma_tails, ln_gamma};

/// The gamma distribution of a shape a and the scale 1: density xᵃ⁻¹ e⁻ˣ / Γ(a).
///
/// Its tails are the regularised incomplete gamma functions. Every verb gives NaN for NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gamma {
    pub(super) shape: f64,
}

impl Gamma {
    /// The distribution of a shape.
    ///
    /// # Errors
    ///
    /// When the shape is not between 1e-100 and 1e100.
    pub fn new(shape: f64) -> Result<Self, DistributionError> {
        Ok(Self { shape: positive("shape", shape)? })
    }

    /// P(X ≤ x); 0 for a negative x.
    #[must_use]
    pub fn lower_tail(self, x: f64) -> f64 {
        if x < 0.0 { 0.0 } else { gamma_tails(self.shape, x).0.lower }
    }

    /// P(X ≥ x); 1 for a negative x.
    #[must_use]
    pub fn upper_tail(self, x: f64) -> f64 {
        if x < 0.0 { 1.0 } else { gamma_tails(self.shape, x).0.upper }
    }

    /// The x with P(X ≤ x) = p; NaN for a p outside [0, 1].
    #[must_use]
    pub fn lower_quantile(self, p: f64) -> f64 {
        self.quantile(Tail::Lower, p)
    }

    /// The x with P(X ≥ x) = p; NaN for a p outside [0, 1].
    #[must_use]
    pub fn upper_quantile(self, p: f64) -> f64 {
        self.quantile(Tail::Upper, p)
    }

    fn quantile(self, tail: Tail, p: f64) -> f64 {
        quantile(tail, p, |tail, p| self.start(tail, p), |x| gamma_tails(self.shape, x))
    }

    /// Wilson and Hilferty's cube of a normal deviate (1931), or the first term of the series at 0 where the cube
    /// would be near or below 0.
    fn start(self, tail: Tail, p: f64) -> f64 {
        let a = self.shape;
        let z = if tail == Tail::Lower { Normal.lower_quantile(p) } else { Normal.upper_quantile(p) };
        let root = 1.0 - 1.0 / (9.0 * a) + z / (3.0 * a.sqrt());
        if root > 0.3 || tail == Tail::Upper {
            a * (root * root * root).max(0.01)
        } else {
            libm::exp((libm::log(p) + ln_gamma(a + 1.0)) / a)
        }
    }
}
