use proptest::prelude::*;
use restudy_stats::dist::Normal;
use restudy_stats::hypothesis::{
    MannWhitney, Procedure, Quantity, RankNull, RankNullChoice, Remark, Statistic, TestResult, TwoSided,
};
use restudy_stats::{Alternative, TestError};

use crate::exact::{P_VALUE, STATISTIC, assert_close, number, numbers, rows};

const NORMAL: RankNullChoice = RankNullChoice::Normal { continuity: false };
const NORMAL_CONTINUITY: RankNullChoice = RankNullChoice::Normal { continuity: true };

fn with(null: RankNullChoice) -> MannWhitney {
    MannWhitney { null, ..MannWhitney::default() }
}

fn null_of(result: &TestResult) -> RankNull {
    let Procedure::MannWhitney { null, .. } = result.procedure else { panic!("not Mann-Whitney") };
    null
}

fn u_and_z(result: &TestResult) -> (f64, Option<f64>) {
    let Some(Statistic::U { value, z }) = result.statistic else { panic!("no U") };
    (value, z)
}

// By hand.

#[test]
fn three_against_two() {
    // U = 1 of 6; of the 10 assignments U is 0, 1, 2, 2, 3, 3, 4, 4, 5 and 6.
    let (first, second) = ([1.0, 2.0, 4.0], [3.0, 5.0]);
    let result = with(RankNullChoice::Exact).run(&first, &second).unwrap();
    assert_eq!(u_and_z(&result), (1.0, None));
    assert_close(result.p_value, 0.4, P_VALUE);
    assert_eq!(result.procedure.key(), "mann_whitney/exact");
    assert_eq!((&result.counts, result.remarks.len()), (&vec![3, 2], 0));
    let less = MannWhitney { alternative: Alternative::Less, ..with(RankNullChoice::Exact) };
    assert_close(less.run(&first, &second).unwrap().p_value, 0.2, P_VALUE);
    let greater = MannWhitney { alternative: Alternative::Greater, ..less };
    assert_close(greater.run(&first, &second).unwrap().p_value, 0.9, P_VALUE);
    // The mean is 3, the variance 6 · 6/12 = 3.
    let normal = with(NORMAL).run(&first, &second).unwrap();
    assert_close(u_and_z(&normal).1.unwrap(), -2.0 / 3.0_f64.sqrt(), STATISTIC);
    let corrected = with(NORMAL_CONTINUITY).run(&first, &second).unwrap();
    assert_close(u_and_z(&corrected).1.unwrap(), -1.5 / 3.0_f64.sqrt(), STATISTIC);
    assert_close(corrected.p_value, Normal.two_sided(1.5 / 3.0_f64.sqrt()), P_VALUE);
}

#[test]
fn ties_take_their_mid_ranks() {
    // Ranks 1, 3, 3 | 3, 5: sum 7 of the first group; the sums of three of {1, 3, 3, 3, 5} are 7 (3 of 10), 9 (4 of 10:
    // once 3 + 3 + 3, thrice 1 + 3 + 5) and 11 (3 of 10), around the mean 9.
    let (first, second) = ([1.0, 2.0, 2.0], [2.0, 3.0]);
    let result = with(RankNullChoice::ExactGivenTies).run(&first, &second).unwrap();
    assert_eq!((u_and_z(&result).0, null_of(&result)), (1.0, RankNull::ExactGivenTies));
    assert_close(result.p_value, 0.6, P_VALUE);
    assert_eq!(result.remarks, [Remark::Ties]);
    // Σ(t³ − t) = 24: σ² = 6/12 (6 − 24/20) = 2.4.
    let normal = with(NORMAL).run(&first, &second).unwrap();
    assert_close(u_and_z(&normal).1.unwrap(), -2.0 / 2.4_f64.sqrt(), STATISTIC);
    assert_eq!(with(RankNullChoice::Exact).run(&first, &second), Err(TestError::Tied));
}

