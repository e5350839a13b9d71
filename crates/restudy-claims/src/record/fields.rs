//! A TOML table read key by key, with the place of everything that may be wrong.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{Problem, RecordError};
use crate::printed::{Decimal, Printed, Relation};

/// The file's name and text: places in it become lines and columns.
#[derive(Clone, Copy)]
pub(super) struct Source<'i> {
    pub(super) name: &'i str,
    pub(super) text: &'i str,
}

impl Source<'_> {
    /// The error at a byte offset.
    pub(super) fn error(self, offset: usize, problem: Problem) -> RecordError {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        RecordError {
            file: self.name.to_owned(),
            line: self.line(offset),
            column: before[line_start..].chars().count() + 1,
            problem,
        }
    }

    /// The line of a byte offset, from 1.
    pub(super) fn line(self, offset: usize) -> usize {
        self.text.get(..offset).unwrap_or(self.text).matches('\n').count() + 1
    }
}

/// A text and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) offset: usize,
}

/// One block of the file.
pub(super) struct Fields<'t, 'i> {
    source: Source<'i>,
    table: &'t DeTable<'i>,
    /// Where the block stands.
    pub(super) offset: usize,
    /// What it is, for messages: "a row of a table".
    pub(super) block: &'static str,
}

impl<'t, 'i> Fields<'t, 'i> {
    /// A table as a block of the keys `known`; the first other key is an error.
    pub(super) fn new<K: AsRef<str>>(
        source: Source<'i>,
        table: &'t DeTable<'i>,
        span: Range<usize>,
        block: &'static str,
        known: &[K],
    ) -> Result<Self, RecordError> {
        let mut unknown: Vec<_> =
            table.keys().filter(|key| !known.iter().any(|name| name.as_ref() == key.get_ref())).collect();
        unknown.sort_by_key(|key| key.span().start);
        if let Some(key) = unknown.first() {
            let known = known.iter().map(|name| name.as_ref().to_owned()).collect();
            let problem = Problem::UnknownKey { key: key.get_ref().to_string(), block, known };
            return Err(source.error(key.span().start, problem));
        }
        Ok(Self { source, table, offset: span.start, block })
    }

    /// The error `problem` at this block.
    pub(super) fn error(&self, problem: Problem) -> RecordError {
        self.source.error(self.offset, problem)
    }

    fn get(&self, key: &str) -> Option<&'t Spanned<DeValue<'i>>> {
        self.table.get(key)
    }

    fn missing(&self, key: &str) -> RecordError {
        self.error(Problem::MissingKey { key: key.to_owned(), block: self.block })
    }

    fn wrong_type(&self, key: &str, value: &Spanned<DeValue<'i>>, expected: &'static str) -> RecordError {
        let problem = Problem::WrongType { key: key.to_owned(), expected, found: value.get_ref().type_str() };
        self.source.error(value.span().start, problem)
    }

    /// The text of a key, if it is there.
    pub(super) fn text(&self, key: &str) -> Result<Option<Text>, RecordError> {
        self.get(key).map(|value| self.as_text(key, value, "a text in quotes")).transpose()
    }

    /// The text of a key that must be there.
    pub(super) fn needed_text(&self, key: &str) -> Result<Text, RecordError> {
        self.text(key)?.ok_or_else(|| self.missing(key))
    }

    /// The texts of a key; none when it is not there.
    pub(super) fn texts(&self, key: &str) -> Result<Vec<Text>, RecordError> {
        const EXPECTED: &str = "a list of texts in quotes";
        let Some(value) = self.get(key) else { return Ok(Vec::new()) };
        let list = value.get_ref().as_array().ok_or_else(|| self.wrong_type(key, value, EXPECTED))?;
        list.iter().map(|item| self.as_text(key, item, EXPECTED)).collect()
    }

    fn as_text(&self, key: &str, value: &Spanned<DeValue<'i>>, expected: &'static str) -> Result<Text, RecordError> {
        match value.get_ref().as_str() {
            Some(text) => Ok(Text { text: text.to_owned(), offset: value.span().start }),
            None => Err(self.wrong_type(key, value, expected)),
        }
    }

