//! What the tests of normality share.

use crate::TestError;
use crate::descriptive::Moments;

/// The values in ascending order, less their mean, over their standard deviation.
pub(super) fn standardised(values: &[f64], needed: usize) -> Result<Vec<f64>, TestError> {
    if values.len() < needed {
        return Err(TestError::TooFew { group: 0, found: values.len(), needed });
    }
    let moments = Moments::of(values)?;
    if moments.sd == 0.0 {
        return Err(TestError::NoSpread);
    }
    let mut z: Vec<f64> = values.iter().map(|x| (x - moments.mean) / moments.sd).collect();
    z.sort_unstable_by(f64::total_cmp);
    Ok(z)
}
