//! The DLM score on the synthetic cohort of its paper, against R (`tests/golden/score_validation.R`).

use std::collections::BTreeMap;

use restudy_ledger::{PanelKind, SeriesKind};
use restudy_study::{
    Cohort, FollowUp, Ledger, PublishedScore, ReadOptions, Resampling, ScoreValidation, Source, ValidationError,
};
use serde_json::Value;

const TABLE: &[u8] = include_bytes!("../../../../data/dlm2021/cohort.csv");
const CODEBOOK: &str = include_str!("../../../../data/dlm2021/codebook.toml");

fn read(table: &[u8], codebook: &str) -> Cohort {
    let options = ReadOptions::default();
    let codebook = Some(("codebook.toml", codebook));
    Cohort::read(&Source {
        file_name: "cohort.csv",
        bytes: table,
        options: &options,
        codebook,
        derive: &[],
        filters: &[],
    })
    .unwrap()
}

fn validate(
    scores: &[&str],
    outcome: (&str, Option<&str>),
    columns: &[(&str, &str)],
    by: Option<&str>,
    cohort: &Cohort,
) -> Result<Ledger, ValidationError> {
    let library = PublishedScore::library().unwrap();
    let scores: Vec<PublishedScore> =
        scores.iter().map(|id| PublishedScore::find(&library, id).unwrap().clone()).collect();
    let columns: BTreeMap<String, String> =
        columns.iter().map(|(item, column)| ((*item).to_owned(), (*column).to_owned())).collect();
    let resampling = Resampling { replicates: 200, seed: 1 };
    ScoreValidation {
        scores: &scores,
        outcome: outcome.0,
        event: outcome.1,
        columns: &columns,
        convert: false,
        by,
        follow_up: None,
        best_cutoff: true,
        resampling,
    }
    .run(cohort, "cohort.csv")
}

fn paper(by: Option<&str>) -> Ledger {
    validate(&["dlm", "gap"], ("group", Some("RP-ILD")), &[], by, &read(TABLE, CODEBOOK)).unwrap()
}

/// The number at `stat`, or its limit, of a score in all patients.
fn number(ledger: &Ledger, score: &str, model: Option<&str>, stat: &str, of: Option<&str>) -> f64 {
    let found: Vec<f64> = (ledger.rows.iter())
        .filter(|row| row.variable == score && row.group.is_none() && row.model.as_deref() == model)
        .filter(|row| row.stat.name() == stat && row.of.map(|of| of.name()) == of)
        .filter_map(|row| row.value.number())
        .collect();
    assert_eq!(found.len(), 1, "{score} {model:?} {stat} {of:?}: {found:?}");
    found[0]
}

#[track_caller]
fn close(obtained: f64, expected: &Value, tolerance: f64) {
    let expected = expected.as_f64().unwrap();
    assert!((obtained - expected).abs() <= tolerance * expected.abs(), "{obtained} {expected}");
}

#[test]
fn the_numbers_of_r() {
    let golden: Value = serde_json::from_str(include_str!("../golden/score_validation.json")).unwrap();
    let ledger = paper(None);
    for (stat, tolerance) in [
        ("auc", 1e-11),
        ("sensitivity", 1e-10),
        ("specificity", 1e-10),
        ("ppv", 1e-10),
        ("npv", 1e-10),
        ("observed_expected", 1e-11),
        // glm stops at 1e-14 of the deviance: half as many digits of a limit near 0.
        ("calibration_intercept", 1e-7),
        ("calibration_slope", 1e-7),
    ] {
        close(number(&ledger, "dlm", None, stat, None), &golden[stat][0], tolerance);
        close(number(&ledger, "dlm", None, "conf_low", Some(stat)), &golden[stat][1], tolerance);
        close(number(&ledger, "dlm", None, "conf_high", Some(stat)), &golden[stat][2], tolerance);
    }
    close(number(&ledger, "dlm", None, "brier", None), &golden["brier"], 1e-12);
    close(number(&ledger, "dlm", Some("update"), "calibration_intercept", None), &golden["update"][0], 1e-7);
    close(number(&ledger, "gap", None, "auc", None), &golden["gap_auc"], 1e-12);
    let difference = "difference in area";
    close(number(&ledger, "dlm", Some(difference), "estimate", None), &golden["difference"], 1e-10);
    close(number(&ledger, "dlm", Some(difference), "p_value", Some("estimate")), &golden["difference_p"], 1e-9);
    let dcurves: Value = serde_json::from_str(include_str!("../golden/net_benefit.json")).unwrap();
    for (at, level) in ["10 %", "20 %", "30 %", "40 %", "50 %"].iter().enumerate() {
        let rows = ledger.rows.iter().filter(|row| row.level.as_deref() == Some(level));
        let score: Vec<f64> =
            rows.filter(|row| row.model.as_deref() == Some("score")).filter_map(|row| row.value.number()).collect();
        close(score[0], &golden["net_benefit"][at], 1e-12);
        close(score[0], &dcurves["dlm2021"]["dlm"][at], 1e-12);
    }
}

