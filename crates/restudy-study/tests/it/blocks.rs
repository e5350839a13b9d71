//! Every kind of block on a real cohort, number by number against R.

use restudy_ledger::{Entries, Ledger, SeriesKind, Stat};
use restudy_study::{Plan, Study};
use serde_json::Value;

/// The study of cytomegalovirus reactivation, run.
pub(crate) fn cmv() -> Ledger {
    let study = Study::parse("study.toml", include_str!("../../../../reports/cmv/study.toml")).unwrap();
    let table = include_bytes!("../../../../data/cmv/cmv.csv");
    let codebook = include_str!("../../../../data/cmv/codebook.toml");
    let cohort = study.cohort(("cmv.csv", table), Some(("codebook.toml", codebook))).unwrap();
    Plan::new(&study, &cohort).unwrap().run(&cohort, "cmv.csv")
}

#[test]
fn every_number_of_the_protocol_agrees_with_r() {
    let ledger = cmv();
    let golden: Value = serde_json::from_str(include_str!("../golden/cmv.json")).unwrap();
    let mut missed = Vec::new();
    for (path, expected) in golden.as_object().unwrap() {
        let expected = expected.as_f64().unwrap();
        let found = match ledger.find(path) {
            Ok(row) => row.value.number().unwrap_or(f64::NAN),
            Err(error) => {
                missed.push(format!("{error}: {:?}", error.hint()));
                continue;
            }
        };
        // p-values agree relatively, whatever their size. R's `glm` takes standard errors from the weights of the step
        // before the last, which shows in the ninth digit.
        let agrees = (found - expected).abs() <= 5e-9 * expected.abs() || (found - expected).abs() < 1e-13;
        if !agrees {
            missed.push(format!("{path}: {found} is not {expected}"));
        }
    }
    assert!(missed.is_empty(), "{} of {}:\n{}", missed.len(), golden.as_object().unwrap().len(), missed.join("\n"));
}

#[test]
fn every_kind_of_series_is_there_with_columns_of_one_length() {
    let ledger = cmv();
    for kind in [
        SeriesKind::SurvivalCurve,
        SeriesKind::RiskTable,
        SeriesKind::IncidenceCurve,
        SeriesKind::RocCurve,
        SeriesKind::Values,
        SeriesKind::Scatter,
        SeriesKind::Fit,
        SeriesKind::Calibration,
        SeriesKind::SelectionPath,
        SeriesKind::Instability,
    ] {
        let series: Vec<_> = ledger.series.iter().filter(|series| series.kind == kind).collect();
        assert!(!series.is_empty(), "{kind:?}");
        for series in series {
            let length = series.columns.first().map_or(0, |column| column.entries.len());
            assert!(length > 0 && series.columns.iter().all(|column| column.entries.len() == length), "{kind:?}");
        }
    }
}

/// Whoever sees the record learns no patient's row: what is drawn is sorted.
#[test]
fn drawn_values_are_in_order() {
    let ledger = cmv();
    let sorted = |name: &str, kind| {
        for series in ledger.series.iter().filter(|series| series.kind == kind) {
            let column = series.column(name).unwrap();
            assert!(column.is_sorted(), "{:?} {:?}", series.kind, series.variable);
        }
    };
    sorted("value", SeriesKind::Values);
    sorted("x", SeriesKind::Scatter);
}

/// Entry by the score test: that the recipient or the donor was seropositive comes first, by R's `add1(test = "Rao")`.
#[test]
fn a_selection_leaves_its_path() {
    let ledger = cmv();
    let path = ledger.series_of("logistic-score").find(|series| series.kind == SeriesKind::SelectionPath).unwrap();
    let variables = path.columns.iter().find(|column| column.name == "variable").unwrap();
    let Entries::Words(words) = &variables.entries else { panic!("words") };
    assert_eq!(words[0], "cmv_risk");
    let analysis = ledger.analysis("logistic-score").unwrap();
    assert!(analysis.notes.iter().any(|note| note.starts_with("selected: ")), "{:?}", analysis.notes);
}

