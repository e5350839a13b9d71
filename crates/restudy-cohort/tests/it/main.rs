//! Tests of the crate through its public door, one module for each of its own.

mod codebook;
mod cohort;
mod decode;
mod error;
mod lung;
mod properties;
mod sql;
mod support;
mod table;
mod typing;
