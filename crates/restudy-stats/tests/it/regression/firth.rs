use proptest::prelude::*;
use restudy_stats::Level;
use restudy_stats::dist::ChiSquare;
use restudy_stats::regression::{Design, Firth, FitError, Inference, Outcome};

use super::{EVENTS, EXPOSED, columns, grid, line};
use crate::golden::{REFERENCE, assert_close};

/// Scoring ends at 1e-12 of a standard error.
const CONVERGED: f64 = 1e-10;

#[test]
fn a_table_gets_one_half_in_each_cell() {
    // For a saturated model Jeffreys's prior is a half observation in each cell.
    for counts in [[18.0, 7.0, 11.0, 23.0], [18.0, 0.0, 11.0, 23.0], [5.0, 0.0, 0.0, 4.0]] {
        let [a, b, c, d] = counts.map(|count: f64| count + 0.5);
        let design = line(&EXPOSED);
        let fit = Firth::default().fit(&design, Outcome::new(&EVENTS).with_weights(&counts)).unwrap();
        assert_close(fit.coefficients()[1], (a * d / (b * c)).ln(), CONVERGED, "log odds ratio");
        // X'WX counts n observations in each row, with the probabilities of the halves.
        let weight = |x: f64, y: f64| (x + y - 1.0) * x * y / (x + y).powi(2);
        assert_close(fit.covariance(1, 1), 1.0 / weight(a, b) + 1.0 / weight(c, d), CONVERGED, "variance");
        // det X'WX is the product of both weights.
        let likelihood = |x: f64, y: f64| (x - 0.5) * (x / (x + y)).ln() + (y - 0.5) * (y / (x + y)).ln();
        let log_likelihood = likelihood(a, b) + likelihood(c, d);
        assert_close(fit.log_likelihood(), log_likelihood, CONVERGED, "log-likelihood");
        let penalized = log_likelihood + 0.5 * (weight(a, b) * weight(c, d)).ln();
        assert_close(fit.penalized_log_likelihood(), penalized, CONVERGED, "penalised log-likelihood");
    }
}

#[test]
fn limits_exist_under_separation_and_put_back_give_the_critical_value() {
    let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
    let y = [false, false, false, false, true, true, true, true];
    let design = line(&x);
    let fit = Firth::default().fit(&design, Outcome::new(&y)).unwrap();
    let critical = ChiSquare::new(1.0).unwrap().upper_quantile(0.05);
    for (j, row) in fit.profile(Level::NINETY_FIVE).unwrap().iter().enumerate() {
        assert_eq!(row.inference, Inference::PenalizedLikelihoodRatio);
        for limit in [row.interval.low, row.interval.high] {
            assert!(limit.is_finite());
            let held = fit.profile_penalized_log_likelihood(j, limit).unwrap();
            assert_close(2.0 * (fit.penalized_log_likelihood() - held), critical, REFERENCE, "fall at a limit");
        }
        assert_eq!(row.p_value < 0.05, row.interval.low > 0.0 || row.interval.high < 0.0);
    }
}

#[test]
fn one_outcome_is_refused() {
    let design = line(&[1.0, 2.0, 4.0]);
    let refusal = Firth::default().fit(&design, Outcome::new(&[false; 3])).unwrap_err();
    assert_eq!(refusal, FitError::OneOutcome { all_events: false });
}

proptest! {
    #[test]
    fn every_data_set_has_an_estimate(data in grid(6..30)) {
        let (a, b, y) = columns(&data);
        let design = Design::build(y.len()).intercept().continuous("a", &a, 1.0).continuous("b", &b, 1.0).finish();
        prop_assume!(design.is_ok() && y.contains(&true) && y.contains(&false));
        let design = design.unwrap();
        let fit = Firth::default().fit(&design, Outcome::new(&y));
        prop_assert!(fit.is_ok(), "{:?}", fit.err());
        let fit = fit.unwrap();
        // Exchanging the outcomes changes every sign.
        let others: Vec<bool> = y.iter().map(|event| !event).collect();
        let mirrored = Firth::default().fit(&design, Outcome::new(&others)).unwrap();
        for (a, b) in fit.coefficients().iter().zip(mirrored.coefficients()) {
            prop_assert!((a + b).abs() < 1e-8 * (1.0 + a.abs()), "{a} {b}");
        }
    }
}
