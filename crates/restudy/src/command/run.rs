//! `restudy run`: everything a study asks for.

use std::path::PathBuf;

use crate::files;
use crate::{Outcome, Result, message};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The study file.
    study: PathBuf,
    /// Another table in place of the one that the study names.
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// The folder for the report; `report` beside the study file if not given.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The seed of everything random, instead of the study file's.
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let loaded = files::load(&arguments.study, arguments.data.as_deref())?;
    let ledger = loaded.plan.clone().with_seed(arguments.seed).run(&loaded.cohort, &loaded.table);
    let claims = loaded.published.as_ref().map(|record| record.claims_table(&ledger));
    let documents = files::documents(&ledger, claims.as_ref())?;
    let out = arguments.out.clone().unwrap_or_else(|| super::report_folder(&arguments.study));
    files::write_folder(&out, &documents)?;
    let mut text = format!("{}: {} patients, {} numbers\n", ledger.study.id, ledger.data.rows_kept, ledger.rows.len());
    if let Some(claims) = &claims {
        let (held, differing, open) = claims.counts();
        text.push_str(&format!(
            "{}: of {} claims {held} hold, {differing} do not, {open} cannot be told\n",
            claims.paper,
            claims.claims.len()
        ));
    }
    for document in &documents {
        text.push_str(&format!("  {}\n", out.join(&document.name).display()));
    }
    message::print(&text)?;
    Ok(Outcome::Done)
}
