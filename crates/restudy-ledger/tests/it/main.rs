//! The ledger: its written forms and its paths.

mod path;
mod series;
