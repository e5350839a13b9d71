//! The published record: a paper as a set of claims, and its audit.
//!
//! A claim is one printed number, kept as text because its decimals are part of what it claims. A [`Record`] holds the
//! claims of a paper and how they relate; [`Record::audit`] holds each against the others and says which methods the
//! paper must have used. The verdicts travel in [`restudy_ledger::Audit`].
//!
//! This crate does not know files (a record is text), patients' values, or how an audit is shown. It computes no
//! statistic itself: every p-value comes from [`restudy_stats`], through the doors that take what a paper prints.
//!
//! ```
//! use restudy_claims::{DLM2021, Record};
//! use restudy_ledger::Verdict;
//!
//! let audit = Record::parse("published.toml", DLM2021)?.audit();
//! assert_eq!(audit.count(Verdict::Impossible), 3);
//! for conflict in &audit.conflicts {
//!     println!("{} {}", conflict.sentence, conflict.repair.as_deref().unwrap_or_default());
//! }
//! # Ok::<(), restudy_claims::RecordError>(())
//! ```

mod audit;
mod printed;
pub mod reconstruct;
mod record;
mod reproduce;

pub use printed::{
    Bounds, Content, Day, Decimal, Edge, Fraction, Kind, Printed, Proportion, Relation, Rounding, Unreadable,
};
pub use record::{Problem, PublishedClaim, Record, RecordError};
pub use restudy_ledger::{Audit, ClaimCheck, ClaimChecks, Verdict};

/// The published record of the paper that restudy starts from: the text of `data/dlm2021/published.toml`.
pub const DLM2021: &str = include_str!("../../../data/dlm2021/published.toml");
