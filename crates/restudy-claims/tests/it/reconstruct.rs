//! Reconstruction: the committed cohort against the paper, and the search on small records.
//!
//! What a cohort is held to is what the paper prints. The statistics of the check are those of `restudy-stats`, which
//! are proved elsewhere; nothing of the search is trusted here.

use restudy_claims::reconstruct::{Attempt, Reconstructed, Translation, attempt, check_table, diverse_attempt};
use restudy_claims::{DLM2021, Record, Verdict};

const COHORT: &str = include_str!("../../../../data/dlm2021/cohort.csv");
const CODEBOOK: &str = include_str!("../../../../data/dlm2021/codebook.toml");
const CERTIFICATE: &str = include_str!("../../../../data/dlm2021/certificate.md");

/// Two groups of twelve, with every kind of row, a correlation, a contrast and a logistic model.
const SMALL: &str = r#"
[paper]
id = "small"
title = "A small study"
citation = "Nobody, nowhere"

[[group]]
id = "ill"
label = "Ill"
n = 12

[[group]]
id = "well"
label = "Well"
n = 12

[[group]]
id = "all"
label = "all patients"
n = 24
parts = ["ill", "well"]

[[table]]
id = "t1"
label = "Table 1"
groups = ["ill", "well"]
tests = { mean-sd = ["t-test"], median-quartiles = ["mann-whitney"] }
row = [
    { id = "age", label = "Age", kind = "mean-sd", ill = "61.2 ± 8.4", well = "55.1 ± 9.0", p = "0.100" },
    { id = "crp", label = "CRP", kind = "median-quartiles", ill = "8.0 (5.0, 14.0)", well = "4.0 (2.0, 7.0)", p = "0.030" },
    { id = "smoker", label = "Smoker", kind = "count-percent", ill = "7 (58.3%)", well = "4 (33.3%)" },
    { id = "sex", label = "Sex", kind = "counts", levels = ["male", "female"], ill = "5/7", well = "6/6" },
]

[[variable]]
ids = ["age", "crp"]
decimals = 0
min = 0

[[passage]]
place = "Results"
claim = [
    { id = "r", label = "age and CRP, r", kind = "correlation", printed = "0.31" },
    { id = "c", label = "CRP by smoking, P", kind = "p-value", printed = "0.20" },
    { id = "m", label = "age in logistic regression, P", kind = "p-value", printed = "0.11" },
]

[[correlation]]
method = "pearson"
x = "age"
y = "crp"
r = "r"

[[contrast]]
variable = "crp"
by = "smoker"
test = "student-t"
p = "c"

[[model]]
kind = "logistic"
mode = "univariable"
outcome = "ill"
p = { age = "m" }
"#;

fn record(text: &str) -> Record {
    Record::parse("published.toml", text).unwrap()
}

/// The first attempt of a seed that meets everything.
fn first(translation: &Translation, seed: u64) -> Option<(Attempt, u64)> {
    (0..20).find_map(|number| {
        attempt(&translation.problem, seed, number, &|| false).filter(Attempt::is_complete).map(|found| (found, number))
    })
}

#[test]
fn the_committed_cohort_meets_every_claim_that_can_be_met() {
    let record = record(DLM2021);
    let audit = record.audit();
    let checks = check_table(&record, &audit, COHORT, "dlm2021");
    let impossible: Vec<&str> = audit
        .claims
        .iter()
        .filter(|claim| claim.verdict == Verdict::Impossible)
        .map(|claim| claim.id.as_str())
        .collect();
    let missed: Vec<&str> =
        checks.claims.iter().filter(|claim| claim.held == Some(false)).map(|claim| claim.id.as_str()).collect();
    assert_eq!(missed, impossible);
    assert_eq!(missed, ["t2.2.non", "res.roc.dlco.sens", "res.roc.dlco.spec"]);
    // What is left out is what the paper says of its method, and of others' patients.
    for claim in checks.claims.iter().filter(|claim| claim.held.is_none()) {
        let of_method = ["abs.", "int.", "met.", "dis.", "fig1."].iter().any(|place| claim.id.starts_with(place));
        let of_text = ["res.start", "res.end", "res.screened", "res.m3", "res.dlm.points"].contains(&claim.id.as_str());
        assert!(of_method || of_text, "{}", claim.id);
    }
}

