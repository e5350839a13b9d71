//! Broken studies and broken data: an error at the word, or a row that says why, never a panic.

use restudy_ledger::{Ledger, Row, Stat};
use restudy_study::{Plan, Study, StudyError};

const HEAD: &str = "[study]\nid = \"s\"\ntitle = \"S\"\n[data]\ntable = \"t.csv\"\ncodebook = \"c.toml\"\n";
const CODEBOOK: &str = "[columns.y]\nkind = \"binary\"\nlevels = [0, 1]\n[columns.g]\nkind = \"nominal\"\n\
                        [columns.t]\nkind = \"time\"\n[columns.d]\nkind = \"event\"\nevent = 1\n[columns.x]\n\
                        kind = \"continuous\"\n[columns.c]\nkind = \"continuous\"\n[columns.m]\nkind = \"continuous\"\n";
/// y follows from x without exception; c is constant, m always missing.
const TABLE: &str = "y,g,t,d,x,c,m\n0,a,1,0,1,5,\n0,a,2,1,2,5,\n0,b,3,0,3,5,\n0,b,4,1,4,5,\n1,a,5,0,5,5,\n1,b,6,1,6,5,\n\
                     1,a,7,0,7,5,\n1,b,8,1,8,5,\n";

fn planned(blocks: &str, table: &str) -> Result<Ledger, StudyError> {
    let study = Study::parse("study.toml", &format!("{HEAD}{blocks}"))?;
    let cohort = study.cohort(("t.csv", table.as_bytes()), Some(("c.toml", CODEBOOK)))?;
    Ok(Plan::new(&study, &cohort)?.run(&cohort, "t.csv"))
}

/// The message and the hint of an error, and the text at its place.
#[track_caller]
fn refused(blocks: &str) -> (String, String) {
    match planned(blocks, TABLE) {
        Err(StudyError::File { message, hint, place }) => {
            assert!(place.line > 6, "{place:?}");
            (message, hint.unwrap_or_default())
        }
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("not refused"),
    }
}

#[track_caller]
fn reason(ledger: &Ledger, variable: &str, stat: Stat) -> String {
    let row = |row: &&Row| row.variable == variable && row.stat == stat && row.value.number().is_none();
    let found = ledger.rows.iter().find(row).unwrap_or_else(|| panic!("no missing {stat:?} of {variable}"));
    found.reason.clone().expect("a reason")
}

#[test]
fn a_column_that_is_not_there_is_named_with_the_nearest() {
    for block in [
        "[[logistic]]\nid = \"l\"\noutcome = \"y\"\nterms = [\"xx\"]\n",
        "[[cox]]\nid = \"l\"\ntime = \"t\"\noutcome = \"d\"\nterms = [\"xx\"]\n",
        "[[roc]]\nid = \"l\"\noutcome = \"y\"\nmarkers = [\"xx\"]\n",
        "[[correlation]]\nid = \"l\"\npairs = [[\"xx\", \"c\"]]\n",
        "[[score]]\nid = \"l\"\nitems = [{ variable = \"xx\", operator = \">\", cutoff = 1 }]\n",
        "[[comparison]]\nid = \"l\"\nby = \"y\"\nrows = [\"xx\"]\n",
    ] {
        let (message, hint) = refused(block);
        assert!(message.contains("no column `xx`"), "{block}: {message}");
        assert!(hint.contains('x'), "{block}: {hint}");
    }
}

