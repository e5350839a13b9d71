//! Proportional hazards: settings and fit here, the sums over risk sets in `risk_sets`, what a fit can be asked in
//! `fitted` and `residuals`.

mod exact;
mod firth;
mod fitted;
mod monotone;
mod objective;
mod penalty;
mod residuals;
mod risk_sets;
mod selection;

pub use firth::{FirthCox, FirthCoxFit};
pub use fitted::{BaselineHazard, CoxFit, CoxTerm, ModelTest};
pub use residuals::{RobustCovariance, SchoenfeldResiduals};

use nalgebra::{Cholesky, DMatrix};

use super::{SurvivalError, SurvivalTimes};
use crate::Level;
use crate::blocked::first_that_is_not;
use crate::newton::{Failure, Maximum, Objective};
use crate::regression::{Coefficient, Design};
use objective::{Point, Target};
use risk_sets::RiskSets;

/// Below this share of its diagonal element a pivot of the information is rounding.
pub(super) const SINGULAR: f64 = 1e-11;
/// Where the last step is this long in standard deviations of a covariate, the likelihood may be monotone.
const LONG: f64 = 1e-2;

/// So does information on a scaled covariate below this much per event, which is about 1 where all coefficients are 0.
const FAINT: f64 = 1e-6;

/// Rows from which a start on some of them pays.
const MANY: usize = 100_000;
/// One of how many rows makes the start.
const STRIDE: usize = 16;

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
/// are within strata; somebody is at risk when entry < t ≤ time. The exact likelihood of d events at one time has in place of
/// the inner sum log Σ exp(β·Σ x), over all choices of d of those at risk. The maximum is found by Newton's method with
/// step halving on covariates centred and scaled, to the precision of the arithmetic.
///
/// ## Input
///
/// Survival data and covariates, one column each, in the order in which the rows were given.
///
/// ## Result
///
/// A [`CoxFit`]: coefficients (logarithms of hazard ratios per unit), covariance, likelihoods, Wald, likelihood-ratio and
/// score tests, profile likelihoods, baseline hazard, residuals of every kind, robust standard errors, concordance, and the
/// test of proportional hazards.
///
/// ## Conventions
///
/// R: `coxph(Surv(time, event) ~ x + strata(s), ties = "efron", eps = 1e-14)`; R's default stops earlier. Default for ties:
/// Efron in R and lifelines; Breslow in SPSS, SAS, Stata and scikit-survival; `ties = "exact"` is SAS's DISCRETE and Stata's
/// `exactp`. Weights are counts, and the standard errors are those of the model; [`CoxFit::robust`] has those of a
/// sandwich, for weights that are no counts and for clusters.
///
/// ## Errors
///
/// [`SurvivalError::Shape`], [`SurvivalError::NotFinite`], [`SurvivalError::NoEvents`],
/// [`SurvivalError::NoVariation`], [`SurvivalError::Collinear`] (more covariates than observations included),
/// [`SurvivalError::MonotoneLikelihood`] when coefficients are infinite, with their names, decided by linear programming
/// ([`FirthCox`] has an estimate then), [`SurvivalError::NotWithExactTies`] for weights, [`SurvivalError::Singular`],
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
    /// Time is discrete: the likelihood of these d out of all choices of d of those at risk. The time it takes grows with
    /// d times those at risk.
    Exact,
}

/// Covariates by column; a [`Design`] without intercept ([`baseline`](crate::regression::DesignBuilder::baseline)) is one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Covariates<'a> {
    /// The name of each column.
    pub names: &'a [String],
    /// The columns one after the other, each a value per row of the survival data.
    pub values: &'a [f64],
}

impl<'a> From<&'a Design> for Covariates<'a> {
    fn from(design: &'a Design) -> Self {
        Self { names: design.column_names(), values: design.values() }
    }
}

impl Covariates<'_> {
    fn check(&self, rows: usize) -> Result<(), SurvivalError> {
        let (values, columns) = (self.values.len(), self.names.len());
        if columns == 0 || values != rows * columns {
            return Err(SurvivalError::Shape { values, rows, columns });
        }
        for (name, column) in self.names.iter().zip(self.values.chunks_exact(rows)) {
            if let Some(row) = first_that_is_not(column, f64::is_finite) {
                return Err(SurvivalError::NotFinite { name: name.clone(), row });
            }
            if column.iter().all(|x| *x == column[0]) {
                return Err(SurvivalError::NoVariation { term: name.clone() });
            }
        }
        Ok(())
    }
}

/// Risk sets on which a model can be fitted, with what is known where all coefficients are 0.
struct Start<'a> {
    sets: RiskSets<'a>,
    names: Vec<String>,
    log_likelihood: f64,
    slope: Vec<f64>,
    score_statistic: f64,
}

