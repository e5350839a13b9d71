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
//! | [`Selection`] | which terms a stepwise procedure picks, and on what way |
//! | [`Screen`] | which terms matter by themselves, and what they are together |
//! | [`CompleteCases`] | which rows have every variable, and which variable excludes how many |
//! | [`Diagnostics`] | whether there are enough events, and how entangled the terms are |
//! | [`RestrictedCubicSpline`] | the columns of a variable whose effect is a curve |
//! | [`HosmerLemeshow`] | whether predicted probabilities are calibrated |

mod coefficient;
mod complete_cases;
mod data;
mod design;
mod diagnostics;
mod error;
mod firth;
mod hosmer_lemeshow;
mod kernel;
mod logistic;
mod maximum;
mod restricted_cubic_spline;
mod screen;
mod selection;
mod separation;

pub use coefficient::{Coefficient, Inference, TermChiSquare};
pub use complete_cases::{CompleteCases, MissingValues};
pub use data::Outcome;
pub use design::{Coding, Design, DesignBuilder, INTERCEPT, Term};
pub use diagnostics::{Diagnostics, ModelRemark, TermInflation};
pub use error::FitError;
pub use firth::{Firth, FirthFit};
pub use hosmer_lemeshow::{CalibrationGroup, HosmerLemeshow, HosmerLemeshowTest};
pub use logistic::{Logistic, LogisticFit, LogisticOrFirth, TermTest};
pub use restricted_cubic_spline::RestrictedCubicSpline;
pub use screen::{Screen, Screened, ScreenedTerm};
pub(crate) use selection::{Candidates, kept, main_terms, names, of_one};
pub use selection::{Change, Criterion, Direction, EntryTest, RemovalTest, Selected, Selection, Step, Univariable};
pub use separation::{Separation, SeparationKind};