#[test]
fn words_are_refused_at_their_place() {
    let cases = [
        ("[[logistic]]\nid = \"l\"\noutcome = \"y\"\nterms = [\"x\"]\nselect = \"forwards-wald\"\n", "forward-wald"),
        ("[[logistic]]\nid = \"l\"\noutcome = \"y\"\nterm = [\"x\"]\n", "terms"),
        ("[[logistic]]\nid = \"l\"\noutcome = \"y\"\nevent = \"neither\"\nterms = [\"x\"]\n", "its levels: 0, 1"),
        ("[[roc]]\nid = \"l\"\noutcome = \"y\"\nmarkers = [{ variable = \"x\", direction = \"high\" }]\n", "higher"),
        ("[[figure]]\nid = \"f\"\npanels = [{ kind = \"flow-chart\" }]\n", ""),
        ("[[comparison]]\nid = \"l\"\nby = \"y\"\nadjust = \"benjamini-hochburg\"\n", "benjamini-hochberg"),
        ("[[comparison]]\nid = \"l\"\nby = \"y\"\nwithin = { g = \"nobody\" }\n", "its levels: a, b"),
    ];
    for (block, expected) in cases {
        let (message, hint) = refused(block);
        assert!(hint.contains(expected), "{block}: {message}: {hint}");
    }
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let cases = [
        ("[[logistic]]\nid = \"l\"\noutcome = \"g\"\nevent = \"a\"\nterms = [\"g\"]\n", "the outcome"),
        ("[[logistic]]\nid = \"l\"\noutcome = \"x\"\nterms = [\"c\"]\n", "no levels"),
        ("[[logistic]]\nid = \"l\"\noutcome = \"y\"\nterms = []\n", "no terms"),
        ("[[logistic]]\nid = \"l\"\noutcome = \"y\"\nterms = [\"x\", \"x\"]\n", "named twice"),
        ("[[logistic]]\nid = \"l\"\noutcome = \"y\"\nterms = [\"x\"]\nscreen = 5.0\n", "a p-value"),
        (
            "[[logistic]]\nid = \"l\"\noutcome = \"y\"\nterms = [\"x\"]\nscreen = 0.05\nscreen-by = \"adjusted-p\"\n",
            "needs `adjust`",
        ),
        ("[[logistic]]\nid = \"l\"\noutcome = \"y\"\nterms = [{ variable = \"x\", reference = \"a\" }]\n", "no levels"),
        ("[[cox]]\nid = \"l\"\ntime = \"g\"\noutcome = \"d\"\nterms = [\"x\"]\n", "not a time"),
        ("[[roc]]\nid = \"l\"\noutcome = \"y\"\nmarkers = [\"g\"]\n", "no measured values"),
        ("[[roc]]\nid = \"l\"\noutcome = \"y\"\nmarkers = [\"x\"]\nrule = \"sensitivity\"\n", "needs `at-least`"),
        ("[[score]]\nid = \"x\"\nitems = [{ variable = \"c\", operator = \">\", cutoff = 1 }]\n", "have a column `x`"),
        ("[[score]]\nid = \"l\"\nitems = [{ variable = \"x\", roc = \"r\" }]\n", "no block `r`"),
        ("[[score]]\nid = \"l\"\nitems = [{ variable = \"x\", cutoff = 1 }]\n", "needs an `operator`"),
        ("[[correlation]]\nid = \"l\"\npairs = [[\"x\", \"x\"]]\n", "with itself"),
        ("[[comparison]]\nid = \"l\"\nby = \"y\"\nrows = [\"x\", \"x\"]\n", "named twice"),
        ("[flow]\nbefore = [{ label = \"a\", patients = 9 }]\n", "leaves 9 patients, and the table has 8 rows"),
        ("[flow]\nbefore = [{ label = \"a\", excluded = 9 }]\n", "how many `patients`"),
        (
            "[[comparison]]\nid = \"l\"\nby = \"y\"\n[[roc]]\nid = \"l\"\noutcome = \"y\"\nmarkers = [\"x\"]\n",
            "two blocks",
        ),
        (
            "[[comparison]]\nid = \"l\"\nby = \"y\"\n[[figure]]\nid = \"f\"\npanels = [{ kind = \"roc\", analysis = \"l\" }]\n",
            "cannot be drawn",
        ),
    ];
    for (block, expected) in cases {
        let (message, _) = refused(block);
        assert!(message.contains(expected), "{block}: {message}");
    }
}

