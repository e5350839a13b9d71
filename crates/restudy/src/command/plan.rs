//! `restudy plan`: every setting of a study, resolved, with its origin.

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
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let loaded = files::load(&arguments.study, arguments.data.as_deref())?;
    message::print(&loaded.plan.to_text())?;
    Ok(Outcome::Done)
}
