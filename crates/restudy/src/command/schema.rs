//! `restudy schema`: what a study file, or a published record, may say.

use std::path::PathBuf;

use crate::files;
use crate::message::Failure;
use crate::{Outcome, Result, message};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The file that it describes.
    #[arg(long, value_enum, default_value_t)]
    of: Described,
    /// The form of the answer: a JSON Schema for editors, or the reference of keys for people.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// A file for the answer instead of standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Default, clap::ValueEnum)]
enum Described {
    /// A study file, `study.toml`.
    #[default]
    Study,
    /// A published record, `published.toml`.
    Record,
}

const RECORD_SCHEMA: &str = include_str!("../../../../docs/published-record.schema.json");
const RECORD_REFERENCE: &str = include_str!("../../../../docs/published-record.md");

#[derive(Clone, Copy, Default, clap::ValueEnum)]
enum Format {
    #[default]
    Json,
    Markdown,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let text = match (arguments.of, arguments.format) {
        (Described::Study, Format::Json) => restudy_study::json_schema()
            .map_err(|error| Failure::new(format!("the schema cannot be written: {error}")))?,
        (Described::Study, Format::Markdown) => restudy_study::reference(),
        (Described::Record, Format::Json) => RECORD_SCHEMA.to_owned(),
        (Described::Record, Format::Markdown) => RECORD_REFERENCE.to_owned(),
    };
    match &arguments.out {
        Some(path) => files::write_file(path, &text)?,
        None => message::print(&text)?,
    }
    Ok(Outcome::Done)
}
