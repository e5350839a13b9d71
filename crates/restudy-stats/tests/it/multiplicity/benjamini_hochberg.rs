use super::{Adjust, assert_adjustment, assert_golden, assert_refusals, assert_rejects, families};
use crate::golden::{CLOSED_FORM, assert_close};
use proptest::prelude::*;
use restudy_stats::multiplicity::BenjaminiHochberg;

const ADJUST: Adjust = |p| BenjaminiHochberg.adjust(p);

#[test]
fn by_hand() {
    // From the greatest down: 3/3 · 0.6, 3/2 · 0.02 = 0.03, 3/1 · 0.015 held at 0.03.
    let adjusted = ADJUST(&[Some(0.02), Some(0.6), None, Some(0.015)]).unwrap();
    for (place, expected) in [(0, 0.03), (1, 0.6), (3, 0.03)] {
        assert_close(adjusted.values[place].unwrap(), expected, CLOSED_FORM, "by hand");
    }
    assert_eq!(adjusted.size, 3);
}

#[test]
fn agrees_with_r() {
    assert_golden(ADJUST, |p, size| BenjaminiHochberg.adjust_in_family(p, size), "BH");
}

#[test]
fn refuses_what_is_no_probability() {
    assert_refusals(ADJUST);
}

proptest! {
    #[test]
    fn rejects_up_to_the_last_below_its_line(p in families(), q in 0.001..0.999_f64) {
        assert_rejects(ADJUST, &p, q, |sorted| {
            let m = sorted.len();
            (0..m).rfind(|&below| sorted[below] <= (below + 1) as f64 * q / m as f64).map_or(0, |last| last + 1)
        });
    }

    #[test]
    fn is_an_adjustment(p in families()) {
        assert_adjustment(ADJUST, &p);
    }
}
