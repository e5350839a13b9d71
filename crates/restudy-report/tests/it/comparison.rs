//! The comparison against the printed numbers of the paper's Table 1, and what each footnote must say.

use restudy_ledger::{Context, Ledger, Stat, SummaryKind, Value};
use restudy_report::{Cell, Line, LineKind, Table, choice_table, comparison_table, missingness_table};

use crate::specimen;

fn table(ledger: &Ledger) -> Table {
    comparison_table(ledger, "table1").unwrap()
}

fn line<'a>(table: &'a Table, label: &str) -> &'a Line {
    table.lines.iter().find(|line| line.cells[0].text == label).unwrap_or_else(|| panic!("no line {label}"))
}

fn texts(line: &Line) -> Vec<&str> {
    line.cells.iter().map(|cell| cell.text.as_str()).collect()
}

/// The note that the mark stands for.
fn note<'a>(table: &'a Table, mark: &str) -> &'a str {
    let note = table.footnotes.iter().find(|note| note.mark.as_deref() == Some(mark));
    &note.unwrap_or_else(|| panic!("no note {mark}")).text
}

fn notes(table: &Table) -> String {
    table.footnotes.iter().map(|note| format!("{}\n", note.text)).collect()
}

/// The cells as the paper prints them (Table 1).
#[test]
fn cells_read_as_published() {
    let table = table(&specimen::paper());
    for (label, cells) in [
        ("Age (years)", ["54.86 ± 11.72", "57.70 ± 11.06", "0.354", "0.824"]),
        ("Course of disease (months)", ["2.00 (1.00, 2.75)", "2.25 (1.00, 5.00)", "0.253", "0.748"]),
        ("Pulmonary bacterial infection", ["7 (33.3%)", "4 (10.0%)", "0.036", "0.347"]),
        ("Gastrointestinal haemorrhage", ["4 (19.0%)", "1 (2.5%)", "0.044", "0.347"]),
        ("Total lung capacity (L)", ["3.43 ± 1.01", "3.98 ± 1.02", "0.049", "0.347"]),
        ("DLCO (% of predicted)", ["50.29 ± 15.58", "66.92 ± 16.67", "< 0.001", "0.014"]),
        ("Bilateral lung SUVmean", ["0.60 ± 0.15", "0.45 ± 0.14", "< 0.001", "0.014"]),
        ("Abnormal mediastinal lymph node", ["14 (66.7%)", "10 (25.0%)", "0.002", "0.045"]),
    ] {
        assert_eq!(texts(line(&table, label))[2..], cells, "{label}");
    }
}

#[test]
fn columns_and_headings() {
    let table = table(&specimen::paper());
    let headings: Vec<String> = table
        .columns
        .iter()
        .map(|column| format!("{} {}", column.heading.text, column.heading.detail.clone().unwrap_or_default()))
        .collect();
    assert_eq!(headings, ["Characteristic ", "n ", "RP-ILD n = 21", "Non-RP-ILD n = 40", "P value ", "P adjusted "]);
    let headings: Vec<&str> = table
        .lines
        .iter()
        .filter(|line| line.kind == LineKind::Heading)
        .map(|line| line.cells[0].text.as_str())
        .collect();
    assert_eq!(
        headings,
        [
            "Clinical manifestations or complications",
            "Laboratory finding",
            "Lung function testing",
            "¹⁸F-FDG PET/CT findings",
            "Myositis-specific antibodies",
        ]
    );
}

/// A label says what the numbers are; a counted level is named unless it is a plain yes.
#[test]
fn labels() {
    let table = table(&specimen::paper());
    for (label, detail) in [
        ("Age (years)", "mean ± SD"),
        ("Ferritin (ng/ml)", "median (Q1, Q3)"),
        ("Sex: male", "n (%)"),
        ("Tuberculosis infection", "n (%)"),
        ("Anti-PM-Scl100: positive", "n (%)"),
    ] {
        assert_eq!(line(&table, label).cells[0].detail.as_deref(), Some(detail));
    }
}

