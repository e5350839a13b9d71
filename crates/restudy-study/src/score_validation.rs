//! A published score on patients that it was not made from.
//!
//! [`ScoreValidation`] is what `restudy validate` asks; a study file asks it with `[[external-validation]]`. Both make the
//! same step, [`Validation`](step::Validation), and the same numbers.

mod error;
mod head_to_head;
mod scored;
mod step;
mod with_time;
mod without_time;

use std::collections::BTreeMap;

use restudy_cohort::{Cohort, Values};
use restudy_ledger::{Ledger, Study as StudyHead};
use restudy_stats::resample::Resampling;

pub use error::{UnitMismatch, ValidationError};
pub(crate) use scored::{Items, Scored};
pub(crate) use step::{FollowedTime, THRESHOLDS, Validation, known_horizon};

use crate::block::{Event, Step};
use crate::blocks::kaplan_meier;
use crate::conventions::Conventions;
use crate::error::nearest;
use crate::frame::{Frame, Subset};
use crate::plan::Plan;
use crate::score_library::PublishedScore;

/// The analysis of every row.
const ID: &str = "validation";

/// What a validation is asked.
#[derive(Clone, Debug)]
pub struct ScoreValidation<'a> {
    /// The scores; the second and later ones are compared with the first.
    pub scores: &'a [PublishedScore],
    /// The column of the outcome.
    pub outcome: &'a str,
    /// Its level that is the event; of an event column, or a binary one with a level `yes`, that by default.
    pub event: Option<&'a str>,
    /// The column of an item that is not named as the item is, under `item`, or `score.item` where it is of one score alone.
    pub columns: &'a BTreeMap<String, String>,
    /// Whether a column in another unit than the score's is converted, where the conversion is known.
    pub convert: bool,
    /// A column whose levels are judged by themselves too.
    pub by: Option<&'a str>,
    /// How long the patients were followed, where the time to the event counts.
    pub follow_up: Option<FollowUp<'a>>,
    /// Whether the best cut-off on these patients, by Youden's index, is looked for beside the published one; of an outcome
    /// without a time.
    pub best_cutoff: bool,
    /// Bootstrap replicates and their seed.
    pub resampling: Resampling,
}

/// How long patients were followed, for a validation of the time to the event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FollowUp<'a> {
    /// The column of the time of the event, or of the end of observation.
    pub time: &'a str,
    /// The time by which the score's risks are meant, in the column's unit; that of a score's own model where nothing is said.
    pub horizon: Option<f64>,
}

impl ScoreValidation<'_> {
    /// Judges the scores on a cohort.
    ///
    /// Each patient with every item and a known outcome is judged; the others are counted as missing. Predicted risks are
    /// those of the score's model, or those observed at each total in the cohort that the score was made from,
    /// (events + ½) / (patients + 1); a score without them is judged without calibration. With a follow-up, discrimination,
    /// calibration and net benefit are those of the time to the event, and each score has the survival curves of its
    /// groups: those that its authors made, else its totals where they are few, its cut-off, or thirds of the patients.
    ///
    /// # Errors
    ///
    /// [`ValidationError`].
    pub fn run(&self, cohort: &Cohort, file_name: &str) -> Result<Ledger, ValidationError> {
        let frame = Frame { cohort, scores: &[], completed: &[] };
        let event = self.event(cohort)?;
        let items = Items { columns: self.columns, convert: self.convert, unit: &|_| None };
        let scores = items.score(self.scores, frame)?;
        let time = match self.follow_up {
            None => None,
            Some(follow_up) => {
                let column = cohort.column(follow_up.time)?;
                let Values::Numbers(_) = column.values else {
                    return Err(ValidationError::NotTimes { column: column.name.clone() });
                };
                let horizon = follow_up.horizon.or_else(|| known_horizon(&scores, column.unit.as_deref()));
                Some(FollowedTime { column: column.name.clone(), unit: column.unit.clone(), horizon })
            }
        };
        if let Some(by) = self.by {
            let column = cohort.column(by)?;
            let Values::Levels { .. } = column.values else {
                return Err(ValidationError::NotLevels { column: by.to_owned() });
            };
        }
        let names: Vec<&str> = self.scores.iter().map(|score| score.name.as_str()).collect();
        let columns = scores.iter().flat_map(Scored::columns).collect();
        let mut steps: Vec<Box<dyn Step>> = vec![Box::new(Validation {
            id: ID.to_owned(),
            title: format!("{} on new patients", names.join(", ")),
            event: event.clone(),
            time: time.clone(),
            by: self.by.map(str::to_owned).into_iter().collect(),
            within: Subset::default(),
            scores: scores.clone(),
            best_cutoff: self.best_cutoff,
            replicates: self.resampling.replicates,
            thresholds: THRESHOLDS.to_vec(),
        })];
        if let Some(FollowedTime { column, horizon, .. }) = &time {
            steps.extend(scores.iter().map(|scored| {
                let (groups, _) = scored.groups();
                kaplan_meier::by_group(
                    (&format!("{}-groups", scored.score.id), &format!("{}: time to event by group", scored.score.name)),
                    (column, &event),
                    (&format!("{}_group", scored.score.id), groups),
                    *horizon,
                )
            }));
        }
        let study = StudyHead {
            id: ID.to_owned(),
            title: format!("Validation of the {}", names.join(", the ")),
            source: self.scores.first().map(|score| score.citation.clone()),
            synthetic: cohort.title().is_some_and(|title| title.to_lowercase().contains("synthetic")),
            style: "three-decimals".to_owned(),
        };
        let conventions = conventions().with_seed(Some(self.resampling.seed));
        Ok(Plan::of_steps(study, conventions, steps, columns).run(cohort, file_name))
    }

    /// The level that is the event.
    fn event(&self, cohort: &Cohort) -> Result<Event, ValidationError> {
        let column = cohort.column(self.outcome)?;
        let Values::Levels { levels, .. } = &column.values else {
            return Err(ValidationError::NotLevels { column: column.name.clone() });
        };
        let wanted = match self.event {
            Some(level) => levels.iter().find(|known| *known == level),
            None => levels.iter().find(|known| matches!(known.as_str(), "yes" | "event" | "Yes" | "1")),
        };
        let Some(level) = wanted else {
            let known = || levels.iter().map(String::as_str);
            let near = self.event.and_then(|level| nearest(level, known()));
            let suggestion = near.map_or_else(
                || format!("name it with --outcome {}=LEVEL, one of {}", column.name, levels.join(", ")),
                |name| format!("did you mean `{name}`?"),
            );
            return Err(ValidationError::Event { column: column.name.clone(), suggestion });
        };
        Ok(Event { variable: column.name.clone(), level: level.clone() })
    }
}

/// Our defaults, with exact intervals of proportions.
fn conventions() -> Conventions {
    let exact = [("proportion-interval", "clopper-pearson")];
    // Both are words of the closed list, so that nothing is refused.
    Conventions::resolve(None, exact.into_iter()).unwrap_or_else(|_| Conventions::defaults())
}
