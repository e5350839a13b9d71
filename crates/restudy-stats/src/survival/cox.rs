//! Proportional hazards: settings and fit here, the sums over risk sets in `sweep`, what a fit can be asked in `fitted`.

mod fitted;
mod sweep;

pub use fitted::{BaselineHazard, CoxFit, CoxTerm, ModelTest};

use super::cholesky::Cholesky;
use super::{SurvivalError, SurvivalTimes};
use sweep::{Design, Totals};

/// Below this share of its diagonal element a pivot of the information is rounding.
pub(super) const SINGULAR: f64 = 1e-11;
/// The squared length of a Newton step, in standard errors, after which one more step is the last: the error is then
/// that of rounding.
const CONVERGED: f64 = 1e-20;
/// Where steps have become short in standard errors ...
const SHORT: f64 = 1e-4;
/// ... but not in standard deviations of the covariates, the likelihood may be monotone.
const LONG: f64 = 1e-2;
/// Newton steps at most; a dozen is much.
const MAX_STEPS: u32 = 60;
/// Halvings of a step at most.
const MAX_HALVINGS: u32 = 40;

/// How do covariates multiply the hazard? Cox's proportional hazards model.
///
/// ## Formula
///
/// ```text
/// h(t | x) = h₀(t) exp(β·x)
/// log L(β) = Σ over event times [ Σ w β·x − w̄ Σₗ log Σ over those at risk w exp(β·x) (1 − (l/d) [has the event]) ]
/// ```
///
/// The inner sum is over l = 0 … d − 1 for Efron's treatment of d events at one time; Breslow's has l = 0 throughout. Risk sets
/// are within strata; somebody is at risk when entry < t ≤ time. The maximum is found by Newton's method with step
/// halving on covariates centred and scaled, to the precision of the arithmetic.
///
/// ## Input
///
/// Survival data and covariates, one column each, in the order in which the rows were given.
///
/// ## Result
///
/// A [`CoxFit`]: coefficients (logarithms of hazard ratios per unit), covariance, likelihoods, Wald, likelihood-ratio and
/// score tests, baseline hazard, martingale and deviance residuals, concordance, and the test of proportional hazards.
///
/// ## Conventions
///
/// R: `coxph(Surv(time, event) ~ x + strata(s), ties = "efron", eps = 1e-14)`; R's default stops earlier. Default for ties:
/// Efron in R and lifelines; Breslow in SPSS, SAS, Stata and scikit-survival. Weights are counts; the standard errors are
/// those of the model, not robust ones.
///
/// ## Errors
///
/// [`SurvivalError::Shape`], [`SurvivalError::NotFinite`], [`SurvivalError::NoEvents`],
/// [`SurvivalError::NoVariation`], [`SurvivalError::Collinear`] (more covariates than observations included),
/// [`SurvivalError::MonotoneLikelihood`] when coefficients are infinite, with their names,
/// [`SurvivalError::NotConverged`].
///
/// ## Example
///
/// ```
/// use restudy_stats::survival::{Covariates, Cox, SurvivalData};
///
/// // One event of each kind of risk set: L = [e^β / (2 e^β + 1)] [1 / (e^β + 1)], at its maximum where e^β = 1 / √2.
/// let times = SurvivalData::new(&[1.0, 2.0, 3.0], &[true, true, false]).prepare()?;
/// let x = Covariates { names: &["x".to_owned()], values: &[1.0, 0.0, 1.0] };
/// let fit = Cox::default().fit(&times, x)?;
/// assert!((fit.coefficients[0] + 0.5 * 2.0_f64.ln()).abs() < 1e-12);
/// # Ok::<(), restudy_stats::survival::SurvivalError>(())
/// ```
///
/// ## Source
///
/// Cox, Regression models and life-tables, Journal of the Royal Statistical Society B 34 (1972) 187–220; Breslow, Biometrics
/// 30 (1974) 89–99; Efron, Journal of the American Statistical Association 72 (1977) 557–565; Therneau and Grambsch, Modeling
/// survival data (2000).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cox {
    /// What is done about events at one time.
    pub ties: CoxTies,
}

/// The partial likelihood of events at one time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CoxTies {
    /// Each of them is, on average, out of the risk set of half of the others.
    #[default]
    Efron,
    /// All of them are in the risk set of each.
    Breslow,
}

/// Covariates by column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Covariates<'a> {
    /// The name of each column.
    pub names: &'a [String],
    /// The columns one after the other, each a value per row of the survival data.
    pub values: &'a [f64],
}

