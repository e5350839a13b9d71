//! A comparison of groups as tables: the comparison itself, how each p was chosen, what is missing.
//!
//! Every number is a row of the ledger. Nothing is added, divided or tested here; two p-values are only held against
//! the same threshold.

use restudy_ledger::{Context, Ledger, Row, Stat, SummaryKind, TableRow, VariableKind};

use super::reader::Reader;
use crate::procedure::{full_name, procedure, quantity, short_name, without_keys};
use crate::style::NONE;
use crate::table::{Cell, Column, ColumnKind, Footnote, Line, Marks, Table};

/// The mark of a p-value whose verdict another admissible test would turn.
const TURNS: &str = "†";

/// The comparison of that id as a table: one line a variable (and one a level), one column a group, the p-values and
/// their adjusted ones, and the footnotes that say where each came from. None when the ledger has no such analysis.
///
/// - `n` counts the patients with a value; a cell says its own `n` where that is less than the column's.
/// - A p-value bears the mark of its test; † marks one that falls on the other side of the threshold by another
///   admissible test, and the footnote gives both.
/// - What could not be computed is a dash, marked with the reason that the ledger gives.
#[must_use]
pub fn comparison_table(ledger: &Ledger, analysis: &str) -> Option<Table> {
    Some(Reader::new(ledger, analysis)?.comparison())
}

/// For every line of that comparison: the test it used, why, and its p under each other admissible test.
#[must_use]
pub fn choice_table(ledger: &Ledger, analysis: &str) -> Option<Table> {
    Some(Reader::new(ledger, analysis)?.choices())
}

/// The patients without a value, by variable and group, for the variables that lack any.
#[must_use]
pub fn missingness_table(ledger: &Ledger, analysis: &str) -> Option<Table> {
    Some(Reader::new(ledger, analysis)?.missingness())
}

/// A column of patients: a group, or all of them.
#[derive(Clone, Copy)]
struct Patients<'a> {
    group: Option<&'a str>,
    n: usize,
}

impl<'a> Reader<'a> {
    // ---- reading

