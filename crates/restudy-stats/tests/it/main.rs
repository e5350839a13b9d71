//! The mathematics against golden values, closed forms, defining identities and properties.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests fail as tests do")]

mod dist;
mod effect;
mod golden;
mod hypothesis;