#[test]
fn every_file_of_the_cohort_says_that_it_is_synthetic() {
    let rows: Vec<&str> = COHORT.lines().collect();
    assert_eq!(rows.len(), 62);
    let column = rows[0].split(',').position(|name| name == "synthetic").unwrap();
    assert!(rows[1..].iter().all(|row| row.split(',').nth(column) == Some("yes")));
    assert!(CODEBOOK.lines().next().unwrap().contains("Synthetic data: no row of the table is a patient"));
    assert!(CERTIFICATE.contains("These data are synthetic"));
}

#[test]
fn a_changed_cell_is_found() {
    let record = record(DLM2021);
    let lung = COHORT.lines().next().unwrap().split(',').position(|name| name == "lung").unwrap();
    let mut rows: Vec<Vec<&str>> = COHORT.lines().map(|row| row.split(',').collect()).collect();
    rows[1][lung] = "2.500";
    let changed: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
    let checks = check_table(&record, &record.audit(), &changed.join("\n"), "dlm2021");
    let held = |id: &str| checks.claims.iter().find(|claim| claim.id == id).unwrap().held;
    assert_eq!((held("res.r.dlco"), held("t1.age.p")), (Some(false), Some(true)));
}

#[test]
fn a_small_record_is_met_and_the_seed_decides() {
    let record = record(SMALL);
    let audit = record.audit();
    let translation = record.problem();
    assert_eq!(translation.not_aimed_at, []);
    let write = |seed: u64| {
        let (found, number) = first(&translation, seed).expect("a cohort");
        Reconstructed::new(&record, &audit, &translation, (&found, number), seed)
    };
    let (once, again, other) = (write(1), write(1), write(2));
    assert_eq!((&once.csv, once.attempt), (&again.csv, again.attempt));
    assert_ne!(once.csv, other.csv);
    for cohort in [&once, &other] {
        assert_eq!(cohort.missed(), Vec::<&str>::new());
        assert_eq!(cohort.checks.counts(), (cohort.checks.claims.len(), 0, 0));
    }
}

#[test]
fn a_cohort_that_is_led_away_still_meets_everything() {
    let record = record(SMALL);
    let (audit, translation) = (record.audit(), record.problem());
    let (found, number) = first(&translation, 1).unwrap();
    let led = diverse_attempt(&translation.problem, 1, number, &|| false).unwrap();
    assert!(led.is_complete() && led.units != found.units);
    let cohort = Reconstructed::new(&record, &audit, &translation, (&led, number), 1);
    assert_eq!(cohort.missed(), Vec::<&str>::new());
}

#[test]
fn a_record_without_a_solution_ends() {
    // Eleven smokers of twelve and eleven of twelve, with a test that says otherwise: the values of CRP cannot do it.
    let text = SMALL.replace("8.0 (5.0, 14.0)", "14.0 (14.0, 14.0)").replace("p = \"0.030\"", "p = \"0.950\"");
    let record = record(&text);
    let translation = record.problem();
    let found = attempt(&translation.problem, 1, 0, &|| false).unwrap();
    assert!(!found.is_complete() && found.distance() > 0.0);
    let named: Vec<&str> =
        found.unmet_variables.iter().map(|place| translation.problem.variables[*place].id.as_str()).collect();
    assert_eq!(named, ["crp"]);
}

#[test]
fn an_attempt_that_is_told_to_stop_stops() {
    let translation = record(SMALL).problem();
    assert!(attempt(&translation.problem, 1, 0, &|| true).is_none());
}
