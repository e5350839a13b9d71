//! The tree of an expression, computed.

use chrono::Datelike;
use polars::prelude::*;

use super::Fault;
use super::function::pairwise;
use super::like::like;
use super::parse::{Arithmetic, Comparison, Expr, Logic, Part, Target};
use super::value::{Aligned, Text, Value, finite};
use crate::code::number;
use crate::codebook::ISO_DATE;
use crate::column::Column;
use crate::error::{SqlProblem, SqlType, Suggestion};
use crate::typing::{View, date_after_epoch, day};

pub(super) type Evaluated<T = Value> = Result<T, Fault>;

/// The columns that an expression may name.
pub(super) struct Scope<'a> {
    pub(super) columns: &'a [(&'a Column, View)],
}

/// An operand, and how it is written.
pub(super) struct Side<'e> {
    expression: &'e Expr,
    pub(super) value: Value,
}

impl Scope<'_> {
    pub(super) fn value(&self, expression: &Expr) -> Evaluated {
        match expression {
            Expr::Column(name) => {
                let column = self.columns.iter().find(|(column, _)| column.name == *name);
                column.map(|(column, view)| Value::of(column, *view)).ok_or_else(|| Fault::UnknownColumn(name.clone()))
            }
            Expr::Number(value) => Ok(Value::Number(Float64Chunked::new(PlSmallStr::EMPTY, [*value]))),
            Expr::Text(text) => Ok(Value::Text(Text::constant(text))),
            Expr::Truth(value) => Ok(Value::Truth(constant(*value))),
            Expr::Date(day) => Ok(Value::Date(Int32Chunked::new(PlSmallStr::EMPTY, [*day]))),
            Expr::Null => Ok(Value::Null),
            Expr::Not(inner) => Ok(Value::Truth(!&self.truth("`NOT`", inner)?)),
            Expr::Negative(inner) => match self.value(inner)? {
                Value::Number(values) => Ok(Value::Number(values.apply_values(|value| 0.0 - value))),
                Value::Null => Ok(Value::Null),
                other => Err(types("a sign".to_owned(), "a number", &[&other])),
            },
            Expr::Logic(logic, operands) => self.logic(*logic, operands),
            Expr::Arithmetic(first, rest) => {
                let mut left = self.value(first)?;
                for (operator, right) in rest {
                    left = arithmetic(*operator, &left, &self.value(right)?)?;
                }
                Ok(left)
            }
            Expr::Compare(comparison, left, right) => {
                Ok(Value::Truth(compare(*comparison, &self.side(left)?, &self.side(right)?)?))
            }
            Expr::IsNull(inner) => Ok(Value::Truth(self.value(inner)?.is_null())),
            Expr::Is(inner, wanted) => {
                Ok(Value::Truth(self.truth("`IS`", inner)?.iter().map(|value| value == *wanted).collect()))
            }
            Expr::Between(operand, low, high) => {
                let operand = self.side(operand)?;
                let low = compare(Comparison::GreaterOrEqual, &operand, &self.side(low)?)?;
                let high = compare(Comparison::LessOrEqual, &operand, &self.side(high)?)?;
                Ok(Value::Truth(&low & &high))
            }
            Expr::In(operand, items) => {
                let operand = self.side(operand)?;
                let mut found = constant(false);
                for item in items {
                    found = &found | &compare(Comparison::Equal, &operand, &self.side(item)?)?;
                }
                Ok(Value::Truth(found))
            }
            Expr::Like { text, pattern, fold } => self.like(text, pattern, *fold),
            Expr::Case { operand, branches, otherwise } => {
                self.case(operand.as_deref(), branches, otherwise.as_deref())
            }
            Expr::Cast(inner, target) => cast(self.value(inner)?, *target),
            Expr::Extract(part, inner) => extract(*part, self.value(inner)?),
            Expr::Call(function, arguments) => self.call(*function, arguments),
        }
    }

    pub(super) fn side<'e>(&self, expression: &'e Expr) -> Evaluated<Side<'e>> {
        Ok(Side { expression, value: self.value(expression)? })
    }

    /// An operand that is true, false or unknown.
    fn truth(&self, operation: &str, expression: &Expr) -> Evaluated<BooleanChunked> {
        match self.value(expression)? {
            Value::Truth(values) => Ok(values),
            Value::Null => Ok(unknown()),
            other => Err(types(operation.to_owned(), "conditions", &[&other])),
        }
    }

    fn logic(&self, logic: Logic, operands: &[Expr]) -> Evaluated {
        let (operation, neutral) = match logic {
            Logic::And => ("`AND`", true),
            Logic::Xor => ("`XOR`", false),
            Logic::Or => ("`OR`", false),
        };
        let mut result = constant(neutral);
        for operand in operands {
            let operand = self.truth(operation, operand)?;
            result = match logic {
                Logic::And => &result & &operand,
                Logic::Xor => &result ^ &operand,
                Logic::Or => &result | &operand,
            };
        }
        Ok(Value::Truth(result))
    }

    fn like(&self, text: &Expr, pattern: &str, fold: bool) -> Evaluated {
        match self.value(text)? {
            Value::Text(text) if fold => {
                let pattern = pattern.to_lowercase();
                Ok(Value::Truth(text.test(|text| like(&text.to_lowercase(), &pattern))))
            }
            Value::Text(text) => Ok(Value::Truth(text.test(|text| like(text, pattern)))),
            Value::Null => Ok(Value::Truth(unknown())),
            other => Err(types("`LIKE`".to_owned(), "text", &[&other])),
        }
    }

    fn case(&self, operand: Option<&Expr>, branches: &[(Expr, Expr)], otherwise: Option<&Expr>) -> Evaluated {
        let operand = operand.map(|operand| self.side(operand)).transpose()?;
        // Whose branch has been found, and what it says.
        let mut found = constant(false);
        let mut result = Value::Null;
        for (condition, branch) in branches {
            let condition = match &operand {
                Some(operand) => compare(Comparison::Equal, operand, &self.side(condition)?)?,
                None => self.truth("`WHEN`", condition)?,
            };
            // Who has been found keeps it; nobody else has anything yet, so that levels join in the order of the text.
            let branch = choose("`CASE`".to_owned(), &condition, self.value(branch)?, Value::Null)?;
            result = choose("`CASE`".to_owned(), &found, result, branch)?;
            found = &found | &condition.iter().map(|value| value == Some(true)).collect();
        }
        let otherwise = otherwise.map_or(Ok(Value::Null), |otherwise| self.value(otherwise))?;
        choose("`CASE`".to_owned(), &found, result, otherwise)
    }
}

