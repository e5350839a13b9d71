//! Terms of a model: how a variable enters, and the design of the patients who have all of them.

use std::ops::Range;

use restudy_cohort::{Kind, Values};
use restudy_ledger::Term;
use restudy_stats::regression::{Design, DesignBuilder, FitError};
use toml::Spanned;

use crate::block::Resolving;
use crate::describe::{entry, words};
use crate::error::StudyError;
use crate::frame::Frame;

entry! {
    /// A term of a model: a variable's name, or a table that says more.
    pub struct TermEntry {
        /// for a measured variable, the step in its unit that the ratio is for; 1 where nothing is said
        pub per: Option<f64>,
        /// the level that the others are compared with; the first where nothing is said
        pub reference: Option<String>,
        /// how ordered categories enter
        pub coding: Option<Coding>,
    }
}

words! {
    /// How ordered categories enter a model.
    pub enum Coding {
        /// each level against the reference
        Categories = "categories",
        /// one step up the levels
        Trend = "trend",
    }
}

/// A term, resolved.
#[derive(Clone, Debug)]
pub(super) struct PlannedTerm {
    pub(super) variable: String,
    pub(super) form: Form,
}

/// How a variable enters.
#[derive(Clone, Debug)]
pub(super) enum Form {
    Measured { per: f64 },
    Categories { levels: Vec<String>, reference: usize },
    Trend { levels: usize },
}

/// Resolves the terms of a model; none stands twice, none is the outcome.
pub(super) fn resolve(
    resolving: &Resolving<'_>,
    entries: &[TermEntry],
    outcome: &[&str],
    id: &Spanned<String>,
) -> Result<Vec<PlannedTerm>, StudyError> {
    let mut terms: Vec<PlannedTerm> = Vec::new();
    for entry in entries {
        let (variable, span) = (entry.variable.get_ref(), entry.variable.span());
        if terms.iter().any(|term| term.variable == *variable) {
            return Err(resolving.error(&span, format!("the term `{variable}` is named twice"), None));
        }
        if outcome.contains(&variable.as_str()) {
            let message = format!("`{variable}` is the outcome and cannot be a term as well");
            return Err(resolving.error(&span, message, None));
        }
        terms.push(PlannedTerm { variable: variable.clone(), form: form(resolving, entry)? });
    }
    if terms.is_empty() {
        return Err(resolving.error(&id.span(), "the model has no terms", None));
    }
    Ok(terms)
}

fn form(resolving: &Resolving<'_>, entry: &TermEntry) -> Result<Form, StudyError> {
    let (variable, span) = (entry.variable.get_ref(), entry.variable.span());
    let column = resolving.column(variable, &span)?;
    let refuse = |span: Range<usize>, what: &str, why: &str| {
        Err(resolving.error(&span, format!("`{variable}` cannot have a `{what}`: {why}"), None))
    };
    match &column.values {
        Values::Dates(_) => {
            let hint = "derive a duration from it with `[[data.derive]]`".to_owned();
            Err(resolving.error(&span, format!("`{variable}` is a date, and dates are no terms"), Some(hint)))
        }
        Values::Numbers(_) => {
            if let Some(reference) = &entry.reference {
                return refuse(reference.span(), "reference", "it has no levels");
            }
            if let Some(coding) = &entry.coding {
                return refuse(coding.span(), "coding", "it has no levels");
            }
            match &entry.per {
                Some(per) if !(per.get_ref().is_finite() && *per.get_ref() > 0.0) => {
                    refuse(per.span(), "per", "a step is a number above 0")
                }
                per => Ok(Form::Measured { per: per.as_ref().map_or(1.0, |per| *per.get_ref()) }),
            }
        }
        Values::Levels { levels, .. } => {
            if let Some(per) = &entry.per {
                return refuse(per.span(), "per", "it has levels, and no unit");
            }
            if let Some(coding) = entry.coding.as_ref().filter(|coding| *coding.get_ref() == Coding::Trend) {
                if column.kind != Kind::Ordinal {
                    return refuse(coding.span(), "trend", "its levels have no order");
                }
                return Ok(Form::Trend { levels: levels.len() });
            }
            let reference = match &entry.reference {
                None => 0,
                Some(label) => {
                    let label = resolving.level(column, label.get_ref(), &label.span())?;
                    levels.iter().position(|level| *level == label).unwrap_or(0)
                }
            };
            Ok(Form::Categories { levels: levels.clone(), reference })
        }
    }
}

impl PlannedTerm {
    /// Whether each patient has a value.
    pub(super) fn known(&self, frame: Frame<'_>) -> Vec<bool> {
        frame.numbers(&self.variable).iter().map(Option::is_some).collect()
    }

    /// The lines of the model's table.
    pub(super) fn lines(&self) -> Vec<Term> {
        let line = |level: Option<&String>, reference: Option<&String>, per| Term {
            variable: self.variable.clone(),
            level: level.cloned(),
            reference: reference.cloned(),
            per,
        };
        match &self.form {
            Form::Measured { per } => vec![line(None, None, Some(*per))],
            Form::Trend { .. } => vec![line(None, None, None)],
            Form::Categories { levels, reference } => (levels.iter().enumerate())
                .filter(|(place, _)| place != reference)
                .map(|(_, level)| line(Some(level), levels.get(*reference), None))
                .collect(),
        }
    }

    /// In the plan's text.
    pub(super) fn to_text(&self) -> String {
        match &self.form {
            Form::Measured { per } if *per == 1.0 => format!("{}, per unit", self.variable),
            Form::Measured { per } => format!("{}, per {per} units", self.variable),
            Form::Trend { .. } => format!("{}, one step up its levels", self.variable),
            Form::Categories { levels, reference } => {
                format!("{}, against {}", self.variable, levels.get(*reference).map_or("", String::as_str))
            }
        }
    }
}

/// A begun design with some terms, of the patients in `rows`. Levels that nobody of them has make no column.
pub(super) fn design(
    mut builder: DesignBuilder,
    terms: &[&PlannedTerm],
    rows: &[usize],
    frame: Frame<'_>,
) -> Result<Design, FitError> {
    for term in terms {
        // The rows have a value of every term.
        let values = frame.numbers(&term.variable);
        let values: Vec<f64> = rows.iter().map(|row| values[*row].unwrap_or_default()).collect();
        builder = match &term.form {
            Form::Measured { per } => builder.continuous(&term.variable, &values, *per),
            Form::Trend { levels } => {
                let codes: Vec<usize> = values.iter().map(|code| *code as usize).collect();
                builder.trend(&term.variable, &codes, *levels)
            }
            Form::Categories { levels, reference } => {
                let codes: Vec<usize> = values.iter().map(|code| *code as usize).collect();
                let used: Vec<usize> = (0..levels.len()).filter(|level| codes.contains(level)).collect();
                let place = |code: &usize| used.iter().position(|level| level == code);
                let labels: Vec<&str> = used.iter().map(|level| levels[*level].as_str()).collect();
                let codes: Vec<usize> = codes.iter().filter_map(place).collect();
                builder.categorical(&term.variable, &codes, &labels, place(reference).unwrap_or(0))
            }
        };
    }
    builder.finish()
}
