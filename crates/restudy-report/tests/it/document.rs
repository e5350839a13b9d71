//! The Word document and the workbook, read back as the archives of XML that they are.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use proptest::prelude::*;
use restudy_ledger::{Context, Ledger, Row, Stat};
use restudy_report::{DrawnFigure, Picture, Report, excel_workbook, html_page, word_document};
use roxmltree::{Document, Node};

use crate::arbitrary;
use crate::protocol::{checks, protocol};
use crate::specimen;

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// Every part of an archive; each is whole.
fn parts(archive: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).expect("an archive");
    let mut parts = BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).expect("an entry");
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("its checksum holds");
        let name = entry.name().expect("a name").into_owned();
        parts.insert(name, bytes);
    }
    parts
}

fn text(parts: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    String::from_utf8(parts[name].clone()).expect("UTF-8")
}

/// Panics unless every part is well-formed XML, or a picture.
fn assert_well_formed(parts: &BTreeMap<String, Vec<u8>>) {
    for (name, bytes) in parts.iter().filter(|(name, _)| !name.ends_with(".png")) {
        let text = std::str::from_utf8(bytes).expect("UTF-8");
        if let Err(error) = Document::parse(text) {
            panic!("{name}: {error}");
        }
    }
}

fn word(ledger: &Ledger) -> BTreeMap<String, Vec<u8>> {
    parts(&word_document(ledger).expect("a document"))
}

fn excel(ledger: &Ledger) -> BTreeMap<String, Vec<u8>> {
    parts(&excel_workbook(ledger).expect("a workbook"))
}

fn named<'a>(document: &'a Document<'_>, name: &'a str) -> impl Iterator<Item = Node<'a, 'a>> {
    document.descendants().filter(move |node| node.tag_name().name() == name)
}

/// What is written in a node, its runs joined.
fn written(node: Node<'_, '_>) -> String {
    node.descendants().filter(|node| node.tag_name().name() == "t").filter_map(|node| node.text()).collect()
}

/// The cells of every sheet: the text of a string, or the number with its format's code.
fn cells(parts: &BTreeMap<String, Vec<u8>>, sheet: usize) -> BTreeMap<String, (String, Option<f64>, String)> {
    let strings = parts.get("xl/sharedStrings.xml").map(|bytes| String::from_utf8(bytes.clone()).unwrap());
    let strings = strings.unwrap_or_else(|| "<sst/>".to_owned());
    let strings: Vec<String> = named(&Document::parse(&strings).unwrap(), "si").map(written).collect();
    let styles = text(parts, "xl/styles.xml");
    let styles = Document::parse(&styles).unwrap();
    let codes: BTreeMap<&str, &str> = named(&styles, "numFmt")
        .filter_map(|format| Some((format.attribute("numFmtId")?, format.attribute("formatCode")?)))
        .collect();
    let formats: Vec<&str> = named(&styles, "cellXfs")
        .flat_map(|formats| formats.children().filter(Node::is_element))
        .map(|format| format.attribute("numFmtId").and_then(|id| codes.get(id).copied()).unwrap_or_default())
        .collect();
    let sheet = text(parts, &format!("xl/worksheets/sheet{sheet}.xml"));
    let sheet = Document::parse(&sheet).unwrap();
    assert_eq!(named(&sheet, "f").count(), 0, "no formula");
    named(&sheet, "c")
        .filter_map(|cell| {
            let place = cell.attribute("r")?.to_owned();
            let format = cell.attribute("s").and_then(|style| style.parse::<usize>().ok()).map_or("", |s| formats[s]);
            let value = cell.children().find(|node| node.tag_name().name() == "v")?.text()?;
            Some(match cell.attribute("t") {
                Some("s") => (place, (strings[value.parse::<usize>().unwrap()].clone(), None, format.to_owned())),
                _ => (place, (String::new(), value.parse().ok(), format.to_owned())),
            })
        })
        .collect()
}

#[test]
fn the_same_record_gives_the_same_bytes() {
    let ledger = protocol();
    let checks = checks();
    let report = Report { claims: Some(&checks), ..Report::from(&ledger) };
    assert!(word_document(report).unwrap() == word_document(report).unwrap());
    assert!(excel_workbook(report).unwrap() == excel_workbook(report).unwrap());
}

