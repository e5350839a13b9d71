use restudy_stats::TestError;
use restudy_stats::dist::Normal;
use restudy_stats::hypothesis::{Lilliefors, Procedure};

use super::groups::value;
use super::normality::samples;
use crate::golden::{CLOSED_FORM, REFERENCE, assert_close, number};

#[test]
fn agrees_with_statsmodels() {
    for (id, x, case) in samples() {
        let result = Lilliefors.run(&x).unwrap();
        assert_close(value(&result), number(&case["d"]), REFERENCE, &id);
        if number(&case["d_p"]) < 0.1 {
            assert_close(result.p_value, number(&case["d_p"]), REFERENCE, &id);
        } else {
            // The formula of Dallal and Wilkinson no longer holds; what takes its place starts where it stops.
            assert!((0.1..=1.0).contains(&result.p_value), "{id}: {}", result.p_value);
        }
        assert_eq!((result.procedure, result.counts), (Procedure::Lilliefors, vec![x.len()]));
    }
}

#[test]
fn by_hand() {
    // Four values at either end: the steps at ∓z are from 0 to ½ and from ½ to 1, so D = ½ − Φ(−z) with z = √(7/8).
    let result = Lilliefors.run(&[-1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0]).unwrap();
    assert_close(value(&result), 0.5 - Normal.upper_tail((7.0_f64 / 8.0).sqrt()), CLOSED_FORM, "D");
}

#[test]
fn published_critical_values() {
    // Dallal and Wilkinson (1986), table 1: n = 20, upper 5 % point .192, 1 % point .223. A sample with D given: p is a
    // function of D and n alone, so the quantiles of a normal sample are moved until D is there.
    let p_at = |target: f64| {
        let (mut small, mut large) = (0.0, 40.0);
        let sample = |bend: f64| -> Vec<f64> {
            (1..=20)
                .map(|i| Normal.lower_quantile((f64::from(i) - 0.5) / 20.0))
                .map(|z| z + bend * z.max(0.0).powi(4))
                .collect()
        };
        for _ in 0..200 {
            let middle = (small + large) / 2.0;
            if value(&Lilliefors.run(&sample(middle)).unwrap()) < target { small = middle } else { large = middle }
        }
        Lilliefors.run(&sample(small)).unwrap().p_value
    };
    // 10 %: the table has three digits.
    assert_close(p_at(0.192), 0.05, 0.1, "5 %");
    assert_close(p_at(0.223), 0.01, 0.1, "1 %");
}

#[test]
fn refuses() {
    assert_eq!(Lilliefors.run(&[1.0; 4]), Err(TestError::TooFew { group: 0, found: 4, needed: 5 }));
    assert_eq!(Lilliefors.run(&[1.0; 9]), Err(TestError::NoSpread));
}
