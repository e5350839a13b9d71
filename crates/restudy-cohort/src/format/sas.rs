//! SAS data sets, .sas7bdat. Value labels stand in another file, the format catalogue .sas7bcat.

use std::collections::HashMap;
use std::io::Cursor;

use sas7bdat::catalog::{normalize_format_name, parse_catalog};
use sas7bdat::{Dataset, LogicalType, OwnedCellValue};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Described, Grid, MOMENT, damaged, day, moment, written};
use crate::error::CohortError;
use crate::table::Cells;

pub(super) const PROGRAM: &str = "SAS";

pub(super) fn read(file: &str, bytes: &[u8], catalogue: Option<&[u8]>) -> Result<Grid, CohortError> {
    let formats = catalogue.map(|bytes| formats(file, bytes)).transpose()?.unwrap_or_default();
    let unreadable = |_| damaged(file, PROGRAM, "it is damaged, or of a kind that is not known");
    let data = Dataset::from_bytes(bytes.to_vec()).map_err(unreadable)?;
    // Memory is asked for by the rows that the head of the file counts, each of which takes a byte at least.
    if data.metadata().row_count > bytes.len() as u64 {
        return Err(damaged(file, PROGRAM, "it is damaged: its head counts more rows than it has room for"));
    }
    let rows = data.collect_rows().map_err(unreadable)?;
    let mut grid = Grid { rows: (1..).take(rows.len()).collect(), ..Grid::default() };
    grid.codebook.title = data.metadata().file_label.clone().filter(|label| !label.trim().is_empty());
    for (at, meta) in data.columns().iter().enumerate() {
        let mut cells = Cells::default();
        for row in &rows {
            let cell = row.cells.get(at).unwrap_or(&OwnedCellValue::Null);
            let text = text(cell).ok_or_else(|| damaged(file, PROGRAM, format!("column `{}` is binary", meta.name)))?;
            cells.push(text.trim());
        }
        let format = (meta.logical_type == LogicalType::DateTime).then_some(MOMENT);
        let labels = meta.format.as_deref().and_then(|format| formats.get(&normalize_format_name(format)));
        let labels = labels.cloned().unwrap_or_default();
        grid.push(
            meta.name.trim(),
            cells,
            Described { label: meta.label.clone(), labels, format, ..Described::default() },
        );
    }
    Ok(grid)
}

/// A value of a format. The reader's own type has no public name, and is met in its serialised form.
#[derive(Deserialize)]
enum Key {
    Numeric(f64),
    Integer(i32),
    String(String),
    /// A special missing value, which is none.
    Tagged(IgnoredAny),
}

impl Key {
    fn text(self) -> Option<String> {
        match self {
            Self::Numeric(value) => Some(written(value)),
            Self::Integer(value) => Some(value.to_string()),
            Self::String(text) => Some(text.trim_end().to_owned()),
            Self::Tagged(_) => None,
        }
    }
}

/// The values and labels of each format of a catalogue, by its normalised name.
fn formats(file: &str, bytes: &[u8]) -> Result<HashMap<String, Vec<(String, String)>>, CohortError> {
    let unreadable = || damaged(file, PROGRAM, "its format catalogue cannot be read");
    let layout = parse_catalog(&mut Cursor::new(bytes)).map_err(|_| unreadable())?;
    let mut formats = HashMap::new();
    for set in &layout.label_sets {
        let mut labels = Vec::with_capacity(set.labels.len());
        for label in &set.labels {
            let key = toml::Value::try_from(&label.key).map_err(|_| unreadable())?;
            let key: Key = key.try_into().map_err(|_| unreadable())?;
            labels.extend(key.text().map(|value| (value, label.label.clone())));
        }
        formats.insert(normalize_format_name(&set.name), labels);
    }
    Ok(formats)
}

fn text(cell: &OwnedCellValue) -> Option<String> {
    Some(match cell {
        OwnedCellValue::Null => String::new(),
        OwnedCellValue::Int32(value) => value.to_string(),
        OwnedCellValue::Int64(value) => value.to_string(),
        OwnedCellValue::Float64(value) => written(*value),
        OwnedCellValue::String(text) => text.clone(),
        OwnedCellValue::Date(date) => day(date.unix_days().into()),
        OwnedCellValue::DateTime(when) => moment(when.unix_seconds()),
        OwnedCellValue::Time(time) => time.seconds_since_midnight.to_string(),
        OwnedCellValue::Bytes(_) => return None,
    })
}
