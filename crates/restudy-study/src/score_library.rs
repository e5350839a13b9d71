//! Published scores: what they are made of, and one patient's points.
//!
//! A score is a file of `data/scores`; those that ship are embedded ([`PublishedScore::library`]). A value comes with its unit
//! where it has one, and a unit that is not the score's is refused with the conversion named, never converted silently.

mod error;
mod item;
mod risk;
mod unit;

use std::ops::Range;

use restudy_stats::Level;
use restudy_stats::descriptive::clopper_pearson;
use serde::Deserialize;
use toml::Spanned;

pub use error::ScoreError;
pub use item::{PointRule, Rule, ScoreItem, SplineEffect};
pub use risk::{ObservedRisk, PatientRisk, RiskModel};
pub use unit::conversion;
pub(crate) use unit::same_unit;

use crate::error::{Place, StudyError, nearest};

/// The scores that ship, each with its file's name and text.
const LIBRARY: [(&str, &str); 14] = [
    ("data/scores/dlm.toml", include_str!("../../../data/scores/dlm.toml")),
    ("data/scores/zhang-2022.toml", include_str!("../../../data/scores/zhang-2022.toml")),
    ("data/scores/rrp.toml", include_str!("../../../data/scores/rrp.toml")),
    ("data/scores/cross-2021.toml", include_str!("../../../data/scores/cross-2021.toml")),
    ("data/scores/car.toml", include_str!("../../../data/scores/car.toml")),
    ("data/scores/flair.toml", include_str!("../../../data/scores/flair.toml")),
    ("data/scores/mck.toml", include_str!("../../../data/scores/mck.toml")),
    ("data/scores/ggo-2023.toml", include_str!("../../../data/scores/ggo-2023.toml")),
    ("data/scores/gap.toml", include_str!("../../../data/scores/gap.toml")),
    ("data/scores/ild-gap.toml", include_str!("../../../data/scores/ild-gap.toml")),
    ("data/scores/cpi.toml", include_str!("../../../data/scores/cpi.toml")),
    ("data/scores/npi.toml", include_str!("../../../data/scores/npi.toml")),
    ("data/scores/mclernon-2023.toml", include_str!("../../../data/scores/mclernon-2023.toml")),
    ("data/scores/mclernon-2023-pgr.toml", include_str!("../../../data/scores/mclernon-2023-pgr.toml")),
];

/// A published score.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PublishedScore {
    /// Its short name.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The year of its publication.
    pub year: u16,
    /// The patients that it was made for.
    pub population: String,
    /// What it predicts.
    pub outcome: String,
    /// Where it was published.
    pub citation: String,
    /// Where its points were read.
    pub seen: String,
    /// What is done with a missing item.
    pub missing: MissingItem,
    /// What is added to the items.
    #[serde(default)]
    pub constant: f64,
    /// The least total.
    pub floor: Option<f64>,
    /// What the authors call positive, such as `>= 2`.
    pub cutoff: Option<Rule>,
    /// What may not be concluded from it.
    #[serde(default)]
    pub cautions: Vec<String>,
    /// Its items.
    #[serde(rename = "item")]
    pub items: Vec<ScoreItem>,
    /// Its groups, from the lowest to the highest.
    #[serde(default, rename = "group")]
    pub groups: Vec<ScoreGroup>,
    /// Patients and events by total in the cohort that it was made from.
    #[serde(default)]
    pub observed: Vec<ObservedRisk>,
    /// How the total becomes a risk, of a model whose equation was published.
    pub risk: Option<RiskModel>,
}

/// What is done with a missing item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MissingItem {
    /// No score without every item.
    Refuse,
    /// A missing item has no points.
    Zero,
}

/// A group of totals.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ScoreGroup {
    /// Its name.
    pub label: String,
    /// The least total in it.
    pub from: Option<f64>,
    /// The greatest.
    pub to: Option<f64>,
}

/// One patient's score.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// Each item's points, in the score's order; `None` where a missing item counts nothing.
    pub items: Vec<(String, Option<f64>)>,
    /// The total.
    pub total: f64,
    /// The group that it is in.
    pub group: Option<String>,
    /// Whether the authors call it positive.
    pub positive: Option<bool>,
    /// The risk at this total.
    pub risk: Option<PatientRisk>,
}

impl PublishedScore {
    /// Reads a score's file.
    ///
    /// # Errors
    ///
    /// [`StudyError::File`] where it is not one.
    pub fn parse(file: &str, text: &str) -> Result<Self, StudyError> {
        let fault = |span: Range<usize>, message: String| StudyError::File {
            place: Place::of(file, text, &span),
            message,
            hint: None,
        };
        let score: Spanned<Self> = toml::from_str::<Spanned<Self>>(text)
            .map_err(|error| fault(error.span().unwrap_or_default(), error.message().to_owned()))?;
        let (span, score) = (score.span(), score.into_inner());
        for item in &score.items {
            if let Some(fault_of_item) = item.fault() {
                return Err(fault(span, fault_of_item));
            }
            let given = item.rules.iter().flat_map(|rule| rule.given.keys());
            if let Some(name) = given.into_iter().find(|name| !score.items.iter().any(|item| item.id == **name)) {
                return Err(fault(span, format!("item `{}` depends on `{name}`, which is no item", item.id)));
            }
        }
        if let Some(fault_of_risk) = score.risk.as_ref().and_then(RiskModel::fault) {
            return Err(fault(span, fault_of_risk));
        }
        Ok(score)
    }

    /// The scores that ship.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse); a test reads every one.
    pub fn library() -> Result<Vec<Self>, StudyError> {
        LIBRARY.iter().map(|(file, text)| Self::parse(file, text)).collect()
    }

