use nalgebra::{Cholesky, DMatrix, DVector};

use super::coefficient::{Coefficient, Inference, TermChiSquare};
use super::data::{Model, Outcome};
use super::firth::{Firth, FirthFit};
use super::hosmer_lemeshow::{HosmerLemeshow, HosmerLemeshowTest};
use super::maximum::Objective;
use super::selection::Candidates;
use super::separation::{Separation, separation};
use super::{Design, FitError};
use crate::Level;
use crate::profile::Profile;

/// With every |y − μ| above this at a converged estimate, the estimate itself proves that it exists; see
/// [`Logistic::fit`].
const SURELY_INSIDE: f64 = 1e-6;

/// How do the odds of an event depend on several variables? Logistic regression by maximum likelihood.
///
/// ## Formula
///
/// ```text
/// ln (μ / (1 − μ)) = x'β + offset,   ℓ = Σ m (y ln μ + (1 − y) ln (1 − μ))
/// score X'(y − μ),   information X'WX with W = m μ (1 − μ)
/// ```
///
/// m: frequency weights. Newton's method (which is iteratively reweighted least squares here) with step halving, to full
/// convergence; the covariance is the inverse of the information at the final estimate.
///
/// ## Input
///
/// A [`Design`], which has full rank, and an [`Outcome`] with events and non-events.
///
/// ## Result
///
/// [`LogisticFit`].
///
/// ## Separation
///
/// When a combination of the columns separates events from non-events, the likelihood has no maximum. That is decided by
/// linear programming (Konis 2007) and ends in [`FitError::Separated`], which names the terms;
/// [`Firth`] has an estimate then, and [`fit_or_firth`](Logistic::fit_or_firth) gives it in its place.
///
/// ## Conventions
///
/// R: `glm(y ~ x, family = binomial, control = glm.control(epsilon = 1e-15, maxit = 100))`. R's default stops a step
/// earlier, and its standard errors come from the weights of the step before: they differ by up to 4e-5, relatively.
/// Profile limits solve the deviance; R's `confint` interpolates it by a spline and is good to 2 to 5 digits.
///
/// ## Errors
///
/// [`FitError::Length`], [`FitError::NotFinite`], [`FitError::NegativeWeight`], [`FitError::Empty`],
/// [`FitError::OneOutcome`], [`FitError::Separated`], [`FitError::Singular`], [`FitError::NotConverged`].
///
/// ## Example
///
/// A 2×2 table: the coefficient is the log odds ratio, with Woolf's standard error.
///
/// ```
/// use restudy_stats::regression::{Design, Logistic, Outcome};
///
/// let exposed = [1.0, 1.0, 0.0, 0.0];
/// let case = [true, false, true, false];
/// let counts = [12.0, 5.0, 7.0, 9.0];
/// let design = Design::build(4).intercept().continuous("exposed", &exposed, 1.0).finish()?;
/// let fit = Logistic::default().fit(&design, Outcome::new(&case).with_weights(&counts))?;
/// let (a, b, c, d) = (12.0_f64, 5.0, 7.0, 9.0);
/// assert!((fit.coefficients()[1] - (a * d / (b * c)).ln()).abs() < 1e-14);
/// assert!((fit.std_errors()[1] - (1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d).sqrt()).abs() < 1e-14);
/// # Ok::<(), restudy_stats::regression::FitError>(())
/// ```
///
/// ## Source
///
/// Cox, Journal of the Royal Statistical Society B 20 (1958) 215–242; McCullagh and Nelder, Generalized Linear Models
/// (1989), chapter 4; Venzon and Moolgavkar, Applied Statistics 37 (1988) 87–94 (profile limits); Albert and Anderson,
/// Biometrika 71 (1984) 1–10; Konis, Linear programming algorithms for detecting separated data in binary logistic
/// regression models (2007), thesis, Oxford.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Logistic {
    /// Newton steps before giving up; 5 to 8 are usual.
    pub max_iterations: u32,
}

impl Default for Logistic {
    fn default() -> Self {
        Self { max_iterations: 100 }
    }
}

