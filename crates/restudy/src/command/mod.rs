//! One command, one file: its flags and what it does with them.

pub(crate) mod audit;
pub(crate) mod check;
pub(crate) mod cite;
pub(crate) mod init;
pub(crate) mod plan;
pub(crate) mod reconstruct;
pub(crate) mod run;
pub(crate) mod sample_size;
pub(crate) mod schema;
pub(crate) mod score;
pub(crate) mod validate;

use std::path::{Path, PathBuf};

use restudy_study::Ledger;

/// Where the report of a study lies when nothing else is said: in `report`, beside the study file. The embedded study has
/// no place of its own.
fn report_folder(study: Option<&Path>) -> PathBuf {
    match study {
        Some(study) => study.parent().unwrap_or(Path::new("")).join("report"),
        None => PathBuf::from("dlm2021-report"),
    }
}

/// The printed numbers of the analyses of one record that another prints otherwise: where, from what, to what.
fn printed_changes(before: &Ledger, after: &Ledger) -> Vec<String> {
    let mut changes = Vec::new();
    for analysis in &before.analyses {
        let tables = [before, after].map(|ledger| restudy_report::analysis_table(ledger, &analysis.id));
        let [Some(was), Some(is)] = tables else { continue };
        for change in was.changes(&is) {
            let (line, column) = (&change.line, &change.column);
            changes.push(format!("{} / {line} / {column}: {} -> {}", analysis.id, change.before, change.after));
        }
    }
    changes
}
