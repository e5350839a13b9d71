//! Every procedure has words, and an unknown one is its own word.

use restudy_report::{full_name, procedure, short_name};

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

#[test]
fn an_unknown_key_is_its_own_name() {
    assert!(procedure("a_test/of_tomorrow").is_none());
    assert_eq!(full_name("a_test/of_tomorrow"), "a_test/of_tomorrow");
    assert_eq!(short_name(""), "");
}
