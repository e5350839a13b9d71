//! cohort.
