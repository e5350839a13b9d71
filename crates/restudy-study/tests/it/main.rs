//! The study file, the plan and the ledger that comes of them.

mod any_text;
mod comparison;
mod conventions;
mod documents;
