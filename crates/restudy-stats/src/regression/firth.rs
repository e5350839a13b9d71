use nalgebra::{Cholesky, DMatrix};

use super::coefficient::{Coefficient, Inference, TermChiSquare};
use super::data::{Model, Outcome};
use super::maximum::{Maximum, Objective};
use super::{Design, FitError};
use crate::Level;
use crate::profile::{self, Profile};

/// Starts away from the estimate, in standard errors, for a constrained maximum.
const FAR_STARTS: [f64; 4] = [-10.0, -4.0, 4.0, 10.0];
/// A higher maximum than the one followed, not rounding.
const HIGHER: f64 = 1e-9;

/// Logistic regression by Firth's penalised likelihood, which has an estimate also under separation and less bias in small
/// samples.
///
/// ## Formula
///
/// ```text
/// ℓ* = ℓ + ½ ln det X'WX      (Jeffreys's prior)
/// score X'(y − μ + h (½ − μ)),   h the diagonal of W^½ X (X'WX)⁻¹ X' W^½
/// ```
///
/// ## Input
///
/// As [`Logistic`](super::Logistic).
///
/// ## Result
///
/// [`FirthFit`].
///
/// ## Conventions
///
/// Standard errors are of the inverse of X'WX at the estimate (brglm2, logistf up to 1.24);
/// [`FirthFit::std_errors_augmented`] are those with W multiplied by 1 + h (firthmodels). A coefficient is tested by
/// holding it at 0 under the penalty of the whole design (logistf), not by dropping its column. The penalised likelihood
/// can have two constrained maxima under separation: several starts are tried and the higher one is taken.
///
/// R: `logistf::logistf(y ~ x)` with tight tolerances; `glm(y ~ x, family = binomial, method = brglm2::brglmFit, type =
/// "AS_mean", epsilon = 1e-12)` for estimates and standard errors.
///
/// ## Errors
///
/// As [`Logistic`](super::Logistic), without separation.
///
/// ## Example
///
/// In a 2×2 table Firth's estimate adds one half to each cell, so that a zero is no obstacle:
///
/// ```
/// use restudy_stats::regression::{Design, Firth, Outcome};
///
/// let exposed = [1.0, 0.0, 0.0];
/// let case = [true, true, false];
/// let counts = [12.0, 7.0, 9.0];
/// let design = Design::build(3).intercept().continuous("exposed", &exposed, 1.0).finish()?;
/// let fit = Firth::default().fit(&design, Outcome::new(&case).with_weights(&counts))?;
/// assert!((fit.coefficients()[1] - (12.5_f64 * 9.5 / (0.5 * 7.5)).ln()).abs() < 1e-10);
/// # Ok::<(), restudy_stats::regression::FitError>(())
/// ```
///
/// ## Source
///
/// Firth, Biometrika 80 (1993) 27–38; Heinze and Schemper, Statistics in Medicine 21 (2002) 2409–2419.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Firth {
    /// Scoring steps before giving up; convergence is linear, 10 to 60 steps are usual.
    pub max_iterations: u32,
}

impl Default for Firth {
    fn default() -> Self {
        Self { max_iterations: 2000 }
    }
}

impl Firth {
    /// Fits the model.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn fit<'a>(&self, design: &'a Design, outcome: Outcome<'a>) -> Result<FirthFit<'a>, FitError> {
        let model = Model::new(design, outcome)?;
        let maximum = model.maximum(Objective::Penalized, self.max_iterations)?;
        let inverse = Cholesky::new(maximum.information.clone()).ok_or(FitError::Singular)?.inverse();
        let augmented = model.kernel(true).penalty(&maximum.beta, &inverse).augmented;
        Ok(FirthFit {
            coefficients: model.uncentred(&maximum.beta),
            covariance: model.covariance(&maximum.information)?,
            augmented: model.covariance(&augmented)?,
            names: model.names(),
            penalized_log_likelihood: maximum.value,
            log_likelihood: maximum.log_likelihood,
            iterations: maximum.iterations,
            centred: maximum.beta,
            settings: *self,
            model,
        })
    }
}

