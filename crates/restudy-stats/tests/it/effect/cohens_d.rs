use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::descriptive::Moments;
use restudy_stats::effect::{Bias, CohensD, CohensDInterval};
use restudy_stats::hypothesis::Quantity;
use serde_json::Value;

use super::limits;
use crate::golden::{CLOSED_FORM, REFERENCE, assert_close, cases, number, numbers, parse};

/// Golden limits of the noncentral t are roots of another program's tails.
const NONCENTRAL: f64 = 1e-9;

pub(super) fn moments(value: &Value) -> Moments {
    let values = numbers(value);
    Moments { n: values[0] as usize, mean: values[1], sd: values[2] }
}

#[test]
fn by_hand() {
    // 1, 2, 3 against 3, 4, 5: means 2 and 4, both variances 1, d = −2; J for 4 degrees of freedom is
    // Γ(2)/(√2 Γ(3/2)) = √(2/π).
    let run = |bias| CohensD { bias, ..CohensD::default() }.run(&[1.0, 2.0, 3.0], &[3.0, 4.0, 5.0]).unwrap();
    let (d, g) = (run(Bias::Uncorrected), run(Bias::Hedges));
    assert_eq!((d.estimate.quantity, g.estimate.quantity), (Quantity::CohensD, Quantity::HedgesG));
    assert_close(d.estimate.value, -2.0, CLOSED_FORM, "d");
    assert_close(g.estimate.value, -2.0 * std::f64::consts::FRAC_2_PI.sqrt(), CLOSED_FORM, "g");
    // 1/3 + 1/3 + 4/12 = 1.
    assert_close(d.estimate.std_error.unwrap(), 1.0, CLOSED_FORM, "se");
    assert_eq!(d.procedure.key(), "cohens_d/hedges_olkin");
    assert_eq!(g.procedure.key(), "hedges_g/hedges_olkin");
}

#[test]
fn reference() {
    let golden = parse(include_str!("../../golden/standardized_mean_difference.json"));
    for case in cases(&golden) {
        let (first, second) = (moments(&case["first"]), moments(&case["second"]));
        let what = |key: &str| format!("{} {} {key}", case["first"], case["second"]);
        let run =
            |bias, interval| CohensD { bias, interval, ..CohensD::default() }.run_on_moments(first, second).unwrap();
        for (key, bias) in [("d", Bias::Uncorrected), ("g", Bias::Hedges)] {
            let effect = run(bias, CohensDInterval::HedgesOlkin);
            let std_error = number(&case[format!("{key}_std_error")]);
            assert_close(effect.estimate.value, number(&case[key]), CLOSED_FORM, &what(key));
            assert_close(effect.estimate.std_error.unwrap(), std_error, CLOSED_FORM, &what("se"));
            let expected = numbers(&case[format!("{key}_hedges_olkin")]);
            // A limit near zero is a difference of estimate and reach: its error is relative to the reach.
            assert!((limits(&effect).0 - expected[0]).abs() <= CLOSED_FORM * expected[0].abs().max(std_error));
            assert!((limits(&effect).1 - expected[1]).abs() <= CLOSED_FORM * expected[1].abs().max(std_error));
        }
        let expected = numbers(&case["d_noncentral_t"]);
        let (low, high) = limits(&run(Bias::Uncorrected, CohensDInterval::NoncentralT));
        assert_close(low, expected[0], NONCENTRAL, &what("noncentral low"));
        assert_close(high, expected[1], NONCENTRAL, &what("noncentral high"));
        let corrected = limits(&run(Bias::Hedges, CohensDInterval::NoncentralT));
        assert_close(corrected.0, number(&case["j"]) * low, CLOSED_FORM, &what("noncentral low of g"));
    }
}

/// `metafor::escalc("SMD")` on `dat.normand1999` as its manual prints it: g and its variance.
#[test]
fn published() {
    let printed = [
        ("-0.3552", "0.0131"),
        ("-0.3479", "0.0645"),
        ("-2.3176", "0.0458"),
        ("-1.8880", "0.1606"),
        ("-0.3840", "0.2054"),
        ("0.1721", "0.0369"),
        ("0.2721", "0.0603"),
        ("-0.4246", "0.0149"),
        ("0.2896", "0.0363"),
    ];
    let golden = parse(include_str!("../../golden/standardized_mean_difference.json"));
    for (case, (g, variance)) in cases(&golden).iter().zip(printed) {
        let measure = CohensD { bias: Bias::Hedges, ..CohensD::default() };
        let estimate = measure.run_on_moments(moments(&case["first"]), moments(&case["second"])).unwrap().estimate;
        assert_eq!(format!("{:.4}", estimate.value), g);
        assert_eq!(format!("{:.4}", estimate.std_error.unwrap().powi(2)), variance);
    }
}

/// Without a shift the noncentral t is Student's: where t meets Student's 97.5 % point, the lower limit is zero.
#[test]
fn definition() {
    let measure = CohensD { interval: CohensDInterval::NoncentralT, ..CohensD::default() };
    // Student's 97.5 % point for 8 degrees of freedom; two groups of 5 with sd 1 have t = d √(5/2).
    let t = 2.306_004_135_204_166;
    let first = Moments { n: 5, mean: t / 2.5_f64.sqrt(), sd: 1.0 };
    let second = Moments { n: 5, mean: 0.0, sd: 1.0 };
    let (low, _) = limits(&measure.run_on_moments(first, second).unwrap());
    assert!(low.abs() < CLOSED_FORM, "{low}");
}

#[test]
fn refusals() {
    let run = |first, second| CohensD::default().run_on_moments(first, second);
    let fine = Moments { n: 5, mean: 1.0, sd: 1.0 };
    let constant = Moments { sd: 0.0, ..fine };
    assert_eq!(run(fine, Moments { n: 1, ..fine }), Err(TestError::TooFew { group: 1, found: 1, needed: 2 }));
    assert_eq!(run(Moments { sd: -1.0, ..fine }, fine), Err(TestError::NotADeviation { group: 0, sd: -1.0 }));
    assert_eq!(run(constant, constant), Err(TestError::NoSpread));
}

proptest! {
    #[test]
    fn swapping_turns_the_sign(
        n1 in 2_usize..400, n2 in 2_usize..400, mean in -5.0_f64..5.0, sd in 0.1_f64..10.0, hedges: bool, noncentral: bool,
    ) {
        let bias = if hedges { Bias::Hedges } else { Bias::Uncorrected };
        let interval = if noncentral { CohensDInterval::NoncentralT } else { CohensDInterval::HedgesOlkin };
        let measure = CohensD { bias, interval, ..CohensD::default() };
        let (first, second) = (Moments { n: n1, mean, sd }, Moments { n: n2, mean: 1.0, sd: 1.0 });
        let forth = measure.run_on_moments(first, second).unwrap();
        let back = measure.run_on_moments(second, first).unwrap();
        prop_assert_eq!(forth.estimate.value, -back.estimate.value);
        prop_assert!((limits(&forth).0 + limits(&back).1).abs() < REFERENCE * (1.0 + limits(&forth).0.abs()));
        prop_assert!(limits(&forth).0 < forth.estimate.value && forth.estimate.value < limits(&forth).1);
    }
}
