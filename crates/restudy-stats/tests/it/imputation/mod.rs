mod chained_equations;
mod pooled_chi_square;
mod pooled_wald;
mod rubin;

use serde_json::Value;

use crate::golden::{assert_close, number, numbers, parse};

/// A model that R fitted on fixed completed data sets, and what mice made of the fits.
struct Pooling {
    answers: Value,
    complete_df: f64,
    coefficients: Vec<Vec<f64>>,
    covariances: Vec<Vec<Vec<f64>>>,
}

impl Pooling {
    fn each() -> Vec<(&'static str, Self)> {
        let golden = parse(include_str!("../../golden/pooling.json"));
        ["logistic", "cox"].map(|model| (model, Self::of(&golden[model]))).into()
    }

    fn of(answers: &Value) -> Self {
        let rows = |value: &Value| value.as_array().unwrap().iter().map(numbers).collect::<Vec<_>>();
        Self {
            complete_df: number(&answers["dfcom"]),
            coefficients: rows(&answers["coef"]),
            covariances: answers["vcov"].as_array().unwrap().iter().map(rows).collect(),
            answers: answers.clone(),
        }
    }

    fn tested(&self) -> Vec<usize> {
        numbers(&self.answers["tested"]).iter().map(|&j| j as usize).collect()
    }
}

fn assert_test(test: restudy_stats::imputation::PooledTest, expected: &Value, what: &str) {
    assert_close(test.statistic, number(&expected["statistic"]), 1e-11, &format!("{what}: F"));
    assert_close(test.df1, number(&expected["df1"]), 1e-12, &format!("{what}: df1"));
    assert_close(test.df2, number(&expected["df2"]), 1e-10, &format!("{what}: df2"));
    assert_close(test.p_value, number(&expected["p_value"]), 1e-10, &format!("{what}: p"));
    assert_close(test.relative_increase, number(&expected["relative_increase"]), 1e-11, &format!("{what}: r"));
}
