use std::ops::Range;

use nalgebra::{Cholesky, DMatrix, DVector};

use super::FitError;
use super::kernel::gram;
use crate::blocked::{CHUNK, centre_and_scale, each, first_that_is_not, ranges, root_mean_square};

/// A residual this small against its column, in the root mean square, is rounding: the column is a combination of others.
const RANK: f64 = 1e-10;

/// Below this residual variance the Gram matrix alone does not tell collinear from nearly so, and the rows are asked.
const SUSPICION: f64 = 1e-7;

/// What is left of a column's variance where it is clearly no combination of others.
const CLEARLY: f64 = 1e-4;

/// Rows of which some are looked at first.
const MANY: usize = 100_000;
/// One of how many chunks of rows.
const STRIDE: usize = 16;

/// The name of the column of ones.
pub const INTERCEPT: &str = "(Intercept)";

/// What the rows of a model are made of: a dense matrix in column-major order, with names, and the columns of each term.
///
/// Built from typed columns with [`Design::build`]. A design that exists has full rank: no column is constant beside the
/// intercept, none is a linear combination of others, and there are more rows than columns.
///
/// ## Coding
///
/// A category is coded by treatment contrasts: one column of 0 and 1 for each level but the reference, named
/// `variable=level`. An ordinal variable as a trend is one column with the codes 0, 1, 2 … An interaction of two terms is
/// the product of every column of the first with every column of the second, named `first:second`. This is the coding of
/// R's `model.matrix` with `contr.treatment`.
///
/// ## Example
///
/// ```
/// use restudy_stats::regression::Design;
///
/// let age = [50.0, 61.0, 47.0, 70.0, 58.0];
/// let stage = [0, 1, 2, 1, 0];
/// let design = Design::build(age.len())
///     .intercept()
///     .continuous("age", &age, 10.0)
///     .categorical("stage", &stage, &["I", "II", "III"], 0)
///     .finish()?;
/// assert_eq!(design.column_names(), ["(Intercept)", "age", "stage=II", "stage=III"]);
/// assert_eq!(design.column(1)[0], 5.0);
/// # Ok::<(), restudy_stats::regression::FitError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    rows: usize,
    /// Whether something outside the design takes up a constant.
    baseline: bool,
    /// Column after column.
    values: Vec<f64>,
    names: Vec<String>,
    terms: Vec<Term>,
    /// Mean of each column, where there is an intercept or a baseline to take it up, otherwise 0; 0 for the intercept.
    centre: Vec<f64>,
    /// Root mean square around the centre; 1 for the intercept.
    scale: Vec<f64>,
}

/// A term of a model: what a reader calls a variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// Its name.
    pub name: String,
    /// Its columns in the design.
    pub columns: Range<usize>,
    /// Where its columns come from.
    pub coding: Coding,
}

/// How a term was coded.
#[derive(Clone, Debug, PartialEq)]
pub enum Coding {
    /// The column of ones.
    Intercept,
    /// A number, in units of `per`.
    Continuous {
        /// The coefficient is for a difference of this many of the data's units.
        per: f64,
    },
    /// Treatment contrasts against a reference.
    Treatment {
        /// The reference level.
        reference: String,
    },
    /// The codes 0, 1, 2 … as a number.
    Trend,
    /// Products of the columns of two terms.
    Interaction {
        /// The first term.
        first: String,
        /// The second term.
        second: String,
    },
}

impl Design {
    /// Begins a design for a number of observations.
    #[must_use]
    pub fn build(rows: usize) -> DesignBuilder {
        DesignBuilder { rows, baseline: false, values: Vec::new(), names: Vec::new(), terms: Vec::new(), error: None }
    }

    /// Observations.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The name of each column.
    #[must_use]
    pub fn column_names(&self) -> &[String] {
        &self.names
    }

    /// The terms, in the order in which they were added.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// A column.
    ///
    /// # Panics
    ///
    /// When there is no such column.
    #[must_use]
    pub fn column(&self, column: usize) -> &[f64] {
        &self.values[column * self.rows..(column + 1) * self.rows]
    }

    /// The columns, one after the other.
    pub(crate) fn values(&self) -> &[f64] {
        &self.values
    }

    /// The term of a name.
    ///
    /// # Errors
    ///
    /// [`FitError::UnknownTerm`].
    pub fn term(&self, name: &str) -> Result<&Term, FitError> {
        (self.terms.iter().find(|term| term.name == name))
            .ok_or_else(|| FitError::UnknownTerm { name: name.to_owned() })
    }

