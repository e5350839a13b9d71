//! An item of a score, and the points of one patient's value of it.

use std::collections::BTreeMap;

use restudy_stats::accuracy::{CutoffRule, Operator};
use restudy_stats::regression::RestrictedCubicSpline;
use serde::Deserialize;

use super::error::ScoreError;
use super::unit::{conversion, same_unit};

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
    /// Beside the coefficient: what the bends of a restricted cubic spline add.
    pub spline: Option<SplineEffect>,
    /// A measurement of more counts as this.
    pub cap: Option<f64>,
}

/// The effect of a measurement beyond a straight line, as [`RestrictedCubicSpline`] has its terms.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SplineEffect {
    /// The knots, ascending.
    pub knots: Vec<f64>,
    /// The coefficient of each term beyond the straight one: two fewer than the knots.
    pub coefficients: Vec<f64>,
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

impl ScoreItem {
    /// Whether a number can be given for it.
    pub(super) fn is_measured(&self) -> bool {
        !self.rules.is_empty() || self.coefficient.is_some()
    }

    /// Why it gives no points, if it does not.
    pub(super) fn fault(&self) -> Option<String> {
        let id = &self.id;
        if !self.is_measured() && self.levels.is_empty() {
            return Some(format!("item `{id}` gives no points"));
        }
        let spline = self.spline.as_ref()?;
        let fits = RestrictedCubicSpline::new(&spline.knots)
            .is_ok_and(|curve| curve.terms() == spline.coefficients.len() && self.coefficient.is_some());
        (!fits).then(|| {
            format!("the spline of item `{id}` has three or more ascending knots, two coefficients fewer, and a `coefficient` beside it")
        })
    }

    pub(super) fn points<'v>(
        &self,
        score: &str,
        text: &str,
        value: &impl Fn(&str) -> Option<&'v str>,
    ) -> Result<f64, ScoreError> {
        let level = self.levels.iter().find(|(level, _)| level.eq_ignore_ascii_case(text));
        if let Some((_, points)) = level {
            return Ok(*points);
        }
        let measured = self.is_measured();
        let quantity = if measured { self.quantity(score, text)? } else { None };
        let Some(quantity) = quantity else {
            let expected = self.expected(measured);
            return Err(ScoreError::Value { item: self.id.clone(), value: text.to_owned(), expected });
        };
        if let Some(coefficient) = self.coefficient {
            let quantity = self.cap.map_or(quantity, |cap| quantity.min(cap));
            let bends = self.spline.as_ref().map_or(0.0, |spline| spline.at(quantity));
            return Ok(coefficient * quantity + bends);
        }
        let holds = |rule: &&PointRule| {
            let given = rule.given.iter();
            rule.when.0.is_positive(quantity)
                && given.into_iter().all(|(name, wanted)| value(name).is_some_and(|v| v.eq_ignore_ascii_case(wanted)))
        };
        Ok(self.rules.iter().find(holds).map_or(0.0, |rule| rule.points))
    }

    /// The number of a text such as `12.5mg/L`; `None` where it does not begin with one.
    pub(super) fn quantity(&self, score: &str, text: &str) -> Result<Option<f64>, ScoreError> {
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

pub(super) fn finite(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'));
    text.parse().ok().filter(|value: &f64| digits && value.is_finite())
}

impl SplineEffect {
    /// What the bends add at a measurement; nothing for knots that make no spline, which the file's reader refuses.
    fn at(&self, x: f64) -> f64 {
        RestrictedCubicSpline::new(&self.knots).map_or(0.0, |curve| {
            self.coefficients.iter().take(curve.terms()).enumerate().map(|(j, b)| b * curve.term(j, x)).sum()
        })
    }
}
