//! The tables of every kind of analysis, held against the numbers of the paper that the ledger was written from.

use restudy_ledger::Row;
use restudy_report::{Table, analysis_table, claims_table, csv_table, detail_tables};

use crate::protocol::{checks, protocol};

fn table(id: &str) -> Table {
    analysis_table(&protocol(), id).unwrap()
}

fn line(table: &Table, label: &str) -> Vec<String> {
    let line =
        table.lines.iter().find(|line| line.cells[0].text.starts_with(label)).unwrap_or_else(|| panic!("{label}"));
    line.cells.iter().skip(1).map(|cell| cell.text.clone()).collect()
}

fn notes(table: &Table) -> String {
    table.footnotes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn pairs_have_r_with_limits_and_p() {
    let pairs = table("pairs");
    let cells: Vec<&str> = pairs.lines[1].cells.iter().map(|cell| cell.text.as_str()).collect();
    assert_eq!(cells, ["Bilateral lung SUVmean", "MYOACT score", "61", "0.360 (0.120–0.560)", "0.004"]);
    assert_eq!(notes(&pairs), "P values: Pearson’s correlation.");
}

#[test]
fn models_stand_side_by_side() {
    let logistic = table("logistic");
    assert_eq!(
        line(&logistic, "DLCO"),
        ["52", "16", "0.51 (0.32–0.82)", "0.005", "0.005", "0.38 (0.20–0.72)", "0.003"]
    );
    assert_eq!(line(&logistic, "DM"), ["40", "14", "Ref.", "", "", "", ""]);
    assert_eq!(line(&logistic, "PM"), ["9", "2", "0.54 (0.10–2.92)", "0.476", "", "", ""]);
    assert_eq!(logistic.lines[0].cells[0].detail.as_deref(), Some("per 10 % of predicted"));
    assert_eq!(logistic.columns[1].group.as_deref(), Some("Univariable"));
    assert_eq!(logistic.columns[6].group.as_deref(), Some("Multivariable (n = 52, 16 events)"));
    for needed in ["AIC 40.12", "9 left out for a missing value", "Wald intervals and tests", "over the 3 p-values"] {
        assert!(notes(&logistic).contains(needed), "{needed}");
    }
    let cox = table("cox");
    assert_eq!(line(&cox, "MYOACT"), ["1.14 (1.07–1.22)", "< 0.001", "1.12 (1.05–1.20)", "< 0.001"]);
    assert_eq!(line(&cox, "Bilateral lung")[2..], ["—", ""]);
    assert!(notes(&cox).contains("The likelihood has no maximum: separation."));
    let path = &detail_tables(&protocol(), "logistic")[0];
    assert_eq!((path.id, path.table.lines.len()), ("selection", 2));
}

#[test]
fn survival_says_what_is_not_reached() {
    let survival = table("survival");
    assert_eq!(line(&survival, "All"), ["61", "24", "NR", "80.3% (67.9–88.3)", "48"]);
    assert_eq!(line(&survival, "RP-ILD"), ["21", "12", "261 (75–∞)", "57.1% (33.8–74.9)", "12"]);
    assert!(notes(&survival).contains("Log-rank test: χ² = 7.88, df 1, P = 0.005."));
}

#[test]
fn kinds_of_event_that_compete_stand_above_their_groups() {
    let incidence = table("incidence");
    let labels: Vec<&str> = incidence.lines.iter().map(|line| line.cells[0].text.as_str()).collect();
    assert_eq!(labels, ["respiratory", "RP-ILD", "Non-RP-ILD", "other", "RP-ILD", "Non-RP-ILD"]);
    assert_eq!(line(&incidence, "respiratory"), ["61", "16", "26.2% (13.1–39.3)", "48", "0.012"]);
    // 9 of 21; the p-value is that of the kind, and stands at it alone.
    assert_eq!(line(&incidence, "RP-ILD"), ["21", "9", "42.9% (21.4–64.3)", "12", ""]);
    assert_eq!(line(&incidence, "other")[4], "0.400");
    for said in ["Competing events: other.", "Censored: alive.", "P values: Gray’s test.", "Aalen–Johansen"] {
        assert!(notes(&incidence).contains(said), "{said}");
    }
}

/// As many columns as there are times would leave the paper.
#[test]
fn many_times_stand_below_each_other() {
    let mut ledger = protocol();
    let at = |time: f64| {
        ledger
            .rows
            .iter()
            .filter(move |row| row.time == Some(90.0))
            .cloned()
            .map(move |row| Row { time: Some(time), ..row })
    };
    let more: Vec<Row> = [1.0, 60.0, 180.0].into_iter().flat_map(at).collect();
    ledger.rows.extend(more);
    for (id, group, own, part) in [
        ("survival", "RP-ILD", &["21", "12", "261 (75–∞)", "", ""][..], &["", "", "", "57.1% (33.8–74.9)", "12"][..]),
        ("incidence", "other, RP-ILD", &["21", "3", "", "", ""], &["", "", "14.3% (7.1–21.4)", "12", ""]),
    ] {
        let table = analysis_table(&ledger, id).unwrap();
        assert!(table.lines.iter().all(|line| line.cells.len() == table.columns.len()), "{id}");
        assert!(table.columns.iter().all(|column| column.group.is_none()), "{id}");
        assert_eq!(line(&table, group), own, "{id}");
        let place = table.lines.iter().position(|line| line.cells[0].text == group).unwrap();
        let labels: Vec<&str> =
            table.lines[place + 1..place + 5].iter().map(|line| line.cells[0].text.as_str()).collect();
        assert_eq!(labels, ["At 90 days", "At 1 day", "At 60 days", "At 180 days"]);
        let cells: Vec<&str> = table.lines[place + 1].cells[1..].iter().map(|cell| cell.text.as_str()).collect();
        assert_eq!(cells, part, "{id}");
    }
}

/// 20 of 21 and 25 of 40, as the paper prints them.
#[test]
fn markers_have_cut_offs_with_their_sides() {
    let roc = table("roc");
    let cells = line(&roc, "Bilateral lung");
    assert_eq!(cells[..4], ["0.805 (0.689–0.921)", "> 0.454", "95.2% (76.2–99.9)", "62.5%"]);
    assert_eq!(line(&roc, "DLCO")[1], "< 49");
    assert_eq!(detail_tables(&protocol(), "roc")[0].id, "contrasts");
}

/// Table 2 of the paper, and what its counts make of each threshold: at least 2 gives 85.7, 82.5, 72.0, 91.7, 83.6 %.
#[test]
fn a_score_has_items_patients_and_thresholds() {
    let items = table("score");
    assert_eq!(line(&items, "Bilateral lung"), ["> 0.45", "0.454", "1"]);
    assert_eq!(line(&items, "Abnormal"), ["yes", "", "1"]);
    let patients = table("score-performance");
    assert_eq!(line(&patients, "2"), ["16", "9 (56.3%)", "7 (43.8%)"]);
    assert!(notes(&patients).contains("AUC 0.905 (0.836–0.975)"));
    let thresholds = &detail_tables(&protocol(), "score-performance")[0].table;
    assert_eq!(line(thresholds, "≥ 2")[4..9], ["85.7%", "82.5%", "72.0%", "91.7%", "83.6%"]);
}

#[test]
fn validation_corrects() {
    let validation = table("validation");
    assert_eq!(line(&validation, "AUC"), ["0.905 (0.836–0.975)", "0.021", "0.884"]);
    assert!(notes(&validation).starts_with("Patients: complete cases (n = 52)."));
}

#[test]
fn claims_are_held_or_not() {
    let claims = claims_table(&checks());
    assert_eq!(line(&claims, "Table 2"), ["43.7% (7)", "43.8% (7)", "not held", "7 of 16 are 43.75 %"]);
    assert_eq!(claims.lines[2].tag, Some("not_told"));
    assert!(notes(&claims).starts_with("3 claims: 1 held, 1 not held, 1 cannot be told."));
}

/// A table that stands alone says itself that its patients were made.
#[test]
fn a_file_of_its_own_says_that_data_are_synthetic() {
    let mut ledger = protocol();
    assert!(csv_table(&ledger, "cox").unwrap().contains("Synthetic data."));
    ledger.study.synthetic = false;
    assert!(!csv_table(&ledger, "cox").unwrap().contains("Synthetic"));
}
