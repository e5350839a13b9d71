use super::coefficient::{Coefficient, check_pairs, fisher_std_error, student_p};
use super::pearson;
use super::ranks::Ranks;
use crate::descriptive::Moments;
use crate::hypothesis::{Procedure, Quantity, Statistic, TestResult};
use crate::{Alternative, Level, TestError};

/// Do two quantities go together among those alike in others? The partial correlation.
///
/// ## Hypotheses
///
/// H₀: the correlation of x and y at fixed values of k covariates is 0, all being normal together. Alternatives: ≠ 0,
/// < 0, > 0.
///
/// ## Formula
///
/// ```text
/// r = Pearson's r of what is left of x and of y after linear regression on the covariates
/// t = r √( (n − 2 − k) / (1 − r²) )                  n − 2 − k degrees of freedom
/// interval: tanh( artanh r ± z / √(n − 3 − k) )
/// ```
///
/// [`PartialOf::Ranks`] puts the mid-ranks of every variable in the place of its values.
///
/// ## Input
///
/// x, y and each covariate of one length n ≥ k + 3, in any units; a covariate of categories goes in as indicator
/// variables. The interval takes n ≥ k + 4. Without covariates it is [`Pearson`](super::Pearson).
///
/// ## Result
///
/// Statistic: t. Estimate: the partial r in [−1, 1], with Fisher's interval.
///
/// ## Conventions
///
/// R: `ppcor::pcor.test(x, y, z)`, with `method = "spearman"` for ranks; SPSS: `PARTIAL CORR`; pingouin:
/// `partial_corr`. Residuals come from an orthogonalisation carried out twice (no normal equations), so that
/// covariates which nearly determine one another cost no digits.
///
/// ## Errors
///
/// [`TestError::UnequalLengths`], [`TestError::TooFew`], [`TestError::NotFinite`] (group 0 is x, 1 is y, 2 the first
/// covariate), [`TestError::Collinear`] when a covariate is constant or determined by those before it,
/// [`TestError::NoSpread`] when the covariates determine x or y, [`TestError::NotACorrelation`].
///
/// ## Example
///
/// From printed coefficients, the textbook's r_xy.z = (r_xy − r_xz r_yz) / √((1 − r_xz²)(1 − r_yz²)):
///
/// ```
/// use restudy_stats::correlation::Partial;
///
/// let (r_xy, r_xz, r_yz) = (0.6_f64, 0.8_f64, 0.6_f64);
/// let r = (r_xy - r_xz * r_yz) / ((1.0 - r_xz * r_xz) * (1.0 - r_yz * r_yz)).sqrt();
/// let result = Partial::default().run_on_r(r, 23, 1)?;
/// // r = 1/4 with 20 degrees of freedom.
/// assert_eq!(format!("{:.4}", result.statistic.unwrap().value()), "1.1547");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Fisher, The distribution of the partial correlation coefficient, Metron 3 (1924) 329–332; Anderson, An Introduction
/// to Multivariate Statistical Analysis, 3rd edition (2003), section 4.3.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Partial {
    /// What is correlated.
    pub of: PartialOf,
    /// The side of the test and of the interval.
    pub alternative: Alternative,
    /// The level of the interval.
    pub level: Level,
}

/// What a partial correlation is made from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PartialOf {
    /// The values: Pearson's.
    #[default]
    Values,
    /// The mid-ranks: Spearman's.
    Ranks,
}

impl Partial {
    /// The test on pairs of values and their covariates.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, x: &[f64], y: &[f64], covariates: &[&[f64]]) -> Result<TestResult, TestError> {
        let needed = covariates.len() + 3;
        check_pairs(x.len(), y.len(), needed)?;
        let mut basis = Basis::default();
        for (covariate, values) in covariates.iter().enumerate() {
            check_pairs(x.len(), values.len(), needed)?;
            let left = basis.residuals(&self.centred(values, covariate + 2)?);
            basis.add(left.ok_or(TestError::Collinear { covariate })?);
        }
        let residuals =
            |values: &[f64], group: usize| basis.residuals(&self.centred(values, group)?).ok_or(TestError::NoSpread);
        let (x_left, y_left) = (residuals(x, 0)?, residuals(y, 1)?);
        self.test(pearson::coefficient(&x_left, &y_left)?, x.len(), covariates.len())
    }

    /// The test on what a paper prints: the partial r, the number of observations, and that of the covariates.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_on_r(&self, r: f64, n: usize, covariates: usize) -> Result<TestResult, TestError> {
        check_pairs(n, n, covariates.saturating_add(3))?;
        self.test(Coefficient::of_number(r)?, n, covariates)
    }

    /// Values less their mean, or their centred ranks, scaled to a size that neither overflows nor vanishes.
    fn centred(&self, values: &[f64], group: usize) -> Result<Vec<f64>, TestError> {
        match self.of {
            PartialOf::Values => {
                let moments = Moments::of_group(values, group)?;
                let scale = if moments.sd > 0.0 { moments.sd } else { 1.0 };
                Ok(values.iter().map(|x| (x - moments.mean) / scale).collect())
            }
            PartialOf::Ranks => match Ranks::of(values, group) {
                Ok(ranks) => Ok(ranks.centred.iter().map(|&c| c as f64 / values.len() as f64).collect()),
                // All alike: nothing is left of it, which the caller knows how to name.
                Err(TestError::NoSpread) => Ok(vec![0.0; values.len()]),
                Err(error) => Err(error),
            },
        }
    }

    fn test(&self, coefficient: Coefficient, n: usize, covariates: usize) -> Result<TestResult, TestError> {
        let df = (n - 2 - covariates) as f64;
        let value = coefficient.t(df);
        Ok(TestResult {
            procedure: Procedure::Partial { ranks: self.of == PartialOf::Ranks },
            alternative: self.alternative,
            statistic: Some(Statistic::T { value, df }),
            p_value: student_p(value, df, self.alternative)?,
            estimate: Some(coefficient.estimate(
                Quantity::PartialR,
                fisher_std_error(n, covariates),
                self.alternative,
                self.level,
            )),
            counts: vec![n],
            remarks: Vec::new(),
        })
    }
}

/// An orthonormal basis of the covariates seen so far.
#[derive(Default)]
struct Basis {
    vectors: Vec<Vec<f64>>,
}

impl Basis {
    /// What is left of centred values beside the basis; nothing when it is no more than rounding.
    fn residuals(&self, centred: &[f64]) -> Option<Vec<f64>> {
        /// A part of the values' length that rounding alone can leave.
        const ROUNDING: f64 = 1e-11;
        let mut left = centred.to_vec();
        // Twice is enough (Parlett, The Symmetric Eigenvalue Problem, 1980, section 6.9).
        for _ in 0..2 {
            for vector in &self.vectors {
                let share = dot(&left, vector);
                for (left, part) in left.iter_mut().zip(vector) {
                    *left -= share * part;
                }
            }
        }
        (dot(&left, &left) > ROUNDING * ROUNDING * dot(centred, centred)).then_some(left)
    }

    fn add(&mut self, mut vector: Vec<f64>) {
        let length = dot(&vector, &vector).sqrt();
        for part in &mut vector {
            *part /= length;
        }
        self.vectors.push(vector);
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
