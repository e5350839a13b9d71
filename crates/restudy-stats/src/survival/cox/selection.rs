//! The terms of a Cox model as candidates of a selection.

use nalgebra::{Cholesky, DVector};

use super::objective::Target;
use super::{Covariates, Cox, CoxFit, Start};
use crate::newton::{Failure, Objective};
use crate::regression::{
    Candidates, Design, Screen, Screened, Selected, Selection, Univariable, kept, main_terms, names, of_one,
};
use crate::survival::{SurvivalError, SurvivalTimes};

/// The terms of a Cox model, each inside or, held at 0, outside.
struct CoxTerms<'a, 'd> {
    start: Start<'a>,
    design: &'d Design,
}

/// A maximum over the coefficients of some terms.
struct Held {
    free: Vec<usize>,
    beta: Vec<f64>,
    log_likelihood: f64,
}

impl CoxTerms<'_, '_> {
    fn columns(&self, inside: &[bool]) -> Vec<usize> {
        let terms = self.design.terms().iter().zip(inside).filter(|&(_, &inside)| inside);
        terms.flat_map(|(term, _)| term.columns.clone()).collect()
    }

    /// b'A b of the part of a slope and the inverse of its information.
    fn form(
        &self,
        beta: &[f64],
        free: &[usize],
    ) -> Result<(DVector<f64>, Cholesky<f64, nalgebra::Dyn>), SurvivalError> {
        let target = Target { sets: &self.start.sets, penalized: false };
        let point = target.at(beta).ok_or(Failure::Singular)?;
        let (slope, information) = target.derivatives(beta, &point);
        let part = information.select_rows(free).select_columns(free);
        let slope = DVector::from_iterator(free.len(), free.iter().map(|&j| slope[j]));
        Ok((slope, Cholesky::new(part).ok_or(Failure::Singular)?))
    }
}

impl Candidates for CoxTerms<'_, '_> {
    type Fit = Held;
    type Error = SurvivalError;

    fn design(&self) -> &Design {
        self.design
    }

    fn fit(&self, inside: &[bool]) -> Result<Held, SurvivalError> {
        let free = self.columns(inside);
        let found = self.start.maximum(&free)?;
        Ok(Held { free, beta: found.beta, log_likelihood: found.state.log_likelihood })
    }

    fn log_likelihood(&self, fit: &Held) -> f64 {
        fit.log_likelihood
    }

    fn score_statistic(&self, fit: &Held, inside: &[bool]) -> Result<f64, SurvivalError> {
        let (slope, factor) = self.form(&fit.beta, &self.columns(inside))?;
        Ok(factor.solve(&slope).dot(&slope))
    }

    fn wald_statistic(&self, fit: &Held, term: usize) -> Result<f64, SurvivalError> {
        let (_, factor) = self.form(&fit.beta, &fit.free)?;
        let columns = &self.design.terms()[term].columns;
        let places: Vec<usize> = (0..fit.free.len()).filter(|&k| columns.contains(&fit.free[k])).collect();
        let part = factor.inverse().select_rows(&places).select_columns(&places);
        let beta = DVector::from_iterator(places.len(), places.iter().map(|&k| fit.beta[fit.free[k]]));
        Ok(Cholesky::new(part).ok_or(Failure::Singular)?.solve(&beta).dot(&beta))
    }

    fn has_no_estimate(error: &SurvivalError) -> bool {
        matches!(
            error,
            SurvivalError::MonotoneLikelihood { .. } | SurvivalError::Singular | SurvivalError::NotConverged { .. }
        )
    }
}

impl Cox {
    /// Selects among the terms of a design without intercept, as [`Selection`] says. There is no fit where no term is left.
    ///
    /// # Errors
    ///
    /// Those of [`Selection`] and of [`Cox`].
    pub fn select<'a>(
        &self,
        times: &'a SurvivalTimes,
        design: &Design,
        selection: &Selection,
    ) -> Result<Selected<Option<CoxFit<'a>>>, SurvivalError> {
        let (path, inside, _) = selection.select(&self.candidates(times, design)?)?;
        Ok(Selected { path, terms: names(design, &inside), fit: self.fit_inside(times, design, &inside)? })
    }

    /// Screens the terms of a design without intercept, as [`Screen`] says. There is no fit where no term is chosen.
    ///
    /// # Errors
    ///
    /// Those of [`Screen`] and of [`Cox`].
    pub fn screen<'a>(
        &self,
        times: &'a SurvivalTimes,
        design: &Design,
        screen: &Screen,
    ) -> Result<Screened<Option<CoxFit<'a>>, SurvivalError>, SurvivalError> {
        let (tests, inside) = screen.choose(&self.candidates(times, design)?)?;
        Ok(Screened { tests, terms: names(design, &inside), fit: self.fit_inside(times, design, &inside)? })
    }

    /// Fits some terms of a design without intercept, by name.
    ///
    /// # Errors
    ///
    /// [`FitError::UnknownTerm`](crate::regression::FitError::UnknownTerm), and those of [`Cox`].
    pub fn fit_terms<'a>(
        &self,
        times: &'a SurvivalTimes,
        design: &Design,
        terms: &[&str],
    ) -> Result<CoxFit<'a>, SurvivalError> {
        let terms: Vec<String> = terms.iter().map(|&name| name.to_owned()).collect();
        let fit = self.fit_inside(times, design, &kept(design, &terms)?)?;
        fit.ok_or(SurvivalError::Shape { values: 0, rows: times.len(), columns: 0 })
    }

    /// Fits each term by itself, interactions left out. A term without an estimate says why and stops no other.
    #[must_use]
    pub fn univariable<'a>(
        &self,
        times: &'a SurvivalTimes,
        design: &Design,
    ) -> Vec<Univariable<CoxFit<'a>, SurvivalError>> {
        let alone = |term: usize| {
            let fit = self.fit_inside(times, design, &of_one(design, term));
            let none = SurvivalError::Shape { values: 0, rows: times.len(), columns: 0 };
            Univariable { term: design.terms()[term].name.clone(), fit: fit.and_then(|fit| fit.ok_or(none)) }
        };
        main_terms(design).map(alone).collect()
    }

    fn candidates<'a, 'd>(
        &self,
        times: &'a SurvivalTimes,
        design: &'d Design,
    ) -> Result<CoxTerms<'a, 'd>, SurvivalError> {
        Ok(CoxTerms { start: Start::new(*self, times, Covariates::from(design))?, design })
    }

    fn fit_inside<'a>(
        &self,
        times: &'a SurvivalTimes,
        design: &Design,
        inside: &[bool],
    ) -> Result<Option<CoxFit<'a>>, SurvivalError> {
        let terms = design.terms().iter().zip(inside).filter(|&(_, &inside)| inside);
        let columns: Vec<usize> = terms.flat_map(|(term, _)| term.columns.clone()).collect();
        if columns.is_empty() {
            return Ok(None);
        }
        let names: Vec<String> = columns.iter().map(|&column| design.column_names()[column].clone()).collect();
        let values: Vec<f64> = columns.iter().flat_map(|&column| design.column(column)).copied().collect();
        Ok(Some(self.fit(times, Covariates { names: &names, values: &values })?))
    }
}
