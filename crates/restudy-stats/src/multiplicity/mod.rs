//! p-values adjusted within a family.
