use super::development::Overfitting;
use super::linear_predictor::trapezoid;
use super::{DevelopmentSize, ExpectedR2, Z, between, proportion, whole};
use crate::{DistributionError, dist};

/// How many patients does it take to develop a model of a binary outcome?
///
/// ## Formula
///
/// With p candidate parameters, overall risk φ, expected Cox–Snell R² and wanted shrinkage S:
///
/// ```text
/// small overfitting        n ≥ p / ((S − 1) ln(1 − R²/S))
/// small optimism in R²     the same with S = R² / (R² + δ max R²),  max R² = 1 − (φ^φ (1 − φ)^(1 − φ))²
/// precise overall risk     n ≥ (1.96 / m)² φ (1 − φ)
/// ```
///
/// ## Input
///
/// Parameters are counted before any selection: every candidate that is screened, each spline or dummy column for itself.
/// R² by [`ExpectedR2`]; where only a C statistic is known, [`cox_snell_r2_of_c_statistic`] gives it.
///
/// ## Result
///
/// [`DevelopmentSize`]: each criterion, and the size that meets them all.
///
/// ## Conventions
///
/// R and Python `pmsampsize(type = "b", csrsquared =, parameters =, prevalence =)` give the same numbers;
/// from `nagrsquared` they compute with an R² rounded to three decimals.
///
/// ## Errors
///
/// [`DistributionError::Parameter`] for a prevalence, shrinkage, optimism or margin outside (0, 1), for no parameters, and
/// for an R² that is not between 0 and both the shrinkage and its greatest value at this prevalence.
///
/// ## Example
///
/// ```
/// use restudy_stats::sample_size::{BinaryDevelopment, ExpectedR2};
///
/// let size = BinaryDevelopment::new(24, 0.174, ExpectedR2::CoxSnell(0.288)).run()?;
/// assert_eq!((size.shrinkage.n, size.optimism.n, size.overall_risk.n, size.n), (623, 662, 221, 662));
/// # Ok::<(), restudy_stats::DistributionError>(())
/// ```
///
/// ## Source
///
/// Riley et al., Statistics in Medicine 38 (2019) 1276–1296; Riley et al., BMJ 368 (2020) m441.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BinaryDevelopment {
    /// Candidate parameters.
    pub parameters: u32,
    /// The overall risk expected, in (0, 1).
    pub prevalence: f64,
    /// The R² expected of the model.
    pub r2: ExpectedR2,
    /// The least shrinkage factor wanted, 0.9 usually.
    pub shrinkage: f64,
    /// The greatest optimism wanted in Nagelkerke's R², 0.05 usually.
    pub optimism: f64,
    /// The greatest distance of a 95 % limit from the overall risk, 0.05 usually.
    pub margin: f64,
}

impl BinaryDevelopment {
    /// The usual targets: a shrinkage of 0.9, an optimism of 0.05, the overall risk within 0.05.
    #[must_use]
    pub fn new(parameters: u32, prevalence: f64, r2: ExpectedR2) -> Self {
        Self { parameters, prevalence, r2, shrinkage: 0.9, optimism: 0.05, margin: 0.05 }
    }

    /// The size of the study.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self) -> Result<DevelopmentSize, DistributionError> {
        proportion("prevalence", self.prevalence)?;
        proportion("margin", self.margin)?;
        let risk = self.prevalence;
        let r2_max = -libm::expm1(2.0 * null_log_likelihood(risk));
        let overfitting = Overfitting::new(self.parameters, self.r2, r2_max, self.shrinkage, self.optimism)?;
        Ok(overfitting.size(risk, whole((Z / self.margin).powi(2) * risk * (1.0 - risk))))
    }
}

/// The mean log-likelihood of a model that predicts the overall risk for everyone.
fn null_log_likelihood(risk: f64) -> f64 {
    risk * libm::log(risk) + (1.0 - risk) * libm::log1p(-risk)
}

/// Cox and Snell's R² of a model whose C statistic is known.
///
/// The linear predictor is taken as normal with one variance in events and in non-events, means √2 Φ⁻¹(C) standard
/// deviations apart: logistic regression on it is then the true model, and R² follows from its mean log-likelihood. The
/// published method simulates this distribution; here it is integrated, so that the answer has no seed.
///
/// # Errors
///
/// [`DistributionError::Parameter`] for a C statistic outside (0.5, 1) or a prevalence outside (0, 1).
///
/// Source: Riley, Van Calster and Collins, Statistics in Medicine 40 (2021) 859–864.
pub fn cox_snell_r2_of_c_statistic(c_statistic: f64, prevalence: f64) -> Result<f64, DistributionError> {
    between("C statistic", c_statistic, 0.5, 1.0, "strictly between 0.5 and 1")?;
    proportion("prevalence", prevalence)?;
    let distance = std::f64::consts::SQRT_2 * dist::Normal.lower_quantile(c_statistic);
    let odds = libm::log(prevalence / (1.0 - prevalence)) - distance * distance / 2.0;
    let log_likelihood = |mean: f64, sign: f64| {
        trapezoid(mean - 10.0, mean + 10.0, 1.0 / 16.0, |x| {
            // ln p = −ln(1 + e^(−η)) for events, ln(1 − p) = −ln(1 + e^η) for the others.
            -dist::Normal.density(x - mean) * softplus(-sign * (odds + distance * x))
        })
    };
    let model = prevalence * log_likelihood(distance, 1.0) + (1.0 - prevalence) * log_likelihood(0.0, -1.0);
    Ok(-libm::expm1(-2.0 * (model - null_log_likelihood(prevalence))))
}

/// ln(1 + eˣ) without overflow.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + libm::log1p(libm::exp(-x.abs()))
}
