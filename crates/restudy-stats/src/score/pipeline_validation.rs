use std::sync::atomic::{AtomicU32, Ordering};

use super::derivation::{Prepared, Room};
use super::performance::{Judged, risk};
use super::{Candidate, Derivation, DerivedItem, DerivedScore, Performance, ScoreError};
use crate::descriptive::{QuantileType, quantile};
use crate::resample::{Resampling, Units};

/// What is a score worth on the next patient? Bootstrap and cross-validation around the whole of its derivation.
///
/// ## Formula
///
/// Everything that was decided on the data is decided again on each resample b: screen, adjustment, selection, cut-offs,
/// rounding, threshold, risks. With a figure θ(trained on, judged on), D the data, b̄ the rows that b left out:
///
/// ```text
/// apparent    θ(D, D)
/// optimism    mean over b of θ(b, b) − θ(b, D)
/// corrected   apparent − optimism
/// .632+       (1 − w) apparent + w θ̃,   θ̃ = mean of θ(b, b̄) moved no further than γ,   w = 0.632 / (1 − 0.368 R),
///             R = (θ̃ − apparent) / (γ − apparent) in [0, 1],  γ the figure without information
/// cross-validated   all rows judged by scores that were derived without their fold; the mean over repetitions
/// ```
///
/// ## Input
///
/// A [`Derivation`] and what it takes. Folds are stratified by the outcome.
///
/// ## Result
///
/// [`PipelineValidationResult`]: each figure apparent, corrected and cross-validated; how often each candidate became an item
/// and at which cut-offs; how each patient's risk and class move from resample to resample; every replicate.
///
/// ## Conventions
///
/// R: `rms::validate(method = "boot")` and `"632"` do the same around a model whose selection they know. A figure that a
/// replicate does not have (no event was drawn, a total separates the outcome and has no calibration slope) is left out of
/// the mean, and `defined` counts those that are in it. A figure without information is 0.5 for the area, 0 for J, the share
/// of positives for the sensitivity; the calibration has none.
///
/// ## Errors
///
/// [`ScoreError`]; more folds than events or non-events are refused.
///
/// ## Source
///
/// Harrell, Lee and Mark, Statistics in Medicine 15 (1996) 361–387; Efron and Tibshirani, Journal of the American Statistical
/// Association 92 (1997) 548–560 (.632+); Steyerberg et al., Journal of Clinical Epidemiology 54 (2001) 774–781; Riley and
/// Collins, Biometrical Journal 65 (2023) 2200302 (stability).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PipelineValidation {
    /// How the score is derived.
    pub derivation: Derivation,
    /// Bootstrap replicates, and the seed of everything.
    pub resampling: Resampling,
    /// Folds of the cross-validation; 0 for none.
    pub folds: usize,
    /// How often it is repeated.
    pub repetitions: u32,
}

impl Default for PipelineValidation {
    fn default() -> Self {
        Self { derivation: Derivation::default(), resampling: Resampling::default(), folds: 10, repetitions: 20 }
    }
}

/// A figure, as it looks and as it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Corrected {
    /// On the patients that the score was made from.
    pub apparent: f64,
    /// How much better than it is it looks there.
    pub optimism: f64,
    /// The apparent figure less the optimism.
    pub corrected: f64,
    /// By the .632+ rule; none for the calibration.
    pub point_632_plus: Option<f64>,
    /// By repeated cross-validation.
    pub cross_validated: Option<f64>,
    /// Replicates that have it.
    pub defined: u32,
}

/// What one resample made.
#[derive(Clone, Debug, PartialEq)]
pub struct Replicate {
    /// The score derived from it.
    pub score: DerivedScore,
    /// Judged on the resample itself.
    pub resample: Option<Performance>,
    /// Judged on the data.
    pub original: Option<Performance>,
    /// Judged on the rows that were not drawn.
    pub left_out: Option<Performance>,
    /// The total of each row of the data.
    pub totals: Vec<u32>,
}

/// How often a candidate became an item, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct CandidateStability {
    /// The share of the resamples that chose it.
    pub selection_frequency: f64,
    /// Its cut-offs there, ascending.
    pub cutoffs: Vec<f64>,
}

/// How a patient's prediction moves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PatientStability {
    /// The total by the score of the data.
    pub total: u32,
    /// The risk by the score of the data.
    pub risk: f64,
    /// The 2.5 % quantile of the resamples' risks.
    pub risk_low: f64,
    /// The 97.5 % quantile.
    pub risk_high: f64,
    /// The mean distance of the resamples' risks from the data's.
    pub mean_absolute_difference: f64,
    /// The share of the resamples that call the patient otherwise than the data do.
    pub reclassified: f64,
}

