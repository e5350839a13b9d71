//! A score or a model on patients that it was not made from, or on bootstrap copies of those it was.

use restudy_ledger::Stat;

use super::reader::{Form, Place, Reader, footnotes, is_qualifier};
use crate::table::{Cell, Column, ColumnKind, Line, Marks, Table};

impl<'a> Reader<'a> {
    pub(crate) fn validation(&self) -> Table {
        let mut marks = Marks::default();
        let own =
            |stat| !is_qualifier(stat) && !has_own_table(stat) && !matches!(stat, Stat::Optimism | Stat::Corrected);
        let measures: Vec<(Place<'a>, Stat)> =
            self.distinct(|row| row.of.is_none() && own(row.stat), |row| Some((Place::of(row), row.stat)));
        let variables = self.distinct(|row| own(row.stat), |row| Some(row.variable.as_str()));
        let has = |stat| self.any(stat);
        let mut columns = vec![
            Column::new(ColumnKind::Label, "Measure"),
            Column::new(
                ColumnKind::Estimate,
                format!("{} ({})", if has(Stat::Corrected) { "Apparent" } else { "Value" }, self.confidence()),
            ),
        ];
        let corrections = [(Stat::Optimism, "Optimism"), (Stat::Corrected, "Corrected")];
        let corrections: Vec<(Stat, &str)> = corrections.into_iter().filter(|(stat, _)| has(*stat)).collect();
        columns.extend(corrections.iter().map(|(_, heading)| Column::new(ColumnKind::Number, *heading)));
        let tests = self.methods(|row| row.stat == Stat::PValue);
        columns.extend(has(Stat::PValue).then(|| Column::new(ColumnKind::PValue, "P value")));

        let mut lines = Vec::new();
        let mut above = None;
        for (place, stat) in measures {
            if variables.len() > 1 && above != Some(place.variable) {
                lines.push(Line::heading(self.label(place.variable)));
                above = Some(place.variable);
            }
            let qualified =
                [place.model, place.group, place.level].into_iter().flatten().collect::<Vec<_>>().join(", ");
            let label = Cell::from(stat.label());
            let label = if qualified.is_empty() { label } else { label.detail(qualified) };
            let value = self.number(place, stat).unwrap_or(f64::NAN);
            let form = Form::of(stat, if value.fract() == 0.0 { 0 } else { 2 });
            let mut cells = vec![label, self.estimate_cell(place, stat, form, &mut marks)];
            for (correction, _) in &corrections {
                let row = self.at(place).find(|row| row.stat == *correction && row.of == Some(stat));
                cells.push(row.map_or_else(Cell::default, |row| match row.value.number() {
                    Some(value) => {
                        self.remarked(Cell::from(self.written(value, None, form)).values([value]), row, &mut marks)
                    }
                    None => self.none(row, &mut marks),
                }));
            }
            if has(Stat::PValue) {
                let p = self.at(place).find(|row| row.stat == Stat::PValue && row.of == Some(stat));
                cells.push(self.tested_cell(p, &tests, &mut marks));
            }
            lines.push(Line::item(cells));
        }
        let mut notes = self.notes();
        notes.extend(self.outcome_note());
        notes.extend(self.methods(|row| row.stat == Stat::Corrected).note("Correction"));
        notes.extend(tests.note("P values"));
        Table { title: self.analysis.title.clone(), columns, lines, footnotes: footnotes(notes, marks) }
    }

    /// How often each variable was selected over the copies.
    pub(crate) fn selection_frequency(&self) -> Option<Table> {
        let places: Vec<Place<'a>> =
            self.distinct(|row| row.stat == Stat::SelectionFrequency, |row| Some(Place::of(row)));
        self.listed("How often each was selected", "Frequency", Stat::SelectionFrequency, &places)
    }

    /// Net benefit at the thresholds of risk.
    pub(crate) fn net_benefit(&self) -> Option<Table> {
        let places: Vec<Place<'a>> = self.distinct(|row| row.stat == Stat::NetBenefit, |row| Some(Place::of(row)));
        self.listed("Net benefit", "Net benefit", Stat::NetBenefit, &places)
    }

    fn listed(&self, title: &str, heading: &str, stat: Stat, places: &[Place<'a>]) -> Option<Table> {
        let mut marks = Marks::default();
        let lines: Vec<Line> = places
            .iter()
            .map(|&place| {
                let label = Cell::from(self.label(place.variable));
                let own = [place.level, place.model].into_iter().flatten().collect::<Vec<_>>().join(", ");
                let label = if own.is_empty() { label } else { label.detail(own) };
                Line::item(vec![label, self.estimate_cell(place, stat, Form::of(stat, 3), &mut marks)])
            })
            .collect();
        let columns = vec![Column::new(ColumnKind::Label, "Of"), Column::new(ColumnKind::Number, heading)];
        (!lines.is_empty()).then(|| Table { title: title.to_owned(), columns, lines, footnotes: footnotes([], marks) })
    }
}

/// Whether numbers of that name stand in a table beside the main one.
fn has_own_table(stat: Stat) -> bool {
    matches!(stat, Stat::SelectionFrequency | Stat::NetBenefit)
}
