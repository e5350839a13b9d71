//! Models of an outcome on several variables.
//!
//! Typed columns make a [`Design`]; settings fit it to an outcome; the fitted model answers for estimates, tests and
//! intervals. p-value and interval of a row always come from the same engine ([`Inference`]).
//!
//! | item | what it answers |
//! |---|---|
//! | [`Logistic`] | how the odds of an event depend on the terms |
//! | [`Firth`] | the same under separation, or with less bias in small samples |
//! | [`Separation`] | why a likelihood has no maximum, and which terms are at the bottom of it |
//! | [`HosmerLemeshow`] | whether predicted probabilities are calibrated |

mod coefficient;
mod data;
mod design;
mod error;
mod firth;
mod hosmer_lemeshow;
mod kernel;
mod logistic;
mod maximum;
mod profile;
mod separation;

pub use coefficient::{Coefficient, Inference, LikelihoodRatio};
pub use data::Outcome;
pub use design::{Coding, Design, DesignBuilder, INTERCEPT, Term};
pub use error::FitError;
pub use firth::{Firth, FirthFit};
pub use hosmer_lemeshow::{CalibrationGroup, HosmerLemeshow, HosmerLemeshowTest};
pub use logistic::{Logistic, LogisticFit, TermTest};
pub use separation::{Separation, SeparationKind};
