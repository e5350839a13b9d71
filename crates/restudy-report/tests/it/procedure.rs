//! Every procedure has words, and an unknown one is its own word.

use std::path::Path;

use restudy_report::{full_name, procedure, quantity, short_name};

#[test]
fn the_procedures_of_the_comparison_have_words() {
    for key in [
        "student_t",
        "welch_t",
        "mann_whitney/exact",
        "mann_whitney/exact_given_ties",
        "mann_whitney/exact_given_ties/doubled",
        "mann_whitney/normal/continuity",
        "mann_whitney/normal/no_continuity",
        "chi_square/no_correction",
        "chi_square/yates",
        "fisher_exact/no_likelier",
        "fisher_exact/doubled",
        "wilson",
        "benjamini_hochberg",
    ] {
        let words = procedure(key).unwrap_or_else(|| panic!("{key} has no words"));
        assert_ne!(words.full, key);
        assert_eq!(full_name(key), words.full);
        assert_eq!(short_name(key), words.short);
    }
}

/// Choices on which packages differ are said, not only the name of the test.
#[test]
fn words_tell_variants_apart() {
    assert!(full_name("chi_square/no_correction").contains("without continuity correction"));
    assert!(full_name("mann_whitney/normal/continuity").contains("with continuity correction"));
    assert!(full_name("mann_whitney/normal/no_continuity").contains("without continuity correction"));
    let keys = ["student_t", "welch_t", "fisher_exact/doubled", "fisher_exact/no_likelier", "chi_square/yates"];
    for (index, key) in keys.iter().enumerate() {
        for other in &keys[index + 1..] {
            assert_ne!(full_name(key), full_name(other));
            assert_ne!(short_name(key), short_name(other));
        }
    }
}

/// Whoever adds a test to the mathematics gives it words here.
#[test]
fn every_key_of_the_mathematics_has_words() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../restudy-stats/src/hypothesis/result.rs");
    let source = std::fs::read_to_string(path).unwrap();
    let keys = |from: &str| -> Vec<String> {
        let source = source.split(from).nth(1).unwrap();
        let source = source.split("\n}\n").next().unwrap();
        let keys = source.split("=> \"").skip(1).filter_map(|rest| rest.split('"').next());
        keys.map(str::to_owned).collect()
    };
    let procedures = keys("impl Procedure {");
    assert!(procedures.len() > 5 && procedures.iter().any(|key| key == "student_t"));
    for key in procedures {
        assert!(procedure(&key).is_some(), "{key} has no words in src/procedure.rs");
    }
    for key in keys("impl Quantity {") {
        assert!(quantity(&key).is_some(), "{key} has no words in src/procedure.rs");
    }
}

#[test]
fn quantities_name_their_groups() {
    let difference = quantity("mean_difference").unwrap();
    assert!(difference.in_unit);
    assert_eq!(difference.name(Some(["{second}", "B"])), "mean of {second} minus mean of B");
    assert_eq!(difference.name(None), "mean of the first group minus mean of the second");
    assert!(quantity("conditional_odds_ratio").is_some_and(|ratio| !ratio.in_unit));
    assert!(quantity("student_t").is_none());
}

#[test]
fn an_unknown_key_is_its_own_name() {
    assert!(procedure("a_test/of_tomorrow").is_none());
    assert_eq!(full_name("a_test/of_tomorrow"), "a_test/of_tomorrow");
    assert_eq!(short_name(""), "");
}
