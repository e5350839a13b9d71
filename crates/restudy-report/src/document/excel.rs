//! The report as an Excel workbook: one sheet a table, numbers as numbers, text as text.

use restudy_ledger::{Ledger, Row, Stat, Value};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::{DocumentError, one_line};
use crate::analysis::claims_table;
use crate::report::{Report, SYNTHETIC, SYNTHETIC_MEANING, conventions_table, flow_table};
use crate::style::RAISED_POINT;
use crate::table::{Cell, Column, ColumnKind, LineKind, Table};

/// The longest text that a cell of a workbook holds, in UTF-16 units.
const LONGEST: usize = 32_767;

/// The narrowest and the widest column, in characters.
const WIDTHS: (usize, usize) = (6, 60);

/// The report as a workbook: the flow of patients, each analysis with its tables, the claims, the conventions, and all
/// numbers of the ledger; one sheet each.
///
/// - A cell that shows one number holds that number at full precision, with a number format that shows it as the report
///   does, its footnote marks included. An estimate with its interval takes three columns. What shows several numbers at
///   once, such as `54.86 ± 11.72`, is text; its numbers stand on the last sheet.
/// - A spreadsheet rounds what it shows on fifteen digits, the report on all: where the two part, at a number just below a
///   half, the sheet's last digit is one more.
/// - No text becomes a formula, a link or a number. A text longer than a cell holds (32,767 UTF-16 units) is cut.
/// - Made-up data say so on every sheet and at the head of every printed page.
///
/// # Errors
///
/// When a table is larger than a sheet (1,048,576 lines, 16,384 columns).
pub fn excel_workbook<'a>(report: impl Into<Report<'a>>) -> Result<Vec<u8>, DocumentError> {
    let failed = |error: XlsxError| DocumentError { document: "Excel workbook", reason: error.to_string() };
    workbook(&report.into()).map_err(failed)
}

fn workbook(report: &Report<'_>) -> Result<Vec<u8>, XlsxError> {
    let ledger = report.ledger;
    let mut workbook = Workbook::new();
    // A fixed date: the same record gives the same bytes.
    let properties = DocProperties::new()
        .set_title(clipped(&ledger.study.title))
        .set_author(format!("{} {}", ledger.tool.name, clipped(&ledger.tool.version)))
        .set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?);
    workbook.set_properties(&properties);
    let mut add = |name: &str, table: &Table| -> Result<(), XlsxError> {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name)?;
        write_table(sheet, ledger, table)
    };
    let titled = |title: &str, table: Table| Table { title: title.to_owned(), ..table };
    if !ledger.flow.is_empty() {
        add("Patients", &titled("Patients", flow_table(ledger)))?;
    }
    let mut chosen = Vec::new();
    for (index, section) in report.sections().into_iter().enumerate() {
        let name = format!("Table {}", index + 1);
        let mut main = titled(&section.title, section.main);
        main.footnotes.extend(
            section
                .warnings
                .into_iter()
                .map(|warning| crate::Footnote { mark: None, text: format!("To note. {warning}") }),
        );
        add(&name, &main)?;
        for detail in section.details {
            add(&format!("{name} {}", detail.id), &detail.table)?;
        }
        chosen.extend(section.choices.map(|table| (name, titled(&section.title, table))));
    }
    if let Some(checks) = report.claims {
        add("Claims", &claims_table(checks))?;
    }
    add("Conventions", &titled("Conventions, each with its origin", conventions_table(ledger)))?;
    for (name, table) in &chosen {
        add(&format!("{name} choices"), table)?;
    }
    numbers(workbook.add_worksheet(), ledger)?;
    workbook.save_to_buffer()
}

/// How many columns of a sheet a column of a table takes.
fn span(table: &Table, index: usize) -> usize {
    let estimate = table.columns[index].kind == ColumnKind::Estimate;
    let with_limits = table.lines.iter().any(|line| line.cells.get(index).is_some_and(|cell| cell.values.len() == 3));
    if estimate && with_limits { 3 } else { 1 }
}

