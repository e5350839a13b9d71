//! What can be wrong with a study file, said with its place and a hint.

use std::fmt;
use std::ops::Range;

use restudy_cohort::CohortError;
use thiserror::Error;

/// A line and column, counted from 1, in a named file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file's name as the user gave it.
    pub file: String,
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl Place {
    /// The place of a byte range in a text.
    pub(crate) fn of(file: &str, text: &str, span: &Range<usize>) -> Self {
        // A span is a byte range of this very text; a prefix that is not one would be a fault of the parser, and
        // then the whole text is the best that can be said.
        let before = text.get(..span.start).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Self { file: file.to_owned(), line, column }
    }
}

/// Why a study cannot be planned or carried out.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum StudyError {
    /// The file is not TOML of the study file's shape.
    #[error("{place}: {message}")]
    File {
        /// Where.
        place: Place,
        /// What is wrong there.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
    /// The cohort could not be read.
    #[error(transparent)]
    Cohort(#[from] CohortError),
}

impl StudyError {
    /// What to do about it, where something can be said.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::File { hint, .. } => hint.clone(),
            Self::Cohort(error) => error.hint(),
        }
    }
}

/// The candidate that a misspelt name most likely means: the closest by edit distance, if it is close.
pub(crate) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    let lowered = name.to_lowercase();
    candidates
        .map(|candidate| (strsim::osa_distance(&lowered, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.chars().count().max(3) / 3) + 1)
        .min()
        .map(|(_, candidate)| candidate.to_owned())
}
