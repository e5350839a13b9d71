use super::{ResampleError, Resampling, Units};
use crate::descriptive::clopper_pearson;
use crate::{Interval, Level};

/// Statistics nearer than this, relatively, are one: the same rows in another order add up to the same but for rounding.
const ROUNDING: f64 = 1e-12;

/// How often would chance alone do what the data did, or more? The permutation test, by simulation.
///
/// ## Hypotheses
///
/// H₀: the labels say nothing of the values, so that every order of the labels (within strata, where there are any) was
/// equally likely. Alternative: the statistic is greater.
///
/// ## Formula
///
/// ```text
/// p = (b + 1) / (m + 1)        b: of m random orders, those whose statistic is at least the data's
/// ```
///
/// The data's own order is one of those that chance could have made, so that p is never 0 and the test never exceeds its
/// level. The interval is Clopper and Pearson's of b out of m: where the p-value of all orders lies.
///
/// ## Input
///
/// [`Units`], and the statistic as a function of the order: at each place, the row whose label it gets. Great values are
/// evidence; for a two-sided question the statistic is a distance.
///
/// ## Conventions
///
/// Statistics that differ by less than 1e-12 of themselves count as equal. R: `coin::independence_test(distribution =
/// approximate(nresample = m))` has b / m, which can be 0.
///
/// ## Errors
///
/// [`ResampleError::TooFewReplicates`] without any, [`ResampleError::Undefined`] for a statistic that is NaN in the data. A
/// permuted statistic that is NaN counts as at least the data's.
///
/// ## Source
///
/// Phipson and Smyth, Statistical Applications in Genetics and Molecular Biology 9 (2010) 39; Davison and Hinkley,
/// Bootstrap Methods and their Application (1997), section 4.3.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Permutation {
    /// How many orders, and from which seed.
    pub resampling: Resampling,
    /// The level of the interval of the p-value.
    pub level: Level,
}

/// A p-value by simulation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PermutationTest {
    /// The statistic of the data.
    pub statistic: f64,
    /// Random orders with a statistic at least as great.
    pub as_great: u32,
    /// How many orders were drawn, and from which seed.
    pub resampling: Resampling,
    /// The p-value, (b + 1) / (m + 1).
    pub p_value: f64,
    /// Where the p-value of all orders lies.
    pub interval: Interval,
}

impl Permutation {
    /// The test of a statistic, with room to work in that `scratch` makes (as in [`Resampling::each`]).
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run<S>(
        &self,
        units: &Units,
        scratch: impl Fn() -> S + Sync,
        statistic: impl Fn(&mut S, &[u32]) -> f64 + Sync,
    ) -> Result<PermutationTest, ResampleError> {
        let m = self.resampling.replicates;
        if m == 0 {
            return Err(ResampleError::TooFewReplicates { found: 0, needed: 1 });
        }
        let identity: Vec<u32> = (0..units.len() as u32).collect();
        let observed = statistic(&mut scratch(), &identity);
        if observed.is_nan() {
            return Err(ResampleError::Undefined);
        }
        let enough = observed - ROUNDING * observed.abs();
        let as_great = self.resampling.each(
            || (scratch(), identity.clone()),
            |(room, order), stream| {
                units.shuffle(stream, order);
                let permuted = statistic(room, order);
                permuted.is_nan() || permuted >= enough
            },
        );
        let b = as_great.into_iter().filter(|&as_great| as_great).count() as u32;
        let interval = clopper_pearson(u64::from(b), u64::from(m), self.level).map_err(|_| ResampleError::Undefined)?;
        Ok(PermutationTest {
            statistic: observed,
            as_great: b,
            resampling: self.resampling,
            p_value: (f64::from(b) + 1.0) / (f64::from(m) + 1.0),
            interval,
        })
    }
}
