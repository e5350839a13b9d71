//! The covariates and the outcome of a model, complete rows only.

use serde_json::Value;

use restudy_stats::regression::{Coefficient, Design, DesignBuilder, FitError};

use crate::case::{Case, is_label};
use crate::check::Check;
use crate::folder::{InputError, array, member, object, string};
use crate::tolerance::Tolerance;

/// The rows of a model that have every variable.
pub(crate) struct ModelData {
    /// Row numbers in the file, from 0.
    pub(crate) rows: Vec<usize>,
    pub(crate) events: Vec<bool>,
    covariates: Vec<Covariate>,
}

enum Covariate {
    Number { name: String, values: Vec<f64> },
    Category { name: String, codes: Vec<usize>, levels: Vec<String> },
}

impl ModelData {
    /// Reads `outcome`, `event_value` and `covariates`.
    pub(crate) fn read(case: &Case) -> Result<Self, InputError> {
        let outcome = case.data()?.texts(case.text("outcome")?)?;
        let event = case.label("event_value")?;
        let mut complete: Vec<bool> = outcome.iter().map(Option::is_some).collect();
        let mut columns = Vec::new();
        for covariate in case.list("covariates")? {
            let covariate = object(covariate)?;
            let name = string(covariate, "name")?;
            let (values, levels): (Vec<Option<f64>>, _) = match string(covariate, "type")? {
                "numeric" => (case.data()?.numbers(name)?, None),
                "categorical" => {
                    let levels = array(covariate, "levels")?;
                    let code =
                        |cell: &str| levels.iter().position(|level| is_label(cell, level)).map(|code| code as f64);
                    let cells = case.data()?.texts(name)?;
                    if member(covariate, "reference")? != levels.first().unwrap_or(&Value::Null) {
                        return Err(InputError::new(name, "the reference is not the first level"));
                    }
                    (cells.iter().map(|cell| cell.as_deref().and_then(code)).collect(), Some(levels))
                }
                other => return Err(InputError::new(name, format!("unknown type of covariate `{other}`"))),
            };
            for (complete, value) in complete.iter_mut().zip(&values) {
                *complete &= value.is_some();
            }
            columns.push((name.to_owned(), values, levels));
        }
        let rows: Vec<usize> = (0..complete.len()).filter(|&row| complete[row]).collect();
        let events =
            rows.iter().map(|&row| outcome[row].as_deref().is_some_and(|cell| is_label(cell, event))).collect();
        let covariates = columns.into_iter().map(|(name, values, levels)| {
            let values: Vec<f64> = rows.iter().filter_map(|&row| values[row]).collect();
            match levels {
                None => Covariate::Number { name, values },
                Some(levels) => Covariate::Category {
                    name,
                    codes: values.into_iter().map(|code| code as usize).collect(),
                    levels: levels.iter().map(word).collect(),
                },
            }
        });
        Ok(Self { covariates: covariates.collect(), rows, events })
    }

    /// The same, of the rows that are chosen by their place in the file.
    pub(crate) fn chosen(&self, choose: impl Fn(usize) -> bool) -> Self {
        fn keep<T: Copy>(chosen: &[bool], values: &[T]) -> Vec<T> {
            values.iter().zip(chosen).filter(|&(_, &chosen)| chosen).map(|(&value, _)| value).collect()
        }
        let chosen: Vec<bool> = self.rows.iter().map(|&row| choose(row)).collect();
        let covariates = self.covariates.iter().map(|covariate| match covariate {
            Covariate::Number { name, values } => {
                Covariate::Number { name: name.clone(), values: keep(&chosen, values) }
            }
            Covariate::Category { name, codes, levels } => {
                Covariate::Category { name: name.clone(), codes: keep(&chosen, codes), levels: levels.clone() }
            }
        });
        Self { covariates: covariates.collect(), rows: keep(&chosen, &self.rows), events: keep(&chosen, &self.events) }
    }

    /// The design with an intercept, to fit a model to.
    pub(crate) fn design(&self) -> Result<Design, FitError> {
        self.builder().finish()
    }

    /// The design with an intercept, to apply coefficients to.
    pub(crate) fn design_for_prediction(&self) -> Result<Design, FitError> {
        self.builder().finish_for_prediction()
    }

    fn builder(&self) -> DesignBuilder {
        self.covariates.iter().fold(Design::build(self.rows.len()).intercept(), |builder, covariate| match covariate {
            Covariate::Number { name, values } => builder.continuous(name, values, 1.0),
            Covariate::Category { name, codes, levels } => {
                let levels: Vec<&str> = levels.iter().map(String::as_str).collect();
                builder.categorical(name, codes, &levels, 0)
            }
        })
    }
}

/// A level in its own words.
fn word(level: &Value) -> String {
    level.as_str().map_or_else(|| level.to_string(), str::to_owned)
}

/// Compares a number of each coefficient with the member of its name.
pub(crate) fn by_name(check: &mut Check, key: &str, names: &[String], values: &[f64], tolerance: Tolerance) {
    for (name, &value) in names.iter().zip(values) {
        check.number(&format!("{key}.{name}"), value, tolerance);
    }
}

/// Compares a number of each row with the member of its name.
pub(crate) fn by_row(
    check: &mut Check,
    key: &str,
    rows: &[Coefficient],
    value: impl Fn(&Coefficient) -> f64,
    tolerance: Tolerance,
) {
    for row in rows {
        check.number(&format!("{key}.{}", row.name), value(row), tolerance);
    }
}
