//! The totals of a published score, patient by patient.

use std::collections::BTreeMap;

use restudy_cohort::{Column, Kind, Values};

use super::error::{UnitMismatch, ValidationError};
use crate::error::nearest;
use crate::frame::Frame;
use crate::score_library::{PublishedScore, ScoreError, ScoreItem, conversion, same_unit};

/// More totals than this are no groups by themselves.
const FEW_TOTALS: usize = 5;

/// A score with the totals of a cohort.
#[derive(Clone, Debug)]
pub(crate) struct Scored {
    pub(crate) score: PublishedScore,
    /// Of each patient; none where an item that the score needs is missing.
    pub(crate) totals: Vec<Option<f64>>,
    /// What was converted, in words.
    pub(crate) conversions: Vec<String>,
}

/// Where the items of scores are found in a cohort.
pub(crate) struct Items<'a> {
    /// The column of an item that is named otherwise, under `item` or `score.item`.
    pub(crate) columns: &'a BTreeMap<String, String>,
    /// Whether a column in another unit of which the conversion is known is converted.
    pub(crate) convert: bool,
    /// The unit of a column that the codebook does not describe.
    pub(crate) unit: &'a dyn Fn(&str) -> Option<String>,
}

impl Items<'_> {
    /// The scores with their totals.
    ///
    /// # Errors
    ///
    /// [`ValidationError`]: a name that is no item, a column that is missing or in another unit, a value that is none of the
    /// item's.
    pub(crate) fn score(&self, scores: &[PublishedScore], frame: Frame<'_>) -> Result<Vec<Scored>, ValidationError> {
        for name in self.columns.keys() {
            let known = scores.iter().flat_map(|score| {
                let qualified = score.items.iter().map(|item| format!("{}.{}", score.id, item.id));
                score.items.iter().map(|item| item.id.clone()).chain(qualified)
            });
            let known: Vec<String> = known.collect();
            if !known.contains(name) {
                let suggestion = nearest(name, known.iter().map(String::as_str)).map_or_else(
                    || known.iter().filter(|name| !name.contains('.')).cloned().collect::<Vec<_>>().join(", "),
                    |name| format!("did you mean `{name}`?"),
                );
                return Err(ValidationError::UnknownItem { item: name.clone(), suggestion });
            }
        }
        scores.iter().map(|score| self.totals(score, frame)).collect()
    }

    /// The column that holds an item.
    fn column<'c>(
        &self,
        score: &PublishedScore,
        item: &ScoreItem,
        frame: Frame<'c>,
    ) -> Result<&'c Column, ValidationError> {
        let named = self.columns.get(&format!("{}.{}", score.id, item.id)).or_else(|| self.columns.get(&item.id));
        let name = named.unwrap_or(&item.id);
        match frame.column(name) {
            Some(column) => Ok(column),
            // The cohort's own error knows the nearest name.
            None => Ok(frame.cohort.column(name)?),
        }
    }

    fn totals(&self, score: &PublishedScore, frame: Frame<'_>) -> Result<Scored, ValidationError> {
        let mut columns = Vec::with_capacity(score.items.len());
        let mut conversions = Vec::new();
        for item in &score.items {
            let column = self.column(score, item, frame)?;
            let factor = self.factor(score, item, column)?;
            if let (Some((factor, given)), Some(needed)) = (&factor, &item.unit) {
                let factor = format!("{factor:.6}");
                let factor = factor.trim_end_matches('0').trim_end_matches('.');
                conversions.push(format!(
                    "{}: {} is in {given} and counts in {needed} (1 {given} is {factor} {needed})",
                    score.name, column.label
                ));
            }
            columns.push((item, column, texts(score, item, column, factor.map(|(factor, _)| factor))?));
        }
        let total = |row: usize| {
            let given: Vec<(&str, &str)> = columns
                .iter()
                .filter_map(|(item, _, texts)| Some((item.id.as_str(), texts[row].as_deref()?)))
                .collect();
            match score.assess(&given) {
                Ok(assessment) => Ok(Some(assessment.total)),
                Err(ScoreError::MissingItem { .. }) => Ok(None),
                Err(ScoreError::Value { item, expected, .. }) => {
                    let at = columns.iter().find(|(known, ..)| known.id == item);
                    let column = at.map_or_else(String::new, |(_, column, _)| column.name.clone());
                    Err(ValidationError::Values { column, item, score: score.name.clone(), expected })
                }
                // Names are the score's own, each once, and units have been looked at.
                Err(_) => Ok(None),
            }
        };
        let totals = (0..frame.patients()).map(total).collect::<Result<Vec<_>, ValidationError>>()?;
        Ok(Scored { score: score.clone(), totals, conversions })
    }

    /// What a column's values are multiplied by, and the unit that they are in; none where they are in the item's.
    fn factor(
        &self,
        score: &PublishedScore,
        item: &ScoreItem,
        column: &Column,
    ) -> Result<Option<(f64, String)>, ValidationError> {
        let Values::Numbers(_) = column.values else { return Ok(None) };
        let needed = item.unit.as_deref().unwrap_or_default();
        let given = column.unit.clone().or_else(|| (self.unit)(&column.name));
        let Some(given) = given.filter(|given| !same_unit(given, needed) && !item.levels.contains_key("yes")) else {
            return Ok(None);
        };
        let factor = conversion(&item.id, &given, needed);
        match factor {
            Some(factor) if self.convert => Ok(Some((factor, given))),
            _ => Err(ValidationError::Unit(Box::new(UnitMismatch {
                column: column.name.clone(),
                item: item.id.clone(),
                score: score.name.clone(),
                given,
                needed: if needed.is_empty() { "no unit".to_owned() } else { needed.to_owned() },
                factor,
            }))),
        }
    }
}

