use super::sweep::{Baseline, Design, Totals};
use super::{Covariates, CoxTies, Newton};
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
    pub(in crate::survival) design: Design<'a>,
    /// The coefficients of the scaled covariates.
    pub(in crate::survival) scaled: Vec<f64>,
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
        design: Design<'a>,
        covariates: Covariates<'_>,
        null: &Totals,
        score_statistic: f64,
        newton: Newton,
    ) -> Result<Self, SurvivalError> {
        let (n, p) = (design.times.len(), covariates.names.len());
        let Newton { beta, at, inverse, steps } = newton;
        let coefficients: Vec<f64> = beta.iter().zip(&design.sd).map(|(beta, sd)| beta / sd).collect();
        let covariance = (0..p * p).map(|cell| inverse[cell] / design.sd[cell / p] / design.sd[cell % p]).collect();
        // Column by column in order, so that equal rows have equal predictors to the bit and stay tied.
        let mut linear_predictor = vec![0.0; n];
        for (x, beta) in covariates.values.chunks_exact(n).zip(&coefficients) {
            linear_predictor.iter_mut().zip(x).for_each(|(eta, x)| *eta += beta * x);
        }
        let concordance = match Concordance::default().run(design.times, &linear_predictor) {
            Ok(result) => Some(result),
            Err(SurvivalError::NoComparablePairs) => None,
            Err(error) => return Err(error),
        };
        let (baselines, martingale_residuals) = design.hazard(&beta);
        let likelihood_ratio = 2.0 * (at.log_likelihood - null.log_likelihood);
        Ok(Self {
            ties: design.ties,
            n,
            events: design.times.events(),
            names: covariates.names.to_vec(),
            likelihood_ratio: ModelTest::new(likelihood_ratio.max(0.0), p)?,
            wald: ModelTest::new(form(&at.information, &beta), p)?,
            score: ModelTest::new(score_statistic, p)?,
            coefficients,
            covariance,
            log_likelihood_null: null.log_likelihood,
            log_likelihood: at.log_likelihood,
            concordance,
            linear_predictor,
            martingale_residuals,
            iterations: steps,
            scaled: beta,
            baselines,
            design,
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
        &self.design.mean
    }

    /// The deviance residual of each row: sign(M) √(−2 (M + δ log(δ − M))), δ the event.
    #[must_use]
    pub fn deviance_residuals(&self) -> Vec<f64> {
        let mut residuals = self.martingale_residuals.clone();
        for stratum in self.design.times.each_stratum() {
            for (&row, &event) in stratum.row.iter().zip(stratum.event) {
                let m = residuals[row];
                let log = if event { (1.0 - m).ln() } else { 0.0 };
                residuals[row] = (-2.0 * (m + log)).max(0.0).sqrt().copysign(m);
            }
        }
        residuals
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
            (at.iter().zip(&self.design.mean)).zip(&self.coefficients).map(|((x, mean), beta)| beta * (x - mean)).sum();
        let of_stratum = |baseline: &Baseline| {
            let factor = (eta - baseline.greatest).exp();
            BaselineHazard {
                time: baseline.time.clone(),
                hazard: baseline.hazard.iter().map(|hazard| hazard * factor).collect(),
            }
        };
        Ok(self.baselines.iter().map(of_stratum).collect())
    }
}

/// xᵀ A x of a symmetric matrix by its lower triangle.
fn form(lower: &[f64], x: &[f64]) -> f64 {
    let p = x.len();
    let row = |j: usize| {
        let beside: f64 = (0..j).map(|k| 2.0 * lower[j * p + k] * x[k]).sum();
        x[j] * (beside + lower[j * (p + 1)] * x[j])
    };
    (0..p).map(row).sum()
}
