//! A ledger with an analysis of every kind, small enough to check by eye.
//!
//! Numbers are those of "The lungs were on fire" (2021) where the paper prints them (the pairs, cut-offs, areas, p-values
//! of the models, Table 2), and of Table 2's counts by hand where they follow (15/25 = 60.0 %, …). What the paper prints
//! nowhere, such as its odds ratios, was made up to fit.

use restudy_ledger::{
    Analysis, AnalysisKind, ClaimCheck, ClaimChecks, Context, Family, Group, Item, Ledger, LeftOut, Marker, Outcome,
    Row, Series, SeriesKind, Stat, Term, Value, Variable, VariableKind, Within,
};

use crate::specimen;

fn variable(name: &str, label: &str, unit: Option<&str>, kind: VariableKind, levels: &[&str]) -> Variable {
    Variable {
        name: name.to_owned(),
        label: label.to_owned(),
        unit: unit.map(str::to_owned),
        kind,
        levels: levels.iter().map(|level| (*level).to_owned()).collect(),
        decimals: None,
    }
}

fn test(analysis: &str, variable: &str, stat: Stat, value: impl Into<Value>) -> Row {
    Row::new(analysis, Context::Test, variable, None, stat, value)
}

/// A number with its limits, at one place.
fn estimate(row: &Row, stat: Stat, [value, low, high]: [f64; 3]) -> Vec<Row> {
    let at = |stat: Stat, value: f64| Row { stat, value: value.into(), ..row.clone() };
    vec![at(stat, value), at(Stat::ConfLow, low).of(stat), at(Stat::ConfHigh, high).of(stat)]
}

fn groups() -> Vec<Group> {
    [("RP-ILD", 21), ("Non-RP-ILD", 40)].map(|(label, n)| Group { label: label.to_owned(), n }).into()
}

fn outcome() -> Outcome {
    Outcome { variable: "group".to_owned(), level: "RP-ILD".to_owned(), time: None }
}

fn term(variable: &str, level: Option<(&str, &str)>, per: Option<f64>) -> Term {
    Term {
        variable: variable.to_owned(),
        level: level.map(|(level, _)| level.to_owned()),
        reference: level.map(|(_, reference)| reference.to_owned()),
        per,
    }
}

/// The paper's comparison, then its other analyses in the order of its text.
pub(crate) fn protocol() -> Ledger {
    let mut ledger = specimen::paper();
    ledger.variables.extend([
        variable("group", "Rapid progression", None, VariableKind::Binary, &["Non-RP-ILD", "RP-ILD"]),
        variable("myoact", "MYOACT score", None, VariableKind::Continuous, &[]),
        variable("spleen", "Spleen SUVmean", None, VariableKind::Continuous, &[]),
        variable("subtype", "Subtype", None, VariableKind::Nominal, &["DM", "PM", "ADM"]),
        variable("death", "Death", None, VariableKind::Event, &["no", "yes"]),
        variable("followup_days", "Follow-up", Some("days"), VariableKind::Time, &[]),
        variable("dlm", "DLM score", None, VariableKind::Ordinal, &["0", "1", "2", "3"]),
    ]);
    for (analysis, mut rows) in
        [pairs(), logistic(), cox(), survival(), incidence(), roc(), score(), score_table(), validation()]
    {
        ledger.analyses.push(analysis);
        ledger.rows.append(&mut rows);
    }
    let path = Series::new("logistic", SeriesKind::SelectionPath)
        .numbers("step", [1.0, 2.0])
        .words("change", vec!["entered".to_owned(), "entered".to_owned()])
        .words("variable", vec!["lung".to_owned(), "dlco".to_owned()])
        .numbers("p_value", [0.000_2, 0.003_1]);
    ledger.series.push(path);
    ledger
}

fn pairs() -> (Analysis, Vec<Row>) {
    let analysis = Analysis::new("pairs", AnalysisKind::Correlation, "Correlation of lung uptake with other measures");
    let mut rows = Vec::new();
    for (with, n, r, low, high, p) in [
        ("dlco", 52.0, -0.0895, -0.3521, 0.1866, 0.491),
        ("myoact", 61.0, 0.3604, 0.1198, 0.5601, 0.0043),
        ("spleen", 61.0, 0.3457, 0.1032, 0.5485, 0.0064),
    ] {
        let place = test("pairs", "lung", Stat::R, r).with(with).procedure("pearson");
        rows.push(Row { stat: Stat::N, value: n.into(), ..place.clone() });
        rows.extend(estimate(&place, Stat::R, [r, low, high]));
        rows.push(Row { stat: Stat::PValue, value: p.into(), ..place });
    }
    (analysis, rows)
}

