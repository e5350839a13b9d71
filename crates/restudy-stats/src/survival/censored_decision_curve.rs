use super::censored_calibration::{as_given, at, check};
use super::{KaplanMeier, SurvivalData, SurvivalError, SurvivalTimes};

/// Is it worth acting on a predicted risk of having the event by a time, when not everybody was followed so long?
///
/// Columns of equal length, one row a threshold.
#[derive(Clone, Debug, PartialEq)]
pub struct CensoredDecisionCurve {
    /// The time.
    pub time: f64,
    /// The threshold probabilities.
    pub thresholds: Vec<f64>,
    /// The net benefit of treating those whose predicted risk is at least the threshold; none where none of them was
    /// followed so long.
    pub model: Vec<Option<f64>>,
    /// The net benefit of treating everyone. That of treating nobody is 0.
    pub treat_all: Vec<f64>,
}

/// The decision curve of predicted risks under censoring.
///
/// ## Formula
///
/// ```text
/// net benefit at p = share of p̂ ≥ p × ( F(t | p̂ ≥ p) − S(t | p̂ ≥ p) · p/(1 − p) )
/// ```
///
/// F = 1 − S by Kaplan and Meier among those who would be treated.
///
/// ## Input
///
/// Survival data from the start, in one stratum, each row once; the predicted risk of each row; thresholds in [0, 1).
///
/// ## Conventions
///
/// R and Python: `dcurves::dca(Surv(time, event) ~ risk, time = t)`.
///
/// ## Errors
///
/// Those of [`CensoredCalibration`](super::CensoredCalibration) for the data; [`SurvivalError::NotAProbability`] for a
/// threshold outside [0, 1); [`SurvivalError::BeyondFollowUp`] where nobody is followed so long.
///
/// ## Source
///
/// Vickers, Cronin, Elkin and Gonen, BMC Medical Informatics and Decision Making 8 (2008) 53.
pub fn censored_decision_curve(
    times: &SurvivalTimes,
    risk: &[f64],
    time: f64,
    thresholds: &[f64],
) -> Result<CensoredDecisionCurve, SurvivalError> {
    check(times, risk, time)?;
    if let Some(&probability) = thresholds.iter().find(|p| !(0.0..1.0).contains(*p)) {
        return Err(SurvivalError::NotAProbability { probability });
    }
    let (given, event) = as_given(times)?;
    let n = given.len() as f64;
    let odds = |threshold: f64| threshold / (1.0 - threshold);
    let everyone = at(&KaplanMeier::default().fit(times)?, time)?;
    let model = |&threshold: &f64| {
        let treated: Vec<usize> = (0..given.len()).filter(|&row| risk[row] >= threshold).collect();
        if treated.is_empty() {
            return Some(0.0);
        }
        let of_time: Vec<f64> = treated.iter().map(|&row| given[row]).collect();
        let of_event: Vec<bool> = treated.iter().map(|&row| event[row]).collect();
        let curve = KaplanMeier::default().fit(&SurvivalData::new(&of_time, &of_event).prepare().ok()?).ok()?;
        let survival = curve.at(time)?;
        Some(treated.len() as f64 / n * ((1.0 - survival) - survival * odds(threshold)))
    };
    Ok(CensoredDecisionCurve {
        time,
        thresholds: thresholds.to_vec(),
        model: thresholds.iter().map(model).collect(),
        treat_all: thresholds.iter().map(|&threshold| (1.0 - everyone) - everyone * odds(threshold)).collect(),
    })
}