    /// The score of an id.
    ///
    /// # Errors
    ///
    /// [`ScoreError::UnknownScore`], with the nearest name.
    pub fn find<'a>(library: &'a [Self], id: &str) -> Result<&'a Self, ScoreError> {
        library.iter().find(|score| score.id == id).ok_or_else(|| ScoreError::UnknownScore {
            id: id.to_owned(),
            suggestion: suggestion("scores", id, library.iter().map(|score| score.id.as_str())),
        })
    }

    /// One patient's points, from `item` and `value` pairs; a value may end with its unit.
    ///
    /// # Errors
    ///
    /// [`ScoreError`]: an unknown, repeated or missing item, a value that is none of it, a unit other than the score's.
    pub fn assess(&self, given: &[(&str, &str)]) -> Result<Assessment, ScoreError> {
        for (at, (name, _)) in given.iter().enumerate() {
            if !self.items.iter().any(|item| item.id == *name) {
                return Err(ScoreError::UnknownItem {
                    score: self.name.clone(),
                    item: (*name).to_owned(),
                    suggestion: suggestion("items", name, self.items.iter().map(|item| item.id.as_str())),
                });
            }
            if given[..at].iter().any(|(earlier, _)| earlier == name) {
                return Err(ScoreError::Twice { item: (*name).to_owned() });
            }
        }
        let value = |id: &str| given.iter().find(|(name, _)| *name == id).map(|(_, value)| value.trim());
        let mut items = Vec::with_capacity(self.items.len());
        for item in &self.items {
            let points = match (value(&item.id), self.missing) {
                (Some(text), _) => Some(item.points(&self.name, text, &value)?),
                (None, MissingItem::Zero) => None,
                (None, MissingItem::Refuse) => {
                    let (score, item, label) = (self.name.clone(), item.id.clone(), item.label.clone());
                    return Err(ScoreError::MissingItem { score, item, label });
                }
            };
            items.push((item.id.clone(), points));
        }
        Ok(self.total(items))
    }

    /// Refuses what no patient has: a measurement below 0 where no condition is, a percentage of a predicted value outside 1
    /// to 300, an age above 130 years. Meant for one patient typed by hand; a cohort's columns have codebooks.
    ///
    /// # Errors
    ///
    /// [`ScoreError::Implausible`], and those of [`assess`](Self::assess) for a value that is no number or of another unit.
    pub fn check_plausible(&self, given: &[(&str, &str)]) -> Result<(), ScoreError> {
        for (name, text) in given {
            let Some(item) = self.items.iter().find(|item| item.id == *name) else { continue };
            let level = item.levels.keys().any(|level| level.eq_ignore_ascii_case(text.trim()));
            let Some(value) =
                (if item.is_measured() && !level { item.quantity(&self.name, text.trim())? } else { None })
            else {
                continue;
            };
            let unit = item.unit.as_deref().unwrap_or_default();
            let below = item.rules.iter().all(|rule| rule.when.0.cutoff >= 0.0) && value < 0.0;
            let expected = match () {
                () if same_unit(unit, "% predicted") && !(1.0..=300.0).contains(&value) => "a percentage from 1 to 300",
                () if same_unit(unit, "years") && item.id == "age" && value > 130.0 => "an age in years",
                () if below => "not below 0",
                () => continue,
            };
            return Err(ScoreError::Implausible { item: item.id.clone(), value: text.trim().to_owned(), expected });
        }
        Ok(())
    }

    fn total(&self, items: Vec<(String, Option<f64>)>) -> Assessment {
        let sum = self.constant + items.iter().filter_map(|(_, points)| *points).sum::<f64>();
        // What adds up to 3.4 on paper is 3.4, though 0.2 × 7 is not 1.4 to the last bit.
        let sum = (sum * 1e12).round() / 1e12;
        let total = self.floor.map_or(sum, |floor| sum.max(floor));
        let observed = self.observed.iter().find(|row| row.points == total).and_then(|row| {
            Some(PatientRisk::Observed(*row, clopper_pearson(row.events, row.n, Level::NINETY_FIVE).ok()?))
        });
        Assessment {
            total,
            group: self.group(total).map(|group| group.label.clone()),
            positive: self.cutoff.map(|cutoff| cutoff.0.is_positive(total)),
            risk: observed.or_else(|| self.risk.as_ref().map(|model| PatientRisk::Predicted(model.risk(total)))),
            items,
        }
    }

    /// The group of a total: the first that it is within.
    fn group(&self, total: f64) -> Option<&ScoreGroup> {
        self.groups
            .iter()
            .find(|group| group.from.is_none_or(|from| from <= total) && group.to.is_none_or(|to| total <= to))
    }

    /// The place of a total's group.
    pub(crate) fn group_place(&self, total: f64) -> Option<usize> {
        let group = self.group(total)?;
        self.groups.iter().position(|known| known == group)
    }

    /// The risk at a total: what was observed at it where the score was made, or what the model says.
    #[must_use]
    pub fn risk_at(&self, total: f64) -> Option<f64> {
        match self.observed.iter().find(|row| row.points == total) {
            Some(row) => Some(row.risk()),
            None => self.risk.as_ref().map(|model| model.risk(total)),
        }
    }

    /// Whether it says a risk at all.
    #[must_use]
    pub fn has_risks(&self) -> bool {
        self.risk.is_some() || !self.observed.is_empty()
    }
}

fn suggestion<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    match nearest(name, known.clone()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("the {what} are {}", known.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
    }
}
