use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::descriptive::Moments;
use restudy_stats::hypothesis::{Anova, Procedure, Quantity, Statistic, StudentT};

use super::groups::{self, slices, value};
use crate::golden::{CLOSED_FORM, REFERENCE, assert_close};

#[test]
fn by_hand() {
    // Means 2, 4, 9 around 5: 3 (9 + 1 + 16) = 78 between, 2 in each group within; F = (78/2) / (6/6) = 39.
    let groups: [&[f64]; 3] = [&[1.0, 2.0, 3.0], &[3.0, 4.0, 5.0], &[8.0, 9.0, 10.0]];
    let table = Anova.table(&groups).unwrap();
    assert_eq!((table.df_between, table.df_within), (2.0, 6.0));
    assert_close(table.ss_between, 78.0, CLOSED_FORM, "between");
    assert_close(table.ss_within, 6.0, CLOSED_FORM, "within");
    let result = Anova.run(&groups).unwrap();
    assert_eq!(result.statistic, Some(Statistic::F { value: 39.0, df1: 2.0, df2: 6.0 }));
    // With two degrees of freedom above, P(F > f) = (1 + 2 f / df₂)^(−df₂/2).
    assert_close(result.p_value, 14.0_f64.powi(-3), CLOSED_FORM, "p");
    let estimate = result.estimate.unwrap();
    assert_eq!(estimate.quantity, Quantity::EtaSquared);
    assert_close(estimate.value, 78.0 / 84.0, CLOSED_FORM, "η²");
    assert_eq!((result.procedure, result.counts), (Procedure::Anova, vec![3, 3, 3]));
}

#[test]
fn agrees_with_r() {
    for case in groups::all() {
        let groups = case.groups();
        let expected = case.numbers("anova");
        let table = Anova.table(&slices(&groups)).unwrap();
        let result = Anova.run(&slices(&groups)).unwrap();
        // 1e-9: R's least squares of numbers near 10⁶ that spread by 1 keeps ten digits.
        let tolerance = if case.id() == "far_from_zero" { 1e-9 } else { REFERENCE };
        let obtained =
            [table.df_between, table.df_within, table.ss_between, table.ss_within, table.f(), result.p_value];
        for (obtained, expected) in obtained.into_iter().zip(expected) {
            assert_close(obtained, expected, tolerance, case.id());
        }
    }
}

#[test]
fn keeps_the_digits_of_nist() {
    // SmLs07's pattern in numbers that doubles hold exactly, so that the certified answer is the answer: 21 values a
    // group, the first at the group's level and the others half a step around it.
    let far = 2.0_f64.powi(40);
    let groups: Vec<Vec<f64>> = (0..9)
        .map(|group| {
            let level = far + f64::from(group % 3);
            (0..21).map(|i| if i == 0 { level } else { level + if i % 2 == 0 { 0.5 } else { -0.5 } }).collect()
        })
        .collect();
    let table = Anova.table(&slices(&groups)).unwrap();
    assert_eq!((table.ss_between, table.ss_within), (126.0, 45.0));
    assert_close(table.f(), (126.0 / 8.0) / (45.0 / 180.0), CLOSED_FORM, "F");
}

#[test]
fn refuses() {
    let run = |groups: &[&[f64]]| Anova.run(groups).map(|result| result.p_value);
    assert_eq!(run(&[&[1.0, 2.0]]), Err(TestError::TooFewGroups { found: 1, needed: 2 }));
    assert_eq!(run(&[&[1.0, 2.0], &[]]), Err(TestError::TooFew { group: 1, found: 0, needed: 1 }));
    assert_eq!(run(&[&[1.0], &[2.0]]), Err(TestError::TooFew { group: 0, found: 1, needed: 2 }));
    assert_eq!(run(&[&[1.0, 2.0], &[2.0, f64::NAN]]), Err(TestError::NotFinite { group: 1, position: 1 }));
    assert_eq!(run(&[&[1.0, 1.0], &[2.0, 2.0]]), Err(TestError::NoSpread));
    let bad = [Moments { n: 3, mean: 0.0, sd: 1.0 }, Moments { n: 3, mean: 0.0, sd: -1.0 }];
    assert_eq!(Anova.run_on_moments(&bad), Err(TestError::NotADeviation { group: 1, sd: -1.0 }));
}

pub(super) fn samples() -> impl Strategy<Value = Vec<Vec<f64>>> {
    prop::collection::vec(prop::collection::vec((-400..400).prop_map(|x| f64::from(x) / 8.0), 3..9), 2..6)
        .prop_filter("spread in every group", |groups| groups.iter().all(|group| group.iter().any(|&x| x != group[0])))
}

proptest! {
    #[test]
    fn sums_of_squares_are_those_of_the_definition(groups in samples()) {
        let table = Anova.table(&slices(&groups)).unwrap();
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let squares = |values: &[f64]| values.iter().map(|x| (x - mean(values)).powi(2)).sum::<f64>();
        let all: Vec<f64> = groups.concat();
        assert_close(table.ss_within, groups.iter().map(|group| squares(group)).sum(), CLOSED_FORM, "within");
        assert_close(table.ss_between + table.ss_within, squares(&all), CLOSED_FORM, "total");
    }

    #[test]
    fn two_groups_are_students_t(groups in samples()) {
        let t = StudentT::default().run(&groups[0], &groups[1]).unwrap();
        let f = Anova.run(&[&groups[0], &groups[1]]).unwrap();
        prop_assert!((value(&f) - value(&t).powi(2)).abs() <= 1e-11 * value(&f).max(1.0));
        prop_assert!((f.p_value - t.p_value).abs() <= REFERENCE * t.p_value);
    }

    #[test]
    fn order_and_place_do_not_matter(groups in samples()) {
        let f = value(&Anova.run(&slices(&groups)).unwrap());
        let moved: Vec<Vec<f64>> =
            groups.iter().rev().map(|group| group.iter().rev().map(|x| 1e6 - 4.0 * x).collect()).collect();
        let again = value(&Anova.run(&slices(&moved)).unwrap());
        prop_assert!((again - f).abs() <= 1e-11 * f.max(1.0));
    }
}
