//! Several variables together: who has which value, so that correlations, contrasts, models and survival print as they
//! must, while every group keeps its values.

mod newton;
mod search;
mod state;
mod statistic;
mod survival;
mod term;

pub(super) use search::{Joint, Schedule};
pub(super) use state::{State, draw_codes, is_binary};
pub(super) use statistic::cox_z;
