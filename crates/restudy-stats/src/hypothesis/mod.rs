//! Hypothesis tests: one test, one file.
//!
//! Every test is a struct of settings with a `run` on raw data, and, where a paper prints enough, a second door on
//! what it prints (`run_on_moments`, `run_on_counts`). The raw-data door goes through the second one.

mod anova;
mod bartlett;
mod binomial_exact;
mod chi_square;
mod cochran_armitage;
mod exact_counts;
mod exact_tables;
mod f_ratio;
mod fisher_exact;
mod fisher_freeman_halton;
mod group_ranks;
mod groups;
mod jonckheere_terpstra;
mod kruskal_wallis;
mod levene;
mod likelihood_ratio_chi_square;
mod mann_whitney;
mod odds_ratio;
mod random_tables;
mod ranks;
mod result;
mod student_t;
mod table;
mod untied_rank_sum;
mod welch_anova;
mod welch_t;

pub use crate::Interval;
pub use anova::{Anova, AnovaTable};
pub use bartlett::Bartlett;
pub use binomial_exact::BinomialExact;
pub use chi_square::{ChiSquare, expected_counts, smallest_expected};
pub use cochran_armitage::CochranArmitage;
pub use f_ratio::FRatio;
pub use fisher_exact::FisherExact;
pub use fisher_freeman_halton::{FisherFreemanHalton, TableNullChoice};
pub use jonckheere_terpstra::{JonckheereTerpstra, TrendRankNullChoice};
pub use kruskal_wallis::{GroupRankNullChoice, KruskalWallis};
pub use levene::Levene;
pub use likelihood_ratio_chi_square::LikelihoodRatioChiSquare;
pub use mann_whitney::{MannWhitney, RankNullChoice};
pub use result::{
    Centre, Correction, Estimate, FisherRule, GroupRankNull, KendallNull, Procedure, Quantity, RankNull, Remark,
    SpearmanNull, Statistic, TableNull, TestResult, TrendVariance, TwoSided,
};
pub use student_t::StudentT;
pub use table::CountTable;
pub use welch_anova::WelchAnova;
pub use welch_t::WelchT;