    /// The column of ones, if the design has it.
    #[must_use]
    pub fn intercept(&self) -> Option<usize> {
        self.terms.iter().find(|term| term.coding == Coding::Intercept).map(|term| term.columns.start)
    }

    /// The linear predictor of coefficients, one for each column.
    ///
    /// # Errors
    ///
    /// [`FitError::Length`] for another number of coefficients.
    pub fn linear_predictor(&self, coefficients: &[f64]) -> Result<Vec<f64>, FitError> {
        if coefficients.len() != self.names.len() {
            let (rows, found) = (self.names.len(), coefficients.len());
            return Err(FitError::Length { name: "coefficients".to_owned(), rows, found });
        }
        let mut predictor = vec![0.0; self.rows];
        for (column, coefficient) in coefficients.iter().enumerate() {
            for (sum, x) in predictor.iter_mut().zip(self.column(column)) {
                *sum += coefficient * x;
            }
        }
        Ok(predictor)
    }

    pub(super) fn centre(&self, column: usize) -> f64 {
        self.centre[column]
    }

    pub(super) fn scale(&self, column: usize) -> f64 {
        self.scale[column]
    }

    /// Correlations of the columns around their centres. A column beyond the intercept has spread.
    pub(super) fn correlations(&self) -> DMatrix<f64> {
        let p = self.names.len();
        let columns: Vec<&[f64]> = (0..p).map(|column| self.column(column)).collect();
        let products = gram(&columns, &self.centre);
        let n = self.rows as f64;
        DMatrix::from_fn(p, p, |j, k| if j == k { 1.0 } else { products[(j, k)] / n / self.scale[j] / self.scale[k] })
    }

    /// Whether no column is nearly a combination of others on some of many rows; a column that is constant there says no.
    fn is_of_full_rank_on_some(&self) -> bool {
        let rows: Vec<Range<usize>> = ranges(0..self.rows, CHUNK).step_by(STRIDE).collect();
        let p = self.names.len();
        let products = rows.iter().map(|rows| {
            let columns: Vec<&[f64]> = (0..p).map(|column| &self.column(column)[rows.clone()]).collect();
            gram(&columns, &self.centre)
        });
        let products = products.fold(DMatrix::zeros(p, p), |sum, of| sum + of);
        let correlations =
            DMatrix::from_fn(p, p, |j, k| products[(j, k)] / (products[(j, j)] * products[(k, k)]).sqrt());
        // A diagonal element of the factor is the root of what is left of a column's variance.
        Cholesky::new(correlations).is_some_and(|factor| factor.l().diagonal().iter().all(|left| left * left > CLEARLY))
    }

    /// The columns among those before `column` that it is a combination of, if it is.
    fn combination(&self, column: usize, gram: &DMatrix<f64>) -> Option<Vec<usize>> {
        let before = gram.view((0, 0), (column, column)).into_owned();
        let against = gram.view((0, column), (column, 1)).into_owned();
        let factor = Cholesky::new(before)?;
        let mut weights = DVector::from_column_slice(factor.solve(&against).as_slice());
        let explained: f64 = weights.iter().zip(against.iter()).map(|(a, b)| a * b).sum();
        if 1.0 - explained > SUSPICION {
            return None;
        }
        // The residual of the rows themselves, twice: the second regression takes away what the Gram matrix's rounding
        // left of the first.
        let scaled = |j: usize, row: usize| (self.column(j)[row] - self.centre[j]) / self.scale[j];
        let mut squares = 0.0;
        for _ in 0..2 {
            let mut products = DVector::zeros(column);
            squares = 0.0;
            for row in 0..self.rows {
                let fitted: f64 = weights.iter().enumerate().map(|(k, weight)| weight * scaled(k, row)).sum();
                let residual = scaled(column, row) - fitted;
                squares += residual * residual;
                for k in 0..column {
                    products[k] += residual * scaled(k, row);
                }
            }
            weights += factor.solve(&(products / self.rows as f64));
        }
        ((squares / self.rows as f64).sqrt() < RANK)
            .then(|| (0..column).filter(|&k| weights[k].abs() > SUSPICION).collect())
    }
}

