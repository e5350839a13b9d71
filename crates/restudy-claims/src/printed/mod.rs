//! Printed numbers, taken at their word.
//!
//! A paper prints `54.86 ± 11.72`: two numbers of two decimals, each standing for every value that rounds to it. This
//! module reads such texts and says, exactly, which values print so. Exactly matters: 7 of 16 is 43.75 %, on the edge
//! between two prints, and only integer arithmetic sees the edge where it is.

mod bounds;
mod cell;
mod date;
mod exact;
mod number;
mod words;

pub use bounds::{Bounds, Edge};
pub use cell::{Content, Kind, Proportion};
pub use date::Day;
pub use exact::{Decimal, Fraction, Rounding};
pub use number::{Printed, Relation, Unreadable};