#[test]
fn n_is_always_said_and_in_a_cell_where_it_is_less() {
    let table = table(&specimen::paper());
    assert_eq!(line(&table, "Age (years)").cells[1].text, "21 + 40");
    assert_eq!(line(&table, "Age (years)").cells[2].detail, None);
    let dlco = line(&table, "DLCO (% of predicted)");
    assert_eq!(dlco.cells[1].text, "16 + 36");
    assert_eq!(dlco.cells[2].detail.as_deref(), Some("n = 16"));
    assert_eq!(dlco.cells[3].detail.as_deref(), Some("n = 36"));

    // With a row for all patients together, the column says their number.
    let table = self::table(&specimen::three_arms());
    assert_eq!(line(&table, "Change of FVC after a year (% of predicted)").cells[1].text, "145");
    assert_eq!(texts(line(&table, "Smoking: current"))[2..5], ["28/147 (19.0%)", "9/48 (18.8%)", "12 (24.5%)"]);
    // Of several levels the variable's own line says it once.
    let stage = line(&table, "Stage");
    assert_eq!((&*stage.cells[4].text, stage.cells[4].detail.as_deref()), ("", Some("n = 45")));
    assert_eq!(line(&table, "IV").cells[4].text, "5 (11.1%)");
    assert_eq!(line(&table, "IV").kind, LineKind::Part);
}

/// The levels stand in the codebook's order; where it is silent, in the ledger's.
#[test]
fn levels_stand_in_order() {
    let mut ledger = specimen::three_arms();
    let parts = |ledger: &Ledger| -> Vec<String> {
        let lines = table(ledger).lines;
        lines.into_iter().filter(|line| line.kind == LineKind::Part).map(|line| line.cells[0].text.clone()).collect()
    };
    assert_eq!(parts(&ledger), ["I", "II", "III", "IV"]);
    let stage = ledger.variables.iter_mut().find(|variable| variable.name == "stage").unwrap();
    stage.levels.reverse();
    assert_eq!(parts(&ledger), ["IV", "III", "II", "I"]);
    ledger.variables.retain(|variable| variable.name != "stage");
    assert_eq!(parts(&ledger), ["I", "II", "III", "IV"]);
}

#[test]
fn every_p_says_its_test() {
    let table = table(&specimen::paper());
    for (label, test) in [
        ("Age (years)", "Student’s t-test"),
        ("Sex: male", "chi-square test without continuity correction"),
        ("Course of disease (months)", "normal approximation without continuity correction"),
        ("Pulmonary bacterial infection", "Fisher’s exact test"),
        ("Tuberculosis infection", "No patient of either group has it."),
    ] {
        let cell = &line(&table, label).cells[4];
        let note = note(&table, &cell.marks[0]);
        assert!(note.contains(test), "{label}: {note}");
    }
    assert_eq!(line(&table, "Tuberculosis infection").cells[4].text, "—");
    assert_eq!(line(&table, "Tuberculosis infection").cells[5], Cell { text: "—".into(), ..Cell::default() });
    // A key without words is shown as it is.
    let table = self::table(&specimen::three_arms());
    let cell = &table.lines.iter().find(|line| line.cells[0].text.starts_with("A marker")).unwrap().cells[6];
    assert_eq!(cell.text, ".04996");
    assert_eq!(note(&table, &cell.marks[0]), "an_unknown_test/of_the_future");
}

#[test]
fn marks_stand_in_the_order_of_reading() {
    let table = table(&specimen::paper());
    let headings = table.columns.iter().flat_map(|column| &column.heading.marks);
    let cells = table.lines.iter().flat_map(|line| &line.cells).flat_map(|cell| &cell.marks);
    let mut seen: Vec<&String> = Vec::new();
    for mark in headings.chain(cells).filter(|mark| *mark != "†") {
        if !seen.contains(&mark) {
            seen.push(mark);
        }
    }
    assert_eq!(seen, ["a", "b", "c", "d", "e", "f"]);
}

