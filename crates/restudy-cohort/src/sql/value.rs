//! The values of an expression.

use std::collections::HashMap;
use std::sync::Arc;

use polars::prelude::*;

use crate::column::{Column, Values};
use crate::error::SqlType;
use crate::typing::View;

/// A column, or a constant in a column of length one. Numbers are finite.
#[derive(Clone)]
pub(crate) enum Value {
    Null,
    Number(Float64Chunked),
    Text(Text),
    Truth(BooleanChunked),
    /// Days since 1970-01-01.
    Date(Int32Chunked),
}

/// Text, each distinct one once.
#[derive(Clone)]
pub(crate) struct Text {
    /// The distinct texts.
    pub(crate) levels: Arc<[String]>,
    /// The place of each row's text among them.
    pub(crate) codes: UInt32Chunked,
    /// Whether the levels are in an order that means something.
    pub(crate) ordered: bool,
    /// Whether the levels are declared, in the codebook or in the expression, so that others are mistakes.
    pub(crate) declared: bool,
}

/// Two texts on one list of levels.
pub(crate) struct Aligned {
    pub(crate) levels: Arc<[String]>,
    pub(crate) left: UInt32Chunked,
    pub(crate) right: UInt32Chunked,
}

impl Value {
    /// What a typed column is in SQL.
    pub(crate) fn of(column: &Column, view: View) -> Self {
        match &column.values {
            Values::Numbers(values) => Self::Number(values.iter().copied().collect()),
            Values::Dates(days) => Self::Date(days.iter().copied().collect()),
            Values::Levels { levels, codes } => match view {
                View::Truth => Self::Truth(codes.iter().map(|code| code.map(|code| code == 1)).collect()),
                View::Numeric => {
                    let numbers: Vec<Option<f64>> = levels.iter().map(|level| level.parse().ok()).collect();
                    let number = |code: Option<u32>| numbers.get(code? as usize).copied().flatten();
                    Self::Number(codes.iter().map(|code| number(*code)).collect())
                }
                view => Self::Text(Text {
                    levels: levels.clone().into(),
                    codes: codes.iter().copied().collect(),
                    ordered: view == View::Ordered,
                    declared: view != View::Plain,
                }),
            },
        }
    }

    pub(crate) fn sql_type(&self) -> SqlType {
        match self {
            Self::Null => SqlType::Null,
            Self::Number(_) => SqlType::Number,
            Self::Text(_) => SqlType::Text,
            Self::Truth(_) => SqlType::Boolean,
            Self::Date(_) => SqlType::Date,
        }
    }

    /// Where it has no value.
    pub(crate) fn is_null(&self) -> BooleanChunked {
        match self {
            Self::Null => BooleanChunked::new(PlSmallStr::EMPTY, [true]),
            Self::Number(values) => values.is_null(),
            Self::Text(text) => text.codes.is_null(),
            Self::Truth(values) => values.is_null(),
            Self::Date(days) => days.is_null(),
        }
    }

    /// Makes a constant a column of so many rows.
    pub(crate) fn spread(self, rows: usize) -> Self {
        match self {
            Self::Number(values) if values.len() == 1 => Self::Number(values.new_from_index(0, rows)),
            Self::Text(Text { levels, codes, ordered, declared }) if codes.len() == 1 => {
                Self::Text(Text { levels, codes: codes.new_from_index(0, rows), ordered, declared })
            }
            Self::Truth(values) if values.len() == 1 => Self::Truth(values.new_from_index(0, rows)),
            Self::Date(days) if days.len() == 1 => Self::Date(days.new_from_index(0, rows)),
            other => other,
        }
    }

