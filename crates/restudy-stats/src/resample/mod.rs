//! Resampling: intervals by bootstrap and p-values by permutation, from one source of random numbers.
//!
//! A replicate has a stream of random numbers of its own, made from the seed and its index alone ([`Resampling`]), so that
//! a result is the same bits on one thread and on many (feature `threads`), and any replicate can be made again by itself.
//!
//! | item | what it answers |
//! |---|---|
//! | [`Bootstrap`] | how far an estimate would move from sample to sample: percentile, basic and BCa intervals |
//! | [`Permutation`] | how often chance alone would do what the data did, with the error of the simulation |
//! | [`Units`] | what is drawn: rows, or rows within strata |
//!
//! A resample is counts, how often each row was drawn, and no copy of the data: a statistic that sorts its data once takes
//! counts in that order and needs no sorting for a replicate.

mod bootstrap;
mod error;
mod permutation;
mod stream;
mod units;

pub use bootstrap::{Bootstrap, BootstrapEstimate, BootstrapInterval};
pub use error::ResampleError;
pub use permutation::{Permutation, PermutationTest};
pub use stream::{Resampling, Stream};
pub use units::Units;
