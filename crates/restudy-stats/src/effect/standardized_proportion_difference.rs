use super::cohens_d::large_sample_std_error;
use super::two_by_two::{Risk, TwoRisks};
use super::{Effect, EffectProcedure};
use crate::hypothesis::{CountTable, Estimate, Quantity};
use crate::{Interval, Level, TestError, dist};

/// Are two groups balanced in a yes-or-no variable? The standardised difference of two proportions.
///
/// ## Formula
///
/// ```text
/// average variance:  d = (p₁ − p₂) / √( (p₁(1 − p₁) + p₂(1 − p₂)) / 2 )        se² = 1/n₁ + 1/n₂ + d²/(2(n₁ + n₂))
/// arcsine:           h = 2 asin √p₁ − 2 asin √p₂                               se² = 1/n₁ + 1/n₂
/// interval:          d ± z se
/// ```
///
/// ## Input
///
/// A 2×2 table: rows are groups, the first column counts those with the property. At least one in each group.
///
/// ## Result
///
/// Estimate: d, or Cohen's h, positive when the first proportion is greater; its standard error and normal interval. A
/// remark names zero cells.
///
/// ## Conventions
///
/// R: `tableone::ExtractSmd` prints d without its sign, `stddiff::stddiff.binary` with this interval;
/// `pwr::ES.h(p1, p2)` is h.
///
/// ## Errors
///
/// [`TestError::Shape`] for a table that is not 2×2, [`TestError::TooFew`] for an empty group, [`TestError::NoSpread`]
/// for d when each proportion is 0 or 1; h has no such case.
///
/// ## Example
///
/// ```
/// use restudy_stats::effect::StandardizedProportionDifference;
/// use restudy_stats::hypothesis::CountTable;
///
/// let table = CountTable::two_by_two(50, 100, 20, 100)?;
/// let effect = StandardizedProportionDifference::default().run_on_counts(&table)?;
/// assert!((effect.estimate.value - 0.3 / 0.205_f64.sqrt()).abs() < 1e-15);
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Austin, Communications in Statistics 38 (2009) 1228–1234; Yang and Dalton, SAS Global Forum (2012) 335; Cohen,
/// Statistical Power Analysis for the Behavioral Sciences, 2nd edition (1988), section 6.2.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StandardizedProportionDifference {
    /// What the difference is measured by.
    pub scale: ProportionScale,
    /// The level of the interval.
    pub level: Level,
}

/// What a difference of proportions is measured by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ProportionScale {
    /// The root of the average of the two binomial variances, as tables of balance print it.
    #[default]
    AverageVariance,
    /// The arcsine transformation, on which every proportion has one variance: Cohen's h.
    Arcsine,
}

impl StandardizedProportionDifference {
    /// The standardised difference of a table.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_on_counts(&self, table: &CountTable) -> Result<Effect, TestError> {
        let risks = TwoRisks::of(table)?;
        let ((x1, y1, n1), (x2, y2, n2)) = (risks.first.numbers(), risks.second.numbers());
        let (quantity, value, std_error) = match self.scale {
            ProportionScale::AverageVariance => {
                let variance = (x1 / n1 * (y1 / n1) + x2 / n2 * (y2 / n2)) / 2.0;
                if variance == 0.0 {
                    return Err(TestError::NoSpread);
                }
                let value = (x1 / n1 - x2 / n2) / variance.sqrt();
                (Quantity::StandardizedProportionDifference, value, large_sample_std_error(value, n1, n2))
            }
            ProportionScale::Arcsine => {
                // asin √(x/n) as an arctangent, which keeps its digits near 0 and 1.
                let angle = |risk: Risk| 2.0 * libm::atan2((risk.with as f64).sqrt(), (risk.without as f64).sqrt());
                (Quantity::CohensH, angle(risks.first) - angle(risks.second), (1.0 / n1 + 1.0 / n2).sqrt())
            }
        };
        let reach = dist::Normal.upper_quantile(self.level.tail()) * std_error;
        let estimate = Estimate {
            quantity,
            value,
            std_error: Some(std_error),
            interval: Some(Interval { low: value - reach, high: value + reach, level: self.level }),
        };
        Ok(risks.effect(EffectProcedure::StandardizedProportionDifference { scale: self.scale }, estimate))
    }
}
