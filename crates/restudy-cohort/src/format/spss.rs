//! SPSS system files, .sav and .zsav.
//!
//! The layout is that of the PSPP developers' guide, "System File Format". Value labels become levels, user-missing values
//! missing codes (a range, those of its values that are met), the system-missing value an empty cell.

use std::collections::HashMap;

use encoding_rs::Encoding;

use super::{Described, Grid, MOMENT, damaged, day, moment, written};
use crate::code::number;
use crate::error::CohortError;
use crate::table::Cells;

const PROGRAM: &str = "SPSS";
/// Seconds from 1582-10-14, from which SPSS counts, to 1970-01-01.
const EPOCH: f64 = 12_219_379_200.0;
/// The most that a block of a .zsav file may hold.
const BLOCK_LIMIT: usize = 1 << 26;
/// The bytes of a very long string that each of its segments holds.
const SEGMENT: usize = 255;

pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Grid, CohortError> {
    let mut reader = Reader { bytes, at: 0, swapped: false };
    let read = reader.dictionary().and_then(|dictionary| {
        let data = dictionary.data(&reader)?;
        dictionary.grid(&data)
    });
    read.ok_or_else(|| damaged(file, PROGRAM, format!("it is damaged near byte {}", reader.at)))
}

/// Reads numbers and bytes in order; `None` at the end.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    swapped: bool,
}

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(n)?)?;
        self.at += n;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let mut array: [u8; N] = self.take(N)?.try_into().ok()?;
        if self.swapped {
            array.reverse();
        }
        Some(array)
    }

    fn int(&mut self) -> Option<i32> {
        self.array().map(i32::from_le_bytes)
    }

    fn count(&mut self) -> Option<usize> {
        self.int().and_then(|count| usize::try_from(count).ok())
    }

    fn float(&mut self) -> Option<f64> {
        self.array().map(f64::from_le_bytes)
    }

    fn long(&mut self) -> Option<usize> {
        self.array().map(i64::from_le_bytes).and_then(|long| usize::try_from(long).ok())
    }
}

/// A variable as the dictionary has it, in one piece of eight bytes or several.
struct Variable {
    /// Its place among the pieces, counted from 1, as value labels name it.
    index: usize,
    short_name: String,
    /// 0 for a number, else the bytes of a text.
    width: usize,
    label: Option<Vec<u8>>,
    missing: Missing,
    /// The display format's type.
    format: u32,
    measure: i32,
    labels: Vec<([u8; 8], Vec<u8>)>,
    long_labels: Vec<(Vec<u8>, Vec<u8>)>,
}

#[derive(Default)]
struct Missing {
    range: Option<(f64, f64)>,
    values: Vec<[u8; 8]>,
    /// Of a text of more than eight bytes.
    long: Vec<Vec<u8>>,
}

#[derive(Default)]
struct Dictionary {
    swapped: bool,
    compression: i32,
    cases: Option<usize>,
    bias: f64,
    title: Vec<u8>,
    variables: Vec<Variable>,
    /// Pieces of eight bytes in a case.
    pieces: usize,
    encoding: Option<&'static Encoding>,
    long_names: Vec<u8>,
    very_long: Vec<u8>,
}

impl<'a> Reader<'a> {
    fn dictionary(&mut self) -> Option<Dictionary> {
        self.take(64)?;
        let layout = self.array::<4>()?;
        self.swapped = matches!(i32::from_be_bytes(layout), 2 | 3);
        let mut dictionary = Dictionary { swapped: self.swapped, ..Dictionary::default() };
        self.int()?;
        dictionary.compression = self.int()?;
        self.int()?;
        dictionary.cases = self.count();
        dictionary.bias = self.float()?;
        self.take(17)?;
        dictionary.title = self.take(64)?.to_vec();
        self.take(3)?;
        let mut labels: Vec<([u8; 8], Vec<u8>)> = Vec::new();
        loop {
            match self.int()? {
                2 => self.variable(&mut dictionary)?,
                3 => {
                    labels.clear();
                    for _ in 0..self.count()? {
                        let value = self.take(8)?.try_into().ok()?;
                        let length = usize::from(*self.take(1)?.first()?);
                        let padded = (1 + length).next_multiple_of(8) - 1;
                        labels.push((value, self.take(padded)?.get(..length)?.to_vec()));
                    }
                }
                4 => {
                    for _ in 0..self.count()? {
                        let index = self.count()?;
                        let variable = dictionary.variables.iter_mut().find(|variable| variable.index == index);
                        variable?.labels.clone_from(&labels);
                    }
                }
                6 => {
                    let lines = self.count()?;
                    self.take(lines.checked_mul(80)?)?;
                }
                7 => self.extension(&mut dictionary)?,
                999 => {
                    self.int()?;
                    return Some(dictionary);
                }
                _ => return None,
            }
        }
    }