/// 25 of the 49 patients at risk, and 1 of the 15 others, as the abstract prints.
#[test]
fn the_abstract_s_counts_are_reproduced() {
    let ledger = cmv();
    let number = |path: &str| ledger.find(path).unwrap().value.number().unwrap();
    assert_eq!(number("table-1/cmv_risk/count"), 49.0);
    assert_eq!(number("table-1/cmv_risk@event/count"), 25.0);
    assert_eq!(number("table-1/TBI.dose/count"), 28.0);
    assert_eq!(ledger.analysis("at-risk").unwrap().within.as_ref().unwrap().n, 49);
}

#[test]
fn the_cut_off_of_a_score_keeps_what_it_was_before_rounding() {
    let ledger = cmv();
    let rows: Vec<_> = ledger.rows_of("risk").filter(|row| row.variable == "CD34.dose").collect();
    let cutoff =
        |key: &str| rows.iter().find(|row| row.procedure.as_deref() == Some(key)).unwrap().value.number().unwrap();
    assert_eq!(cutoff("cutoff/derived"), 6.5);
    assert_eq!(cutoff("cutoff/before_rounding"), ledger.find("roc/CD34.dose/cutoff").unwrap().value.number().unwrap());
}

#[test]
fn figures_are_those_of_the_file_and_every_panel_has_numbers() {
    let ledger = cmv();
    let ids: Vec<&str> = ledger.figures.iter().map(|figure| figure.id.as_str()).collect();
    assert_eq!(ids, ["figure-1", "figure-2", "figure-3", "figure-4", "figure-5", "figure-6", "figure-7", "figure-8"]);
    for panel in ledger.figures.iter().flat_map(|figure| &figure.panels).filter(|panel| !panel.analysis.is_empty()) {
        assert!(ledger.rows_of(&panel.analysis).next().is_some(), "{panel:?}");
    }
}

#[test]
fn a_plan_shows_every_block() {
    let study = Study::parse("study.toml", include_str!("../../../../reports/cmv/study.toml")).unwrap();
    let table = include_bytes!("../../../../data/cmv/cmv.csv");
    let codebook = include_str!("../../../../data/cmv/codebook.toml");
    let cohort = study.cohort(("cmv.csv", table), Some(("codebook.toml", codebook))).unwrap();
    let text = Plan::new(&study, &cohort).unwrap().to_text();
    for block in ["comparison table-1", "correlation doses", "logistic logistic", "cox cox", "kaplan-meier km-kir"] {
        assert!(text.contains(&format!("\n{block}: ")), "{block}");
    }
    for said in [
        "cumulative-incidence incidence",
        "competing: Acute GVHD\n  censored: Neither",
        "score-table score-performance",
        "from roc roc, rounded to 0.5",
        "score-validation derivation",
        "within cmv_risk: yes",
        "within age >= 50 AND cmv_risk: 32 patients, 0 more of whom it cannot be told",
        "figure-6",
    ] {
        assert!(text.contains(said), "{said}");
    }
}

/// Backward by AIC: the terms leave in the order in which R's `step` drops them.
#[test]
fn a_proportional_hazards_model_is_selected_too() {
    let ledger = cmv();
    let path = ledger.series_of("cox-selected").find(|series| series.kind == SeriesKind::SelectionPath).unwrap();
    let words = |name: &str| match &path.columns.iter().find(|column| column.name == name).unwrap().entries {
        Entries::Words(words) => words.clone(),
        Entries::Numbers(_) => panic!("words"),
    };
    assert_eq!(words("variable"), ["prior.chemo", "sex", "age"]);
    assert_eq!(words("change"), ["left"; 3]);
}

/// A likelihood without a maximum: whoever has the event has the greatest value.
#[test]
fn a_monotone_likelihood_has_firth_s_estimate_and_says_so() {
    let text = "[study]\nid = \"m\"\ntitle = \"M\"\n[data]\ntable = \"t.csv\"\n\
                [conventions]\nseparation = \"firth\"\n\
                [[cox]]\nid = \"cox\"\ntime = \"t\"\noutcome = \"e\"\nterms = [\"x\"]\n";
    let table = "t,e,x\n1,yes,1.5\n2,no,0.5\n3,no,0.5\n4,no,0.5\n";
    let codebook = "[columns.x]\nkind = \"continuous\"\n";
    let study = Study::parse("study.toml", text).unwrap();
    let cohort = study.cohort(("t.csv", table.as_bytes()), Some(("codebook.toml", codebook))).unwrap();
    let ledger = Plan::new(&study, &cohort).unwrap().run(&cohort, "t.csv");
    let row = ledger.find("cox/x#univariable/estimate").unwrap();
    assert_eq!(row.procedure.as_deref(), Some("cox/firth/penalized_likelihood_ratio"));
    // log L* = log u/(u + 3) + ½ log 3u/(u + 3)², u = e^β: at its greatest where 3/(u + 3) = ½ (u − 3)/(u + 3), u = 9.
    assert!((row.value.number().unwrap() - 9.0_f64.ln()).abs() < 1e-9, "{row:?}");
    assert!(ledger.rows_of("cox").any(|row| row.remarks.iter().any(|remark| remark.contains("Firth"))));
}

