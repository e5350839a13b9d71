//! The mathematics against golden values, closed forms, defining identities and properties.

#![allow(clippy::unwrap_used, reason = "a test stops at a fault")]

mod close;
mod dist;
mod golden;
mod special;
