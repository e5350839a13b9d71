//! The four written forms of one table.

use proptest::prelude::*;
use restudy_report::{Cell, Column, ColumnKind, Footnote, Line, LineKind, Table, comparison_table};

use crate::arbitrary;
use crate::specimen;

fn cell(text: &str) -> Cell {
    Cell { text: text.to_owned(), ..Cell::default() }
}

fn small(label: &str, p: &str) -> Table {
    Table {
        title: "Two lines".to_owned(),
        columns: [("Characteristic", ColumnKind::Label), ("P value", ColumnKind::PValue)]
            .map(|(heading, kind)| Column { heading: cell(heading), kind, group: None })
            .into(),
        lines: vec![
            Line { kind: LineKind::Heading, cells: vec![cell("Heading")], tag: None },
            Line {
                kind: LineKind::Item,
                cells: vec![
                    Cell { detail: Some("n (%)".to_owned()), ..cell(label) },
                    Cell { marks: vec!["a".to_owned(), "†".to_owned()], ..cell(p) },
                ],
                tag: None,
            },
            Line { kind: LineKind::Part, cells: vec![cell("male"), cell("")], tag: None },
        ],
        footnotes: vec![
            Footnote { mark: None, text: "General.".to_owned() },
            Footnote { mark: Some("a".to_owned()), text: "A test.".to_owned() },
        ],
    }
}

#[test]
fn markdown() {
    assert_eq!(
        small("Sex | gender", "< 0.001").to_markdown(),
        "**Two lines**\n\n\
         | Characteristic | *P* value |\n\
         | :--- | ---: |\n\
         | **Heading** |  |\n\
         | Sex \\| gender, n (%) | < 0.001<sup>a,†</sup> |\n\
         | &emsp;male |  |\n\
         \nGeneral.\n\
         \n<sup>a</sup> A test.\n"
    );
}

#[test]
fn html() {
    assert_eq!(
        small("Sex <b>", "< 0.001").to_html(),
        "<div class=\"table-box\"><table style=\"--columns: 2\"><caption>Two lines</caption><thead><tr>\
         <th scope=\"col\" class=\"label\">Characteristic</th>\
         <th scope=\"col\" class=\"p\"><i>P</i> value<sup></sup></th></tr></thead><tbody>\
         <tr class=\"heading\"><th scope=\"rowgroup\" colspan=\"2\">Heading</th></tr>\
         <tr class=\"item\"><th scope=\"row\" class=\"label\">Sex &lt;b&gt;<span class=\"join\">,</span> \
         <span class=\"detail\">n (%)</span></th><td class=\"p\">&lt; 0.001<sup>a,†</sup></td></tr>\
         <tr class=\"part\"><th scope=\"row\" class=\"label\">male</th><td class=\"p\"><sup></sup></td></tr>\
         </tbody></table></div><div class=\"notes\"><p>General.</p><p><sup>a</sup> A test.</p></div>"
    );
}

#[test]
fn text() {
    assert_eq!(
        small("Sex", "< 0.001").to_text(40),
        "Two lines\n\
         ───────────────────────────────\n\
         Characteristic         P value\n\
         ───────────────────────────────\n\
         Heading\n\
         Sex, n (%)       < 0.001 [a,†]\n\
         \u{20} male\n\
         ───────────────────────────────\n\
         General.\n\
         [a] A test.\n"
    );
}

/// Nothing from the data moves the cursor, colours the screen or imitates a heading.
#[test]
fn text_holds_no_control_character() {
    let text = small("\u{1b}[2J\u{7}\u{e000}\r", "0.5\u{0}").to_text(80);
    assert!(text.chars().all(|character| character == '\n' || !character.is_control()));
    assert!(!text.contains('\u{e000}'));
}

#[test]
fn text_fits_its_terminal() {
    let table = comparison_table(&specimen::paper(), "table1").unwrap();
    let text = table.to_text(100);
    for line in text.lines() {
        assert!(line.chars().count() <= 100, "{line}");
        assert_eq!(line, line.trim_end());
    }
    // No number is broken.
    for whole in ["54.86 ± 11.72", "(302.05, 2110.25)", "[n = 16]", "< 0.001 [b]"] {
        assert!(text.contains(whole), "{whole}");
    }
}

fn records(csv: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
    let records: Result<Vec<_>, _> = reader.records().collect();
    let records = records.expect("every record has the same number of cells");
    records.iter().map(|record| record.iter().map(str::to_owned).collect()).collect()
}

#[test]
fn csv() {
    let csv = small("Sex", "0.354").to_csv();
    assert!(csv.starts_with('\u{feff}'));
    assert_eq!(
        records(&csv),
        [
            ["Characteristic", "P value", "P value: note"],
            ["Heading", "", ""],
            ["Sex, n (%)", "0.354", "a,†"],
            ["\u{a0}\u{a0}male", "", ""],
            ["", "", ""],
            ["General.", "", ""],
            ["a: A test.", "", ""],
        ]
    );
}

/// `ledger.csv` neutralises in the same way; the numbers of a page are no formulas to begin with.
#[test]
fn csv_holds_no_formula() {
    for (label, neutral) in [("=1+1", "'=1+1, n (%)"), ("@SUM(A1)", "'@SUM(A1), n (%)"), ("+x", "'+x, n (%)")] {
        assert_eq!(records(&small(label, "−0.5").to_csv())[2][..2], [neutral, "−0.5"]);
    }
    assert_eq!(records(&small("x", "< 0.001").to_csv())[2][1], "< 0.001");
}

proptest! {
    /// Read back by another program, a cell is what the table says.
    #[test]
    fn csv_comes_back(label in arbitrary::word(), p in arbitrary::word()) {
        let records = records(&small(&label, &p).to_csv());
        let label = if label.is_empty() { "n (%)".to_owned() } else { format!("{label}, n (%)") };
        for (read, meant) in [(&records[2][0], &label), (&records[2][1], &p)] {
            let read = if meant.starts_with(['=', '+', '-', '@', '\t', '\r']) { &read[1..] } else { read };
            prop_assert_eq!(read, meant.as_str());
        }
    }
}
