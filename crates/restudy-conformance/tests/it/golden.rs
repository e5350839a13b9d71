//! The golden folder of the project: nothing missed, everything counted, and a wrong number found.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use super::{folder, golden, report, run};

/// Numbers in a JSON value, infinities included.
fn numbers(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(numbers).sum(),
        Value::Object(members) => members.values().map(numbers).sum(),
        Value::Number(_) => 1,
        Value::String(text) => usize::from(text == "Inf" || text == "-Inf"),
        Value::Null | Value::Bool(_) => 0,
    }
}

#[test]
fn nothing_is_missed() {
    let (report, code) = report(&golden());
    assert_eq!(report["misses"], json!([]));
    assert_eq!(code, 0);
}

#[test]
fn these_methods_are_covered() {
    let (report, _) = report(&golden());
    let methods = report["methods"].as_object().unwrap();
    let whole = [
        "c_index",
        "chi_square",
        "cox",
        "delong_paired",
        "effect_2x2",
        "kaplan_meier",
        "logrank",
        "mcnemar",
        "proportion",
        "roc",
        "student_t",
        "welch_t",
        "special.hypergeometric",
        "special.log_gamma",
    ];
    let part = [
        "descriptives",
        "firth",
        "fisher_2x2",
        "logistic",
        "mann_whitney",
        "nist.univariate",
        "p_adjust",
        "validate_logistic",
    ];
    for method in whole {
        assert_eq!(methods[method]["numbers"]["not_covered"], 0, "{method}");
    }
    for method in whole.iter().chain(&part) {
        assert!(methods[*method]["numbers"]["checked"].as_u64() > Some(0), "{method}");
    }
}

#[test]
fn every_number_of_the_files_is_counted_once() {
    let mut in_files: BTreeMap<String, usize> = BTreeMap::new();
    for entry in fs::read_dir(golden().join("expected")).unwrap() {
        let path = entry.unwrap().path();
        let file: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        for case in file["cases"].as_array().into_iter().flatten() {
            if let (Some(method), values) = (case["method"].as_str(), &case["values"]) {
                *in_files.entry(method.to_owned()).or_default() += numbers(values);
            }
        }
    }
    let (report, _) = report(&golden());
    let methods = report["methods"].as_object().unwrap();
    for (method, in_files) in in_files {
        assert_eq!(methods[&method]["numbers"]["expected"], in_files, "{method}");
    }
    let mut sums = [0; 4];
    for tally in methods.values().chain([&report["totals"]]) {
        let [expected, checked, missed, not_covered] =
            ["expected", "checked", "missed", "not_covered"].map(|name| tally["numbers"][name].as_u64().unwrap());
        assert_eq!(expected, checked + missed + not_covered);
        for (sum, count) in sums.iter_mut().zip([expected, checked, missed, not_covered]) {
            *sum += count;
        }
    }
    // The methods and the totals, which are their sum.
    assert_eq!(sums[0], 2 * report["totals"]["numbers"]["expected"].as_u64().unwrap());
    let lines = report["not_covered"].as_array().unwrap();
    let in_lines: u64 = lines.iter().map(|line| line["numbers"].as_u64().unwrap()).sum();
    assert_eq!(report["totals"]["numbers"]["not_covered"], in_lines);
    assert!(lines.iter().all(|line| !line["reason"].as_str().unwrap().is_empty()));
}

