//! The table of planted errors in docs/audit.md: `cargo run -p restudy-claims --example planted_errors`.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "an example prints, and ends by panicking")]

#[path = "../tests/it/planted/paper.rs"]
mod paper;
#[allow(dead_code, reason = "the shares that must be found are the test's")]
#[path = "../tests/it/planted/plant.rs"]
mod plant;
#[path = "../tests/it/planted/tally.rs"]
mod tally;

/// Papers made up for each kind of error.
const PAPERS: u64 = 200;

fn main() {
    let alarms = (0..PAPERS).filter(|seed| !tally::is_quiet(&tally::audit(&paper::Paper::random(*seed)))).count();
    println!("{alarms} of {PAPERS} untouched papers raised an alarm.\n");
    println!("| error | planted | found | named | must show | found of these |");
    println!("|---|---:|---:|---:|---:|---:|");
    for kind in &plant::KINDS {
        let tally = tally::tally(kind, PAPERS);
        let (shows, found) = match kind.shown {
            plant::Shown::Always => (tally.planted.to_string(), tally.found.to_string()),
            plant::Shown::WhereTheTTestTells => (tally.telling.to_string(), tally.telling_found.to_string()),
            plant::Shown::AtLeast(_) => ("–".to_owned(), "–".to_owned()),
        };
        println!("| {} | {} | {} | {} | {shows} | {found} |", kind.name, tally.planted, tally.found, tally.placed);
    }
}
