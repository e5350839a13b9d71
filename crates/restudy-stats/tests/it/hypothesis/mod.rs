//! Hypothesis tests.

mod hodges_lehmann;
mod mcnemar;
mod paired_t;
mod sign;
mod wilcoxon_signed_rank;
