use super::table::Margins;
use super::{Correction, CountTable, Estimate, Procedure, Quantity, Remark, Statistic, TestResult};
use crate::{Alternative, TestError, dist};

/// Do groups differ in the shares of categories? Pearson's chi-square test.
///
/// ## Hypotheses
///
/// H₀: rows and columns are independent. One alternative: they are not.
///
/// ## Formula
///
/// ```text
/// χ² = Σ (|O − E| − c)² / E        E = row total · column total / n        df = (rows − 1)(columns − 1)
/// ```
///
/// O, E: observed and expected count of a cell; n: all counts; c = 0, or min(½, |O − E|) with Yates's correction.
///
/// ## Input
///
/// A [`CountTable`] of any size from 2×2, every row and column with something in it.
///
/// ## Result
///
/// Statistic χ² with df. Estimate: Cramér's V without interval, in [0, 1], from χ² without correction; for a 2×2 table
/// it is |φ|. A remark names expected counts below 5.
///
/// ## Conventions
///
/// R: `chisq.test(table, correct = FALSE)`, and `correct = TRUE`, R's default, for Yates's. R and SciPy correct 2×2
/// tables by default, SPSS prints both. The correction exists for 2×2 tables only: a larger table is tested without it,
/// and the procedure in the result says so. The deviations O − E are taken from whole numbers, so that nearly
/// proportional tables keep their digits.
///
/// ## Errors
///
/// [`TestError::EmptyMargin`] for an empty row or column; none is dropped silently.
///
/// ## Example
///
/// Party by gender (Agresti 2007, table 2.5), χ² = 30.1:
///
/// ```
/// use restudy_stats::hypothesis::{ChiSquare, CountTable};
///
/// let table = CountTable::new(2, 3, vec![762, 327, 468, 484, 239, 477])?;
/// let result = ChiSquare::default().run_on_counts(&table)?;
/// assert_eq!(format!("{:.1}", result.statistic.unwrap().value()), "30.1");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Pearson, Philosophical Magazine 50 (1900) 157–175; Yates, Supplement to the Journal of the Royal Statistical Society
/// 1 (1934) 217–235; Cramér, Mathematical Methods of Statistics (1946), section 21.9.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChiSquare {
    /// The continuity correction of a 2×2 table.
    pub correction: Correction,
}

impl ChiSquare {
    /// The test on a table of counts.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_on_counts(&self, table: &CountTable) -> Result<TestResult, TestError> {
        let margins = table.margins()?;
        let smaller_side = table.rows().min(table.columns());
        let correction = if table.cells().len() == 4 { self.correction } else { Correction::None };
        let plain = statistic(table, &margins, Correction::None);
        let value = statistic(table, &margins, correction);
        let df = degrees_of_freedom(table);
        Ok(TestResult {
            procedure: Procedure::ChiSquare { correction },
            alternative: Alternative::TwoSided,
            statistic: Some(Statistic::ChiSquare { value, df }),
            p_value: dist::ChiSquare::new(df)?.upper_tail(value),
            estimate: Some(Estimate {
                quantity: Quantity::CramersV,
                value: (plain / (margins.total as f64 * (smaller_side as f64 - 1.0))).sqrt().min(1.0),
                std_error: None,
                interval: None,
            }),
            counts: margins.row_counts(),
            remarks: small_expected(&margins).into_iter().collect(),
        })
    }
}

pub(super) fn degrees_of_freedom(table: &CountTable) -> f64 {
    (table.rows() as f64 - 1.0) * (table.columns() as f64 - 1.0)
}

fn statistic(table: &CountTable, margins: &Margins, correction: Correction) -> f64 {
    let n = margins.total as f64;
    let cells = table.cells().iter().zip(margins.by_cell());
    cells
        .map(|(&observed, (row, column))| {
            let deviation = deviation_times_total(observed, row, column, margins.total).abs();
            let corrected = match correction {
                Correction::None => deviation,
                // All four deviations of a 2×2 table are equal, so that this is R's smallest of them too.
                Correction::Yates => (deviation - n / 2.0).max(0.0),
            };
            (corrected / row as f64) * (corrected / column as f64) / n
        })
        .sum()
}

/// n (O − E) = n O − row · column, exact before its one rounding.
fn deviation_times_total(observed: u64, row: u64, column: u64, total: u64) -> f64 {
    (i128::from(observed) * i128::from(total) - i128::from(row) * i128::from(column)) as f64
}

/// The counts expected under independence, row by row: row total · column total / n.
///
/// R: `chisq.test(table)$expected`.
///
/// # Errors
///
/// [`TestError::EmptyMargin`] for an empty row or column.
pub fn expected_counts(table: &CountTable) -> Result<Vec<f64>, TestError> {
    Ok(expected(&table.margins()?).collect())
}

/// The smallest expected count, on which rules for choosing between chi-square and Fisher's test rest.
///
/// # Errors
///
/// [`TestError::EmptyMargin`] for an empty row or column.
pub fn smallest_expected(table: &CountTable) -> Result<f64, TestError> {
    Ok(expected(&table.margins()?).fold(f64::INFINITY, f64::min))
}

fn expected(margins: &Margins) -> impl Iterator<Item = f64> {
    let n = margins.total as f64;
    margins.by_cell().map(move |(row, column)| (u128::from(row) * u128::from(column)) as f64 / n)
}

/// The remark on expected counts below 5.
pub(super) fn small_expected(margins: &Margins) -> Option<Remark> {
    let smallest = expected(margins).fold(f64::INFINITY, f64::min);
    let cells = expected(margins).filter(|&count| count < 5.0).count();
    (cells > 0).then_some(Remark::SmallExpected { smallest, cells })
}
