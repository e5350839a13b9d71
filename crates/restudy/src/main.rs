//! The command: flags, messages, exit codes. No statistics.
//!
//! Exit code 0: done. 1: done, and there are findings (a claim that cannot hold, a number that moved). 2: bad input or
//! usage, said in one message with file, line and column where there is one, and a hint.

mod command;
mod files;
mod message;
mod progress;
mod threads;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::message::Failure;

/// Re-run a statistical study, and check a paper's numbers.
///
/// Without a command, audits the embedded paper: every printed number, recomputed from the others.
#[derive(Parser)]
#[command(version, arg_required_else_help = false)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Everything a study asks for: ledger, tables, page.
    Run(command::run::Arguments),
    /// Run a study again and compare with its committed report; exit code 1 lists the numbers that moved.
    Check(command::check::Arguments),
    /// Every setting of a study, resolved, with its origin.
    Plan(command::plan::Arguments),
    /// One number of a report as a manuscript prints it: `0.905 (95% CI 0.836–0.975)`.
    Cite(command::cite::Arguments),
    /// A first study file and codebook for a table, that run as they are.
    Init(command::init::Arguments),
    /// What a study file may say: a JSON Schema, or the reference of keys.
    Schema(command::schema::Arguments),
    /// Each claim of a published record with its verdict and the arithmetic.
    Audit(command::audit::Arguments),
    /// A synthetic cohort that meets every number of a published record.
    Reconstruct(command::reconstruct::Arguments),
    /// One patient's points by a published score, and what was seen in patients with as many.
    Score(command::score::Arguments),
    /// Published scores on patients that they were not made from.
    Validate(command::validate::Arguments),
    /// How many patients it takes to develop or to validate a prediction model.
    SampleSize(command::sample_size::Arguments),
}

/// What a command that did its work has to say.
enum Outcome {
    /// Nothing more.
    Done,
    /// There are findings.
    Findings,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        None => command::run::run(&command::run::Arguments::default()),
        Some(Command::Run(arguments)) => command::run::run(&arguments),
        Some(Command::Check(arguments)) => command::check::run(&arguments),
        Some(Command::Plan(arguments)) => command::plan::run(&arguments),
        Some(Command::Cite(arguments)) => command::cite::run(&arguments),
        Some(Command::Init(arguments)) => command::init::run(&arguments),
        Some(Command::Schema(arguments)) => command::schema::run(&arguments),
        Some(Command::Audit(arguments)) => command::audit::run(&arguments),
        Some(Command::Reconstruct(arguments)) => command::reconstruct::run(&arguments),
        Some(Command::Score(arguments)) => command::score::run(&arguments),
        Some(Command::Validate(arguments)) => command::validate::run(&arguments),
        Some(Command::SampleSize(arguments)) => command::sample_size::run(&arguments),
    };
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(failure) => {
            message::complain(&failure);
            ExitCode::from(2)
        }
    }
}

type Result<T> = std::result::Result<T, Failure>;
