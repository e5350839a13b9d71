//! What a report is made of, in the order in which every format shows it.

use restudy_ledger::{Analysis, ClaimChecks, Ledger};

use crate::analysis::{Detail, abbreviations, analysis_table, counted, detail_tables, warnings};
use crate::figure::{DrawnFigure, figures, png};
use crate::parallel;
use crate::style::Style;
use crate::table::{Cell, Column, ColumnKind, Footnote, Line, Table};

/// What the tables of [`Section::choices`] stand under.
pub(crate) const CHOICES: &str = "Appendix. How each p was chosen";

/// What every page of made-up data begins with.
pub(crate) const SYNTHETIC: &str = "Synthetic data";
pub(crate) const SYNTHETIC_MEANING: &str =
    "These patients were made, not observed. No number here is evidence about real ones.";

/// A figure with its picture in dots, for formats that cannot hold a drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The figure.
    pub figure: DrawnFigure,
    /// The same drawing as PNG; empty where there is none.
    pub png: Vec<u8>,
}

/// The figures of a study with their pictures, at so many pixels to the inch.
#[must_use]
pub fn pictures(ledger: &Ledger, dpi: u32) -> Vec<Picture> {
    let pictured = |figure: DrawnFigure| Picture { png: png(&figure.svg, dpi), figure };
    parallel::each(figures(ledger), pictured)
}

/// A ledger with what was drawn and checked from it: what all pages and documents are made of.
///
/// A ledger alone is a report without figures and claims: `Report::from(&ledger)`.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The record.
    pub ledger: &'a Ledger,
    /// Its figures, drawn.
    pub figures: &'a [Picture],
    /// A paper's claims, held against it.
    pub claims: Option<&'a ClaimChecks>,
}

impl<'a> From<&'a Ledger> for Report<'a> {
    fn from(ledger: &'a Ledger) -> Self {
        Self { ledger, figures: &[], claims: None }
    }
}

/// An analysis with all that is shown of it.
pub(crate) struct Section<'a> {
    /// `Table 1. Patients by outcome`
    pub(crate) title: String,
    pub(crate) analysis: &'a Analysis,
    /// Its table, without a title.
    pub(crate) main: Table,
    pub(crate) details: Vec<Detail>,
    /// How each p was chosen: long, and asked for on demand. A page folds it, paper has it at its end.
    pub(crate) choices: Option<Table>,
    /// What the ledger warns of and the table does not say.
    pub(crate) warnings: Vec<String>,
    pub(crate) figures: Vec<&'a Picture>,
}

/// The sections with the tables of [`Section::choices`], which stand at the end of paper, under [`CHOICES`].
pub(crate) fn appendix<'s>(sections: &'s [Section<'_>]) -> Vec<(&'s str, &'s Table)> {
    sections.iter().filter_map(|section| Some((section.title.as_str(), section.choices.as_ref()?))).collect()
}

impl<'a> Report<'a> {
    pub(crate) fn sections(&self) -> Vec<Section<'a>> {
        let analyses = self.ledger.analyses.iter().enumerate();
        analyses
            .map(|(index, analysis)| {
                let mut main = analysis_table(self.ledger, &analysis.id).unwrap_or_default();
                let warnings = warnings(self.ledger, &analysis.id, &main);
                let (mut details, mut choices) = (Vec::new(), None);
                for detail in detail_tables(self.ledger, &analysis.id) {
                    match detail.id {
                        "choices" => choices = Some(Table { title: String::new(), ..detail.table }),
                        // Where there is nothing to tabulate, a note on the whole table says so.
                        _ if detail.table.lines.is_empty() => {
                            let notes = &mut main.footnotes;
                            let first_marked = notes.iter().position(|note| note.mark.is_some());
                            let place = first_marked.unwrap_or(notes.len());
                            notes.splice(place..place, detail.table.footnotes);
                        }
                        _ => details.push(detail),
                    }
                }
                let title = numbered(index, analysis);
                let figures = self.figures_of(&analysis.id);
                main.title.clear();
                Section { title, analysis, main, details, choices, warnings, figures }
            })
            .collect()
    }

    /// The figures whose first panel is of that analysis; those of the flow of patients are of none.
    pub(crate) fn figures_of(&self, analysis: &str) -> Vec<&'a Picture> {
        let known = |id: &str| self.ledger.figures.iter().find(|figure| figure.id == id);
        let first = |picture: &Picture| known(&picture.figure.id).and_then(|figure| figure.panels.first());
        self.figures
            .iter()
            .filter(|picture| {
                let named = first(picture).map_or("", |panel| &panel.analysis);
                let exists = self.ledger.analysis(named).is_some();
                if analysis.is_empty() { !exists } else { named == analysis }
            })
            .collect()
    }

    /// The number of a figure, from 1, in the order of the report.
    pub(crate) fn figure_title(&self, picture: &Picture) -> String {
        let number =
            self.figures.iter().position(|other| other.figure.id == picture.figure.id).map_or(1, |place| place + 1);
        let title = &picture.figure.title;
        if title.to_lowercase().starts_with("fig") { title.clone() } else { format!("Figure {number}. {title}") }
    }

    /// Every abbreviation of the report with its meaning, in the order of the alphabet.
    pub(crate) fn abbreviations(&self) -> Vec<(&'static str, &'static str)> {
        let mut all: Vec<(&str, &str)> =
            self.ledger.analyses.iter().flat_map(|analysis| abbreviations(self.ledger, &analysis.id)).collect();
        all.sort_by_key(|(short, _)| short.to_lowercase());
        all.dedup();
        all
    }
}

