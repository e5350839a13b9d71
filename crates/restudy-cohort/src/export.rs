//! What is known of a column, as a codebook says it.

use std::fmt::Write as _;

use crate::codebook::{Entry, ISO_DATE};
use crate::column::{Column, Kind, Values};

/// Few enough values to be listed as levels.
const FEW: usize = 10;

/// The table of a column.
pub(crate) fn entry(column: &Column, known: Option<&Entry>, numbered: &[&str]) -> String {
    let unknown = Entry::default();
    let known = known.unwrap_or(&unknown);
    let mut text = format!("\n[columns.{}]\n", basic(&column.name));
    let mut key = |name: &str, value: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{name} = {value}");
    };
    let list = |codes: &mut dyn Iterator<Item = &str>| format!("[{}]", codes.map(basic).collect::<Vec<_>>().join(", "));
    key("label", &basic(&column.label));
    if let Some(heading) = &column.heading {
        key("heading", &basic(heading));
    }
    let whole = column.written_levels();
    let groups = numbered.contains(&column.name.as_str()) && !whole.is_empty();
    let has_levels = matches!(column.values, Values::Levels { .. });
    let kind = match column.kind {
        Kind::Continuous | Kind::Time if groups && whole.len() == 2 => Kind::Binary,
        Kind::Continuous | Kind::Time if groups => Kind::Nominal,
        kind => kind,
    };
    key("kind", &basic(kind.as_str()));
    match (&known.levels, &known.event) {
        (_, Some(event)) => {
            key("event", &basic(&event.text));
            if let Some(censored) = &known.censored {
                key("censored", &list(&mut censored.iter().map(|code| code.text.as_str())));
            }
        }
        (Some(levels), None) => {
            let level = |value: &str, label: &str| format!("{{ value = {}, label = {} }}", basic(value), basic(label));
            let levels: Vec<String> = levels.iter().map(|known| level(&known.value.text, &known.label)).collect();
            key("levels", &format!("[{}]", levels.join(", ")));
        }
        (None, None) if (has_levels || groups) && whole.len() <= FEW => {
            let of = |level: &String| format!("{{ value = {0}, label = {0} }}", basic(level));
            key("levels", &format!("[{}]", whole.iter().map(of).collect::<Vec<_>>().join(", ")));
        }
        (None, None) => {}
    }
    if !known.missing.is_empty() {
        key("missing", &list(&mut known.missing.iter().map(|code| code.text.as_str())));
    }
    if matches!(column.values, Values::Dates(_)) {
        key("format", &basic(known.format.as_deref().unwrap_or(ISO_DATE)));
    }
    if matches!(column.values, Values::Numbers(_)) && !groups {
        match &column.unit {
            Some(unit) => key("unit", &basic(unit)),
            None => text.push_str("# unit = \"…\"\n"),
        }
        if let Some(decimals) = column.decimals.map(usize::from).or_else(|| decimals(column)) {
            let _ = writeln!(text, "decimals = {decimals}");
        }
    }
    text
}

impl Column {
    /// The levels, as the table writes them; numbers too, where they are ten at most and whole. None of dates.
    #[must_use]
    pub fn written_levels(&self) -> Vec<String> {
        match &self.values {
            Values::Levels { levels, .. } => levels.clone(),
            Values::Numbers(numbers) => {
                let mut found: Vec<f64> = numbers.iter().flatten().copied().collect();
                found.sort_by(f64::total_cmp);
                found.dedup();
                let few = found.len() <= FEW && found.iter().all(|value| value.fract() == 0.0);
                if few { found.iter().map(f64::to_string).collect() } else { Vec::new() }
            }
            Values::Dates(_) => Vec::new(),
        }
    }
}

/// The decimals with which most values can have been recorded.
fn decimals(column: &Column) -> Option<usize> {
    let Values::Numbers(numbers) = &column.values else { return None };
    let of = |value: &f64| value.to_string().split_once('.').map_or(0, |(_, decimals)| decimals.len());
    numbers.iter().flatten().map(of).max().filter(|decimals| *decimals <= 15)
}

/// A TOML basic string.
fn basic(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
