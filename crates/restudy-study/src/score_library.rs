//! Published scores: what they are made of, and one patient's points.
//!
//! A score is a file of `data/scores`; those that ship are embedded ([`PublishedScore::library`]). A value comes with its unit
//! where it has one, and a unit that is not the score's is refused with the conversion named, never converted silently.

use std::collections::BTreeMap;
use std::ops::Range;

use restudy_stats::accuracy::{CutoffRule, Operator};
use restudy_stats::descriptive::clopper_pearson;
use restudy_stats::{Interval, Level};
use serde::Deserialize;
use thiserror::Error;
use toml::Spanned;

use crate::error::{Place, StudyError, nearest};

/// The scores that ship, each with its file's name and text.
const LIBRARY: [(&str, &str); 11] = [
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
];

/// Unit → the unit that it is so many of, where that does not depend on what is measured.
const CONVERSIONS: [(&str, f64, &str); 8] = [
    ("mg/dL", 10.0, "mg/L"),
    ("g/L", 1000.0, "mg/L"),
    ("g/dL", 10.0, "g/L"),
    ("µg/L", 1.0, "ng/mL"),
    ("IU/L", 1.0, "U/L"),
    ("kU/L", 1.0, "U/mL"),
    ("weeks", 12.0 / 52.1775, "months"),
    ("years", 12.0, "months"),
];

/// Conversions that hold for one substance: ferritin by its molar mass of 445 kDa, as laboratories convert it.
const CONVERSIONS_OF_AN_ITEM: [(&str, &str, f64, &str); 1] = [("ferritin", "pmol/L", 0.445, "ng/mL")];

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

/// An item of a score.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ScoreItem {
    /// Its short name, as a value is given for it.
    pub id: String,
    /// Its name.
    pub label: String,
    /// The unit of its thresholds.
    pub unit: Option<String>,
    /// Of a measured item: the first that holds gives the points.
    #[serde(default)]
    pub rules: Vec<PointRule>,
    /// Points of each category.
    #[serde(default)]
    pub levels: BTreeMap<String, f64>,
    /// What a unit of the measurement adds.
    pub coefficient: Option<f64>,
}

/// Points for a measurement.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PointRule {
    /// The condition, such as `< 50`.
    pub when: Rule,
    /// Values of other items under which alone the rule holds.
    #[serde(default)]
    pub given: BTreeMap<String, String>,
    /// The points.
    pub points: f64,
}

/// An operator and a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub struct Rule(pub CutoffRule);

impl TryFrom<String> for Rule {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let text = text.trim();
        let operators = [
            (">=", Operator::GreaterOrEqual),
            ("<=", Operator::LessOrEqual),
            (">", Operator::Greater),
            ("<", Operator::Less),
        ];
        operators
            .into_iter()
            .find_map(|(symbol, operator)| Some((operator, text.strip_prefix(symbol)?)))
            .and_then(|(operator, rest)| Some(CutoffRule { operator, cutoff: finite(rest)? }))
            .map(Self)
            .ok_or_else(|| format!("`{text}` is not a condition such as `>= 0.45`"))
    }
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

impl ScoreGroup {
    /// Whether a total is in it.
    #[must_use]
    pub fn contains(&self, total: f64) -> bool {
        self.from.is_none_or(|from| from <= total) && self.to.is_none_or(|to| total <= to)
    }
}

/// What became of the patients of one total.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ObservedRisk {
    /// The total.
    pub points: f64,
    /// Events.
    pub events: u64,
    /// Patients.
    pub n: u64,
}

