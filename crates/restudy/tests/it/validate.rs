//! `restudy validate`: a published score on a new cohort, into a report.

use std::fs;

use crate::commands::{restudy, root, text};

#[test]
fn the_dlm_score_on_the_synthetic_cohort_of_its_paper() {
    let folder = tempfile::tempdir().unwrap();
    let data = root().join("data/dlm2021/cohort.csv");
    let codebook = root().join("data/dlm2021/codebook.toml");
    let arguments = |out: &'static str| {
        let files = ["--data", data.to_str().unwrap(), "--codebook", codebook.to_str().unwrap()];
        let rest = ["--outcome", "group=RP-ILD", "--by", "sex", "--replicates", "200", "--out", out];
        [&["validate", "dlm", "gap"], &files[..], &rest[..]].concat().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    for out in ["first", "second"] {
        let arguments = arguments(out);
        let output = restudy(folder.path(), &arguments.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    }
    let read = |out: &str, name: &str| fs::read_to_string(folder.path().join(out).join(name)).unwrap();
    // The paper's area, on the cohort made to meet its numbers.
    assert!(read("first", "report.md").contains("0.905"), "{}", read("first", "report.md"));
    for name in ["results.json", "report.md", "index.html", "ledger.csv"] {
        assert_eq!(read("first", name), read("second", name), "{name}");
    }
}

#[test]
fn an_outcome_without_a_level_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("new.csv"), "dlco,lung,node,course\n43,0.5,1,rapid\n60,0.2,0,slow\n").unwrap();
    let output = restudy(folder.path(), &["validate", "dlm", "--data", "new.csv", "--outcome", "course"]);
    assert_eq!(output.status.code(), Some(2));
    let message = text(&output.stderr);
    assert!(message.contains("--outcome course=LEVEL, one of rapid, slow"), "{message}");
}