/// A logistic model fitted by Firth's penalised likelihood.
#[derive(Clone, Debug)]
pub struct FirthFit<'a> {
    settings: Firth,
    model: Model<'a>,
    names: Vec<String>,
    coefficients: Vec<f64>,
    /// The same in the basis of columns seen from their means.
    centred: Vec<f64>,
    covariance: DMatrix<f64>,
    augmented: DMatrix<f64>,
    penalized_log_likelihood: f64,
    log_likelihood: f64,
    iterations: u32,
}

impl FirthFit<'_> {
    /// The coefficients' names.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The estimates, log odds ratios.
    #[must_use]
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// The covariance of two coefficients, of the inverse of X'WX.
    ///
    /// # Panics
    ///
    /// When there is no such coefficient.
    #[must_use]
    pub fn covariance(&self, first: usize, second: usize) -> f64 {
        self.covariance[(first, second)]
    }

    /// The standard errors, of the inverse of X'WX.
    #[must_use]
    pub fn std_errors(&self) -> Vec<f64> {
        self.covariance.diagonal().iter().map(|variance| variance.sqrt()).collect()
    }

    /// The standard errors with W multiplied by 1 + h: up to 10 % smaller in small samples.
    #[must_use]
    pub fn std_errors_augmented(&self) -> Vec<f64> {
        self.augmented.diagonal().iter().map(|variance| variance.sqrt()).collect()
    }

    /// Observations, Σ weights.
    #[must_use]
    pub fn observations(&self) -> f64 {
        self.model.outcome.observations()
    }

    /// Events among them.
    #[must_use]
    pub fn events(&self) -> f64 {
        self.model.outcome.event_count()
    }

    /// ℓ*, the log-likelihood with its penalty.
    #[must_use]
    pub fn penalized_log_likelihood(&self) -> f64 {
        self.penalized_log_likelihood
    }

    /// ℓ, the log-likelihood at the same estimate.
    #[must_use]
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// Scoring steps taken.
    #[must_use]
    pub fn iterations(&self) -> u32 {
        self.iterations
    }

    /// The fitted probabilities, row by row.
    #[must_use]
    pub fn probabilities(&self) -> Vec<f64> {
        self.model.kernel(true).probabilities(&self.centred)
    }

    /// Tests and intervals by the standard errors of the inverse of X'WX. Under separation they are no guide: take
    /// [`profile`](Self::profile).
    #[must_use]
    pub fn wald(&self, level: Level) -> Vec<Coefficient> {
        let row = |((name, &estimate), error): ((&String, _), _)| Coefficient::wald(name, estimate, error, level);
        self.names.iter().zip(&self.coefficients).zip(self.std_errors()).map(row).collect()
    }

    /// Tests and intervals by the penalised likelihood, each coefficient held while the others follow.
    ///
    /// # Errors
    ///
    /// [`FitError::NotConverged`], [`FitError::Singular`].
    pub fn profile(&self, level: Level) -> Result<Vec<Coefficient>, FitError> {
        (0..self.names.len()).map(|j| self.profile_of(j, level)).collect()
    }

    /// ℓ* with a coefficient held at a value and the others at their best, the highest of several starts.
    ///
    /// # Errors
    ///
    /// [`FitError::NotConverged`], [`FitError::Singular`].
    ///
    /// # Panics
    ///
    /// When there is no such coefficient.
    pub fn profile_penalized_log_likelihood(&self, coefficient: usize, value: f64) -> Result<f64, FitError> {
        self.held(coefficient, value, Starts::Far)
    }

    fn held(&self, j: usize, value: f64, starts: Starts) -> Result<f64, FitError> {
        let p = self.names.len();
        let free: Vec<usize> = (0..p).filter(|&k| k != j).collect();
        let mut plain = self.coefficients.clone();
        plain[j] = value;
        // The others move as the quadratic at the estimate says.
        let change = (value - self.coefficients[j]) / self.covariance[(j, j)];
        let mut tangent: Vec<f64> = (0..p).map(|k| self.coefficients[k] + change * self.covariance[(k, j)]).collect();
        tangent[j] = value;
        let mut tried = vec![plain];
        if starts == Starts::Far {
            for &k in &free {
                for far in FAR_STARTS {
                    let mut start = tangent.clone();
                    start[k] += far * self.covariance[(k, k)].sqrt();
                    tried.push(start);
                }
            }
        }
        tried.push(tangent);
        let mut best: Result<Maximum, FitError> = Err(FitError::Singular);
        for start in tried {
            let found = self.model.held(Objective::Penalized, start, &free, self.settings.max_iterations);
            let higher = match (&found, &best) {
                (Ok(found), Ok(best)) => found.value > best.value,
                (Ok(_), Err(_)) => true,
                (Err(_), _) => false,
            };
            if higher || best.is_err() {
                best = found;
            }
        }
        Ok(best?.value)
    }

    fn profile_of(&self, j: usize, level: Level) -> Result<Coefficient, FitError> {
        let (estimate, std_error) = (self.coefficients[j], self.covariance[(j, j)].sqrt());
        let inference = Inference::PenalizedLikelihoodRatio;
        let profile = Profile { name: &self.names[j], estimate, std_error, inference, level };
        let fall = |value: f64, starts: Starts| {
            Ok::<f64, FitError>(self.penalized_log_likelihood - self.held(j, value, starts)?)
        };
        let limit = |side: f64| {
            let root = |starts: Starts| {
                let profile = &profile;
                move |t: f64| Ok::<f64, FitError>(profile.root(fall(estimate + t * std_error, starts)?))
            };
            let at = profile::limit(side, root(Starts::Near))?;
            // Another branch may be higher where this one ends; then every point asks for all of them.
            if at.is_finite() && root(Starts::Far)(at)? < -HIGHER {
                return profile::limit(side, root(Starts::Far));
            }
            Ok::<f64, FitError>(at)
        };
        profile.with_limits(limit(-1.0)?, limit(1.0)?, fall(0.0, Starts::Far)?)
    }

    /// The penalised likelihood-ratio test of all coefficients but the intercept, which are held at 0 under the penalty of
    /// the whole design.
    ///
    /// # Errors
    ///
    /// [`FitError::NotConverged`], [`FitError::Singular`].
    pub fn likelihood_ratio(&self) -> Result<TermChiSquare, FitError> {
        let free: Vec<usize> = self.model.intercept().into_iter().collect();
        let null = self.model.held(Objective::Penalized, self.model.start(), &free, self.settings.max_iterations)?;
        let df = self.names.len() - free.len();
        Ok(TermChiSquare::new(self.penalized_log_likelihood, null.value, df)?)
    }

    /// The same against the intercept refitted with a penalty of its own. Penalties of two designs are not commensurate:
    /// the value changes with the unit of a column, and is here because packages print it.
    ///
    /// # Errors
    ///
    /// [`FitError::NotConverged`], [`FitError::Singular`].
    pub fn likelihood_ratio_of_refitted_null(&self) -> Result<TermChiSquare, FitError> {
        let intercept: Vec<usize> = self.model.intercept().into_iter().map(|j| self.model.used[j]).collect();
        let df = self.names.len() - intercept.len();
        let null = self.model.with_columns(intercept).maximum(Objective::Penalized, self.settings.max_iterations)?;
        Ok(TermChiSquare::new(self.penalized_log_likelihood, null.value, df)?)
    }
}

/// Where a constrained maximum is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Starts {
    /// At the estimate and along its quadratic.
    Near,
    /// Also away from it.
    Far,
}
