use proptest::prelude::*;
use restudy_stats::accuracy::{SmoothCalibration, SmoothCalibrationCurve, Smoother, ValidationError};
use restudy_stats::{Interval, TestError};
use serde_json::Value;

use super::Golden;
use crate::golden::{assert_close, number, numbers};

fn smooth(smoother: Smoother, predicted: &[f64], events: &[bool]) -> Result<SmoothCalibrationCurve, ValidationError> {
    SmoothCalibration { smoother, ..SmoothCalibration::default() }.run(predicted, events)
}

// By hand.

#[test]
fn a_line_through_three_risks() {
    // Everyone is a neighbour, those at the ends of the middle one with weight 0: the curve is the middle one's own mean
    // there. Seen from ¼, ¾ has weight 0 and ½ has (1 − 1/8)³; two risks leave a line through both means.
    let predicted = [0.25, 0.25, 0.5, 0.5, 0.75, 0.75];
    let events = [false, false, true, false, true, true];
    let curve = smooth(Smoother::Loess { span: 1.0, degree: 1 }, &predicted, &events).unwrap();
    assert_eq!(curve.predicted, [0.25, 0.5, 0.75]);
    for (obtained, expected) in curve.observed.iter().zip([0.0, 0.5, 1.0]) {
        assert!((obtained - expected).abs() < 1e-12, "{obtained}");
    }
    assert_close(curve.ici, 1.0 / 6.0, 1e-12, "ICI");
    assert_close(curve.e_max, 0.25, 1e-12, "Emax");
    assert_close(curve.e50, 0.25, 1e-12, "E50");
}

// Golden reference.

fn agrees(curve: &SmoothCalibrationCurve, expected: &Value, golden: &Golden, tolerance: f64) {
    for (p, fitted) in golden.predicted.iter().zip(numbers(&expected["fitted"])) {
        let row = curve.predicted.iter().position(|x| x == p).unwrap();
        assert_close(curve.observed[row], fitted, tolerance, &format!("at {p}"));
    }
    let indices = numbers(&expected["indices"]);
    for (obtained, expected) in [curve.ici, curve.e50, curve.e90, curve.e_max].into_iter().zip(indices) {
        assert_close(obtained, expected, tolerance * 100.0, "index");
    }
}

#[test]
fn r_has_the_same_local_regression() {
    let golden = Golden::read();
    for case in golden.answers["loess"].as_array().unwrap() {
        let smoother = Smoother::Loess { span: number(&case["span"]), degree: number(&case["degree"]) as u8 };
        agrees(&smooth(smoother, &golden.predicted, &golden.events).unwrap(), case, &golden, 1e-9);
    }
}

#[test]
fn r_has_the_same_spline() {
    let golden = Golden::read();
    for case in golden.answers["spline"].as_array().unwrap() {
        let smoother = Smoother::RestrictedCubicSpline { knots: number(&case["knots"]) as usize };
        let curve = smooth(smoother, &golden.predicted, &golden.events).unwrap();
        agrees(&curve, case, &golden, 1e-8);
        let band = curve.band.unwrap();
        for (side, of) in
            [("low", (|limits: &Interval| limits.low) as fn(&Interval) -> f64), ("high", |limits| limits.high)]
        {
            for (p, expected) in golden.predicted.iter().zip(numbers(&case[side])) {
                let place = curve.predicted.iter().position(|known| known == p).unwrap();
                // The spline's covariance is only as good as the fit's last step in R.
                assert_close(of(&band[place]), expected, 1e-7, side);
            }
        }
    }
}

#[test]
fn r_has_the_same_spline_with_more_knots() {
    let golden = Golden::read();
    let more = &golden.answers["more_spline"];
    let (predicted, events) = (numbers(&more["p"]), numbers(&more["y"]).iter().map(|y| *y == 1.0).collect::<Vec<_>>());
    for case in more["cases"].as_array().unwrap() {
        let smoother = Smoother::RestrictedCubicSpline { knots: number(&case["knots"]) as usize };
        let curve = smooth(smoother, &predicted, &events).unwrap();
        for (p, fitted) in predicted.iter().zip(numbers(&case["fitted"])) {
            let row = curve.predicted.iter().position(|x| x == p).unwrap();
            assert_close(curve.observed[row], fitted, 1e-8, &format!("{} at {p}", case["knots"]));
        }
    }
}

#[test]
fn what_cannot_be_made_smooth_is_refused() {
    let (predicted, events) = ([0.2, 0.4, 0.6, 0.8], [false, true, false, true]);
    let refused = |smoother| smooth(smoother, &predicted, &events).unwrap_err();
    let span = refused(Smoother::Loess { span: 1.5, degree: 2 });
    assert_eq!(span, TestError::NotAProbability { position: 0, p: 1.5 }.into());
    let knots = refused(Smoother::RestrictedCubicSpline { knots: 8 });
    assert_eq!(knots, TestError::TooFewGroups { found: 8, needed: 3 }.into());
    assert!(matches!(refused(Smoother::RestrictedCubicSpline { knots: 5 }), ValidationError::Fit(_)));
    // One risk for all: the curve is a point.
    let point = smooth(Smoother::default(), &[0.5; 4], &events).unwrap();
    assert_eq!((point.observed.len(), point.observed[0], point.ici), (1, 0.5, 0.0));
}

// Properties.

proptest! {
    #[test]
    fn outcomes_that_are_all_but_one_stay_near(people in prop::collection::vec(0.0_f64..1.0, 3..30)) {
        let events: Vec<bool> = (0..people.len()).map(|row| row == 0).collect();
        for degree in [1, 2] {
            let curve = smooth(Smoother::Loess { span: 0.8, degree }, &people, &events).unwrap();
            prop_assert!(curve.observed.iter().all(|x| x.is_finite()));
            prop_assert!(curve.e50 <= curve.e90 && curve.e90 <= curve.e_max && curve.ici <= curve.e_max);
        }
        // Exchanged outcomes mirror the curve.
        let exchanged: Vec<bool> = events.iter().map(|event| !event).collect();
        let smoother = Smoother::Loess { span: 0.8, degree: 1 };
        let one = smooth(smoother, &people, &events).unwrap().observed;
        let other = smooth(smoother, &people, &exchanged).unwrap().observed;
        prop_assert!(one.iter().zip(other).all(|(a, b)| (a + b - 1.0).abs() < 1e-6));
    }
}
