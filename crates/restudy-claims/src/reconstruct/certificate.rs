//! What a reconstruction hands over: the cohort, its codebook, and what it meets.

use restudy_ledger::{Audit, ClaimChecks};

use super::cohort::{self, TextTable};
use super::{Attempt, Translation, check};
use crate::record::Record;
use crate::reproduce;

/// A synthetic cohort with everything that goes with it. Every text says that the data are synthetic.
#[derive(Clone, Debug)]
pub struct Reconstructed {
    /// The seed that it was made from.
    pub seed: u64,
    /// The number of the attempt that met everything.
    pub attempt: u64,
    /// The table: `cohort.csv`.
    pub csv: String,
    /// Its codebook: `codebook.toml`.
    pub codebook: String,
    /// Every claim against the table, computed from its text by the library's own statistics: `claims.json`.
    pub checks: ClaimChecks,
}

impl Reconstructed {
    /// Writes an attempt out, and checks what was written.
    #[must_use]
    pub fn new(
        record: &Record,
        audit: &Audit,
        translation: &Translation,
        (attempt, number): (&Attempt, u64),
        seed: u64,
    ) -> Self {
        let csv = cohort::csv(record, translation, attempt, seed);
        let codebook = cohort::codebook(record, translation);
        let checks = check_table(record, audit, &csv, &format!("reconstruction, seed {seed}"));
        Self { seed, attempt: number, csv, codebook, checks }
    }

    /// Claims that the cohort misses although nothing proves them impossible, and of those that it could have met.
    #[must_use]
    pub fn missed(&self) -> Vec<&str> {
        let missed = |claim: &&restudy_ledger::ClaimCheck| {
            claim.held == Some(false) && !claim.reason.as_ref().is_some_and(|reason| reason.starts_with(PROVED))
        };
        self.checks.claims.iter().filter(missed).map(|claim| claim.id.as_str()).collect()
    }
}

/// How the reason of an impossible claim begins.
const PROVED: &str = "it cannot hold";

/// Every claim of a record against the text of a table in the form of `cohort.csv`, by the library's own statistics.
#[must_use]
pub fn check_table(record: &Record, audit: &Audit, csv: &str, study: &str) -> ClaimChecks {
    let obtained: Vec<_> = match TextTable::parse(csv) {
        Some(table) => check::obtain(record, &table).into_iter().map(|found| found.ok_or(None)).collect(),
        None => record.claims.iter().map(|_| Err(Some("the table cannot be read".to_owned()))).collect(),
    };
    reproduce::checks(record, audit, &obtained, (study, true))
}
