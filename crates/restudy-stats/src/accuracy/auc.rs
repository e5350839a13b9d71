use super::RocCurve;
use super::placements::superiority_variance;
use crate::{Interval, Level, dist};

/// How likely is it that a case has the more suspicious value than a control? The area under the ROC curve.
///
/// ## Hypotheses
///
/// H0: the area is ½; two-sided, by z = (AUC − ½) / DeLong's standard error.
///
/// ## Formula
///
/// ```text
/// AUC = U / (n₁ n₀)        U = #{(case, control): case > control} + ½ #{case = control}
/// DeLong:  se² = s²₁/n₁ + s²₀/n₀,  s² the variances of the placements: the share of controls below a case, the share of
///     cases above a control;  AUC ± z se, cut at 0 and 1
/// logit DeLong:  logit⁻¹( logit AUC ± z se / (AUC (1 − AUC)) )
/// Hanley–McNeil:  se² = (A(1 − A) + (n₁ − 1)(Q₁ − A²) + (n₀ − 1)(Q₂ − A²)) / (n₁ n₀),  A = AUC,
///     Q₁ = A/(2 − A),  Q₂ = 2A²/(1 + A);  AUC ± z se, cut at 0 and 1
/// complete separation:  one-sided, AUC ≥ (1 − level)^(1/m) at AUC = 1, AUC ≤ 1 − (1 − level)^(1/m) at AUC = 0,
///     m = min(n₁, n₀)
/// ```
///
/// At an area of 0 or 1 every variance is 0, and "1 to 1" would claim certainty. There the interval is the one-sided bound
/// above, exact and distribution-free: of the n₁n₀ pairs, m have no member in common, are independent, and are each
/// right with a probability of at most AUC; all of them right has a probability of at most AUC^m. It is Clopper and
/// Pearson's one-sided bound of m out of m, and conservative.
///
/// ## Input
///
/// A [`RocCurve`]; the direction is its own, and an area below ½ is shown as such.
///
/// ## Result
///
/// [`AucEstimate`]. A single case or control has no variance of placements: with DeLong's intervals the standard error,
/// z, p-value and interval are then missing.
///
/// ## Conventions
///
/// | interval | same number |
/// |---|---|
/// | DeLong | R `pROC::ci.auc(roc, method = "delong")`, MedCalc (DeLong) |
/// | Hanley–McNeil | SPSS ROC (bi-negative exponential), Stata `roctab, hanley`, MedCalc (Hanley and McNeil) |
///
/// R's pROC gives 1 to 1 for complete separation, with a warning.
///
/// ## Errors
///
/// None: what could be wrong, the curve has refused.
///
/// ## Example
///
/// ```
/// use restudy_stats::accuracy::{Auc, AucLimits, Direction, Roc};
///
/// let curve = Roc { direction: Direction::Higher }.run(&[3.0, 4.0, 5.0], &[1.0, 2.0, 2.5])?;
/// let auc = Auc::default().run(&curve);
/// assert_eq!(auc.value, 1.0);
/// let Some(AucLimits::SeparationLowerBound(limits)) = auc.limits else { panic!() };
/// assert_eq!(format!("{:.3}", limits.low), "0.368"); // 0.05^(1/3)
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Bamber, Journal of Mathematical Psychology 12 (1975) 387–415; DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988)
/// 837–845; Hanley and McNeil, Radiology 143 (1982) 29–36; Pepe (2003), section 5.2.5 (logit scale).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Auc {
    /// The interval.
    pub interval: AucInterval,
    /// Its level.
    pub level: Level,
}

/// The standard error and interval of an area.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AucInterval {
    /// By the variance of the placements, normal on the area.
    #[default]
    DeLong,
    /// By the variance of the placements, normal on the logit of the area.
    LogitDeLong,
    /// By Hanley and McNeil's formula for exponential distributions, normal on the area.
    HanleyMcNeil,
}

/// The limits of an area, and how they were really made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AucLimits {
    /// A two-sided interval of the kind asked for.
    TwoSided(AucInterval, Interval),
    /// Complete separation: the lower limit alone, at the whole level; the upper one is 1.
    SeparationLowerBound(Interval),
    /// Complete separation in the wrong direction: the upper limit alone, at the whole level; the lower one is 0.
    SeparationUpperBound(Interval),
}

impl AucLimits {
    /// The limits themselves.
    #[must_use]
    pub fn interval(self) -> Interval {
        match self {
            Self::TwoSided(_, limits) | Self::SeparationLowerBound(limits) | Self::SeparationUpperBound(limits) => {
                limits
            }
        }
    }
}

