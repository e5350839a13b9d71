//! The README's section on a new cohort, followed word by word.

use std::fs;

use crate::commands::{restudy, root, text};

#[test]
fn a_new_cohort() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let section = readme.split("## I have a new cohort").nth(1).unwrap().split("\n## ").next().unwrap();
    let commands: Vec<&str> = section.lines().filter_map(|line| line.strip_prefix("cargo run -- ")).collect();
    assert_eq!(commands.len(), 5);
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("data/dlm2021")).unwrap();
    for file in ["data/dlm2021/cohort.csv", "data/dlm2021/codebook.toml"] {
        fs::copy(root().join(file), folder.path().join(file)).unwrap();
    }
    for command in commands {
        let words: Vec<&str> = command.split('#').next().unwrap().split_whitespace().collect();
        let output = restudy(folder.path(), &words);
        assert_eq!(output.status.code(), Some(0), "{command}: {}", text(&output.stderr));
        assert!(!output.stdout.is_empty(), "{command}");
    }
    assert!(folder.path().join("validation/report.md").exists());
}
