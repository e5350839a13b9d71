use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::descriptive::Moments;
use restudy_stats::hypothesis::{Procedure, Statistic, WelchAnova, WelchT};

use super::anova::samples;
use super::groups::{self, slices, value};
use crate::golden::{CLOSED_FORM, REFERENCE, assert_close};

#[test]
fn by_hand() {
    // Weights 4 for each of three groups of four with variance 1: Λ = 3 (2/3)² / 3 = 4/9, so F = (4 · 8 / 2) /
    // (1 + 2 (4/9) / 8) = 16 / (10/9) = 14.4 with 2 and 8 / (4/3) = 6 degrees of freedom.
    let groups = [1.0, 3.0, 5.0].map(|mean| Moments { n: 4, mean, sd: 1.0 });
    let result = WelchAnova.run_on_moments(&groups).unwrap();
    let Some(Statistic::F { value, df1, df2 }) = result.statistic else { panic!("no F") };
    assert_close(value, 14.4, CLOSED_FORM, "F");
    assert_close(df2, 6.0, CLOSED_FORM, "df₂");
    // With two degrees of freedom above, P(F > f) = (1 + 2 f / df₂)^(−df₂/2).
    assert_close(result.p_value, 5.8_f64.powi(-3), CLOSED_FORM, "p");
    assert_eq!((df1, result.procedure, result.counts), (2.0, Procedure::WelchAnova, vec![4, 4, 4]));
}

#[test]
fn agrees_with_r() {
    for case in groups::all() {
        let expected = case.numbers("welch");
        let result = WelchAnova.run(&slices(&case.groups())).unwrap();
        let Some(Statistic::F { value, df1, df2 }) = result.statistic else { panic!("no F") };
        for (obtained, expected) in [value, df1, df2, result.p_value].into_iter().zip(expected) {
            assert_close(obtained, expected, REFERENCE, case.id());
        }
    }
}

#[test]
fn refuses() {
    let run = |groups: &[&[f64]]| WelchAnova.run(groups).map(|result| result.p_value);
    assert_eq!(run(&[&[1.0, 2.0]]), Err(TestError::TooFewGroups { found: 1, needed: 2 }));
    assert_eq!(run(&[&[1.0, 2.0], &[2.0]]), Err(TestError::TooFew { group: 1, found: 1, needed: 2 }));
    assert_eq!(run(&[&[1.0, 2.0], &[2.0, 2.0]]), Err(TestError::NoSpread));
}

proptest! {
    #[test]
    fn two_groups_are_welchs_t(groups in samples()) {
        let t = WelchT::default().run(&groups[0], &groups[1]).unwrap();
        let f = WelchAnova.run(&[&groups[0], &groups[1]]).unwrap();
        prop_assert!((value(&f) - value(&t).powi(2)).abs() <= 1e-11 * value(&f).max(1.0));
        prop_assert!((f.p_value - t.p_value).abs() <= REFERENCE * t.p_value);
        assert_close(f.statistic.unwrap().df2().unwrap(), t.statistic.unwrap().df().unwrap(), CLOSED_FORM, "df");
    }
}
