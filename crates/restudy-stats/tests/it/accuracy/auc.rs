use proptest::prelude::*;
use restudy_stats::accuracy::{Auc, AucInterval, AucLimits, Direction, Roc, ScoreTable};
use restudy_stats::dist::Normal;
use restudy_stats::hypothesis::{MannWhitney, RankNullChoice, Statistic};
use restudy_stats::{Level, TestError};

use super::{CASES, CONTROLS, HIGHER, LOWER, dlm_scores};
use crate::exact::{P_VALUE, STATISTIC, assert_close};

fn with(interval: AucInterval) -> Auc {
    Auc { interval, ..Auc::default() }
}

// By hand.

#[test]
fn four_cases_and_five_controls() {
    // Controls below each case, ties half: 1.5, 3.5, 5, 3.5 of 5: U = 13.5 of 20. Cases above each control: 4, 3.5, 3, 2,
    // 1 of 4. Deviations from 0.675 of the cases: -0.375, 0.025, 0.325, 0.025, squares 0.2475 over 3 · 4; of the
    // controls: 0.325, 0.2, 0.075, -0.175, -0.425, squares 0.3625 over 4 · 5.
    let curve = HIGHER.run(&CASES, &CONTROLS).unwrap();
    let auc = Auc::default().run(&curve);
    let variance: f64 = 0.2475 / 12.0 + 0.3625 / 20.0;
    assert_eq!((auc.value, auc.n_cases, auc.n_controls), (0.675, 4, 5));
    assert_close(auc.std_error.unwrap(), variance.sqrt(), STATISTIC);
    let z = 0.175 / variance.sqrt();
    assert_close(auc.z.unwrap(), z, STATISTIC);
    assert_close(auc.p_value.unwrap(), Normal.two_sided(z), P_VALUE);
    // 0.675 + 1.96 · 0.197 > 1.
    let Some(AucLimits::TwoSided(AucInterval::DeLong, limits)) = auc.limits else { panic!("two-sided") };
    assert_close(limits.low, 0.675 - Normal.upper_quantile(0.025) * variance.sqrt(), STATISTIC);
    assert_eq!(limits.high, 1.0);
    assert_eq!(curve.true_positives(), [4, 4, 3, 3, 1, 1, 0]);
    assert_eq!(curve.false_positives(), [5, 4, 3, 2, 1, 0, 0]);
    assert_eq!(curve.sensitivity()[4], 0.25);
    assert_eq!(curve.specificity()[4], 0.8);
}

#[test]
fn the_limits_solve_their_equations() {
    let curve = HIGHER.run(&CASES, &CONTROLS).unwrap();
    let z = Normal.upper_quantile(0.025);
    let auc = with(AucInterval::LogitDeLong).run(&curve);
    let logit = |p: f64| (p / (1.0 - p)).ln();
    let limits = auc.limits.unwrap().interval();
    let reach = z * auc.std_error.unwrap() / (0.675 * 0.325);
    assert_close(logit(limits.low), logit(0.675) - reach, STATISTIC);
    assert_close(logit(limits.high), logit(0.675) + reach, STATISTIC);
    // Hanley and McNeil, as printed: Q1 = A/(2 - A), Q2 = 2A²/(1 + A).
    let auc = with(AucInterval::HanleyMcNeil).run(&curve);
    let (a, q1, q2) = (0.675, 0.675 / 1.325, 2.0 * 0.675 * 0.675 / 1.675);
    let variance: f64 = (a * (1.0 - a) + 3.0 * (q1 - a * a) + 4.0 * (q2 - a * a)) / 20.0;
    assert_close(auc.std_error.unwrap(), variance.sqrt(), STATISTIC);
    assert_close(auc.limits.unwrap().interval().low, 0.675 - z * variance.sqrt(), STATISTIC);
}

#[test]
fn hanley_and_mcneil_1982() {
    // Their Table II, 51 abnormal and 58 normal images: area 0.893, standard error 0.032 by the exponential formula.
    let table = ScoreTable::new(&[1.0, 2.0, 3.0, 4.0, 5.0], &[3, 2, 2, 11, 33], &[33, 6, 6, 11, 2]).unwrap();
    let auc = with(AucInterval::HanleyMcNeil).run(&HIGHER.run_on_counts(&table));
    assert_eq!(format!("{:.3} {:.3}", auc.value, auc.std_error.unwrap()), "0.893 0.032");
}

#[test]
fn the_papers_score() {
    assert_eq!(format!("{:.3}", Auc::default().run(&dlm_scores()).value), "0.905");
}

