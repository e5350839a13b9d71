//! From the ledger to what people read: tables, pages, text.
//!
//! Everything shown is a row of the ledger, rounded by a [`Style`] and worded by the table of [`procedure`]s. A
//! [`Table`] is a value, made once and written in four formats, so that the HTML page, the Markdown, the spreadsheet
//! and the terminal cannot disagree.
//!
//! This crate computes no statistics, reads and writes no file, and knows neither cohorts nor study files.

mod audit;
mod claims;
mod comparison;
mod decimal;
mod figure;
mod page;
mod procedure;
mod render;
mod style;
mod table;

pub use audit::{Terminal, audit_html, audit_markdown, audit_text};
pub use claims::{
    certificate_markdown, claims_html, claims_markdown, claims_text, ensemble_html, ensemble_markdown,
};
pub use comparison::{choice_table, comparison_table, missingness_table};
pub use decimal::Rounding;
pub use figure::{DrawnFigure, figures, pdf, png};
pub use page::{csv_table, html_page, markdown_page};
pub use procedure::{Procedure, Quantity, full_name, procedure, quantity, short_name};
pub use style::Style;
pub use table::{Cell, Change, Column, ColumnKind, Footnote, Line, LineKind, Table};
