//! From the ledger to what people read: tables, pages, text.
//!
//! Everything shown is a row of the ledger, rounded by a [`Style`] and worded by the table of [`procedure`]s. A
//! [`Table`] is a value, made once and written in five formats, in Word and in Excel, so that the HTML page, the Markdown, the spreadsheet
//! and the terminal cannot disagree.
//!
//! This crate computes no statistics, reads and writes no file, and knows neither cohorts nor study files.

mod analysis;
mod audit;
mod checklist;
mod cite;
mod claims;
mod decimal;
mod document;
mod figure;
mod methods;
mod page;
mod parallel;
mod procedure;
mod render;
mod report;
mod style;
mod table;

pub use analysis::{
    Detail, analysis_table, choice_table, claims_table, comparison_table, detail_tables, missingness_table,
};
pub use audit::{Terminal, audit_explanation, audit_html, audit_markdown, audit_text};
pub use cite::cite;
pub use claims::{certificate_markdown, ensemble_html, ensemble_markdown, reconstruction_readme};
pub use decimal::Rounding;
pub use document::{DocumentError, excel_workbook, word_document};
pub use figure::{DrawnFigure, figures, pdf, png};
pub use page::{csv_table, html_page, latex_page, latex_table, markdown_page};
pub use procedure::{Procedure, Quantity, full_name, procedure, quantity, short_name};
pub use report::{Picture, Report, flow_table, pictures};
pub use restudy_ledger::PathError;
pub use style::Style;
pub use table::{Cell, Change, Column, ColumnKind, Footnote, Line, LineKind, Table};
