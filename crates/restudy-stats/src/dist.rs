//! The only door to distributions: both tails, masses and quantiles.
