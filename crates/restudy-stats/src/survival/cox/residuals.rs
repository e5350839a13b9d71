//! Residuals of a fitted Cox model, and what they make of its standard errors.

use nalgebra::{Cholesky, DMatrix, DVector};

use super::fitted::{CoxFit, ModelTest, wald_rows};
use super::{CoxTies, SINGULAR};
use crate::Level;
use crate::newton::Failure;
use crate::regression::Coefficient;
use crate::survival::SurvivalError;

/// What each event's covariates are less their mean in the risk set.
#[derive(Clone, Debug, PartialEq)]
pub struct SchoenfeldResiduals {
    /// The row of each event as it was given, in the order of stratum and time.
    pub row: Vec<usize>,
    /// Its time.
    pub time: Vec<f64>,
    /// Its residuals, a value per covariate, event after event.
    pub values: Vec<f64>,
}

/// A covariance of the coefficients that does not lean on the model.
#[derive(Clone, Debug, PartialEq)]
pub struct RobustCovariance {
    /// The coefficients' names.
    pub names: Vec<String>,
    /// The coefficients.
    pub coefficients: Vec<f64>,
    /// Their covariance, row by row.
    pub covariance: Vec<f64>,
    /// Clusters, or rows where each is one.
    pub clusters: usize,
    /// All coefficients 0, by this covariance.
    pub wald: ModelTest,
}

impl RobustCovariance {
    /// Tests and intervals by these standard errors.
    #[must_use]
    pub fn terms(&self, level: Level) -> Vec<Coefficient> {
        wald_rows(&self.names, &self.coefficients, &self.covariance, level)
    }
}

