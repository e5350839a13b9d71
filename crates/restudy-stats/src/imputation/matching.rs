//! Predictive mean matching: a missing value is one that was observed, in a row for which a similar one was expected.

use nalgebra::{Cholesky, DMatrix, DVector};

use super::ImputationError;
use super::design::{Design, dot};
use super::draw;
use crate::resample::Stream;

/// The share by which the diagonal of X'X is raised, so that nearly collinear predictors have a solution.
const RIDGE: f64 = 1e-5;

/// A value for each missing row of `target`, which the message of an error names.
pub(super) fn impute(
    target: usize,
    values: &[f64],
    design: &Design,
    (known, missing): (&[usize], &[usize]),
    donors: u32,
    stream: &mut Stream,
) -> Result<Vec<f64>, ImputationError> {
    let no_fit = ImputationError::NoFit { variable: target };
    let width = design.width;
    let mut products = DMatrix::zeros(width, width);
    let mut moments = DVector::zeros(width);
    for &row in known {
        let x = design.row(row);
        for j in 0..width {
            moments[j] += x[j] * values[row];
            for k in 0..width {
                products[(j, k)] += x[j] * x[k];
            }
        }
    }
    for j in 0..width {
        products[(j, j)] *= 1.0 + RIDGE;
    }
    let factored = Cholesky::new(products).ok_or(no_fit)?;
    let estimate = factored.solve(&moments);
    let estimate = estimate.as_slice();
    let expected = |beta: &[f64], row: usize| dot(design.row(row), beta);
    let residual: f64 = known.iter().map(|&row| values[row] - expected(estimate, row)).map(|e| e * e).sum();
    let df = known.len().saturating_sub(width).max(1) as f64;
    let sigma = (residual / draw::chi_square(df, stream)?).sqrt();
    let drawn = draw::around(estimate, sigma, &factored, stream).ok_or(no_fit)?;

    // In random order before they are sorted, so that no row is favoured among equal expectations.
    let mut rows = known.to_vec();
    for last in (1..rows.len()).rev() {
        rows.swap(last, stream.below(last as u32 + 1) as usize);
    }
    let mut pool: Vec<(f64, f64)> = rows.iter().map(|&row| (expected(estimate, row), values[row])).collect();
    pool.sort_by(|a, b| a.0.total_cmp(&b.0));
    Ok(missing.iter().map(|&row| donor(&pool, expected(&drawn, row), donors, stream)).collect())
}

/// The value of one of the nearest in the sorted pool, each equally likely.
fn donor(pool: &[(f64, f64)], expected: f64, donors: u32, stream: &mut Stream) -> f64 {
    let start = pool.partition_point(|(candidate, _)| *candidate < expected);
    let (mut from, mut to) = (start, start);
    while to - from < (donors as usize).min(pool.len()) {
        let below = from.checked_sub(1).map(|at| expected - pool[at].0);
        let above = pool.get(to).map(|(candidate, _)| candidate - expected);
        match (below, above) {
            (Some(below), Some(above)) if below <= above => from -= 1,
            (Some(_), None) => from -= 1,
            _ => to += 1,
        }
    }
    pool[from + stream.below((to - from) as u32) as usize].1
}
