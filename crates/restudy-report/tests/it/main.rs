//! Tests of the report, mirroring its modules.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it meets what it did not expect")]

mod arbitrary;
mod audit;
mod cite;
mod comparison;
mod document;
mod figure;
mod markup;
mod page;
mod procedure;
mod protocol;
mod render;
mod specimen;
mod style;
