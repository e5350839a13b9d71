//! The arrows between the crates, and the one room in which each heavy dependency may stand.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Which of our crates each crate may use. An arrow that is not here is a hole in a wall.
const ARROWS: &[(&str, &[&str])] = &[
    ("restudy", &["restudy-study", "restudy-claims", "restudy-report"]),
    ("restudy-study", &["restudy-cohort", "restudy-stats", "restudy-ledger"]),
    ("restudy-cohort", &[]),
    ("restudy-claims", &["restudy-stats", "restudy-ledger"]),
    ("restudy-report", &["restudy-ledger"]),
    ("restudy-stats", &[]),
    ("restudy-ledger", &[]),
    ("restudy-conformance", &["restudy-stats"]),
];

/// Where a dependency may be named, for those whose spread would cost: build time, or two sources of one truth.
const ROOMS: &[(&str, &[&str])] = &[
    ("polars", &["restudy-cohort"]),
    ("encoding_rs", &["restudy-cohort"]),
    ("calamine", &["restudy-cohort"]),
    ("dta", &["restudy-cohort"]),
    ("parquet", &["restudy-cohort"]),
    ("sas7bdat", &["restudy-cohort"]),
    ("statrs", &["restudy-stats"]),
    ("libm", &["restudy-stats", "restudy-cohort"]),
    ("rand_chacha", &["restudy-stats", "restudy-claims"]),
    ("argmin", &["restudy-stats"]),
    ("nalgebra", &["restudy-stats"]),
    ("maud", &["restudy-report"]),
    ("plotters", &["restudy-report"]),
    ("resvg", &["restudy-report"]),
    ("pdf-writer", &["restudy-report"]),
    ("rust_xlsxwriter", &["restudy-report"]),
    ("zip", &["restudy-report"]),
    ("rayon", &["restudy", "restudy-report", "restudy-stats"]),
    ("clap", &["restudy", "restudy-conformance"]),
];

/// Crates that are to run in a browser: nothing in them may bring C, threads or files.
const PURE: &[(&str, &[&str])] = &[
    (
        "restudy-stats",
        // rayon stands behind the feature `threads`, which is off by default.
        &["argmin", "argmin-math", "libm", "nalgebra", "pulp", "rand_chacha", "rayon", "statrs", "thiserror"],
    ),
    ("restudy-ledger", &["serde", "serde_json"]),
];

/// For each crate of the workspace, what it depends on outside its tests.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    metadata["packages"]
        .as_array()
        .expect("packages")
        .iter()
        .map(|package| {
            let name = package["name"].as_str().expect("name").to_owned();
            let uses = package["dependencies"]
                .as_array()
                .expect("dependencies")
                .iter()
                .filter(|dependency| dependency["kind"].as_str() != Some("dev"))
                .map(|dependency| dependency["name"].as_str().expect("name").to_owned())
                .collect();
            (name, uses)
        })
        .collect()
}

#[test]
fn the_arrows_between_our_crates_are_the_declared_ones() {
    let dependencies = dependencies();
    let declared: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    let found: BTreeSet<&str> = dependencies.keys().map(String::as_str).collect();
    assert_eq!(found, declared, "every crate of the workspace has its line in ARROWS");
    for (name, allowed) in ARROWS {
        let ours: Vec<&String> = dependencies[*name].iter().filter(|used| declared.contains(used.as_str())).collect();
        for used in ours {
            assert!(allowed.contains(&used.as_str()), "{name} may not use {used}");
        }
    }
}

#[test]
fn heavy_dependencies_stay_in_their_rooms() {
    let dependencies = dependencies();
    for (heavy, rooms) in ROOMS {
        for (name, uses) in &dependencies {
            assert!(!uses.contains(*heavy) || rooms.contains(&name.as_str()), "{name} may not use {heavy}");
        }
    }
}

#[test]
fn the_pure_crates_use_only_what_they_are_known_to_use() {
    let dependencies = dependencies();
    for (name, allowed) in PURE {
        for used in &dependencies[*name] {
            assert!(allowed.contains(&used.as_str()), "{name} may not use {used}");
        }
    }
}
