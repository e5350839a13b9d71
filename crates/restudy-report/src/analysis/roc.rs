//! Markers against an outcome: areas, cut-offs, and what a cut-off does.

use restudy_ledger::{Row, Stat};

use super::reader::{Form, Place, Reader, footnotes};
use crate::procedure::full_name;
use crate::style::Style;
use crate::table::{Cell, Column, ColumnKind, Line, Marks, Table};

/// What a dichotomous test is judged by, with the heading of its column.
const PERFORMANCE: [(Stat, &str); 8] = [
    (Stat::Sensitivity, "Sensitivity"),
    (Stat::Specificity, "Specificity"),
    (Stat::Ppv, "PPV"),
    (Stat::Npv, "NPV"),
    (Stat::Accuracy, "Accuracy"),
    (Stat::PositiveLikelihoodRatio, "LR+"),
    (Stat::NegativeLikelihoodRatio, "LR−"),
    (Stat::YoudenJ, "Youden’s J"),
];

impl<'a> Reader<'a> {
    /// The columns of performance that some row of these fills.
    pub(crate) fn performance_columns(&self) -> Vec<(Stat, Column)> {
        let shown = PERFORMANCE.into_iter().filter(|(stat, _)| self.any(*stat));
        shown
            .map(|(stat, heading)| {
                let limits = self.answers().any(|row| row.stat == Stat::ConfLow && row.of == Some(stat));
                let heading = if limits { format!("{heading} ({})", self.confidence()) } else { heading.to_owned() };
                (stat, Column::new(if limits { ColumnKind::Estimate } else { ColumnKind::Number }, heading))
            })
            .collect()
    }

    pub(crate) fn performance_cells(
        &self,
        place: Place<'a>,
        columns: &[(Stat, Column)],
        marks: &mut Marks,
    ) -> Vec<Cell> {
        columns.iter().map(|(stat, _)| self.estimate_cell(place, *stat, Form::of(*stat, 2), marks)).collect()
    }

    pub(crate) fn markers(&self) -> Table {
        let mut marks = Marks::default();
        let performance = self.performance_columns();
        let listed: Vec<&str> = self.analysis.markers.iter().map(|marker| marker.variable.as_str()).collect();
        let mut places: Vec<Place<'a>> =
            self.distinct(|row| row.stat == Stat::Auc && row.with.is_none(), |row| Some(Place::of(row)));
        places.sort_by_key(|place| listed.iter().position(|name| *name == place.variable).unwrap_or(listed.len()));
        let areas = self.methods(|row| row.stat == Stat::Auc);
        let tests = self.methods(|row| row.stat == Stat::PValue && row.of == Some(Stat::Auc) && row.with.is_none());
        let cutoffs = self.methods(|row| row.stat == Stat::Cutoff);
        let tested = places.iter().any(|place| self.area_p(*place).is_some());
        let counted = [(Stat::N, "n"), (Stat::Events, "Events")].map(|column| (column, self.any(column.0)));

        let mut columns = vec![Column::new(ColumnKind::Label, "Marker")];
        columns.extend(
            counted.iter().filter(|(_, any)| *any).map(|((_, heading), _)| Column::new(ColumnKind::Number, *heading)),
        );
        columns.push(Column::new(ColumnKind::Estimate, format!("AUC ({})", self.confidence())));
        columns.extend(tested.then(|| Column::new(ColumnKind::PValue, "P value")));
        columns.extend(self.any(Stat::Cutoff).then(|| Column::new(ColumnKind::Number, "Cut-off")));
        columns.extend(performance.iter().map(|(_, column)| column.clone()));

        let mut lines = Vec::new();
        for place in places {
            let label = Cell::from(self.label_with_unit(place.variable));
            let own = place.model.or(place.group);
            let mut cells = vec![own.map_or_else(|| label.clone(), |own| label.clone().detail(own))];
            for ((stat, _), _) in counted.iter().filter(|(_, any)| *any) {
                cells.push(self.plain(self.find(place, *stat), &mut marks));
            }
            cells.push(self.estimate_cell(place, Stat::Auc, Form::Coefficient, &mut marks));
            cells.extend(tested.then(|| self.tested_cell(self.area_p(place), &tests, &mut marks)));
            cells.extend(self.any(Stat::Cutoff).then(|| self.cutoff_cell(place, &mut marks)));
            cells.extend(self.performance_cells(place, &performance, &mut marks));
            lines.push(Line::item(cells));
        }
        let mut notes = self.notes();
        notes.extend(self.outcome_note());
        notes.extend(areas.note("AUC"));
        notes.extend(tests.note("P values"));
        notes.extend(cutoffs.note("Cut-off"));
        notes.extend(self.methods(|row| row.of == Some(Stat::Sensitivity)).note("Intervals of proportions"));
        notes.extend(self.chosen_cutoff_note());
        Table { title: self.analysis.title.clone(), columns, lines, footnotes: footnotes(notes, marks) }
    }

