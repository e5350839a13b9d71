mod auc;
mod calibration;
mod cutoff;
mod decision;
mod delong;
mod maximally_selected;
mod optimism;
mod partial_auc;
mod precision_recall;
mod recalibration;
mod reclassification;
mod roc_bootstrap;
mod smooth_calibration;
mod two_by_two;

use restudy_stats::accuracy::{Direction, Roc, RocCurve, ScoreTable};
use serde_json::Value;

use crate::golden::{numbers, parse};

pub(super) const HIGHER: Roc = Roc { direction: Direction::Higher };
pub(super) const LOWER: Roc = Roc { direction: Direction::Lower };

/// The DLM score of 21 patients who developed RP-ILD and 40 who did not (Table 2 of the paper of 2021).
pub(super) fn dlm_scores() -> RocCurve {
    HIGHER.run_on_counts(&ScoreTable::new(&[0.0, 1.0, 2.0, 3.0], &[0, 3, 9, 9], &[15, 18, 7, 0]).unwrap())
}

/// A marker with ties, for numbers made by hand.
pub(super) const CASES: [f64; 4] = [2.0, 3.0, 5.0, 3.0];
pub(super) const CONTROLS: [f64; 5] = [1.0, 2.0, 2.5, 3.0, 4.0];

/// The data and answers of `accuracy.R`.
pub(super) struct Golden {
    pub(super) answers: Value,
    pub(super) events: Vec<bool>,
    pub(super) marker: Vec<f64>,
    pub(super) predicted: Vec<f64>,
}

impl Golden {
    /// R writes 15 digits.
    pub(super) const DIGITS: f64 = 1e-11;

    pub(super) fn read() -> Self {
        let answers = parse(include_str!("../../golden/accuracy.json"));
        Self {
            events: numbers(&answers["y"]).into_iter().map(|y| y == 1.0).collect(),
            marker: numbers(&answers["x"]),
            predicted: numbers(&answers["p"]),
            answers,
        }
    }

    /// Those of `average_precision.py` on the same data.
    pub(super) fn average_precision(&self) -> Value {
        parse(include_str!("../../golden/average_precision.json"))
    }

    /// The marker of the events, or of the others.
    pub(super) fn of(&self, event: bool) -> Vec<f64> {
        self.marker.iter().zip(&self.events).filter(|&(_, &of)| of == event).map(|(x, _)| *x).collect()
    }

    pub(super) fn curve(&self) -> RocCurve {
        HIGHER.run(&self.of(true), &self.of(false)).unwrap()
    }
}