impl Logistic {
    /// Fits the model.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn fit<'a>(&self, design: &'a Design, outcome: Outcome<'a>) -> Result<LogisticFit<'a>, FitError> {
        self.fit_model(Model::new(design, outcome)?)
    }

    /// The terms of a design as candidates of a selection.
    pub(super) fn candidates<'a>(
        self,
        design: &'a Design,
        outcome: Outcome<'a>,
    ) -> Result<LogisticTerms<'a>, FitError> {
        Ok(LogisticTerms { settings: self, whole: Model::new(design, outcome)? })
    }

    /// The fit, or where a term separates events from non-events, which one, with Firth's fit and its profile intervals.
    ///
    /// # Errors
    ///
    /// Those of [`fit`](Self::fit) but for separation, and of [`Firth`].
    pub fn fit_or_firth<'a>(
        &self,
        design: &'a Design,
        outcome: Outcome<'a>,
        level: Level,
    ) -> Result<LogisticOrFirth<'a>, FitError> {
        match self.fit(design, outcome) {
            Ok(fit) => Ok(LogisticOrFirth::Likelihood(Box::new(fit))),
            Err(FitError::Separated(separation)) => {
                let fit = Firth::default().fit(design, outcome)?;
                let coefficients = fit.profile(level)?;
                Ok(LogisticOrFirth::Separated { separation, fit: Box::new(fit), coefficients })
            }
            Err(error) => Err(error),
        }
    }

    fn fit_model<'a>(&self, model: Model<'a>) -> Result<LogisticFit<'a>, FitError> {
        let maximum = match model.maximum(Objective::Likelihood, self.max_iterations) {
            // At a maximum Σ |y − μ| · (±x) = 0. If a direction separated, its product with this sum would add terms of
            // one sign, so that positive residuals rule separation out (Stiemke). Rounding cannot hide it while no
            // residual is tiny; with tiny ones the linear program decides.
            Ok(maximum) if maximum.least_residual > SURELY_INSIDE => maximum,
            found => match separation(&model) {
                Some(separation) => return Err(FitError::Separated(separation)),
                None => found?,
            },
        };
        let null_log_likelihood = self.null_log_likelihood(&model)?;
        Ok(LogisticFit {
            coefficients: model.uncentred(&maximum.beta),
            covariance: model.covariance(&maximum.information)?,
            names: model.names(),
            log_likelihood: maximum.log_likelihood,
            null_log_likelihood,
            iterations: maximum.iterations,
            centred: maximum.beta,
            settings: *self,
            model,
        })
    }

    /// The log-likelihood of the intercept alone, in closed form where there is no offset.
    fn null_log_likelihood(&self, model: &Model<'_>) -> Result<f64, FitError> {
        let (all, events) = (model.outcome.observations(), model.outcome.event_count());
        match (model.intercept(), model.outcome.offset) {
            (Some(_), None) => Ok(events * libm::log(events / all) + (all - events) * libm::log1p(-events / all)),
            (None, None) => Ok(-all * std::f64::consts::LN_2),
            (intercept, Some(_)) => {
                let alone = model.with_columns(intercept.into_iter().map(|j| model.used[j]).collect());
                Ok(alone.maximum(Objective::Likelihood, self.max_iterations)?.log_likelihood)
            }
        }
    }
}

/// A model by maximum likelihood, or by Firth's penalised likelihood where that has no maximum.
#[derive(Clone, Debug)]
pub enum LogisticOrFirth<'a> {
    /// There is a maximum.
    Likelihood(Box<LogisticFit<'a>>),
    /// There is none.
    Separated {
        /// What separates events from non-events.
        separation: Separation,
        /// Firth's fit.
        fit: Box<FirthFit<'a>>,
        /// Its coefficients, with tests and intervals by the penalised likelihood.
        coefficients: Vec<Coefficient>,
    },
}

/// The terms of a logistic model, each inside or outside.
pub(super) struct LogisticTerms<'a> {
    settings: Logistic,
    whole: Model<'a>,
}

impl<'a> LogisticTerms<'a> {
    /// The columns of the terms inside.
    fn of_terms(&self, inside: &[bool]) -> Model<'a> {
        let terms = self.whole.design.terms().iter().zip(inside).filter(|&(_, &inside)| inside);
        self.whole.with_columns(terms.flat_map(|(term, _)| term.columns.clone()).collect())
    }
}

impl<'a> Candidates for LogisticTerms<'a> {
    type Fit = LogisticFit<'a>;
    type Error = FitError;

    fn design(&self) -> &Design {
        self.whole.design
    }

