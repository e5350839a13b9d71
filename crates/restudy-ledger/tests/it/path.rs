//! One line that names one number.

use proptest::prelude::*;
use restudy_ledger::{Analysis, AnalysisKind, Context, Data, Ledger, PathError, Row, SCHEMA, Stat, Study, Tool};

fn ledger(rows: Vec<Row>) -> Ledger {
    let mut analyses: Vec<Analysis> = Vec::new();
    for row in &rows {
        if !analyses.iter().any(|analysis| analysis.id == row.analysis) {
            analyses.push(Analysis::new(&row.analysis, AnalysisKind::Comparison, "a title"));
        }
    }
    Ledger {
        schema: SCHEMA.to_owned(),
        tool: Tool { name: "restudy".to_owned(), version: "0".to_owned() },
        study: Study {
            id: "study".to_owned(),
            title: "A study".to_owned(),
            source: None,
            synthetic: true,
            style: "three-decimals".to_owned(),
        },
        data: Data { file: "table.csv".to_owned(), sha256: String::new(), rows: 0, columns: 0, rows_kept: 0 },
        conventions: Vec::new(),
        seed: None,
        flow: Vec::new(),
        variables: Vec::new(),
        analyses,
        figures: Vec::new(),
        rows,
        series: Vec::new(),
    }
}

fn example() -> Ledger {
    let row = |variable, group, stat, value: f64| Row::new("table-1", Context::Test, variable, group, stat, value);
    let score = |stat, value: f64| Row::new("score", Context::Test, "dlm", None, stat, value);
    ledger(vec![
        row("age", Some("RP-ILD"), Stat::Mean, 54.86),
        row("age", Some("non-RP-ILD"), Stat::Mean, 57.7),
        row("age", None, Stat::PValue, 0.354),
        Row::new("table-1", Context::Alternative, "age", None, Stat::PValue, 0.36),
        row("sex", Some("RP-ILD"), Stat::Count, 8.0).level("male"),
        row("sex", Some("RP-ILD"), Stat::Count, 13.0).level("female"),
        score(Stat::Auc, 0.905),
        score(Stat::ConfLow, 0.836).of(Stat::Auc),
        score(Stat::ConfLow, 0.637).of(Stat::Sensitivity),
        score(Stat::Survival, 0.5).time(90.0),
        score(Stat::Survival, 0.4).time(180.0),
        Row::new("cox", Context::Test, "lung", None, Stat::PValue, 0.007).model("univariable"),
        Row::new("cox", Context::Test, "lung", None, Stat::PValue, 0.3).model("multivariable"),
        Row::new("pairs", Context::Test, "lung", None, Stat::R, -0.09).with("dlco"),
    ])
}

#[test]
fn a_path_finds_its_number() {
    let ledger = example();
    for (path, value) in [
        ("table-1/age@RP-ILD/mean", 54.86),
        // The answer of another test is never meant.
        ("table-1/age/p_value", 0.354),
        ("table-1/sex:female@RP-ILD/count", 13.0),
        ("score/auc", 0.905),
        ("score/dlm/auc.conf_low", 0.836),
        ("score/sensitivity.conf_low", 0.637),
        ("score/dlm!180/survival", 0.4),
        ("cox/lung#univariable/p_value", 0.007),
        ("pairs/lung~dlco/r", -0.09),
        ("pairs/lung/r", -0.09),
    ] {
        let row = ledger.find(path).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(row.value.number(), Some(value), "{path}");
    }
}

#[test]
fn a_path_that_names_nothing_or_several_says_what_there_is() {
    let ledger = example();
    let error = |path| ledger.find(path).expect_err("it names no single number");
    assert!(matches!(error("table-1"), PathError::Malformed { .. }));
    assert!(matches!(error("table-1/a/b/c"), PathError::Malformed { .. }));
    assert!(matches!(error("table-9/age/mean"), PathError::Analysis { .. }));
    assert!(matches!(error("table-1/age/average"), PathError::Stat { .. }));
    let nothing = error("table-1/age/mean");
    assert_eq!(nothing.hint().as_deref(), Some("there is: table-1/age@RP-ILD/mean, table-1/age@non-RP-ILD/mean"));
    let several = error("cox/lung/p_value");
    assert_eq!(
        several.hint().as_deref(),
        Some("say which: cox/lung#univariable/p_value, cox/lung#multivariable/p_value")
    );
}

fn name() -> impl Strategy<Value = String> {
    "[a-z/:@~#!\\\\ ≥]{1,8}"
}

proptest! {
    #[test]
    fn the_path_of_a_row_finds_that_row(
        (analysis, variable, level, group) in (name(), name(), proptest::option::of(name()), proptest::option::of(name())),
        (with, model, time) in
            (proptest::option::of(name()), proptest::option::of(name()), proptest::option::of(-1e9_f64..1e9)),
    ) {
        let mut row = Row::new(&analysis, Context::Test, &variable, group.as_deref(), Stat::ConfLow, 1.0).of(Stat::Auc);
        (row.level, row.with, row.model, row.time) = (level, with, model, time);
        let path = row.path();
        let ledger = ledger(vec![row.clone()]);
        prop_assert_eq!(ledger.find(&path), Ok(&row), "{}", path);
    }

    #[test]
    fn no_text_breaks_a_search(path in ".{0,40}") {
        let _ = example().find(&path);
    }
}

/// Patients who have a value stand once under what is missing and once under what is summarised: it is one number. Two that
/// differ are two.
#[test]
fn the_same_number_in_two_contexts_is_one() {
    let n = |context, value: f64| Row::new("table-1", context, "age", None, Stat::N, value);
    let same = ledger(vec![n(Context::Missingness, 61.0), n(Context::Summary, 61.0)]);
    assert_eq!(same.find("table-1/age/n").unwrap().context, Context::Missingness);
    let differing = ledger(vec![n(Context::Missingness, 61.0), n(Context::Summary, 60.0)]);
    assert!(matches!(differing.find("table-1/age/n"), Err(PathError::Several { .. })));
}
