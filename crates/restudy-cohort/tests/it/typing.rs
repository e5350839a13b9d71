//! Kinds, inferred and declared, and values that do not fit them.

use restudy_cohort::{CohortError, Kind, ReadOptions};

use crate::support::{days, labels, numbers, table};

/// The kind that is inferred for a column of these cells.
fn inferred(cells: &[&str]) -> Kind {
    let rows: String = cells.iter().map(|cell| format!("\"{cell}\",1\n")).collect();
    let cohort = table(format!("x,y\n{rows}")).cohort();
    assert!(cohort.columns()[0].kind_inferred);
    cohort.columns()[0].kind
}

#[test]
fn kinds_are_inferred_from_the_values() {
    assert_eq!(inferred(&["1", "2", "3"]), Kind::Continuous);
    assert_eq!(inferred(&["1", "1.0", "1e0", ""]), Kind::Continuous);
    assert_eq!(inferred(&["1", "2.0", "2", ""]), Kind::Binary);
    assert_eq!(inferred(&["", ""]), Kind::Continuous);
    assert_eq!(inferred(&["m", "f", "m", ""]), Kind::Binary);
    assert_eq!(inferred(&["a", "b", "c"]), Kind::Nominal);
    assert_eq!(inferred(&["a", "a"]), Kind::Nominal);
    assert_eq!(inferred(&["1", "2", "x"]), Kind::Nominal);
    assert_eq!(inferred(&["2020-01-31", "1999-12-31"]), Kind::Date);
    assert_eq!(inferred(&["2020-01-31", "2020-02-30", "2020-03-01"]), Kind::Nominal);
    // Words for what is not a number are text.
    assert_eq!(inferred(&["1", "NaN", "inf"]), Kind::Nominal);
}

#[test]
fn inferred_levels_are_in_numerical_or_alphabetical_order() {
    let cohort = table("n,t\n10,b\n9,a\n9.0,c\n,\n").cohort();
    assert_eq!(labels(&cohort, "n").0, ["9", "10"]);
    assert_eq!(labels(&cohort, "n").1[2], Some("9".to_owned()));
    assert_eq!(labels(&cohort, "t").0, ["a", "b", "c"]);
    assert_eq!(labels(&cohort, "t").1[3], None);
}

#[test]
fn a_label_or_unit_alone_leaves_the_kind_to_the_values() {
    let cohort = table("x\n1\n2\n3\n").codebook("[columns.x]\nlabel = 'Marker'\nunit = 'mg/L'").cohort();
    let column = cohort.column("x").unwrap();
    assert_eq!((column.kind, column.kind_inferred), (Kind::Continuous, true));
    assert_eq!((column.label.as_str(), column.unit.as_deref()), ("Marker", Some("mg/L")));
}

#[test]
fn numbers_round_to_the_nearest_double() {
    let text = "x\n0.1000000000000000055511151231257827021181583404541015625\n\
                12345678901234567890123456789012345678901234567890\n+.5\n5.\n-1.5E-3\n-0\n1e-400\n";
    let x = numbers(&table(text).cohort(), "x");
    // 1e-400 is below the smallest double, whose nearest is zero.
    let expected = [0.1, 1.234_567_890_123_456_7e49, 0.5, 5.0, -0.0015, 0.0, 0.0];
    assert_eq!(x, expected.map(Some));
    assert!(x[5].unwrap().is_sign_positive());
}

#[test]
fn what_is_not_a_number_is_refused_without_being_shown() {
    let book = "[columns.x]\nkind = 'continuous'";
    for cell in ["secret", "NaN", "inf", "-Infinity", "1_000", "1 000", "0x10", "1e", ".", "<0.1", "−1", "12,5"] {
        let error = table(format!("id,x\n1,2\n2,\"{cell}\"\n")).codebook(book).error();
        assert!(matches!(&error, CohortError::NotANumber { line: 3, column, .. } if column == "x"), "{cell}: {error}");
        assert_eq!(error.to_string(), "t.csv:3: column `x` holds something other than a number such as 12.5");
        assert!(!format!("{error:?}{}", error.hint().unwrap()).contains("secret"));
    }
    // In an inferred column too: the text could not be anything else.
    for (text, book) in [("x\n1\n1e999\n", ""), ("x\n1\n-1e999\n", book)] {
        let error = table(text).codebook(book).error();
        assert!(matches!(error, CohortError::NumberTooLarge { line: 3, .. }), "{error}");
    }
}