#[test]
fn an_asymmetric_distribution_tells_the_rules_apart() {
    // Three of {1.5, 1.5, 3, 4}: sums 6, 7, 8.5, 8.5 with mean 7.5; 6 is 1.5 below it, as far as no other.
    let (first, second) = ([1.0, 1.0, 2.0], [3.0]);
    let run = |two_sided| {
        let test = MannWhitney { null: RankNullChoice::ExactGivenTies, two_sided, ..MannWhitney::default() };
        test.run(&first, &second).unwrap()
    };
    assert_close(run(TwoSided::AbsoluteDeviation).p_value, 0.25, P_VALUE);
    assert_close(run(TwoSided::Doubled).p_value, 0.5, P_VALUE);
    assert_eq!(run(TwoSided::Doubled).procedure.key(), "mann_whitney/exact_given_ties/doubled");
}

#[test]
fn auto_follows_its_rule() {
    let ascending = |n: usize, from: f64| (0..n).map(|i| from + i as f64).collect::<Vec<_>>();
    let null = |first: &[f64], second: &[f64]| null_of(&MannWhitney::default().run(first, second).unwrap());
    assert_eq!(null(&ascending(49, 0.0), &ascending(49, 0.5)), RankNull::Exact);
    assert_eq!(null(&ascending(50, 0.0), &ascending(5, 0.5)), RankNull::Normal { continuity: true });
    assert_eq!(null(&ascending(5, 0.0), &ascending(50, 0.5)), RankNull::Normal { continuity: true });
    assert_eq!(null(&ascending(5, 0.0), &ascending(5, 0.0)), RankNull::Normal { continuity: true });
    // Without ties there is nothing to be given.
    let result = with(RankNullChoice::ExactGivenTies).run(&[1.0, 2.0], &[3.0]).unwrap();
    assert_eq!(null_of(&result), RankNull::Exact);
}

#[test]
fn published() {
    // Hollander and Wolfe (1973), page 69, as on R's help page for wilcox.test.
    let term = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    let early = [1.15, 0.88, 0.90, 0.74, 1.21];
    let test = MannWhitney { alternative: Alternative::Greater, ..MannWhitney::default() };
    let result = test.run(&term, &early).unwrap();
    assert_eq!((u_and_z(&result).0, format!("{:.4}", result.p_value)), (35.0, "0.1272".to_owned()));
}

#[test]
fn bad_input_is_named() {
    let run = |first: &[f64], second: &[f64]| MannWhitney::default().run(first, second);
    assert_eq!(run(&[], &[1.0]), Err(TestError::TooFew { group: 0, found: 0, needed: 1 }));
    assert_eq!(run(&[1.0], &[]), Err(TestError::TooFew { group: 1, found: 0, needed: 1 }));
    assert_eq!(run(&[1.0], &[2.0, f64::NAN]), Err(TestError::NotFinite { group: 1, position: 1 }));
    assert_eq!(run(&[0.0, -0.0], &[0.0]), Err(TestError::NoSpread));
    // Every value four times, or three where the groups begin.
    let tied: Vec<f64> = (0..500).map(|rank| f64::from(rank / 2)).collect();
    let result = with(RankNullChoice::ExactGivenTies).run(&tied, &tied[1..]);
    assert_eq!(result, Err(TestError::TooLargeForExact { n: 999 }));
    let every = MannWhitney::default().run_under_every_null(&tied, &tied[1..]).unwrap();
    assert_eq!(every.len(), 2);
}

// Reference.