#[test]
fn the_seed_makes_the_bootstrap_and_the_groups_have_their_own_rows() {
    let [first, second] = [paper(Some("sex")), paper(Some("sex"))];
    assert_eq!(first, second);
    let low = number(&first, "dlm", Some("bootstrap"), "conf_low", Some("auc"));
    let high = number(&first, "dlm", Some("bootstrap"), "conf_high", Some("auc"));
    let auc = number(&first, "dlm", None, "auc", None);
    assert!(low < auc && auc < high);
    let n = |group: &str| {
        let rows = first.rows.iter().filter(|row| row.variable == "dlm" && row.group.as_deref() == Some(group));
        rows.filter(|row| row.stat.name() == "n").filter_map(|row| row.value.number()).sum::<f64>()
    };
    assert_eq!(n("male") + n("female"), 61.0);
}

#[test]
fn a_missing_item_is_counted_and_nobody_is_dropped_silently() {
    let table = b"dlco,lung,node,rpild\n43,0.5,1,yes\n,0.5,1,yes\n60,0.2,0,no\n70,0.1,0,no\n45,0.6,1,\n";
    let ledger = validate(&["dlm"], ("rpild", None), &[], None, &read(table, "")).unwrap();
    assert_eq!(number(&ledger, "dlm", None, "n", None), 3.0);
    assert_eq!(number(&ledger, "dlm", None, "n_missing", None), 2.0);
    assert_eq!(number(&ledger, "dlm", None, "auc", None), 1.0);
}

#[test]
fn what_is_wrong_is_said_without_a_patients_value() {
    let table = b"crp,ro52,sex,course,out\n1.25,1,male,2,yes\n0.5,0,female,5,no\n3.5,1,x17,2,no\n";
    let run = |codebook: &str, outcome, columns: &[(&str, &str)]| {
        validate(&["cross-2021"], outcome, columns, None, &read(table, codebook)).unwrap_err()
    };
    let error = run("[columns.crp]\nunit = \"mg/dL\"\n", ("out", None), &[]);
    assert!(error.to_string().starts_with("column `crp` is in mg/dL"), "{error}");
    assert!(error.hint().unwrap().starts_with("1 mg/dL is 10 mg/L"));
    let error = run("", ("out", None), &[]);
    assert!(error.to_string().contains("column `sex` holds values"), "{error}");
    assert!(!format!("{error} {:?}", error.hint()).contains("x17"));
    let error = run("", ("out", Some("Yes!")), &[]);
    assert!(error.to_string().contains("which level of `out` is the event?"), "{error}");
    let error = run("", ("out", None), &[("cpr", "crp")]);
    assert_eq!(error.hint().as_deref(), Some("did you mean `crp`?"));
    let error = run("", ("out", None), &[("crp", "cpr")]);
    assert!(error.to_string().contains("has no column `cpr`"), "{error}");
}

