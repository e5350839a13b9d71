//! What a paper's numbers leave open: statistics that it does not print, on cohorts that all meet what it does.

use restudy_ledger::{Ensemble, Spread};
use restudy_stats::accuracy::{Auc, Brier, Direction, Roc};
use restudy_stats::regression::{Design, Logistic, Outcome as Events};

use super::Reconstructed;
use super::check::{self, Check};
use super::cohort::TextTable;
use super::random::Random;
use crate::printed::{Content, Kind, Relation};
use crate::record::{ModelKind, ModelMode, Record, Score};

/// Bootstrap samples of the optimism of a score.
const SAMPLES: usize = 100;
/// The stream of chance of the bootstrap, beside those of the attempts.
const BOOTSTRAP: u64 = u64::MAX - 1;
/// Patients with the event, and without, that a subgroup has at least.
const SUBGROUP: usize = 5;

/// The ranges of unprinted statistics over cohorts.
#[must_use]
pub fn ensemble(record: &Record, cohorts: &[Reconstructed]) -> Ensemble {
    let mut named: Vec<(String, String, Vec<f64>)> = Vec::new();
    for cohort in cohorts {
        let Some(table) = TextTable::parse(&cohort.csv) else { continue };
        for (part, statistic, value) in unprinted(record, &table, cohort.seed) {
            if !value.is_finite() {
                continue;
            }
            match named.iter_mut().find(|(known, name, _)| *known == part && *name == statistic) {
                Some((_, _, values)) => values.push(value),
                None => named.push((part, statistic, vec![value])),
            }
        }
    }
    // Parts keep together, in the order of their first statistic.
    let mut parts: Vec<String> = Vec::new();
    for (part, ..) in &named {
        if !parts.contains(part) {
            parts.push(part.clone());
        }
    }
    named.sort_by_key(|(part, ..)| parts.iter().position(|known| known == part));
    let spreads = named
        .into_iter()
        .map(|(part, statistic, mut values)| {
            values.sort_by(f64::total_cmp);
            let middle = (values[(values.len() - 1) / 2] + values[values.len() / 2]) / 2.0;
            Spread {
                part,
                statistic,
                cohorts: values.len(),
                low: values[0],
                median: middle,
                high: values[values.len() - 1],
            }
        })
        .collect();
    Ensemble { paper: record.paper.id.clone(), seeds: cohorts.iter().map(|cohort| cohort.seed).collect(), spreads }
}

/// Every statistic that the record's blocks suggest and that no claim prints: part, name, value.
pub(super) fn unprinted(record: &Record, table: &TextTable, seed: u64) -> Vec<(String, String, f64)> {
    let check = Check::new(record, table);
    let mut found = Vec::new();
    models(record, &check, &mut found);
    scores(record, &check, seed, &mut found);
    found
}

type Found = Vec<(String, String, f64)>;

/// Odds ratios and hazard ratios with their limits, and p-values that are not printed.
fn models(record: &Record, check: &Check<'_>, found: &mut Found) {
    for model in &record.models {
        let kind = if model.kind == ModelKind::Logistic { "Logistic regression" } else { "Cox regression" };
        let mode = match model.mode {
            ModelMode::Univariable => "one variable at a time",
            ModelMode::Multivariable => "all together",
        };
        let ratio = if model.kind == ModelKind::Logistic { "odds ratio" } else { "hazard ratio" };
        let part = format!("{kind}, {mode}");
        for (term, row) in check.model_rows(model) {
            let term = &model.terms[term];
            let label = check::label(record, &term.variable);
            for (name, value) in [("", row[1]), (", lower limit", row[2]), (", upper limit", row[3])] {
                if term.estimate.is_none() {
                    found.push((part.clone(), format!("{label}: {ratio}{name}"), value));
                }
            }
            if term.p.is_none() {
                found.push((part.clone(), format!("{label}: P"), row[0]));
            }
        }
    }
}

