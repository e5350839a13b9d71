use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::multiplicity::{Adjusted, BenjaminiHochberg, BenjaminiYekutieli};

use crate::exact::assert_close;

// By hand. R's `p.adjust` is the conformance runner's reference.

#[test]
fn pays_for_dependence_with_the_harmonic_sum() {
    // c = 1 + 1/2 + 1/3 + 1/4 = 25/12, times 0.04, 0.04, 0.04, 0.2.
    let p = [0.01, 0.02, 0.03, 0.2].map(Some);
    let expected = [1.0 / 12.0, 1.0 / 12.0, 1.0 / 12.0, 5.0 / 12.0];
    for (adjusted, expected) in BenjaminiYekutieli.adjust(&p).unwrap().values.iter().zip(expected) {
        assert_close(adjusted.unwrap(), expected, 1e-15);
    }
}

#[test]
fn missing_values_stay_missing_and_out_of_the_family() {
    let adjusted = BenjaminiYekutieli.adjust(&[None, Some(0.5), None, Some(0.5)]).unwrap();
    assert_eq!((adjusted.values[0], adjusted.values[2], adjusted.size), (None, None, 2));
    assert_eq!(BenjaminiYekutieli.adjust(&[]).unwrap(), Adjusted { values: vec![], size: 0 });
    let adjusted = BenjaminiYekutieli.adjust(&[Some(0.5), Some(f64::NAN)]);
    assert!(matches!(adjusted, Err(TestError::NotAProbability { position: 1, .. })));
    let adjusted = BenjaminiYekutieli.adjust_in_family(&[Some(0.5), Some(0.5)], 1);
    assert_eq!(adjusted, Err(TestError::FamilyTooSmall { size: 1, found: 2 }));
}

// Definition and properties.

fn p_values() -> impl Strategy<Value = Vec<Option<f64>>> {
    prop::collection::vec(prop::option::weighted(0.8, 0.0..=1.0), 0..60)
}

proptest! {
    #[test]
    fn is_benjamini_and_hochbergs_times_the_harmonic_sum(p_values in p_values(), extra in 0..20_usize) {
        let size = p_values.iter().flatten().count() + extra;
        let harmonic: f64 = (1..=size).map(|j| 1.0 / j as f64).sum();
        let plain = BenjaminiHochberg.adjust_in_family(&p_values, size)?;
        let adjusted = BenjaminiYekutieli.adjust_in_family(&p_values, size)?;
        for (plain, adjusted) in plain.values.iter().flatten().zip(adjusted.values.iter().flatten()) {
            assert_close(*adjusted, f64::min(1.0, harmonic * plain), 1e-14);
        }
    }
}
