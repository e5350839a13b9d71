use nalgebra::{Cholesky, DMatrix, DVector};

use super::kernel::Kernel;
use super::maximum::{Maximum, Objective, maximum};
use super::{Design, FitError};

/// Rows from which a start on some of them pays.
const MANY: usize = 100_000;
/// The share of the blocks of rows that make the start.
const STRIDE: usize = 16;

/// The outcome of each row of a design, with its frequency and offset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome<'a> {
    /// Whether the row is an event.
    pub events: &'a [bool],
    /// How many observations the row stands for; 1 each when absent.
    pub weights: Option<&'a [f64]>,
    /// A part of the linear predictor with coefficient 1; 0 each when absent.
    pub offset: Option<&'a [f64]>,
}

impl<'a> Outcome<'a> {
    /// Outcomes, one observation each.
    #[must_use]
    pub fn new(events: &'a [bool]) -> Self {
        Self { events, weights: None, offset: None }
    }

    /// The same with frequency weights.
    #[must_use]
    pub fn with_weights(self, weights: &'a [f64]) -> Self {
        Self { weights: Some(weights), ..self }
    }

    /// The same with an offset.
    #[must_use]
    pub fn with_offset(self, offset: &'a [f64]) -> Self {
        Self { offset: Some(offset), ..self }
    }

    /// Observations, Σ weights.
    #[must_use]
    pub fn observations(&self) -> f64 {
        self.weights.map_or(self.events.len() as f64, |weights| weights.iter().sum())
    }

    /// Events among them.
    #[must_use]
    pub fn event_count(&self) -> f64 {
        match self.weights {
            None => self.events.iter().filter(|&&event| event).count() as f64,
            Some(weights) => {
                weights.iter().zip(self.events).filter(|&(_, &event)| event).map(|(weight, _)| weight).sum()
            }
        }
    }

    pub(super) fn check(&self, rows: usize) -> Result<(), FitError> {
        let length = |name: &str, found| {
            if found == rows { Ok(()) } else { Err(FitError::Length { name: name.to_owned(), rows, found }) }
        };
        length("outcome", self.events.len())?;
        if let Some(weights) = self.weights {
            length("weights", weights.len())?;
            if let Some(position) = weights.iter().position(|weight| !weight.is_finite()) {
                return Err(FitError::NotFinite { name: "weights".to_owned(), position });
            }
            if let Some(position) = weights.iter().position(|weight| *weight < 0.0) {
                return Err(FitError::NegativeWeight { position, weight: weights[position] });
            }
        }
        if let Some(offset) = self.offset {
            length("offset", offset.len())?;
            if let Some(position) = offset.iter().position(|value| !value.is_finite()) {
                return Err(FitError::NotFinite { name: "offset".to_owned(), position });
            }
        }
        let (all, events) = (self.observations(), self.event_count());
        if all == 0.0 {
            return Err(FitError::Empty);
        }
        if events == 0.0 || events == all {
            return Err(FitError::OneOutcome { all_events: events > 0.0 });
        }
        Ok(())
    }
}

/// Some columns of a design with an outcome: what a fit is made on, and what its profiles go back to.
#[derive(Clone, Debug)]
pub(super) struct Model<'a> {
    pub(super) design: &'a Design,
    pub(super) outcome: Outcome<'a>,
    /// The columns of the design that the model has.
    pub(super) used: Vec<usize>,
}

impl<'a> Model<'a> {
    pub(super) fn new(design: &'a Design, outcome: Outcome<'a>) -> Result<Self, FitError> {
        outcome.check(design.rows())?;
        Ok(Self { design, outcome, used: (0..design.column_names().len()).collect() })
    }

    /// The same with fewer columns, named by their place in the design.
    pub(super) fn with_columns(&self, used: Vec<usize>) -> Self {
        Self { used, ..self.clone() }
    }

    /// The intercept's place among the columns used.
    pub(super) fn intercept(&self) -> Option<usize> {
        let column = self.design.intercept()?;
        self.used.iter().position(|&used| used == column)
    }

    /// What is taken off a column of the design seen from its mean; without an intercept nothing takes that up.
    pub(super) fn centre(&self, column: usize) -> f64 {
        if self.intercept().is_some() { self.design.centre(column) } else { 0.0 }
    }