fn write_table(sheet: &mut Worksheet, ledger: &Ledger, table: &Table) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let spans: Vec<usize> = (0..table.columns.len()).map(|index| span(table, index)).collect();
    let width: usize = spans.iter().sum();
    let mut row = 0_u32;
    sheet.write_string_with_format(row, 0, clipped(&table.title), &bold)?;
    row += 1;
    if ledger.study.synthetic {
        let warning = Format::new().set_bold().set_font_color("#9B2C1F");
        sheet.write_string_with_format(row, 0, format!("{SYNTHETIC}. {SYNTHETIC_MEANING}"), &warning)?;
        row += 1;
    }
    page(sheet, ledger, width > 8)?;
    let first_head = row;
    let groups = table.groups();
    if !groups.is_empty() {
        write_groups(sheet, row, &groups, &spans)?;
        row += 1;
    }
    write_head(sheet, row, table, &spans, groups.is_empty())?;
    sheet.set_freeze_panes(row + 1, 1)?;
    sheet.set_repeat_rows(first_head, row)?;
    row += 1;

    for (place, line) in table.lines.iter().enumerate() {
        let last = place + 1 == table.lines.len();
        let mut at = 0_u16;
        for ((column, &span), cell) in table.columns.iter().zip(&spans).zip(&line.cells) {
            let format = match line.kind {
                LineKind::Heading => Format::new().set_bold(),
                LineKind::Part if column.kind == ColumnKind::Label => Format::new().set_indent(1),
                LineKind::Part | LineKind::Item => body_format(column.kind),
            };
            let format = if last { format.set_border_bottom(FormatBorder::Medium) } else { format };
            write_cell(sheet, (row, at), span, column, cell, &format)?;
            at += span as u16;
        }
        row += 1;
    }
    row += 1;
    let wide = widths(sheet, table, &spans, first_head + u32::from(!groups.is_empty()))?;
    for note in &table.footnotes {
        let mark = note.mark.as_deref().map(|mark| format!("{mark}  ")).unwrap_or_default();
        write_note(sheet, row, &clipped(&format!("{mark}{}", note.text)), (width, wide))?;
        row += 1;
    }
    Ok(())
}

/// A note below a table, over all its columns and on as many lines as it takes: a long one would else make the printed
/// table small.
fn write_note(sheet: &mut Worksheet, row: u32, text: &str, (columns, wide): (usize, usize)) -> Result<(), XlsxError> {
    /// About the characters across an upright page, and those of a column that nobody has set the width of.
    const PAGE: usize = 80;
    const COLUMN: usize = 8;
    let beside = PAGE.saturating_sub(wide).div_ceil(COLUMN);
    let format = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    sheet.merge_range(row, 0, row, (columns + beside) as u16 - 1, text, &format)?;
    // Merged cells do not grow with their text.
    let lines = text.chars().count().div_ceil(wide + beside * COLUMN);
    sheet.set_row_height(row, 15.0 * lines.clamp(1, 27) as f64)?;
    Ok(())
}

/// Page, header and footer: A4, no wider than the paper.
fn page(sheet: &mut Worksheet, ledger: &Ledger, wide: bool) -> Result<(), XlsxError> {
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 0);
    if wide {
        sheet.set_landscape();
    }
    // An ampersand begins a command in a header; two are one.
    let title: String = one_line(&ledger.study.title).replace('&', "&&").chars().take(100).collect();
    let made_up = if ledger.study.synthetic { format!("{} – ", SYNTHETIC.to_uppercase()) } else { String::new() };
    sheet.set_header(format!("&L{made_up}{title}"));
    sheet.set_footer("&R&P / &N");
    Ok(())
}

fn head_format() -> Format {
    Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Bottom)
}

fn write_groups(
    sheet: &mut Worksheet,
    row: u32,
    groups: &[(Option<&str>, usize)],
    spans: &[usize],
) -> Result<(), XlsxError> {
    let format = head_format().set_align(FormatAlign::Center).set_border_top(FormatBorder::Medium);
    let (mut column, mut at) = (0, 0_u16);
    for (group, count) in groups {
        let width: usize = spans[column..column + count].iter().sum();
        let last = at + width as u16 - 1;
        let text = group.map(clipped).unwrap_or_default();
        match group {
            Some(_) if last > at => {
                let format = format.clone().set_border_bottom(FormatBorder::Thin);
                sheet.merge_range(row, at, row, last, &text, &format)?;
            }
            _ => {
                sheet.write_string_with_format(row, at, &text, &format)?;
                for blank in at + 1..=last {
                    sheet.write_blank(row, blank, &format)?;
                }
            }
        }
        column += count;
        at = last + 1;
    }
    Ok(())
}

