//! Published scores on a real cohort: the study of `reports/gbsg2`, against R and dcurves.

use std::collections::BTreeMap;

use restudy_study::{
    Cohort, FollowUp, Ledger, Plan, PublishedScore, ReadOptions, Resampling, ScoreValidation, Source, Study,
    ValidationError,
};
use serde_json::Value;

const TABLE: &[u8] = include_bytes!("../../../../data/gbsg2/gbsg2.csv");
const CODEBOOK: &str = include_str!("../../../../data/gbsg2/codebook.toml");
const STUDY: &str = include_str!("../../../../reports/gbsg2/study.toml");

fn run(text: &str) -> Ledger {
    // The limits of the bootstrap are not R's; fewer resamples are enough here.
    let text = text.replace("convert = true", "convert = true\nreplicates = 50");
    let study = Study::parse("study.toml", &text).unwrap();
    let cohort = study.cohort(("gbsg2.csv", TABLE), Some(("codebook.toml", CODEBOOK))).unwrap();
    Plan::new(&study, &cohort).unwrap().run(&cohort, "gbsg2.csv")
}

fn refused(text: &str) -> String {
    let study = Study::parse("study.toml", text).unwrap();
    let cohort = study.cohort(("gbsg2.csv", TABLE), Some(("codebook.toml", CODEBOOK))).unwrap();
    Plan::new(&study, &cohort).unwrap_err().to_string()
}

#[test]
fn every_number_agrees_with_r() {
    let ledger = run(STUDY);
    let golden: Value = serde_json::from_str(include_str!("../golden/gbsg2.json")).unwrap();
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
        // What rests on a fitted Cox model is as near as R's last step brings it.
        if !((found - expected).abs() <= 5e-9 * expected.abs() || (found - expected).abs() < 1e-13) {
            missed.push(format!("{path}: {found} is not {expected}"));
        }
    }
    assert!(missed.is_empty(), "{} of {}:\n{}", missed.len(), golden.as_object().unwrap().len(), missed.join("\n"));
}

#[test]
fn net_benefit_is_that_of_dcurves() {
    let golden: Value = serde_json::from_str(include_str!("../golden/net_benefit.json")).unwrap();
    let ledger = run(STUDY);
    for score in ["mclernon-2023", "mclernon-2023-pgr"] {
        for (at, level) in ["10 %", "20 %", "30 %", "40 %", "50 %"].iter().enumerate() {
            for (model, expected) in [("score", &golden["gbsg2"][score]), ("treat all", &golden["gbsg2"]["all"])] {
                let path = format!("validation/{score}:{level}#{model}!5/net_benefit");
                let found = ledger.find(&path).unwrap().value.number().unwrap();
                assert!((found - expected[at].as_f64().unwrap()).abs() < 1e-12, "{path}: {found}");
            }
        }
    }
}

/// Uno's area by five years in the authors' own validation of their models on these women, follow-up closed then: 0.678, and
/// 0.704 with the progesterone receptor.
#[test]
fn the_authors_own_validation_is_met() {
    let closed = "[[data.derive]]\nname = \"closed\"\nsql = \"LEAST(time / 365.25, 5)\"\nunit = \"years\"\n\
                  [[data.derive]]\nname = \"within\"\nsql = \"cens AND time <= 5 * 365.25\"\n\n[conventions]";
    let text = STUDY.split("[[comparison]]").next().unwrap().replace("[conventions]", closed);
    let text = text
        .replace("time = \"years\"", "time = \"closed\"\nhorizon = 4.96")
        .replace("outcome = \"cens\"", "outcome = \"within\"");
    let ledger = run(&text);
    for (score, printed) in [("mclernon-2023", 0.678), ("mclernon-2023-pgr", 0.704)] {
        let found = ledger.find(&format!("validation/{score}!4.96/auc")).unwrap().value.number().unwrap();
        // They weigh by G(T) where it is G(T−) here, which moves the third decimal.
        assert!((found - printed).abs() < 0.0015, "{score}: {found}");
    }
}

#[test]
fn a_unit_is_refused_with_its_conversion_unless_the_study_converts() {
    let message = refused(&STUDY.replace("convert = true", "convert = false"));
    assert!(message.contains("column `tsize` is in mm"), "{message}");
    assert!(message.contains("counts `size` in cm"), "{message}");
    let message = refused(&STUDY.replace("\"npi\"]", "\"nip\"]"));
    assert!(message.contains("there is no score `nip`"), "{message}");
    let message = refused(&STUDY.replace("grade = \"tgrade\"", "garde = \"tgrade\""));
    assert!(message.contains("no score has an item `garde`"), "{message}");
    let message = refused(&STUDY.replace("time = \"years\"\nitems", "horizon = 5\nitems"));
    assert!(message.contains("`horizon`"), "{message}");
}

