//! The synthetic cohort as a table: written with its codebook, and read back for the check.

use std::collections::BTreeMap;

use super::random::Random;
use super::{Attempt, Translation};
use crate::record::{Record, Row};

/// The column that says in every row what the rows are.
pub(super) const SYNTHETIC: &str = "synthetic";
/// The column of the groups.
pub(super) const GROUP: &str = "group";
/// The column that numbers the rows.
const PATIENT: &str = "patient";
/// The stream of chance that puts the rows in order, beside those of the attempts.
const ORDER: u64 = u64::MAX;

/// The table of a cohort: a header, then one row a synthetic patient.
pub(super) fn csv(record: &Record, translation: &Translation, attempt: &Attempt, seed: u64) -> String {
    let problem = &translation.problem;
    let survival = record.survivals.first().filter(|_| !attempt.days.is_empty());
    let mut header = vec![PATIENT, SYNTHETIC, GROUP];
    header.extend(problem.variables.iter().map(|variable| variable.id.as_str()));
    if let Some(survival) = survival {
        header.extend([survival.time.as_str(), survival.event.as_str()]);
    }
    let mut text = header.join(",");
    text.push('\n');
    let mut order: Vec<usize> = (0..problem.patients()).collect();
    Random::new(seed, ORDER).shuffle(&mut order);
    for (place, patient) in order.into_iter().enumerate() {
        let group = (0..problem.groups.len()).find(|group| problem.members(*group).contains(&patient)).unwrap_or(0);
        let label = record.groups[translation.groups[group]].label.clone();
        let mut cells = vec![(place + 1).to_string(), "yes".to_owned(), quoted(&label)];
        for (variable, units) in problem.variables.iter().zip(&attempt.units) {
            let levels = row_of(record, &variable.id).map_or(&[][..], |row| &row.levels);
            cells.push(match usize::try_from(units[patient]).ok().and_then(|code| levels.get(code)) {
                Some(level) => quoted(level),
                None => variable.text(units[patient]),
            });
        }
        if survival.is_some() {
            cells.push(attempt.days[patient].to_string());
            cells.push(u8::from(attempt.events[patient]).to_string());
        }
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

/// The codebook of a cohort.
pub(super) fn codebook(record: &Record, translation: &Translation) -> String {
    let title =
        format!("Synthetic cohort that meets the published numbers of {}; no row is a patient", record.paper.id);
    let mut text = format!(
        "# Synthetic data: no row of the table is a patient. It was made so that its statistics print as a paper's do.\n\
         \n[dataset]\ntitle = {}\n",
        toml(&title)
    );
    let mut column = |name: &str, lines: &[String]| {
        text.push_str(&format!("\n[columns.{}]\n{}\n", toml(name), lines.join("\n")));
    };
    let label = |label: &str| format!("label = {}", toml(label));
    let number = |decimals: u32| vec!["kind = \"continuous\"".to_owned(), format!("decimals = {decimals}")];
    column(PATIENT, &[vec![label("Row of the synthetic cohort")], number(0)].concat());
    column(SYNTHETIC, &[label("Made, not observed"), "kind = \"nominal\"".to_owned(), "levels = [\"yes\"]".to_owned()]);
    let groups: Vec<String> = translation.groups.iter().map(|group| toml(&record.groups[*group].label)).collect();
    let kind = if groups.len() == 2 { "binary" } else { "nominal" };
    column(GROUP, &[label("Group"), format!("kind = \"{kind}\""), format!("levels = [{}]", groups.join(", "))]);
    for variable in &translation.problem.variables {
        let said = record.variable(&variable.id);
        let row = row_of(record, &variable.id);
        let unit = said.and_then(|said| said.unit.as_ref());
        let levels = row.map_or(&[][..], |row| &row.levels);
        let name = row.map_or(variable.id.as_str(), |row| row.label.as_str());
        let name = if unit.is_some() || !levels.is_empty() { without_bracket(name) } else { name };
        let mut lines = vec![label(said.and_then(|said| said.label.as_deref()).unwrap_or(name))];
        lines.extend(unit.map(|unit| format!("unit = {}", toml(unit))));
        match &variable.values {
            super::problem::Values::Numbers(_) => lines.extend(number(variable.decimals)),
            super::problem::Values::Codes(_) if levels.is_empty() => lines.extend([
                "kind = \"binary\"".to_owned(),
                "levels = [{ value = 0, label = \"no\" }, { value = 1, label = \"yes\" }]".to_owned(),
            ]),
            super::problem::Values::Codes(_) => {
                let kind = if levels.len() == 2 { "binary" } else { "nominal" };
                let levels: Vec<String> = levels.iter().map(|level| toml(level)).collect();
                lines.extend([format!("kind = \"{kind}\""), format!("levels = [{}]", levels.join(", "))]);
            }
        }
        lines.extend(row.and_then(|row| row.heading.as_ref()).map(|heading| format!("heading = {}", toml(heading))));
        column(&variable.id, &lines);
    }
    if let Some(survival) = record.survivals.first() {
        let named = |id: &str| record.variable(id).and_then(|said| said.label.clone()).unwrap_or_else(|| id.to_owned());
        column(
            &survival.time,
            &[
                label(&named(&survival.time)),
                "unit = \"days\"".to_owned(),
                "kind = \"time\"".to_owned(),
                "decimals = 0".to_owned(),
            ],
        );
        column(
            &survival.event,
            &[
                label(&named(&survival.event)),
                "kind = \"event\"".to_owned(),
                "event = 1".to_owned(),
                "censored = [0]".to_owned(),
            ],
        );
    }
    text
}

/// The row of a table with that id.
fn row_of<'r>(record: &'r Record, id: &str) -> Option<&'r Row> {
    record.row(id).map(|(_, row)| row)
}

