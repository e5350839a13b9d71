//! What a reconstruction hands over: the cohort, its codebook, and the certificate that says what it meets.

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
    /// The same for people: `certificate.md`.
    pub certificate: String,
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
        let certificate = certificate(record, &checks, seed, number);
        Self { seed, attempt: number, csv, codebook, checks, certificate }
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

/// Every claim of a record against a table of patients in the form of `cohort.csv`.
pub(super) fn check_table(record: &Record, audit: &Audit, csv: &str, study: &str) -> ClaimChecks {
    let obtained: Vec<_> = match TextTable::parse(csv) {
        Some(table) => check::obtain(record, &table).into_iter().map(|found| found.ok_or(None)).collect(),
        None => record.claims.iter().map(|_| Err(Some("the table cannot be read".to_owned()))).collect(),
    };
    reproduce::checks(record, audit, &obtained, (study, true))
}

fn certificate(record: &Record, checks: &ClaimChecks, seed: u64, attempt: u64) -> String {
    let (held, not_held, untold) = checks.counts();
    let mut text = format!(
        "# Certificate of a synthetic cohort\n\n\
         **These data are synthetic. No row of `cohort.csv` is a patient.** The table was made so that its statistics \
         print as the numbers of a paper do; it is one of many that fit, and says nothing of any person.\n\n\
         - Paper: {} ({})\n- Seed: {seed}, attempt {attempt}\n- Claims: {} in all; {held} met, {not_held} not met, \
         {untold} that no table of patients can meet\n\n\
         Every number was computed from the text of `cohort.csv` after it was written, by statistics that share nothing \
         with the search.\n",
        cell(&record.paper.title),
        cell(&record.paper.id),
        checks.claims.len(),
    );
    let mut table = |title: &str, held: Option<bool>| {
        let claims: Vec<_> = checks.claims.iter().filter(|claim| claim.held == held).collect();
        if claims.is_empty() {
            return;
        }
        text.push_str(&format!("\n## {title}\n\n"));
        let with_reason = held != Some(true);
        let (head, rule) = if with_reason {
            ("| Claim | Where | Printed | Obtained | Why |\n", "| :--- | :--- | :--- | :--- | :--- |\n")
        } else {
            ("| Claim | Where | Printed | Obtained |\n", "| :--- | :--- | :--- | :--- |\n")
        };
        text.push_str(head);
        text.push_str(rule);
        for claim in claims {
            let obtained = claim.obtained.as_deref().unwrap_or("–");
            text.push_str(&format!(
                "| `{}` | {} | {} | {}",
                claim.id,
                cell(&claim.place),
                cell(&claim.printed),
                cell(obtained)
            ));
            if with_reason {
                text.push_str(&format!(" | {}", cell(claim.reason.as_deref().unwrap_or_default())));
            }
            text.push_str(" |\n");
        }
    };
    table("Not met", Some(false));
    table("Met", Some(true));
    table("Not about the patients' values", None);
    text
}

/// A text as a cell of a Markdown table.
fn cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '#' => cell.extend(['\\', letter]),
            '<' => cell.push_str("&lt;"),
            '>' => cell.push_str("&gt;"),
            '\n' | '\r' => cell.push(' '),
            letter => cell.push(letter),
        }
    }
    cell
}
