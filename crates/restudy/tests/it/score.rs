//! `restudy score`: a patient at the bedside.

use serde_json::Value;

use crate::commands::{restudy, root, text};

#[test]
fn one_patient_of_the_paper() {
    let output = restudy(&root(), &["score", "dlm", "dlco=43%", "lung=0.5", "node=no"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let output = text(&output.stdout);
    assert!(output.contains("9 of 16 patients with this total had the outcome: 56.2 %"), "{output}");
    assert!(output.contains("What may not be concluded:"), "{output}");
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
