//! CSV for people: the table as it reads, for a spreadsheet. Machines read `ledger.csv`, which has the numbers.

use restudy_ledger::neutral_cell;

use crate::table::{LineKind, Table};

/// The mark by which Excel knows UTF-8; without it ± and − come out as two wrong letters each.
const BOM: char = '\u{feff}';

impl Table {
    /// The table as CSV (RFC 4180, UTF-8 with a byte order mark, LF line ends).
    ///
    /// One record a line, every record with the same number of cells: the lines of the table, then an empty record and
    /// the notes. A column with footnote marks is followed by a column of them, so that its numbers stay numbers. A
    /// line that belongs to the one above it is indented with two no-break spaces. Cells that a spreadsheet would take
    /// for a formula are neutralised with [`neutral_cell`].
    #[must_use]
    pub fn to_csv(&self) -> String {
        let marked: Vec<bool> = (0..self.columns.len()).map(|column| self.has_marks(column)).collect();
        let mut records: Vec<Vec<String>> = Vec::new();

        let mut header = Vec::new();
        for (column, marked) in self.columns.iter().zip(&marked) {
            let heading = column.plain_heading();
            header.push(heading.clone());
            if *marked {
                header.push(format!("{heading}: note"));
            }
        }
        let width = header.len();
        records.push(header);

        for line in &self.lines {
            let mut record = Vec::with_capacity(width);
            for ((column, marked), cell) in self.columns.iter().zip(&marked).zip(&line.cells) {
                let indent = if line.kind == LineKind::Part && record.is_empty() { "\u{a0}\u{a0}" } else { "" };
                record.push(format!("{indent}{}", cell.plain(column.kind)));
                if *marked {
                    record.push(cell.marks.join(","));
                }
            }
            records.push(record);
        }
        if !self.footnotes.is_empty() {
            records.push(Vec::new());
        }
        let heading_marks = self
            .columns
            .iter()
            .flat_map(|column| column.heading.marks.iter().map(|mark| (mark.as_str(), column.heading.text.as_str())));
        for note in &self.footnotes {
            // A mark on a heading has no column of its own: the note names the heading.
            let heading = heading_marks.clone().find(|(mark, _)| note.mark.as_deref() == Some(mark));
            records.push(vec![match (&note.mark, heading) {
                (_, Some((_, heading))) => format!("{heading}: {}", note.text),
                (Some(mark), None) => format!("{mark}: {}", note.text),
                (None, None) => note.text.clone(),
            }]);
        }

        let mut text = String::from(BOM);
        for mut record in records {
            record.resize(width, String::new());
            let cells: Vec<String> = record.iter().map(|cell| quoted(cell)).collect();
            text += &cells.join(",");
            text.push('\n');
        }
        text
    }
}

fn quoted(cell: &str) -> String {
    let cell = neutral_cell(cell);
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}