    fn variable(&mut self, dictionary: &mut Dictionary) -> Option<()> {
        dictionary.pieces += 1;
        let width = self.int()?;
        let (has_label, missing_values) = (self.int()? != 0, self.int()?);
        let (format, _, short_name) = (self.int()?, self.int()?, self.take(8)?);
        let label = if has_label {
            let length = self.count()?;
            Some(self.take(length.next_multiple_of(4))?.get(..length)?.to_vec())
        } else {
            None
        };
        // Up to three values, or a range and up to one value.
        if !(-3..=3).contains(&missing_values) {
            return None;
        }
        let mut missing = Missing::default();
        if missing_values < 0 {
            missing.range = Some((self.float()?, self.float()?));
        }
        let discrete = if missing_values < 0 { -missing_values - 2 } else { missing_values };
        for _ in 0..discrete {
            missing.values.push(self.take(8)?.try_into().ok()?);
        }
        // −1 continues the text of the variable before.
        if let Ok(width) = usize::try_from(width) {
            dictionary.variables.push(Variable {
                index: dictionary.pieces,
                short_name: String::from_utf8_lossy(short_name).trim().to_owned(),
                width,
                label,
                missing,
                format: (format as u32 >> 16) & 0xff,
                measure: 0,
                labels: Vec::new(),
                long_labels: Vec::new(),
            });
        }
        Some(())
    }

    fn extension(&mut self, dictionary: &mut Dictionary) -> Option<()> {
        let (kind, size, count) = (self.int()?, self.count()?, self.count()?);
        let start = self.at;
        let body = self.take(size.checked_mul(count)?)?;
        match kind {
            3 => {
                self.at = start + 28;
                let page = self.int()?;
                let label = if page == 65001 { "utf-8".to_owned() } else { format!("windows-{page}") };
                dictionary.encoding = dictionary.encoding.or(Encoding::for_label(label.as_bytes()));
            }
            11 => {
                let variables = dictionary.variables.len().max(1);
                self.at = start;
                for variable in &mut dictionary.variables {
                    variable.measure = self.int()?;
                    self.take(4 * (count / variables).saturating_sub(1))?;
                }
            }
            13 => dictionary.long_names = body.to_vec(),
            14 => dictionary.very_long = body.to_vec(),
            20 => dictionary.encoding = Encoding::for_label(body.trim_ascii()).or(dictionary.encoding),
            21 => {
                let mut inner = Reader { bytes: body, at: 0, swapped: self.swapped };
                while let Some(length) = inner.count() {
                    let name = String::from_utf8_lossy(inner.take(length)?).trim().to_owned();
                    inner.int()?;
                    let mut labels = Vec::new();
                    for _ in 0..inner.count()? {
                        let [value, label] = [(); 2].map(|()| inner.count().and_then(|length| inner.take(length)));
                        labels.push((value?.to_vec(), label?.to_vec()));
                    }
                    if let Some(variable) = dictionary.named(&name) {
                        variable.long_labels = labels;
                    }
                }
            }
            22 => {
                let mut inner = Reader { bytes: body, at: 0, swapped: self.swapped };
                while let Some(length) = inner.count() {
                    let name = String::from_utf8_lossy(inner.take(length)?).trim().to_owned();
                    let (values, length) = (usize::from(*inner.take(1)?.first()?), inner.count()?);
                    let values: Option<Vec<Vec<u8>>> =
                        (0..values).map(|_| inner.take(length).map(<[u8]>::to_vec)).collect();
                    if let Some(variable) = dictionary.named(&name) {
                        variable.missing.long = values?;
                    }
                }
            }
            _ => {}
        }
        self.at = start + body.len();
        Some(())
    }
}

/// `SHORT=long` pairs between tabs and NULs.
fn pairs(bytes: &[u8]) -> HashMap<String, String> {
    String::from_utf8_lossy(bytes)
        .split(['\t', '\0'])
        .filter_map(|pair| pair.split_once('='))
        .map(|(short, long)| (short.trim().to_owned(), long.trim().to_owned()))
        .collect()
}

impl Dictionary {
    /// The variable of a long name.
    fn named(&mut self, name: &str) -> Option<&mut Variable> {
        let long = pairs(&self.long_names);
        let is = |variable: &&mut Variable| long.get(&variable.short_name).unwrap_or(&variable.short_name) == name;
        self.variables.iter_mut().find(is)
    }

    /// Every case in pieces of eight bytes.
    fn data(&self, reader: &Reader<'_>) -> Option<Vec<u8>> {
        let rest = reader.bytes.get(reader.at..)?;
        match self.compression {
            0 => Some(rest.to_vec()),
            1 => self.unpack(rest),
            2 => {
                let mut header = Reader { bytes: reader.bytes, at: reader.at, swapped: self.swapped };
                header.long()?;
                let mut trailer = Reader { bytes: reader.bytes, at: header.long()?, swapped: self.swapped };
                trailer.take(20)?;
                let mut packed = Vec::new();
                for _ in 0..trailer.count()? {
                    trailer.long()?;
                    let start = trailer.long()?;
                    trailer.int()?;
                    let block = reader.bytes.get(start..start.checked_add(trailer.count()?)?)?;
                    let block = miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(block, BLOCK_LIMIT).ok()?;
                    packed.extend(block);
                }
                self.unpack(&packed)
            }
            _ => None,
        }
    }

