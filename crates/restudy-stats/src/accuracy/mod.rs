//! How well a score tells patients with an event from those without.

mod score_counts;

pub use score_counts::{Pairs, ScoreCounts};
