//! Hypothesis tests: one test, one file.
//!
//! Every test is a struct of settings with a `run` on raw data, and, where a paper prints enough, a second door on
//! what it prints (`run_on_moments`, `run_on_counts`). The raw-data door goes through the second one.

mod anderson_darling;
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
mod hodges_lehmann;
mod jonckheere_terpstra;
mod kruskal_wallis;
mod levene;
mod likelihood_ratio_chi_square;
mod lilliefors;
mod mann_whitney;
mod mcnemar;
mod normal_approximation;
mod normality;
mod odds_ratio;
mod paired_t;
mod pairwise;
mod pairwise_sums;
mod random_tables;
mod ranks;
mod result;
mod shapiro_wilk;
mod sign;
mod signed_ranks;
mod student_t;
mod table;
mod untied_rank_sum;
mod welch_anova;
mod welch_t;
mod wilcoxon_signed_rank;

pub use crate::Interval;
pub use anderson_darling::AndersonDarling;
pub use anova::{Anova, AnovaTable};
pub use bartlett::Bartlett;
pub use binomial_exact::BinomialExact;
pub use chi_square::{ChiSquare, expected_counts, smallest_expected};
pub use cochran_armitage::CochranArmitage;
pub use f_ratio::FRatio;
pub use fisher_exact::FisherExact;
pub use fisher_freeman_halton::{FisherFreemanHalton, TableNullChoice};
pub use hodges_lehmann::{HodgesLehmannPseudomedian, HodgesLehmannShift, RankIntervalChoice};
pub use jonckheere_terpstra::{JonckheereTerpstra, TrendRankNullChoice};
pub use kruskal_wallis::{GroupRankNullChoice, KruskalWallis};
pub use levene::Levene;
pub use likelihood_ratio_chi_square::LikelihoodRatioChiSquare;
pub use lilliefors::Lilliefors;
pub use mann_whitney::{MannWhitney, RankNullChoice};
pub use mcnemar::McNemar;
pub use paired_t::PairedT;
pub use pairwise::{Adjustment, PairComparison, PairTest, Pairwise};
pub(crate) use ranks::ranked_blocks;
pub use result::{
    Centre, Correction, Estimate, FisherRule, GroupRankNull, KendallNull, McNemarNull, Procedure, Quantity,
    RankInterval, RankNull, Remark, SignNull, SpearmanNull, Statistic, TableNull, TestResult, TrendVariance, TwoSided,
    ZeroRule,
};
pub use shapiro_wilk::ShapiroWilk;
pub use sign::SignTest;
pub use student_t::StudentT;
pub use table::CountTable;
pub use welch_anova::WelchAnova;
pub use welch_t::WelchT;
pub use wilcoxon_signed_rank::WilcoxonSignedRank;
