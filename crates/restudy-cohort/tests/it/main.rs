//! Tests of the crate through its public door, one module for each of its own.

// A helper that unwraps is a test that fails.
#![allow(clippy::unwrap_used)]

mod codebook;
mod cohort;
mod decode;
mod error;
mod format;
mod lung;
mod properties;
mod source;
mod sql;
mod support;
mod table;
mod typing;
