//! Cumulative incidences in numbers: for each kind of event, patients and events, the incidence at the times asked for, and
//! the test between groups.

use restudy_ledger::Stat;

use super::comparison::sentence;
use super::reader::{Form, Place, Reader, footnotes};
use crate::table::{Cell, Column, ColumnKind, Line, Marks, Table};

impl<'a> Reader<'a> {
    /// A line for each kind of event, of all patients and with the p-value; below it one for each group.
    pub(crate) fn incidence(&self) -> Table {
        let mut marks = Marks::default();
        let outcome = self.analysis.outcome.as_ref();
        let listed = outcome.and_then(|outcome| outcome.time.as_deref());
        let found = self.distinct(|row| row.stat == Stat::CumulativeIncidence, |row| Some(row.variable.as_str()));
        let time = listed.or_else(|| found.first().copied()).unwrap_or_default();
        let unit = self.variable(time).and_then(|variable| variable.unit.as_deref());
        let level = self.confidence();

        let of_kind = |stat| matches!(stat, Stat::Events | Stat::CumulativeIncidence | Stat::PValue);
        let kinds: Vec<&str> = self.distinct(|row| of_kind(row.stat), |row| row.level.as_deref());
        let times: Vec<f64> = self.distinct(|row| row.stat == Stat::CumulativeIncidence, |row| row.time);
        let tests = self.methods(|row| row.stat == Stat::PValue);
        let tested = self.any(Stat::PValue);
        let mut columns = vec![
            Column::new(ColumnKind::Label, outcome.map_or("Event", |outcome| self.label(&outcome.variable))),
            Column::new(ColumnKind::Number, "n"),
            Column::new(ColumnKind::Number, "Events"),
        ];
        for &time in &times {
            let at = format!("At {}{}", self.style.tidy(time), unit.map(|unit| format!(" {unit}")).unwrap_or_default());
            columns.push(Column::new(ColumnKind::Estimate, format!("Incidence ({level})")).below(Some(&at)));
            columns.push(Column::new(ColumnKind::Number, "At risk").below(Some(&at)));
        }
        columns.extend(tested.then(|| Column::new(ColumnKind::PValue, "P value")));

        let mut line = |kind: &'a str, group: Option<&'a str>, label: &str| {
            let all = Place { group, ..Place::new(time) };
            let own = Place { level: Some(kind), ..all };
            let mut cells = vec![Cell::from(label)];
            cells.push(self.plain(self.find(all, Stat::N), &mut marks));
            cells.push(self.plain(self.find(own, Stat::Events), &mut marks));
            for &time in &times {
                let at = |place: Place<'a>| Place { time: Some(time), ..place };
                cells.push(self.estimate_cell(at(own), Stat::CumulativeIncidence, Form::Percent, &mut marks));
                cells.push(self.plain(self.find(at(all), Stat::AtRisk), &mut marks));
            }
            if tested {
                let p = self.find(own, Stat::PValue).filter(|_| group.is_none());
                cells.push(self.tested_cell(p, &tests, &mut marks));
            }
            cells
        };
        let mut lines = Vec::new();
        for kind in kinds {
            lines.push(Line::item(line(kind, None, kind)));
            let groups = self.analysis.groups.iter().map(|group| group.label.as_str());
            lines.extend(groups.map(|group| Line::part(line(kind, Some(group), group))));
        }

        let mut notes = Vec::new();
        notes.extend(self.analysis.by.as_deref().map(|by| sentence(&format!("Groups: {}", self.label(by)))));
        notes.extend(self.notes());
        notes.extend(self.outcome_note());
        notes.extend(self.methods(|row| row.stat == Stat::CumulativeIncidence).note("Incidence"));
        notes.extend(tests.note("P values"));
        Table { title: self.analysis.title.clone(), columns, lines, footnotes: footnotes(notes, marks) }
    }
}
