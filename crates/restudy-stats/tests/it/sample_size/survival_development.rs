use proptest::prelude::*;
use restudy_stats::DistributionError;
use restudy_stats::sample_size::{ExpectedR2, SurvivalDevelopment};

use super::{golden_cases, r2, setting};
use crate::golden::{CLOSED_FORM, assert_close};

// By hand.

#[test]
fn half_an_event_a_patient() {
    // e = 1/2: max R² = 1 − exp(ln 1/2 − 1) = 1 − 1/(2e). The risk at t = 1 is 1 − 1/e; its lower limit is 0.05 away
    // where the rate's is r = ln(1 + 0.05 e).
    let size = SurvivalDevelopment::new(1, 1.0, 0.5, 1.0, ExpectedR2::CoxSnell(0.4)).run().unwrap();
    assert_close(size.development.r2_max, 1.0 - (-1.0_f64).exp() / 2.0, CLOSED_FORM, "max R²");
    let reach = (1.0 + 0.05 * 1.0_f64.exp()).ln();
    assert_eq!(size.development.overall_risk.n, (2.0 * (1.96 / reach).powi(2)).ceil() as u64);
    assert_eq!(size.development.n, size.development.overall_risk.n);
    assert_close(size.risk, 1.0 - (-1.0_f64).exp(), CLOSED_FORM, "risk");
}

// Golden reference.

#[test]
fn the_sizes_of_pmsampsize() {
    for (settings, sizes, case) in golden_cases("survival") {
        let get = |name: &str| setting(&settings, name, 0.0);
        let parameters = settings["parameters"].as_u64().unwrap() as u32;
        let size = SurvivalDevelopment::new(parameters, get("rate"), get("meanfup"), get("timepoint"), r2(&settings))
            .run()
            .unwrap()
            .development;
        assert_eq!([size.shrinkage.n, size.optimism.n], sizes[..2], "{settings}");
        // 10,000 patients with the events rounded up.
        assert_close(size.r2_max, case["r2_max"].as_f64().unwrap(), 2e-4, "max R²");
        // In these examples the third criterion asks for less.
        assert_eq!(size.n, sizes[3]);
    }
}

// Degenerate input.

#[test]
fn what_cannot_be_is_refused_by_name() {
    let good = SurvivalDevelopment::new(10, 0.1, 2.0, 1.0, ExpectedR2::CoxSnell(0.1));
    let refused = |design: SurvivalDevelopment| match design.run().unwrap_err() {
        DistributionError::Parameter { parameter, .. } => parameter,
        other => panic!("{other}"),
    };
    assert_eq!(refused(SurvivalDevelopment { rate: 0.0, ..good }), "rate");
    assert_eq!(refused(SurvivalDevelopment { mean_follow_up: f64::INFINITY, ..good }), "mean follow-up");
    assert_eq!(refused(SurvivalDevelopment { time: f64::NAN, ..good }), "time");
    assert_eq!(refused(SurvivalDevelopment { mean_follow_up: 10.0, ..good }), "rate × mean follow-up");
    assert_eq!(refused(SurvivalDevelopment { margin: 1.0, ..good }), "margin");
    assert_eq!(refused(SurvivalDevelopment { parameters: 0, ..good }), "parameters");
}

// Definition and properties.

proptest! {
    #[test]
    fn the_limits_are_within_the_margin_and_just_so(
        events in 0.02_f64..0.99, follow_up in 0.5_f64..5.0, time in 0.2_f64..3.0, unit in 0.1_f64..10.0,
    ) {
        let rate = events / follow_up;
        let design = SurvivalDevelopment::new(1, rate, follow_up, time, ExpectedR2::Nagelkerke(0.5));
        let size = design.run().unwrap();
        prop_assert!(size.risk - size.risk_low <= 0.05 + 1e-12 && size.risk_high - size.risk <= 0.05 + 1e-12);
        let fewer = (size.development.overall_risk.n - 1).max(1) as f64;
        let low = 1.0 - (-(rate - 1.96 * (rate / (fewer * follow_up)).sqrt()) * time).exp();
        prop_assert!(fewer < 2.0 || size.risk - low > 0.05 - 1e-9);
        // The unit of time does not matter.
        let rescaled = SurvivalDevelopment {
            rate: rate / unit, mean_follow_up: follow_up * unit, time: time * unit, ..design
        };
        prop_assert!(rescaled.run().unwrap().development.n.abs_diff(size.development.n) <= 1);
    }
}