/// `Age(y)` as `Age`: the unit stands beside it.
fn without_bracket(label: &str) -> &str {
    let bare = label.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')).map_or(label, |(name, _)| name);
    bare.trim().trim_end_matches(['*', '†', '‡'])
}

/// A text in quotes as TOML has them.
fn toml(text: &str) -> String {
    let plain = !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if plain {
        return format!("\"{text}\"");
    }
    let escaped: String = text
        .chars()
        .flat_map(|letter| match letter {
            '"' | '\\' => vec!['\\', letter],
            letter if letter.is_control() => vec![' '],
            letter => vec![letter],
        })
        .collect();
    format!("\"{escaped}\"")
}

/// A cell: in quotes where it holds a comma, a quote or a line break. What a spreadsheet would take for a formula gets
/// an apostrophe before it.
fn quoted(cell: &str) -> String {
    let cell = restudy_ledger::neutral_cell(cell);
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_string() }
}

/// A table read back: its columns as texts.
pub(super) struct TextTable {
    columns: BTreeMap<String, Vec<String>>,
}

impl TextTable {
    /// Reads what [`csv`] writes; none when rows are of different lengths or there is no header.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let header = cells(lines.next()?);
        let mut columns: BTreeMap<String, Vec<String>> = header.iter().map(|name| (name.clone(), Vec::new())).collect();
        for line in lines.filter(|line| !line.is_empty()) {
            let row = cells(line);
            if row.len() != header.len() {
                return None;
            }
            for (name, cell) in header.iter().zip(row) {
                columns.get_mut(name)?.push(cell);
            }
        }
        Some(Self { columns })
    }

    pub(super) fn texts(&self, name: &str) -> Option<&[String]> {
        self.columns.get(name).map(Vec::as_slice)
    }

    pub(super) fn numbers(&self, name: &str) -> Option<Vec<f64>> {
        self.texts(name)?.iter().map(|cell| cell.parse().ok()).collect()
    }
}

fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut cell, mut inside) = (Vec::new(), String::new(), false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if inside && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => inside = !inside,
            ',' if !inside => cells.push(std::mem::take(&mut cell)),
            letter => cell.push(letter),
        }
    }
    cells.push(cell);
    cells
}
