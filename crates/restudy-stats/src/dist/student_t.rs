use super::beta::Odds;
use super::quantile::{Tail, invert, smaller};
use super::{Beta, Normal, positive};
use crate::DistributionError;
use crate::special::{Wide, ln_gamma};

/// Student's t distribution.
///
/// P(|T| ≥ |t|) = Iₓ(df/2, ½) with x = df / (df + t²). Degrees of freedom may be a fraction, as Welch's are, or
/// infinite; from 1e25 on it is the normal distribution, from which it differs by less than 1e-18 relatively at any
/// tail that a double can hold. Every verb gives NaN for NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StudentT {
    df: f64,
    /// The distribution of t² / (df + t²); none when this is the normal distribution.
    share: Option<Beta>,
}

impl StudentT {
    /// The distribution of so many degrees of freedom.
    ///
    /// # Errors
    ///
    /// When they are not at least 1e-100; they may be infinite.
    pub fn new(df: f64) -> Result<Self, DistributionError> {
        let share = if df >= 1e25 { None } else { Some(Beta { a: 0.5, b: positive("df", df)? / 2.0 }) };
        Ok(Self { df, share })
    }

    /// P(T ≤ t).
    #[must_use]
    pub fn lower_tail(self, t: f64) -> f64 {
        self.upper_tail(-t)
    }

    /// P(T ≥ t).
    #[must_use]
    pub fn upper_tail(self, t: f64) -> f64 {
        let beyond = 0.5 * self.two_sided(t);
        if t < 0.0 { 1.0 - beyond } else { beyond }
    }

    /// P(|T| ≥ |t|).
    #[must_use]
    pub fn two_sided(self, t: f64) -> f64 {
        let Some(share) = self.share else { return Normal.two_sided(t) };
        self.split(share, t.abs()).1
    }

    /// The t with P(T ≤ t) = p; NaN for a p outside [0, 1].
    #[must_use]
    pub fn lower_quantile(self, p: f64) -> f64 {
        self.quantile(Tail::Lower, p)
    }

    /// The t with P(T ≥ t) = p; NaN for a p outside [0, 1].
    #[must_use]
    pub fn upper_quantile(self, p: f64) -> f64 {
        self.quantile(Tail::Upper, p)
    }

    /// P(|T| ≤ t), P(|T| ≥ t), and the slope of the first in ln t.
    fn split(self, share: Beta, t: f64) -> (f64, f64, f64) {
        if t.is_nan() {
            return (f64::NAN, f64::NAN, f64::NAN);
        }
        if t == f64::INFINITY {
            return (1.0, 0.0, 0.0);
        }
        if t == 0.0 {
            return (0.0, 1.0, 0.0);
        }
        let (significand, exponent) = libm::frexp(t);
        let odds = Wide::product(significand, significand) / Wide::from(self.df);
        let (tails, slope) = share.tails_at(Odds::new(odds, 2 * exponent));
        (tails.lower, tails.upper, 2.0 * slope)
    }

    fn quantile(self, tail: Tail, p: f64) -> f64 {
        if !(0.0..=1.0).contains(&p) {
            return f64::NAN;
        }
        let Some(share) = self.share else {
            return if tail == Tail::Lower { Normal.lower_quantile(p) } else { Normal.upper_quantile(p) };
        };
        let (tail, p) = smaller(tail, p);
        let t = if p == 0.5 {
            0.0
        } else if p == 0.0 {
            f64::INFINITY
        } else if p > 0.25 {
            // Near the median the distance from it is what has digits: 1 − 2p is exact.
            invert(Tail::Lower, 1.0 - 2.0 * p, self.start(p), |t| {
                let (within, _, slope) = self.split(share, t);
                (within, slope)
            })
        } else {
            invert(Tail::Upper, p, self.start(p), |t| {
                let (_, beyond, slope) = self.split(share, t);
                (0.5 * beyond, 0.5 * slope)
            })
        };
        // Not −t: that of 0 is −0.
        if tail == Tail::Upper { t } else { 0.0 - t }
    }

    /// The first two terms of the expansion about the normal quantile (Fisher & Cornish, 1960), or the first term of
    /// the tail where that is farther out.
    fn start(self, p: f64) -> f64 {
        let df = self.df;
        let z = Normal.upper_quantile(p);
        let near = z + z * (z * z + 1.0) / (4.0 * df);
        let a = df / 2.0;
        let ln_beta = if df < 100.0 { ln_gamma(a) + ln_gamma(0.5) - ln_gamma(a + 0.5) } else { return near };
        let far = (libm::log(df) - (libm::log(2.0 * p * a) + ln_beta) / a) / 2.0;
        if far > 0.5 * libm::log(df) + 1.0 { libm::exp(far) } else { near.min(10.0 * df.sqrt()) }
    }
}
