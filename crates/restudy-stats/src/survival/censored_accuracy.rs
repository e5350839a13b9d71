use super::prediction_error::KnownAt;
use super::{SurvivalError, SurvivalTimes};
use crate::accuracy::CutoffRule;

/// How well does a cut-off of a marker tell those who have the event by a time from those who do not, when not everybody was
/// followed so long?
///
/// ## Formula
///
/// ```text
/// sensitivity = Σᵢ wᵢ 1(xᵢ positive) / Σᵢ wᵢ            i: event by t, wᵢ = 1 / G(Tᵢ−)
/// specificity = #{j: xⱼ negative} / #{j}                 j: Tⱼ > t
/// PPV = C₊ / (C₊ + N₊),  NPV = N₋ / (C₋ + N₋)            C: Σ wᵢ and N: #{j} / G(t), of the positive or the negative
/// ```
///
/// G: the Kaplan–Meier estimate of not being censored yet, as in [`TimeDependentAuc`](super::TimeDependentAuc), of whose ROC
/// curve sensitivity and specificity are a point.
///
/// ## Input
///
/// As [`TimeDependentAuc`](super::TimeDependentAuc), and a cut-off with its operator.
///
/// ## Result
///
/// [`AccuracyAtTime`]. It has no standard errors of its own: take [`Bootstrap`](crate::resample::Bootstrap) over the people.
///
/// ## Conventions
///
/// R: `timeROC::SeSpPPVNPV(cutpoint, T, delta, marker, cause = 1, weighting = "marginal", times)`; the ROC curve of
/// `riskRegression::Score(plots = "ROC")`.
///
/// ## Errors
///
/// Those of [`TimeDependentAuc`](super::TimeDependentAuc).
///
/// ## Source
///
/// Uno, Cai, Tian and Wei, Journal of the American Statistical Association 102 (2007) 527–537; Blanche, Dartigues and
/// Jacqmin-Gadda, Biometrical Journal 55 (2013) 687–704.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CensoredAccuracy;

/// What a cut-off does at a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AccuracyAtTime {
    /// The time.
    pub time: f64,
    /// Positive among those who have the event by then.
    pub sensitivity: f64,
    /// Negative among those who do not.
    pub specificity: f64,
    /// With the event by then among the positive; none where nobody is.
    pub ppv: Option<f64>,
    /// Without it among the negative; none where nobody is.
    pub npv: Option<f64>,
}

/// A ROC curve at a time: columns of one length, from sensitivity 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct RocCurveAtTime {
    /// A marker of at least so much is positive; infinite where nobody is.
    pub threshold: Vec<f64>,
    /// The sensitivity there.
    pub sensitivity: Vec<f64>,
    /// The specificity there.
    pub specificity: Vec<f64>,
}

impl CensoredAccuracy {
    /// What a cut-off does at a time.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(
        &self,
        times: &SurvivalTimes,
        marker: &[f64],
        rule: CutoffRule,
        time: f64,
    ) -> Result<AccuracyAtTime, SurvivalError> {
        let known = KnownAt::of_marker(times, marker, time, "accuracy at a time")?;
        let positive = |row: usize| rule.is_positive(marker[row]);
        let sum = |wanted: bool| -> f64 {
            known.cases.iter().filter(|(row, _)| positive(*row) == wanted).map(|(_, weight)| weight).sum()
        };
        let (cases_positive, cases_negative) = (sum(true), sum(false));
        let positives = known.controls.iter().filter(|row| positive(**row)).count() as f64;
        let negatives = known.controls.len() as f64 - positives;
        let share = |of: f64, other: f64| (of + other > 0.0).then(|| of / (of + other));
        let weight = known.control_weight;
        Ok(AccuracyAtTime {
            time,
            sensitivity: cases_positive / (cases_positive + cases_negative),
            specificity: negatives / (positives + negatives),
            ppv: share(cases_positive, positives * weight),
            npv: share(negatives * weight, cases_negative),
        })
    }

    /// The ROC curve at a time, of a marker of which great values mean the event.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn curve(&self, times: &SurvivalTimes, marker: &[f64], time: f64) -> Result<RocCurveAtTime, SurvivalError> {
        let known = KnownAt::of_marker(times, marker, time, "accuracy at a time")?;
        let mut people: Vec<(f64, f64, f64)> =
            known.cases.iter().map(|&(row, weight)| (marker[row], weight, 0.0)).collect();
        people.extend(known.controls.iter().map(|&row| (marker[row], 0.0, 1.0)));
        people.sort_by(|a, b| b.0.total_cmp(&a.0));
        let all: f64 = people.iter().map(|person| person.1).sum();
        let controls = known.controls.len() as f64;
        let mut curve =
            RocCurveAtTime { threshold: vec![f64::INFINITY], sensitivity: vec![0.0], specificity: vec![1.0] };
        let (mut cases, mut false_positives) = (0.0, 0.0);
        for tied in people.chunk_by(|a, b| a.0 == b.0) {
            cases += tied.iter().map(|person| person.1).sum::<f64>();
            false_positives += tied.iter().map(|person| person.2).sum::<f64>();
            curve.threshold.push(tied[0].0);
            curve.sensitivity.push((cases / all).min(1.0));
            curve.specificity.push(1.0 - false_positives / controls);
        }
        Ok(curve)
    }
}
