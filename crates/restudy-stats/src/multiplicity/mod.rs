//! p-values adjusted within a family.
//!
//! Every method takes the family as it stands, with `None` where a test gave no p-value. What is missing stays missing
//! and is not counted: the size of the family is part of the answer, because it is the number that readers most often
//! get wrong.
//!
//! | method | controls | under |
//! |---|---|---|
//! | [`Bonferroni`] | the family-wise error rate | any dependence |
//! | [`Holm`] | the family-wise error rate, never less powerful than Bonferroni | any dependence |
//! | [`Hochberg`] | the family-wise error rate, never less powerful than Holm | independence, positive dependence |
//! | [`Hommel`] | the family-wise error rate, never less powerful than Hochberg | independence, positive dependence |
//! | [`BenjaminiHochberg`] | the false discovery rate | independence, positive dependence |
//! | [`BenjaminiYekutieli`] | the false discovery rate | any dependence |
//! | [`Storey`] | the false discovery rate, with the share of true nulls estimated | independence, weak dependence |

mod benjamini_hochberg;
mod benjamini_yekutieli;
mod bonferroni;
mod family;
mod hochberg;
mod holm;
mod hommel;
mod storey;

pub use benjamini_hochberg::BenjaminiHochberg;
pub use benjamini_yekutieli::BenjaminiYekutieli;
pub use bonferroni::Bonferroni;
pub use hochberg::Hochberg;
pub use holm::Holm;
pub use hommel::Hommel;
pub use storey::{NullShare, QValues, Storey};

/// p-values adjusted within a family, in the order in which they were given.
#[derive(Clone, Debug, PartialEq)]
pub struct Adjusted {
    /// The adjusted p-values; a missing one stays missing.
    pub values: Vec<Option<f64>>,
    /// How many tests the family has: the adjustment depends on it as much as on the p-values.
    pub size: usize,
}
