//! Why a score cannot be validated on a cohort.

use restudy_cohort::CohortError;
use thiserror::Error;

/// Why a score cannot be validated on a cohort. None of the messages shows a patient's value.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum ValidationError {
    /// A column that is not there.
    #[error(transparent)]
    Cohort(#[from] CohortError),
    /// A column without levels, where an outcome or groups are needed.
    #[error("column `{column}` has no levels")]
    NotLevels {
        /// The column.
        column: String,
    },
    /// A column that holds no times.
    #[error("column `{column}` holds no times")]
    NotTimes {
        /// The column.
        column: String,
    },
    /// A level that the outcome does not have, or none where one must be named.
    #[error("which level of `{column}` is the event?")]
    Event {
        /// The column.
        column: String,
        /// Its levels, or the nearest.
        suggestion: String,
    },
    /// A column in another unit than the score's thresholds.
    #[error("column `{}` is in {}, and the {} counts `{}` in {}", .0.column, .0.given, .0.score, .0.item, .0.needed)]
    Unit(Box<UnitMismatch>),
    /// A column whose values the item does not know.
    #[error("column `{column}` holds values that the item `{item}` of the {score} does not know")]
    Values {
        /// The column.
        column: String,
        /// The item.
        item: String,
        /// The score.
        score: String,
        /// What it knows.
        expected: String,
    },
    /// A name mapped to a column that is no item of any score.
    #[error("no score has an item `{item}`")]
    UnknownItem {
        /// The name.
        item: String,
        /// The items.
        suggestion: String,
    },
}

/// A column in one unit, and an item that is counted in another.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitMismatch {
    /// The column.
    pub column: String,
    /// The item.
    pub item: String,
    /// The score.
    pub score: String,
    /// The unit of the codebook.
    pub given: String,
    /// The unit needed.
    pub needed: String,
    /// How many of the needed unit one of the given is.
    pub factor: Option<f64>,
}

impl ValidationError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Cohort(CohortError::UnknownColumn { .. }) => {
                "name the column of an item with --item ITEM=COLUMN".to_owned()
            }
            Self::Cohort(error) => return error.hint(),
            Self::NotLevels { .. } => "declare its levels in the codebook".to_owned(),
            Self::NotTimes { .. } => "name a column of numbers with --time COLUMN".to_owned(),
            Self::Event { suggestion, .. } | Self::UnknownItem { suggestion, .. } => suggestion.clone(),
            Self::Unit(unit) => {
                let UnitMismatch { given, needed, item, .. } = &**unit;
                match unit.factor {
                    Some(factor) => format!(
                        "1 {given} is {factor} {needed}: convert it with --convert (`convert = true` in a study file), or name a column in {needed} with --item {item}=COLUMN"
                    ),
                    None => format!("give it in {needed}; no conversion is known here"),
                }
            }
            Self::Values { expected, .. } => format!("it knows {expected}: declare the labels in the codebook"),
        })
    }
}
