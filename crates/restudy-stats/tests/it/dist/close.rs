//! Relative comparison.

/// The numerical standard for tails, masses and quantiles.
pub(crate) const STANDARD: f64 = 1e-12;

/// The standard goes down to here.
const SMALLEST: f64 = 1e-300;

/// |obtained / expected − 1| is at most the tolerance; zeros and infinities are equal.
#[track_caller]
pub(crate) fn assert_close(obtained: f64, expected: f64, tolerance: f64) {
    let error = relative_error(obtained, expected);
    assert!(error <= tolerance, "{obtained:e} is not {expected:e}: off by {error:e}");
}

/// |obtained / expected − 1|; 0 where the two are equal or both below 1e-300, infinite where one is NaN.
pub(crate) fn relative_error(obtained: f64, expected: f64) -> f64 {
    if obtained == expected || obtained.abs().max(expected.abs()) < SMALLEST {
        0.0
    } else if obtained.is_nan() || expected.is_nan() {
        f64::INFINITY
    } else {
        ((obtained - expected) / expected).abs()
    }
}