/// A table that stands alone in its file says itself that its patients were made.
pub(crate) fn standing_alone(ledger: &Ledger, mut table: Table) -> Table {
    if ledger.study.synthetic {
        let text = format!("{SYNTHETIC}. {SYNTHETIC_MEANING}");
        table.footnotes.insert(0, Footnote { mark: None, text });
    }
    table
}

/// `Table 1. Patients by outcome`; a title that counts itself is left alone.
fn numbered(index: usize, analysis: &Analysis) -> String {
    if analysis.title.to_lowercase().starts_with("table") {
        analysis.title.clone()
    } else {
        format!("Table {}. {}", index + 1, analysis.title)
    }
}

pub(crate) fn patients(ledger: &Ledger) -> String {
    let data = &ledger.data;
    let read = counted(data.rows, "row was read", "rows were read");
    match ledger.flow.is_empty() && data.rows == data.rows_kept {
        true => format!("{read} and all of them analysed."),
        false => format!("{read}; {} analysed.", counted(data.rows_kept, "patient was", "patients were")),
    }
}

/// Who was dropped, why, and how many: the steps of the study file, in order.
#[must_use]
pub fn flow_table(ledger: &Ledger) -> Table {
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
    let count = |n: usize| Cell::from(n.to_string()).values([n as f64]);
    let lines = ledger.flow.iter().map(|step| {
        // Where the patients came from: nobody was there before, and nobody was dropped.
        let unless_start = |n| if step.start { Cell::default() } else { count(n) };
        let mut cells = vec![
            Cell::from(step.label.as_str()),
            unless_start(step.before),
            unless_start(step.dropped),
            count(step.after),
        ];
        if undetermined {
            cells.insert(3, unless_start(step.undetermined));
        }
        Line::item(cells)
    });
    let footnotes = undetermined.then(|| Footnote {
        mark: None,
        text: "Undetermined: dropped because a missing value left the condition undecided.".to_owned(),
    });
    let lines = lines.collect();
    Table { title: String::new(), columns, lines, footnotes: footnotes.into_iter().collect() }
}

/// Every convention in force, with its origin.
pub(crate) fn conventions_table(ledger: &Ledger) -> Table {
    let settings = ledger.conventions.iter();
    let rows = settings.map(|setting| [&setting.key, &setting.value, &setting.origin].map(String::as_str));
    words_table(["Convention", "Value", "Origin"], rows)
}

/// A table of words alone.
pub(crate) fn words_table<'t, const N: usize>(
    headings: [&str; N],
    rows: impl IntoIterator<Item = [&'t str; N]>,
) -> Table {
    let kind = |index| if index == 0 { ColumnKind::Label } else { ColumnKind::Text };
    Table {
        columns: headings.iter().enumerate().map(|(index, heading)| Column::new(kind(index), *heading)).collect(),
        lines: rows.into_iter().map(|cells| Line::item(cells.map(Cell::from).into())).collect(),
        ..Table::default()
    }
}

/// What another person needs to make this report again.
pub(crate) fn record(ledger: &Ledger) -> Vec<(&'static str, String)> {
    let data = &ledger.data;
    let asked = &ledger.study.style;
    let style = Style::of(ledger);
    let size = format!("{}, {}", counted(data.rows, "row", "rows"), counted(data.columns, "column", "columns"));
    let mut record = vec![
        ("Study", ledger.study.id.clone()),
        ("Data", format!("{}, {size}", data.file)),
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
    record.extend(ledger.seed.map(|seed| ("Seed", seed.to_string())));
    record
}
