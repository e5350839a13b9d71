//! The kinds of blocks, one file each; `comparison` has a folder of its own.

pub(crate) mod calibration;
pub(crate) mod correlation;
pub(crate) mod cox;
pub(crate) mod cumulative_incidence;
pub(crate) mod external_validation;
pub(crate) mod kaplan_meier;
pub(crate) mod logistic;
pub(crate) mod roc;
pub(crate) mod score;
pub(crate) mod score_table;
pub(crate) mod score_validation;

pub(crate) mod accuracy;
mod follow_up;
pub(crate) mod imputation;
mod model;
mod model_block;
mod term;
