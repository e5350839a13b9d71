//! Runs every golden case of a folder through the public library and counts what misses.
//!
//! ```text
//! cargo run -p restudy-conformance -- DIR [--format text|json]
//! ```
//!
//! `DIR/expected/*.json` holds cases, `DIR/data/*.csv` the data they name. A case names a method, what to compute it
//! from, and the numbers that a reference implementation gave. Every number is checked, missed, or listed as not
//! covered with the reason; the three add up to the numbers in the files.
//!
//! Exit code 0: nothing missed. 1: a number misses its tolerance. 2: the folder cannot be used, and the message says
//! where and why.
//!
//! A method is one file in `methods/`, registered in its table. This tool knows the library's public interface only.

mod case;
mod check;
mod folder;
mod methods;
mod model;
mod report;
mod table;
mod tolerance;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};

use crate::report::Report;

/// Runs golden cases through restudy's library and counts what misses.
#[derive(Parser)]
#[command(version, after_help = "Exit code 0: nothing missed; 1: a number missed its tolerance; 2: unusable input.")]
struct Arguments {
    /// The folder with `expected/*.json` and `data/*.csv`.
    dir: PathBuf,
    /// For people or for programs.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(missed) => ExitCode::from(u8::from(missed)),
        Err(error) => {
            // Nothing is left to tell it to if this fails as well.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Whether a number was missed.
fn run(arguments: &Arguments) -> Result<bool, Box<dyn std::error::Error>> {
    let folder = folder::read(&arguments.dir)?;
    let report = Report::of(&methods::run_all(folder.cases)?, folder.left_out);
    let text = match arguments.format {
        Format::Text => report.to_text(),
        Format::Json => serde_json::to_string_pretty(&report)? + "\n",
    };
    match io::stdout().write_all(text.as_bytes()) {
        // A reader that has seen enough, such as `head`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        written => written?,
    }
    Ok(report.missed_any())
}