fn scores(record: &Record, check: &Check<'_>, seed: u64, found: &mut Found) {
    for score in &record.scores {
        let Some(points) = check.score(score) else { continue };
        let Some(table) = score.table.map(|table| &record.score_tables[table]) else { continue };
        let members = check.rows(table.events);
        let events: Vec<bool> = (0..points.len()).map(|row| members.contains(&row)).collect();
        let part = format!("{}: calibration and optimism", score.label);
        let all: Vec<usize> = (0..points.len()).collect();
        if let Some(corrected) = optimism(record, check, score, &events, seed) {
            found.push((part.clone(), "AUC, corrected for the optimism of its cut-offs".to_owned(), corrected));
        }
        if let Some(brier) = predicted(&points, &events).and_then(|risks| Brier.run(&risks, &events).ok()) {
            found.push((part.clone(), "Brier score of the risks by points".to_owned(), brier.value));
        }
        // Without its own cohort a model is always calibrated: what is open is how the items as measured would do.
        let columns: Option<Vec<Vec<f64>>> = score.items.iter().map(|item| check.values(&item.variable)).collect();
        if let Some(risks) = columns.as_ref().and_then(|columns| fitted(columns, &events)) {
            found.push((
                part.clone(),
                "AUC of a logistic model of the items as measured".to_owned(),
                area(&risks, &events, &all),
            ));
            if let Ok(brier) = Brier.run(&risks, &events) {
                found.push((part.clone(), "Brier score of that model".to_owned(), brier.value));
            }
        }
        if let Some((auc, slope)) = columns.as_ref().and_then(|columns| corrected_model(columns, &events, seed)) {
            found.push((part.clone(), "AUC of that model, corrected for optimism".to_owned(), auc));
            found.push((part.clone(), "calibration slope of that model, corrected for optimism".to_owned(), slope));
        }
        let part = format!("{}: AUC in subgroups", score.label);
        for row in record.tables.iter().flat_map(|table| &table.rows) {
            if !matches!(row.kind, Kind::CountPercent | Kind::PercentCount | Kind::Count | Kind::Counts) {
                continue;
            }
            let Some(values) = check.values(&row.id) else { continue };
            let codes = if row.levels.is_empty() { 2 } else { row.levels.len() };
            for code in 0..codes {
                let rows: Vec<usize> = all.iter().copied().filter(|row| values[*row] == code as f64).collect();
                let with = rows.iter().filter(|row| events[**row]).count();
                if with < SUBGROUP || rows.len() - with < SUBGROUP {
                    continue;
                }
                let level = row.levels.get(code).map_or(if code == 1 { "yes" } else { "no" }, String::as_str);
                let label = check::label(record, &row.id);
                found.push((part.clone(), format!("{label}: {level}"), area(&points, &events, &rows)));
            }
        }
    }
}

/// The area under the curve of some rows.
fn area(marker: &[f64], events: &[bool], rows: &[usize]) -> f64 {
    let side = |wanted: bool| -> Vec<f64> {
        rows.iter().filter(|row| events[**row] == wanted).map(|row| marker[*row]).collect()
    };
    let curve = Roc { direction: Direction::Higher }.run(&side(true), &side(false));
    curve.map_or(f64::NAN, |curve| Auc::default().run(&curve).value)
}

/// The risk of each row by a logistic model of its points.
fn predicted(points: &[f64], events: &[bool]) -> Option<Vec<f64>> {
    fitted(&[points.to_vec()], events)
}

fn fitted(columns: &[Vec<f64>], events: &[bool]) -> Option<Vec<f64>> {
    let design = design(columns)?;
    Logistic::default().fit(&design, Events::new(events)).ok().map(|fit| fit.probabilities())
}

fn design(columns: &[Vec<f64>]) -> Option<Design> {
    let rows = columns.first()?.len();
    let names: Vec<String> = (0..columns.len()).map(|place| format!("x{place}")).collect();
    let mut design = Design::build(rows).intercept();
    for (name, column) in names.iter().zip(columns) {
        design = design.continuous(name, column, 1.0);
    }
    design.finish().ok()
}

