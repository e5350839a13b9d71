use proptest::prelude::*;
use restudy_stats::DistributionError;
use restudy_stats::dist::Beta;
use restudy_stats::sample_size::{BinaryValidation, Classification, LinearPredictor, NetBenefitTarget};

use super::{golden_cases, setting};
use crate::golden::{CLOSED_FORM, assert_close, numbers};

const NORMAL: LinearPredictor = LinearPredictor::Normal { mean: -0.5, sd: 1.2 };

// By hand.

#[test]
fn four_closed_forms() {
    let classification = Some(Classification { sensitivity: 0.8, specificity: 0.5 });
    let size = BinaryValidation {
        net_benefit: Some(NetBenefitTarget { threshold: 0.5, classification, width: 0.392 }),
        oe_width: 2.0 * (0.196_f64).sinh(),
        ..BinaryValidation::new(0.5, 0.75, NORMAL)
    }
    .run()
    .unwrap();
    // s = 0.1: 0.5 / (0.5 · 0.01) = 100, up to the last digit of s.
    assert!(size.observed_expected.n.abs_diff(100) <= 1);
    assert_close(size.observed_expected.std_error, 0.1, CLOSED_FORM, "s");
    // a = 1: 0.16/0.5 + 0.25/0.5 + 0.25/0.25 = 1.82, divided by 0.1².
    let (benefit, _) = size.net_benefit.unwrap();
    assert_eq!(benefit.n, 182);
    assert_close(benefit.estimate, 0.3, CLOSED_FORM, "sNB");
}

// Golden reference.

#[test]
fn the_sizes_of_pmvalsampsize() {
    for (settings, sizes, case) in golden_cases("validation") {
        let get = |name: &str, default: f64| setting(&settings, name, default);
        let pair = |name: &str| settings.get(name).map(numbers);
        let predictor = match (pair("lpnormal"), pair("lpbeta")) {
            (Some(p), _) => LinearPredictor::Normal { mean: p[0], sd: p[1] },
            (_, Some(p)) => LinearPredictor::Beta { alpha: p[0], beta: p[1] },
            _ => panic!("{settings}"),
        };
        let size = BinaryValidation {
            observed_expected: get("oe", 1.0),
            oe_width: get("oeciwidth", 0.2),
            se_step: Some(0.0001),
            slope: get("cslope", 1.0),
            slope_width: get("csciwidth", 0.2),
            c_width: get("cstatciwidth", 0.1),
            net_benefit: settings.get("threshold").map(|threshold| NetBenefitTarget {
                threshold: threshold.as_f64().unwrap(),
                classification: None,
                width: get("nbciwidth", 0.2),
            }),
            ..BinaryValidation::new(get("prevalence", 0.0), get("cstatistic", 0.0), predictor)
        }
        .run()
        .unwrap();
        assert_eq!(size.observed_expected.n, sizes[0], "{settings}");
        assert_eq!(size.c_statistic.n, sizes[2], "{settings}");
        // A million draws.
        assert_close(size.slope.n as f64, sizes[1] as f64, 0.01, &format!("slope {settings}"));
        if let Some((benefit, found)) = size.net_benefit {
            // The package rounds s to 0.0001 and a simulated classification to three decimals.
            assert_close(benefit.n as f64, sizes[3] as f64, 0.015, &format!("net benefit {settings}"));
            let expected = numbers(&case["classification"]);
            assert!((found.sensitivity - expected[0]).abs() < 0.002, "{found:?} {expected:?}");
            assert!((found.specificity - expected[1]).abs() < 0.002, "{found:?} {expected:?}");
        }
    }
}

// Definition.

#[test]
fn the_classification_of_a_beta_risk_has_a_closed_form() {
    // E[p 1(p > t)] = α/(α + β) P(Beta(α + 1, β) > t), and the like for 1 − p.
    let (alpha, beta, threshold) = (1.33, 1.75, 0.4);
    let size = BinaryValidation {
        net_benefit: Some(NetBenefitTarget { threshold, classification: None, width: 0.2 }),
        ..BinaryValidation::new(0.43, 0.8, LinearPredictor::Beta { alpha, beta })
    };
    let (_, found) = size.run().unwrap().net_benefit.unwrap();
    assert_close(found.sensitivity, Beta::new(alpha + 1.0, beta).unwrap().upper_tail(threshold), 1e-11, "sensitivity");
    assert_close(found.specificity, Beta::new(alpha, beta + 1.0).unwrap().lower_tail(threshold), 1e-11, "specificity");
}

