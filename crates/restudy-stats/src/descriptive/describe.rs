use super::{Moments, QuantileType};
use crate::{TestError, order};

/// The numbers that describe a continuous variable in a table.
///
/// ## Formula
///
/// Mean and standard deviation as [`Moments`]; quartiles as the [`QuantileType`] of the settings; the median is the
/// middle value, or the mean of the two middle values, whatever the type of the quartiles.
///
/// ## Input
///
/// Finite values in any unit and order, n ≥ 1. Missing values are counted and dropped before.
///
/// ## Result
///
/// A [`Summary`] in the unit of the data.
///
/// ## Conventions
///
/// Packages differ in the quartiles: R and NumPy type 7, SPSS and Prism type 6, SAS type 2. R: `quantile(x, c(.25,
/// .75), type = 7)`, `median(x)`. Types 1, 3 and 4 define a median of their own for even n; nobody prints it, and nor
/// do we.
///
/// ## Errors
///
/// [`TestError::TooFew`] without values, [`TestError::NotFinite`] for NaN and infinities.
///
/// ## Example
///
/// ```
/// use restudy_stats::descriptive::{Describe, QuantileType};
///
/// let summary = Describe { quartiles: QuantileType::Type6 }.run(&[16.0, 1.0, 7.0, 2.0, 4.0, 11.0])?;
/// assert_eq!((summary.q1, summary.median, summary.q3), (1.75, 5.5, 12.25));
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Hyndman and Fan, Sample quantiles in statistical packages, The American Statistician 50 (1996) 361–365.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Describe {
    /// The definition of the quartiles.
    pub quartiles: QuantileType,
}

/// A continuous variable in eight numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Number of values.
    pub n: usize,
    /// Arithmetic mean.
    pub mean: f64,
    /// Standard deviation with n − 1; a single value has none.
    pub sd: Option<f64>,
    /// The least value.
    pub min: f64,
    /// The first quartile.
    pub q1: f64,
    /// The median.
    pub median: f64,
    /// The third quartile.
    pub q3: f64,
    /// The greatest value.
    pub max: f64,
}

impl Describe {
    /// Describes a sample.
    ///
    /// # Errors
    ///
    /// As the type's page says; positions are those of `values`, the group is 0.
    pub fn run(&self, values: &[f64]) -> Result<Summary, TestError> {
        let Moments { n, mean, sd } = Moments::of(values)?;
        let sorted = order::sorted(values);
        Ok(Summary {
            n,
            mean,
            sd: (n > 1).then_some(sd),
            min: sorted[0],
            q1: self.quartiles.of_sorted(&sorted, 0.25),
            median: QuantileType::Type7.of_sorted(&sorted, 0.5),
            q3: self.quartiles.of_sorted(&sorted, 0.75),
            max: sorted[n - 1],
        })
    }
}
