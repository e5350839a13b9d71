//! Regression models side by side: ratios with their intervals, what each model rests on, how it was chosen.

use restudy_ledger::{AnalysisKind, Entries, Row, SeriesKind, Stat, Term};

use super::comparison::{is_yes, named};
use super::reader::{Form, Methods, Place, Reader, footnotes, upper};
use crate::table::{Cell, Column, ColumnKind, Line, Marks, Table};

/// The columns of one model.
struct Model<'a> {
    name: Option<&'a str>,
    /// Patients and events term by term: of a screen, where each term has a model of its own.
    counts: bool,
    events: bool,
    adjusted: bool,
    heading: Option<String>,
}

impl<'a> Reader<'a> {
    fn ratio(&self) -> Stat {
        if self.analysis.kind == AnalysisKind::Cox { Stat::HazardRatio } else { Stat::OddsRatio }
    }

    /// The terms, in order; those of the rows where the ledger does not list them.
    fn terms(&self) -> Vec<Term> {
        if !self.analysis.terms.is_empty() {
            return self.analysis.terms.clone();
        }
        let ratio = self.ratio();
        self.distinct(
            |row| row.stat == ratio,
            |row| Some(Term { variable: row.variable.clone(), level: row.level.clone(), reference: None, per: None }),
        )
    }

