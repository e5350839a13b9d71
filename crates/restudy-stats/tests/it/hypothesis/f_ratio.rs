use proptest::prelude::*;
use restudy_stats::descriptive::Moments;
use restudy_stats::hypothesis::{FRatio, Quantity, Statistic};
use restudy_stats::{Alternative, Level, TestError};

use super::anova::samples;
use super::groups;
use crate::golden::{CLOSED_FORM, REFERENCE, assert_close};

#[test]
fn by_hand() {
    // F = 4 with 2 and 2 degrees of freedom: P(F > f) = 1/(1 + f), so the two-sided p is 0.4 and the quantiles odds.
    let moments = |sd| Moments { n: 3, mean: 0.0, sd };
    let result = FRatio::default().run_on_moments(moments(2.0), moments(1.0)).unwrap();
    assert_eq!(result.statistic, Some(Statistic::F { value: 4.0, df1: 2.0, df2: 2.0 }));
    assert_close(result.p_value, 0.4, CLOSED_FORM, "p");
    let estimate = result.estimate.unwrap();
    let interval = estimate.interval.unwrap();
    assert_eq!((estimate.quantity, estimate.value), (Quantity::VarianceRatio, 4.0));
    assert_close(interval.low, 4.0 / 39.0, CLOSED_FORM, "low");
    assert_close(interval.high, 4.0 * 39.0, CLOSED_FORM, "high");
}

#[test]
fn agrees_with_r() {
    for case in groups::all() {
        let [first, second] = [&case.groups()[0], &case.groups()[1]];
        let run = |alternative, level| FRatio { alternative, level }.run(first, second).unwrap();
        let interval = |result: &restudy_stats::hypothesis::TestResult| result.estimate.unwrap().interval.unwrap();
        let both = run(Alternative::TwoSided, Level::NINETY_FIVE);
        let less = run(Alternative::Less, Level::NINETY_FIVE);
        let greater = run(Alternative::Greater, Level::new(0.9).unwrap());
        let obtained = [
            (vec![groups::value(&both), both.p_value, interval(&both).low, interval(&both).high], "f_ratio"),
            (vec![less.p_value, interval(&less).high], "f_ratio_less"),
            (vec![greater.p_value, interval(&greater).low], "f_ratio_greater_90"),
        ];
        for (obtained, name) in obtained {
            for (obtained, expected) in obtained.into_iter().zip(case.numbers(name)) {
                assert_close(obtained, expected, REFERENCE, case.id());
            }
        }
    }
}

#[test]
fn refuses() {
    let run = |first: &[f64], second: &[f64]| FRatio::default().run(first, second).map(|result| result.p_value);
    assert_eq!(run(&[1.0], &[1.0, 2.0]), Err(TestError::TooFew { group: 0, found: 1, needed: 2 }));
    assert_eq!(run(&[1.0, 2.0], &[3.0, 3.0]), Err(TestError::NoSpread));
    assert_eq!(run(&[1.0, 2.0], &[3.0, f64::NAN]), Err(TestError::NotFinite { group: 1, position: 1 }));
}

proptest! {
    #[test]
    fn the_limits_are_the_ratios_that_the_test_just_rejects(groups in samples()) {
        let result = FRatio::default().run(&groups[0], &groups[1]).unwrap();
        let interval = result.estimate.unwrap().interval.unwrap();
        for limit in [interval.low, interval.high] {
            let scaled: Vec<f64> = groups[0].iter().map(|x| x / limit.sqrt()).collect();
            assert_close(FRatio::default().run(&scaled, &groups[1]).unwrap().p_value, 0.05, REFERENCE, "limit");
        }
    }

    #[test]
    fn exchanged_groups_give_the_inverse(groups in samples()) {
        let one = FRatio::default().run(&groups[0], &groups[1]).unwrap();
        let other = FRatio::default().run(&groups[1], &groups[0]).unwrap();
        assert_close(groups::value(&other), 1.0 / groups::value(&one), CLOSED_FORM, "F");
        assert_close(other.p_value, one.p_value, REFERENCE, "p");
    }
}