impl Side<'_> {
    fn column(&self) -> Option<String> {
        if let Expr::Column(name) = self.expression { Some(name.clone()) } else { None }
    }

    /// The value as it compares with another operand: a constant becomes a date, or one of the levels.
    fn beside(&self, other: &Self) -> Evaluated {
        match (self.expression, &other.value) {
            (Expr::Text(text), Value::Date(_)) => {
                let day = day(text.trim(), ISO_DATE).ok_or_else(|| SqlProblem::NotADate { text: text.clone() })?;
                Ok(Value::Date(Int32Chunked::new(PlSmallStr::EMPTY, [day])))
            }
            (Expr::Text(label), Value::Text(text)) if text.declared && !text.levels.contains(label) => {
                Err(not_a_level(other.column(), label, text))
            }
            (Expr::Number(value), Value::Text(text)) => {
                let is = |level: &&String| number(level, false) == Ok(*value);
                match text.levels.iter().find(is) {
                    Some(level) => Ok(Value::Text(Text::constant(level))),
                    None if text.declared => Err(not_a_level(other.column(), &value.to_string(), text)),
                    // Numbers that happen not to hold this one.
                    None if text.levels.iter().all(|level| number(level, false).is_ok()) => {
                        Ok(Value::Text(Text::constant(&value.to_string())))
                    }
                    None => Ok(self.value.clone()),
                }
            }
            _ => Ok(self.value.clone()),
        }
    }
}

fn not_a_level(column: Option<String>, label: &str, text: &Text) -> Fault {
    SqlProblem::NotALevel {
        column,
        label: label.to_owned(),
        suggestion: Suggestion::for_name(label, text.levels.iter().map(String::as_str)),
    }
    .into()
}

pub(super) fn compare(comparison: Comparison, left: &Side<'_>, right: &Side<'_>) -> Evaluated<BooleanChunked> {
    let (left, right) = (left.beside(right)?, right.beside(left)?);
    let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    match (&left, &right) {
        (Value::Null, _) | (_, Value::Null) => return Ok(unknown()),
        (Value::Number(left), Value::Number(right)) => return Ok(compared(comparison, left, right)),
        (Value::Date(left), Value::Date(right)) => return Ok(compared(comparison, left, right)),
        (Value::Truth(left), Value::Truth(right)) if equality => {
            let differ = left ^ right;
            return Ok(if comparison == Comparison::Equal { !&differ } else { differ });
        }
        (Value::Text(left), Value::Text(right)) => {
            // Codes in the order of the levels of an ordinal side, where there is one.
            let (left_codes, right_codes) = if right.ordered && !left.ordered {
                let Aligned { left: of_right, right: of_left, .. } = right.align(left);
                (of_left, of_right)
            } else {
                let Aligned { left, right, .. } = left.align(right);
                (left, right)
            };
            let one_order = match (left.ordered, right.ordered) {
                (true, true) => left.levels == right.levels,
                (true, false) => right.levels.iter().all(|level| left.levels.contains(level)),
                (false, true) => left.levels.iter().all(|level| right.levels.contains(level)),
                (false, false) => false,
            };
            if equality || one_order {
                return Ok(compared(comparison, &left_codes, &right_codes));
            }
        }
        _ => {}
    }
    let expected = if equality { "values of one type" } else { "numbers, dates or levels of one order" };
    Err(types(format!("`{}`", comparison.sign()), expected, &[&left, &right]))
}

