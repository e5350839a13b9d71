use super::two_by_two::TwoRisks;
use super::{Effect, EffectProcedure};
use crate::descriptive::wilson;
use crate::hypothesis::{CountTable, Estimate, Quantity};
use crate::root::root;
use crate::{Interval, Level, TestError, dist};

/// How much greater is the risk in the first group? The difference of two proportions.
///
/// ## Formula
///
/// ```text
/// d = p₁ − p₂        pᵢ = xᵢ / nᵢ        se² = p₁(1 − p₁)/n₁ + p₂(1 − p₂)/n₂
/// Wald:      d ± z se
/// Newcombe:  d − √((p₁ − l₁)² + (u₂ − p₂)²)  to  d + √((u₁ − p₁)² + (p₂ − l₂)²),  lᵢ to uᵢ the Wilson interval of pᵢ
/// Miettinen–Nurminen:  the δ at which |d − δ| = z √( (p̃₁(1 − p̃₁)/n₁ + p̃₂(1 − p̃₂)/n₂) N/(N − 1) ),
///     p̃₁ = p̃₂ + δ the likeliest risks that differ by δ,  N = n₁ + n₂
/// ```
///
/// ## Input
///
/// A 2×2 table: rows are groups, the first column counts the event. At least one in each group.
///
/// ## Result
///
/// Estimate: d in [−1, 1], positive when the first group has the greater risk, with the standard error above and the
/// interval. Newcombe's and Miettinen–Nurminen's stay in [−1, 1], and zero cells need no care; Wald's may leave it, and
/// has no width when both risks are 0 or 1. A remark names zero cells.
///
/// ## Conventions
///
/// | interval | same number |
/// |---|---|
/// | Wald | R `prop.test(x, n, correct = FALSE)`, SAS `riskdiff` |
/// | Newcombe | R `DescTools::BinomDiffCI(method = "score")`, statsmodels `confint_proportions_2indep(method = "newcomb")`, SAS `riskdiff(cl = newcombe)` |
/// | Miettinen–Nurminen | R `DescTools::BinomDiffCI(method = "mn")`, SAS `riskdiff(cl = mn)` |
///
/// ## Errors
///
/// [`TestError::Shape`] for a table that is not 2×2, [`TestError::TooFew`] for an empty group.
///
/// ## Example
///
/// Newcombe's table II (a), 56 of 70 against 48 of 80:
///
/// ```
/// use restudy_stats::effect::{RiskDifference, RiskDifferenceInterval};
/// use restudy_stats::hypothesis::CountTable;
///
/// let measure = RiskDifference { interval: RiskDifferenceInterval::Newcombe, ..RiskDifference::default() };
/// let interval = measure.run_on_counts(&CountTable::two_by_two(56, 70, 48, 80)?)?.estimate.interval.unwrap();
/// assert_eq!(format!("{:.4} {:.4}", interval.low, interval.high), "0.0524 0.3339");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Newcombe, Interval estimation for the difference between independent proportions, Statistics in Medicine 17 (1998)
/// 873–890, methods 1, 10 and 6; Miettinen and Nurminen, Statistics in Medicine 4 (1985) 213–226.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RiskDifference {
    /// The interval.
    pub interval: RiskDifferenceInterval,
    /// Its level.
    pub level: Level,
}

/// The interval of a risk difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RiskDifferenceInterval {
    /// Normal, by the standard error.
    Wald,
    /// Square-and-add of the Wilson limits of both risks.
    #[default]
    Newcombe,
    /// Inversion of the score test.
    MiettinenNurminen,
}

