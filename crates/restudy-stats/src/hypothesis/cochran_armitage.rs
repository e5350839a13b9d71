use super::{CountTable, Procedure, Statistic, TestResult, TrendVariance};
use crate::{Alternative, TestError, dist};

/// Does a proportion rise, or fall, over ordered groups? The Cochran–Armitage test for trend.
///
/// ## Hypotheses
///
/// H₀: the proportion is the same in all groups. Alternatives: it changes linearly with the score (two-sided), falls
/// ([`Alternative::Less`]), rises ([`Alternative::Greater`]).
///
/// ## Formula
///
/// ```text
/// T  = Σ (sᵢ − s̄) xᵢ        s̄ = Σ nᵢ sᵢ / N        p̄ = Σ xᵢ / N
/// σ² = p̄ (1 − p̄) Σ nᵢ (sᵢ − s̄)²        times N / (N − 1) for the variance given the margins
/// z  = T / σ        χ² = z² with 1 degree of freedom
/// ```
///
/// ## Input
///
/// A [`CountTable`] of k ≥ 2 rows, the groups in order, and two columns, of which the first counts those with the
/// property; no row or column empty. One finite score a row, not all equal; without scores, 1, 2, …, k. z does not change
/// when the scores are moved or stretched.
///
/// ## Result
///
/// Statistic: z, positive when the proportion rises with the score. No estimate.
///
/// ## Conventions
///
/// [`TrendVariance::N`]: R `prop.trend.test(x, n, score)`, SAS. [`TrendVariance::NMinusOne`]: R `coin::lbl_test`,
/// statsmodels `Table.test_ordinal_association`, SPSS's linear-by-linear association. R and SPSS print z².
///
/// ## Errors
///
/// [`TestError::Shape`] unless there are two columns, [`TestError::EmptyMargin`], [`TestError::Scores`],
/// [`TestError::NotFinite`] for a score, [`TestError::NoSpread`] when all scores are equal.
///
/// ## Example
///
/// Smokers among lung cancer patients in four studies (Fleiss 1981, page 139), as in R's help of `prop.trend.test`:
///
/// ```
/// use restudy_stats::hypothesis::{CochranArmitage, CountTable};
///
/// let table = CountTable::new(4, 2, vec![83, 3, 90, 3, 129, 7, 70, 12])?;
/// let z = CochranArmitage::default().run_on_counts(&table)?.statistic.unwrap().value();
/// assert_eq!(format!("{:.4}", z * z), "8.2249");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Cochran, Biometrics 10 (1954) 417–451; Armitage, Tests for linear trends in proportions and frequencies, Biometrics 11
/// (1955) 375–386; Mantel, Journal of the American Statistical Association 58 (1963) 690–700 (N − 1).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CochranArmitage {
    /// The score of each group; `None` for 1, 2, …, k.
    pub scores: Option<Vec<f64>>,
    /// The denominator of the variance.
    pub variance: TrendVariance,
    /// The direction of the trend.
    pub alternative: Alternative,
}

impl CochranArmitage {
    /// The test on a table of counts.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_on_counts(&self, table: &CountTable) -> Result<TestResult, TestError> {
        if table.columns() != 2 {
            return Err(TestError::Shape { cells: table.cells().len(), rows: table.rows(), columns: 2 });
        }
        let margins = table.margins()?;
        let scores = match &self.scores {
            None => (1..=table.rows()).map(|score| score as f64).collect(),
            Some(scores) if scores.len() == table.rows() => scores.clone(),
            Some(scores) => return Err(TestError::Scores { found: scores.len(), needed: table.rows() }),
        };
        if let Some(group) = scores.iter().position(|score| !score.is_finite()) {
            return Err(TestError::NotFinite { group, position: 0 });
        }
        // From the first score, so that scores such as years keep their digits.
        let scores: Vec<f64> = scores.iter().map(|score| score - scores[0]).collect();
        let n = margins.total as f64;
        let sizes = || margins.rows.iter().map(|&size| size as f64);
        let mean = sizes().zip(&scores).map(|(size, score)| size * score).sum::<f64>() / n;
        let squares: f64 = sizes().zip(&scores).map(|(size, score)| size * (score - mean) * (score - mean)).sum();
        if squares == 0.0 {
            return Err(TestError::NoSpread);
        }
        let trend: f64 = scores.iter().enumerate().map(|(row, score)| (score - mean) * table.get(row, 0) as f64).sum();
        let (with, without) = (margins.columns[0] as f64, margins.columns[1] as f64);
        let denominator = match self.variance {
            TrendVariance::N => n,
            TrendVariance::NMinusOne => n - 1.0,
        };
        let z = trend / (with / n * without / denominator * squares).sqrt();
        Ok(TestResult {
            procedure: Procedure::CochranArmitage { variance: self.variance },
            alternative: self.alternative,
            statistic: Some(Statistic::Z { value: z }),
            p_value: match self.alternative {
                Alternative::TwoSided => dist::Normal.two_sided(z),
                Alternative::Less => dist::Normal.lower_tail(z),
                Alternative::Greater => dist::Normal.upper_tail(z),
            },
            estimate: None,
            counts: margins.row_counts(),
            remarks: Vec::new(),
        })
    }
}