impl Scored {
    /// The risk of each patient; none where the score has none for the total.
    pub(crate) fn risks(&self) -> Vec<Option<f64>> {
        self.totals.iter().map(|total| self.score.risk_at((*total)?)).collect()
    }

    /// The columns that it makes: the total under its id, and the group, where it has groups.
    pub(crate) fn columns(&self) -> Vec<Column> {
        let plain = |name: String, label: String, kind, decimals, values| Column {
            name,
            label,
            unit: None,
            kind,
            kind_inferred: false,
            decimals,
            values,
            heading: None,
        };
        let whole = self.totals.iter().flatten().all(|total| total.fract() == 0.0);
        let total = plain(
            self.score.id.clone(),
            self.score.name.clone(),
            Kind::Continuous,
            Some(if whole { 0 } else { 2 }),
            Values::Numbers(self.totals.clone()),
        );
        let (levels, codes) = self.groups();
        let groups = plain(
            format!("{}_group", self.score.id),
            format!("{}, group", self.score.name),
            Kind::Ordinal,
            None,
            Values::Levels { levels, codes },
        );
        vec![total, groups]
    }

    /// The groups of the score, and each patient's: those that its authors made, else its totals where they are few, else
    /// its cut-off, else thirds of the patients.
    pub(crate) fn groups(&self) -> (Vec<String>, Vec<Option<u32>>) {
        let Self { score, totals, .. } = self;
        let mut known: Vec<f64> = totals.iter().copied().flatten().collect();
        known.sort_by(f64::total_cmp);
        let mut distinct = known.clone();
        distinct.dedup();
        let third = |third: usize| known.get((third * known.len()).div_ceil(3)).copied().unwrap_or(f64::INFINITY);
        let each = |of: &dyn Fn(f64) -> Option<usize>| -> Vec<Option<u32>> {
            totals.iter().map(|total| u32::try_from(of((*total)?)?).ok()).collect()
        };
        if !score.groups.is_empty() {
            let labels = score.groups.iter().map(|group| group.label.clone()).collect();
            (labels, each(&|total| score.group_place(total)))
        } else if distinct.len() <= FEW_TOTALS {
            let points = |total: &f64| format!("{total} {}", if *total == 1.0 { "point" } else { "points" });
            let labels = distinct.iter().map(points).collect();
            (labels, each(&|total| distinct.iter().position(|known| *known == total)))
        } else if let Some(cutoff) = score.cutoff.map(|cutoff| cutoff.0) {
            let labels = vec![format!("not {cutoff}"), cutoff.to_string()];
            (labels, each(&|total| Some(usize::from(cutoff.is_positive(total)))))
        } else {
            let labels = ["lowest third", "middle third", "highest third"].map(str::to_owned).to_vec();
            let (first, second) = (third(1), third(2));
            (labels, each(&|total| Some(usize::from(total >= first) + usize::from(total >= second))))
        }
    }
}

/// Each patient's value of an item, as it would be written for one.
fn texts(
    score: &PublishedScore,
    item: &ScoreItem,
    column: &Column,
    factor: Option<f64>,
) -> Result<Vec<Option<String>>, ValidationError> {
    match &column.values {
        Values::Numbers(numbers) => {
            let written = |number: f64| {
                // What is 2.1 cm on paper is 2.1, though 21 × 0.1 is not to the last bit.
                let number = factor.map_or(number, |factor| (number * factor * 1e12).round() / 1e12);
                spoken(item, &number.to_string())
            };
            Ok(numbers.iter().map(|number| number.map(written)).collect())
        }
        Values::Levels { levels, codes } => {
            let texts: Vec<String> = levels.iter().map(|level| spoken(item, level)).collect();
            Ok(codes.iter().map(|code| code.and_then(|code| texts.get(code as usize).cloned())).collect())
        }
        Values::Dates(_) => Err(ValidationError::Values {
            column: column.name.clone(),
            item: item.id.clone(),
            score: score.name.clone(),
            expected: "numbers or levels, not dates".to_owned(),
        }),
    }
}

/// A value in the words of an item of yes and no.
fn spoken(item: &ScoreItem, text: &str) -> String {
    let truth = item.levels.contains_key("yes") && item.levels.contains_key("no");
    match text.to_lowercase().as_str() {
        "1" | "true" | "positive" | "present" if truth => "yes".to_owned(),
        "0" | "false" | "negative" | "absent" if truth => "no".to_owned(),
        _ => text.to_owned(),
    }
}
