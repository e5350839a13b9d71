//! Writes the report of a ledger in every format, without running its study.
//!
//!     cargo run -p restudy-report --example report -- LEDGER.json FOLDER

#![allow(clippy::expect_used, reason = "an example stops where it meets what it did not expect")]

use std::path::Path;

use restudy_ledger::Ledger;
use restudy_report::{Report, excel_workbook, html_page, latex_page, markdown_page, pictures, word_document};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let ledger = arguments.next().expect("the path of a ledger");
    let folder = arguments.next().expect("the path of a folder");
    let ledger = std::fs::read_to_string(ledger).expect("the ledger can be read");
    let ledger = Ledger::from_json(&ledger).expect("it is a ledger");
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder).expect("the folder can be made");
    let figures = pictures(&ledger, 150);
    let report = Report { figures: &figures, ..Report::from(&ledger) };
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).expect("it can be written");
    write("index.html", html_page(report).as_bytes());
    write("report.md", markdown_page(report).as_bytes());
    write("report.tex", latex_page(report).as_bytes());
    write("report.docx", &word_document(report).expect("a document"));
    write("report.xlsx", &excel_workbook(report).expect("a workbook"));
}
