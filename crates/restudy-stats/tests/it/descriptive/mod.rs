//! Descriptive statistics.

mod describe;
mod moments;
mod proportion;
mod quantile;
mod shape;
mod standardized_difference;
