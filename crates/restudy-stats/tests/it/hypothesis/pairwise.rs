use proptest::prelude::*;
use restudy_stats::hypothesis::{
    Adjustment, PairTest, Pairwise, Procedure, RankNullChoice, Statistic, StudentT, WelchT,
};
use restudy_stats::{Level, TestError};

use super::anova::samples;
use super::groups::{self, slices, value};
use crate::golden::{CLOSED_FORM, REFERENCE, assert_close};

#[test]
fn by_hand() {
    // Pooled variance 1 with 6 degrees of freedom, three values a group: t = difference / √(2/3).
    let groups: [&[f64]; 3] = [&[1.0, 2.0, 3.0], &[3.0, 4.0, 5.0], &[8.0, 9.0, 10.0]];
    let pairs = Pairwise { adjustment: Adjustment::Bonferroni, ..Pairwise::default() }.run(&groups).unwrap();
    let places: Vec<_> = pairs.iter().map(|pair| (pair.first, pair.second)).collect();
    assert_eq!(places, [(0, 1), (0, 2), (1, 2)]);
    for (pair, difference) in pairs.iter().zip([-2.0, -7.0, -5.0]) {
        let Some(Statistic::T { value, df }) = pair.result.statistic else { panic!("no t") };
        assert_close(value, difference / (2.0_f64 / 3.0).sqrt(), CLOSED_FORM, "t");
        assert_eq!((df, pair.result.procedure), (6.0, Procedure::PairwiseT));
        assert_close(pair.p_adjusted, (3.0 * pair.result.p_value).min(1.0), CLOSED_FORM, "Bonferroni");
    }
}

#[test]
fn agrees_with_r() {
    let rank = PairTest::MannWhitney { null: RankNullChoice::Auto };
    let settings = [
        ("pairs_pooled_none", PairTest::PooledT, Adjustment::None),
        ("pairs_pooled_holm", PairTest::PooledT, Adjustment::Holm),
        ("pairs_welch_bh", PairTest::WelchT, Adjustment::BenjaminiHochberg),
        ("pairs_mann_whitney_bonferroni", rank, Adjustment::Bonferroni),
    ];
    for case in groups::all() {
        for (name, test, adjustment) in settings {
            let pairs = Pairwise { test, adjustment, level: Level::NINETY_FIVE }.run(&slices(&case.groups())).unwrap();
            // R lists the lower triangle by columns: the order of the pairs here.
            let mut obtained: Vec<f64> = pairs.iter().map(|pair| pair.p_adjusted).collect();
            let mut expected = case.numbers(name);
            obtained.sort_by(f64::total_cmp);
            expected.sort_by(f64::total_cmp);
            assert_eq!(obtained.len(), expected.len());
            for (obtained, expected) in obtained.into_iter().zip(expected) {
                assert_close(obtained, expected, REFERENCE, &format!("{} {name}", case.id()));
            }
        }
    }
}

#[test]
fn names_the_group_at_fault() {
    let groups: [&[f64]; 3] = [&[1.0, 2.0, 3.0], &[3.0, 4.0, 5.0], &[8.0]];
    let run = |test| Pairwise { test, ..Pairwise::default() }.run(&groups).map(|pairs| pairs.len());
    assert_eq!(run(PairTest::WelchT), Err(TestError::TooFew { group: 2, found: 1, needed: 2 }));
    assert_eq!(run(PairTest::PooledT), Ok(3), "the pooled variance comes from the others");
    assert_eq!(Pairwise::default().run(&groups[..1]), Err(TestError::TooFewGroups { found: 1, needed: 2 }));
}

proptest! {
    #[test]
    fn two_groups_are_their_own_test(groups in samples()) {
        let two = [&groups[0][..], &groups[1][..]];
        let pooled = Pairwise::default().run(&two).unwrap();
        let student = StudentT::default().run(two[0], two[1]).unwrap();
        prop_assert!((value(&pooled[0].result) - value(&student)).abs() <= 1e-11 * value(&student).abs().max(1.0));
        assert_close(pooled[0].p_adjusted, student.p_value, REFERENCE, "one pair needs no adjustment");
        let welch = Pairwise { test: PairTest::WelchT, ..Pairwise::default() }.run(&two).unwrap();
        prop_assert_eq!(&welch[0].result, &WelchT::default().run(two[0], two[1]).unwrap());
    }
}
