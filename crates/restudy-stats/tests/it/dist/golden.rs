//! Every number of `tests/golden/distributions.json`.

use super::checks::{Check, checks};

/// A tenth of the numerical standard. Measured: 6e-14 at a quantile that moves 600 times as much as its p, relatively,
/// and 2e-14 everywhere else.
const TOLERANCE: f64 = 1e-13;

#[test]
fn every_number() {
    let mut misses = Vec::new();
    let mut count = 0;
    for check in checks() {
        count += 1;
        let error = check.relative_error();
        if error.is_nan() || error > TOLERANCE {
            let Check { of, function, p, row, .. } = check;
            misses.push(format!("{of} {function} at p = {p:?}: off by {error:e} in {row}"));
        }
    }
    assert!(count > 10_000, "only {count} numbers");
    assert!(misses.is_empty(), "{} of {count} miss:\n{}", misses.len(), misses.join("\n"));
}
