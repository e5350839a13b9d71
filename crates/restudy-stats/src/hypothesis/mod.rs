//! Hypothesis tests: one test, one file.
//!
//! Every test is a struct of settings with a `run` on raw data, and, where a paper prints enough, a second door on
//! what it prints (`run_on_moments`, `run_on_counts`). The raw-data door goes through the second one.

mod binomial_exact;
mod chi_square;
mod exact_counts;
mod fisher_exact;
mod likelihood_ratio_chi_square;
mod mann_whitney;
mod odds_ratio;
mod ranks;
mod result;
mod student_t;
mod table;
mod untied_rank_sum;
mod welch_t;

pub use crate::Interval;
pub use binomial_exact::BinomialExact;
pub use chi_square::{ChiSquare, expected_counts, smallest_expected};
pub use fisher_exact::FisherExact;
pub use likelihood_ratio_chi_square::LikelihoodRatioChiSquare;
pub use mann_whitney::{MannWhitney, RankNullChoice};
pub use result::{
    Correction, Estimate, FisherRule, KendallNull, Procedure, Quantity, RankNull, Remark, SpearmanNull, Statistic,
    TestResult, TwoSided,
};
pub use student_t::StudentT;
pub use table::CountTable;
pub use welch_t::WelchT;
