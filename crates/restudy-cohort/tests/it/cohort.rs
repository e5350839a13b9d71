//! Flow, missingness, and what a cohort knows of itself.

use restudy_cohort::{CohortError, FlowStep, Kind, MissingCount};

use crate::support::{labels, numbers, table};

const TABLE: &str = "id,age,sex\n1,71,m\n2,,f\n3,15,f\n4,64,\n5,40,m\n";

#[test]
fn a_keep_filter_drops_the_undetermined_and_an_exclude_filter_does_not() {
    let cohort = table(TABLE).exclude("age < 18").keep("sex = 'm'").cohort();
    let step = |label: &str, keep, before, dropped, undetermined, after| FlowStep {
        label: label.into(),
        keep,
        before,
        dropped,
        undetermined,
        after,
    };
    assert_eq!(cohort.flow(), [step("age < 18", false, 5, 1, 1, 4), step("sex = 'm'", true, 4, 2, 1, 2)]);
    assert_eq!((cohort.patients(), cohort.rows_read(), cohort.columns_read()), (2, 5, 3));
    assert_eq!(numbers(&cohort, "id"), [Some(1.0), Some(5.0)]);
    assert!(cohort.columns().iter().all(|column| column.values.len() == 2));
}

#[test]
fn a_filter_sees_derived_columns_and_may_leave_nobody() {
    let cohort = table(TABLE).derive("old", "age >= 65").keep("old").exclude("id < 10").cohort();
    assert_eq!(cohort.patients(), 0);
    assert_eq!(cohort.flow().iter().map(|step| step.after).collect::<Vec<_>>(), [1, 0]);
    assert!(cohort.columns()[0].values.is_empty());
    assert_eq!((cohort.columns_read(), cohort.columns().len()), (3, 4));
}

#[test]
fn missing_values_are_counted_by_code_and_group_after_the_filters() {
    let text = "x,g\n1,a\nND,a\n,b\n999,b\n2,\nND,\n999.0,c\n5,c\n";
    let book = "[dataset]\nmissing = ['ND']\n[columns.x]\nkind = 'continuous'\nmissing = [999]\n\
                [columns.g]\nlevels = ['a', 'b', 'c', 'd']";
    let cohort = table(text).codebook(book).exclude("x = 5").cohort();
    let missing = cohort.missingness("x", Some("g")).unwrap();
    let count = |n, empty, by_code: [usize; 2]| MissingCount {
        n,
        n_missing: empty + by_code[0] + by_code[1],
        empty,
        undetermined: 0,
        by_code: by_code.to_vec(),
    };
    assert_eq!((missing.variable.as_str(), missing.by.as_deref()), ("x", Some("g")));
    assert_eq!(missing.codes, ["ND", "999"]);
    assert_eq!(missing.overall, count(2, 1, [2, 2]));
    let expected = [("a", [1, 0, 1, 0]), ("b", [0, 1, 0, 1]), ("c", [0, 0, 0, 1]), ("d", [0; 4])];
    let expected = expected.map(|(group, [n, empty, nd, nines])| (group.to_owned(), count(n, empty, [nd, nines])));
    assert_eq!(missing.groups, expected);
    assert_eq!(missing.ungrouped, count(1, 0, [1, 0]));
    let alone = cohort.missingness("x", None).unwrap();
    assert_eq!((alone.overall, alone.groups.len()), (missing.overall, 0));

    assert!(matches!(cohort.missingness("y", None), Err(CohortError::UnknownColumn { .. })));
    let error = cohort.missingness("g", Some("x")).unwrap_err();
    assert_eq!(error, CohortError::NotGroups { column: "x".into(), kind: Kind::Continuous });
}

#[test]
fn a_derived_value_that_cannot_be_determined_is_counted_as_such() {
    let cohort = table(TABLE).derive("decades", "age / 10").cohort();
    let missing = cohort.missingness("decades", Some("sex")).unwrap();
    assert_eq!((missing.overall.n, missing.overall.undetermined, missing.overall.empty), (4, 1, 0));
    // Described by the codebook, the same.
    let given = table(TABLE).codebook("[columns.old]\nkind = 'binary'\nlevels = ['no', 'yes']");
    let missing = given.derive("old", "age >= 65").cohort().missingness("old", None).unwrap();
    assert_eq!((missing.overall.undetermined, missing.overall.empty), (1, 0));
}

#[test]
fn names_that_no_column_has_are_refused_with_the_nearest() {
    let cohort = table("wt.loss,meal.cal\n1,2\n").cohort();
    let error = cohort.column("wt_loss").unwrap_err();
    assert_eq!(error.to_string(), "t.csv has no column `wt_loss`");
    assert_eq!(error.hint().unwrap(), "did you mean `wt.loss`?");
    let error = cohort.column("bilirubin").unwrap_err();
    assert_eq!(error.hint().unwrap(), "the columns are `wt.loss`, `meal.cal`");
}

#[test]
fn the_checksum_is_that_of_the_bytes() {
    // `printf 'abc\n1\n' | sha256sum`, GNU coreutils 9.1.
    assert_eq!(table("abc\n1\n").cohort().sha256(), "5cb310b6f87a23bce211e77652daf4e4931a010ffbca35148659961a9207e0fb");
}

#[test]
fn columns_keep_what_the_codebook_says() {
    let book =
        "[dataset]\ntitle = 'Trial'\n[columns.age]\nlabel = 'Age'\nunit = 'years'\ndecimals = 0\nheading = 'Who'";
    let cohort = table(TABLE).named("trial.csv").codebook(book).cohort();
    assert_eq!((cohort.title(), cohort.file_name()), (Some("Trial"), "trial.csv"));
    let age = cohort.column("age").unwrap();
    assert_eq!((age.label.as_str(), age.unit.as_deref(), age.decimals), ("Age", Some("years"), Some(0)));
    assert_eq!(age.heading.as_deref(), Some("Who"));
    assert_eq!(cohort.column("id").unwrap().label, "id");
    assert_eq!(labels(&cohort, "sex").0, ["f", "m"]);
}
