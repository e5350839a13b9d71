use super::{LinearPredictor, Z, positive, proportion, whole};
use crate::DistributionError;

/// How many patients does it take to validate a model of a binary outcome with precision?
///
/// ## Formula
///
/// With prevalence φ, and the width w wanted of each 95 % interval:
///
/// ```text
/// observed / expected   n = (1 − φ) / (φ s²),  s the standard error of ln(O/E): (O/E) (e^(1.96 s) − e^(−1.96 s)) = w
/// calibration slope     n = I₁₁ / (s² (I₁₁ I₂₂ − I₁₂²)),  s = w / (2 · 1.96),  I = E[p (1 − p) (1, LP)(1, LP)ᵀ],
///                       p = 1 / (1 + exp(−slope · LP))
/// C statistic           the least n with s² = C (1 − C) (1 + (n/2 − 1) ((1 − C)/(2 − C) + C/(1 + C))) / (n² φ (1 − φ))
/// standardised net benefit at the threshold t, a = (1 − φ)/φ · t/(1 − t):
///                       n = (Se (1 − Se)/φ + a² Sp (1 − Sp)/(1 − φ) + a² (1 − Sp)² / (φ (1 − φ))) / s²
/// ```
///
/// ## Input
///
/// The distribution of the linear predictor to expect ([`LinearPredictor`]); the sensitivity and specificity at the
/// threshold, or `None` to take those that the distribution implies.
///
/// ## Result
///
/// [`ValidationSize`]: each criterion, and the size that meets them all.
///
/// ## Conventions
///
/// R and Python `pmvalsampsize(type = "b", ...)`. They draw a million linear predictors where these expectations are
/// integrated, so that the slope's and the net benefit's sizes agree up to their simulation error. They look for the
/// standard error of ln(O/E) in steps of 0.0001 (`oeseincrement`) and take the first that is wide enough;
/// `se_step: Some(0.0001)` does the same, `None` solves the equation. Their size for the slope is that of a slope of 1,
/// whatever `cslope` says.
///
/// ## Errors
///
/// [`DistributionError::Parameter`] for a prevalence, C statistic, threshold, sensitivity or specificity outside (0, 1), a
/// width that is not positive, and a distribution that does not exist.
///
/// ## Example
///
/// ```
/// use restudy_stats::sample_size::{BinaryValidation, LinearPredictor};
///
/// let predictor = LinearPredictor::Normal { mean: -5.0, sd: 2.5 };
/// let size = BinaryValidation { oe_width: 1.0, ..BinaryValidation::new(0.018, 0.8, predictor) }.run()?;
/// assert_eq!((size.observed_expected.n, size.c_statistic.n), (906, 4252));
/// # Ok::<(), restudy_stats::DistributionError>(())
/// ```
///
/// ## Source
///
/// Riley et al., Statistics in Medicine 40 (2021) 4230–4251; Archer et al., Statistics in Medicine 40 (2021) 133–146;
/// Pavlou et al., Statistical Methods in Medical Research 30 (2021) 2187–2206; Newcombe, Statistics in Medicine 25 (2006)
/// 559–573 (the C statistic's variance); Marsh et al., Statistics in Medicine 39 (2020) 2921–2935 (net benefit's).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BinaryValidation {
    /// The prevalence expected, in (0, 1).
    pub prevalence: f64,
    /// The C statistic expected, in (0.5, 1).
    pub c_statistic_expected: f64,
    /// The distribution of the linear predictor.
    pub predictor: LinearPredictor,
    /// The ratio of observed to expected events, 1 for a model that is right in the large.
    pub observed_expected: f64,
    /// The width wanted of its interval.
    pub oe_width: f64,
    /// The grid on which the standard error of ln(O/E) is looked for; `None` for none.
    pub se_step: Option<f64>,
    /// The calibration slope, 1 for a model whose effects are right.
    pub slope: f64,
    /// The width wanted of its interval.
    pub slope_width: f64,
    /// The width wanted of the C statistic's interval.
    pub c_width: f64,
    /// The net benefit to estimate, if any.
    pub net_benefit: Option<NetBenefitTarget>,
}

/// A decision whose net benefit is to be known with precision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NetBenefitTarget {
    /// The risk at which people are treated.
    pub threshold: f64,
    /// Sensitivity and specificity there; `None` for those of a calibrated model with this linear predictor.
    pub classification: Option<Classification>,
    /// The width wanted of the interval of the standardised net benefit.
    pub width: f64,
}

/// How a threshold classifies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Classification {
    /// The share of events at or above it.
    pub sensitivity: f64,
    /// The share of non-events below it.
    pub specificity: f64,
}

/// The patients that one criterion asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PrecisionCriterion {
    /// Patients.
    pub n: u64,
    /// Expected events among them.
    pub events: f64,
    /// What is estimated.
    pub estimate: f64,
    /// Its standard error at this size; of its logarithm for the ratio of observed to expected.
    pub std_error: f64,
}

/// The size of a study that validates a model of a binary outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValidationSize {
    /// Observed over expected events.
    pub observed_expected: PrecisionCriterion,
    /// The calibration slope.
    pub slope: PrecisionCriterion,
    /// The C statistic.
    pub c_statistic: PrecisionCriterion,
    /// The standardised net benefit, with the classification it was computed from.
    pub net_benefit: Option<(PrecisionCriterion, Classification)>,
    /// Patients that meet all criteria.
    pub n: u64,
    /// Expected events among them.
    pub events: f64,
}

