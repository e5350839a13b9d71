//! Audits of small made-up papers: what each check proves, what it leaves alone, and the repair that it offers.

use proptest::prelude::*;
use restudy_claims::Record;
use restudy_ledger::{Audit, Claim, Conflict, Verdict};

const GROUPS: &str = r#"
paper = { id = "made-up", title = "Made up", citation = "Nobody" }
group = [
    { id = "a", label = "A", n = 20 },
    { id = "b", label = "B", n = 30 },
    { id = "all", label = "all", n = 50, parts = ["a", "b"] },
]
"#;

fn audit(rest: &str) -> Audit {
    match Record::parse("made-up.toml", &format!("{GROUPS}{rest}")) {
        Ok(record) => record.audit(),
        Err(error) => panic!("{error}"),
    }
}

/// A paper of one table with these settings and rows.
fn table(settings: &str, rows: &str) -> Audit {
    let groups = if settings.contains("groups") { "" } else { "groups = [\"a\", \"b\"]" };
    audit(&format!("[[table]]\nid = \"t\"\nlabel = \"Table\"\n{groups}\n{settings}\nrow = [\n{rows}\n]\n"))
}

/// A paper of one statement.
fn statement(claim: &str) -> Audit {
    audit(&format!("[[passage]]\nplace = \"Results\"\nclaim = [{claim}]\n"))
}

fn claim<'a>(audit: &'a Audit, id: &str) -> &'a Claim {
    audit.claims.iter().find(|claim| claim.id == id).unwrap_or_else(|| panic!("no {id}"))
}

fn verdict(audit: &Audit, id: &str) -> Verdict {
    claim(audit, id).verdict
}

fn only_conflict(audit: &Audit) -> &Conflict {
    assert_eq!(audit.conflicts.len(), 1, "{:?}", audit.conflicts);
    &audit.conflicts[0]
}

#[test]
fn a_percentage_is_held_against_count_and_denominator() {
    let rows = r#"{ id = "x", label = "X", kind = "count-percent", a = "7 (35%)", b = "7 (23.3%)" }"#;
    let right = table("", rows);
    assert_eq!([verdict(&right, "t.x.a"), verdict(&right, "t.x.b")], [Verdict::Reproduced; 2]);
    assert_eq!(claim(&right, "t.x.b").how, "7/30 = 23.33%");

    // 7/20 = 35 %. 33.3 % is no count of 20, and 7 of 21: more patients than there are.
    let wrong = table("", &rows.replace("7 (35%)", "7 (33.3%)"));
    assert_eq!(verdict(&wrong, "t.x.a"), Verdict::Impossible);
    let conflict = only_conflict(&wrong);
    assert_eq!(
        conflict.sentence,
        "Table, X, A: 33.3% is printed for 7 of 20 patients, but 7/20 is 35.00%, which prints as 35.0%."
    );
    assert_eq!(conflict.repair.as_deref(), Some("print 35.0% as the percentage"));

    // 40 % is 8 of 20; 36.8 % is 7 of 19.
    let count = table("", &rows.replace("7 (35%)", "7 (40%)"));
    assert_eq!(only_conflict(&count).repair.as_deref(), Some("print 35% as the percentage or 8 as the count"));
    let denominator = table("", &rows.replace("7 (35%)", "7 (36.8%)"));
    assert_eq!(
        only_conflict(&denominator).repair.as_deref(),
        Some("print 35.0% as the percentage or 19 as the denominator")
    );
}

#[test]
fn a_tie_that_doubles_do_not_hold_may_go_either_way() {
    // 1/16 is a double: 6.25 % prints as 6.3 or 6.2, 3/16 as 18.8 by both rules. 3/80 = 3.75 % is 3.8 by both rules, but
    // a program that rounds the double next to 0.0375 may print 3.7, and so nothing is proved.
    let row = |cell: &str, n: u64| {
        format!(
            "{{ id = \"x\", label = \"X\", kind = \"count-percent\", n = {{ a = {n} }}, a = \"{cell}\", b = \"0 (0%)\" }}"
        )
    };
    for (cell, n, expected) in [
        ("1 (6.3%)", 16, Verdict::Reproduced),
        ("1 (6.2%)", 16, Verdict::Reproduced),
        ("3 (18.8%)", 16, Verdict::Reproduced),
        ("3 (18.7%)", 16, Verdict::Impossible),
        ("3 (3.8%)", 80, Verdict::Reproduced),
        ("3 (3.7%)", 80, Verdict::Reproduced),
        ("3 (3.6%)", 80, Verdict::Impossible),
    ] {
        let audit = table("", &row(cell, n));
        assert_eq!(verdict(&audit, "t.x.a"), expected, "{cell} of {n}");
        // What a program did with 3/80 says nothing of its rule.
        let rules = audit.methods.iter().filter(|finding| finding.question.contains("rounded")).count();
        assert_eq!(rules, usize::from(n == 16 && expected == Verdict::Reproduced), "{cell} of {n}");
    }
}