/// Why a score has no answer.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum ScoreError {
    /// A score that does not ship.
    #[error("there is no score `{id}` in the library")]
    UnknownScore {
        /// What was asked for.
        id: String,
        /// What may have been meant, or all.
        suggestion: String,
    },
    /// A name that is no item.
    #[error("the {score} has no item `{item}`")]
    UnknownItem {
        /// The score.
        score: String,
        /// What was given.
        item: String,
        /// What may have been meant, or all.
        suggestion: String,
    },
    /// An item given twice.
    #[error("`{item}` is given twice")]
    Twice {
        /// The item.
        item: String,
    },
    /// An item that the score cannot do without.
    #[error("the {score} is not defined without `{item}` ({label})")]
    MissingItem {
        /// The score.
        score: String,
        /// The item.
        item: String,
        /// Its name.
        label: String,
    },
    /// A value that is not of the item.
    #[error("`{item}` cannot be `{value}`: it is {expected}")]
    Value {
        /// The item.
        item: String,
        /// What was given.
        value: String,
        /// What it can be.
        expected: String,
    },
    /// A value that no patient has, and that a slip of the hand makes.
    #[error("`{item}` = {value} cannot be: it is {expected}")]
    Implausible {
        /// The item.
        item: String,
        /// What was given.
        value: String,
        /// Where it lies in patients.
        expected: &'static str,
    },
    /// A value in another unit than the score's.
    #[error("`{item}` is given in {given}, and the {score} counts it in {needed}")]
    Unit {
        /// The item.
        item: String,
        /// The score.
        score: String,
        /// The unit given.
        given: String,
        /// The unit needed.
        needed: String,
        /// How many of the needed unit one of the given is, and the value, converted.
        conversion: Option<(f64, f64)>,
    },
}

impl ScoreError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::UnknownScore { suggestion, .. } | Self::UnknownItem { suggestion, .. } => suggestion.clone(),
            Self::Unit { item, given, needed, conversion: Some((factor, converted)), .. } => {
                format!("1 {given} is {factor} {needed}: write {item}={converted}{needed}")
            }
            Self::Unit { needed, .. } => format!("give it in {needed}; no conversion is known here"),
            Self::MissingItem { .. } => {
                "a missing item is not a normal one: measure it, or use another score".to_owned()
            }
            Self::Value { item, value, .. } => {
                let pointed = value.replace(',', ".");
                return (value.contains(',') && finite(&pointed).is_some())
                    .then(|| format!("write the decimals after a point: {item}={pointed}"));
            }
            Self::Implausible { expected, .. } if expected.starts_with("a percentage") => {
                "43 % is written 43, not 0.43".to_owned()
            }
            Self::Twice { .. } | Self::Implausible { .. } => return None,
        })
    }
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
    /// What was observed at this total, with the exact 95 % interval of the risk.
    pub observed: Option<(ObservedRisk, Interval)>,
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
            let measured = !item.rules.is_empty() || item.coefficient.is_some();
            if !measured && item.levels.is_empty() {
                return Err(fault(span, format!("item `{}` gives no points", item.id)));
            }
            let given = item.rules.iter().flat_map(|rule| rule.given.keys());
            if let Some(name) = given.into_iter().find(|name| !score.items.iter().any(|item| item.id == **name)) {
                return Err(fault(span, format!("item `{}` depends on `{name}`, which is no item", item.id)));
            }
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
            let measured = !item.rules.is_empty() || item.coefficient.is_some();
            let level = item.levels.keys().any(|level| level.eq_ignore_ascii_case(text.trim()));
            let Some(value) = (if measured && !level { item.quantity(&self.name, text.trim())? } else { None }) else {
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
        let total = self.floor.map_or(sum, |floor| sum.max(floor));
        let observed = self
            .observed
            .iter()
            .find(|row| row.points == total)
            .and_then(|row| Some((*row, clopper_pearson(row.events, row.n, Level::NINETY_FIVE).ok()?)));
        Assessment {
            total,
            group: self.groups.iter().find(|group| group.contains(total)).map(|group| group.label.clone()),
            positive: self.cutoff.map(|cutoff| cutoff.0.is_positive(total)),
            observed,
            items,
        }
    }
}

