//! Text to cells.

use std::collections::HashMap;
use std::io::Read;

use crate::codebook::Codebook;
use crate::decode::line_at;
use crate::error::CohortError;
use crate::format::Grid;
use crate::source::ReadOptions;

/// The longest field that is read. Longer ones are rows swallowed by a quote, not values.
const FIELD_LIMIT: usize = 1 << 20;

/// Delimiters that are looked for, the likeliest first.
const USUAL_DELIMITERS: [char; 3] = [',', ';', '\t'];

/// A table of text.
pub(crate) struct Table<'t> {
    text: &'t str,
    /// The names of the columns, trimmed, none empty, none twice.
    pub(crate) names: Vec<String>,
    pub(crate) columns: Vec<Cells>,
    /// Where each row begins in `text`.
    rows: Vec<usize>,
    /// The number of each row of a table that is not text.
    numbers: Option<Vec<u64>>,
    /// What the file itself says about its columns.
    pub(crate) codebook: Codebook,
    /// A delimiter that would split a header that is whole now.
    pub(crate) other_delimiter: Option<char>,
}

impl<'t> Table<'t> {
    /// Reads the table of `file`. Lines with nothing on them are passed over; cells are trimmed.
    pub(crate) fn read(file: &str, text: &'t str, options: &ReadOptions) -> Result<Self, CohortError> {
        if text.trim().is_empty() {
            return Err(CohortError::EmptyFile { file: file.to_owned() });
        }
        let quote = options.quote.unwrap_or('"');
        let quote_byte = single_byte("quote", quote)?;
        let delimiter = options.delimiter.unwrap_or_else(|| sniff(file, text, quote));
        let delimiter_byte = single_byte("delimiter", delimiter)?;
        if delimiter == quote {
            return Err(CohortError::Option { option: "delimiter", given: delimiter, must_be: "another than `quote`" });
        }

        // The reader takes the end of the file for the end of a quoted field. A record of our own behind the text tells
        // whether a quote is open there: an open one swallows it.
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter_byte)
            .quote(quote_byte)
            .from_reader(text.as_bytes().chain(&b"\n\x1f"[..]));
        let mut record = csv::StringRecord::new();
        let mut table = Table {
            text,
            names: Vec::new(),
            columns: Vec::new(),
            rows: Vec::new(),
            numbers: None,
            codebook: Codebook::default(),
            other_delimiter: None,
        };
        let mut in_header = true;
        loop {
            let start = reader.position().byte() as usize;
            if !reader.read_record(&mut record).unwrap_or(false) {
                // Reading text from memory does not fail, and our own record comes before the end: a table cut short
                // would be the worst of answers, so that this is an error all the same.
                let (file, line) = (file.to_owned(), table.line_from(start));
                return Err(CohortError::NotText { file, line, byte: start, encoding: "UTF-8", declared: true });
            }
            if reader.position().byte() as usize > text.len() + 1 {
                if record.len() != 1 || record.get(0) != Some("\x1f") {
                    return Err(CohortError::UnclosedQuote {
                        file: file.to_owned(),
                        line: table.line_from(start),
                        quote,
                    });
                }
                break;
            }
            if let Some(position) = record.iter().position(|field| field.len() > FIELD_LIMIT) {
                return Err(CohortError::FieldTooLong {
                    file: file.to_owned(),
                    line: table.line_from(start),
                    position: position + 1,
                    limit: FIELD_LIMIT,
                });
            }
            if in_header {
                table.header(file, &record, start)?;
                if let [name] = table.names.as_slice() {
                    let splits = |other: &char| *other != delimiter && name.contains(*other);
                    table.other_delimiter = USUAL_DELIMITERS.into_iter().find(splits);
                }
                in_header = false;
            } else {
                table.row(file, &record, start)?;
            }
        }
        if table.rows.is_empty() {
            return Err(CohortError::NoRows { file: file.to_owned() });
        }
        Ok(table)
    }

    fn header(&mut self, file: &str, record: &csv::StringRecord, start: usize) -> Result<(), CohortError> {
        let line = self.line_from(start);
        let mut places = HashMap::new();
        for (at, field) in record.iter().enumerate() {
            let (name, position) = (field.trim(), at + 1);
            if name.is_empty() {
                return Err(CohortError::UnnamedColumn { file: file.to_owned(), line, position });
            }
            if let Some(first) = places.insert(name, position) {
                let (file, name) = (file.to_owned(), name.to_owned());
                return Err(CohortError::DuplicateColumn { file, line, name, first, second: position });
            }
            self.names.push(name.to_owned());
            self.columns.push(Cells::default());
        }
        Ok(())
    }

    fn row(&mut self, file: &str, record: &csv::StringRecord, start: usize) -> Result<(), CohortError> {
        if record.len() != self.names.len() {
            return Err(CohortError::RaggedRow {
                file: file.to_owned(),
                line: self.line_from(start),
                found: record.len(),
                expected: self.names.len(),
                delimiter: self.other_delimiter,
            });
        }
        self.rows.push(start);
        for (cells, field) in self.columns.iter_mut().zip(record) {
            cells.push(field.trim());
        }
        Ok(())
    }

    /// How many rows.
    pub(crate) fn height(&self) -> usize {
        self.numbers.as_ref().map_or(self.rows.len(), Vec::len)
    }

    /// Whether another program wrote it, and not as text.
    pub(crate) fn is_grid(&self) -> bool {
        self.numbers.is_some()
    }

    /// The line on which a row begins.
    ///
    /// Of a table that another program wrote, the row as that program counts.
    pub(crate) fn line(&self, row: usize) -> u64 {
        if let Some(numbers) = &self.numbers {
            return numbers.get(row).copied().unwrap_or_default();
        }
        self.line_from(self.rows.get(row).copied().unwrap_or(self.text.len()))
    }

    /// The line on which a record begins if the one before it ended at `start`.
    fn line_from(&self, start: usize) -> u64 {
        let bytes = self.text.as_bytes();
        let blank = bytes.iter().skip(start).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        line_at(bytes, start + blank)
    }
}

