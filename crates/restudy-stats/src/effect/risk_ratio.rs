use super::two_by_two::{TwoRisks, log_limit, wald_of_log};
use super::{Effect, EffectProcedure};
use crate::descriptive::wilson;
use crate::hypothesis::{CountTable, Estimate, Quantity};
use crate::{Interval, Level, TestError, dist};

/// How many times greater is the risk in the first group? The ratio of two proportions.
///
/// ## Formula
///
/// ```text
/// θ = p₁ / p₂        pᵢ = xᵢ / nᵢ        se² = 1/x₁ − 1/n₁ + 1/x₂ − 1/n₂  (of ln θ)
/// Wald (Katz):  θ e^(± z se)
/// MOVER:  the θ at which (p₁ − θ p₂)² = (p₁ − l₁)² + θ² (u₂ − p₂)², and likewise with u₁ and l₂,  lᵢ to uᵢ the Wilson
///     interval of pᵢ
/// Miettinen–Nurminen:  the θ at which |p₁ − θ p₂| = z √( (p̃₁(1 − p̃₁)/n₁ + θ² p̃₂(1 − p̃₂)/n₂) N/(N − 1) ),
///     p̃₁ = θ p̃₂ the likeliest risks of that ratio,  N = n₁ + n₂
/// ```
///
/// ## Input
///
/// A 2×2 table: rows are groups, the first column counts the event. At least one event in all.
///
/// ## Result
///
/// Estimate: θ, 0 without an event in the first group and infinite without one in the second; the standard error is that
/// of ln θ. With such a zero the Wald interval and the standard error do not exist and are `None`; the other two have one
/// limit at 0 or infinity. A remark names zero cells. Nothing is added to a cell.
///
/// ## Conventions
///
/// | interval | same number |
/// |---|---|
/// | Wald | R `epitools::riskratio`, statsmodels `Table2x2(t).riskratio_confint()`, SAS `relrisk` |
/// | MOVER | R `ratesci::moverci(x1, n1, x2, n2, contrast = "RR", type = "wilson")` |
/// | Miettinen–Nurminen | R `ratesci::scoreci(x1, n1, x2, n2, contrast = "RR", skew = FALSE)`, SAS `relrisk(cl = score)` |
///
/// ## Errors
///
/// [`TestError::Shape`] for a table that is not 2×2, [`TestError::TooFew`] for an empty group,
/// [`TestError::EmptyMargin`] without an event.
///
/// ## Example
///
/// ```
/// use restudy_stats::effect::{RiskRatio, RiskRatioInterval};
/// use restudy_stats::hypothesis::CountTable;
///
/// let measure = RiskRatio { interval: RiskRatioInterval::Wald, ..RiskRatio::default() };
/// let effect = measure.run_on_counts(&CountTable::two_by_two(56, 70, 48, 80)?)?;
/// assert!((effect.estimate.value - 4.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Katz, Baptista, Azen and Pike, Biometrics 34 (1978) 469–474; Donner and Zou, Statistical Methods in Medical Research
/// 21 (2012) 347–359 (MOVER); Miettinen and Nurminen, Statistics in Medicine 4 (1985) 213–226.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RiskRatio {
    /// The interval.
    pub interval: RiskRatioInterval,
    /// Its level.
    pub level: Level,
}

/// The interval of a risk ratio.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RiskRatioInterval {
    /// Normal on the logarithm (Katz).
    Wald,
    /// From the Wilson limits of both risks, by the method of variance estimates recovery.
    MoverWilson,
    /// Inversion of the score test.
    #[default]
    MiettinenNurminen,
}

impl RiskRatio {
    /// The risk ratio of a table.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_on_counts(&self, table: &CountTable) -> Result<Effect, TestError> {
        let risks = TwoRisks::of(table)?;
        if risks.events() == 0 {
            return Err(TestError::EmptyMargin);
        }
        let ((x1, y1, n1), (x2, y2, n2)) = (risks.first.numbers(), risks.second.numbers());
        let value = x1 / n1 / (x2 / n2);
        // 1/x − 1/n = y/(x n), which does not subtract.
        let std_error = (y1 / x1 / n1 + y2 / x2 / n2).sqrt();
        let interval = match self.interval {
            RiskRatioInterval::Wald => wald_of_log(value, std_error, self.level),
            RiskRatioInterval::MoverWilson => Some(self.mover(risks)?),
            RiskRatioInterval::MiettinenNurminen => {
                let low = score_limit(risks, self.level)?;
                let high = 1.0 / score_limit(risks.swapped(), self.level)?;
                Some(Interval { low, high, level: self.level })
            }
        };
        let estimate = Estimate {
            quantity: Quantity::RiskRatio,
            value,
            std_error: std_error.is_finite().then_some(std_error),
            interval,
        };
        Ok(risks.effect(EffectProcedure::RiskRatio { interval: self.interval }, estimate))
    }

    fn mover(&self, risks: TwoRisks) -> Result<Interval, TestError> {
        // The smaller root of θ² u₂(2p₂ − u₂) − 2θ p₁p₂ + l₁(2p₁ − l₁) = 0 without a difference of near equals; the
        // limit on the other side is the reciprocal of the same one for the swapped groups.
        let low = |risks: TwoRisks| -> Result<f64, TestError> {
            let l1 = wilson(risks.first.with, risks.first.n(), self.level)?.low;
            let u2 = wilson(risks.second.with, risks.second.n(), self.level)?.high;
            let (p1, p2) = (risks.first.proportion(), risks.second.proportion());
            let (lower, upper, middle) = (l1 * (2.0 * p1 - l1), u2 * (2.0 * p2 - u2), p1 * p2);
            Ok(if lower == 0.0 { 0.0 } else { lower / (middle + (middle * middle - lower * upper).sqrt()) })
        };
        Ok(Interval { low: low(risks)?, high: 1.0 / low(risks.swapped())?, level: self.level })
    }
}

/// The lower score limit.
fn score_limit(risks: TwoRisks, level: Level) -> Result<f64, TestError> {
    let ((x1, y1, n1), (x2, y2, n2)) = (risks.first.numbers(), risks.second.numbers());
    if x1 == 0.0 {
        return Ok(0.0);
    }
    let z = dist::Normal.upper_quantile(level.tail());
    let excess = |log: f64| {
        let theta = libm::exp(log);
        // The smaller root of N θ p² − (θ (n₁ + x₂) + n₂ + x₁) p + x₁ + x₂ = 0, its discriminant as a sum of squares.
        let (of_theta, rest) = (theta * (n1 + x2), n2 + x1);
        let discriminant = (of_theta - rest) * (of_theta - rest) + 4.0 * theta * y1 * y2;
        let p2 = 2.0 * (x1 + x2) / (of_theta + rest + discriminant.sqrt());
        let p1 = (theta * p2).min(1.0);
        let variance = (p1 * (1.0 - p1) / n1 + theta * theta * p2 * (1.0 - p2) / n2) * risks.variance_factor();
        (x1 / n1 - theta * (x2 / n2) - z * variance.sqrt()) / (1.0 + theta)
    };
    let centre = if x2 > 0.0 { libm::log(x1 / n1 / (x2 / n2)) } else { 0.0 };
    Ok(libm::exp(log_limit(excess, centre, 1e-3 / risks.total())?))
}