    fn fit(&self, inside: &[bool]) -> Result<LogisticFit<'a>, FitError> {
        self.settings.fit_model(self.of_terms(inside))
    }

    fn log_likelihood(&self, fit: &LogisticFit<'a>) -> f64 {
        fit.log_likelihood
    }

    fn score_statistic(&self, fit: &LogisticFit<'a>, inside: &[bool]) -> Result<f64, FitError> {
        self.of_terms(inside).score_test(&fit.names, &fit.coefficients)
    }

    fn wald_statistic(&self, fit: &LogisticFit<'a>, term: usize) -> Result<f64, FitError> {
        let columns = self.whole.design.terms()[term].columns.clone();
        let names: Vec<&str> = columns.map(|column| self.whole.design.column_names()[column].as_str()).collect();
        fit.wald_chi_square(&names)
    }

    fn has_no_estimate(error: &FitError) -> bool {
        matches!(error, FitError::Separated(_) | FitError::Singular | FitError::NotConverged { .. })
    }
}

/// A fitted logistic model.
#[derive(Clone, Debug)]
pub struct LogisticFit<'a> {
    settings: Logistic,
    model: Model<'a>,
    names: Vec<String>,
    coefficients: Vec<f64>,
    /// The same in the basis of columns seen from their means.
    centred: Vec<f64>,
    covariance: DMatrix<f64>,
    log_likelihood: f64,
    null_log_likelihood: f64,
    iterations: u32,
}

