//! A score or a model on patients that it was not made from, or on bootstrap copies of those it was.

use restudy_ledger::{Row, Stat};

use super::reader::{Form, Place, Reader, footnotes, is_qualifier};
use crate::table::{Cell, Column, ColumnKind, Line, Marks, Table};

impl<'a> Reader<'a> {
    pub(crate) fn validation(&self) -> Table {
        let mut marks = Marks::default();
        let own =
            |stat| !is_qualifier(stat) && !has_own_table(stat) && !matches!(stat, Stat::Optimism | Stat::Corrected);
        let measures: Vec<(Place<'a>, Stat)> =
            self.distinct(|row| row.of.is_none() && own(row.stat), |row| Some((Place::of(row), row.stat)));
        let variables = self.distinct(|row| row.of.is_none() && own(row.stat), |row| Some(row.variable.as_str()));
        let has = |stat| self.any(stat);
        let mut columns = vec![
            Column::new(ColumnKind::Label, "Measure"),
            Column::new(
                ColumnKind::Estimate,
                format!("{} ({})", if has(Stat::Corrected) { "Apparent" } else { "Value" }, self.confidence()),
            ),
        ];
        // What corrects the measures: how much they flatter, then what is left, by each way to correct them.
        let corrections: Vec<(Stat, Option<&str>)> = [Stat::Optimism, Stat::Corrected]
            .into_iter()
            .flat_map(|stat| {
                let ways = self.distinct(|row| row.stat == stat, |row| Some(row.model.as_deref()));
                ways.into_iter().map(move |way| (stat, way))
            })
            .collect();
        columns.extend(corrections.iter().map(|(stat, way)| match (stat, way) {
            (Stat::Optimism, _) => Column::new(ColumnKind::Number, "Optimism"),
            (_, None) => Column::new(ColumnKind::Number, "Corrected"),
            (_, Some(way)) => Column::new(ColumnKind::Number, super::reader::upper(way)).below(Some("Corrected")),
        }));
        let tests = self.methods(|row| row.stat == Stat::PValue);
        columns.extend(has(Stat::PValue).then(|| Column::new(ColumnKind::PValue, "P value")));

        let mut lines = Vec::new();
        let mut above = None;
        for &(place, stat) in &measures {
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
            for (correction, model) in &corrections {
                let place = Place { model: model.or(place.model), ..place };
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
        notes.extend(self.methods(|row| row.stat == Stat::Optimism).note("Correction"));
        notes.extend(tests.note("P values"));
        Table { title: self.analysis.title.clone(), columns, lines, footnotes: footnotes(notes, marks) }
    }

    /// How often each variable was selected over the copies, the most often first, and where its cut-off then lay.
    pub(crate) fn selection_frequency(&self) -> Option<Table> {
        let mut places: Vec<Place<'a>> =
            self.distinct(|row| row.stat == Stat::SelectionFrequency, |row| Some(Place::of(row)));
        let frequency = |place: &Place<'a>| self.number(*place, Stat::SelectionFrequency).unwrap_or(f64::NAN);
        places.sort_by(|a, b| frequency(b).total_cmp(&frequency(a)));
        let mut table = self.listed("How often each was selected", "Frequency", Stat::SelectionFrequency, &places)?;
        let is_cutoff = |row: &Row| row.of == Some(Stat::Cutoff);
        if self.answers().any(is_cutoff) {
            let heading = Cell::from("Cut-off").detail("median (quartiles)");
            table.columns.push(Column::new(ColumnKind::Summary, heading));
            for (line, place) in table.lines.iter_mut().zip(&places) {
                let number = |stat| {
                    self.at(*place).find(|row| is_cutoff(row) && row.stat == stat).and_then(|row| row.value.number())
                };
                let cell = match [Stat::Median, Stat::Q1, Stat::Q3].map(number) {
                    [Some(median), Some(q1), Some(q3)] => {
                        let [a, b, c] = [median, q1, q3].map(|value| self.style.short(value));
                        Cell::from(format!("{a} ({b}, {c})")).values([median, q1, q3])
                    }
                    _ => Cell::default(),
                };
                line.cells.push(cell);
            }
        }
        Some(table)
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