/// An area under a ROC curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AucEstimate {
    /// The area, from 0 to 1.
    pub value: f64,
    /// Its standard error, by the method asked for.
    pub std_error: Option<f64>,
    /// Its limits.
    pub limits: Option<AucLimits>,
    /// (AUC − ½) / DeLong's standard error; missing at complete separation too, where that error is 0.
    pub z: Option<f64>,
    /// The two-sided p-value of z.
    pub p_value: Option<f64>,
    /// The number of cases.
    pub n_cases: u64,
    /// The number of controls.
    pub n_controls: u64,
}

impl Auc {
    /// The area under a curve.
    #[must_use]
    pub fn run(&self, curve: &RocCurve) -> AucEstimate {
        let (n_cases, n_controls) = (curve.n_cases(), curve.n_controls());
        let pairs = u128::from(n_cases) * u128::from(n_controls);
        let doubled = curve.doubled_u();
        let value = doubled as f64 / (2.0 * pairs as f64);
        // U counts the pairs in the wrong order as exactly: near 1 the complement keeps its digits.
        let complement = (2 * pairs - doubled) as f64 / (2.0 * pairs as f64);
        let counts = curve.cases.iter().zip(&curve.controls).map(|(&cases, &controls)| [cases, controls]);
        let delong = superiority_variance(counts, [n_cases, n_controls]).map(f64::sqrt);
        let std_error = match self.interval {
            AucInterval::DeLong | AucInterval::LogitDeLong => delong,
            AucInterval::HanleyMcNeil => Some(hanley_mcneil(value, complement, n_cases as f64, n_controls as f64)),
        };
        let z = delong.filter(|&std_error| std_error > 0.0).map(|std_error| (value - 0.5) / std_error);
        AucEstimate {
            value,
            std_error,
            limits: self.limits(value, complement, std_error, n_cases.min(n_controls)),
            z,
            p_value: z.map(|z| dist::Normal.two_sided(z)),
            n_cases,
            n_controls,
        }
    }

    fn limits(&self, value: f64, complement: f64, std_error: Option<f64>, smaller: u64) -> Option<AucLimits> {
        let level = self.level;
        if complement == 0.0 || value == 0.0 {
            return Some(bound(complement == 0.0, smaller, level));
        }
        let reach = dist::Normal.upper_quantile(level.tail()) * std_error?;
        let limits = match self.interval {
            AucInterval::DeLong | AucInterval::HanleyMcNeil => {
                Interval { low: (value - reach).max(0.0), high: (value + reach).min(1.0), level }
            }
            AucInterval::LogitDeLong => {
                let odds = value / complement;
                let factor = libm::exp(reach / (value * complement));
                // odds/(1 + odds), written so that an infinite factor gives 0 and 1.
                let (low, high) = (1.0 / (1.0 + factor / odds), 1.0 / (1.0 + 1.0 / (odds * factor)));
                Interval { low, high, level }
            }
        };
        Some(AucLimits::TwoSided(self.interval, limits))
    }
}

/// The one-sided bound of a curve that separates completely, if it does.
pub(super) fn separation_bound(curve: &RocCurve, level: Level) -> Option<AucLimits> {
    let pairs = u128::from(curve.n_cases()) * u128::from(curve.n_controls());
    let doubled = curve.doubled_u();
    let separates = doubled == 0 || doubled == 2 * pairs;
    separates.then(|| bound(doubled > 0, curve.n_cases().min(curve.n_controls()), level))
}

/// The bound at an area of 1, or of 0.
fn bound(right: bool, smaller: u64, level: Level) -> AucLimits {
    // ln(2 × tail): the whole of 1 − level on one side.
    let log_bound = libm::log(2.0 * level.tail()) / smaller as f64;
    if right {
        AucLimits::SeparationLowerBound(Interval { low: libm::exp(log_bound), high: 1.0, level })
    } else {
        AucLimits::SeparationUpperBound(Interval { low: 0.0, high: -libm::expm1(log_bound), level })
    }
}

/// With A − A² = A(1 − A), Q₁ − A² = A(1 − A)²/(2 − A) and Q₂ − A² = A²(1 − A)/(1 + A) nothing cancels.
fn hanley_mcneil(area: f64, complement: f64, n_cases: f64, n_controls: f64) -> f64 {
    let of_cases = (n_cases - 1.0) * complement / (1.0 + complement);
    let of_controls = (n_controls - 1.0) * area / (1.0 + area);
    (area * complement * (1.0 + of_cases + of_controls) / (n_cases * n_controls)).sqrt()
}
