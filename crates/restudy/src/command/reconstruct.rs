//! `restudy reconstruct`: a synthetic cohort that meets every number of a published record.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use restudy_claims::reconstruct::{self, Attempt, Reconstructed, Translation};
use restudy_claims::{Audit, DLM2021, Record};

use crate::files::{self, Document};
use crate::message::{Failure, Progress};
use crate::threads::Threads;
use crate::{Outcome, Result, message};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The published record; the embedded paper if not given.
    published: Option<PathBuf>,
    /// The folder for the cohort and its certificate.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The seed: the same seed gives the same cohort.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Several cohorts, from this seed on, and what the numbers leave open.
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=1000))]
    count: u64,
    /// Attempts at one cohort before giving up.
    #[arg(long, value_name = "NUMBER", default_value_t = 60)]
    attempts: u64,
    #[command(flatten)]
    threads: Threads,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let record = match &arguments.published {
        Some(path) => Record::parse(&path.display().to_string(), &files::read_text(path)?)?,
        None => Record::parse("data/dlm2021/published.toml", DLM2021)?,
    };
    files::may_write_reconstruction(&arguments.out)?;
    let audit = record.audit();
    let translation = record.problem();
    if arguments.count > 1 {
        let cohorts = several(&record, &audit, &translation, arguments);
        if cohorts.is_empty() {
            return no_solution(&audit, &translation, None, arguments);
        }
        return write(&record, &cohorts, arguments);
    }
    match search(&translation, arguments) {
        Search::Met(attempt, number) => {
            let cohort = Reconstructed::new(&record, &audit, &translation, (&attempt, number), arguments.seed);
            write(&record, &[cohort], arguments)
        }
        Search::Missed(nearest) => no_solution(&audit, &translation, nearest.as_deref(), arguments),
    }
}

/// The cohorts of an ensemble in the order of their seeds, each found by one thread. One may be missing: the page says
/// from which seeds the others are.
fn several(record: &Record, audit: &Audit, translation: &Translation, arguments: &Arguments) -> Vec<Reconstructed> {
    let progress = Progress::new(format!("{} cohorts", arguments.count));
    let next = AtomicU64::new(0);
    let found: Mutex<Vec<(u64, Reconstructed)>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..arguments.threads.count() {
            scope.spawn(|| {
                loop {
                    let place = next.fetch_add(1, Ordering::SeqCst);
                    if place >= arguments.count {
                        break;
                    }
                    progress.say(&format!("cohort {} of {}", place + 1, arguments.count));
                    let seed = arguments.seed.wrapping_add(place);
                    let met = (0..arguments.attempts).find_map(|number| {
                        let attempt = reconstruct::diverse_attempt(&translation.problem, seed, number, &|| false)?;
                        attempt.is_complete().then_some((attempt, number))
                    });
                    let Some((attempt, number)) = met else { continue };
                    let cohort = Reconstructed::new(record, audit, translation, (&attempt, number), seed);
                    // A thread that panicked has told why already.
                    found.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((place, cohort));
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, cohort)| cohort).collect()
}

enum Search {
    /// What met everything, and its number.
    Met(Box<Attempt>, u64),
    /// The nearest of what did not.
    Missed(Option<Box<Attempt>>),
}

/// Attempts by number, on several threads: the first by number that meets everything, whichever ends first.
fn search(translation: &Translation, arguments: &Arguments) -> Search {
    let progress = Progress::new("cohort".to_owned());
    let seed = arguments.seed;
    let next = AtomicU64::new(0);
    let first = AtomicU64::new(u64::MAX);
    let nearest: Mutex<Option<(u64, Box<Attempt>)>> = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..arguments.threads.count() {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    if number >= arguments.attempts || number > first.load(Ordering::SeqCst) {
                        break;
                    }
                    progress.say(&format!("attempt {} of at most {}", number + 1, arguments.attempts));
                    let stop = || number > first.load(Ordering::SeqCst);
                    let Some(attempt) = reconstruct::attempt(&translation.problem, seed, number, &stop) else {
                        continue;
                    };
                    if attempt.is_complete() {
                        first.fetch_min(number, Ordering::SeqCst);
                    }
                    // A thread that panicked has told why already.
                    let mut best = nearest.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    let better = best
                        .as_ref()
                        .is_none_or(|(known, best)| (attempt.distance(), number) < (best.distance(), *known));
                    if better {
                        *best = Some((number, Box::new(attempt)));
                    }
                }
            });
        }
    });
    let nearest = nearest.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    match nearest {
        Some((number, attempt)) if attempt.is_complete() => Search::Met(attempt, number),
        nearest => Search::Missed(nearest.map(|(_, attempt)| attempt)),
    }
}

