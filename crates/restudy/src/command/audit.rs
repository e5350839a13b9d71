//! `restudy audit`: each claim of a published record with its verdict and the arithmetic.

use std::path::PathBuf;

use restudy_claims::{DLM2021, Record, Verdict};

use crate::files;
use crate::message::Failure;
use crate::{Outcome, Result, message};

#[derive(clap::Args, Default)]
pub(crate) struct Arguments {
    /// The published record; the embedded paper if not given.
    published: Option<PathBuf>,
    /// The form of the answer.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// A file for the answer instead of standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Default, clap::ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
    Html,
}

/// The width of a plain terminal.
const WIDTH: usize = 80;

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let record = match &arguments.published {
        Some(path) => Record::parse(&path.display().to_string(), &files::read_text(path)?)?,
        None => Record::parse("data/dlm2021/published.toml", DLM2021)?,
    };
    let audit = record.audit();
    let text = match arguments.format {
        Format::Text => restudy_report::audit_text(&audit, WIDTH),
        Format::Html => restudy_report::audit_html(&audit),
        Format::Json => {
            audit.to_json().map_err(|error| Failure::new(format!("the audit cannot be written: {error}")))?
        }
    };
    match &arguments.out {
        Some(path) => files::write_file(path, &text)?,
        None => message::print(&text)?,
    }
    let findings = audit.count(Verdict::Impossible) > 0 || !audit.conflicts.is_empty();
    Ok(if findings { Outcome::Findings } else { Outcome::Done })
}