impl LogisticFit<'_> {
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

    /// The covariance of two coefficients.
    ///
    /// # Panics
    ///
    /// When there is no such coefficient.
    #[must_use]
    pub fn covariance(&self, first: usize, second: usize) -> f64 {
        self.covariance[(first, second)]
    }

    /// The standard errors.
    #[must_use]
    pub fn std_errors(&self) -> Vec<f64> {
        self.covariance.diagonal().iter().map(|variance| variance.sqrt()).collect()
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

    /// The log-likelihood.
    #[must_use]
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// The log-likelihood of the intercept alone (with the offset), or of nothing in a model without one.
    #[must_use]
    pub fn null_log_likelihood(&self) -> f64 {
        self.null_log_likelihood
    }

    /// Newton steps taken.
    #[must_use]
    pub fn iterations(&self) -> u32 {
        self.iterations
    }

    /// −2 ℓ: the saturated model of single observations has log-likelihood 0.
    #[must_use]
    pub fn deviance(&self) -> f64 {
        -2.0 * self.log_likelihood
    }

    /// The deviance of the intercept alone.
    #[must_use]
    pub fn null_deviance(&self) -> f64 {
        -2.0 * self.null_log_likelihood
    }

    /// Akaike's criterion, −2 ℓ + 2 p.
    #[must_use]
    pub fn aic(&self) -> f64 {
        self.deviance() + 2.0 * self.names.len() as f64
    }

    /// Schwarz's criterion, −2 ℓ + p ln n.
    #[must_use]
    pub fn bic(&self) -> f64 {
        self.deviance() + self.names.len() as f64 * libm::log(self.observations())
    }

    /// McFadden's pseudo-R², 1 − ℓ / ℓ₀.
    #[must_use]
    pub fn r2_mcfadden(&self) -> f64 {
        1.0 - self.log_likelihood / self.null_log_likelihood
    }

    /// Cox and Snell's pseudo-R², 1 − exp(2 (ℓ₀ − ℓ) / n).
    #[must_use]
    pub fn r2_cox_snell(&self) -> f64 {
        -libm::expm1(2.0 * (self.null_log_likelihood - self.log_likelihood) / self.observations())
    }

    /// Nagelkerke's pseudo-R²: Cox and Snell's over its largest possible value.
    #[must_use]
    pub fn r2_nagelkerke(&self) -> f64 {
        self.r2_cox_snell() / -libm::expm1(2.0 * self.null_log_likelihood / self.observations())
    }

    /// The fitted probabilities, row by row.
    #[must_use]
    pub fn probabilities(&self) -> Vec<f64> {
        self.model.kernel(true).probabilities(&self.centred)
    }

    /// The score X'(y − μ) at the estimate, columns as they are; 0 up to rounding.
    #[must_use]
    pub fn score(&self) -> Vec<f64> {
        self.model.kernel(false).evaluate(&self.coefficients).score
    }

    /// Tests and intervals by the standard errors.
    #[must_use]
    pub fn wald(&self, level: Level) -> Vec<Coefficient> {
        let row = |((name, &estimate), error): ((&String, _), _)| Coefficient::wald(name, estimate, error, level);
        self.names.iter().zip(&self.coefficients).zip(self.std_errors()).map(row).collect()
    }

    /// Tests and intervals by the likelihood, each coefficient held while the others follow.
    ///
    /// # Errors
    ///
    /// [`FitError::NotConverged`], [`FitError::Singular`].
    pub fn profile(&self, level: Level) -> Result<Vec<Coefficient>, FitError> {
        (0..self.names.len()).map(|j| self.profile_of(j, level)).collect()
    }

    /// The log-likelihood with a coefficient held at a value and the others at their best.
    ///
    /// # Errors
    ///
    /// [`FitError::NotConverged`], [`FitError::Singular`].
    ///
    /// # Panics
    ///
    /// When there is no such coefficient.
    pub fn profile_log_likelihood(&self, coefficient: usize, value: f64) -> Result<f64, FitError> {
        let free: Vec<usize> = (0..self.names.len()).filter(|&j| j != coefficient).collect();
        // The others move as the quadratic at the estimate says.
        let change = value - self.coefficients[coefficient];
        let variance = self.covariance[(coefficient, coefficient)];
        let mut start = self.coefficients.clone();
        for (j, start) in start.iter_mut().enumerate() {
            *start += change * self.covariance[(j, coefficient)] / variance;
        }
        start[coefficient] = value;
        let held = |start| self.model.held(Objective::Likelihood, start, &free, self.settings.max_iterations);
        let found = held(start).or_else(|_| {
            // Far out the quadratic may lead where weights vanish.
            let mut start = self.coefficients.clone();
            start[coefficient] = value;
            held(start)
        })?;
        Ok(found.log_likelihood)
    }

    fn profile_of(&self, j: usize, level: Level) -> Result<Coefficient, FitError> {
        let profile = Profile {
            name: &self.names[j],
            estimate: self.coefficients[j],
            std_error: self.covariance[(j, j)].sqrt(),
            inference: Inference::LikelihoodRatio,
            level,
        };
        profile.coefficient(|value| Ok(self.log_likelihood - self.profile_log_likelihood(j, value)?))
    }

    /// The likelihood-ratio test of all coefficients but the intercept.
    ///
    /// # Errors
    ///
    /// [`FitError::Distribution`] never, unless there are more coefficients than chi-square allows.
    pub fn likelihood_ratio(&self) -> Result<TermChiSquare, FitError> {
        let df = self.names.len() - usize::from(self.model.intercept().is_some());
        Ok(TermChiSquare::new(self.log_likelihood, self.null_log_likelihood, df)?)
    }

    /// The likelihood-ratio test of each term but the intercept, the model fitted without it (R's `drop1`).
    ///
    /// # Errors
    ///
    /// [`FitError::NotConverged`], [`FitError::Singular`].
    pub fn term_tests(&self) -> Result<Vec<TermTest>, FitError> {
        let intercept = self.model.design.intercept();
        let mut tests = Vec::new();
        for term in self.model.design.terms() {
            let rest: Vec<usize> = self.model.used.iter().copied().filter(|j| !term.columns.contains(j)).collect();
            let df = self.names.len() - rest.len();
            if df == 0 || intercept == Some(term.columns.start) {
                continue;
            }
            let without = self.model.with_columns(rest).maximum(Objective::Likelihood, self.settings.max_iterations)?;
            let test = TermChiSquare::new(self.log_likelihood, without.log_likelihood, df)?;
            tests.push(TermTest { term: term.name.clone(), test });
        }
        Ok(tests)
    }

    /// Wald's chi-square of several coefficients, b'V⁻¹b with their part V of the covariance.
    fn wald_chi_square(&self, names: &[&str]) -> Result<f64, FitError> {
        let places: Vec<usize> = (0..self.names.len()).filter(|&j| names.contains(&self.names[j].as_str())).collect();
        let estimates = DVector::from_iterator(places.len(), places.iter().map(|&j| self.coefficients[j]));
        let part = self.covariance.select_rows(&places).select_columns(&places);
        Ok(Cholesky::new(part).ok_or(FitError::Singular)?.solve(&estimates).dot(&estimates))
    }

    /// The Hosmer–Lemeshow test on the fitted probabilities; rows must be single observations.
    ///
    /// # Errors
    ///
    /// Those of [`HosmerLemeshow`].
    pub fn hosmer_lemeshow(&self, groups: usize) -> Result<HosmerLemeshowTest, FitError> {
        HosmerLemeshow { groups, external: false }.run(&self.probabilities(), self.model.outcome.events)
    }
}

/// The test of a term.
#[derive(Clone, Debug, PartialEq)]
pub struct TermTest {
    /// The term.
    pub term: String,
    /// Its test.
    pub test: TermChiSquare,
}