/// No cohort: what the audit says of the record, and what the nearest attempt misses.
fn no_solution(
    audit: &Audit,
    translation: &Translation,
    nearest: Option<&Attempt>,
    arguments: &Arguments,
) -> Result<Outcome> {
    let mut text = format!("no cohort meets the record in {} attempts; nothing was written\n", arguments.attempts);
    for conflict in &audit.conflicts {
        let repair = conflict.repair.as_ref().map(|repair| format!(" Repair: {repair}.")).unwrap_or_default();
        text.push_str(&format!("  {}{repair}\n", conflict.sentence));
    }
    match nearest {
        Some(nearest) => {
            for variable in &nearest.unmet_variables {
                let id = &translation.problem.variables[*variable].id;
                text.push_str(&format!("  `{id}`: no values found that give its printed summaries and test\n"));
            }
            if nearest.broken_rules > 0 {
                text.push_str(&format!("  {} patients break a rule on their own values\n", nearest.broken_rules));
            }
            if nearest.loss > 0.0 {
                text.push_str("  the statistics of several variables together are not met at once\n");
            }
        }
        None => text.push_str("  no division of the patients gives the score table\n"),
    }
    message::print(&text)?;
    Ok(Outcome::Findings)
}

fn write(record: &Record, cohorts: &[Reconstructed], arguments: &Arguments) -> Result<Outcome> {
    let mut documents = Vec::new();
    let mut add = |name: String, text: String| documents.push(Document::new(name, text));
    let paper = &record.paper().title;
    for (place, cohort) in cohorts.iter().enumerate() {
        let number = if arguments.count == 1 { String::new() } else { format!("-{:02}", place + 1) };
        let checks =
            cohort.checks.to_json().map_err(|error| Failure::new(format!("claims cannot be written: {error}")))?;
        let certificate = restudy_report::certificate_markdown(&cohort.checks, paper, cohort.seed, cohort.attempt);
        add(format!("cohort{number}.csv"), cohort.csv.clone());
        add(format!("certificate{number}.md"), certificate);
        add(format!("claims{number}.json"), checks);
    }
    if let Some(first) = cohorts.first() {
        add("codebook.toml".to_owned(), first.codebook.clone());
    }
    add("README.md".to_owned(), restudy_report::reconstruction_readme(paper, arguments.count > 1));
    if arguments.count > 1 {
        let ensemble = reconstruct::ensemble(record, cohorts);
        let json = ensemble.to_json().map_err(|error| Failure::new(format!("the page cannot be written: {error}")))?;
        add("ensemble.json".to_owned(), json);
        add("ensemble.md".to_owned(), restudy_report::ensemble_markdown(&ensemble));
        add("ensemble.html".to_owned(), restudy_report::ensemble_html(&ensemble));
    }
    files::write_reconstruction(&arguments.out, &documents)?;
    let missed: usize = cohorts.iter().map(|cohort| cohort.missed().len()).sum();
    let mut text = String::from("synthetic data: no row is a patient\n");
    for cohort in cohorts {
        let (held, not_held, untold) = cohort.checks.counts();
        text.push_str(&format!(
            "seed {}, attempt {}: {held} claims met, {not_held} not met, {untold} not about the patients' values\n",
            cohort.seed, cohort.attempt
        ));
        for claim in cohort.checks.claims.iter().filter(|claim| claim.held == Some(false) && cohorts.len() == 1) {
            text.push_str(&format!("  {}: {}\n", claim.id, claim.reason.as_deref().unwrap_or_default()));
        }
    }
    text.push_str(&format!("written to {}\n", arguments.out.display()));
    message::print(&text)?;
    Ok(if missed > 0 { Outcome::Findings } else { Outcome::Done })
}
