use nalgebra::{Cholesky, DMatrix, DVector};

use super::ValidationError;
use crate::blocked::exp;
use crate::order;
use crate::regression::{Design, Logistic, Outcome};
use crate::resample::{ResampleError, Resampling, Units};

/// How much better does a logistic model look on the data that made it than it will on others? Harrell's bootstrap
/// validation.
///
/// ## Formula
///
/// In each resample the model is fitted anew (training index), and that fit is applied to the data (test index):
///
/// ```text
/// optimism = mean (training − test)        corrected = index of the data − optimism
/// AUC, Dxy = 2 AUC − 1, Brier: of the linear predictor, and of its risks
/// R²: Nagelkerke's; on the data, of the outcome fitted on the linear predictor
/// intercept, slope: of that fit; 0 and 1 in the sample that made the model
/// ```
///
/// ## Input
///
/// A [`Design`] and an outcome with events and non-events. The terms are taken as given: selection of terms is not
/// repeated in the resamples, and what it flatters is not found.
///
/// ## Result
///
/// [`OptimismValidation`]. Resamples whose model has no estimate (a constant or collinear column, separation) are counted
/// and left out.
///
/// ## Conventions
///
/// R: `rms::validate(lrm(y ~ x, x = TRUE, y = TRUE), B = 200)`, the rows Dxy, R2, Intercept, Slope and B. Its draws are other
/// ones; the indices of given draws are the same. Where lrm does not notice that a resample separates, it goes on with
/// coefficients of any size.
///
/// ## How it is fast
///
/// A resample is counts of the rows. Newton's method goes through the rows that were drawn, columns seen from their means
/// and in their standard deviations; both areas come from one sorting of the linear predictor.
///
/// ## Errors
///
/// Those of [`Logistic`] for the data themselves, as [`ValidationError::Fit`];
/// [`ResampleError::MostlyUndefined`] when no resample has an estimate, [`ResampleError::TooFewReplicates`] for none.
///
/// ## Source
///
/// Harrell, Lee and Mark, Statistics in Medicine 15 (1996) 361–387; Efron and Gong, The American Statistician 37 (1983)
/// 36–48; Harrell, Regression Modeling Strategies, 2nd edition (2015), section 5.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptimismBootstrap {
    /// How many resamples, and from which seed.
    pub resampling: Resampling,
}

impl Default for OptimismBootstrap {
    fn default() -> Self {
        Self { resampling: Resampling { replicates: 200, ..Resampling::default() } }
    }
}

/// An index of performance, corrected for optimism.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OptimismIndex {
    /// The index of the data.
    pub apparent: f64,
    /// Its mean in the resamples, of what was made there.
    pub training: f64,
    /// The mean in the data, of what was made in the resamples.
    pub test: f64,
    /// Training less test.
    pub optimism: f64,
    /// Apparent less optimism.
    pub corrected: f64,
}

impl OptimismIndex {
    pub(super) fn new(apparent: f64, training: &[f64], test: &[f64]) -> Self {
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let (training, test) = (mean(training), mean(test));
        let optimism = training - test;
        Self { apparent, training, test, optimism, corrected: apparent - optimism }
    }
}

/// A logistic model validated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OptimismValidation {
    /// The area under the ROC curve.
    pub auc: OptimismIndex,
    /// Somers's D, 2 AUC − 1.
    pub dxy: OptimismIndex,
    /// Nagelkerke's R².
    pub r2: OptimismIndex,
    /// The calibration intercept.
    pub intercept: OptimismIndex,
    /// The calibration slope, by which predictions are to be shrunk.
    pub slope: OptimismIndex,
    /// The Brier score.
    pub brier: OptimismIndex,
    /// Resamples without an estimate.
    pub failed: u32,
    /// How many resamples were drawn, and from which seed.
    pub resampling: Resampling,
}

/// The indices of a linear predictor: AUC, R², intercept, slope, Brier.
type Indices = [f64; 5];

