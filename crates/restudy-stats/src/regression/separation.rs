//! Whether the maximum-likelihood estimate of a logistic model exists, decided by linear programming.

use std::fmt;

use super::data::{Model, Outcome};
use super::{Design, FitError};
use crate::cone::{ON_BORDER, Written, direction as cone_direction, side};

/// Why the maximum-likelihood estimate of a logistic model is infinite: a combination of its columns separates events
/// from non-events.
///
/// The estimate exists unless there are coefficients β, not all 0, with x'β ≥ 0 for every event, x'β ≤ 0 for every
/// non-event and x'β ≠ 0 for one of them (Albert and Anderson 1984). Along such a β the likelihood rises for ever. The
/// separation is complete when x'β = 0 for none.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Separation {
    /// Complete, or with observations on the border.
    pub kind: SeparationKind,
    /// Terms that separate by themselves, in the order of the design.
    pub alone: Vec<String>,
    /// Terms with a part in the separating combination, in the order of the design, without the intercept.
    pub terms: Vec<String>,
}

/// How far separation goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SeparationKind {
    /// Every observation is on the side of its outcome.
    Complete,
    /// Some observations are on the border, where both outcomes occur.
    QuasiComplete,
}

impl fmt::Display for Separation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = if self.alone.is_empty() { &self.terms } else { &self.alone };
        let names = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
        let how = match self.kind {
            SeparationKind::Complete => "completely",
            SeparationKind::QuasiComplete => "on one side",
        };
        match names.as_slice() {
            [one] => write!(f, "{one} separates events from non-events {how}")?,
            several => write!(f, "{} together separate events from non-events {how}", several.join(", "))?,
        }
        write!(f, ", so that the likelihood has no maximum: take Firth's penalised likelihood")
    }
}

impl std::error::Error for Separation {}

impl Separation {
    /// The separation of an outcome by the columns of a design, if there is one. [`Logistic`](super::Logistic) asks this
    /// itself where it has to.
    ///
    /// # Errors
    ///
    /// Those of the outcome, as of [`Logistic`](super::Logistic).
    pub fn find(design: &Design, outcome: Outcome<'_>) -> Result<Option<Self>, FitError> {
        Ok(separation(&Model::new(design, outcome)?))
    }
}

/// A coefficient of the separating combination, in standard deviations of its column, that is not rounding.
const NOT_ZERO: f64 = 1e-7;

/// The separation of a model's data, if there is one. Rows of weight 0 do not count.
pub(super) fn separation(model: &Model<'_>) -> Option<Separation> {
    let all: Vec<usize> = (0..model.used.len()).collect();
    let (kind, direction) = separate(model, &all)?;
    let intercept = model.design.intercept();
    let (mut alone, mut terms) = (Vec::new(), Vec::new());
    for term in model.design.terms() {
        let members: Vec<usize> = all
            .iter()
            .copied()
            .filter(|&j| term.columns.contains(&model.used[j]) && Some(model.used[j]) != intercept)
            .collect();
        if !members.iter().any(|&j| direction[j].abs() > NOT_ZERO) {
            continue;
        }
        terms.push(term.name.clone());
        let with_intercept: Vec<usize> =
            all.iter().copied().filter(|&j| Some(model.used[j]) == intercept || members.contains(&j)).collect();
        if separate(model, &with_intercept).is_some() {
            alone.push(term.name.clone());
        }
    }
    Some(Separation { kind, alone, terms })
}

/// A separating direction in the columns of the model that are listed, with 0 for the others; columns in standard
/// deviations from their centres.
///
/// One program finds a direction that moves some rows off the border; the rows that it leaves there are asked again,
/// until none is left (complete) or they admit no direction. The sum, each later direction small against the ones before,
/// moves every row that can be moved.
fn separate(model: &Model<'_>, columns: &[usize]) -> Option<(SeparationKind, Vec<f64>)> {
    let rows = model.design.rows();
    let counts = |row: usize| model.outcome.weights.is_none_or(|weights| weights[row] > 0.0);
    let mut signed = Vec::with_capacity(rows * columns.len());
    for row in (0..rows).filter(|&row| counts(row)) {
        let side = if model.outcome.events[row] { 1.0 } else { -1.0 };
        let start = signed.len();
        for &j in columns {
            let column = model.used[j];
            let x = (model.design.column(column)[row] - model.centre(column)) / model.design.scale(column);
            signed.push(side * x);
        }
        let length = signed[start..].iter().map(|x| x.abs()).sum::<f64>();
        if length > 0.0 {
            signed[start..].iter_mut().for_each(|x| *x /= length);
        }
    }
    let p = columns.len();
    let mut direction = vec![0.0; model.used.len()];
    let mut found = false;
    while !signed.is_empty() {
        let Some(beta) = cone_direction(&Written { rows: &signed, size: p }) else { break };
        let border: Vec<f64> =
            signed.chunks_exact(p).filter(|row| side(row, &beta) <= ON_BORDER).flatten().copied().collect();
        if border.len() == signed.len() {
            break;
        }
        for (&j, beta) in columns.iter().zip(&beta) {
            direction[j] += if found { 1e-3 * beta } else { *beta };
        }
        found = true;
        signed = border;
    }
    let kind = if signed.is_empty() { SeparationKind::Complete } else { SeparationKind::QuasiComplete };
    found.then_some((kind, direction))
}