#[test]
fn a_validation_says_how_much_a_score_flatters_itself() {
    let ledger = cmv();
    let number = |path: &str| ledger.find(path).unwrap().value.number().unwrap();
    let at = |what: &str| number(&format!("derivation/derivation/{what}"));
    for stat in ["auc", "sensitivity", "specificity", "youden_j", "brier"] {
        let [apparent, optimism, corrected] = [
            at(stat),
            at(&format!("{stat}.optimism")),
            number(&format!("derivation/derivation#bootstrap/{stat}.corrected")),
        ];
        assert!((apparent - optimism - corrected).abs() < 1e-15, "{stat}");
        for model in ["bootstrap .632+", "cross-validation"] {
            let value = number(&format!("derivation/derivation#{model}/{stat}.corrected"));
            assert!((-1.0..=1.0).contains(&value), "{stat}: {value}");
        }
    }
    assert!((at("sensitivity") + at("specificity") - 1.0 - at("youden_j")).abs() < 1e-15);
    // A score flatters itself on the patients that it was made from.
    assert!(at("auc.optimism") > 0.0 && at("brier.optimism") < 0.0);
    assert!(ledger.seed.is_some());
    let frequencies: Vec<f64> = (ledger.rows_of("derivation"))
        .filter(|row| row.stat == Stat::SelectionFrequency)
        .map(|row| row.value.number().unwrap())
        .collect();
    assert_eq!(frequencies.len(), 11);
    // No more than three items of each resample.
    assert!(frequencies.iter().sum::<f64>() <= 3.0 + 1e-12, "{frequencies:?}");
    let risks = ledger.series_of("derivation").find(|series| series.kind == SeriesKind::Instability).unwrap();
    let [apparent, low, high] = ["apparent", "low", "high"].map(|name| risks.column(name).unwrap());
    assert!(apparent.len() == 64 && apparent.is_sorted());
    assert!(low.iter().zip(&high).all(|(low, high)| low <= high));
}

/// Each number of a validation has a path of its own, and one that leaves open which is meant lists those there are.
#[test]
fn a_path_finds_each_way_to_correct_a_figure() {
    let ledger = cmv();
    for row in ledger.rows_of("derivation") {
        assert_eq!(ledger.find(&row.path()), Ok(row), "{}", row.path());
    }
    let error = ledger.find("derivation/auc.corrected").unwrap_err();
    let hint = error.hint().unwrap();
    for model in ["bootstrap", "bootstrap .632+", "cross-validation"] {
        assert!(hint.contains(&format!("derivation/derivation#{model}/auc.corrected")), "{hint}");
    }
}

/// All that the paper decided on its patients, decided again by the program: its three items, 0.454 rounded to 0.45 and 49
/// to 50, and at least two points.
#[test]
fn the_derivation_of_the_paper_makes_the_score_of_the_paper() {
    let study = Study::parse("study.toml", include_str!("../../../../reports/dlm2021/study.toml")).unwrap();
    let table = include_bytes!("../../../../data/dlm2021/cohort.csv");
    let codebook = include_str!("../../../../data/dlm2021/codebook.toml");
    let cohort = study.cohort(("cohort.csv", table), Some(("codebook.toml", codebook))).unwrap();
    let ledger = Plan::new(&study, &cohort).unwrap().run(&cohort, "cohort.csv");
    let analysis = ledger.analysis("derivation").unwrap();
    let items: Vec<_> = (analysis.items.iter())
        .map(|item| (item.variable.as_str(), item.operator.as_str(), item.cutoff, item.level.as_deref()))
        .collect();
    assert_eq!(
        items,
        [("lung", ">", Some(0.45), None), ("dlco", "<", Some(50.0), None), ("node", "=", None, Some("yes"))]
    );
    assert!(analysis.notes.iter().any(|note| note.ends_with("positive from 2 points")), "{:?}", analysis.notes);
}

