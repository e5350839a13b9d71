//! p-values adjusted within a family.

mod benjamini_hochberg;

pub use benjamini_hochberg::BenjaminiHochberg;

/// p-values adjusted within a family, in the order in which they were given.
#[derive(Clone, Debug, PartialEq)]
pub struct Adjusted {
    /// The adjusted p-values; a missing one stays missing.
    pub values: Vec<Option<f64>>,
    /// How many tests the family has: the adjustment depends on it as much as on the p-values.
    pub size: usize,
}
