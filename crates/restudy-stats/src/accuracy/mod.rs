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
mod maximally_selected;
mod optimism;
mod partial_auc;
mod placements;
mod precision_recall;
mod recalibration;
mod reclassification;
mod roc;
mod roc_bootstrap;
mod score_table;
mod smooth_calibration;
mod two_by_two;
mod validation_error;

pub use auc::{Auc, AucEstimate, AucInterval, AucLimits};
pub use calibration::{
    Brier, BrierScore, CalibrationBins, CalibrationCurve, CalibrationInTheLarge, CalibrationIntercept,
};
pub use cutoff::{Criterion, Cutoff, CutoffRule, Operator, OptimalCutoff, Placing};
pub use decision::{DecisionCurve, decision_curve};
pub use delong::{AucComparison, DeLong, DeLongNull, Marker};
pub use maximally_selected::{MaximallySelected, MaximallySelectedNull, MaximallySelectedTest, SelectedStatistic};
pub use optimism::{OptimismBootstrap, OptimismIndex, OptimismValidation};
pub use partial_auc::{PartialArea, PartialAuc, RocFocus};
pub(crate) use placements::superiority_variance;
pub use precision_recall::{PrecisionRecall, PrecisionRecallCurve};
pub use recalibration::{Recalibration, RecalibrationLine, RecalibrationTerm};
pub use reclassification::{Reclassification, ReclassificationIndex, ReclassificationResult};
pub use roc::{Direction, Roc, RocCurve};
pub use roc_bootstrap::{AucBootstrap, CutoffBootstrap, RocBootstrap, RocSampling};
pub use score_table::ScoreTable;
pub use smooth_calibration::{SmoothCalibration, SmoothCalibrationCurve, Smoother};
pub use two_by_two::{Accuracy, AccuracyMeasures, DiagnosticTable, LikelihoodRatio, Proportion, ProportionInterval};
pub use validation_error::ValidationError;
