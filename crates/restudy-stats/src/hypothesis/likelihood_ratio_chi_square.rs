use super::chi_square::{degrees_of_freedom, small_expected};
use super::{CountTable, Procedure, Statistic, TestResult};
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
        let n = i128::from(margins.total);
        let half: f64 = (table.cells().iter().zip(margins.by_cell()))
            .map(|(&observed, (row, column))| {
                let product = i128::from(row) * i128::from(column);
                let relative = (i128::from(observed) * n - product) as f64 / product as f64;
                product as f64 / n as f64 * deviance(relative)
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

/// (1 + d) ln(1 + d) − d for d ≥ −1: the deviance of a count that is (1 + d) times its expectation.
fn deviance(d: f64) -> f64 {
    if d.abs() < 0.1 {
        // Σ (−d)ᵏ / (k (k − 1)) from k = 2, where the closed form would subtract nearly equal numbers. The terms fall at
        // least tenfold each.
        let mut power = d * d;
        let mut sum = 0.0;
        for k in 2..20 {
            sum += power / f64::from(k * (k - 1));
            power *= -d;
        }
        sum
    } else if d <= -1.0 {
        1.0
    } else {
        (1.0 + d) * libm::log1p(d) - d
    }
}
