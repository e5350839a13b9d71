//! Folders that cannot be used: exit code 2, a message that says where and why, never a panic.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::{folder, golden, run};

/// The message of a folder that is refused.
fn refusal(dir: &Path) -> String {
    let output = run(dir, "text");
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(output.stdout.is_empty());
    message
}

fn case(method: &str, vars: &str, values: &str) -> String {
    let case = format!(r#"{{"id": "a", "method": "{method}", "vars": {vars}, "values": {values}}}"#);
    format!(r#"{{"data_file": "data/set.csv", "cases": [{case}]}}"#)
}

#[test]
fn no_folder() {
    assert!(refusal(Path::new("no/such/folder")).contains("expected: "));
    let empty = tempfile::tempdir().unwrap();
    fs::create_dir(empty.path().join("expected")).unwrap();
    assert!(refusal(empty.path()).contains("expected: no .json file"));
}

#[test]
fn each_broken_file_is_named_with_its_place() {
    let csv = "x,g\n1,a\n2,b\n";
    let groups = r#"{"x": "x", "group": "g", "group1": "a", "group2": "b"}"#;
    let broken = [
        ("{".to_owned(), csv, "expected/set.json: EOF while parsing an object at line 1"),
        ("[]".to_owned(), csv, "expected/set.json: wrong type: an array where an object is needed"),
        ("{}".to_owned(), csv, "expected/set.json: `cases`: missing"),
        (r#"{"cases": 3}"#.to_owned(), csv, "`cases`: a number where an array is needed"),
        (r#"{"schema_version": 2, "cases": []}"#.to_owned(), csv, "`schema_version` is not 1"),
        (r#"{"cases": [3]}"#.to_owned(), csv, "case 1: wrong type: a number where an object is needed"),
        (r#"{"cases": [{"id": "a"}]}"#.to_owned(), csv, "case a: `vars`: missing"),
        (
            r#"{"cases": [{"id": "a", "method": "b", "vars": {}, "values": 1e999}]}"#.to_owned(),
            csv,
            "number out of range",
        ),
        (r#"{"data_file": 7, "cases": [{"vars": {}, "values": {}}]}"#.to_owned(), csv, "`data_file`: a number"),
        (case("descriptives", "{}", "3"), csv, "case a: `values`: wrong type: a number"),
        (case("descriptives", "{}", "{}"), csv, "case a: `x`: missing"),
        (case("descriptives", r#"{"x": 7}"#, "{}"), csv, "case a: `x`: a number where a string is needed"),
        (case("descriptives", r#"{"x": "y"}"#, "{}"), csv, "case a: data/set.csv: no column `y`; there are: x, g"),
        (case("descriptives", r#"{"x": "g"}"#, "{}"), csv, "data/set.csv: line 2, column `g`: not a finite number"),
        (case("descriptives", r#"{"x": "x"}"#, "{}"), "x,g\n1,a\nNaN,b\n", "line 3, column `x`: not a finite number"),
        (case("descriptives", r#"{"x": "x"}"#, "{}"), "x,x\n1,2\n", "two columns are named `x`"),
        (case("student_t", groups, "{}"), "x,g\n1,a\n2\n", "data/set.csv: CSV error: record 2 (line: 3"),
        (
            case("student_t", r#"{"x": "x", "group": "g", "group1": [], "group2": "b"}"#, "{}"),
            csv,
            "`group1`: an array",
        ),
        (case("chi_square", r#"{"table": [[1, 2], [3]]}"#, "{}"), csv, "`table`: the rows are not of one length"),
        (case("chi_square", r#"{"table": [[1, 2], [3, -4]]}"#, "{}"), csv, "`table`: a number where a count is needed"),
        (
            case("chi_square", r#"{"table": [[1, 2], [3, 1e300]]}"#, "{}"),
            csv,
            "`table`: a number where a count is needed",
        ),
        (case("proportion", r#"{"x": 1.5, "n": 3}"#, "{}"), csv, "`x`: a number where a whole number"),
        (case("p_adjust", r#"{"p": ["a"]}"#, "{}"), csv, "`p`: a string where a number or null is needed"),
    ];
    for (json, csv, message) in broken {
        let refusal = refusal(folder(&json, csv).path());
        assert!(refusal.contains(message), "{json}\n{refusal}");
        assert!(refusal.starts_with("error: ") && refusal.ends_with('\n') && refusal.lines().count() == 1, "{refusal}");
    }
}

#[test]
fn data_that_is_not_there_and_text_that_is_not_text() {
    let missing = folder(&case("descriptives", "{}", "{}"), "x\n1\n");
    fs::remove_file(missing.path().join("data/set.csv")).unwrap();
    assert!(refusal(missing.path()).contains("case a: data/set.csv: "));
    let binary = folder(&case("descriptives", r#"{"x": "x"}"#, "{}"), "x\n1\n");
    fs::write(binary.path().join("data/set.csv"), b"x\n\xff\xfe\n").unwrap();
    assert!(refusal(binary.path()).contains("invalid UTF-8"));
}

#[test]
fn nist_and_special_are_read_as_carefully() {
    for (name, text, message) in [
        ("special.json", r#"{"normal_upper_tail": 3}"#, "`normal_upper_tail`: a number where an array is needed"),
        (
            "special.json",
            r#"{"normal_upper_tail": [{"x": "1"}, {"x": "ten", "p": "1"}]}"#,
            "`x`: a string where a finite number",
        ),
        ("special.json", r#"{"normal_upper_tail": [{"x": "1", "p": "many"}]}"#, "`p`: a string where a finite number"),
        ("special.json", r#"{"student_t_upper_tail": [{"t": "1", "p": "1"}]}"#, "`df`: missing"),
        (
            "nist.json",
            r#"{"cases": [{"id": "a", "kind": "univariate", "data_file": "data/none.csv"}]}"#,
            "data/none.csv: ",
        ),
        ("nist.json", r#"{"cases": [{"certified": {"mean": "x"}}]}"#, "case 1: `mean`: a string where a finite number"),
    ] {
        let dir = folder(r#"{"cases": []}"#, "x\n1\n");
        fs::write(dir.path().join("expected").join(name), text).unwrap();
        let refusal = refusal(dir.path());
        assert!(refusal.contains(message), "{refusal}");
    }
}

#[test]
fn a_wrong_flag_is_bad_usage() {
    assert_eq!(run(&golden(), "xml").status.code(), Some(2));
}

fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        any::<i64>().prop_map(|x| x.to_string()),
        prop::num::f64::NORMAL.prop_map(|x| format!("{x:e}")),
        prop::sample::select(vec!["x", "g", "a", "Inf", "1e5", ""]).prop_map(|x| format!("{x:?}")),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            (prop::sample::select(vec!["x", "n", "p", "table", "group"]), inner)
                .prop_map(|(k, v)| format!("{{{k:?}:{v}}}")),
        ]
    })
}

proptest! {
    // Each case starts a program.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_values_in_any_place_end_in_an_answer(
        method in prop::sample::select(vec![
            "descriptives",
            "student_t",
            "welch_t",
            "mann_whitney",
            "chi_square",
            "fisher_2x2",
            "proportion",
            "p_adjust",
        ]),
        values in prop::collection::vec(json(), 8),
        csv in "[xg,0-9a\\-.\"\n]{0,40}",
    ) {
        let [x, group, group1, group2, n, p, table, expected] = &values[..] else { unreachable!() };
        let vars = format!(
            r#"{{"x":{x},"group":{group},"group1":{group1},"group2":{group2},"n":{n},"p":{p},"table":{table}}}"#
        );
        let dir = folder(&case(method, &vars, &format!(r#"{{"p":{expected},"n":1}}"#)), &csv);
        prop_assert!(run(dir.path(), "text").status.code().is_some_and(|code| code <= 2));
    }

    #[test]
    fn any_cut_of_a_file_ends_in_an_answer(
        at in 0.0..1.0,
        name in prop::sample::select(vec!["tables", "nist", "special"]),
    ) {
        let text = fs::read(golden().join(format!("expected/{name}.json"))).unwrap();
        let text = text.trim_ascii_end();
        let dir = folder(r#"{"cases": []}"#, "x\n1\n");
        let cut = (at * text.len() as f64) as usize;
        fs::write(dir.path().join(format!("expected/{name}.json")), &text[..cut]).unwrap();
        prop_assert_eq!(run(dir.path(), "text").status.code(), Some(2));
    }
}
