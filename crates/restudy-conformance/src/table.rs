//! A CSV file as columns of text, read when a case asks for numbers.

use std::path::Path;

use crate::folder::InputError;

/// The columns of a CSV file; an empty field is missing.
pub(crate) struct Table {
    /// Its place inside the folder, for messages.
    name: String,
    columns: Vec<Column>,
}

struct Column {
    name: String,
    cells: Vec<Option<String>>,
}

impl Table {
    pub(crate) fn read(dir: &Path, name: &str) -> Result<Self, InputError> {
        let broken = |error: csv::Error| InputError::new(name, error);
        let mut reader = csv::Reader::from_path(dir.join(name)).map_err(broken)?;
        let mut columns: Vec<Column> = Vec::new();
        for header in reader.headers().map_err(broken)? {
            if columns.iter().any(|column| column.name == header) {
                return Err(InputError::new(name, format!("two columns are named `{header}`")));
            }
            columns.push(Column { name: header.to_owned(), cells: Vec::new() });
        }
        for record in reader.records() {
            for (column, field) in columns.iter_mut().zip(&record.map_err(broken)?) {
                column.cells.push((!field.is_empty()).then(|| field.to_owned()));
            }
        }
        Ok(Self { name: name.to_owned(), columns })
    }

    /// A column as text, missing cells as `None`.
    pub(crate) fn texts(&self, column: &str) -> Result<&[Option<String>], InputError> {
        match self.columns.iter().find(|candidate| candidate.name == column) {
            Some(found) => Ok(&found.cells),
            None => {
                let names: Vec<_> = self.columns.iter().map(|column| column.name.as_str()).collect();
                Err(InputError::new(&self.name, format!("no column `{column}`; there are: {}", names.join(", "))))
            }
        }
    }

    /// A column as finite numbers, missing cells as `None`.
    pub(crate) fn numbers(&self, column: &str) -> Result<Vec<Option<f64>>, InputError> {
        (self.texts(column)?.iter().enumerate())
            .map(|(row, cell)| match cell {
                None => Ok(None),
                Some(text) => match text.trim().parse::<f64>() {
                    Ok(number) if number.is_finite() => Ok(Some(number)),
                    // The header is line 1. The cell itself stays out of the message.
                    _ => Err(InputError::new(
                        &self.name,
                        format!("line {}, column `{column}`: not a finite number", row + 2),
                    )),
                },
            })
            .collect()
    }
}