#[test]
fn word_has_native_tables_with_heads_that_repeat() {
    let parts = word(&protocol());
    assert_well_formed(&parts);
    let body = text(&parts, "word/document.xml");
    let document = Document::parse(&body).unwrap();
    for table in named(&document, "tbl") {
        let grid = named(&document, "tblGrid").find(|grid| grid.parent() == Some(table)).unwrap();
        let columns = grid.children().count();
        for row in table.children().filter(|node| node.tag_name().name() == "tr") {
            let spans = row.children().filter(|node| node.tag_name().name() == "tc").map(|cell| {
                let span = cell.descendants().find(|node| node.tag_name().name() == "gridSpan");
                span.map_or(1, |span| span.attribute((WORD, "val")).unwrap().parse::<usize>().unwrap())
            });
            assert_eq!(spans.sum::<usize>(), columns, "{}", written(row));
        }
        assert!(table.descendants().any(|node| node.tag_name().name() == "tblHeader"));
    }
    for needed in ["54.86 ± 11.72", "0.905 (0.836–0.975)", "Ref.", "Synthetic data", "Reporting checklists"] {
        let plain = written(document.root()).replace('\u{a0}', " ");
        assert!(plain.contains(needed), "{needed}");
    }
    // Wide tables have landscape paper, and what follows stands upright again.
    let pages: Vec<_> = named(&document, "pgSz").map(|page| page.attribute((WORD, "orient"))).collect();
    assert!(pages.contains(&Some("landscape")));
    assert_eq!(pages.last(), Some(&None));
    assert!(written(Document::parse(&text(&parts, "word/header.xml")).unwrap().root()).starts_with("SYNTHETIC DATA"));
}

/// A note stands once for each table that uses it, under the mark that the cells bear.
#[test]
fn word_has_real_footnotes() {
    let parts = word(&specimen::paper());
    let (body, notes) = (text(&parts, "word/document.xml"), text(&parts, "word/footnotes.xml"));
    let (body, notes) = (Document::parse(&body).unwrap(), Document::parse(&notes).unwrap());
    let id = |node: Node<'_, '_>| node.attribute((WORD, "id")).unwrap().to_owned();
    let references: Vec<String> = named(&body, "footnoteReference").map(id).collect();
    let notes: BTreeMap<String, String> = named(&notes, "footnote").map(|note| (id(note), written(note))).collect();
    assert_eq!(references.len() + 2, notes.len(), "each note is referred to once; two are separators");
    for reference in &references {
        assert!(!notes[reference].is_empty());
    }
    assert!(notes.values().any(|note| note == "b Student’s t-test (pooled variance)."));
    assert_eq!(notes.values().filter(|note| note.ends_with("Student’s t-test (pooled variance).")).count(), 1);
}

#[test]
fn word_shows_the_pictures() {
    let mut ledger = protocol();
    ledger.figures.clear();
    // The head of a PNG of 40 by 20 dots is all that is read of it.
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend(40_u32.to_be_bytes());
    png.extend(20_u32.to_be_bytes());
    let figure = DrawnFigure {
        id: "curves".to_owned(),
        title: "Curves \"<&>".to_owned(),
        alt_text: "Two \"curves\" <&>.".to_owned(),
        svg: "<svg><style>@font-face{}</style></svg>".to_owned(),
    };
    let picture = Picture { figure, png: png.clone() };
    let report = Report { figures: &[picture], ..Report::from(&ledger) };
    let parts = parts(&word_document(report).unwrap());
    assert_well_formed(&parts);
    assert_eq!(parts["word/media/figure1.png"], png);
    let body = text(&parts, "word/document.xml");
    let document = Document::parse(&body).unwrap();
    let extent = named(&document, "extent").next().unwrap();
    let size = |name| extent.attribute(name).unwrap().parse::<u64>().unwrap();
    assert_eq!(size("cx"), 2 * size("cy"));
    assert!(html_page(report).contains("<svg></svg>"));
}

