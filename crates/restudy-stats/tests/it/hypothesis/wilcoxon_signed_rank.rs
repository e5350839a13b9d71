use proptest::prelude::*;
use restudy_stats::hypothesis::{
    Procedure, RankNull, RankNullChoice, Remark, Statistic, TestResult, WilcoxonSignedRank, ZeroRule,
};
use restudy_stats::{Alternative, TestError};

use crate::golden::{CLOSED_FORM, REFERENCE, assert_close, cases, number, numbers, parse};

const EXACT: RankNullChoice = RankNullChoice::ExactGivenTies;

fn run(differences: &[f64], null: RankNullChoice, zeros: ZeroRule, alternative: Alternative) -> TestResult {
    WilcoxonSignedRank { null, zeros, alternative, ..WilcoxonSignedRank::default() }
        .run_on_differences(differences)
        .unwrap()
}

fn v_and_z(result: &TestResult) -> (f64, Option<f64>) {
    match result.statistic {
        Some(Statistic::V { value, z }) => (value, z),
        other => panic!("{other:?}"),
    }
}

#[test]
fn by_hand() {
    // Sizes 1, 2, 3 with signs +, −, +: V = 1 + 3 = 4. Of the eight choices of signs, {1,3}, {2,3} and {1,2,3} reach 4,
    // so that P(V ≥ 4) = 3/8 and the two-sided p is 3/4.
    let result = run(&[1.0, -2.0, 3.0], RankNullChoice::Auto, ZeroRule::Wilcoxon, Alternative::TwoSided);
    assert_eq!(v_and_z(&result), (4.0, None));
    assert_eq!(result.p_value, 0.75);
    assert_eq!(result.procedure, Procedure::WilcoxonSignedRank { null: RankNull::Exact, zeros: ZeroRule::Wilcoxon });
    assert_close(result.estimate.unwrap().value, (4.0 - 2.0) / 6.0, CLOSED_FORM, "rank-biserial correlation");

    // Sizes 1, 1, 2 have the ranks 1.5, 1.5, 3: V = 4.5 is reached by {1.5, 3} twice and {1.5, 1.5, 3}: 3/8.
    let result = run(&[1.0, -1.0, 2.0], EXACT, ZeroRule::Wilcoxon, Alternative::Greater);
    assert_eq!((v_and_z(&result).0, result.p_value), (4.5, 0.375));
    assert_eq!(result.remarks, [Remark::Ties]);
    assert_eq!(result.procedure.key(), "wilcoxon_signed_rank/exact_given_ties");

    // Pratt: a zero takes the rank 1, and 2, 3, 4 are left. V = 2 + 4 = 6 is reached by {2,4}, {3,4}, {2,3,4}.
    let result = run(&[0.0, 1.0, -2.0, 3.0], EXACT, ZeroRule::Pratt, Alternative::Greater);
    assert_eq!((v_and_z(&result).0, result.p_value), (6.0, 0.375));
    assert_eq!(result.remarks, [Remark::Zeros { count: 1 }]);
    assert_eq!(result.counts, [3]);
}

#[test]
fn reference() {
    let golden = parse(include_str!("../../golden/wilcoxon_signed_rank.json"));
    for case in cases(&golden) {
        let differences = numbers(&case["differences"]);
        for (name, zeros) in [("wilcoxon", ZeroRule::Wilcoxon), ("pratt", ZeroRule::Pratt)] {
            let expected = &case[name];
            let what = |key: &str| format!("{} {name} {key}", case["id"]);
            for (side, alternative) in
                [("two_sided", Alternative::TwoSided), ("less", Alternative::Less), ("greater", Alternative::Greater)]
            {
                let compare = |null, key: String| {
                    if let Some(p) = expected[&key].as_f64() {
                        let result = run(&differences, null, zeros, alternative);
                        assert_close(result.p_value, p, REFERENCE, &what(&key));
                        assert_eq!(v_and_z(&result).0, number(&expected["v"]), "{}", what("v"));
                        assert_eq!(result.counts, [number(&expected["n_used"]) as usize], "{}", what("n"));
                    }
                };
                compare(EXACT, format!("exact_{side}"));
                compare(RankNullChoice::Normal { continuity: false }, format!("normal_{side}"));
                compare(RankNullChoice::Normal { continuity: true }, format!("continuity_{side}"));
            }
            let plain = run(&differences, RankNullChoice::Normal { continuity: false }, zeros, Alternative::TwoSided);
            assert_close(v_and_z(&plain).1.unwrap(), number(&expected["z"]), CLOSED_FORM, &what("z"));
        }
    }
}

/// The rule of R up to 4.5.
#[test]
fn auto() {
    let null =
        |differences: &[f64]| match run(differences, RankNullChoice::Auto, ZeroRule::Wilcoxon, Alternative::TwoSided)
            .procedure
        {
            Procedure::WilcoxonSignedRank { null, .. } => null,
            other => panic!("{other:?}"),
        };
    let distinct = |n: u32| (1..=n).map(f64::from).collect::<Vec<_>>();
    assert_eq!(null(&distinct(49)), RankNull::Exact);
    assert_eq!(null(&distinct(50)), RankNull::Normal { continuity: true });
    assert_eq!(null(&[1.0, 2.0, -2.0]), RankNull::Normal { continuity: true });
    assert_eq!(null(&[0.0, 1.0, 2.0]), RankNull::Normal { continuity: true });
}

