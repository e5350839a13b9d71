use super::quantile::{Tail, quantile};
use super::{Normal, positive};
use crate::DistributionError;
use crate::special::{Tails, Wide, beta_tails, ln_gamma};

/// The beta distribution on [0, 1]: density xᵃ⁻¹ (1 − x)ᵇ⁻¹ / B(a, b).
///
/// Its tails are the regularised incomplete beta functions. Every verb gives NaN for NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beta {
    pub(super) a: f64,
    pub(super) b: f64,
}

impl Beta {
    /// The distribution of two shapes: a pulls towards 1, b towards 0.
    ///
    /// # Errors
    ///
    /// When a shape is not between 1e-100 and 1e100.
    pub fn new(a: f64, b: f64) -> Result<Self, DistributionError> {
        Ok(Self { a: positive("a", a)?, b: positive("b", b)? })
    }

    /// P(X ≤ x); 0 below 0, 1 above 1.
    #[must_use]
    pub fn lower_tail(self, x: f64) -> f64 {
        self.tails(x).lower
    }

    /// P(X ≥ x); 1 below 0, 0 above 1.
    #[must_use]
    pub fn upper_tail(self, x: f64) -> f64 {
        self.tails(x).upper
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

    fn tails(self, x: f64) -> Tails {
        if x.is_nan() {
            return Tails::NAN;
        }
        let x = x.clamp(0.0, 1.0);
        beta_tails(self.a, self.b, Wide::from(x), Wide::sum(1.0, -x)).0
    }

    fn quantile(self, tail: Tail, p: f64) -> f64 {
        // The odds keep the digits of both x and 1 − x.
        let odds = quantile(tail, p, |tail, p| self.odds_start(tail, p), |odds| self.tails_at(Odds::from(odds)));
        if odds <= 1.0 { odds / (1.0 + odds) } else { 1.0 / (1.0 + 1.0 / odds) }
    }

    /// The tails of X at the odds x / (1 − x), and the slope of the lower one in the logarithm of the odds.
    pub(super) fn tails_at(self, odds: Odds) -> (Tails, f64) {
        /// Beyond 2⁶⁰⁰ either way the first term of the series is all there is: a pure power of the odds, that can be
        /// taken at 2⁴⁰⁰ and continued. This keeps what t² or df₁·f would lose beyond the range of a double.
        const FAR: i32 = 600;
        const NEAR: i32 = 400;
        let exponent = odds.exponent.clamp(-NEAR, NEAR);
        let beyond = odds.exponent - exponent;
        if odds.exponent.abs() <= FAR {
            let odds = odds.significand * libm::ldexp(1.0, odds.exponent);
            let total = odds + 1.0;
            return beta_tails(self.a, self.b, odds / total, Wide::from(1.0) / total);
        }
        let (near, _) = self.tails_at(Odds { exponent, ..odds });
        let low = beyond < 0;
        let (end, near) = if low { (self.a, near) } else { (self.b, near.swapped()) };
        let fall = -Wide::LN_2 * Wide::product(end, f64::from(beyond.abs()));
        let small = near.lower * fall.exp();
        // Not 1 − small: where the power is very small, what is missing from 1 has the digits.
        let far = Tails { lower: small, upper: near.upper - near.lower * libm::expm1(fall.value()) };
        (if low { far } else { far.swapped() }, end * small)
    }

    /// Odds to start the search from: a normal deviate for their logarithm, or, far out, the first term of the series
    /// at that end.
    pub(super) fn odds_start(self, tail: Tail, p: f64) -> f64 {
        let (a, b) = (self.a, self.b);
        let z = if tail == Tail::Lower { Normal.lower_quantile(p) } else { Normal.upper_quantile(p) };
        let central = libm::log(a / b) + z * (1.0 / a + 1.0 / b).sqrt();
        let ln_beta = ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b);
        let end = if tail == Tail::Lower { a } else { b };
        let far = (libm::log(p) + libm::log(end) + ln_beta) / end;
        let ln_odds = match tail {
            Tail::Lower if far < -1.0 - libm::log1p(b) => far,
            Tail::Upper if far < -1.0 - libm::log1p(a) => -far,
            _ => central,
        };
        libm::exp(ln_odds)
    }
}

/// Odds x / (1 − x) that may be beyond the range of a double.
#[derive(Clone, Copy, Debug)]
pub(super) struct Odds {
    /// Between 1/2 and 1 in size.
    significand: Wide,
    exponent: i32,
}

impl Odds {
    /// The odds `significand · 2^exponent`, for a positive significand.
    pub(super) fn new(significand: Wide, exponent: i32) -> Self {
        let (hi, more) = libm::frexp(significand.hi);
        Self { significand: Wide { hi, lo: libm::ldexp(significand.lo, -more) }, exponent: exponent + more }
    }
}

impl From<f64> for Odds {
    fn from(odds: f64) -> Self {
        Self::new(Wide::from(odds), 0)
    }
}