    /// A count of patients, if it is there.
    pub(super) fn size(&self, key: &str) -> Result<Option<u64>, RecordError> {
        const LARGEST: u64 = 1_000_000;
        let Some(value) = self.get(key) else { return Ok(None) };
        value
            .get_ref()
            .as_integer()
            .and_then(|integer| u64::from_str_radix(integer.as_str(), integer.radix()).ok())
            .filter(|size| *size <= LARGEST)
            .map(Some)
            .ok_or_else(|| self.wrong_type(key, value, "a whole number of patients, at most a million"))
    }

    /// The count of patients of a key that must be there.
    pub(super) fn needed_size(&self, key: &str) -> Result<u64, RecordError> {
        self.size(key)?.ok_or_else(|| self.missing(key))
    }

    /// Whole numbers; none when the key is not there.
    pub(super) fn sizes(&self, key: &str) -> Result<Vec<u64>, RecordError> {
        let Some(value) = self.get(key) else { return Ok(Vec::new()) };
        let wrong = || self.wrong_type(key, value, "a list of whole numbers");
        let list = value.get_ref().as_array().ok_or_else(wrong)?;
        list.iter()
            .map(|item| item.get_ref().as_integer().and_then(|integer| integer.as_str().parse().ok()).ok_or_else(wrong))
            .collect()
    }

    /// A decimal number, written as one or in quotes, with the decimals it is written with.
    pub(super) fn decimal(&self, key: &str) -> Result<Option<Decimal>, RecordError> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let written = match value.get_ref() {
            DeValue::Integer(integer) => Some(integer.as_str()),
            DeValue::Float(float) => Some(float.as_str()),
            DeValue::String(text) => Some(text.as_ref()),
            _ => None,
        };
        let printed = written.and_then(|text| Printed::parse(&text.replace('_', "")).ok());
        printed
            .filter(|number| number.relation() == Relation::Rounded)
            .map(|number| Some(number.decimal()))
            .ok_or_else(|| self.wrong_type(key, value, "a decimal number of at most 18 digits"))
    }

    /// The keys of a table of texts and the text of each, in the order of the file; none when it is not there.
    pub(super) fn named_texts(&self, key: &str) -> Result<Vec<(Text, Text)>, RecordError> {
        const EXPECTED: &str = "a table of texts in quotes";
        let Some(value) = self.get(key) else { return Ok(Vec::new()) };
        let table = value.get_ref().as_table().ok_or_else(|| self.wrong_type(key, value, EXPECTED))?;
        let mut pairs: Vec<(Text, Text)> = table
            .iter()
            .map(|(name, item)| {
                let name = Text { text: name.get_ref().to_string(), offset: name.span().start };
                Ok((name, self.as_text(key, item, EXPECTED)?))
            })
            .collect::<Result<_, RecordError>>()?;
        pairs.sort_by_key(|(name, _)| name.offset);
        Ok(pairs)
    }

    /// A yes or no; no when it is not there.
    pub(super) fn flag(&self, key: &str) -> Result<bool, RecordError> {
        let Some(value) = self.get(key) else { return Ok(false) };
        value.get_ref().as_bool().ok_or_else(|| self.wrong_type(key, value, "true or false"))
    }

    /// The block of a key, if it is there.
    pub(super) fn block<K: AsRef<str>>(
        &self,
        key: &str,
        block: &'static str,
        known: &[K],
    ) -> Result<Option<Fields<'t, 'i>>, RecordError> {
        self.get(key).map(|value| self.as_block(key, value, block, known)).transpose()
    }

    /// The blocks of a key, in the order of the file; none when it is not there.
    pub(super) fn blocks<K: AsRef<str>>(
        &self,
        key: &str,
        block: &'static str,
        known: &[K],
    ) -> Result<Vec<Fields<'t, 'i>>, RecordError> {
        let Some(value) = self.get(key) else { return Ok(Vec::new()) };
        let list = value.get_ref().as_array().ok_or_else(|| self.wrong_type(key, value, "a list of tables"))?;
        list.iter().map(|item| self.as_block(key, item, block, known)).collect()
    }

    fn as_block<K: AsRef<str>>(
        &self,
        key: &str,
        value: &'t Spanned<DeValue<'i>>,
        block: &'static str,
        known: &[K],
    ) -> Result<Fields<'t, 'i>, RecordError> {
        let table = value.get_ref().as_table().ok_or_else(|| self.wrong_type(key, value, "a table"))?;
        Fields::new(self.source, table, value.span(), block, known)
    }
}