/// The example of the documentation, on four patients. Days: A 364 to death, B 213 to the end of 2020 and then death, C 365
/// to the end of 2020, D 30 to death; S is 3/4 from the 30th day, and half of that from the 364th.
#[test]
fn times_are_made_of_dates_and_closed_at_one() {
    let documentation = include_str!("../../../../docs/study-file.md");
    let (_, section) = documentation.split_once("## Times from dates").unwrap();
    let example = section.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let head = "[study]\nid = \"d\"\ntitle = \"D\"\n[data]\ntable = \"t.csv\"\ncodebook = \"c.toml\"\n";
    let block =
        "[[kaplan-meier]]\nid = \"km\"\ntime = \"months\"\noutcome = \"death\"\ntimes = [0.9, 1, 11.9, 11.97]\n";
    let table = "diagnosed,died,last_contact\n01/01/2019,31/12/2019,\n01/06/2020,01/02/2021,\n\
                 01/01/2020,,01/05/2021\n01/03/2020,31/03/2020,\n";
    let dates = ["diagnosed", "died", "last_contact"]
        .map(|name| format!("[columns.{name}]\nkind = \"date\"\nformat = \"%d/%m/%Y\"\n"))
        .concat();
    let study = Study::parse("study.toml", &format!("{head}{example}{block}")).unwrap();
    let cohort = study.cohort(("t.csv", table.as_bytes()), Some(("c.toml", &dates))).unwrap();
    let ledger = Plan::new(&study, &cohort).unwrap().run(&cohort, "t.csv");
    let number = |path: &str| ledger.find(path).unwrap().value.number().unwrap();
    assert_eq!((number("km/months/n"), number("km/months/events")), (4.0, 2.0));
    for (time, survival, at_risk) in [(0.9, 1.0, 4.0), (1.0, 0.75, 3.0), (11.9, 0.75, 2.0), (11.97, 0.375, 1.0)] {
        assert_eq!(number(&format!("km/months!{time}/survival")), survival, "{time}");
        assert_eq!(number(&format!("km/months!{time}/at_risk")), at_risk, "{time}");
    }
}

/// A condition may name a score of the block before; who has a missing value in it is counted and left out.
#[test]
fn a_part_of_the_patients_is_any_condition() {
    let text = "[study]\nid = \"w\"\ntitle = \"W\"\n[data]\ntable = \"t.csv\"\ncodebook = \"c.toml\"\n\
                [[score]]\nid = \"points\"\nitems = [{ variable = \"x\", operator = \">\", cutoff = 2 }, \"S\"]\n\
                [[comparison]]\nid = \"c\"\nby = \"g\"\nrows = [\"x\"]\nwithin = \"age >= 60 AND points < 2\"\n";
    let text = text.replace("\"S\"", "{ variable = \"sex\", level = \"F\" }");
    // 60 or older: rows 1, 2, 4, 5, 6; of these two points has row 4, and of row 6 the score is missing.
    let table = "g,x,sex,age\na,1,M,60\na,3,M,61\nb,1,F,59\nb,3,F,70\nb,2,F,80\na,,F,66\nb,1,F,\n";
    let codebook = "[columns.sex]\nkind = \"binary\"\n[columns.g]\nkind = \"binary\"\n\
                    [columns.x]\nkind = \"continuous\"\n[columns.age]\nkind = \"continuous\"\n";
    let study = Study::parse("study.toml", &text).unwrap();
    let cohort = study.cohort(("t.csv", table.as_bytes()), Some(("c.toml", codebook))).unwrap();
    let ledger = Plan::new(&study, &cohort).unwrap().run(&cohort, "t.csv");
    let within = ledger.analysis("c").unwrap().within.clone().unwrap();
    // Row 6 has a point for its sex and an unknown one; row 7 an unknown age.
    assert_eq!((within.n, within.undetermined, within.label.as_str()), (3, 2, "age >= 60 AND points < 2"));
    assert_eq!(ledger.find("c/x@a/mean").unwrap().value.number(), Some(2.0));
    assert_eq!(ledger.find("c/x@b/n").unwrap().value.number(), Some(1.0));
}
