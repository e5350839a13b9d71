//! The mathematics of restudy, on slices and matrices.
//!
//! Settings are a struct, data is the argument, the result is a plain immutable struct. Nothing here knows a data
//! frame, a column's name, a file, a unit, a decimal to print, or a word for people; nothing rounds or prints. NaN is
//! refused by position: missing values are counted and dropped before a kernel is called.
//!
//! | room | what it holds |
//! |---|---|
//! | [`special`] | the functions everything stands on: error, gamma and incomplete beta functions |
//! | [`dist`] | the only door to distributions: both tails, masses, quantiles |
//! | [`descriptive`] | moments, quantiles, proportions with their intervals |
//! | [`correlation`] | how two variables go together: coefficients, tests, intervals |
//! | [`hypothesis`] | one test, one file |
//! | [`effect`] | effect sizes with their intervals |
//! | [`regression`] | designs, logistic models by maximum and by penalised likelihood |
//! | [`accuracy`] | how well a marker or a predicted risk tells cases from controls |
//! | [`score`] | a points score from its derivation to its honest performance |
//! | [`sample_size`] | how many patients a prediction model needs |
//! | [`imputation`] | missing values filled several times over, and the analyses pooled |
//! | [`multiplicity`] | p-values adjusted within a family |
//! | [`resample`] | bootstrap intervals and permutation p-values, the same on any number of threads |
//! | [`survival`] | curves, their comparison, concordance and proportional hazards |
//!
//! Agreement is relative: tails to 1e-12 of 50-digit values down to 1e-300, statistics to 1e-11 and p-values to 1e-10
//! of reference implementations. The golden files under `tests/golden` and the workspace's conformance runner hold
//! them to it.

pub mod accuracy;
mod blocked;
mod cone;
pub mod correlation;
pub mod descriptive;
pub mod dist;
pub mod effect;
mod error;
pub mod hypothesis;
pub mod imputation;
mod level;
pub mod multiplicity;
mod newton;
mod order;
mod profile;
pub mod regression;
pub mod resample;
mod root;
pub mod sample_size;
pub mod score;
pub mod special;
pub mod survival;

pub use error::{DistributionError, TestError};
pub use level::{Alternative, Interval, Level, LevelError};