#[test]
fn complete_separation_has_one_limit() {
    for interval in [AucInterval::DeLong, AucInterval::LogitDeLong, AucInterval::HanleyMcNeil] {
        let auc = with(interval).run(&HIGHER.run(&[3.0, 4.0, 5.0], &[1.0, 2.0]).unwrap());
        assert_eq!((auc.value, auc.std_error, auc.z, auc.p_value), (1.0, Some(0.0), None, None));
        let Some(AucLimits::SeparationLowerBound(limits)) = auc.limits else { panic!("a lower bound") };
        // Two pairs without a common member, both right: A² = 0.05.
        assert_close(limits.low, 0.05_f64.sqrt(), STATISTIC);
        assert_eq!(limits.high, 1.0);
        let auc = with(interval).run(&LOWER.run(&[3.0, 4.0, 5.0], &[1.0, 2.0]).unwrap());
        let Some(AucLimits::SeparationUpperBound(limits)) = auc.limits else { panic!("an upper bound") };
        assert_eq!((auc.value, limits.low), (0.0, 0.0));
        assert_close(limits.high, 1.0 - 0.05_f64.sqrt(), STATISTIC);
    }
    let auc = Auc { level: Level::new(0.9).unwrap(), ..Auc::default() }.run(&HIGHER.run(&[2.0], &[1.0]).unwrap());
    assert_close(auc.limits.unwrap().interval().low, 0.1, STATISTIC);
}

#[test]
fn a_single_case_has_no_delong_variance() {
    let curve = HIGHER.run(&[2.0], &[1.0, 3.0]).unwrap();
    let auc = Auc::default().run(&curve);
    assert_eq!((auc.value, auc.std_error, auc.limits, auc.p_value), (0.5, None, None, None));
    assert!(with(AucInterval::HanleyMcNeil).run(&curve).limits.is_some());
}

// Degenerate input.

#[test]
fn what_has_no_curve_is_refused() {
    let refused = |cases: &[f64], controls: &[f64]| HIGHER.run(cases, controls).unwrap_err();
    assert_eq!(refused(&[], &[1.0]), TestError::TooFew { group: 0, found: 0, needed: 1 });
    assert_eq!(refused(&[1.0], &[]), TestError::TooFew { group: 1, found: 0, needed: 1 });
    assert_eq!(refused(&[1.0, f64::NAN], &[1.0]), TestError::NotFinite { group: 0, position: 1 });
    assert_eq!(refused(&[1.0], &[f64::INFINITY]), TestError::NotFinite { group: 1, position: 0 });
    assert_eq!(refused(&[1.0, 1.0], &[1.0]), TestError::NoSpread);
}

#[test]
fn a_score_table_that_is_none_is_refused() {
    let new = |scores: &[f64], cases: &[u64], controls: &[u64]| ScoreTable::new(scores, cases, controls).unwrap_err();
    assert_eq!(new(&[0.0, 1.0], &[1], &[1, 1]), TestError::UnequalLengths { first: 2, second: 1 });
    assert_eq!(new(&[0.0, f64::NAN], &[1, 1], &[1, 1]), TestError::NotFinite { group: 0, position: 1 });
    assert_eq!(new(&[0.0, 0.0], &[1, 1], &[1, 1]), TestError::NotSorted { position: 1 });
    assert_eq!(new(&[], &[], &[]), TestError::TooFew { group: 0, found: 0, needed: 1 });
    assert_eq!(new(&[0.0, 1.0], &[1, 1], &[0, 0]), TestError::TooFew { group: 1, found: 0, needed: 1 });
    assert_eq!(new(&[0.0, 1.0], &[1, 0], &[1, 0]), TestError::NoSpread);
    let limit = u64::from(u32::MAX);
    assert_eq!(new(&[0.0, 1.0], &[u64::MAX, 1], &[1, 1]), TestError::TooManyCounts { limit });
    assert_eq!(new(&[0.0, 1.0], &[limit, 0], &[0, 1]), TestError::TooManyCounts { limit });
}

#[test]
fn the_largest_table_has_room() {
    let half = u64::from(u32::MAX) / 2;
    let table = ScoreTable::new(&[0.0, 1.0], &[half / 2, half / 2], &[half / 2, half / 2]).unwrap();
    let auc = Auc::default().run(&HIGHER.run_on_counts(&table));
    assert_eq!(auc.value, 0.5);
    // Placements are 1/4 and 3/4 in both groups: variances n/(n − 1)/16.
    let n = (half / 2 * 2) as f64;
    assert_close(auc.std_error.unwrap(), (2.0 / 16.0 / (n - 1.0)).sqrt(), STATISTIC);
}

// Definition and properties.

fn marker() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    // Few distinct values, so that there are ties.
    let group = || prop::collection::vec((-8_i32..8).prop_map(|x| f64::from(x) / 2.0), 2..20);
    (group(), group())
        .prop_filter("two values", |(cases, controls)| cases.iter().chain(controls).any(|x| x != &cases[0]))
}