    /// By which tests the p-values of chosen cut-offs are, where there are any.
    pub(crate) fn chosen_cutoff_note(&self) -> Option<String> {
        let by = |stat| {
            let of_cutoff = |row: &&Row| row.stat == stat && row.of == Some(Stat::Cutoff);
            self.answers().find(of_cutoff).and_then(|row| row.procedure.as_deref()).map(full_name)
        };
        let (alone, counted) = (by(Stat::PValue)?, by(Stat::PAdjusted)?);
        Some(format!("P values of chosen cut-offs, by itself: {alone}; with the search counted: {counted}."))
    }

    /// What a cut-off that was chosen on these patients is worth: its p by itself, and with the search counted.
    pub(crate) fn chosen_cutoff(&self, rows: impl Iterator<Item = &'a Row>) -> Option<String> {
        let of_cutoff: Vec<&Row> = rows.filter(|row| row.of == Some(Stat::Cutoff)).collect();
        let p = |stat| {
            let row = of_cutoff.iter().find(|row| row.stat == stat)?;
            Some(self.style.p_in_words(row.value.number()?, self.analysis.alpha))
        };
        let (alone, counted) = (p(Stat::PValue)?, p(Stat::PAdjusted)?);
        Some(format!(
            "The cut-off was chosen among all on these patients: {alone} for its table by itself, {counted} with the search counted."
        ))
    }

    fn area_p(&self, place: Place<'a>) -> Option<&'a Row> {
        self.qualifier(place, Stat::PValue, Stat::Auc)
    }

    /// `< 49.0`: what is positive.
    fn cutoff_cell(&self, place: Place<'a>, marks: &mut Marks) -> Cell {
        let operator = self.analysis.markers.iter().find(|marker| marker.variable == place.variable);
        let Some(row) = self.find(place, Stat::Cutoff) else { return Cell::default() };
        let Some(value) = row.value.number() else { return self.none(row, marks) };
        let text = threshold(&self.style, operator.map(|marker| marker.operator.as_str()), value);
        let cell = self.remarked(Cell::from(text).values([value]), row, marks);
        let chosen = self.chosen_cutoff(self.at(place));
        chosen.into_iter().fold(cell, |cell, chosen| cell.mark(marks.of(&chosen)))
    }
}

/// A condition as it is printed: `≥ 2` of `>= 2`.
pub(crate) fn condition(text: &str) -> String {
    let printed = [(">=", "≥"), ("<=", "≤")];
    let begun = printed.iter().find_map(|(typed, sign)| Some(format!("{sign}{}", text.strip_prefix(typed)?)));
    begun.unwrap_or_else(|| text.to_owned())
}

/// `≥ 0.454`
pub(crate) fn threshold(style: &Style, operator: Option<&str>, value: f64) -> String {
    let sign = match operator {
        Some(">=") => "≥ ",
        Some("<=") => "≤ ",
        Some(">") => "> ",
        Some("<") => "< ",
        Some("=") => "= ",
        _ => "",
    };
    format!("{sign}{}", style.short(value))
}
