//! How far restudy's distributions are from 50-digit values, and what a call costs.
//!
//! ```text
//! cargo run -p restudy-stats --example accuracy
//! ```
//!
//! For every function: the greatest relative error over the golden file, for p above 1e-4, from there to 1e-30, and
//! below, and the mean time of a call in nanoseconds over the same points. With `--worst`, also the rows beyond 1e-14.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "an example speaks to a terminal and stops at a fault")]

#[path = "../tests/it/dist/checks.rs"]
mod checks;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use checks::{Check, checks};

/// The band of a probability: 0 above 1e-4, 1 above 1e-30, 2 below.
fn band(p: Option<f64>) -> usize {
    match p {
        Some(p) if p < 1e-30 => 2,
        Some(p) if p < 1e-4 => 1,
        _ => 0,
    }
}

/// The mean over the points, in the quickest of several rounds.
fn nanoseconds(checks: &[Check]) -> f64 {
    let round = || {
        let start = Instant::now();
        for check in checks {
            black_box((check.compute)());
        }
        start.elapsed().as_nanos() as f64 / checks.len() as f64
    };
    (0..50).map(|_| round()).fold(f64::INFINITY, f64::min)
}

fn main() {
    let mut functions: BTreeMap<(String, &str), Vec<Check>> = BTreeMap::new();
    for check in checks() {
        functions.entry((check.of.clone(), check.function)).or_default().push(check);
    }
    let worst_rows = std::env::args().any(|argument| argument == "--worst");
    println!("{:<32} {:>6} {:>9} {:>9} {:>9} {:>8}", "function", "points", "p > 1e-4", "> 1e-30", "below", "ns");
    for ((of, function), checks) in &functions {
        let mut worst: [(f64, &str); 3] = [(0.0, ""); 3];
        for check in checks {
            let error = check.relative_error();
            let band = &mut worst[band(check.p)];
            if error.is_nan() || error > band.0 {
                *band = (error, &check.row);
            }
        }
        let [near, far, farther] = worst.map(|(error, _)| error);
        let time = nanoseconds(checks);
        println!("{of:<16} {function:<15} {:>6} {near:>9.1e} {far:>9.1e} {farther:>9.1e} {time:>8.0}", checks.len());
        if worst_rows {
            for (error, row) in worst.iter().filter(|(error, _)| error.is_nan() || *error > 1e-14) {
                println!("    {error:.1e} {row}");
            }
        }
    }
}
