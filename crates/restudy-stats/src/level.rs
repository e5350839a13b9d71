//! The small nouns: a confidence level that cannot be mistaken for an α, an interval, and the side of a test.

use thiserror::Error;

/// A confidence level, strictly between 0 and 1: 0.95 for a 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Level(f64);

impl Level {
    /// The level 0.95.
    pub const NINETY_FIVE: Self = Self(0.95);

    /// A confidence level.
    ///
    /// # Errors
    ///
    /// When it is not between 0.5 and 1, both excluded: a level below one half is an α by mistake.
    pub fn new(level: f64) -> Result<Self, LevelError> {
        if level > 0.5 && level < 1.0 { Ok(Self(level)) } else { Err(LevelError { level }) }
    }

    /// The level, 0.95 for 95 %.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }

    /// The probability left in each tail, (1 − level) / 2.
    #[must_use]
    pub fn tail(self) -> f64 {
        (1.0 - self.0) / 2.0
    }
}

impl Default for Level {
    fn default() -> Self {
        Self::NINETY_FIVE
    }
}

/// Not a confidence level.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[error("{level} is not a confidence level: it lies between 0.5 and 1, such as 0.95")]
pub struct LevelError {
    /// What was given.
    pub level: f64,
}

/// An interval with its level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower limit; −∞ (or the least value possible) when only an upper limit was asked for.
    pub low: f64,
    /// The upper limit; +∞ (or the greatest value possible) when only a lower limit was asked for.
    pub high: f64,
    /// The level.
    pub level: Level,
}

/// The alternative hypothesis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Alternative {
    /// The groups differ.
    #[default]
    TwoSided,
    /// The first group is smaller.
    Less,
    /// The first group is greater.
    Greater,
}
