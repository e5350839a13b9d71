use restudy_stats::regression::{Coding, Design, FitError};

#[test]
fn columns_by_hand() {
    let age = [50.0, 60.0, 40.0, 70.0, 55.0, 65.0, 45.0, 52.0, 61.0];
    let stage = [0, 1, 2, 1, 0, 2, 2, 0, 1];
    let design = Design::build(9)
        .intercept()
        .continuous("age", &age, 10.0)
        .categorical("stage", &stage, &["I", "II", "III"], 1)
        .interaction("age", "stage")
        .finish()
        .unwrap();
    assert_eq!(design.column_names(), ["(Intercept)", "age", "stage=I", "stage=III", "age:stage=I", "age:stage=III"]);
    assert_eq!(design.column(1)[..3], [5.0, 6.0, 4.0]);
    assert_eq!(design.column(2)[..3], [1.0, 0.0, 0.0]);
    assert_eq!(design.column(5)[..3], [0.0, 0.0, 4.0]);
    assert_eq!(design.term("stage").unwrap().columns, 2..4);
    assert_eq!(design.term("stage").unwrap().coding, Coding::Treatment { reference: "II".to_owned() });
    assert_eq!(design.intercept(), Some(0));
    let trend = Design::build(9).intercept().trend("stage", &stage, 3).finish().unwrap();
    assert_eq!(trend.column(1)[..3], [0.0, 1.0, 2.0]);
    assert_eq!(trend.linear_predictor(&[1.0, 2.0]).unwrap()[..3], [1.0, 3.0, 5.0]);
}

#[test]
fn collinear_columns_are_named() {
    let a = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0];
    let b = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0];
    let c: Vec<f64> = a.iter().zip(&b).map(|(a, b)| 0.1 * a - 0.3 * b + 7.0).collect();
    let build = |c: &[f64]| {
        Design::build(6).intercept().continuous("a", &a, 1.0).continuous("b", &b, 1.0).continuous("c", c, 1.0).finish()
    };
    let error = build(&c).unwrap_err();
    assert_eq!(error, FitError::Collinear { column: "c".to_owned(), with: vec!["a".to_owned(), "b".to_owned()] });
    assert_eq!(error.to_string(), "`c` is a linear combination of `a`, `b`: leave one of them out");
    // One value off by a millionth of the column's spread is not a combination.
    let mut nearly = c;
    nearly[3] += 2e-6;
    assert!(build(&nearly).is_ok());
    // A year far from 0 beside the same year from its mean.
    let year = [1990.0, 1991.0, 1992.0, 1993.0, 1994.0];
    let from_mean: Vec<f64> = year.iter().map(|year| year - 1992.0).collect();
    let twice =
        Design::build(5).intercept().continuous("year", &year, 1.0).continuous("since", &from_mean, 1.0).finish();
    assert_eq!(twice.unwrap_err(), FitError::Collinear { column: "since".to_owned(), with: vec!["year".to_owned()] });
}

#[test]
fn all_indicators_beside_an_intercept_are_collinear_but_not_without_it() {
    let (first, second) = ([1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 1.0]);
    let add = |builder: restudy_stats::regression::DesignBuilder| {
        builder.continuous("first", &first, 1.0).continuous("second", &second, 1.0).finish()
    };
    assert!(matches!(add(Design::build(4).intercept()), Err(FitError::Collinear { column, .. }) if column == "second"));
    assert!(add(Design::build(4)).is_ok());
}

#[test]
fn faults_are_named() {
    let x = [1.0, 2.0, 4.0];
    let refusal = |builder: restudy_stats::regression::DesignBuilder| builder.finish().unwrap_err();
    let begin = || Design::build(3).intercept();
    let name = || "x".to_owned();
    assert_eq!(refusal(Design::build(0).intercept()), FitError::Empty);
    assert_eq!(refusal(Design::build(3)), FitError::Empty);
    assert_eq!(refusal(begin().continuous("x", &x[..2], 1.0)), FitError::Length { name: name(), rows: 3, found: 2 });
    assert_eq!(
        refusal(begin().continuous("x", &[1.0, f64::NAN, 2.0], 1.0)),
        FitError::NotFinite { name: name(), position: 1 }
    );
    assert_eq!(refusal(begin().continuous("x", &x, 0.0)), FitError::Scale { name: name(), per: 0.0 });
    assert_eq!(refusal(begin().continuous("x", &[2.5; 3], 1.0)), FitError::Constant { column: name() });
    assert_eq!(
        refusal(begin().categorical("x", &[0, 1, 2], &["a", "b"], 0)),
        FitError::UnknownLevel { name: name(), levels: 2, code: 2 }
    );
    assert_eq!(
        refusal(begin().categorical("x", &[0, 1, 1], &["a", "b", "c"], 0)),
        FitError::Constant { column: "x=c".to_owned() }
    );
    assert_eq!(
        refusal(begin().continuous("x", &x, 1.0).continuous("x", &x, 2.0)),
        FitError::DuplicateTerm { name: name() }
    );
    assert_eq!(refusal(begin().interaction("x", "y")), FitError::UnknownTerm { name: name() });
    assert_eq!(
        refusal(begin().continuous("x", &x, 1.0).continuous("y", &[3.0, 1.0, 2.0], 1.0)),
        FitError::TooFewRows { rows: 3, columns: 3 }
    );
}
