//! HTML: tables as fragments, and the document around them. Everything from the data is escaped by maud.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::table::{Cell, Column, ColumnKind, Footnote, Line, LineKind, Table};

const STYLESHEET: &str = include_str!("page.css");

/// A self-contained document: its style within it, nothing fetched.
pub(crate) fn document(title: &str, body: &Markup) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLESHEET)) }
            }
            body { main { (body) } }
        }
    }
    .into_string()
        + "\n"
}

impl Table {
    /// The table as an HTML fragment: a `table` with its caption in a scrolling box, and its notes.
    #[must_use]
    pub fn to_html(&self) -> String {
        self.markup("").into_string()
    }

    /// The same, with a class on the table that the style sheet knows.
    pub(crate) fn markup(&self, class: &str) -> Markup {
        let marked: Vec<bool> = (0..self.columns.len()).map(|column| self.has_marks(column)).collect();
        // On a narrow screen the numbers of a line stand in columns, its label and its words above and below them.
        let numbers = self
            .columns
            .iter()
            .filter(|column| !matches!(column.kind, ColumnKind::Label | ColumnKind::Patients | ColumnKind::Text));
        let narrow = format!("--columns: {}", numbers.count().max(2));
        html! {
            div.table-box {
                table class=[(!class.is_empty()).then_some(class)] style=(narrow) {
                    @if !self.title.is_empty() { caption { (self.title) } }
                    thead {
                        @let groups = self.groups();
                        @if !groups.is_empty() { tr.groups {
                            @for (group, span) in groups {
                                @match group {
                                    Some(group) => { th scope="colgroup" colspan=(span) { span { (group) } } }
                                    None => { td colspan=(span) {} }
                                }
                            }
                        } }
                        tr {
                            @for (column, marked) in self.columns.iter().zip(&marked) {
                                th scope="col" class=(column.kind.class()) { (heading(column, *marked)) }
                            }
                        }
                    }
                    tbody { @for line in &self.lines { (self.line(line, &marked)) } }
                }
            }
            (notes(&self.footnotes))
        }
    }

    fn line(&self, line: &Line, marked: &[bool]) -> Markup {
        let kind = match line.kind {
            LineKind::Heading => "heading",
            LineKind::Item => "item",
            LineKind::Part => "part",
        };
        let class = line.tag.map_or_else(|| kind.to_owned(), |tag| format!("{kind} {tag}"));
        let columns = self.columns.iter().zip(marked).zip(&line.cells);
        html! {
            tr class=(class) {
                @if line.kind == LineKind::Heading {
                    @if let Some(cell) = line.cells.first() {
                        th scope="rowgroup" colspan=(self.columns.len()) { (content(cell, ColumnKind::Label, false)) }
                    }
                } @else {
                    @for ((column, &marked), cell) in columns {
                        @if column.kind == ColumnKind::Label {
                            th scope="row" class="label" { (content(cell, column.kind, false)) }
                        } @else {
                            td class=(column.kind.class()) { (content(cell, column.kind, marked)) }
                        }
                    }
                }
            }
        }
    }
}

impl ColumnKind {
    fn class(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::Summary => "summary",
            Self::Patients => "patients",
            Self::Number => "number",
            Self::Estimate => "estimate",
            Self::PValue => "p",
            Self::Text => "text",
        }
    }
}

fn heading(column: &Column, marked: bool) -> Markup {
    let Cell { text, detail, marks, .. } = &column.heading;
    html! {
        @match text.strip_prefix("P ").filter(|_| column.kind == ColumnKind::PValue) {
            Some(rest) => { i { "P" } " " (rest) }
            None => { (text) }
        }
        (superscript(marks, marked))
        @if let Some(detail) = detail { " " span.detail { (detail) } }
    }
}

/// In a column with marks every cell has room for one, so that the numbers stay in line.
fn content(cell: &Cell, kind: ColumnKind, marked: bool) -> Markup {
    let text = if matches!(kind, ColumnKind::Summary | ColumnKind::Estimate) {
        Cell::unbroken(&cell.text)
    } else {
        cell.text.clone()
    };
    html! {
        (text)
        (superscript(&cell.marks, marked))
        @if let Some(detail) = &cell.detail {
            @if kind == ColumnKind::Label && !cell.text.is_empty() { span.join { "," } }
            " " span.detail { (detail) }
        }
    }
}

fn superscript(marks: &[String], room: bool) -> Markup {
    html! {
        @if room || !marks.is_empty() { sup { (marks.join(",")) } }
    }
}

/// The notes on the whole table run on in one paragraph; each marked one has its own.
fn notes(footnotes: &[Footnote]) -> Markup {
    let general: Vec<&str> =
        footnotes.iter().filter(|note| note.mark.is_none()).map(|note| note.text.as_str()).collect();
    html! {
        @if !footnotes.is_empty() {
            div.notes {
                @if !general.is_empty() { p { (general.join(" ")) } }
                @for note in footnotes {
                    @if let Some(mark) = &note.mark { p { sup { (mark) } " " (note.text) } }
                }
            }
        }
    }
}
