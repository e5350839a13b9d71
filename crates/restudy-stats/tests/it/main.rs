//! The mathematics against golden values, closed forms, defining identities and properties.

mod descriptive;
mod dist;
mod exact;
mod hypothesis;
mod multiplicity;
