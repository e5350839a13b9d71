//! `restudy cite`: numbers of a report as a manuscript prints them.

use std::path::PathBuf;

use restudy_report::Style;

use crate::files::{self, LEDGER};
use crate::message::Failure;
use crate::{Outcome, Result, message};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Numbers, each by its path: `score-performance/auc`, `table-1/age@Treated/mean`, `cox/age#univariable/p_value`.
    #[arg(required = true)]
    paths: Vec<String>,
    /// The folder of the report.
    #[arg(long, value_name = "DIR", default_value = "report", conflicts_with = "ledger")]
    report: PathBuf,
    /// The ledger itself, where it lies in no report.
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
    /// A house style in place of the study's own: default, lancet, nejm, jama, ama, two-significant.
    #[arg(long, value_name = "STYLE")]
    style: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let style = arguments.style.as_deref().map(style).transpose()?;
    let of_report = arguments.report.join(LEDGER);
    let ledger = files::ledger(arguments.ledger.as_ref().unwrap_or(&of_report))?;
    let mut text = String::new();
    for path in &arguments.paths {
        text.push_str(&restudy_report::cite(&ledger, path, style)?);
        text.push('\n');
    }
    message::print(&text)?;
    Ok(Outcome::Done)
}

fn style(name: &str) -> Result<Style> {
    Style::named(name).ok_or_else(|| {
        Failure::new(format!("no house style `{name}`")).hint(format!("styles: default, {}", Style::NAMES.join(", ")))
    })
}
