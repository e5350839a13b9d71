use std::ops::Range;

use nalgebra::{Cholesky, DMatrix, DVector};

use super::objective::{Point, Target};
use super::risk_sets::{Baseline, RiskSets};
use super::{Covariates, CoxTies, Start, inverse};
use crate::blocked::{CHUNK, each_mut, predict};
use crate::newton::{Failure, Maximum};
use crate::profile::Profile;
use crate::regression::{Coefficient, Inference};
use crate::survival::{Concordance, ConcordanceResult, SurvivalError};
use crate::{Interval, Level, dist};

/// A fitted Cox model.
pub struct CoxFit<'a> {
    /// What was done about events at one time.
    pub ties: CoxTies,
    /// Observations (rows).
    pub n: usize,
    /// Rows with an event.
    pub events: usize,
    /// The names of the covariates.
    pub names: Vec<String>,
    /// The coefficients: logarithms of hazard ratios per unit of the covariate.
    pub coefficients: Vec<f64>,
    /// Their covariance, row by row.
    pub covariance: Vec<f64>,
    /// The logarithm of the partial likelihood with all coefficients 0.
    pub log_likelihood_null: f64,
    /// The same at the estimate.
    pub log_likelihood: f64,
    /// All coefficients 0, by the likelihood ratio.
    pub likelihood_ratio: ModelTest,
    /// All coefficients 0, by the estimates and their covariance.
    pub wald: ModelTest,
    /// All coefficients 0, by the slope of the likelihood there; without ties and with groups as covariates the log-rank test.
    pub score: ModelTest,
    /// The concordance of the linear predictor with survival, within strata; `None` when no pair is comparable.
    pub concordance: Option<ConcordanceResult>,
    /// β·x of each row as it was given, not centred.
    pub linear_predictor: Vec<f64>,
    /// The martingale residual of each row as it was given: events less events expected.
    pub martingale_residuals: Vec<f64>,
    /// Newton steps taken.
    pub iterations: u32,
    pub(in crate::survival) sets: RiskSets<'a>,
    /// The coefficients of the scaled covariates.
    pub(in crate::survival) scaled: Vec<f64>,
    scaled_covariance: DMatrix<f64>,
    baselines: Vec<Baseline>,
}

/// A test of one or several coefficients against a chi-square.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ModelTest {
    /// The statistic.
    pub chi_square: f64,
    /// Coefficients tested.
    pub df: f64,
    /// The p-value.
    pub p_value: f64,
}

impl ModelTest {
    pub(in crate::survival) fn new(chi_square: f64, df: usize) -> Result<Self, SurvivalError> {
        let df = df as f64;
        Ok(Self { chi_square, df, p_value: dist::ChiSquare::new(df)?.upper_tail(chi_square) })
    }
}

/// A coefficient as a table shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct CoxTerm {
    /// The covariate.
    pub name: String,
    /// The logarithm of the hazard ratio per unit.
    pub coefficient: f64,
    /// Its standard error.
    pub std_error: f64,
    /// Their ratio.
    pub z: f64,
    /// The two-sided p-value of Wald's test.
    pub p_value: f64,
    /// The hazard ratio per unit.
    pub hazard_ratio: f64,
    /// Wald's interval of the hazard ratio.
    pub interval: Interval,
}

/// The cumulative baseline hazard of a stratum.
#[derive(Clone, Debug, PartialEq)]
pub struct BaselineHazard {
    /// The event times, ascending.
    pub time: Vec<f64>,
    /// The cumulative hazard from each time on.
    pub hazard: Vec<f64>,
}

