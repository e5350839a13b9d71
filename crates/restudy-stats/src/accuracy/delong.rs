use super::placements::{Placements, check_size};
use super::{Direction, Roc};
use crate::{Interval, Level, TestError, dist};

/// Do two markers, or one marker in two groups of people, have different areas under the ROC curve?
///
/// ## Hypotheses
///
/// H0: the areas are equal; two-sided.
///
/// ## Formula
///
/// ```text
/// z = (AUC₁ − AUC₂) / √(V₁ + V₂ − 2C)
/// V:  DeLong's variance of an area;  C: the covariance of the placements of the same people, 0 for different people
/// Satterthwaite's t (unpaired only):  df = (V₁ + V₂)² / (V₁²/(N₁ − 1) + V₂²/(N₂ − 1)),  Nᵢ = cases and controls of group i
/// ```
///
/// ## Input
///
/// Two [`Marker`]s, each with its declared direction, at least two cases and two controls. Paired (`run_paired`): both
/// markers of the same people in the same order.
///
/// ## Result
///
/// [`AucComparison`]; first area less second.
///
/// ## Conventions
///
/// | | same number |
/// |---|---|
/// | paired | R `pROC::roc.test(roc1, roc2, method = "delong", paired = TRUE)` |
/// | unpaired, [`DeLongNull::SatterthwaiteT`] | R `pROC::roc.test(roc1, roc2, method = "delong", paired = FALSE)` |
/// | unpaired, [`DeLongNull::Normal`] | MedCalc (independent ROC curves), Stata `roccomp` |
///
/// The t distribution is pROC's own choice; DeLong's paper has the normal one. The interval follows the same distribution.
///
/// ## Errors
///
/// Those of [`Roc`]; [`TestError::TooFew`] for a single case or control; [`TestError::UnequalLengths`] for people who do
/// not pair; [`TestError::NothingDiffers`] when both markers order all pairs alike, so that the difference is 0 and has no
/// variance; [`TestError::NoSpread`] for a difference without a variance, such as between areas of 1 and 0.
///
/// ## Example
///
/// ```
/// use restudy_stats::accuracy::{DeLong, Direction, Marker};
///
/// let first = Marker { cases: &[4.0, 5.0, 2.0, 6.0], controls: &[1.0, 2.0, 3.0], direction: Direction::Higher };
/// let second = Marker { cases: &[2.0, 1.0, 4.0, 3.0], controls: &[2.0, 1.0, 3.0], direction: Direction::Higher };
/// let comparison = DeLong::default().run_paired(first, second)?;
/// assert_eq!(comparison.auc, [10.5 / 12.0, 7.5 / 12.0]);
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988) 837–845; placements by sorting, Sun and Xu, IEEE Signal
/// Processing Letters 21 (2014) 1389–1393.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DeLong {
    /// The distribution of an unpaired comparison; a paired one is always normal.
    pub null: DeLongNull,
    /// The level of the interval of the difference.
    pub level: Level,
}

/// The null distribution of DeLong's statistic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DeLongNull {
    /// Normal.
    #[default]
    Normal,
    /// Student's t with Satterthwaite's degrees of freedom, as pROC has it for unpaired curves.
    SatterthwaiteT,
}

/// A marker in cases and controls, and which end of it means a case.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Marker<'a> {
    /// Its values in the cases.
    pub cases: &'a [f64],
    /// Its values in the controls.
    pub controls: &'a [f64],
    /// Which end means a case.
    pub direction: Direction,
}

/// Two areas compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AucComparison {
    /// The distribution that the p-value and the interval really come from.
    pub null: DeLongNull,
    /// Both areas.
    pub auc: [f64; 2],
    /// DeLong's variance of each.
    pub variance: [f64; 2],
    /// Their covariance; `None` for different people.
    pub covariance: Option<f64>,
    /// The first area less the second.
    pub difference: f64,
    /// The standard error of the difference.
    pub std_error: f64,
    /// The difference in standard errors.
    pub statistic: f64,
    /// The degrees of freedom of Student's t.
    pub df: Option<f64>,
    /// The two-sided p-value.
    pub p_value: f64,
    /// The interval of the difference, not cut at −1 and 1.
    pub interval: Interval,
}

impl DeLong {
    /// Two markers of the same people.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_paired(&self, first: Marker<'_>, second: Marker<'_>) -> Result<AucComparison, TestError> {
        for (first, second) in [(first.cases, second.cases), (first.controls, second.controls)] {
            if first.len() != second.len() {
                return Err(TestError::UnequalLengths { first: first.len(), second: second.len() });
            }
        }
        let (first, second) = (Area::of(first)?, Area::of(second)?);
        let covariance = first.placements.covariance(&second.placements).ok_or(TestError::NoSpread)?;
        let variance = first.variance + second.variance - 2.0 * covariance;
        self.compare(&first, &second, variance, Some(covariance), None)
    }

    /// Markers of different people.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_unpaired(&self, first: Marker<'_>, second: Marker<'_>) -> Result<AucComparison, TestError> {
        let (first, second) = (Area::of(first)?, Area::of(second)?);
        let variance = first.variance + second.variance;
        let share = |area: &Area| area.variance * area.variance / (area.n - 1.0);
        let df = match self.null {
            DeLongNull::Normal => None,
            DeLongNull::SatterthwaiteT => Some(variance * variance / (share(&first) + share(&second))),
        };
        self.compare(&first, &second, variance, None, df)
    }

    fn compare(
        &self,
        first: &Area,
        second: &Area,
        variance: f64,
        covariance: Option<f64>,
        df: Option<f64>,
    ) -> Result<AucComparison, TestError> {
        let difference = first.auc - second.auc;
        let identical = covariance.is_some() && first.placements == second.placements;
        // Rounding can make it negative.
        if identical || variance <= 0.0 {
            return Err(if difference == 0.0 { TestError::NothingDiffers } else { TestError::NoSpread });
        }
        let std_error = variance.sqrt();
        let statistic = difference / std_error;
        let (null, p_value, quantile) = match df {
            None => {
                let normal = dist::Normal;
                (DeLongNull::Normal, normal.two_sided(statistic), normal.upper_quantile(self.level.tail()))
            }
            Some(df) => {
                let t = dist::StudentT::new(df)?;
                (DeLongNull::SatterthwaiteT, t.two_sided(statistic), t.upper_quantile(self.level.tail()))
            }
        };
        let reach = quantile * std_error;
        Ok(AucComparison {
            null,
            auc: [first.auc, second.auc],
            variance: [first.variance, second.variance],
            covariance,
            difference,
            std_error,
            statistic,
            df,
            p_value,
            interval: Interval { low: difference - reach, high: difference + reach, level: self.level },
        })
    }
}

struct Area {
    placements: Placements,
    auc: f64,
    variance: f64,
    n: f64,
}

impl Area {
    fn of(marker: Marker<'_>) -> Result<Self, TestError> {
        let Marker { cases, controls, direction } = marker;
        // For its refusals.
        Roc { direction }.run(cases, controls)?;
        check_size(cases.len() as u64, controls.len() as u64)?;
        for (group, found) in [cases.len(), controls.len()].into_iter().enumerate() {
            if found < 2 {
                return Err(TestError::TooFew { group, found, needed: 2 });
            }
        }
        let placements = Placements::of(cases, controls);
        let placements = if direction == Direction::Lower { placements.reversed() } else { placements };
        let variance = placements.covariance(&placements).ok_or(TestError::NoSpread)?;
        Ok(Self { auc: placements.auc(), variance, placements, n: (cases.len() + controls.len()) as f64 })
    }
}
