//! Survival curves in numbers: patients and events, median times, survival at the times asked for.

use restudy_ledger::Stat;

use super::reader::{Form, Place, Reader, footnotes};
use crate::style::NONE;
use crate::table::{Cell, Column, ColumnKind, Line, Marks, Table};

impl<'a> Reader<'a> {
    /// The groups with rows of their own: all patients first, then the groups in the order of their columns.
    fn curves(&self) -> Vec<Option<&'a str>> {
        let found = self.distinct(
            |row| matches!(row.stat, Stat::N | Stat::Events | Stat::MedianSurvival | Stat::Survival),
            |row| Some(row.group.as_deref()),
        );
        let listed = self.analysis.groups.iter().map(|group| Some(group.label.as_str()));
        let mut curves: Vec<Option<&str>> =
            std::iter::once(None).chain(listed).filter(|group| found.contains(group)).collect();
        curves.extend(found.iter().filter(|group| !curves.contains(group)).copied().collect::<Vec<_>>());
        curves
    }

    pub(crate) fn survival(&self) -> Table {
        let mut marks = Marks::default();
        let outcome = self.analysis.outcome.as_ref();
        let listed = outcome.and_then(|outcome| outcome.time.as_deref());
        let found = self.distinct(|row| row.stat == Stat::Survival, |row| Some(row.variable.as_str()));
        let time = listed.or_else(|| found.first().copied()).unwrap_or_default();
        let unit = self.variable(time).and_then(|variable| variable.unit.as_deref());
        let in_unit = |words: &str| unit.map_or_else(|| words.to_owned(), |unit| format!("{words}, {unit}"));
        let level = self.confidence();

        let curves = self.curves();
        let times: Vec<f64> = self.distinct(|row| row.stat == Stat::Survival, |row| row.time);
        let at_risk = |time: f64| self.answers().any(|row| row.stat == Stat::AtRisk && row.time == Some(time));
        let has = |stat| self.any(stat);
        let mut columns = vec![
            Column::new(ColumnKind::Label, self.analysis.by.as_deref().map_or("Patients", |by| self.label(by))),
            Column::new(ColumnKind::Number, "n"),
            Column::new(ColumnKind::Number, "Events"),
        ];
        let estimates = [(Stat::MedianSurvival, format!("Median survival ({level})"))];
        for (stat, heading) in &estimates {
            columns.extend(has(*stat).then(|| Column::new(ColumnKind::Estimate, in_unit(heading))));
        }
        let means: Vec<f64> = self.distinct(|row| row.stat == Stat::RestrictedMean, |row| row.time);
        columns.extend(means.iter().map(|&to| {
            Column::new(ColumnKind::Estimate, in_unit(&format!("Mean up to {} ({level})", self.style.tidy(to))))
        }));
        // Some times stand side by side, many below each other.
        let below = times.len() > MANY_TIMES;
        let at = |time: f64| self.style.at_time(time, unit);
        let survival = format!("Survival ({level})");
        if below {
            columns.push(Column::new(ColumnKind::Estimate, survival.as_str()));
            let counted = times.iter().any(|&time| at_risk(time));
            columns.extend(counted.then(|| Column::new(ColumnKind::Number, "At risk")));
        }
        for &time in times.iter().filter(|_| !below) {
            let at = at(time);
            let shared = at_risk(time).then_some(at.as_str());
            let heading = if shared.is_some() { survival.clone() } else { format!("{at} ({level})") };
            columns.push(Column::new(ColumnKind::Estimate, heading).below(shared));
            columns.extend(shared.map(|at| Column::new(ColumnKind::Number, "At risk").below(Some(at))));
        }
        let follow_up = has(Stat::MedianFollowUp);
        columns.extend(
            follow_up.then(|| Column::new(ColumnKind::Estimate, in_unit(&format!("Median follow-up ({level})")))),
        );

        let mut lines = Vec::new();
        for group in curves {
            let place = Place { group, ..Place::new(time) };
            let mut cells = vec![Cell::from(group.unwrap_or("All"))];
            cells.extend([Stat::N, Stat::Events].map(|stat| self.plain(self.find(place, stat), &mut marks)));
            for (stat, _) in estimates.iter().filter(|(stat, _)| has(*stat)) {
                cells.push(self.time_cell(place, *stat, &mut marks));
            }
            cells.extend(means.iter().map(|&to| {
                self.estimate_cell(Place { time: Some(to), ..place }, Stat::RestrictedMean, Form::Places(1), &mut marks)
            }));
            let mut at_time = |time: f64, counted: bool| {
                let at = Place { time: Some(time), ..place };
                let mut cells = vec![self.estimate_cell(at, Stat::Survival, Form::Percent, &mut marks)];
                cells.extend(counted.then(|| self.plain(self.find(at, Stat::AtRisk), &mut marks)));
                cells
            };
            let mut parts = Vec::new();
            if below {
                let counted = times.iter().any(|&time| at_risk(time));
                let (before, width) = (cells.len(), 1 + usize::from(counted));
                cells.extend(std::iter::repeat_n(Cell::default(), width));
                parts.extend(times.iter().map(|&time| {
                    let mut line = vec![Cell::from(at(time))];
                    line.extend(std::iter::repeat_n(Cell::default(), before - 1));
                    line.extend(at_time(time, counted));
                    line.extend(follow_up.then(Cell::default));
                    Line::part(line)
                }));
            } else {
                cells.extend(times.iter().flat_map(|&time| at_time(time, at_risk(time))));
            }
            cells.extend(follow_up.then(|| self.time_cell(place, Stat::MedianFollowUp, &mut marks)));
            lines.push(Line::item(cells));
            lines.extend(parts);
        }

        let mut notes = self.notes();
        notes.extend(self.outcome_note());
        notes.extend(self.methods(|row| row.stat == Stat::Survival).note("Survival"));
        notes.extend(self.methods(|row| row.stat == Stat::MedianFollowUp).note("Follow-up"));
        notes.extend(self.log_rank(time));
        if lines.iter().any(|line: &Line| line.cells.iter().any(|cell| cell.text.contains(NOT_REACHED))) {
            notes.push("NR, not reached.".to_owned());
        }
        Table { title: self.analysis.title.clone(), columns, lines, footnotes: footnotes(notes, marks) }
    }

    /// A time with its limits. What the curve does not reach is said to be so, without a footnote.
    fn time_cell(&self, place: Place<'a>, stat: Stat, marks: &mut Marks) -> Cell {
        let Some(row) = self.find(place, stat) else { return Cell::default() };
        let Some(value) = row.value.number() else {
            return match stat {
                Stat::MedianSurvival => Cell { text: NOT_REACHED.to_owned(), ..self.none(row, marks) },
                _ => self.none(row, marks),
            };
        };
        let limits = self.limits(place, stat);
        let numbers = || std::iter::once(value).chain(limits.into_iter().flat_map(|(low, high)| [low, high]));
        let text = self.written(value, limits, Form::Places(self.unit_places(place.variable, numbers())));
        self.remarked(Cell::from(text.replace(NONE, NOT_REACHED)).values(numbers()), row, marks)
    }

    /// The test between all groups, in a sentence.
    fn log_rank(&self, time: &'a str) -> Option<String> {
        let place = Place::new(time);
        let row = self.find(place, Stat::PValue)?;
        let name = row.procedure.as_deref().map_or("Comparison of the groups", crate::procedure::full_name);
        let Some(p) = row.value.number() else {
            return Some(super::sentence(&format!("{name}: {}", row.reason.as_deref().unwrap_or("no p-value"))));
        };
        let p = self.style.p_in_words(p, self.analysis.alpha);
        let number = |stat, name: &str| {
            self.number(place, stat).map(|value| format!("{name} {}, ", self.style.tidy(value))).unwrap_or_default()
        };
        let (statistic, df) = (number(Stat::Statistic, "χ² ="), number(Stat::Df, "df"));
        Some(super::sentence(&format!("{name}: {statistic}{df}{p}")))
    }

    /// Pairs that are compared with one another: groups, or areas of markers.
    pub(crate) fn contrasts(&self) -> Option<Table> {
        let places: Vec<Place<'a>> =
            self.distinct(|row| row.with.is_some() && row.stat == Stat::PValue, |row| Some(Place::of(row)));
        if places.is_empty() {
            return None;
        }
        let mut marks = Marks::default();
        let tests = self.methods(|row| row.with.is_some() && row.stat == Stat::PValue);
        let adjusted = self.answers().any(|row| row.with.is_some() && row.stat == Stat::PAdjusted);
        let estimated = self.answers().any(|row| row.with.is_some() && row.stat == Stat::Estimate);
        let of = self.distinct(|row| row.with.is_some() && row.stat == Stat::PValue, |row| row.of);
        let counted = self.answers().any(|row| row.with.is_some() && row.stat == Stat::N);
        let mut columns = vec![Column::new(ColumnKind::Label, "Pair")];
        columns.extend(counted.then(|| Column::new(ColumnKind::Number, "n")));
        columns.extend(estimated.then(|| {
            let what = of.first().map_or("Difference".to_owned(), |of| format!("Difference of {}", of.label()));
            Column::new(ColumnKind::Estimate, format!("{what} ({})", self.confidence()))
        }));
        columns.push(Column::new(ColumnKind::Number, "Statistic"));
        columns.push(Column::new(ColumnKind::PValue, "P value"));
        columns.extend(adjusted.then(|| Column::new(ColumnKind::PValue, "P adjusted")));
        let mut lines = Vec::new();
        for place in places {
            let first = place.group.unwrap_or_else(|| self.label(place.variable));
            let second = place.with.map(|with| self.label(with)).unwrap_or_default();
            let mut cells = vec![Cell::from(format!("{first} – {second}"))];
            let row = |stat| self.at(place).find(|row| row.stat == stat);
            let number = |stat| row(stat).and_then(|row| row.value.number());
            cells.extend(counted.then(|| self.plain(row(Stat::N), &mut marks)));
            cells.extend(estimated.then(|| match number(Stat::Estimate) {
                Some(value) => {
                    let limits = number(Stat::ConfLow).zip(number(Stat::ConfHigh));
                    let values = std::iter::once(value).chain(limits.into_iter().flat_map(|(low, high)| [low, high]));
                    Cell::from(self.written(value, limits, Form::Coefficient)).values(values)
                }
                None => Cell::default(),
            }));
            cells.push(self.plain(row(Stat::Statistic).or_else(|| row(Stat::Z)), &mut marks));
            let p = row(Stat::PValue);
            cells.push(self.tested_cell(p, &tests, &mut marks));
            cells.extend(adjusted.then(|| self.adjusted(place, Stat::PValue, &mut marks)));
            lines.push(Line::item(cells));
        }
        let title = "Pairs compared".to_owned();
        Some(Table { title, columns, lines, footnotes: footnotes(tests.note("P values"), marks) })
    }
}

/// More times than this stand below each other, not side by side.
pub(super) const MANY_TIMES: usize = 3;

/// What stands for a time that the curve does not reach.
const NOT_REACHED: &str = "NR";