fn model_row(analysis: &str, term: &Term, model: &str, procedure: &str) -> Row {
    let row = test(analysis, &term.variable, Stat::N, 0.0).model(model).procedure(procedure);
    Row { level: term.level.clone(), ..row }
}

fn logistic() -> (Analysis, Vec<Row>) {
    let id = "logistic";
    let terms = vec![
        term("dlco", None, Some(10.0)),
        term("lung", None, Some(0.1)),
        term("node", Some(("yes", "no")), None),
        term("subtype", Some(("PM", "DM")), None),
        term("subtype", Some(("ADM", "DM")), None),
    ];
    let analysis = Analysis {
        outcome: Some(outcome()),
        models: vec!["univariable".to_owned(), "multivariable".to_owned()],
        terms: terms.clone(),
        family: Some(Family {
            method: "benjamini_hochberg".to_owned(),
            size: 3,
            members: ["dlco", "lung", "node"].map(str::to_owned).into(),
            left_out: vec![LeftOut { variable: "subtype".to_owned(), reason: "no p-value".to_owned() }],
        }),
        notes: vec!["terms enter forward while p is below 0.05".to_owned()],
        ..Analysis::new(id, AnalysisKind::Logistic, "Odds of rapid progression")
    };
    let mut rows = Vec::new();
    let mut push = |index: usize, model: &str, ratio: [f64; 3], p: f64, procedure: &str| {
        let place = model_row(id, &terms[index], model, procedure);
        rows.extend(estimate(&place, Stat::OddsRatio, ratio));
        rows.push(Row { stat: Stat::PValue, value: p.into(), ..place });
    };
    push(0, "univariable", [0.5131, 0.3219, 0.8180], 0.005, "logistic/wald");
    push(1, "univariable", [2.0217, 1.3101, 3.1198], 0.0015, "logistic/wald");
    push(2, "univariable", [6.0, 1.8789, 19.16], 0.0025, "logistic/wald");
    push(3, "univariable", [0.5417, 0.1005, 2.9189], 0.4757, "logistic/wald");
    push(4, "univariable", [1.3542, 0.3654, 5.0188], 0.65, "logistic/wald");
    push(0, "multivariable", [0.3814, 0.2021, 0.7196], 0.0029, "logistic/wald");
    push(1, "multivariable", [3.1202, 1.5533, 6.2677], 0.0014, "logistic/wald");
    push(2, "multivariable", [9.4811, 1.6098, 55.84], 0.0129, "logistic/wald");
    for (index, n, events, adjusted) in [(0, 52.0, 16.0, 0.005), (1, 61.0, 21.0, 0.0045), (2, 61.0, 21.0, 0.003_75)] {
        let place = model_row(id, &terms[index], "univariable", "benjamini_hochberg");
        rows.push(Row { stat: Stat::N, value: n.into(), ..place.clone() });
        rows.push(Row { stat: Stat::Events, value: events.into(), ..place.clone() });
        rows.push(Row { stat: Stat::PAdjusted, value: adjusted.into(), context: Context::Adjustment, ..place });
    }
    for (level, n, events) in [("DM", 40.0, 14.0), ("PM", 9.0, 2.0), ("ADM", 12.0, 5.0)] {
        for (stat, value) in [(Stat::N, n), (Stat::Events, events)] {
            rows.push(test(id, "subtype", stat, value).level(level).model("univariable"));
        }
    }
    let whole = |stat, value: f64| test(id, "group", stat, value).model("multivariable");
    rows.extend([whole(Stat::N, 52.0), whole(Stat::NMissing, 9.0), whole(Stat::Events, 16.0), whole(Stat::Aic, 40.12)]);
    let mut few = whole(Stat::EventsPerVariable, 5.333_333);
    few.remarks = vec!["fewer than 10 events for each coefficient".to_owned()];
    rows.push(few);
    rows.extend(estimate(&whole(Stat::Concordance, 0.0), Stat::Concordance, [0.9132, 0.8341, 0.9923]));
    (analysis, rows)
}