impl<'a> CoxFit<'a> {
    pub(super) fn new(
        start: Start<'a>,
        covariates: Covariates<'_>,
        found: Maximum<Point>,
    ) -> Result<Self, SurvivalError> {
        let Start { sets, names, log_likelihood: log_likelihood_null, score_statistic, .. } = start;
        let (n, p) = (sets.times.len(), names.len());
        let scaled_covariance = inverse(&found.information)?;
        let (coefficients, covariance) = unscaled(&sets.sd, &found.beta, &scaled_covariance);
        // Column by column in order, so that equal rows have equal predictors to the bit and stay tied.
        let mut linear_predictor = vec![0.0; n];
        let mut chunks: Vec<_> = (0..).step_by(CHUNK).zip(linear_predictor.chunks_mut(CHUNK)).collect();
        each_mut(&mut chunks, |(start, eta)| {
            let columns = covariates.values.chunks_exact(n).map(|column| &column[*start..*start + eta.len()]);
            predict(eta, &columns.collect::<Vec<_>>(), &coefficients);
        });
        let concordance = match Concordance::default().run(sets.times, &linear_predictor) {
            Ok(result) => Some(result),
            Err(SurvivalError::NoComparablePairs) => None,
            Err(error) => return Err(error),
        };
        let sums = found.state.sums.unwrap_or_else(|| sets.at(&found.beta));
        let log_likelihood = found.state.log_likelihood;
        let beta = DVector::from_column_slice(&found.beta);
        Ok(Self {
            ties: sets.ties,
            n,
            events: sets.times.events(),
            names,
            likelihood_ratio: ModelTest::new((2.0 * (log_likelihood - log_likelihood_null)).max(0.0), p)?,
            wald: ModelTest::new((&found.information * &beta).dot(&beta), p)?,
            score: ModelTest::new(score_statistic, p)?,
            coefficients,
            covariance,
            log_likelihood_null,
            log_likelihood,
            concordance,
            linear_predictor,
            martingale_residuals: sets.martingale(&sums),
            iterations: found.iterations,
            baselines: sets.baselines(&sums),
            scaled: found.beta,
            scaled_covariance,
            sets,
        })
    }

    /// The coefficients with their standard errors, tests and intervals.
    #[must_use]
    pub fn terms(&self, level: Level) -> Vec<CoxTerm> {
        let reach = dist::Normal.upper_quantile(level.tail());
        (self.names.iter().zip(&self.coefficients).enumerate())
            .map(|(j, (name, &coefficient))| {
                let std_error = self.covariance[j * (self.names.len() + 1)].sqrt();
                let z = coefficient / std_error;
                CoxTerm {
                    name: name.clone(),
                    coefficient,
                    std_error,
                    z,
                    p_value: dist::Normal.two_sided(z),
                    hazard_ratio: coefficient.exp(),
                    interval: Interval {
                        low: (coefficient - reach * std_error).exp(),
                        high: (coefficient + reach * std_error).exp(),
                        level,
                    },
                }
            })
            .collect()
    }

    /// Akaike's information criterion, −2 log L + 2 coefficients.
    #[must_use]
    pub fn aic(&self) -> f64 {
        2.0 * (self.names.len() as f64 - self.log_likelihood)
    }

    /// Events per coefficient: below 10 or so the estimates are biased and their intervals too short (Peduzzi 1995).
    #[must_use]
    pub fn events_per_coefficient(&self) -> f64 {
        self.events as f64 / self.names.len() as f64
    }

    /// The mean of each covariate over the rows.
    #[must_use]
    pub fn means(&self) -> &[f64] {
        &self.sets.mean
    }

    /// Tests and intervals by the standard errors.
    #[must_use]
    pub fn wald(&self, level: Level) -> Vec<Coefficient> {
        wald_rows(&self.names, &self.coefficients, &self.covariance, level)
    }

    /// Tests and intervals by the likelihood, each coefficient held while the others follow.
    ///
    /// # Errors
    ///
    /// [`SurvivalError::NotConverged`], [`SurvivalError::Singular`].
    pub fn profile(&self, level: Level) -> Result<Vec<Coefficient>, SurvivalError> {
        let target = Target { sets: &self.sets, penalized: false };
        let at = (&self.scaled[..], &self.scaled_covariance, self.log_likelihood);
        profiles(&target, &self.names, at, Inference::LikelihoodRatio, level)
    }

    /// The likelihood-ratio test of some coefficients, the model fitted without them (R's `drop1` of a term).
    ///
    /// # Errors
    ///
    /// [`SurvivalError::Coefficients`] for an empty range or one beyond the coefficients, [`SurvivalError::NotConverged`],
    /// [`SurvivalError::Singular`].
    pub fn likelihood_ratio_of(&self, term: &Range<usize>) -> Result<ModelTest, SurvivalError> {
        let free = self.others(term)?;
        let mut start = self.scaled.clone();
        start[term.clone()].fill(0.0);
        let without = Target { sets: &self.sets, penalized: false }.maximum(start, &free)?;
        ModelTest::new((2.0 * (self.log_likelihood - without.value)).max(0.0), term.len())
    }