#[test]
fn a_corrupted_number_is_a_miss() {
    // One digit of one number of each kind of file, in its own copy of the folder.
    let corruptions = [
        ("tables.json", "0.48571428571428582", "0.48571428591428582", "p"),
        ("lung.json", "63.340579710144929", "63.340579720144929", "mean1"),
        ("special.json", "7.619853024160526066e-24", "7.619853024190526066e-24", "p"),
        ("nist.json", "2.7733216804431613576e+2", "2.7733216805431613576e+2", "exact_for_doubles.sd"),
    ];
    for (file, right, wrong, name) in corruptions {
        let dir = tempfile::tempdir().unwrap();
        for place in ["expected", "data"] {
            fs::create_dir(dir.path().join(place)).unwrap();
            for entry in fs::read_dir(golden().join(place)).unwrap() {
                let entry = entry.unwrap();
                fs::copy(entry.path(), dir.path().join(place).join(entry.file_name())).unwrap();
            }
        }
        let path = dir.path().join("expected").join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(right), "{file} has no {right}");
        fs::write(&path, text.replacen(right, wrong, 1)).unwrap();

        let (report, code) = report(dir.path());
        let misses = report["misses"].as_array().unwrap();
        assert_eq!((misses.len(), code), (1, 1), "{file}");
        assert_eq!(misses[0]["name"], name);
        let expected: f64 = misses[0]["expected"].as_str().unwrap().parse().unwrap();
        let obtained: f64 = misses[0]["obtained"].as_str().unwrap().parse().unwrap();
        assert_eq!(expected, wrong.parse::<f64>().unwrap());
        let error = misses[0]["relative_error"].as_f64().unwrap();
        assert!((error / ((obtained - expected) / expected).abs() - 1.0).abs() < 1e-9);
        let text = String::from_utf8(run(dir.path(), "text").stdout).unwrap();
        let shown = misses[0]["expected"].as_str().unwrap();
        assert!(text.contains(&format!("{name}: expected {shown}, obtained")), "{text}");
    }
}

#[test]
fn two_runs_give_the_same_bytes() {
    for format in ["text", "json"] {
        assert_eq!(run(&golden(), format).stdout, run(&golden(), format).stdout);
    }
}

#[test]
fn unseen_cases_are_run_and_unknown_things_named() {
    let file = json!({
        "schema_version": 1, "dataset": "set", "data_file": "data/set.csv",
        "cases": [
            { "id": "a", "method": "student_t", "vars": { "x": "x", "group": "g", "group1": 1, "group2": "b c" },
              "values": { "n1": 2, "n2": 2, "mean_diff": -2.0, "t": -4.0, "surprise": 3, "list": [1, null, "Inf"] } },
            { "id": "b", "method": "horoscope", "vars": {}, "values": { "p": 0.5, "sign": "Leo" } },
            { "id": "c", "method": "p_adjust", "vars": { "p": 0.5 }, "values": { "BH": 0.5 } },
            { "id": "d", "method": "p_adjust", "vars": { "p": [0.5, null] }, "values": { "BH": [0.5, 0.25] } },
            { "id": "e", "method": "p_adjust", "vars": { "p": [0.5, 0.5] }, "values": { "BH": [0.5] } },
            { "id": "f", "method": "chi_square", "vars": { "table": [[0, 0], [1, 2]] }, "values": { "chi2": 0.1 } },
        ],
    });
    // The means are 1.5 and 3.5, both deviations √½, the standard error √½: t = −2√2, not −4.
    let dir = folder(&file.to_string(), "x,g\n1,1\n2,1.0\n3,b c\n4,b c\n,1\n9,\n7,other\n");
    let (report, code) = report(dir.path());
    assert_eq!(code, 1);
    let misses: Vec<_> =
        report["misses"].as_array().unwrap().iter().map(|miss| (&miss["case"], &miss["name"])).collect();
    let missed =
        [("a", "t"), ("d", "BH[1]"), ("e", "BH[0]"), ("f", "chi2")].map(|(case, name)| (json!(case), json!(name)));
    assert_eq!(misses, missed.iter().map(|(case, name)| (case, name)).collect::<Vec<_>>());
    assert!(report["misses"][3]["obtained"].as_str().unwrap().starts_with("no answer: the table needs two rows"));
    let lines = report["not_covered"].as_array().unwrap();
    assert_eq!(lines[0]["method"], "horoscope");
    assert_eq!((&lines[0]["numbers"], &lines[0]["others"]), (&json!(1), &json!(1)));
    assert_eq!((&lines[1]["names"], &lines[1]["others"]), (&json!({ "list": 2, "surprise": 1 }), &json!(1)));
}