#[test]
fn constant_and_missing_columns_leave_a_reason() {
    let blocks = "[[comparison]]\nid = \"a\"\nby = \"y\"\nrows = [\"c\", \"m\"]\nadjust = \"holm\"\n\
                  [[logistic]]\nid = \"l\"\noutcome = \"y\"\nterms = [\"c\", \"m\"]\n\
                  [[cox]]\nid = \"x-1\"\ntime = \"t\"\noutcome = \"d\"\nterms = [\"c\", \"m\"]\n\
                  [[roc]]\nid = \"r\"\noutcome = \"y\"\nmarkers = [\"c\", \"m\"]\ncompare = true\n\
                  [[correlation]]\nid = \"p\"\npairs = [[\"c\", \"x\"], [\"m\", \"x\"]]\n";
    let ledger = planned(blocks, TABLE).unwrap();
    assert!(reason(&ledger, "c", Stat::OddsRatio).contains("same value"));
    assert!(!reason(&ledger, "m", Stat::OddsRatio).is_empty());
    assert!(!reason(&ledger, "c", Stat::HazardRatio).is_empty());
    assert!(!reason(&ledger, "c", Stat::Auc).is_empty());
    assert!(!reason(&ledger, "m", Stat::R).is_empty());
    assert_eq!(ledger.find("l/m#univariable/n_missing").unwrap().value.number(), Some(8.0));
    assert!(ledger.to_json().is_ok());
}

#[test]
fn separation_is_named_and_answered_by_firth_s_method_or_reported() {
    let block = "[[logistic]]\nid = \"l\"\noutcome = \"y\"\nterms = [\"x\"]\n";
    let ledger = planned(block, TABLE).unwrap();
    let row = ledger.find("l/x#univariable/p_value").unwrap();
    assert_eq!(row.procedure.as_deref(), Some("firth/penalized_likelihood_ratio"));
    assert!(row.remarks.iter().any(|remark| remark.contains("`x` separates")), "{:?}", row.remarks);
    let ledger = planned(&format!("[conventions]\nseparation = \"report\"\n{block}"), TABLE).unwrap();
    assert!(reason(&ledger, "x", Stat::OddsRatio).contains("separates"));
}

#[test]
fn tiny_and_eventless_cohorts_leave_reasons() {
    let blocks = "[[logistic]]\nid = \"l\"\noutcome = \"y\"\nterms = [\"x\"]\n\
                  [[cox]]\nid = \"h\"\ntime = \"t\"\noutcome = \"d\"\nterms = [\"x\"]\n\
                  [[kaplan-meier]]\nid = \"k\"\ntime = \"t\"\noutcome = \"d\"\nby = \"g\"\ntimes = [1, 99]\nrestricted-mean = 99\n\
                  [[roc]]\nid = \"r\"\noutcome = \"y\"\nmarkers = [\"x\"]\n\
                  [[score]]\nid = \"s-1\"\nitems = [{ variable = \"x\", operator = \">\", cutoff = 1 }]\n\
                  [[score-table]]\nid = \"st\"\nscore = \"s-1\"\noutcome = \"y\"\n\
                  [[correlation]]\nid = \"p\"\npairs = [[\"x\", \"t\"]]\n";
    for table in [
        "y,g,t,d,x,c,m\n0,a,1,0,1,5,\n1,b,2,1,2,5,\n",
        "y,g,t,d,x,c,m\n0,a,1,0,1,5,\n0,b,2,0,2,5,\n0,b,3,0,3,5,\n",
        "y,g,t,d,x,c,m\n1,a,0,1,1,5,\n1,a,0,1,1,5,\n1,a,0,1,1,5,\n",
        "y,g,t,d,x,c,m\n,,,,,,\n,,,,,,\n0,a,1,1,1,1,1\n",
    ] {
        let ledger = planned(blocks, table).unwrap();
        let unexplained: Vec<String> = (ledger.rows.iter())
            .filter(|row| row.value.number().is_none() && row.reason.is_none())
            .map(Row::path)
            .collect();
        assert!(unexplained.is_empty(), "{table}: {unexplained:?}");
        assert!(ledger.to_json().is_ok());
    }
}

