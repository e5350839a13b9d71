use super::ValidationError;
use super::calibration::{Predictions, logits};
use crate::regression::{Coefficient, Design, Logistic, Outcome};
use crate::{Interval, Level, dist};

/// Are predicted risks too extreme, or not extreme enough? Calibration slope and intercept by logistic recalibration.
///
/// ## Hypotheses
///
/// H₀ of the slope: 1; of both together: intercept 0 and slope 1 (two degrees of freedom, likelihood ratio).
///
/// ## Formula
///
/// ```text
/// logit P(y) = a + b logit p          b < 1: predictions too extreme (overfitting); b > 1: not extreme enough
/// unreliability: −2 (ℓ(0, 1) − ℓ(a, b)) on 2 degrees of freedom
/// ```
///
/// Wald intervals; the band of the line, [`RecalibrationLine::at`], is Wald's on the logit scale. The intercept that goes with a slope of 1 is
/// [`CalibrationInTheLarge`](super::CalibrationInTheLarge)'s.
///
/// ## Input
///
/// As [`Brier`](super::Brier); predicted risks strictly between 0 and 1, not all equal.
///
/// ## Conventions
///
/// R: `glm(y ~ qlogis(p), family = binomial)`; `rms::val.prob(p, y)` (Intercept, Slope, U as the same χ² less 2, over n).
/// Some print as "calibration intercept" that of a slope of 1.
///
/// ## Errors
///
/// [`ValidationError::Input`] as [`CalibrationInTheLarge`](super::CalibrationInTheLarge);
/// [`ValidationError::Fit`] when all predictions are equal, and when they separate events from the others.
///
/// ## Source
///
/// Cox, Biometrika 45 (1958) 562–565; Miller, Hui and Tierney, Statistics in Medicine 10 (1991) 1213–1226 (tests).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Recalibration {
    /// The level of the intervals.
    pub level: Level,
}

/// A part of a logistic recalibration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RecalibrationTerm {
    /// The estimate.
    pub estimate: f64,
    /// Its standard error.
    pub std_error: f64,
    /// Its interval.
    pub interval: Interval,
    /// The two-sided p-value of an intercept of 0, or a slope of 1.
    pub p_value: f64,
}

/// A logistic recalibration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RecalibrationLine {
    /// The intercept.
    pub intercept: RecalibrationTerm,
    /// The slope.
    pub slope: RecalibrationTerm,
    /// The covariance of the two.
    pub covariance: f64,
    /// The level of the intervals.
    pub level: Level,
    /// χ² of intercept 0 and slope 1 together, on 2 degrees of freedom.
    pub chi_square: f64,
    /// Its p-value.
    pub p_value: f64,
}

impl Recalibration {
    /// The recalibration of predictions.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, predicted: &[f64], events: &[bool]) -> Result<RecalibrationLine, ValidationError> {
        Predictions::new(predicted, events)?;
        let logits = logits(predicted)?;
        let design = Design::build(logits.len()).intercept().continuous("logit", &logits, 1.0).finish()?;
        let fit = Logistic::default().fit(&design, Outcome::new(events))?;
        let wald = fit.wald(self.level);
        let term = |row: &Coefficient, null: f64| RecalibrationTerm {
            estimate: row.estimate,
            std_error: row.std_error,
            interval: row.interval,
            p_value: dist::Normal.two_sided((row.estimate - null) / row.std_error),
        };
        // ℓ(0, 1): what the predictions themselves say, from the smaller of p and 1 − p.
        let as_predicted: f64 = (logits.iter().zip(events))
            .map(|(&logit, &event)| {
                let against = if event == (logit >= 0.0) { 0.0 } else { logit.abs() };
                -against - libm::log1p(libm::exp(-logit.abs()))
            })
            .sum();
        let chi_square = (2.0 * (fit.log_likelihood() - as_predicted)).max(0.0);
        Ok(RecalibrationLine {
            intercept: term(&wald[0], 0.0),
            slope: term(&wald[1], 1.0),
            covariance: fit.covariance(0, 1),
            level: self.level,
            chi_square,
            // Chi-square on 2 degrees of freedom is exponential.
            p_value: libm::exp(-chi_square / 2.0),
        })
    }
}

impl RecalibrationLine {
    /// The frequency of the event that goes with a predicted risk strictly between 0 and 1, with the limits of the line there:
    /// the predicted risk, recalibrated. R: `predict(glm(y ~ qlogis(p), binomial), se.fit = TRUE)` on the logit scale.
    #[must_use]
    pub fn at(&self, predicted: f64) -> (f64, Interval) {
        let x = libm::log(predicted) - libm::log1p(-predicted);
        let (a, b) = (self.intercept.std_error, self.slope.std_error);
        let variance = a * a + 2.0 * x * self.covariance + x * x * b * b;
        frequency(self.intercept.estimate + self.slope.estimate * x, variance, self.level)
    }
}

/// A frequency from its logit, with Wald's limits on that scale.
pub(super) fn frequency(logit: f64, variance: f64, level: Level) -> (f64, Interval) {
    let half = dist::Normal.upper_quantile(level.tail()) * variance.max(0.0).sqrt();
    (inverse_logit(logit), Interval { low: inverse_logit(logit - half), high: inverse_logit(logit + half), level })
}

fn inverse_logit(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}
