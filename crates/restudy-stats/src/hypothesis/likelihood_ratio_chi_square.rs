use super::chi_square::{degrees_of_freedom, small_expected};
use super::{CountTable, Procedure, Statistic, TestResult};
use crate::special::{Wide, wide_deviance};
use crate::{Alternative, TestError, dist};

/// Do groups differ in the shares of categories? The likelihood-ratio chi-square, G².
///
/// ## Hypotheses
///
/// H₀: rows and columns are independent. One alternative: they are not.
///
/// ## Formula
///
/// ```text
/// G² = 2 Σ O ln(O / E)        E = row total · column total / n        df = (rows − 1)(columns − 1)
/// ```
///
/// O, E: observed and expected count of a cell, a cell of 0 adding nothing.
///
/// ## Input
///
/// A [`CountTable`] of any size from 2×2, every row and column with something in it.
///
/// ## Result
///
/// Statistic G² with df. No estimate. A remark names expected counts below 5.
///
/// ## Conventions
///
/// SPSS prints it as "Likelihood Ratio" beside Pearson's. R: `2 * sum(O * log(O / E))`, `DescTools::GTest`. No
/// correction. The sum is taken over O ln(O/E) + E − O, whose terms are never negative and so lose no digits.
///
/// ## Errors
///
/// [`TestError::EmptyMargin`] for an empty row or column.
///
/// ## Example
///
/// Party by gender (Agresti 2007, table 2.5), G² = 30.0:
///
/// ```
/// use restudy_stats::hypothesis::{CountTable, LikelihoodRatioChiSquare};
///
/// let table = CountTable::new(2, 3, vec![762, 327, 468, 484, 239, 477])?;
/// let result = LikelihoodRatioChiSquare.run_on_counts(&table)?;
/// assert_eq!(format!("{:.1}", result.statistic.unwrap().value()), "30.0");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Wilks, The likelihood test of independence in contingency tables, Annals of Mathematical Statistics 6 (1935)
/// 190–196; Agresti, An Introduction to Categorical Data Analysis, 2nd edition (2007), section 2.4.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LikelihoodRatioChiSquare;

impl LikelihoodRatioChiSquare {
    /// The test on a table of counts.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_on_counts(&self, table: &CountTable) -> Result<TestResult, TestError> {
        let margins = table.margins()?;
        let total = Wide::from(margins.total as f64);
        let half: f64 = (table.cells().iter().zip(margins.by_cell()))
            .map(|(&observed, (row, column))| {
                // The expected count keeps more digits than a double: a nearly proportional table needs them.
                wide_deviance(observed as f64, Wide::product(row as f64, column as f64) / total).value()
            })
            .sum();
        let (value, df) = (2.0 * half, degrees_of_freedom(table));
        Ok(TestResult {
            procedure: Procedure::LikelihoodRatioChiSquare,
            alternative: Alternative::TwoSided,
            statistic: Some(Statistic::ChiSquare { value, df }),
            p_value: dist::ChiSquare::new(df)?.upper_tail(value),
            estimate: None,
            counts: margins.row_counts(),
            remarks: small_expected(&margins).into_iter().collect(),
        })
    }
}
