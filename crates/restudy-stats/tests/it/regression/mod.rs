mod degenerate;
mod design;
mod diagnostics;
mod firth;
mod hosmer_lemeshow;
mod logistic;
mod restricted_cubic_spline;
mod screen;
mod selection;
mod separation;

use proptest::prelude::*;
use restudy_stats::regression::Design;
use serde_json::Value;

use crate::golden::{numbers, parse};

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

/// The observations of `selection.json`: terms a, b, c, e and the category g.
fn simulated() -> (Value, Design, Vec<bool>) {
    let golden = parse(include_str!("../../golden/selection.json"));
    let column = |name: &str| numbers(&golden["data"][name]);
    let codes: Vec<usize> = column("g").iter().map(|&code| code as usize).collect();
    let events = column("y").iter().map(|&y| y == 1.0).collect();
    let builder = ["a", "b", "c", "e"]
        .iter()
        .fold(Design::build(codes.len()).intercept(), |builder, name| builder.continuous(name, &column(name), 1.0));
    let design = builder.categorical("g", &codes, &["0", "1", "2"], 0).finish().unwrap();
    (golden, design, events)
}
