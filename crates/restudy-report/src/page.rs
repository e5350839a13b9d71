//! The page of a study, in HTML and in Markdown, from the same tables in the same order.

use maud::{Markup, html};
use restudy_ledger::{Analysis, Ledger};

use crate::comparison::{choice_table, comparison_table, counted, missingness_table};
use crate::render::{document, escape_markdown};
use crate::style::Style;
use crate::table::{Cell, Column, ColumnKind, Line, Table};

const SYNTHETIC: &str = "Synthetic data";
const SYNTHETIC_MEANING: &str = "These patients were made, not observed. No number here is evidence about real ones.";

/// The study as one self-contained HTML page: who was analysed, each comparison with its footnotes, how each p was
/// chosen, what is missing, the conventions with their origins, and the record of the data and the program.
///
/// It needs nothing but itself: no script, font or file is fetched. On a narrow screen every line of a table stands
/// under its label; on paper it is set on A4. All text from the study and the data is escaped.
#[must_use]
pub fn html_page(ledger: &Ledger) -> String {
    let study = &ledger.study;
    let body = html! {
        header {
            h1 { (study.title) }
            @if let Some(source) = &study.source { p.source { (source) } }
            @if study.synthetic { p.banner role="note" { strong { (SYNTHETIC) } " " (SYNTHETIC_MEANING) } }
        }
        section {
            h2 { "Patients" }
            p { (patients(ledger)) }
            @if !ledger.flow.is_empty() { (flow_table(ledger).markup("flow")) }
        }
        @for (index, analysis) in ledger.analyses.iter().enumerate() { (comparison_section(ledger, index, analysis)) }
        section {
            h2 { "Conventions and record" }
            @if !ledger.conventions.is_empty() {
                details {
                    summary { "Conventions, each with its origin" }
                    (conventions_table(ledger).markup("plain"))
                }
            }
            dl.record {
                @for (term, value) in record(ledger) { div { dt { (term) } dd { (value) } } }
            }
        }
    };
    document(&study.title, &body)
}

fn comparison_section(ledger: &Ledger, index: usize, analysis: &Analysis) -> Markup {
    let table = comparison_table(ledger, &analysis.id);
    let choices = choice_table(ledger, &analysis.id).filter(|table| !table.lines.is_empty());
    let missingness = missingness_table(ledger, &analysis.id);
    html! {
        section {
            h2 { (numbered(index, analysis)) }
            @if let Some(table) = untitled(table) { (table.markup("comparison")) }
            @if let Some(table) = untitled(choices) {
                details {
                    summary { "How each " i { "p" } " was chosen, and what the other admissible tests say" }
                    (table.markup("choices"))
                }
            }
            @if let Some(table) = untitled(missingness) {
                details {
                    summary { "Missing values, by variable and group" }
                    (table.markup("plain"))
                }
            }
        }
    }
}

/// The study in Markdown: the same tables in the same order as [`html_page`].
#[must_use]
pub fn markdown_page(ledger: &Ledger) -> String {
    let study = &ledger.study;
    let mut text = format!("# {}\n\n", escape_markdown(&study.title));
    if let Some(source) = &study.source {
        text += &format!("{}\n\n", escape_markdown(source));
    }
    if study.synthetic {
        text += &format!("> **{SYNTHETIC}.** {SYNTHETIC_MEANING}\n\n");
    }
    text += &format!("## Patients\n\n{}\n", escape_markdown(&patients(ledger)));
    if !ledger.flow.is_empty() {
        text += &format!("\n{}", flow_table(ledger).to_markdown());
    }
    for (index, analysis) in ledger.analyses.iter().enumerate() {
        text += &format!("\n## {}\n", escape_markdown(&numbered(index, analysis)));
        let choices = choice_table(ledger, &analysis.id).filter(|table| !table.lines.is_empty());
        let sections = [
            (None, comparison_table(ledger, &analysis.id)),
            (Some("How each *p* was chosen"), choices),
            (Some("Missing values"), missingness_table(ledger, &analysis.id)),
        ];
        for (title, table) in sections {
            let Some(table) = untitled(table) else { continue };
            text += &title.map(|title| format!("\n### {title}\n")).unwrap_or_default();
            text += &format!("\n{}", table.to_markdown());
        }
    }
    text += "\n## Conventions and record\n\n";
    if !ledger.conventions.is_empty() {
        text += &format!("{}\n", conventions_table(ledger).to_markdown());
    }
    for (term, value) in record(ledger) {
        text += &format!("- {term}: {}\n", escape_markdown(&value));
    }
    text
}

