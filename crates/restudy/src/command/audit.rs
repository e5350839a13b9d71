//! `restudy audit`: each claim of a published record with its verdict and the arithmetic.

use std::path::PathBuf;

use restudy_claims::{Audit, DLM2021, Record, Verdict};

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
    /// One claim, by its id: its verdict, its arithmetic, and all that the audit says of it.
    #[arg(long, value_name = "CLAIM", conflicts_with = "format")]
    explain: Option<String>,
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
    Markdown,
}

/// The width of a plain terminal.
const WIDTH: usize = 80;

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let record = match &arguments.published {
        Some(path) => Record::parse(&path.display().to_string(), &files::read_text(path)?)?,
        None => Record::parse("data/dlm2021/published.toml", DLM2021)?,
    };
    let audit = record.audit();
    if let Some(id) = &arguments.explain {
        return explain(&audit, id, arguments);
    }
    let text = match arguments.format {
        Format::Text => restudy_report::audit_text(&audit, WIDTH),
        Format::Html => restudy_report::audit_html(&audit),
        Format::Markdown => restudy_report::audit_markdown(&audit),
        Format::Json => {
            audit.to_json().map_err(|error| Failure::new(format!("the audit cannot be written: {error}")))?
        }
    };
    write(arguments, &text)?;
    let findings = audit.count(Verdict::Impossible) > 0 || !audit.conflicts.is_empty();
    Ok(if findings { Outcome::Findings } else { Outcome::Done })
}

/// One claim; exit code 1 when it cannot hold.
fn explain(audit: &Audit, id: &str, arguments: &Arguments) -> Result<Outcome> {
    let text = restudy_report::audit_explanation(audit, id, WIDTH).ok_or_else(|| {
        let near = audit
            .claims
            .iter()
            .map(|claim| (strsim::jaro_winkler(&claim.id, id), &claim.id))
            .max_by(|first, second| first.0.total_cmp(&second.0));
        let failure = Failure::new(format!("the record has no claim `{id}`"));
        match near {
            Some((_, near)) => failure.hint(format!("did you mean `{near}`?")),
            None => failure.hint("it has no claims at all"),
        }
    })?;
    write(arguments, &text)?;
    let told = audit.conflicts.iter().any(|conflict| conflict.claims.iter().any(|claim| claim == id));
    let impossible = audit.claims.iter().any(|claim| claim.id == id && claim.verdict == Verdict::Impossible);
    Ok(if told || impossible { Outcome::Findings } else { Outcome::Done })
}

fn write(arguments: &Arguments, text: &str) -> Result<()> {
    match &arguments.out {
        Some(path) => files::write_file(path, text),
        None => message::print(text),
    }
}
