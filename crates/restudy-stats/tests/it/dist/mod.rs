//! The distributions.

mod beta;
mod binomial;
mod chi_square;
mod decimals;
mod fisher_f;
mod gamma;
mod golden;
mod hypergeometric;
mod normal;
mod quantile;
mod student_t;
mod total;
