//! The runner as a program: what it counts, what it reports, what it refuses.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it meets what it did not expect")]

mod broken_input;
mod golden;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// The golden folder of the project.
fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

fn run(dir: &Path, format: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_restudy-conformance"));
    command.arg(dir).args(["--format", format]).output().unwrap()
}

/// The report of a folder that can be used, and the exit code.
fn report(dir: &Path) -> (Value, i32) {
    let output = run(dir, "json");
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    (serde_json::from_slice(&output.stdout).expect(&error), output.status.code().unwrap())
}

/// A folder with one file of cases, and one of data.
fn folder(json: &str, csv: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (place, name, text) in [("expected", "set.json", json), ("data", "set.csv", csv)] {
        std::fs::create_dir(dir.path().join(place)).unwrap();
        std::fs::write(dir.path().join(place).join(name), text).unwrap();
    }
    dir
}
