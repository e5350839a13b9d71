use proptest::prelude::*;
use restudy_stats::survival::{
    CumulativeIncidence, Gray, IncidenceCurves, KaplanMeier, LogRank, SurvivalData, SurvivalError, SurvivalInterval,
};
use serde_json::Value;

use super::prepared;
use crate::golden::{assert_close, number, numbers, parse};

/// R writes 15 digits.
const R: f64 = 1e-11;

fn curves(time: &[f64], causes: &[usize]) -> IncidenceCurves {
    let event: Vec<bool> = causes.iter().map(|&cause| cause > 0).collect();
    CumulativeIncidence::default().fit(&prepared(time, &event), causes).unwrap()
}

// By hand.

#[test]
fn six_people_and_two_causes() {
    // At risk 6, 5, 4, 3, 1. Cause 1 at 1 and 4, cause 2 at 2; censored at 3 and (tied with an event of cause 1) at 4.
    let fit = curves(&[1.0, 2.0, 3.0, 4.0, 4.0, 5.0], &[1, 2, 0, 1, 0, 2]);
    let one = [1.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0 + 4.0 / 6.0 / 3.0];
    for (time, expected) in [1.0, 2.0, 3.0, 4.0].into_iter().zip(one) {
        assert_close(fit.at(1, time).unwrap(), expected, 1e-14, "cause 1");
    }
    assert_close(fit.at(2, 3.5).unwrap(), 1.0 / 6.0, 1e-14, "cause 2");
    // At the end the last one of cause 2 has all that is left: 4/6 · 2/3.
    assert_close(fit.at(2, 9.0).unwrap(), 1.0 / 6.0 + 4.0 / 9.0, 1e-14, "cause 2");
    // The first event alone: binomial, p (1 − p)/n.
    assert_close(fit.causes[0].std_error[0], (1.0_f64 / 6.0 * 5.0 / 6.0 / 6.0).sqrt(), 1e-14, "se");
    assert_eq!((fit.at(1, 0.5), fit.at(1, -1.0), fit.at(3, 1.0), fit.at(0, 1.0)), (Some(0.0), None, None, None));
    let at_risk = [0.0, 1.0, 1.5, 4.0, 4.5, 5.5].map(|time| fit.at_risk(time));
    assert_eq!(at_risk, [6.0, 6.0, 5.0, 3.0, 1.0, 0.0]);
    assert!(fit.interval_at(1, 0.5).is_none() && fit.causes[1].conf_low[0].is_none());
}

// Golden reference.

fn golden() -> Value {
    parse(include_str!("../../golden/competing_risks.json"))
}

fn whole(value: &Value) -> Vec<usize> {
    numbers(value).into_iter().map(|x| x as usize).collect()
}

#[test]
fn survfit_has_the_same_curves() {
    for case in golden().as_array().unwrap() {
        let (time, causes) = (numbers(&case["time"]), whole(&case["cause"]));
        let event: Vec<bool> = causes.iter().map(|&cause| cause > 0).collect();
        for expected in case["curves"].as_array().unwrap() {
            let interval = match expected["type"].as_str().unwrap() {
                "plain" => SurvivalInterval::Plain,
                "log" => SurvivalInterval::Log,
                _ => SurvivalInterval::LogLog,
            };
            let settings = CumulativeIncidence { interval, ..CumulativeIncidence::default() };
            let fit = settings.fit(&prepared(&time, &event), &causes).unwrap();
            for (row, time) in numbers(&expected["time"]).into_iter().enumerate() {
                assert_eq!(fit.time[row], time);
                let left = number(&expected["event_free"][row]);
                assert!((fit.event_free[row] - left).abs() < R, "S at {time}");
                for (k, curve) in fit.causes.iter().enumerate() {
                    let of = |name: &str| expected[name][row][k].as_f64();
                    assert_close(curve.incidence[row], of("incidence").unwrap(), R, "incidence");
                    // A variance is a sum of terms of both signs.
                    assert!((curve.std_error[row] - of("std_error").unwrap()).abs() < 1e-9, "se");
                    // R has limits of an incidence of 0 too, on the plain scale.
                    if curve.incidence[row] > 0.0 {
                        assert_close(curve.conf_low[row].unwrap(), of("low").unwrap(), 1e-9, "low");
                        assert_close(curve.conf_high[row].unwrap(), of("high").unwrap(), 1e-9, "high");
                    }
                }
            }
        }
    }
}

#[test]
fn cmprsk_has_the_same_tests() {
    for case in golden().as_array().unwrap() {
        let (time, causes) = (numbers(&case["time"]), whole(&case["cause"]));
        let (groups, strata) = (whole(&case["group"]), whole(&case["stratum"]));
        let event: Vec<bool> = causes.iter().map(|&cause| cause > 0).collect();
        let stratified = SurvivalData { strata: Some(&strata), ..SurvivalData::new(&time, &event) };
        let tests = [
            (Gray::default(), prepared(&time, &event)),
            (Gray { rho: 1.0 }, prepared(&time, &event)),
            (Gray::default(), stratified.prepare().unwrap()),
        ];
        for ((gray, times), expected) in tests.iter().zip(case["gray"].as_array().unwrap()) {
            for cause in [1, 2] {
                let result = gray.run(times, &causes, &groups, cause).unwrap();
                let expected = numbers(&expected[cause - 1]);
                assert_close(result.chi_square, expected[0], 1e-10, "chi-square");
                assert_close(result.p_value, expected[1], 1e-10, "p");
                assert_eq!(result.df, expected[2]);
            }
        }
    }
}

