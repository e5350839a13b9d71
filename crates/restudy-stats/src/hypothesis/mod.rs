//! Hypothesis tests: one test, one file.
//!
//! Every test is a struct of settings with a `run` on raw data, and, where a paper prints enough, a second door on
//! what it prints (`run_on_moments`, `run_on_counts`). The raw-data door goes through the second one.

mod result;
mod table;

pub use result::{
    Correction, Estimate, FisherRule, Interval, Procedure, Quantity, RankNull, Remark, Statistic, TestResult, TwoSided,
};
pub use table::CountTable;
