//! A score or a model on patients that it was not made from, or on bootstrap copies of those it was.

use restudy_ledger::{Row, Stat};

use super::reader::{Form, Place, Reader, footnotes, is_qualifier};
use super::roc::{condition, threshold};
use crate::table::{Cell, Column, ColumnKind, Footnote, Line, Marks, Table};

impl<'a> Reader<'a> {
    pub(crate) fn validation(&self) -> Table {
        let mut marks = Marks::default();
        let own = |row: &Row| {
            let measure = !is_qualifier(row.stat) && !matches!(row.stat, Stat::Optimism | Stat::Corrected);
            row.of.is_none() && measure && !has_own_table(row)
        };
        let measures: Vec<(Place<'a>, Stat)> = self.distinct(own, |row| Some((Place::of(row), row.stat)));
        let variables = self.distinct(own, |row| Some(row.variable.as_str()));
        let has = |stat| self.any(stat);
        if variables.len() > 1 && !has(Stat::Corrected) {
            return self.scores_beside_each_other(&measures, &variables);
        }
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
            let label = self.measure(place, stat);
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
        notes.extend(self.of_chosen_cutoffs());
        Table { title: self.analysis.title.clone(), columns, lines, footnotes: footnotes(notes, marks) }
    }

    /// What the search for a cut-off costs, where one was looked for on these patients.
    fn of_chosen_cutoffs(&self) -> Vec<String> {
        let chosen: Vec<Place<'a>> = self.distinct(is_counted, |row| Some(Place::of(row)));
        let of_scores = chosen.into_iter().filter(|place| self.find(*place, Stat::SelectionFrequency).is_none());
        let said = of_scores.filter_map(|place| {
            let said = self.chosen_cutoff(self.at(place))?;
            Some(format!("{}: {said}", self.label(place.variable)))
        });
        said.chain(self.chosen_cutoff_note()).collect()
    }

    /// A line a measure, a column a score.
    fn scores_beside_each_other(&self, measures: &[(Place<'a>, Stat)], variables: &[&'a str]) -> Table {
        let mut marks = Marks::default();
        let mut lines: Vec<(Place<'a>, Stat)> = Vec::new();
        for &(place, stat) in measures {
            let line = (Place { variable: "", ..place }, stat);
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        let column = |variable: &&str| {
            Column::new(ColumnKind::Estimate, format!("{} ({})", self.label(variable), self.confidence()))
        };
        let columns = std::iter::once(Column::new(ColumnKind::Label, "Measure")).chain(variables.iter().map(column));
        let columns = columns.collect();
        let lines = lines.into_iter().map(|(place, stat)| {
            let cells = variables.iter().map(|variable| {
                let place = Place { variable, ..place };
                let value = self.number(place, stat).unwrap_or(f64::NAN);
                let form = Form::of(stat, if value.fract() == 0.0 { 0 } else { 2 });
                self.estimate_cell(place, stat, form, &mut marks)
            });
            Line::item(std::iter::once(self.measure(place, stat)).chain(cells).collect())
        });
        let lines = lines.collect();
        let notes = self.notes().into_iter().chain(self.outcome_note()).chain(self.of_chosen_cutoffs());
        Table { title: self.analysis.title.clone(), columns, lines, footnotes: footnotes(notes, marks) }
    }

    /// The differences between two scores.
    pub(crate) fn scores_compared(&self) -> Option<Table> {
        let mut marks = Marks::default();
        let places: Vec<Place<'a>> =
            self.distinct(|row| row.with.is_some() && row.stat == Stat::Estimate, |row| Some(Place::of(row)));
        let tests = self.methods(|row| row.with.is_some() && row.stat == Stat::PValue);
        let tested = self.answers().any(|row| row.with.is_some() && row.stat == Stat::PValue);
        let mut columns = vec![
            Column::new(ColumnKind::Label, "Measure"),
            Column::new(ColumnKind::Estimate, format!("Value ({})", self.confidence())),
        ];
        columns.extend(tested.then(|| Column::new(ColumnKind::PValue, "P value")));
        let mut table = Table { title: "Scores compared".to_owned(), columns, ..Table::default() };
        let mut above = None;
        for place in places {
            let pair = (place.variable, place.with.unwrap_or_default());
            if above != Some(pair) {
                table.lines.push(Line::heading(format!("{} against {}", self.label(pair.0), self.label(pair.1))));
                above = Some(pair);
            }
            let label = Cell::from(super::reader::upper(place.model.unwrap_or("difference")));
            let label = match place.time {
                Some(time) => label.detail(self.by(time)),
                None => label,
            };
            let mut cells = vec![label, self.estimate_cell(place, Stat::Estimate, Form::Coefficient, &mut marks)];
            if tested {
                let p = self.at(place).find(|row| row.stat == Stat::PValue);
                cells.push(self.tested_cell(p, &tests, &mut marks));
            }
            table.lines.push(Line::item(cells));
        }
        table.footnotes = footnotes(tests.note("P values"), marks);
        (!table.lines.is_empty()).then_some(table)
    }

    /// A measure with the model, group, level and time that it is of.
    fn measure(&self, place: Place<'a>, stat: Stat) -> Cell {
        let by = place.time.map(|time| self.by(time));
        let qualified = [place.model, place.group].into_iter().flatten().map(str::to_owned);
        let qualified = qualified.chain(place.level.map(condition)).chain(by);
        let qualified = qualified.collect::<Vec<_>>().join(", ");
        let label = Cell::from(match stat {
            Stat::N => "Patients",
            Stat::NMissing => "Left out, a value missing",
            stat => stat.label(),
        });
        if qualified.is_empty() { label } else { label.detail(qualified) }
    }

    /// `by 5 years`
    fn by(&self, time: f64) -> String {
        let column = self.analysis.outcome.as_ref().and_then(|outcome| outcome.time.as_deref());
        let unit = column.and_then(|name| self.variable(name)).and_then(|variable| variable.unit.as_deref());
        let unit = unit.map(|unit| format!(" {unit}")).unwrap_or_default();
        format!("by {}{unit}", self.style.tidy(time))
    }

    /// Each score within the levels of other variables, a line a level.
    pub(crate) fn validation_within(&self) -> Option<Table> {
        let mut marks = Marks::default();
        let lines: Vec<(&str, &str)> =
            self.distinct(|row| row.stat == Stat::N, |row| Some((row.variable.as_str(), row.group.as_deref()?)));
        let shown = |stat: Stat| self.answers().any(|row| row.group.is_some() && row.stat == stat && row.of.is_none());
        let measures = WITHIN.into_iter().filter(|stat| shown(*stat));
        // The place of a measure is that of the whole table in one of its groups.
        let measures: Vec<(Stat, Place<'a>)> = measures
            .filter_map(|stat| {
                let row = self.answers().find(|row| row.group.is_some() && row.stat == stat && row.of.is_none())?;
                Some((stat, Place::of(row)))
            })
            .collect();
        let mut columns = vec![
            Column::new(ColumnKind::Label, "Score"),
            Column::new(ColumnKind::Number, "n"),
            Column::new(ColumnKind::Number, "Events"),
        ];
        columns.extend(measures.iter().map(|(stat, place)| {
            let limits = self.answers().any(|row| row.group.is_some() && row.of == Some(*stat));
            let heading =
                if limits { format!("{} ({})", stat.label(), self.confidence()) } else { stat.label().to_owned() };
            let detail = [place.level.map(condition), place.time.map(|time| self.by(time))];
            let detail = detail.into_iter().flatten().collect::<Vec<_>>().join(", ");
            let heading = Cell::from(heading);
            Column::new(ColumnKind::Estimate, if detail.is_empty() { heading } else { heading.detail(detail) })
        }));
        let mut table = Table { title: "Within parts of the patients".to_owned(), columns, ..Table::default() };
        let mut above = None;
        for (variable, group) in lines {
            if above != Some(group) {
                table.lines.push(Line::heading(group));
                above = Some(group);
            }
            let place = Place { group: Some(group), ..Place::new(variable) };
            let mut cells = vec![Cell::from(self.label(variable))];
            cells.extend([Stat::N, Stat::Events].map(|stat| self.plain(self.find(place, stat), &mut marks)));
            cells.extend(measures.iter().map(|(stat, at)| {
                // The threshold of each score is its own.
                let level = self.distinct(
                    |row| row.variable == variable && row.stat == *stat && row.group.as_deref() == Some(group),
                    |row| Some(row.level.as_deref()),
                );
                let place = Place { group: Some(group), variable, level: level.first().copied().flatten(), ..*at };
                self.estimate_cell(place, *stat, Form::of(*stat, 2), &mut marks)
            }));
            table.lines.push(Line::item(cells));
        }
        table.footnotes = footnotes([], marks);
        (!table.lines.is_empty()).then_some(table)
    }

    /// The scores as they were published, item by item.
    pub(crate) fn published_scores(&self) -> Option<Table> {
        let columns = vec![
            Column::new(ColumnKind::Label, "Item"),
            Column::new(ColumnKind::Text, "Counts"),
            Column::new(ColumnKind::Number, "Points"),
        ];
        let mut table = Table { title: "The scores as published".to_owned(), columns, ..Table::default() };
        let (mut score, mut item) = (None, None);
        for of_score in &self.analysis.items {
            // Items of a score that was published stand under its name; those of one derived here stand in the notes.
            let Some((name, _)) = of_score.variable.split_once('.').filter(|(name, _)| self.rows.contains_key(name))
            else {
                continue;
            };
            if score != Some(name) {
                table.lines.push(Line::heading(self.label(name)));
                score = Some(name);
            }
            let rule = match (&of_score.level, of_score.cutoff) {
                (Some(level), _) => condition(level),
                (None, Some(cutoff)) => threshold(&self.style, Some(&of_score.operator), cutoff),
                (None, None) => String::new(),
            };
            let label = if item == Some(&of_score.variable) {
                Cell::default()
            } else {
                Cell::from(self.label_with_unit(&of_score.variable))
            };
            item = Some(&of_score.variable);
            // A coefficient is printed with every digit that was published.
            let points = of_score.points;
            let places = (0..6).find(|places| format!("{points:.places$}").parse() == Ok(points)).unwrap_or(6);
            let points = Cell::from(self.style.number(points, places)).values([points]);
            table.lines.push(Line::item(vec![label, Cell::from(rule), points]));
        }
        (!table.lines.is_empty()).then_some(table)
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

    /// Net benefit at the thresholds of risk: a line a threshold, a column a score, then everyone treated.
    pub(crate) fn net_benefit(&self) -> Option<Table> {
        let places: Vec<Place<'a>> = self.distinct(|row| row.stat == Stat::NetBenefit, |row| Some(Place::of(row)));
        let part = |of: fn(&Place<'a>) -> Option<&'a str>| {
            let mut parts: Vec<&str> = Vec::new();
            for part in places.iter().filter_map(of) {
                if !parts.contains(&part) {
                    parts.push(part);
                }
            }
            parts
        };
        let (levels, models) = (part(|place| place.level), part(|place| place.model));
        if models.is_empty() || levels.is_empty() {
            return self.listed("Net benefit", "Net benefit", Stat::NetBenefit, &places);
        }
        let variables = part(|place| Some(place.variable));
        // What does not depend on the score stands once.
        let shared = |model: &str| model.starts_with("treat ");
        let mut columns: Vec<(&str, &str, String)> = Vec::new();
        for model in &models {
            // Several models of one variable are told by their names, one model of several variables by theirs.
            let alone = shared(model) || models.iter().any(|other| !shared(other) && other != model);
            for variable in if shared(model) { &variables[..1] } else { &variables[..] } {
                let heading = if alone { super::reader::upper(model) } else { self.label(variable).to_owned() };
                columns.push((*variable, *model, heading));
            }
        }
        let mut marks = Marks::default();
        let lines = levels.iter().map(|level| {
            let cells = columns.iter().map(|(variable, model, _)| {
                let at = |place: &&Place<'a>| {
                    place.variable == *variable && place.level == Some(level) && place.model == Some(model)
                };
                places.iter().find(at).map_or_else(Cell::default, |place| {
                    self.estimate_cell(*place, Stat::NetBenefit, Form::of(Stat::NetBenefit, 3), &mut marks)
                })
            });
            Line::item(std::iter::once(Cell::from(*level)).chain(cells).collect())
        });
        let lines = lines.collect();
        let headings = columns.iter().map(|(.., heading)| Column::new(ColumnKind::Number, heading.as_str()));
        Some(Table {
            title: "Net benefit".to_owned(),
            columns: std::iter::once(Column::new(ColumnKind::Label, "Threshold")).chain(headings).collect(),
            lines,
            footnotes: footnotes([], marks),
        })
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

/// What is said of a score within parts of the patients.
const WITHIN: [Stat; 6] = [
    Stat::Concordance,
    Stat::Auc,
    Stat::ObservedExpected,
    Stat::CalibrationSlope,
    Stat::Sensitivity,
    Stat::Specificity,
];

/// Whether a number stands in a table beside the main one.
fn has_own_table(row: &Row) -> bool {
    let named = matches!(
        row.stat,
        Stat::SelectionFrequency | Stat::NetBenefit | Stat::PredictionInstability | Stat::ClassificationInstability
    );
    named || row.group.is_some() || row.with.is_some()
}