/// The definition itself: every choice of signs, made one by one.
#[test]
fn definition() {
    let samples: [&[f64]; 3] = [&[3.0, -1.0, 2.0, 2.0, -2.0, 7.0, 4.0, -4.0], &[0.0, 0.0, 1.0, -1.0, 5.0, 2.0], &[5.0]];
    for differences in samples {
        for zeros in [ZeroRule::Wilcoxon, ZeroRule::Pratt] {
            let kept = |d: &&f64| **d != 0.0 || zeros == ZeroRule::Pratt;
            let rank = |d: f64| {
                let pool: Vec<f64> = differences.iter().filter(kept).map(|x| x.abs()).collect();
                let below = pool.iter().filter(|&&x| x < d.abs()).count();
                let equal = pool.iter().filter(|&&x| x == d.abs()).count();
                below as f64 + (equal as f64 + 1.0) / 2.0
            };
            let ranks: Vec<f64> = differences.iter().filter(|&&d| d != 0.0).map(|&d| rank(d)).collect();
            let v: f64 = differences.iter().filter(|&&d| d > 0.0).map(|&d| rank(d)).sum();
            let choices = 1_u32 << ranks.len();
            let sum = |signs: u32| -> f64 {
                ranks.iter().enumerate().filter(|(i, _)| signs >> i & 1 == 1).map(|(_, rank)| rank).sum()
            };
            let share = |holds: &dyn Fn(f64) -> bool| {
                (0..choices).filter(|&signs| holds(sum(signs))).count() as f64 / f64::from(choices)
            };
            let p = |alternative| run(differences, EXACT, zeros, alternative).p_value;
            assert_close(p(Alternative::Less), share(&|sum| sum <= v), CLOSED_FORM, "less");
            assert_close(p(Alternative::Greater), share(&|sum| sum >= v), CLOSED_FORM, "greater");
        }
    }
}

/// All of n differences positive have the probability 2⁻ⁿ, to the end of the range.
#[test]
fn far_tail() {
    for n in [50_i32, 300, 1000] {
        let differences: Vec<f64> = (1..=n).map(f64::from).collect();
        let result = run(&differences, EXACT, ZeroRule::Wilcoxon, Alternative::Greater);
        assert_eq!(result.p_value, 2.0_f64.powi(-n));
    }
}

/// Decimal differences are tied when they are told how many decimals they have.
#[test]
fn decimals() {
    let (first, second) = ([0.3, 0.2, 0.5], [0.1, 0.0, 0.9]);
    let remarks = |decimals| {
        WilcoxonSignedRank { decimals, ..WilcoxonSignedRank::default() }.run(&first, &second).unwrap().remarks
    };
    assert_eq!(remarks(None), []);
    assert_eq!(remarks(Some(1)), [Remark::Ties]);
}

#[test]
fn refusals() {
    let run = |null, differences: &[f64]| {
        WilcoxonSignedRank { null, ..WilcoxonSignedRank::default() }.run_on_differences(differences)
    };
    assert_eq!(run(EXACT, &[0.0, 0.0]), Err(TestError::NothingDiffers));
    assert_eq!(run(EXACT, &[]), Err(TestError::NothingDiffers));
    assert_eq!(run(EXACT, &[1.0, f64::NAN]), Err(TestError::NotFinite { group: 0, position: 1 }));
    assert_eq!(run(RankNullChoice::Exact, &[1.0, -1.0]), Err(TestError::Tied));
    let many: Vec<f64> = (1..=1001).map(f64::from).collect();
    assert_eq!(run(EXACT, &many), Err(TestError::TooLargeForExact { n: 1001 }));
    let unpaired = WilcoxonSignedRank::default().run(&[1.0], &[]);
    assert_eq!(unpaired, Err(TestError::UnequalLengths { first: 1, second: 0 }));
}

proptest! {
    #[test]
    fn negation_exchanges_the_tails(
        differences in prop::collection::vec(-8_i32..9, 1..40),
        pratt: bool, scale in 0.1_f64..10.0,
    ) {
        let differences: Vec<f64> = differences.into_iter().map(f64::from).collect();
        prop_assume!(differences.iter().any(|&d| d != 0.0));
        let zeros = if pratt { ZeroRule::Pratt } else { ZeroRule::Wilcoxon };
        let negated: Vec<f64> = differences.iter().map(|d| -d).collect();
        let scaled: Vec<f64> = differences.iter().rev().map(|d| d * scale).collect();
        for null in [EXACT, RankNullChoice::Normal { continuity: true }, RankNullChoice::Normal { continuity: false }] {
            let less = run(&differences, null, zeros, Alternative::Less).p_value;
            prop_assert_eq!(less, run(&negated, null, zeros, Alternative::Greater).p_value);
            prop_assert_eq!(less, run(&scaled, null, zeros, Alternative::Less).p_value);
            prop_assert!((0.0..=1.0).contains(&run(&differences, null, zeros, Alternative::TwoSided).p_value));
        }
    }
}