/// How a figure of each patient is spread over the patients; quartiles of type 7.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StabilitySpread {
    /// The mean.
    pub mean: f64,
    /// The least.
    pub min: f64,
    /// The lower quartile.
    pub q1: f64,
    /// The median.
    pub median: f64,
    /// The upper quartile.
    pub q3: f64,
    /// The greatest.
    pub max: f64,
}

/// What is left of a score.
#[derive(Clone, Debug, PartialEq)]
pub struct PipelineValidationResult {
    /// The score of the data.
    pub score: DerivedScore,
    /// The area under the curve.
    pub auc: Corrected,
    /// Sensitivity at the threshold.
    pub sensitivity: Corrected,
    /// Specificity at the threshold.
    pub specificity: Corrected,
    /// Youden's index at the threshold.
    pub youden_j: Corrected,
    /// The Brier score; its optimism is negative.
    pub brier: Corrected,
    /// The calibration intercept; none where the apparent one does not exist.
    pub calibration_intercept: Option<Corrected>,
    /// The calibration slope.
    pub calibration_slope: Option<Corrected>,
    /// For each candidate.
    pub candidates: Vec<CandidateStability>,
    /// For each patient.
    pub patients: Vec<PatientStability>,
    /// For each resample.
    pub replicates: Vec<Replicate>,
}

impl PipelineValidationResult {
    /// The frequency that a predicted risk, strictly between 0 and 1, stands for on the next patient: by the calibration line
    /// less its optimism, logit = a + b logit p. None where the calibration is not estimable.
    #[must_use]
    pub fn corrected_risk(&self, predicted: f64) -> Option<f64> {
        let (intercept, slope) = (self.calibration_intercept?.corrected, self.calibration_slope?.corrected);
        Some(risk(intercept + slope * (libm::log(predicted) - libm::log1p(-predicted))))
    }

    /// The least of a figure over the patients, its quartiles and its greatest, and the mean.
    fn spread(&self, of: impl Fn(&PatientStability) -> f64) -> StabilitySpread {
        let mut values: Vec<f64> = self.patients.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        let at = |p: f64| quantile(&values, p, QuantileType::default()).unwrap_or(f64::NAN);
        let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
        StabilitySpread { mean, min: at(0.0), q1: at(0.25), median: at(0.5), q3: at(0.75), max: at(1.0) }
    }

    /// How far the patients' predicted risks move: each patient's mean absolute difference, over the patients. Its mean is
    /// Riley and Collins's average MAPE.
    #[must_use]
    pub fn prediction_instability(&self) -> StabilitySpread {
        self.spread(|patient| patient.mean_absolute_difference)
    }

    /// How often the patients change class: each patient's share of resamples that call them otherwise, over the patients.
    #[must_use]
    pub fn classification_instability(&self) -> StabilitySpread {
        self.spread(|patient| patient.reclassified)
    }
}

