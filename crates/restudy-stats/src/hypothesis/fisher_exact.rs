use super::exact_counts::FirstCellCounts;
use super::odds_ratio::FirstCell;
use super::{CountTable, Estimate, FisherRule, Procedure, Quantity, TestResult};
use crate::{Alternative, Interval, Level, TestError, dist};

/// Do two groups differ in a yes-or-no property? Fisher's exact test of a 2×2 table.
///
/// ## Hypotheses
///
/// H₀: odds ratio ω = 1. Alternatives: ≠ 1, < 1, > 1 for the odds of the first column in the first row against the
/// second row.
///
/// ## Formula
///
/// Given the margins, the first cell X is hypergeometric under H₀:
///
/// ```text
/// P(X = j) = C(c₁, j) C(n − c₁, r₁ − j) / C(n, r₁)        r₁, c₁: first row and column total, n: all counts
/// two-sided:  Σ P(X = j) over the j with P(X = j) ≤ (1 + 10⁻⁷) P(X = observed), or twice the smaller tail
/// estimate:   the ω at which the mean of X is the observed count
/// limits:     the ω at which P(X ≥ observed) and P(X ≤ observed) are (1 − level)/2
/// ```
///
/// ## Input
///
/// A [`CountTable`] of two rows (groups) and two columns (first column: the property), no row or column empty, at most
/// 10¹⁰ counts in all.
///
/// ## Result
///
/// No statistic. Estimate: the conditional maximum-likelihood odds ratio with its exact interval; 0 or infinite when
/// the first cell is as small or as large as the margins allow, and then so is one limit. A one-sided alternative has a
/// one-sided interval.
///
/// ## Conventions
///
/// R: `fisher.test(table)`; R prints the odds ratio and its limits to four or five correct digits only, here they are
/// solved to the last few digits. SciPy, SPSS, SAS and Stata give the same two-sided p; [`FisherRule::Doubled`] is the
/// rule of the interval and of some texts. The sample odds ratio ad/bc is another number.
///
/// ## Errors
///
/// [`TestError::Shape`] for a table that is not 2×2, [`TestError::EmptyMargin`], [`TestError::TooLargeForExact`] beyond
/// 10¹⁰ counts.
///
/// ## Example
///
/// Convictions of like-sex twins of criminals, monozygotic against dizygotic (Fisher 1970, section 21.02):
///
/// ```
/// use restudy_stats::hypothesis::{CountTable, FisherExact};
/// use restudy_stats::Alternative;
///
/// let table = CountTable::new(2, 2, vec![2, 15, 10, 3])?; // dizygotic, monozygotic; convicted, not convicted
/// let result = FisherExact { alternative: Alternative::Less, ..FisherExact::default() }.run_on_counts(&table)?;
/// assert_eq!(format!("{:.7}", result.p_value), "0.0004652");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Fisher, Statistical Methods for Research Workers, 14th edition (1970), section 21.02; Cornfield, Proceedings of the
/// Third Berkeley Symposium 4 (1956) 135–148 (limits); Agresti, A survey of exact inference for contingency tables,
/// Statistical Science 7 (1992) 131–153.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FisherExact {
    /// Which tables count as no less extreme on both sides.
    pub two_sided: FisherRule,
    /// The side of the test and of the interval.
    pub alternative: Alternative,
    /// The level of the interval of the odds ratio.
    pub level: Level,
}

/// The largest table, for which the sums over tables still take well under a second.
const LIMIT: u64 = 10_000_000_000;

impl FisherExact {
    /// The p-value alone, of the first cell between its margins.
    pub(crate) fn p_value(&self, observed: u64, [row, column, total]: [u64; 3]) -> Result<f64, TestError> {
        let distribution = dist::Hypergeometric::new(total, column, row)?;
        Ok(match self.alternative {
            Alternative::Less => distribution.lower_tail(observed),
            Alternative::Greater => distribution.upper_tail(observed),
            Alternative::TwoSided => {
                self.two_sided.p_value(&FirstCellCounts { distribution, row, column, total }, observed)
            }
        })
    }

    /// The test on a table of counts.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_on_counts(&self, table: &CountTable) -> Result<TestResult, TestError> {
        if (table.rows(), table.columns()) != (2, 2) {
            return Err(TestError::Shape { cells: table.cells().len(), rows: 2, columns: 2 });
        }
        let margins = table.margins()?;
        let (row, column, total) = (margins.rows[0], margins.columns[0], margins.total);
        if total > LIMIT {
            return Err(TestError::TooLargeForExact { n: usize::try_from(total).unwrap_or(usize::MAX) });
        }
        let observed = table.get(0, 0);
        let p_value = self.p_value(observed, [row, column, total])?;
        let cell = FirstCell::new(observed, row, column, total);
        let (low, high) = match self.alternative {
            Alternative::TwoSided => (cell.lower_limit(self.level.tail())?, cell.upper_limit(self.level.tail())?),
            // 2 × tail: the whole of 1 − level on one side.
            Alternative::Less => (0.0, cell.upper_limit(2.0 * self.level.tail())?),
            Alternative::Greater => (cell.lower_limit(2.0 * self.level.tail())?, f64::INFINITY),
        };
        Ok(TestResult {
            procedure: Procedure::FisherExact { two_sided: self.two_sided },
            alternative: self.alternative,
            statistic: None,
            p_value,
            estimate: Some(Estimate {
                quantity: Quantity::ConditionalOddsRatio,
                value: cell.estimate()?,
                std_error: None,
                interval: Some(Interval { low, high, level: self.level }),
            }),
            counts: margins.row_counts(),
            remarks: Vec::new(),
        })
    }
}