    /// Columns seen from their means, or as they are: a coefficient held while others move must be one of the basis, and
    /// the intercept is not where columns are seen from their means.
    pub(super) fn kernel(&self, centred: bool) -> Kernel<'a> {
        Kernel {
            columns: self.used.iter().map(|&column| self.design.column(column)).collect(),
            centre: self.used.iter().map(|&column| if centred { self.centre(column) } else { 0.0 }).collect(),
            events: self.outcome.events,
            weights: self.outcome.weights,
            offset: self.outcome.offset,
            stride: 1,
        }
    }

    fn scale(&self) -> Vec<f64> {
        self.used.iter().map(|&column| self.design.scale(column)).collect()
    }

    /// The coefficients of the mean alone.
    pub(super) fn start(&self) -> Vec<f64> {
        let mut start = vec![0.0; self.used.len()];
        if let (Some(intercept), None) = (self.intercept(), self.outcome.offset) {
            let (all, events) = (self.outcome.observations(), self.outcome.event_count());
            start[intercept] = libm::log(events / (all - events));
        }
        start
    }

    /// The maximum over all coefficients, columns seen from their means.
    pub(super) fn maximum(&self, objective: Objective, max_iterations: u32) -> Result<Maximum, FitError> {
        let free: Vec<usize> = (0..self.used.len()).collect();
        let (kernel, scale, mut start) = (self.kernel(true), self.scale(), self.start());
        if objective == Objective::Likelihood && self.design.rows() >= MANY {
            // The way to the neighbourhood of the estimate is made on some of the rows: three or four passes over all of
            // them are left of seven. A sample without an estimate (it can be separated) costs little and is forgotten.
            let some = Kernel { stride: STRIDE, ..kernel.clone() };
            if let Ok(found) = maximum(&some, objective, start.clone(), &free, &scale, max_iterations) {
                start = found.beta;
            }
        }
        maximum(&kernel, objective, start, &free, &scale, max_iterations)
    }

    /// The maximum with the coefficients outside `free` held, columns as they are.
    pub(super) fn held(
        &self,
        objective: Objective,
        start: Vec<f64>,
        free: &[usize],
        max_iterations: u32,
    ) -> Result<Maximum, FitError> {
        // Seen from their means where the intercept is free to take that up.
        let Some(intercept) = self.intercept().filter(|intercept| free.contains(intercept)) else {
            return maximum(&self.kernel(false), objective, start, free, &self.scale(), max_iterations);
        };
        let kernel = self.kernel(true);
        let shift = |beta: &[f64]| beta.iter().zip(&kernel.centre).map(|(beta, centre)| beta * centre).sum::<f64>();
        let mut start = start;
        start[intercept] += shift(&start);
        let mut found = maximum(&kernel, objective, start, free, &self.scale(), max_iterations)?;
        found.beta[intercept] -= shift(&found.beta);
        Ok(found)
    }

    /// Coefficients of the columns as they are, from those of columns seen from their means.
    pub(super) fn uncentred(&self, beta: &[f64]) -> Vec<f64> {
        let mut beta = beta.to_vec();
        if let Some(intercept) = self.intercept() {
            let centre = self.kernel(true).centre;
            beta[intercept] -= beta.iter().zip(&centre).map(|(beta, centre)| beta * centre).sum::<f64>();
        }
        beta
    }

    /// The inverse of an information matrix of columns seen from their means, for the columns as they are.
    pub(super) fn covariance(&self, information: &DMatrix<f64>) -> Result<DMatrix<f64>, FitError> {
        // Scaled to a unit diagonal, so that the factor keeps the digits of small and large columns alike.
        let p = self.used.len();
        let unit: Vec<f64> = (0..p).map(|j| 1.0 / information[(j, j)].sqrt()).collect();
        let scaled = DMatrix::from_fn(p, p, |j, k| information[(j, k)] * unit[j] * unit[k]);
        let inverse = Cholesky::new(scaled).ok_or(FitError::Singular)?.inverse();
        let mut covariance = DMatrix::from_fn(p, p, |j, k| inverse[(j, k)] * unit[j] * unit[k]);
        if let Some(intercept) = self.intercept() {
            let mut back = DMatrix::identity(p, p);
            for (j, centre) in self.kernel(true).centre.iter().enumerate().filter(|&(j, _)| j != intercept) {
                back[(intercept, j)] = -centre;
            }
            covariance = &back * covariance * back.transpose();
        }
        Ok(covariance)
    }

    /// Rao's score test of the columns that a fit does not have, at its estimate.
    pub(super) fn score_test(&self, names: &[String], coefficients: &[f64]) -> Result<f64, FitError> {
        let of_name = |name: &String| names.iter().position(|known| known == name).map_or(0.0, |j| coefficients[j]);
        let mut beta: Vec<f64> = self.names().iter().map(of_name).collect();
        let kernel = self.kernel(true);
        if let Some(intercept) = self.intercept() {
            beta[intercept] += beta.iter().zip(&kernel.centre).map(|(beta, centre)| beta * centre).sum::<f64>();
        }
        let evaluation = kernel.evaluate(&beta);
        let score = DVector::from_vec(evaluation.score);
        let solution = Cholesky::new(evaluation.information).ok_or(FitError::Singular)?.solve(&score);
        Ok(solution.dot(&score))
    }

    /// The coefficients' names.
    pub(super) fn names(&self) -> Vec<String> {
        self.used.iter().map(|&column| self.design.column_names()[column].clone()).collect()
    }
}
