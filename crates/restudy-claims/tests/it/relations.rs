//! The blocks that relate claims: each check on a small record, and what is refused.

use std::fmt::Write as _;

use restudy_claims::{Record, Verdict};
use restudy_ledger::Audit;

/// A record of two groups with those claims in its text and those blocks after them.
fn record(claims: &str, blocks: &str) -> String {
    format!(
        r#"
[paper]
id = "x"
title = "x"
citation = "x"
[[group]]
id = "a"
label = "A"
n = 20
[[group]]
id = "b"
label = "B"
n = 30
[[group]]
id = "all"
label = "all"
n = 50
parts = ["a", "b"]
[[table]]
id = "t"
label = "Table"
groups = ["a", "b"]
row = [
    {{ id = "age", label = "Age", kind = "mean-sd", a = "50.10 ± 10.00", b = "55.10 ± 10.00" }},
    {{ id = "node", label = "Node", kind = "count", a = "14", b = "10" }},
    {{ id = "inner", label = "Inner", kind = "count", a = "3", b = "4" }},
]
[[passage]]
place = "Text"
claim = [
{claims}
]
{blocks}
"#
    )
}

fn audit(claims: &str, blocks: &str) -> Audit {
    Record::parse("x.toml", &record(claims, blocks)).unwrap().audit()
}

fn verdict(audit: &Audit, id: &str) -> Verdict {
    audit.claims.iter().find(|claim| claim.id == id).unwrap().verdict
}

fn refused(claims: &str, blocks: &str, words: &str) {
    let error = Record::parse("x.toml", &record(claims, blocks)).unwrap_err();
    let said = format!("{} ({})", error.problem, error.hint().unwrap_or_default());
    assert!(said.contains(words), "{said}");
    assert!(error.line > 1, "{error}");
}

#[test]
fn a_statistic_gives_its_p_value() {
    let claims = r#"
{ id = "t.value", label = "t", kind = "statistic", printed = "2.011" },
{ id = "p", label = "p", kind = "p-value", printed = "P" },"#;
    let block = "[[statistic]]\ndistribution = \"t\"\ndf = [48]\nstatistic = \"t.value\"\np = \"p\"";
    // 2 * scipy.stats.t.sf(2.011, 48) = 0.04996
    assert_eq!(verdict(&audit(&claims.replace("\"P\"", "\"0.050\""), block), "p"), Verdict::Reproduced);
    let wrong = audit(&claims.replace("\"P\"", "\"0.030\""), block);
    assert_eq!(verdict(&wrong, "p"), Verdict::Impossible);
    assert_eq!(wrong.conflicts[0].repair.as_deref(), Some("print 0.050"));
}

#[test]
fn a_ratio_lies_evenly_in_its_interval() {
    let claims = r#"
{ id = "hr", label = "HR", kind = "hazard-ratio", printed = "2.00 (1.00, 4.00)" },
{ id = "p", label = "p", kind = "p-value", printed = "P" },"#;
    let block = "[[variable]]\nid = \"time\"\n[[variable]]\nid = \"death\"\n[[model]]\nkind = \"cox\"\nmode = \
                 \"univariable\"\ntime = \"time\"\nevent = \"death\"\np = { age = \"p\" }\nestimate = { age = \"hr\" }";
    // ln 2 over (ln 4 − ln 1)/(2·1.96) is z = 1.96.
    let right = audit(&claims.replace("\"P\"", "\"0.050\""), block);
    assert_eq!([verdict(&right, "hr"), verdict(&right, "p")], [Verdict::Consistent; 2]);
    let narrow = claims.replace("(1.00, 4.00)", "(1.50, 2.67)").replace("\"P\"", "\"0.400\"");
    let wrong = audit(&narrow, block);
    assert_eq!(verdict(&wrong, "p"), Verdict::Impossible);
    assert!(wrong.conflicts[0].sentence.contains("lies to one side of 1"));
    let outside = audit(&claims.replace("(1.00, 4.00)", "(2.50, 4.00)").replace("\"P\"", "\"0.05\""), block);
    assert_eq!(verdict(&outside, "hr"), Verdict::Impossible);
}