    /// `then` where the mask is true, `otherwise` elsewhere; `None` if the two are not of one type.
    pub(crate) fn choose(mask: &BooleanChunked, then: Self, otherwise: Self) -> Option<Self> {
        Some(match (then, otherwise) {
            (Self::Null, Self::Null) => Self::Null,
            (then, Self::Null) => {
                let nothing = then.nothing();
                return Self::choose(mask, then, nothing);
            }
            (Self::Null, otherwise) => return Self::choose(mask, otherwise.nothing(), otherwise),
            (Self::Number(then), Self::Number(otherwise)) => Self::Number(pick(mask, &then, &otherwise)),
            (Self::Date(then), Self::Date(otherwise)) => Self::Date(pick(mask, &then, &otherwise)),
            (Self::Truth(then), Self::Truth(otherwise)) => Self::Truth(pick(mask, &then, &otherwise)),
            (Self::Text(then), Self::Text(otherwise)) => {
                let Aligned { levels, left, right } = then.align(&otherwise);
                let ordered = then.ordered && then.levels == otherwise.levels;
                let declared = then.declared && otherwise.declared;
                Self::Text(Text { levels, codes: pick(mask, &left, &right), ordered, declared })
            }
            _ => return None,
        })
    }

    /// Missing, in this value's type.
    fn nothing(&self) -> Self {
        match self {
            Self::Null => Self::Null,
            Self::Number(_) => Self::Number(Float64Chunked::full_null(PlSmallStr::EMPTY, 1)),
            Self::Truth(_) => Self::Truth(BooleanChunked::full_null(PlSmallStr::EMPTY, 1)),
            Self::Date(_) => Self::Date(Int32Chunked::full_null(PlSmallStr::EMPTY, 1)),
            Self::Text(text) => {
                Self::Text(Text { codes: UInt32Chunked::full_null(PlSmallStr::EMPTY, 1), ..text.clone() })
            }
        }
    }
}

impl Text {
    /// A text for everybody.
    pub(crate) fn constant(text: &str) -> Self {
        Self {
            levels: Arc::new([text.to_owned()]),
            codes: UInt32Chunked::new(PlSmallStr::EMPTY, [0_u32]),
            ordered: false,
            declared: true,
        }
    }

    /// Both texts on the levels of the first, followed by those that only the second has.
    pub(crate) fn align(&self, other: &Self) -> Aligned {
        if Arc::ptr_eq(&self.levels, &other.levels) || self.levels == other.levels {
            let levels = Arc::clone(&self.levels);
            return Aligned { levels, left: self.codes.clone(), right: other.codes.clone() };
        }
        let mut levels = self.levels.to_vec();
        let mut places: HashMap<&str, u32> = self.levels.iter().map(String::as_str).zip(0..).collect();
        let moved: Vec<u32> = other
            .levels
            .iter()
            .map(|level| {
                *places.entry(level).or_insert_with(|| {
                    levels.push(level.clone());
                    levels.len() as u32 - 1
                })
            })
            .collect();
        Aligned {
            left: self.codes.clone(),
            right: other.map(|code| moved.get(code as usize).copied()),
            levels: levels.into(),
        }
    }

    /// What follows for each row from its level.
    pub(crate) fn map<T, C: FromIterator<Option<T>>>(&self, of_level: impl Fn(u32) -> Option<T>) -> C {
        self.codes.iter().map(|code| code.and_then(&of_level)).collect()
    }

    /// A truth about each row that follows from its text.
    pub(crate) fn test(&self, of_text: impl Fn(&str) -> bool) -> BooleanChunked {
        let truths: Vec<bool> = self.levels.iter().map(|level| of_text(level)).collect();
        self.map(|code| truths.get(code as usize).copied())
    }
}

/// The rows of `then` where the mask is true, of `otherwise` elsewhere.
fn pick<T, V>(mask: &BooleanChunked, then: &ChunkedArray<T>, otherwise: &ChunkedArray<T>) -> ChunkedArray<T>
where
    T: for<'a> PolarsDataType<Physical<'a> = V>,
    ChunkedArray<T>: FromIterator<Option<V>>,
{
    let rows = mask.len().max(then.len()).max(otherwise.len());
    let place = |row, length| if length == 1 { 0 } else { row };
    let chosen = |row| if mask.get(place(row, mask.len())) == Some(true) { then } else { otherwise };
    (0..rows)
        .map(|row| {
            let chosen = chosen(row);
            chosen.get(place(row, chosen.len()))
        })
        .collect()
}

/// Makes what is not a number missing.
pub(crate) fn finite(values: Float64Chunked) -> Float64Chunked {
    if values.iter().flatten().all(f64::is_finite) {
        values
    } else {
        values.iter().map(|value| value.filter(|value| value.is_finite())).collect()
    }
}
