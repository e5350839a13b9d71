//! Plain text for a terminal, laid out by comfy-table.

use comfy_table::{
    Cell as TextCell, CellAlignment, ColumnConstraint, ContentArrangement, ContentLineStyle, LineStyle,
    Table as TextTable, TableStyle, Width,
};

use crate::table::{Cell, Column, ColumnKind, Line, LineKind, Table};

/// A rule under the header and below the table, nothing else.
const RULES: TableStyle = TableStyle::new()
    .top_border(LineStyle::none().fill('─').junction('─'))
    .header_lines(ContentLineStyle::none())
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .content_lines(ContentLineStyle::none())
    .bottom_border(LineStyle::none().fill('─').junction('─'));

/// Stands in for a heading while the columns are laid out, since no cell spans them; text from the data never holds
/// it.
const HEADING: char = '\u{e000}';

const LONGEST_WORD: usize = 28;

impl Table {
    /// The table as plain text, no wider than `width` columns where its words allow, with marks in brackets.
    #[must_use]
    pub fn to_text(&self, width: usize) -> String {
        let mut text = String::new();
        if !self.title.is_empty() {
            text += &wrapped(&self.title, width);
        }
        let mut headings = self.lines.iter().filter(|line| line.kind == LineKind::Heading);
        for physical in self.layout(width).lines() {
            let physical = physical.trim_end();
            if physical.trim_start().starts_with(HEADING) {
                let cell = headings.next().and_then(|line| line.cells.first());
                let heading = cell.map(|cell| cell.plain(ColumnKind::Label)).unwrap_or_default();
                text += &wrapped(&heading, width);
            } else {
                text += &physical.replace('\u{a0}', " ");
                text.push('\n');
            }
        }
        for note in &self.footnotes {
            let mark = note.mark.as_deref().map(|mark| format!("[{mark}] ")).unwrap_or_default();
            text += &wrapped(&format!("{mark}{}", note.text), width);
        }
        text
    }

    fn layout(&self, width: usize) -> TextTable {
        let mut table = TextTable::new();
        table.load_style(RULES);
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(columns(width));
        let headings: Vec<String> = self.columns.iter().map(heading).collect();
        // A column is as wide as its longest word, so that no number is broken; longer words than this are.
        let mut words: Vec<usize> = headings.iter().map(|heading| longest_word(heading)).collect();
        table.set_header(headings.into_iter().map(TextCell::new_owned));
        for line in &self.lines {
            if line.kind == LineKind::Heading {
                table.add_row([HEADING]);
                continue;
            }
            let cells: Vec<String> = self.contents(line).collect();
            for (longest, cell) in words.iter_mut().zip(&cells) {
                *longest = longest_word(cell).max(*longest);
            }
            table.add_row(cells.into_iter().map(TextCell::new_owned));
        }
        for (index, (column, word)) in self.columns.iter().zip(words).enumerate() {
            let Some(laid_out) = table.column_mut(index) else { continue };
            let left = u16::from(index > 0);
            laid_out.set_padding((left, 1));
            let least = word.min(LONGEST_WORD) as u16 + left + 1;
            laid_out.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(least)));
            if matches!(column.kind, ColumnKind::Patients | ColumnKind::Number | ColumnKind::PValue) {
                laid_out.set_cell_alignment(CellAlignment::Right);
            }
        }
        table
    }

    fn contents(&self, line: &Line) -> impl Iterator<Item = String> {
        self.columns.iter().zip(&line.cells).map(|(column, cell)| {
            let indented = line.kind == LineKind::Part && column.kind == ColumnKind::Label;
            // The layout drops ordinary blanks at the beginning of a cell.
            let indent = if indented { "\u{a0}\u{a0}" } else { "" };
            format!("{indent}{}", content(cell, column.kind))
        })
    }
}

/// What stands above a column, the heading that it shares with its neighbours in front.
fn heading(column: &Column) -> String {
    let heading = content(&column.heading, column.kind);
    column.group.as_ref().map_or_else(|| heading.clone(), |group| format!("{}: {heading}", printable(group)))
}

fn longest_word(text: &str) -> usize {
    text.split(' ').map(|word| word.chars().count()).max().unwrap_or(0)
}

/// What a cell says, its marks in brackets; what belongs together is held by no-break spaces while lines are broken.
fn content(cell: &Cell, kind: ColumnKind) -> String {
    let text = printable(&cell.plain(kind));
    let text = match kind {
        ColumnKind::Label | ColumnKind::Text => text,
        ColumnKind::Summary | ColumnKind::Patients | ColumnKind::Number | ColumnKind::Estimate | ColumnKind::PValue => {
            Cell::unbroken(&text)
        }
    };
    if cell.marks.is_empty() { text } else { format!("{text} [{}]", cell.marks.join(",")) }
}

/// A paragraph, broken between words so that it fits, with a newline at its end.
pub(crate) fn wrapped(paragraph: &str, width: usize) -> String {
    indented("", paragraph, width)
}

/// A paragraph whose first line begins with `lead` and whose other lines are as far in.
pub(crate) fn indented(lead: &str, paragraph: &str, width: usize) -> String {
    let depth = lead.chars().count();
    let mut table = TextTable::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(columns(width.saturating_sub(depth)));
    table.add_row([printable(paragraph)]);
    if let Some(column) = table.column_mut(0) {
        column.set_padding((0, 0));
    }
    let mut text = String::new();
    for (index, line) in table.lines().enumerate() {
        let lead = if index == 0 { lead.to_owned() } else { " ".repeat(depth) };
        text += format!("{lead}{line}").trim_end();
        text.push('\n');
    }
    text
}

/// Narrower than twenty columns nothing can be laid out.
fn columns(width: usize) -> u16 {
    u16::try_from(width.max(20)).unwrap_or(u16::MAX)
}

/// Text that moves no cursor and rings no bell: control characters are shown as the replacement character.
fn printable(text: &str) -> String {
    let unprintable = |character: char| character.is_control() || character == HEADING;
    text.chars().map(|character| if unprintable(character) { '\u{fffd}' } else { character }).collect()
}
