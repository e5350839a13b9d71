//! Reading a record: every way in which one can be wrong, with its place, and that no text makes it panic.

use proptest::prelude::*;
use restudy_claims::{DLM2021, Problem, Record};

/// A record with one of everything; tests break it in one place.
const SMALL: &str = r#"[paper]
id = "small"
title = "A small paper"
citation = "Nobody"

[[group]]
id = "drug"
label = "Drug"
n = 20

[[group]]
id = "placebo"
label = "Placebo"
n = 20

[[group]]
id = "all"
label = "all patients"
n = 40
parts = ["drug", "placebo"]

[[table]]
id = "t1"
label = "Table 1"
groups = ["drug", "placebo"]
n = { drug = "20", placebo = "20" }
tests = { counts = ["fisher-exact"], mean-sd = ["t-test"] }
adjusted = ["benjamini-hochberg"]
row = [
    { id = "age", label = "Age", kind = "mean-sd", drug = "50 ± 10", placebo = "55 ± 10", p = "0.12", p_adjusted = "0.24" },
    { id = "sex", label = "Sex", kind = "counts", levels = ["men", "women"], drug = "8/12", placebo = "9/11", p = "1.00", p_adjusted = "1.00" },
]

[[score_table]]
id = "t2"
label = "Table 2"
events = "drug"
non_events = "placebo"
row = [
    { score = "0", total = "20", drug = "5", placebo = "15" },
    { score = "1", total = "20", drug = "15", placebo = "5" },
]

[[accuracy]]
id = "res.score"
place = "Results"
label = "score"
score_table = "t2"
cutoff = "≥ 1"
sensitivity = "75%"

[[passage]]
place = "Results"
claim = [
    { id = "res.men", label = "men", kind = "count-percent", printed = "17 (42.5%)", combines = "t1.sex", level = "men", of = "all" },
    { id = "res.p", label = "age, P", printed = "0.12", restates = "t1.age.p" },
]
"#;

fn broken(from: &str, to: &str) -> String {
    assert!(SMALL.contains(from), "{from}");
    SMALL.replacen(from, to, 1)
}

/// Breaks the record and holds the error to its words, and to the place of `culprit` in the break.
fn refused(from: &str, to: &str, culprit: &str, words: &str) {
    let text = broken(from, to);
    let start = SMALL.find(from).unwrap();
    let offset = start + text[start..].find(culprit).unwrap();
    let line = text[..offset].lines().count().max(1) + usize::from(text[..offset].ends_with('\n'));
    let column = text[..offset].chars().rev().take_while(|letter| *letter != '\n').count() + 1;
    let error = Record::parse("small.toml", &text).unwrap_err();
    let said = error.hint().map_or_else(|| error.to_string(), |hint| format!("{error} ({hint})"));
    assert_eq!(said, format!("small.toml:{line}:{column}: {words}"));
}

#[test]
fn a_record_with_one_of_everything_is_read() {
    let record = Record::parse("small.toml", SMALL).unwrap();
    let ids: Vec<&str> = record.claims().map(|claim| claim.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "t1.n.drug",
            "t1.n.placebo",
            "t1.age.drug",
            "t1.age.placebo",
            "t1.age.p",
            "t1.age.padj",
            "t1.sex.drug",
            "t1.sex.placebo",
            "t1.sex.p",
            "t1.sex.padj",
            "t2.0.total",
            "t2.0.drug",
            "t2.0.placebo",
            "t2.1.total",
            "t2.1.drug",
            "t2.1.placebo",
            "res.score.cut",
            "res.score.sens",
            "res.men",
            "res.p"
        ]
    );
    assert_eq!(record.paper().id, "small");
    assert_eq!(record.claims().find(|claim| claim.id == "t1.age.p").unwrap().place, "Table 1, Age, P");
}

#[test]
fn a_record_that_is_not_toml_says_where() {
    let error = Record::parse("small.toml", &broken("label = \"Table 1\"", "label = \"Table 1")).unwrap_err();
    assert_eq!((error.file.as_str(), error.line, error.column), ("small.toml", 24, 17));
    assert!(matches!(error.problem, Problem::Syntax { .. }), "{error}");
}

#[test]
fn places_count_lines_and_letters_from_one() {
    assert_eq!(Record::parse("x", "").unwrap_err().to_string(), "x:1:1: a published record needs the key `paper`");
    assert_eq!(Record::parse("x", "\n\u{feff}a").unwrap_err().line, 2);
    // "±" is two bytes and one letter.
    let text = "[paper]\nid = \"±\"\ntitle = \"±±\"\ncitation = 1";
    assert_eq!(
        Record::parse("x", text).unwrap_err().to_string(),
        "x:4:12: `citation` must be a text in quotes, not integer"
    );
    let text = "paper = { id = \"±\", title = \"±±\", citation = 1 }";
    assert_eq!(Record::parse("x", text).unwrap_err().column, 46);
}

