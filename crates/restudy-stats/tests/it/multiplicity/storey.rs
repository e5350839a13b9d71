use super::{GOLDEN, assert_same, families};
use crate::golden::{CLOSED_FORM, assert_close, cases, number, options, parse};
use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::multiplicity::{BenjaminiYekutieli, NullShare, Storey};

fn fixed(share: f64) -> Storey {
    Storey { null_share: NullShare::Fixed { share } }
}

fn above(lambda: f64) -> Storey {
    Storey { null_share: NullShare::Above { lambda } }
}

#[test]
fn by_hand() {
    // Four there, one of them at 0.5 or above: π₀ = 1 / (4 · 0.5). From the greatest down: 0.5 · 0.9, 0.5 · 4/3 · 0.09,
    // 0.5 · 4/2 · 0.05, 0.5 · 4/1 · 0.04 held at 0.05.
    let q = above(0.5).adjust(&[Some(0.04), Some(0.9), None, Some(0.05), Some(0.09)]).unwrap();
    assert_eq!((q.null_share, q.size, q.values[2]), (0.5, 4, None));
    for (place, expected) in [(0, 0.05), (1, 0.45), (3, 0.05), (4, 0.06)] {
        assert_close(q.values[place].unwrap(), expected, CLOSED_FORM, "by hand");
    }
}

#[test]
fn agrees_with_the_definition_in_r() {
    for case in cases(&parse(GOLDEN)) {
        let p = options(&case["p"]);
        for (storey, kind) in [(above(0.5), "half"), (Storey::default(), "bootstrap")] {
            let what = format!("{kind} of {}", case["name"]);
            let share = number(&case[format!("pi0_{kind}")]);
            match storey.adjust(&p) {
                Ok(q) => {
                    assert_close(q.null_share, share, CLOSED_FORM, &what);
                    assert_same(&q.values, &options(&case[format!("q_{kind}")]), CLOSED_FORM, &what);
                }
                Err(error) => assert_eq!((error, share), (TestError::NotANullShare { share: 0.0 }, 0.0), "{what}"),
            }
        }
    }
}

#[test]
fn refuses_shares_that_cannot_be() {
    let p = [Some(0.1), Some(0.2)];
    for lambda in [-0.1, 1.0] {
        assert_eq!(above(lambda).adjust(&p), Err(TestError::NotALambda { lambda }));
    }
    assert!(matches!(above(f64::NAN).adjust(&p), Err(TestError::NotALambda { .. })));
    for share in [0.0, -1.0, 1.5] {
        assert_eq!(fixed(share).adjust(&p), Err(TestError::NotANullShare { share }));
    }
    assert_eq!(above(0.5).adjust(&p), Err(TestError::NotANullShare { share: 0.0 }));
    assert_eq!(Storey::default().adjust(&[Some(2.0)]), Err(TestError::NotAProbability { position: 0, p: 2.0 }));
    assert_eq!(Storey::default().adjust(&[None]).unwrap().values, [None]);
}

proptest! {
    /// A q-value is the least estimated false discovery rate π₀ m t / #{p ≤ t} over thresholds t that reject the test.
    #[test]
    fn is_the_least_rate_that_rejects(p in families(), lambda in 0.0..0.9_f64) {
        let Ok(q) = above(lambda).adjust(&p) else { return Ok(()) };
        let present: Vec<f64> = p.iter().flatten().copied().collect();
        for (p, q_value) in p.iter().zip(&q.values) {
            let Some(p) = p else { prop_assert_eq!(*q_value, None); continue };
            let rate = |t: f64| {
                q.null_share * present.len() as f64 * t / present.iter().filter(|&&other| other <= t).count() as f64
            };
            let least = present.iter().copied().filter(|t| t >= p).map(rate).fold(f64::INFINITY, f64::min);
            assert_close(q_value.unwrap(), least, CLOSED_FORM, "least rate");
        }
    }

    /// With every null true the q-values are Benjamini and Hochberg's, which are Benjamini and Yekutieli's over c(m).
    #[test]
    fn without_false_nulls_it_is_benjamini_hochberg(p in families()) {
        let q = fixed(1.0).adjust(&p).unwrap();
        let harmonic: f64 = (1..=q.size).map(|rank| 1.0 / rank as f64).sum();
        let by = BenjaminiYekutieli.adjust(&p).unwrap();
        for (q, by) in q.values.iter().flatten().zip(by.values.iter().flatten()) {
            if *by < 1.0 {
                assert_close(q * harmonic, *by, CLOSED_FORM, "c(m) q");
            }
        }
    }

    #[test]
    fn scales_with_the_share(p in families(), share in 0.01..1.0_f64) {
        let (whole, part) = (fixed(1.0).adjust(&p).unwrap(), fixed(share).adjust(&p).unwrap());
        let scaled: Vec<Option<f64>> = whole.values.iter().map(|q| q.map(|q| share * q)).collect();
        assert_same(&part.values, &scaled, CLOSED_FORM, "share");
    }
}