#[test]
fn agrees_with_counting_in_whole_numbers() {
    for row in rows("mann_whitney") {
        let (first, second) = (numbers(&row["first"]), numbers(&row["second"]));
        let run = |null, two_sided, alternative| {
            MannWhitney { null, two_sided, alternative, ..MannWhitney::default() }.run(&first, &second).unwrap()
        };
        let exact = |two_sided, alternative| run(RankNullChoice::ExactGivenTies, two_sided, alternative).p_value;
        let expected = |name: &str| number(&row["exact"][name]);
        let (as_far, doubled) = (TwoSided::AbsoluteDeviation, TwoSided::Doubled);
        assert_close(exact(as_far, Alternative::TwoSided), expected("absolute_deviation"), P_VALUE);
        assert_close(exact(doubled, Alternative::TwoSided), expected("doubled"), P_VALUE);
        assert_close(exact(as_far, Alternative::Less), expected("less"), P_VALUE);
        assert_close(exact(as_far, Alternative::Greater), expected("greater"), P_VALUE);
        for (null, z, p) in [(NORMAL, "z", "normal"), (NORMAL_CONTINUITY, "z_continuity", "normal_continuity")] {
            let result = run(null, as_far, Alternative::TwoSided);
            assert_eq!(u_and_z(&result).0, number(&row["u"]));
            assert_close(u_and_z(&result).1.unwrap(), number(&row[z]), STATISTIC);
            assert_close(result.p_value, number(&row[p]), P_VALUE);
            assert_eq!(result.remarks.contains(&Remark::Ties), row["tied"] == true);
        }
    }
}

#[test]
fn agrees_with_counting_in_whole_numbers_up_to_the_limit() {
    for row in rows("mann_whitney_large") {
        let first: Vec<f64> = (0..row["n"].as_u64().unwrap()).map(|i| i as f64).collect();
        let second: Vec<f64> = first.iter().map(|x| x + number(&row["shift"])).collect();
        let result = with(RankNullChoice::Exact).run(&first, &second).unwrap();
        assert_eq!(u_and_z(&result).0, number(&row["u"]));
        assert_close(result.p_value, number(&row["two_sided"]), P_VALUE);
    }
}

#[test]
fn delongs_interval() {
    // Placements of {2, 4, 4} in {1, 3, 4}: 1/3, 5/6, 5/6, mean 2/3, variance 1/12; of {1, 3, 4} the other way: 1, 2/3,
    // 1/3, variance 1/9. Standard error √(1/36 + 1/27) = √7/√108.
    let estimate = with(NORMAL).run(&[2.0, 4.0, 4.0], &[1.0, 3.0, 4.0]).unwrap().estimate.unwrap();
    assert_eq!(estimate.quantity, Quantity::ProbabilityOfSuperiority);
    assert_close(estimate.value, 2.0 / 3.0, STATISTIC);
    let std_error = (7.0_f64 / 108.0).sqrt();
    assert_close(estimate.std_error.unwrap(), std_error, STATISTIC);
    let interval = estimate.interval.unwrap();
    assert_close(interval.low, 2.0 / 3.0 - Normal.upper_quantile(0.025) * std_error, STATISTIC);
    assert_eq!(interval.high, 1.0);
}

// Definition.

/// Every assignment of the pooled values to the groups, as the list of U.
fn every_u(first: &[f64], second: &[f64]) -> Vec<f64> {
    let pooled = [first, second].concat();
    (0..1_u32 << pooled.len())
        .filter(|chosen| chosen.count_ones() as usize == first.len())
        .map(|chosen| {
            let in_first = |i: usize| chosen & (1 << i) != 0;
            let pairs = (0..pooled.len()).flat_map(|i| (0..pooled.len()).map(move |j| (i, j)));
            pairs
                .filter(|&(i, j)| in_first(i) && !in_first(j))
                .map(|(i, j)| if pooled[i] > pooled[j] { 1.0 } else { 0.5 * f64::from(pooled[i] == pooled[j]) })
                .sum()
        })
        .collect()
}

// Properties.

fn group() -> impl Strategy<Value = Vec<f64>> {
    prop_oneof![prop::collection::vec((0..8).prop_map(f64::from), 1..30), prop::collection::vec(-1.0..1.0, 1..30)]
}

