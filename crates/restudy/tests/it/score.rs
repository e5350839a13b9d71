//! `restudy score`: a patient at the bedside.

use serde_json::Value;

use crate::commands::{restudy, root, text};

#[test]
fn one_patient_of_the_paper() {
    let output = restudy(&root(), &["score", "dlm", "dlco=43%", "lung=0.5", "node=no"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let output = text(&output.stdout);
    for said in [
        "DLCO, % predicted                    43%                     1  (1 if < 50)",
        "The total meets the authors' cut-off, >= 2: positive",
        "9 of 16 patients with this total had the outcome",
        // 56.25 %, and binom.test(9, 16) of R.
        "56.3 % (exact 95 % interval 29.9 to 80.2 %)",
        "What may not be concluded:",
        "The share and its interval are of a group of patients, not of this one",
    ] {
        assert!(output.contains(said), "{said}\n{output}");
    }
}

#[test]
fn the_constant_of_a_formula_is_among_the_points() {
    let output = text(&restudy(&root(), &["score", "cpi", "dlco=43", "fvc=60", "fev1=70"]).stdout);
    // 91 − 0.65 · 43 − 0.53 · 60 + 0.34 · 70 = 55.05.
    assert!(output.contains("constant of the formula") && output.contains("55.05"), "{output}");
    assert!(output.contains("no risk can be read from the total here"), "{output}");
}

#[test]
fn what_a_slip_of_the_hand_makes_is_refused() {
    let refused = |item: &str| {
        let output = restudy(&root(), &["score", "dlm", item, "lung=0.5", "node=no"]);
        assert_eq!(output.status.code(), Some(2), "{item}: {}", text(&output.stdout));
        text(&output.stderr)
    };
    for (item, said) in [
        ("dlco=-5", "`dlco` = -5 cannot be: it is a percentage from 1 to 300"),
        ("dlco=0.43", "hint: 43 % is written 43, not 0.43"),
        ("dlco=4300%", "`dlco` = 4300% cannot be"),
        ("dlco=43,5", "hint: write the decimals after a point: dlco=43.5"),
        ("dlco=1e999", "`dlco` cannot be `1e999`: it is a number in % predicted"),
        ("dlco=inf", "`dlco` cannot be `inf`"),
        ("dlco=", "`dlco` has no value"),
        ("dlco", "is not an item with its value"),
        ("=43", "has no item ``"),
        ("dlco=43mL", "is given in mL"),
        ("DLCO=43", "did you mean `dlco`?"),
        ("dlco=<script>", "cannot be `<script>`"),
    ] {
        let message = refused(item);
        assert!(message.contains(said), "{item}: {message}");
    }
    let output = restudy(&root(), &["score", "gap", "sex=male", "age=660", "fvc=60", "dlco=40"]);
    assert!(text(&output.stderr).contains("`age` = 660 cannot be: it is an age in years"), "{}", text(&output.stderr));
}

#[test]
fn a_file_that_is_no_score_is_refused_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.toml");
    for (content, said) in [("", "missing field"), ("id = 3", "own.toml:1"), ("not toml at all [", "own.toml:1")] {
        std::fs::write(&file, content).unwrap();
        let output = restudy(folder.path(), &["score", "own.toml", "a=1"]);
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains(said), "{said}: {}", text(&output.stderr));
    }
    let output = restudy(folder.path(), &["score", "nowhere.toml", "a=1"]);
    assert!(text(&output.stderr).contains("nowhere.toml"), "{}", text(&output.stderr));
}

#[test]
fn the_answer_for_machines() {
    let output = restudy(&root(), &["score", "dlm", "dlco=43%", "lung=0.5", "node=no", "--format", "json"]);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&answer["total"], &answer["observed"]["n"]), (&Value::from(2.0), &Value::from(16)));
}

#[test]
fn a_wrong_unit_is_refused_with_the_conversion() {
    let output = restudy(&root(), &["score", "cross-2021", "crp=1.2mg/dL", "ro52=yes", "sex=male", "course=2"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("hint: 1 mg/dL is 10 mg/L: write crp=12mg/L"), "{}", text(&output.stderr));
}

#[test]
fn the_library_and_a_score_describe_themselves() {
    assert_eq!(text(&restudy(&root(), &["score", "--list"]).stdout).lines().count(), 14);
    let output = text(&restudy(&root(), &["score", "mck"]).stdout);
    assert!(output.contains(">= 0.8 if mda5 is yes: 1"), "{output}");
}
