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
    /// The largest sum of a table's counts, 2⁶² − 1: products of two sums are still exact in 128 bits with a sign.
    pub const LIMIT: u64 = (1 << 62) - 1;

    /// A table from its cells, row by row.
    ///
    /// # Errors
    ///
    /// [`TestError::Shape`] when the cells do not fill the shape, [`TestError::TooManyCounts`] when they add up to more
    /// than [`CountTable::LIMIT`].
    pub fn new(rows: usize, columns: usize, cells: Vec<u64>) -> Result<Self, TestError> {
        if rows.checked_mul(columns) != Some(cells.len()) {
            return Err(TestError::Shape { cells: cells.len(), rows, columns });
        }
        let total = cells.iter().try_fold(0, |sum: u64, &cell| sum.checked_add(cell));
        if total.is_none_or(|total| total > Self::LIMIT) {
            return Err(TestError::TooManyCounts { limit: Self::LIMIT });
        }
        Ok(Self { rows, columns, cells })
    }

    /// The 2×2 table of two groups: how many of each have the property.
    ///
    /// # Errors
    ///
    /// [`TestError::NotAProportion`] when a group has more with the property than members,
    /// [`TestError::TooManyCounts`] as for [`CountTable::new`].
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

    /// The sum of each row.
    #[must_use]
    pub fn row_totals(&self) -> Vec<u64> {
        (0..self.rows).map(|row| self.cells[row * self.columns..][..self.columns].iter().sum()).collect()
    }

    /// The sum of each column.
    #[must_use]
    pub fn column_totals(&self) -> Vec<u64> {
        (0..self.columns).map(|column| (0..self.rows).map(|row| self.get(row, column)).sum()).collect()
    }

    /// The sum of all counts.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.cells.iter().sum()
    }

    /// The margins of a table that can be tested: two rows and two columns at least, none of them empty.
    pub(super) fn margins(&self) -> Result<Margins, TestError> {
        let margins = Margins { rows: self.row_totals(), columns: self.column_totals(), total: self.total() };
        let all_counted = |totals: &[u64]| totals.len() >= 2 && totals.iter().all(|&total| total > 0);
        if all_counted(&margins.rows) && all_counted(&margins.columns) {
            Ok(margins)
        } else {
            Err(TestError::EmptyMargin)
        }
    }
}

/// The sums of a table with something in every row and column.
pub(super) struct Margins {
    pub(super) rows: Vec<u64>,
    pub(super) columns: Vec<u64>,
    pub(super) total: u64,
}

impl Margins {
    /// Row by row: the row's total, the column's total.
    pub(super) fn by_cell(&self) -> impl Iterator<Item = (u64, u64)> {
        self.rows.iter().flat_map(|&row| self.columns.iter().map(move |&column| (row, column)))
    }

    /// Observations in each row, as results report them.
    pub(super) fn row_counts(&self) -> Vec<usize> {
        self.rows.iter().map(|&row| usize::try_from(row).unwrap_or(usize::MAX)).collect()
    }
}