/// TLC is 0.049 by Student's test and 0.055 by Welch's; age is far from 0.05 by any.
#[test]
fn a_verdict_that_depends_on_the_test_is_marked_and_listed() {
    let table = table(&specimen::paper());
    let dagger = |label: &str| line(&table, label).cells[4].marks.iter().any(|mark| mark == "†");
    assert!(dagger("Total lung capacity (L)"));
    assert!(dagger("Pulmonary bacterial infection"));
    assert!(!dagger("Age (years)"));
    let note = note(&table, "†");
    assert!(note.contains("0.05"), "{note}");
    assert!(note.contains("Total lung capacity (L): 0.049 by Student t, 0.055 by Welch t, 0.061 by"), "{note}");
    assert!(note.contains("0.056 by χ² with Yates"), "{note}");
    assert!(!note.contains("Age"), "{note}");
    // The chi-square p of that row is on the same side as the one that was used.
    assert!(!note.contains("0.025"), "{note}");
}

#[test]
fn the_family_the_denominators_and_the_quartiles_are_named() {
    let table = table(&specimen::paper());
    let family = note(&table, &table.columns[5].heading.marks[0]);
    assert_eq!(
        family,
        "Benjamini–Hochberg false discovery rate, over the 11 p-values of this table. Left out: Tuberculosis infection, \
         Anti-PM-Scl100 (no p-value)."
    );
    let notes = notes(&table);
    assert!(notes.contains("Percentages are of the patients with a known value."), "{notes}");
    assert!(notes.contains("type 6"), "{notes}");

    let mut ledger = specimen::paper();
    ledger.analyses[0].denominator = "all".to_owned();
    ledger.analyses[0].ungrouped = 1;
    // Without a procedure on the row, the convention still names the rule.
    for row in &mut ledger.rows {
        row.procedure = row.procedure.take().filter(|key| !key.starts_with("quantile"));
    }
    let notes = self::notes(&self::table(&ledger));
    assert!(notes.contains("Percentages are of all patients of the column"), "{notes}");
    assert!(notes.contains("1 patient is in no column, because rp_ild is missing."), "{notes}");
    assert!(notes.contains("type 6"), "{notes}");
}

#[test]
fn what_does_not_exist_is_a_dash_with_its_reason() {
    let mut ledger = specimen::paper();
    for row in &mut ledger.rows {
        if row.variable == "age" && row.group.as_deref() == Some("RP-ILD") && row.stat == Stat::Sd {
            row.value = Value::Missing;
            row.reason = Some("a single patient has no spread".to_owned());
        }
    }
    let table = table(&ledger);
    let cell = &line(&table, "Age (years)").cells[2];
    assert_eq!(cell.text, "54.86 ± —");
    assert_eq!(note(&table, &cell.marks[0]), "A single patient has no spread.");
}

/// Lines that count different levels of one variable each have their own test.
#[test]
fn tests_of_levels_are_told_apart() {
    let mut ledger = specimen::paper();
    let other = ledger.analyses[0].rows.iter().find(|line| line.variable == "sex").cloned().unwrap();
    let other = restudy_ledger::TableRow { level: Some("female".to_owned()), ..other };
    ledger.analyses[0].rows.push(other);
    for row in &mut ledger.rows {
        if row.variable == "sex" && row.context == Context::Test {
            row.level = Some("male".to_owned());
        }
    }
    let mut female = ledger.rows.iter().find(|row| row.variable == "sex" && row.stat == Stat::PValue).cloned().unwrap();
    female.level = Some("female".to_owned());
    female.value = Value::Number(0.25);
    ledger.rows.push(female);
    let table = table(&ledger);
    assert_eq!(line(&table, "Sex: male").cells[4].text, "0.740");
    assert_eq!(line(&table, "Sex: female").cells[4].text, "0.250");
}

#[test]
fn a_description_has_no_p() {
    let mut ledger = specimen::three_arms();
    ledger.rows.retain(|row| matches!(row.context, Context::Summary | Context::Missingness));
    ledger.analyses[0].groups.clear();
    ledger.analyses[0].by = None;
    ledger.analyses[0].family = None;
    let table = table(&ledger);
    let headings: Vec<&str> = table.columns.iter().map(|column| column.heading.text.as_str()).collect();
    assert_eq!(headings, ["Characteristic", "n", "All"]);
    assert!(choice_table(&ledger, "table1").unwrap().lines.is_empty());
}

