//! The columns that a plan computes on: the cohort's, and the scores that the study makes of them.

use std::collections::BTreeMap;

use restudy_cohort::{Cohort, Column, Values};

/// Every column by name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame<'a> {
    pub(crate) cohort: &'a Cohort,
    /// Scores, in the order of their blocks.
    pub(crate) scores: &'a [Column],
    /// Columns with their missing values filled, which go before those of the same names.
    pub(crate) completed: &'a [Column],
}

impl<'a> Frame<'a> {
    pub(crate) fn patients(&self) -> usize {
        self.cohort.patients()
    }

    pub(crate) fn columns(&self) -> impl Iterator<Item = &'a Column> {
        self.completed.iter().chain(self.cohort.columns()).chain(self.scores)
    }

    pub(crate) fn column(&self, name: &str) -> Option<&'a Column> {
        self.columns().find(|column| column.name == name)
    }

    /// The measured values of a column; nothing known where the column has none, which the plan has refused.
    pub(crate) fn numbers(&self, name: &str) -> Vec<Option<f64>> {
        match self.column(name).map(|column| &column.values) {
            Some(Values::Numbers(numbers)) => numbers.clone(),
            Some(Values::Dates(days)) => days.iter().map(|day| day.map(f64::from)).collect(),
            // Ordered categories by their places.
            Some(Values::Levels { codes, .. }) => codes.iter().map(|code| code.map(f64::from)).collect(),
            None => vec![None; self.patients()],
        }
    }

    /// Whether each patient has that level.
    pub(crate) fn has_level(&self, name: &str, level: &str) -> Vec<Option<bool>> {
        match self.column(name).map(|column| &column.values) {
            Some(Values::Levels { levels, codes }) => {
                let wanted = place(levels, level);
                codes.iter().map(|code| code.map(|code| Some(code) == wanted)).collect()
            }
            _ => vec![None; self.patients()],
        }
    }

    /// The place of each patient's level among some levels; none for the others.
    pub(crate) fn group_of(&self, name: &str, groups: &[String]) -> Vec<Option<usize>> {
        match self.column(name).map(|column| &column.values) {
            Some(Values::Levels { levels, codes }) => {
                let of_level: Vec<Option<usize>> =
                    levels.iter().map(|level| groups.iter().position(|group| group == level)).collect();
                codes.iter().map(|code| of_level.get(usize::try_from((*code)?).ok()?).copied().flatten()).collect()
            }
            _ => vec![None; self.patients()],
        }
    }
}

fn place(levels: &[String], level: &str) -> Option<u32> {
    levels.iter().position(|known| known == level).and_then(|place| u32::try_from(place).ok())
}

/// The patients that an analysis is about: those who have one of the levels of each variable named, or meet a condition.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subset {
    /// In the words of the study file; empty for all patients.
    pub(crate) label: String,
    pub(crate) conditions: BTreeMap<String, Vec<String>>,
    /// Whether each patient meets the SQL condition, where there is one; none where it cannot be told.
    pub(crate) met: Option<Vec<Option<bool>>>,
}

impl Subset {
    /// Whether each patient is in it; somebody whose level is unknown, or of whom the condition cannot be told, is not.
    pub(crate) fn members(&self, frame: Frame<'_>) -> Vec<bool> {
        let mut members = vec![true; frame.patients()];
        for (variable, levels) in &self.conditions {
            for (member, group) in members.iter_mut().zip(frame.group_of(variable, levels)) {
                *member &= group.is_some();
            }
        }
        for (member, met) in members.iter_mut().zip(self.met.iter().flatten()) {
            *member &= *met == Some(true);
        }
        members
    }

    /// The record of it, where it is not everybody.
    pub(crate) fn record(&self, members: &[bool]) -> Option<restudy_ledger::Within> {
        let n = members.iter().filter(|member| **member).count();
        let undetermined = self.undetermined();
        (!self.label.is_empty()).then(|| restudy_ledger::Within { label: self.label.clone(), n, undetermined })
    }

    /// Patients of whom the condition cannot be told.
    pub(crate) fn undetermined(&self) -> usize {
        self.met.iter().flatten().filter(|met| met.is_none()).count()
    }
}
