//! A REDCap data dictionary as a codebook.
//!
//! REDCap exports a project's data as CSV and, apart from it, its data dictionary, another CSV. Where the dictionary takes the
//! codebook's place, it is known by the first name of its header. The data must have been exported raw, with codes.

use crate::code::Code;
use crate::codebook::{Codebook, Entry, Level};
use crate::column::Kind;
use crate::error::CohortError;
use crate::source::ReadOptions;
use crate::table::Table;

/// What a dictionary begins with.
const FIRST: &str = "Variable / Field Name";

/// Whether a codebook is a REDCap data dictionary.
pub(crate) fn is_dictionary(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start_matches('"').starts_with(FIRST)
}

/// The codebook that a dictionary makes. Columns that the data do not have are no error: an export need not be whole.
pub(crate) fn codebook(file: &str, text: &str) -> Result<Codebook, CohortError> {
    let text = text.trim_start_matches('\u{feff}');
    let table = Table::read(file, text, &ReadOptions { delimiter: Some(','), ..ReadOptions::default() })?;
    let column = |starts: &str| {
        let at = table.names.iter().position(|name| name.starts_with(starts));
        let mut cells: Vec<&str> =
            at.and_then(|at| table.columns.get(at)).map(|cells| cells.iter().collect()).unwrap_or_default();
        cells.resize(table.height(), "");
        cells
    };
    let [names, forms, sections, kinds, labels, choices, validations] =
        [FIRST, "Form Name", "Section Header", "Field Type", "Field Label", "Choices", "Text Validation Type"]
            .map(column);
    let mut codebook = Codebook::default();
    let mut heading = None;
    let mut form = "";
    for (row, name) in names.iter().enumerate() {
        let at = |cells: &[&str]| plain(cells.get(row).copied().unwrap_or_default());
        let this_form = forms.get(row).copied().unwrap_or_default();
        if this_form != form {
            (form, heading) = (this_form, None);
            if !form.is_empty() {
                codebook.describe(&format!("{form}_complete"), completeness(form));
            }
        }
        if !at(&sections).is_empty() {
            heading = Some(at(&sections));
        }
        let kind = kinds.get(row).copied().unwrap_or_default();
        let validation = validations.get(row).copied().unwrap_or_default();
        let entry = Entry {
            label: Some(at(&labels)).filter(|label| !label.is_empty()),
            heading: heading.clone(),
            ..Entry::default()
        };
        let choices = levels(&choices.get(row).copied().unwrap_or_default().replace('\n', " "));
        match kind {
            "checkbox" => {
                for choice in choices {
                    let label = entry.label.as_deref().unwrap_or(name);
                    // A code with a sign is exported with an underscore in its place.
                    let code = choice.value.text.to_lowercase().replace('-', "_");
                    let checked = two([("0", "Unchecked"), ("1", "Checked")]);
                    let label = Some(format!("{label}: {}", choice.label));
                    codebook
                        .describe(&format!("{name}___{code}"), Entry { label, heading: heading.clone(), ..checked });
                }
            }
            "descriptive" | "file" => {}
            "yesno" => codebook.describe(
                name,
                Entry { label: entry.label, heading: entry.heading, ..two([("0", "No"), ("1", "Yes")]) },
            ),
            "truefalse" => {
                codebook.describe(
                    name,
                    Entry { label: entry.label, heading: entry.heading, ..two([("0", "False"), ("1", "True")]) },
                );
            }
            "radio" | "dropdown" if !choices.is_empty() => {
                let kind = if choices.len() == 2 { Kind::Binary } else { Kind::Nominal };
                codebook.describe(name, Entry { kind: Some(kind), levels: Some(choices), ..entry });
            }
            "calc" | "slider" => codebook.describe(name, Entry { kind: Some(Kind::Continuous), ..entry }),
            "text" if validation.starts_with("number") || validation == "integer" => {
                codebook.describe(name, Entry { kind: Some(Kind::Continuous), ..entry });
            }
            "text" if validation.starts_with("date") => {
                let format = match validation {
                    v if v.starts_with("datetime_seconds") => "%Y-%m-%d %H:%M:%S",
                    v if v.starts_with("datetime") => "%Y-%m-%d %H:%M",
                    _ => "%Y-%m-%d",
                };
                codebook.describe(name, Entry { kind: Some(Kind::Date), format: Some(format.to_owned()), ..entry });
            }
            _ => codebook.describe(name, entry),
        }
    }
    Ok(codebook)
}

/// `1, Male | 2, Female` as levels.
fn levels(choices: &str) -> Vec<Level> {
    let mut levels: Vec<Level> = Vec::new();
    for choice in choices.split('|') {
        let (value, label) = choice.split_once(',').unwrap_or((choice, choice));
        let (value, label) = (Code::new(value), plain(label));
        if value.text.is_empty() || levels.iter().any(|level| level.value.clashes(&value)) {
            continue;
        }
        let taken = label.is_empty() || levels.iter().any(|level| level.label == label);
        let label = if taken { format!("{label} ({})", value.text).trim().to_owned() } else { label };
        levels.push(Level { value, label });
    }
    levels
}

fn two(levels: [(&str, &str); 2]) -> Entry {
    let levels = levels.map(|(value, label)| Level { value: Code::new(value), label: label.to_owned() });
    Entry { kind: Some(Kind::Binary), levels: Some(levels.into()), ..Entry::default() }
}

/// The state of a form, which REDCap adds to every export.
fn completeness(form: &str) -> Entry {
    let levels = [("0", "Incomplete"), ("1", "Unverified"), ("2", "Complete")];
    let levels = levels.map(|(value, label)| Level { value: Code::new(value), label: label.to_owned() });
    Entry {
        label: Some(format!("{form}: complete?")),
        kind: Some(Kind::Ordinal),
        levels: Some(levels.into()),
        ..Entry::default()
    }
}

/// A text without the HTML that REDCap allows in labels.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        plain.push_str(before);
        // A "<" that opens no tag is a comparison.
        let closes = tag.split_once('>').filter(|_| tag.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/'));
        match closes {
            Some((_, after)) => {
                plain.push(' ');
                rest = after;
            }
            None => {
                plain.push('<');
                rest = tag;
            }
        }
    }
    plain.push_str(rest);
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
