//! Cumulative incidences in numbers: for each kind of event, patients and events, the incidence at the times asked for, and
//! the test between groups.

use restudy_ledger::Stat;

use super::comparison::sentence;
use super::reader::{Form, Place, Reader, footnotes};
use super::survival::MANY_TIMES;
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
        // Some times stand side by side, many below each other.
        let below = times.len() > MANY_TIMES;
        let at = |time: f64| self.style.at_time(time, unit);
        let of_time = |shared: Option<&str>| {
            let estimate = Column::new(ColumnKind::Estimate, format!("Incidence ({level})")).below(shared);
            [estimate, Column::new(ColumnKind::Number, "At risk").below(shared)]
        };
        if below {
            columns.extend(of_time(None));
        } else {
            columns.extend(times.iter().flat_map(|&time| of_time(Some(&at(time)))));
        }
        columns.extend(tested.then(|| Column::new(ColumnKind::PValue, "P value")));

        let at_time = |kind: &'a str, group: Option<&'a str>, time_at: f64, marks: &mut Marks| {
            let all = Place { group, time: Some(time_at), ..Place::new(time) };
            let own = Place { level: Some(kind), ..all };
            let incidence = self.estimate_cell(own, Stat::CumulativeIncidence, Form::Percent, marks);
            [incidence, self.plain(self.find(all, Stat::AtRisk), marks)]
        };
        let mut lines = Vec::new();
        for kind in kinds {
            let groups = self.analysis.groups.iter().map(|group| Some(group.label.as_str()));
            for group in std::iter::once(None).chain(groups) {
                let all = Place { group, ..Place::new(time) };
                let own = Place { level: Some(kind), ..all };
                let mut cells = vec![match group {
                    // Below its times a group is no longer seen to be of that kind.
                    Some(group) if below => Cell::from(format!("{kind}, {group}")),
                    group => Cell::from(group.unwrap_or(kind)),
                }];
                cells.push(self.plain(self.find(all, Stat::N), &mut marks));
                cells.push(self.plain(self.find(own, Stat::Events), &mut marks));
                if below {
                    cells.extend([Cell::default(), Cell::default()]);
                } else {
                    cells.extend(times.iter().flat_map(|&at| at_time(kind, group, at, &mut marks)));
                }
                if tested {
                    let p = self.find(own, Stat::PValue).filter(|_| group.is_none());
                    cells.push(self.tested_cell(p, &tests, &mut marks));
                }
                lines.push(if group.is_none() || below { Line::item(cells) } else { Line::part(cells) });
                for &time in times.iter().filter(|_| below) {
                    let mut cells = vec![Cell::from(at(time)), Cell::default(), Cell::default()];
                    cells.extend(at_time(kind, group, time, &mut marks));
                    cells.extend(tested.then(Cell::default));
                    lines.push(Line::part(cells));
                }
            }
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
