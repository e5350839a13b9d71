//! Survival.

mod censored_prediction;
mod concordance;
mod cox;
mod cox_inference;
mod cumulative_incidence;
mod degenerate;
mod firth_cox;
mod kaplan_meier;
mod log_rank;
mod nelson_aalen;
mod prediction_error;
mod times;

use proptest::prelude::*;
use restudy_stats::survival::{SurvivalData, SurvivalTimes};
use serde_json::Value;

use crate::golden::{numbers, parse};

/// R's answers with late entry, weights and strata; 15 digits.
const GOLDEN: f64 = 1e-11;

/// The data and answers of `survival.R`.
struct Golden {
    answers: Value,
    time: Vec<f64>,
    event: Vec<bool>,
    entry: Vec<f64>,
    weights: Vec<f64>,
    strata: Vec<usize>,
}

impl Golden {
    fn read() -> Self {
        let answers = parse(include_str!("../../golden/survival.json"));
        let column = |name: &str| numbers(&answers[name]);
        Self {
            time: column("time"),
            event: column("event").into_iter().map(|event| event == 1.0).collect(),
            entry: column("entry"),
            weights: column("weight"),
            strata: column("stratum").into_iter().map(|stratum| stratum as usize).collect(),
            answers,
        }
    }

    fn column(&self, name: &str) -> Vec<f64> {
        numbers(&self.answers[name])
    }

    fn prepared(&self, stratified: bool) -> SurvivalTimes {
        SurvivalData {
            entry: Some(&self.entry),
            weights: Some(&self.weights),
            strata: stratified.then_some(&self.strata),
            ..SurvivalData::new(&self.time, &self.event)
        }
        .prepare()
        .unwrap()
    }
}

fn prepared(time: &[f64], event: &[bool]) -> SurvivalTimes {
    SurvivalData::new(time, event).prepare().unwrap()
}

/// Rows with ties in time: time, event, a group of three and a marker with ties.
fn rows() -> impl Strategy<Value = Vec<(f64, bool, usize, f64)>> {
    let row = (1_u8..15, any::<bool>(), 0_usize..3, 0_u8..6);
    prop::collection::vec(row.prop_map(|(time, event, group, x)| (f64::from(time), event, group, f64::from(x))), 4..40)
}

fn unzip(rows: &[(f64, bool, usize, f64)]) -> (Vec<f64>, Vec<bool>, Vec<usize>, Vec<f64>) {
    (
        rows.iter().map(|row| row.0).collect(),
        rows.iter().map(|row| row.1).collect(),
        rows.iter().map(|row| row.2).collect(),
        rows.iter().map(|row| row.3).collect(),
    )
}