impl<'a> Start<'a> {
    fn new(cox: Cox, times: &'a SurvivalTimes, covariates: Covariates<'_>) -> Result<Self, SurvivalError> {
        covariates.check(times.len())?;
        if times.events() == 0 {
            return Err(SurvivalError::NoEvents);
        }
        if u32::try_from(times.len()).is_err() {
            return Err(SurvivalError::TooMany { found: times.len() });
        }
        if cox.ties == CoxTies::Exact && times.weights().is_some() {
            return Err(SurvivalError::NotWithExactTies { what: "case weights" });
        }
        let (names, p) = (covariates.names.to_vec(), covariates.names.len());
        let sets = RiskSets::new(times, covariates, cox.ties);
        let target = Target { sets: &sets, penalized: false };
        let null = target.at(&vec![0.0; p]).ok_or(SurvivalError::Singular)?;
        let (slope, information) = target.derivatives(&[], &null);
        let events = sets.weight_of_events();
        for (j, name) in names.iter().enumerate() {
            // The covariates are scaled: their information per event is about 1.
            if information[(j, j)] <= SINGULAR * events {
                return Err(SurvivalError::NoVariation { term: name.clone() });
            }
        }
        let lower: Vec<f64> = information.transpose().as_slice().to_vec();
        let factor = super::cholesky::Cholesky::new(&lower, p, SINGULAR)
            .map_err(|j| SurvivalError::Collinear { term: names[j].clone() })?;
        let score_statistic = factor.inverse_form(&slope);
        Ok(Self { sets, names, log_likelihood: null.log_likelihood, slope, score_statistic })
    }

    /// The maximum over the coefficients in `free`, the others 0.
    ///
    /// Along a monotone likelihood Newton's steps stay about as long as a standard deviation, or the information vanishes;
    /// then the linear program decides.
    fn maximum(&self, free: &[usize]) -> Result<Maximum<Point>, SurvivalError> {
        let target = Target { sets: &self.sets, penalized: false };
        let faint = FAINT * self.sets.weight_of_events();
        match target.maximum(self.near(free), free) {
            Ok(found) if found.last_step < LONG && free.iter().all(|&j| found.information[(j, j)] > faint) => Ok(found),
            found => match monotone::monotone(&self.sets, &self.slope, free) {
                Some(along) => {
                    let terms = along.into_iter().map(|j| self.names[j].clone()).collect();
                    Err(SurvivalError::MonotoneLikelihood { terms })
                }
                None => Ok(found?),
            },
        }
    }
}

impl Start<'_> {
    /// Coefficients in the neighbourhood of the estimate, found on some of many rows: three or four passes over all of them
    /// are left of seven. A sample without an estimate costs little and is forgotten.
    fn near(&self, free: &[usize]) -> Vec<f64> {
        let (sets, p) = (&self.sets, self.sets.p());
        let mut beta = vec![0.0; p];
        if sets.times.len() < MANY || sets.ties == CoxTies::Exact {
            return beta;
        }
        let times = sets.times.thinned(STRIDE);
        let values: Vec<f64> =
            free.iter().flat_map(|&j| times.rows().iter().map(move |&i| sets.column(j)[i as usize])).collect();
        let times = times.renumbered();
        let names: Vec<String> = free.iter().map(|&j| self.names[j].clone()).collect();
        let some = Start::new(Cox { ties: sets.ties }, &times, Covariates { names: &names, values: &values });
        if let Ok(some) = some {
            let target = Target { sets: &some.sets, penalized: false };
            if let Ok(found) = target.maximum(vec![0.0; free.len()], &(0..free.len()).collect::<Vec<_>>()) {
                for (k, &j) in free.iter().enumerate() {
                    beta[j] = found.beta[k] / some.sets.sd[k];
                }
            }
        }
        beta
    }
}

impl Cox {
    /// The fit of the model.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn fit<'a>(&self, times: &'a SurvivalTimes, covariates: Covariates<'_>) -> Result<CoxFit<'a>, SurvivalError> {
        let start = Start::new(*self, times, covariates)?;
        let found = start.maximum(&(0..start.sets.p()).collect::<Vec<_>>())?;
        CoxFit::new(start, covariates, found)
    }
}

impl Cox {
    /// The fit, or where the likelihood is monotone, along what, with Firth's fit and its profile intervals.
    ///
    /// # Errors
    ///
    /// Those of [`fit`](Self::fit) but for a monotone likelihood, and of [`FirthCox`].
    pub fn fit_or_firth<'a>(
        &self,
        times: &'a SurvivalTimes,
        covariates: Covariates<'_>,
        level: Level,
    ) -> Result<CoxOrFirth<'a>, SurvivalError> {
        match self.fit(times, covariates) {
            Ok(fit) => Ok(CoxOrFirth::Likelihood(Box::new(fit))),
            Err(SurvivalError::MonotoneLikelihood { terms }) => {
                let fit = FirthCox { ties: self.ties }.fit(times, covariates)?;
                let coefficients = fit.profile(level)?;
                Ok(CoxOrFirth::Monotone { terms, fit: Box::new(fit), coefficients })
            }
            Err(error) => Err(error),
        }
    }
}

/// A model by maximum likelihood, or by Firth's penalised likelihood where that has no maximum.
pub enum CoxOrFirth<'a> {
    /// There is a maximum.
    Likelihood(Box<CoxFit<'a>>),
    /// There is none.
    Monotone {
        /// The covariates whose coefficients are infinite.
        terms: Vec<String>,
        /// Firth's fit.
        fit: Box<FirthCoxFit<'a>>,
        /// Its coefficients, with tests and intervals by the penalised likelihood.
        coefficients: Vec<Coefficient>,
    },
}

/// The inverse of an information matrix.
fn inverse(information: &DMatrix<f64>) -> Result<DMatrix<f64>, SurvivalError> {
    Ok(Cholesky::new(information.clone()).ok_or(Failure::Singular)?.inverse())
}