impl RiskDifference {
    /// The risk difference of a table.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_on_counts(&self, table: &CountTable) -> Result<Effect, TestError> {
        let risks = TwoRisks::of(table)?;
        let ((x1, y1, n1), (x2, y2, n2)) = (risks.first.numbers(), risks.second.numbers());
        let value = x1 / n1 - x2 / n2;
        let std_error = (x1 / n1 * (y1 / n1) / n1 + x2 / n2 * (y2 / n2) / n2).sqrt();
        let (low, high) = match self.interval {
            RiskDifferenceInterval::Wald => {
                let reach = dist::Normal.upper_quantile(self.level.tail()) * std_error;
                (value - reach, value + reach)
            }
            RiskDifferenceInterval::Newcombe => {
                let first = wilson(risks.first.with, risks.first.n(), self.level)?;
                let second = wilson(risks.second.with, risks.second.n(), self.level)?;
                let (p1, p2) = (risks.first.proportion(), risks.second.proportion());
                let below = libm::hypot(p1 - first.low, second.high - p2);
                let above = libm::hypot(first.high - p1, p2 - second.low);
                (value - below, value + above)
            }
            RiskDifferenceInterval::MiettinenNurminen => {
                // Sought upwards in the mirror, so that one search serves both.
                (score_limit(risks, self.level)?, -score_limit(risks.swapped(), self.level)?)
            }
        };
        let estimate = Estimate {
            quantity: Quantity::RiskDifference,
            value,
            std_error: Some(std_error),
            interval: Some(Interval { low, high, level: self.level }),
        };
        Ok(risks.effect(EffectProcedure::RiskDifference { interval: self.interval }, estimate))
    }
}

/// The lower score limit.
fn score_limit(risks: TwoRisks, level: Level) -> Result<f64, TestError> {
    let z = dist::Normal.upper_quantile(level.tail());
    let observed = risks.first.proportion() - risks.second.proportion();
    if observed == -1.0 {
        return Ok(-1.0);
    }
    let excess = |delta: f64| restricted_variance(risks, delta).map(|variance| observed - delta - z * variance.sqrt());
    // Where both risks are 0 or both are 1, the variance vanishes at the estimate and grows from there.
    let end = if excess(observed)? < 0.0 { observed } else { observed - 1e-3 / risks.total() };
    root(|delta| excess(delta).unwrap_or(f64::NAN), -1.0, end)
}

/// Miettinen and Nurminen's variance of the difference of risks, at the likeliest risks that differ by `delta`.
fn restricted_variance(risks: TwoRisks, delta: f64) -> Result<f64, TestError> {
    if delta < 0.0 {
        return restricted_variance(risks.swapped(), -delta);
    }
    // With p₁ = p₂ + δ the likelihood has one maximum in p₂. Where it lies above the middle, the complements have theirs
    // below, 1 − p₂ = (1 − p₁) + δ: the lesser risk is always sought between 0 and the middle, and keeps its digits.
    let mirror = risks.complement().swapped();
    let (lesser, greater, t) = match lesser_risk(risks, delta)? {
        Some(t) => (risks.second, risks.first, t),
        None => (mirror.second, mirror.first, lesser_risk(mirror, delta)?.unwrap_or((1.0 - delta) / 2.0)),
    };
    let of_lesser = t * (1.0 - t) / lesser.n() as f64;
    let of_greater = (t + delta) * (1.0 - delta - t) / greater.n() as f64;
    Ok((of_lesser + of_greater) * risks.variance_factor())
}

/// The likeliest risk of the second group when that of the first is greater by δ ≥ 0, if it is at most (1 − δ)/2.
fn lesser_risk(risks: TwoRisks, delta: f64) -> Result<Option<f64>, TestError> {
    let ((x1, y1, _), (x2, y2, _)) = (risks.first.numbers(), risks.second.numbers());
    let middle = (1.0 - delta) / 2.0;
    // The derivative of the log likelihood falls; times t it has a value at 0 as well.
    let rest = |t: f64| x1 / (t + delta) - y1 / (1.0 - delta - t) - y2 / (1.0 - t);
    let derivative_times_t = |t: f64| x2 + t * rest(t);
    if middle == 0.0 {
        return Ok(Some(0.0));
    }
    if derivative_times_t(middle) > 0.0 {
        return Ok(None);
    }
    Ok(Some(if delta == 0.0 {
        risks.events() as f64 / risks.total()
    } else if x2 > 0.0 {
        root(derivative_times_t, 0.0, middle)?
    } else if rest(0.0) <= 0.0 {
        0.0
    } else {
        root(rest, 0.0, middle)?
    }))
}
