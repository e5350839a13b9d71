use super::calibration::Predictions;
use crate::TestError;

/// Is it worth acting on a predicted risk? The net benefit of treating those above a threshold probability.
///
/// Columns of equal length, one row a threshold.
#[derive(Clone, Debug, PartialEq)]
pub struct DecisionCurve {
    /// The threshold probabilities.
    pub thresholds: Vec<f64>,
    /// The net benefit of treating those whose predicted risk is at least the threshold.
    pub model: Vec<f64>,
    /// The net benefit of treating everyone. That of treating nobody is 0.
    pub treat_all: Vec<f64>,
}

/// The decision curve of predicted risks.
///
/// ## Formula
///
/// ```text
/// net benefit at t = TP/n − FP/n · t/(1 − t)        positive: p ≥ t
/// ```
///
/// ## Input
///
/// A predicted risk in [0, 1] and what happened, for each person; at least one event and one without. Thresholds in [0, 1),
/// in any order.
///
/// ## Conventions
///
/// R: `rmda` and `dcurves` call positive a risk of at least the threshold, as here. Net benefit is in true positives per
/// person.
///
/// ## Errors
///
/// [`TestError::UnequalLengths`], [`TestError::PredictedProbability`], [`TestError::TooFew`] without an event (group 0) or
/// without a person who had none (group 1), [`TestError::NotAProbability`] for a threshold outside [0, 1).
///
/// ## Source
///
/// Vickers and Elkin, Medical Decision Making 26 (2006) 565–574.
pub fn decision_curve(predicted: &[f64], events: &[bool], thresholds: &[f64]) -> Result<DecisionCurve, TestError> {
    let people = Predictions::new(predicted, events)?;
    if let Some(position) = thresholds.iter().position(|t| !(0.0..1.0).contains(t)) {
        return Err(TestError::NotAProbability { position, p: thresholds[position] });
    }
    let (n, all_events) = (people.n() as f64, people.events);
    let ascending = people.ascending();
    let mut events_before = Vec::with_capacity(ascending.len() + 1);
    events_before.push(0);
    events_before.extend(ascending.iter().scan(0, |events, &(_, y)| {
        *events += u64::from(y);
        Some(*events)
    }));
    let net_benefit = |positives: u64, true_positives: u64, threshold: f64| {
        (true_positives as f64 - (positives - true_positives) as f64 * threshold / (1.0 - threshold)) / n
    };
    let model = |&threshold: &f64| {
        let negatives = ascending.partition_point(|&(p, _)| p < threshold);
        net_benefit((ascending.len() - negatives) as u64, all_events - events_before[negatives], threshold)
    };
    Ok(DecisionCurve {
        thresholds: thresholds.to_vec(),
        model: thresholds.iter().map(model).collect(),
        treat_all: thresholds.iter().map(|&threshold| net_benefit(people.n(), all_events, threshold)).collect(),
    })
}