fn cox() -> (Analysis, Vec<Row>) {
    let id = "cox";
    let terms =
        vec![term("bacterial", Some(("yes", "no")), None), term("myoact", None, None), term("lung", None, None)];
    let analysis = Analysis {
        outcome: Some(Outcome {
            variable: "death".to_owned(),
            level: "yes".to_owned(),
            time: Some("followup_days".to_owned()),
        }),
        models: vec!["univariable".to_owned(), "multivariable".to_owned()],
        terms: terms.clone(),
        ..Analysis::new(id, AnalysisKind::Cox, "Hazard of death")
    };
    let mut rows = Vec::new();
    let mut push = |index: usize, model: &str, ratio: [f64; 3], p: f64| {
        let place = model_row(id, &terms[index], model, "cox/efron/wald");
        rows.extend(estimate(&place, Stat::HazardRatio, ratio));
        rows.push(Row { stat: Stat::PValue, value: p.into(), ..place });
    };
    push(0, "univariable", [5.5721, 2.2904, 13.556], 0.000_15);
    push(1, "univariable", [1.1423, 1.0681, 1.2217], 0.000_1);
    push(2, "univariable", [21.7, 2.3311, 202.0], 0.0069);
    push(0, "multivariable", [3.3122, 1.2871, 8.5236], 0.0131);
    push(1, "multivariable", [1.1219, 1.0511, 1.1975], 0.000_6);
    let lung = model_row(id, &terms[2], "multivariable", "cox/efron/wald");
    rows.push(
        Row { stat: Stat::HazardRatio, value: Value::Missing, ..lung }
            .reason("the likelihood has no maximum: separation"),
    );
    (analysis, rows)
}

fn survival() -> (Analysis, Vec<Row>) {
    let id = "survival";
    let analysis = Analysis {
        by: Some("group".to_owned()),
        groups: groups(),
        outcome: Some(Outcome {
            variable: "death".to_owned(),
            level: "yes".to_owned(),
            time: Some("followup_days".to_owned()),
        }),
        ..Analysis::new(id, AnalysisKind::KaplanMeier, "Survival by rapid progression")
    };
    let mut rows = Vec::new();
    for (group, n, events, alive, [low, high], at_risk) in [
        (None, 61.0, 24.0, 0.803_3, [0.679_5, 0.883_4], 48.0),
        (Some("RP-ILD"), 21.0, 12.0, 0.571_4, [0.338_0, 0.749_2], 12.0),
        (Some("Non-RP-ILD"), 40.0, 12.0, 0.925, [0.785_2, 0.975_2], 36.0),
    ] {
        let place = Row::new(id, Context::Summary, "followup_days", group, Stat::N, n);
        rows.push(place.clone());
        rows.push(Row { stat: Stat::Events, value: events.into(), ..place.clone() });
        let curve = place.clone().procedure("kaplan_meier/log_log");
        match group {
            Some("RP-ILD") => {
                rows.extend(estimate(&curve, Stat::MedianSurvival, [261.0, 75.0, f64::INFINITY]));
            }
            _ => rows.push(
                Row { stat: Stat::MedianSurvival, value: Value::Missing, ..curve.clone() }
                    .reason("the curve stays above one half"),
            ),
        }
        let at = curve.time(90.0);
        rows.extend(estimate(&at, Stat::Survival, [alive, low, high]));
        rows.push(Row { stat: Stat::AtRisk, value: at_risk.into(), ..at });
    }
    for (stat, value) in [(Stat::Statistic, 7.8794), (Stat::Df, 1.0), (Stat::PValue, 0.005)] {
        rows.push(test(id, "followup_days", stat, value).procedure("log_rank"));
    }
    (analysis, rows)
}

