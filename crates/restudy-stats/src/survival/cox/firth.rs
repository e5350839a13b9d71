use nalgebra::DMatrix;

use super::fitted::{ModelTest, profiles, unscaled, wald_rows};
use super::objective::Target;
use super::risk_sets::RiskSets;
use super::{Covariates, Cox, CoxTies, Start, inverse};
use crate::Level;
use crate::regression::{Coefficient, Inference};
use crate::survival::{SurvivalError, SurvivalTimes};

/// Proportional hazards by Firth's penalised likelihood, which has an estimate also where the likelihood is monotone, and
/// less bias where events are few.
///
/// ## Formula
///
/// ```text
/// log L* = log L + ½ log det I(β)      (Jeffreys's prior; I the information of the partial likelihood)
/// slope  = U + ½ tr(I⁻¹ ∂I/∂β)
/// ```
///
/// Efron's or Breslow's likelihood of ties. The derivative of I is the third central moment of the covariates within risk
/// sets. Newton's steps take the curvature of log L* by differences of its slope, and are halved until it does not fall.
///
/// ## Input
///
/// As [`Cox`].
///
/// ## Result
///
/// [`FirthCoxFit`].
///
/// ## Conventions
///
/// R: `coxphf::coxphf(Surv(time, event) ~ x)`, which has Breslow's ties. Standard errors are of I⁻¹ at the estimate. A
/// coefficient is tested by holding it at 0 under the penalty of all covariates.
///
/// ## Errors
///
/// As [`Cox`], without a monotone likelihood; [`SurvivalError::NotWithExactTies`].
///
/// ## Example
///
/// Two patients, the one with the greater value first: log L* = log u/(1+u) + ½ log u/(1+u)², u = e^β, at its greatest
/// where u = 3.
///
/// ```
/// use restudy_stats::survival::{Covariates, FirthCox, SurvivalData};
///
/// let times = SurvivalData::new(&[1.0, 2.0], &[true, false]).prepare()?;
/// let fit = FirthCox::default().fit(&times, Covariates { names: &["x".to_owned()], values: &[1.0, 0.0] })?;
/// assert!((fit.coefficients[0] - 3.0_f64.ln()).abs() < 1e-11);
/// # Ok::<(), restudy_stats::survival::SurvivalError>(())
/// ```
///
/// ## Source
///
/// Heinze and Schemper, A solution to the problem of monotone likelihood in Cox regression, Biometrics 57 (2001) 114–119;
/// Firth, Biometrika 80 (1993) 27–38.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FirthCox {
    /// What is done about events at one time.
    pub ties: CoxTies,
}

/// A Cox model fitted by Firth's penalised likelihood.
pub struct FirthCoxFit<'a> {
    /// Observations (rows).
    pub n: usize,
    /// Rows with an event.
    pub events: usize,
    /// The names of the covariates.
    pub names: Vec<String>,
    /// The coefficients: logarithms of hazard ratios per unit of the covariate.
    pub coefficients: Vec<f64>,
    /// Their covariance, the inverse of the information at the estimate, row by row.
    pub covariance: Vec<f64>,
    /// log L*, with its penalty for covariates in standard deviations.
    pub penalized_log_likelihood: f64,
    /// The same where all coefficients are 0.
    pub penalized_log_likelihood_null: f64,
    /// log L at the estimate.
    pub log_likelihood: f64,
    /// All coefficients 0, by the fall of log L*.
    pub likelihood_ratio: ModelTest,
    /// Steps taken.
    pub iterations: u32,
    sets: RiskSets<'a>,
    scaled: Vec<f64>,
    scaled_covariance: DMatrix<f64>,
}

impl FirthCox {
    /// The fit of the model.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn fit<'a>(
        &self,
        times: &'a SurvivalTimes,
        covariates: Covariates<'_>,
    ) -> Result<FirthCoxFit<'a>, SurvivalError> {
        if self.ties == CoxTies::Exact {
            return Err(SurvivalError::NotWithExactTies { what: "penalties" });
        }
        let start = Start::new(Cox { ties: self.ties }, times, covariates)?;
        let p = start.sets.p();
        let target = Target { sets: &start.sets, penalized: true };
        let null = target.maximum(vec![0.0; p], &[])?;
        let found = target.maximum(vec![0.0; p], &(0..p).collect::<Vec<_>>())?;
        let scaled_covariance = inverse(&found.state.information(&target))?;
        let (coefficients, covariance) = unscaled(&start.sets.sd, &found.beta, &scaled_covariance);
        Ok(FirthCoxFit {
            n: times.len(),
            events: times.events(),
            names: start.names,
            coefficients,
            covariance,
            penalized_log_likelihood: found.value,
            penalized_log_likelihood_null: null.value,
            log_likelihood: found.state.log_likelihood,
            likelihood_ratio: ModelTest::new((2.0 * (found.value - null.value)).max(0.0), p)?,
            iterations: found.iterations,
            sets: start.sets,
            scaled: found.beta,
            scaled_covariance,
        })
    }
}

impl FirthCoxFit<'_> {
    /// Tests and intervals by the standard errors. Where the likelihood is monotone they are no guide: take
    /// [`profile`](Self::profile).
    #[must_use]
    pub fn wald(&self, level: Level) -> Vec<Coefficient> {
        wald_rows(&self.names, &self.coefficients, &self.covariance, level)
    }

    /// Tests and intervals by the penalised likelihood, each coefficient held while the others follow.
    ///
    /// # Errors
    ///
    /// [`SurvivalError::NotConverged`], [`SurvivalError::Singular`].
    pub fn profile(&self, level: Level) -> Result<Vec<Coefficient>, SurvivalError> {
        let target = Target { sets: &self.sets, penalized: true };
        let at = (&self.scaled[..], &self.scaled_covariance, self.penalized_log_likelihood);
        profiles(&target, &self.names, at, Inference::PenalizedLikelihoodRatio, level)
    }
}
