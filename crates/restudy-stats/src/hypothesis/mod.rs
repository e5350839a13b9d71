//! Hypothesis tests: one test, one file.
//!
//! Every test is a struct of settings with a `run` on raw data, and, where a paper prints enough, a second door on
//! what it prints (`run_on_moments`, `run_on_counts`). The raw-data door goes through the second one.

mod binomial_exact;
mod chi_square;
mod exact_counts;
mod fisher_exact;
mod hodges_lehmann;
mod likelihood_ratio_chi_square;
mod mann_whitney;
mod mcnemar;
mod odds_ratio;
mod paired_t;
mod pairwise;
mod ranks;
mod result;
mod sign;
mod signed_ranks;
mod student_t;
mod table;
mod welch_t;
mod wilcoxon_signed_rank;

pub use crate::Interval;
pub use binomial_exact::BinomialExact;
pub use chi_square::{ChiSquare, expected_counts, smallest_expected};
pub use fisher_exact::FisherExact;
pub use hodges_lehmann::{HodgesLehmannPseudomedian, HodgesLehmannShift, RankIntervalChoice};
pub use likelihood_ratio_chi_square::LikelihoodRatioChiSquare;
pub use mann_whitney::{MannWhitney, RankNullChoice};
pub use mcnemar::McNemar;
pub use paired_t::PairedT;
pub use result::{
    Correction, Estimate, FisherRule, McNemarNull, Procedure, Quantity, RankInterval, RankNull, Remark, SignNull,
    Statistic, TestResult, TwoSided, ZeroRule,
};
pub use sign::SignTest;
pub use student_t::StudentT;
pub use table::CountTable;
pub use welch_t::WelchT;
pub use wilcoxon_signed_rank::WilcoxonSignedRank;
