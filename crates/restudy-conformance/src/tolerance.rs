//! How far a number may be from the golden one. Every tolerance is relative and has a name.

use serde::Serialize;

/// A relative tolerance, with the size below which a number counts as 0.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Tolerance {
    /// Its name, as reports show it.
    pub(crate) name: &'static str,
    /// |obtained − expected| / max(|expected|, floor) is at most this.
    pub(crate) relative: f64,
    /// What the difference is measured by where the expected number is smaller. 0 for a purely relative comparison.
    pub(crate) floor: f64,
}

impl Tolerance {
    const fn new(name: &'static str, relative: f64) -> Self {
        Self { name, relative, floor: 0.0 }
    }

    /// For a difference of numbers of the size `floor`, which no double can hold to more digits than they have.
    pub(crate) fn against(self, floor: f64) -> Self {
        Self { floor: floor.abs(), ..self }
    }
}

/// Numbers of observations and values taken from the data.
pub(crate) const EXACT: Tolerance = Tolerance::new("exact", 0.0);

/// Tail probabilities and quantiles, against numbers of 20 digits.
pub(crate) const DISTRIBUTION: Tolerance = Tolerance::new("distribution", 1e-12);

/// Closed-form statistics, estimates and their intervals.
pub(crate) const STATISTIC: Tolerance = Tolerance::new("statistic", 1e-11);

/// p-values of any size.
pub(crate) const P_VALUE: Tolerance = Tolerance::new("p_value", 1e-10);

/// NIST's certified values. Looser than a statistic because the decimals of its data are not doubles: rounding them moves
/// the standard deviation of NumAcc3 by 3.5e-10. The values for the doubles themselves are held to [`STATISTIC`].
pub(crate) const CERTIFIED: Tolerance = Tolerance::new("certified", 1e-9);
