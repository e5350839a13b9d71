use super::linear_predictor::trapezoid;
use super::{Z, between, positive, proportion, whole};
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

/// What a model is expected to explain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ExpectedR2 {
    /// Cox and Snell's R², 1 − exp(−LR / n).
    CoxSnell(f64),
    /// Nagelkerke's R²: Cox and Snell's, divided by its greatest value.
    Nagelkerke(f64),
}

impl ExpectedR2 {
    /// Cox and Snell's R², found to be possible.
    pub(super) fn cox_snell(self, greatest: f64) -> Result<f64, DistributionError> {
        let (value, limit, must_be) = match self {
            Self::CoxSnell(r2) => (r2, greatest, "between 0 and its greatest value at this overall risk"),
            Self::Nagelkerke(r2) => (r2 * greatest, greatest, "between 0 and 1"),
        };
        let given = match self {
            Self::CoxSnell(r2) | Self::Nagelkerke(r2) => r2,
        };
        if value > 0.0 && value < limit {
            Ok(value)
        } else {
            Err(DistributionError::Parameter { parameter: "R²", value: given, must_be })
        }
    }
}

/// The patients that one criterion asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SizeCriterion {
    /// Patients.
    pub n: u64,
    /// Expected events among them.
    pub events: f64,
    /// Events per candidate parameter.
    pub events_per_parameter: f64,
    /// The shrinkage factor to expect at this size.
    pub expected_shrinkage: f64,
}

/// The size of a study that develops a model of a binary outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DevelopmentSize {
    /// Small overfitting.
    pub shrinkage: SizeCriterion,
    /// Small optimism in R².
    pub optimism: SizeCriterion,
    /// A precise overall risk.
    pub overall_risk: SizeCriterion,
    /// Patients that meet all criteria.
    pub n: u64,
    /// Expected events among them.
    pub events: f64,
    /// Events per candidate parameter.
    pub events_per_parameter: f64,
    /// Cox and Snell's R² expected.
    pub r2_cox_snell: f64,
    /// The greatest it can be at this prevalence.
    pub r2_max: f64,
    /// Nagelkerke's R² expected.
    pub r2_nagelkerke: f64,
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
        let criterion = |n: u64| overfitting.criterion(n, n as f64 * risk);
        let shrinkage = criterion(overfitting.n_for_shrinkage());
        let optimism = criterion(overfitting.n_for_optimism());
        let overall_risk = criterion(whole((Z / self.margin).powi(2) * risk * (1.0 - risk)));
        let decisive = criterion(shrinkage.n.max(optimism.n).max(overall_risk.n));
        Ok(DevelopmentSize {
            shrinkage,
            optimism,
            overall_risk,
            n: decisive.n,
            events: decisive.events,
            events_per_parameter: decisive.events_per_parameter,
            r2_cox_snell: overfitting.r2,
            r2_max,
            r2_nagelkerke: overfitting.r2 / r2_max,
        })
    }
}

/// The mean log-likelihood of a model that predicts the overall risk for everyone.
fn null_log_likelihood(risk: f64) -> f64 {
    risk * libm::log(risk) + (1.0 - risk) * libm::log1p(-risk)
}

/// The two criteria on overfitting, the same for every kind of outcome.
pub(super) struct Overfitting {
    parameters: f64,
    pub(super) r2: f64,
    r2_max: f64,
    shrinkage: f64,
    optimism: f64,
}

impl Overfitting {
    pub(super) fn new(
        parameters: u32,
        r2: ExpectedR2,
        r2_max: f64,
        shrinkage: f64,
        optimism: f64,
    ) -> Result<Self, DistributionError> {
        let parameters = f64::from(parameters);
        positive("parameters", parameters)?;
        proportion("shrinkage", shrinkage)?;
        proportion("optimism", optimism)?;
        let r2 = r2.cox_snell(r2_max)?;
        between("R²", r2, 0.0, shrinkage, "below the shrinkage wanted")?;
        Ok(Self { parameters, r2, r2_max, shrinkage, optimism })
    }

    pub(super) fn n_for_shrinkage(&self) -> u64 {
        self.n_for(self.shrinkage)
    }

    pub(super) fn n_for_optimism(&self) -> u64 {
        self.n_for(self.r2 / (self.r2 + self.optimism * self.r2_max))
    }

    fn n_for(&self, shrinkage: f64) -> u64 {
        whole(self.parameters / ((shrinkage - 1.0) * libm::log1p(-self.r2 / shrinkage)))
    }

    pub(super) fn criterion(&self, n: u64, events: f64) -> SizeCriterion {
        SizeCriterion {
            n,
            events,
            events_per_parameter: events / self.parameters,
            expected_shrinkage: self.expected_shrinkage(n as f64),
        }
    }

    /// The S that solves n (S − 1) ln(1 − R²/S) = p; 0 where no positive one above R² does.
    ///
    /// The left side grows as S falls from 1 to R², from 0 to infinity, so that halving finds the one solution.
    fn expected_shrinkage(&self, n: f64) -> f64 {
        let (mut low, mut high) = (self.r2, 1.0);
        for _ in 0..200 {
            let middle = low + (high - low) / 2.0;
            if middle <= low || middle >= high {
                break;
            }
            let asked = self.parameters / ((middle - 1.0) * libm::log1p(-self.r2 / middle));
            if asked > n {
                high = middle;
            } else {
                low = middle;
            }
        }
        low
    }
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
