//! Broken input of every kind: one clear message, exit code 2, and nothing written.

use std::fs;

use tempfile::TempDir;

use crate::commands::{restudy, text};

const CODEBOOK: &str = r#"
[columns.age]
label = "Age"
kind = "continuous"

[columns.arm]
kind = "binary"
levels = ["control", "treated"]
"#;

const STUDY: &str = r#"
[study]
id = "small"
title = "A small study"

[data]
table = "table.csv"
codebook = "codebook.toml"

[[comparison]]
id = "table-1"
by = "arm"
rows = ["age"]
"#;

const TABLE: &[u8] = b"age,arm\n50,control\n60,treated\n55,control\n66,treated\n";

/// A study in a folder of its own.
struct Case {
    folder: TempDir,
}

impl Case {
    fn new(table: &[u8], codebook: &str, study: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("table.csv"), table).unwrap();
        fs::write(folder.path().join("codebook.toml"), codebook).unwrap();
        fs::write(folder.path().join("study.toml"), study).unwrap();
        Self { folder }
    }

    /// The message of a refusal; also that it ended with 2 and wrote nothing.
    fn refused(&self) -> String {
        let output = restudy(self.folder.path(), &["run", "study.toml"]);
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{message}{}", text(&output.stdout));
        assert_eq!(text(&output.stdout), "");
        assert!(message.starts_with("error: "), "{message}");
        assert_eq!(fs::read_dir(self.folder.path()).unwrap().count(), 3, "something was written");
        message
    }

    /// The ledger of a run that succeeds.
    fn ledger(&self) -> serde_json::Value {
        let output = restudy(self.folder.path(), &["run", "study.toml"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        serde_json::from_str(&fs::read_to_string(self.folder.path().join("report/results.json")).unwrap()).unwrap()
    }

    fn p_value(&self) -> serde_json::Value {
        let ledger = self.ledger();
        let rows = ledger["rows"].as_array().unwrap();
        rows.iter().find(|row| row["stat"] == "p_value" && row["context"] == "test").unwrap().clone()
    }
}

fn table(table: &[u8]) -> Case {
    Case::new(table, CODEBOOK, STUDY)
}

fn study(from: &str, to: &str) -> Case {
    assert!(STUDY.contains(from));
    Case::new(TABLE, CODEBOOK, &STUDY.replace(from, to))
}

#[track_caller]
fn says(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "`{part}` is not in: {message}");
    }
}

#[test]
fn an_empty_table() {
    says(&table(b"").refused(), &["table.csv", "empty"]);
}

#[test]
fn a_table_of_a_header_alone() {
    says(&table(b"age,arm\n").refused(), &["table.csv"]);
}

#[test]
fn a_text_where_a_number_belongs_is_named_by_line_and_never_shown() {
    let message = table(b"age,arm\n50,control\nJane Doe,treated\n").refused();
    says(&message, &["table.csv", "3", "age"]);
    assert!(!message.contains("Jane"), "{message}");
}

#[test]
fn a_level_that_the_codebook_does_not_know_is_never_shown() {
    let message = table(b"age,arm\n50,control\n60,secret\n").refused();
    says(&message, &["table.csv", "3", "arm", "control", "treated"]);
    assert!(!message.contains("secret"), "{message}");
}

#[test]
fn duplicate_headers() {
    says(&table(b"age,age\n50,control\n").refused(), &["table.csv", "age"]);
}

#[test]
fn a_ragged_row() {
    says(&table(b"age,arm\n50,control\n60\n").refused(), &["table.csv", "3"]);
}

#[test]
fn bytes_that_are_not_utf8_without_a_declared_encoding() {
    says(&table(b"age,arm\n50,control\n60,tr\xe4ted\n").refused(), &["table.csv", "3", "encoding"]);
}

#[test]
fn a_codebook_column_that_the_table_has_not() {
    let codebook = CODEBOOK.replace("[columns.age]", "[columns.aeg]");
    says(&Case::new(TABLE, &codebook, STUDY).refused(), &["codebook.toml", "aeg", "`age`"]);
}

#[test]
fn a_misspelt_key_of_the_codebook() {
    let codebook = CODEBOOK.replace("label", "lable");
    says(&Case::new(TABLE, &codebook, STUDY).refused(), &["codebook.toml:3", "lable", "`label`"]);
}

#[test]
fn a_study_file_that_is_not_toml() {
    says(&study("[study]", "[study").refused(), &["study.toml:2"]);
}

#[test]
fn a_misspelt_key_of_the_study_file() {
    says(&study("title", "tilte").refused(), &["study.toml:4:1", "tilte", "`title`"]);
}

#[test]
fn a_column_that_is_not_there() {
    says(&study("\"age\"", "\"aeg\"").refused(), &["study.toml:13", "aeg", "`age`"]);
}

#[test]
fn a_grouping_column_that_is_not_there() {
    says(&study("by = \"arm\"", "by = \"army\"").refused(), &["study.toml:12", "army", "`arm`"]);
}