/// Collects the columns of a [`Design`]. The first thing that is wrong is said by [`finish`](Self::finish).
#[derive(Clone, Debug)]
pub struct DesignBuilder {
    rows: usize,
    baseline: bool,
    values: Vec<f64>,
    names: Vec<String>,
    terms: Vec<Term>,
    error: Option<FitError>,
}

impl DesignBuilder {
    /// Adds the column of ones.
    #[must_use]
    pub fn intercept(self) -> Self {
        self.checked(|builder| {
            builder.begin(INTERCEPT, Coding::Intercept)?;
            builder.push(INTERCEPT.to_owned(), std::iter::repeat_n(1.0, builder.rows));
            Ok(())
        })
    }

    /// Has no column of ones, but leaves its place to something else that takes up a constant: the baseline hazard of a
    /// [`Cox`](crate::survival::Cox) model.
    #[must_use]
    pub fn baseline(self) -> Self {
        Self { baseline: true, ..self }
    }

    /// Adds a number; its coefficient is for a difference of `per` of its units.
    #[must_use]
    pub fn continuous(self, name: &str, values: &[f64], per: f64) -> Self {
        self.checked(|builder| {
            if !per.is_finite() || per == 0.0 {
                return Err(FitError::Scale { name: name.to_owned(), per });
            }
            builder.length(name, values.len())?;
            builder.begin(name, Coding::Continuous { per })?;
            builder.values.reserve(values.len());
            // A chunk is looked at and copied while it is in the cache.
            for (first, rows) in (0..).step_by(CHUNK).zip(values.chunks(CHUNK)) {
                if let Some(position) = first_that_is_not(rows, f64::is_finite) {
                    return Err(FitError::NotFinite { name: name.to_owned(), position: first + position });
                }
                if per == 1.0 {
                    builder.values.extend_from_slice(rows);
                } else {
                    builder.values.extend(rows.iter().map(|value| value / per));
                }
            }
            builder.end(name.to_owned());
            Ok(())
        })
    }

    /// Adds a category by treatment contrasts: `codes` count the levels from 0, and `reference` is the code of the level
    /// that has no column.
    #[must_use]
    pub fn categorical(self, name: &str, codes: &[usize], levels: &[&str], reference: usize) -> Self {
        self.checked(|builder| {
            builder.length(name, codes.len())?;
            known_levels(name, levels.len(), codes.iter().copied().chain([reference]))?;
            builder.begin(name, Coding::Treatment { reference: levels[reference].to_owned() })?;
            for (level, label) in levels.iter().enumerate().filter(|&(level, _)| level != reference) {
                let indicator = codes.iter().map(|&code| if code == level { 1.0 } else { 0.0 });
                builder.push(format!("{name}={label}"), indicator);
            }
            Ok(())
        })
    }

    /// Adds an ordinal variable as a linear trend over its codes 0, 1, 2 …
    #[must_use]
    pub fn trend(self, name: &str, codes: &[usize], levels: usize) -> Self {
        self.checked(|builder| {
            builder.length(name, codes.len())?;
            known_levels(name, levels, codes.iter().copied())?;
            builder.begin(name, Coding::Trend)?;
            builder.push(name.to_owned(), codes.iter().map(|&code| code as f64));
            Ok(())
        })
    }

    /// Adds the interaction of two terms that the design has already.
    #[must_use]
    pub fn interaction(self, first: &str, second: &str) -> Self {
        self.checked(|builder| {
            let columns = |name: &str| {
                let found = builder.terms.iter().find(|term| term.name == name && term.coding != Coding::Intercept);
                found.map(|term| term.columns.clone()).ok_or_else(|| FitError::UnknownTerm { name: name.to_owned() })
            };
            let (ours, theirs) = (columns(first)?, columns(second)?);
            let rows = builder.rows;
            let coding = Coding::Interaction { first: first.to_owned(), second: second.to_owned() };
            builder.begin(&format!("{first}:{second}"), coding)?;
            for a in ours {
                for b in theirs.clone() {
                    let product: Vec<f64> =
                        (0..rows).map(|row| builder.values[a * rows + row] * builder.values[b * rows + row]).collect();
                    builder.push(format!("{}:{}", builder.names[a], builder.names[b]), product);
                }
            }
            Ok(())
        })
    }

