use std::ops::Range;

use super::kaplan_meier::RiskTable;
use super::times::Stratum;
use super::{KaplanMeier, SurvivalError, SurvivalTimes};

/// How far are predicted survival probabilities from what happened by a time? The Brier score under censoring.
///
/// ## Formula
///
/// ```text
/// BS(t) = Σ [ 1(T ≤ t, event) S(t|x)² / G(T−) + 1(T > t) (1 − S(t|x))² / G(t) ] / n
/// integrated: by trapezoids over the times, divided by their span
/// scaled = 1 − BS / BS of the Kaplan–Meier estimate (the index of prediction accuracy)
/// ```
///
/// G: the Kaplan–Meier estimate of not being censored yet; events at a time come before censorings at it. Those censored before
/// t have weight 0, and their share is given to those who are like them in time.
///
/// ## Input
///
/// Survival data from the start, in one stratum, each row once; for each row, in the order in which it was given, the predicted
/// probability of being free of the event beyond t.
///
/// ## Result
///
/// [`PredictionError`]. Censoring is taken to be independent of the predictors.
///
/// ## Conventions
///
/// R: `riskRegression::Score(list(model), Surv(time, event) ~ 1, metrics = "brier")`, `pec::pec`; scikit-survival:
/// `brier_score`, `integrated_brier_score`, with G(T) in place of G(T−), which is the same where no event ties with a censoring.
///
/// ## Errors
///
/// [`SurvivalError::Length`], [`SurvivalError::NotAProbability`], [`SurvivalError::NotATime`], [`SurvivalError::Stratified`],
/// [`SurvivalError::NotDefinedFor`] late entry or case weights, [`SurvivalError::BeyondFollowUp`] where nobody is followed that
/// long.
///
/// ## Source
///
/// Graf, Schmoor, Sauerbrei and Schumacher, Statistics in Medicine 18 (1999) 2529–2545; Gerds and Schumacher, Biometrical
/// Journal 48 (2006) 1029–1040.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CensoredBrier;

/// A Brier score under censoring.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PredictionError {
    /// The time.
    pub time: f64,
    /// The score, 0 for perfect predictions.
    pub value: f64,
    /// The score of predicting the Kaplan–Meier estimate for everyone.
    pub null: f64,
    /// 1 less their ratio; none where the null score is 0.
    pub scaled: Option<f64>,
}

impl CensoredBrier {
    /// The score at a time.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, times: &SurvivalTimes, survival: &[f64], time: f64) -> Result<PredictionError, SurvivalError> {
        let weights = CensoringWeights::new(times, "the Brier score")?;
        check_length(times, "the predicted survival", survival.len())?;
        if let Some(&probability) = survival.iter().find(|p| !(0.0..=1.0).contains(*p)) {
            return Err(SurvivalError::NotAProbability { probability });
        }
        let known = weights.at(time)?;
        let everyone = KaplanMeier::default().fit(times)?;
        let last = everyone.time.last().copied().unwrap_or(0.0);
        let of_all = everyone.at(time).ok_or(SurvivalError::BeyondFollowUp { time, last })?;
        let score = |predicted: &dyn Fn(usize) -> f64| {
            let squared = |x: f64| x * x;
            let cases: f64 = known.cases.iter().map(|&(row, weight)| weight * squared(predicted(row))).sum();
            let controls: f64 = known.controls.iter().map(|&row| squared(1.0 - predicted(row))).sum();
            (cases + controls * known.control_weight) / times.len() as f64
        };
        let (value, null) = (score(&|row| survival[row]), score(&|_| of_all));
        Ok(PredictionError { time, value, null, scaled: (null > 0.0).then(|| 1.0 - value / null) })
    }

    /// The integrated score, from predictions for several ascending times: `survival[k]` those for `at[k]`.
    ///
    /// # Errors
    ///
    /// As the type's page says; [`SurvivalError::Length`] for fewer than two times.
    pub fn integrated(
        &self,
        times: &SurvivalTimes,
        survival: &[&[f64]],
        at: &[f64],
    ) -> Result<PredictionError, SurvivalError> {
        if survival.len() != at.len() || at.len() < 2 {
            let (found, needed) = (survival.len(), at.len().max(2));
            return Err(SurvivalError::Length { column: "the predicted survival", found, needed });
        }
        if let Some(row) = at.windows(2).position(|pair| pair[0] >= pair[1]) {
            return Err(SurvivalError::NotATime { column: "the time of prediction", row: row + 1 });
        }
        let scores = survival.iter().zip(at).map(|(s, &t)| self.run(times, s, t)).collect::<Result<Vec<_>, _>>()?;
        let span = at[at.len() - 1] - at[0];
        let mean = |of: fn(&PredictionError) -> f64| {
            let area: f64 = scores
                .windows(2)
                .map(|pair| (pair[1].time - pair[0].time) * f64::midpoint(of(&pair[0]), of(&pair[1])))
                .sum();
            area / span
        };
        let (value, null) = (mean(|score| score.value), mean(|score| score.null));
        let scaled = (null > 0.0).then(|| 1.0 - value / null);
        Ok(PredictionError { time: at[at.len() - 1], value, null, scaled })
    }
}