impl PipelineValidation {
    /// Validates the derivation on the data that it is made for.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, candidates: &[Candidate<'_>], outcome: &[bool]) -> Result<PipelineValidationResult, ScoreError> {
        self.run_telling(candidates, outcome, &|_| {})
    }

    /// The same, which tells after each of its [`rounds`](Self::rounds) how many are done, from whichever thread it was done
    /// on.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_telling(
        &self,
        candidates: &[Candidate<'_>],
        outcome: &[bool],
        done: &(dyn Fn(u32) + Sync),
    ) -> Result<PipelineValidationResult, ScoreError> {
        let prepared = self.prepare(candidates, outcome)?;
        let units = Units::ordinary(outcome.len())?;
        let rounds = AtomicU32::new(0);
        let tell = || done(rounds.fetch_add(1, Ordering::Relaxed) + 1);
        let replicates = self.resampling.each(
            || (Room::default(), vec![0; outcome.len()]),
            |(room, counts), stream| {
                units.draw(stream, counts);
                let replicate = self.replicate(&prepared, counts, room);
                tell();
                replicate
            },
        );
        self.summary(&prepared, replicates, &tell)
    }

    /// Replicates, and repetitions of the cross-validation where there is one.
    #[must_use]
    pub fn rounds(&self) -> u32 {
        self.resampling.replicates.saturating_add(if self.folds > 0 { self.repetitions } else { 0 })
    }

    /// The same on resamples drawn elsewhere: for each, how often every row was drawn.
    ///
    /// # Errors
    ///
    /// As the type's page says; a resample of another length is refused.
    pub fn run_on_resamples(
        &self,
        candidates: &[Candidate<'_>],
        outcome: &[bool],
        resamples: &[Vec<u32>],
    ) -> Result<PipelineValidationResult, ScoreError> {
        let prepared = self.prepare(candidates, outcome)?;
        if resamples.iter().any(|counts| counts.len() != outcome.len()) {
            return Err(ScoreError::Setting { setting: "resamples", must_be: "as long as the data" });
        }
        let mut room = Room::default();
        let replicates = resamples.iter().map(|counts| self.replicate(&prepared, counts, &mut room)).collect();
        self.summary(&prepared, replicates, &|| {})
    }

    fn prepare<'a>(&self, candidates: &[Candidate<'_>], outcome: &'a [bool]) -> Result<Prepared<'a>, ScoreError> {
        self.derivation.check()?;
        let prepared = Prepared::new(candidates, outcome)?;
        let events = outcome.iter().filter(|&&event| event).count();
        if self.folds == 1 || self.folds > events.min(outcome.len() - events) {
            let must_be = "0, or from 2 to the number of events and of non-events";
            return Err(ScoreError::Setting { setting: "folds", must_be });
        }
        Ok(prepared)
    }

    fn replicate(&self, prepared: &Prepared<'_>, counts: &[u32], room: &mut Room) -> Replicate {
        let score = self.derivation.derive(prepared, counts, room);
        let judge = |weight: &dyn Fn(u32) -> u32| {
            let counted = counts.iter().map(|&count| weight(count));
            Performance::of(&mut judged(&score, &room.totals, prepared.outcome, counted))
        };
        let [resample, original, left_out] =
            [judge(&|count| count), judge(&|_| 1), judge(&|count| u32::from(count == 0))];
        Replicate { resample, original, left_out, totals: room.totals.clone(), score }
    }

    fn summary(
        &self,
        prepared: &Prepared<'_>,
        replicates: Vec<Replicate>,
        tell: &(dyn Fn() + Sync),
    ) -> Result<PipelineValidationResult, ScoreError> {
        let n = prepared.outcome.len();
        let mut room = Room::default();
        let score = self.derivation.derive(prepared, &vec![1; n], &mut room);
        let totals = room.totals.clone();
        let mut everyone = judged(&score, &totals, prepared.outcome, std::iter::repeat_n(1, n));
        let without = Performance::without_information(&everyone);
        let (events, of) = (prepared.outcome.iter().filter(|&&event| event).count(), n);
        let apparent = Performance::of(&mut everyone).ok_or(ScoreError::OneOutcome { events, n: of })?;
        let crossed = self.cross_validate(prepared, tell);
        let figure = |get: &dyn Fn(&Performance) -> Option<f64>, informed: bool| {
            corrected(get, &apparent, informed.then_some(&without), &replicates, &crossed)
        };
        // Every performance has these figures.
        let always = |get: &dyn Fn(&Performance) -> f64| {
            let undefined =
                ScoreError::Setting { setting: "replicates", must_be: "enough for some with both outcomes" };
            figure(&|performance| Some(get(performance)), true).ok_or(undefined)
        };
        Ok(PipelineValidationResult {
            auc: always(&|p| p.auc)?,
            sensitivity: always(&|p| p.sensitivity)?,
            specificity: always(&|p| p.specificity)?,
            youden_j: always(&|p| p.youden_j)?,
            brier: always(&|p| p.brier)?,
            calibration_intercept: figure(&|p| p.calibration_intercept, false),
            calibration_slope: figure(&|p| p.calibration_slope, false),
            candidates: candidate_stability(prepared.columns.len(), &replicates),
            patients: patient_stability(&score, &totals, &replicates),
            score,
            replicates,
        })
    }

    /// The performance of each repetition. Its folds come from streams beyond those of the bootstrap.
    fn cross_validate(&self, prepared: &Prepared<'_>, tell: &(dyn Fn() + Sync)) -> Vec<Performance> {
        if self.folds == 0 {
            return Vec::new();
        }
        let n = prepared.outcome.len();
        let labels: Vec<usize> = prepared.outcome.iter().map(|&event| usize::from(event)).collect();
        let Ok(units) = Units::stratified(&labels) else { return Vec::new() };
        let seed = self.resampling.seed ^ 0x632_c055;
        let performances = Resampling { replicates: self.repetitions, seed }.each(
            || (Room::default(), vec![0; n]),
            |(room, order), stream| {
                units.shuffle(stream, order);
                let mut fold_of = vec![0; n];
                // Round the folds, the events first: every fold has its share of both.
                let (events, others): (Vec<u32>, Vec<u32>) =
                    order.iter().partition(|&&row| prepared.outcome[row as usize]);
                for (place, row) in events.into_iter().chain(others).enumerate() {
                    fold_of[row as usize] = place % self.folds;
                }
                let mut everyone = Vec::with_capacity(n);
                for fold in 0..self.folds {
                    let counts: Vec<u32> = fold_of.iter().map(|&of| u32::from(of != fold)).collect();
                    let score = self.derivation.derive(prepared, &counts, room);
                    let held_out = counts.iter().map(|count| 1 - count);
                    everyone.extend(
                        judged(&score, &room.totals, prepared.outcome, held_out).into_iter().filter(|p| p.count > 0),
                    );
                }
                tell();
                Performance::of(&mut everyone)
            },
        );
        performances.into_iter().flatten().collect()
    }
}