fn write_head(sheet: &mut Worksheet, row: u32, table: &Table, spans: &[usize], top: bool) -> Result<(), XlsxError> {
    let mut at = 0_u16;
    for (column, &span) in table.columns.iter().zip(spans) {
        let format = head_format().set_border_bottom(FormatBorder::Thin);
        let format = if top { format.set_border_top(FormatBorder::Medium) } else { format };
        let marks = column.heading.marks.join(",");
        let marks = if marks.is_empty() { marks } else { format!(" {marks}") };
        let heading = format!("{}{marks}", column.heading.plain(column.kind));
        sheet.write_string_with_format(row, at, clipped(&heading), &format)?;
        for (offset, limit) in ["lower limit", "upper limit"].into_iter().enumerate().take(span - 1) {
            sheet.write_string_with_format(row, at + 1 + offset as u16, limit, &format)?;
        }
        at += span as u16;
    }
    Ok(())
}

fn body_format(kind: ColumnKind) -> Format {
    let format = Format::new().set_align(FormatAlign::Top);
    match kind {
        ColumnKind::Text => format.set_text_wrap(),
        ColumnKind::Label | ColumnKind::Summary => format,
        ColumnKind::Patients | ColumnKind::Number | ColumnKind::Estimate | ColumnKind::PValue => {
            format.set_align(FormatAlign::Right)
        }
    }
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    span: usize,
    column: &Column,
    cell: &Cell,
    format: &Format,
) -> Result<(), XlsxError> {
    let marks = cell.marks.join(",");
    let shown = shown_numbers(&cell.text);
    let numeric = !cell.values.is_empty() && cell.values.len() == shown.len() && cell.values.len() <= span;
    if !numeric || cell.detail.is_some() {
        let marks = if marks.is_empty() { marks } else { format!(" {marks}") };
        let text = clipped(&format!("{}{marks}", cell.plain(column.kind)));
        if text.is_empty() {
            sheet.write_blank(row, at, format)?;
        } else {
            sheet.write_string_with_format(row, at, text, format)?;
        }
        for blank in 1..span as u16 {
            sheet.write_blank(row, at + blank, format)?;
        }
        return Ok(());
    }
    let percent = cell.text.contains('%');
    for offset in 0..span {
        let place = at + offset as u16;
        let Some((&value, number)) = cell.values.get(offset).zip(shown.get(offset)) else {
            sheet.write_blank(row, place, format)?;
            continue;
        };
        if !value.is_finite() {
            sheet.write_string_with_format(row, place, number.text, format)?;
            continue;
        }
        // The first number carries what stands before it and the marks of the cell.
        let (before, after) = if offset == 0 { (number.before, marks.as_str()) } else { ("", "") };
        let pattern = pattern(number.text, percent, before, after, column.kind);
        sheet.write_number_with_format(row, place, value, &format.clone().set_num_format(pattern))?;
    }
    Ok(())
}

/// A number as the text shows it, with the sign of comparison before it.
struct Shown<'t> {
    before: &'t str,
    text: &'t str,
}

/// The numbers of a cell's text, in order: `−0.089 (−0.352 to 0.187)` has three.
fn shown_numbers(text: &str) -> Vec<Shown<'_>> {
    let mut numbers = Vec::new();
    let mut start = None;
    let mut before = 0;
    let is_part = |character: char| character.is_ascii_digit() || ['.', RAISED_POINT].contains(&character);
    for (place, character) in text.char_indices().chain([(text.len(), ' ')]) {
        let alone = character == '∞' || character == '—' || text[place..].starts_with("NR");
        let begins = is_part(character) || character == '\u{2212}' || alone;
        match start {
            None if begins => start = Some(place),
            Some(begin) if !(is_part(character) || alone) => {
                numbers.push(Shown { before: &text[before..begin], text: &text[begin..place] });
                before = place;
                start = (character == '\u{2212}').then_some(place);
            }
            _ => {}
        }
    }
    numbers
}

/// A number format that shows a number as the report does.
fn pattern(text: &str, percent: bool, before: &str, after: &str, kind: ColumnKind) -> String {
    let quoted = |text: &str| {
        if text.is_empty() { String::new() } else { format!("\"{}\"", one_line(text).replace('"', "″")) }
    };
    let after = if after.is_empty() { String::new() } else { quoted(&format!(" {after}")) };
    // A bound of p is words about the number, not the number.
    if kind == ColumnKind::PValue && !before.trim().is_empty() {
        return format!("{}{after}", quoted(&format!("{before}{text}")));
    }
    let places = text.split(['.', RAISED_POINT]).nth(1).map_or(0, |places| places.chars().count());
    let whole = if text.starts_with(['.', RAISED_POINT]) { "#" } else { "0" };
    let point = if places > 0 { format!(".{}", "0".repeat(places)) } else { String::new() };
    let percent = if percent { "%" } else { "" };
    let number = format!("{}{whole}{point}{percent}{after}", quoted(before));
    // The typographic minus, as on the page.
    format!("{number};\"\u{2212}\"{number}")
}