#[test]
fn the_classification_of_a_c_statistic_has_a_closed_form() {
    let (c_statistic, prevalence, threshold) = (0.8, 0.3, 0.25_f64);
    let predictor = LinearPredictor::CStatistic { c_statistic, prevalence };
    let size = BinaryValidation {
        net_benefit: Some(NetBenefitTarget { threshold, classification: None, width: 0.2 }),
        ..BinaryValidation::new(prevalence, c_statistic, predictor)
    };
    let (_, found) = size.run().unwrap().net_benefit.unwrap();
    let normal = restudy_stats::dist::Normal;
    let sd = std::f64::consts::SQRT_2 * normal.lower_quantile(c_statistic);
    let z = |mean: f64| ((threshold / (1.0 - threshold)).ln() - (prevalence / (1.0 - prevalence)).ln() - mean) / sd;
    assert_close(found.sensitivity, normal.upper_tail(z(sd * sd / 2.0)), 1e-11, "sensitivity");
    assert_close(found.specificity, normal.lower_tail(z(-sd * sd / 2.0)), 1e-11, "specificity");
}

#[test]
fn the_c_statistics_size_is_the_least() {
    let size = BinaryValidation::new(0.018, 0.8, NORMAL).run().unwrap().c_statistic;
    let width = |n: f64| {
        let c: f64 = 0.8;
        let inner = 1.0 + (n / 2.0 - 1.0) * ((1.0 - c) / (2.0 - c) + c / (1.0 + c));
        2.0 * 1.96 * (c * (1.0 - c) * inner / (n * n * 0.018 * 0.982)).sqrt()
    };
    assert!(width(size.n as f64) <= 0.1 && width(size.n as f64 - 1.0) > 0.1);
    assert_close(2.0 * 1.96 * size.std_error, width(size.n as f64), CLOSED_FORM, "width");
}

// Degenerate input.

#[test]
fn what_cannot_be_is_refused_by_name() {
    let good = BinaryValidation::new(0.3, 0.8, NORMAL);
    let refused = |design: BinaryValidation| match design.run().unwrap_err() {
        DistributionError::Parameter { parameter, .. } => parameter,
        other => panic!("{other}"),
    };
    assert_eq!(refused(BinaryValidation { prevalence: 1.0, ..good }), "prevalence");
    assert_eq!(refused(BinaryValidation { c_statistic_expected: 1.0, ..good }), "C statistic");
    assert_eq!(refused(BinaryValidation { oe_width: 0.0, ..good }), "width of O/E");
    assert_eq!(refused(BinaryValidation { se_step: Some(-1.0), ..good }), "step of the standard error");
    assert_eq!(refused(BinaryValidation { slope: f64::NAN, ..good }), "slope");
    let predictor = LinearPredictor::Beta { alpha: 0.0, beta: 1.0 };
    assert_eq!(refused(BinaryValidation { predictor, ..good }), "alpha");
    let net_benefit = Some(NetBenefitTarget { threshold: 1.0, classification: None, width: 0.2 });
    assert_eq!(refused(BinaryValidation { net_benefit, ..good }), "threshold");
    let classification = Some(Classification { sensitivity: 1.2, specificity: 0.5 });
    let net_benefit = Some(NetBenefitTarget { threshold: 0.5, classification, width: 0.2 });
    assert_eq!(refused(BinaryValidation { net_benefit, ..good }), "sensitivity");
}

// Properties.

proptest! {
    #[test]
    fn a_narrower_interval_needs_more(
        prevalence in 0.01_f64..0.99, c in 0.55_f64..0.95, sd in 0.1_f64..4.0, mean in -4.0_f64..4.0, threshold in 0.01_f64..0.99,
    ) {
        let predictor = LinearPredictor::Normal { mean, sd };
        let at = |factor: f64| BinaryValidation {
            oe_width: 0.2 * factor, slope_width: 0.2 * factor, c_width: 0.1 * factor,
            net_benefit: Some(NetBenefitTarget { threshold, classification: None, width: 0.2 * factor }),
            ..BinaryValidation::new(prevalence, c, predictor)
        }.run().unwrap();
        let [wide, narrow] = [1.0, 0.5].map(at);
        prop_assert!(narrow.slope.n.abs_diff(4 * wide.slope.n) <= 4);
        prop_assert!(narrow.c_statistic.n > wide.c_statistic.n && narrow.observed_expected.n >= wide.observed_expected.n);
        let (_, found) = wide.net_benefit.unwrap();
        prop_assert!((0.0..=1.0).contains(&found.sensitivity) && (0.0..=1.0).contains(&found.specificity));
        prop_assert_eq!(wide.n, [wide.slope.n, wide.c_statistic.n, wide.observed_expected.n, wide.net_benefit.unwrap().0.n]
            .into_iter().max().unwrap());
    }
}
