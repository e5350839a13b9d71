//! The study file, the plan and the ledger that comes of them.

#![allow(clippy::unwrap_used, clippy::expect_used)] // helpers of tests: a panic is a failed test

mod any_text;
mod blocks;
mod broken;
mod comparison;
mod conventions;
mod documents;
mod gbsg2;
mod imputation;
mod schema;
mod score_library;
mod score_validation;
mod threads;
