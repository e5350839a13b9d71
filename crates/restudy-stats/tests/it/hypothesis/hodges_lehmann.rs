use proptest::prelude::*;
use restudy_stats::effect::{Effect, EffectProcedure};
use restudy_stats::hypothesis::{
    HodgesLehmannPseudomedian, HodgesLehmannShift, MannWhitney, RankInterval, RankIntervalChoice, RankNullChoice,
    Remark, WilcoxonSignedRank,
};
use restudy_stats::{Level, TestError};
use serde_json::Value;

use crate::golden::{CLOSED_FORM, REFERENCE, assert_close, number, numbers, parse};

fn limits(effect: &Effect) -> (f64, f64) {
    let interval = effect.estimate.interval.unwrap();
    (interval.low, interval.high)
}

#[test]
fn by_hand() {
    // Differences of {1, 5} and {2, 3, 7}: −6, −2, −2 … sorted −6, −2, −2, −1, 2, 3; the middle two are −2 and −1.
    let shift = HodgesLehmannShift::default().run(&[1.0, 5.0], &[2.0, 3.0, 7.0]).unwrap();
    assert_eq!(shift.estimate.value, -1.5);
    // All ten assignments of ranks are equally likely: even the extremes cover only 1 − 2/10.
    assert_eq!(limits(&shift), (-6.0, 3.0));
    assert_close(shift.coverage.unwrap(), 0.8, CLOSED_FORM, "coverage");
    assert_eq!(shift.procedure.key(), "hodges_lehmann_shift/exact");

    // Averages of {0, 2, 10}: 0, 1, 2, 5, 6, 10.
    let centre = HodgesLehmannPseudomedian::default().run(&[0.0, 2.0, 10.0]).unwrap();
    assert_eq!(centre.estimate.value, 3.5);
    assert_eq!(limits(&centre), (0.0, 10.0));
    assert_close(centre.coverage.unwrap(), 0.75, CLOSED_FORM, "coverage");
}

fn compare(case: &Value, run: impl Fn(RankIntervalChoice, Level) -> Effect) {
    let level = Level::new(number(&case["level"])).unwrap();
    for (key, choice) in [
        ("exact", RankIntervalChoice::Exact),
        ("asymptotic_continuity", RankIntervalChoice::Normal { continuity: true }),
        ("asymptotic", RankIntervalChoice::Normal { continuity: false }),
    ] {
        if case[key].is_null() {
            continue;
        }
        let what = |name: &str| format!("{} {key} {name}", case["id"]);
        let (effect, expected) = (run(choice, level), numbers(&case[key]));
        assert_close(effect.estimate.value, number(&case["estimate"]), CLOSED_FORM, &what("estimate"));
        assert_close(limits(&effect).0, expected[0], CLOSED_FORM, &what("low"));
        assert_close(limits(&effect).1, expected[1], CLOSED_FORM, &what("high"));
        if key == "exact" {
            assert_close(effect.coverage.unwrap(), number(&case["exact_coverage"]), REFERENCE, &what("coverage"));
        } else {
            assert_eq!(effect.coverage, None);
        }
    }
}

#[test]
fn reference() {
    let golden = parse(include_str!("../../golden/hodges_lehmann.json"));
    for case in golden["shifts"].as_array().unwrap() {
        let (first, second) = (numbers(&case["first"]), numbers(&case["second"]));
        compare(case, |interval, level| HodgesLehmannShift { interval, level }.run(&first, &second).unwrap());
    }
    for case in golden["pseudomedians"].as_array().unwrap() {
        let values = numbers(&case["values"]);
        compare(case, |interval, level| HodgesLehmannPseudomedian { interval, level }.run(&values).unwrap());
    }
}

#[test]
fn auto() {
    let distinct = |n: u32| (1..=n).map(|i| f64::from(i * i)).collect::<Vec<_>>();
    let normal = RankInterval::Normal { continuity: true };
    let shift = |first: &[f64], second: &[f64]| HodgesLehmannShift::default().run(first, second).unwrap();
    let halves: Vec<f64> = distinct(49).iter().map(|x| x + 0.5).collect();
    let exact = shift(&distinct(49), &halves);
    assert_eq!(exact.procedure, EffectProcedure::HodgesLehmannShift { interval: RankInterval::Exact });
    assert_eq!(shift(&distinct(50), &halves).procedure, EffectProcedure::HodgesLehmannShift { interval: normal });
    let tied = shift(&[1.0, 2.0], &[2.0, 3.0]);
    assert_eq!(tied.procedure, EffectProcedure::HodgesLehmannShift { interval: normal });
    assert_eq!(tied.remarks, [Remark::Ties]);
    let tied = HodgesLehmannPseudomedian::default().run(&[1.0, 1.0, 3.0]).unwrap();
    assert_eq!(tied.procedure, EffectProcedure::HodgesLehmannPseudomedian { interval: normal });
}

