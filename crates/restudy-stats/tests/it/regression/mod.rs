mod design;
mod firth;
mod hosmer_lemeshow;
mod logistic;
mod separation;

use proptest::prelude::*;
use restudy_stats::regression::Design;

/// A design of an intercept and one number.
fn line(x: &[f64]) -> Design {
    Design::build(x.len()).intercept().continuous("x", x, 1.0).finish().unwrap()
}

/// A 2×2 table as four weighted rows: exposed events, exposed others, other events, others.
const EXPOSED: [f64; 4] = [1.0, 1.0, 0.0, 0.0];
const EVENTS: [bool; 4] = [true, false, true, false];

/// Observations of two numbers on a small grid and an outcome: ties, separation and overlap all occur.
fn grid(rows: std::ops::Range<usize>) -> impl Strategy<Value = Vec<(i32, i32, bool)>> {
    prop::collection::vec((-3..4, -3..4, any::<bool>()), rows)
}

/// The columns of such observations.
fn columns(data: &[(i32, i32, bool)]) -> (Vec<f64>, Vec<f64>, Vec<bool>) {
    let first = data.iter().map(|row| f64::from(row.0)).collect();
    let second = data.iter().map(|row| f64::from(row.1)).collect();
    (first, second, data.iter().map(|row| row.2).collect())
}
