//! The command as its users meet it, and the walls between the crates.

#![allow(clippy::unwrap_used, clippy::expect_used)] // helpers of tests: a panic is a failed test

mod broken_input;
mod browser;
mod commands;
mod readme;
mod reconstruct;
mod sample_size;
mod score;
mod validate;
mod walls;
