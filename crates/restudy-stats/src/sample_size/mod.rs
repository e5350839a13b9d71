//! How many patients a prediction model needs: to be developed without overfitting, and to be validated with precision.
//!
//! Every criterion is answered for itself, so that the one which decides is seen. The 95 % limits are those of the papers,
//! 1.96 standard errors. A number of patients is the least whole number that meets its criterion.

mod binary_development;
mod binary_validation;
mod development;
mod linear_predictor;
mod survival_development;
mod survival_validation;

pub use binary_development::{BinaryDevelopment, cox_snell_r2_of_c_statistic};
pub use binary_validation::{BinaryValidation, Classification, NetBenefitTarget, PrecisionCriterion, ValidationSize};
pub use development::{DevelopmentSize, ExpectedR2, SizeCriterion};
pub use linear_predictor::LinearPredictor;
pub use survival_development::{SurvivalDevelopment, SurvivalDevelopmentSize};
pub use survival_validation::{SurvivalValidation, SurvivalValidationSize, lp_sd_of_concordance};

use crate::DistributionError;

/// The half width of a 95 % interval in standard errors, as the papers print it and their examples need it.
const Z: f64 = 1.96;

/// The least whole number that is not below a value.
fn whole(n: f64) -> u64 {
    n.ceil() as u64
}

/// Refuses a parameter that is not strictly between two numbers; NaN is in no range.
fn between(
    parameter: &'static str,
    value: f64,
    low: f64,
    high: f64,
    must_be: &'static str,
) -> Result<(), DistributionError> {
    if value > low && value < high { Ok(()) } else { Err(DistributionError::Parameter { parameter, value, must_be }) }
}

fn proportion(parameter: &'static str, value: f64) -> Result<(), DistributionError> {
    between(parameter, value, 0.0, 1.0, "strictly between 0 and 1")
}

fn positive(parameter: &'static str, value: f64) -> Result<(), DistributionError> {
    between(parameter, value, 0.0, f64::INFINITY, "positive and finite")
}
