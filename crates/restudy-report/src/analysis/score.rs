//! A score: its items and their points, the patients at each value, what each threshold does.

use restudy_ledger::{Context, Row, Stat};

use super::reader::{Form, Place, Reader, footnotes};
use super::roc::threshold;
use crate::style::NONE;
use crate::table::{Cell, Column, ColumnKind, Line, Marks, Table};

impl<'a> Reader<'a> {
    pub(crate) fn items(&self) -> Table {
        let mut marks = Marks::default();
        let derived = self.ledger.rows_of(&self.analysis.id).any(is_derived);
        let mut columns =
            vec![Column::new(ColumnKind::Label, "Item"), Column::new(ColumnKind::Text, "Gives points when")];
        columns.extend(derived.then(|| Column::new(ColumnKind::Number, "Cut-off before rounding")));
        columns.push(Column::new(ColumnKind::Number, "Points"));
        let lines = self.analysis.items.iter().map(|item| {
            let row = self.find(Place::new(&item.variable), Stat::Cutoff);
            let cutoff = row.and_then(|row| row.value.number()).or(item.cutoff);
            let rule = match (&item.level, cutoff) {
                (Some(level), _) => level.clone(),
                (None, Some(cutoff)) => threshold(&self.style, Some(&item.operator), cutoff),
                (None, None) => NONE.to_owned(),
            };
            let rule = row.map_or_else(
                || Cell::from(rule.as_str()),
                |row| self.remarked(Cell::from(rule.as_str()), row, &mut marks),
            );
            let mut cells = vec![Cell::from(self.label_with_unit(&item.variable)), rule];
            cells.extend(derived.then(|| {
                let before = self.rows(&item.variable).find(|row| is_derived(row));
                let value = before.and_then(|row| row.value.number());
                let cell =
                    value.map_or_else(Cell::default, |value| Cell::from(self.style.short(value)).values([value]));
                let by = before.and_then(|row| row.procedure.as_deref());
                let chosen = self.chosen_cutoff(self.rows(&item.variable));
                let said = by.map(super::comparison::named).into_iter().chain(chosen);
                said.fold(cell, |cell, said| cell.mark(marks.of(&said)))
            }));
            cells.push(Cell::from(self.style.tidy(item.points)).values([item.points]));
            Line::item(cells)
        });
        let lines = lines.collect();
        let notes = self.notes().into_iter().chain(self.outcome_note());
        Table { title: self.analysis.title.clone(), columns, lines, footnotes: footnotes(notes, marks) }
    }

    /// The values of the score, or its thresholds, that have such a number.
    fn levels_with(&self, stat: Stat) -> Vec<(&'a str, &'a str)> {
        self.distinct(
            |row| row.stat == stat && row.of.is_none(),
            |row| Some((row.variable.as_str(), row.level.as_deref()?)),
        )
    }

