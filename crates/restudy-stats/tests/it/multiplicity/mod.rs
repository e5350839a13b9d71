//! One file a method, and what all of them share: the golden families of R, and how to compare with them.

mod benjamini_hochberg;
mod benjamini_yekutieli;
mod bonferroni;
mod hochberg;
mod holm;
mod hommel;
mod storey;

use crate::golden::{CLOSED_FORM, assert_close, cases, options, parse};
use proptest::{collection::vec, option, prelude::*};
use restudy_stats::{TestError, multiplicity::Adjusted};

const GOLDEN: &str = include_str!("../../golden/multiplicity.json");

type Adjust = fn(&[Option<f64>]) -> Result<Adjusted, TestError>;

/// p-values of every magnitude, ties, zeros and ones among them, some missing.
fn families() -> impl Strategy<Value = Vec<Option<f64>>> {
    let p = prop_oneof![4 => 0.0..=1.0, 2 => (0..=20).prop_map(|k| f64::from(k) / 20.0), 2 => (-300.0..0.0_f64).prop_map(|e| 10_f64.powf(e))];
    vec(option::weighted(0.8, p), 0..40)
}

#[track_caller]
fn assert_same(obtained: &[Option<f64>], expected: &[Option<f64>], tolerance: f64, what: &str) {
    assert_eq!(obtained.len(), expected.len(), "{what}");
    for (&obtained, &expected) in obtained.iter().zip(expected) {
        match (obtained, expected) {
            (Some(obtained), Some(expected)) => assert_close(obtained, expected, tolerance, what),
            (obtained, expected) => assert_eq!(obtained, expected, "{what}"),
        }
    }
}

type AdjustInFamily = fn(&[Option<f64>], usize) -> Result<Adjusted, TestError>;

fn assert_golden(adjust: Adjust, in_family: AdjustInFamily, method: &str) {
    for case in cases(&parse(GOLDEN)) {
        let p = options(&case["p"]);
        let adjusted = adjust(&p).unwrap();
        assert_eq!(adjusted.size, p.iter().flatten().count());
        let what = format!("{method} of {}", case["name"]);
        assert_same(&adjusted.values, &options(&case[method]), CLOSED_FORM, &what);
        let larger = in_family(&p, adjusted.size + 5).unwrap();
        assert_eq!(larger.size, adjusted.size + 5);
        assert_same(&larger.values, &options(&case[format!("{method}_in_larger")]), CLOSED_FORM, &what);
        assert_eq!(
            in_family(&p, adjusted.size - 1),
            Err(TestError::FamilyTooSmall { size: adjusted.size - 1, found: adjusted.size })
        );
    }
}

/// What holds for every adjustment: it answers in place, leaves the order of the p-values, never makes one smaller,
/// leaves a single one alone, and does not see what is missing.
fn assert_adjustment(adjust: Adjust, p: &[Option<f64>]) {
    let adjusted = adjust(p).unwrap();
    assert_eq!(adjusted.values.len(), p.len());
    assert_eq!(adjusted.size, p.iter().flatten().count());
    let mut pairs = Vec::new();
    for (&p, &adjusted) in p.iter().zip(&adjusted.values) {
        assert_eq!(p.is_some(), adjusted.is_some());
        pairs.extend(p.zip(adjusted));
    }
    pairs.sort_by(|a, b| a.partial_cmp(b).unwrap());
    for &(p, adjusted) in &pairs {
        // m · p / m may fall below p by a rounding.
        assert!(adjusted >= p * (1.0 - CLOSED_FORM) && adjusted <= 1.0, "{p} became {adjusted}");
    }
    assert!(pairs.is_sorted_by(|a, b| a.1 <= b.1), "{pairs:?}");
    assert!(pairs.windows(2).all(|pair| pair[0].0 < pair[1].0 || pair[0].1 == pair[1].1), "ties: {pairs:?}");
    let present: Vec<Option<f64>> = p.iter().copied().filter(Option::is_some).collect();
    let of_present: Vec<Option<f64>> = adjusted.values.iter().copied().filter(Option::is_some).collect();
    assert_eq!(adjust(&present).unwrap().values, of_present);
    let reversed: Vec<Option<f64>> = p.iter().rev().copied().collect();
    assert!(adjust(&reversed).unwrap().values.iter().rev().eq(&adjusted.values));
}

/// `stronger` never has the greater adjusted p-value.
fn assert_no_weaker(stronger: Adjust, weaker: Adjust, p: &[Option<f64>]) {
    let (stronger, weaker) = (stronger(p).unwrap(), weaker(p).unwrap());
    for (stronger, weaker) in stronger.values.iter().flatten().zip(weaker.values.iter().flatten()) {
        assert!(*stronger <= weaker * (1.0 + CLOSED_FORM), "{stronger} > {weaker}");
    }
}

fn assert_refusals(adjust: Adjust) {
    for p in [-0.1, 1.0 + f64::EPSILON, f64::NAN, f64::INFINITY] {
        let error = adjust(&[Some(0.5), None, Some(p)]).unwrap_err();
        assert!(matches!(error, TestError::NotAProbability { position: 2, .. }), "{error:?}");
    }
    assert_eq!(adjust(&[]).unwrap(), Adjusted { values: vec![], size: 0 });
    assert_eq!(adjust(&[None]).unwrap(), Adjusted { values: vec![None], size: 0 });
    assert_eq!(adjust(&[Some(0.3)]).unwrap(), Adjusted { values: vec![Some(0.3)], size: 1 });
}

/// The rejections at α by the definition of a procedure, on p-values sorted in ascending order, against those of the
/// adjusted p-values. Where an adjusted p is α up to rounding, either answer is right.
fn assert_rejects(adjust: Adjust, p: &[Option<f64>], alpha: f64, rejected: impl Fn(&[f64]) -> usize) {
    let mut pairs: Vec<(f64, f64)> =
        p.iter().zip(adjust(p).unwrap().values).filter_map(|(&p, adjusted)| p.zip(adjusted)).collect();
    pairs.sort_by(|a, b| a.partial_cmp(b).unwrap());
    let sorted: Vec<f64> = pairs.iter().map(|pair| pair.0).collect();
    let rejected = rejected(&sorted);
    for (rank, &(p, adjusted)) in pairs.iter().enumerate() {
        if (adjusted - alpha).abs() > CLOSED_FORM * alpha {
            assert_eq!(adjusted <= alpha, rank < rejected, "p {p}, adjusted {adjusted}, α {alpha}");
        }
    }
}