/// Kinds of event that compete: one patient, nobody with an event, nobody with the second kind, nobody known.
#[test]
fn tiny_cohorts_with_competing_events_leave_reasons() {
    let head = "[study]\nid = \"s\"\ntitle = \"S\"\n[data]\ntable = \"t.csv\"\ncodebook = \"c.toml\"\n";
    let codebook = "[columns.t]\nkind = \"time\"\n[columns.k]\nkind = \"nominal\"\n\
                    levels = [\"one\", \"two\", \"none\"]\n[columns.g]\nkind = \"nominal\"\n";
    let block = "[[cumulative-incidence]]\nid = \"i\"\ntime = \"t\"\noutcome = \"k\"\nevent = \"one\"\n\
                 competing = [\"two\"]\nby = \"g\"\ntimes = [0, 1, 99]\n";
    let ledger = |block: &str, table: &str| {
        let study = Study::parse("study.toml", &format!("{head}{block}"))?;
        let cohort = study.cohort(("t.csv", table.as_bytes()), Some(("c.toml", codebook)))?;
        Ok::<_, StudyError>(Plan::new(&study, &cohort)?.run(&cohort, "t.csv"))
    };
    for table in [
        "t,k,g\n1,two,a\n",
        "t,k,g\n0,one,a\n0,two,b\n",
        "t,k,g\n1,none,a\n2,none,b\n",
        "t,k,g\n1,one,a\n2,one,b\n3,none,b\n",
        "t,k,g\n,one,a\n2,,b\n",
    ] {
        let ledger = ledger(block, table).unwrap();
        let without = |row: &&Row| row.value.number().is_none();
        assert!(ledger.rows.iter().filter(without).all(|row| row.reason.is_some()), "{table}");
        assert!(ledger.rows.iter().any(|row| row.stat == Stat::PValue), "{table}");
        assert!(ledger.to_json().is_ok());
    }
    // The one with an event of the second kind alone has an incidence of 0 of the first, and 1 of the second, ever after.
    let one = ledger(block, "t,k,g\n1,two,a\n").unwrap();
    for (path, expected) in [("i/t:one@a!99/cumulative_incidence", 0.0), ("i/t:two@a!99/cumulative_incidence", 1.0)] {
        assert_eq!(one.find(path).unwrap().value.number(), Some(expected), "{path}");
    }
    // A level that the block does not name is taken for nothing in silence, and none is named twice.
    for (kinds, message) in [
        ("competing = []\ncensored = [\"none\", \"two\"]\n", "no event competes"),
        ("competing = [\"one\"]\n", "named twice"),
        ("competing = [\"two\"]\ncensored = []\n", "nothing is said of the other levels of `k`: `none`"),
        ("competing = [\"three\"]\n", "`three` is not a level of `k`"),
        ("competing = [\"two\"]\ntimes = [-1]\n", "a time is a number"),
    ] {
        let block =
            format!("[[cumulative-incidence]]\nid = \"i\"\ntime = \"t\"\noutcome = \"k\"\nevent = \"one\"\n{kinds}");
        let error = ledger(&block, "t,k,g\n1,two,a\n2,none,a\n3,one,b\n").unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

/// A patient who stands in the table twice is two rows; the tool does not guess which columns name patients.
#[test]
fn duplicate_rows_are_patients_of_their_own() {
    let doubled = format!("{TABLE}{}", TABLE.split_once('\n').unwrap().1);
    let ledger = planned("[[comparison]]\nid = \"a\"\nby = \"y\"\nrows = [\"x\"]\n", &doubled).unwrap();
    assert_eq!(ledger.find("a/x@0/mean").unwrap().value.number(), Some(2.5));
    assert_eq!(ledger.data.rows_kept, 16);
}

/// An error stands at the line and column of the very word that is wrong, within an entry too.
#[test]
fn errors_within_entries_point_at_the_word() {
    let logistic = "[[logistic]]\nid = \"l\"\noutcome = \"y\"\nterms = [\n  \"x\",\n  ENTRY,\n]\n";
    let comparison = "[[comparison]]\nid = \"c\"\nby = \"y\"\nrows = [\n  \"x\",\n  ENTRY,\n]\n";
    let roc = "[[roc]]\nid = \"r\"\noutcome = \"y\"\nmarkers = [\n  \"c\",\n  ENTRY,\n]\n";
    let score = "[[score]]\nid = \"s-1\"\nitems = [\n  ENTRY,\n]\n";
    let validation = "[[score-validation]]\nid = \"v\"\noutcome = \"y\"\ncandidates = [\n  \"c\",\n  ENTRY,\n]\n";
    let pairs = "[[correlation]]\nid = \"p\"\npairs = [\n  ENTRY,\n]\n";
    for (block, entry, word, message) in [
        (logistic, "{ variable = \"g\", reference = \"z\" }", "\"z\"", "`z` is not a level of `g`"),
        (logistic, "{ reference = \"z\", variable = \"gg\" }", "\"gg\"", "no column `gg`"),
        (logistic, "{ variable = \"c\", per = -1 }", "-1", "a step is a number above 0"),
        (logistic, "{ variable = \"c\", coding = \"trend\" }", "\"trend\"", "it has no levels"),
        (logistic, "{ variable = \"g\", per = 10 }", "10", "it has levels, and no unit"),
        (logistic, "{ variable = \"g\", refrence = \"a\" }", "refrence", "unknown field `refrence`"),
        (logistic, "\"x\" ", "\"x\" ,", "named twice"),
        (comparison, "{ variable = \"g\", level = \"z\" }", "\"z\"", "`z` is not a level of `g`"),
        (comparison, "{ variable = \"c\", id = \"x\" }", "\"x\" }", "the row `x` is named twice"),
        (comparison, "{ variable = \"c\", id = \"m\" }", "\"m\"", "`m` is a variable"),
        (roc, "{ direction = \"lower\", variable = \"xx\" }", "\"xx\"", "no column `xx`"),
        (roc, "{ variable = \"x\", cutoff = inf }", "inf", "no number"),
        (score, "{ variable = \"x\", operator = \">\", cutoff = 1, points = inf }", "inf", "no number"),
        (score, "{ variable = \"x\", operator = \">\", cutoff = 1, level = \"a\" }", "\"a\"", "no `level`"),
        (score, "{ variable = \"g\", operator = \">\" }", "\">\"", "has a `level`, and no cut-off"),
        (validation, "{ variable = \"x\", round-to = 0 }", "0 }", "multiples of a number above 0"),
        (validation, "{ variable = \"x\", decimals = 16 }", "16", "at most 15 decimals"),
        (validation, "{ variable = \"x\", decimals = 1, round-to = 5 }", "5 }", "not by both"),
        (validation, "{ variable = \"d\", decimals = 1 }", "1 }", "no cut-off to round"),
        (validation, "{ variable = \"d\", level = \"z\" }", "\"z\"", "`z` is not a level of `d`"),
        (pairs, "[\"x\", \"xx\"]", "\"xx\"", "no column `xx`"),
        (pairs, "{ x = \"x\", y = \"xx\" }", "\"xx\"", "no column `xx`"),
    ] {
        let block = block.replace("ENTRY", entry);
        let text = format!("{HEAD}{block}");
        let at = text.rfind(word).unwrap();
        let line = text[..at].matches('\n').count() + 1;
        let column = at - text[..at].rfind('\n').unwrap();
        match planned(&block, TABLE) {
            Err(StudyError::File { message: said, place, .. }) => {
                assert!(said.contains(message), "{block}: {said}");
                assert_eq!((place.line, place.column), (line, column), "{block}: {said}");
            }
            other => panic!("{block}: {other:?}"),
        }
    }
}

#[test]
fn a_condition_of_a_part_is_refused_at_its_place() {
    for (condition, message, hint) in [("xx > 1", "no column `xx`", "x"), ("x + 1", "is a number", ""), ("x >", "", "")]
    {
        let block = format!("[[comparison]]\nid = \"c\"\nby = \"y\"\nrows = [\"x\"]\nwithin = \"{condition}\"\n");
        let Err(StudyError::File { message: said, hint: advice, place }) = planned(&block, TABLE) else {
            panic!("{condition}")
        };
        assert!(said.contains(message) && advice.unwrap_or_default().contains(hint), "{condition}: {said}");
        assert_eq!((place.line, place.column), (11, 10), "{condition}");
    }
    let (message, _) = refused("[[comparison]]\nid = \"c\"\nby = \"y\"\nrows = [\"x\"]\nwithin = \"x > 99\"\n");
    assert!(message.contains("two groups"), "{message}");
}