    /// What missing values cost each estimate that is pooled over imputations.
    pub(crate) fn missing_information(&self) -> Option<Table> {
        let mut marks = Marks::default();
        let places: Vec<Place<'a>> =
            self.distinct(|row| row.stat == Stat::MissingInformation, |row| Some(Place::of(row)));
        let line = |place: &Place<'a>| {
            let own = [place.level, place.model].into_iter().flatten().collect::<Vec<_>>().join(", ");
            let label = Cell::from(self.label(place.variable));
            let label = if own.is_empty() { label } else { label.detail(own) };
            let df = self.number(*place, Stat::Df).unwrap_or(f64::NAN);
            let missing = self.estimate_cell(*place, Stat::MissingInformation, Form::Percent, &mut marks);
            Line::item(vec![label, missing, Cell::from(self.style.number(df, 1)).values([df])])
        };
        let lines: Vec<Line> = places.iter().map(line).collect();
        let columns = vec![
            Column::new(ColumnKind::Label, "Term"),
            Column::new(ColumnKind::Number, "Missing information"),
            Column::new(ColumnKind::Number, "Degrees of freedom"),
        ];
        let title = "What missing values cost".to_owned();
        (!lines.is_empty()).then(|| Table { title, columns, lines, footnotes: footnotes([], marks) })
    }

    fn model_columns(&self, terms: &[Term]) -> Vec<Model<'a>> {
        let listed = self.analysis.models.iter().map(|model| Some(model.as_str()));
        let mut names: Vec<Option<&str>> = listed.collect();
        if names.is_empty() {
            let ratio = self.ratio();
            names = self.distinct(|row| row.stat == ratio, |row| Some(row.model.as_deref()));
        }
        let several = names.len() > 1;
        let of_terms = |model: Option<&str>, stat| {
            self.answers().any(|row| {
                row.stat == stat
                    && row.model.as_deref() == model
                    && terms.iter().any(|term| term.variable == row.variable)
                    && !self.is_outcome(&row.variable)
            })
        };
        let heading = |name: &str| {
            let whole = self.whole(Some(name));
            let n = self.number(whole, Stat::N).map(|n| format!("n = {}", self.style.tidy(n)));
            let events = self.number(whole, Stat::Events).map(|n| format!("{} events", self.style.tidy(n)));
            let size = n.into_iter().chain(events).collect::<Vec<_>>().join(", ");
            if size.is_empty() { upper(name) } else { format!("{} ({size})", upper(name)) }
        };
        names
            .into_iter()
            .map(|name| Model {
                name,
                counts: of_terms(name, Stat::N),
                events: of_terms(name, Stat::Events),
                adjusted: of_terms(name, Stat::PAdjusted),
                heading: name.filter(|_| several).map(heading),
            })
            .collect()
    }

    fn is_outcome(&self, variable: &str) -> bool {
        self.analysis.outcome.as_ref().is_some_and(|outcome| outcome.variable == variable)
    }

    /// Where the numbers of a whole model stand.
    fn whole(&self, model: Option<&'a str>) -> Place<'a> {
        let variable = self.analysis.outcome.as_ref().map_or("", |outcome| &outcome.variable);
        Place { model, ..Place::new(variable) }
    }

    pub(crate) fn models(&self) -> Table {
        let mut marks = Marks::default();
        let ratio = self.ratio();
        let terms = self.terms();
        let models = self.model_columns(&terms);
        let shown = |row: &Row| models.iter().any(|model| model.name == row.model.as_deref());
        let is_term = |row: &Row| {
            terms.iter().any(|term| (&term.variable, &term.level) == (&row.variable, &row.level)) && shown(row)
        };
        let ratios = self.methods(|row| row.stat == ratio && shown(row));
        let tests = self.methods(|row| row.stat == Stat::PValue && is_term(row) && !self.is_outcome(&row.variable));

        let mut columns = vec![Column::new(ColumnKind::Label, "Term")];
        for model in &models {
            let below = |kind, heading: &str| Column::new(kind, heading).below(model.heading.as_deref());
            columns.extend(model.counts.then(|| below(ColumnKind::Number, "n")));
            columns.extend(model.events.then(|| below(ColumnKind::Number, "Events")));
            columns.push(below(ColumnKind::Estimate, &format!("{} ({})", ratio_heading(ratio), self.confidence())));
            columns.push(below(ColumnKind::PValue, "P value"));
            columns.extend(model.adjusted.then(|| below(ColumnKind::PValue, "P adjusted")));
        }

        let mut lines: Vec<Line> = Vec::new();
        let mut above: Option<&str> = None;
        for term in &terms {
            let cells = |label: Cell, marks: &mut Marks| {
                let own = models.iter().flat_map(|model| self.term_cells(term, model, (&ratios, &tests), marks));
                std::iter::once(label).chain(own).collect::<Vec<_>>()
            };
            match (&term.level, &term.reference) {
                // A yes against a no needs no line for the no.
                (Some(level), reference) if self.terms_of(&terms, &term.variable) == 1 && is_yes(level) => {
                    let detail = reference.as_ref().map(|reference| format!("{level} against {reference}"));
                    let label = Cell { detail, ..Cell::from(self.label_with_unit(&term.variable)) };
                    lines.push(Line::item(cells(label, &mut marks)));
                }
                (Some(level), reference) => {
                    if above != Some(&term.variable) {
                        lines.push(self.factor_line(&term.variable, &models, columns.len(), &mut marks));
                        lines.extend(
                            reference.iter().map(|level| self.reference_line(term, level, &models, columns.len())),
                        );
                    }
                    lines.push(Line::part(cells(Cell::from(level.as_str()), &mut marks)));
                }
                (None, _) => {
                    let label = Cell::from(self.label_with_unit(&term.variable));
                    let label = match term.per.filter(|&per| per != 1.0) {
                        Some(per) => label.detail(format!("per {}", self.step(&term.variable, per))),
                        None => label,
                    };
                    lines.push(Line::item(cells(label, &mut marks)));
                }
            }
            above = Some(&term.variable);
        }

        let mut notes = self.notes();
        notes.extend(self.outcome_note());
        let ratios_words = format!("{}s", ratio_heading(ratio));
        match ratios == tests {
            true => notes.extend(ratios.note(&format!("{ratios_words}, intervals and P values"))),
            false => notes.extend([ratios.note(&ratios_words), tests.note("P values")].into_iter().flatten()),
        }
        notes.extend(self.family_sentence());
        notes.extend(models.iter().filter_map(|model| self.model_note(model.name)));
        if lines.iter().any(|line| line.cells.iter().any(|cell| cell.text == REFERENCE)) {
            notes.push("Ref., the category that the others are compared with.".to_owned());
        }
        let whole: Vec<Place<'a>> = models.iter().map(|model| self.whole(model.name)).collect();
        let remarks = whole.iter().flat_map(|place| self.at(*place)).flat_map(|row| &row.remarks);
        for remark in remarks.map(|remark| super::sentence(&crate::procedure::without_keys(remark))) {
            if !notes.contains(&remark) && !marks.has(&remark) {
                notes.push(remark);
            }
        }
        Table { title: self.analysis.title.clone(), columns, lines, footnotes: footnotes(notes, marks) }
    }

    fn terms_of(&self, terms: &[Term], variable: &str) -> usize {
        terms.iter().filter(|term| term.variable == variable).count()
    }

    fn step(&self, variable: &str, per: f64) -> String {
        let unit = self.variable(variable).and_then(|variable| variable.unit.as_deref());
        let per = self.style.tidy(per);
        unit.map_or_else(|| per.clone(), |unit| format!("{per} {unit}"))
    }

    fn term_cells(
        &self,
        term: &Term,
        model: &Model<'a>,
        (ratios, tests): (&Methods<'a>, &Methods<'a>),
        marks: &mut Marks,
    ) -> Vec<Cell> {
        let ratio = self.ratio();
        let row = |stat| {
            self.rows(&term.variable).find(|row| {
                row.stat == stat
                    && row.of.is_none()
                    && row.level == term.level
                    && row.model.as_deref() == model.name
                    && row.context != restudy_ledger::Context::Alternative
            })
        };
        let found = row(ratio);
        let place = found.map(Place::of).unwrap_or_default();
        // How many patients a term of several categories rests on is said of the variable.
        let of_variable = |stat| row(stat).or_else(|| self.find(Place { level: None, ..place }, stat));
        let mut cells = Vec::new();
        cells.extend(model.counts.then(|| self.plain(of_variable(Stat::N), marks)));
        cells.extend(model.events.then(|| self.plain(of_variable(Stat::Events), marks)));
        let estimate = found.map_or_else(Cell::default, |row| {
            let cell = self.estimate_cell(place, ratio, Form::Ratio, marks);
            let cell = if row.value.number().is_some() { ratios.marked(cell, row, marks) } else { cell };
            // What is remarked on the coefficient is meant of the ratio.
            self.find(place, Stat::Estimate)
                .map_or_else(|| cell.clone(), |estimate| self.remarked(cell.clone(), estimate, marks))
        });
        cells.push(estimate);
        let p = [Some(ratio), Some(Stat::Estimate), None]
            .into_iter()
            .find_map(|of| found.and_then(|_| self.at(place).find(|row| row.stat == Stat::PValue && row.of == of)));
        cells.push(self.tested_cell(p, tests, marks));
        cells.extend(model.adjusted.then(|| match found {
            Some(_) => self.adjusted(place, ratio, marks),
            None => Cell::default(),
        }));
        cells
    }

    /// The line above the categories of a variable, with the p-value of all of them together where there is one.
    fn factor_line(&self, variable: &str, models: &[Model<'a>], columns: usize, marks: &mut Marks) -> Line {
        let mut cells = vec![Cell::from(self.label_with_unit(variable))];
        for model in models {
            let row = |stat| {
                self.rows(variable).find(|row| {
                    row.stat == stat && row.level.is_none() && row.of.is_none() && row.model.as_deref() == model.name
                })
            };
            cells.extend(model.counts.then(|| self.plain(row(Stat::N), marks)));
            cells.extend(model.events.then(|| self.plain(row(Stat::Events), marks)));
            cells.push(Cell::default());
            let p = row(Stat::PValue).map_or_else(Cell::default, |row| match row.value.number() {
                Some(_) => {
                    let test = row.procedure.as_deref().map(|key| marks.of(&named(key)));
                    test.into_iter().fold(self.p_of(row), Cell::mark)
                }
                None => self.none(row, marks),
            });
            cells.push(p);
            cells.extend(model.adjusted.then(|| match row(Stat::PAdjusted) {
                Some(row) => self.p_of(row),
                None => Cell::default(),
            }));
        }
        cells.resize(columns, Cell::default());
        Line::item(cells)
    }

    fn reference_line(&self, term: &Term, level: &str, models: &[Model<'a>], columns: usize) -> Line {
        let mut cells = vec![Cell::from(level)];
        for model in models {
            let has =
                self.rows(&term.variable).any(|row| row.stat == self.ratio() && row.model.as_deref() == model.name);
            let counted = |stat| {
                let row = self.rows(&term.variable).find(|row| {
                    row.stat == stat && row.model.as_deref() == model.name && row.level.as_deref() == Some(level)
                });
                row.map_or_else(Cell::default, |row| self.plain(Some(row), &mut Marks::default()))
            };
            cells.extend(model.counts.then(|| counted(Stat::N)));
            cells.extend(model.events.then(|| counted(Stat::Events)));
            cells.push(if has { Cell::from(REFERENCE) } else { Cell::default() });
            cells.push(Cell::default());
            cells.extend(model.adjusted.then(Cell::default));
        }
        cells.resize(columns, Cell::default());
        Line::part(cells)
    }

    /// What is said of a whole model.
    fn model_note(&self, model: Option<&'a str>) -> Option<String> {
        let sentence = self.sentence_of(self.whole(model));
        let name = model.map_or_else(|| "Model".to_owned(), |model| format!("{} model", upper(model)));
        (!sentence.is_empty()).then(|| format!("{name}: {sentence}."))
    }

    /// The tests of proportional hazards, term by term and of the whole model.
    pub(crate) fn proportionality(&self) -> Option<Table> {
        let tested = |row: &Row| row.procedure.as_deref().is_some_and(|key| key.starts_with("proportional_hazards"));
        let places: Vec<Place<'a>> =
            self.distinct(|row| row.stat == Stat::PValue && tested(row), |row| Some(Place::of(row)));
        let mut marks = Marks::default();
        let tests = self.methods(tested);
        let lines: Vec<Line> = places
            .iter()
            .map(|&place| {
                let label = match place.variable {
                    outcome if self.is_outcome(outcome) => Cell::from("All terms together"),
                    variable => Cell::from(self.label(variable)),
                };
                let model = place.model.and_then(|model| model.split(':').next());
                let label = model.into_iter().fold(label, |label, model| label.detail(model));
                let p = self.find(place, Stat::PValue);
                let mut cells = vec![label];
                cells.extend([Stat::Statistic, Stat::Df].map(|stat| self.plain(self.find(place, stat), &mut marks)));
                cells.push(self.tested_cell(p, &tests, &mut marks));
                Line::item(cells)
            })
            .collect();
        // Pooled over imputations, the statistic is an F.
        let pooled = self.answers().any(|row| tested(row) && row.stat == Stat::DfDenominator);
        let columns = vec![
            Column::new(ColumnKind::Label, "Term"),
            Column::new(ColumnKind::Number, if pooled { "F" } else { "χ²" }),
            Column::new(ColumnKind::Number, "df"),
            Column::new(ColumnKind::PValue, "P value"),
        ];
        let title = "Whether hazards are proportional".to_owned();
        let notes = tests.note("P values");
        (!lines.is_empty()).then(|| Table { title, columns, lines, footnotes: footnotes(notes, marks) })
    }

    /// How a selection went, step by step.
    pub(crate) fn selection_path(&self) -> Option<Table> {
        let series =
            self.ledger.series_of(&self.analysis.id).find(|series| series.kind == SeriesKind::SelectionPath)?;
        let words = |name: &str| {
            series.columns.iter().find(|column| column.name == name).and_then(|column| match &column.entries {
                Entries::Words(words) => Some(words.as_slice()),
                Entries::Numbers(_) => None,
            })
        };
        let (changes, variables) = (words("change")?, words("variable")?);
        let (steps, p) = (series.column("step").unwrap_or_default(), series.column("p_value").unwrap_or_default());
        let lines = changes.iter().zip(variables).enumerate().map(|(index, (change, variable))| {
            let step = steps.get(index).map_or_else(|| (index + 1).to_string(), |step| self.style.tidy(*step));
            let p = p.get(index).copied().filter(|p| !p.is_nan());
            let p =
                p.map_or_else(Cell::default, |p| Cell::from(self.style.p_value(p, self.analysis.alpha)).values([p]));
            Line::item(vec![Cell::from(step), Cell::from(change.as_str()), Cell::from(self.label(variable)), p])
        });
        let columns = vec![
            Column::new(ColumnKind::Label, "Step"),
            Column::new(ColumnKind::Text, "Change"),
            Column::new(ColumnKind::Text, "Term"),
            Column::new(ColumnKind::PValue, "P value"),
        ];
        Some(Table {
            title: "How the terms were selected".to_owned(),
            columns,
            lines: lines.collect(),
            footnotes: Vec::new(),
        })
    }
}

/// What stands in the line of the category that the others are compared with.
const REFERENCE: &str = "Ref.";

fn ratio_heading(ratio: Stat) -> &'static str {
    if ratio == Stat::HazardRatio { "Hazard ratio" } else { "Odds ratio" }
}
