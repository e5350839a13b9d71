//! The report as a Word document (Office Open XML, ECMA-376): native tables, real footnotes, landscape where wide.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{DocumentError, one_line};
use crate::analysis::claims_table;
use crate::checklist::checklists;
use crate::methods::methods;
use crate::page::spelled;
use crate::report::{
    CHOICES, Picture, Report, SYNTHETIC, SYNTHETIC_MEANING, appendix, conventions_table, flow_table, patients, record,
};
use crate::table::{Cell, Column, ColumnKind, Line, LineKind, Table};

/// Twentieths of a point: the short and the long side of A4, its margins.
const SHORT: usize = 11_906;
const LONG: usize = 16_838;
const MARGIN: usize = 1_134;

/// About the width of a character of a table, in twentieths of a point.
const CHARACTER: usize = 92;

/// English metric units in a twentieth of a point.
const EMU: usize = 635;

/// The report as a Word document: title, patients, each analysis with its table, warnings and figures, the claims, the
/// methods, the checklists, the conventions and the record.
///
/// - Tables are native, their header rows repeat on every page, no line breaks across pages. One too wide for an upright
///   page has a landscape section of its own.
/// - The marked notes of a table are real footnotes that bear the table's marks; a mark used again in the same table
///   refers to the same note. Notes on the whole table stand below it.
/// - Figures are the PNG of their [`Picture`], with what they show as alternative text; a figure without one is named.
/// - The header of every page names the study, and says when data are synthetic.
///
/// # Errors
///
/// When the archive cannot be written, which takes more than 4 GB.
pub fn word_document<'a>(report: impl Into<Report<'a>>) -> Result<Vec<u8>, DocumentError> {
    let report = report.into();
    let mut document = Document::default();
    document.report(&report);
    let failed = |reason: String| DocumentError { document: "Word document", reason };
    archive(&report, &document).map_err(|error| failed(error.to_string()))
}

/// A document while it is written.
#[derive(Default)]
struct Document<'a> {
    body: String,
    footnotes: String,
    notes: usize,
    pictures: Vec<&'a [u8]>,
    /// Whether what was written last stands on landscape paper.
    landscape: bool,
    drawings: usize,
}

impl<'a> Document<'a> {
    fn report(&mut self, report: &Report<'a>) {
        let ledger = report.ledger;
        let study = &ledger.study;
        self.paragraph("Title", &study.title);
        if let Some(source) = &study.source {
            self.paragraph("Subtitle", source);
        }
        if study.synthetic {
            self.paragraph("Banner", &format!("{SYNTHETIC}. {SYNTHETIC_MEANING}"));
        }
        self.paragraph("Heading1", "Patients");
        self.paragraph("Normal", &patients(ledger));
        if !ledger.flow.is_empty() {
            self.table(&flow_table(ledger));
        }
        for picture in report.figures_of("") {
            self.figure(report, picture);
        }
        let sections = report.sections();
        for section in &sections {
            self.turned(is_wide(&section.main));
            self.paragraph("Heading1", &section.title);
            for warning in &section.warnings {
                self.paragraph("Banner", &format!("To note. {warning}"));
            }
            self.table(&section.main);
            for picture in &section.figures {
                self.figure(report, picture);
            }
            for detail in &section.details {
                self.turned(is_wide(&detail.table));
                self.paragraph("Heading2", &detail.table.title);
                self.table(&detail.table);
            }
        }
        if let Some(checks) = report.claims {
            let table = claims_table(checks);
            self.turned(is_wide(&table));
            self.paragraph("Heading1", &table.title);
            self.table(&table);
        }
        self.turned(false);
        self.paragraph("Heading1", "Methods");
        for paragraph in methods(ledger) {
            self.paragraph("Normal", &paragraph);
        }
        let abbreviations = report.abbreviations();
        if !abbreviations.is_empty() {
            self.paragraph("Note", &format!("Abbreviations: {}", spelled(&abbreviations)));
        }
        self.paragraph("Heading1", "Reporting checklists");
        for (name, table) in checklists(report, &sections) {
            self.paragraph("Heading2", name);
            self.table(&table);
        }
        self.paragraph("Heading1", "Conventions and record");
        if !ledger.conventions.is_empty() {
            self.table(&conventions_table(ledger));
        }
        for (term, value) in record(ledger) {
            self.paragraph("Note", &format!("{term}: {value}"));
        }
        for (index, (title, table)) in appendix(&sections).into_iter().enumerate() {
            self.turned(is_wide(table));
            if index == 0 {
                self.paragraph("Heading1", CHOICES);
            }
            self.paragraph("Heading2", title);
            self.table(table);
        }
    }

