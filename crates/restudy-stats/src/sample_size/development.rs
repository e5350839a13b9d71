//! What the development of a model asks for, whatever its outcome: little overfitting and little optimism.

use super::{between, positive, proportion, whole};
use crate::DistributionError;

/// What a model is expected to explain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ExpectedR2 {
    /// Cox and Snell's R², 1 − exp(−LR / n).
    CoxSnell(f64),
    /// Nagelkerke's R²: Cox and Snell's, divided by its greatest value.
    Nagelkerke(f64),
}

impl ExpectedR2 {
    /// Cox and Snell's R², found to be possible.
    fn cox_snell(self, greatest: f64) -> Result<f64, DistributionError> {
        let (value, limit, must_be) = match self {
            Self::CoxSnell(r2) => (r2, greatest, "between 0 and its greatest value at this overall risk"),
            Self::Nagelkerke(r2) => (r2 * greatest, greatest, "between 0 and 1"),
        };
        let given = match self {
            Self::CoxSnell(r2) | Self::Nagelkerke(r2) => r2,
        };
        if value > 0.0 && value < limit {
            Ok(value)
        } else {
            Err(DistributionError::Parameter { parameter: "R²", value: given, must_be })
        }
    }
}

/// The patients that one criterion asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SizeCriterion {
    /// Patients.
    pub n: u64,
    /// Expected events among them.
    pub events: f64,
    /// Events per candidate parameter.
    pub events_per_parameter: f64,
    /// The shrinkage factor to expect at this size.
    pub expected_shrinkage: f64,
}

/// The size of a study that develops a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DevelopmentSize {
    /// Small overfitting.
    pub shrinkage: SizeCriterion,
    /// Small optimism in R².
    pub optimism: SizeCriterion,
    /// A precise overall risk, or risk at the time.
    pub overall_risk: SizeCriterion,
    /// Patients that meet all criteria.
    pub n: u64,
    /// Expected events among them.
    pub events: f64,
    /// Events per candidate parameter.
    pub events_per_parameter: f64,
    /// Cox and Snell's R² expected.
    pub r2_cox_snell: f64,
    /// The greatest it can be with so many events.
    pub r2_max: f64,
    /// Nagelkerke's R² expected.
    pub r2_nagelkerke: f64,
}

/// The two criteria on overfitting, the same for every kind of outcome.
pub(super) struct Overfitting {
    parameters: f64,
    r2: f64,
    r2_max: f64,
    shrinkage: f64,
    optimism: f64,
}

impl Overfitting {
    pub(super) fn new(
        parameters: u32,
        r2: ExpectedR2,
        r2_max: f64,
        shrinkage: f64,
        optimism: f64,
    ) -> Result<Self, DistributionError> {
        let parameters = f64::from(parameters);
        positive("parameters", parameters)?;
        proportion("shrinkage", shrinkage)?;
        proportion("optimism", optimism)?;
        let r2 = r2.cox_snell(r2_max)?;
        between("R²", r2, 0.0, shrinkage, "below the shrinkage wanted")?;
        Ok(Self { parameters, r2, r2_max, shrinkage, optimism })
    }

    /// The size that meets both and a third criterion, which asks for so many patients; events are a patient's.
    pub(super) fn size(&self, events: f64, n_for_risk: u64) -> DevelopmentSize {
        let criterion = |n: u64| self.criterion(n, n as f64 * events);
        let shrinkage = criterion(self.n_for(self.shrinkage));
        let optimism = criterion(self.n_for(self.r2 / (self.r2 + self.optimism * self.r2_max)));
        let overall_risk = criterion(n_for_risk);
        let decisive = criterion(shrinkage.n.max(optimism.n).max(overall_risk.n));
        DevelopmentSize {
            shrinkage,
            optimism,
            overall_risk,
            n: decisive.n,
            events: decisive.events,
            events_per_parameter: decisive.events_per_parameter,
            r2_cox_snell: self.r2,
            r2_max: self.r2_max,
            r2_nagelkerke: self.r2 / self.r2_max,
        }
    }

    fn n_for(&self, shrinkage: f64) -> u64 {
        whole(self.parameters / ((shrinkage - 1.0) * libm::log1p(-self.r2 / shrinkage)))
    }

    fn criterion(&self, n: u64, events: f64) -> SizeCriterion {
        SizeCriterion {
            n,
            events,
            events_per_parameter: events / self.parameters,
            expected_shrinkage: self.expected_shrinkage(n as f64),
        }
    }

    /// The S that solves n (S − 1) ln(1 − R²/S) = p; 0 where no positive one above R² does.
    ///
    /// The left side grows as S falls from 1 to R², from 0 to infinity, so that halving finds the one solution.
    fn expected_shrinkage(&self, n: f64) -> f64 {
        let (mut low, mut high) = (self.r2, 1.0);
        for _ in 0..200 {
            let middle = low + (high - low) / 2.0;
            if middle <= low || middle >= high {
                break;
            }
            let asked = self.parameters / ((middle - 1.0) * libm::log1p(-self.r2 / middle));
            if asked > n {
                high = middle;
            } else {
                low = middle;
            }
        }
        low
    }
}
