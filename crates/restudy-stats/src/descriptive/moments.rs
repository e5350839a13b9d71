use super::sum::{Centred, quick_moments};
use crate::{Interval, Level, TestError, dist};

/// Count, mean and standard deviation of a sample: what a paper prints, and all that a t-test needs.
///
/// ## Formula
///
/// ```text
/// mean = Σ xᵢ / n        sd = √( Σ (xᵢ − mean)² / (n − 1) )
/// ```
///
/// ## Input
///
/// [`Moments::of`] takes finite values in any unit, n ≥ 1. The fields are open so that moments printed in a paper can
/// be written down; the tests check them.
///
/// ## Result
///
/// `mean` and `sd` in the unit of the data. The standard deviation of one value does not exist and is NaN; tests that
/// allow n = 1 do not look at it.
///
/// ## Conventions
///
/// n − 1 in the denominator, as every package for descriptive tables (NumPy's default divides by n). R: `mean(x)`,
/// `sd(x)`. Sums carry their rounding errors and the deviations are taken from the mean at double that precision, so
/// that NIST's hardest sets come out to the digits that the data have in doubles. From 16,384 values on, unless the
/// spread is small against the mean, plain sums of blocks do, to 15 digits. The result has the same bits on every
/// machine; it may change in the last digit when the values are permuted.
///
/// ## Errors
///
/// [`TestError::TooFew`] without values, [`TestError::NotFinite`] for NaN and infinities.
///
/// ## Example
///
/// NIST's NumAcc1:
///
/// ```
/// use restudy_stats::descriptive::Moments;
///
/// let moments = Moments::of(&[10_000_001.0, 10_000_003.0, 10_000_002.0])?;
/// assert_eq!(moments, Moments { n: 3, mean: 10_000_002.0, sd: 1.0 });
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Chan, Golub and LeVeque, Algorithms for computing the sample variance, The American Statistician 37 (1983) 242–247
/// (two passes); Knuth, The Art of Computer Programming 2 (1969), section 4.2.2 (the rounding error of a sum); NIST
/// Statistical Reference Datasets, univariate summary statistics.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// Number of values.
    pub n: usize,
    /// Arithmetic mean.
    pub mean: f64,
    /// Standard deviation with n − 1; NaN for a single value.
    pub sd: f64,
}

impl Moments {
    /// The moments of a sample.
    ///
    /// # Errors
    ///
    /// As the type's page says; positions are those of `values`, the group is 0.
    pub fn of(values: &[f64]) -> Result<Self, TestError> {
        Self::of_group(values, 0)
    }

    pub(crate) fn of_group(values: &[f64], group: usize) -> Result<Self, TestError> {
        /// From here on the time of the careful way is felt, and its digits are more than anyone needs.
        const LARGE: usize = 1 << 14;
        if values.len() >= LARGE
            && let Some((mean, squares)) = quick_moments(values)
        {
            return Ok(Self { n: values.len(), mean, sd: (squares / (values.len() as f64 - 1.0)).sqrt() });
        }
        let centred = Centred::new(values, group)?;
        let sd = if values.len() > 1 {
            centred.unscaled((centred.sum_of_deviations(|d| d * d) / (centred.n() - 1.0)).sqrt())
        } else {
            f64::NAN
        };
        Ok(Self { n: values.len(), mean: centred.mean(), sd })
    }

    /// Refuses moments that no sample has; `group` is named in the error. The standard deviation of a single value is
    /// not looked at.
    pub(crate) fn check(&self, group: usize) -> Result<(), TestError> {
        if !self.mean.is_finite() {
            return Err(TestError::NotFinite { group, position: 0 });
        }
        if self.n > 1 && !(self.sd >= 0.0 && self.sd.is_finite()) {
            return Err(TestError::NotADeviation { group, sd: self.sd });
        }
        Ok(())
    }

    /// The standard error of the mean, sd / √n; NaN for a single value.
    #[must_use]
    pub fn std_error(&self) -> f64 {
        self.sd / (self.n as f64).sqrt()
    }

    /// The confidence interval of the mean, mean ± t · sd / √n with n − 1 degrees of freedom.
    ///
    /// R: `t.test(x)$conf.int`. Without spread it is the mean itself.
    ///
    /// # Errors
    ///
    /// [`TestError::TooFew`] below two values, [`TestError::NotFinite`] and [`TestError::NotADeviation`] for moments
    /// that no sample has.
    pub fn mean_interval(&self, level: Level) -> Result<Interval, TestError> {
        if self.n < 2 {
            return Err(TestError::TooFew { group: 0, found: self.n, needed: 2 });
        }
        self.check(0)?;
        let half = dist::StudentT::new(self.n as f64 - 1.0)?.upper_quantile(level.tail()) * self.std_error();
        Ok(Interval { low: self.mean - half, high: self.mean + half, level })
    }
}