/// The score, and the same with other risks, judged on death or on the paper's outcome.
fn of_dlm_and_another(
    outcome: (&str, Option<&str>),
    follow_up: Option<FollowUp<'_>>,
) -> Result<Ledger, ValidationError> {
    let library = PublishedScore::library().unwrap();
    let dlm = PublishedScore::find(&library, "dlm").unwrap().clone();
    let mut other = PublishedScore { id: "other".to_owned(), ..dlm.clone() };
    for (row, events) in other.observed.iter_mut().zip([2, 3, 7, 8]) {
        row.events = events;
    }
    ScoreValidation {
        scores: &[dlm, other],
        outcome: outcome.0,
        event: outcome.1,
        columns: &BTreeMap::new(),
        convert: false,
        by: None,
        follow_up,
        best_cutoff: false,
        resampling: Resampling { replicates: 200, seed: 1 },
    }
    .run(&read(TABLE, CODEBOOK), "cohort.csv")
}

#[test]
fn the_time_to_the_event_is_that_of_r() {
    let golden: Value = serde_json::from_str(include_str!("../golden/score_follow_up.json")).unwrap();
    let follow_up = FollowUp { time: "followup_days", horizon: Some(365.0) };
    let ledger = of_dlm_and_another(("death", None), Some(follow_up)).unwrap();
    close(number(&ledger, "dlm", None, "concordance", None), &golden["concordance"], 1e-12);
    close(number(&ledger, "dlm", None, "std_error", Some("concordance")), &golden["std_error"], 1e-10);
    close(number(&ledger, "dlm", None, "auc", None), &golden["auc"], 1e-10);
    close(number(&ledger, "dlm", None, "brier", None), &golden["brier"], 1e-10);
    let no_times = FollowUp { time: "sex", horizon: None };
    let refused = of_dlm_and_another(("group", Some("RP-ILD")), Some(no_times)).unwrap_err();
    assert_eq!(refused, ValidationError::NotTimes { column: "sex".to_owned() });
}

#[test]
fn what_the_risks_add_is_that_of_r() {
    let golden: Value = serde_json::from_str(include_str!("../golden/score_follow_up.json")).unwrap();
    let ledger = of_dlm_and_another(("group", Some("RP-ILD")), None).unwrap();
    for (model, name) in [("net reclassification improvement", "nri"), ("integrated discrimination improvement", "idi")]
    {
        close(number(&ledger, "dlm", Some(model), "estimate", None), &golden[name], 1e-11);
        close(number(&ledger, "dlm", Some(model), "p_value", Some("estimate")), &golden[&format!("{name}_p")], 1e-9);
    }
    // 15, 21, 16 and 9 patients at 0 to 3 points, as where the score was made.
    let curve = ledger.series.iter().find(|series| series.kind == SeriesKind::Calibration).unwrap();
    assert_eq!(
        curve.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(),
        ["predicted", "observed", "conf_low", "conf_high", "n"]
    );
    assert_eq!(curve.columns[0].entries.len(), 4);
}