/// Numbers are numbers at full precision, shown as on the page; what is no number is text.
#[test]
fn excel_holds_numbers() {
    let parts = excel(&protocol());
    assert_well_formed(&parts);
    let names: Vec<String> = named(&Document::parse(&text(&parts, "xl/workbook.xml")).unwrap(), "sheet")
        .map(|sheet| sheet.attribute("name").unwrap().to_owned())
        .collect();
    let sheet = |name: &str| cells(&parts, names.iter().position(|known| known == name).unwrap() + 1);
    for name in ["Patients", "Table 1", "Table 1 choices", "Table 9 performance", "Conventions", "Numbers"] {
        assert!(names.iter().any(|known| known == name), "{name}");
    }
    let flow = sheet("Patients");
    assert_eq!(flow["B4"].1, Some(274.0));
    let table = sheet("Table 1");
    let has =
        |value: f64, format: &str| table.values().any(|(_, number, code)| *number == Some(value) && code == format);
    assert!(has(0.353_86, "0.000\" b\";\"−\"0.000\" b\""));
    assert!(has(0.000_402, "\"< 0.001\"\" b\""));
    assert!(table.values().any(|(text, ..)| text == "54.86 ± 11.72"));
    // An odds ratio and its limits stand side by side.
    let models = sheet("Table 3");
    let row = |value: f64| {
        models
            .iter()
            .find(|(_, (_, number, _))| *number == Some(value))
            .map(|(place, _)| place[1..].to_owned())
            .unwrap()
    };
    assert_eq!(row(9.4811), row(1.6098));
    assert_eq!(row(9.4811), row(55.84));
    // A percentage is a proportion that shows as one.
    let roc = sheet("Table 7");
    assert!(roc.values().any(|(_, number, code)| *number == Some(20.0 / 21.0) && code.starts_with("0.0%")));
    let numbers = sheet("Numbers");
    assert!(numbers.values().any(|(_, number, _)| *number == Some(0.905_357_142_857_142_9)));
    for name in &names {
        let made_up = sheet(name).values().any(|(text, ..)| text.starts_with("Synthetic data."));
        assert!(made_up, "{name} says that the data were made");
    }
}

/// The labels that break formats, in every place that the data reach.
const HOSTILE: [&str; 8] = [
    "<script>alert(1)</script>",
    "\"quoted\" & 'single'",
    "🫁 emoji 👩🏽‍⚕️",
    "肺部平均摄取值",
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
];

fn labelled(label: &str) -> Ledger {
    let mut ledger = protocol();
    for variable in &mut ledger.variables {
        variable.label = label.to_owned();
    }
    for analysis in &mut ledger.analyses {
        analysis.title = label.to_owned();
    }
    ledger.rows.push(Row::new("roc", Context::Test, "lung", None, Stat::Bic, 1.0).reason(label));
    ledger
}

#[test]
fn labels_survive() {
    let long = "long-label ".repeat(18) + "ab";
    assert_eq!(long.chars().count(), 200);
    for label in HOSTILE.into_iter().chain([long.as_str()]) {
        let ledger = labelled(label);
        let parts = word(&ledger);
        assert_well_formed(&parts);
        let body = text(&parts, "word/document.xml");
        let document = Document::parse(&body).unwrap();
        let paragraphs: Vec<String> = named(&document, "p").map(written).collect();
        assert!(paragraphs.iter().any(|paragraph| paragraph.contains(label)), "{label}");

        let parts = excel(&ledger);
        assert_well_formed(&parts);
        let found = cells(&parts, 2);
        assert!(found.values().any(|(text, number, _)| number.is_none() && text.contains(label)), "{label}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever the ledger holds, both are archives of well-formed XML without a formula.
    #[test]
    fn no_ledger_is_refused(ledger in arbitrary::ledger()) {
        assert_well_formed(&word(&ledger));
        let parts = excel(&ledger);
        assert_well_formed(&parts);
        let sheets = parts.keys().filter(|name| name.starts_with("xl/worksheets/sheet")).count();
        for sheet in 1..=sheets {
            cells(&parts, sheet);
        }
    }
}
