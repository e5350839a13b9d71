//! What was checked, what missed, and what is not covered, as text and as JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::Serialize;

use crate::case::Case;
use crate::check::{Expected, Leaf, Outcome};

/// The result of a run. Each number of the folder is in exactly one of `checked`, `missed` and `not_covered`.
#[derive(Serialize)]
pub(crate) struct Report {
    totals: Tally,
    methods: BTreeMap<String, Tally>,
    misses: Vec<Miss>,
    not_covered: Vec<NotCovered>,
    /// Files without golden values.
    left_out: Vec<String>,
}

/// Cases and values of a method.
#[derive(Default, Serialize)]
struct Tally {
    cases: usize,
    /// Infinities included.
    numbers: Counts,
    /// Nulls, flags and words.
    others: Counts,
    /// The largest relative error among the numbers within their tolerance.
    largest_error: f64,
}

#[derive(Default, Serialize)]
struct Counts {
    expected: usize,
    checked: usize,
    missed: usize,
    not_covered: usize,
}

/// A value outside its tolerance.
#[derive(Serialize)]
struct Miss {
    method: String,
    case: String,
    name: String,
    expected: String,
    obtained: String,
    relative_error: Option<f64>,
    tolerance: &'static str,
}

/// Values that are not computed, and why.
#[derive(Serialize)]
struct NotCovered {
    method: String,
    reason: String,
    /// How many numbers of each name; in a method of which nothing is covered, of all names together.
    names: BTreeMap<String, usize>,
    cases: usize,
    numbers: usize,
    others: usize,
}

impl Report {
    pub(crate) fn of(cases: &[Case], left_out: Vec<String>) -> Self {
        let mut report = Self {
            totals: Tally::default(),
            methods: BTreeMap::new(),
            misses: Vec::new(),
            not_covered: not_covered(cases),
            left_out,
        };
        for case in cases {
            report.totals.add(case);
            report.methods.entry(case.method.clone()).or_default().add(case);
            report.misses.extend(case.check.leaves().iter().filter_map(|leaf| Miss::of(case, leaf)));
        }
        report
    }

    pub(crate) fn missed_any(&self) -> bool {
        !self.misses.is_empty()
    }

    /// The report for people.
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        let width = self.methods.keys().map(String::len).max().unwrap_or(0).max("method".len());
        writeln!(
            text,
            "{:width$}  {:>5}  {:>7}  {:>7}  {:>6}  {:>11}  {:>13}",
            "method", "cases", "numbers", "checked", "missed", "not covered", "largest error"
        )?;
        let named = self.methods.iter().map(|(name, tally)| (name.as_str(), tally));
        for (name, tally) in named.chain([("all", &self.totals)]) {
            let Tally { cases, numbers, largest_error, .. } = tally;
            let Counts { expected, checked, missed, not_covered } = numbers;
            let largest = if *checked > 0 { format!("{largest_error:.1e}") } else { "-".to_owned() };
            writeln!(
                text,
                "{name:width$}  {cases:>5}  {expected:>7}  {checked:>7}  {missed:>6}  {not_covered:>11}  {largest:>13}"
            )?;
        }
        let Counts { expected, checked, missed, not_covered } = &self.totals.others;
        writeln!(
            text,
            "\nBeside the numbers, {expected} nulls, flags and words: \
             {checked} checked, {missed} missed, {not_covered} not covered."
        )?;

        writeln!(text, "\nMissed:{}", if self.misses.is_empty() { " nothing" } else { "" })?;
        for Miss { case, name, expected, obtained, relative_error, tolerance, .. } in &self.misses {
            write!(text, "  {case} {name}: expected {expected}, obtained {obtained}")?;
            match relative_error {
                Some(error) => writeln!(text, ", relative error {error:.2e} (tolerance: {tolerance})")?,
                None => writeln!(text)?,
            }
        }

        writeln!(text, "\nNot covered:{}", if self.not_covered.is_empty() { " nothing" } else { "" })?;
        for NotCovered { method, reason, names, cases, numbers, .. } in &self.not_covered {
            let names: Vec<_> = names.iter().map(|(name, numbers)| format!("{name} ({numbers})")).collect();
            let what = if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) };
            writeln!(text, "  {method}, {cases} cases, {numbers} numbers{what}\n    {reason}")?;
        }
        for file in &self.left_out {
            writeln!(text, "  {file}")?;
        }
        Ok(())
    }
}

impl Tally {
    fn add(&mut self, case: &Case) {
        self.cases += 1;
        for leaf in case.check.leaves() {
            let counts = if leaf.is_number() { &mut self.numbers } else { &mut self.others };
            counts.expected += 1;
            match &leaf.outcome {
                Outcome::Met { error } => {
                    counts.checked += 1;
                    self.largest_error = self.largest_error.max(*error);
                }
                Outcome::Missed { .. } => counts.missed += 1,
                Outcome::NotCovered(_) => counts.not_covered += 1,
            }
        }
    }
}

impl Miss {
    fn of(case: &Case, leaf: &Leaf) -> Option<Self> {
        let Outcome::Missed { obtained, error, tolerance } = &leaf.outcome else { return None };
        Some(Self {
            method: case.method.clone(),
            case: case.id.clone(),
            name: leaf.path.clone(),
            expected: match &leaf.expected {
                Expected::Number(number) => number.to_string(),
                Expected::Nothing => "nothing".to_owned(),
                Expected::Flag(flag) => flag.to_string(),
                Expected::Text(text) => format!("{text:?}"),
            },
            obtained: obtained.clone(),
            relative_error: *error,
            tolerance,
        })
    }
}

/// One line for each method and reason.
fn not_covered(cases: &[Case]) -> Vec<NotCovered> {
    let mut lines: BTreeMap<(&str, &str), NotCovered> = BTreeMap::new();
    for case in cases {
        let mut reasons = BTreeSet::new();
        for leaf in case.check.leaves() {
            let Outcome::NotCovered(reason) = &leaf.outcome else { continue };
            let line = lines.entry((&case.method, reason)).or_insert_with(|| NotCovered {
                method: case.method.clone(),
                reason: reason.to_string(),
                names: BTreeMap::new(),
                cases: 0,
                numbers: 0,
                others: 0,
            });
            line.cases += usize::from(reasons.insert(reason));
            if leaf.is_number() {
                line.numbers += 1;
            } else {
                line.others += 1;
            }
            if !case.uncovered_method {
                *line.names.entry(leaf.key().to_owned()).or_default() += usize::from(leaf.is_number());
            }
        }
    }
    lines.into_values().collect()
}
