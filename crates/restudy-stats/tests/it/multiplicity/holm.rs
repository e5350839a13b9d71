use super::{Adjust, assert_adjustment, assert_golden, assert_no_weaker, assert_refusals, assert_rejects, families};
use crate::golden::{CLOSED_FORM, assert_close};
use proptest::prelude::*;
use restudy_stats::multiplicity::{Bonferroni, Holm};

const ADJUST: Adjust = |p| Holm.adjust(p);

#[test]
fn by_hand() {
    // Sorted: 0.01 · 4, 0.02 · 3, then 0.022 · 2 = 0.044 is held at 0.06, and 0.5 · 1.
    let adjusted = ADJUST(&[Some(0.5), Some(0.02), None, Some(0.01), Some(0.022)]).unwrap();
    for (place, expected) in [(0, 0.5), (1, 0.06), (3, 0.04), (4, 0.06)] {
        assert_close(adjusted.values[place].unwrap(), expected, CLOSED_FORM, "by hand");
    }
    assert_eq!(adjusted.size, 4);
}

#[test]
fn agrees_with_r() {
    assert_golden(ADJUST, |p, size| Holm.adjust_in_family(p, size), "holm");
}

#[test]
fn refuses_what_is_no_probability() {
    assert_refusals(ADJUST);
}

proptest! {
    #[test]
    fn rejects_until_the_first_that_stands(p in families(), alpha in 0.001..0.999_f64) {
        assert_rejects(ADJUST, &p, alpha, |sorted| {
            let m = sorted.len();
            (0..m).find(|&below| sorted[below] > alpha / (m - below) as f64).unwrap_or(m)
        });
    }

    #[test]
    fn is_no_weaker_than_bonferroni(p in families()) {
        assert_no_weaker(ADJUST, |p| Bonferroni.adjust(p), &p);
    }

    #[test]
    fn is_an_adjustment(p in families()) {
        assert_adjustment(ADJUST, &p);
    }
}
