//! Codebooks that are wrong, and where.

use restudy_cohort::{CodebookProblem, CohortError, Kind, ReadOptions};

use crate::support::table;

const TABLE: &str = "age,sex,status,visit,ph.ecog\n71,1,2,2020-01-31,0\n";

/// Line, column and problem of a codebook, with its hint.
fn wrong(text: &str) -> (usize, usize, CodebookProblem, Option<String>) {
    let error = table(TABLE).codebook(text).error();
    let hint = error.hint();
    assert!(error.to_string().starts_with("codebook.toml:"), "{error}");
    match error {
        CohortError::Codebook { line, column, problem, .. } => (line, column, *problem, hint),
        other => panic!("{other}"),
    }
}

#[test]
fn unknown_keys_are_refused_where_they_stand_with_the_nearest() {
    for (text, line, column, nearest) in [
        ("[column.age]\n", 1, 2, "columns"),
        ("[dataset]\ntitle = 'x'\n  mising = ['NA']\n", 3, 3, "missing"),
        ("[columns.age]\nlable = 'Age'\n", 2, 1, "label"),
        ("[columns.sex]\nlevels = [{ value = 1, labl = 'Male' }, 2]\n", 2, 24, "label"),
    ] {
        let (l, c, problem, hint) = wrong(text);
        assert!(matches!(&problem, CodebookProblem::UnknownKey { .. }), "{problem}");
        assert_eq!((l, c), (line, column), "{text}");
        assert_eq!(hint.unwrap(), format!("did you mean `{nearest}`?"));
    }
}

#[test]
fn a_dotted_name_without_quotes_is_explained() {
    let (line, column, problem, hint) = wrong("[columns.ph.ecog]\nlabel = 'ECOG'\n");
    assert!(matches!(problem, CodebookProblem::UnknownKey { key, .. } if key == "ecog"));
    assert_eq!((line, column), (1, 13));
    assert!(hint.unwrap().contains("[columns.\"ph.ecog\"]"));
    assert!(table(TABLE).codebook("[columns.\"ph.ecog\"]\nlabel = 'ECOG'\n").read().is_ok());
}

#[test]
fn columns_that_the_table_lacks_are_refused_with_the_nearest() {
    let (line, column, problem, hint) = wrong("[columns.age]\n[columns.Sexe]\nlabel = 'Sex'\n");
    assert!(matches!(problem, CodebookProblem::UnknownColumn { name, .. } if name == "Sexe"));
    assert_eq!((line, column), (2, 10));
    assert_eq!(hint.unwrap(), "did you mean `sex`?");
    let (.., hint) = wrong("[columns.haemoglobin]\n");
    assert_eq!(hint.unwrap(), "the columns are `age`, `sex`, `status`, `visit`, `ph.ecog`");
    // A table that was split at the wrong sign has other names altogether.
    let options = ReadOptions { delimiter: Some(','), ..ReadOptions::default() };
    let error = table("age;sex\n71;1\n").options(options).codebook("[columns.age]\n").error();
    assert!(error.hint().unwrap().contains("`delimiter = \";\"`"));
}

#[test]
fn a_derived_column_may_be_described() {
    let given = table(TABLE).codebook("[columns.old]\nlabel = 'Elderly'\n");
    assert_eq!(given.derive("old", "age >= 65").cohort().column("old").unwrap().label, "Elderly");
}

#[test]
fn what_is_not_toml_is_refused_where_it_breaks() {
    for (text, line) in [("[columns.age\n", 1), ("[columns.age]\nlabel = \n", 2), ("[dataset]\n[dataset]\n", 2)] {
        let (l, _, problem, _) = wrong(text);
        assert!(matches!(problem, CodebookProblem::Syntax { .. }), "{problem}");
        assert_eq!(l, line, "{text}");
    }
}

