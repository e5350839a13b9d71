//! The mathematics against golden values, closed forms, defining identities and properties.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it meets what it did not expect")]

mod accuracy;
mod correlation;
mod descriptive;
mod dist;
mod effect;
mod exact;
mod golden;
mod hypothesis;
mod imputation;
mod method_pages;
mod multiplicity;
mod regression;
mod resample;
mod sample_size;
mod score;
mod special;
mod survival;