#[test]
fn an_unknown_key_is_refused_with_the_nearest_known_one() {
    refused(
        "p_adjusted = \"0.24\"",
        "p_adjustd = \"0.24\"",
        "p_adjustd",
        "unknown key `p_adjustd` in a row of a table (did you mean `p_adjusted`?)",
    );
    refused(
        "placebo = \"55 ± 10\"",
        "placbo = \"55 ± 10\"",
        "placbo",
        "unknown key `placbo` in a row of a table (did you mean `placebo`?)",
    );
    refused(
        "[[accuracy]]",
        "[[accurcy]]",
        "accurcy",
        "unknown key `accurcy` in a published record (did you mean `accuracy`?)",
    );
    refused(
        "citation = ",
        "wxyz = ",
        "wxyz",
        "unknown key `wxyz` in the paper (known here: `id`, `title`, `citation`)",
    );
}

#[test]
fn a_missing_key_names_its_block() {
    refused(
        "[[group]]\nid = \"drug\"\nlabel = \"Drug\"",
        "[[group]]\nid = \"drug\"",
        "[[",
        "a group needs the key `label`",
    );
    refused("{ id = \"sex\", label = \"Sex\",", "{ id = \"sex\",", "{ id", "a row of a table needs the key `label`");
    refused(
        "{ id = \"age\", label = \"Age\", kind = \"mean-sd\"",
        "{ id = \"age\", label = \"Age\"",
        "{ id",
        "a row of a table needs the key `kind`",
    );
    refused(
        "{ id = \"res.men\", label = \"men\", kind = \"count-percent\", printed = \"17 (42.5%)\", combines = \"t1.sex\", level = \"men\", of = \"all\" }",
        "{ id = \"res.men\", label = \"men\", kind = \"count-percent\", printed = \"17 (42.5%)\", combines = \"t1.sex\", level = \"men\" }",
        "{ id",
        "a claim of a passage needs the key `of`",
    );
    let cell = "drug = \"5\", placebo = \"15\" }";
    let row = format!("{{ score = \"0\", total = \"20\", {cell}");
    refused(&row, &row.replace("drug = \"5\", ", ""), "{ score", "a row of a score table needs the key `drug`");
}

#[test]
fn a_value_of_the_wrong_type_says_what_it_must_be() {
    refused("p = \"0.12\"", "p = 0.12", "0.12", "`p` must be a text in quotes, not float");
    for size in ["-20", "1000001", "2.5", "\"20\"", "99999999999999999999"] {
        let found = if size.contains('"') {
            "string"
        } else if size.contains('.') {
            "float"
        } else {
            "integer"
        };
        let words = format!("`n` must be a whole number of patients, at most a million, not {found}");
        refused("n = 20", &format!("n = {size}"), size, &words);
    }
    refused(
        "groups = [\"drug\", \"placebo\"]",
        "groups = \"drug\"",
        "\"drug\"",
        "`groups` must be a list of texts in quotes, not string",
    );
    refused("n = { drug = \"20\", placebo = \"20\" }", "n = \"20\"", "\"20\"", "`n` must be a table, not string");
    refused("[paper]", "[[paper]]", "[[paper", "`paper` must be a table, not array");
}

#[test]
fn an_unknown_name_is_refused_with_the_nearest_known_one() {
    for (from, to, words) in [
        ("groups = [\"drug\"", "groups = [\"durg\"", "`durg` is not a group (did you mean `drug`?)"),
        ("kind = \"mean-sd\"", "kind = \"mean-ds\"", "`mean-ds` is not a kind of row (did you mean `mean-sd`?)"),
        ("[\"fisher-exact\"]", "[\"fischer-exact\"]", "`fischer-exact` is not a test (did you mean `fisher-exact`?)"),
        (
            "[\"benjamini-hochberg\"]",
            "[\"benjamini\"]",
            "`benjamini` is not a method of adjustment (did you mean `benjamini-hochberg`?)",
        ),
        (
            "restates = \"t1.age.p\"",
            "restates = \"t1.ago.p\"",
            "`t1.ago.p` is not a claim with a kind (did you mean `t1.age.p`?)",
        ),
        (
            "combines = \"t1.sex\"",
            "combines = \"t1.sexx\"",
            "`t1.sexx` is not a row of a table (did you mean `t1.sex`?)",
        ),
        ("level = \"men\"", "level = \"man\"", "`man` is not a level of that row (did you mean `men`?)"),
        ("score_table = \"t2\"", "score_table = \"t3\"", "`t3` is not a score table (known here: `t2`)"),
        ("of = \"all\"", "of = \"xyzzy\"", "`xyzzy` is not a group (known here: `drug`, `placebo`, `all`)"),
    ] {
        let name = words.split('`').nth(1).unwrap();
        refused(from, to, &format!("\"{name}\""), words);
    }
}

