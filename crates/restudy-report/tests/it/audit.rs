//! The audit for people: order, widths, colours, escaping.

use proptest::prelude::*;
use restudy_ledger::{Audit, Verdict};
use restudy_report::{Terminal, audit_html, audit_markdown, audit_text};

use crate::arbitrary;
use crate::markup::{assert_self_contained, tags};
use crate::specimen;

const COLOURED: Terminal = Terminal { width: 80, colour: true };

fn without_colour(text: &str) -> String {
    let mut plain = String::new();
    let mut parts = text.split('\u{1b}');
    plain.push_str(parts.next().unwrap());
    for part in parts {
        plain.push_str(part.split_once('m').unwrap().1);
    }
    plain
}

/// In this order: the counts, what conflicts with its repair, the methods, every claim.
#[test]
fn conflicts_come_first() {
    let audit = specimen::audit();
    for text in [audit_text(&audit, Terminal::default()), audit_markdown(&audit)] {
        // However the lines are broken.
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut from = 0;
        for next in [
            "12 claims: 1 impossible, 5 reproduced, 4 consistent, 2 not recomputable.",
            "7 of 16 patients are 43.75%",
            "43.7% (7)",
            "Repair: Print 43.8% for 43.7%.",
            "How the test of a categorical row was chosen",
            "Fisher's exact test throughout: explains 26 claims, not t1.sex.p",
            "0.9054 (0.8261 to 0.9846)",
            "54.86 ± 11.72",
            "0.352 to 0.356",
            "0.9042 to 0.9054",
        ] {
            let place = text[from..].find(next).unwrap_or_else(|| panic!("{next} after {from} in\n{text}"));
            from += place;
        }
    }
    let text = audit_text(&audit, Terminal::default());
    assert!(text.contains("THESE NUMBERS CANNOT ALL BE TRUE"));
    assert!(text.contains("t1.mda5.p and 2 more"));
}

#[test]
fn the_text_fits_eighty_columns_and_has_no_colour_unless_asked() {
    let audit = specimen::audit();
    let plain = audit_text(&audit, Terminal::default());
    for line in plain.lines() {
        assert!(line.chars().count() <= 80, "{line}");
        assert_eq!(line, line.trim_end());
    }
    assert!(!plain.contains('\u{1b}'));
    let coloured = audit_text(&audit, COLOURED);
    assert!(coloured.contains("\u{1b}[31mimpossible\u{1b}[0m"));
    assert_eq!(without_colour(&coloured), plain);
}

#[test]
fn without_conflicts_the_audit_says_so() {
    let mut audit = specimen::audit();
    audit.conflicts.clear();
    audit.claims.retain(|claim| claim.verdict != Verdict::Impossible);
    for text in [audit_text(&audit, Terminal::default()), audit_html(&audit), audit_markdown(&audit)] {
        assert!(text.contains("No conflict found."));
        assert!(!text.to_lowercase().contains("cannot all be true"));
    }
}

/// An impossible claim that no conflict speaks of is not lost.
#[test]
fn an_impossible_claim_is_always_told() {
    let mut audit = specimen::audit();
    audit.conflicts.clear();
    assert!(audit_text(&audit, Terminal::default()).contains("Table 2 row: score 2: 43.7% (7) cannot hold. 7 / 16."));
    assert!(audit_html(&audit).contains("<b>43.7% (7)</b> cannot hold."));
    assert!(audit_markdown(&audit).contains("**43.7% (7)** cannot hold."));
}

#[test]
fn the_page_can_be_narrowed_to_a_verdict_without_a_script() {
    let page = audit_html(&specimen::audit());
    assert_self_contained(&page);
    tags(&page);
    for verdict in [Verdict::Impossible, Verdict::Reproduced, Verdict::Consistent, Verdict::NotRecomputable] {
        let name = verdict.name();
        // The choice, the rule that acts on it, and the lines that the rule finds.
        assert!(page.contains(&format!("id=\"show-{name}\"")));
        assert!(page.contains(&format!("#show-{name}:checked ~ .table-box tbody tr:not(.{name})")));
        assert!(page.contains(&format!("<tr class=\"item {name}\" id=\"claim-")));
    }
}

#[test]
fn an_empty_audit_is_a_page() {
    let mut audit = specimen::audit();
    audit.claims.clear();
    audit.methods.clear();
    audit.conflicts.clear();
    audit.derived.clear();
    tags(&audit_html(&audit));
    assert!(audit_text(&audit, Terminal::default()).contains("0 claims.\nNo conflict found.\n"));
}

fn worded(word: &str) -> Audit {
    let mut audit = specimen::audit();
    audit.paper.title = word.to_owned();
    audit.paper.citation = word.to_owned();
    for claim in &mut audit.claims {
        claim.place = word.to_owned();
        claim.printed = word.to_owned();
        claim.how = word.to_owned();
        claim.recomputed = Some(word.to_owned());
    }
    for method in &mut audit.methods {
        method.question = word.to_owned();
        method.finding = word.to_owned();
        method.explained_by = vec![word.to_owned()];
        for excluded in &mut method.excludes {
            excluded.candidate = word.to_owned();
            excluded.by = vec![word.to_owned()];
        }
    }
    for conflict in &mut audit.conflicts {
        conflict.sentence = word.to_owned();
        conflict.repair = Some(word.to_owned());
        conflict.claims.push(word.to_owned());
    }
    for derived in &mut audit.derived {
        derived.label = word.to_owned();
        derived.how = word.to_owned();
    }
    audit
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_word_becomes_html(word in prop_oneof![arbitrary::word(), "[<>\"'&/=a-z ]{0,12}"]) {
        let hostile = audit_html(&worded(&format!("x{word}x")));
        let harmless = audit_html(&worded("x"));
        prop_assert_eq!(tags(&hostile), tags(&harmless));
        for mark in ['<', '>', '"'] {
            prop_assert_eq!(hostile.matches(mark).count(), harmless.matches(mark).count());
        }
    }

    #[test]
    fn no_audit_is_refused(audit in arbitrary::audit(), width in 0_usize..200) {
        tags(&audit_html(&audit));
        let plain = audit_text(&audit, Terminal { width, colour: false });
        prop_assert!(plain.chars().all(|character| character == '\n' || !character.is_control()));
        let coloured = audit_text(&audit, Terminal { width, colour: true });
        prop_assert_eq!(without_colour(&coloured), plain);
        prop_assert!(audit_markdown(&audit).ends_with('\n'));
    }
}
