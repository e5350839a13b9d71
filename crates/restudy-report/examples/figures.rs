//! Writes every figure of a ledger into a folder as SVG, PNG and PDF.
//!
//!     cargo run -p restudy-report --example figures -- LEDGER.json FOLDER

#![allow(clippy::expect_used, reason = "an example stops where it meets what it did not expect")]

use std::path::Path;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let ledger = arguments.next().expect("the path of a ledger");
    let folder = arguments.next().expect("the path of a folder");
    let ledger = std::fs::read_to_string(ledger).expect("the ledger can be read");
    let ledger = restudy_ledger::Ledger::from_json(&ledger).expect("it is a ledger");
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder).expect("the folder can be made");
    for figure in restudy_report::figures(&ledger) {
        let write = |extension: &str, bytes: &[u8]| {
            std::fs::write(folder.join(format!("{}.{extension}", figure.id)), bytes)
                .expect("the figure can be written");
        };
        write("svg", figure.svg.as_bytes());
        write("png", &restudy_report::png(&figure.svg, 300));
        write("pdf", &restudy_report::pdf(&figure.svg));
    }
}