#[test]
fn an_id_is_used_once() {
    refused("id = \"placebo\"", "id = \"drug\"", "\"drug\"", "the id `drug` is already used on line 7");
    refused("id = \"sex\"", "id = \"age\"", "\"age\"", "the id `t1.age` is already used on line 30");
    refused("id = \"res.p\"", "id = \"res.men\"", "\"res.men\"", "the id `res.men` is already used on line 55");
    refused("id = \"res.p\"", "id = \"t1.age.p\"", "\"t1.age.p\"", "the id `t1.age.p` is already used on line 30");
    refused("score = \"1\"", "score = \"0\"", "\"0\"", "the id `t2.0` is already used on line 40");
}

#[test]
fn an_id_is_plain_and_no_key_of_a_row() {
    const HINT: &str = "(an id is made of letters, digits, `_` and `-`)";
    let words = format!("`p` cannot be an id: the rows of a table have a key of that name {HINT}");
    refused("id = \"drug\"", "id = \"p\"", "\"p\"", &words);
    let words = format!("`s.x` cannot be an id: it has a letter that ids do not have {HINT}");
    refused("id = \"sex\"", "id = \"s.x\"", "\"s.x\"", &words);
    refused("id = \"sex\"", "id = \"\"", "\"\"", &format!("`` cannot be an id: it is empty {HINT}"));
}

#[test]
fn a_printed_text_is_of_its_kind() {
    for (from, to, words) in [
        (
            "drug = \"50 ± 10\"",
            "drug = \"50 (a)\"",
            "`50 (a)` cannot be read: expected a mean and a standard deviation, such as 54.86 ± 11.72 or 54.86 (11.72)",
        ),
        ("p = \"0.12\"", "p = \"0,12\"", "`0,12` cannot be read: expected a p-value, such as 0.354, < 0.001 or NA"),
        (
            "p_adjusted = \"0.24\"",
            "p_adjusted = \"ns\"",
            "`ns` cannot be read: expected a p-value, such as 0.354, < 0.001 or NA",
        ),
        (
            "cutoff = \"≥ 1\"",
            "cutoff = \"1\"",
            "`1` cannot be read: expected a cut-off with its sign, such as ≥ 2 or < 49.0%",
        ),
        ("score = \"0\"", "score = \"low\"", "`low` cannot be read: expected a value of the score, such as 2"),
        (
            "printed = \"17 (42.5%)\"",
            "printed = \"many\"",
            "`many` cannot be read: expected a count and a percentage, such as 7 (33.3%)",
        ),
    ] {
        let printed = words.split('`').nth(1).unwrap();
        refused(from, to, &format!("\"{printed}\""), words);
    }
}