    fn row(
        &self,
        context: Context,
        variable: &str,
        group: Option<&str>,
        level: Option<&str>,
        stat: Stat,
    ) -> Option<&'a Row> {
        self.rows(variable).find(|row| {
            row.context == context && row.stat == stat && row.group.as_deref() == group && row.level.as_deref() == level
        })
    }

    fn summary(&self, variable: &str, of: Patients<'_>, level: Option<&str>, stat: Stat) -> Option<&'a Row> {
        self.row(Context::Summary, variable, of.group, level, stat)
    }

    /// Patients with a value, and without one.
    fn known(&self, variable: &str, group: Option<&str>) -> Option<f64> {
        let missingness = self.row(Context::Missingness, variable, group, None, Stat::N);
        let row = missingness.or_else(|| self.row(Context::Summary, variable, group, None, Stat::N));
        row.and_then(|row| row.value.number())
    }

    /// The rows of a context that belong to that line: those about its level if there are any, else those about the
    /// variable as a whole.
    fn of_line(&self, context: Context, line: &TableRow) -> Vec<&'a Row> {
        let rows: Vec<&Row> = self.rows(&line.variable).filter(|row| row.context == context).collect();
        let level = rows.iter().any(|row| row.level.is_some() && row.level == line.level);
        let level = if level { line.level.as_deref() } else { None };
        rows.into_iter().filter(|row| row.level.as_deref() == level).collect()
    }

    /// The p-values of the other admissible procedures.
    fn alternatives(&self, line: &TableRow) -> Vec<&'a Row> {
        let mut rows = self.of_line(Context::Alternative, line);
        rows.retain(|row| row.stat == Stat::PValue);
        rows
    }

    /// Whether a p-value and another of the same line fall on different sides of the threshold.
    fn turns(&self, p: f64, other: &Row) -> bool {
        let alpha = self.analysis.alpha;
        other.value.number().is_some_and(|other| (other < alpha) != (p < alpha))
    }

    /// The label of a line: `Age (years)`; the counted level is named unless the label says it already: a plain yes, or
    /// the event of an event column.
    fn line_label(&self, line: &'a TableRow) -> String {
        let label = self.label_with_unit(&line.variable);
        match line.level.as_deref().filter(|_| line.summary == SummaryKind::Count) {
            Some(level) if !is_yes(level) && !self.is_event(line) => format!("{label}: {level}"),
            _ => label,
        }
    }

    /// Whether the line counts the events of an event column, whose levels are censored and event.
    fn is_event(&self, line: &TableRow) -> bool {
        let event = self.variable(&line.variable).filter(|variable| variable.kind == VariableKind::Event);
        event.is_some_and(|variable| variable.levels.last() == line.level.as_ref())
    }

    /// The levels of a line of counts: the codebook's order, or the ledger's where the codebook is silent.
    fn levels(&self, line: &'a TableRow) -> Vec<&'a str> {
        if let Some(variable) = self.variable(&line.variable).filter(|variable| !variable.levels.is_empty()) {
            return variable.levels.iter().map(String::as_str).collect();
        }
        let mut levels: Vec<&str> = Vec::new();
        for row in self.rows(&line.variable).filter(|row| row.context == Context::Summary) {
            if let Some(level) = row.level.as_deref().filter(|level| !levels.contains(level)) {
                levels.push(level);
            }
        }
        levels
    }

    /// The columns of patients, in order: all together if asked for, then the groups.
    fn patients(&self) -> Vec<Patients<'a>> {
        let groups = self.analysis.groups.iter().map(|group| Patients { group: Some(&group.label), n: group.n });
        let shown = self.analysis.overall || self.analysis.groups.is_empty();
        shown.then(|| self.all()).into_iter().chain(groups).collect()
    }

    /// All patients that are compared: those of the groups, or of the cohort where there are none.
    fn all(&self) -> Patients<'a> {
        let n = match self.analysis.groups.as_slice() {
            [] => self.ledger.data.rows_kept,
            groups => groups.iter().map(|group| group.n).sum(),
        };
        Patients { group: None, n }
    }

    /// The places of a line's numbers. Where the codebook says with how many decimals the values were recorded, means
    /// and SDs are printed with one more, quartiles with as many, or one more where one lies between two values.
    pub(crate) fn places(&self, line: &TableRow) -> usize {
        let recorded = self.variable(&line.variable).and_then(|variable| variable.decimals);
        let between = |decimals: u8| {
            self.patients().into_iter().any(|of| {
                [Stat::Median, Stat::Q1, Stat::Q3].into_iter().any(|stat| {
                    let row = self.summary(&line.variable, of, None, stat);
                    row.and_then(|row| row.value.number()).is_some_and(|value| !has_decimals(value, decimals))
                })
            })
        };
        let codebook = recorded.map(|decimals| match line.summary {
            SummaryKind::MedianQuartiles if !between(decimals) => decimals,
            _ => decimals.saturating_add(1),
        });
        let spreads = self.patients().into_iter().filter_map(|of| {
            let number = |stat| self.summary(&line.variable, of, None, stat).and_then(|row| row.value.number());
            match line.summary {
                SummaryKind::MeanSd => number(Stat::Sd),
                _ => Some(number(Stat::Q3)? - number(Stat::Q1)?),
            }
        });
        self.style.places(codebook, spreads)
    }

    // ---- the comparison

    pub(crate) fn comparison(&self) -> Table {
        let patients = self.patients();
        let tests = self.has(Context::Test, Stat::PValue);
        let adjusted = self.has(Context::Adjustment, Stat::PAdjusted);
        let mut marks = Marks::default();

        let mut columns =
            vec![Column::new(ColumnKind::Label, "Characteristic"), Column::new(ColumnKind::Patients, "n")];
        columns.extend(patients.iter().map(|of| {
            let heading = Cell::from(of.group.unwrap_or("All")).detail(format!("n = {}", of.n));
            Column::new(ColumnKind::Summary, heading)
        }));
        if tests {
            columns.push(Column::new(ColumnKind::PValue, "P value"));
        }
        if adjusted {
            let family = self.family_note();
            let heading = Cell::from("P adjusted");
            let heading = if family.is_empty() { heading } else { heading.mark(marks.of(&family)) };
            columns.push(Column::new(ColumnKind::PValue, heading));
        }

        let mut lines = Vec::new();
        let mut heading = None;
        for line in &self.analysis.rows {
            if line.heading != heading {
                lines.extend(line.heading.as_deref().map(Line::heading));
                heading.clone_from(&line.heading);
            }
            let mut cells = vec![self.label_cell(line), self.n_cell(line).into()];
            cells.extend(patients.iter().map(|of| self.summary_cell(line, *of, &mut marks)));
            if tests {
                cells.push(self.p_cell(line, &mut marks));
            }
            if adjusted {
                cells.push(self.adjusted_cell(line, &mut marks));
            }
            lines.push(Line::item(cells));
            if line.summary == SummaryKind::Counts {
                lines.extend(self.level_lines(line, &patients, columns.len()));
            }
        }

        let mut footnotes = self.general_notes();
        footnotes.extend(marks.into_footnotes());
        footnotes.extend(self.turning_note());
        Table { title: self.analysis.title.clone(), columns, lines, footnotes }
    }

    fn has(&self, context: Context, stat: Stat) -> bool {
        self.rows.values().flatten().any(|row| row.context == context && row.stat == stat)
    }

    fn label_cell(&self, line: &'a TableRow) -> Cell {
        Cell::from(self.line_label(line)).detail(match line.summary {
            SummaryKind::MeanSd => "mean ± SD",
            SummaryKind::MedianQuartiles => self.style.quartile_words(),
            SummaryKind::Counts | SummaryKind::Count => "n (%)",
        })
    }

    /// Patients with a value: in all, or by group where the ledger has no row for all.
    fn n_cell(&self, line: &TableRow) -> String {
        let known = |group| self.known(&line.variable, group).map(|n| self.style.tidy(n));
        let by_group = || {
            let groups: Option<Vec<String>> =
                self.analysis.groups.iter().map(|group| known(Some(&group.label))).collect();
            groups.filter(|groups| !groups.is_empty()).map(|groups| groups.join(" + "))
        };
        known(None).or_else(by_group).unwrap_or_else(|| NONE.to_owned())
    }

    fn summary_cell(&self, line: &'a TableRow, of: Patients<'_>, marks: &mut Marks) -> Cell {
        let row = |stat| self.summary(&line.variable, of, None, stat);
        let number = |stat| row(stat).and_then(|row| row.value.number());
        let (text, shown): (String, &[Stat]) = match line.summary {
            SummaryKind::MeanSd => {
                (self.style.mean_sd(number(Stat::Mean), number(Stat::Sd), self.places(line)), &[Stat::Mean, Stat::Sd])
            }
            SummaryKind::MedianQuartiles => (
                self.style.median_quartiles(
                    number(Stat::Median),
                    number(Stat::Q1),
                    number(Stat::Q3),
                    self.places(line),
                ),
                &[Stat::Median, Stat::Q1, Stat::Q3],
            ),
            SummaryKind::Count => return self.count_cell(line, line.level.as_deref(), of, true).into(),
            SummaryKind::Counts => (String::new(), &[]),
        };
        let known = self.known(&line.variable, of.group);
        let fewer = known.filter(|&n| n < of.n as f64).map(|n| format!("n = {}", self.style.tidy(n)));
        let mut cell = Cell { text, detail: fewer, ..Cell::default() };
        // One reason is enough: what lacks a mean lacks its SD for the same reason.
        let missing = shown.iter().filter_map(|&stat| row(stat)).find(|row| row.value.number().is_none());
        if let Some(reason) = missing.and_then(reason) {
            cell = cell.mark(marks.of(&reason));
        }
        cell
    }

    /// `7 (33.3%)`, or `7/18 (38.9%)` where the denominator is not the whole group and the line has no other place to
    /// say so.
    fn count_cell(&self, line: &TableRow, level: Option<&str>, of: Patients<'_>, alone: bool) -> String {
        let number = |stat| self.summary(&line.variable, of, level, stat).and_then(|row| row.value.number());
        let Some(count) = number(Stat::Count) else {
            return NONE.to_owned();
        };
        let denominator = number(Stat::Denominator);
        let mut text = self.style.tidy(count);
        if let Some(denominator) = denominator.filter(|&denominator| alone && denominator != of.n as f64) {
            text += &format!("/{}", self.style.tidy(denominator));
        }
        match number(Stat::Proportion) {
            None => text,
            Some(proportion) => format!("{text} ({}%)", self.percent(Some(count), denominator, proportion)),
        }
    }

    fn level_lines(&self, line: &'a TableRow, patients: &[Patients<'_>], columns: usize) -> Vec<Line> {
        let of_level = |level: &&'a str| {
            let mut cells = vec![Cell::from(*level), Cell::default()];
            cells.extend(patients.iter().map(|of| Cell::from(self.count_cell(line, Some(level), *of, false))));
            cells.resize(columns, Cell::default());
            Line::part(cells)
        };
        self.levels(line).iter().map(of_level).collect()
    }

    fn p_cell(&self, line: &TableRow, marks: &mut Marks) -> Cell {
        let rows = self.of_line(Context::Test, line);
        let Some(row) = rows.into_iter().find(|row| row.stat == Stat::PValue) else {
            return Cell::default();
        };
        let cell = self.p_of(row);
        match row.value.number() {
            None => cell.mark(marks.of(&reason(row).unwrap_or_else(|| "Not estimable.".to_owned()))),
            Some(p) => {
                let test = row.procedure.as_deref().map(|key| marks.of(&named(key)));
                let turns = self.alternatives(line).into_iter().any(|other| self.turns(p, other));
                let cell = test.into_iter().fold(cell, Cell::mark);
                if turns { cell.mark(TURNS) } else { cell }
            }
        }
    }

    fn adjusted_cell(&self, line: &TableRow, marks: &mut Marks) -> Cell {
        let rows = self.of_line(Context::Adjustment, line);
        let Some(row) = rows.into_iter().find(|row| row.stat == Stat::PAdjusted) else {
            return Cell::default();
        };
        let cell = self.p_of(row);
        let listed = self.analysis.family.iter().flat_map(|family| &family.left_out);
        match reason(row) {
            // Those left out are listed together.
            Some(reason) if !listed.clone().any(|left_out| left_out.variable == line.variable) => {
                cell.mark(marks.of(&reason))
            }
            _ => cell,
        }
    }

    // ---- its footnotes

    fn general_notes(&self) -> Vec<Footnote> {
        let lines = &self.analysis.rows;
        let any = |kind| lines.iter().any(|line| line.summary == kind);
        let counts = any(SummaryKind::Counts) || any(SummaryKind::Count);
        let mut notes = vec![
            "n, patients with a value; a cell that rests on fewer patients than its column says how many.".to_owned(),
        ];
        if counts {
            notes.push(match self.analysis.denominator.as_str() {
                "known" => "Percentages are of the patients with a known value.".to_owned(),
                "all" => "Percentages are of all patients of the column, those without a value included.".to_owned(),
                other => format!("Percentages are of: {other}."),
            });
        }
        if any(SummaryKind::MeanSd) {
            notes.push("SD, standard deviation.".to_owned());
        }
        if any(SummaryKind::MedianQuartiles) {
            let rule = self.quartile_rule().map(|rule| format!(", by {rule}")).unwrap_or_default();
            notes.push(format!("{}{rule}.", self.style.quartile_note()));
        }
        notes.extend(self.notes());
        notes.into_iter().map(|text| Footnote { mark: None, text }).collect()
    }

    /// The patients that stand in no column.
    pub(crate) fn ungrouped_note(&self) -> Option<String> {
        let by = self.analysis.by.as_deref().map_or("the group", |by| self.label(by));
        (self.analysis.ungrouped > 0).then(|| {
            let patients = counted(self.analysis.ungrouped, "patient is", "patients are");
            format!("{patients} in no column, because {by} is missing.")
        })
    }

    pub(crate) fn quartile_rule(&self) -> Option<String> {
        let shown = self.analysis.rows.iter().filter(|line| line.summary == SummaryKind::MedianQuartiles);
        let used = shown
            .flat_map(|line| self.rows(&line.variable))
            .filter(|row| row.context == Context::Summary && row.stat == Stat::Q1)
            .find_map(|row| row.procedure.as_deref());
        let named = self.ledger.convention("quartiles");
        used.map(|key| full_name(key).to_owned())
            .or_else(|| named.map(|number| full_name(&format!("quantile/type_{number}")).to_owned()))
    }

    /// The family: its method and size, and who is not in it, by reason in the order of first mention.
    pub(crate) fn family_note(&self) -> String {
        let Some(family) = &self.analysis.family else {
            return String::new();
        };
        let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
        for left_out in &family.left_out {
            let label = self.label(&left_out.variable);
            match reasons.iter_mut().find(|(reason, _)| *reason == left_out.reason) {
                Some((_, labels)) => labels.push(label),
                None => reasons.push((&left_out.reason, vec![label])),
            }
        }
        let left_out: Vec<String> =
            reasons.into_iter().map(|(reason, labels)| format!("{} ({reason})", labels.join(", "))).collect();
        let size = counted(family.size, "p-value", "p-values");
        let note = format!("{}, over the {size} of this table.", full_name(&family.method));
        if left_out.is_empty() { note } else { format!("{note} Left out: {}.", left_out.join("; ")) }
    }

    /// The lines whose verdict depends on the choice of test, each with both sides.
    fn turning_note(&self) -> Option<Footnote> {
        let mut parts = Vec::new();
        for line in &self.analysis.rows {
            let rows = self.of_line(Context::Test, line);
            let Some((row, p)) = rows
                .into_iter()
                .filter(|row| row.stat == Stat::PValue)
                .find_map(|row| row.value.number().map(|p| (row, p)))
            else {
                continue;
            };
            let others: Vec<String> = self
                .alternatives(line)
                .into_iter()
                .filter(|other| self.turns(p, other))
                .map(|other| format!("{} by {}", self.p(other), by(other)))
                .collect();
            if !others.is_empty() {
                parts.push(format!("{}: {} by {}, {}", self.line_label(line), self.p(row), by(row), others.join(", ")));
            }
        }
        let threshold = self.style.threshold(self.analysis.alpha);
        (!parts.is_empty()).then(|| Footnote {
            mark: Some(TURNS.to_owned()),
            text: format!("The verdict at {threshold} depends on the choice of test. {}.", parts.join("; ")),
        })
    }

    // ---- how each p was chosen

    pub(crate) fn choices(&self) -> Table {
        let columns = vec![
            Column::new(ColumnKind::Label, "Test"),
            Column::new(ColumnKind::PValue, "P value"),
            Column::new(ColumnKind::Number, "Statistic"),
            Column::new(ColumnKind::Text, "Why this test, and what it rests on"),
        ];
        let mut lines = Vec::new();
        let mut turned = false;
        for line in &self.analysis.rows {
            let rows = self.of_line(Context::Test, line);
            let Some(row) = rows.iter().copied().find(|row| row.stat == Stat::PValue) else {
                continue;
            };
            let name = row.procedure.as_deref().map_or("No test", full_name);
            lines.push(Line::heading(self.line_label(line)));
            lines.push(Line::item(vec![
                name.into(),
                self.p_of(row),
                self.statistic(&rows).into(),
                self.because(line, &rows).into(),
            ]));
            for other in self.alternatives(line) {
                let name = other.procedure.as_deref().map_or("Another test", full_name);
                let p = self.p_of(other);
                let turns = row.value.number().is_some_and(|p| self.turns(p, other));
                turned |= turns;
                let remarks = said([other.why.as_deref(), other.reason.as_deref()], std::slice::from_ref(&other));
                let cells = |p: Cell| vec![name.into(), p, Cell::default(), remarks.into()];
                // Where paper is short, those of another verdict are the ones to see.
                lines.push(if turns { Line::part(cells(p.mark(TURNS))).tagged("turns") } else { Line::part(cells(p)) });
            }
        }
        let footnotes = turned.then(|| Footnote {
            mark: Some(TURNS.to_owned()),
            text: format!(
                "On the other side of {} from the test that was used.",
                self.style.threshold(self.analysis.alpha)
            ),
        });
        Table { title: "How each p was chosen".to_owned(), columns, lines, footnotes: footnotes.into_iter().collect() }
    }

    /// `t = −0.94, df 59`; `U = 346, z −1.14`
    fn statistic(&self, rows: &[&Row]) -> String {
        let row = |stat| rows.iter().find(|row| row.stat == stat);
        let Some((statistic, value)) =
            row(Stat::Statistic).and_then(|row| row.value.number().map(|value| (row, value)))
        else {
            return String::new();
        };
        let known = statistic.procedure.as_deref().and_then(procedure);
        let symbol = known.and_then(|known| known.statistic).unwrap_or("statistic");
        let mut text = format!("{symbol} = {}", self.style.tidy(value));
        for (stat, name) in [(Stat::Df, "df"), (Stat::Z, "z")] {
            if let Some(value) = row(stat).and_then(|row| row.value.number()) {
                text += &format!(", {name} {}", self.style.tidy(value));
            }
        }
        text
    }

    /// The rule and its evidence, the estimate, the remarks.
    fn because(&self, line: &TableRow, rows: &[&Row]) -> String {
        let first = |text: fn(&Row) -> Option<&str>| rows.iter().find_map(|row| text(row));
        let why = first(|row| row.why.as_deref());
        let reason = first(|row| row.reason.as_deref());
        let estimate = self.estimate(line, rows);
        said([why, reason, estimate.as_deref()], rows)
    }

    fn estimate(&self, line: &TableRow, rows: &[&Row]) -> Option<String> {
        let number = |stat| rows.iter().find(|row| row.stat == stat).and_then(|row| row.value.number());
        let row = rows.iter().find(|row| row.stat == Stat::Estimate)?;
        let value = row.value.number()?;
        let known = row.procedure.as_deref().and_then(quantity);
        let groups = match self.analysis.groups.as_slice() {
            [first, second] => Some([first.label.as_str(), second.label.as_str()]),
            _ => None,
        };
        let words = known.map_or_else(|| "estimate".to_owned(), |quantity| quantity.name(groups));
        let places = if known.is_some_and(|quantity| quantity.in_unit) { self.places(line) } else { 2 };
        let value = self.style.number(value, places);
        let interval = number(Stat::ConfLow)
            .zip(number(Stat::ConfHigh))
            .map(|(low, high)| format!(" ({} {})", self.confidence(), self.style.interval(low, high, places)));
        Some(format!("{words}: {value}{}", interval.unwrap_or_default()))
    }

    // ---- what is missing

    pub(crate) fn missingness(&self) -> Table {
        let all = self.all();
        let groups: Vec<Patients<'_>> = self.patients().into_iter().filter(|of| of.group.is_some()).collect();
        let missing = |variable: &str, of: Patients<'_>| {
            let row = self.row(Context::Missingness, variable, of.group, None, Stat::NMissing);
            row.and_then(|row| row.value.number())
        };
        let overall = self.rows.keys().any(|variable| missing(variable, all).is_some());
        let shown: Vec<Patients<'_>> = overall.then_some(all).into_iter().chain(groups).collect();

        let mut columns = vec![Column::new(ColumnKind::Label, "Variable")];
        columns.extend(shown.iter().map(|of| {
            let heading = Cell::from(of.group.unwrap_or("All")).detail(format!("n = {}", of.n));
            Column::new(ColumnKind::Number, heading)
        }));

        let mut seen: Vec<&str> = Vec::new();
        let mut complete = 0_usize;
        let mut lines = Vec::new();
        for line in &self.analysis.rows {
            if seen.contains(&line.variable.as_str()) {
                continue;
            }
            seen.push(&line.variable);
            let counts: Vec<Option<f64>> = shown.iter().map(|of| missing(&line.variable, *of)).collect();
            if counts.iter().flatten().any(|&count| count > 0.0) {
                let cells = counts
                    .iter()
                    .map(|count| Cell::from(count.map_or_else(|| NONE.to_owned(), |count| self.style.tidy(count))));
                let label = Cell::from(self.label(&line.variable));
                lines.push(Line::item(std::iter::once(label).chain(cells).collect()));
            } else if counts.iter().any(Option::is_some) {
                complete += 1;
            }
        }
        let others = if lines.is_empty() { "" } else { " other" };
        let footnotes = (complete > 0).then(|| Footnote {
            mark: None,
            text: match complete {
                1 => format!("One{others} variable has no value missing."),
                n => format!("{n}{others} variables have no value missing."),
            },
        });
        Table { title: "Missing values".to_owned(), columns, lines, footnotes: footnotes.into_iter().collect() }
    }
}

