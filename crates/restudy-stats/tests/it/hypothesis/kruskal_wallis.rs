use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::hypothesis::{
    GroupRankNull, GroupRankNullChoice, KruskalWallis, MannWhitney, Procedure, Quantity, RankNullChoice, Remark,
    Statistic,
};

use super::groups::{self, slices, value};
use crate::golden::{CLOSED_FORM, REFERENCE, assert_close};

const EXACT: KruskalWallis = KruskalWallis { null: GroupRankNullChoice::Exact };

#[test]
fn by_hand() {
    // Rank sums 6, 15, 24 of three groups of three: H = 12/90 (36 + 225 + 576)/3 − 30 = 7.2; χ² of 2 degrees of freedom
    // has the tail exp(−H/2). Only the 3! permutations of the groups lie as far apart, of 9!/(3!)³ = 1680 assignments.
    let groups: [&[f64]; 3] = [&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0], &[7.0, 8.0, 9.0]];
    let result = KruskalWallis::default().run(&groups).unwrap();
    assert_eq!(result.statistic, Some(Statistic::H { value: 7.2, df: 2.0 }));
    assert_close(result.p_value, (-3.6_f64).exp(), CLOSED_FORM, "χ²");
    assert_eq!(result.procedure, Procedure::KruskalWallis { null: GroupRankNull::ChiSquare });
    let estimate = result.estimate.unwrap();
    assert_eq!((estimate.quantity, estimate.value, result.remarks), (Quantity::RankEpsilonSquared, 0.9, vec![]));
    assert_close(EXACT.run(&groups).unwrap().p_value, 6.0 / 1680.0, CLOSED_FORM, "exact");
}

#[test]
fn published_by_kruskal_and_wallis() {
    // Their table 6.1 (1952): for three groups of three, H = 5.6000 is exceeded or reached with probability .050.
    let groups: [&[f64]; 3] = [&[1.0, 2.0, 6.0], &[3.0, 4.0, 5.0], &[7.0, 8.0, 9.0]];
    let result = EXACT.run(&groups).unwrap();
    assert_eq!(format!("{:.4} {:.3}", value(&result), result.p_value), "5.6000 0.050");
}

#[test]
fn agrees_with_r() {
    for case in groups::all() {
        let result = KruskalWallis::default().run(&slices(&case.groups())).unwrap();
        let statistic = result.statistic.unwrap();
        let obtained = [statistic.value(), statistic.df().unwrap(), result.p_value];
        for (obtained, expected) in obtained.into_iter().zip(case.numbers("kruskal")) {
            assert_close(obtained, expected, REFERENCE, case.id());
        }
    }
}

#[test]
fn says_what_it_did() {
    let tied: [&[f64]; 3] = [&[1.0, 2.0], &[2.0, 3.0], &[4.0, 5.0]];
    let result = EXACT.run(&tied).unwrap();
    assert_eq!((result.procedure.key(), result.remarks), ("kruskal_wallis/exact_given_ties", vec![Remark::Ties]));
}

#[test]
fn refuses() {
    let run = |groups: &[&[f64]]| EXACT.run(groups).map(|result| result.p_value);
    assert_eq!(run(&[&[1.0, 2.0]]), Err(TestError::TooFewGroups { found: 1, needed: 2 }));
    assert_eq!(run(&[&[1.0, 2.0], &[]]), Err(TestError::TooFew { group: 1, found: 0, needed: 1 }));
    assert_eq!(run(&[&[1.0], &[f64::INFINITY]]), Err(TestError::NotFinite { group: 1, position: 0 }));
    assert_eq!(run(&[&[2.0; 3], &[2.0; 2]]), Err(TestError::NoSpread));
    let many: Vec<Vec<f64>> = (0..6).map(|group| (0..30).map(|i| f64::from(6 * i + group)).collect()).collect();
    assert_eq!(run(&slices(&many)), Err(TestError::TooLargeForExact { n: 180 }));
}

/// All assignments of the values to groups of the same sizes.
pub(super) fn each_assignment(
    values: &[f64],
    sizes: &mut Vec<usize>,
    groups: &mut Vec<Vec<f64>>,
    see: &mut dyn FnMut(&[Vec<f64>]),
) {
    let Some((&first, rest)) = values.split_first() else { return see(groups) };
    for group in 0..sizes.len() {
        if groups[group].len() < sizes[group] {
            groups[group].push(first);
            each_assignment(rest, sizes, groups, see);
            groups[group].pop();
        }
    }
}

pub(super) fn small_samples() -> impl Strategy<Value = Vec<Vec<f64>>> {
    prop::collection::vec(prop::collection::vec((0..7).prop_map(f64::from), 1..4), 2..4)
        .prop_filter("not all equal", |groups| groups.iter().flatten().any(|&x| x != groups[0][0]))
}

proptest! {
    #[test]
    fn the_exact_tail_is_a_share_of_all_assignments(groups in small_samples()) {
        let observed = value(&KruskalWallis::default().run(&slices(&groups)).unwrap());
        let mut sizes: Vec<usize> = groups.iter().map(Vec::len).collect();
        let (mut all, mut as_far) = (0.0, 0.0);
        let mut empty = vec![Vec::new(); groups.len()];
        each_assignment(&groups.concat(), &mut sizes, &mut empty, &mut |assigned| {
            all += 1.0;
            if value(&KruskalWallis::default().run(&slices(assigned)).unwrap()) >= observed - 1e-9 {
                as_far += 1.0;
            }
        });
        assert_close(EXACT.run(&slices(&groups)).unwrap().p_value, as_far / all, CLOSED_FORM, "exact");
    }

    #[test]
    fn two_groups_are_mann_whitney(first in prop::collection::vec(0..30, 3..12), second in prop::collection::vec(10..40, 3..12)) {
        let [first, second] = [first, second].map(|group: Vec<i32>| group.into_iter().map(f64::from).collect::<Vec<_>>());
        prop_assume!(first.iter().chain(&second).any(|&x| x != first[0]));
        let exact = MannWhitney { null: RankNullChoice::ExactGivenTies, ..MannWhitney::default() };
        let normal = MannWhitney { null: RankNullChoice::Normal { continuity: false }, ..MannWhitney::default() };
        let expected = exact.run(&first, &second).unwrap().p_value;
        assert_close(EXACT.run(&[&first, &second]).unwrap().p_value, expected, REFERENCE, "exact");
        let expected = normal.run(&first, &second).unwrap().p_value;
        let obtained = KruskalWallis::default().run(&[&first, &second]).unwrap().p_value;
        assert_close(obtained, expected, REFERENCE, "normal");
    }

    #[test]
    fn only_ranks_matter(groups in small_samples()) {
        let p = EXACT.run(&slices(&groups)).unwrap();
        let bent: Vec<Vec<f64>> = groups.iter().rev().map(|group| group.iter().map(|x| -x.exp()).collect()).collect();
        let again = EXACT.run(&slices(&bent)).unwrap();
        assert_close(again.p_value, p.p_value, CLOSED_FORM, "p");
        prop_assert!((value(&again) - value(&p)).abs() <= 1e-12);
    }
}
