//! Columns of numbers and of words keep what they are through JSON.

use restudy_ledger::{Series, SeriesKind};

#[test]
fn numbers_infinities_and_words_come_back_as_they_went() {
    let series = Series::new("path", SeriesKind::SelectionPath)
        .numbers("p_value", [0.5, f64::NAN, f64::INFINITY])
        .numbers("only_infinite", [f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY])
        .words("change", vec!["entered".to_owned(), "Inf".to_owned(), "removed".to_owned()]);
    let text = serde_json::to_string(&series).expect("no NaN is left");
    assert_eq!(serde_json::from_str::<Series>(&text).expect("it was written so"), series);
    let p = series.column("p_value").expect("it is there");
    assert_eq!((p[0], p[1].is_nan(), p[2]), (0.5, true, f64::INFINITY));
    assert!(series.column("change").is_none(), "words are not numbers");
}

#[test]
fn a_negative_zero_is_zero() {
    let series = Series::new("curve", SeriesKind::RiskTable).numbers("events", [-0.0]);
    assert!(series.column("events").expect("it is there")[0].is_sign_positive());
}
