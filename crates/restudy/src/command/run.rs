//! `restudy run`: everything a study asks for.

use std::path::PathBuf;

use crate::files;
use crate::progress::Bar;
use crate::threads::Threads;
use crate::{Outcome, Result, message};

#[derive(clap::Args, Default)]
pub(crate) struct Arguments {
    /// The study file; the embedded study of the paper, on its synthetic cohort, if not given.
    study: Option<PathBuf>,
    /// Another table in place of the one that the study names.
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// The folder for the report; `report` beside the study file, or `dlm2021-report` here, if not given.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The seed of everything random, instead of the study file's.
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    #[command(flatten)]
    threads: Threads,
}

/// The width of a plain terminal.
const WIDTH: usize = 100;

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    arguments.threads.run(|| work(arguments))
}

fn work(arguments: &Arguments) -> Result<Outcome> {
    let study = arguments.study.as_deref();
    let loaded = files::load(study, arguments.data.as_deref())?;
    let plan = loaded.plan.clone().with_seed(arguments.seed);
    let bar = Bar::default();
    let ledger = plan.run_telling(&loaded.cohort, &loaded.table, &|progress| bar.show(progress));
    drop(bar);
    let claims = loaded.published.as_ref().map(|record| record.claims_table(&ledger));
    let documents = files::documents(&ledger, claims.as_ref())?;
    let out = arguments.out.clone().unwrap_or_else(|| super::report_folder(study));
    files::write_folder(&out, &documents)?;
    let patients = if ledger.study.synthetic { "synthetic patients" } else { "patients" };
    let mut text = format!(
        "{}: {} {patients}, {} numbers, {} files in {}\n",
        ledger.study.id,
        ledger.data.rows_kept,
        ledger.rows.len(),
        documents.len(),
        out.display()
    );
    text.push_str(&format!("  begin with {}\n", out.join("index.html").display()));
    if let Some(claims) = &claims {
        let (held, differing, open) = claims.counts();
        text.push_str(&format!("\n{}\n", restudy_report::claims_table(claims).to_text(WIDTH)));
        text.push_str(&format!(
            "{}: of {} claims {held} hold, {differing} do not, {open} cannot be told\n",
            claims.paper,
            claims.claims.len()
        ));
    }
    message::print(&text)?;
    Ok(Outcome::Done)
}