/// A sample of rows with replacement.
fn resample(rows: usize, random: &mut Random) -> Vec<usize> {
    (0..rows).map(|_| random.below(rows)).collect()
}

/// The score's AUC less what it owes to cut-offs found in the same patients: in each bootstrap sample the cut-offs are
/// found again by Youden's index, and tried on the patients themselves (Efron 1983; Harrell, Lee and Mark 1996).
fn optimism(record: &Record, check: &Check<'_>, score: &Score, events: &[bool], seed: u64) -> Option<f64> {
    let n = events.len();
    let all: Vec<usize> = (0..n).collect();
    let apparent = area(&check.score(score)?, events, &all);
    let columns: Vec<Vec<f64>> = score.items.iter().map(|item| check.values(&item.variable)).collect::<Option<_>>()?;
    let rules: Vec<Option<bool>> = score
        .items
        .iter()
        .map(|item| {
            item.threshold.and_then(|claim| match &record.claims[claim].content {
                Content::Cutoff(cutoff) => Some(matches!(cutoff.relation(), Relation::Above | Relation::AtLeast)),
                _ => None,
            })
        })
        .collect();
    let mut random = Random::new(seed, BOOTSTRAP);
    let (mut sum, mut samples) = (0.0, 0.0);
    for _ in 0..SAMPLES {
        let rows = resample(n, &mut random);
        let mut points = vec![0.0; n];
        let mut usable = true;
        for (column, rule) in columns.iter().zip(&rules) {
            let positive: Box<dyn Fn(f64) -> bool> = match rule {
                None => Box::new(|value| value == 1.0),
                Some(higher) => {
                    let Some(cutoff) = check::best_cutoff(column, events, &rows, *higher) else {
                        usable = false;
                        break;
                    };
                    let higher = *higher;
                    Box::new(move |value| if higher { value > cutoff } else { value < cutoff })
                }
            };
            for (points, value) in points.iter_mut().zip(column) {
                *points += f64::from(positive(*value));
            }
        }
        let difference = area(&points, events, &rows) - area(&points, events, &all);
        if usable && difference.is_finite() {
            sum += difference;
            samples += 1.0;
        }
    }
    (samples > 0.0).then(|| apparent - sum / samples)
}

/// AUC and calibration slope of a logistic model, corrected for optimism by bootstrap.
fn corrected_model(columns: &[Vec<f64>], events: &[bool], seed: u64) -> Option<(f64, f64)> {
    let n = events.len();
    let all: Vec<usize> = (0..n).collect();
    let apparent = area(&fitted(columns, events)?, events, &all);
    let full = design(columns)?;
    let mut random = Random::new(seed, BOOTSTRAP - 1);
    let (mut optimism, mut slopes, mut samples) = (0.0, 0.0, 0.0);
    for _ in 0..SAMPLES {
        let rows = resample(n, &mut random);
        let drawn: Vec<Vec<f64>> = columns.iter().map(|column| rows.iter().map(|row| column[*row]).collect()).collect();
        let outcome: Vec<bool> = rows.iter().map(|row| events[*row]).collect();
        let Some(sample) = design(&drawn) else { continue };
        // A sample in which the events can be told without error has no model.
        let Ok(fit) = Logistic::default().fit(&sample, Events::new(&outcome)) else { continue };
        let (Ok(own), Ok(original)) =
            (sample.linear_predictor(fit.coefficients()), full.linear_predictor(fit.coefficients()))
        else {
            continue;
        };
        let places: Vec<usize> = (0..n).collect();
        let difference = area(&own, &outcome, &places) - area(&original, events, &all);
        let Some(slope) = slope(&original, events) else { continue };
        optimism += difference;
        slopes += slope;
        samples += 1.0;
    }
    (samples > 0.0).then(|| (apparent - optimism / samples, slopes / samples))
}

/// The slope of the outcome on a linear predictor.
fn slope(predictor: &[f64], events: &[bool]) -> Option<f64> {
    let design = design(&[predictor.to_vec()])?;
    Logistic::default().fit(&design, Events::new(events)).ok().map(|fit| fit.coefficients()[1])
}
