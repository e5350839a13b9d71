//! The table of seeds in docs/reconstruction.md: `cargo run --release -p restudy-claims --example reconstruct_seeds`.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "an example prints, and ends by panicking")]

use std::time::Instant;

use restudy_claims::reconstruct::{self, Attempt, Reconstructed};
use restudy_claims::{DLM2021, Record};

/// Attempts at one cohort.
const ATTEMPTS: u64 = 60;

fn main() {
    let record = Record::parse("published.toml", DLM2021).unwrap();
    let audit = record.audit();
    let translation = record.problem();
    println!("| seed | attempts | time | claims met | satisfiable claims not met |");
    println!("|---:|---:|---:|---:|---:|");
    for seed in 1..=10 {
        let start = Instant::now();
        let found = (0..ATTEMPTS).find_map(|number| {
            let attempt = reconstruct::attempt(&translation.problem, seed, number, &|| false);
            attempt.filter(Attempt::is_complete).map(|attempt| (attempt, number))
        });
        let time = start.elapsed().as_secs_f64();
        let Some((attempt, number)) = found else {
            println!("| {seed} | {ATTEMPTS} | {time:.1} s | – | – |");
            continue;
        };
        let cohort = Reconstructed::new(&record, &audit, &translation, (&attempt, number), seed);
        let (met, ..) = cohort.checks.counts();
        println!("| {seed} | {} | {time:.1} s | {met} | {} |", number + 1, cohort.missed().len());
    }
}