    pub(crate) fn patients_by_score(&self) -> Table {
        let mut marks = Marks::default();
        let values = self.levels_with(Stat::Count);
        let all = self.answers().any(|row| row.stat == Stat::Count && row.group.is_none());
        let groups: Vec<Option<&str>> = all
            .then_some(None)
            .into_iter()
            .chain(self.analysis.groups.iter().map(|group| Some(group.label.as_str())))
            .collect();
        let mut columns = vec![Column::new(ColumnKind::Label, self.score_label())];
        columns.extend(groups.iter().map(|group| {
            let n = group
                .and_then(|name| self.analysis.groups.iter().find(|group| group.label == name))
                .map(|group| group.n);
            let n = n.unwrap_or_else(|| self.analysis.groups.iter().map(|group| group.n).sum());
            Column::new(ColumnKind::Summary, Cell::from(group.unwrap_or("All")).detail(format!("n = {n}")))
        }));
        let risk = self.answers().any(|row| is_risk(row) && row.level.is_some());
        columns.extend(
            risk.then(|| Column::new(ColumnKind::Estimate, format!("Risk of the event ({})", self.confidence()))),
        );
        let lines = values.iter().map(|&(variable, level)| {
            let place = Place { level: Some(level), ..Place::new(variable) };
            let mut cells = vec![Cell::from(level)];
            cells.extend(groups.iter().map(|group| self.count_cell_at(Place { group: *group, ..place }, &mut marks)));
            cells.extend(risk.then(|| self.estimate_cell(place, Stat::Proportion, Form::Percent, &mut marks)));
            Line::item(cells)
        });
        let lines = lines.collect();
        let mut notes = self.notes();
        notes.extend(self.outcome_note());
        let of_value = |row: &'a Row| {
            let total = Place { group: None, ..Place::of(row) };
            row.stat == Stat::Denominator && self.number(total, Stat::Count) == row.value.number()
        };
        let mut denominators = self.answers().filter(|row| row.stat == Stat::Denominator).peekable();
        if denominators.peek().is_some() && denominators.all(of_value) {
            notes.push("Percentages are of all patients with that value of the score.".to_owned());
        }
        let whole: Vec<Place<'a>> = self.distinct(
            |row| row.level.is_none() && matches!(row.stat, Stat::Auc | Stat::PValue),
            |row| Some(Place { level: None, ..Place::of(row) }),
        );
        for place in whole {
            let label = self.label(place.variable).to_owned();
            let label = place.group.map_or_else(|| label.clone(), |group| format!("{label}, {group}"));
            notes.push(format!("{label}: {}.", self.sentence_of(place)));
            notes.extend(self.chosen_cutoff(self.at(place)));
        }
        notes.extend(self.chosen_cutoff_note());
        Table { title: self.analysis.title.clone(), columns, lines, footnotes: footnotes(notes, marks) }
    }

    fn score_label(&self) -> &'a str {
        let names = self.distinct(|row| row.level.is_some(), |row| Some(row.variable.as_str()));
        names.first().map_or("Score", |name| self.label(name))
    }

    fn count_cell_at(&self, place: Place<'a>, marks: &mut Marks) -> Cell {
        let Some(row) = self.find(place, Stat::Count) else { return Cell::default() };
        let Some(count) = row.value.number() else { return self.none(row, marks) };
        let of = self.number(place, Stat::Denominator);
        // Without a group a proportion may be the risk, which has its own column.
        let proportion = self.number(place, Stat::Proportion).filter(|_| place.group.is_some());
        let text = match proportion {
            Some(proportion) => format!("{} ({}%)", self.style.tidy(count), self.percent(Some(count), of, proportion)),
            None => self.style.tidy(count),
        };
        self.remarked(Cell::from(text).values(std::iter::once(count).chain(proportion)), row, marks)
    }

    pub(crate) fn performance_by_threshold(&self) -> Option<Table> {
        let thresholds = self.levels_with(Stat::Sensitivity);
        if thresholds.is_empty() {
            return None;
        }
        let mut marks = Marks::default();
        let performance = self.performance_columns();
        let counts = [
            (Stat::TruePositives, "TP"),
            (Stat::FalsePositives, "FP"),
            (Stat::FalseNegatives, "FN"),
            (Stat::TrueNegatives, "TN"),
        ];
        let counts: Vec<(Stat, &str)> = counts.into_iter().filter(|(stat, _)| self.any(*stat)).collect();
        let mut columns = vec![Column::new(ColumnKind::Label, "Threshold")];
        columns.extend(counts.iter().map(|(_, heading)| Column::new(ColumnKind::Number, *heading)));
        columns.extend(performance.iter().map(|(_, column)| column.clone()));
        let lines = thresholds.iter().map(|&(variable, level)| {
            let place = Place { level: Some(level), ..Place::new(variable) };
            let mut cells = vec![Cell::from(super::roc::condition(level))];
            cells.extend(counts.iter().map(|(stat, _)| self.plain(self.find(place, *stat), &mut marks)));
            cells.extend(self.performance_cells(place, &performance, &mut marks));
            Line::item(cells)
        });
        let lines = lines.collect();
        let named = (!counts.is_empty())
            .then(|| "TP and FN, positive and negative with the event; FP and TN, without it.".to_owned());
        let intervals = self.methods(|row| row.of == Some(Stat::Sensitivity)).note("Intervals of proportions");
        let title = "Performance at each threshold".to_owned();
        Some(Table { title, columns, lines, footnotes: footnotes(named.into_iter().chain(intervals), marks) })
    }
}

/// A cut-off as it was before it was rounded.
fn is_derived(row: &Row) -> bool {
    row.context == Context::Alternative && row.stat == Stat::Cutoff
}

/// The proportion with the event among the patients of a level.
fn is_risk(row: &Row) -> bool {
    row.stat == Stat::Proportion && row.group.is_none() && row.of.is_none()
}