impl ScoreItem {
    fn points<'v>(&self, score: &str, text: &str, value: &impl Fn(&str) -> Option<&'v str>) -> Result<f64, ScoreError> {
        let level = self.levels.iter().find(|(level, _)| level.eq_ignore_ascii_case(text));
        if let Some((_, points)) = level {
            return Ok(*points);
        }
        let measured = !self.rules.is_empty() || self.coefficient.is_some();
        let quantity = if measured { self.quantity(score, text)? } else { None };
        let Some(quantity) = quantity else {
            let expected = self.expected(measured);
            return Err(ScoreError::Value { item: self.id.clone(), value: text.to_owned(), expected });
        };
        if let Some(coefficient) = self.coefficient {
            return Ok(coefficient * quantity);
        }
        let holds = |rule: &&PointRule| {
            let given = rule.given.iter();
            rule.when.0.is_positive(quantity)
                && given.into_iter().all(|(name, wanted)| value(name).is_some_and(|v| v.eq_ignore_ascii_case(wanted)))
        };
        Ok(self.rules.iter().find(holds).map_or(0.0, |rule| rule.points))
    }

    /// The number of a text such as `12.5mg/L`; `None` where it does not begin with one.
    fn quantity(&self, score: &str, text: &str) -> Result<Option<f64>, ScoreError> {
        // The longest beginning that is a number: an `e` may be an exponent's or a unit's.
        let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        let Some((value, unit)) =
            ends.rev().find_map(|end| text.split_at_checked(end).and_then(|(n, unit)| Some((finite(n)?, unit.trim()))))
        else {
            return Ok(None);
        };
        // What goes on as a number is one that cannot be read, not a unit: `43,5`, `1e999`.
        if unit.starts_with(|c: char| c.is_ascii_digit() || matches!(c, ',' | '.')) {
            return Ok(None);
        }
        let needed = self.unit.as_deref().unwrap_or_default();
        if unit.is_empty() || same_unit(unit, needed) {
            return Ok(Some(value));
        }
        let factor = conversion(&self.id, unit, needed);
        Err(ScoreError::Unit {
            item: self.id.clone(),
            score: score.to_owned(),
            given: unit.to_owned(),
            needed: if needed.is_empty() { "no unit".to_owned() } else { needed.to_owned() },
            conversion: factor.map(|factor| (factor, value * factor)),
        })
    }

    fn expected(&self, measured: bool) -> String {
        let mut expected: Vec<String> = self.levels.keys().map(|level| format!("`{level}`")).collect();
        if measured {
            let unit = self.unit.as_ref().map(|unit| format!(" in {unit}")).unwrap_or_default();
            expected.push(format!("a number{unit}"));
        }
        expected.join(" or ")
    }
}

/// How many of `needed` one of `given` is, where it is known.
///
/// Both directions of every conversion, and none between units that are the same.
#[must_use]
pub fn conversion(item: &str, given: &str, needed: &str) -> Option<f64> {
    let of_item =
        CONVERSIONS_OF_AN_ITEM.iter().filter(|(of, ..)| *of == item).map(|(_, from, factor, to)| (from, factor, to));
    CONVERSIONS.iter().map(|(from, factor, to)| (from, factor, to)).chain(of_item).find_map(
        |(from, factor, to)| match (
            same_unit(given, from) && same_unit(needed, to),
            same_unit(given, to) && same_unit(needed, from),
        ) {
            (true, _) => Some(*factor),
            (_, true) => Some(1.0 / factor),
            _ => None,
        },
    )
}

/// Whether two texts write one unit.
pub(crate) fn same_unit(a: &str, b: &str) -> bool {
    let plain = |unit: &str| {
        // The micro sign and the Greek letter, and "u" where neither is on the keyboard, are one.
        let unit = unit.trim().replace(['\u{3bc}', '\u{b5}'], "u").to_lowercase();
        if matches!(unit.as_str(), "%" | "% of predicted" | "% pred") { "% predicted".to_owned() } else { unit }
    };
    plain(a) == plain(b)
}

fn finite(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'));
    text.parse().ok().filter(|value: &f64| digits && value.is_finite())
}

fn suggestion<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    match nearest(name, known.clone()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("the {what} are {}", known.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
    }
}
