use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::descriptive::Moments;
use restudy_stats::hypothesis::{Bartlett, Procedure};

use super::anova::samples;
use super::groups::{self, slices, value};
use crate::golden::{CLOSED_FORM, REFERENCE, assert_close};

#[test]
fn by_hand() {
    // Variances 1 and 3 with 4 degrees of freedom each: (8 ln 2 − 4 ln 3) / (1 + (1/2 − 1/8)/3) = 4 ln(4/3) / 1.125.
    let moments = |sd| Moments { n: 5, mean: 0.0, sd };
    let result = Bartlett.run_on_moments(&[moments(1.0), moments(3.0_f64.sqrt())]).unwrap();
    assert_close(value(&result), 4.0 * (4.0_f64 / 3.0).ln() / 1.125, CLOSED_FORM, "K²");
    assert_eq!((result.procedure, result.counts), (Procedure::Bartlett, vec![5, 5]));
}

#[test]
fn agrees_with_r() {
    for case in groups::all() {
        let result = Bartlett.run(&slices(&case.groups())).unwrap();
        for (obtained, expected) in [value(&result), result.p_value].into_iter().zip(case.numbers("bartlett")) {
            assert_close(obtained, expected, REFERENCE, case.id());
        }
    }
}

#[test]
fn refuses() {
    let run = |groups: &[&[f64]]| Bartlett.run(groups).map(|result| result.p_value);
    assert_eq!(run(&[&[1.0, 2.0]]), Err(TestError::TooFewGroups { found: 1, needed: 2 }));
    assert_eq!(run(&[&[1.0, 2.0], &[2.0]]), Err(TestError::TooFew { group: 1, found: 1, needed: 2 }));
    assert_eq!(run(&[&[1.0, 2.0], &[2.0, 2.0]]), Err(TestError::NoSpread));
}

proptest! {
    #[test]
    fn is_the_formula_and_knows_no_unit(groups in samples()) {
        let df = |group: &Vec<f64>| group.len() as f64 - 1.0;
        let variance = |group: &Vec<f64>| Moments::of(group).unwrap().sd.powi(2);
        let total: f64 = groups.iter().map(df).sum();
        let pooled = groups.iter().map(|group| df(group) * variance(group)).sum::<f64>() / total;
        let numerator = total * pooled.ln() - groups.iter().map(|group| df(group) * variance(group).ln()).sum::<f64>();
        let inverses = groups.iter().map(|group| 1.0 / df(group)).sum::<f64>() - 1.0 / total;
        let expected = numerator / (1.0 + inverses / (3.0 * (groups.len() as f64 - 1.0)));
        let obtained = value(&Bartlett.run(&slices(&groups)).unwrap());
        // The formula as printed subtracts logarithms of up to 10, times up to 40 degrees of freedom.
        prop_assert!((obtained - expected).abs() <= 1e-12 * 400.0);
        let scaled: Vec<Vec<f64>> = groups.iter().rev().map(|group| group.iter().map(|x| 1e-3 * x).collect()).collect();
        prop_assert!((value(&Bartlett.run(&slices(&scaled)).unwrap()) - obtained).abs() <= 1e-11 * obtained.max(1.0));
    }
}
