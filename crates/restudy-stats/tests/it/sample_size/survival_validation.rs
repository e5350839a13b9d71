use proptest::prelude::*;
use restudy_stats::DistributionError;
use restudy_stats::resample::Resampling;
use restudy_stats::sample_size::{SurvivalValidation, lp_sd_of_concordance};
use serde_json::Value;

use crate::golden::{assert_close, number, parse};

/// A simulated cohort small enough for many tests.
const FEW: Resampling = Resampling { replicates: 2_000, seed: 1 };

// By hand.

#[test]
fn nobody_is_lost_and_the_ratio_is_that_of_a_proportion() {
    // Without censoring Kaplan and Meier's estimate is a proportion: n = (1 − F) / (F s²), as for a binary outcome, with
    // sinh(1.96 s) = 0.1 for a width of 0.2.
    let size = SurvivalValidation { simulated: FEW, ..SurvivalValidation::new(0.2, 0.8) }.run().unwrap();
    let s = 0.1_f64.asinh() / 1.96;
    let expected = 0.8 / 0.2 / (s * s);
    // The next whole number; the time axis has 400 cells, which costs a little of the fifth digit.
    assert!((size.observed_expected.n as f64 - expected - 0.5).abs() < 0.6, "{size:?} {expected}");
    assert!((size.events / size.n as f64 - 0.2).abs() < 1e-6);
    assert_close(size.observed_expected.std_error, s, 1e-3, "s");
}

// Golden reference: simulated studies.

#[test]
fn the_precision_of_simulated_studies() {
    let golden = parse(include_str!("../../golden/survival_validation_size.json"));
    for case in golden["cases"].as_array().unwrap() {
        let get = |name: &str| number(&case[name]);
        let size = SurvivalValidation {
            lost: get("lost"),
            shape: get("shape"),
            slope: get("slope"),
            ..SurvivalValidation::new(get("risk"), get("lp_sd"))
        }
        .run()
        .unwrap();
        // The limit of many patients, beside means of studies of 4,000: four errors of the simulation and 2 %.
        let near = |obtained: f64, name: &str, error: &str| {
            let expected = get(name);
            assert!(
                (obtained - expected).abs() < 4.0 * get(error) + 0.02 * expected,
                "{name} {obtained} {expected}: {case}"
            );
        };
        let variance = |of: restudy_stats::sample_size::PrecisionCriterion| of.std_error * of.std_error * of.n as f64;
        near(variance(size.slope), "slope_variance", "slope_error");
        near(variance(size.observed_expected), "ln_risk_variance", "ln_risk_error");
        near(variance(size.concordance), "c_variance", "c_variance_error");
        assert!((size.concordance.estimate - get("c")).abs() < 0.01, "{case}");
        assert!((size.events / size.n as f64 - get("seen")).abs() < 0.005, "{case}");
    }
}

#[test]
fn the_spread_that_goes_with_a_c_index() {
    let golden = parse(include_str!("../../golden/survival_validation_size.json"));
    for pair in golden["c_index"].as_array().unwrap() {
        let of = |name: &str| pair.get(name).and_then(Value::as_f64).unwrap();
        assert_close(lp_sd_of_concordance(of("c"), of("risk")).unwrap(), of("sd"), 1e-4, "standard deviation");
    }
}

// Degenerate input.

#[test]
fn what_cannot_be_is_refused_by_name() {
    let good = SurvivalValidation { simulated: FEW, ..SurvivalValidation::new(0.2, 0.8) };
    let refused = |settings: SurvivalValidation| match settings.run().unwrap_err() {
        DistributionError::Parameter { parameter, .. } => parameter,
        other => panic!("{other}"),
    };
    assert_eq!(refused(SurvivalValidation { risk: 0.0, ..good }), "risk");
    assert_eq!(refused(SurvivalValidation { risk: f64::NAN, ..good }), "risk");
    assert_eq!(refused(SurvivalValidation { lp_sd: 0.0, ..good }), "standard deviation of the linear predictor");
    assert_eq!(refused(SurvivalValidation { lp_sd: 7.0, ..good }), "standard deviation of the linear predictor");
    assert_eq!(refused(SurvivalValidation { lost: 1.0, ..good }), "share lost");
    assert_eq!(refused(SurvivalValidation { lost: -0.1, ..good }), "share lost");
    assert_eq!(refused(SurvivalValidation { shape: 0.0, ..good }), "shape");
    assert_eq!(refused(SurvivalValidation { slope_width: -0.1, ..good }), "width of the slope");
    let nobody = Resampling { replicates: 0, seed: 1 };
    assert_eq!(refused(SurvivalValidation { simulated: nobody, ..good }), "simulated patients");
    // Of 100 patients nobody has an event of one in a billion.
    let hundred = Resampling { replicates: 100, seed: 1 };
    assert_eq!(refused(SurvivalValidation { risk: 1e-9, simulated: hundred, ..good }), "risk");
    for (c_index, risk) in [(0.5, 0.2), (f64::NAN, 0.2), (0.7, 1.0), (0.7, f64::NAN)] {
        assert!(lp_sd_of_concordance(c_index, risk).is_err(), "{c_index} {risk}");
    }
}

// Properties.

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whoever_is_lost_is_to_be_made_up_for(
        risk in 0.05_f64..0.8, lp_sd in 0.3_f64..1.5, lost in 0.0_f64..0.6, shape in 0.5_f64..2.0,
    ) {
        let all = SurvivalValidation { shape, simulated: FEW, ..SurvivalValidation::new(risk, lp_sd) };
        let some = SurvivalValidation { lost, ..all };
        let (all, some) = (all.run().unwrap(), some.run().unwrap());
        prop_assert!(some.slope.n >= all.slope.n && some.observed_expected.n >= all.observed_expected.n);
        // The seed makes the answer, and the width asked for makes the size.
        prop_assert_eq!(some, SurvivalValidation { lost, shape, simulated: FEW, ..SurvivalValidation::new(risk, lp_sd) }.run().unwrap());
        let half = SurvivalValidation { lost, shape, simulated: FEW, slope_width: 0.1, ..SurvivalValidation::new(risk, lp_sd) };
        let ratio = half.run().unwrap().slope.n as f64 / some.slope.n as f64;
        prop_assert!((ratio - 4.0).abs() < 0.05, "{}", ratio);
    }
}