/// Whether a number has no more than so many decimals.
fn has_decimals(number: f64, decimals: u8) -> bool {
    format!("{number:.*}", usize::from(decimals)).parse() == Ok(number)
}

/// A level that says no more than that its variable holds.
pub(crate) fn is_yes(level: &str) -> bool {
    ["yes", "y", "true", "1"].contains(&level.to_lowercase().as_str())
}

/// Why a row has no number, as a sentence.
pub(crate) fn reason(row: &Row) -> Option<String> {
    row.reason.as_deref().map(sentence).filter(|reason| !reason.is_empty())
}

fn by(row: &Row) -> &str {
    row.procedure.as_deref().map_or("another test", short_name)
}

/// A footnote on a procedure; a key that has no words stands as it is.
pub(crate) fn named(key: &str) -> String {
    procedure(key).map_or_else(|| key.to_owned(), |procedure| sentence(procedure.full))
}

pub(crate) fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// Begins with a capital, ends with a full stop.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim();
    // Symbols keep their case: t, n, pH, eGFR. Only a word in small letters is a word.
    let word: String = text.chars().take_while(|character| character.is_alphabetic()).collect();
    let plain = word == "a" || (word.chars().count() > 1 && word.chars().all(char::is_lowercase));
    let mut chars = text.chars();
    let first = match chars.next() {
        None => return String::new(),
        Some(first) if plain => first.to_uppercase().to_string(),
        Some(first) => first.to_string(),
    };
    let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{stop}", chars.as_str())
}

/// What is known, then the remarks of the rows, each once, as sentences.
fn said<const N: usize>(first: [Option<&str>; N], rows: &[&Row]) -> String {
    let remarks = rows.iter().flat_map(|row| &row.remarks).map(String::as_str);
    let mut sentences: Vec<String> = Vec::new();
    for text in first.into_iter().flatten().chain(remarks).map(|text| sentence(&without_keys(text))) {
        if !text.is_empty() && !sentences.contains(&text) {
            sentences.push(text);
        }
    }
    sentences.join(" ")
}
