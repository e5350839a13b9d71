//! The study file's JSON Schema and reference of keys, made from its types.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::conventions::{Preset, SETTINGS};
use crate::describe::{Describe, Key, Shape, Table};
use crate::file::StudyFile;

/// The JSON Schema (draft 2020-12) of a study file: what editors complete and check.
///
/// Two spaces of indent, a newline at the end.
///
/// # Errors
///
/// Never for a value made of text and numbers; the signature is that of the writer.
pub fn json_schema() -> Result<String, serde_json::Error> {
    let mut schema = of_shape(&StudyFile::shape());
    if let Some(object) = schema.as_object_mut() {
        object.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        object.insert("title".to_owned(), json!("restudy study file"));
        if let Some(conventions) = object.get_mut("properties").and_then(|keys| keys.get_mut("conventions")) {
            *conventions = of_conventions();
        }
    }
    let mut text = serde_json::to_string_pretty(&schema)?;
    text.push('\n');
    Ok(text)
}

fn of_shape(shape: &Shape) -> Value {
    match shape {
        Shape::Text => json!({ "type": "string" }),
        Shape::Truth => json!({ "type": "boolean" }),
        Shape::Number => json!({ "type": "number" }),
        Shape::Whole => json!({ "type": "integer", "minimum": 0 }),
        Shape::Setting => json!({ "type": ["string", "number"] }),
        Shape::Words(words) => {
            let of_word = |(word, about): &(&str, &str)| json!({ "const": word, "description": about.trim() });
            json!({ "anyOf": words.iter().map(of_word).collect::<Vec<_>>() })
        }
        Shape::List(of) => json!({ "type": "array", "items": of_shape(of) }),
        Shape::Map(of) => json!({ "type": "object", "additionalProperties": of_shape(of) }),
        Shape::Either(shapes) => json!({ "anyOf": shapes.iter().map(of_shape).collect::<Vec<_>>() }),
        Shape::Table(table) => of_table(table),
    }
}

fn of_table(table: &Table) -> Value {
    let mut properties = Map::new();
    for key in &table.keys {
        let mut value = of_shape(&key.shape);
        if let Some(object) = value.as_object_mut() {
            object.insert("description".to_owned(), json!(key.about));
        }
        properties.insert(key.name.clone(), value);
    }
    let required: Vec<&str> = table.keys.iter().filter(|key| key.required).map(|key| key.name.as_str()).collect();
    json!({
        "type": "object",
        "description": table.about,
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn of_conventions() -> Value {
    let mut properties = Map::new();
    let presets: Vec<&str> = Preset::names().collect();
    properties.insert(
        "preset".to_owned(),
        json!({ "enum": presets, "description": "the package whose choices hold where nothing else is said" }),
    );
    for spec in SETTINGS {
        let description = format!("{}; {} where nothing is said", spec.meaning, spec.default);
        let value = if spec.values.is_empty() {
            json!({ "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1, "description": description })
        } else {
            // `quartiles = 6` and `quartiles = "6"` are the same.
            let numbers = spec.values.iter().filter_map(|value| value.parse::<u64>().ok().map(Value::from));
            let values: Vec<Value> = spec.values.iter().map(|value| json!(value)).chain(numbers).collect();
            json!({ "enum": values, "description": description })
        };
        properties.insert(spec.key.to_owned(), value);
    }
    json!({
        "type": "object",
        "description": "The choices on which packages differ.",
        "properties": properties,
        "additionalProperties": false,
    })
}

/// Every table of the study file with its keys, in Markdown.
#[must_use]
pub fn reference() -> String {
    let mut text = String::new();
    let Shape::Table(file) = StudyFile::shape() else { return text };
    for key in &file.keys {
        let name = match &key.shape {
            Shape::List(_) => format!("[[{}]]", key.name),
            _ => format!("[{}]", key.name),
        };
        write_part(&mut text, 2, &name, &key.name, &key.about, &key.shape);
    }
    text
}

/// A table of the file, and below it the tables within it.
fn write_part(text: &mut String, depth: usize, name: &str, path: &str, about: &str, shape: &Shape) {
    // Writing to a String cannot fail.
    let _ = write!(text, "{} `{name}`\n\n{about}\n\n", "#".repeat(depth));
    let Some(table) = table_of(shape) else { return };
    text.push_str("| key | value | |\n|---|---|---|\n");
    for Key { name, about, required, shape } in &table.keys {
        let need = if *required { "" } else { "optional" };
        let words = match word_list(shape) {
            Some(words) => {
                let of_word = |(word, about): &(&str, &str)| format!("`{word}` ({})", about.trim());
                format!("{about} One of {}", words.iter().map(of_word).collect::<Vec<_>>().join(", "))
            }
            None => about.clone(),
        };
        let _ = writeln!(text, "| `{name}` | {}{} | {need} |", kind(shape), escaped(&words));
    }
    text.push('\n');
    for key in table.keys.iter().filter(|key| table_of(&key.shape).is_some()) {
        let path = format!("{path}.{}", key.name);
        let name = match (&key.shape, depth) {
            (Shape::List(of), 2) if matches!(**of, Shape::Table(_)) => format!("[[{path}]]"),
            _ => path.clone(),
        };
        write_part(
            text,
            (depth + 1).min(4),
            &name,
            &path,
            table_of(&key.shape).map_or("", |table| &table.about),
            &key.shape,
        );
    }
}

fn table_of(shape: &Shape) -> Option<&Table> {
    match shape {
        Shape::Table(table) => Some(table),
        Shape::List(of) => table_of(of),
        Shape::Either(shapes) => shapes.iter().find_map(table_of),
        _ => None,
    }
}

fn word_list(shape: &Shape) -> Option<&'static [(&'static str, &'static str)]> {
    match shape {
        Shape::Words(words) => Some(words),
        _ => None,
    }
}

/// What stands there, where that is not plain text.
fn kind(shape: &Shape) -> &'static str {
    match shape {
        Shape::Text | Shape::Words(_) | Shape::Setting => "",
        Shape::Truth => "`true` or `false`: ",
        Shape::Number => "a number: ",
        Shape::Whole => "a whole number: ",
        Shape::List(_) => "a list: ",
        Shape::Map(_) => "by name: ",
        Shape::Table(_) => "a table: ",
        Shape::Either(shapes) if shapes.iter().any(|shape| matches!(shape, Shape::Table(_))) => "a name or a table: ",
        Shape::Either(_) => "",
    }
}

fn escaped(text: &str) -> String {
    text.replace('|', "\\|")
}
