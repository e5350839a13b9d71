//! Parquet files of flat columns.

use bytes::Bytes;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;

use super::{Described, Grid, MOMENT, damaged, day, moment, written};
use crate::error::CohortError;
use crate::table::Cells;

pub(super) const PROGRAM: &str = "Parquet";

pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Grid, CohortError> {
    let unreadable = |error: parquet::errors::ParquetError| {
        let codec = matches!(&error, parquet::errors::ParquetError::General(what) if what.contains("Disabled feature"));
        let what = match codec {
            true => {
                "it is compressed by a method that is not read here: write it with Snappy, gzip, Brotli, LZ4 or none"
            }
            false => "it is damaged",
        };
        damaged(file, PROGRAM, what)
    };
    let reader = SerializedFileReader::new(Bytes::copy_from_slice(bytes)).map_err(unreadable)?;
    let names: Vec<String> =
        reader.metadata().file_metadata().schema().get_fields().iter().map(|field| field.name().to_owned()).collect();
    let mut cells: Vec<Cells> = names.iter().map(|_| Cells::default()).collect();
    let mut moments = vec![false; names.len()];
    let mut rows = 0;
    for row in reader.get_row_iter(None).map_err(unreadable)? {
        let row = row.map_err(unreadable)?;
        rows += 1;
        for (at, (name, field)) in row.get_column_iter().enumerate() {
            let (Some(cells), Some(moments)) = (cells.get_mut(at), moments.get_mut(at)) else { continue };
            let text = text(field, moments)
                .ok_or_else(|| damaged(file, PROGRAM, format!("column `{name}` holds lists or bytes, not values")))?;
            cells.push(text.trim());
        }
    }
    let mut grid = Grid { rows: (1..=rows).collect(), ..Grid::default() };
    for ((name, cells), moments) in names.iter().zip(cells).zip(moments) {
        let format = moments.then_some(MOMENT);
        grid.push(name.trim(), cells, Described { format, ..Described::default() });
    }
    Ok(grid)
}

fn text(field: &Field, moments: &mut bool) -> Option<String> {
    let mut seconds = |units: i64, per_second: i64| {
        *moments = true;
        moment(units.div_euclid(per_second))
    };
    Some(match field {
        Field::Null => String::new(),
        Field::Bool(value) => value.to_string(),
        Field::Byte(value) => value.to_string(),
        Field::Short(value) => value.to_string(),
        Field::Int(value) => value.to_string(),
        Field::Long(value) => value.to_string(),
        Field::UByte(value) => value.to_string(),
        Field::UShort(value) => value.to_string(),
        Field::UInt(value) => value.to_string(),
        Field::ULong(value) => value.to_string(),
        Field::Float16(value) => written(value.to_f64()),
        Field::Float(value) => written(f64::from(*value)),
        Field::Double(value) => written(*value),
        Field::Str(text) => text.clone(),
        Field::Date(days) => day(i64::from(*days)),
        Field::TimestampMillis(value) => seconds(*value, 1_000),
        Field::TimestampMicros(value) => seconds(*value, 1_000_000),
        Field::Decimal(_) | Field::TimeMillis(_) | Field::TimeMicros(_) => field.to_string(),
        _ => return None,
    })
}
