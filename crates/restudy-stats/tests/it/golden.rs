//! Reading golden files and comparing with them.

use serde_json::Value;

/// Numbers that follow from closed forms by a few roundings.
pub(crate) const CLOSED_FORM: f64 = 1e-12;
/// Tail probabilities and numbers whose golden value has itself lost a digit or two.
pub(crate) const REFERENCE: f64 = 1e-10;

/// Fails unless two numbers agree to a relative tolerance; zeros and infinities have to be the same.
#[track_caller]
pub(crate) fn assert_close(obtained: f64, expected: f64, tolerance: f64, what: &str) {
    let agree = obtained == expected || (obtained - expected).abs() <= tolerance * expected.abs();
    let miss = (obtained - expected).abs() / expected.abs();
    assert!(agree, "{what}: obtained {obtained:e}, expected {expected:e}, relative error {miss:e}");
}

pub(crate) fn parse(text: &str) -> Value {
    serde_json::from_str(text).expect("a golden file is JSON")
}

pub(crate) fn cases(golden: &Value) -> &[Value] {
    golden["cases"].as_array().expect("a golden file has cases")
}

/// An array of numbers in which null means missing.
pub(crate) fn options(value: &Value) -> Vec<Option<f64>> {
    value.as_array().expect("an array").iter().map(Value::as_f64).collect()
}

/// An array of numbers.
pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    options(value).into_iter().map(|x| x.expect("a number")).collect()
}

/// A number.
#[track_caller]
pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}
