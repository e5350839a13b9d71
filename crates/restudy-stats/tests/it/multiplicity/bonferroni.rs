use super::{Adjust, assert_adjustment, assert_golden, assert_refusals, assert_rejects, families};
use crate::golden::{CLOSED_FORM, assert_close};
use proptest::prelude::*;
use restudy_stats::multiplicity::Bonferroni;

const ADJUST: Adjust = |p| Bonferroni.adjust(p);

#[test]
fn by_hand() {
    // Three of four there: each times 3, and 3 · 0.4 > 1.
    let adjusted = ADJUST(&[Some(0.01), None, Some(0.4), Some(0.125)]).unwrap();
    assert_close(adjusted.values[0].unwrap(), 0.03, CLOSED_FORM, "3 · 0.01");
    assert_eq!(adjusted.values[1..], [None, Some(1.0), Some(0.375)]);
    assert_eq!(adjusted.size, 3);
}

#[test]
fn agrees_with_r() {
    assert_golden(ADJUST, |p, size| Bonferroni.adjust_in_family(p, size), "bonferroni");
}

#[test]
fn refuses_what_is_no_probability() {
    assert_refusals(ADJUST);
}

proptest! {
    #[test]
    fn rejects_below_alpha_over_m(p in families(), alpha in 0.001..0.999_f64) {
        assert_rejects(ADJUST, &p, alpha, |sorted| sorted.iter().filter(|&&p| p <= alpha / sorted.len() as f64).count());
    }

    #[test]
    fn is_an_adjustment(p in families()) {
        assert_adjustment(ADJUST, &p);
    }
}
