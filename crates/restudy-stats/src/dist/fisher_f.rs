use super::beta::Odds;
use super::quantile::{Tail, quantile};
use super::{Beta, positive};
use crate::DistributionError;
use crate::special::{Tails, Wide};

/// Fisher's F distribution, of a ratio of two mean squares.
///
/// With x = df₁ f / (df₁ f + df₂), the lower tail is Iₓ(df₁/2, df₂/2). Degrees of freedom may be fractions. Every verb
/// gives NaN for NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FisherF {
    df1: f64,
    df2: f64,
    share: Beta,
}

impl FisherF {
    /// The distribution with the degrees of freedom of the numerator and of the denominator.
    ///
    /// # Errors
    ///
    /// When one of them is not between 1e-100 and 1e100.
    pub fn new(df1: f64, df2: f64) -> Result<Self, DistributionError> {
        let (df1, df2) = (positive("df1", df1)?, positive("df2", df2)?);
        Ok(Self { df1, df2, share: Beta { a: df1 / 2.0, b: df2 / 2.0 } })
    }

    /// P(F ≤ f); 0 for a negative f.
    #[must_use]
    pub fn lower_tail(self, f: f64) -> f64 {
        self.tails(f).lower
    }

    /// P(F ≥ f); 1 for a negative f.
    #[must_use]
    pub fn upper_tail(self, f: f64) -> f64 {
        self.tails(f).upper
    }

    /// The f with P(F ≤ f) = p; NaN for a p outside [0, 1].
    #[must_use]
    pub fn lower_quantile(self, p: f64) -> f64 {
        self.quantile(Tail::Lower, p)
    }

    /// The f with P(F ≥ f) = p; NaN for a p outside [0, 1].
    #[must_use]
    pub fn upper_quantile(self, p: f64) -> f64 {
        self.quantile(Tail::Upper, p)
    }

    fn tails(self, f: f64) -> Tails {
        if f.is_nan() {
            Tails::NAN
        } else if f <= 0.0 {
            Tails { lower: 0.0, upper: 1.0 }
        } else if f == f64::INFINITY {
            Tails { lower: 1.0, upper: 0.0 }
        } else {
            self.tails_and_slope(f).0
        }
    }

    fn tails_and_slope(self, f: f64) -> (Tails, f64) {
        let (significand, exponent) = libm::frexp(f);
        self.share.tails_at(Odds::new(Wide::product(self.df1, significand) / Wide::from(self.df2), exponent))
    }

    fn quantile(self, tail: Tail, p: f64) -> f64 {
        let start = |tail, p| self.share.odds_start(tail, p) * (self.df2 / self.df1);
        quantile(tail, p, start, |f| self.tails_and_slope(f))
    }
}
