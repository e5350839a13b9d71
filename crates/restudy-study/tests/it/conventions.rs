//! Presets are well-formed, and each value is one that its setting allows.

use restudy_study::{Preset, SETTINGS};

#[test]
fn every_preset_reads_and_names_only_known_settings_and_values() {
    for name in Preset::names() {
        let preset = Preset::named(name).unwrap_or_else(|| panic!("{name} does not read"));
        assert_eq!(preset.id, name);
        for (key, setting) in &preset.settings {
            let spec = SETTINGS.iter().find(|spec| spec.key == key).unwrap_or_else(|| panic!("{name}: {key}"));
            assert!(spec.values.contains(&setting.value.as_str()), "{name}: {key} = {}", setting.value);
            assert!(!setting.source.is_empty(), "{name}: {key} has no source");
        }
    }
}

#[test]
fn every_default_is_allowed_and_the_settings_are_in_order() {
    for spec in SETTINGS {
        assert!(spec.values.is_empty() || spec.values.contains(&spec.default), "{}", spec.key);
    }
    assert!(SETTINGS.is_sorted_by_key(|spec| spec.key));
}

#[test]
fn a_preset_that_does_not_exist_is_none() {
    assert!(Preset::named("r-3").is_none());
}
