//! SAS data sets, .sas7bdat. Value labels stand in another file, the format catalogue, and are not read.

use sas7bdat::{Dataset, LogicalType, OwnedCellValue};

use super::{Described, Grid, MOMENT, damaged, day, moment, written};
use crate::error::CohortError;
use crate::table::Cells;

pub(super) const PROGRAM: &str = "SAS";

pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Grid, CohortError> {
    let unreadable = |_| damaged(file, PROGRAM, "it is damaged, or of a kind that is not known");
    let data = Dataset::from_bytes(bytes.to_vec()).map_err(unreadable)?;
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
        grid.push(meta.name.trim(), cells, Described { label: meta.label.clone(), format, ..Described::default() });
    }
    Ok(grid)
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
