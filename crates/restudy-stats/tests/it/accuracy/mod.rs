mod auc;
mod calibration;
mod cutoff;
mod decision;
mod delong;
mod reclassification;
mod two_by_two;

use restudy_stats::accuracy::{Direction, Roc, RocCurve, ScoreTable};

pub(super) const HIGHER: Roc = Roc { direction: Direction::Higher };
pub(super) const LOWER: Roc = Roc { direction: Direction::Lower };

/// The DLM score of 21 patients who developed RP-ILD and 40 who did not (Table 2 of the paper of 2021).
pub(super) fn dlm_scores() -> RocCurve {
    HIGHER.run_on_counts(&ScoreTable::new(&[0.0, 1.0, 2.0, 3.0], &[0, 3, 9, 9], &[15, 18, 7, 0]).unwrap())
}

/// A marker with ties, for numbers made by hand.
pub(super) const CASES: [f64; 4] = [2.0, 3.0, 5.0, 3.0];
pub(super) const CONTROLS: [f64; 5] = [1.0, 2.0, 2.5, 3.0, 4.0];