    /// The design.
    ///
    /// # Errors
    ///
    /// What was wrong with a column: [`FitError::Length`], [`FitError::NotFinite`], [`FitError::Scale`],
    /// [`FitError::UnknownLevel`], [`FitError::UnknownTerm`], [`FitError::DuplicateTerm`]; or with all of them:
    /// [`FitError::Empty`], [`FitError::Constant`], [`FitError::Collinear`], [`FitError::TooFewRows`].
    pub fn finish(self) -> Result<Design, FitError> {
        let (mut design, unchecked) = self.assemble()?;
        let p = design.names.len();
        if let Some(column) = unchecked {
            return Err(FitError::Constant { column: design.names.swap_remove(column) });
        }
        // Collinearity is named before the number of rows: it is the more telling fault where both are at work.
        // What is no combination on some of the rows is none on all of them.
        let apart = design.rows >= MANY && design.is_of_full_rank_on_some();
        let gram = if apart { DMatrix::zeros(0, 0) } else { design.correlations() };
        for column in 1..if apart { 0 } else { p.min(design.rows) } {
            if let Some(with) = design.combination(column, &gram) {
                // A combination with the intercept alone would be a constant column.
                let names = with.into_iter().map(|k| design.names[k].clone()).collect();
                return Err(FitError::Collinear { column: design.names.swap_remove(column), with: names });
            }
        }
        if design.rows <= p && !(p == 1 && design.rows == 1) {
            return Err(FitError::TooFewRows { rows: design.rows, columns: p });
        }
        Ok(design)
    }

    /// The design of further observations, to apply fitted coefficients to: it is not asked to have full rank.
    ///
    /// # Errors
    ///
    /// What is wrong with a column, and [`FitError::Empty`].
    pub fn finish_for_prediction(self) -> Result<Design, FitError> {
        Ok(self.assemble()?.0)
    }

    /// The design, and its first column without spread beside an intercept.
    fn assemble(self) -> Result<(Design, Option<usize>), FitError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let rows = self.rows;
        if rows == 0 || self.names.is_empty() {
            return Err(FitError::Empty);
        }
        let intercept = self.terms.iter().find(|term| term.coding == Coding::Intercept).map(|term| term.columns.start);
        let baseline = self.baseline;
        let mut design = Design {
            rows,
            baseline,
            values: self.values,
            names: self.names,
            terms: self.terms,
            centre: Vec::new(),
            scale: Vec::new(),
        };
        let columns: Vec<usize> = (0..design.names.len()).collect();
        let spreads = each(&columns, |&j| {
            let column = design.column(j);
            let centred = (intercept.is_some() && intercept != Some(j)) || baseline;
            let (centre, scale) = if centred { centre_and_scale(column) } else { (0.0, root_mean_square(column, 0.0)) };
            let constant = column.iter().all(|x| *x == column[0]);
            (centre, scale, (constant && centred) || scale == 0.0)
        });
        let flat = spreads.iter().position(|(.., flat)| *flat);
        for (centre, scale, _) in spreads {
            design.centre.push(centre);
            design.scale.push(if scale > 0.0 { scale } else { 1.0 });
        }
        Ok((design, flat))
    }

    fn checked(mut self, add: impl FnOnce(&mut Self) -> Result<(), FitError>) -> Self {
        if self.error.is_none() {
            self.error = add(&mut self).err();
        }
        self
    }

    fn length(&self, name: &str, found: usize) -> Result<(), FitError> {
        let rows = self.rows;
        if rows == found { Ok(()) } else { Err(FitError::Length { name: name.to_owned(), rows, found }) }
    }

    /// Begins a term; the columns that follow belong to it.
    fn begin(&mut self, name: &str, coding: Coding) -> Result<(), FitError> {
        if self.terms.iter().any(|term| term.name == name) {
            return Err(FitError::DuplicateTerm { name: name.to_owned() });
        }
        let start = self.names.len();
        self.terms.push(Term { name: name.to_owned(), columns: start..start, coding });
        Ok(())
    }

    fn push(&mut self, name: String, values: impl IntoIterator<Item = f64>) {
        self.values.extend(values);
        self.end(name);
    }

    /// Ends a column whose values are there.
    fn end(&mut self, name: String) {
        self.names.push(name);
        if let Some(term) = self.terms.last_mut() {
            term.columns.end = self.names.len();
        }
    }
}

fn known_levels(name: &str, levels: usize, codes: impl Iterator<Item = usize>) -> Result<(), FitError> {
    for code in codes {
        if code >= levels {
            return Err(FitError::UnknownLevel { name: name.to_owned(), levels, code });
        }
    }
    Ok(())
}