#[test]
fn decimal_commas_are_read_where_declared_and_suggested_where_not() {
    let comma = ReadOptions { decimal_comma: true, ..ReadOptions::default() };
    let text = "x;y\n12,5;1\n-3,25e1;2\n4;3\n";
    let cohort = table(text).options(comma.clone()).cohort();
    assert_eq!(numbers(&cohort, "x"), [Some(12.5), Some(-32.5), Some(4.0)]);

    let book = "[columns.x]\nkind = 'continuous'";
    let hint = table(text).codebook(book).error().hint().unwrap();
    assert!(hint.contains("`decimal-comma = true`"), "{hint}");
    let error = table("x;y\n1;1\n12.5;1\n").options(comma.clone()).codebook(book).error();
    assert!(error.to_string().contains("a number such as 12,5"));
    assert!(error.hint().unwrap().contains("`decimal-comma = false`"));
    // Without a codebook it would be taken for text, and nobody would see it.
    let error = table("x;y\n4;1\n12,5;1\n").error();
    assert!(
        matches!(error, CohortError::NotANumber { line: 3, decimal_comma: false, other_mark: true, .. }),
        "{error}"
    );
    let cohort = table("x;y\n4;1\n1,5;1\na;2\n").codebook("[columns.x]\nkind = 'nominal'").cohort();
    assert_eq!(labels(&cohort, "x").0, ["1,5", "4", "a"]);
    assert_eq!(table("x;y\n4;1\n1,5;1\na;2\n").cohort().column("x").unwrap().kind, Kind::Nominal);
    // Neither: a thousand.
    let error = table("x;y\n1;1\n1.234,5;1\n").options(comma).codebook(book).error();
    assert!(error.hint().unwrap().contains("missing"), "{error}");
}

#[test]
fn missing_codes_compare_as_text_and_as_numbers() {
    let book = "[dataset]\nmissing = ['NA', -9]\n[columns.x]\nkind = 'continuous'\nmissing = [999, 'NA', '1e3']";
    let cohort = table("x,y\n1,-9.0\n999.0,NA\n1000,1\nNA,2\n-09,3\n99,na\n,9\n").codebook(book).cohort();
    assert_eq!(numbers(&cohort, "x"), [Some(1.0), None, None, None, None, Some(99.0), None]);
    // 999 is a value of other columns; `na` is not `NA`.
    assert_eq!(labels(&cohort, "y").0, ["1", "2", "3", "9", "na"]);
    let missing = cohort.missingness("x", None).unwrap();
    assert_eq!(missing.codes, ["NA", "-9", "999", "1e3"]);
    assert_eq!((missing.overall.n, missing.overall.n_missing, missing.overall.empty), (2, 5, 1));
    assert_eq!(missing.overall.by_code, [1, 1, 1, 1]);
}

#[test]
fn declared_levels_are_matched_and_stay_in_order() {
    let book = "[columns.stage]\nkind = 'ordinal'\nlevels = ['II', 'I', 'IV', 'III']\n\
                [columns.sex]\nlevels = [{ value = '1', label = 'Male' }, { value = 2, label = 'Female' }]";
    let cohort = table("stage,sex\nI,1\nIV,2.0\nI,01\n,\n").codebook(book).cohort();
    let (levels, values) = labels(&cohort, "stage");
    assert_eq!(levels, ["II", "I", "IV", "III"]);
    assert_eq!(values, [Some("I".into()), Some("IV".into()), Some("I".into()), None]);
    assert_eq!(labels(&cohort, "sex").1, [Some("Male".into()), Some("Female".into()), Some("Male".into()), None]);
    assert_eq!(cohort.column("sex").unwrap().kind, Kind::Binary);

    let error = table("stage,sex\nI,1\nI,2\nI,secret\n").codebook(book).error();
    assert_eq!(error.to_string(), "t.csv:4: column `sex` holds a value that is not one of `1 = Male`, `2 = Female`");
    assert!(!format!("{error:?}").contains("secret"));
}