#[test]
fn what_has_no_curve_or_test_is_refused() {
    let times = prepared(&[1.0, 2.0, 3.0], &[true, false, true]);
    let fit = |causes: &[usize]| CumulativeIncidence::default().fit(&times, causes).unwrap_err();
    assert_eq!(fit(&[1, 1, 1]), SurvivalError::Cause { row: 1 });
    assert_eq!(fit(&[1, 0, 0]), SurvivalError::Cause { row: 2 });
    assert_eq!(fit(&[1, 0, 99]), SurvivalError::Cause { row: 2 });
    assert_eq!(fit(&[1, 0]), SurvivalError::Length { column: "the cause", found: 2, needed: 3 });
    let gray =
        |causes: &[usize], groups: &[usize], cause| Gray::default().run(&times, causes, groups, cause).unwrap_err();
    assert_eq!(gray(&[1, 0, 1], &[0, 1, 0], 2), SurvivalError::NoEvents);
    assert_eq!(gray(&[1, 0, 1], &[0, 0, 0], 1), SurvivalError::TooFewGroups { found: 1, needed: 2 });
    let negative = Gray { rho: -1.0 }.run(&times, &[1, 0, 1], &[0, 1, 0], 1).unwrap_err();
    assert_eq!(negative, SurvivalError::NotAnExponent { rho: -1.0, gamma: 0.0 });
    let entry = [0.0, 0.5, 0.0];
    let data = SurvivalData { entry: Some(&entry), ..SurvivalData::new(&[1.0, 2.0, 3.0], &[true; 3]) };
    let refused = Gray::default().run(&data.prepare().unwrap(), &[1, 1, 2], &[0, 1, 0], 1).unwrap_err();
    assert_eq!(refused, SurvivalError::NotDefinedFor { method: "Gray's test", data: "late entry" });
    // All censored: a curve of nothing.
    let nothing = curves(&[1.0, 2.0], &[0, 0]);
    assert!(nothing.causes.is_empty() && nothing.event_free == [1.0, 1.0]);
}

// Definition and properties.

fn people() -> impl Strategy<Value = Vec<(f64, usize, usize)>> {
    prop::collection::vec(
        (1_u8..12, 0_usize..3, 0_usize..2).prop_map(|(t, cause, group)| (f64::from(t), cause, group)),
        4..40,
    )
}

proptest! {
    #[test]
    fn the_causes_and_the_event_free_are_all(people in people()) {
        let time: Vec<f64> = people.iter().map(|person| person.0).collect();
        let causes: Vec<usize> = people.iter().map(|person| person.1).collect();
        let event: Vec<bool> = causes.iter().map(|&cause| cause > 0).collect();
        let fit = curves(&time, &causes);
        let alone = KaplanMeier::default().fit(&prepared(&time, &event)).unwrap();
        for row in 0..fit.time.len() {
            let any: f64 = fit.causes.iter().map(|curve| curve.incidence[row]).sum();
            prop_assert!((any + fit.event_free[row] - 1.0).abs() < 1e-12);
            prop_assert!((fit.event_free[row] - alone.survival[row]).abs() < 1e-12);
        }
        // With one cause it is the complement of Kaplan–Meier, with Greenwood's error.
        let one: Vec<usize> = event.iter().map(|&event| usize::from(event)).collect();
        let single = curves(&time, &one);
        if let [curve] = single.causes.as_slice() {
            for row in 0..single.time.len() {
                prop_assert!((curve.incidence[row] - (1.0 - alone.survival[row])).abs() < 1e-12);
                if let Some(std_error) = alone.std_error[row] {
                    prop_assert!((curve.std_error[row] - std_error).abs() < 1e-7);
                }
            }
        }
    }

    #[test]
    fn the_groups_exchanged_are_the_same_test(people in people()) {
        let time: Vec<f64> = people.iter().map(|person| person.0).collect();
        let causes: Vec<usize> = people.iter().map(|person| person.1).collect();
        let event: Vec<bool> = causes.iter().map(|&cause| cause > 0).collect();
        let groups: Vec<usize> = people.iter().map(|person| person.2).collect();
        let exchanged: Vec<usize> = groups.iter().map(|group| 1 - group).collect();
        let times = prepared(&time, &event);
        match (Gray::default().run(&times, &causes, &groups, 1), Gray::default().run(&times, &causes, &exchanged, 1)) {
            (Ok(one), Ok(other)) => {
                prop_assert!((one.chi_square - other.chi_square).abs() <= 1e-8 * (1.0 + one.chi_square));
                prop_assert!((one.observed.iter().sum::<f64>() - one.expected.iter().sum::<f64>()).abs() < 1e-9);
            }
            (one, other) => prop_assert!(one.is_err() && other.is_err(), "{one:?} {other:?}"),
        }
    }
}

#[test]
fn with_one_cause_it_is_near_the_log_rank_test() {
    let time: Vec<f64> = (1..=40).map(f64::from).collect();
    let groups: Vec<usize> = (0..40).map(|row| usize::from(row % 3 == 0)).collect();
    let times = prepared(&time, &[true; 40]);
    let gray = Gray::default().run(&times, &[1; 40], &groups, 1).unwrap();
    let log_rank = LogRank::default().run(&times, &groups).unwrap();
    assert_close(gray.observed[0] - gray.expected[0], log_rank.observed[0] - log_rank.expected[0], 1e-12, "O - E");
    assert!((gray.chi_square / log_rank.chi_square - 1.0).abs() < 0.05);
}
