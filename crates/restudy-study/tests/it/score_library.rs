//! The library of scores, and patients whose points are counted by hand from the publications.

use proptest::prelude::*;
use restudy_study::{PatientRisk, PublishedScore, ScoreError, conversion};

fn score(id: &str) -> PublishedScore {
    PublishedScore::find(&PublishedScore::library().unwrap(), id).unwrap().clone()
}

fn total(id: &str, items: &[(&str, &str)]) -> f64 {
    score(id).assess(items).unwrap().total
}

#[test]
fn every_file_of_the_folder_ships() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/scores");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut files: Vec<String> = names.filter_map(|name| name.strip_suffix(".toml").map(str::to_owned)).collect();
    let mut ids: Vec<String> = PublishedScore::library().unwrap().into_iter().map(|score| score.id).collect();
    files.sort();
    ids.sort();
    assert_eq!(ids, files);
}

#[test]
fn the_dlm_score_of_the_paper() {
    let dlm = score("dlm");
    let assessed = dlm.assess(&[("dlco", "43%"), ("lung", "0.46 g/mL"), ("node", "yes")]).unwrap();
    assert_eq!((assessed.total, assessed.positive), (3.0, Some(true)));
    let Some(PatientRisk::Observed(row, interval)) = assessed.risk else { panic!("{:?}", assessed.risk) };
    // 9 of 9: the exact lower limit is 0.025^(1/9).
    assert_eq!((row.events, row.n, interval.high), (9, 9, 1.0));
    assert!((interval.low - 0.025_f64.powf(1.0 / 9.0)).abs() < 1e-12);
    // The operators are strict.
    assert_eq!(total("dlm", &[("dlco", "50"), ("lung", "0.45"), ("node", "no")]), 0.0);
    // The published totals are the paper's patients.
    let (events, n) = dlm.observed.iter().fold((0, 0), |(events, n), row| (events + row.events, n + row.n));
    assert_eq!((events, n), (21, 61));
}

/// 0.2 × 7 is not 1.4 to the last bit; on paper 7 cm, no node and grade 2 are 4.4, and 2 cm, no node and grade 2 are 3.4.
#[test]
fn an_index_of_measurements_meets_the_bounds_of_its_groups() {
    let npi = |size: &str, nodes: &str, grade: &str| {
        let assessed = score("npi").assess(&[("size", size), ("nodes", nodes), ("grade", grade)]).unwrap();
        (assessed.total, assessed.group.unwrap())
    };
    assert_eq!(npi("2", "0", "2"), (3.4, "Good prognosis".to_owned()));
    assert_eq!(npi("7 cm", "0", "1"), (3.4, "Good prognosis".to_owned()));
    assert_eq!(npi("7", "3", "2"), (5.4, "Moderate prognosis".to_owned()));
    assert_eq!(npi("2.1", "4", "II"), (5.42, "Poor prognosis".to_owned()));
    let given = [("size", "21mm"), ("nodes", "4"), ("grade", "2")];
    let error = score("npi").assess(&given).unwrap_err();
    assert_eq!(error.hint().unwrap(), "1 mm is 0.1 cm: write size=2.1cm");
}

/// Size 25 mm, 4 nodes, grade 2: 0.342 + 0.304 · 4 − 0.811 · (64 − 27 · 9/8)/81, and the risk by five years.
#[test]
fn a_model_with_a_curve_says_its_risk() {
    let assessed = score("mclernon-2023").assess(&[("size", "25"), ("nodes", "4"), ("grade", "2")]).unwrap();
    let predictor: f64 = 0.342 + 0.304 * 4.0 - 0.811 * (64.0 - 27.0 * 9.0 / 8.0) / 81.0;
    assert!((assessed.total - predictor).abs() < 1e-12);
    let Some(PatientRisk::Predicted(risk)) = assessed.risk else { panic!("{:?}", assessed.risk) };
    assert!((risk - (1.0 - 0.80385_f64.powf(predictor.exp()))).abs() < 1e-12);
    // More than 19 nodes count as 19.
    let most = |nodes: &str| total("mclernon-2023", &[("size", "25"), ("nodes", nodes), ("grade", "2")]);
    assert_eq!(most("19"), most("51"));
    let fault = |from: &str, to: &str| {
        let text = include_str!("../../../../data/scores/mclernon-2023.toml").replace(from, to);
        PublishedScore::parse("score.toml", &text).unwrap_err().to_string()
    };
    assert!(fault("knots = [0, 1, 9]", "knots = [0, 9]").contains("the spline of item `nodes`"));
    assert!(fault("0.80385", "1.2").contains("baseline survival"));
}