#[test]
fn what_is_drawn_is_that_of_r() {
    let golden: Value = serde_json::from_str(include_str!("../golden/score_figures.json")).unwrap();
    let follow_up = FollowUp { time: "followup_days", horizon: None };
    let ledger = of_dlm_and_another(("group", Some("RP-ILD")), None).unwrap();
    let of = |ledger: &Ledger, kind| {
        let own = |series: &&restudy_ledger::Series| series.kind == kind && series.variable.as_deref() == Some("dlm");
        ledger.series.iter().find(own).unwrap().clone()
    };
    let near = |obtained: &[f64], expected: &Value, places: &[usize]| {
        for (place, expected) in places.iter().zip(expected.as_array().unwrap()) {
            let expected = expected.as_f64().unwrap();
            assert!((obtained[*place] - expected).abs() < 1e-9, "{} {expected}", obtained[*place]);
        }
    };
    let line = of(&ledger, SeriesKind::CalibrationCurve);
    for name in ["predicted", "observed", "conf_low", "conf_high"] {
        near(&line.column(name).unwrap(), &golden["band"][name], &[0, 20, 40]);
    }
    let decision = of(&ledger, SeriesKind::DecisionCurve);
    for name in ["threshold", "model", "treat_all"] {
        near(&decision.column(name).unwrap(), &golden["decision"][name], &[0, 15, 33, 62, 95]);
    }
    let histogram = of(&ledger, SeriesKind::RiskHistogram);
    for name in ["events", "others"] {
        let bars: Vec<usize> = (0..20).collect();
        near(&histogram.column(name).unwrap(), &golden["histogram"][name], &bars);
    }
    let panels: Vec<_> = ledger
        .figures
        .iter()
        .flat_map(|figure| &figure.panels)
        .map(|panel| (panel.kind, panel.variables.len()))
        .collect();
    let calibration = (PanelKind::Calibration, 1);
    assert_eq!(panels, [(PanelKind::Roc, 0), calibration, calibration, (PanelKind::DecisionCurve, 0)]);

    let ledger = of_dlm_and_another(("death", None), Some(follow_up)).unwrap();
    let rows = |stat: &str| {
        let of_stat = |row: &&restudy_ledger::Row| row.stat.name() == stat && row.group.is_none();
        ledger.rows_of("dlm-groups").filter(of_stat).filter_map(|row| row.value.number()).collect::<Vec<_>>()
    };
    close(rows("statistic")[0], &golden["log_rank"], 1e-10);
    let curves: Vec<f64> = (ledger.series_of("dlm-groups"))
        .filter(|series| series.kind == SeriesKind::SurvivalCurve)
        .map(|series| series.column("at_risk").unwrap()[0])
        .collect();
    let at_risk: Vec<f64> = golden["at_risk"].as_array().unwrap().iter().filter_map(Value::as_f64).collect();
    assert_eq!(curves, at_risk);
    let curves = ledger.figures.iter().flat_map(|figure| &figure.panels);
    assert_eq!(curves.filter(|panel| panel.kind == PanelKind::KaplanMeier).count(), 2);
}

#[test]
fn a_cutoff_that_is_looked_for_again_says_what_the_search_costs() {
    let golden: Value = serde_json::from_str(include_str!("../golden/score_figures.json")).unwrap();
    let ledger = paper(None);
    let best = Some("best on these patients");
    close(number(&ledger, "dlm", best, "cutoff", None), &golden["cutoff"], 0.0);
    close(number(&ledger, "dlm", best, "youden_j", None), &golden["youden"], 1e-12);
    close(number(&ledger, "dlm", best, "p_value", Some("cutoff")), &golden["cutoff_p"], 1e-10);
    close(number(&ledger, "dlm", best, "p_adjusted", Some("cutoff")), &golden["cutoff_counted"], 1e-6);
}

/// A score of one measurement with a risk of each patient's own would be drawn in tenths; groups of a score that nobody is in
/// are not drawn.
#[test]
fn a_score_with_many_totals_is_drawn_in_groups() {
    let follow_up = FollowUp { time: "followup_days", horizon: None };
    let library = PublishedScore::library().unwrap();
    let gap = PublishedScore::find(&library, "gap").unwrap().clone();
    let ledger = ScoreValidation {
        scores: &[gap],
        outcome: "death",
        event: None,
        columns: &BTreeMap::new(),
        convert: false,
        by: None,
        follow_up: Some(follow_up),
        best_cutoff: false,
        resampling: Resampling { replicates: 100, seed: 1 },
    }
    .run(&read(TABLE, CODEBOOK), "cohort.csv")
    .unwrap();
    let survival = ledger.analysis("gap-groups").unwrap();
    assert!(survival.groups.iter().all(|group| group.n > 0), "{:?}", survival.groups);
    assert_eq!(survival.groups.iter().map(|group| group.n).sum::<usize>() + survival.ungrouped, 61);
    // No risks were published for it.
    let drawn: Vec<PanelKind> =
        ledger.figures.iter().flat_map(|figure| &figure.panels).map(|panel| panel.kind).collect();
    assert_eq!(drawn, [PanelKind::KaplanMeier]);
}