#[test]
fn means_and_medians_of_whole_numbers() {
    let years = "[[variable]]\nid = \"age\"\ndecimals = 0";
    // 20 · 50.10 = 1002 and 30 · 55.10 = 1653 are whole.
    assert!(audit("", years).conflicts.is_empty());
    let text = record("", years).replace("50.10", "50.12");
    let wrong = Record::parse("x.toml", &text).unwrap().audit();
    assert_eq!(wrong.conflicts[0].repair.as_deref(), Some("print a mean of 50.10 or 50.15"));
}

#[test]
fn counts_that_no_patients_fit_are_told_together() {
    // Who is inner has a node: 3 within 14 is fine, 4 within 2 is not.
    let within = "[[variable]]\nid = \"inner\"\nwithin = \"node\"";
    assert!(audit("", within).conflicts.is_empty());
    let text = record("", within).replace("b = \"10\"", "b = \"2\"");
    let conflicts = Record::parse("x.toml", &text).unwrap().audit().conflicts;
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].claims, ["t.node.b", "t.inner.b"]);
    assert!(conflicts[0].sentence.ends_with("together: who has `inner` has `node`."), "{}", conflicts[0].sentence);
    // Nobody has two of a panel: 14 + 3 = 17 of 20 fit, 14 + 13 of 20 do not.
    let panel =
        "[[panel]]\nid = \"both\"\nlabel = \"findings\"\ntable = \"t\"\nrows = [\"node\", \"inner\"]\nexclusive = true";
    assert!(audit("", panel).conflicts.is_empty());
    let text = record("", panel).replace("a = \"3\"", "a = \"13\"");
    let conflicts = Record::parse("x.toml", &text).unwrap().audit().conflicts;
    assert_eq!(conflicts[0].claims, ["t.node.a", "t.inner.a"]);
}

#[test]
fn dates_are_in_order_and_hold_the_follow_up() {
    let claims = r#"
{ id = "first", label = "first", kind = "date", printed = "1 January 2020" },
{ id = "last", label = "last", kind = "date", printed = "31 December 2020" },
{ id = "closed", label = "closed", kind = "date", printed = "2021-03-31" },
{ id = "fu", label = "follow-up", kind = "median-quartiles", printed = "6.0 (3.0, 9.0)" },"#;
    let block = "[[variable]]\nid = \"time\"\n[[variable]]\nid = \"death\"\n[[survival]]\ntime = \"time\"\nevent = \
                 \"death\"\nfollow_up = \"fu\"\nfirst_included = \"first\"\nlast_included = \"last\"\nclosed = \"closed\"";
    assert!(audit(claims, block).conflicts.is_empty());
    let late = audit(&claims.replace("31 December 2020", "31 December 2021"), block);
    assert_eq!(late.conflicts[0].claims, ["last", "closed"]);
    // 455 days are 15.2 months of thirty days.
    let long = audit(&claims.replace("(3.0, 9.0)", "(3.0, 19.0)"), block);
    assert_eq!(verdict(&long, "fu"), Verdict::Impossible);
}

#[test]
fn sums_and_wholes_of_the_text() {
    let claims = r#"
{ id = "x", label = "x", kind = "count", printed = "12" },
{ id = "y", label = "y", kind = "count", printed = "four" },
{ id = "sum", label = "sum", kind = "count", printed = "16", sums = ["x", "y"] },
{ id = "whole", label = "whole", kind = "count", printed = "274", includes = "sum" },"#;
    let right = audit(claims, "");
    assert_eq!(verdict(&right, "sum"), Verdict::Reproduced);
    assert_eq!(verdict(&right, "whole"), Verdict::Consistent);
    let wrong = audit(&claims.replace("\"16\"", "\"17\""), "");
    assert_eq!(wrong.conflicts[0].repair.as_deref(), Some("print 16"));
    assert_eq!(audit(&claims.replace("\"274\"", "\"9\""), "").conflicts.len(), 1);
}

