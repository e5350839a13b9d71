//! A published score and the time to the event: whose event comes first, and who has had it by a time.

use restudy_cohort::{Cohort, Values};
use restudy_ledger::{Context, Row, Stat};
use restudy_stats::survival::{CensoredBrier, Concordance, SurvivalData, SurvivalTimes, TimeDependentAuc};

use crate::conventions::Conventions;
use crate::score_validation::ValidationError;

/// How long patients were followed, for a validation of the time to the event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FollowUp<'a> {
    /// The column of the time of the event, or of the end of observation.
    pub time: &'a str,
    /// The time by which the score's risks are meant, in the column's unit.
    pub horizon: Option<f64>,
}

/// The times of a cohort.
pub(crate) struct Followed {
    times: Vec<Option<f64>>,
    horizon: Option<f64>,
}

impl Followed {
    pub(crate) fn read(follow_up: FollowUp<'_>, cohort: &Cohort) -> Result<Self, ValidationError> {
        let column = cohort.column(follow_up.time)?;
        match &column.values {
            Values::Numbers(times) => Ok(Self { times: times.clone(), horizon: follow_up.horizon }),
            _ => Err(ValidationError::NotTimes { column: column.name.clone() }),
        }
    }

    /// Each patient's time.
    pub(crate) fn times(&self) -> &[Option<f64>] {
        &self.times
    }

    /// The concordance index of the totals; with a horizon the area under the ROC curve then and, where the score has risks,
    /// the Brier score, both weighted against censoring.
    pub(crate) fn judge(
        &self,
        (analysis, score): (&str, &str),
        (totals, risks): (&[Option<f64>], &[Option<f64>]),
        events: &[Option<bool>],
        conventions: &Conventions,
        rows: &mut Vec<Row>,
    ) {
        let known: Vec<usize> = (0..events.len())
            .filter(|&row| self.times[row].is_some() && events[row].is_some() && totals[row].is_some())
            .collect();
        let of = |values: &[Option<f64>]| -> Vec<f64> { known.iter().filter_map(|&row| values[row]).collect() };
        let happened: Vec<bool> = known.iter().map(|&row| events[row] == Some(true)).collect();
        let (time, totals, risks) = (of(&self.times), of(totals), of(risks));
        let place =
            |stat, value: f64| Row::new(analysis, Context::Test, score, None, stat, value).model("time to event");
        let times = match SurvivalData::new(&time, &happened).prepare() {
            Ok(times) => times,
            Err(error) => {
                rows.push(place(Stat::Concordance, f64::NAN).reason(&error.to_string()));
                return;
            }
        };
        match (Concordance { level: conventions.level(), ..Concordance::default() }).run(&times, &totals) {
            Ok(result) => {
                rows.push(place(Stat::Concordance, result.value).procedure("concordance"));
                rows.push(place(Stat::StdError, result.std_error).of(Stat::Concordance));
                rows.push(place(Stat::ConfLow, result.interval.low).of(Stat::Concordance));
                rows.push(place(Stat::ConfHigh, result.interval.high).of(Stat::Concordance));
            }
            Err(error) => rows.push(place(Stat::Concordance, f64::NAN).reason(&error.to_string())),
        }
        if let Some(horizon) = self.horizon {
            let level = format!("by {horizon}");
            let at = |stat, value| place(stat, value).level(&level).time(horizon);
            at_horizon(&times, &totals, &risks, horizon, &at, rows);
        }
    }
}

fn at_horizon(
    times: &SurvivalTimes,
    totals: &[f64],
    risks: &[f64],
    horizon: f64,
    at: &dyn Fn(Stat, f64) -> Row,
    rows: &mut Vec<Row>,
) {
    rows.push(match TimeDependentAuc.run(times, totals, horizon) {
        Ok(area) => at(Stat::Auc, area.value).procedure("time_dependent_auc"),
        Err(error) => at(Stat::Auc, f64::NAN).reason(&error.to_string()),
    });
    // A score has a risk for every total or for none that counts.
    if risks.len() == totals.len() && !risks.is_empty() {
        let survival: Vec<f64> = risks.iter().map(|risk| 1.0 - risk).collect();
        rows.push(match CensoredBrier.run(times, &survival, horizon) {
            Ok(score) => at(Stat::Brier, score.value).procedure("censored_brier"),
            Err(error) => at(Stat::Brier, f64::NAN).reason(&error.to_string()),
        });
    }
}