/// The same deaths, as if those before and after the intensive care unit competed; limits and p are for the table only.
fn incidence() -> (Analysis, Vec<Row>) {
    let id = "incidence";
    let analysis = Analysis {
        by: Some("group".to_owned()),
        groups: groups(),
        outcome: Some(Outcome {
            variable: "death".to_owned(),
            level: "respiratory".to_owned(),
            time: Some("followup_days".to_owned()),
        }),
        notes: vec!["competing events: other".to_owned(), "censored: alive".to_owned()],
        ..Analysis::new(id, AnalysisKind::CumulativeIncidence, "Death by cause and rapid progression")
    };
    let mut rows = Vec::new();
    for (group, n, at_risk, [respiratory, other]) in [
        (None, 61.0, 48.0, [16.0, 8.0]),
        (Some("RP-ILD"), 21.0, 12.0, [9.0, 3.0]),
        (Some("Non-RP-ILD"), 40.0, 36.0, [7.0, 5.0]),
    ] {
        let place = Row::new(id, Context::Summary, "followup_days", group, Stat::N, n);
        rows.push(place.clone());
        for (kind, events) in [("respiratory", respiratory), ("other", other)] {
            let own = place.clone().level(kind);
            rows.push(Row { stat: Stat::Events, value: events.into(), ..own.clone() });
            let at = own.time(90.0).procedure("aalen_johansen/log");
            let share: f64 = events / n;
            rows.extend(estimate(&at, Stat::CumulativeIncidence, [share, share / 2.0, share * 1.5]));
        }
        rows.push(Row { stat: Stat::AtRisk, value: at_risk.into(), ..place.time(90.0) });
    }
    for (kind, p) in [("respiratory", 0.012), ("other", 0.4)] {
        rows.push(test(id, "followup_days", Stat::PValue, p).level(kind).procedure("gray"));
    }
    (analysis, rows)
}

/// Sensitivity, …, with counts, for those positive and negative with and without the event.
fn performance(place: &Row, [tp, fp, fn_, tn]: [f64; 4]) -> Vec<Row> {
    let counts = [
        (Stat::TruePositives, tp),
        (Stat::FalsePositives, fp),
        (Stat::FalseNegatives, fn_),
        (Stat::TrueNegatives, tn),
        (Stat::Sensitivity, tp / (tp + fn_)),
        (Stat::Specificity, tn / (tn + fp)),
        (Stat::Ppv, tp / (tp + fp)),
        (Stat::Npv, tn / (tn + fn_)),
        (Stat::Accuracy, (tp + tn) / (tp + fp + fn_ + tn)),
        (Stat::PositiveLikelihoodRatio, tp / (tp + fn_) / (fp / (tn + fp))),
    ];
    counts.into_iter().map(|(stat, value)| Row { stat, value: value.into(), ..place.clone() }).collect()
}

fn roc() -> (Analysis, Vec<Row>) {
    let id = "roc";
    let analysis = Analysis {
        outcome: Some(outcome()),
        markers: [("lung", ">"), ("dlco", "<")]
            .map(|(variable, operator)| Marker { variable: variable.to_owned(), operator: operator.to_owned() })
            .into(),
        ..Analysis::new(id, AnalysisKind::Roc, "Lung uptake and DLCO as markers of rapid progression")
    };
    let mut rows = Vec::new();
    for (name, auc, cutoff, table) in [
        ("lung", [0.805, 0.6892, 0.9208], 0.454, [20.0, 15.0, 1.0, 25.0]),
        ("dlco", [0.802, 0.6703, 0.9337], 49.0, [14.0, 12.0, 2.0, 24.0]),
    ] {
        let place = test(id, name, Stat::Auc, 0.0).procedure("auc/delong");
        rows.extend(estimate(&place, Stat::Auc, auc));
        rows.push(test(id, name, Stat::Cutoff, cutoff).procedure("cutoff/youden"));
        rows.extend(performance(&test(id, name, Stat::N, 0.0), table));
        let sensitivity = test(id, name, Stat::ConfLow, 0.7618).of(Stat::Sensitivity).procedure("clopper_pearson");
        rows.push(Row { stat: Stat::ConfHigh, value: 0.9988.into(), ..sensitivity.clone() });
        rows.push(sensitivity);
    }
    let pair = test(id, "lung", Stat::PValue, 0.9644).with("dlco").procedure("delong");
    rows.push(Row { stat: Stat::Z, value: 0.0446.into(), ..pair.clone() });
    rows.push(pair);
    (analysis, rows)
}

fn score() -> (Analysis, Vec<Row>) {
    let id = "score";
    let item = |variable: &str, operator: &str, cutoff: Option<f64>, level: Option<&str>| Item {
        variable: variable.to_owned(),
        operator: operator.to_owned(),
        cutoff,
        level: level.map(str::to_owned),
        points: 1.0,
    };
    let analysis = Analysis {
        items: vec![
            item("dlco", "<", Some(50.0), None),
            item("lung", ">", Some(0.45), None),
            item("node", "=", None, Some("yes")),
        ],
        notes: vec!["a missing item gives no point".to_owned()],
        ..Analysis::new(id, AnalysisKind::Score, "The DLM score")
    };
    let mut rows = Vec::new();
    for (name, used, before) in [("dlco", 50.0, 49.0), ("lung", 0.45, 0.454)] {
        rows.push(test(id, name, Stat::Cutoff, used));
        rows.push(
            Row::new(id, Context::Alternative, name, None, Stat::Cutoff, before).procedure("cutoff/before_rounding"),
        );
    }
    (analysis, rows)
}