impl Covariates<'_> {
    fn check(&self, rows: usize) -> Result<(), SurvivalError> {
        let (values, columns) = (self.values.len(), self.names.len());
        if columns == 0 || values != rows * columns {
            return Err(SurvivalError::Shape { values, rows, columns });
        }
        for (name, column) in self.names.iter().zip(self.values.chunks_exact(rows)) {
            if let Some(row) = column.iter().position(|x| !x.is_finite()) {
                return Err(SurvivalError::NotFinite { name: name.clone(), row });
            }
            if column.iter().all(|x| *x == column[0]) {
                return Err(SurvivalError::NoVariation { term: name.clone() });
            }
        }
        Ok(())
    }
}

impl Cox {
    /// The fit of the model.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn fit<'a>(&self, times: &'a SurvivalTimes, covariates: Covariates<'_>) -> Result<CoxFit<'a>, SurvivalError> {
        covariates.check(times.len())?;
        if times.events() == 0 {
            return Err(SurvivalError::NoEvents);
        }
        let names = covariates.names;
        let p = names.len();
        let design = Design::new(times, covariates, self.ties);
        let null = design.totals(&vec![0.0; p]);
        let events: f64 = design.weight_of_events();
        for (j, name) in names.iter().enumerate() {
            // The covariates are scaled: their information per event is about 1.
            if null.information[j * (p + 1)] <= SINGULAR * events {
                return Err(SurvivalError::NoVariation { term: name.clone() });
            }
        }
        let factor = Cholesky::new(&null.information, p, SINGULAR)
            .map_err(|j| SurvivalError::Collinear { term: names[j].clone() })?;
        let score_statistic = factor.inverse_form(&null.score);

        let newton = self.maximise(&design, null.clone(), names)?;
        CoxFit::new(design, covariates, &null, score_statistic, newton)
    }

    /// Newton's method from the null model.
    fn maximise(&self, design: &Design<'_>, null: Totals, names: &[String]) -> Result<Newton, SurvivalError> {
        let p = names.len();
        let mut beta = vec![0.0; p];
        let mut at = null;
        let mut direction: Option<Vec<f64>> = None;
        let monotone = |direction: &[f64]| -> Option<SurvivalError> {
            let terms = design.monotone_along(direction)?.into_iter().map(|j| names[j].clone()).collect();
            Some(SurvivalError::MonotoneLikelihood { terms })
        };
        for steps in 1..=MAX_STEPS {
            let factor = match Cholesky::new(&at.information, p, SINGULAR * SINGULAR) {
                Ok(factor) => factor,
                // The information vanishes where the likelihood has become flat.
                Err(_) => {
                    let error = direction.as_deref().and_then(monotone);
                    return Err(error.unwrap_or(SurvivalError::NotConverged { iterations: steps }));
                }
            };
            let step = factor.solve(&at.score);
            let length: f64 = step.iter().zip(&at.score).map(|(step, score)| step * score).sum();
            if length < SHORT
                && step.iter().any(|step| step.abs() > LONG)
                && let Some(error) = monotone(&step)
            {
                return Err(error);
            }
            let last = length < CONVERGED;
            let mut fraction = 1.0;
            let mut halvings = 0;
            let (next, totals) = loop {
                let next: Vec<f64> = beta.iter().zip(&step).map(|(beta, step)| beta + fraction * step).collect();
                let totals = design.totals(&next);
                // At the maximum the likelihood moves by rounding only.
                if last || totals.log_likelihood >= at.log_likelihood - 1e-12 * at.log_likelihood.abs() {
                    break (next, totals);
                }
                fraction /= 2.0;
                halvings += 1;
                if halvings > MAX_HALVINGS {
                    return Err(SurvivalError::NotConverged { iterations: steps });
                }
            };
            (beta, at) = (next, totals);
            if last {
                let factor = Cholesky::new(&at.information, p, SINGULAR * SINGULAR)
                    .map_err(|_| SurvivalError::NotConverged { iterations: steps })?;
                return Ok(Newton { beta, at, inverse: factor.inverse(), steps });
            }
            direction = Some(step);
        }
        let error = direction.as_deref().and_then(monotone);
        Err(error.unwrap_or(SurvivalError::NotConverged { iterations: MAX_STEPS }))
    }
}

/// The maximum, for the scaled covariates.
struct Newton {
    beta: Vec<f64>,
    at: Totals,
    inverse: Vec<f64>,
    steps: u32,
}
