//! What can be wrong with a published record, and where.

use thiserror::Error;

/// A published record that cannot be read: what is wrong, and its place.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{file}:{line}:{column}: {problem}")]
pub struct RecordError {
    /// The file, as it was named to [`Record::parse`](crate::Record::parse).
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub problem: Problem,
}

impl RecordError {
    /// What to do about it, where there is something to suggest.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        self.problem.hint()
    }
}

/// What is wrong with a published record.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Problem {
    /// Not TOML.
    #[error("{message}")]
    Syntax {
        /// The parser's words.
        message: String,
    },
    /// A key that this block does not have.
    #[error("unknown key `{key}` in {block}")]
    UnknownKey {
        /// The key.
        key: String,
        /// The block it stands in.
        block: &'static str,
        /// The keys that the block has.
        known: Vec<String>,
    },
    /// A key that this block needs.
    #[error("{block} needs the key `{key}`")]
    MissingKey {
        /// The key.
        key: String,
        /// The block.
        block: &'static str,
    },
    /// A value of the wrong type.
    #[error("`{key}` must be {expected}, not {found}")]
    WrongType {
        /// The key.
        key: String,
        /// What it must be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// A word outside the list of those allowed.
    #[error("`{found}` is not {what}")]
    UnknownName {
        /// What was written.
        found: String,
        /// What it should name, such as "a group".
        what: &'static str,
        /// The names there are.
        known: Vec<String>,
    },
    /// An id used twice.
    #[error("the id `{id}` is already used on line {first_line}")]
    DuplicateId {
        /// The id.
        id: String,
        /// Where it was first used.
        first_line: usize,
    },
    /// An id that cannot stand in the ids built from it.
    #[error("`{id}` cannot be an id: {reason}")]
    BadId {
        /// The id.
        id: String,
        /// Why.
        reason: &'static str,
    },
    /// A printed text that is not of its kind.
    #[error("`{printed}` cannot be read: expected {expected}")]
    Unreadable {
        /// The text.
        printed: String,
        /// What its kind would read.
        expected: &'static str,
    },
    /// Keys or links that do not go together.
    #[error("{message}")]
    Inconsistent {
        /// What does not fit.
        message: String,
    },
}

impl Problem {
    fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownKey { key, known, .. } => Some(suggestion(key, known)),
            Self::UnknownName { found, known, .. } => Some(suggestion(found, known)),
            Self::BadId { .. } => Some("an id is made of letters, digits, `_` and `-`".to_owned()),
            _ => None,
        }
    }
}

/// The nearest known name if one is near, else all of them.
fn suggestion(found: &str, known: &[String]) -> String {
    const NEAR: f64 = 0.75;
    let nearest = known
        .iter()
        .map(|name| (strsim::jaro_winkler(found, name), name))
        .filter(|(similarity, _)| *similarity >= NEAR)
        .max_by(|first, second| first.0.total_cmp(&second.0));
    match nearest {
        Some((_, name)) => format!("did you mean `{name}`?"),
        None if known.is_empty() => "there are none".to_owned(),
        None => format!("known here: {}", known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
    }
}
