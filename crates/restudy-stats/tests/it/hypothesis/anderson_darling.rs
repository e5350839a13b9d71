use restudy_stats::TestError;
use restudy_stats::dist::Normal;
use restudy_stats::hypothesis::{AndersonDarling, Procedure};

use super::groups::value;
use super::normality::samples;
use crate::golden::{REFERENCE, assert_close, number};

#[test]
fn agrees_with_statsmodels() {
    for (id, x, case) in samples() {
        let result = AndersonDarling.run(&x).unwrap();
        assert_close(value(&result), number(&case["a2"]), REFERENCE, &id);
        assert_close(result.p_value, number(&case["a2_p"]), REFERENCE, &id);
        assert_eq!((result.procedure, result.counts), (Procedure::AndersonDarling, vec![x.len()]));
    }
}

#[test]
fn is_the_integral_of_its_definition() {
    // A² = n ∫ (Fₙ − Φ)² / (Φ (1 − Φ)) dΦ, exactly integrable between the points uᵢ = Φ(zᵢ): with Fₙ = c on (a, b) it is
    // −(b − a) + c² ln(b/a) − (1 − c)² ln((1 − b)/(1 − a)).
    let (_, x, _) = samples().remove(0);
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n;
    let sd = (x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    let mut u: Vec<f64> = x.iter().map(|x| Normal.lower_tail((x - mean) / sd)).collect();
    u.sort_by(f64::total_cmp);
    let mut integral = -u[0] - (1.0 - u[0]).ln() + -(1.0 - u[u.len() - 1]) - u[u.len() - 1].ln();
    for (i, pair) in u.windows(2).enumerate() {
        let c = (i + 1) as f64 / n;
        let (a, b) = (pair[0], pair[1]);
        integral += -(b - a) + c * c * (b / a).ln() - (1.0 - c).powi(2) * ((1.0 - b) / (1.0 - a)).ln();
    }
    assert_close(value(&AndersonDarling.run(&x).unwrap()), n * integral, REFERENCE, "A²");
}

#[test]
fn by_hand() {
    // Four values at either end: s = √(8/7), z = ∓√(7/8). The weights 1 + 3 + 5 + 7 = 16 meet ln Φ(−z) twice, the
    // weights 9 + 11 + 13 + 15 = 48 meet ln Φ(z) twice.
    let z = (7.0_f64 / 8.0).sqrt();
    let (far, near) = (Normal.upper_tail(z).ln(), Normal.lower_tail(z).ln());
    let expected = -8.0 - (16.0 * 2.0 * far + 48.0 * 2.0 * near) / 8.0;
    let result = AndersonDarling.run(&[-1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0]).unwrap();
    assert_close(value(&result), expected, REFERENCE, "A²");
}

#[test]
fn refuses() {
    assert_eq!(AndersonDarling.run(&[1.0; 7]), Err(TestError::TooFew { group: 0, found: 7, needed: 8 }));
    assert_eq!(AndersonDarling.run(&[1.0; 9]), Err(TestError::NoSpread));
    // So far out that Φ is below the smallest double.
    let mut far = vec![0.0; 5000];
    far[0] = 1.0;
    assert!(value(&AndersonDarling.run(&far).unwrap()).is_finite());
}