#[test]
fn a_row_may_have_denominators_of_its_own() {
    let rows = r#"{ id = "x", label = "X", kind = "count-percent", n = { a = 19 }, a = "7 (36.8%)", b = "7 (23.3%)" }"#;
    assert_eq!(verdict(&table("", rows), "t.x.a"), Verdict::Reproduced);
}

#[test]
fn more_patients_than_there_are_cannot_be() {
    let percent = table("", r#"{ id = "x", label = "X", kind = "count-percent", a = "21 (105%)", b = "0 (0%)" }"#);
    assert_eq!(only_conflict(&percent).sentence, "Table, X, A counts 21 of 20 patients (A).");
    let plain = table("", r#"{ id = "x", label = "X", kind = "count", a = "21", b = "0" }"#);
    assert_eq!(verdict(&plain, "t.x.a"), Verdict::Impossible);
    assert_eq!(verdict(&plain, "t.x.b"), Verdict::NotRecomputable);
}

#[test]
fn categories_add_up_to_the_group() {
    let rows = r#"{ id = "x", label = "X", kind = "counts", a = "8/12", b = "10/15/5" }"#;
    let error = Record::parse(
        "x",
        &format!("{GROUPS}[[table]]\nid = \"t\"\nlabel = \"T\"\ngroups = [\"a\", \"b\"]\nrow = [{rows}]"),
    );
    assert!(error.is_err(), "categories differ between the groups");
    let audit = table("", &rows.replace("10/15/5", "10/21"));
    assert_eq!([verdict(&audit, "t.x.a"), verdict(&audit, "t.x.b")], [Verdict::Reproduced, Verdict::Impossible]);
    assert_eq!(only_conflict(&audit).sentence, "Table, X, B counts 10 + 21 = 31 patients, but there are 30 (B).");
}

#[test]
fn a_median_lies_between_its_quartiles() {
    let audit = table("", r#"{ id = "x", label = "X", kind = "median-quartiles", a = "2 (2, 2)", b = "3 (1, 2.9)" }"#);
    assert_eq!([verdict(&audit, "t.x.a"), verdict(&audit, "t.x.b")], [Verdict::NotRecomputable, Verdict::Impossible]);
    // Printed with fewer decimals than the quartile, the median may lie on it all the same.
    assert_eq!(only_conflict(&audit).claims, ["t.x.b"]);
}

#[test]
fn a_partition_counts_everybody_once() {
    let section = |first: &str| {
        audit(&format!(
            r#"
[[table]]
id = "t"
label = "Table"
groups = ["a", "b"]
[[table.section]]
heading = "Stage"
kind = "count-percent"
partition = true
row = [
    {{ id = "one", label = "I", a = "{first}", b = "10 (33.3%)" }},
    {{ id = "two", label = "II", a = "15 (75%)", b = "20 (66.7%)" }},
]
"#
        ))
    };
    assert!(section("5 (25%)").conflicts.is_empty());
    let audit = section("4 (25%)");
    // The percentage disagrees with the count, and the sum says which of them is the slip.
    assert_eq!(audit.conflicts.len(), 2);
    assert_eq!(
        audit.conflicts[1].sentence,
        "Table, Stage: each of the 20 patients (A) is in exactly one row, but the rows count 4 + 15 = 19."
    );
    assert_eq!(audit.conflicts[1].repair.as_deref(), Some("print 5 in Table, I, A"));
    assert_eq!(section("4 (20%)").conflicts[0].repair, None);
}

#[test]
fn sizes_are_held_against_every_sum() {
    let right = table("n = { a = \"20\", b = \"30\" }", "");
    assert_eq!(claim(&right, "t.n.a").how, "All without the others: 50 − 30 = 20");
    let wrong = table("n = { a = \"21\" }", "");
    assert_eq!(verdict(&wrong, "t.n.a"), Verdict::Impossible);
    assert_eq!(only_conflict(&wrong).repair.as_deref(), Some("print 20"));

    let text = GROUPS.replace("n = 50", "n = 51");
    let record = Record::parse(
        "x",
        &format!(
            "{text}[[passage]]\nplace = \"R\"\nclaim = [{{ id = \"n\", label = \"n\", kind = \"count\", printed = \"51\", counts = \"all\" }}]"
        ),
    );
    let audit = record.unwrap().audit();
    assert_eq!(audit.conflicts[0].sentence, "A (20) and B (30) together are 50 patients, but all are given as 51.");
    assert_eq!(audit.conflicts[0].claims, ["n"]);
}

#[test]
fn a_p_value_of_counts_names_the_test_that_gives_it() {
    // fisher_exact([[2, 18], [10, 20]]).pvalue = 0.0915, chi2_contingency(…, correction=False) 0.0584, with Yates 0.1200:
    // the smallest expected count is 4.8.
    let row = |p: &str| format!(r#"{{ id = "x", label = "X", kind = "count", a = "2", b = "10", p = "{p}" }}"#);
    let with = |p: &str| table("tests = { counts = [\"chi-square\", \"fisher-exact\"] }", &row(p));
    for (p, test) in [
        ("0.091", "Fisher's exact test on 2/20 and 10/30 gives 0.0915"),
        ("0.058", "Pearson's chi-square without correction on 2/20 and 10/30 gives 0.0584"),
        ("0.12", "Chi-square with Yates's correction on 2/20 and 10/30 gives 0.120"),
    ] {
        let audit = with(p);
        assert_eq!(verdict(&audit, "t.x.p"), Verdict::Reproduced, "{p}");
        assert!(claim(&audit, "t.x.p").how.starts_with(test), "{}", claim(&audit, "t.x.p").how);
    }
    let wrong = with("0.5");
    assert_eq!(verdict(&wrong, "t.x.p"), Verdict::Impossible);
    assert!(
        only_conflict(&wrong).sentence.starts_with("Table, X, P is 0.5, but none of the tests that the paper names")
    );
    // Without the paper's word for its tests a mismatch proves nothing.
    let silent = table("", &row("0.5"));
    assert_eq!(verdict(&silent, "t.x.p"), Verdict::NotRecomputable);
    assert!(silent.conflicts.is_empty());
}

#[test]
fn a_test_named_without_the_one_that_fits_is_not_contradicted() {
    let row = r#"{ id = "x", label = "X", kind = "count", a = "2", b = "10", p = "0.091" }"#;
    let audit = table("tests = { counts = [\"chi-square\"] }", row);
    assert_eq!(verdict(&audit, "t.x.p"), Verdict::Reproduced);
}

#[test]
fn larger_tables_have_a_test_of_each_family() {
    // chi2_contingency([[1, 9, 10], [8, 12, 10]]).pvalue = 0.1330, smallest expected count 3.6; Fisher's test by the sum
    // of all 2×3 tables no likelier: 0.1452.
    let row =
        |p: &str| format!(r#"{{ id = "x", label = "X", kind = "counts", a = "1/9/10", b = "8/12/10", p = "{p}" }}"#);
    let named = |p: &str| table("tests = { counts = [\"chi-square\", \"fisher-exact\"] }", &row(p));
    for (p, how) in [
        (
            "0.133",
            "Pearson's chi-square without correction on 1:9:10 and 8:12:10 gives 0.133 (smallest expected count 3.60)",
        ),
        ("0.145", "Fisher's exact test on 1:9:10 and 8:12:10 gives 0.145 (smallest expected count 3.60)"),
    ] {
        let audit = named(p);
        assert_eq!(verdict(&audit, "t.x.p"), Verdict::Reproduced, "{p}");
        assert_eq!(claim(&audit, "t.x.p").how, how);
    }
    let wrong = named("0.9");
    assert_eq!(verdict(&wrong, "t.x.p"), Verdict::Impossible);
    assert!(only_conflict(&wrong).sentence.ends_with("correction 0.133 and Fisher's exact test 0.145."));
}

#[test]
fn a_test_out_of_reach_may_have_given_any_p_value() {
    // Fisher's test of a large table takes more than an audit spends on it.
    let categories = ["500"; 8].join("/");
    let other = ["400"; 8].join("/");
    let n = "n = { a = 4000, b = 3200 }";
    let row = format!(
        "{{ id = \"x\", label = \"X\", kind = \"counts\", {n}, a = \"{categories}\", b = \"{other}\", p = \"0.5\" }}"
    );
    let audit = table("tests = { counts = [\"chi-square\", \"fisher-exact\"] }", &row);
    assert_eq!(verdict(&audit, "t.x.p"), Verdict::NotRecomputable);
    assert!(audit.methods.is_empty(), "one test is no choice");
    let pearson = table("tests = { counts = [\"chi-square\"] }", &row);
    assert_eq!(verdict(&pearson, "t.x.p"), Verdict::Impossible);
}

#[test]
fn an_empty_category_has_no_test() {
    let row = |p: &str| format!(r#"{{ id = "x", label = "X", kind = "count", a = "0", b = "0", p = "{p}" }}"#);
    assert_eq!(verdict(&table("", &row("NA")), "t.x.p"), Verdict::Reproduced);
    assert_eq!(verdict(&table("", &row("1.00")), "t.x.p"), Verdict::Consistent);
    assert_eq!(verdict(&table("", &row("0.5")), "t.x.p"), Verdict::Impossible);
}

#[test]
fn a_p_value_lies_between_0_and_1() {
    let row = r#"{ id = "x", label = "X", kind = "median-quartiles", a = "1 (0, 2)", b = "1 (0, 2)", p = "1.2" }"#;
    assert_eq!(only_conflict(&table("", row)).sentence, "Table, X, P is 1.2, and a p-value lies between 0 and 1.");
}

#[test]
fn means_that_may_be_equal_allow_any_p_up_to_1() {
    let row = |p: &str| {
        format!(r#"{{ id = "x", label = "X", kind = "mean-sd", a = "5.0 ± 1.0", b = "5.1 ± 1.0", p = "{p}" }}"#)
    };
    let audit = table("tests = { mean-sd = [\"t-test\"] }", &row("0.999"));
    assert_eq!(claim(&audit, "t.x.p").high, Some(1.0));
    assert_eq!(verdict(&audit, "t.x.p"), Verdict::Consistent);
    let wrong = table("tests = { mean-sd = [\"t-test\"] }", &row("0.3"));
    assert_eq!(verdict(&wrong, "t.x.p"), Verdict::Impossible);
    assert_eq!(verdict(&table("", &row("0.3")), "t.x.p"), Verdict::NotRecomputable);
    // A paper that also ranks may have ranked this row.
    let ranked = table("tests = { mean-sd = [\"t-test\", \"mann-whitney\"] }", &row("0.3"));
    assert_eq!(verdict(&ranked, "t.x.p"), Verdict::NotRecomputable);
}

#[test]
fn deviations_that_may_be_nothing_allow_any_small_p() {
    let row = r#"{ id = "x", label = "X", kind = "mean-sd", a = "5.0 ± 0.0", b = "6.0 ± 0.0", p = "< 0.001" }"#;
    let audit = table("", row);
    assert_eq!((claim(&audit, "t.x.p").low, verdict(&audit, "t.x.p")), (Some(0.0), Verdict::Reproduced));
}

#[test]
fn a_column_for_everybody_is_the_sum_of_the_others() {
    let rows = r#"
    { id = "x", label = "X", kind = "count-percent", all = "12 (24%)", a = "2 (10%)", b = "10 (33.3%)", p = "0.091" },
    { id = "s", label = "S", kind = "counts", all = "23/27", a = "8/12", b = "15/15" },
    { id = "m", label = "M", kind = "mean-sd", all = "5.6 ± 1.1", a = "5.0 ± 1.0", b = "6.0 ± 1.0" },
    "#;
    let settings = "groups = [\"all\", \"a\", \"b\"]";
    let right = table(settings, rows);
    assert!(right.conflicts.is_empty(), "{:?}", right.conflicts);
    assert_eq!(claim(&right, "t.x.all").how, "12/50 = 24.0%; 2 + 10 = 12");
    assert_eq!(verdict(&right, "t.s.all"), Verdict::Reproduced);
    // By hand: mean (20·5 + 30·6)/50 = 5.6, sum of squares 19 + 29 + 20·30/50 = 60, SD √(60/49) = 1.107.
    assert_eq!(verdict(&right, "t.m.all"), Verdict::Consistent);
    assert_eq!(verdict(&right, "t.x.p"), Verdict::Reproduced, "the test compares the parts only");
    let wrong = table(settings, &rows.replace("12 (24%)", "13 (26%)").replace("5.6 ± 1.1", "5.8 ± 1.1"));
    assert_eq!(verdict(&wrong, "t.x.all"), Verdict::Impossible);
    assert_eq!(verdict(&wrong, "t.m.all"), Verdict::Impossible);
    assert_eq!(wrong.conflicts[0].sentence, "Table, X, all gives 13, but the groups have 2 + 10 = 12.");
    assert_eq!(wrong.conflicts[1].repair.as_deref(), Some("print 5.6 ± 1.1"));
}

#[test]
fn adjusted_p_values_name_method_and_family() {
    // statsmodels' multipletests on (0.01, 0.02, 0.03, 0.2): holm 0.04 0.06 0.06 0.2, fdr_bh 0.04 0.04 0.04 0.2,
    // bonferroni 0.04 0.08 0.12 0.8, fdr_by 0.083 0.083 0.083 0.417.
    let rows = |adjusted: [&str; 4]| -> String {
        ["0.01", "0.02", "0.03", "0.20"]
            .iter()
            .zip(adjusted)
            .enumerate()
            .map(|(index, (p, adjusted))| {
                format!(
                    "{{ id = \"r{index}\", label = \"R{index}\", kind = \"median-quartiles\", a = \"1 (0, 2)\", \
                     b = \"1 (0, 2)\", p = \"{p}\", p_adjusted = \"{adjusted}\" }},\n"
                )
            })
            .collect()
    };
    for (adjusted, method) in [
        (["0.0400", "0.0400", "0.0400", "0.200"], "Benjamini–Hochberg in a family of 4, on the p-values as printed"),
        (["0.04", "0.06", "0.06", "0.20"], "Holm in a family of 4, on any p-values that print so"),
        (["0.04", "0.08", "0.12", "0.80"], "Bonferroni in a family of 4, on any p-values that print so"),
        (["0.083", "0.083", "0.083", "0.417"], "Benjamini–Yekutieli in a family of 4, on any p-values that print so"),
    ] {
        let audit = table("", &rows(adjusted));
        assert!(audit.methods[0].explained_by.contains(&method.to_owned()), "{:?}", audit.methods[0].explained_by);
        assert_eq!(audit.count(Verdict::Impossible), 0);
    }
    let slip = ["0.04", "0.04", "0.40", "0.20"];
    let declared = table("adjusted = [\"benjamini-hochberg\"]", &rows(slip));
    assert_eq!(verdict(&declared, "t.r2.padj"), Verdict::Impossible);
    assert_eq!(only_conflict(&declared).repair.as_deref(), Some("print 0.04"));
    assert_eq!(verdict(&table("", &rows(slip)), "t.r2.padj"), Verdict::NotRecomputable);
    // Whatever the method, an adjusted p-value is not smaller than its p-value.
    let smaller = table("", &rows(["0.04", "0.04", "0.04", "0.18"]));
    assert_eq!(verdict(&smaller, "t.r3.padj"), Verdict::Impossible);
}

#[test]
fn an_adjusted_p_value_without_its_p_value_is_left_alone() {
    let row = |p: &str| {
        format!(
            r#"{{ id = "x", label = "X", kind = "median-quartiles", a = "1 (0, 2)", b = "1 (0, 2)", {p} p_adjusted = "0.4" }}"#
        )
    };
    assert_eq!(verdict(&table("", &row("")), "t.x.padj"), Verdict::NotRecomputable);
    assert_eq!(verdict(&table("", &row("p = \"NA\",")), "t.x.padj"), Verdict::Impossible);
}

/// A score table of 20 and 30 patients with an accuracy block.
fn score(rows: &str, figures: &str) -> Audit {
    audit(&format!(
        "[[score_table]]\nid = \"s\"\nlabel = \"Scores\"\nevents = \"a\"\nnon_events = \"b\"\nkind = \"percent-count\"\n\
         row = [\n{rows}\n]\n[[accuracy]]\nid = \"acc\"\nplace = \"Results\"\nlabel = \"score\"\nscore_table = \"s\"\n{figures}\n"
    ))
}

const SCORES: &str = r#"
    { score = "0", total = "30", a = "16.7% (5)", b = "83.3% (25)" },
    { score = "1", total = "20", a = "75.0% (15)", b = "25.0% (5)" },
"#;

#[test]
fn figures_follow_from_a_score_table() {
    // By hand: 15/20, 25/30, 15/20, 25/30, 40/50; pairs 15·25 + (5·25 + 15·5)/2 = 475 of 600.
    let figures = "cutoff = \"≥ 1\"\nauc = \"0.792\"\nsensitivity = \"75.0%\"\nspecificity = \"83.3%\"\nppv = \"75.0%\"\n\
                   npv = \"83.3%\"\naccuracy = \"80.0%\"";
    let right = score(SCORES, figures);
    assert!(right.conflicts.is_empty(), "{:?}", right.conflicts);
    assert_eq!(right.count(Verdict::Reproduced), 13);
    let wrong = score(SCORES, &figures.replace("0.792", "0.800").replace("npv = \"83.3%\"", "npv = \"83.4%\""));
    assert_eq!(verdict(&wrong, "acc.auc"), Verdict::Impossible);
    assert_eq!(
        wrong.conflicts[1].sentence,
        "Results, score, negative predictive value is 83.4%, but Scores: 25/30 = 83.33%."
    );
}

#[test]
fn low_scores_may_be_the_positive_ones() {
    let audit = score(SCORES, "cutoff = \"< 1\"\nauc = \"0.208\"\nsensitivity = \"25%\"");
    assert!(audit.conflicts.is_empty(), "{:?}", audit.conflicts);
    let auc = audit.derived.iter().find(|derived| derived.id == "s.auc").unwrap();
    assert!(
        (auc.value - 125.0 / 600.0).abs() < 1e-15
            && auc.conf_low.unwrap() < auc.value
            && auc.value < auc.conf_high.unwrap()
    );
}

#[test]
fn a_score_table_adds_up() {
    let audit = score(&SCORES.replace("total = \"30\"", "total = \"31\""), "");
    assert_eq!(verdict(&audit, "s.0.total"), Verdict::Impossible);
    // The percentages are of the printed total, and so they fall with it.
    assert_eq!(audit.conflicts[0].repair.as_deref(), Some("print 30"));
    let column = score(
        &SCORES
            .replace("75.0% (15)", "78.9% (15)")
            .replace("25.0% (5)", "21.1% (4)")
            .replace("total = \"20\"", "total = \"19\""),
        "",
    );
    assert_eq!(only_conflict(&column).sentence, "Scores scores 25 + 4 = 29 patients (B), but there are 30.");
}

#[test]
fn figures_without_a_table_must_be_shares_of_their_groups() {
    let block = |figures: &str| {
        audit(&format!(
            "[[accuracy]]\nid = \"acc\"\nplace = \"Results\"\nlabel = \"marker\"\nevents = \"a\"\nnon_events = \"b\"\n{figures}\n"
        ))
    };
    let right = block("sensitivity = \"85.0%\"\nspecificity = \"0.767\"\nauc = \"0.8225\"\naccuracy = \"80%\"");
    assert_eq!(right.count(Verdict::Consistent), 4);
    let swapped = block("sensitivity = \"76.7%\"\nspecificity = \"85.0%\"");
    assert_eq!(
        only_conflict(&swapped).repair.as_deref(),
        Some("exchange the two: a sensitivity of 85.0% is 17/20, a specificity of 76.7% is 23/30")
    );
    let one = block("sensitivity = \"86.0%\"\nspecificity = \"76.7%\"");
    assert_eq!(
        only_conflict(&one).sentence,
        "Results, marker, sensitivity is 86.0%, but no number of 20 patients (A) gives it: 17/20 = 85.0% and 18/20 = 90.0%."
    );
    // A curve through (1 − 0.9, 0.9) has at least 0.81 below it.
    let area = block("sensitivity = \"90%\"\nspecificity = \"90%\"\nauc = \"0.70\"");
    assert_eq!(only_conflict(&area).claims, ["acc.auc", "acc.sens", "acc.spec"]);
    // "More than 80 %" of 20 is 17 and more; whole percentages of a large group are always attainable.
    assert_eq!(verdict(&block("sensitivity = \"> 80%\""), "acc.sens"), Verdict::Consistent);
    assert_eq!(verdict(&block("sensitivity = \"< 5%\""), "acc.sens"), Verdict::Consistent);
}

#[test]
fn statements_combine_rows_and_count_groups() {
    let rows = "[[table]]\nid = \"t\"\nlabel = \"Table\"\ngroups = [\"a\", \"b\"]\nrow = [{ id = \"x\", label = \"X\", kind = \"count\", a = \"2\", b = \"10\" }]\n";
    let with = |claim: &str| audit(&format!("{rows}[[passage]]\nplace = \"Results\"\nclaim = [{claim}]\n"));
    let right = with(
        r#"{ id = "c", label = "x", kind = "count-percent", printed = "Twelve (24%)", combines = "t.x", of = "all" }"#,
    );
    assert_eq!(claim(&right, "c").how, "12/50 = 24.0%; 2 + 10 = 12");
    let wrong = with(r#"{ id = "c", label = "x", kind = "count", printed = "11", combines = "t.x" }"#);
    assert_eq!(only_conflict(&wrong).claims, ["c", "t.x.a", "t.x.b"]);
    let size = statement(
        r#"{ id = "c", label = "A", kind = "count-percent", printed = "21 (42%)", counts = "a", of = "all" }"#,
    );
    assert_eq!(only_conflict(&size).repair.as_deref(), Some("print 20"));
    assert_eq!(
        verdict(&statement(r#"{ id = "c", label = "A", kind = "count", printed = "7" }"#), "c"),
        Verdict::NotRecomputable
    );
}

#[test]
fn a_repetition_may_round_again_and_no_more() {
    let row = "[[table]]\nid = \"t\"\nlabel = \"Table\"\ngroups = [\"a\", \"b\"]\nrow = [{ id = \"x\", label = \"X\", kind = \"median-quartiles\", a = \"1 (0, 2)\", b = \"1 (0, 2)\", p = \"0.045\" }]\n";
    let repeated = |printed: &str| {
        audit(&format!(
            "{row}[[passage]]\nplace = \"Results\"\nclaim = [{{ id = \"c\", label = \"x\", printed = \"{printed}\", restates = \"t.x.p\" }}]\n"
        ))
    };
    for (printed, expected) in [
        ("0.045", Verdict::Reproduced),
        ("0.05", Verdict::Consistent),
        ("0.04", Verdict::Consistent), // 0.0449 prints as both
        ("< 0.05", Verdict::Reproduced),
        ("0.0451", Verdict::Consistent),
        ("0.046", Verdict::Impossible),
        ("< 0.04", Verdict::Impossible),
        ("NA", Verdict::Impossible),
    ] {
        assert_eq!(verdict(&repeated(printed), "c"), expected, "{printed}");
    }
    assert_eq!(
        only_conflict(&repeated("0.046")).repair.as_deref(),
        Some("print the same in both places: 0.045 or 0.046")
    );
}

proptest! {
    /// A percentage that was really rounded from its count, by either rule, is never called impossible.
    #[test]
    fn an_honest_percentage_is_reproduced(count in 0_u64..=20, decimals in 0_u32..4, away in any::<bool>()) {
        let rule = restudy_claims::Rounding::ALL[usize::from(away)];
        let percent = restudy_claims::Fraction::share(count, 20, 100).unwrap().rounded(decimals, rule).unwrap();
        let row = format!("{{ id = \"x\", label = \"X\", kind = \"count-percent\", a = \"{count} ({percent}%)\", b = \"0 (0%)\" }}");
        let audit = table("", &row);
        prop_assert_eq!(verdict(&audit, "t.x.a"), Verdict::Reproduced);
        prop_assert!(audit.conflicts.is_empty());
    }

    /// A p-value of counts by any test of the named families is never called impossible.
    #[test]
    fn an_honest_test_of_counts_is_never_impossible(a in 0_u64..=20, b in 0_u64..=30, test in 0..4, decimals in 1_usize..5) {
        use restudy_stats::hypothesis::{ChiSquare, Correction, CountTable, FisherExact, FisherRule};
        let counts = CountTable::two_by_two(a, 20, b, 30).unwrap();
        let result = match test {
            0 => ChiSquare { correction: Correction::None }.run_on_counts(&counts),
            1 => ChiSquare { correction: Correction::Yates }.run_on_counts(&counts),
            2 => FisherExact { two_sided: FisherRule::NoLikelier, ..FisherExact::default() }.run_on_counts(&counts),
            _ => FisherExact { two_sided: FisherRule::Doubled, ..FisherExact::default() }.run_on_counts(&counts),
        };
        let p = result.map_or_else(|_| "NA".to_owned(), |result| format!("{:.decimals$}", result.p_value));
        let row = format!("{{ id = \"x\", label = \"X\", kind = \"count\", a = \"{a}\", b = \"{b}\", p = \"{p}\" }}");
        let audit = table("tests = { counts = [\"chi-square\", \"fisher-exact\"] }", &row);
        prop_assert_eq!(verdict(&audit, "t.x.p"), Verdict::Reproduced);
    }

    /// Figures of a test that were really counted are never called impossible.
    #[test]
    fn honest_figures_are_never_impossible(positive in 0_u64..=20, negative in 0_u64..=30, right in 0_u64..=1200, decimals in 0_u32..4) {
        let percent = |count, of| {
            let share = restudy_claims::Fraction::share(count, of, 100).unwrap();
            share.rounded(decimals, restudy_claims::Rounding::HalfAwayFromZero).unwrap()
        };
        let block = format!(
            "[[accuracy]]\nid = \"acc\"\nplace = \"R\"\nlabel = \"m\"\nevents = \"a\"\nnon_events = \"b\"\n\
             sensitivity = \"{}%\"\nspecificity = \"{}%\"\nauc = \"{}%\"\naccuracy = \"{}%\"\n",
            percent(positive, 20), percent(negative, 30), percent(right, 1200), percent(positive + negative, 50)
        );
        let audit = audit(&block);
        for figure in ["sens", "spec", "acc"] {
            prop_assert_eq!(verdict(&audit, &format!("acc.{figure}")), Verdict::Consistent);
        }
        // Any area is possible but one that no curve through the point can have.
        let (sensitivity, specificity) = (positive as f64 / 20.0, negative as f64 / 30.0);
        let area = right as f64 / 1200.0;
        let through = sensitivity * specificity <= area && area <= 1.0 - (1.0 - sensitivity) * (1.0 - specificity);
        prop_assert!(!through || verdict(&audit, "acc.auc") == Verdict::Consistent);
    }

    /// The p-value of Student's or Welch's t on unrounded moments is always within what their prints allow.
    #[test]
    fn an_honest_t_test_is_never_impossible(
        means in prop::array::uniform2(-20.0_f64..20.0),
        sds in prop::array::uniform2(0.05_f64..9.0),
        pooled in any::<bool>(),
        decimals in 0_usize..3,
    ) {
        use restudy_stats::descriptive::Moments;
        use restudy_stats::hypothesis::{StudentT, WelchT};
        let [first, second] = [0, 1].map(|group| Moments { n: [20, 30][group], mean: means[group], sd: sds[group] });
        let result = if pooled {
            StudentT::default().run_on_moments(first, second)
        } else {
            WelchT::default().run_on_moments(first, second)
        };
        let p = result.unwrap().p_value;
        let cell = |moments: Moments| format!("{:.decimals$} ± {:.decimals$}", moments.mean, moments.sd);
        let row = format!(
            "{{ id = \"x\", label = \"X\", kind = \"mean-sd\", a = \"{}\", b = \"{}\", p = \"{p:.4}\" }}",
            cell(first), cell(second)
        );
        let audit = table("tests = { mean-sd = [\"t-test\"] }", &row);
        let found = verdict(&audit, "t.x.p");
        prop_assert!(matches!(found, Verdict::Reproduced | Verdict::Consistent), "{:?}", audit);
    }

    /// p-values adjusted by Benjamini and Hochberg before rounding, and printed, never contradict one another.
    #[test]
    fn an_honest_adjustment_is_never_impossible(p_values in prop::collection::vec(0.0_f64..1.0, 1..12), decimals in 1_usize..5) {
        let present: Vec<Option<f64>> = p_values.iter().copied().map(Some).collect();
        let adjusted = restudy_stats::multiplicity::BenjaminiHochberg.adjust(&present).unwrap();
        let rows: String = p_values.iter().zip(adjusted.values).enumerate().map(|(index, (p, adjusted))| format!(
            "{{ id = \"r{index}\", label = \"R\", kind = \"median-quartiles\", a = \"1 (0, 2)\", b = \"1 (0, 2)\", \
             p = \"{p:.decimals$}\", p_adjusted = \"{:.decimals$}\" }},\n",
            adjusted.unwrap()
        )).collect();
        let audit = table("adjusted = [\"benjamini-hochberg\"]", &rows);
        prop_assert_eq!(audit.count(Verdict::Impossible), 0, "{:?}", audit.conflicts);
    }
}
