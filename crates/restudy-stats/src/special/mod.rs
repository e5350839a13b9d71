//! The functions that every distribution stands on.
