//! Descriptive statistics: moments, quantiles, proportions.