/// Every patient as a score sees them.
fn judged(score: &DerivedScore, totals: &[u32], outcome: &[bool], counts: impl Iterator<Item = u32>) -> Vec<Judged> {
    (totals.iter().zip(outcome).zip(counts))
        .map(|((&total, &event), count)| Judged {
            linear_predictor: score.linear_predictor(total),
            positive: total >= score.threshold,
            event,
            count,
        })
        .collect()
}

fn mean(values: impl Iterator<Item = f64>) -> Option<(f64, u32)> {
    let (sum, n) = values.fold((0.0, 0_u32), |(sum, n), value| (sum + value, n + 1));
    (n > 0).then(|| (sum / f64::from(n), n))
}

fn corrected(
    get: &dyn Fn(&Performance) -> Option<f64>,
    apparent: &Performance,
    without: Option<&Performance>,
    replicates: &[Replicate],
    crossed: &[Performance],
) -> Option<Corrected> {
    let apparent = get(apparent)?;
    let differences = replicates
        .iter()
        .filter_map(|replicate| Some(get(replicate.resample.as_ref()?)? - get(replicate.original.as_ref()?)?));
    let (optimism, defined) = mean(differences)?;
    let left_out = mean(replicates.iter().filter_map(|replicate| get(replicate.left_out.as_ref()?)));
    let point_632_plus = without.and_then(get).zip(left_out).map(|(without, (left_out, _))| {
        // Between the apparent figure and the one without information, on whichever side that lies.
        let (low, high) = (apparent.min(without), apparent.max(without));
        let bounded = left_out.clamp(low, high);
        let overfitting = if without == apparent { 0.0 } else { (bounded - apparent) / (without - apparent) };
        let weight = 0.632 / (1.0 - 0.368 * overfitting);
        (1.0 - weight) * apparent + weight * bounded
    });
    let cross_validated = mean(crossed.iter().filter_map(get)).map(|(mean, _)| mean);
    Some(Corrected { apparent, optimism, corrected: apparent - optimism, point_632_plus, cross_validated, defined })
}

fn candidate_stability(candidates: usize, replicates: &[Replicate]) -> Vec<CandidateStability> {
    let mut cutoffs: Vec<Vec<f64>> = vec![Vec::new(); candidates];
    for DerivedItem { candidate, rule } in replicates.iter().flat_map(|replicate| &replicate.score.items) {
        cutoffs[*candidate].push(rule.cutoff);
    }
    let all = replicates.len().max(1) as f64;
    let stability = |mut cutoffs: Vec<f64>| {
        cutoffs.sort_by(f64::total_cmp);
        CandidateStability { selection_frequency: cutoffs.len() as f64 / all, cutoffs }
    };
    cutoffs.into_iter().map(stability).collect()
}

fn patient_stability(score: &DerivedScore, totals: &[u32], replicates: &[Replicate]) -> Vec<PatientStability> {
    let all = replicates.len().max(1) as f64;
    (totals.iter().enumerate())
        .map(|(row, &total)| {
            let own = risk(score.linear_predictor(total));
            let positive = total >= score.threshold;
            let mut risks: Vec<f64> = (replicates.iter())
                .map(|replicate| risk(replicate.score.linear_predictor(replicate.totals[row])))
                .collect();
            let distance: f64 = risks.iter().map(|risk| (risk - own).abs()).sum();
            let other = |replicate: &&Replicate| (replicate.totals[row] >= replicate.score.threshold) != positive;
            let reclassified = replicates.iter().filter(other).count() as f64 / all;
            risks.sort_by(f64::total_cmp);
            let at = |p: f64| quantile(&risks, p, QuantileType::default()).unwrap_or(own);
            PatientStability {
                total,
                risk: own,
                risk_low: at(0.025),
                risk_high: at(0.975),
                mean_absolute_difference: distance / all,
                reclassified,
            }
        })
        .collect()
}
