//! Descriptive statistics: moments, quantiles, proportions.

mod describe;
mod moments;
mod proportion;
mod quantile;
mod shape;
mod standardized_difference;
mod sum;

pub use describe::{Describe, Summary};
pub use moments::Moments;
pub use proportion::{clopper_pearson, mid_p, wilson, wilson_continuity};
pub use quantile::{QuantileType, quantile};
pub use shape::Shape;
pub(crate) use standardized_difference::pooled_sd;
pub use standardized_difference::{StandardizedBy, standardized_difference, standardized_difference_of_counts};
pub(crate) use sum::{Centred, Double};
