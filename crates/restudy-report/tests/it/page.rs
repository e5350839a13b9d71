//! The pages: what they hold, that they need nothing else, that nothing from the data becomes markup.

use proptest::prelude::*;
use restudy_ledger::Ledger;
use restudy_report::{
    Report, analysis_table, choice_table, comparison_table, csv_table, detail_tables, html_page, latex_page,
    markdown_page, missingness_table,
};

use crate::arbitrary;
use crate::markup::{assert_self_contained, tags};
use crate::protocol::{checks, protocol};
use crate::specimen;

#[test]
fn a_page_needs_nothing_but_itself() {
    for ledger in [specimen::paper(), specimen::three_arms()] {
        let page = html_page(&ledger);
        assert_self_contained(&page);
        let tags = tags(&page);
        assert!(tags.iter().any(|tag| tag == "details"));
        for needed in ["@media print", "size: A4", "@media (max-width: 640px)"] {
            assert!(page.contains(needed));
        }
    }
}

#[test]
fn both_pages_say_where_everything_came_from() {
    let ledger = specimen::paper();
    for page in [html_page(&ledger), markdown_page(&ledger)] {
        for needed in [
            "Synthetic data",
            "274 rows were read; 61 patients were analysed.",
            "Followed up for 3 months or until death",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "cohort.csv, 274 rows, 78 columns",
            "restudy 0.1.0",
            "preset spss-22",
            "three-decimals",
            "was chosen",
            "The smallest expected count is 3.79, below 5.",
            "10 other variables have no value missing.",
        ] {
            assert!(page.contains(needed), "{needed}");
        }
    }
    let page = html_page(&specimen::three_arms());
    assert!(!page.contains("Synthetic data"));
    assert!(page.contains("Seed"));
}

/// The whole protocol on one page: every table and its place in the contents, methods, checklists, claims, abbreviations.
#[test]
fn a_page_holds_the_protocol() {
    let ledger = protocol();
    let checks = checks();
    let page = html_page(Report { claims: Some(&checks), ..Report::from(&ledger) });
    assert_self_contained(&page);
    tags(&page);
    for (index, analysis) in ledger.analyses.iter().enumerate() {
        let number = index + 1;
        assert!(page.contains(&format!("<section id=\"analysis-{number}\">")), "{number}");
        assert!(page.contains(&format!("<a href=\"#analysis-{number}\">Table {number}. {}</a>", analysis.title)));
    }
    for needed in [
        "Claims of dlm2021",
        "7 of 16 are 43.75 %",
        "Groups were compared by Student’s t-test (pooled variance) (4 rows: the row is summarised by mean and SD)",
        "Fisher’s exact test where an expected count was below 5",
        "Survival was estimated by the method of Kaplan and Meier.",
        "restudy 0.1.0, with the conventions of spss-22",
        "AUC, area under the receiver operating characteristic curve",
        "STROBE: where each item stands",
        "TRIPOD: where each item stands",
        "for the author: not in the data",
        "Fewer than 10 events for each coefficient.",
    ] {
        assert!(page.contains(needed), "{needed}");
    }
    // A comparison alone predicts nothing.
    assert!(!html_page(&specimen::paper()).contains("TRIPOD"));
}

/// Braces match, and no line of a table begins where `\\\\` would take it for an argument.
#[test]
fn latex_holds_any_word() {
    for word in ["a & b % c # d _ e ^ f ~ g $ h { i } j \\ k", "[x]", "* y", "``--''", "<script>", "肺 🫁"] {
        let text = latex_page(&worded(word));
        let plain = text.replace("\\\\", "").replace("\\{", "").replace("\\}", "");
        assert_eq!(plain.matches('{').count(), plain.matches('}').count(), "{word}");
        for line in text.lines() {
            assert!(!line.starts_with(['[', '*']), "{line}");
        }
        let cells = |line: &str| line.replace("\\&", "").matches('&').count();
        let table = latex_page(&worded("x"));
        for (hostile, harmless) in text.lines().zip(table.lines()) {
            assert_eq!(cells(hostile), cells(harmless), "{hostile}");
        }
    }
}

#[test]
fn an_unknown_house_style_is_said() {
    let mut ledger = specimen::paper();
    ledger.study.style = "baroque".to_owned();
    assert!(html_page(&ledger).contains("three-decimals (baroque is not known to this version)"));
}

#[test]
fn a_title_that_counts_itself_is_not_counted_again() {
    let mut ledger = specimen::paper();
    assert!(html_page(&ledger).contains("<h2>Table 1. Comparisons of"));
    ledger.analyses[0].title = "Table 2: baseline".to_owned();
    assert!(html_page(&ledger).contains("<h2>Table 2: baseline</h2>"));
}

#[test]
fn a_ledger_without_anything_is_a_page() {
    let mut ledger = specimen::paper();
    ledger.analyses.clear();
    ledger.rows.clear();
    ledger.flow.clear();
    ledger.conventions.clear();
    tags(&html_page(&ledger));
    assert!(markdown_page(&ledger).ends_with('\n'));
}

