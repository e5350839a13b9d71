use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::accuracy::{Recalibration, ValidationError};
use restudy_stats::dist::ChiSquare;
use restudy_stats::regression::FitError;

use super::Golden;
use crate::golden::{assert_close, number, numbers};

// By hand.

#[test]
fn two_risks() {
    // Among 10 people at ¼ 4 events, among 10 at ½ 6: the line through both log odds, ln(4/6) and ln(6/4).
    let predicted: Vec<f64> = (0..20).map(|i| if i < 10 { 0.25 } else { 0.5 }).collect();
    let events: Vec<bool> = (0..20).map(|i| i < 4 || (10..16).contains(&i)).collect();
    let line = Recalibration::default().run(&predicted, &events).unwrap();
    let (low, high) = ((4.0_f64 / 6.0).ln(), 1.5_f64.ln());
    let slope = (high - low) / 3.0_f64.ln();
    assert_close(line.slope.estimate, slope, 1e-12, "slope");
    assert_close(line.intercept.estimate, high, 1e-12, "intercept");
    // The variance of a log odds of 4 and 6 is 1/4 + 1/6; the slope is a difference of two over ln 3.
    let variance: f64 = 1.0 / 4.0 + 1.0 / 6.0;
    assert_close(line.intercept.std_error, variance.sqrt(), 1e-12, "intercept");
    assert_close(line.slope.std_error, (2.0 * variance).sqrt() / 3.0_f64.ln(), 1e-12, "slope");
}

// Golden reference.

#[test]
fn r_has_the_same_line() {
    let golden = Golden::read();
    let expected = &golden.answers["recalibration"];
    let line = Recalibration::default().run(&golden.predicted, &golden.events).unwrap();
    let (coef, se) = (numbers(&expected["coef"]), numbers(&expected["se"]));
    assert_close(line.intercept.estimate, coef[0], 1e-9, "intercept");
    assert_close(line.slope.estimate, coef[1], 1e-9, "slope");
    assert_close(line.intercept.std_error, se[0], 1e-9, "intercept");
    assert_close(line.slope.std_error, se[1], 1e-9, "slope");
    assert_close(line.chi_square, number(&expected["chi_square"]), 1e-9, "unreliability");
    let p_value = ChiSquare::new(2.0).unwrap().upper_tail(line.chi_square);
    assert_close(line.p_value, p_value, 1e-12, "p");
    let band = &expected["band"];
    let [predicted, fit, low, high] = ["predicted", "fit", "low", "high"].map(|name| numbers(&band[name]));
    for (place, risk) in predicted.iter().enumerate() {
        let (frequency, limits) = line.at(*risk);
        assert_close(frequency, fit[place], 1e-9, "recalibrated");
        assert_close(limits.low, low[place], 1e-9, "low");
        assert_close(limits.high, high[place], 1e-9, "high");
    }
}

#[test]
fn what_has_no_line_is_refused() {
    let run = |predicted: &[f64], events: &[bool]| Recalibration::default().run(predicted, events).unwrap_err();
    let refused = run(&[0.0, 0.5], &[true, false]);
    assert_eq!(refused, TestError::PredictedProbability { position: 0, value: 0.0 }.into());
    assert!(matches!(run(&[0.5, 0.5, 0.5], &[true, false, true]), ValidationError::Fit(FitError::Constant { .. })));
    let separated = run(&[0.1, 0.2, 0.8, 0.9], &[false, false, true, true]);
    assert!(matches!(separated, ValidationError::Fit(FitError::Separated(_))), "{separated}");
}

// Definition: recalibrated predictions need no recalibration.

proptest! {
    #[test]
    fn recalibrated_predictions_are_on_the_diagonal(
        people in prop::collection::vec((0.02_f64..0.98, any::<bool>()), 12..40),
    ) {
        let (predicted, events): (Vec<f64>, Vec<bool>) = people.into_iter().unzip();
        if let Ok(line) = Recalibration::default().run(&predicted, &events) {
            let again = |p: &f64| {
                let logit = line.intercept.estimate + line.slope.estimate * (p / (1.0 - p)).ln();
                1.0 / (1.0 + (-logit).exp())
            };
            let recalibrated: Vec<f64> = predicted.iter().map(again).collect();
            // A slope of 0 leaves nothing to recalibrate by.
            prop_assume!(line.slope.estimate.abs() > 1e-3);
            let line = Recalibration::default().run(&recalibrated, &events).unwrap();
            prop_assert!(line.intercept.estimate.abs() < 1e-6 && (line.slope.estimate - 1.0).abs() < 1e-6);
            prop_assert!(line.chi_square < 1e-6);
        }
    }
}
