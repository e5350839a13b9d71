//! A typed column.

use std::fmt;

/// What a column measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A number.
    Continuous,
    /// Levels with an order.
    Ordinal,
    /// Levels without one.
    Nominal,
    /// Two levels.
    Binary,
    /// Follow-up time, zero or more.
    Time,
    /// Whether follow-up ended with the event (level 1) or was censored (level 0).
    Event,
    /// A calendar day.
    Date,
}

impl Kind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [Self; 7] =
        [Self::Continuous, Self::Ordinal, Self::Nominal, Self::Binary, Self::Time, Self::Event, Self::Date];

    /// The word that the codebook uses for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Continuous => "continuous",
            Self::Ordinal => "ordinal",
            Self::Nominal => "nominal",
            Self::Binary => "binary",
            Self::Time => "time",
            Self::Event => "event",
            Self::Date => "date",
        }
    }

    /// Whether the codebook may list levels for it.
    pub(crate) const fn has_levels(self) -> bool {
        matches!(self, Self::Ordinal | Self::Nominal | Self::Binary)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A column of a cohort, one value a patient.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name in the table, or of the derivation.
    pub name: String,
    /// Its name for people; the name where the codebook gives no label.
    pub label: String,
    /// The unit of its numbers.
    pub unit: Option<String>,
    /// What it measures.
    pub kind: Kind,
    /// Whether `kind` was guessed from the values, because the codebook does not say it.
    pub kind_inferred: bool,
    /// Decimals with which its numbers were recorded.
    pub decimals: Option<u8>,
    /// The values.
    pub values: Values,
    /// The heading under which tables list it.
    pub heading: Option<String>,
}

/// The values of a column; `None` is missing.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Numbers, all finite. Continuous and time columns.
    Numbers(Vec<Option<f64>>),
    /// Ordinal, nominal, binary and event columns.
    Levels {
        /// The labels, in level order; a level may be nobody's.
        levels: Vec<String>,
        /// Each patient's place in `levels`.
        codes: Vec<Option<u32>>,
    },
    /// Days since 1970-01-01. Date columns.
    Dates(Vec<Option<i32>>),
}

impl Values {
    /// How many there are, missing ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Levels { codes, .. } => codes.len(),
            Self::Dates(days) => days.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Drops the rows that `kept` does not hold.
    pub(crate) fn retain(&mut self, kept: &[bool]) {
        match self {
            Self::Numbers(values) => retain(values, kept),
            Self::Levels { codes, .. } => retain(codes, kept),
            Self::Dates(days) => retain(days, kept),
        }
    }
}

/// Drops the items whose place `kept` does not hold.
pub(crate) fn retain<T>(items: &mut Vec<T>, kept: &[bool]) {
    let mut keep = kept.iter();
    items.retain(|_| keep.next().copied().unwrap_or(false));
}
