use crate::dist::{ChiSquare, Normal};
use crate::{DistributionError, Interval, Level};

/// Which engine a p-value and its interval come from. They are never mixed: an interval excludes 0 when its p-value is
/// below 1 − level, and only then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Inference {
    /// Estimate over standard error against the normal distribution.
    Wald,
    /// Twice the fall of the log-likelihood when the coefficient is held, against chi-square with 1 degree of freedom.
    LikelihoodRatio,
    /// The same with the penalised log-likelihood, the penalty being that of the whole design.
    PenalizedLikelihoodRatio,
}

impl Inference {
    /// The stable key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Wald => "wald",
            Self::LikelihoodRatio => "likelihood_ratio",
            Self::PenalizedLikelihoodRatio => "penalized_likelihood_ratio",
        }
    }
}

/// A coefficient with its test and its interval.
#[derive(Clone, Debug, PartialEq)]
pub struct Coefficient {
    /// The column's name.
    pub name: String,
    /// The estimate, a log odds ratio or a log hazard ratio.
    pub estimate: f64,
    /// Its standard error.
    pub std_error: f64,
    /// z for Wald, otherwise a chi-square with 1 degree of freedom.
    pub statistic: f64,
    /// The two-sided p-value of "the coefficient is 0".
    pub p_value: f64,
    /// Its interval.
    pub interval: Interval,
    /// Where both come from.
    pub inference: Inference,
}

impl Coefficient {
    /// The Wald test and interval.
    #[must_use]
    pub fn wald(name: &str, estimate: f64, std_error: f64, level: Level) -> Self {
        let z = estimate / std_error;
        let half = Normal.upper_quantile(level.tail()) * std_error;
        Self {
            name: name.to_owned(),
            estimate,
            std_error,
            statistic: z,
            p_value: Normal.two_sided(z),
            interval: Interval { low: estimate - half, high: estimate + half, level },
            inference: Inference::Wald,
        }
    }

    /// e to the estimate, of a logistic model.
    #[must_use]
    pub fn odds_ratio(&self) -> f64 {
        libm::exp(self.estimate)
    }

    /// e to the estimate, of a Cox model.
    #[must_use]
    pub fn hazard_ratio(&self) -> f64 {
        self.odds_ratio()
    }

    /// e to the limits, of a Cox model.
    #[must_use]
    pub fn hazard_ratio_interval(&self) -> Interval {
        self.odds_ratio_interval()
    }

    /// e to the limits, of a logistic model.
    #[must_use]
    pub fn odds_ratio_interval(&self) -> Interval {
        let Interval { low, high, level } = self.interval;
        Interval { low: libm::exp(low), high: libm::exp(high), level }
    }
}

/// A test of several coefficients at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TermChiSquare {
    /// Twice the difference of the log-likelihoods, or what takes its place in a score or Wald test.
    pub chi_square: f64,
    /// The difference of the numbers of coefficients.
    pub df: usize,
    /// The upper tail of chi-square.
    pub p_value: f64,
}

impl TermChiSquare {
    pub(super) fn new(larger: f64, smaller: f64, df: usize) -> Result<Self, DistributionError> {
        // Below 0 only by rounding.
        Self::of_chi_square((2.0 * (larger - smaller)).max(0.0), df)
    }

    pub(super) fn of_chi_square(chi_square: f64, df: usize) -> Result<Self, DistributionError> {
        // Models with the same coefficients do not differ.
        let p_value = if df == 0 { 1.0 } else { ChiSquare::new(df as f64)?.upper_tail(chi_square) };
        Ok(Self { chi_square, df, p_value })
    }
}