#[test]
fn what_does_not_go_together_is_refused() {
    for (from, to, culprit, words) in [
        (
            "drug = \"8/12\", placebo",
            "drug = \"8/6/6\", placebo",
            "\"8/6/6\"",
            "3 counts where the row has 2 categories",
        ),
        (
            "combines = \"t1.sex\", level = \"men\"",
            "combines = \"t1.age\"",
            "\"t1.age\"",
            "this claim cannot say of all groups together what `t1.age` says of each",
        ),
        (
            "combines = \"t1.sex\", level = \"men\"",
            "combines = \"t1.sex\"",
            "\"t1.sex\"",
            "this claim cannot say of all groups together what `t1.sex` says of each",
        ),
        (
            "combines = \"t1.sex\", level = \"men\"",
            "restates = \"t1.age.p\"",
            "\"t1.age.p\"",
            "this claim cannot restate `t1.age.p`",
        ),
        (
            "restates = \"t1.age.p\"",
            "kind = \"p-value\", counts = \"all\"",
            "\"all\"",
            "only a count can be the size of a group",
        ),
        (
            "parts = [\"drug\", \"placebo\"]",
            "parts = [\"drug\", \"all\"]",
            "\"all\"",
            "a part must be a group without parts of its own",
        ),
        (
            "parts = [\"drug\", \"placebo\"]",
            "parts = [\"placebo\", \"placebo\"]",
            "\"placebo\"]",
            "a group cannot be part of another twice",
        ),
        (
            "groups = [\"drug\", \"placebo\"]",
            "groups = [\"placebo\", \"placebo\"]",
            "\"placebo\"]",
            "`placebo` is already a column",
        ),
        (
            "non_events = \"placebo\"",
            "non_events = \"drug\"",
            "\"drug\"",
            "those without the event are not those with it",
        ),
    ] {
        refused(from, to, culprit, words);
    }
    let one_link = "a claim has one of `restates`, `combines`, `counts`, `sums` and `includes`, not several";
    let claim = "{ id = \"res.p\", label = \"age, P\", printed = \"0.12\", restates = \"t1.age.p\" }";
    refused(claim, &claim.replace(" }", ", combines = \"t1.age\" }"), "{ id", one_link);
    let row = "{ score = \"0\", total = \"20\", drug = \"5\", placebo = \"15\" },\n    { score = \"1\"";
    let descending = row.replace("score = \"0\"", "score = \"2\"");
    let words = "the rows of a score table go from the lowest score to the highest";
    refused(row, &descending, "{ score = \"1\"", words);
}

/// A place in a text that is not inside a letter.
fn boundary(text: &str, place: prop::sample::Index) -> usize {
    let boundaries: Vec<usize> = text.char_indices().map(|(offset, _)| offset).chain([text.len()]).collect();
    boundaries[place.index(boundaries.len())]
}

/// The record of the paper with some of it cut out, doubled, or overwritten.
fn damaged() -> impl Strategy<Value = String> {
    let scrap = prop_oneof![
        any::<String>(),
        "[-0-9.,;:/()\\[\\]{}%±<>≤≥=#\"'\\n a-z_]{0,12}",
        prop::sample::select(vec![
            "[[table]]\n",
            "[[group]]\n",
            "\"",
            "{ ",
            " }",
            "NA",
            "< 0.001",
            "parts = [\"all\"]\n"
        ])
        .prop_map(str::to_owned),
    ];
    let edit = (any::<prop::sample::Index>(), 0_usize..40, scrap);
    (prop::sample::select(vec![SMALL, DLM2021]), prop::collection::vec(edit, 1..4)).prop_map(|(text, edits)| {
        let mut text = text.to_owned();
        for (place, length, scrap) in edits {
            let start = boundary(&text, place);
            let end = text[start..].char_indices().nth(length).map_or(text.len(), |(offset, _)| start + offset);
            text.replace_range(start..end, &scrap);
        }
        text
    })
}

/// The record of the paper with some of its digits replaced: mostly still a record, of a paper full of slips.
fn misprinted() -> impl Strategy<Value = String> {
    let slip = (any::<prop::sample::Index>(), prop::sample::select(b"0123456789".to_vec()));
    (prop::sample::select(vec![SMALL, DLM2021]), prop::collection::vec(slip, 1..40)).prop_map(|(text, slips)| {
        let mut bytes = text.as_bytes().to_vec();
        let digits: Vec<usize> = (0..bytes.len()).filter(|place| bytes[*place].is_ascii_digit()).collect();
        for (place, digit) in slips {
            bytes[digits[place.index(digits.len())]] = digit;
        }
        String::from_utf8(bytes).unwrap()
    })
}

/// Reads and audits a text; an audit is the same twice, holds every claim, and can be written.
fn audit_holds(text: &str) -> Result<bool, TestCaseError> {
    match Record::parse("any.toml", text) {
        Ok(record) => {
            let audit = record.audit();
            prop_assert_eq!(&audit, &record.audit());
            prop_assert_eq!(audit.claims.len(), record.claims().count());
            prop_assert!(audit.to_json().is_ok());
            Ok(true)
        }
        Err(error) => {
            let line = text.split('\n').nth(error.line - 1).unwrap_or_default();
            prop_assert!(error.column <= line.chars().count() + 1, "{}", error);
            Ok(false)
        }
    }
}

proptest! {
    #[test]
    fn no_text_makes_a_record_panic(text in any::<String>()) {
        audit_holds(&text)?;
    }

    #[test]
    fn no_damage_makes_a_record_panic(text in damaged()) {
        audit_holds(&text)?;
    }

    #[test]
    fn no_misprint_makes_an_audit_panic(text in misprinted()) {
        audit_holds(&text)?;
    }
}
