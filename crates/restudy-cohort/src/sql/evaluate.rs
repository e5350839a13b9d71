//! The tree of an expression, computed.

use std::sync::Arc;

use chrono::Datelike;
use polars::prelude::*;
use sqlparser::ast::{
    BinaryOperator as Op, CaseWhen, CastKind, CeilFloorKind, DataType as SqlDataType, DateTimeField, Expr,
    UnaryOperator, Value as Literal,
};

use super::function::pairwise;
use super::like::like;
use super::value::{Aligned, Text, Value, finite};
use super::{DEPTH_LIMIT, Fault};
use crate::code::{Code, number};
use crate::codebook::ISO_DATE;
use crate::error::{SqlProblem, SqlType};
use crate::nearest::nearest;
use crate::typing::{Typed, date_after_epoch, day};

pub(crate) type Evaluated<T = Value> = Result<T, Fault>;

/// The columns that an expression may name.
pub(crate) struct Scope<'a> {
    pub(crate) columns: &'a [Typed],
}

impl Scope<'_> {
    /// The value of an expression that may nest `depth` deep.
    pub(super) fn value(&self, expression: &Expr, depth: usize) -> Evaluated {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(SqlProblem::TooDeep { limit: DEPTH_LIMIT }.into());
        };
        match expression {
            Expr::Nested(inner) => self.value(inner, depth),
            Expr::Identifier(name) => self.column(&name.value),
            Expr::CompoundIdentifier(parts) => {
                self.column(&parts.iter().map(|part| part.value.as_str()).collect::<Vec<_>>().join("."))
            }
            Expr::Value(literal) => constant(&literal.value),
            Expr::TypedString(typed) if matches!(typed.data_type, SqlDataType::Date) => match &typed.value.value {
                Literal::SingleQuotedString(text) => date(text),
                _ => Err(not_allowed("this form of a date")),
            },
            Expr::BinaryOp { .. } => self.chain(expression, depth),
            Expr::UnaryOp { op, expr } => self.unary(*op, expr, depth),
            Expr::IsNull(inner) => Ok(Value::Truth(self.value(inner, depth)?.is_null())),
            Expr::IsNotNull(inner) => Ok(Value::Truth(!&self.value(inner, depth)?.is_null())),
            Expr::IsTrue(inner) => self.is(Some(true), inner, false, depth),
            Expr::IsNotTrue(inner) => self.is(Some(true), inner, true, depth),
            Expr::IsFalse(inner) => self.is(Some(false), inner, false, depth),
            Expr::IsNotFalse(inner) => self.is(Some(false), inner, true, depth),
            Expr::IsUnknown(inner) => self.is(None, inner, false, depth),
            Expr::IsNotUnknown(inner) => self.is(None, inner, true, depth),
            Expr::Between { expr, negated, low, high } => {
                let operand = self.side(expr, depth)?;
                let low = compare(&Op::GtEq, &operand, &self.side(low, depth)?)?;
                let high = compare(&Op::LtEq, &operand, &self.side(high, depth)?)?;
                Ok(negate(&low & &high, *negated))
            }
            Expr::InList { expr, list, negated } => {
                let operand = self.side(expr, depth)?;
                let mut found = BooleanChunked::new(PlSmallStr::EMPTY, [false]);
                for item in list {
                    found = &found | &compare(&Op::Eq, &operand, &self.side(item, depth)?)?;
                }
                Ok(negate(found, *negated))
            }
            Expr::Like { negated, any: false, expr, pattern, escape_char: None } => {
                self.like(expr, pattern, false, *negated, depth)
            }
            Expr::ILike { negated, any: false, expr, pattern, escape_char: None } => {
                self.like(expr, pattern, true, *negated, depth)
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref(), depth)
            }
            Expr::Cast {
                kind: CastKind::Cast | CastKind::DoubleColon,
                expr,
                data_type,
                format: None,
                array: false,
            } => self.cast(expr, data_type, depth),
            Expr::Extract { field, expr, .. } => self.extract(field, expr, depth),
            Expr::Ceil { expr, field } => self.whole("`CEIL`", expr, field, f64::ceil, depth),
            Expr::Floor { expr, field } => self.whole("`FLOOR`", expr, field, f64::floor, depth),
            Expr::Function(call) => self.function(call, depth),
            Expr::Subquery(_) | Expr::Exists { .. } | Expr::InSubquery { .. } => {
                Err(SqlProblem::NotAllowed { what: "a subquery".to_owned(), several_patients: true }.into())
            }
            Expr::Interval(_) => Err(not_allowed("an interval (a date plus a number of days will do)")),
            Expr::Wildcard(_) | Expr::QualifiedWildcard(..) => Err(not_allowed("`*`")),
            _ => Err(not_allowed("this form of SQL")),
        }
    }

    fn column(&self, name: &str) -> Evaluated {
        let column = self.columns.iter().find(|typed| typed.column.name == name);
        column.map(Value::of).ok_or_else(|| Fault::UnknownColumn(name.to_owned()))
    }

    /// An operand, with what it is beside its value.
    fn side<'e>(&self, expression: &'e Expr, depth: usize) -> Evaluated<Side<'e>> {
        Ok(Side { expression: bare(expression), value: self.value(expression, depth)? })
    }

    /// Where two expressions are equal.
    pub(super) fn equal(&self, left: &Expr, right: &Expr, depth: usize) -> Evaluated<BooleanChunked> {
        compare(&Op::Eq, &self.side(left, depth)?, &self.side(right, depth)?)
    }

    /// Operators between operands, from the left: a sum of sixty items nests no deeper than one of two.
    fn chain(&self, expression: &Expr, depth: usize) -> Evaluated {
        let mut first = expression;
        let mut rest = Vec::new();
        while let Expr::BinaryOp { left, op, right } = first {
            rest.push((op, right.as_ref()));
            first = left.as_ref();
        }
        let mut left = self.side(first, depth)?;
        for (op, right) in rest.into_iter().rev() {
            let value = binary(op, &left, &self.side(right, depth)?)?;
            left = Side { expression: None, value };
        }
        Ok(left.value)
    }

    fn unary(&self, op: UnaryOperator, inner: &Expr, depth: usize) -> Evaluated {
        let value = self.value(inner, depth)?;
        match (op, value) {
            (UnaryOperator::Not, value) => Ok(Value::Truth(!&truth("`NOT`", &value)?)),
            (UnaryOperator::Minus, Value::Number(values)) => {
                Ok(Value::Number(values.apply_values(|value| 0.0 - value)))
            }
            (UnaryOperator::Plus, value @ Value::Number(_))
            | (UnaryOperator::Minus | UnaryOperator::Plus, value @ Value::Null) => Ok(value),
            (UnaryOperator::Minus | UnaryOperator::Plus, other) => {
                Err(types("a sign".to_owned(), "a number", &[&other]))
            }
            _ => Err(not_allowed("this operator")),
        }
    }

    fn is(&self, wanted: Option<bool>, inner: &Expr, negated: bool, depth: usize) -> Evaluated {
        let value = truth("`IS`", &self.value(inner, depth)?)?;
        Ok(Value::Truth(value.iter().map(|value| (value == wanted) != negated).collect()))
    }

    fn like(&self, text: &Expr, pattern: &Expr, fold: bool, negated: bool, depth: usize) -> Evaluated {
        let Some(Expr::Value(literal)) = bare(pattern) else {
            return Err(not_allowed("a pattern that is not a constant"));
        };
        let Literal::SingleQuotedString(pattern) = &literal.value else {
            return Err(types("`LIKE`".to_owned(), "a pattern in single quotes", &[]));
        };
        match self.value(text, depth)? {
            Value::Text(text) if fold => {
                let pattern = pattern.to_lowercase();
                Ok(negate(text.test(|text| like(&text.to_lowercase(), &pattern)), negated))
            }
            Value::Text(text) => Ok(negate(text.test(|text| like(text, pattern)), negated)),
            Value::Null => Ok(Value::Truth(unknown())),
            other => Err(types("`LIKE`".to_owned(), "text", &[&other])),
        }
    }

    fn case(
        &self,
        operand: Option<&Expr>,
        conditions: &[CaseWhen],
        otherwise: Option<&Expr>,
        depth: usize,
    ) -> Evaluated {
        let operand = operand.map(|operand| self.side(operand, depth)).transpose()?;
        let mut results = Vec::with_capacity(conditions.len());
        for CaseWhen { condition, result } in conditions {
            let mask = match &operand {
                Some(operand) => compare(&Op::Eq, operand, &self.side(condition, depth)?)?,
                None => truth("`WHEN`", &self.value(condition, depth)?)?,
            };
            results.push((mask, self.value(result, depth)?));
        }
        let otherwise = otherwise.map_or(Ok(Value::Null), |otherwise| self.value(otherwise, depth))?;

        // Levels are to stand in the order of the text, although the choice is made from the last branch to the first.
        let branches = results.iter().map(|(_, value)| value).chain([&otherwise]);
        let texts: Vec<&Text> =
            branches.filter_map(|value| if let Value::Text(text) = value { Some(text) } else { None }).collect();
        let levels = texts.split_first().map(|(first, rest)| {
            rest.iter().fold((*first).clone(), |all, text| {
                let Aligned { levels, left, .. } = all.align(text);
                Text { levels, codes: left, ordered: false, declared: all.declared && text.declared }
            })
        });
        let mut chosen = otherwise;
        for (mask, value) in results.into_iter().rev() {
            chosen = self.choose("`CASE`", &mask, value, chosen)?;
        }
        Ok(match (chosen, levels) {
            (Value::Text(text), Some(all)) if texts_differ(&text, &all) => {
                let Aligned { levels, right, .. } = all.align(&text);
                Value::Text(Text { levels, codes: right, ordered: false, declared: all.declared })
            }
            (chosen, _) => chosen,
        })
    }

    pub(super) fn choose(&self, operation: &str, mask: &BooleanChunked, then: Value, otherwise: Value) -> Evaluated {
        let found = [then.sql_type(), otherwise.sql_type()];
        Value::choose(mask, then, otherwise).ok_or_else(|| {
            let (operation, found) = (operation.to_owned(), found.to_vec());
            SqlProblem::Types { operation, expected: "values of one type", found }.into()
        })
    }

    fn cast(&self, inner: &Expr, target: &SqlDataType, depth: usize) -> Evaluated {
        let whole = matches!(
            target,
            SqlDataType::Int(_) | SqlDataType::Integer(_) | SqlDataType::BigInt(_) | SqlDataType::SmallInt(_)
        );
        let real = matches!(
            target,
            SqlDataType::Double(_) | SqlDataType::DoublePrecision | SqlDataType::Float(_) | SqlDataType::Real
        );
        match self.value(inner, depth)? {
            Value::Truth(values) if whole || real => {
                Ok(Value::Number(values.iter().map(|value| value.map(|value| f64::from(u8::from(value)))).collect()))
            }
            Value::Number(values) if real => Ok(Value::Number(values)),
            Value::Text(text) if whole || real => {
                let numbers: Option<Vec<f64>> = text.levels.iter().map(|level| number(level, false).ok()).collect();
                let numbers = numbers.ok_or(SqlProblem::NotNumbers)?;
                Ok(Value::Number(text.map(|code| numbers.get(code as usize).copied())))
            }
            Value::Number(_) if whole => {
                Err(not_allowed("a cast that drops decimals (`ROUND`, `FLOOR` and `CEIL` say how)"))
            }
            Value::Null => Ok(Value::Null),
            _ => Err(not_allowed("this cast (to `DOUBLE` it may be a boolean or text)")),
        }
    }

    fn extract(&self, field: &DateTimeField, inner: &Expr, depth: usize) -> Evaluated {
        let part: fn(chrono::NaiveDate) -> f64 = match field {
            DateTimeField::Year | DateTimeField::Years => |date| f64::from(date.year()),
            DateTimeField::Month | DateTimeField::Months => |date| f64::from(date.month()),
            DateTimeField::Day | DateTimeField::Days => |date| f64::from(date.day()),
            _ => return Err(not_allowed("a part of a date other than `YEAR`, `MONTH` and `DAY`")),
        };
        match self.value(inner, depth)? {
            Value::Date(days) => {
                Ok(Value::Number(days.iter().map(|day| day.and_then(date_after_epoch).map(part)).collect()))
            }
            Value::Null => Ok(Value::Null),
            other => Err(types("`EXTRACT`".to_owned(), "a date", &[&other])),
        }
    }

    fn whole(
        &self,
        operation: &str,
        inner: &Expr,
        field: &CeilFloorKind,
        function: fn(f64) -> f64,
        depth: usize,
    ) -> Evaluated {
        if !matches!(field, CeilFloorKind::DateTimeField(DateTimeField::NoDateTime)) {
            return Err(not_allowed("more than one argument here"));
        }
        match self.value(inner, depth)? {
            Value::Number(values) => Ok(Value::Number(values.apply_values(function))),
            Value::Null => Ok(Value::Null),
            other => Err(types(operation.to_owned(), "a number", &[&other])),
        }
    }
}

