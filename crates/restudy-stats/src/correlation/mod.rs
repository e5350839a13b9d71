//! How two variables go together: one coefficient, one file.
//!
//! | coefficient | of | null distribution |
//! |---|---|---|
//! | [`Pearson`] | a straight line | Student's t |
//! | [`Spearman`] | a monotone relation | exact, exact given ties, Edgeworth series, Student's t |
//! | [`Kendall`] | concordant and discordant pairs | exact, normal |
//! | [`PointBiserial`] | a yes-or-no variable and a quantity | Student's t |
//! | [`Partial`] | two variables at fixed values of others | Student's t |
//!
//! [`StraightLine`] is the line that Pearson's coefficient is of. Every coefficient is symmetric in its two variables.
//! [`Alternative::Greater`](crate::Alternative::Greater) is a positive correlation.

mod coefficient;
mod kendall;
mod line;
mod partial;
mod pearson;
mod point_biserial;
mod ranks;
mod spearman;

pub use kendall::{Kendall, KendallNullChoice};
pub use line::{FittedLine, StraightLine};
pub use partial::{Partial, PartialOf};
pub use pearson::Pearson;
pub use point_biserial::PointBiserial;
pub use spearman::{Spearman, SpearmanInterval, SpearmanNullChoice, SpearmanPair};
