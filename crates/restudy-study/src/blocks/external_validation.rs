//! Published scores judged on patients that they were not made from.

use std::collections::BTreeMap;

use toml::Spanned;

use crate::block::{Block, Resolving, Step, Within, did_you_mean};
use crate::describe::described;
use crate::error::{StudyError, nearest};
use crate::frame::Frame;
use crate::score_library::{PublishedScore, ScoreError};
use crate::score_validation::{FollowedTime, Items, Scored, THRESHOLDS, Validation, ValidationError, known_horizon};

described! {
    /// `[[external-validation]]`: published scores judged on these patients, whom they were not made from: discrimination,
    /// performance at the published cut-off, calibration, net benefit, and each score beside the first. With `time` all of it
    /// is of the time to the event. Each score becomes a variable under its id, and its groups one with `_group` behind it.
    pub struct ExternalValidationBlock {
        /// The block's name; every number of it carries it.
        pub id: Spanned<String>,
        /// The title on the page.
        pub title: Option<String>,
        /// The scores, by their ids in the library (`restudy score --list`); the second and later ones are compared with the
        /// first.
        pub scores: Vec<Spanned<String>>,
        /// The variable of which one level is the event.
        pub outcome: Spanned<String>,
        /// The level that is the event; the second of two where nothing is said.
        pub event: Option<Spanned<String>>,
        /// The variable that holds the time of the event or of the end of follow-up, where the time to the event counts.
        pub time: Option<Spanned<String>>,
        /// The time by which risks are meant, in the unit of `time`; that of a score's own model where nothing is said.
        pub horizon: Option<Spanned<f64>>,
        /// Patients that it is about, by the levels they have.
        #[serde(default)]
        pub within: Within,
        /// The variable of an item that is named otherwise, under `item`, or `\"score.item\"` where it is of one score alone.
        #[serde(default)]
        pub items: BTreeMap<Spanned<String>, Spanned<String>>,
        /// `true` to convert a variable in another unit than the score's, where the conversion is known; the report says what
        /// was converted. Where nothing is said it is refused.
        #[serde(default)]
        pub convert: bool,
        /// Variables whose levels are judged by themselves too.
        #[serde(default)]
        pub by: Vec<Spanned<String>>,
        /// Risks at which the net benefit is told; 0.1, 0.2, 0.3, 0.4 and 0.5 where nothing is said.
        pub thresholds: Option<Vec<Spanned<f64>>>,
        /// `true` to look for the best cut-off on these patients too, by Youden's index, where no time counts; its p-value has
        /// the search counted.
        #[serde(default)]
        pub best_cutoff: bool,
        /// Bootstrap resamples; 1,000 where nothing is said.
        pub replicates: Option<u32>,
    }
}

impl Block for ExternalValidationBlock {
    fn id(&self) -> &Spanned<String> {
        &self.id
    }

