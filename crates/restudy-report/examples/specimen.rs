//! Writes a page of every kind from made-up ledgers, to be looked at: `cargo run -p restudy-report --example specimen
//! -- DIR`.

#[allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used)]
#[path = "../tests/it/protocol.rs"]
mod protocol;
#[allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used)]
#[path = "../tests/it/specimen.rs"]
mod specimen;

use std::path::PathBuf;

use restudy_report::{
    Report, Terminal, analysis_table, audit_html, audit_markdown, audit_text, comparison_table, csv_table,
    detail_tables, excel_workbook, html_page, latex_page, markdown_page, word_document,
};

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".to_owned()));
    std::fs::create_dir_all(&folder)?;
    for (name, ledger) in [("paper", specimen::paper()), ("three-arms", specimen::three_arms())] {
        let write = |extension: &str, text: String| std::fs::write(folder.join(format!("{name}.{extension}")), text);
        write("html", html_page(&ledger))?;
        write("md", markdown_page(&ledger))?;
        write("csv", csv_table(&ledger, "table1").unwrap_or_default())?;
        let table = comparison_table(&ledger, "table1").map(|table| table.to_text(100));
        write("txt", table.unwrap_or_default())?;
    }
    let ledger = protocol::protocol();
    let checks = protocol::checks();
    let report = Report { claims: Some(&checks), ..Report::from(&ledger) };
    std::fs::write(folder.join("protocol.html"), html_page(report))?;
    std::fs::write(folder.join("protocol.md"), markdown_page(report))?;
    std::fs::write(folder.join("protocol.tex"), latex_page(report))?;
    std::fs::write(folder.join("protocol.docx"), word_document(report).map_err(std::io::Error::other)?)?;
    std::fs::write(folder.join("protocol.xlsx"), excel_workbook(report).map_err(std::io::Error::other)?)?;
    let mut tables = String::new();
    for analysis in &ledger.analyses {
        let main = analysis_table(&ledger, &analysis.id);
        let details = detail_tables(&ledger, &analysis.id).into_iter().map(|detail| detail.table);
        for table in main.into_iter().chain(details) {
            tables += &format!("{}\n", table.to_text(140));
        }
    }
    std::fs::write(folder.join("protocol.txt"), tables)?;
    let audit = specimen::audit();
    std::fs::write(folder.join("audit.html"), audit_html(&audit))?;
    std::fs::write(folder.join("audit.md"), audit_markdown(&audit))?;
    std::fs::write(folder.join("audit.txt"), audit_text(&audit, Terminal::default()))?;
    std::fs::write(folder.join("audit-colour.txt"), audit_text(&audit, Terminal { width: 80, colour: true }))
}