fn compared<T: PolarsNumericType>(
    comparison: Comparison,
    left: &ChunkedArray<T>,
    right: &ChunkedArray<T>,
) -> BooleanChunked {
    match comparison {
        Comparison::Equal => left.equal(right),
        Comparison::NotEqual => left.not_equal(right),
        Comparison::Less => left.lt(right),
        Comparison::LessOrEqual => left.lt_eq(right),
        Comparison::Greater => left.gt(right),
        Comparison::GreaterOrEqual => left.gt_eq(right),
    }
}

fn arithmetic(operator: Arithmetic, left: &Value, right: &Value) -> Evaluated {
    let moved = |date: &Int32Chunked, days: &Float64Chunked, sign: f64| {
        let moved = pairwise(&as_numbers(date), days, |date, days| date + sign * days.trunc());
        Value::Date(moved.iter().map(|day| day.and_then(calendar_day)).collect())
    };
    match (operator, left, right) {
        (_, Value::Null, Value::Number(_) | Value::Null) | (_, Value::Number(_), Value::Null) => {
            Ok(Value::Number(Float64Chunked::full_null(PlSmallStr::EMPTY, 1)))
        }
        (_, Value::Number(left), Value::Number(right)) => Ok(Value::Number(finite(match operator {
            Arithmetic::Add => left + right,
            Arithmetic::Subtract => left - right,
            Arithmetic::Multiply => left * right,
            Arithmetic::Divide => left / right,
            Arithmetic::Remainder => pairwise(left, right, |left, right| left % right),
        }))),
        (Arithmetic::Subtract, Value::Date(left), Value::Date(right)) => {
            Ok(Value::Number(&as_numbers(left) - &as_numbers(right)))
        }
        (Arithmetic::Add, Value::Date(date), Value::Number(days))
        | (Arithmetic::Add, Value::Number(days), Value::Date(date)) => Ok(moved(date, days, 1.0)),
        (Arithmetic::Subtract, Value::Date(date), Value::Number(days)) => Ok(moved(date, days, -1.0)),
        _ => Err(types(format!("`{}`", operator.sign()), "numbers, or dates and days", &[left, right])),
    }
}

fn as_numbers(days: &Int32Chunked) -> Float64Chunked {
    days.iter().map(|day| day.map(f64::from)).collect()
}

/// A day, unless it is beyond the calendar.
fn calendar_day(day: f64) -> Option<i32> {
    let within = day >= f64::from(i32::MIN) && day <= f64::from(i32::MAX);
    within.then_some(day as i32).filter(|day| date_after_epoch(*day).is_some())
}

fn cast(value: Value, target: Target) -> Evaluated {
    match (value, target) {
        (Value::Truth(values), _) => {
            Ok(Value::Number(values.iter().map(|value| value.map(|value| f64::from(u8::from(value)))).collect()))
        }
        (Value::Text(text), _) => {
            let numbers: Option<Vec<f64>> = text.levels.iter().map(|level| number(level, false).ok()).collect();
            let numbers = numbers.ok_or(SqlProblem::NotNumbers)?;
            Ok(Value::Number(text.map(|code| numbers.get(code as usize).copied())))
        }
        (Value::Number(values), Target::Real) => Ok(Value::Number(values)),
        (Value::Null, _) => Ok(Value::Null),
        (other, Target::Real) => Err(types("a cast to DOUBLE".to_owned(), "a boolean or text", &[&other])),
        // Systems differ on whether this rounds or truncates.
        (other, Target::Whole) => Err(types(
            "a cast to INTEGER".to_owned(),
            "a boolean or text (numbers have ROUND, FLOOR and CEIL)",
            &[&other],
        )),
    }
}

fn extract(part: Part, value: Value) -> Evaluated {
    match value {
        Value::Date(days) => {
            let number = |day: i32| {
                let date = date_after_epoch(day)?;
                Some(match part {
                    Part::Year => f64::from(date.year()),
                    Part::Month => f64::from(date.month()),
                    Part::Day => f64::from(date.day()),
                })
            };
            Ok(Value::Number(days.iter().map(|day| day.and_then(number)).collect()))
        }
        Value::Null => Ok(Value::Null),
        other => Err(types("`EXTRACT`".to_owned(), "a date", &[&other])),
    }
}

/// One value where the mask is true, another elsewhere.
pub(super) fn choose(operation: String, mask: &BooleanChunked, then: Value, otherwise: Value) -> Evaluated {
    let found = vec![then.sql_type(), otherwise.sql_type()];
    Value::choose(mask, then, otherwise)
        .ok_or_else(|| SqlProblem::Types { operation, expected: "values of one type", found }.into())
}

fn constant(value: bool) -> BooleanChunked {
    BooleanChunked::new(PlSmallStr::EMPTY, [value])
}

fn unknown() -> BooleanChunked {
    BooleanChunked::full_null(PlSmallStr::EMPTY, 1)
}

/// An operation on operands that it does not take.
pub(super) fn types(operation: String, expected: &'static str, found: &[&Value]) -> Fault {
    let found: Vec<SqlType> = found.iter().map(|value| value.sql_type()).collect();
    SqlProblem::Types { operation, expected, found }.into()
}
