//! Markdown: pipe tables, as GitHub and pandoc read them.

use crate::table::{Cell, Column, ColumnKind, LineKind, Table};

impl Table {
    /// The table in Markdown: its title in bold, a pipe table, its notes. Text from the data is escaped.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = String::new();
        if !self.title.is_empty() {
            text += &format!("**{}**\n\n", escape(&self.title));
        }
        text += &row(self.columns.iter().map(heading));
        text += &row(self.columns.iter().map(|column| {
            match column.kind {
                ColumnKind::Patients | ColumnKind::Number | ColumnKind::PValue => "---:",
                ColumnKind::Label | ColumnKind::Summary | ColumnKind::Estimate | ColumnKind::Text => ":---",
            }
            .to_owned()
        }));
        for line in &self.lines {
            text += &row(self.columns.iter().enumerate().map(|(index, column)| {
                let Some(cell) = line.cells.get(index) else {
                    return String::new();
                };
                let written = content(cell, column.kind);
                match (line.kind, column.kind) {
                    (LineKind::Heading, _) => format!("**{written}**"),
                    // A table cell loses its leading blanks; an entity stays.
                    (LineKind::Part, ColumnKind::Label) => format!("&emsp;{written}"),
                    _ => written,
                }
            }));
        }
        for (index, note) in self.footnotes.iter().enumerate() {
            // The notes on the whole table run on; each marked one stands alone.
            let runs_on = index > 0
                && note.mark.is_none()
                && self.footnotes.get(index - 1).is_some_and(|previous| previous.mark.is_none());
            text += if runs_on { " " } else { "\n" };
            text += &marked(note.mark.as_deref(), &note.text);
            let next = self.footnotes.get(index + 1);
            if note.mark.is_some() || next.is_none_or(|next| next.mark.is_some()) {
                text.push('\n');
            }
        }
        text
    }
}

fn row(cells: impl Iterator<Item = String>) -> String {
    let mut text = String::from("|");
    for cell in cells {
        text += &format!(" {cell} |");
    }
    text.push('\n');
    text
}

fn heading(column: &Column) -> String {
    let written = content(&column.heading, ColumnKind::Summary);
    let written = match written.strip_prefix("P ").filter(|_| column.kind == ColumnKind::PValue) {
        Some(rest) => format!("*P* {rest}"),
        None => written,
    };
    column.group.as_ref().map_or_else(|| written.clone(), |group| format!("{}: {written}", escape(group)))
}

fn content(cell: &Cell, kind: ColumnKind) -> String {
    let text = escape(&cell.plain(kind));
    if cell.marks.is_empty() { text } else { format!("{text}<sup>{}</sup>", escape(&cell.marks.join(","))) }
}

/// A note with its mark.
fn marked(mark: Option<&str>, text: &str) -> String {
    mark.map(|mark| format!("<sup>{}</sup> ", escape(mark))).unwrap_or_default() + &escape(text)
}

/// Text that Markdown shows as it is, on one line: every character that could begin markup is escaped. `<` is left
/// alone before a blank, where it begins nothing, so that `< 0.001` stays readable in the source.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut chars = text.trim().chars().peekable();
    while let Some(character) = chars.next() {
        match character {
            '<' if chars.peek() == Some(&' ') => {}
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '$' | '&' | '#' => escaped.push('\\'),
            _ => {}
        }
        escaped.push(if character.is_control() { ' ' } else { character });
    }
    escaped
}
