//! How far a number may be from the golden one. Every tolerance is relative and has a name.

/// A relative tolerance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tolerance {
    /// Its name, as reports show it.
    pub(crate) name: &'static str,
    /// |obtained − expected| / |expected| is at most this.
    pub(crate) relative: f64,
    /// An absolute error that is allowed in any case.
    pub(crate) absolute: f64,
}

impl Tolerance {
    const fn new(name: &'static str, relative: f64) -> Self {
        Self { name, relative, absolute: 0.0 }
    }

    /// For a difference of numbers as large as `size`: the reference itself is good to the last digits of those, not of
    /// the difference.
    pub(crate) fn subtracted_from(self, size: f64) -> Self {
        Self { absolute: LAST_DIGITS * size.abs(), ..self }
    }
}

/// A few units in the last place of a double, relative.
const LAST_DIGITS: f64 = 1e-15;

/// Numbers of observations and values taken from the data.
pub(crate) const EXACT: Tolerance = Tolerance::new("exact", 0.0);

/// Tail probabilities and quantiles, against numbers of 20 digits.
pub(crate) const DISTRIBUTION: Tolerance = Tolerance::new("distribution", 1e-12);

/// Closed-form statistics, estimates and their intervals.
pub(crate) const STATISTIC: Tolerance = Tolerance::new("statistic", 1e-11);

/// p-values of any size.
pub(crate) const P_VALUE: Tolerance = Tolerance::new("p_value", 1e-10);

/// Estimates of a model fitted by iteration, their tests and p-values.
pub(crate) const MODEL: Tolerance = Tolerance::new("model", 1e-9);

/// NIST's certified values. Looser than a statistic because the decimals of its data are not doubles: rounding them
/// moves the standard deviation of NumAcc3 by 3.5e-10. The values for the doubles themselves are held to [`STATISTIC`].
pub(crate) const CERTIFIED: Tolerance = Tolerance::new("certified", 1e-9);

/// W of Shapiro and Wilk: R and SciPy, with other approximations of the normal quantile, differ from each other by 1e-8.
pub(crate) const SHAPIRO_W: Tolerance = Tolerance::new("shapiro_w", 1e-6);

/// Its p-value, in which the 1e-8 of W become 3e-7.
pub(crate) const SHAPIRO_P: Tolerance = Tolerance::new("shapiro_p", 1e-5);
