//! The commands on good input: what they write, what they print, how they end.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// The project's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs the built command in a folder.
pub(crate) fn restudy(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_restudy")).current_dir(folder).args(arguments).output().expect("the command runs")
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the command writes UTF-8")
}

#[test]
fn without_a_command_the_embedded_study_runs_and_ends_with_the_claims() {
    let folder = tempfile::tempdir().unwrap();
    let output = restudy(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let printed = text(&output.stdout);
    // 7 of 16 is 43.75 %, which prints 43.8 by either rounding rule; the paper prints 43.7.
    for words in ["synthetic", "dlm2021-report/index.html", "43.7", "t1.age.p", "it cannot hold"] {
        assert!(printed.contains(words), "{words}");
    }
    assert_eq!(text(&output.stderr), "");
    // What it wrote is what is committed.
    let committed = root().join("reports/dlm2021/report");
    for name in ["results.json", "index.html", "claims.json", "figures/figure-2.svg", "figures/figure-3.png"] {
        let written = fs::read(folder.path().join("dlm2021-report").join(name)).unwrap();
        assert!(written == fs::read(committed.join(name)).unwrap(), "{name}");
    }
    let check = restudy(folder.path(), &["check"]);
    assert_eq!(check.status.code(), Some(0), "{}{}", text(&check.stdout), text(&check.stderr));
}

#[test]
fn without_a_record_the_embedded_paper_is_audited() {
    let folder = tempfile::tempdir().unwrap();
    let output = restudy(folder.path(), &["audit"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("43.7"));
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn the_audit_answers_in_json_of_the_contract() {
    let output = restudy(&root(), &["audit", "data/dlm2021/published.toml", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let audit: Value = serde_json::from_slice(&output.stdout).unwrap();
    for key in ["claims", "methods", "conflicts", "derived"] {
        assert!(audit[key].as_array().is_some_and(|list| !list.is_empty()), "{key}");
    }
    let claim = |id: &str| {
        audit["claims"].as_array().unwrap().iter().find(|claim| claim["id"] == id).unwrap_or_else(|| panic!("{id}"))
    };
    assert_eq!(claim("t1.bacterial.p")["verdict"], "reproduced");
    assert_eq!(claim("t1.age.p")["verdict"], "consistent");
    assert_eq!(claim("t1.ferritin.p")["verdict"], "not_recomputable");
    assert_eq!(claim("t2.2.non")["verdict"], "impossible");
}

#[test]
fn a_run_writes_the_whole_report_and_the_same_bytes_again() {
    let folder = tempfile::tempdir().unwrap();
    let study = root().join("reports/lung/study.toml");
    let study = study.to_str().unwrap();
    for name in ["first", "second"] {
        let output = restudy(folder.path(), &["run", study, "--out", name]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    }
    let names = |name: &str| {
        let mut names: Vec<PathBuf> = Vec::new();
        for entry in fs::read_dir(folder.path().join(name)).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() {
                let inner = fs::read_dir(entry.path()).unwrap();
                names.extend(inner.map(|inner| Path::new(&entry.file_name()).join(inner.unwrap().file_name())));
            } else {
                names.push(entry.file_name().into());
            }
        }
        names.sort();
        names
    };
    let figures = ["death-complete-forest", "death-imputed-forest", "flow", "table-1-box", "table-1-love"];
    let figures = figures.iter().flat_map(|id| ["pdf", "png", "svg"].map(|form| format!("figures/{id}.{form}")));
    let written = [
        "death-complete.csv",
        "death-complete.tex",
        "death-imputed.csv",
        "death-imputed.tex",
        "index.html",
        "ledger.csv",
        "report.docx",
        "report.md",
        "report.tex",
        "report.xlsx",
        "results.json",
        "table-1.csv",
        "table-1.tex",
    ];
    let mut written: Vec<PathBuf> = figures.chain(written.map(str::to_owned)).map(PathBuf::from).collect();
    written.sort();
    assert_eq!(names("first"), written);
    for name in names("first") {
        let first = fs::read(folder.path().join("first").join(&name)).unwrap();
        let second = fs::read(folder.path().join("second").join(&name)).unwrap();
        assert!(first == second, "{}", name.display());
    }
    // Nothing is left of the way the report was written.
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 2);
}

#[test]
fn the_committed_reports_hold() {
    for study in ["lung", "cmv", "dlm2021"] {
        let output = restudy(&root(), &["check", &format!("reports/{study}/study.toml")]);
        assert_eq!(output.status.code(), Some(0), "{study}: {}{}", text(&output.stdout), text(&output.stderr));
    }
}

#[test]
fn every_byte_of_a_report_is_the_same_on_any_number_of_threads() {
    // A study with resampling and figures of every kind.
    for threads in ["1", "3"] {
        let output = restudy(&root(), &["check", "reports/cmv/study.toml", "--threads", threads]);
        assert_eq!(output.status.code(), Some(0), "{threads}: {}{}", text(&output.stdout), text(&output.stderr));
    }
    for threads in ["0", "all", "1000000"] {
        let output = restudy(&root(), &["check", "reports/cmv/study.toml", "--threads", threads]);
        assert_eq!(output.status.code(), Some(2), "{threads}");
    }
}

#[test]
fn a_drafted_study_runs_and_is_not_drafted_over() {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(root().join("data/cmv/cmv.csv"), folder.path().join("Our table.csv")).unwrap();
    let drafted = restudy(folder.path(), &["init", "Our table.csv", "--by", "cmv", "--out", "study/first"]);
    assert_eq!(drafted.status.code(), Some(0), "{}", text(&drafted.stderr));
    assert!(text(&drafted.stdout).contains("taken for missing: NA"), "{}", text(&drafted.stdout));
    let run = restudy(folder.path(), &["run", "study/first/study.toml"]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    assert!(text(&run.stdout).starts_with("our-table: 64 patients"), "{}", text(&run.stdout));
    let again = restudy(folder.path(), &["init", "Our table.csv", "--out", "study/first"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("is there already"), "{}", text(&again.stderr));
}

#[test]
fn the_schema_is_json_and_the_reference_is_for_people() {
    let schema = restudy(&root(), &["schema"]);
    let schema: Value = serde_json::from_slice(&schema.stdout).unwrap();
    assert!(schema["properties"]["kaplan-meier"]["description"].is_string());
    let reference = restudy(&root(), &["schema", "--format", "markdown"]);
    assert!(text(&reference.stdout).contains("## `[[score-table]]`"));
}

#[test]
fn a_paper_s_claims_are_held_against_the_results() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("report");
    let output = restudy(&root(), &["run", "reports/cmv/study.toml", "--out", out.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let claims: Value = serde_json::from_slice(&fs::read(out.join("claims.json")).unwrap()).unwrap();
    let held = |id: &str| {
        let claim = claims["claims"].as_array().unwrap().iter().find(|claim| claim["id"] == id).unwrap();
        claim["held"].as_bool()
    };
    // 25 of the 49 patients at risk, 1 of the 15 others.
    assert_eq!(held("cmv.exposed.reactivated"), Some(true), "{claims}");
    assert_eq!(held("cmv.unexposed.reactivated"), Some(true), "{claims}");
}

#[test]
fn a_moved_number_is_named_and_ends_with_one() {
    let folder = tempfile::tempdir().unwrap();
    let study = root().join("reports/lung/study.toml");
    let study = study.to_str().unwrap();
    assert_eq!(restudy(folder.path(), &["run", study, "--out", "report"]).status.code(), Some(0));
    let path = folder.path().join("report/results.json");
    let mut ledger: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let row = ledger["rows"].as_array_mut().unwrap().iter_mut().find(|row| row["stat"] == "mean").unwrap();
    row["value"] = Value::from(1.5);
    fs::write(&path, ledger.to_string()).unwrap();
    let output = restudy(folder.path(), &["check", study, "--report", "report"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("table-1/age/summary/mean: 1.5 ->"), "{}", text(&output.stdout));
    assert!(
        text(&output.stdout).starts_with("printed numbers that moved\n  table-1 / Age"),
        "{}",
        text(&output.stdout)
    );
}

#[test]
fn the_plan_names_the_origin_of_every_setting() {
    let output = restudy(&root(), &["plan", "reports/lung/study.toml"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let plan = text(&output.stdout);
    let line =
        |key: &str| plan.lines().find(|line| line.trim_start().starts_with(key)).unwrap_or_else(|| panic!("{key}"));
    assert!(line("quartiles").ends_with("preset spss-22"));
    assert!(line("rank-null").ends_with("file"));
    assert!(line("proportion-interval").ends_with("default"));
}

#[test]
fn a_number_is_cited_in_the_words_of_a_house() {
    let cite =
        |arguments: &[&str]| restudy(&root(), &[&["cite", "--report", "reports/lung/report"], arguments].concat());
    // Of the 227 patients whose performance status is known, by Python's statistics module: 62.45815 and 9.092045 years.
    // Age is recorded in whole years, and a mean prints one decimal more.
    let output = cite(&["table-1/age/mean", "table-1/age/p_value"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let lines: Vec<String> = text(&output.stdout).lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0], "62.5 ± 9.1");
    assert!(lines[1].starts_with("P = "), "{}", lines[1]);
    let output = cite(&["table-1/age/mean", "--style", "lancet"]);
    assert_eq!(text(&output.stdout), "62·5 ± 9·1\n");
    let output = restudy(&root(), &["cite", "--ledger", "reports/lung/report/results.json", "table-1/age/mean"]);
    assert_eq!(text(&output.stdout), "62.5 ± 9.1\n");
}

#[test]
fn a_path_that_names_nothing_says_what_there_is() {
    for (arguments, message, hint) in [
        (["table-1/age/mode"].as_slice(), "no number is called `mode`", "names of numbers"),
        (["table-2/age/mean"].as_slice(), "the ledger has no analysis `table-2`", "analyses: table-1"),
        (["table-1/aeg/mean"].as_slice(), "names no number of the ledger", "there is: "),
        (["table-1/age/mean", "--style", "bmj"].as_slice(), "no house style `bmj`", "styles: default"),
    ] {
        let output = restudy(&root(), &[&["cite", "--report", "reports/lung/report"], arguments].concat());
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains(message), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains(&format!("hint: {hint}")), "{}", text(&output.stderr));
    }
}

#[test]
fn a_folder_with_other_files_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("mine")).unwrap();
    fs::write(folder.path().join("mine/thesis.txt"), "precious").unwrap();
    let study = root().join("reports/lung/study.toml");
    let output = restudy(folder.path(), &["run", study.to_str().unwrap(), "--out", "mine"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("not an earlier report"));
    assert_eq!(fs::read_to_string(folder.path().join("mine/thesis.txt")).unwrap(), "precious");
    assert_eq!(fs::read_dir(folder.path().join("mine")).unwrap().count(), 1);
}
