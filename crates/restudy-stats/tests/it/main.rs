//! The mathematics against golden values, closed forms, defining identities and properties.

mod correlation;
mod dist;
mod golden;
mod multiplicity;
