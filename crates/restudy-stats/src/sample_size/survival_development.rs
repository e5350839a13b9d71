use super::development::Overfitting;
use super::{DevelopmentSize, ExpectedR2, Z, between, positive, proportion, whole};
use crate::DistributionError;

/// How many patients does it take to develop a model of the time to an event?
///
/// ## Formula
///
/// With p candidate parameters, event rate λ, mean follow-up u and the time t of interest:
///
/// ```text
/// small overfitting, small optimism in R²   as for a binary outcome, with e = λ u events a patient and
///                                           max R² = 1 − exp(2 (e ln e − e))      (Riley's equation 23, per patient)
/// precise risk at t, F = 1 − exp(−λ t)      1 − exp(−(λ ± 1.96 √(λ / (n u))) t) within m of F
/// ```
///
/// ## Input
///
/// Rate, follow-up and time in one unit of time. Parameters are counted before any selection.
///
/// ## Result
///
/// [`SurvivalDevelopmentSize`], with the risk at t and its 95 % limits at the size that was found.
///
/// ## Conventions
///
/// R and Python `pmsampsize(type = "s", csrsquared =, parameters =, rate =, timepoint =, meanfup =)`: the first two criteria
/// are the same. For the third, the packages print the interval that the first two leave and ask for nothing; here it is a
/// criterion like the others. Their max R² is that of 10,000 patients with the events rounded up.
///
/// ## Errors
///
/// [`DistributionError::Parameter`] as for a binary outcome, and for a rate, follow-up or time that is not
/// positive, and for a rate and follow-up that make one event a patient or more.
///
/// ## Example
///
/// ```
/// use restudy_stats::sample_size::{ExpectedR2, SurvivalDevelopment};
///
/// let size = SurvivalDevelopment::new(25, 0.065, 2.07, 2.0, ExpectedR2::CoxSnell(0.051)).run()?.development;
/// assert_eq!((size.shrinkage.n, size.optimism.n, size.n), (4286, 866, 4286));
/// # Ok::<(), restudy_stats::DistributionError>(())
/// ```
///
/// ## Source
///
/// Riley et al., Statistics in Medicine 38 (2019) 1276–1296; Riley et al., BMJ 368 (2020) m441.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SurvivalDevelopment {
    /// Candidate parameters.
    pub parameters: u32,
    /// Events per unit of time.
    pub rate: f64,
    /// The mean follow-up.
    pub mean_follow_up: f64,
    /// The time at which risks will be predicted.
    pub time: f64,
    /// The R² expected of the model.
    pub r2: ExpectedR2,
    /// The least shrinkage factor wanted, 0.9 usually.
    pub shrinkage: f64,
    /// The greatest optimism wanted in Nagelkerke's R², 0.05 usually.
    pub optimism: f64,
    /// The greatest distance of a 95 % limit from the risk at the time, 0.05 usually.
    pub margin: f64,
}

/// The size of a study that develops a model of the time to an event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SurvivalDevelopmentSize {
    /// The criteria, and the size that meets them all.
    pub development: DevelopmentSize,
    /// The risk at the time.
    pub risk: f64,
    /// Its lower 95 % limit at this size.
    pub risk_low: f64,
    /// Its upper 95 % limit at this size.
    pub risk_high: f64,
}

impl SurvivalDevelopment {
    /// The usual targets: a shrinkage of 0.9, an optimism of 0.05, the risk within 0.05.
    #[must_use]
    pub fn new(parameters: u32, rate: f64, mean_follow_up: f64, time: f64, r2: ExpectedR2) -> Self {
        Self { parameters, rate, mean_follow_up, time, r2, shrinkage: 0.9, optimism: 0.05, margin: 0.05 }
    }

    /// The size of the study.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self) -> Result<SurvivalDevelopmentSize, DistributionError> {
        positive("rate", self.rate)?;
        positive("mean follow-up", self.mean_follow_up)?;
        positive("time", self.time)?;
        proportion("margin", self.margin)?;
        let events = self.rate * self.mean_follow_up;
        between("rate × mean follow-up", events, 0.0, 1.0, "below 1: nobody has the event twice")?;
        let r2_max = -libm::expm1(2.0 * (events * libm::log(events) - events));
        let overfitting = Overfitting::new(self.parameters, self.r2, r2_max, self.shrinkage, self.optimism)?;
        let development = overfitting.size(events, self.n_for_risk());
        let reach = Z * (self.rate / (development.n as f64 * self.mean_follow_up)).sqrt();
        Ok(SurvivalDevelopmentSize {
            development,
            risk: self.risk_at(self.rate),
            risk_low: self.risk_at((self.rate - reach).max(0.0)),
            risk_high: self.risk_at(self.rate + reach),
        })
    }

    fn risk_at(&self, rate: f64) -> f64 {
        -libm::expm1(-rate * self.time)
    }

    /// The reach of the rate's interval at which the lower limit, the farther one, is just `margin` away: the risk is
    /// concave in the rate. e^(−(λ − r) t) − e^(−λ t) = m.
    fn n_for_risk(&self) -> u64 {
        let reach = libm::log1p(self.margin * libm::exp(self.rate * self.time)) / self.time;
        whole((Z / reach).powi(2) * self.rate / self.mean_follow_up)
    }
}
