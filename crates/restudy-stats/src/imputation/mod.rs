//! Missing data: multiple imputation, and one answer out of the analyses of the completed data.
//!
//! [`ChainedEquations`] fills the gaps of a table several times over; the analysis is run on each completed table;
//! [`RubinRules`] pools one coefficient (a log odds ratio, a log hazard ratio, a mean), [`PooledWald`] and
//! [`PooledChiSquare`] test several together.

mod categories;
mod chained_equations;
mod design;
mod draw;
mod error;
mod matching;
mod pooled_chi_square;
mod pooled_wald;
mod rubin;

pub use chained_equations::{ChainedEquations, Imputations, Imputed, MissingPattern, Scale, Trace, Variable};
pub use error::ImputationError;
pub use pooled_chi_square::PooledChiSquare;
pub use pooled_wald::{PooledTest, PooledWald};
pub use rubin::{PooledEstimate, RubinRules};