    fn paragraph(&mut self, style: &str, text: &str) {
        push(&mut self.body, format_args!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{}</w:p>", run("", text)));
    }

    /// From here on, paper of that orientation: the section before ends, unless nothing changes.
    fn turned(&mut self, landscape: bool) {
        if landscape != self.landscape {
            let section = section(self.landscape);
            push(&mut self.body, format_args!("<w:p><w:pPr><w:pStyle w:val=\"Break\"/>{section}</w:pPr></w:p>"));
            self.landscape = landscape;
        }
    }

    fn table(&mut self, table: &Table) {
        if table.columns.is_empty() || (table.lines.is_empty() && table.footnotes.is_empty()) {
            return;
        }
        let widths = widths(table, if self.landscape { LONG } else { SHORT } - 2 * MARGIN);
        let mut seen = Vec::new();
        self.body.push_str("<w:tbl><w:tblPr><w:tblStyle w:val=\"Data\"/>");
        push(&mut self.body, format_args!("<w:tblW w:w=\"{}\" w:type=\"dxa\"/>", widths.iter().sum::<usize>()));
        self.body.push_str("<w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>");
        for width in &widths {
            push(&mut self.body, format_args!("<w:gridCol w:w=\"{width}\"/>"));
        }
        self.body.push_str("</w:tblGrid>");
        let groups = table.groups();
        if !groups.is_empty() {
            self.group_row(&groups, &widths);
        }
        self.body.push_str("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
        for (column, width) in table.columns.iter().zip(&widths) {
            let content = self.heading(table, column, &mut seen);
            let border = if groups.is_empty() { "top+bottom" } else { "bottom" };
            self.cell(*width, 1, border, aligned(column.kind), &content);
        }
        self.body.push_str("</w:tr>");
        for (place, line) in table.lines.iter().enumerate() {
            let border = if place + 1 == table.lines.len() { "last" } else { "" };
            self.line(table, line, &widths, border, &mut seen);
        }
        self.body.push_str("</w:tbl>");
        let general: Vec<&str> =
            table.footnotes.iter().filter(|note| note.mark.is_none()).map(|note| note.text.as_str()).collect();
        // A paragraph must stand between two tables in any case.
        self.paragraph("Note", &general.join(" "));
        // A mark that no cell of the table bears keeps its note below the table.
        for note in &table.footnotes {
            if let Some(mark) = note.mark.as_deref().filter(|mark| !seen.iter().any(|known| known == mark)) {
                self.paragraph("Note", &format!("{mark} {}", note.text));
            }
        }
    }

    fn group_row(&mut self, groups: &[(Option<&str>, usize)], widths: &[usize]) {
        self.body.push_str("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
        let mut first = 0;
        for (group, span) in groups {
            let width = widths[first..first + span].iter().sum();
            let border = if group.is_some() { "top+under" } else { "top" };
            self.cell(width, *span, border, "center", &run("<w:b/>", group.unwrap_or_default()));
            first += span;
        }
        self.body.push_str("</w:tr>");
    }

    fn heading(&mut self, table: &Table, column: &Column, seen: &mut Vec<String>) -> String {
        let cell = &column.heading;
        let mut content = match cell.text.strip_prefix("P ").filter(|_| column.kind == ColumnKind::PValue) {
            Some(rest) => run("<w:b/><w:i/>", "P") + &run("<w:b/>", &format!(" {rest}")),
            None => run("<w:b/>", &cell.text),
        };
        content += &self.marks(table, &cell.marks, seen);
        if let Some(detail) = &cell.detail {
            content += &run("", &format!(" {}", detail.replace(' ', "\u{a0}")));
        }
        content
    }

    fn line(&mut self, table: &Table, line: &Line, widths: &[usize], border: &str, seen: &mut Vec<String>) {
        self.body.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
        if line.kind == LineKind::Heading {
            let text = line.cells.first().map(|cell| cell.plain(ColumnKind::Label)).unwrap_or_default();
            let all = widths.iter().sum();
            self.cell(all, widths.len(), border, "heading", &run("<w:b/>", &text));
        } else {
            let empty = Cell::default();
            for (index, (column, width)) in table.columns.iter().zip(widths).enumerate() {
                let cell = line.cells.get(index).unwrap_or(&empty);
                let text = match column.kind {
                    ColumnKind::Label | ColumnKind::Text => cell.text.clone(),
                    _ => Cell::unbroken(&cell.text),
                };
                let mut content = run("", &text);
                content += &self.marks(table, &cell.marks, seen);
                if let Some(detail) = &cell.detail {
                    let comma = if column.kind == ColumnKind::Label && !text.is_empty() { "," } else { "" };
                    content += &run("<w:color w:val=\"595959\"/>", &format!("{comma} {detail}"));
                }
                let indented = line.kind == LineKind::Part && column.kind == ColumnKind::Label;
                self.cell(*width, 1, border, if indented { "part" } else { aligned(column.kind) }, &content);
            }
        }
        self.body.push_str("</w:tr>");
    }

    fn cell(&mut self, width: usize, span: usize, border: &str, aligned: &str, content: &str) {
        push(&mut self.body, format_args!("<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>"));
        if span > 1 {
            push(&mut self.body, format_args!("<w:gridSpan w:val=\"{span}\"/>"));
        }
        self.body.push_str(match border {
            "top+bottom" => {
                "<w:tcBorders><w:top w:val=\"single\" w:sz=\"12\"/><w:bottom w:val=\"single\" w:sz=\"6\"/></w:tcBorders>"
            }
            "top+under" => {
                "<w:tcBorders><w:top w:val=\"single\" w:sz=\"12\"/><w:bottom w:val=\"single\" w:sz=\"4\"/></w:tcBorders>"
            }
            "top" => "<w:tcBorders><w:top w:val=\"single\" w:sz=\"12\"/></w:tcBorders>",
            "bottom" => "<w:tcBorders><w:bottom w:val=\"single\" w:sz=\"6\"/></w:tcBorders>",
            "last" => "<w:tcBorders><w:bottom w:val=\"single\" w:sz=\"12\"/></w:tcBorders>",
            _ => "",
        });
        self.body.push_str("</w:tcPr><w:p><w:pPr><w:pStyle w:val=\"TableText\"/>");
        self.body.push_str(match aligned {
            "heading" => "<w:keepNext/><w:spacing w:before=\"60\"/>",
            "part" => "<w:ind w:left=\"200\"/>",
            "right" => "<w:jc w:val=\"right\"/>",
            "center" => "<w:jc w:val=\"center\"/>",
            _ => "",
        });
        push(&mut self.body, format_args!("</w:pPr>{content}</w:p></w:tc>"));
    }

    /// The marks of a cell: a footnote where one stands for the first time in its table, a superscript after.
    fn marks(&mut self, table: &Table, marks: &[String], seen: &mut Vec<String>) -> String {
        let mut content = String::new();
        for (place, mark) in marks.iter().enumerate() {
            if place > 0 {
                content += &run(SUPERSCRIPT, ",");
            }
            let note = table.footnotes.iter().find(|note| note.mark.as_ref() == Some(mark));
            match note.filter(|_| !seen.contains(mark)) {
                Some(note) => {
                    seen.push(mark.clone());
                    self.notes += 1;
                    // The first two are the separators.
                    let id = self.notes + 1;
                    push(
                        &mut content,
                        format_args!(
                            "<w:r><w:rPr>{SUPERSCRIPT}</w:rPr><w:footnoteReference w:customMarkFollows=\"1\" w:id=\"{id}\"/>\
                         <w:t xml:space=\"preserve\">{}</w:t></w:r>",
                            escaped(mark)
                        ),
                    );
                    push(
                        &mut self.footnotes,
                        format_args!(
                            "<w:footnote w:id=\"{id}\"><w:p><w:pPr><w:pStyle w:val=\"FootnoteText\"/></w:pPr>{}{}</w:p></w:footnote>",
                            run(SUPERSCRIPT, mark),
                            run("", &format!(" {}", note.text))
                        ),
                    );
                }
                None => content += &run(SUPERSCRIPT, mark),
            }
        }
        content
    }

    fn figure(&mut self, report: &Report<'a>, picture: &'a Picture) {
        let title = report.figure_title(picture);
        let png = picture.png.as_slice();
        if let Some((width, height)) = png_size(png) {
            self.pictures.push(png);
            self.drawings += 1;
            let (id, number) = (self.pictures.len(), self.drawings);
            let room = if self.landscape { LONG } else { SHORT } - 2 * MARGIN;
            let tall = if self.landscape { SHORT } else { LONG } - 4 * MARGIN;
            // As wide as it was drawn, unless the page is smaller.
            let (width, height) = (u64::from(width).max(1), u64::from(height).max(1));
            let drawn = millimetres(&picture.figure.svg).map_or(room * EMU, |wide| (wide * 36_000.0) as usize);
            let across = (drawn.min(room * EMU) as u64).min(tall as u64 * EMU as u64 * width / height);
            let down = across * height / width;
            push(
                &mut self.body,
                format_args!(
                    "<w:p><w:pPr><w:pStyle w:val=\"Figure\"/></w:pPr><w:r><w:drawing>\
                 <wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{across}\" cy=\"{down}\"/>\
                 <wp:docPr id=\"{number}\" name=\"Figure {number}\" descr=\"{alt}\"/>\
                 <a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic>\
                 <pic:nvPicPr><pic:cNvPr id=\"{number}\" name=\"figure{id}.png\"/><pic:cNvPicPr/></pic:nvPicPr>\
                 <pic:blipFill><a:blip r:embed=\"picture{id}\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>\
                 <pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{across}\" cy=\"{down}\"/></a:xfrm>\
                 <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>\
                 </wp:inline></w:drawing></w:r></w:p>",
                    alt = escaped(&picture.figure.alt_text)
                ),
            );
        }
        self.paragraph("Caption", &title);
    }
}

const SUPERSCRIPT: &str = "<w:rStyle w:val=\"FootnoteReference\"/>";

/// A run of text with its properties.
fn run(properties: &str, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let properties = if properties.is_empty() { String::new() } else { format!("<w:rPr>{properties}</w:rPr>") };
    format!("<w:r>{properties}<w:t xml:space=\"preserve\">{}</w:t></w:r>", escaped(text))
}

fn escaped(text: &str) -> String {
    one_line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = text.write_fmt(arguments);
}

fn aligned(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Label | ColumnKind::Summary | ColumnKind::Estimate | ColumnKind::Text => "left",
        ColumnKind::Patients | ColumnKind::Number | ColumnKind::PValue => "right",
    }
}

/// How many characters a column would like, and how many it needs: its longest text, its longest word.
fn wishes(table: &Table, index: usize) -> (usize, usize) {
    let column = &table.columns[index];
    let cells =
        table.lines.iter().filter(|line| line.kind != LineKind::Heading).filter_map(|line| line.cells.get(index));
    let texts = cells.map(|cell| {
        let text = match column.kind {
            ColumnKind::Label | ColumnKind::Text => cell.plain(column.kind),
            _ => {
                Cell::unbroken(&cell.text)
                    + &cell.detail.as_ref().map(|detail| format!(" {detail}")).unwrap_or_default()
            }
        };
        (text, cell.marks.len())
    });
    let heading = (column.heading.plain(column.kind), column.heading.marks.len());
    let mut wish = (0, 0);
    for (place, (text, marks)) in std::iter::once(heading).chain(texts).enumerate() {
        let words = text.split(' ').map(|word| word.chars().count()).max().unwrap_or(0);
        let longest = text.chars().count();
        // A heading is broken wherever it can be.
        let longest = if place == 0 { longest.min(words.max(14)) } else { longest };
        wish = (wish.0.max(longest.min(60) + marks + 1), wish.1.max(words.min(24) + marks + 1));
    }
    wish
}

/// Whether a table needs landscape paper to keep its numbers unbroken.
fn is_wide(table: &Table) -> bool {
    let needs: usize = (0..table.columns.len())
        .map(|index| {
            let (wish, need) = wishes(table, index);
            let words = matches!(table.columns[index].kind, ColumnKind::Label | ColumnKind::Text);
            if words { need.max(wish.min(22)) } else { need.max(wish.min(14)) }
        })
        .map(|characters| characters * CHARACTER + PADDING)
        .sum();
    needs > SHORT - 2 * MARGIN
}

/// Blank on both sides of a cell.
const PADDING: usize = 160;

/// The widths of columns that fill the room: what each needs, and the rest by what each would like.
fn widths(table: &Table, room: usize) -> Vec<usize> {
    let wishes: Vec<(usize, usize)> = (0..table.columns.len()).map(|index| wishes(table, index)).collect();
    let wish: Vec<usize> = wishes.iter().map(|(wish, _)| wish * CHARACTER + PADDING).collect();
    let need: Vec<usize> = wishes.iter().map(|(_, need)| need * CHARACTER + PADDING).collect();
    let (wished, needed): (usize, usize) = (wish.iter().sum(), need.iter().sum());
    if wished <= room {
        return wish;
    }
    if needed >= room {
        return need.iter().map(|need| need * room / needed).collect();
    }
    let (left, more) = (room - needed, wished - needed);
    wish.iter().zip(&need).map(|(wish, need)| need + (wish - need) * left / more).collect()
}

/// How wide a drawing says that it is.
fn millimetres(svg: &str) -> Option<f64> {
    let (_, rest) = svg.split_once(" width=\"")?;
    rest.split_once("mm\"")?.0.parse().ok().filter(|wide| *wide > 0.0)
}

/// The width and height of a PNG, in dots, from its first chunk.
fn png_size(png: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| Some(u32::from_be_bytes(png.get(at..at + 4)?.try_into().ok()?));
    png.starts_with(b"\x89PNG\r\n\x1a\n").then_some(())?;
    Some((number(16)?, number(20)?))
}

fn section(landscape: bool) -> String {
    let size = if landscape {
        format!("<w:pgSz w:w=\"{LONG}\" w:h=\"{SHORT}\" w:orient=\"landscape\"/>")
    } else {
        format!("<w:pgSz w:w=\"{SHORT}\" w:h=\"{LONG}\"/>")
    };
    format!(
        "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"header\"/>\
         <w:footerReference w:type=\"default\" r:id=\"footer\"/>{size}\
         <w:pgMar w:top=\"{MARGIN}\" w:right=\"{MARGIN}\" w:bottom=\"{MARGIN}\" w:left=\"{MARGIN}\" w:header=\"567\" \
         w:footer=\"567\" w:gutter=\"0\"/></w:sectPr>"
    )
}

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
    xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"";

const CONTENT_TYPES: &str = include_str!("word/content_types.xml");
const PACKAGE: &str = include_str!("word/package.rels.xml");
const STYLES: &str = include_str!("word/styles.xml");
const SETTINGS: &str = include_str!("word/settings.xml");

fn archive(report: &Report<'_>, document: &Document<'_>) -> Result<Vec<u8>, zip::result::ZipError> {
    let ledger = report.ledger;
    let part = |element: &str, content: &str| format!("{DECLARATION}<w:{element} {NAMESPACES}>{content}</w:{element}>");
    let body = format!("<w:body>{}{}</w:body>", document.body, section(document.landscape));
    let separators = "<w:footnote w:type=\"separator\" w:id=\"0\"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>\
        <w:footnote w:type=\"continuationSeparator\" w:id=\"1\"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>";
    let made_up = if ledger.study.synthetic { format!("{}   ", SYNTHETIC.to_uppercase()) } else { String::new() };
    let header = format!(
        "<w:p><w:pPr><w:pStyle w:val=\"Header\"/></w:pPr>{}{}</w:p>",
        run("<w:b/><w:color w:val=\"9B2C1F\"/>", &made_up),
        run("", &ledger.study.title)
    );
    let field = |name: &str| format!("<w:fldSimple w:instr=\" {name} \"><w:r><w:t>1</w:t></w:r></w:fldSimple>");
    let footer = format!(
        "<w:p><w:pPr><w:pStyle w:val=\"Footer\"/></w:pPr>{}{}{}</w:p>",
        field("PAGE"),
        run("", " / "),
        field("NUMPAGES")
    );
    let core = format!(
        "{DECLARATION}<cp:coreProperties \
         xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title><dc:creator>{}</dc:creator>\
         <dcterms:created xsi:type=\"dcterms:W3CDTF\">2000-01-01T00:00:00Z</dcterms:created></cp:coreProperties>",
        escaped(&ledger.study.title),
        escaped(&format!("{} {}", ledger.tool.name, ledger.tool.version))
    );
    let parts = [
        ("[Content_Types].xml", CONTENT_TYPES.to_owned()),
        ("_rels/.rels", PACKAGE.to_owned()),
        ("docProps/core.xml", core),
        ("word/document.xml", part("document", &body)),
        ("word/_rels/document.xml.rels", relationships(document.pictures.len())),
        ("word/styles.xml", STYLES.to_owned()),
        ("word/settings.xml", SETTINGS.to_owned()),
        ("word/footnotes.xml", part("footnotes", &format!("{separators}{}", document.footnotes))),
        ("word/header.xml", part("hdr", &header)),
        ("word/footer.xml", part("ftr", &footer)),
    ];
    // Without a date of its own an entry has the first one that a ZIP archive can hold.
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(name, options)?;
        archive.write_all(text.as_bytes())?;
    }
    // A PNG is compressed already: to try again costs more than all the rest of the document.
    let stored = options.compression_method(CompressionMethod::Stored);
    for (index, png) in document.pictures.iter().enumerate() {
        archive.start_file(format!("word/media/figure{}.png", index + 1), stored)?;
        archive.write_all(png)?;
    }
    Ok(archive.finish()?.into_inner())
}

fn relationships(pictures: usize) -> String {
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let mut text =
        format!("{DECLARATION}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">");
    for name in ["styles", "settings", "footnotes", "header", "footer"] {
        push(&mut text, format_args!("<Relationship Id=\"{name}\" Type=\"{OFFICE}/{name}\" Target=\"{name}.xml\"/>"));
    }
    for number in 1..=pictures {
        push(
            &mut text,
            format_args!(
                "<Relationship Id=\"picture{number}\" Type=\"{OFFICE}/image\" Target=\"media/figure{number}.png\"/>"
            ),
        );
    }
    text + "</Relationships>"
}
