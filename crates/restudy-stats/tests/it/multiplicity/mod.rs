//! Adjusted p-values.

mod benjamini_hochberg;
