//! From a total to a risk.

use restudy_stats::Interval;
use serde::Deserialize;

/// What became of the patients of one total.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ObservedRisk {
    /// The total.
    pub points: f64,
    /// Events.
    pub events: u64,
    /// Patients.
    pub n: u64,
}

impl ObservedRisk {
    /// The risk, with half an event and one patient more, so that nobody is certain.
    #[must_use]
    pub fn risk(&self) -> f64 {
        (self.events as f64 + 0.5) / (self.n as f64 + 1.0)
    }
}

/// How a model's total, its linear predictor, becomes a risk.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "form", deny_unknown_fields, rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum RiskModel {
    /// Logistic: risk = 1 / (1 + exp(−total)).
    Logistic,
    /// Proportional hazards: risk by the time = 1 − S₀(time)^exp(total − centre).
    ProportionalHazards {
        /// The time by which the risk is meant.
        time: f64,
        /// Its unit.
        unit: String,
        /// The survival to that time of somebody whose total is the centre.
        baseline_survival: f64,
        /// The total that the baseline is of.
        #[serde(default)]
        centre: f64,
    },
}

impl RiskModel {
    /// The risk at a total.
    #[must_use]
    pub fn risk(&self, total: f64) -> f64 {
        match self {
            Self::Logistic => 1.0 / (1.0 + (-total).exp()),
            Self::ProportionalHazards { baseline_survival, centre, .. } => {
                -((total - centre).exp() * baseline_survival.ln()).exp_m1()
            }
        }
    }

    /// The time by which the risk is meant, with its unit.
    #[must_use]
    pub fn horizon(&self) -> Option<(f64, &str)> {
        match self {
            Self::Logistic => None,
            Self::ProportionalHazards { time, unit, .. } => Some((*time, unit)),
        }
    }

    /// Why it gives no risk, if it does not.
    pub(super) fn fault(&self) -> Option<String> {
        let Self::ProportionalHazards { time, baseline_survival, .. } = self else { return None };
        if !(*baseline_survival > 0.0 && *baseline_survival < 1.0) {
            return Some("the baseline survival is a probability between 0 and 1".to_owned());
        }
        (!(time.is_finite() && *time > 0.0)).then(|| "the time of a risk is a number above 0".to_owned())
    }
}

/// What is known of the risk of one patient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PatientRisk {
    /// What became of those with the same total where the score was made, and the exact 95 % interval of their risk.
    Observed(ObservedRisk, Interval),
    /// What the model says.
    Predicted(f64),
}
