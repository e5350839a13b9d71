use proptest::prelude::*;
use restudy_stats::survival::{KaplanMeier, NelsonAalen, SurvivalData, SurvivalError, SurvivalInterval};

use super::{GOLDEN, Golden, prepared, rows, unzip};
use crate::golden::{CLOSED_FORM, assert_close, number, numbers, options};

fn curve(time: &[f64], event: &[bool]) -> restudy_stats::survival::SurvivalCurve {
    KaplanMeier::default().fit(&prepared(time, event)).unwrap()
}

// By hand.

#[test]
fn four_patients() {
    // One censored at the time of the first event: still at risk at it.
    let curve = curve(&[1.0, 1.0, 2.0, 3.0], &[true, false, true, false]);
    assert_eq!(curve.time, [1.0, 2.0, 3.0]);
    assert_eq!((curve.n_risk.as_slice(), curve.n_censored.as_slice()), (&[4.0, 2.0, 1.0][..], &[1.0, 0.0, 1.0][..]));
    assert_eq!(curve.survival, [0.75, 0.375, 0.375]);
    // Greenwood: 1/(4·3), then + 1/(2·1).
    assert_close(curve.std_error[0].unwrap(), 0.75 * (1.0_f64 / 12.0).sqrt(), CLOSED_FORM, "se");
    assert_close(curve.std_error[1].unwrap(), 0.375 * (7.0_f64 / 12.0).sqrt(), CLOSED_FORM, "se");
    assert_eq!([0.0, 0.9, 1.0, 2.5, 3.0].map(|t| curve.at(t)), [1.0, 1.0, 0.75, 0.375, 0.375].map(Some));
    assert_eq!([-1.0, 3.1, f64::NAN].map(|t| curve.at(t)), [None; 3]);
    assert_eq!([0.0, 1.0, 1.5, 2.0, 3.0, 4.0].map(|t| curve.at_risk(t)), [4.0, 4.0, 2.0, 2.0, 1.0, 0.0]);
    // 1 · 1 + 1 · 0.75 + 0.5 · 0.375; the area beyond 1 is 0.9375, beyond 2 0.1875.
    let mean = curve.restricted_mean(2.5).unwrap();
    assert_close(mean.value, 1.9375, CLOSED_FORM, "mean");
    let variance: f64 = 0.9375 * 0.9375 / 12.0 + 0.1875 * 0.1875 / 2.0;
    assert_close(mean.std_error, variance.sqrt(), CLOSED_FORM, "its standard error");
    let beyond = SurvivalError::BeyondFollowUp { time: 4.0, last: 3.0 };
    assert_eq!(curve.restricted_mean(4.0), Err(beyond));
    assert_eq!(curve.quantile(1.0), Err(SurvivalError::NotAProbability { probability: 1.0 }));
}