    fn resolve(&self, resolving: &mut Resolving<'_>) -> Result<Box<dyn Step>, StudyError> {
        let event = resolving.event(&self.outcome, self.event.as_ref())?;
        let within = resolving.within(&self.within)?;
        let published = self.scores(resolving)?;
        let derived = &resolving.study.file.data.derive;
        let unit = |name: &str| derived.iter().find(|block| block.name == name).and_then(|block| block.unit.clone());
        let columns = self.items.iter().map(|(item, column)| (item.get_ref().clone(), column.get_ref().clone()));
        let items = Items { columns: &columns.collect(), convert: self.convert, unit: &unit };
        for (item, column) in &self.items {
            resolving.column(column.get_ref(), &column.span())?;
            let known = published.iter().flat_map(|score| score.items.iter().map(|item| item.id.as_str()));
            let name = item.get_ref().rsplit('.').next().unwrap_or_default();
            if !known.clone().any(|known| known == name) {
                let message = format!("no score has an item `{name}`");
                return Err(resolving.error(&item.span(), message, did_you_mean(nearest(name, known))));
            }
        }
        let scores = items.score(&published, resolving.frame()).map_err(|error| self.refused(resolving, &error))?;
        let time = match &self.time {
            None => None,
            Some(time) => {
                let column = resolving.time(time)?;
                let unit = column.unit.clone().or_else(|| unit(&column.name));
                let asked = self.horizon.as_ref().map(|horizon| *horizon.get_ref());
                let horizon = asked.or_else(|| known_horizon(&scores, unit.as_deref()));
                Some(FollowedTime { column: column.name.clone(), unit, horizon })
            }
        };
        if let Some(horizon) = self
            .horizon
            .as_ref()
            .filter(|horizon| self.time.is_none() || !(horizon.get_ref().is_finite() && *horizon.get_ref() > 0.0))
        {
            let message = "`horizon` is a number above 0, and goes with `time`";
            return Err(resolving.error(&horizon.span(), message, None));
        }
        let mut thresholds = THRESHOLDS.to_vec();
        if let Some(asked) = &self.thresholds {
            thresholds = asked.iter().map(|threshold| *threshold.get_ref()).collect();
            if let Some(wrong) =
                asked.iter().find(|threshold| !(*threshold.get_ref() > 0.0 && *threshold.get_ref() < 1.0))
            {
                return Err(resolving.error(&wrong.span(), "a threshold is a risk above 0 and below 1", None));
            }
        }
        for by in &self.by {
            resolving.groups(by, None, &within.members(resolving.frame()), 1)?;
        }
        let names: Vec<&str> = published.iter().map(|score| score.name.as_str()).collect();
        let title = self.title.clone().unwrap_or_else(|| format!("{} on these patients", names.join(", ")));
        self.add_columns(resolving, &scores)?;
        Ok(Box::new(Validation {
            id: self.id.get_ref().clone(),
            title,
            event,
            time,
            by: self.by.iter().map(|by| by.get_ref().clone()).collect(),
            within,
            scores,
            best_cutoff: self.best_cutoff,
            replicates: self.replicates.unwrap_or(1000).max(2),
            thresholds,
        }))
    }
}

impl ExternalValidationBlock {
    fn scores(&self, resolving: &Resolving<'_>) -> Result<Vec<PublishedScore>, StudyError> {
        let library = PublishedScore::library()?;
        let mut scores: Vec<PublishedScore> = Vec::with_capacity(self.scores.len());
        for name in &self.scores {
            let score = PublishedScore::find(&library, name.get_ref())
                .map_err(|error: ScoreError| resolving.error(&name.span(), error.to_string(), error.hint()))?;
            if scores.contains(score) {
                let message = format!("the score `{}` is named twice", name.get_ref());
                return Err(resolving.error(&name.span(), message, None));
            }
            scores.push(score.clone());
        }
        if scores.is_empty() {
            return Err(resolving.error(&self.id.span(), "no score is named", Some("scores = [\"gap\"]".to_owned())));
        }
        Ok(scores)
    }

    /// An error at the word that it is about: the variable of an item, or the scores.
    fn refused(&self, resolving: &Resolving<'_>, error: &ValidationError) -> StudyError {
        let item = match error {
            ValidationError::Unit(unit) => Some(unit.item.as_str()),
            ValidationError::Values { item, .. } => Some(item.as_str()),
            _ => None,
        };
        let named = item.and_then(|item| {
            self.items
                .iter()
                .find(|(name, _)| name.get_ref().rsplit('.').next() == Some(item))
                .map(|(_, column)| column)
        });
        let span = named.or_else(|| self.scores.first()).map_or_else(|| self.id.span(), Spanned::span);
        let hint = match error {
            ValidationError::Cohort(_) => Some("items = { item = \"variable\" }".to_owned()),
            error => error.hint(),
        };
        resolving.error(&span, error.to_string(), hint)
    }

    /// The scores as variables of the blocks to come; of one judged twice, the first stands.
    fn add_columns(&self, resolving: &mut Resolving<'_>, scores: &[Scored]) -> Result<(), StudyError> {
        for column in scores.iter().flat_map(Scored::columns) {
            if let Some(known) = resolving.scores.iter().find(|known| known.name == column.name) {
                if known.values == column.values {
                    continue;
                }
                let message = format!("another block makes a variable `{}` of other values", column.name);
                return Err(resolving.error(&self.id.span(), message, None));
            }
            if (Frame { cohort: resolving.cohort, scores: &[], completed: &[] }).column(&column.name).is_some() {
                let message = format!("the data have a column `{}`, which a score would be named as", column.name);
                return Err(resolving.error(&self.id.span(), message, None));
            }
            resolving.scores.push(column);
        }
        Ok(())
    }
}
