use super::sign::FairCoins;
use super::{CountTable, Estimate, McNemarNull, Procedure, Quantity, Statistic, TestResult};
use crate::descriptive::{clopper_pearson, mid_p, wilson, wilson_continuity};
use crate::{Alternative, Interval, Level, TestError, dist};

/// Did a yes-or-no answer change within pairs? McNemar's test.
///
/// ## Hypotheses
///
/// H₀: as many pairs change from yes to no as from no to yes. Alternative: not so.
///
/// ## Formula
///
/// ```text
/// b = pairs with yes first and no second        c = pairs with no first and yes second
/// χ² = (b − c)² / (b + c)        with continuity correction (|b − c| − 1)² / (b + c), and 0 for b = c
/// exact:  b is binomial (b + c, ½); the p-value is twice the smaller tail, at most 1
/// mid-p:  the same with P(B = b) counted half
/// ```
///
/// ## Input
///
/// The answers of the pairs; or the 2×2 table whose rows are the first answer and columns the second, yes before no; or
/// b and c. b + c ≥ 1.
///
/// ## Result
///
/// Statistic: χ² with one degree of freedom; none for the exact and the mid-p test. Estimate: the matched (conditional)
/// odds ratio b/c, which may be 0 or infinite, with the interval whose limits the same test does not reject: the odds of
/// the Clopper–Pearson, mid-p, Wilson or continuity-corrected Wilson interval of b/(b + c). `counts` holds b + c, the
/// pairs that the test looks at.
///
/// ## Conventions
///
/// | null | R |
/// |---|---|
/// | [`ChiSquare`](McNemarNull::ChiSquare) | `mcnemar.test(table, correct = continuity)` |
/// | [`Exact`](McNemarNull::Exact) | `binom.test(b, b + c)`, `exact2x2::mcnemar.exact(table)` |
/// | [`MidP`](McNemarNull::MidP) | `exact2x2::mcnemar.exact(table, midp = TRUE)` |
///
/// R corrects by default, and like here by no more than |b − c|: statsmodels gives 1/(b + c) for b = c. SPSS is exact up
/// to b + c = 25 and corrected beyond.
///
/// ## Errors
///
/// [`TestError::NothingDiffers`] when b + c = 0, [`TestError::UnequalLengths`], [`TestError::Shape`] for a table that is
/// not 2×2.
///
/// ## Example
///
/// Airway hyper-responsiveness before and after transplantation, 1 and 7 discordant pairs (Fagerland and others 2013):
///
/// ```
/// use restudy_stats::hypothesis::{McNemar, McNemarNull};
///
/// let result = McNemar { null: McNemarNull::MidP, ..McNemar::default() }.run_on_discordant(1, 7)?;
/// assert_eq!(format!("{:.3}", result.p_value), "0.039");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// McNemar, Psychometrika 12 (1947) 153–157; Edwards, Psychometrika 13 (1948) 185–187 (correction); Fagerland, Lydersen
/// and Laake, BMC Medical Research Methodology 13 (2013) 91 (mid-p).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct McNemar {
    /// The null distribution.
    pub null: McNemarNull,
    /// The level of the interval.
    pub level: Level,
}

impl McNemar {
    /// The test on the answers of pairs, `true` for yes.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, first: &[bool], second: &[bool]) -> Result<TestResult, TestError> {
        if first.len() != second.len() {
            return Err(TestError::UnequalLengths { first: first.len(), second: second.len() });
        }
        let answers = |pair: (bool, bool)| first.iter().zip(second).filter(|&(&a, &b)| (a, b) == pair).count() as u64;
        self.run_on_discordant(answers((true, false)), answers((false, true)))
    }

    /// The test on the table of first (rows) and second answers (columns), yes before no.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_on_counts(&self, table: &CountTable) -> Result<TestResult, TestError> {
        let [_, b, c, _] = *table.cells() else {
            return Err(TestError::Shape { cells: table.cells().len(), rows: 2, columns: 2 });
        };
        if table.rows() != 2 {
            return Err(TestError::Shape { cells: 4, rows: 2, columns: 2 });
        }
        self.run_on_discordant(b, c)
    }

    /// The test on the pairs that went from yes to no and those that went from no to yes.
    ///
    /// # Errors
    ///
    /// [`TestError::NothingDiffers`] when both are zero, [`TestError::TooManyCounts`] beyond [`CountTable::LIMIT`].
    pub fn run_on_discordant(&self, yes_to_no: u64, no_to_yes: u64) -> Result<TestResult, TestError> {
        let (b, c) = (yes_to_no, no_to_yes);
        let n = b.saturating_add(c);
        if n == 0 {
            return Err(TestError::NothingDiffers);
        }
        if n > CountTable::LIMIT {
            return Err(TestError::TooManyCounts { limit: CountTable::LIMIT });
        }
        let (statistic, p_value) = match self.null {
            McNemarNull::Exact => (None, FairCoins::new(b, c)?.p_value(Alternative::TwoSided)),
            McNemarNull::MidP => (None, FairCoins::new(b, c)?.mid_p().p_value(Alternative::TwoSided)),
            McNemarNull::ChiSquare { continuity } => {
                let deviation = b.abs_diff(c).saturating_sub(u64::from(continuity)) as f64;
                let value = deviation * (deviation / n as f64);
                let p_value = dist::ChiSquare::new(1.0)?.upper_tail(value);
                (Some(Statistic::ChiSquare { value, df: 1.0 }), p_value)
            }
        };
        Ok(TestResult {
            procedure: Procedure::McNemar { null: self.null },
            alternative: Alternative::TwoSided,
            statistic,
            p_value,
            estimate: Some(Estimate {
                quantity: Quantity::MatchedOddsRatio,
                value: b as f64 / c as f64,
                std_error: None,
                interval: Some(self.odds_interval(b, c)?),
            }),
            counts: vec![usize::try_from(n).unwrap_or(usize::MAX)],
            remarks: Vec::new(),
        })
    }

    fn odds_interval(&self, b: u64, c: u64) -> Result<Interval, TestError> {
        let of_proportion = match self.null {
            McNemarNull::Exact => clopper_pearson,
            McNemarNull::MidP => mid_p,
            McNemarNull::ChiSquare { continuity: true } => wilson_continuity,
            McNemarNull::ChiSquare { continuity: false } => wilson,
        };
        // p / (1 − p) with 1 − p from the other side, so that a p near 1 loses nothing.
        let (yes_to_no, no_to_yes) = (of_proportion(b, b + c, self.level)?, of_proportion(c, b + c, self.level)?);
        let (low, high) = (yes_to_no.low / no_to_yes.high, yes_to_no.high / no_to_yes.low);
        Ok(Interval { low, high, level: self.level })
    }
}
