use super::{Adjust, assert_adjustment, assert_golden, assert_no_weaker, assert_refusals, families};
use crate::golden::{CLOSED_FORM, assert_close};
use proptest::prelude::*;
use restudy_stats::multiplicity::{Hochberg, Hommel};

const ADJUST: Adjust = |p| Hommel.adjust(p);

#[test]
fn by_hand() {
    // Simes's p of the greatest one, two, three: 0.04, min(2 · 0.03, 0.04) = 0.04, min(3 · 0.025, 3 · 0.03 / 2, 0.04)
    // = 0.04. Every intersection with any of them has 0.04 at most, and the one of all three has it.
    let adjusted = ADJUST(&[Some(0.04), None, Some(0.03), Some(0.025)]).unwrap();
    for place in [0, 2, 3] {
        assert_close(adjusted.values[place].unwrap(), 0.04, CLOSED_FORM, "by hand");
    }
    assert_eq!(adjusted.size, 3);
}

#[test]
fn agrees_with_r() {
    assert_golden(ADJUST, |p, size| Hommel.adjust_in_family(p, size), "hommel");
}

#[test]
fn refuses_what_is_no_probability() {
    assert_refusals(ADJUST);
}

proptest! {
    /// The closed test, all 2^m intersections of it: a hypothesis has the greatest of Simes's p-values of the
    /// intersections that it belongs to.
    #[test]
    fn is_the_closed_test_of_simes(p in prop::collection::vec(prop_oneof![0.0..=1.0, 0.0..=0.1, (0..=10).prop_map(|k| f64::from(k) / 10.0)], 1..9)) {
        let adjusted = ADJUST(&p.iter().copied().map(Some).collect::<Vec<_>>()).unwrap();
        let mut greatest = vec![0.0_f64; p.len()];
        for subset in 1_u32..1 << p.len() {
            let members: Vec<usize> = (0..p.len()).filter(|&at| subset >> at & 1 == 1).collect();
            let mut sorted: Vec<f64> = members.iter().map(|&at| p[at]).collect();
            sorted.sort_by(f64::total_cmp);
            let size = sorted.len() as f64;
            let simes = sorted.iter().enumerate().map(|(below, p)| size * p / (below + 1) as f64).fold(1.0, f64::min);
            for at in members {
                greatest[at] = greatest[at].max(simes);
            }
        }
        for (obtained, expected) in adjusted.values.iter().zip(greatest) {
            assert_close(obtained.unwrap(), expected, CLOSED_FORM, "closed test");
        }
    }

    #[test]
    fn is_no_weaker_than_hochberg(p in families()) {
        assert_no_weaker(ADJUST, |p| Hochberg.adjust(p), &p);
    }

    #[test]
    fn is_an_adjustment(p in families()) {
        assert_adjustment(ADJUST, &p);
    }
}