/// The same page with every free word replaced.
fn worded(word: &str) -> Ledger {
    let mut ledger = specimen::paper();
    ledger.study.title = word.to_owned();
    ledger.study.source = Some(word.to_owned());
    ledger.study.id = word.to_owned();
    ledger.data.file = word.to_owned();
    ledger.data.sha256 = word.to_owned();
    ledger.tool.version = word.to_owned();
    for step in &mut ledger.flow {
        step.label = word.to_owned();
    }
    for setting in &mut ledger.conventions {
        setting.origin = word.to_owned();
    }
    for variable in &mut ledger.variables {
        variable.label = word.to_owned();
        variable.unit = Some(word.to_owned());
    }
    let analysis = &mut ledger.analyses[0];
    analysis.title = word.to_owned();
    for line in &mut analysis.rows {
        line.heading = line.heading.take().map(|_| word.to_owned());
    }
    for group in &mut analysis.groups {
        group.label = word.to_owned();
    }
    for left_out in analysis.family.iter_mut().flat_map(|family| &mut family.left_out) {
        left_out.reason = word.to_owned();
    }
    for row in &mut ledger.rows {
        row.group = row.group.take().map(|_| word.to_owned());
        row.procedure = Some(word.to_owned());
        row.why = Some(word.to_owned());
        row.remarks = vec![word.to_owned()];
        if row.value.number().is_none() {
            row.reason = Some(word.to_owned());
        }
    }
    ledger
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever the words are, the page has the same tags and attributes as with a harmless word.
    #[test]
    fn no_word_becomes_html(word in prop_oneof![arbitrary::word(), "[<>\"'&/=a-z ]{0,12}"]) {
        let hostile = html_page(&worded(&format!("x{word}x")));
        let harmless = html_page(&worded("x"));
        prop_assert_eq!(tags(&hostile), tags(&harmless));
        for mark in ['<', '>', '"'] {
            prop_assert_eq!(hostile.matches(mark).count(), harmless.matches(mark).count());
        }
    }

    /// A table in Markdown keeps its shape, and no word begins a tag.
    #[test]
    fn no_word_becomes_markdown(word in prop_oneof![arbitrary::word(), "[|`<>*_\\[\\]()a-z\\\\\n]{0,12}"]) {
        let hostile = markdown_page(&worded(&format!("x{word}x")));
        let harmless = markdown_page(&worded("x"));
        prop_assert_eq!(hostile.lines().count(), harmless.lines().count());
        let bars = |line: &str| line.replace("\\\\", "").replace("\\|", "").matches('|').count();
        for (hostile, harmless) in hostile.lines().zip(harmless.lines()) {
            prop_assert_eq!(bars(hostile), bars(harmless), "{}", hostile);
        }
        let begins_tag = |text: &str| {
            let text = text.replace("\\\\", "").replace("\\<", "").replace("<sup>", "").replace("</sup>", "");
            text.chars().zip(text.chars().skip(1)).any(|(first, next)| first == '<' && next != ' ')
        };
        prop_assert!(!begins_tag(&hostile));
    }

    #[test]
    fn no_ledger_is_refused(ledger in arbitrary::ledger()) {
        tags(&html_page(&ledger));
        let markdown = markdown_page(&ledger);
        prop_assert!(markdown.ends_with('\n'));
        for analysis in &ledger.analyses {
            let id = &analysis.id;
            let details = detail_tables(&ledger, id).into_iter().map(|detail| detail.table);
            let tables = [analysis_table, comparison_table, choice_table, missingness_table];
            let tables = tables.map(|table| table(&ledger, id).expect("the analysis is there"));
            for table in tables.into_iter().chain(details) {
                prop_assert!(table.to_latex().ends_with("}\n"), "the table ends");
                let widths = table.lines.iter().all(|line| {
                    line.cells.len() == table.columns.len() || line.cells.len() == 1
                });
                prop_assert!(widths, "one cell a column");
                tags(&table.to_html());
                let start = if table.title.is_empty() { "|" } else { "**" };
                prop_assert!(table.to_markdown().starts_with(start));
                let text = table.to_text(80);
                prop_assert!(text.chars().all(|character| character == '\n' || !character.is_control()));
            }
            prop_assert!(csv_table(&ledger, id).is_some());
        }
    }
}

/// The same record gives the same bytes, and so does the record read back from its file.
#[test]
fn pages_are_determined_by_the_ledger() {
    for ledger in [specimen::paper(), specimen::three_arms()] {
        let again = Ledger::from_json(&ledger.to_json().unwrap()).unwrap();
        assert_eq!(html_page(&ledger), html_page(&again));
        assert_eq!(markdown_page(&ledger), markdown_page(&again));
        assert_eq!(csv_table(&ledger, "table1"), csv_table(&again, "table1"));
    }
}
