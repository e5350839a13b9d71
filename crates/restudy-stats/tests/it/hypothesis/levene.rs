use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::hypothesis::{Anova, Centre, Levene, Statistic};

use super::anova::samples;
use super::groups::{self, slices, value};
use crate::golden::{CLOSED_FORM, REFERENCE, assert_close};

#[test]
fn by_hand() {
    // Deviations 1, 0, 1 and 3, 1, 4 from the means 2 and 4 (medians 2 and 3: 1, 0, 1 and 2, 0, 5).
    let groups: [&[f64]; 2] = [&[1.0, 2.0, 3.0], &[1.0, 3.0, 8.0]];
    let mean = Levene { centre: Centre::Mean }.run(&groups).unwrap();
    let median = Levene { centre: Centre::Median }.run(&groups).unwrap();
    // Between 8/3 and 8/3: 3/2 (d₁ − d₂)² with group means 2/3 against 8/3 and 7/3.
    assert_close(value(&mean), 6.0 / ((2.0 / 3.0 + 14.0 / 3.0) / 4.0), CLOSED_FORM, "mean");
    assert_close(value(&median), (25.0 / 6.0) / ((2.0 / 3.0 + 38.0 / 3.0) / 4.0), CLOSED_FORM, "median");
    assert!(matches!(mean.statistic, Some(Statistic::F { df1: 1.0, df2: 4.0, .. })));
    assert_eq!((mean.procedure.key(), median.procedure.key()), ("levene/mean", "levene/median"));
    assert_eq!(mean.estimate, None);
}

#[test]
fn agrees_with_r() {
    for case in groups::all() {
        for (centre, name) in [(Centre::Mean, "levene_mean"), (Centre::Median, "levene_median")] {
            let result = Levene { centre }.run(&slices(&case.groups())).unwrap();
            // 1e-8: means of numbers near 10⁶ carry ten digits of their deviations in R.
            let tolerance = if case.id() == "far_from_zero" { 1e-8 } else { REFERENCE };
            for (obtained, expected) in [value(&result), result.p_value].into_iter().zip(case.numbers(name)) {
                assert_close(obtained, expected, tolerance, case.id());
            }
        }
    }
}

#[test]
fn refuses() {
    let run = |groups: &[&[f64]]| Levene::default().run(groups).map(|result| result.p_value);
    assert_eq!(run(&[&[1.0, 2.0]]), Err(TestError::TooFewGroups { found: 1, needed: 2 }));
    assert_eq!(run(&[&[1.0, 2.0], &[]]), Err(TestError::TooFew { group: 1, found: 0, needed: 1 }));
    assert_eq!(run(&[&[1.0, 2.0], &[3.0, 5.0]]), Err(TestError::NoSpread));
}

proptest! {
    #[test]
    fn is_the_analysis_of_variance_of_the_deviations(groups in samples()) {
        let deviations: Vec<Vec<f64>> = (groups.iter())
            .map(|group| {
                let mut sorted = group.clone();
                sorted.sort_by(f64::total_cmp);
                let n = sorted.len();
                let median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2.0;
                group.iter().map(|x| (x - median).abs()).collect()
            })
            .collect();
        if let Ok(expected) = Anova.run(&slices(&deviations)) {
            let obtained = Levene { centre: Centre::Median }.run(&slices(&groups)).unwrap();
            prop_assert!((value(&obtained) - value(&expected)).abs() <= 1e-11 * value(&expected).max(1.0));
        }
    }
}
