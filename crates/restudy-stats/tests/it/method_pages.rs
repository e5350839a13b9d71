//! Every method has its page in `docs/methods`, and every page its method.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms whose files are methods.
const ROOMS: &[&str] = &[
    "accuracy",
    "correlation",
    "effect",
    "hypothesis",
    "imputation",
    "multiplicity",
    "regression",
    "resample",
    "sample_size",
    "score",
    "survival",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The methods: in each file of a room, the type whose documentation closes with the source of the method.
fn methods() -> Vec<String> {
    let mut methods = Vec::new();
    for room in ROOMS {
        for file in files(&root().join("crates/restudy-stats/src").join(room)) {
            let text = fs::read_to_string(&file).unwrap_or_default();
            let Some(documented) = text.find("/// ## Source") else { continue };
            let declared = text[documented..].lines().find_map(|line| line.strip_prefix("pub struct "));
            if let Some(name) = declared.and_then(|rest| rest.split(|c: char| !c.is_alphanumeric()).next()) {
                methods.push(format!("restudy_stats::{room}::{name}"));
            }
        }
    }
    methods
}

/// The type that each page is about, by the page's name.
fn pages() -> BTreeMap<String, String> {
    files(&root().join("docs/methods"))
        .into_iter()
        .filter(|page| page.file_name().is_some_and(|name| name != "README.md"))
        .map(|page| {
            let text = fs::read_to_string(&page).unwrap();
            let lines: Vec<&str> = text.lines().collect();
            let name = page.file_name().unwrap().to_string_lossy().into_owned();
            assert!(lines[0].starts_with("# ") && lines[1].is_empty(), "{name} begins with its title");
            let named = lines[2].split('`').nth(1).unwrap_or_else(|| panic!("{name} names its type in the third line"));
            (name, named.to_owned())
        })
        .collect()
}

#[test]
fn every_method_has_a_page() {
    let pages = pages();
    let lacking: Vec<String> =
        methods().into_iter().filter(|method| !pages.values().any(|named| named == method)).collect();
    assert!(lacking.is_empty(), "docs/methods has no page on {}", lacking.join(", "));
}

#[test]
fn every_page_is_about_a_type_that_exists() {
    let methods = methods();
    assert!(methods.len() > 20, "{methods:?}");
    for (page, named) in pages() {
        let (room, name) = named.rsplit_once("::").unwrap();
        let room = room.trim_start_matches("restudy_stats::").replace("::", "/");
        let folder = root().join("crates/restudy-stats/src").join(&room);
        // A method with parts of its own has a folder in its room.
        let nested = files(&folder).into_iter().flat_map(|path| files(&path));
        let declared = files(&folder).into_iter().chain(nested).any(|file| {
            let text = fs::read_to_string(file).unwrap_or_default();
            text.contains(&format!("pub struct {name} "))
                || text.contains(&format!("pub struct {name};"))
                || text.contains(&format!("pub fn {name}("))
        });
        assert!(declared, "{page} is about {named}, which does not exist");
    }
}

#[test]
fn the_index_lists_every_page() {
    let index = fs::read_to_string(root().join("docs/methods/README.md")).unwrap();
    for (page, named) in pages() {
        let line = format!("]({page}) | `{named}` |");
        assert!(index.contains(&line), "docs/methods/README.md lacks {line}");
    }
}