impl CoxFit<'_> {
    /// The deviance residual of each row: sign(M) √(−2 (M + δ log(δ − M))), δ the event.
    #[must_use]
    pub fn deviance_residuals(&self) -> Vec<f64> {
        let mut residuals = self.martingale_residuals.clone();
        for (&row, event) in self.sets.times.rows().iter().zip(self.sets.times.is_event()) {
            let m = &mut residuals[row as usize];
            let log = if event { libm::log(1.0 - *m) } else { 0.0 };
            *m = (-2.0 * (*m + log)).max(0.0).sqrt().copysign(*m);
        }
        residuals
    }

    /// Schoenfeld's residuals: the covariates of each event less their mean in its risk set, weighted by w exp(β·x), of
    /// Efron's parts the mean. Their sum is 0 without weights.
    ///
    /// # Errors
    ///
    /// [`SurvivalError::NotWithExactTies`].
    pub fn schoenfeld_residuals(&self) -> Result<SchoenfeldResiduals, SurvivalError> {
        let (_, means) = self.influence()?;
        let rows = self.sets.times.rows();
        let mut residuals = SchoenfeldResiduals { row: Vec::new(), time: Vec::new(), values: Vec::new() };
        for (death, mean) in self.sets.deaths().iter().zip(&means) {
            for i in death.rows() {
                residuals.row.push(rows[i] as usize);
                residuals.time.push(death.time);
                let of = mean.iter().enumerate().map(|(j, mean)| (self.sets.column(j)[i] - mean) * self.sets.sd[j]);
                residuals.values.extend(of);
            }
        }
        Ok(residuals)
    }

    /// Scaled Schoenfeld residuals, β + d V s of Schoenfeld's residuals s, V the covariance of the coefficients and d the
    /// number of events: their trend over time is that of the coefficient (R's `residuals(fit, "scaledsch")`).
    ///
    /// # Errors
    ///
    /// [`SurvivalError::NotWithExactTies`].
    pub fn scaled_schoenfeld_residuals(&self) -> Result<SchoenfeldResiduals, SurvivalError> {
        let p = self.names.len();
        let mut residuals = self.schoenfeld_residuals()?;
        let d = residuals.row.len() as f64;
        for values in residuals.values.chunks_exact_mut(p) {
            let moved = self.times_covariance(values);
            for ((value, moved), beta) in values.iter_mut().zip(moved).zip(&self.coefficients) {
                *value = beta + d * moved;
            }
        }
        Ok(residuals)
    }

    /// Score residuals, a value per covariate for each row as it was given, row after row: what a row of weight 1 adds to
    /// the slope of the likelihood, by its event and by its share in the risk sets (R's `residuals(fit, "score")`). Their
    /// weighted sum is 0.
    ///
    /// # Errors
    ///
    /// [`SurvivalError::NotWithExactTies`].
    pub fn score_residuals(&self) -> Result<Vec<f64>, SurvivalError> {
        let p = self.names.len();
        let (scores, _) = self.influence()?;
        let mut residuals = vec![0.0; self.n * p];
        for (score, row) in scores.iter().zip(self.sets.times.rows().iter().map(|&row| row as usize)) {
            for j in 0..p {
                residuals[row * p + j] = score[j] * self.sets.sd[j];
            }
        }
        Ok(residuals)
    }

    /// How much each row moves the coefficients, row after row: V times its score residual, times its weight (R's
    /// `residuals(fit, "dfbeta")`).
    ///
    /// # Errors
    ///
    /// [`SurvivalError::NotWithExactTies`].
    pub fn dfbeta(&self) -> Result<Vec<f64>, SurvivalError> {
        let p = self.names.len();
        let mut moves = vec![0.0; self.n * p];
        let scores = self.score_residuals()?;
        for (i, row) in self.sets.times.rows().iter().map(|&row| row as usize).enumerate() {
            let moved = self.times_covariance(&scores[row * p..(row + 1) * p]);
            moves[row * p..(row + 1) * p]
                .iter_mut()
                .zip(moved)
                .for_each(|(to, moved)| *to = self.sets.weight(i) * moved);
        }
        Ok(moves)
    }

    /// The sandwich covariance of Lin and Wei (1989): Σ of the products of the clusters' summed `dfbeta`. Without
    /// clusters each row is one. For weights that are no counts, and for rows that are not independent of each other.
    ///
    /// R: `coxph(…, cluster = id)`, `robust = TRUE`.
    ///
    /// # Errors
    ///
    /// [`SurvivalError::NotWithExactTies`], [`SurvivalError::Length`], [`SurvivalError::Singular`] where there are fewer
    /// clusters than coefficients.
    pub fn robust(&self, clusters: Option<&[usize]>) -> Result<RobustCovariance, SurvivalError> {
        let (n, p) = (self.n, self.names.len());
        if let Some(found) = clusters.map(<[usize]>::len).filter(|&found| found != n) {
            return Err(SurvivalError::Length { column: "the cluster", found, needed: n });
        }
        let moves = self.dfbeta()?;
        let cluster = |row: usize| clusters.map_or(row, |clusters| clusters[row]);
        let mut rows: Vec<usize> = (0..n).collect();
        rows.sort_by_key(|&row| cluster(row));
        let mut covariance = DMatrix::<f64>::zeros(p, p);
        let mut count = 0;
        for members in rows.chunk_by(|&a, &b| cluster(a) == cluster(b)) {
            let mut sum = DVector::zeros(p);
            for &row in members {
                sum.axpy(1.0, &DVector::from_column_slice(&moves[row * p..(row + 1) * p]), 1.0);
            }
            covariance.ger(1.0, &sum, &sum, 1.0);
            count += 1;
        }
        let beta = DVector::from_column_slice(&self.coefficients);
        // Scaled to a unit diagonal, so that the unit of a covariate does not decide what is singular.
        let unit = DVector::from_fn(p, |j, _| 1.0 / covariance[(j, j)].sqrt());
        let scaled = DMatrix::from_fn(p, p, |j, k| covariance[(j, k)] * unit[j] * unit[k]);
        let factor = Cholesky::new(scaled).ok_or(Failure::Singular)?;
        if factor.l_dirty().diagonal().iter().any(|pivot| pivot * pivot <= SINGULAR) {
            return Err(SurvivalError::Singular);
        }
        let beta = beta.component_mul(&unit);
        let chi_square = factor.solve(&beta).dot(&beta);
        Ok(RobustCovariance {
            names: self.names.clone(),
            coefficients: self.coefficients.clone(),
            covariance: covariance.as_slice().to_vec(),
            clusters: count,
            wald: ModelTest::new(chi_square, p)?,
        })
    }

    fn times_covariance(&self, values: &[f64]) -> Vec<f64> {
        let p = self.names.len();
        let row = |j: usize| (0..p).map(|k| self.covariance[j * p + k] * values[k]).sum();
        (0..p).map(row).collect()
    }

    #[expect(clippy::type_complexity, reason = "a pair, taken apart at once")]
    fn influence(&self) -> Result<(Vec<Vec<f64>>, Vec<Vec<f64>>), SurvivalError> {
        if self.ties == CoxTies::Exact {
            return Err(SurvivalError::NotWithExactTies { what: "residuals of single covariates" });
        }
        Ok(self.sets.influence(&self.sets.at(&self.scaled)))
    }
}