#[test]
fn levels_that_are_not_declared_are_found_where_they_can_be() {
    let cohort = table("x\n3\n1\n10\n").codebook("[columns.x]\nkind = 'ordinal'").cohort();
    assert_eq!(labels(&cohort, "x").0, ["1", "3", "10"]);
    let error = table("x\n3\nhigh\nlow\n").codebook("[columns.x]\nkind = 'ordinal'").error();
    assert_eq!(error, CohortError::NoOrder { file: "t.csv".into(), line: 3, column: "x".into() });
    let error = table("x\n0\n1\n0.0\n1\n\n2\n3\n").codebook("[columns.x]\nkind = 'binary'").error();
    assert_eq!(error, CohortError::ThirdLevel { file: "t.csv".into(), line: 7, column: "x".into() });
    let cohort = table("x,y\n1,a\n1,b\n").codebook("[columns.x]\nkind = 'nominal'").cohort();
    assert_eq!(labels(&cohort, "x").0, ["1"]);
}

#[test]
fn events_are_the_declared_value_and_everything_else_is_censored() {
    let text = "s\n2\n1\n2.0\n\n3\n";
    let (levels, values) = labels(&table(text).codebook("[columns.s]\nevent = 2").cohort(), "s");
    assert_eq!(levels, ["censored", "event"]);
    assert_eq!(values.iter().flatten().collect::<Vec<_>>(), ["event", "censored", "event", "censored"]);
    // Unless the censored values are listed.
    let error = table(text).codebook("[columns.s]\nkind = 'event'\nevent = 2\ncensored = 1").error();
    assert!(matches!(&error, CohortError::NotALevel { line: 6, levels, .. } if levels == &["2", "1"]), "{error}");
}

#[test]
fn times_are_not_negative() {
    let book = "[columns.t]\nkind = 'time'\nmissing = [-1]";
    assert_eq!(numbers(&table("t\n0\n1.5\n-1\n").codebook(book).cohort(), "t"), [Some(0.0), Some(1.5), None]);
    let error = table("t\n0\n-2\n").codebook(book).error();
    assert_eq!(error, CohortError::NegativeTime { file: "t.csv".into(), line: 3, column: "t".into() });
}

#[test]
fn dates_count_from_the_epoch_and_exist() {
    // 2000-03-01 is day 11,017; 1969-12-31 is day -1; 2000 was a leap year, 1900 was not.
    let cohort = table("d\n1970-01-01\n1969-12-31\n2000-03-01\n2000-02-29\n").cohort();
    assert_eq!(days(&cohort, "d"), [Some(0), Some(-1), Some(11_017), Some(11_016)]);
    let book = "[columns.d]\nkind = 'date'\nformat = '%d/%m/%Y'\nmissing = ['?']";
    let cohort = table("d\n01/03/2000\n1/3/2000\n?\n").codebook(book).cohort();
    assert_eq!(days(&cohort, "d"), [Some(11_017), Some(11_017), None]);
    for (cell, format) in [("29/02/1900", "%d/%m/%Y"), ("31/04/2020", "%d/%m/%Y"), ("2020-01-01", "%d/%m/%Y")] {
        let error = table(format!("d\n01/01/2000\n{cell}\n")).codebook(book).error();
        assert!(matches!(&error, CohortError::NotADate { line: 3, format: f, .. } if f == format), "{error}");
        assert!(!error.to_string().contains(cell));
    }
    let cohort = table("d\n2000-03-01 23:59\n").codebook("[columns.d]\nformat = '%Y-%m-%d %H:%M'").cohort();
    assert_eq!(days(&cohort, "d"), [Some(11_017)]);
}

#[test]
fn decimals_of_the_data_set_are_for_its_numbers() {
    let book = "[dataset]\ndecimals = 2\n[columns.x]\ndecimals = 0";
    let cohort = table("x,y,z\n1,2,a\n2,3,b\n3,5,c\n").codebook(book).cohort();
    let decimals: Vec<_> = cohort.columns().iter().map(|column| column.decimals).collect();
    assert_eq!(decimals, [Some(0), Some(2), None]);
}