#[test]
fn choices_show_every_p_and_why() {
    let table = choice_table(&specimen::paper(), "table1").unwrap();
    let start = table.lines.iter().position(|line| line.cells[0].text == "Pulmonary bacterial infection").unwrap();
    let lines = &table.lines[start..start + 5];
    assert_eq!(lines[1].kind, LineKind::Item);
    assert!(lines[1].cells[0].text.starts_with("Fisher’s exact test"));
    assert_eq!(lines[1].cells[3].text, "The smallest expected count is 3.79, below 5.");
    let others: Vec<(&str, bool)> =
        lines[2..].iter().map(|line| (&*line.cells[1].text, !line.cells[1].marks.is_empty())).collect();
    assert_eq!(others, [("0.025", false), ("0.056", true), ("0.060", true)]);

    let age = &table.lines[1];
    assert_eq!(age.cells[2].text, "t = −0.93, df 59");
    assert_eq!(
        age.cells[3].text,
        "The row is summarised by mean and SD. Mean of RP-ILD minus mean of Non-RP-ILD: −2.84 (95% CI −8.93 to 3.25)."
    );
    assert!(table.lines.iter().flat_map(|line| &line.cells).any(|cell| cell.text == "U = 346, z −1.14"));
    let untested = table.lines.iter().find(|line| line.cells[0].text == "No test").unwrap();
    assert_eq!(untested.cells[3].text, "No patient of either group has it.");
}

/// What the study remarks on it writes with keys; people read names.
#[test]
fn remarks_are_worded() {
    let mut ledger = specimen::paper();
    let tlc = |row: &&mut restudy_ledger::Row| row.variable == "tlc" && row.stat == Stat::PValue;
    let row = ledger.rows.iter_mut().find(tlc).unwrap();
    row.remarks = vec!["p is below 0.05 by this test and not by welch_t, mann_whitney/normal/no_continuity".to_owned()];
    let table = choice_table(&ledger, "table1").unwrap();
    let said = &table.lines[1 + table.lines.iter().position(|line| line.cells[0].text.starts_with("Total")).unwrap()];
    assert_eq!(
        said.cells[3].text,
        "The row is summarised by mean and SD. p is below 0.05 by this test and not by Welch t, Mann–Whitney (normal)."
    );
}

#[test]
fn missingness_lists_the_incomplete_variables() {
    let table = missingness_table(&specimen::paper(), "table1").unwrap();
    let lines: Vec<Vec<&str>> = table.lines.iter().map(texts).collect();
    assert_eq!(lines, [["Total lung capacity", "1", "2"], ["DLCO", "5", "4"]]);
    assert_eq!(notes(&table), "10 other variables have no value missing.\n");

    let table = missingness_table(&specimen::three_arms(), "table1").unwrap();
    let lines: Vec<Vec<&str>> = table.lines.iter().map(texts).collect();
    assert_eq!(lines[0], ["Change of FVC after a year", "7", "2", "5", "0"]);
}

#[test]
fn an_analysis_that_is_not_there_has_no_table() {
    let ledger = specimen::paper();
    assert!(comparison_table(&ledger, "table2").is_none());
    assert!(choice_table(&ledger, "table2").is_none());
    assert!(missingness_table(&ledger, "").is_none());
}

#[test]
fn a_line_without_rows_is_a_line_of_dashes() {
    let mut ledger = specimen::paper();
    ledger.rows.clear();
    let table = table(&ledger);
    assert_eq!(texts(line(&table, "Age (years)")), ["Age (years)", "—", "—", "—"]);
    assert!(ledger.analyses[0].rows.iter().any(|line| line.summary == SummaryKind::Count));
    assert_eq!(texts(line(&table, "Sex: male")), ["Sex: male", "—", "—", "—"]);
}
