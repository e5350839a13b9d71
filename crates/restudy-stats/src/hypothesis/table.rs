//! A table of counts: rows are groups, columns are categories.

use crate::TestError;

/// A table of counts with named shape: one row a group, one column a category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountTable {
    rows: usize,
    columns: usize,
    cells: Vec<u64>,
}

impl CountTable {
    /// A table from its cells, row by row.
    ///
    /// # Errors
    ///
    /// [`TestError::Shape`] when the cells do not fill the shape.
    pub fn new(rows: usize, columns: usize, cells: Vec<u64>) -> Result<Self, TestError> {
        if rows.checked_mul(columns) == Some(cells.len()) {
            Ok(Self { rows, columns, cells })
        } else {
            Err(TestError::Shape { cells: cells.len(), rows, columns })
        }
    }

    /// The 2×2 table of two groups: how many of each have the property.
    ///
    /// # Errors
    ///
    /// [`TestError::NotAProportion`] when a group has more with the property than members.
    pub fn two_by_two(first_with: u64, first_n: u64, second_with: u64, second_n: u64) -> Result<Self, TestError> {
        for (count, n) in [(first_with, first_n), (second_with, second_n)] {
            if count > n {
                return Err(TestError::NotAProportion { count, n });
            }
        }
        Self::new(2, 2, vec![first_with, first_n - first_with, second_with, second_n - second_with])
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The count in a cell.
    ///
    /// # Panics
    ///
    /// When the cell is outside the table.
    #[must_use]
    pub fn get(&self, row: usize, column: usize) -> u64 {
        assert!(column < self.columns, "column {column} of {}", self.columns);
        self.cells[row * self.columns + column]
    }

    /// All cells, row by row.
    #[must_use]
    pub fn cells(&self) -> &[u64] {
        &self.cells
    }
}
