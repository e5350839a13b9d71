use super::prediction_error::KnownAt;
use super::{SurvivalError, SurvivalTimes};

/// How well does a marker tell those who have the event by a time from those who do not? The cumulative/dynamic area under the
/// ROC curve.
///
/// ## Formula
///
/// ```text
/// AUC(t) = Σᵢ Σⱼ wᵢ ( 1(xᵢ > xⱼ) + ½ 1(xᵢ = xⱼ) ) / ( Σ wᵢ · #{j} )
///     i: event by t, wᵢ = 1 / G(Tᵢ−);   j: Tⱼ > t
/// ```
///
/// G: the Kaplan–Meier estimate of not being censored yet, as in [`CensoredBrier`](super::CensoredBrier).
///
/// ## Input
///
/// Survival data from the start, in one stratum, each row once, and a marker of each row of which great values mean an early
/// event.
///
/// ## Result
///
/// [`TimeDependentArea`]. Censoring is taken to be independent of the marker. It has no standard error of its own: take
/// [`Bootstrap`](crate::resample::Bootstrap) over the people.
///
/// ## Conventions
///
/// R: `timeROC::timeROC(T, delta, marker, cause = 1, weighting = "marginal", times)`,
/// `riskRegression::Score(metrics = "auc")`; scikit-survival: `cumulative_dynamic_auc`, with G(T) in place of G(T−).
///
/// ## Errors
///
/// [`SurvivalError::Length`], [`SurvivalError::NotFinite`], [`SurvivalError::NotATime`], [`SurvivalError::Stratified`],
/// [`SurvivalError::NotDefinedFor`] late entry or case weights, [`SurvivalError::NothingAt`] a time with no case by then or
/// nobody after it.
///
/// ## Source
///
/// Heagerty, Lumley and Pepe, Biometrics 56 (2000) 337–344; Uno, Cai, Tian and Wei, Journal of the American Statistical
/// Association 102 (2007) 527–537; Blanche, Dartigues and Jacqmin-Gadda, Statistics in Medicine 32 (2013) 5381–5397.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeDependentAuc;

/// An area under the ROC curve at a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeDependentArea {
    /// The time.
    pub time: f64,
    /// The area, from 0 to 1.
    pub value: f64,
    /// People seen to have the event by then.
    pub n_cases: usize,
    /// People followed beyond it.
    pub n_controls: usize,
    /// People censored before, of whom it is not known.
    pub n_unknown: usize,
}

impl TimeDependentAuc {
    /// The area at a time.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, times: &SurvivalTimes, marker: &[f64], time: f64) -> Result<TimeDependentArea, SurvivalError> {
        let known = KnownAt::of_marker(times, marker, time, "the time-dependent AUC")?;
        let mut controls: Vec<f64> = known.controls.iter().map(|&row| marker[row]).collect();
        controls.sort_unstable_by(f64::total_cmp);
        let (mut right, mut all) = (0.0, 0.0);
        for &(row, weight) in &known.cases {
            let below = controls.partition_point(|x| *x < marker[row]);
            let not_above = controls.partition_point(|x| *x <= marker[row]);
            right += weight * f64::midpoint(below as f64, not_above as f64);
            all += weight;
        }
        let (n_cases, n_controls) = (known.cases.len(), controls.len());
        Ok(TimeDependentArea {
            time,
            value: right / (all * n_controls as f64),
            n_cases,
            n_controls,
            n_unknown: times.len() - n_cases - n_controls,
        })
    }
}