#[test]
fn the_command_asks_the_same_and_has_the_groups_beside_it() {
    let options = ReadOptions::default();
    let cohort = Cohort::read(&Source {
        file_name: "gbsg2.csv",
        bytes: TABLE,
        options: &options,
        codebook: Some(("codebook.toml", CODEBOOK)),
        derive: &[],
        filters: &[],
    })
    .unwrap();
    let library = PublishedScore::library().unwrap();
    let scores: Vec<PublishedScore> =
        ["npi", "mclernon-2023"].map(|id| PublishedScore::find(&library, id).unwrap().clone()).into();
    let columns: BTreeMap<String, String> = [("size", "tsize"), ("nodes", "pnodes"), ("grade", "tgrade")]
        .map(|(item, column)| (item.to_owned(), column.to_owned()))
        .into();
    let asked = ScoreValidation {
        scores: &scores,
        outcome: "cens",
        event: None,
        columns: &columns,
        convert: true,
        by: None,
        follow_up: Some(FollowUp { time: "time", horizon: None }),
        best_cutoff: false,
        resampling: Resampling { replicates: 50, seed: 1 },
    };
    let ledger = asked.run(&cohort, "gbsg2.csv").unwrap();
    // The model's five years, in the table's days.
    let golden: Value = serde_json::from_str(include_str!("../golden/gbsg2.json")).unwrap();
    let number = |path: &str| ledger.find(path).unwrap().value.number().unwrap();
    for (path, of) in [
        ("validation/mclernon-2023!1826.25/brier", "validation/mclernon-2023!5/brier"),
        ("validation/npi/concordance", "validation/npi/concordance"),
        ("npi-groups/time@Poor prognosis!1826.25/survival", "groups/years@Poor prognosis!5/survival"),
    ] {
        assert!((number(path) - golden[of].as_f64().unwrap()).abs() < 1e-9, "{path}");
    }
    let error = ScoreValidation { convert: false, ..asked }.run(&cohort, "gbsg2.csv").unwrap_err();
    assert!(matches!(error, ValidationError::Unit(_)), "{error}");
    assert!(error.hint().unwrap().starts_with("1 mm is 0.1 cm: convert it with --convert"));
}

/// By their own groups, where two scores have as many: the index against one that is half a point higher for everybody.
/// Counted by hand from the totals.
#[test]
fn groups_are_reclassified_without_risks() {
    let npi = PublishedScore::find(&PublishedScore::library().unwrap(), "npi").unwrap().clone();
    let mut other = PublishedScore { id: "other".to_owned(), ..npi.clone() };
    other.constant = 0.5;
    let options = ReadOptions::default();
    let cohort = Cohort::read(&Source {
        file_name: "gbsg2.csv",
        bytes: TABLE,
        options: &options,
        codebook: Some(("codebook.toml", CODEBOOK)),
        derive: &[],
        filters: &[],
    })
    .unwrap();
    let columns: BTreeMap<String, String> = [("size", "tsize"), ("nodes", "pnodes"), ("grade", "tgrade")]
        .map(|(item, column)| (item.to_owned(), column.to_owned()))
        .into();
    let ledger = ScoreValidation {
        scores: &[other, npi],
        outcome: "cens",
        event: None,
        columns: &columns,
        convert: true,
        by: None,
        follow_up: None,
        best_cutoff: false,
        resampling: Resampling { replicates: 50, seed: 1 },
    }
    .run(&cohort, "gbsg2.csv")
    .unwrap();
    // Whoever is within half a point below a bound moves up: 2 size + 100 (stage + grade) in hundredths.
    let text = std::str::from_utf8(TABLE).unwrap();
    let (mut moved, mut of) = ([0.0, 0.0], [0.0, 0.0]);
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |cell: usize| cells[cell].parse::<i64>().unwrap();
        let grade = ["I", "II", "III"].iter().position(|grade| *grade == cells[4]).unwrap() as i64 + 1;
        let stage = 1 + i64::from(number(5) >= 1) + i64::from(number(5) >= 4);
        let total = 2 * number(3) + 100 * (stage + grade);
        let group = |total: i64| i64::from(total > 340) + i64::from(total > 540);
        let event = usize::from(number(9) == 1);
        of[event] += 1.0;
        moved[event] += f64::from(u8::from(group(total + 50) > group(total)));
    }
    let expected = moved[1] / of[1] - moved[0] / of[0];
    let path = "validation/other~npi#net reclassification improvement by group/estimate";
    let found = ledger.find(path).unwrap().value.number().unwrap();
    assert!((found - expected).abs() < 1e-12, "{found} {expected}");
}
