use proptest::prelude::*;
use restudy_stats::survival::{Covariates, Cox, LogRank, LogRankWeight, SurvivalData, SurvivalError};

use super::{prepared, rows, unzip};
use crate::golden::{CLOSED_FORM, REFERENCE, assert_close};

const TIME: [f64; 10] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0];
const EVENT: [bool; 10] = [true, true, true, false, true, true, true, true, false, true];
const GROUP: [usize; 10] = [0, 0, 1, 0, 0, 1, 1, 0, 1, 1];

// By hand.

#[test]
fn three_patients_by_each_weight() {
    // Events at 1 (group 0 of 0, 1, 1) and 2 (group 1 of 1, 1): O − E of group 0 is w₁ (1 − 1/3), V is w₁² 2/9.
    let times = prepared(&[1.0, 2.0, 3.0], &[true, true, false]);
    for (weight, w) in [
        (LogRankWeight::LogRank, 1.0),
        (LogRankWeight::GehanBreslow, 3.0),
        (LogRankWeight::TaroneWare, 3.0_f64.sqrt()),
        (LogRankWeight::PetoPeto, 0.75),
        (LogRankWeight::FlemingHarrington { rho: 1.0, gamma: 0.0 }, 1.0),
    ] {
        let result = LogRank { weight }.run(&times, &[0, 1, 1]).unwrap();
        assert_close(result.observed[0] - result.expected[0], w * 2.0 / 3.0, CLOSED_FORM, "O − E");
        assert_close(result.variance[0], w * w * 2.0 / 9.0, CLOSED_FORM, "V");
        assert_close(result.chi_square, 2.0, CLOSED_FORM, "χ²");
        assert_eq!((result.df, result.counts.as_slice()), (1.0, &[1, 2][..]));
    }
}

// Reference.

#[test]
fn weights_as_in_lifelines() {
    // multivariate_logrank_test of lifelines 0.30.3: weightings "peto", "fleming-harrington" with p = 0.5 and q = 1.5, none.
    for (weight, expected) in [
        (LogRankWeight::PetoPeto, 1.628_848_063_555_113_7),
        (LogRankWeight::FlemingHarrington { rho: 0.5, gamma: 1.5 }, 0.665_258_162_808_081_3),
        (LogRankWeight::LogRank, 1.605_629_878_780_817_9),
    ] {
        let result = LogRank { weight }.run(&prepared(&TIME, &EVENT), &GROUP).unwrap();
        assert_close(result.chi_square, expected, REFERENCE, "χ²");
    }
}

// Definition.

#[test]
fn without_ties_it_is_the_score_test_of_cox() {
    // Late entry and strata included.
    let entry = [0.0, 0.5, 1.0, 3.5, 0.0, 2.5, 6.5, 1.5, 0.0, 4.0];
    for strata in [None, Some(&[0, 1, 0, 1, 0, 1, 0, 1, 0, 1][..])] {
        let times = SurvivalData { entry: Some(&entry), strata, ..SurvivalData::new(&TIME, &EVENT) }.prepare().unwrap();
        let x = GROUP.map(|group| group as f64);
        let fit = Cox::default().fit(&times, Covariates { names: &["group".to_owned()], values: &x }).unwrap();
        let result = LogRank::default().run(&times, &GROUP).unwrap();
        assert_close(result.chi_square, fit.score.chi_square, CLOSED_FORM, "χ²");
        assert_close(result.p_value, fit.score.p_value, REFERENCE, "p");
    }
}

#[test]
fn a_trend_over_two_groups_is_the_test_itself() {
    let result = LogRank::default().run(&prepared(&TIME, &EVENT), &GROUP).unwrap();
    let trend = result.trend(&[1.0, 2.0]).unwrap();
    assert_close(trend.chi_square, result.chi_square, CLOSED_FORM, "χ²");
    assert_close(trend.p_value, result.p_value, REFERENCE, "p");
    let moved = result.trend(&[1e6 + 30.0, 1e6 + 10.0]).unwrap();
    // A million is taken off again, with its rounding.
    assert_close(moved.z, -trend.z, 1e-9, "z");
    let (log_ratio, std_error) = result.peto_log_hazard_ratio(1).unwrap();
    assert_close((log_ratio / std_error).powi(2), result.chi_square, CLOSED_FORM, "Peto's");
}

// Properties.

proptest! {
    #[test]
    fn deviations_and_variances_cancel(rows in rows()) {
        let (time, event, group, _) = unzip(&rows);
        if let Ok(result) = LogRank::default().run(&prepared(&time, &event), &group) {
            let k = result.counts.len();
            let total: f64 = result.observed.iter().zip(&result.expected).map(|(o, e)| o - e).sum();
            prop_assert!(total.abs() < 1e-12);
            for row in result.variance.chunks_exact(k) {
                prop_assert!(row.iter().sum::<f64>().abs() < 1e-12);
            }
            prop_assert!((0.0..=1.0).contains(&result.p_value));
        }
    }

    #[test]
    fn it_sees_the_order_of_times_only(rows in rows()) {
        let (time, event, group, _) = unzip(&rows);
        let cubed: Vec<f64> = time.iter().map(|t| t * t * t).collect();
        let weight = LogRankWeight::PetoPeto;
        let (here, there) = (prepared(&time, &event), prepared(&cubed, &event));
        prop_assert_eq!(LogRank { weight }.run(&here, &group), LogRank { weight }.run(&there, &group));
    }
}

// Degenerate input.

#[test]
fn bad_input_is_named() {
    let run =
        |event: &[bool], group: &[usize]| LogRank::default().run(&prepared(&TIME[..4], event), group).unwrap_err();
    let all = [true; 4];
    assert_eq!(run(&all, &[0; 3]), SurvivalError::Length { column: "the group", found: 3, needed: 4 });
    assert_eq!(run(&all, &[0; 4]), SurvivalError::TooFewGroups { found: 1, needed: 2 });
    assert_eq!(run(&all, &[0, 2, 0, 2]), SurvivalError::EmptyGroup { group: 1 });
    assert_eq!(run(&all, &[0, usize::MAX, 0, 1]), SurvivalError::EmptyGroup { group: 2 });
    assert_eq!(run(&[false; 4], &[0, 1, 0, 1]), SurvivalError::NoEvents);
    // The only event comes when the second group has left.
    assert_eq!(run(&[false, false, true, false], &[1, 1, 0, 0]), SurvivalError::NothingToCompare);
    // All tied: everybody has the event at once.
    let tied = prepared(&[1.0; 4], &all);
    assert_eq!(LogRank::default().run(&tied, &[0, 1, 0, 1]), Err(SurvivalError::NothingToCompare));
    let weight = LogRankWeight::FlemingHarrington { rho: f64::NAN, gamma: 0.0 };
    let error = LogRank { weight }.run(&tied, &[0, 1, 0, 1]).unwrap_err();
    assert!(matches!(error, SurvivalError::NotAnExponent { .. }));
    let result = LogRank::default().run(&prepared(&TIME, &EVENT), &GROUP).unwrap();
    assert_eq!(result.trend(&[1.0, 1.0]), Err(SurvivalError::Scores));
    assert_eq!(result.trend(&[1.0, f64::NAN]), Err(SurvivalError::Scores));
}
