//! `restudy validate`: published scores on patients that they were not made from.

use std::collections::BTreeMap;
use std::path::PathBuf;

use restudy_study::{Cohort, FollowUp, PublishedScore, ReadOptions, Resampling, ScoreValidation, Source};

use super::score;
use crate::message::Failure;
use crate::threads::Threads;
use crate::{Outcome, Result, files, message};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The scores: of the library, or files that end in `.toml`; the second and later ones are compared with the first.
    #[arg(required = true)]
    scores: Vec<String>,
    /// The table of the new patients: CSV, or a file of SPSS, Stata, SAS, a workbook or Parquet.
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// Its codebook, or a REDCap data dictionary.
    #[arg(long, value_name = "FILE")]
    codebook: Option<PathBuf>,
    /// The format catalogue of a SAS table, with its value labels.
    #[arg(long, value_name = "FILE")]
    catalogue: Option<PathBuf>,
    /// The outcome's column, with the level that is the event.
    #[arg(long, value_name = "COLUMN[=LEVEL]")]
    outcome: String,
    /// The column of an item that is named otherwise; SCORE.ITEM=COLUMN for one score alone.
    #[arg(long = "item", value_name = "ITEM=COLUMN")]
    items: Vec<String>,
    /// Convert a column in another unit than the score's, where the conversion is known; the report says so.
    #[arg(long)]
    convert: bool,
    /// A column whose levels are judged by themselves too.
    #[arg(long, value_name = "COLUMN")]
    by: Option<String>,
    /// The time of the event, or of the end of observation: all measures are of the time to the event.
    #[arg(long, value_name = "COLUMN")]
    time: Option<String>,
    /// The time by which the event is predicted, in the unit of the column; a score's own where it has one.
    #[arg(long, value_name = "TIME", requires = "time")]
    horizon: Option<f64>,
    /// Looks for the best cut-off on these patients too, with a p-value that counts the search.
    #[arg(long)]
    best_cutoff: bool,
    /// The folder for the report.
    #[arg(long, value_name = "DIR", default_value = "validation")]
    out: PathBuf,
    /// Bootstrap resamples.
    #[arg(long, value_name = "COUNT", default_value_t = 2000)]
    replicates: u32,
    /// Their seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    threads: Threads,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    arguments.threads.run(|| work(arguments))
}

fn work(arguments: &Arguments) -> Result<Outcome> {
    let library = PublishedScore::library()?;
    let scores = arguments.scores.iter().map(|name| score::find(&library, name)).collect::<Result<Vec<_>>>()?;
    let mut columns = BTreeMap::new();
    for item in &arguments.items {
        let (item, column) = item.split_once('=').ok_or_else(|| {
            Failure::new(format!("`{item}` does not name the column of an item")).hint("write --item ITEM=COLUMN")
        })?;
        columns.insert(item.to_owned(), column.to_owned());
    }
    let bytes = files::read_bytes(&arguments.data)?;
    let codebook = match &arguments.codebook {
        Some(path) => Some((path.display().to_string(), files::read_text(path)?)),
        None => None,
    };
    let catalogue = arguments.catalogue.as_deref().map(files::read_bytes).transpose()?;
    let options = ReadOptions { catalogue, ..ReadOptions::default() };
    let cohort = Cohort::read(&Source {
        file_name: &arguments.data.display().to_string(),
        bytes: &bytes,
        options: &options,
        codebook: codebook.as_ref().map(|(name, text)| (name.as_str(), text.as_str())),
        derive: &[],
        filters: &[],
    })
    .map_err(restudy_study::ValidationError::from)?;
    let (outcome, event) = match arguments.outcome.split_once('=') {
        Some((outcome, event)) => (outcome, Some(event)),
        None => (arguments.outcome.as_str(), None),
    };
    let validation = ScoreValidation {
        scores: &scores,
        outcome,
        event,
        columns: &columns,
        convert: arguments.convert,
        by: arguments.by.as_deref(),
        follow_up: arguments.time.as_deref().map(|time| FollowUp { time, horizon: arguments.horizon }),
        best_cutoff: arguments.best_cutoff,
        resampling: Resampling { replicates: arguments.replicates, seed: arguments.seed },
    };
    let file = arguments.data.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let ledger = validation.run(&cohort, &file)?;
    let documents = files::documents(&ledger, None)?;
    files::write_folder(&arguments.out, &documents)?;
    let mut text =
        format!("{}: {} patients, {} numbers\n", ledger.study.title, ledger.data.rows_kept, ledger.rows.len());
    for document in &documents {
        text.push_str(&format!("  {}\n", arguments.out.join(&document.name).display()));
    }
    message::print(&text)?;
    Ok(Outcome::Done)
}
