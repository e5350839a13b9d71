use proptest::prelude::*;
use restudy_stats::DistributionError;
use restudy_stats::sample_size::{BinaryDevelopment, ExpectedR2, cox_snell_r2_of_c_statistic};

use super::{golden_cases, r2, setting};
use crate::golden::{CLOSED_FORM, assert_close};

// By hand.

#[test]
fn a_balanced_outcome() {
    // max R² = 1 − (1/2)² = 3/4; 10 / (−0.1 ln(1 − 0.45/0.9)) = 100 / ln 2 = 144.27; 1.96²/0.05² / 4 = 384.16.
    let size = BinaryDevelopment::new(10, 0.5, ExpectedR2::Nagelkerke(0.6)).run().unwrap();
    assert_close(size.r2_max, 0.75, CLOSED_FORM, "max R²");
    assert_close(size.r2_cox_snell, 0.45, CLOSED_FORM, "R²");
    assert_eq!((size.shrinkage.n, size.overall_risk.n, size.n), (145, 385, 385));
    assert_eq!((size.events, size.events_per_parameter), (192.5, 19.25));
    // S = 0.45 / (0.45 + 0.05 · 0.75) = 12/13: 10 · 13 / −ln(1 − 0.45 · 13/12) = 130 / −ln 0.5125 = 194.5.
    assert_eq!(size.optimism.n, 195);
}

// Golden reference.

#[test]
fn the_sizes_of_pmsampsize() {
    for (settings, sizes, case) in golden_cases("binary") {
        let parameters = settings["parameters"].as_u64().unwrap() as u32;
        let prevalence = setting(&settings, "prevalence", 0.0);
        let mut design = BinaryDevelopment::new(parameters, prevalence, r2(&settings));
        design.shrinkage = setting(&settings, "shrinkage", 0.9);
        let size = design.run().unwrap();
        assert_eq!([size.shrinkage.n, size.optimism.n, size.overall_risk.n, size.n], sizes[..], "{settings}");
        assert_close(size.r2_max, case["r2_max"].as_f64().unwrap(), 1e-11, "max R²");
    }
}

#[test]
fn the_r2_of_a_c_statistic_within_simulation_error() {
    for (settings, _, case) in golden_cases("by_c") {
        let r2 =
            cox_snell_r2_of_c_statistic(setting(&settings, "cstatistic", 0.0), setting(&settings, "prevalence", 0.0));
        // A million draws, and four printed decimals.
        assert_close(r2.unwrap(), case["r2"].as_f64().unwrap(), 0.012, &settings.to_string());
    }
}

// Definition.

#[test]
fn r2_of_a_c_statistic_by_many_cells() {
    // The same expectation by Simpson's rule on another grid.
    let (c, prevalence) = (0.89, 0.174_f64);
    let distance = std::f64::consts::SQRT_2 * restudy_stats::dist::Normal.lower_quantile(c);
    let intercept = (prevalence / (1.0 - prevalence)).ln() - distance * distance / 2.0;
    let density = |x: f64| restudy_stats::dist::Normal.density(x);
    let gain = |x: f64| {
        let p = 1.0 / (1.0 + (-intercept - distance * x).exp());
        prevalence * density(x - distance) * (p / prevalence).ln()
            + (1.0 - prevalence) * density(x) * ((1.0 - p) / (1.0 - prevalence)).ln()
    };
    let (low, steps, width) = (-9.0, 2100, 0.01);
    let simpson: f64 = (0..=steps)
        .map(|k| {
            let weight = if k == 0 || k == steps {
                1.0
            } else if k % 2 == 1 {
                4.0
            } else {
                2.0
            };
            weight * gain(low + f64::from(k) * width)
        })
        .sum();
    let expected = 1.0 - (-2.0 * simpson * width / 3.0).exp();
    assert_close(cox_snell_r2_of_c_statistic(c, prevalence).unwrap(), expected, 1e-10, "R²");
}

// Degenerate input.

#[test]
fn what_cannot_be_is_refused_by_name() {
    let refused = |design: BinaryDevelopment| match design.run().unwrap_err() {
        DistributionError::Parameter { parameter, .. } => parameter,
        other => panic!("{other}"),
    };
    let good = BinaryDevelopment::new(10, 0.3, ExpectedR2::CoxSnell(0.2));
    assert_eq!(refused(BinaryDevelopment { prevalence: 0.0, ..good }), "prevalence");
    assert_eq!(refused(BinaryDevelopment { prevalence: f64::NAN, ..good }), "prevalence");
    assert_eq!(refused(BinaryDevelopment { parameters: 0, ..good }), "parameters");
    assert_eq!(refused(BinaryDevelopment { shrinkage: 1.0, ..good }), "shrinkage");
    assert_eq!(refused(BinaryDevelopment { shrinkage: 0.1, ..good }), "R²");
    assert_eq!(refused(BinaryDevelopment { optimism: -0.1, ..good }), "optimism");
    assert_eq!(refused(BinaryDevelopment { margin: 0.0, ..good }), "margin");
    // No model of an outcome of 1 % explains 0.2 by Cox and Snell's measure: the greatest is 0.106.
    assert_eq!(refused(BinaryDevelopment { prevalence: 0.01, ..good }), "R²");
    assert_eq!(refused(BinaryDevelopment { r2: ExpectedR2::Nagelkerke(1.0), ..good }), "R²");
    assert!(cox_snell_r2_of_c_statistic(0.5, 0.3).is_err());
    assert!(cox_snell_r2_of_c_statistic(0.8, 1.0).is_err());
}

// Properties.

proptest! {
    #[test]
    fn the_size_gives_the_shrinkage_and_more_parameters_need_more(
        parameters in 1_u32..200, prevalence in 0.01_f64..0.99, nagelkerke in 0.02_f64..0.8,
    ) {
        let design = BinaryDevelopment::new(parameters, prevalence, ExpectedR2::Nagelkerke(nagelkerke));
        let size = design.run().unwrap();
        prop_assert!(size.shrinkage.expected_shrinkage >= 0.9);
        prop_assert!(size.overall_risk.expected_shrinkage <= 1.0);
        let more = BinaryDevelopment { parameters: parameters + 1, ..design }.run().unwrap();
        prop_assert!(more.shrinkage.n >= size.shrinkage.n && more.optimism.n >= size.optimism.n);
        // Turning the outcome round changes no size.
        let turned = BinaryDevelopment { prevalence: 1.0 - prevalence, ..design }.run().unwrap();
        prop_assert!(turned.n.abs_diff(size.n) <= 1);
    }

    #[test]
    fn a_better_model_explains_more(c in 0.52_f64..0.95, prevalence in 0.01_f64..0.99) {
        let [less, more] = [c, c + 0.02].map(|c| cox_snell_r2_of_c_statistic(c, prevalence).unwrap());
        let greatest = 1.0 - (prevalence.powf(prevalence) * (1.0 - prevalence).powf(1.0 - prevalence)).powi(2);
        prop_assert!(0.0 < less && less < more && more < greatest);
    }
}
