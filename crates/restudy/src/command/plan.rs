//! `restudy plan`: every setting of a study, resolved, with its origin; or where two packages' conventions part.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use restudy_study::{Ledger, Plan, Preset, SETTINGS};

use crate::files;
use crate::message::Failure;
use crate::{Outcome, Result, message};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The study file; the embedded study of the paper if not given.
    study: Option<PathBuf>,
    /// Another table in place of the one that the study names.
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// The settings in which two presets differ, and, with a study, the printed numbers that would change.
    #[arg(long, num_args = 2, value_names = ["PRESET", "PRESET"])]
    explain_diff: Option<Vec<String>>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let study = arguments.study.as_deref();
    let data = arguments.data.as_deref();
    let text = match (arguments.explain_diff.as_deref(), study) {
        (Some([first, second]), study) => explain(first, second, study, data)?,
        (_, study) => files::load(study, data)?.plan.to_text(),
    };
    message::print(&text)?;
    Ok(Outcome::Done)
}

fn explain(first: &str, second: &str, study: Option<&Path>, data: Option<&Path>) -> Result<String> {
    let (before, after) = (preset(first)?, preset(second)?);
    let mut text = String::new();
    for preset in [&before, &after] {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}: {}", preset.id, preset.title);
    }
    text.push_str("\nsettings that differ\n");
    let start = text.len();
    for spec in SETTINGS {
        let of = |preset: &Preset| match preset.settings.get(spec.key) {
            Some(setting) => (setting.value.clone(), setting.source.clone()),
            None => (spec.default.to_owned(), "not set by the preset: the default".to_owned()),
        };
        let (was, is) = (of(&before), of(&after));
        if was.0 != is.0 {
            let _ = writeln!(text, "  {}: {}", spec.key, spec.meaning);
            let _ = writeln!(text, "    {first}: {} ({})", was.0, was.1);
            let _ = writeln!(text, "    {second}: {} ({})", is.0, is.1);
        }
    }
    if text.len() == start {
        text.push_str("  none\n");
    }
    if let Some(study) = study {
        text.push_str(&changes(first, second, study, data)?);
    }
    Ok(text)
}

/// The printed numbers of a study that would change; what its file sets by itself stays.
fn changes(first: &str, second: &str, study: &Path, data: Option<&Path>) -> Result<String> {
    let loaded = files::load(Some(study), data)?;
    let under = |preset: &str| -> Result<Ledger> {
        let conventions = loaded.plan.conventions.under_preset(preset).map_err(|nearest| unknown(preset, nearest))?;
        let plan = Plan::by_conventions(&loaded.study, &loaded.cohort, &conventions)?;
        Ok(plan.run(&loaded.cohort, &loaded.table))
    };
    let (before, after) = (under(first)?, under(second)?);
    let mut text = format!("\nprinted numbers of {} that would change, {first} -> {second}\n", before.study.id);
    let changes = super::printed_changes(&before, &after);
    for change in &changes {
        let _ = writeln!(text, "  {change}");
    }
    let _ = writeln!(text, "{} cells would change", changes.len());
    Ok(text)
}

fn preset(name: &str) -> Result<Preset> {
    let near = Preset::nearest(name);
    Preset::named(name).ok_or_else(|| unknown(name, near))
}

fn unknown(name: &str, nearest: Option<String>) -> Failure {
    let hint = match nearest {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("presets: {}", Preset::names().collect::<Vec<_>>().join(", ")),
    };
    Failure::new(format!("no preset `{name}`")).hint(hint)
}
