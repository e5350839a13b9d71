//! `tests/golden/distributions.json` as a list of checks, for the tests and for `examples/accuracy.rs`.

use restudy_stats::dist::{Beta, Binomial, ChiSquare, FisherF, Gamma, Hypergeometric, Normal, StudentT};
use restudy_stats::special::{deviance, ln_choose, stirling_error};
use serde_json::Value;

/// One number of the golden file and how restudy computes it.
pub(crate) struct Check {
    /// The distribution's or function's name.
    pub(crate) of: String,
    /// Which of its functions.
    pub(crate) function: &'static str,
    /// The golden row that it comes from.
    pub(crate) row: String,
    /// The probability that says in which band it is; none for functions that are not of a probability.
    pub(crate) p: Option<f64>,
    /// The double nearest to the golden value.
    pub(crate) expected: f64,
    /// The same by restudy.
    pub(crate) compute: Box<dyn Fn() -> f64>,
}

impl Check {
    /// |computed / expected − 1|.
    pub(crate) fn relative_error(&self) -> f64 {
        let computed = (self.compute)();
        if computed == self.expected { 0.0 } else { ((computed - self.expected) / self.expected).abs() }
    }
}

/// A distribution as the checks see it: a quantile in either tail and both tails.
struct Continuous {
    lower_quantile: fn(&[f64], f64) -> f64,
    upper_quantile: fn(&[f64], f64) -> f64,
    lower_tail: fn(&[f64], f64) -> f64,
    upper_tail: fn(&[f64], f64) -> f64,
}

macro_rules! continuous {
    (|$parameters:ident| $new:expr) => {
        Continuous {
            lower_quantile: |$parameters, p| $new.lower_quantile(p),
            upper_quantile: |$parameters, p| $new.upper_quantile(p),
            lower_tail: |$parameters, x| $new.lower_tail(x),
            upper_tail: |$parameters, x| $new.upper_tail(x),
        }
    };
}

/// Mass, its logarithm and both tails at k.
macro_rules! discrete {
    ($add:ident, $distribution:expr, $k:ident, $values:expr) => {
        let (distribution, values) = ($distribution, $values);
        let mass = Some(number(&values[0]));
        $add("mass", mass, &values[0], Box::new(move || distribution.mass($k)));
        $add("ln_mass", mass, &values[1], Box::new(move || distribution.ln_mass($k)));
        $add("lower_tail", Some(number(&values[2])), &values[2], Box::new(move || distribution.lower_tail($k)));
        $add("upper_tail", Some(number(&values[3])), &values[3], Box::new(move || distribution.upper_tail($k)));
    };
}

fn number(value: &Value) -> f64 {
    match value {
        Value::String(text) => text.parse().unwrap(),
        other => other.as_f64().unwrap(),
    }
}

/// Every number of the golden file.
pub(crate) fn checks() -> Vec<Check> {
    let golden: Value = serde_json::from_str(include_str!("../../golden/distributions.json")).unwrap();
    let mut checks = Vec::new();
    for (of, rows) in golden.as_object().unwrap() {
        let Some(rows) = rows.as_array() else { continue };
        for row in rows {
            let cells = row.as_array().unwrap();
            let mut add = |function, p, expected: &Value, compute: Box<dyn Fn() -> f64>| {
                let expected = number(expected);
                checks.push(Check { of: of.clone(), function, row: row.to_string(), p, expected, compute });
            };
            let distribution = match of.as_str() {
                "normal" => continuous!(|_parameters| Normal),
                "gamma" => continuous!(|parameters| Gamma::new(parameters[0]).unwrap()),
                "chi_square" => continuous!(|parameters| ChiSquare::new(parameters[0]).unwrap()),
                "student_t" => continuous!(|parameters| StudentT::new(parameters[0]).unwrap()),
                "fisher_f" => continuous!(|parameters| FisherF::new(parameters[0], parameters[1]).unwrap()),
                "beta" => continuous!(|parameters| Beta::new(parameters[0], parameters[1]).unwrap()),
                "stirling_error" => {
                    let a = number(&cells[0]);
                    add("value", None, &cells[1], Box::new(move || stirling_error(a)));
                    continue;
                }
                "deviance" => {
                    let (x, m) = (number(&cells[0]), number(&cells[1]));
                    add("value", None, &cells[2], Box::new(move || deviance(x, m)));
                    continue;
                }
                "ln_choose" => {
                    let (n, k) = (cells[0].as_u64().unwrap(), cells[1].as_u64().unwrap());
                    add("value", None, &cells[2], Box::new(move || ln_choose(n, k)));
                    continue;
                }
                "binomial" => {
                    let (n, p, k) = (cells[0].as_u64().unwrap(), number(&cells[1]), cells[2].as_u64().unwrap());
                    discrete!(add, Binomial::new(n, p).unwrap(), k, &cells[3..]);
                    continue;
                }
                "hypergeometric" => {
                    let [population, successes, draws, k] = [0, 1, 2, 3].map(|i| cells[i].as_u64().unwrap());
                    discrete!(add, Hypergeometric::new(population, successes, draws).unwrap(), k, &cells[4..]);
                    continue;
                }
                other => panic!("no such section: {other}"),
            };
            let [parameters @ .., tail, p, quantile, lower, upper] = cells.as_slice() else {
                panic!("a short row: {row}")
            };
            let parameters: Vec<f64> = parameters.iter().map(number).collect();
            let (p, x) = (number(p), number(quantile));
            let (function, invert) = if tail == "lower" {
                ("lower_quantile", distribution.lower_quantile)
            } else {
                ("upper_quantile", distribution.upper_quantile)
            };
            let given = parameters.clone();
            add(function, Some(p), quantile, Box::new(move || invert(&given, p)));
            let given = parameters.clone();
            add("lower_tail", Some(number(lower)), lower, Box::new(move || (distribution.lower_tail)(&given, x)));
            add("upper_tail", Some(number(upper)), upper, Box::new(move || (distribution.upper_tail)(&parameters, x)));
        }
    }
    checks
}