impl OptimismBootstrap {
    /// The validation of a model.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, design: &Design, events: &[bool]) -> Result<OptimismValidation, ValidationError> {
        let replicates = self.resampling.replicates;
        if replicates == 0 {
            return Err(ResampleError::TooFewReplicates { found: 0, needed: 1 }.into());
        }
        // For its refusals: beyond it the data are known to be sound.
        let fit = Logistic::default().fit(design, Outcome::new(events))?;
        let model = Rows::of(design, events);
        let units = Units::ordinary(design.rows())?;
        let everyone = vec![1; design.rows()];
        let predictor = design.linear_predictor(fit.coefficients())?;
        let apparent = indices(&predictor, events, &everyone, &ranking(&predictor)?, fit.log_likelihood(), [0.0, 1.0]);
        let made = self.resampling.each(
            || vec![0; design.rows()],
            |counts, stream| {
                units.draw(stream, counts);
                let (predictor, log_likelihood) = model.predictor(design, counts)?;
                let order = ranking(&predictor).ok()?;
                let training = indices(&predictor, events, counts, &order, log_likelihood, [0.0, 1.0]);
                let (line, again) = Rows::line(&predictor, events).newton(&everyone)?;
                Some((training, indices(&predictor, events, &everyone, &order, again, [line[0], line[1]])))
            },
        );
        let failed = made.iter().filter(|replicate| replicate.is_none()).count() as u32;
        if failed == replicates {
            return Err(ResampleError::MostlyUndefined { undefined: failed, replicates }.into());
        }
        let index = |of: &dyn Fn(&Indices) -> f64| {
            let column = |which: &dyn Fn(&(Indices, Indices)) -> Indices| -> Vec<f64> {
                made.iter().flatten().map(|pair| of(&which(pair))).collect()
            };
            OptimismIndex::new(of(&apparent), &column(&|pair| pair.0), &column(&|pair| pair.1))
        };
        Ok(OptimismValidation {
            auc: index(&|all| all[0]),
            dxy: index(&|all| 2.0 * all[0] - 1.0),
            r2: index(&|all| all[1]),
            intercept: index(&|all| all[2]),
            slope: index(&|all| all[3]),
            brier: index(&|all| all[4]),
            failed,
            resampling: self.resampling,
        })
    }
}

/// The rows by linear predictor, ascending.
fn ranking(predictor: &[f64]) -> Result<Vec<u32>, ValidationError> {
    Ok(order::ascending(predictor)?)
}

/// The indices of a linear predictor in rows that count so often.
fn indices(
    predictor: &[f64],
    events: &[bool],
    counts: &[u32],
    order: &[u32],
    log_likelihood: f64,
    [intercept, slope]: [f64; 2],
) -> Indices {
    let (mut n, mut cases, mut squares) = (0.0, 0.0, 0.0);
    // Twice U, in whole numbers: pairs in order count 2, ties 1.
    let (mut doubled, mut controls_below) = (0_u64, 0_u64);
    let alike = |&a: &u32, &b: &u32| predictor[a as usize] == predictor[b as usize];
    for tied in order.chunk_by(alike) {
        let risk = 1.0 / (1.0 + libm::exp(-predictor[tied[0] as usize]));
        let (mut with, mut without) = (0_u64, 0_u64);
        for &row in tied {
            let count = u64::from(counts[row as usize]);
            if events[row as usize] {
                with += count;
            } else {
                without += count;
            }
        }
        doubled += with * (2 * controls_below + without);
        controls_below += without;
        let (with, without) = (with as f64, without as f64);
        n += with + without;
        cases += with;
        squares += with * (1.0 - risk) * (1.0 - risk) + without * risk * risk;
    }
    let auc = doubled as f64 / (2.0 * cases * (n - cases));
    let null = cases * libm::log(cases / n) + (n - cases) * libm::log1p(-cases / n);
    let r2 = libm::expm1(2.0 * (null - log_likelihood) / n) / libm::expm1(2.0 * null / n);
    [auc, r2, intercept, slope, squares / n]
}

/// The rows of a design, one after the other.
struct Rows<'a> {
    x: Vec<f64>,
    columns: usize,
    events: &'a [bool],
}

/// Newton steps before the careful way is taken.
const STEPS: u32 = 25;
/// A converged estimate whose every |y − μ| is above this exists (as in [`Logistic`]).
const SURELY_INSIDE: f64 = 1e-6;

