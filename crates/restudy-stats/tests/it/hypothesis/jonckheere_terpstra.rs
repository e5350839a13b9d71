use proptest::prelude::*;
use restudy_stats::hypothesis::{
    JonckheereTerpstra, MannWhitney, Procedure, RankNull, RankNullChoice, Remark, Statistic, TrendRankNullChoice,
};
use restudy_stats::{Alternative, TestError};

use super::groups::{slices, value};
use super::kruskal_wallis::{each_assignment, small_samples};
use crate::golden::{CLOSED_FORM, REFERENCE, assert_close};

const SIDES: [Alternative; 3] = [Alternative::TwoSided, Alternative::Less, Alternative::Greater];

fn exact(alternative: Alternative) -> JonckheereTerpstra {
    JonckheereTerpstra { null: TrendRankNullChoice::Exact, alternative }
}

#[test]
fn by_hand() {
    // Three groups of two in perfect order: all 12 pairs ascend, one of 6!/(2!)³ = 90 assignments.
    let groups: [&[f64]; 3] = [&[1.0, 2.0], &[3.0, 4.0], &[5.0, 6.0]];
    let result = exact(Alternative::Greater).run(&groups).unwrap();
    assert_eq!(result.statistic, Some(Statistic::J { value: 12.0, z: None }));
    assert_eq!(result.procedure, Procedure::JonckheereTerpstra { null: RankNull::Exact });
    assert_close(result.p_value, 1.0 / 90.0, CLOSED_FORM, "greater");
    assert_close(exact(Alternative::TwoSided).run(&groups).unwrap().p_value, 2.0 / 90.0, CLOSED_FORM, "two-sided");
    assert_close(exact(Alternative::Less).run(&groups).unwrap().p_value, 1.0, CLOSED_FORM, "less");
    // E = (36 − 12)/4 = 6, σ² = (6·5·17 − 3·2·1·9)/72 = 456/72.
    let normal = JonckheereTerpstra::default().run(&groups).unwrap();
    let Some(Statistic::J { z: Some(z), .. }) = normal.statistic else { panic!("no z") };
    assert_close(z, 6.0 / (456.0_f64 / 72.0).sqrt(), CLOSED_FORM, "z");
}

#[test]
fn published_by_hollander_and_wolfe() {
    // Nonparametric Statistical Methods (1973), example 6.2: three groups of six, P(J ≥ 79) = .0231 without ties.
    let groups: [&[f64]; 3] =
        [&[1.0, 4.0, 5.0, 6.0, 9.0, 11.0], &[3.0, 8.0, 10.0, 12.0, 14.0, 16.0], &[2.0, 7.0, 13.0, 15.0, 17.0, 18.0]];
    let result = exact(Alternative::Greater).run(&groups).unwrap();
    assert_eq!((value(&result), format!("{:.4}", result.p_value)), (79.0, "0.0231".to_owned()));
    // The book's data, which have ties.
    let groups: [&[f64]; 3] = [
        &[40.0, 35.0, 38.0, 43.0, 44.0, 41.0],
        &[38.0, 40.0, 47.0, 44.0, 40.0, 42.0],
        &[48.0, 40.0, 45.0, 43.0, 46.0, 44.0],
    ];
    let result = exact(Alternative::Greater).run(&groups).unwrap();
    assert_eq!((value(&result), result.remarks), (79.0, vec![Remark::Ties]));
}

#[test]
fn refuses() {
    let run = |groups: &[&[f64]]| exact(Alternative::TwoSided).run(groups).map(|result| result.p_value);
    assert_eq!(run(&[&[1.0, 2.0]]), Err(TestError::TooFewGroups { found: 1, needed: 2 }));
    assert_eq!(run(&[&[2.0; 3], &[2.0; 2]]), Err(TestError::NoSpread));
    assert_eq!(run(&[&[1.0; 3], &[2.0, f64::NAN]]), Err(TestError::NotFinite { group: 1, position: 1 }));
}

/// J by its definition.
fn j(groups: &[Vec<f64>]) -> f64 {
    let mut j = 0.0;
    for (at, later) in groups.iter().enumerate() {
        for x in groups[..at].iter().flatten() {
            j += later
                .iter()
                .map(|y| {
                    if x < y {
                        1.0
                    } else if x == y {
                        0.5
                    } else {
                        0.0
                    }
                })
                .sum::<f64>();
        }
    }
    j
}

proptest! {
    #[test]
    fn statistic_mean_and_variance_are_those_of_all_assignments(groups in small_samples()) {
        let mut sizes: Vec<usize> = groups.iter().map(Vec::len).collect();
        let mut all = Vec::new();
        each_assignment(&groups.concat(), &mut sizes, &mut vec![Vec::new(); groups.len()], &mut |assigned| all.push(j(assigned)));
        let count = all.len() as f64;
        let mean = all.iter().sum::<f64>() / count;
        let variance = all.iter().map(|j| (j - mean).powi(2)).sum::<f64>() / count;
        let observed = j(&groups);
        let result = JonckheereTerpstra::default().run(&slices(&groups)).unwrap();
        let Some(Statistic::J { value, z: Some(z) }) = result.statistic else { panic!("no z") };
        prop_assert_eq!(value, observed);
        prop_assert!((z - (observed - mean) / variance.sqrt()).abs() <= 1e-10);
        let share = |chosen: &dyn Fn(f64) -> bool| all.iter().filter(|&&j| chosen(j)).count() as f64 / count;
        let far = (observed - mean).abs() - 1e-9;
        let expected = [share(&|j| (j - mean).abs() >= far), share(&|j| j <= observed), share(&|j| j >= observed)];
        for (side, expected) in SIDES.into_iter().zip(expected) {
            assert_close(exact(side).run(&slices(&groups)).unwrap().p_value, expected, CLOSED_FORM, "exact");
        }
    }

    #[test]
    fn two_groups_are_mann_whitney(first in prop::collection::vec(0..20, 3..15), second in prop::collection::vec(5..25, 3..15), continuity: bool) {
        let [first, second] = [first, second].map(|group: Vec<i32>| group.into_iter().map(f64::from).collect::<Vec<_>>());
        prop_assume!(first.iter().chain(&second).any(|&x| x != first[0]));
        for alternative in SIDES {
            for (null, ranks) in [
                (TrendRankNullChoice::Exact, RankNullChoice::ExactGivenTies),
                (TrendRankNullChoice::Normal { continuity }, RankNullChoice::Normal { continuity }),
            ] {
                let obtained = JonckheereTerpstra { null, alternative }.run(&[&first, &second]).unwrap().p_value;
                let expected = MannWhitney { null: ranks, alternative, ..MannWhitney::default() }.run(&second, &first).unwrap().p_value;
                assert_close(obtained, expected, REFERENCE, "Mann–Whitney");
            }
        }
    }

    #[test]
    fn the_other_way_round_is_the_other_side(groups in small_samples()) {
        let reversed: Vec<Vec<f64>> = groups.iter().rev().cloned().collect();
        let up = exact(Alternative::Greater).run(&slices(&groups)).unwrap().p_value;
        let down = exact(Alternative::Less).run(&slices(&reversed)).unwrap().p_value;
        assert_close(down, up, CLOSED_FORM, "mirror");
    }
}
