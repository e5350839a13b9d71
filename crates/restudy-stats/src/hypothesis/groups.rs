//! Several groups of values, as the tests of more than two groups take them.

use crate::TestError;
use crate::descriptive::Moments;

/// Refuses fewer than two groups.
pub(super) fn at_least_two(found: usize) -> Result<(), TestError> {
    if found < 2 { Err(TestError::TooFewGroups { found, needed: 2 }) } else { Ok(()) }
}

/// The moments of each group, counted from one value of the data.
///
/// Differences between means and deviations within groups do not change, and the rounding of a mean is now relative to the
/// spread of the data and no longer to its distance from zero: the digits that NIST's hardest sets have depend on it.
pub(super) fn moments_from_a_common_origin(groups: &[&[f64]]) -> Result<Vec<Moments>, TestError> {
    at_least_two(groups.len())?;
    let moments_from = |origin: f64| -> Result<Vec<Moments>, TestError> {
        let moments = |(group, values): (usize, &&[f64])| {
            let moved: Vec<f64> = values.iter().map(|x| x - origin).collect();
            Moments::of_group(&moved, group)
        };
        groups.iter().enumerate().map(moments).collect()
    };
    let unmoved = moments_from(0.0)?;
    // A difference of finite values can overflow.
    Ok(moments_from(groups[0][0]).unwrap_or(unmoved))
}

/// Group sizes, as results report them.
pub(super) fn sizes(groups: &[Moments]) -> Vec<usize> {
    groups.iter().map(|group| group.n).collect()
}

/// The mean of all values, and the sum of squares of the group means around it, each group weighted.
pub(super) fn between(groups: &[Moments], weight: impl Fn(&Moments) -> f64) -> (f64, f64) {
    let total: f64 = groups.iter().map(&weight).sum();
    let mean = groups.iter().map(|group| weight(group) * group.mean).sum::<f64>() / total;
    let deviations = |group: &Moments| group.mean - mean;
    let squares: f64 = groups.iter().map(|group| weight(group) * deviations(group) * deviations(group)).sum();
    // What the rounding of the mean left over.
    let rest: f64 = groups.iter().map(|group| weight(group) * deviations(group)).sum();
    (mean, squares - rest * rest / total)
}
