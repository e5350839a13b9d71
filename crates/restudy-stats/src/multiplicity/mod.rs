//! p-values adjusted within a family.

mod benjamini_hochberg;
mod benjamini_yekutieli;
mod bonferroni;
mod holm;

pub use benjamini_hochberg::BenjaminiHochberg;
pub use benjamini_yekutieli::BenjaminiYekutieli;
pub use bonferroni::Bonferroni;
pub use holm::Holm;

use crate::TestError;

/// p-values adjusted within a family, in the order in which they were given.
#[derive(Clone, Debug, PartialEq)]
pub struct Adjusted {
    /// The adjusted p-values; a missing one stays missing.
    pub values: Vec<Option<f64>>,
    /// How many tests the family has: the adjustment depends on it as much as on the p-values.
    pub size: usize,
}

/// The p-values that are present, smallest first, each with its place among all, once they are known to be a family of
/// `size` tests or a part of one.
fn ascending(p_values: &[Option<f64>], size: usize) -> Result<Vec<(usize, f64)>, TestError> {
    let mut present = Vec::with_capacity(p_values.len());
    for (position, &p) in p_values.iter().enumerate() {
        match p {
            Some(p) if (0.0..=1.0).contains(&p) => present.push((position, p)),
            Some(p) => return Err(TestError::NotAProbability { position, p }),
            None => {}
        }
    }
    if size < present.len() {
        return Err(TestError::FamilyTooSmall { size, found: present.len() });
    }
    present.sort_by(|a, b| a.1.total_cmp(&b.1));
    Ok(present)
}