proptest! {
    #[test]
    fn exact_tails_are_the_share_of_assignments(
        first in prop::collection::vec((0..5).prop_map(f64::from), 1..6),
        second in prop::collection::vec((0..5).prop_map(f64::from), 1..6),
    ) {
        prop_assume!(first.iter().chain(&second).any(|&x| x != first[0]));
        let every = every_u(&first, &second);
        let mean = (first.len() * second.len()) as f64 / 2.0;
        let exact = with(RankNullChoice::ExactGivenTies);
        let test = |alternative| MannWhitney { alternative, ..exact }.run(&first, &second);
        let u = u_and_z(&test(Alternative::TwoSided)?).0;
        let count = |chosen: &dyn Fn(f64) -> bool| every.iter().filter(|&&u| chosen(u)).count();
        let share = |chosen: &dyn Fn(f64) -> bool| count(chosen) as f64 / every.len() as f64;
        prop_assert!((test(Alternative::Less)?.p_value - share(&|x| x <= u)).abs() < 1e-14);
        prop_assert!((test(Alternative::Greater)?.p_value - share(&|x| x >= u)).abs() < 1e-14);
        let as_far = share(&|x| (x - mean).abs() >= (u - mean).abs());
        prop_assert!((test(Alternative::TwoSided)?.p_value - as_far).abs() < 1e-14);
    }

    #[test]
    fn swapped_groups_mirror(first in group(), second in group()) {
        prop_assume!(first.iter().chain(&second).any(|&x| x != first[0]));
        let pairs = (first.len() * second.len()) as f64;
        for two_sided in [TwoSided::AbsoluteDeviation, TwoSided::Doubled] {
            let test = MannWhitney { two_sided, ..MannWhitney::default() };
            let here = test.run_under_every_null(&first, &second)?;
            let there = test.run_under_every_null(&second, &first)?;
            for (here, there) in here.iter().zip(&there) {
                prop_assert!((here.p_value - there.p_value).abs() <= 1e-13 * here.p_value);
                prop_assert_eq!(u_and_z(here).0, pairs - u_and_z(there).0);
                prop_assert_eq!(here.procedure, there.procedure);
            }
        }
        for null in [RankNullChoice::ExactGivenTies, NORMAL, NORMAL_CONTINUITY] {
            let less = MannWhitney { alternative: Alternative::Less, ..with(null) }.run(&first, &second)?;
            let greater = MannWhitney { alternative: Alternative::Greater, ..with(null) }.run(&second, &first)?;
            prop_assert!((less.p_value - greater.p_value).abs() <= 1e-13 * less.p_value);
        }
    }

    #[test]
    fn only_the_order_counts(first in group(), second in group()) {
        prop_assume!(first.iter().chain(&second).any(|&x| x != first[0]));
        let stretched = |group: &[f64]| group.iter().rev().map(|x| 2.0 * x + 3.0).collect::<Vec<_>>();
        let here = MannWhitney::default().run_under_every_null(&first, &second)?;
        prop_assert_eq!(here, MannWhitney::default().run_under_every_null(&stretched(&first), &stretched(&second))?);
    }

    #[test]
    fn one_pass_gives_what_each_null_gives_alone(first in group(), second in group()) {
        prop_assume!(first.iter().chain(&second).any(|&x| x != first[0]));
        let every = MannWhitney::default().run_under_every_null(&first, &second)?;
        let alone: Result<Vec<_>, _> = [RankNullChoice::ExactGivenTies, NORMAL_CONTINUITY, NORMAL]
            .map(|null| with(null).run(&first, &second)).into_iter().collect();
        prop_assert_eq!(every, alone?);
    }

    #[test]
    fn any_finite_input_gives_a_p_value_or_a_refusal(
        first in prop::collection::vec(prop::num::f64::ANY, 0..6),
        second in prop::collection::vec(prop_oneof![prop::num::f64::ANY, Just(1.0)], 0..200),
        alternative in prop_oneof![Just(Alternative::TwoSided), Just(Alternative::Less), Just(Alternative::Greater)],
    ) {
        let test = MannWhitney { alternative, ..MannWhitney::default() };
        for result in test.run_under_every_null(&first, &second).unwrap_or_default() {
            prop_assert!((0.0..=1.0).contains(&result.p_value));
            let estimate = result.estimate.unwrap();
            prop_assert!((0.0..=1.0).contains(&estimate.value));
            prop_assert!(estimate.interval.is_none_or(|interval| 0.0 <= interval.low && interval.high <= 1.0));
        }
    }
}