#[test]
fn limits_are_symmetric_on_their_scale() {
    // S(4) = 0.4 of ten, far enough from 0 and 1 that no limit is cut.
    let time = [1.0, 1.0, 2.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
    let event = [true, true, true, true, true, true, false, false, false, false];
    let on_scale = |interval: SurvivalInterval, s: f64| match interval {
        SurvivalInterval::Plain => s,
        SurvivalInterval::Log => s.ln(),
        SurvivalInterval::LogLog => (-s.ln()).ln(),
    };
    for interval in [SurvivalInterval::Plain, SurvivalInterval::Log, SurvivalInterval::LogLog] {
        let curve = KaplanMeier { interval, ..KaplanMeier::default() }.fit(&prepared(&time, &event)).unwrap();
        let (s, limits) = (curve.at(4.0).unwrap(), curve.interval_at(4.0).unwrap());
        assert!(0.0 < limits.low && limits.low < s && s < limits.high && limits.high < 1.0);
        let middle = f64::midpoint(on_scale(interval, limits.low), on_scale(interval, limits.high));
        assert_close(middle, on_scale(interval, s), CLOSED_FORM, "the middle");
    }
}

#[test]
fn a_median_on_a_level_is_its_middle() {
    // survfit in R prints 4.5, 3 (to the end of follow-up) and nothing.
    let last_events = curve(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[true, true, true, false, false, true]);
    assert_eq!(last_events.median().value, Some(4.5));
    let ends_there = curve(&[1.0, 2.0, 3.0, 4.0], &[true, true, false, false]);
    assert_eq!(ends_there.median().value, Some(3.0));
    assert_eq!(ends_there.quantile(0.25).unwrap().value, Some(1.5));
    let not_reached = curve(&[1.0, 2.0, 3.0], &[true, false, false]);
    assert_eq!((not_reached.median().value, not_reached.median().high), (None, None));
}

#[test]
fn at_zero_there_are_no_limits_and_before_the_first_event_no_loglog_ones() {
    let times = prepared(&[1.0, 2.0], &[false, true]);
    let curve = KaplanMeier { interval: SurvivalInterval::LogLog, ..KaplanMeier::default() }.fit(&times).unwrap();
    assert_eq!((curve.survival, curve.std_error), (vec![1.0, 0.0], vec![Some(0.0), None]));
    assert_eq!((curve.conf_low, curve.conf_high), (vec![None, None], vec![None, None]));
}

#[test]
fn nobody_has_the_event() {
    let curve = curve(&[1.0, 2.0], &[false, false]);
    assert_eq!((curve.median().value, curve.at(2.0)), (None, Some(1.0)));
    assert_eq!(curve.restricted_mean(2.0).unwrap().std_error, 0.0);
}

#[test]
fn strata_have_a_curve_each() {
    let data = SurvivalData { strata: Some(&[7, 3, 7, 3]), ..SurvivalData::new(&[1.0, 2.0, 3.0, 4.0], &[true; 4]) };
    let times = data.prepare().unwrap();
    assert_eq!(KaplanMeier::default().fit(&times), Err(SurvivalError::Stratified { strata: 2 }));
    let curves = KaplanMeier::default().fit_each(&times);
    assert_eq!(curves.iter().map(|curve| curve.time.clone()).collect::<Vec<_>>(), [vec![2.0, 4.0], vec![1.0, 3.0]]);
}

#[test]
fn follow_up_by_the_reverse_curve() {
    // Censored at 2 and 4, events at 1 and 3: reversed S = 1, 2/3, 2/3, 0, whose median is 4.
    let times = prepared(&[1.0, 2.0, 3.0, 4.0], &[true, false, true, false]);
    let curve = KaplanMeier::default().fit(&times.reversed()).unwrap();
    assert_close(curve.at(2.0).unwrap(), 2.0 / 3.0, CLOSED_FORM, "reversed");
    assert_eq!(curve.median().value, Some(4.0));
}

// Golden.

#[test]
fn late_entry_and_weights_as_in_r() {
    let golden = Golden::read();
    let times = golden.prepared(false);
    let (curve, hazard) = (KaplanMeier::default().fit(&times).unwrap(), NelsonAalen::default().fit(&times).unwrap());
    let expected = &golden.answers["kaplan_meier"];
    assert_eq!(curve.time, numbers(&expected["time"]));
    assert_eq!(curve.n_risk, numbers(&expected["n_risk"]));
    assert_eq!(curve.n_event, numbers(&expected["n_event"]));
    assert_eq!(curve.n_censored, numbers(&expected["n_censor"]));
    let close = |obtained: &[Option<f64>], name: &str| {
        for (obtained, expected) in obtained.iter().zip(options(&expected[name])) {
            match (obtained, expected) {
                (Some(obtained), Some(expected)) => assert_close(*obtained, expected, GOLDEN, name),
                both => assert_eq!(both, (&None, None)),
            }
        }
    };
    let known = |column: &[f64]| column.iter().copied().map(Some).collect::<Vec<_>>();
    close(&known(&curve.survival), "surv");
    close(&curve.std_error, "se");
    close(&curve.conf_low, "low");
    close(&curve.conf_high, "high");
    close(&known(&hazard.hazard), "hazard");
    assert_close(number(&expected["n_risk"][3]), curve.at_risk(curve.time[3]), CLOSED_FORM, "at risk");
}

// Definition and properties.

proptest! {
    #[test]
    fn without_censoring_it_is_the_empirical_distribution(times in prop::collection::vec(1_u8..20, 1..40), t in 0_u8..20) {
        let time: Vec<f64> = times.iter().map(|t| f64::from(*t)).collect();
        let n = time.len() as f64;
        let curve = curve(&time, &vec![true; time.len()]);
        let beyond = times.iter().filter(|time| **time > t).count() as f64;
        let s = curve.at(f64::from(t)).unwrap();
        prop_assert!((s - beyond / n).abs() < 1e-14);
        // Greenwood is then the binomial variance, and the restricted mean the mean.
        if let Some(row) = curve.time.iter().position(|time| *time == f64::from(t)).filter(|_| s > 0.0) {
            prop_assert!((curve.std_error[row].unwrap() - (s * (1.0 - s) / n).sqrt()).abs() < 1e-14);
        }
        let mean = time.iter().sum::<f64>() / n;
        let end = curve.time[curve.time.len() - 1];
        prop_assert!((curve.restricted_mean(end).unwrap().value / mean - 1.0).abs() < 1e-13);
    }

    #[test]
    fn a_weight_is_so_many_rows(rows in rows(), weights in prop::collection::vec(1_u8..4, 40)) {
        let (time, event, _, _) = unzip(&rows);
        let weights: Vec<f64> = weights[..rows.len()].iter().map(|w| f64::from(*w)).collect();
        let data = SurvivalData { weights: Some(&weights), ..SurvivalData::new(&time, &event) };
        let weighted = KaplanMeier::default().fit(&data.prepare().unwrap()).unwrap();
        let repeated: Vec<usize> =
            weights.iter().enumerate().flat_map(|(i, w)| std::iter::repeat_n(i, *w as usize)).collect();
        let time: Vec<f64> = repeated.iter().map(|&i| time[i]).collect();
        let event: Vec<bool> = repeated.iter().map(|&i| event[i]).collect();
        prop_assert_eq!(weighted, curve(&time, &event));
    }

    #[test]
    fn it_falls_and_lies_within_its_limits(rows in rows(), interval in 0_usize..3) {
        let (time, event, _, _) = unzip(&rows);
        let interval = [SurvivalInterval::Plain, SurvivalInterval::Log, SurvivalInterval::LogLog][interval];
        let curve = KaplanMeier { interval, ..KaplanMeier::default() }.fit(&prepared(&time, &event)).unwrap();
        prop_assert!(curve.survival.windows(2).all(|pair| pair[0] >= pair[1]));
        for (row, s) in curve.survival.iter().enumerate() {
            if let (Some(low), Some(high)) = (curve.conf_low[row], curve.conf_high[row]) {
                prop_assert!(0.0 <= low && low <= *s && *s <= high && high <= 1.0);
            }
        }
    }
}

#[test]
fn restricted_means_are_compared() {
    // Events at 1 and 2 of two: S = ½ from 1 to 2; RMST(2) = 1.5, var = 0.5² · 1/(2 · 1) = 1/8. Nobody before 2 of two: 2.
    let mean = |time: &[f64], event: &[bool]| {
        KaplanMeier::default().fit(&prepared(time, event)).unwrap().restricted_mean(2.0).unwrap()
    };
    let (first, second) = (mean(&[1.0, 2.0], &[true, true]), mean(&[3.0, 4.0], &[true, true]));
    let difference = first.less(&second, restudy_stats::Level::default()).unwrap();
    assert_eq!((difference.value, difference.std_error), (-0.5, 0.125_f64.sqrt()));
    let z = -0.5 / 0.125_f64.sqrt();
    assert_eq!(difference.z, Some(z));
    assert_eq!(difference.p_value, Some(restudy_stats::dist::Normal.two_sided(z)));
    let none = second.less(&second, restudy_stats::Level::default()).unwrap();
    assert_eq!((none.value, none.z, none.p_value), (0.0, None, None));
    let longer =
        KaplanMeier::default().fit(&prepared(&[3.0, 4.0], &[true, true])).unwrap().restricted_mean(3.0).unwrap();
    assert!(first.less(&longer, restudy_stats::Level::default()).is_none());
}