/// One comparison as CSV for a spreadsheet; see [`Table::to_csv`]. None when the ledger has no such analysis.
#[must_use]
pub fn csv_table(ledger: &Ledger, analysis: &str) -> Option<String> {
    comparison_table(ledger, analysis).map(|table| table.to_csv())
}

/// A table whose title the page has already said; one without lines or notes says nothing.
fn untitled(table: Option<Table>) -> Option<Table> {
    let table = table.filter(|table| !(table.lines.is_empty() && table.footnotes.is_empty()))?;
    Some(Table { title: String::new(), ..table })
}

/// `Table 1. Patients by outcome`; a title that counts itself is left alone.
fn numbered(index: usize, analysis: &Analysis) -> String {
    if analysis.title.to_lowercase().starts_with("table") {
        analysis.title.clone()
    } else {
        format!("Table {}. {}", index + 1, analysis.title)
    }
}

fn patients(ledger: &Ledger) -> String {
    let data = &ledger.data;
    let read = counted(data.rows, "row was read", "rows were read");
    match ledger.flow.is_empty() && data.rows == data.rows_kept {
        true => format!("{read} and all of them analysed."),
        false => format!("{read}; {} analysed.", counted(data.rows_kept, "patient was", "patients were")),
    }
}

fn flow_table(ledger: &Ledger) -> Table {
    let undetermined = ledger.flow.iter().any(|step| step.undetermined > 0);
    let mut columns = vec![
        Column::new(ColumnKind::Label, "Step"),
        Column::new(ColumnKind::Number, "Before"),
        Column::new(ColumnKind::Number, "Dropped"),
        Column::new(ColumnKind::Number, "Left"),
    ];
    if undetermined {
        columns.insert(3, Column::new(ColumnKind::Number, "of whom undetermined"));
    }
    let lines = ledger.flow.iter().map(|step| {
        let mut cells = vec![
            Cell::from(step.label.as_str()),
            step.before.to_string().into(),
            step.dropped.to_string().into(),
            step.after.to_string().into(),
        ];
        if undetermined {
            cells.insert(3, step.undetermined.to_string().into());
        }
        Line::item(cells)
    });
    let footnotes = undetermined.then(|| crate::Footnote {
        mark: None,
        text: "Undetermined: dropped because a missing value left the condition undecided.".to_owned(),
    });
    let lines = lines.collect();
    Table { title: String::new(), columns, lines, footnotes: footnotes.into_iter().collect() }
}

fn conventions_table(ledger: &Ledger) -> Table {
    let columns = ["Convention", "Value", "Origin"];
    let kinds = [ColumnKind::Label, ColumnKind::Text, ColumnKind::Text];
    Table {
        title: String::new(),
        columns: kinds.into_iter().zip(columns).map(|(kind, heading)| Column::new(kind, heading)).collect(),
        lines: ledger
            .conventions
            .iter()
            .map(|setting| [&setting.key, &setting.value, &setting.origin].map(|text| Cell::from(text.as_str())))
            .map(|cells| Line::item(cells.into()))
            .collect(),
        footnotes: Vec::new(),
    }
}

/// What another person needs to make this page again.
fn record(ledger: &Ledger) -> Vec<(&'static str, String)> {
    let data = &ledger.data;
    let asked = &ledger.study.style;
    let style = Style::of(ledger);
    let mut record = vec![
        ("Study", ledger.study.id.clone()),
        (
            "Data",
            format!(
                "{}, {}, {}",
                data.file,
                counted(data.rows, "row", "rows"),
                counted(data.columns, "column", "columns")
            ),
        ),
        ("SHA-256 of the data", data.sha256.clone()),
        ("Made with", format!("{} {}", ledger.tool.name, ledger.tool.version)),
        (
            "House style",
            if asked == style.name() {
                asked.clone()
            } else {
                format!("{} ({asked} is not known to this version)", style.name())
            },
        ),
    ];
    if let Some(seed) = ledger.seed {
        record.push(("Seed", seed.to_string()));
    }
    record
}
