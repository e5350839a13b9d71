//! The distributions.

mod decimals;
mod total;
