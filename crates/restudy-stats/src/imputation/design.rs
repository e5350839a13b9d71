//! The predictors of a variable: all others, as they stand, in standard units.

use super::{Scale, Variable};

/// Rows of a constant and standardised predictors.
pub(super) struct Design {
    rows: Vec<f64>,
    /// Columns, the constant included.
    pub(super) width: usize,
    /// Variables of which a column is constant, or determined by those before it, where the target is known.
    pub(super) left_out: Vec<usize>,
}

/// What is left of a standardised column, per row, once those before it are taken out.
const DETERMINED: f64 = 1e-8;

impl Design {
    /// The predictors of `target`; `known` are the rows that have it, in whose mean and standard deviation each column is
    /// measured. Categories are indicators against the first.
    pub(super) fn of(target: usize, variables: &[Variable<'_>], table: &[Vec<f64>], known: &[usize]) -> Self {
        let n = table[target].len();
        let mut kept: Vec<Vec<f64>> = vec![vec![1.0; n]];
        let mut basis: Vec<Vec<f64>> = Vec::new();
        let mut left_out = Vec::new();
        for (place, variable) in variables.iter().enumerate().filter(|(place, _)| *place != target) {
            for column in columns(variable.scale, &table[place]) {
                match standardised(column, known).and_then(|column| independent(column, known, &mut basis)) {
                    Some(column) => kept.push(column),
                    None if left_out.last() == Some(&place) => {}
                    None => left_out.push(place),
                }
            }
        }
        let width = kept.len();
        let rows = (0..n * width).map(|at| kept[at % width][at / width]).collect();
        Self { rows, width, left_out }
    }

    pub(super) fn row(&self, row: usize) -> &[f64] {
        &self.rows[row * self.width..(row + 1) * self.width]
    }
}

fn columns(scale: Scale, values: &[f64]) -> Vec<Vec<f64>> {
    let indicator = |level: usize| values.iter().map(|code| f64::from(u8::from(*code == level as f64))).collect();
    match scale {
        Scale::Continuous => vec![values.to_vec()],
        Scale::Binary => vec![indicator(1)],
        Scale::Nominal { levels } | Scale::Ordered { levels } => (1..levels).map(indicator).collect(),
    }
}

fn standardised(mut column: Vec<f64>, known: &[usize]) -> Option<Vec<f64>> {
    let n = known.len() as f64;
    let mean = known.iter().map(|&row| column[row]).sum::<f64>() / n;
    let sd = (known.iter().map(|&row| column[row] - mean).map(|x| x * x).sum::<f64>() / n).sqrt();
    if sd <= 1e-12 * mean.abs() {
        return None;
    }
    for value in &mut column {
        *value = (*value - mean) / sd;
    }
    Some(column)
}

/// The column, if those before it do not determine it; its own direction is added to theirs.
fn independent(column: Vec<f64>, known: &[usize], basis: &mut Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let mut rest: Vec<f64> = known.iter().map(|&row| column[row]).collect();
    for direction in &*basis {
        let along = dot(&rest, direction);
        for (rest, direction) in rest.iter_mut().zip(direction) {
            *rest -= along * direction;
        }
    }
    let length = dot(&rest, &rest).sqrt();
    if length * length <= DETERMINED * known.len() as f64 {
        return None;
    }
    basis.push(rest.into_iter().map(|value| value / length).collect());
    Some(column)
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
