//! What blocks about follow-up have in common: the times that a study names, and those of the numbers at risk.

use toml::Spanned;

use crate::block::Resolving;
use crate::error::StudyError;

/// The times asked for, in order, each once.
pub(crate) fn ascending(resolving: &Resolving<'_>, asked: &[Spanned<f64>]) -> Result<Vec<f64>, StudyError> {
    for written in asked {
        if !(written.get_ref().is_finite() && *written.get_ref() >= 0.0) {
            return Err(resolving.error(&written.span(), "a time is a number, 0 or more", None));
        }
    }
    let mut times: Vec<f64> = asked.iter().map(|time| *time.get_ref()).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    Ok(times)
}

/// The times of the table of numbers at risk: those asked for, or even ones that a reader counts by.
pub(crate) fn risk_times(asked: &[f64], follow_up: &[f64]) -> Vec<f64> {
    if !asked.is_empty() {
        return asked.to_vec();
    }
    let last = follow_up.iter().copied().fold(0.0, f64::max);
    if last <= 0.0 {
        return vec![0.0];
    }
    let mut unit = 1.0;
    while unit * 10.0 <= last / 5.0 {
        unit *= 10.0;
    }
    while unit > last / 5.0 {
        unit /= 10.0;
    }
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * unit).find(|step| *step >= last / 6.0);
    let step = step.unwrap_or(unit * 10.0);
    (0..8).map(|tick| f64::from(tick) * step).take_while(|tick| *tick <= last).collect()
}
