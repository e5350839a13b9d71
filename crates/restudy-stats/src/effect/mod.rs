//! Effect sizes: how much two groups differ, with an interval.
//!
//! Every measure is a struct of settings with a `run_on_moments` or `run_on_counts` on what a paper prints, and a `run`
//! on raw data where that is more. Which interval it is stands in the result.

mod cohens_d;
mod noncentral_t;
mod odds_ratio;
mod result;
mod risk_difference;
mod risk_ratio;
mod standardized_difference;
mod standardized_proportion_difference;
mod two_by_two;

pub use cohens_d::{Bias, CohensD, CohensDInterval};
pub use odds_ratio::{OddsRatio, OddsRatioInterval};
pub use result::{Effect, EffectProcedure};
pub use risk_difference::{RiskDifference, RiskDifferenceInterval};
pub use risk_ratio::{RiskRatio, RiskRatioInterval};
pub use standardized_difference::{StandardizedDifference, StandardizedDifferenceInterval};
pub use standardized_proportion_difference::{ProportionScale, StandardizedProportionDifference};
