use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::multiplicity::{Adjusted, BenjaminiHochberg};
use serde_json::Value;

use crate::exact::{assert_close, count, number, rows};

// By hand.

#[test]
fn equal_steps_end_equal() {
    // 5 · 0.01/1 = 5 · 0.02/2 = … = 0.05.
    let adjusted = BenjaminiHochberg.adjust(&[0.01, 0.02, 0.03, 0.04, 0.05].map(Some)).unwrap();
    assert_eq!(adjusted.size, 5);
    for p in adjusted.values {
        assert_close(p.unwrap(), 0.05, 1e-15);
    }
}

#[test]
fn missing_values_stay_missing_and_out_of_the_family() {
    let adjusted = BenjaminiHochberg.adjust(&[None, Some(0.5), None, Some(0.02)]).unwrap();
    assert_eq!(adjusted, Adjusted { values: vec![None, Some(0.5), None, Some(0.04)], size: 2 });
    assert_eq!(BenjaminiHochberg.adjust(&[]).unwrap(), Adjusted { values: vec![], size: 0 });
}

#[test]
fn a_family_may_be_larger_than_what_was_printed() {
    // R: p.adjust(c(0.02, 0.5), "BH", n = 10)
    let adjusted = BenjaminiHochberg.adjust_in_family(&[Some(0.02), Some(0.5)], 10).unwrap();
    assert_eq!(adjusted, Adjusted { values: vec![Some(0.2), Some(1.0)], size: 10 });
    let too_small = BenjaminiHochberg.adjust_in_family(&[Some(0.02), Some(0.5)], 1);
    assert_eq!(too_small, Err(TestError::FamilyTooSmall { size: 1, found: 2 }));
}

#[test]
fn a_p_value_outside_its_range_is_named() {
    let adjust = |p| BenjaminiHochberg.adjust(&[Some(0.5), None, Some(p)]);
    assert_eq!(adjust(1.5), Err(TestError::NotAProbability { position: 2, p: 1.5 }));
    assert_eq!(adjust(-0.0), BenjaminiHochberg.adjust(&[Some(0.5), None, Some(0.0)]));
    assert!(matches!(adjust(f64::NAN), Err(TestError::NotAProbability { position: 2, .. })));
}

// Reference.

#[test]
fn agrees_with_exact_arithmetic() {
    for row in rows("benjamini_hochberg") {
        let p: Vec<Option<f64>> = row["p"].as_array().unwrap().iter().map(Value::as_f64).collect();
        let adjusted = BenjaminiHochberg.adjust_in_family(&p, count(&row["size"]) as usize).unwrap();
        let expected = row["adjusted"].as_array().unwrap();
        assert_eq!(adjusted.values.len(), expected.len());
        for (obtained, expected) in adjusted.values.iter().zip(expected) {
            match obtained {
                Some(obtained) => assert_close(*obtained, number(expected), 1e-15),
                None => assert!(expected.is_null()),
            }
        }
    }
}

// Definition and properties.

fn p_values() -> impl Strategy<Value = Vec<Option<f64>>> {
    prop::collection::vec(prop::option::weighted(0.8, 0.0..=1.0), 0..60)
}

proptest! {
    #[test]
    fn is_the_least_rate_at_which_the_step_up_rule_rejects(p_values in p_values(), extra in 0..20_usize) {
        let present: Vec<f64> = p_values.iter().flatten().copied().collect();
        let size = present.len() + extra;
        let adjusted = BenjaminiHochberg.adjust_in_family(&p_values, size)?;
        // Reject the k smallest for the largest k with p₍ₖ₎ ≤ k q / m.
        let rejected = |q: f64| {
            let mut sorted = present.clone();
            sorted.sort_by(f64::total_cmp);
            let holds = |k: usize| sorted[k - 1] <= k as f64 * q / size as f64;
            (1..=sorted.len()).rev().find(|&k| holds(k)).map_or(f64::NEG_INFINITY, |k| sorted[k - 1])
        };
        for (p, adjusted) in p_values.iter().zip(&adjusted.values) {
            if let (Some(p), Some(q)) = (p, adjusted) {
                prop_assert!(*q == 1.0 || *p <= rejected(q * (1.0 + 1e-12)));
                prop_assert!(*p > rejected(q * (1.0 - 1e-12)) || *q == 0.0);
            }
        }
    }

    #[test]
    fn keeps_the_order_and_never_falls(p_values in p_values()) {
        let adjusted = BenjaminiHochberg.adjust(&p_values)?;
        prop_assert_eq!(adjusted.size, p_values.iter().flatten().count());
        let pairs: Vec<(&f64, &f64)> = p_values.iter().flatten().zip(adjusted.values.iter().flatten()).collect();
        for &(p, q) in &pairs {
            prop_assert!(p <= q && *q <= 1.0);
            prop_assert!(pairs.iter().all(|&(other, other_q)| other < p || other_q >= q));
        }
        let missing = |values: &[Option<f64>]| values.iter().map(Option::is_none).collect::<Vec<_>>();
        prop_assert_eq!(missing(&p_values), missing(&adjusted.values));
    }

    #[test]
    fn permuting_permutes(p_values in p_values()) {
        let mut adjusted = BenjaminiHochberg.adjust(&p_values)?.values;
        adjusted.reverse();
        let reversed: Vec<_> = p_values.into_iter().rev().collect();
        prop_assert_eq!(BenjaminiHochberg.adjust(&reversed)?.values, adjusted);
    }
}
