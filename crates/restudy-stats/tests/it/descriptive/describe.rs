use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::descriptive::{Describe, Moments, QuantileType, Summary, quantile};

// By hand.

#[test]
fn six_values() {
    let summary = Describe { quartiles: QuantileType::Type6 }.run(&[16.0, 1.0, 7.0, 2.0, 4.0, 11.0]).unwrap();
    let Summary { n, min, q1, median, q3, max, .. } = summary;
    // Type 6: h = 7p = 1.75 and 5.25.
    assert_eq!((n, min, q1, median, q3, max), (6, 1.0, 1.75, 5.5, 12.25, 16.0));
}

#[test]
fn one_value() {
    let summary = Describe::default().run(&[2.5]).unwrap();
    let only = Summary { n: 1, mean: 2.5, sd: None, min: 2.5, q1: 2.5, median: 2.5, q3: 2.5, max: 2.5 };
    assert_eq!(summary, only);
}

#[test]
fn the_median_is_the_usual_one_for_every_type() {
    for number in 1..=9 {
        let quartiles = QuantileType::from_number(number).unwrap();
        assert_eq!(Describe { quartiles }.run(&[1.0, 2.0, 4.0, 8.0]).unwrap().median, 3.0);
    }
}

#[test]
fn bad_values_are_named() {
    assert_eq!(Describe::default().run(&[]), Err(TestError::TooFew { group: 0, found: 0, needed: 1 }));
    let with_nan = Describe::default().run(&[1.0, 2.0, f64::NAN]);
    assert_eq!(with_nan, Err(TestError::NotFinite { group: 0, position: 2 }));
}

// Definition and properties.

proptest! {
    #[test]
    fn is_what_its_parts_are(values in prop::collection::vec(-1e9..1e9, 2..60), number in 1..=9_u8) {
        let quartiles = QuantileType::from_number(number).unwrap();
        let summary = Describe { quartiles }.run(&values)?;
        let mut sorted = values.clone();
        sorted.sort_by(f64::total_cmp);
        let moments = Moments::of(&values)?;
        prop_assert_eq!((summary.n, summary.mean, summary.sd), (moments.n, moments.mean, Some(moments.sd)));
        prop_assert_eq!(summary.q1, quantile(&sorted, 0.25, quartiles)?);
        prop_assert_eq!(summary.q3, quantile(&sorted, 0.75, quartiles)?);
        let Summary { min, q1, median, q3, max, .. } = summary;
        prop_assert!(min <= q1 && q1 <= median && median <= q3 && q3 <= max);
    }
}
