//! The distributions.

mod beta;
mod binomial;
mod checks;
mod chi_square;
pub(crate) mod close;
mod decimals;
mod fisher_f;
mod gamma;
mod golden;
mod hypergeometric;
mod normal;
mod quantile;
mod student_t;
mod total;
