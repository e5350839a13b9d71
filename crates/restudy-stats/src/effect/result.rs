//! What a measure of effect returns.

use super::{
    Bias, CohensDInterval, OddsRatioInterval, ProportionScale, RiskDifferenceInterval, RiskRatioInterval,
    StandardizedDifferenceInterval,
};
use crate::hypothesis::{Estimate, RankInterval, Remark};

/// An effect size with its interval, and how both were made.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// What was really done.
    pub procedure: EffectProcedure,
    /// The effect with its standard error and interval, where the procedure has them.
    pub estimate: Estimate,
    /// The probability with which an exact interval of a discrete statistic covers, at least its level.
    pub coverage: Option<f64>,
    /// Observations used, by group.
    pub counts: Vec<usize>,
    /// What a reader of the numbers should know.
    pub remarks: Vec<Remark>,
}

/// A measure of effect and its interval, with every choice on which packages differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EffectProcedure {
    /// The difference of two means in pooled standard deviations.
    CohensD {
        /// Whether its bias was corrected.
        bias: Bias,
        /// The interval.
        interval: CohensDInterval,
    },
    /// The difference of two means in roots of the average variance.
    StandardizedDifference {
        /// The interval.
        interval: StandardizedDifferenceInterval,
    },
    /// The difference of two proportions in standard deviations or on the arcsine scale.
    StandardizedProportionDifference {
        /// The scale.
        scale: ProportionScale,
    },
    /// The difference of two risks.
    RiskDifference {
        /// The interval.
        interval: RiskDifferenceInterval,
    },
    /// The ratio of two risks.
    RiskRatio {
        /// The interval.
        interval: RiskRatioInterval,
    },
    /// The ratio of two odds.
    OddsRatio {
        /// The interval.
        interval: OddsRatioInterval,
    },
    /// The Hodges–Lehmann shift between two groups.
    HodgesLehmannShift {
        /// The interval.
        interval: RankInterval,
    },
    /// The Hodges–Lehmann pseudomedian of one sample.
    HodgesLehmannPseudomedian {
        /// The interval.
        interval: RankInterval,
    },
}

impl EffectProcedure {
    /// The stable key of the procedure, such as `risk_difference/newcombe`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::CohensD { bias: Bias::Uncorrected, interval } => match interval {
                CohensDInterval::HedgesOlkin => "cohens_d/hedges_olkin",
                CohensDInterval::NoncentralT => "cohens_d/noncentral_t",
            },
            Self::CohensD { bias: Bias::Hedges, interval } => match interval {
                CohensDInterval::HedgesOlkin => "hedges_g/hedges_olkin",
                CohensDInterval::NoncentralT => "hedges_g/noncentral_t",
            },
            Self::StandardizedDifference { interval } => match interval {
                StandardizedDifferenceInterval::HedgesOlkin => "standardized_difference/hedges_olkin",
                StandardizedDifferenceInterval::Bonett => "standardized_difference/bonett",
            },
            Self::StandardizedProportionDifference { scale } => match scale {
                ProportionScale::AverageVariance => "standardized_proportion_difference/average_variance",
                ProportionScale::Arcsine => "standardized_proportion_difference/arcsine",
            },
            Self::RiskDifference { interval } => match interval {
                RiskDifferenceInterval::Wald => "risk_difference/wald",
                RiskDifferenceInterval::Newcombe => "risk_difference/newcombe",
                RiskDifferenceInterval::MiettinenNurminen => "risk_difference/miettinen_nurminen",
            },
            Self::RiskRatio { interval } => match interval {
                RiskRatioInterval::Wald => "risk_ratio/wald",
                RiskRatioInterval::MoverWilson => "risk_ratio/mover_wilson",
                RiskRatioInterval::MiettinenNurminen => "risk_ratio/miettinen_nurminen",
            },
            Self::OddsRatio { interval } => match interval {
                OddsRatioInterval::Wald => "odds_ratio/wald",
                OddsRatioInterval::MiettinenNurminen => "odds_ratio/miettinen_nurminen",
                OddsRatioInterval::Exact => "odds_ratio/exact",
            },
            Self::HodgesLehmannShift { interval } => match interval {
                RankInterval::Exact => "hodges_lehmann_shift/exact",
                RankInterval::Normal { continuity: true } => "hodges_lehmann_shift/normal/continuity",
                RankInterval::Normal { continuity: false } => "hodges_lehmann_shift/normal/no_continuity",
            },
            Self::HodgesLehmannPseudomedian { interval } => match interval {
                RankInterval::Exact => "hodges_lehmann_pseudomedian/exact",
                RankInterval::Normal { continuity: true } => "hodges_lehmann_pseudomedian/normal/continuity",
                RankInterval::Normal { continuity: false } => "hodges_lehmann_pseudomedian/normal/no_continuity",
            },
        }
    }
}