#[test]
fn a_grouping_column_without_categories() {
    says(
        &study("by = \"arm\"\nrows = [\"age\"]", "by = \"age\"\nrows = [\"arm\"]").refused(),
        &["study.toml:12", "age"],
    );
}

#[test]
fn one_group_alone() {
    says(&table(b"age,arm\n50,control\n55,control\n").refused(), &["study.toml:12", "two groups", "arm"]);
}

#[test]
fn an_unknown_test() {
    let case = study("rows = [\"age\"]", "rows = [\"age\"]\ntest = { age = \"man-whitney\" }");
    says(&case.refused(), &["study.toml:14", "man-whitney", "`mann-whitney`"]);
}

#[test]
fn a_test_that_does_not_fit_its_variable() {
    let case = study("rows = [\"age\"]", "rows = [\"age\"]\ntest = { age = \"fisher\" }");
    says(&case.refused(), &["study.toml:14", "age", "categories"]);
}

#[test]
fn an_unknown_preset_convention_and_value() {
    let with = |line: &str| Case::new(TABLE, CODEBOOK, &format!("{STUDY}\n[conventions]\n{line}\n")).refused();
    says(&with("preset = \"spss-2\""), &["study.toml:16", "spss-2", "`spss-22`"]);
    says(&with("quartile = 7"), &["study.toml:16", "quartile", "`quartiles`"]);
    says(&with("quartiles = 10"), &["study.toml:16", "quartiles", "`9`"]);
}

#[test]
fn an_unknown_house_style() {
    let case = Case::new(TABLE, CODEBOOK, &format!("{STUDY}\n[report]\nstyle = \"three-decimal\"\n"));
    says(&case.refused(), &["study.toml:16", "three-decimal", "`three-decimals`"]);
}

#[test]
fn a_filter_that_is_not_sql_and_one_that_names_no_column() {
    let with = |sql: &str| {
        let filter = format!("\n[[data.filter]]\nlabel = \"adults\"\nkeep = \"{sql}\"\n");
        Case::new(TABLE, CODEBOOK, &format!("{STUDY}{filter}")).refused()
    };
    says(&with("age >="), &["age >="]);
    says(&with("aeg >= 18"), &["aeg", "`age`"]);
    says(&with("age + 1"), &["age + 1"]);
}

#[test]
fn a_missing_file() {
    let folder = tempfile::tempdir().unwrap();
    let output = restudy(folder.path(), &["run", "study.toml"]);
    assert_eq!(output.status.code(), Some(2));
    says(&text(&output.stderr), &["study.toml", "no such file"]);
}

#[test]
fn a_published_record_that_is_broken() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("published.toml"), "[paper]\nid = \n").unwrap();
    let output = restudy(folder.path(), &["audit", "published.toml"]);
    assert_eq!(output.status.code(), Some(2));
    says(&text(&output.stderr), &["published.toml:2"]);
    fs::write(folder.path().join("latin.toml"), b"# \xe4\n").unwrap();
    let output = restudy(folder.path(), &["audit", "latin.toml"]);
    assert_eq!(output.status.code(), Some(2));
    says(&text(&output.stderr), &["latin.toml:1", "UTF-8"]);
}

#[test]
fn a_constant_column_is_a_row_without_a_p_value_and_the_table_is_made() {
    let row = table(b"age,arm\n50,control\n50,treated\n50,control\n50,treated\n").p_value();
    assert!(row["value"].is_null());
    assert!(row["reason"].as_str().unwrap().contains("same value"), "{row}");
}

#[test]
fn a_column_that_is_all_missing_is_a_row_without_a_p_value() {
    let row = table(b"age,arm\n,control\n,treated\n,control\n,treated\n").p_value();
    assert!(row["value"].is_null());
    assert!(row["reason"].as_str().unwrap().contains("no known value"), "{row}");
}

#[test]
fn two_patients_are_too_few_for_a_test_and_enough_for_a_table() {
    let row = table(b"age,arm\n50,control\n60,treated\n").p_value();
    assert!(row["value"].is_null());
    assert!(row["reason"].is_string(), "{row}");
}

#[test]
fn a_number_of_fifty_digits_is_read_to_the_nearest_double() {
    let digits = "12345678901234567890123456789012345678901234567890";
    let ledger = table(format!("age,arm\n{digits},control\n1,treated\n2,control\n3,treated\n").as_bytes()).ledger();
    let max = ledger["rows"].as_array().unwrap().iter().find(|row| row["stat"] == "max").unwrap()["value"].as_f64();
    assert_eq!(max, digits.parse().ok());
}

#[test]
fn complete_separation_is_the_smallest_exact_p() {
    let case = Case::new(
        b"age,arm\n1,control\n2,control\n3,control\n4,treated\n5,treated\n6,treated\n",
        CODEBOOK,
        &format!("{STUDY}test = {{ age = \"mann-whitney-exact\" }}\n"),
    );
    // Of the 20 ways to choose the ranks of three patients, two are as extreme as this one.
    assert_eq!(case.p_value()["value"], serde_json::json!(0.1));
}
