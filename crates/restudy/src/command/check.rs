//! `restudy check`: run a study again and compare with its committed report.

use std::fs;
use std::path::PathBuf;

use crate::files::{self, LEDGER};
use crate::message::Failure;
use crate::progress::Bar;
use crate::threads::Threads;
use crate::{Outcome, Result, message};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The study file; the embedded study of the paper if not given.
    study: Option<PathBuf>,
    /// The committed report; `report` beside the study file, or `dlm2021-report` here, if not given.
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    #[command(flatten)]
    threads: Threads,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    arguments.threads.run(|| work(arguments))
}

fn work(arguments: &Arguments) -> Result<Outcome> {
    let study = arguments.study.as_deref();
    let folder = arguments.report.clone().unwrap_or_else(|| super::report_folder(study));
    let committed = files::ledger(&folder.join(LEDGER))?;
    let loaded = files::load(study, None)?;
    // What was drawn at random is drawn again.
    let plan = loaded.plan.clone().with_seed(committed.seed);
    let bar = Bar::default();
    let ledger = plan.run_telling(&loaded.cohort, &loaded.table, &|progress| bar.show(progress));
    drop(bar);
    let printed = super::printed_changes(&committed, &ledger);
    let moved = ledger.moved_from(&committed);
    let mut text = String::new();
    if !printed.is_empty() {
        text.push_str("printed numbers that moved\n");
        text.extend(printed.iter().map(|change| format!("  {change}\n")));
    }
    if !moved.is_empty() {
        text.push_str("numbers of the record that moved\n");
        text.extend(moved.iter().map(|moved| format!("  {moved}\n")));
    }
    let claims = loaded.published.as_ref().map(|record| record.claims_table(&ledger));
    for document in files::documents(&ledger, claims.as_ref())? {
        let path = folder.join(&document.name);
        match fs::read(&path) {
            Ok(bytes) if bytes == document.bytes => {}
            Ok(_) => text.push_str(&format!("{} differs\n", path.display())),
            Err(error) => text.push_str(&format!("{}\n", Failure::file("read", &path, &error).message)),
        }
    }
    if text.is_empty() {
        message::print(&format!("{}: {} numbers, none moved\n", ledger.study.id, ledger.rows.len()))?;
        return Ok(Outcome::Done);
    }
    message::print(&text)?;
    Ok(Outcome::Findings)
}
