//! Workbooks: .xlsx, .xlsm, .xlsb, .xls, .ods.

use std::io::Cursor;

use calamine::{Data, Reader as _};

use super::{Described, Grid, MOMENT, damaged, day, moment, written};
use crate::error::{CohortError, Suggestion};
use crate::table::Cells;

pub(super) const PROGRAM: &str = "workbook";

/// The first row with anything in it is the header; rows and nameless columns with nothing in them are passed over.
pub(super) fn read(file: &str, bytes: &[u8], sheet: Option<&str>) -> Result<Grid, CohortError> {
    let unreadable = |_| damaged(file, PROGRAM, "it is damaged, or protected by a password");
    let mut workbook = calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(unreadable)?;
    let names = workbook.sheet_names();
    let sheet = match sheet {
        Some(sheet) if !names.iter().any(|name| name == sheet) => {
            let suggestion = Suggestion::for_name(sheet, names.iter().map(String::as_str));
            return Err(CohortError::UnknownSheet { file: file.to_owned(), sheet: sheet.to_owned(), suggestion });
        }
        Some(sheet) => sheet.to_owned(),
        None => names.first().cloned().ok_or_else(|| CohortError::EmptyFile { file: file.to_owned() })?,
    };
    let range = workbook.worksheet_range(&sheet).map_err(unreadable)?;
    let above = range.start().map_or(0, |(row, _)| u64::from(row));
    let filled = |row: &&[Data]| row.iter().any(|cell| *cell != Data::Empty);
    let mut rows = (above + 1..).zip(range.rows()).filter(|(_, row)| filled(row));
    let Some((_, header)) = rows.next() else { return Err(CohortError::EmptyFile { file: file.to_owned() }) };
    let rows: Vec<(u64, &[Data])> = rows.collect();

    let mut grid = Grid { rows: rows.iter().map(|(line, _)| *line).collect(), ..Grid::default() };
    for (at, name) in header.iter().enumerate() {
        let column = |row: &'_ [Data]| row.get(at).cloned().unwrap_or_default();
        let name = text(&name.clone()).unwrap_or_default().trim().to_owned();
        if name.is_empty() && rows.iter().all(|(_, row)| column(row) == Data::Empty) {
            continue;
        }
        let mut cells = Cells::default();
        // A column of dates has a time of day only if one of its cells has.
        let moments = rows.iter().any(|(_, row)| matches!(column(row), Data::DateTime(when) if !is_day(when.as_f64())));
        let mut dated = false;
        for (line, row) in &rows {
            let cell = column(row);
            let written = match &cell {
                Data::DateTime(when) if !when.is_duration() => {
                    dated = true;
                    let (year, month, date, hour, minute, second, _) = when.to_ymd_hms_milli();
                    let day = format!("{year:04}-{month:02}-{date:02}");
                    Some(if moments { format!("{day}T{hour:02}:{minute:02}:{second:02}") } else { day })
                }
                cell => text(cell),
            };
            let Some(written) = written else {
                return Err(CohortError::CellError { file: file.to_owned(), line: *line, column: name });
            };
            cells.push(written.trim());
        }
        let format = (dated && moments).then_some(MOMENT);
        grid.push(&name, cells, Described { format, ..Described::default() });
    }
    Ok(grid)
}

fn is_day(serial: f64) -> bool {
    serial.fract() == 0.0
}

/// A cell as a text table would write it; `None` for an error of a formula.
fn text(cell: &Data) -> Option<String> {
    Some(match cell {
        Data::Empty => String::new(),
        Data::Int(value) => value.to_string(),
        Data::Float(value) => written(*value),
        Data::String(text) | Data::DurationIso(text) => text.clone(),
        Data::DateTimeIso(text) => text.strip_suffix("T00:00:00").unwrap_or(text).to_owned(),
        Data::Bool(value) => value.to_string(),
        Data::DateTime(when) if when.is_duration() => written(when.as_f64()),
        Data::DateTime(when) => {
            // Serial 25569 is 1970-01-01; a header is the only cell that comes here.
            let seconds = ((when.as_f64() - 25_569.0) * 86_400.0).round() as i64;
            if is_day(when.as_f64()) { day(seconds.div_euclid(86_400)) } else { moment(seconds) }
        }
        Data::Error(_) => return None,
    })
}
