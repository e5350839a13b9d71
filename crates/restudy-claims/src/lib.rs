//! The published record: a paper as a set of claims, and its audit.

mod audit;
mod printed;
mod record;

pub use printed::{
    Bounds, Content, Decimal, Edge, Fraction, Kind, Printed, Proportion, Relation, Rounding, Unreadable,
};
pub use record::{Problem, PublishedClaim, Record, RecordError};
pub use restudy_ledger::{Audit, Verdict};

/// The published record of the paper that restudy starts from: the text of `data/dlm2021/published.toml`.
pub const DLM2021: &str = include_str!("../../../data/dlm2021/published.toml");
