use crate::descriptive::Centred;
use crate::{Interval, Level, TestError, dist};

/// Along which straight line does a quantity go with another? The line of least squares and the band of its mean.
///
/// ## Formula
///
/// ```text
/// b = Σ (x − x̄)(y − ȳ) / Σ (x − x̄)²      a = ȳ − b x̄      s² = Σ (y − a − b x)² / (n − 2)
/// interval of the mean at x:  a + b x ± t s √( 1/n + (x − x̄)² / Σ (x − x̄)² )
/// ```
///
/// t is the upper (1 − level)/2 quantile of Student's distribution with n − 2 degrees of freedom.
///
/// ## Input
///
/// Two samples of one length, n ≥ 3; x is not constant.
///
/// ## Result
///
/// [`FittedLine`]. The band is that of the mean of y, point by point; single patients scatter far more widely.
///
/// ## Conventions
///
/// R: `predict(lm(y ~ x), data.frame(x = at), interval = "confidence")`.
///
/// ## Errors
///
/// [`TestError::UnequalLengths`], [`TestError::TooFew`], [`TestError::NotFinite`], [`TestError::NoSpread`] when x is
/// constant.
///
/// ## Example
///
/// ```
/// use restudy_stats::correlation::StraightLine;
///
/// let line = StraightLine::default().fit(&[0.0, 1.0, 2.0], &[1.0, 3.0, 5.0])?;
/// assert_eq!((line.intercept, line.slope, line.at(10.0)), (1.0, 2.0, 21.0));
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Draper and Smith, Applied Regression Analysis, 3rd edition (1998), sections 1.2 and 3.1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StraightLine {
    /// The level of the band.
    pub level: Level,
}

/// A line through pairs of values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FittedLine {
    /// a, the value at 0, in the unit of y.
    pub intercept: f64,
    /// b, in units of y for one of x.
    pub slope: f64,
    /// s, in the unit of y.
    pub residual_sd: f64,
    n: f64,
    mean: f64,
    mean_y: f64,
    squares: f64,
    reach: f64,
    level: Level,
}

impl StraightLine {
    /// The line of y on x.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn fit(&self, x: &[f64], y: &[f64]) -> Result<FittedLine, TestError> {
        super::coefficient::check_pairs(x.len(), y.len(), 3)?;
        let (along, up) = (Centred::new(x, 0)?, Centred::new(y, 1)?);
        let squares = along.sum_of_deviations(|d| d * d);
        if squares == 0.0 {
            return Err(TestError::NoSpread);
        }
        let slope = along.sum_of_pairs(&up, |x, y| x * y) / squares;
        let residual = along.sum_of_pairs(&up, |x, y| (y - slope * x) * (y - slope * x));
        // The sums are in the scales of x and of y, which differ: back to the units of the data.
        let slope = up.unscaled(slope) / along.unscaled(1.0);
        let residual_sd = up.unscaled((residual / (x.len() as f64 - 2.0)).sqrt());
        let squares = along.unscaled(along.unscaled(squares));
        let n = x.len() as f64;
        let mean = |values: &[f64]| values.iter().map(|value| value / n).sum::<f64>();
        let (mean, mean_y) = (mean(x), mean(y));
        Ok(FittedLine {
            intercept: mean_y - slope * mean,
            slope,
            residual_sd,
            n,
            mean,
            mean_y,
            squares,
            reach: dist::StudentT::new(n - 2.0)?.upper_quantile(self.level.tail()),
            level: self.level,
        })
    }
}

impl FittedLine {
    /// The mean of y at x.
    #[must_use]
    pub fn at(&self, x: f64) -> f64 {
        self.mean_y + self.slope * (x - self.mean)
    }

    /// The interval of the mean of y at x.
    #[must_use]
    pub fn interval_at(&self, x: f64) -> Interval {
        let from_mean = x - self.mean;
        let reach = self.reach * self.residual_sd * (1.0 / self.n + from_mean * from_mean / self.squares).sqrt();
        Interval { low: self.at(x) - reach, high: self.at(x) + reach, level: self.level }
    }
}
