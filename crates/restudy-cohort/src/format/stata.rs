//! Stata data sets, .dta, of every release.
//!
//! The missing value `.` is an empty cell; `.a` to `.z` are missing codes of their own. A `float` is widened to a double as
//! Stata, R and pandas do, so that 0.1 is 0.10000000149011612.

use std::collections::HashMap;
use std::io::{BufRead, Cursor, Seek};

use dta::stata::dta::dta_reader::DtaReader;
use dta::stata::dta::long_string_table::LongStringTable;
use dta::stata::dta::value::Value;
use dta::stata::dta::value_label_table::ValueLabelTable;
use dta::stata::missing_value::MissingValue;
use dta::stata::stata_byte::StataByte;
use dta::stata::stata_double::StataDouble;
use dta::stata::stata_float::StataFloat;
use dta::stata::stata_int::StataInt;
use dta::stata::stata_long::StataLong;
use dta::stata::temporal::conversion::{tc_millis_to_unix_millis, td_days_to_unix_days};
use dta::stata::temporal::kind::TemporalKind;

use super::{Described, Grid, MOMENT, damaged, day, moment, written};
use crate::error::CohortError;
use crate::table::Cells;

/// The greatest value that Stata does not take for missing: labels above it are those of `.a` to `.z`.
const LARGEST: i32 = 2_147_483_620;

pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Grid, CohortError> {
    parse(DtaReader::new().from_reader(Cursor::new(bytes)))
        .map_err(|_| damaged(file, "Stata", "it is damaged, or of a release that is not known"))
}

fn parse<R: BufRead + Seek>(
    reader: dta::stata::dta::header_reader::HeaderReader<R>,
) -> dta::stata::dta::dta_error::Result<Grid> {
    let schema = reader.read_header()?;
    let title = schema.header().dataset_label().trim().to_owned();
    let mut characteristics = schema.read_schema()?;
    characteristics.skip_to_end()?;
    let mut records = characteristics.into_record_reader()?;
    let variables = records.schema().variables().to_vec();
    let kinds: Vec<_> = variables.iter().map(|variable| TemporalKind::from_format(variable.format())).collect();

    let mut columns: Vec<Vec<Cell>> = variables.iter().map(|_| Vec::new()).collect();
    let mut rows = 0;
    while let Some(record) = records.read_record()? {
        rows += 1;
        for ((cells, value), kind) in columns.iter_mut().zip(record.values()).zip(&kinds) {
            cells.push(Cell::of(value, *kind));
        }
    }
    let mut long_strings = records.into_long_string_reader()?;
    let encoding = long_strings.encoding();
    let mut texts = LongStringTable::for_reading();
    long_strings.read_remaining_into(&mut texts)?;
    let mut value_labels = long_strings.into_value_label_reader()?;
    let mut labels = ValueLabelTable::new();
    value_labels.read_remaining_into(&mut labels)?;

    let mut grid = Grid { rows: (1..=rows).collect(), ..Grid::default() };
    grid.codebook.title = Some(title).filter(|title| !title.is_empty());
    for ((variable, values), kind) in variables.iter().zip(columns).zip(kinds) {
        let mut cells = Cells::default();
        let mut missing: HashMap<String, ()> = HashMap::new();
        for value in values {
            match value {
                Cell::Text(text) => cells.push(text.trim()),
                Cell::Missing(code) => {
                    cells.push(&code);
                    missing.insert(code, ());
                }
                Cell::Long(reference) => {
                    let long = texts.get(&reference);
                    cells.push(long.as_ref().and_then(|long| long.data_str(encoding)).unwrap_or_default().trim());
                }
            }
        }
        let mut missing: Vec<String> = missing.into_keys().collect();
        missing.sort();
        let set = labels.get(variable.value_label_name());
        let entries = set.map(|set| set.entries()).unwrap_or_default();
        let described = Described {
            label: Some(variable.label().to_owned()),
            labels: (entries.iter().filter(|entry| entry.value() <= LARGEST))
                .map(|entry| (entry.value().to_string(), entry.label().to_owned()))
                .collect(),
            missing,
            format: (kind == Some(TemporalKind::DateTime)).then_some(MOMENT),
            ..Described::default()
        };
        grid.push(variable.name(), cells, described);
    }
    Ok(grid)
}

enum Cell {
    Text(String),
    /// `.a` to `.z`.
    Missing(String),
    Long(dta::stata::dta::long_string_ref::LongStringRef),
}

impl Cell {
    fn of(value: &Value<'_>, kind: Option<TemporalKind>) -> Self {
        let number = match value {
            Value::String(text) => return Self::Text(text.to_string()),
            Value::LongStringRef(reference) => return Self::Long(*reference),
            Value::Byte(StataByte::Present(value)) => f64::from(*value),
            Value::Int(StataInt::Present(value)) => f64::from(*value),
            Value::Long(StataLong::Present(value)) => f64::from(*value),
            Value::Float(StataFloat::Present(value)) => f64::from(*value),
            Value::Double(StataDouble::Present(value)) => *value,
            Value::Byte(StataByte::Missing(code))
            | Value::Int(StataInt::Missing(code))
            | Value::Long(StataLong::Missing(code))
            | Value::Float(StataFloat::Missing(code))
            | Value::Double(StataDouble::Missing(code)) => {
                return match code {
                    MissingValue::System => Self::Text(String::new()),
                    code => Self::Missing(code.to_string()),
                };
            }
        };
        Self::Text(match kind {
            Some(TemporalKind::Date) => td_days_to_unix_days(number as i32).map_or_else(String::new, |d| day(d.into())),
            Some(TemporalKind::DateTime) => {
                tc_millis_to_unix_millis(number).map_or_else(String::new, |milliseconds| moment(milliseconds / 1000))
            }
            _ => written(number),
        })
    }
}