proptest! {
    #[test]
    fn it_is_the_share_of_pairs_in_the_right_order((cases, controls) in marker()) {
        let pairs = cases.iter().flat_map(|x| controls.iter().map(move |y| (x, y)));
        let doubled: u32 = pairs.map(|(x, y)| if x > y { 2 } else { u32::from(x == y) }).sum();
        let auc = Auc::default().run(&HIGHER.run(&cases, &controls).unwrap());
        let n = (cases.len() * controls.len()) as f64;
        prop_assert_eq!(auc.value, f64::from(doubled) / (2.0 * n));
        let test = MannWhitney { null: RankNullChoice::Normal { continuity: false }, ..MannWhitney::default() };
        let result = test.run(&cases, &controls).unwrap();
        let Some(Statistic::U { value: u, .. }) = result.statistic else { panic!("U") };
        prop_assert_eq!(u / n, auc.value);
        prop_assert_eq!(result.estimate.unwrap().std_error, auc.std_error);
    }

    #[test]
    fn it_is_the_area_under_the_curve((cases, controls) in marker()) {
        let curve = HIGHER.run(&cases, &controls).unwrap();
        let (sensitivity, specificity) = (curve.sensitivity(), curve.specificity());
        let area: f64 = (1..sensitivity.len())
            .map(|k| (specificity[k] - specificity[k - 1]) * (sensitivity[k] + sensitivity[k - 1]) / 2.0)
            .sum();
        prop_assert!((Auc::default().run(&curve).value - area).abs() < 1e-14);
    }

    #[test]
    fn delong_is_the_variance_of_the_placements((cases, controls) in marker()) {
        let place = |x: f64, y: f64| if x > y { 1.0 } else if x == y { 0.5 } else { 0.0 };
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let variance = |values: &[f64]| {
            let centre = mean(values);
            let n = values.len() as f64;
            values.iter().map(|x| (x - centre) * (x - centre)).sum::<f64>() / (n - 1.0) / n
        };
        let of_cases: Vec<f64> =
            cases.iter().map(|&x| mean(&controls.iter().map(|&y| place(x, y)).collect::<Vec<_>>())).collect();
        let of_controls: Vec<f64> =
            controls.iter().map(|&y| mean(&cases.iter().map(|&x| place(x, y)).collect::<Vec<_>>())).collect();
        let expected = variance(&of_cases) + variance(&of_controls);
        let obtained = Auc::default().run(&HIGHER.run(&cases, &controls).unwrap()).std_error.unwrap();
        prop_assert!((obtained * obtained - expected).abs() < 1e-14);
    }

    #[test]
    fn the_other_direction_is_the_complement((cases, controls) in marker()) {
        for interval in [AucInterval::DeLong, AucInterval::LogitDeLong, AucInterval::HanleyMcNeil] {
            let [one, other] =
                [HIGHER, LOWER].map(|roc| with(interval).run(&roc.run(&cases, &controls).unwrap()));
            prop_assert!((one.value + other.value - 1.0).abs() < 1e-15);
            if interval != AucInterval::HanleyMcNeil {
                prop_assert_eq!(one.std_error, other.std_error);
                let (one, other) = (one.limits.unwrap().interval(), other.limits.unwrap().interval());
                prop_assert!((one.low + other.high - 1.0).abs() < 1e-14);
                prop_assert!((one.high + other.low - 1.0).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn a_rising_transform_changes_nothing((cases, controls) in marker()) {
        let transform = |group: &[f64]| group.iter().map(|x| (x * 3.0).exp() - 7.0).collect::<Vec<_>>();
        let falling = |group: &[f64]| group.iter().map(|x| -x).collect::<Vec<_>>();
        let auc = |roc: Roc, cases: &[f64], controls: &[f64]| Auc::default().run(&roc.run(cases, controls).unwrap());
        let plain = auc(HIGHER, &cases, &controls);
        prop_assert_eq!(plain, auc(HIGHER, &transform(&cases), &transform(&controls)));
        prop_assert_eq!(plain, auc(LOWER, &falling(&cases), &falling(&controls)));
    }

    #[test]
    fn any_numbers_end_in_an_answer_or_a_refusal(
        cases in prop::collection::vec(any::<f64>(), 0..6),
        controls in prop::collection::vec(any::<f64>(), 0..6),
    ) {
        for direction in [Direction::Higher, Direction::Lower] {
            if let Ok(curve) = (Roc { direction }).run(&cases, &controls) {
                let auc = with(AucInterval::LogitDeLong).run(&curve);
                prop_assert!((0.0..=1.0).contains(&auc.value));
                if let Some(limits) = auc.limits {
                    let limits = limits.interval();
                    prop_assert!(0.0 <= limits.low && limits.low <= auc.value && auc.value <= limits.high);
                    prop_assert!(limits.high <= 1.0);
                }
            }
        }
    }
}