#[test]
fn links_that_do_not_fit_are_refused_with_the_nearest_name() {
    let p = "{ id = \"p\", label = \"p\", kind = \"p-value\", printed = \"0.05\" },";
    let contrast = |variable: &str, by: &str, p: &str| {
        format!("[[contrast]]\nvariable = \"{variable}\"\nby = \"{by}\"\np = \"{p}\"")
    };
    assert!(audit(p, &contrast("age", "node", "p")).conflicts.is_empty());
    refused(p, &contrast("agge", "node", "p"), "did you mean `age`?");
    refused(p, &contrast("age", "node", "t.age.a"), "is a claim of the kind mean_sd, not p_value");
    refused(p, &contrast("age", "node", "q"), "`q` is not a claim");
    refused(p, "[[correlation]]\nmethod = \"kendal\"\nx = \"age\"\ny = \"node\"\nr = \"p\"", "known here");
    refused(p, "[[statistic]]\ndistribution = \"t\"\ndf = []\nstatistic = \"p\"\np = \"p\"", "1 degrees of freedom");
    refused(p, "[[variable]]\nid = \"age\"\nmin = 3\nmax = 2", "`min` is above `max`");
    refused(p, "[[variable]]\nid = \"age\"\nstep = -1", "a step is above 0");
    refused(p, "[[variable]]\nid = \"age\"\nwithin = \"nod\"", "did you mean `node`?");
    refused(p, "[[panel]]\nid = \"q\"\nlabel = \"q\"\ntable = \"t\"\nrows = [\"age\"]", "rows of counts");
    refused(
        "{ id = \"n\", label = \"n\", kind = \"count\", printed = \"3\", sums = [\"n\"] },",
        "",
        "not another count",
    );
    refused("{ id = \"d\", label = \"d\", kind = \"date\", printed = \"30 February 2021\" },", "", "a day, such as");
    refused("{ id = \"r\", label = \"r\", kind = \"correlation\", printed = \"1.2\" },", "", "between -1 and 1");
}

#[test]
fn groups_of_nobody_and_shares_beyond_all_are_told() {
    let empty =
        record("{ id = \"s\", label = \"s\", kind = \"count-percent\", printed = \"0 (0%)\", of = \"a\" },", "")
            .replace("n = 20", "n = 0")
            .replace("n = 50", "n = 30");
    let audit = Record::parse("x.toml", &empty).unwrap().audit();
    assert!(audit.conflicts.iter().any(|conflict| conflict.sentence.contains("14 of 0 patients")));
    assert_eq!(verdict(&audit, "s"), Verdict::NotRecomputable);
    let beyond =
        self::audit("{ id = \"s\", label = \"s\", kind = \"count-percent\", printed = \"7 (133%)\", of = \"a\" },", "");
    assert_eq!(verdict(&beyond, "s"), Verdict::Impossible);
}

#[test]
fn ten_thousand_claims_are_answered() {
    let mut text = record("", "");
    text += "\n[[table]]\nid = \"long\"\nlabel = \"Long\"\ngroups = [\"a\", \"b\"]\nkind = \"count-percent\"\n\
             tests = { counts = [\"chi-square\", \"fisher-exact\"] }\nrow = [\n";
    for row in 0..3_400 {
        // Every second row has a slip.
        let percent = if row % 2 == 0 { "35.0" } else { "36.0" };
        writeln!(
            text,
            "    {{ id = \"r{row}\", label = \"r\", a = \"7 ({percent}%)\", b = \"9 (30.0%)\", p = \"0.710\" }},"
        )
        .unwrap();
    }
    text += "]\n";
    let audit = Record::parse("x.toml", &text).unwrap().audit();
    assert!(audit.claims.len() > 10_000);
    assert_eq!(audit.count(Verdict::Impossible), 1_700);
}
