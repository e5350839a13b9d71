//! Correlations: a list of pairs, and the matrix of all.

use restudy_ledger::Stat;

use super::reader::{Form, Place, Reader, footnotes};
use crate::table::{Cell, Column, ColumnKind, Line, Marks, Table};

impl<'a> Reader<'a> {
    /// The pairs, in the ledger's order.
    fn pairs(&self) -> Vec<Place<'a>> {
        self.distinct(|row| row.stat == Stat::R && row.of.is_none(), |row| Some(Place::of(row)))
    }

    pub(crate) fn correlation(&self) -> Table {
        let mut marks = Marks::default();
        let pairs = self.pairs();
        let grouped = pairs.iter().any(|pair| pair.group.is_some());
        let (counted, adjusted) = (self.any(Stat::N), self.any(Stat::PAdjusted));
        let mut columns = vec![Column::new(ColumnKind::Label, "Variable"), Column::new(ColumnKind::Text, "With")];
        columns.extend(grouped.then(|| Column::new(ColumnKind::Text, "Group")));
        columns.extend(counted.then(|| Column::new(ColumnKind::Patients, "n")));
        columns.push(Column::new(ColumnKind::Estimate, format!("r ({})", self.confidence())));
        columns.push(Column::new(ColumnKind::PValue, "P value"));
        columns.extend(adjusted.then(|| Column::new(ColumnKind::PValue, "P adjusted")));

        let coefficients = self.methods(|row| row.stat == Stat::R);
        let tests = self.methods(|row| row.stat == Stat::PValue);
        let lines = pairs.iter().map(|&pair| {
            let with = pair.with.map(|with| self.label_with_unit(with)).unwrap_or_default();
            let mut cells = vec![Cell::from(self.label_with_unit(pair.variable)), Cell::from(with)];
            cells.extend(grouped.then(|| Cell::from(pair.group.unwrap_or("All"))));
            cells.extend(counted.then(|| self.plain(self.find(pair, Stat::N), &mut marks)));
            cells.push(self.estimate_cell(pair, Stat::R, Form::Coefficient, &mut marks));
            cells.push(self.tested_cell(self.qualifier(pair, Stat::PValue, Stat::R), &tests, &mut marks));
            cells.extend(adjusted.then(|| self.adjusted(pair, Stat::R, &mut marks)));
            Line::item(cells)
        });
        let lines = lines.collect();
        let method = tests.note("P values").or_else(|| coefficients.note("r"));
        let notes = self.notes().into_iter().chain(method).chain(self.family_sentence());
        Table { title: self.analysis.title.clone(), columns, lines, footnotes: footnotes(notes, marks) }
    }

    /// The lower triangle; only where there are enough pairs of enough variables to be one.
    pub(crate) fn matrix(&self) -> Option<Table> {
        let pairs = self.pairs();
        let mut variables: Vec<&str> = Vec::new();
        for name in pairs.iter().flat_map(|pair| [Some(pair.variable), pair.with]).flatten() {
            if !variables.contains(&name) {
                variables.push(name);
            }
        }
        let all = variables.len() * variables.len().saturating_sub(1) / 2;
        if variables.len() < 3 || pairs.len() != all || pairs.iter().any(|pair| pair.group.is_some()) {
            return None;
        }
        let mut marks = Marks::default();
        let mut columns = vec![Column::new(ColumnKind::Label, "r")];
        columns.extend((1..variables.len()).map(|number| Column::new(ColumnKind::Number, number.to_string())));
        let lines = variables.iter().enumerate().map(|(index, one)| {
            let mut cells = vec![Cell::from(format!("{}. {}", index + 1, self.label(one)))];
            cells.extend(variables.iter().take(variables.len() - 1).enumerate().map(|(place, other)| {
                let of = |pair: &&Place<'a>| {
                    (pair.variable, pair.with) == (one, Some(*other))
                        || (pair.variable, pair.with) == (other, Some(*one))
                };
                let Some(row) =
                    pairs.iter().find(of).filter(|_| place < index).and_then(|pair| self.find(*pair, Stat::R))
                else {
                    return Cell::default();
                };
                match row.value.number() {
                    Some(r) => Cell::from(self.written(r, None, Form::Coefficient)).values([r]),
                    None => self.none(row, &mut marks),
                }
            }));
            Line::item(cells)
        });
        let lines = lines.collect();
        let title = "Matrix of correlations".to_owned();
        Some(Table { title, columns, lines, footnotes: footnotes([], marks) })
    }

    /// A p-value adjusted within its family.
    pub(crate) fn adjusted(&self, place: Place<'a>, of: Stat, marks: &mut Marks) -> Cell {
        let row = self.qualifier(place, Stat::PAdjusted, of);
        row.map_or_else(Cell::default, |row| match row.value.number() {
            Some(_) => self.remarked(self.p_of(row), row, marks),
            None => self.none(row, marks),
        })
    }

    pub(crate) fn family_sentence(&self) -> Option<String> {
        let note = self.family_note();
        (!note.is_empty()).then(|| format!("P adjusted: {note}"))
    }
}
