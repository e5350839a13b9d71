use super::{Gamma, positive};
use crate::DistributionError;

/// The chi-square distribution: twice a [`Gamma`] variate of half its degrees of freedom.
///
/// Upper tail P(X ≥ x) = Q(df/2, x/2). Degrees of freedom may be a fraction. Every verb gives NaN for NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChiSquare {
    half: Gamma,
}

impl ChiSquare {
    /// The distribution of so many degrees of freedom.
    ///
    /// # Errors
    ///
    /// When they are not between 1e-100 and 1e100.
    pub fn new(df: f64) -> Result<Self, DistributionError> {
        Ok(Self { half: Gamma { shape: positive("df", df)? / 2.0 } })
    }

    /// P(X ≤ x); 0 for a negative x.
    #[must_use]
    pub fn lower_tail(self, x: f64) -> f64 {
        self.half.lower_tail(x / 2.0)
    }

    /// P(X ≥ x); 1 for a negative x.
    #[must_use]
    pub fn upper_tail(self, x: f64) -> f64 {
        self.half.upper_tail(x / 2.0)
    }

    /// The x with P(X ≤ x) = p; NaN for a p outside [0, 1].
    #[must_use]
    pub fn lower_quantile(self, p: f64) -> f64 {
        2.0 * self.half.lower_quantile(p)
    }

    /// The x with P(X ≥ x) = p; NaN for a p outside [0, 1].
    #[must_use]
    pub fn upper_quantile(self, p: f64) -> f64 {
        2.0 * self.half.upper_quantile(p)
    }
}
