//! Survival: time until an event that not everybody has been seen to have.
//!
//! [`SurvivalData`] is checked, rid of near-ties and sorted once; what it gives, [`SurvivalTimes`], every method here
//! takes: curves ([`KaplanMeier`], [`NelsonAalen`]), competing events ([`CumulativeIncidence`], [`Gray`]), comparisons of
//! groups ([`LogRank`]), the discrimination of a marker ([`Concordance`], [`TimeDependentAuc`]), the error of predictions
//! ([`CensoredBrier`]), their calibration and use at a time ([`CensoredCalibration`], [`censored_decision_curve`],
//! [`CensoredAccuracy`]), proportional hazards ([`Cox`], [`FirthCox`]) and whether they are ([`ProportionalHazards`]). Late
//! entry, strata and case weights live in the data, so that no method has its own idea of them.

mod censored_accuracy;
mod censored_calibration;
mod censored_decision_curve;
mod cholesky;
mod concordance;
mod cox;
mod cumulative_incidence;
mod error;
mod gray;
mod kaplan_meier;
mod log_rank;
mod nelson_aalen;
mod prediction_error;
mod proportional_hazards;
mod time_dependent_auc;
mod times;

pub use censored_accuracy::{AccuracyAtTime, CensoredAccuracy, RocCurveAtTime};
pub use censored_calibration::{CensoredCalibration, MeanCalibration, RiskUpdate};
pub use censored_decision_curve::{CensoredDecisionCurve, censored_decision_curve};
pub use concordance::{Concordance, ConcordanceResult, Orientation};
pub use cox::{
    BaselineHazard, Covariates, Cox, CoxFit, CoxOrFirth, CoxTerm, CoxTies, FirthCox, FirthCoxFit, ModelTest,
    RobustCovariance, SchoenfeldResiduals,
};
pub use cumulative_incidence::{CumulativeIncidence, IncidenceCurve, IncidenceCurves};
pub use error::SurvivalError;
pub use gray::{Gray, GrayResult};
pub use kaplan_meier::{
    KaplanMeier, RestrictedMean, RestrictedMeanDifference, SurvivalCurve, SurvivalInterval, SurvivalQuantile,
};
pub use log_rank::{LogRank, LogRankResult, LogRankWeight, TrendTest};
pub use nelson_aalen::{CumulativeHazard, NelsonAalen};
pub use prediction_error::{CensoredBrier, PredictionError};
pub use proportional_hazards::{ProportionalHazards, ProportionalHazardsResult, TimeTransform};
pub use time_dependent_auc::{TimeDependentArea, TimeDependentAuc};
pub use times::{NearTies, SurvivalData, SurvivalTimes};
