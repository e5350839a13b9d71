//! The exact Mann–Whitney test without ties, from three against four to where only its generating function reaches.

use proptest::prelude::*;
use restudy_stats::hypothesis::{MannWhitney, RankNullChoice};
use restudy_stats::{Alternative, TestError};

use crate::golden::{CLOSED_FORM, REFERENCE, assert_close, number, parse};

const RANK_TAILS: &str = include_str!("../../golden/rank_tails.json");

/// Two groups without ties, the first of which has so many pairs in its favour.
fn groups(m: usize, n: usize, mut u: usize) -> (Vec<f64>, Vec<f64>) {
    let second = (1..=n).map(|rank| rank as f64).collect();
    let mut first = Vec::new();
    for i in 0..m {
        let exceeded = u.min(n);
        u -= exceeded;
        // Between two members of the second group, each at a place of its own.
        first.push(exceeded as f64 + (i + 1) as f64 / (m + 1) as f64);
    }
    (first, second)
}

fn p(first: &[f64], second: &[f64], alternative: Alternative) -> Result<f64, TestError> {
    let test = MannWhitney { null: RankNullChoice::Exact, alternative, ..MannWhitney::default() };
    test.run(first, second).map(|result| result.p_value)
}

#[test]
fn by_hand() {
    // Of the 35 choices of 3 among 7 ranks those with U ≤ 2 are 1 + 1 + 2.
    let (first, second) = groups(3, 4, 2);
    assert_close(p(&first, &second, Alternative::Less).unwrap(), 4.0 / 35.0, CLOSED_FORM, "less");
    assert_close(p(&first, &second, Alternative::Greater).unwrap(), 33.0 / 35.0, CLOSED_FORM, "greater");
    assert_close(p(&first, &second, Alternative::TwoSided).unwrap(), 8.0 / 35.0, CLOSED_FORM, "two-sided");
    // One against many: U is uniform.
    let (first, second) = groups(1, 9999, 2499);
    assert_close(p(&first, &second, Alternative::Less).unwrap(), 0.25, CLOSED_FORM, "uniform");
}

#[test]
fn tails_are_those_of_whole_numbers() {
    for case in parse(RANK_TAILS)["mann_whitney"].as_array().unwrap() {
        let [m, n, u] = ["m", "n", "u"].map(|name| number(&case[name]) as usize);
        let expected = number(&case["p"]);
        let what = format!("{u} of {m} against {n}");
        let (first, second) = groups(m, n, u);
        assert_close(p(&first, &second, Alternative::Less).unwrap(), expected, CLOSED_FORM, &what);
        assert_close(p(&second, &first, Alternative::Greater).unwrap(), expected, CLOSED_FORM, &what);
        assert_close(p(&first, &second, Alternative::TwoSided).unwrap(), (2.0 * expected).min(1.0), CLOSED_FORM, &what);
    }
}

#[test]
fn comes_near_the_normal_where_that_is_good() {
    let (first, second) = groups(4000, 5000, 9_870_000);
    let normal = MannWhitney { null: RankNullChoice::Normal { continuity: true }, ..MannWhitney::default() };
    let approximate = normal.run(&first, &second).unwrap().p_value;
    assert_close(p(&first, &second, Alternative::TwoSided).unwrap(), approximate, 1e-3, "Edgeworth's terms are 1/n");
}

#[test]
fn too_large_is_said() {
    let (first, second) = groups(200_000, 200_000, 19_900_000_000);
    assert_eq!(p(&first, &second, Alternative::Less), Err(TestError::TooLargeForExact { n: 400_000 }));
}

proptest! {
    /// What is at most u and what is at least u + 1 are all there is, on both sides of where the method changes.
    #[test]
    fn tails_add_up(m in 1..120_usize, n in 1..120_usize, share in 0.0..1.0_f64) {
        let u = (share * (m * n) as f64) as usize;
        prop_assume!(u < m * n);
        let (first, second) = groups(m, n, u);
        let (more, _) = groups(m, n, u + 1);
        let sum = p(&first, &second, Alternative::Less).unwrap() + p(&more, &second, Alternative::Greater).unwrap();
        assert_close(sum, 1.0, CLOSED_FORM, "sum");
    }

    /// The last rank goes to one group or the other: P(m, n, U ≤ u) (m + n) = m P(m − 1, n, U ≤ u − n) + n P(m, n − 1, U ≤ u).
    #[test]
    fn obeys_the_recurrence(m in 60..90_usize, n in 70..100_usize, share in 0.3..0.7_f64) {
        let u = (share * (m * n) as f64) as usize;
        let tail = |m: usize, n: usize, u: usize| {
            let (first, second) = groups(m, n, u.min(m * n));
            p(&first, &second, Alternative::Less).unwrap()
        };
        let expected = (m as f64 * tail(m - 1, n, u - n) + n as f64 * tail(m, n - 1, u)) / (m + n) as f64;
        assert_close(tail(m, n, u), expected, REFERENCE, "recurrence");
    }
}