/// The cells of one column, in one piece of memory.
#[derive(Default)]
pub(crate) struct Cells {
    text: String,
    ends: Vec<usize>,
}

impl Cells {
    pub(crate) fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The cells from the first row to the last.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let cell = self.text.get(start..*end).unwrap_or_default();
            start = *end;
            cell
        })
    }
}

fn single_byte(option: &'static str, given: char) -> Result<u8, CohortError> {
    u8::try_from(given)
        .ok()
        .filter(|byte| byte.is_ascii() && !matches!(byte, b'\r' | b'\n' | 0x1f | 0))
        .ok_or(CohortError::Option { option, given, must_be: "one ASCII character and no line break" })
}

/// The rule of [`ReadOptions::delimiter`].
fn sniff(file: &str, text: &str, quote: char) -> char {
    let ends_in = |extension: &str| {
        file.len() >= extension.len()
            && file.as_bytes()[file.len() - extension.len()..].eq_ignore_ascii_case(extension.as_bytes())
    };
    if ends_in(".tsv") || ends_in(".tab") {
        return '\t';
    }
    let mut counts = [0_usize; USUAL_DELIMITERS.len()];
    let mut quoted = false;
    for c in text.trim_start_matches(['\r', '\n']).chars() {
        if c == quote {
            quoted = !quoted;
        } else if !quoted && matches!(c, '\r' | '\n') {
            break;
        } else if !quoted && let Some(at) = USUAL_DELIMITERS.iter().position(|usual| *usual == c) {
            counts[at] += 1;
        }
    }
    let mut best = 0;
    for at in 1..counts.len() {
        if counts[at] > counts[best] {
            best = at;
        }
    }
    USUAL_DELIMITERS[best]
}

impl From<Grid> for Table<'static> {
    fn from(grid: Grid) -> Self {
        Self {
            text: "",
            names: grid.names,
            columns: grid.columns,
            rows: Vec::new(),
            numbers: Some(grid.rows),
            codebook: grid.codebook,
            other_delimiter: None,
        }
    }
}
