//! A score or a model on patients that it was not made from, or on bootstrap copies of those it was.

use restudy_ledger::{Row, Stat};

use super::reader::{Form, Place, Reader, footnotes, is_qualifier};
use crate::table::{Cell, Column, ColumnKind, Footnote, Line, Marks, Table};

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
        // What corrects the measures, then each other way to correct them, by its name.
        let of_measure = |row: &Row| measures.iter().any(|(place, _)| place.model == row.model.as_deref());
        let mut corrections = vec![(Stat::Optimism, None, "Optimism"), (Stat::Corrected, None, "Corrected")];
        corrections.retain(|(stat, ..)| self.answers().any(|row| row.stat == *stat && of_measure(row)));
        let others = self.distinct(|row| row.stat == Stat::Corrected && !of_measure(row), |row| row.model.as_deref());
        corrections.extend(others.into_iter().map(|name| (Stat::Corrected, Some(name), name)));
        columns.extend(
            corrections.iter().map(|(.., heading)| Column::new(ColumnKind::Number, super::reader::upper(heading))),
        );
        // That of a cut-off is said in a note.
        let is_p = |row: &Row| row.stat == Stat::PValue && row.of != Some(Stat::Cutoff);
        let (tests, tested) = (self.methods(is_p), self.answers().any(is_p));
        columns.extend(tested.then(|| Column::new(ColumnKind::PValue, "P value")));

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
            for (correction, model, _) in &corrections {
                let place = Place { model: model.or(place.model), ..place };
                let row = self.at(place).find(|row| row.stat == *correction && row.of == Some(stat));
                cells.push(row.map_or_else(Cell::default, |row| match row.value.number() {
                    Some(value) => {
                        self.remarked(Cell::from(self.written(value, None, form)).values([value]), row, &mut marks)
                    }
                    None => self.none(row, &mut marks),
                }));
            }
            if tested {
                let p = self.at(place).find(|row| is_p(row) && row.of == Some(stat));
                cells.push(self.tested_cell(p, &tests, &mut marks));
            }
            lines.push(Line::item(cells));
        }
        let mut notes = self.notes();
        notes.extend(self.outcome_note());
        notes.extend(self.methods(|row| row.stat == Stat::Optimism).note("Correction"));
        notes.extend(tests.note("P values"));
        let chosen: Vec<Place<'a>> = self.distinct(is_counted, |row| Some(Place::of(row)));
        for place in chosen.into_iter().filter(|place| self.find(*place, Stat::SelectionFrequency).is_none()) {
            let said = self.chosen_cutoff(self.at(place));
            notes.extend(said.map(|said| format!("{}: {said}", self.label(place.variable))));
        }
        notes.extend(self.chosen_cutoff_note());
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
        let items: Vec<&Place<'a>> = places.iter().filter(|place| self.at(**place).any(is_counted)).collect();
        if !items.is_empty() {
            for (heading, stat) in [("by itself", Stat::PValue), ("search counted", Stat::PAdjusted)] {
                table.columns.push(Column::new(ColumnKind::PValue, Cell::from("P of the cut-off").detail(heading)));
                for (line, place) in table.lines.iter_mut().zip(&places) {
                    let p = self.at(*place).find(|row| row.stat == stat && row.of == Some(Stat::Cutoff));
                    line.cells.push(p.map_or_else(Cell::default, |row| self.p_of(row)));
                }
            }
            let note = "P values are of the items’ cut-offs on all patients. The search over the cut-offs of an item is counted, \
                        the choice of the item among the candidates is not: the frequency of selection tells of that.";
            table.footnotes.push(Footnote { mark: None, text: note.to_owned() });
            table.footnotes.extend(self.chosen_cutoff_note().map(|text| Footnote { mark: None, text }));
        }
        Some(table)
    }

    /// How far the predictions and classes of the patients move over the copies: their spread, and nobody's own.
    pub(crate) fn stability_of_patients(&self) -> Option<Table> {
        let figures = [
            (Stat::PredictionInstability, "Mean absolute difference of the predicted risk"),
            (Stat::ClassificationInstability, "Share of resamples in another class"),
        ];
        let mut lines = Vec::new();
        for (stat, label) in figures {
            for place in self.distinct(|row| row.stat == stat, |row| Some(Place::of(row))) {
                let form = Form::of(stat, 3);
                let of = |wanted| {
                    self.at(place)
                        .find(|row| row.stat == wanted && row.of == Some(stat))
                        .and_then(|row| row.value.number())
                };
                let written = |numbers: &[Option<f64>]| {
                    let known: Vec<f64> = numbers.iter().copied().flatten().collect();
                    let texts: Vec<String> = known.iter().map(|number| self.written(*number, None, form)).collect();
                    let text = match texts.as_slice() {
                        [one] => one.clone(),
                        [median, q1, q3] => format!("{median} ({q1}, {q3})"),
                        _ => String::new(),
                    };
                    Cell::from(text).values(known)
                };
                lines.push(Line::item(vec![
                    Cell::from(label),
                    written(&[self.number(place, stat)]),
                    written(&[of(Stat::Median), of(Stat::Q1), of(Stat::Q3)]),
                    written(&[of(Stat::Max)]),
                ]));
            }
        }
        let columns = vec![
            Column::new(ColumnKind::Label, "Of a patient, over the resamples"),
            Column::new(ColumnKind::Number, "Mean"),
            Column::new(ColumnKind::Summary, Cell::from("Median").detail("quartiles")),
            Column::new(ColumnKind::Number, "Greatest"),
        ];
        let text =
            "How far each patient’s prediction by the score of all patients is from those by the scores of resamples; \
                    mean, median, quartiles and greatest are over the patients."
                .to_owned();
        let footnotes = vec![Footnote { mark: None, text }];
        let title = "Stability of the patients’ predictions".to_owned();
        (!lines.is_empty()).then_some(Table { title, columns, lines, footnotes })
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

/// Whether it is the p-value of a chosen cut-off with the search counted.
fn is_counted(row: &Row) -> bool {
    row.stat == Stat::PAdjusted && row.of == Some(Stat::Cutoff)
}

/// Whether numbers of that name stand in a table beside the main one.
fn has_own_table(stat: Stat) -> bool {
    matches!(
        stat,
        Stat::SelectionFrequency | Stat::NetBenefit | Stat::PredictionInstability | Stat::ClassificationInstability
    )
}
