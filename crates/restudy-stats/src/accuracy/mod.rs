//! Diagnostic and prognostic accuracy: how well a marker, a score or a predicted risk tells cases from controls.
//!
//! Which end of a marker means the condition is declared ([`Direction`]), never guessed, so that an area below one half
//! is shown as such. A [`RocCurve`] holds counts; every cut-off is chosen and every table made from these whole numbers.
//! In errors, group 0 are the cases and group 1 the controls.

mod auc;
mod calibration;
mod cutoff;
mod decision;
mod delong;
mod placements;
mod reclassification;
mod roc;
mod score_table;
mod two_by_two;

pub use auc::{Auc, AucEstimate, AucInterval, AucLimits};
pub use calibration::{
    Brier, BrierScore, CalibrationBins, CalibrationCurve, CalibrationInTheLarge, CalibrationIntercept,
};
pub use cutoff::{Criterion, Cutoff, CutoffRule, Operator, OptimalCutoff, Placing};
pub use decision::{DecisionCurve, decision_curve};
pub use delong::{AucComparison, DeLong, DeLongNull, Marker};
pub(crate) use placements::superiority_variance;
pub use reclassification::{Reclassification, ReclassificationIndex, ReclassificationResult};
pub use roc::{Direction, Roc, RocCurve};
pub use score_table::ScoreTable;
pub use two_by_two::{Accuracy, AccuracyMeasures, DiagnosticTable, LikelihoodRatio, Proportion, ProportionInterval};
