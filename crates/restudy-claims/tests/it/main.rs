//! The published record and its audit, against values computed elsewhere, proofs by hand, and properties.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

/// Audits of small made-up papers, one per check.
mod audit;
/// The record of the DLM paper: its verdicts, findings and conflicts against SciPy.
mod dlm2021;
/// Errors planted into made-up papers: what is found, and that nothing is where there is none.
mod planted;
/// Printed numbers: what they read as and which values print so.
mod printed;
/// Reading a record: every way in which one can be wrong, and that none makes it panic.
mod record;