#[test]
fn values_are_of_the_right_type() {
    for (text, key) in [
        ("dataset = 1", "dataset"),
        ("columns = []", "columns"),
        ("[columns]\nage = 1", "age"),
        ("[columns.age]\nlabel = 1", "label"),
        ("[columns.age]\ndecimals = -1", "decimals"),
        ("[columns.age]\ndecimals = 16", "decimals"),
        ("[columns.age]\nmissing = [[1]]", "missing"),
        ("[columns.age]\nmissing = ['']", "missing"),
        ("[columns.age]\nmissing = [2020-01-01]", "missing"),
        ("[columns.age]\nmissing = [0x10]", "missing"),
        ("[columns.sex]\nlevels = 'Male'", "levels"),
        ("[columns.sex]\nlevels = [{ label = 'Male' }]", "value"),
        ("[columns.status]\nevent = [1]", "event"),
    ] {
        let (_, _, problem, _) = wrong(text);
        assert!(matches!(&problem, CodebookProblem::WrongType { key: k, .. } if k == key), "{text}: {problem}");
    }
    let (line, column, problem, hint) = wrong("[columns.age]\nkind = 'continous'");
    assert!(matches!(problem, CodebookProblem::UnknownKind { .. }));
    assert_eq!((line, column, hint.unwrap().as_str()), (2, 8, "did you mean `continuous`?"));
}

#[test]
fn what_is_said_of_a_column_fits_its_kind() {
    for (text, key, kind) in [
        ("[columns.age]\nkind = 'continuous'\nlevels = [1, 2]", "levels", Kind::Continuous),
        ("[columns.age]\nkind = 'nominal'\nevent = 1", "event", Kind::Nominal),
        ("[columns.age]\nkind = 'time'\ncensored = [1]", "censored", Kind::Time),
        ("[columns.age]\nkind = 'binary'\nformat = '%Y-%m-%d'", "format", Kind::Binary),
        ("[columns.status]\nevent = 1\nlevels = [1, 2]", "levels", Kind::Event),
    ] {
        let (_, _, problem, _) = wrong(text);
        assert_eq!(problem, CodebookProblem::DoesNotFit { key, kind }, "{text}");
    }
    for text in ["[columns.status]\nkind = 'event'", "[columns.status]\ncensored = 1"] {
        assert_eq!(wrong(text).2, CodebookProblem::Needs { key: "event", kind: Kind::Event });
    }
    let (.., problem, _) = wrong("[columns.sex]\nkind = 'binary'\nlevels = [1, 2, 3]");
    assert_eq!(problem, CodebookProblem::LevelCount { kind: Kind::Binary, expected: "two", found: 3 });
    let (.., problem, _) = wrong("[columns.sex]\nlevels = []");
    assert_eq!(problem, CodebookProblem::LevelCount { kind: Kind::Nominal, expected: "one or more", found: 0 });
}

#[test]
fn nothing_is_declared_twice() {
    for (text, value) in [
        ("[columns.sex]\nlevels = [1, 2, 1.0]", "1.0"),
        ("[columns.sex]\nlevels = [{ value = 1, label = 'M' }, { value = 2, label = 'M' }]", "M"),
        ("[dataset]\nmissing = ['NA', 'NA']", "NA"),
        ("[columns.age]\nmissing = [999, 999.0]", "999.0"),
        ("[columns.status]\nevent = 1\ncensored = [0, '1']", "1"),
    ] {
        assert_eq!(wrong(text).2, CodebookProblem::Twice { value: value.into() }, "{text}");
    }
}

#[test]
fn date_formats_determine_a_day() {
    for format in ["%Q", "%Y", "%H:%M", "%Y-%m", "", "%Y-%m-%d %Z"] {
        let (_, _, problem, _) = wrong(&format!("[columns.visit]\nformat = '{format}'"));
        assert_eq!(problem, CodebookProblem::Format { format: format.into() });
    }
    for format in ["%d.%m.%y", "%F", "%e %B %Y", "%Y%j"] {
        let given = table("visit\n").codebook(&format!("[columns.visit]\nformat = '{format}'"));
        // The table has no rows: the codebook was not what was wrong.
        assert!(matches!(given.error(), CohortError::NoRows { .. }));
    }
}