impl BinaryValidation {
    /// The usual targets: widths of 0.2 for O/E and the slope and of 0.1 for the C statistic, no net benefit.
    #[must_use]
    pub fn new(prevalence: f64, c_statistic: f64, predictor: LinearPredictor) -> Self {
        Self {
            prevalence,
            c_statistic_expected: c_statistic,
            predictor,
            observed_expected: 1.0,
            oe_width: 0.2,
            se_step: None,
            slope: 1.0,
            slope_width: 0.2,
            c_width: 0.1,
            net_benefit: None,
        }
    }

    /// The size of the study.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self) -> Result<ValidationSize, DistributionError> {
        proportion("prevalence", self.prevalence)?;
        proportion("C statistic", self.c_statistic_expected)?;
        for (parameter, value) in [
            ("O/E", self.observed_expected),
            ("width of O/E", self.oe_width),
            ("step of the standard error", self.se_step.unwrap_or(1.0)),
            ("slope", self.slope),
            ("width of the slope", self.slope_width),
            ("width of the C statistic", self.c_width),
        ] {
            positive(parameter, value)?;
        }
        self.predictor.check()?;
        let observed_expected = self.for_observed_expected();
        let slope = self.for_slope();
        let c_statistic = self.for_c_statistic();
        let net_benefit = self.net_benefit.map(|target| self.for_net_benefit(target)).transpose()?;
        let criteria =
            [observed_expected.n, slope.n, c_statistic.n, net_benefit.map_or(0, |(criterion, _)| criterion.n)];
        let n = criteria.into_iter().max().unwrap_or(0);
        let events = n as f64 * self.prevalence;
        Ok(ValidationSize { observed_expected, slope, c_statistic, net_benefit, n, events })
    }

    fn criterion(&self, n: u64, estimate: f64, std_error: f64) -> PrecisionCriterion {
        PrecisionCriterion { n, events: n as f64 * self.prevalence, estimate, std_error }
    }

    fn for_observed_expected(&self) -> PrecisionCriterion {
        let exact = libm::asinh(self.oe_width / (2.0 * self.observed_expected)) / Z;
        let std_error = self.se_step.map_or(exact, |step| (exact / step).ceil() * step);
        let n = whole((1.0 - self.prevalence) / (self.prevalence * std_error * std_error));
        self.criterion(n, self.observed_expected, std_error)
    }

    fn for_slope(&self) -> PrecisionCriterion {
        let weighted = |f: &dyn Fn(f64) -> f64| {
            self.predictor.expectation(f64::NEG_INFINITY, |lp| {
                // p (1 − p) = 1 / (4 cosh²(η/2)), which is 0 where cosh overflows.
                let half = libm::cosh(self.slope * lp / 2.0);
                f(lp) / (4.0 * half * half)
            })
        };
        // (I₁₁ I₂₂ − I₁₂²) / I₁₁ is the spread about the weighted mean, which as a sum of squares does not cancel.
        let mean = weighted(&|lp| lp) / weighted(&|_| 1.0);
        let spread = weighted(&|lp| (lp - mean).powi(2));
        let std_error = self.slope_width / (2.0 * Z);
        self.criterion(whole(1.0 / (std_error * std_error * spread)), self.slope, std_error)
    }

    fn for_c_statistic(&self) -> PrecisionCriterion {
        let c = self.c_statistic_expected;
        let std_error = self.c_width / (2.0 * Z);
        // n² s² k = 1 + (n/2 − 1) b, a quadratic in n with one positive root.
        let k = self.prevalence * (1.0 - self.prevalence) / (c * (1.0 - c)) * std_error * std_error;
        let b = (1.0 - c) / (2.0 - c) + c / (1.0 + c);
        let n = whole((b / 2.0 + (b * b / 4.0 + 4.0 * k * (1.0 - b)).sqrt()) / (2.0 * k));
        let size = n as f64;
        let variance = (1.0 + (size / 2.0 - 1.0) * b) * std_error * std_error / (k * size * size);
        self.criterion(n, c, variance.sqrt())
    }

    fn for_net_benefit(
        &self,
        target: NetBenefitTarget,
    ) -> Result<(PrecisionCriterion, Classification), DistributionError> {
        proportion("threshold", target.threshold)?;
        positive("width of the net benefit", target.width)?;
        let classification = target.classification.unwrap_or_else(|| self.classification(target.threshold));
        for (parameter, value) in
            [("sensitivity", classification.sensitivity), ("specificity", classification.specificity)]
        {
            if !(0.0..=1.0).contains(&value) {
                return Err(DistributionError::Parameter { parameter, value, must_be: "between 0 and 1" });
            }
        }
        let Classification { sensitivity, specificity } = classification;
        let (risk, other) = (self.prevalence, 1.0 - self.prevalence);
        let weight = other / risk * target.threshold / (1.0 - target.threshold);
        let std_error = target.width / (2.0 * Z);
        let variance = sensitivity * (1.0 - sensitivity) / risk
            + weight * weight * specificity * (1.0 - specificity) / other
            + (weight * (1.0 - specificity)).powi(2) / (risk * other);
        let benefit = sensitivity - weight * (1.0 - specificity);
        Ok((self.criterion(whole(variance / (std_error * std_error)), benefit, std_error), classification))
    }

    /// What the threshold does where every predicted risk is right.
    fn classification(&self, threshold: f64) -> Classification {
        let from = libm::log(threshold / (1.0 - threshold));
        let risk = |lp: f64| 1.0 / (1.0 + libm::exp(-lp));
        let above = |f: &dyn Fn(f64) -> f64| self.predictor.expectation(from, f);
        let whole = |f: &dyn Fn(f64) -> f64| self.predictor.expectation(f64::NEG_INFINITY, f);
        let other = |lp: f64| risk(-lp);
        Classification {
            sensitivity: (above(&risk) / whole(&risk)).min(1.0),
            specificity: (1.0 - above(&other) / whole(&other)).max(0.0),
        }
    }
}