/// The tests do not reject a shift inside the exact interval, and reject one outside it.
#[test]
fn definition() {
    let first = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    let second = [1.15, 0.88, 0.90, 0.74, 1.21, 0.11, 2.31];
    let shift = HodgesLehmannShift { interval: RankIntervalChoice::Exact, ..HodgesLehmannShift::default() };
    let centre =
        HodgesLehmannPseudomedian { interval: RankIntervalChoice::Exact, ..HodgesLehmannPseudomedian::default() };
    let (shift, centre) = (limits(&shift.run(&first, &second).unwrap()), limits(&centre.run(&first).unwrap()));
    let nudge = 1e-6;
    for (low, high, rejected) in [(nudge, -nudge, false), (-nudge, nudge, true)] {
        for delta in [shift.0 + low, shift.1 + high] {
            let moved: Vec<f64> = first.iter().map(|x| x - delta).collect();
            let p = MannWhitney { null: RankNullChoice::Exact, ..MannWhitney::default() }.run(&moved, &second);
            assert_eq!(p.unwrap().p_value <= 0.05, rejected, "shift {delta}");
        }
        for null_difference in [centre.0 + low, centre.1 + high] {
            let test = WilcoxonSignedRank { null_difference, ..WilcoxonSignedRank::default() };
            let p_value = test.run_on_differences(&first).unwrap().p_value;
            assert_eq!(p_value <= 0.05, rejected, "centre {null_difference}");
        }
    }
}

/// The selection against a sort where the sums are too many to be collected at once: smooth, tied, with far outliers, and
/// all equal.
#[test]
fn selection_of_many_is_sorting() {
    let spread = |n: u32, seed: f64| (1..=n).map(move |i| (f64::from(i) * 0.618_033_988_749_894_9 + seed).fract());
    let shapes: [fn(f64) -> f64; 4] = [|u| u, |u| (12.0 * u).floor(), |u| (40.0 * (u - 0.5)).sinh(), |_| 3.0];
    for shape in shapes {
        let first: Vec<f64> = spread(301, 0.1).map(shape).collect();
        let second: Vec<f64> = spread(400, 0.7).map(shape).collect();
        let mut all: Vec<f64> = first.iter().flat_map(|a| second.iter().map(move |b| a - b)).collect();
        all.sort_unstable_by(f64::total_cmp);
        let (low, high) = (all[all.len() / 2 - 1], all[all.len() / 2]);
        let shift = HodgesLehmannShift::default().run(&first, &second).unwrap();
        assert_eq!(shift.estimate.value, low.midpoint(high));
        let mut averages: Vec<f64> = (0..400)
            .flat_map(|i| (i..400).map(move |j| (i, j)))
            .map(|(i, j)| second[i] / 2.0 + second[j] / 2.0)
            .collect();
        averages.sort_unstable_by(f64::total_cmp);
        let (low, high) = (averages[averages.len() / 2 - 1], averages[averages.len() / 2]);
        let centre = HodgesLehmannPseudomedian::default().run(&second).unwrap();
        assert_eq!(centre.estimate.value, low.midpoint(high));
    }
}

#[test]
fn refusals() {
    let run = |first: &[f64], second: &[f64]| HodgesLehmannShift::default().run(first, second);
    assert_eq!(run(&[1.0], &[]), Err(TestError::TooFew { group: 1, found: 0, needed: 1 }));
    assert_eq!(run(&[1.0], &[f64::INFINITY]), Err(TestError::NotFinite { group: 1, position: 0 }));
    let exact = HodgesLehmannPseudomedian { interval: RankIntervalChoice::Exact, ..Default::default() };
    assert_eq!(exact.run(&vec![0.0; 1001]), Err(TestError::TooLargeForExact { n: 1001 }));
    let exact = HodgesLehmannShift { interval: RankIntervalChoice::Exact, ..Default::default() };
    assert!(matches!(exact.run(&vec![0.0; 5000], &vec![1.0; 5000]), Err(TestError::TooLargeForExact { n: 10_000 })));
}

proptest! {
    /// The selection against a sort of every difference and average, with many ties and few.
    #[test]
    fn selection_is_sorting(
        first in prop::collection::vec(-1e3_f64..1e3, 1..60),
        second in prop::collection::vec(-1e3_f64..1e3, 1..60),
        coarse: bool, scale in 0.1_f64..100.0,
    ) {
        let grain = |x: &f64| if coarse { (x / 200.0).round() * scale } else { *x };
        let first: Vec<f64> = first.iter().map(grain).collect();
        let second: Vec<f64> = second.iter().map(grain).collect();
        let middle = |mut all: Vec<f64>| {
            all.sort_unstable_by(f64::total_cmp);
            let (low, high) = (all[(all.len() - 1) / 2], all[all.len() / 2]);
            low.midpoint(high)
        };
        let differences = first.iter().flat_map(|a| second.iter().map(move |b| a - b)).collect();
        let shift = HodgesLehmannShift::default().run(&first, &second).unwrap();
        prop_assert_eq!(shift.estimate.value, middle(differences));
        let averages =
            (0..first.len()).flat_map(|i| first[i..].iter().map(|x| first[i] / 2.0 + x / 2.0).collect::<Vec<_>>());
        let centre = HodgesLehmannPseudomedian::default().run(&first).unwrap();
        // Which of two values comes first in a sum may change its last digit.
        prop_assert!((centre.estimate.value - middle(averages.collect())).abs() <= 1e-13 * scale.max(1.0) * 1e3);
        let swapped = HodgesLehmannShift::default().run(&second, &first).unwrap();
        prop_assert_eq!(limits(&shift), (-limits(&swapped).1, -limits(&swapped).0));
    }
}
