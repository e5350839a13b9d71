//! The hypothesis tests.

mod fisher_freeman_halton;
