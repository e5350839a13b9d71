//! The folder: its JSON files as cases, with the CSV files that they name.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::fs;
use std::path::Path;
use std::rc::Rc;

use serde_json::{Map, Value};

use crate::case::Case;
use crate::methods::{nist, special};
use crate::table::Table;

/// What makes a folder unusable: where, and why.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {reason}")]
pub(crate) struct InputError {
    place: String,
    reason: String,
}

impl InputError {
    pub(crate) fn new(place: impl Display, reason: impl Display) -> Self {
        Self { place: place.to_string(), reason: reason.to_string() }
    }

    /// The same, found while working on a case.
    pub(crate) fn within(self, place: impl Display) -> Self {
        Self { place: place.to_string(), reason: self.to_string() }
    }
}

/// A JSON value's type in the words of its standard.
struct TypeOf<'a>(&'a Value);

impl Display for TypeOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        })
    }
}

/// What a folder holds.
pub(crate) struct Folder {
    /// Every case, in the order of the file names.
    pub(crate) cases: Vec<Case>,
    /// Files without golden values, and what they are.
    pub(crate) left_out: Vec<String>,
}

/// Reads a folder.
pub(crate) fn read(dir: &Path) -> Result<Folder, InputError> {
    let mut names = Vec::new();
    let unreadable = |error| InputError::new("expected", format!("{error}; the folder needs expected/*.json"));
    for entry in fs::read_dir(dir.join("expected")).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".json") {
            names.push(name);
        }
    }
    if names.is_empty() {
        return Err(InputError::new("expected", "no .json file"));
    }
    names.sort();
    let mut tables = Tables { dir, read: BTreeMap::new() };
    let mut folder = Folder { cases: Vec::new(), left_out: Vec::new() };
    for name in names {
        let place = format!("expected/{name}");
        if name == "crosscheck.json" {
            folder.left_out.push(format!("{place}: where two reference programs differ; no golden values"));
            continue;
        }
        let text = fs::read(dir.join(&place)).map_err(|error| InputError::new(&place, error))?;
        let value: Value = serde_json::from_slice(&text).map_err(|error| InputError::new(&place, error))?;
        let file = object(&value).map_err(|error| error.within(&place))?;
        if file.get("schema_version").is_some_and(|version| version != 1) {
            return Err(InputError::new(&place, "`schema_version` is not 1"));
        }
        let read = match name.as_str() {
            "special.json" => special::cases(file),
            "nist.json" => nist::cases(file, &mut tables),
            _ => read_cases(file, &mut tables),
        };
        folder.cases.extend(read.map_err(|error| error.within(&place))?);
    }
    Ok(folder)
}

/// The CSV files read so far.
pub(crate) struct Tables<'a> {
    dir: &'a Path,
    read: BTreeMap<String, Rc<Table>>,
}

impl Tables<'_> {
    pub(crate) fn get(&mut self, name: &str) -> Result<Rc<Table>, InputError> {
        if let Some(table) = self.read.get(name) {
            return Ok(Rc::clone(table));
        }
        let table = Rc::new(Table::read(self.dir, name)?);
        self.read.insert(name.to_owned(), Rc::clone(&table));
        Ok(table)
    }
}

fn read_cases(file: &Map<String, Value>, tables: &mut Tables<'_>) -> Result<Vec<Case>, InputError> {
    let file_level = optional_string(file, "data_file")?;
    array(file, "cases")?
        .iter()
        .enumerate()
        .map(|(index, case)| {
            let name = || match case.get("id").and_then(Value::as_str) {
                Some(id) => format!("case {id}"),
                None => format!("case {}", index + 1),
            };
            read_case(case, file_level, tables).map_err(|error| error.within(name()))
        })
        .collect()
}

fn read_case(value: &Value, file_level: Option<&str>, tables: &mut Tables<'_>) -> Result<Case, InputError> {
    let case = object(value)?;
    let vars = object(member(case, "vars")?).map_err(|error| error.within("`vars`"))?;
    let values = object(member(case, "values")?).map_err(|error| error.within("`values`"))?;
    let settings = match case.get("settings") {
        Some(settings) => object(settings).map_err(|error| error.within("`settings`"))?.clone(),
        None => Map::new(),
    };
    let data = match optional_string(vars, "data_file")?.or(file_level) {
        Some(data_file) => Some(tables.get(data_file)?),
        None => None,
    };
    let case = Case::new(string(case, "id")?, string(case, "method")?, vars.clone(), data, values);
    Ok(case.with_settings(settings))
}

pub(crate) fn object(value: &Value) -> Result<&Map<String, Value>, InputError> {
    value
        .as_object()
        .ok_or_else(|| InputError::new("wrong type", format!("{} where an object is needed", TypeOf(value))))
}

pub(crate) fn member<'a>(object: &'a Map<String, Value>, key: &str) -> Result<&'a Value, InputError> {
    object.get(key).ok_or_else(|| InputError::new(format_args!("`{key}`"), "missing"))
}

pub(crate) fn string<'a>(object: &'a Map<String, Value>, key: &str) -> Result<&'a str, InputError> {
    let value = member(object, key)?;
    value.as_str().ok_or_else(|| wrong_type(key, value, "a string"))
}

pub(crate) fn array<'a>(object: &'a Map<String, Value>, key: &str) -> Result<&'a [Value], InputError> {
    let value = member(object, key)?;
    value.as_array().map(Vec::as_slice).ok_or_else(|| wrong_type(key, value, "an array"))
}

pub(crate) fn optional_string<'a>(object: &'a Map<String, Value>, key: &str) -> Result<Option<&'a str>, InputError> {
    match object.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(_) => string(object, key).map(Some),
    }
}

pub(crate) fn wrong_type(key: &str, value: &Value, needed: &str) -> InputError {
    InputError::new(format_args!("`{key}`"), format!("{} where {needed} is needed", TypeOf(value)))
}
