//! What a case expects, number by number, and how each was met.

use std::error::Error;

use serde_json::{Map, Value};

use crate::tolerance::Tolerance;

/// Why a value is not covered that no method has looked at.
const UNKNOWN: &str = "the runner does not know this name";

/// Every leaf of a case's expected values, in the order of the file.
pub(crate) struct Check {
    leaves: Vec<Leaf>,
}

/// One expected value.
pub(crate) struct Leaf {
    /// Where it stands: `mean`, `BH[3]`, `estimates.age`.
    pub(crate) path: String,
    pub(crate) expected: Expected,
    pub(crate) outcome: Outcome,
}

/// What a leaf holds. Only numbers count as numbers; the others are told apart from them in the totals.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expected {
    /// A number, infinities included.
    Number(f64),
    /// Not defined, such as a median that was not reached.
    Nothing,
    Flag(bool),
    Text(String),
}

/// How a leaf was met.
pub(crate) enum Outcome {
    /// Within the tolerance; the relative error of a number.
    Met { error: f64 },
    /// Not within it.
    Missed { obtained: String, error: Option<f64>, tolerance: &'static str },
    /// Not computed, and why. Every leaf begins so.
    NotCovered(&'static str),
}

impl Leaf {
    /// The name of the value that it belongs to: `BH` for `BH[3]`.
    pub(crate) fn key(&self) -> &str {
        self.path.split('[').next().unwrap_or(&self.path)
    }

    fn number(&self) -> Option<f64> {
        match self.expected {
            Expected::Number(number) => Some(number),
            _ => None,
        }
    }

    pub(crate) fn is_number(&self) -> bool {
        matches!(self.expected, Expected::Number(_))
    }
}

impl Check {
    pub(crate) fn new(values: &Map<String, Value>) -> Self {
        let mut leaves = Vec::new();
        for (key, value) in values {
            flatten(key, value, &mut leaves);
        }
        Self { leaves }
    }

    pub(crate) fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// Whether the case has a value of this name, for what takes long to compute.
    pub(crate) fn expects(&self, key: &str) -> bool {
        self.leaves.iter().any(|leaf| leaf.key() == key)
    }

    /// The same for a value that is an object of others.
    pub(crate) fn expects_under(&self, key: &str) -> bool {
        self.leaves.iter().any(|leaf| leaf.path.strip_prefix(key).is_some_and(|rest| rest.starts_with('.')))
    }

    /// A number that says where the others are to be computed, such as the end of a restricted mean.
    pub(crate) fn expected(&self, path: &str) -> Option<f64> {
        self.leaves.iter().find(|leaf| leaf.path == path).and_then(Leaf::number)
    }

    /// Numbers that say so, such as times; `None` where they are not defined.
    pub(crate) fn expected_list(&self, key: &str) -> Vec<Option<f64>> {
        self.leaves.iter().filter(|leaf| leaf.key() == key).map(Leaf::number).collect()
    }

    /// Compares a number.
    pub(crate) fn number(&mut self, path: &str, obtained: f64, tolerance: Tolerance) {
        self.settle(path, |expected| match *expected {
            Expected::Number(expected) => compare(expected, obtained, tolerance),
            _ => missed(obtained.to_string(), tolerance),
        });
    }

    /// Compares a number that may not be defined.
    pub(crate) fn optional(&mut self, path: &str, obtained: Option<f64>, tolerance: Tolerance) {
        match obtained {
            Some(obtained) => self.number(path, obtained, tolerance),
            None => self.settle(path, |expected| match expected {
                Expected::Nothing => Outcome::Met { error: 0.0 },
                _ => missed("nothing".to_owned(), tolerance),
            }),
        }
    }

    /// Compares a list; a list of one may have been written as the number itself. A list of another length misses
    /// throughout.
    pub(crate) fn list(&mut self, key: &str, obtained: &[Option<f64>], tolerance: Tolerance) {
        let paths: Vec<String> =
            self.leaves.iter().filter(|leaf| leaf.key() == key).map(|leaf| leaf.path.clone()).collect();
        for (index, path) in paths.iter().enumerate() {
            if paths.len() == obtained.len() {
                self.optional(path, obtained[index], tolerance);
            } else {
                self.settle(path, |_| missed(format!("a list of {}", obtained.len()), tolerance));
            }
        }
    }

    /// Compares a yes or no.
    pub(crate) fn flag(&mut self, path: &str, obtained: bool, tolerance: Tolerance) {
        self.settle(path, |expected| match *expected {
            Expected::Flag(expected) if expected == obtained => Outcome::Met { error: 0.0 },
            _ => missed(obtained.to_string(), tolerance),
        });
    }

    /// Says why the values of a name, or the one at a path, are not computed.
    pub(crate) fn not_covered(&mut self, key: &str, reason: &'static str) {
        for leaf in self.leaves.iter_mut().filter(|leaf| leaf.key() == key || leaf.path == key) {
            leaf.outcome = Outcome::NotCovered(reason);
        }
    }

    /// Says why nothing of the case is computed.
    pub(crate) fn nothing_covered(&mut self, reason: &'static str) {
        for leaf in &mut self.leaves {
            leaf.outcome = Outcome::NotCovered(reason);
        }
    }

    /// Marks all that the method would have computed as missed, because the library gave no answer.
    pub(crate) fn refused(&mut self, error: &dyn Error) {
        for leaf in &mut self.leaves {
            if matches!(leaf.outcome, Outcome::NotCovered(reason) if reason == UNKNOWN) {
                let obtained = format!("no answer: {error}");
                leaf.outcome = Outcome::Missed { obtained, error: None, tolerance: "any" };
            }
        }
    }

    /// A path that the case does not have is no fault: not every case gives every number.
    fn settle(&mut self, path: &str, outcome: impl Fn(&Expected) -> Outcome) {
        if let Some(leaf) = self.leaves.iter_mut().find(|leaf| leaf.path == path) {
            leaf.outcome = outcome(&leaf.expected);
        }
    }
}

fn missed(obtained: String, tolerance: Tolerance) -> Outcome {
    Outcome::Missed { obtained, error: None, tolerance: tolerance.name }
}

fn compare(expected: f64, obtained: f64, tolerance: Tolerance) -> Outcome {
    let distance = if expected == obtained { 0.0 } else { (obtained - expected).abs() };
    let error = if distance == 0.0 { 0.0 } else { distance / expected.abs() };
    // Written so that a NaN misses.
    if error <= tolerance.relative {
        Outcome::Met { error }
    } else if distance <= tolerance.absolute {
        // Told apart from 0 by the reference's rounding only.
        Outcome::Met { error: 0.0 }
    } else {
        Outcome::Missed { obtained: obtained.to_string(), error: Some(error), tolerance: tolerance.name }
    }
}

fn flatten(path: &str, value: &Value, leaves: &mut Vec<Leaf>) {
    let expected = match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                flatten(&format!("{path}[{index}]"), item, leaves);
            }
            return;
        }
        Value::Object(members) => {
            for (key, member) in members {
                flatten(&format!("{path}.{key}"), member, leaves);
            }
            return;
        }
        Value::Null => Expected::Nothing,
        Value::Bool(flag) => Expected::Flag(*flag),
        Value::Number(number) => Expected::Number(number.as_f64().unwrap_or(f64::NAN)),
        Value::String(text) => match text.as_str() {
            "Inf" => Expected::Number(f64::INFINITY),
            "-Inf" => Expected::Number(f64::NEG_INFINITY),
            _ => Expected::Text(text.clone()),
        },
    };
    leaves.push(Leaf { path: path.to_owned(), expected, outcome: Outcome::NotCovered(UNKNOWN) });
}