/// Who has had the event by a time, with their weights, and who has not.
pub(super) struct KnownAt {
    /// Rows with the event by then, 1 / G(T−) each.
    pub(super) cases: Vec<(usize, f64)>,
    /// Rows still under observation without it.
    pub(super) controls: Vec<usize>,
    /// 1 / G(t).
    pub(super) control_weight: f64,
}

impl KnownAt {
    /// Those of a marker, of which every row has a finite value; both kinds are there.
    pub(super) fn of_marker(
        times: &SurvivalTimes,
        marker: &[f64],
        time: f64,
        method: &'static str,
    ) -> Result<Self, SurvivalError> {
        let weights = CensoringWeights::new(times, method)?;
        check_length(times, "the marker", marker.len())?;
        if let Some(row) = marker.iter().position(|x| !x.is_finite()) {
            return Err(SurvivalError::NotFinite { name: "the marker".to_owned(), row });
        }
        let known = weights.at(time)?;
        if known.cases.is_empty() || known.controls.is_empty() {
            return Err(SurvivalError::NothingAt { time });
        }
        Ok(known)
    }
}

/// Weights by the inverse probability of not being censored.
pub(super) struct CensoringWeights<'a> {
    stratum: Stratum<'a>,
    /// Distinct times.
    time: Vec<f64>,
    /// G at each of them.
    uncensored: Vec<f64>,
}

impl<'a> CensoringWeights<'a> {
    pub(super) fn new(times: &'a SurvivalTimes, method: &'static str) -> Result<Self, SurvivalError> {
        let mut strata = times.each_stratum();
        let (Some(stratum), None) = (strata.next(), strata.next()) else {
            return Err(SurvivalError::Stratified { strata: times.strata() });
        };
        if stratum.entry.is_some() || stratum.is_weighted() {
            let data = if stratum.entry.is_some() { "late entry" } else { "case weights" };
            return Err(SurvivalError::NotDefinedFor { method, data });
        }
        let risk = RiskTable::new(stratum);
        let mut g = 1.0;
        let uncensored = (0..risk.time.len())
            .map(|row| {
                // Whoever has the event then cannot be censored any more.
                let left = risk.n_risk[row] - risk.n_event[row];
                if left > 0.0 {
                    g *= (left - risk.n_censored[row]) / left;
                }
                g
            })
            .collect();
        Ok(Self { stratum, time: risk.time, uncensored })
    }

    /// Cases and controls at a time.
    pub(super) fn at(&self, time: f64) -> Result<KnownAt, SurvivalError> {
        if !(time.is_finite() && time >= 0.0) {
            return Err(SurvivalError::NotATime { column: "the time of prediction", row: 0 });
        }
        let g = |rows: usize| rows.checked_sub(1).map_or(1.0, |row| self.uncensored[row]);
        let rows = |places: Range<usize>| self.stratum.row[places].iter().map(|&row| row as usize);
        let (mut cases, mut by) = (Vec::new(), 0);
        for (k, ties) in self.stratum.ties().enumerate().take_while(|(_, ties)| ties.time <= time) {
            cases.extend(rows(ties.with_event()).map(|row| (row, 1.0 / g(k))));
            by = ties.end;
        }
        let controls: Vec<usize> = rows(by..self.stratum.len()).collect();
        let at_time = g(self.time.partition_point(|t| *t <= time));
        let last = self.time.last().copied().unwrap_or(0.0);
        if controls.is_empty() && at_time <= 0.0 && time > last {
            return Err(SurvivalError::BeyondFollowUp { time, last });
        }
        Ok(KnownAt { cases, control_weight: if controls.is_empty() { 0.0 } else { 1.0 / at_time }, controls })
    }
}

pub(super) fn check_length(times: &SurvivalTimes, column: &'static str, found: usize) -> Result<(), SurvivalError> {
    let needed = times.len();
    if found == needed { Ok(()) } else { Err(SurvivalError::Length { column, found, needed }) }
}
