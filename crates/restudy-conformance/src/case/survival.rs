//! The rows of a survival case: times, events, and what else it is about, without a missing value in any of them.

use serde_json::Value;

use super::{Case, is_label};
use crate::folder::{InputError, array, member, object, optional_string, string, wrong_type};

/// Complete rows of a survival case.
pub(crate) struct SurvivalRows {
    pub(crate) time: Vec<f64>,
    pub(crate) event: Vec<bool>,
    /// Where each row stands in the file.
    rows: Vec<usize>,
    /// The stratum of each row.
    pub(crate) strata: Option<Vec<usize>>,
}

/// The columns of the covariates of a case.
pub(crate) struct Design {
    /// `age`, `stage=2`.
    pub(crate) names: Vec<String>,
    /// One column after the other.
    pub(crate) values: Vec<f64>,
    /// The covariates themselves, each with its columns.
    pub(crate) terms: Vec<(String, std::ops::Range<usize>)>,
}

impl Case {
    /// The rows with a time, a status, a stratum if there are strata, and a value in each of the other columns.
    pub(crate) fn survival_rows(&self, others: &[&str]) -> Result<SurvivalRows, InputError> {
        let data = self.data()?;
        let time = self.column("time")?;
        let status = data.texts(self.text("status")?)?;
        let event_value = member(&self.vars, "event_value")?;
        let strata = optional_string(&self.vars, "strata")?.map(|name| data.texts(name)).transpose()?;
        let others: Vec<_> = others.iter().map(|name| data.texts(name)).collect::<Result<_, _>>()?;
        let mut found = SurvivalRows { time: vec![], event: vec![], rows: vec![], strata: strata.map(|_| vec![]) };
        let mut labels: Vec<&str> = Vec::new();
        for (row, (time, status)) in time.iter().zip(status).enumerate() {
            let stratum = strata.map(|strata| strata[row].as_deref());
            let (Some(time), Some(status)) = (time, status) else { continue };
            if stratum == Some(None) || others.iter().any(|column| column[row].is_none()) {
                continue;
            }
            if let (Some(Some(label)), Some(strata)) = (stratum, &mut found.strata) {
                let known = labels.iter().position(|known| *known == label);
                strata.push(known.unwrap_or_else(|| {
                    labels.push(label);
                    labels.len() - 1
                }));
            }
            found.time.push(*time);
            found.event.push(is_label(status, event_value));
            found.rows.push(row);
        }
        Ok(found)
    }

    /// The rows of `group_value`, if the case is about one group of `group`.
    pub(crate) fn survival_rows_of_group(&self) -> Result<SurvivalRows, InputError> {
        let Some(group) = optional_string(&self.vars, "group")? else { return self.survival_rows(&[]) };
        let label = member(&self.vars, "group_value")?;
        let cells = self.data()?.texts(group)?;
        let rows = self.survival_rows(&[group])?;
        Ok(rows.keep(|row| cells[row].as_deref().is_some_and(|cell| is_label(cell, label))))
    }

    /// The rows of the `groups` of `group`, with the group of each.
    pub(crate) fn survival_groups(&self) -> Result<(SurvivalRows, Vec<usize>), InputError> {
        let name = self.text("group")?;
        let labels = array(&self.vars, "groups")?;
        let cells = self.data()?.texts(name)?;
        let group = |row: usize| {
            let cell = cells[row].as_deref()?;
            labels.iter().position(|label| is_label(cell, label))
        };
        let rows = self.survival_rows(&[name])?.keep(|row| group(row).is_some());
        let groups = rows.rows.iter().filter_map(|&row| group(row)).collect();
        Ok((rows, groups))
    }

    /// The rows with the marker `x`.
    pub(crate) fn survival_marker(&self) -> Result<(SurvivalRows, Vec<f64>), InputError> {
        let name = self.text("x")?;
        let x = self.data()?.numbers(name)?;
        let rows = self.survival_rows(&[name])?;
        let marker = rows.rows.iter().filter_map(|&row| x[row]).collect();
        Ok((rows, marker))
    }

    /// The rows with the `covariates`, numbers as they are and categories by indicators of the levels after the first.
    pub(crate) fn survival_covariates(&self) -> Result<(SurvivalRows, Design), InputError> {
        let covariates = array(&self.vars, "covariates")?;
        let names: Vec<&str> =
            covariates.iter().map(|covariate| string(object(covariate)?, "name")).collect::<Result<_, _>>()?;
        let rows = self.survival_rows(&names)?;
        let mut design = Design { names: vec![], values: vec![], terms: vec![] };
        for (covariate, name) in covariates.iter().zip(names) {
            let covariate = object(covariate)?;
            let from = design.names.len();
            if string(covariate, "type")? == "categorical" {
                let cells = self.data()?.texts(name)?;
                let reference = member(covariate, "reference")?;
                for level in array(covariate, "levels")?.iter().filter(|level| *level != reference) {
                    let label = match level {
                        Value::String(label) => label.clone(),
                        Value::Number(label) => label.to_string(),
                        _ => return Err(wrong_type("levels", level, "a string or a number")),
                    };
                    design.names.push(format!("{name}={label}"));
                    design.values.extend(rows.rows.iter().map(|&row| {
                        let is_level = cells[row].as_deref().is_some_and(|cell| is_label(cell, level));
                        f64::from(u8::from(is_level))
                    }));
                }
            } else {
                let x = self.data()?.numbers(name)?;
                design.names.push(name.to_owned());
                design.values.extend(rows.rows.iter().filter_map(|&row| x[row]));
            }
            design.terms.push((name.to_owned(), from..design.names.len()));
        }
        Ok((rows, design))
    }
}

impl SurvivalRows {
    fn keep(self, row: impl Fn(usize) -> bool) -> Self {
        let kept: Vec<bool> = self.rows.iter().map(|&place| row(place)).collect();
        Self {
            time: only(self.time, &kept),
            event: only(self.event, &kept),
            rows: only(self.rows, &kept),
            strata: self.strata.map(|strata| only(strata, &kept)),
        }
    }

    pub(crate) fn data(&self) -> restudy_stats::survival::SurvivalData<'_> {
        restudy_stats::survival::SurvivalData {
            strata: self.strata.as_deref(),
            ..restudy_stats::survival::SurvivalData::new(&self.time, &self.event)
        }
    }
}

fn only<T>(values: Vec<T>, kept: &[bool]) -> Vec<T> {
    values.into_iter().zip(kept).filter(|(_, kept)| **kept).map(|(value, _)| value).collect()
}
