//! The report as files of office programs: a Word document and an Excel workbook.
//!
//! Both are ZIP archives of XML. The workbook is written by `rust_xlsxwriter`. The document is written here: it needs
//! paragraphs, tables, footnotes, pictures and sections, a few hundred lines of XML, and the libraries that write such
//! documents number footnotes and pictures from counters of the whole process, so that a second report would not have
//! the bytes of the first.

mod excel;
mod word;

use std::fmt;

pub use excel::excel_workbook;
pub use word::word_document;

/// Why a document could not be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentError {
    /// What could not be written: `Word document`, `Excel workbook`.
    pub document: &'static str,
    /// Why.
    pub reason: String,
}

impl fmt::Display for DocumentError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the {} cannot be written: {}", self.document, self.reason)
    }
}

impl std::error::Error for DocumentError {}

/// Text that XML can hold, on one line: control characters and what XML forbids become blanks, all else stays.
fn one_line(text: &str) -> String {
    let allowed = |character: char| !character.is_control() && !matches!(character, '\u{fffe}' | '\u{ffff}');
    text.chars().map(|character| if allowed(character) { character } else { ' ' }).collect()
}