/// An operand.
struct Side<'e> {
    /// How it is written, without parentheses, where it is one part of the text.
    expression: Option<&'e Expr>,
    value: Value,
}

fn bare(mut expression: &Expr) -> Option<&Expr> {
    while let Expr::Nested(inner) = expression {
        expression = inner;
    }
    Some(expression)
}

impl Side<'_> {
    fn literal(&self) -> Option<&Literal> {
        match self.expression? {
            Expr::Value(literal) => Some(&literal.value),
            _ => None,
        }
    }

    fn column(&self) -> Option<String> {
        match self.expression? {
            Expr::Identifier(name) => Some(name.value.clone()),
            Expr::CompoundIdentifier(parts) => {
                Some(parts.iter().map(|part| part.value.as_str()).collect::<Vec<_>>().join("."))
            }
            _ => None,
        }
    }

    /// The value as it compares with another operand: a constant becomes a date, or one of the levels.
    fn beside(&self, other: &Side<'_>) -> Evaluated {
        let (Some(literal), as_levels) = (self.literal(), &other.value) else { return Ok(self.value.clone()) };
        match (literal, as_levels) {
            (Literal::SingleQuotedString(text), Value::Date(_)) => date(text),
            (Literal::SingleQuotedString(label), Value::Text(text))
                if text.declared && !text.levels.contains(label) =>
            {
                Err(not_a_level(other.column(), label, text))
            }
            (Literal::Number(digits, _), Value::Text(text)) => {
                let value = number(digits, false).ok();
                let same = text.levels.iter().find(|level| Code::new(level).is(digits, value));
                match same {
                    Some(level) => Ok(Value::Text(Text::constant(level))),
                    None if text.declared => Err(not_a_level(other.column(), digits, text)),
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
        nearest: nearest(label, text.levels.iter().map(String::as_str)),
        levels: text.levels.to_vec(),
    }
    .into()
}

fn constant(literal: &Literal) -> Evaluated {
    match literal {
        Literal::Number(digits, _) => number(digits, false)
            .map(Value::constant)
            .map_err(|_| SqlProblem::NotANumber { text: digits.clone() }.into()),
        Literal::SingleQuotedString(text) => Ok(Value::Text(Text::constant(text))),
        Literal::Boolean(value) => Ok(Value::Truth(BooleanChunked::new(PlSmallStr::EMPTY, [*value]))),
        Literal::Null => Ok(Value::Null),
        _ => Err(not_allowed("this form of a constant")),
    }
}

fn date(text: &str) -> Evaluated {
    let day = day(text.trim(), ISO_DATE).ok_or_else(|| SqlProblem::NotADate { text: text.to_owned() })?;
    Ok(Value::Date(Int32Chunked::new(PlSmallStr::EMPTY, [day])))
}

fn binary(op: &Op, left: &Side<'_>, right: &Side<'_>) -> Evaluated {
    match op {
        Op::And => Ok(Value::Truth(&truth("`AND`", &left.value)? & &truth("`AND`", &right.value)?)),
        Op::Or => Ok(Value::Truth(&truth("`OR`", &left.value)? | &truth("`OR`", &right.value)?)),
        Op::Xor => Ok(Value::Truth(&truth("`XOR`", &left.value)? ^ &truth("`XOR`", &right.value)?)),
        Op::Eq | Op::NotEq | Op::Lt | Op::LtEq | Op::Gt | Op::GtEq => Ok(Value::Truth(compare(op, left, right)?)),
        Op::Plus | Op::Minus | Op::Multiply | Op::Divide | Op::Modulo => arithmetic(op, &left.value, &right.value),
        _ => Err(not_allowed("this operator")),
    }
}

fn arithmetic(op: &Op, left: &Value, right: &Value) -> Evaluated {
    let days = |date: &Int32Chunked, number: &Float64Chunked, sign: f64| {
        // A day beyond the calendar is missing.
        let moved = pairwise(&as_numbers(date), number, |date, days| date + sign * days.trunc());
        Value::Date(moved.iter().map(|day| day.and_then(whole_day)).collect())
    };
    match (op, left, right) {
        (_, Value::Null, Value::Number(_)) | (_, Value::Number(_) | Value::Null, Value::Null) => {
            Ok(Value::Number(Float64Chunked::full_null(PlSmallStr::EMPTY, 1)))
        }
        (_, Value::Number(left), Value::Number(right)) => Ok(Value::Number(finite(match op {
            Op::Plus => left + right,
            Op::Minus => left - right,
            Op::Multiply => left * right,
            Op::Divide => left / right,
            _ => pairwise(left, right, |left, right| left % right),
        }))),
        (Op::Minus, Value::Date(left), Value::Date(right)) => Ok(Value::Number(&as_numbers(left) - &as_numbers(right))),
        (Op::Plus, Value::Date(date), Value::Number(number)) | (Op::Plus, Value::Number(number), Value::Date(date)) => {
            Ok(days(date, number, 1.0))
        }
        (Op::Minus, Value::Date(date), Value::Number(number)) => Ok(days(date, number, -1.0)),
        _ => Err(types(format!("`{op}`"), "numbers, or dates and days", &[left, right])),
    }
}

fn as_numbers(days: &Int32Chunked) -> Float64Chunked {
    days.iter().map(|day| day.map(f64::from)).collect()
}

fn whole_day(day: f64) -> Option<i32> {
    let within = day >= f64::from(i32::MIN) && day <= f64::from(i32::MAX);
    within.then_some(day as i32).filter(|day| date_after_epoch(*day).is_some())
}

fn compare(op: &Op, left: &Side<'_>, right: &Side<'_>) -> Evaluated<BooleanChunked> {
    let (left, right) = (left.beside(right)?, right.beside(left)?);
    let equality = matches!(op, Op::Eq | Op::NotEq);
    match (&left, &right) {
        (Value::Null, _) | (_, Value::Null) => Ok(unknown()),
        (Value::Number(left), Value::Number(right)) => Ok(compared(op, left, right)),
        (Value::Date(left), Value::Date(right)) => Ok(compared(op, left, right)),
        (Value::Truth(left), Value::Truth(right)) if equality => {
            let differ = left ^ right;
            Ok(if *op == Op::Eq { !&differ } else { differ })
        }
        (Value::Text(left), Value::Text(right)) => {
            // The order is that of the ordinal side; a constant has been found among its levels.
            let order = if left.ordered { left } else { right };
            let other = if left.ordered { right } else { left };
            let comparable = order.ordered && other.levels.iter().all(|level| order.levels.contains(level));
            let one_order = !other.ordered || Arc::ptr_eq(&order.levels, &other.levels) || order.levels == other.levels;
            if !(equality || (comparable && one_order)) {
                return Err(types(
                    format!("`{op}`"),
                    "numbers, dates or levels of one order",
                    &[&Value::Text(left.clone()), &Value::Text(right.clone())],
                ));
            }
            let Aligned { left: in_order, right: others, .. } = order.align(other);
            let (left, right) = if std::ptr::eq(order, left) { (in_order, others) } else { (others, in_order) };
            Ok(compared(op, &left, &right))
        }
        _ => {
            let expected = if equality { "values of one type" } else { "numbers, dates or levels of one order" };
            Err(types(format!("`{op}`"), expected, &[&left, &right]))
        }
    }
}

fn compared<T>(op: &Op, left: &ChunkedArray<T>, right: &ChunkedArray<T>) -> BooleanChunked
where
    T: PolarsNumericType,
{
    match op {
        Op::Eq => left.equal(right),
        Op::NotEq => left.not_equal(right),
        Op::Lt => left.lt(right),
        Op::LtEq => left.lt_eq(right),
        Op::Gt => left.gt(right),
        _ => left.gt_eq(right),
    }
}

fn truth(operation: &str, value: &Value) -> Evaluated<BooleanChunked> {
    match value {
        Value::Truth(values) => Ok(values.clone()),
        Value::Null => Ok(unknown()),
        other => Err(types(operation.to_owned(), "conditions", &[other])),
    }
}

fn unknown() -> BooleanChunked {
    BooleanChunked::full_null(PlSmallStr::EMPTY, 1)
}

fn negate(values: BooleanChunked, negated: bool) -> Value {
    Value::Truth(if negated { !&values } else { values })
}

fn texts_differ(text: &Text, all: &Text) -> bool {
    text.levels != all.levels
}

/// An operation on operands that it does not take.
pub(super) fn types(operation: String, expected: &'static str, found: &[&Value]) -> Fault {
    let found: Vec<SqlType> = found.iter().map(|value| value.sql_type()).collect();
    SqlProblem::Types { operation, expected, found }.into()
}

fn not_allowed(what: &str) -> Fault {
    SqlProblem::NotAllowed { what: what.to_owned(), several_patients: false }.into()
}