/// Sets the widths of the columns, and the height of the head that its broken headings need; how wide the table is, in
/// characters.
fn widths(sheet: &mut Worksheet, table: &Table, spans: &[usize], head: u32) -> Result<usize, XlsxError> {
    let mut at = 0_u16;
    let mut wide = 0;
    let mut lines = 1;
    for (index, (column, &span)) in table.columns.iter().zip(spans).enumerate() {
        let cells =
            table.lines.iter().filter(|line| line.kind != LineKind::Heading).filter_map(|line| line.cells.get(index));
        let longest =
            cells.map(|cell| cell.plain(column.kind).chars().count() + cell.marks.len() * 2).max().unwrap_or(0);
        let heading = column.heading.plain(column.kind);
        let word = heading.split(' ').map(|word| word.chars().count()).max().unwrap_or(0);
        let width = if span > 1 { 9 } else { longest.max(word) }.clamp(WIDTHS.0, WIDTHS.1) + 2;
        for offset in 0..span as u16 {
            sheet.set_column_width(at + offset, width as f64)?;
        }
        lines = lines.max(heading.chars().count().div_ceil(width.saturating_sub(2).max(1)));
        at += span as u16;
        wide += width * span;
    }
    sheet.set_row_height(head, 15.0 * lines.min(8) as f64)?;
    Ok(wide)
}

/// Every number of the ledger at full precision.
fn numbers(sheet: &mut Worksheet, ledger: &Ledger) -> Result<(), XlsxError> {
    const HEADINGS: [&str; 14] = [
        "analysis",
        "variable",
        "level",
        "group",
        "with",
        "model",
        "time",
        "of",
        "stat",
        "value",
        "procedure",
        "why",
        "reason",
        "remarks",
    ];
    sheet.set_name("Numbers")?;
    page(sheet, ledger, true)?;
    let bold = Format::new().set_bold().set_border_bottom(FormatBorder::Thin);
    for (at, heading) in HEADINGS.into_iter().enumerate() {
        sheet.write_string_with_format(0, at as u16, heading, &bold)?;
        sheet.set_column_width(at as u16, 16.0)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (index, row) in ledger.rows.iter().enumerate() {
        write_number(sheet, index as u32 + 1, row)?;
    }
    if ledger.study.synthetic {
        sheet.write_string(ledger.rows.len() as u32 + 2, 0, format!("{SYNTHETIC}. {SYNTHETIC_MEANING}"))?;
    }
    Ok(())
}

fn write_number(sheet: &mut Worksheet, at: u32, row: &Row) -> Result<(), XlsxError> {
    let remarks = row.remarks.join("; ");
    let words = [
        (0, Some(row.analysis.as_str())),
        (1, Some(row.variable.as_str())),
        (2, row.level.as_deref()),
        (3, row.group.as_deref()),
        (4, row.with.as_deref()),
        (5, row.model.as_deref()),
        (7, row.of.map(Stat::name)),
        (8, Some(row.stat.name())),
        (10, row.procedure.as_deref()),
        (11, row.why.as_deref()),
        (12, row.reason.as_deref()),
        (13, Some(remarks.as_str())),
    ];
    for (column, text) in words {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            sheet.write_string(at, column, clipped(text))?;
        }
    }
    if let Some(time) = row.time.filter(|time| time.is_finite()) {
        sheet.write_number(at, 6, time)?;
    }
    match row.value {
        Value::Number(number) if number.is_finite() => sheet.write_number(at, 9, number)?,
        Value::Number(number) => sheet.write_string(at, 9, if number > 0.0 { "Inf" } else { "-Inf" })?,
        Value::Missing => sheet,
    };
    Ok(())
}

/// On one line, and no longer than a cell holds.
fn clipped(text: &str) -> String {
    let mut units = 0;
    let line = one_line(text);
    line.chars()
        .take_while(|character| {
            units += character.len_utf16();
            units <= LONGEST
        })
        .collect()
}
