//! Delimiters, quotes, lines, and tables that are none.

use restudy_cohort::{CohortError, Kind, ReadOptions};

use crate::support::{labels, numbers, table};

fn delimited(delimiter: char) -> ReadOptions {
    ReadOptions { delimiter: Some(delimiter), ..ReadOptions::default() }
}

#[test]
fn delimiters_are_found_in_the_header() {
    for text in
        ["a,b\n1,2\n5,6\n3,4\n", "a;b\n1;2\n5;6\n3;4\n", "a\tb\n1\t2\n5\t6\n3\t4\n", "\n\na,b\r\n1,2\r\n5,6\r\n3,4"]
    {
        let cohort = table(text).cohort();
        assert_eq!((cohort.rows_read(), cohort.columns_read()), (3, 2), "{text:?}");
        assert_eq!(numbers(&cohort, "b"), [Some(2.0), Some(6.0), Some(4.0)]);
    }
    // More semicolons than commas; a comma inside quotes does not count.
    assert_eq!(table("\"x, y, z, w\";b;c\n1;2;3\n").cohort().columns_read(), 3);
    assert_eq!(table("a,b;c,d;e\nx,y;z,w;5\n").cohort().columns_read(), 3);
    // The name decides for tabs.
    assert_eq!(table("a,b\tc\nx,y\t3\n").named("t.TSV").cohort().columns_read(), 2);
    assert_eq!(table("a,b\tc\nx,y\t3\n").cohort().columns_read(), 2);
    // What is declared wins.
    assert_eq!(table("a,b|c\nx,y|3\n").options(delimited('|')).cohort().columns_read(), 2);
}

#[test]
fn options_that_cannot_be_are_refused() {
    for delimiter in ['é', '\n', '\r', '"'] {
        let error = table("a,b\n1,2\n").options(delimited(delimiter)).error();
        assert!(matches!(error, CohortError::Option { option: "delimiter", .. }), "{error}");
    }
    let options = ReadOptions { quote: Some('»'), ..ReadOptions::default() };
    let error = table("a,b\n1,2\n").options(options).error();
    assert_eq!(error.to_string(), "`quote` cannot be '»': it must be one ASCII character and no line break");
}

#[test]
fn quotes_enclose_delimiters_line_breaks_and_quotes() {
    let cohort = table("id,note\n1,\"a, b\"\n2,\"two\nlines\"\n3,\"a \"\"word\"\"\"\n4,5\" nail\n").cohort();
    let expected = ["a, b", "two\nlines", "a \"word\"", "5\" nail"].map(|note| Some(note.to_owned()));
    assert_eq!(labels(&cohort, "note").1, expected);
    let options = ReadOptions { quote: Some('\''), ..ReadOptions::default() };
    let cohort = table("id,note\n1,'a, b'\n2,\"x\"\n").options(options).cohort();
    assert_eq!(labels(&cohort, "note").1, [Some("a, b".to_owned()), Some("\"x\"".to_owned())]);
}

#[test]
fn cells_and_names_are_trimmed_and_blank_lines_passed_over() {
    let cohort = table(" a , b \n\n 1 , x \n\n\n2,\u{a0}x\n").cohort();
    assert_eq!(cohort.rows_read(), 2);
    assert_eq!(labels(&cohort, "b").0, ["x"]);
    // Empty fields are missing patients' values, not missing patients.
    let cohort = table("a,b\n1,2\n,\n").cohort();
    assert_eq!(numbers(&cohort, "a"), [Some(1.0), None]);
}

#[test]
fn files_without_patients_are_refused() {
    for text in ["", " \n\r\n\t", "\u{feff}"] {
        assert_eq!(table(text).error(), CohortError::EmptyFile { file: "t.csv".into() }, "{text:?}");
    }
    for text in ["a,b", "a,b\n", "a,b\r\n\r\n"] {
        assert_eq!(table(text).error(), CohortError::NoRows { file: "t.csv".into() }, "{text:?}");
    }
}

#[test]
fn headers_name_every_column_once() {
    let error = table("\nage,sex, age\n1,2,3\n").error();
    let (file, name) = ("t.csv".into(), "age".into());
    assert_eq!(error, CohortError::DuplicateColumn { file, line: 2, name, first: 1, second: 3 });
    let error = table("age,,sex\n1,2,3\n").error();
    assert_eq!(error, CohortError::UnnamedColumn { file: "t.csv".into(), line: 1, position: 2 });
}

#[test]
fn rows_have_as_many_fields_as_the_header() {
    for (text, line, found) in [
        ("a,b\n1,2\n3\n", 3, 1),
        ("a,b\r\n1,2\r\n3,4,5\r\n", 3, 3),
        ("a,b\r1,2\r3,4,5\r", 3, 3),
        ("a,b\n\"1\n2\",3\n\n\n4,5,6\n", 6, 3),
    ] {
        let error = table(text).error();
        assert!(
            matches!(error, CohortError::RaggedRow { line: l, found: f, expected: 2, .. } if (l, f) == (line, found)),
            "{text:?}: {error}"
        );
    }
    // A header that another delimiter would split: the likeliest reason is told.
    let error = table("a;b\n1;2,5\n").options(delimited(',')).error();
    assert!(error.hint().unwrap().contains("delimiter = \";\""));
}

#[test]
fn a_quote_that_is_never_closed_is_refused_where_it_opens() {
    for (text, line) in [
        ("a,b\n1,2\n3,\"4\n5,6\n", 3),
        ("a,b\n1,2\n3,4\n\"", 4),
        ("a,b\n1,2\n3,4\n\"\n", 4),
        ("\"a,b\n1,2\n", 1),
        ("a,b\r\n1,\"x\"\"\r\n", 2),
    ] {
        let error = table(text).error();
        assert_eq!(error, CohortError::UnclosedQuote { file: "t.csv".into(), line, quote: '"' }, "{text:?}");
    }
    // Closed ones at the very end are not.
    for text in ["a,b\n1,\"2\"", "a,b\n1,\"\"", "a,b\n1,\"2\n\"\n", "a,b\n1,\"2\"\r\n"] {
        assert_eq!(table(text).cohort().rows_read(), 1, "{text:?}");
    }
}

#[test]
fn a_field_of_a_megabyte_is_not_a_value() {
    let long = "x".repeat((1 << 20) + 1);
    let error = table(format!("a,b\n1,2\n3,{long}\n")).error();
    assert!(matches!(error, CohortError::FieldTooLong { line: 3, position: 2, .. }), "{error}");
    assert!(error.to_string().len() < 100);
    assert_eq!(table(format!("a,b\n1,2\n3,{}\n", &long[1..])).cohort().rows_read(), 2);
}

#[test]
fn one_column_needs_no_delimiter() {
    let cohort = table("age\n71\n64\n58\n").cohort();
    assert_eq!(cohort.columns()[0].kind, Kind::Continuous);
    assert_eq!(numbers(&cohort, "age"), [Some(71.0), Some(64.0), Some(58.0)]);
}
