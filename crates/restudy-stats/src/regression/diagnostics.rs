use nalgebra::Cholesky;

use super::data::Outcome;
use super::{Coding, Design, FitError};
use crate::survival::SurvivalTimes;

/// Fewer events (or non-events) per coefficient than this is remarked on (Peduzzi et al. 1996).
const FEW_EVENTS: f64 = 10.0;
/// A variance inflation above this is remarked on.
const INFLATED: f64 = 10.0;
/// A condition number above this is remarked on (Belsley, Kuh and Welsch 1980).
const ILL_CONDITIONED: f64 = 30.0;

/// What a reader of a model should know of its data; silence is never the answer.
///
/// ## Formulas
///
/// ```text
/// events per variable    min(events, non-events) / (coefficients without the intercept); of survival, events alone
/// variance inflation     det R₁ det R₂ / det R, R the correlations of all columns, R₁ of the term's, R₂ of the others
/// condition number       √(largest / smallest eigenvalue of R)
/// ```
///
/// For a term of one column the variance inflation is 1 / (1 − R²) of its regression on the others; for one of several
/// columns it is Fox and Monette's generalised factor, to be compared with others after taking its 1 / (2 df)-th power.
/// Columns are seen from their means, so that the choice of origin and unit does not matter.
///
/// ## Conventions
///
/// R: `car::vif` on the model matrix of a linear model with the same terms. Condition numbers of columns with their
/// means (`kappa(X)`) are larger.
///
/// ## Source
///
/// Peduzzi et al., Journal of Clinical Epidemiology 49 (1996) 1373–1379; Fox and Monette, Journal of the American
/// Statistical Association 87 (1992) 178–183; Belsley, Kuh and Welsch, Regression Diagnostics (1980).
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostics {
    /// Events, or non-events of a logistic model if these are fewer, per coefficient; nothing for a model of the intercept alone.
    pub events_per_variable: Option<f64>,
    /// Of each term but the intercept.
    pub variance_inflation: Vec<TermInflation>,
    /// Of the correlations of the columns.
    pub condition_number: f64,
}

/// How much a term's variance is larger than without the other terms.
#[derive(Clone, Debug, PartialEq)]
pub struct TermInflation {
    /// The term.
    pub term: String,
    /// The generalised variance inflation factor.
    pub factor: f64,
    /// The term's columns.
    pub df: usize,
}

/// Something a reader of a model should know.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ModelRemark {
    /// Fewer than 10 events per coefficient.
    FewEventsPerVariable {
        /// Events (or non-events) per coefficient.
        events_per_variable: f64,
    },
    /// A term that the others nearly explain: a factor above 10, or of several columns one whose df-th root is.
    VarianceInflation(TermInflation),
    /// A condition number above 30.
    IllConditioned {
        /// The condition number.
        condition_number: f64,
    },
}

impl Diagnostics {
    /// The diagnostics of a design with an outcome.
    ///
    /// # Errors
    ///
    /// Those of the outcome, as of [`Logistic`](super::Logistic); [`FitError::Singular`].
    pub fn of(design: &Design, outcome: Outcome<'_>) -> Result<Self, FitError> {
        outcome.check(design.rows())?;
        let events = outcome.event_count();
        Self::with_events(design, events.min(outcome.observations() - events))
    }

    /// The diagnostics of a design with survival times, as of a [`Cox`](crate::survival::Cox) model. The design is one with a
    /// [`baseline`](super::DesignBuilder::baseline): its columns are seen from their means.
    ///
    /// # Errors
    ///
    /// [`FitError::Length`], [`FitError::OneOutcome`] when all are censored, [`FitError::Singular`].
    pub fn of_survival(design: &Design, times: &SurvivalTimes) -> Result<Self, FitError> {
        if times.len() != design.rows() {
            let (rows, found) = (design.rows(), times.len());
            return Err(FitError::Length { name: "survival times".to_owned(), rows, found });
        }
        if times.events() == 0 {
            return Err(FitError::OneOutcome { all_events: false });
        }
        Self::with_events(design, times.weight_of_events())
    }

    /// The diagnostics of a design whose coefficients so many events have to carry.
    fn with_events(design: &Design, events: f64) -> Result<Self, FitError> {
        let all: Vec<usize> = (0..design.column_names().len()).filter(|&j| Some(j) != design.intercept()).collect();
        let correlations = design.correlations();
        let log_determinant = |columns: &[usize]| {
            let part = correlations.select_rows(columns).select_columns(columns);
            let factor = Cholesky::new(part).ok_or(FitError::Singular)?;
            Ok::<f64, FitError>(2.0 * factor.l_dirty().diagonal().iter().map(|d| libm::log(*d)).sum::<f64>())
        };
        let whole = log_determinant(&all)?;
        let mut variance_inflation = Vec::new();
        for term in design.terms().iter().filter(|term| term.coding != Coding::Intercept) {
            let own: Vec<usize> = term.columns.clone().collect();
            let others: Vec<usize> = all.iter().copied().filter(|j| !own.contains(j)).collect();
            let factor = libm::exp(log_determinant(&own)? + log_determinant(&others)? - whole);
            variance_inflation.push(TermInflation { term: term.name.clone(), factor, df: own.len() });
        }
        let condition_number = if all.is_empty() {
            1.0
        } else {
            let eigenvalues = correlations.select_rows(&all).select_columns(&all).symmetric_eigenvalues();
            (eigenvalues.max() / eigenvalues.min().max(f64::MIN_POSITIVE)).sqrt()
        };
        Ok(Self {
            events_per_variable: (!all.is_empty()).then(|| events / all.len() as f64),
            variance_inflation,
            condition_number,
        })
    }

    /// What of it should be said.
    #[must_use]
    pub fn remarks(&self) -> Vec<ModelRemark> {
        let mut remarks = Vec::new();
        if let Some(events_per_variable) = self.events_per_variable.filter(|&events| events < FEW_EVENTS) {
            remarks.push(ModelRemark::FewEventsPerVariable { events_per_variable });
        }
        for inflation in &self.variance_inflation {
            if libm::pow(inflation.factor, 1.0 / inflation.df as f64) > INFLATED {
                remarks.push(ModelRemark::VarianceInflation(inflation.clone()));
            }
        }
        if self.condition_number > ILL_CONDITIONED {
            remarks.push(ModelRemark::IllConditioned { condition_number: self.condition_number });
        }
        remarks
    }
}
