use super::{GOLDEN, assert_interval, assert_p};
use crate::golden::{CLOSED_FORM, assert_close, number, numbers, parse};
use proptest::{collection::vec, prelude::*};
use restudy_stats::correlation::{Pearson, PointBiserial};
use restudy_stats::descriptive::Moments;
use restudy_stats::hypothesis::StudentT;
use restudy_stats::{Alternative, TestError};

#[test]
fn by_hand() {
    // Means 4 and 2, sums of squares within 2 + 2 and between 4: r² = 4 / 8, t² = 4 / (4 / 2).
    let result = PointBiserial::default().run(&[3.0, 5.0], &[1.0, 3.0]).unwrap();
    assert_close(result.estimate.unwrap().value, 0.5_f64.sqrt(), CLOSED_FORM, "r");
    assert_close(result.statistic.unwrap().value(), 2.0_f64.sqrt(), CLOSED_FORM, "t");
    assert_eq!((result.counts, result.statistic.unwrap().df()), (vec![2, 2], Some(2.0)));
    // No spread within the groups.
    let apart = PointBiserial::default().run(&[1.0], &[2.0, 2.0]).unwrap();
    assert_eq!((apart.estimate.unwrap().value, apart.p_value), (-1.0, 0.0));
}

#[test]
fn agrees_with_r() {
    for case in parse(GOLDEN)["point_biserial"].as_array().unwrap() {
        let (with, without) = (numbers(&case["with"]), numbers(&case["without"]));
        let result = PointBiserial::default().run(&with, &without).unwrap();
        assert_close(result.estimate.unwrap().value, number(&case["r"]), 1e-11, "r");
        assert_close(result.statistic.unwrap().value(), number(&case["t"]), 1e-11, "t");
        assert_interval(&result, &case["ci95"], "interval");
        let run = |alternative| PointBiserial { alternative, ..PointBiserial::default() }.run(&with, &without);
        assert_p(run, &case["p"], 0.0, "p");
    }
}

#[test]
fn refuses_what_has_no_answer() {
    let test = PointBiserial::default();
    assert_eq!(test.run(&[], &[1.0]), Err(TestError::TooFew { group: 0, found: 0, needed: 1 }));
    assert_eq!(test.run(&[2.0], &[1.0]), Err(TestError::TooFew { group: 0, found: 2, needed: 3 }));
    assert_eq!(test.run(&[2.0, 2.0], &[2.0]), Err(TestError::NoSpread));
    assert_eq!(test.run(&[2.0, 3.0], &[f64::NAN]), Err(TestError::NotFinite { group: 1, position: 0 }));
    let moments = |sd| Moments { n: 5, mean: 1.0, sd };
    assert_eq!(test.run_on_moments(moments(1.0), moments(-1.0)), Err(TestError::NotADeviation { group: 1, sd: -1.0 }));
}

proptest! {
    /// It is Pearson's r of the values and an indicator, and its test is Student's.
    #[test]
    fn is_pearson_and_student(with in vec(-9.0..9.0_f64, 2..20), without in vec(-9.0..9.0_f64, 2..20)) {
        let all: Vec<f64> = with.iter().chain(&without).copied().collect();
        let indicator: Vec<f64> = (0..all.len()).map(|at| if at < with.len() { 1.0 } else { 0.0 }).collect();
        for alternative in [Alternative::TwoSided, Alternative::Less, Alternative::Greater] {
            let obtained = PointBiserial { alternative, ..PointBiserial::default() }.run(&with, &without).unwrap();
            let pearson = Pearson { alternative, ..Pearson::default() }.run(&all, &indicator).unwrap();
            let student = StudentT { alternative, ..StudentT::default() }.run(&with, &without).unwrap();
            prop_assert!((obtained.estimate.unwrap().value - pearson.estimate.unwrap().value).abs() < 1e-13);
            assert_close(obtained.p_value, pearson.p_value, 1e-9, "Pearson");
            assert_close(obtained.p_value, student.p_value, 1e-9, "Student");
        }
    }

    #[test]
    fn turns_around_with_the_groups(with in vec(-9.0..9.0_f64, 2..20), without in vec(-9.0..9.0_f64, 2..20)) {
        let (one, other) = (PointBiserial::default().run(&with, &without).unwrap(), PointBiserial::default().run(&without, &with).unwrap());
        assert_close(one.estimate.unwrap().value, -other.estimate.unwrap().value, CLOSED_FORM, "r");
        assert_close(one.p_value, other.p_value, CLOSED_FORM, "p");
    }
}
