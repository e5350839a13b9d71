use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::multiplicity::{Adjusted, Bonferroni, Holm};

use crate::exact::assert_close;

// By hand. R's `p.adjust` is the conformance runner's reference.

#[test]
fn the_smallest_pays_most() {
    // 4 · 0.01; 3 · 0.02; 2 · 0.03 = 0.06, no less than the one before; 1 · 0.2.
    let p = [0.2, 0.03, 0.01, 0.02].map(Some);
    for (adjusted, expected) in Holm.adjust(&p).unwrap().values.iter().zip([0.2, 0.06, 0.04, 0.06]) {
        assert_close(adjusted.unwrap(), expected, 1e-15);
    }
    // With six more that were not rejected: 10 · 0.01, 9 · 0.02, 8 · 0.03, 7 · 0.2.
    for (adjusted, expected) in Holm.adjust_in_family(&p, 10).unwrap().values.iter().zip([1.0, 0.24, 0.1, 0.18]) {
        assert_close(adjusted.unwrap(), expected, 1e-15);
    }
}

#[test]
fn missing_values_stay_missing_and_out_of_the_family() {
    let adjusted = Holm.adjust(&[None, Some(0.5), None, Some(0.5)]).unwrap();
    assert_eq!((adjusted.values[0], adjusted.values[2], adjusted.size), (None, None, 2));
    assert_eq!(Holm.adjust(&[]).unwrap(), Adjusted { values: vec![], size: 0 });
    let adjusted = Holm.adjust(&[Some(0.5), Some(f64::NAN)]);
    assert!(matches!(adjusted, Err(TestError::NotAProbability { position: 1, .. })));
    let adjusted = Holm.adjust_in_family(&[Some(0.5), Some(0.5)], 1);
    assert_eq!(adjusted, Err(TestError::FamilyTooSmall { size: 1, found: 2 }));
}

// Definition and properties.

fn p_values() -> impl Strategy<Value = Vec<Option<f64>>> {
    prop::collection::vec(prop::option::weighted(0.8, 0.0..=1.0), 0..60)
}

proptest! {
    #[test]
    fn is_the_least_rate_at_which_the_step_down_rule_rejects(p_values in p_values(), extra in 0..20_usize) {
        let present: Vec<f64> = p_values.iter().flatten().copied().collect();
        let size = present.len() + extra;
        let adjusted = Holm.adjust_in_family(&p_values, size)?;
        // Reject in order until the first p₍ₖ₎ > α / (m + 1 − k).
        let rejects = |p: f64, alpha: f64| {
            let mut sorted = present.clone();
            sorted.sort_by(f64::total_cmp);
            let stays = sorted.iter().enumerate().find(|(k, p)| **p * (size - k) as f64 > alpha);
            stays.is_none_or(|(_, first_kept)| p < *first_kept)
        };
        for (p, adjusted) in p_values.iter().zip(&adjusted.values) {
            if let (Some(p), Some(alpha)) = (p, adjusted) {
                prop_assert!(*alpha == 1.0 || rejects(*p, alpha * (1.0 + 1e-12)));
                prop_assert!(*alpha == 0.0 || !rejects(*p, alpha * (1.0 - 1e-12)));
            }
        }
    }

    #[test]
    fn is_never_above_bonferronis(p_values in p_values()) {
        let (holm, bonferroni) = (Holm.adjust(&p_values)?, Bonferroni.adjust(&p_values)?);
        for (holm, bonferroni) in holm.values.iter().flatten().zip(bonferroni.values.iter().flatten()) {
            prop_assert!(holm <= bonferroni);
        }
    }
}
