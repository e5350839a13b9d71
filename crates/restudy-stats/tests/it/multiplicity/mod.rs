//! Adjusted p-values.

mod benjamini_hochberg;
mod benjamini_yekutieli;
mod bonferroni;
mod holm;
