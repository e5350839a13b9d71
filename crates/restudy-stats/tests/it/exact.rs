//! `tests/golden/exact.json`: values by exact arithmetic, and how near to them is near enough.

use serde_json::Value;

/// Statistics, estimates and limits.
pub(crate) const STATISTIC: f64 = 1e-12;

/// p-values of any size.
pub(crate) const P_VALUE: f64 = 1e-12;

/// The rows of a section.
pub(crate) fn rows(section: &str) -> Vec<Value> {
    let golden: Value = serde_json::from_str(include_str!("../golden/exact.json")).unwrap();
    golden[section].as_array().unwrap().clone()
}

/// A number, or the decimal string of one.
pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| value.as_str().unwrap().parse().unwrap())
}

/// A list of numbers.
pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

/// A whole number.
pub(crate) fn count(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

/// Asserts that two numbers agree to a relative tolerance.
#[track_caller]
pub(crate) fn assert_close(obtained: f64, expected: f64, tolerance: f64) {
    let distance = if obtained == expected { 0.0 } else { (obtained - expected).abs() / expected.abs() };
    assert!(distance <= tolerance, "{obtained:e} is {distance:.1e} away from {expected:e}");
}

/// As [`assert_close`], for a difference of numbers as large as `size`: nothing is known beyond their last digits.
#[track_caller]
pub(crate) fn assert_close_at(size: f64, obtained: f64, expected: f64, tolerance: f64) {
    let distance = (obtained - expected).abs();
    assert!(
        distance <= tolerance * expected.abs() + 4.0 * f64::EPSILON * size,
        "{obtained:e} is {distance:.1e} away from {expected:e}"
    );
}