    /// Undoes the compression by codes: one byte says what each piece is.
    fn unpack(&self, packed: &[u8]) -> Option<Vec<u8>> {
        let mut data = Vec::new();
        let mut reader = Reader { bytes: packed, at: 0, swapped: false };
        let bytes_of = |value: f64| if self.swapped { value.to_be_bytes() } else { value.to_le_bytes() };
        while let Some(codes) = reader.take(8) {
            for code in codes {
                match code {
                    0 => {}
                    252 => return Some(data),
                    253 => data.extend(reader.take(8)?),
                    254 => data.extend([b' '; 8]),
                    255 => data.extend(bytes_of(-f64::MAX)),
                    code => data.extend(bytes_of(f64::from(*code) - self.bias)),
                }
            }
        }
        Some(data)
    }

    fn grid(&self, data: &[u8]) -> Option<Grid> {
        let bytes_of_case = self.pieces.checked_mul(8).filter(|bytes| *bytes > 0)?;
        let found = data.len() / bytes_of_case;
        let cases = self.cases.unwrap_or(found);
        if cases > found {
            return None;
        }
        let encoding = self.encoding.unwrap_or(encoding_rs::WINDOWS_1252);
        let text = |bytes: &[u8]| {
            let text = encoding.decode_without_bom_handling(bytes).0;
            text.trim_matches(|c: char| c.is_whitespace() || c == '\0').to_owned()
        };
        let (long_names, widths) = (pairs(&self.long_names), pairs(&self.very_long));
        let mut grid = Grid { rows: (1..).take(cases).collect(), ..Grid::default() };
        grid.codebook.title = Some(text(&self.title)).filter(|title| !title.is_empty());
        let mut variables = self.variables.iter();
        while let Some(variable) = variables.next() {
            let width = widths.get(&variable.short_name).and_then(|width| width.parse().ok()).unwrap_or(variable.width);
            let mut segments = vec![variable];
            while segments.len() < width.div_ceil(252) && width > SEGMENT {
                segments.push(variables.next()?);
            }
            let mut cells = Cells::default();
            for case in data.chunks_exact(bytes_of_case).take(cases) {
                if width == 0 {
                    let piece = case.get((variable.index - 1) * 8..)?.first_chunk()?;
                    cells.push(&self.number(variable, piece));
                    continue;
                }
                let mut bytes = Vec::with_capacity(width);
                for segment in &segments {
                    let start = (segment.index - 1) * 8;
                    bytes.extend(case.get(start..start + segment.width.min(SEGMENT))?);
                }
                bytes.truncate(width);
                cells.push(&text(&bytes));
            }
            let value = |piece: &[u8; 8]| if width == 0 { self.number(variable, piece) } else { text(piece) };
            let short = variable.labels.iter().map(|(piece, label)| (value(piece), text(label)));
            let long = variable.long_labels.iter().map(|(value, label)| (text(value), text(label)));
            let labels: Vec<(String, String)> = short.chain(long).collect();
            let mut missing: Vec<String> = variable.missing.values.iter().map(value).collect();
            missing.extend(variable.missing.long.iter().map(|value| text(value)));
            if let Some((low, high)) = variable.missing.range {
                let known = cells.iter().chain(labels.iter().map(|(value, _)| value.as_str()));
                let inside = |text: &&str| number(text, false).is_ok_and(|value| low <= value && value <= high);
                missing.extend(known.filter(inside).map(str::to_owned));
                missing.sort();
                missing.dedup();
            }
            let name = long_names.get(&variable.short_name).unwrap_or(&variable.short_name);
            let described = Described {
                label: variable.label.as_deref().map(text),
                labels,
                ordered: variable.measure == 2,
                missing,
                format: matches!(variable.format, 22 | 41).then_some(MOMENT),
            };
            grid.push(name, cells, described);
        }
        Some(grid)
    }

    /// A number as a cell; dates as such.
    fn number(&self, variable: &Variable, piece: &[u8; 8]) -> String {
        let value = if self.swapped { f64::from_be_bytes(*piece) } else { f64::from_le_bytes(*piece) };
        if value == -f64::MAX {
            return String::new();
        }
        match variable.format {
            20 | 23 | 24 | 38 | 39 => day(((value - EPOCH) / 86_400.0).floor() as i64),
            22 | 41 => moment((value - EPOCH).floor() as i64),
            _ => written(value),
        }
    }
}
