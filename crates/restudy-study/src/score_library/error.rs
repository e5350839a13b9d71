//! Why a score has no answer.

use thiserror::Error;

use super::item::finite;

/// Why a score has no answer.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum ScoreError {
    /// A score that does not ship.
    #[error("there is no score `{id}` in the library")]
    UnknownScore {
        /// What was asked for.
        id: String,
        /// What may have been meant, or all.
        suggestion: String,
    },
    /// A name that is no item.
    #[error("the {score} has no item `{item}`")]
    UnknownItem {
        /// The score.
        score: String,
        /// What was given.
        item: String,
        /// What may have been meant, or all.
        suggestion: String,
    },
    /// An item given twice.
    #[error("`{item}` is given twice")]
    Twice {
        /// The item.
        item: String,
    },
    /// An item that the score cannot do without.
    #[error("the {score} is not defined without `{item}` ({label})")]
    MissingItem {
        /// The score.
        score: String,
        /// The item.
        item: String,
        /// Its name.
        label: String,
    },
    /// A value that is not of the item.
    #[error("`{item}` cannot be `{value}`: it is {expected}")]
    Value {
        /// The item.
        item: String,
        /// What was given.
        value: String,
        /// What it can be.
        expected: String,
    },
    /// A value that no patient has, and that a slip of the hand makes.
    #[error("`{item}` = {value} cannot be: it is {expected}")]
    Implausible {
        /// The item.
        item: String,
        /// What was given.
        value: String,
        /// Where it lies in patients.
        expected: &'static str,
    },
    /// A value in another unit than the score's.
    #[error("`{item}` is given in {given}, and the {score} counts it in {needed}")]
    Unit {
        /// The item.
        item: String,
        /// The score.
        score: String,
        /// The unit given.
        given: String,
        /// The unit needed.
        needed: String,
        /// How many of the needed unit one of the given is, and the value, converted.
        conversion: Option<(f64, f64)>,
    },
}

impl ScoreError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::UnknownScore { suggestion, .. } | Self::UnknownItem { suggestion, .. } => suggestion.clone(),
            Self::Unit { item, given, needed, conversion: Some((factor, converted)), .. } => {
                format!("1 {given} is {factor} {needed}: write {item}={converted}{needed}")
            }
            Self::Unit { needed, .. } => format!("give it in {needed}; no conversion is known here"),
            Self::MissingItem { .. } => {
                "a missing item is not a normal one: measure it, or use another score".to_owned()
            }
            Self::Value { item, value, .. } => {
                let pointed = value.replace(',', ".");
                return (value.contains(',') && finite(&pointed).is_some())
                    .then(|| format!("write the decimals after a point: {item}={pointed}"));
            }
            Self::Implausible { expected, .. } if expected.starts_with("a percentage") => {
                "43 % is written 43, not 0.43".to_owned()
            }
            Self::Twice { .. } | Self::Implausible { .. } => return None,
        })
    }
}
