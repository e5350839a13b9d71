//! The documents that speak of settings and keys say what the code does.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use restudy_study::{Preset, SETTINGS, TestRule};

fn document(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    fs::read_to_string(path).unwrap()
}

#[test]
fn conventions_md_lists_every_setting_with_every_preset() {
    let text = document("conventions.md");
    for spec in SETTINGS {
        let of = |name: &str| {
            let preset = Preset::named(name).unwrap();
            preset.settings.get(spec.key).map_or_else(|| "-".to_owned(), |setting| format!("`{}`", setting.value))
        };
        let presets: Vec<String> = Preset::names().map(of).collect();
        let line = format!("| `{}` | {} | `{}` | {} |", spec.key, spec.allowed(), spec.default, presets.join(" | "));
        assert!(text.contains(&line), "docs/conventions.md lacks the line\n{line}");
        assert!(text.contains(spec.meaning), "docs/conventions.md does not say what `{}` decides", spec.key);
    }
}

#[test]
fn conventions_md_gives_the_source_of_every_value_of_every_preset() {
    let text = document("conventions.md");
    for name in Preset::names() {
        let preset = Preset::named(name).unwrap();
        for (key, setting) in &preset.settings {
            let line = format!("- `{key}` = `{}`: {}", setting.value, setting.source);
            assert!(text.contains(&line), "docs/conventions.md lacks the line\n{line}");
        }
    }
}

#[test]
fn study_file_md_names_every_test() {
    let text = document("study-file.md");
    let mut missing = String::new();
    for name in TestRule::NAMES {
        if !text.contains(&format!("`{name}`")) {
            let _ = writeln!(missing, "{name}");
        }
    }
    assert!(missing.is_empty(), "docs/study-file.md lacks\n{missing}");
}