    /// Wald's test of some coefficients, b'V⁻¹b with their part V of the covariance.
    ///
    /// # Errors
    ///
    /// [`SurvivalError::Coefficients`], [`SurvivalError::Singular`].
    pub fn wald_of(&self, term: &Range<usize>) -> Result<ModelTest, SurvivalError> {
        self.others(term)?;
        let part = self.scaled_covariance.view((term.start, term.start), (term.len(), term.len())).into_owned();
        let beta = DVector::from_column_slice(&self.scaled[term.clone()]);
        ModelTest::new(Cholesky::new(part).ok_or(Failure::Singular)?.solve(&beta).dot(&beta), term.len())
    }

    /// The coefficients that are not of a term.
    fn others(&self, term: &Range<usize>) -> Result<Vec<usize>, SurvivalError> {
        let needed = self.names.len();
        if term.is_empty() || term.end > needed {
            return Err(SurvivalError::Coefficients { found: term.end, needed });
        }
        Ok((0..needed).filter(|j| !term.contains(j)).collect())
    }

    /// The cumulative hazard of each stratum for somebody with the covariates `at`: zeros for the baseline of the textbooks,
    /// [`means`](Self::means) for what SPSS prints.
    ///
    /// Its increments are Breslow's d / Σ exp(β·x), or Efron's sum of them for a fit by Efron (R's `basehaz`; lifelines and
    /// scikit-survival use Breslow's always).
    ///
    /// # Errors
    ///
    /// [`SurvivalError::Coefficients`] unless there is a value per coefficient.
    pub fn cumulative_hazard(&self, at: &[f64]) -> Result<Vec<BaselineHazard>, SurvivalError> {
        if at.len() != self.names.len() {
            return Err(SurvivalError::Coefficients { found: at.len(), needed: self.names.len() });
        }
        let eta: f64 =
            (at.iter().zip(&self.sets.mean)).zip(&self.coefficients).map(|((x, mean), beta)| beta * (x - mean)).sum();
        let of_stratum = |baseline: &Baseline| {
            let factor = libm::exp(eta - baseline.shift);
            BaselineHazard {
                time: baseline.time.clone(),
                hazard: baseline.hazard.iter().map(|hazard| hazard * factor).collect(),
            }
        };
        Ok(self.baselines.iter().map(of_stratum).collect())
    }
}

/// Tests and intervals by the standard errors, of a covariance row by row.
pub(super) fn wald_rows(names: &[String], coefficients: &[f64], covariance: &[f64], level: Level) -> Vec<Coefficient> {
    let row = |(j, name): (usize, &String)| {
        Coefficient::wald(name, coefficients[j], covariance[j * (names.len() + 1)].sqrt(), level)
    };
    names.iter().enumerate().map(row).collect()
}

/// Coefficients and covariance, row by row, of the covariates as they are, from those of scaled ones.
pub(super) fn unscaled(sd: &[f64], beta: &[f64], covariance: &DMatrix<f64>) -> (Vec<f64>, Vec<f64>) {
    let p = sd.len();
    let coefficients = beta.iter().zip(sd).map(|(beta, sd)| beta / sd).collect();
    (coefficients, (0..p * p).map(|cell| covariance[(cell / p, cell % p)] / sd[cell / p] / sd[cell % p]).collect())
}

/// The profile of each coefficient about a maximum: the estimate of scaled covariates, its covariance and its value.
pub(super) fn profiles(
    target: &Target<'_, '_>,
    names: &[String],
    (beta, covariance, value): (&[f64], &DMatrix<f64>, f64),
    inference: Inference,
    level: Level,
) -> Result<Vec<Coefficient>, SurvivalError> {
    let sd = &target.sets.sd;
    let profile = |j: usize| {
        let (estimate, std_error) = (beta[j] / sd[j], covariance[(j, j)].sqrt() / sd[j]);
        let free: Vec<usize> = (0..beta.len()).filter(|&k| k != j).collect();
        let fall = |at: f64| {
            // The others move as the quadratic at the estimate says.
            let change = (at * sd[j] - beta[j]) / covariance[(j, j)];
            let mut start: Vec<f64> = (0..beta.len()).map(|k| beta[k] + change * covariance[(k, j)]).collect();
            start[j] = at * sd[j];
            let held = target.maximum(start, &free).or_else(|_| {
                // Far out the quadratic may lead where the information vanishes.
                let mut start = beta.to_vec();
                start[j] = at * sd[j];
                target.maximum(start, &free)
            })?;
            Ok::<f64, SurvivalError>(value - held.value)
        };
        Profile { name: &names[j], estimate, std_error, inference, level }.coefficient(fall)
    };
    (0..beta.len()).map(profile).collect()
}
