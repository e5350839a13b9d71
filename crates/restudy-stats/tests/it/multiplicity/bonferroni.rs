use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::multiplicity::{Adjusted, Bonferroni};

use crate::exact::assert_close;

// By hand. R's `p.adjust` is the conformance runner's reference.

#[test]
fn multiplies_by_the_size_of_the_family() {
    let p = [0.01, 0.02, 0.03, 0.2].map(Some);
    for (adjusted, expected) in Bonferroni.adjust(&p).unwrap().values.iter().zip([0.04, 0.08, 0.12, 0.8]) {
        assert_close(adjusted.unwrap(), expected, 1e-15);
    }
    for (adjusted, expected) in Bonferroni.adjust_in_family(&p, 10).unwrap().values.iter().zip([0.1, 0.2, 0.3, 1.0]) {
        assert_close(adjusted.unwrap(), expected, 1e-15);
    }
}

#[test]
fn missing_values_stay_missing_and_out_of_the_family() {
    let adjusted = Bonferroni.adjust(&[None, Some(0.5), None, Some(0.5)]).unwrap();
    assert_eq!((adjusted.values[0], adjusted.values[2], adjusted.size), (None, None, 2));
    assert_eq!(Bonferroni.adjust(&[]).unwrap(), Adjusted { values: vec![], size: 0 });
    let adjusted = Bonferroni.adjust(&[Some(0.5), Some(f64::NAN)]);
    assert!(matches!(adjusted, Err(TestError::NotAProbability { position: 1, .. })));
    let adjusted = Bonferroni.adjust_in_family(&[Some(0.5), Some(0.5)], 1);
    assert_eq!(adjusted, Err(TestError::FamilyTooSmall { size: 1, found: 2 }));
}

// Definition and properties.

fn p_values() -> impl Strategy<Value = Vec<Option<f64>>> {
    prop::collection::vec(prop::option::weighted(0.8, 0.0..=1.0), 0..60)
}

proptest! {
    #[test]
    fn permuting_permutes(p_values in p_values()) {
        let mut adjusted = Bonferroni.adjust(&p_values)?.values;
        adjusted.reverse();
        let reversed: Vec<_> = p_values.into_iter().rev().collect();
        prop_assert_eq!(Bonferroni.adjust(&reversed)?.values, adjusted);
    }
}
