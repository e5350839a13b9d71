use super::{Adjust, assert_adjustment, assert_golden, assert_no_weaker, assert_refusals, assert_rejects, families};
use crate::golden::{CLOSED_FORM, assert_close};
use proptest::prelude::*;
use restudy_stats::multiplicity::{Hochberg, Holm};

const ADJUST: Adjust = |p| Hochberg.adjust(p);

#[test]
fn by_hand() {
    // From the greatest down: 0.5 · 1, 0.04 · 2 = 0.08, 0.035 · 3 = 0.105 is held at 0.08, 0.01 · 4.
    let adjusted = ADJUST(&[Some(0.04), Some(0.5), None, Some(0.01), Some(0.035)]).unwrap();
    for (place, expected) in [(0, 0.08), (1, 0.5), (3, 0.04), (4, 0.08)] {
        assert_close(adjusted.values[place].unwrap(), expected, CLOSED_FORM, "by hand");
    }
    assert_eq!(adjusted.size, 4);
}

#[test]
fn agrees_with_r() {
    assert_golden(ADJUST, |p, size| Hochberg.adjust_in_family(p, size), "hochberg");
}

#[test]
fn refuses_what_is_no_probability() {
    assert_refusals(ADJUST);
}

proptest! {
    #[test]
    fn rejects_up_to_the_last_that_falls(p in families(), alpha in 0.001..0.999_f64) {
        assert_rejects(ADJUST, &p, alpha, |sorted| {
            let m = sorted.len();
            (0..m).rfind(|&below| sorted[below] <= alpha / (m - below) as f64).map_or(0, |last| last + 1)
        });
    }

    #[test]
    fn is_no_weaker_than_holm(p in families()) {
        assert_no_weaker(ADJUST, |p| Holm.adjust(p), &p);
    }

    #[test]
    fn is_an_adjustment(p in families()) {
        assert_adjustment(ADJUST, &p);
    }
}
