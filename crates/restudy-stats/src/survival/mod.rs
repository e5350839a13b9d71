//! Survival: time until an event that not everybody has been seen to have.
//!
//! [`SurvivalData`] is checked, rid of near-ties and sorted once; what it gives, [`SurvivalTimes`], every method here
//! takes: curves ([`KaplanMeier`], [`NelsonAalen`]), comparisons of groups ([`LogRank`]), the discrimination of a marker
//! ([`Concordance`]), proportional hazards ([`Cox`], [`FirthCox`]) and whether they are ([`ProportionalHazards`]). Late
//! entry, strata and case weights live in the data, so that no method has its own idea of them.

mod cholesky;
mod concordance;
mod cox;
mod error;
mod kaplan_meier;
mod log_rank;
mod nelson_aalen;
mod proportional_hazards;
mod times;

pub use concordance::{Concordance, ConcordanceResult, Orientation};
pub use cox::{
    BaselineHazard, Covariates, Cox, CoxFit, CoxOrFirth, CoxTerm, CoxTies, FirthCox, FirthCoxFit, ModelTest,
    RobustCovariance, SchoenfeldResiduals,
};
pub use error::SurvivalError;
pub use kaplan_meier::{KaplanMeier, RestrictedMean, SurvivalCurve, SurvivalInterval, SurvivalQuantile};
pub use log_rank::{LogRank, LogRankResult, LogRankWeight, TrendTest};
pub use nelson_aalen::{CumulativeHazard, NelsonAalen};
pub use proportional_hazards::{ProportionalHazards, ProportionalHazardsResult, TimeTransform};
pub use times::{NearTies, SurvivalData, SurvivalTimes};
