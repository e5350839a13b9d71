//! One command, one file: its flags and what it does with them.

pub(crate) mod audit;
pub(crate) mod check;
pub(crate) mod cite;
pub(crate) mod init;
pub(crate) mod plan;
pub(crate) mod run;
pub(crate) mod sample_size;
pub(crate) mod schema;
pub(crate) mod score;
pub(crate) mod validate;

use std::path::{Path, PathBuf};

/// Where the report of a study lies when nothing else is said: in `report`, beside the study file.
fn report_folder(study: &Path) -> PathBuf {
    study.parent().unwrap_or(Path::new("")).join("report")
}