fn score_table() -> (Analysis, Vec<Row>) {
    let id = "score-performance";
    let analysis = Analysis {
        by: Some("group".to_owned()),
        groups: groups(),
        outcome: Some(outcome()),
        ..Analysis::new(id, AnalysisKind::ScoreTable, "Rapid progression by DLM score")
    };
    let mut rows = Vec::new();
    for (level, progressed, stable) in [("0", 0.0, 15.0), ("1", 3.0, 18.0), ("2", 9.0, 7.0), ("3", 9.0, 0.0)] {
        let total = progressed + stable;
        let row = |group, stat, value: f64| Row::new(id, Context::Summary, "dlm", group, stat, value).level(level);
        rows.push(row(None, Stat::Count, total));
        for (group, count) in [("RP-ILD", progressed), ("Non-RP-ILD", stable)] {
            rows.push(row(Some(group), Stat::Count, count));
            rows.push(row(Some(group), Stat::Denominator, total));
            rows.push(row(Some(group), Stat::Proportion, count / total));
        }
    }
    let auc = test(id, "dlm", Stat::Auc, 0.0).procedure("auc/delong");
    rows.extend(estimate(&auc, Stat::Auc, [0.905_357_142_857_142_9, 0.835_9, 0.974_8]));
    // Of 21 and 40: at least 1, at least 2, all 3.
    for (level, table) in
        [("≥ 1", [21.0, 25.0, 0.0, 15.0]), ("≥ 2", [18.0, 7.0, 3.0, 33.0]), ("≥ 3", [9.0, 0.0, 12.0, 40.0])]
    {
        rows.extend(performance(&test(id, "dlm", Stat::N, 0.0).level(level), table));
    }
    (analysis, rows)
}

fn validation() -> (Analysis, Vec<Row>) {
    let id = "validation";
    let analysis = Analysis {
        within: Some(Within { label: "complete cases".to_owned(), n: 52, undetermined: 0 }),
        ..Analysis::new(id, AnalysisKind::Validation, "Internal validation of the score")
    };
    let mut rows = Vec::new();
    let place = test(id, "dlm", Stat::Auc, 0.0).procedure("bootstrap/harrell");
    rows.extend(estimate(&place, Stat::Auc, [0.9054, 0.8359, 0.9748]));
    rows.push(Row { stat: Stat::Optimism, value: 0.0213.into(), of: Some(Stat::Auc), ..place.clone() });
    rows.push(Row { stat: Stat::Corrected, value: 0.8841.into(), of: Some(Stat::Auc), ..place });
    rows.push(test(id, "dlm", Stat::CalibrationSlope, 0.8714));
    rows.push(test(id, "dlm", Stat::Brier, 0.1123));
    rows.push(test(id, "lung", Stat::SelectionFrequency, 0.934));
    (analysis, rows)
}

/// Three claims: one held, one not, one that cannot be told.
pub(crate) fn checks() -> ClaimChecks {
    let claim = |id: &str, place: &str, printed: &str, obtained: Option<&str>, held, reason: Option<&str>| ClaimCheck {
        id: id.to_owned(),
        place: place.to_owned(),
        printed: printed.to_owned(),
        obtained: obtained.map(str::to_owned),
        held,
        reason: reason.map(str::to_owned),
    };
    ClaimChecks {
        paper: "dlm2021".to_owned(),
        study: "dlm2021".to_owned(),
        synthetic: true,
        claims: vec![
            claim("res.dlm.auc", "Results", "0.905", Some("0.905"), Some(true), None),
            claim(
                "t2.2.non",
                "Table 2 row: score 2",
                "43.7% (7)",
                Some("43.8% (7)"),
                Some(false),
                Some("7 of 16 are 43.75 %"),
            ),
            claim("t1.ferritin.p", "Table 1", "0.495", None, None, Some("the ledger has no such number")),
        ],
    }
}