#[test]
fn the_points_of_the_publications() {
    let all = [("fever", "yes"), ("erythema", "yes"), ("crp_elevated", "yes"), ("mda5", "yes"), ("ro52", "yes")];
    assert_eq!(score("rrp").assess(&all).map(|a| (a.total, a.group)), Ok((30.0, Some("high".to_owned()))));
    let cross = [("crp", "8.1mg/L"), ("ro52", "yes"), ("sex", "Male"), ("course", "2.9")];
    assert_eq!(score("cross-2021").assess(&cross).map(|a| (a.total, a.group)), Ok((11.0, Some("high".to_owned()))));
    let flair = [("ferritin", "636"), ("ldh", "354"), ("mda5", "++"), ("hrct", "133"), ("rpild", "no")];
    assert_eq!(score("flair").assess(&flair).map(|a| (a.total, a.group)), Ok((8.0, Some("medium".to_owned()))));
    let gap = [("sex", "male"), ("age", "65"), ("fvc", "75"), ("dlco", "cannot perform")];
    assert_eq!(total("gap", &gap), 1.0 + 1.0 + 1.0 + 3.0);
    assert_eq!(total("gap", &[("sex", "female"), ("age", "60"), ("fvc", "75.1"), ("dlco", "55.1")]), 0.0);
    // A connective tissue disease takes two points off, and no total is below 0.
    let ild = [("type", "CTD"), ("sex", "male"), ("age", "50"), ("fvc", "80"), ("dlco", "60")];
    assert_eq!(total("ild-gap", &ild), 0.0);
    assert!(
        (total("cpi", &[("dlco", "40"), ("fvc", "60"), ("fev1", "70")]) - (91.0 - 26.0 - 31.8 + 23.8)).abs() < 1e-12
    );
    assert_eq!(total("ggo-2023", &[("ggo", "2.5")]), 2.0);
    assert_eq!(total("car", &[("crp", "9"), ("alt", "50"), ("rpild", "yes")]), 4.0);
    assert_eq!(total("zhang-2022", &[("pet", "19"), ("hrct", "141"), ("mda5", "yes")]), 3.0);
}

#[test]
fn a_threshold_may_depend_on_another_item() {
    let mck = |mda5, crp| total("mck", &[("mda5", mda5), ("crp", crp), ("kl6", "999")]);
    assert_eq!([mck("yes", "0.9"), mck("no", "0.9"), mck("no", "1.1")], [1.0, 0.0, 1.0]);
}

#[test]
fn another_unit_is_refused_with_the_conversion_named() {
    let cross = |crp| score("cross-2021").assess(&[("crp", crp), ("ro52", "no"), ("sex", "male"), ("course", "2")]);
    let error = cross("1.2mg/dL").unwrap_err();
    assert_eq!(error.to_string(), "`crp` is given in mg/dL, and the CROSS score (abstract of 2021) counts it in mg/L");
    assert_eq!(error.hint().as_deref(), Some("1 mg/dL is 10 mg/L: write crp=12mg/L"));
    assert!(cross("12 mg/l").is_ok());
    assert!(cross("12 stone").unwrap_err().hint().unwrap().contains("no conversion is known"));
    // Ferritin in pmol/L is 0.445 times as many ng/mL; CRP in pmol/L is not known.
    assert_eq!(conversion("ferritin", "pmol/L", "ng/mL"), Some(0.445));
    assert_eq!(conversion("crp", "pmol/L", "ng/mL"), None);
    assert_eq!(conversion("crp", "mg/L", "mg/dL"), Some(0.1));
}

#[test]
fn what_is_wrong_is_named() {
    let dlm = score("dlm");
    let refused = |items: &[(&str, &str)]| dlm.assess(items).unwrap_err();
    assert!(matches!(refused(&[("dlco", "43")]), ScoreError::MissingItem { item, .. } if item == "lung"));
    let error = refused(&[("dlc", "43")]);
    assert_eq!(error.hint().as_deref(), Some("did you mean `dlco`?"));
    assert!(matches!(refused(&[("dlco", "43"), ("dlco", "44")]), ScoreError::Twice { .. }));
    let error = refused(&[("dlco", "low"), ("lung", "1"), ("node", "no")]);
    assert_eq!(error.to_string(), "`dlco` cannot be `low`: it is a number in % predicted");
    let error = refused(&[("dlco", "43"), ("lung", "inf"), ("node", "no")]);
    assert!(matches!(error, ScoreError::Value { .. }));
    let error = refused(&[("dlco", "43"), ("lung", "1"), ("node", "perhaps")]);
    assert_eq!(error.to_string(), "`node` cannot be `perhaps`: it is `no` or `yes`");
    let error = PublishedScore::find(&PublishedScore::library().unwrap(), "dml").unwrap_err();
    assert_eq!(error.hint().as_deref(), Some("did you mean `dlm`?"));
    let error = PublishedScore::parse("mine.toml", "id = 'x'\npints = 3\n").unwrap_err();
    assert!(error.to_string().starts_with("mine.toml:2:1: unknown field `pints`"), "{error}");
}

proptest! {
    #[test]
    fn the_points_do_not_depend_on_the_order(dlco in 0.0_f64..150.0, lung in 0.0_f64..2.0, node: bool) {
        let (dlco, lung, node) = (dlco.to_string(), lung.to_string(), if node { "yes" } else { "no" });
        let items = [("dlco", dlco.as_str()), ("lung", lung.as_str()), ("node", node)];
        let turned = [items[2], items[0], items[1]];
        prop_assert_eq!(score("dlm").assess(&items).unwrap().total, score("dlm").assess(&turned).unwrap().total);
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,12}") {
        for score in PublishedScore::library().unwrap() {
            let items: Vec<(&str, &str)> = score.items.iter().map(|item| (item.id.as_str(), text.as_str())).collect();
            let _ = score.assess(&items);
        }
        let _ = PublishedScore::parse("x.toml", &text);
    }
}