impl<'a> Rows<'a> {
    /// Columns from their means and in their standard deviations, where there is an intercept to take that up: a linear
    /// predictor does not depend on it.
    fn of(design: &Design, events: &'a [bool]) -> Self {
        let (n, columns) = (design.rows(), design.column_names().len());
        let mut x = vec![0.0; n * columns];
        for column in 0..columns {
            let values = design.column(column);
            let mean = values.iter().sum::<f64>() / n as f64;
            let spread = (values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n as f64).sqrt();
            let scale = if spread > 0.0 { spread } else { 1.0 };
            let centre = if spread > 0.0 && design.intercept().is_some() { mean } else { 0.0 };
            for (row, value) in values.iter().enumerate() {
                x[row * columns + column] = (value - centre) / scale;
            }
        }
        Self { x, columns, events }
    }

    /// An intercept and one column.
    fn line(predictor: &[f64], events: &'a [bool]) -> Self {
        Self { x: predictor.iter().flat_map(|&x| [1.0, x]).collect(), columns: 2, events }
    }

    fn each(&self) -> impl Iterator<Item = (&[f64], bool)> {
        self.x.chunks_exact(self.columns).zip(self.events.iter().copied())
    }

    /// The linear predictor of every row by the model of those that were drawn, with its log-likelihood there; none when
    /// that model has no estimate.
    fn predictor(&self, design: &Design, counts: &[u32]) -> Option<(Vec<f64>, f64)> {
        if let Some((beta, log_likelihood)) = self.newton(counts) {
            return Some((self.each().map(|(x, _)| dot(x, &beta)).collect(), log_likelihood));
        }
        // Step halving, and the proof that there is no estimate.
        let weights: Vec<f64> = counts.iter().map(|&count| f64::from(count)).collect();
        let fit = Logistic::default().fit(design, Outcome::new(self.events).with_weights(&weights)).ok()?;
        Some((design.linear_predictor(fit.coefficients()).ok()?, fit.log_likelihood()))
    }

    /// Newton's method without safeguards, to the last digit: the coefficients and the log-likelihood. None where it does
    /// not settle, or where the estimate may not exist.
    fn newton(&self, counts: &[u32]) -> Option<(Vec<f64>, f64)> {
        let p = self.columns;
        let mut beta = vec![0.0; p];
        let mut last = false;
        let (mut predictor, mut odds) = (vec![0.0; self.events.len()], vec![0.0; self.events.len()]);
        for _ in 0..STEPS {
            let (mut score, mut information) = (DVector::zeros(p), DMatrix::zeros(p, p));
            let (mut log_likelihood, mut least) = (0.0, f64::INFINITY);
            // Of all rows at once, in vectors.
            for ((eta, odds), (x, _)) in predictor.iter_mut().zip(&mut odds).zip(self.each()) {
                *eta = dot(x, &beta);
                *odds = -eta.abs();
            }
            exp(&mut odds);
            let of_rows = self.each().zip(counts).zip(predictor.iter().zip(&odds));
            for (((x, event), &count), (&eta, &odds)) in of_rows.filter(|((_, count), _)| **count > 0) {
                let count = f64::from(count);
                let (near, far) = (1.0 / (1.0 + odds), odds / (1.0 + odds));
                let right = event == (eta >= 0.0);
                let miss = if right { far } else { near };
                least = least.min(miss);
                if last {
                    log_likelihood -= count * (libm::log1p(odds) + if right { 0.0 } else { eta.abs() });
                    continue;
                }
                let residual = if event { count * miss } else { -count * miss };
                let weight = count * near * far;
                for (j, of_j) in x.iter().enumerate() {
                    score[j] += residual * of_j;
                    let product = weight * of_j;
                    for (k, of_k) in x[..=j].iter().enumerate() {
                        information[(j, k)] += product * of_k;
                    }
                }
            }
            if last {
                return (least > SURELY_INSIDE).then_some((beta, log_likelihood));
            }
            // The factor looks at the lower triangle alone.
            let step = Cholesky::new(information)?.solve(&score);
            beta.iter_mut().zip(step.iter()).for_each(|(beta, step)| *beta += step);
            // λ² = step · score: quadratic convergence leaves nothing behind a step this small.
            last = step.dot(&score) < 1e-16;
        }
        None
    }
}

fn dot(x: &[f64], beta: &[f64]) -> f64 {
    x.iter().zip(beta).map(|(x, beta)| x * beta).sum()
}
