use proptest::prelude::*;
use restudy_stats::accuracy::{Accuracy, DiagnosticTable, ProportionInterval};
use restudy_stats::descriptive::{clopper_pearson, wilson};
use restudy_stats::dist::Normal;
use restudy_stats::{Level, TestError};

use crate::exact::{STATISTIC, assert_close};

fn table([true_positives, false_positives, false_negatives, true_negatives]: [u64; 4]) -> DiagnosticTable {
    DiagnosticTable { true_positives, false_positives, false_negatives, true_negatives }
}

#[test]
fn the_papers_table() {
    // Sensitivity 85.7 %, specificity 82.5 %, PPV 72.0 %, NPV 91.7 %, accuracy 83.6 %.
    let measures = Accuracy::default().run_on_counts(table([18, 7, 3, 33])).unwrap();
    let all =
        [Some(measures.sensitivity), Some(measures.specificity), measures.ppv, measures.npv, Some(measures.accuracy)];
    let printed: Vec<String> = all.iter().map(|x| format!("{:.1}", 100.0 * x.unwrap().value)).collect();
    assert_eq!(printed, ["85.7", "82.5", "72.0", "91.7", "83.6"]);
    assert_eq!((measures.prevalence.count, measures.prevalence.n), (21, 61));
    // (18/21) / (7/40), (3/21) / (33/40).
    let (positive, negative) = (measures.positive_ratio.unwrap(), measures.negative_ratio.unwrap());
    assert_close(positive.value, 720.0 / 147.0, STATISTIC);
    assert_close(negative.value, 120.0 / 693.0, STATISTIC);
    let std_error: f64 = 1.0 / 18.0 - 1.0 / 21.0 + 1.0 / 7.0 - 1.0 / 40.0;
    assert_close(positive.log_std_error.unwrap(), std_error.sqrt(), STATISTIC);
    let reach = Normal.upper_quantile(0.025) * std_error.sqrt();
    let limits = positive.interval.unwrap();
    assert_close(limits.low.ln(), (720.0_f64 / 147.0).ln() - reach, STATISTIC);
    assert_close(limits.high.ln(), (720.0_f64 / 147.0).ln() + reach, STATISTIC);
}

#[test]
fn empty_cells_leave_what_is_not_defined_out() {
    let measures = Accuracy::default().run_on_counts(table([0, 0, 3, 4])).unwrap();
    assert_eq!((measures.ppv, measures.positive_ratio), (None, None));
    let negative = measures.negative_ratio.unwrap();
    assert_eq!((negative.value, negative.log_std_error), (1.0, Some(0.0)));
    let perfect = Accuracy::default().run_on_counts(table([3, 0, 0, 4])).unwrap();
    let (positive, negative) = (perfect.positive_ratio.unwrap(), perfect.negative_ratio.unwrap());
    assert_eq!((positive.value, positive.interval), (f64::INFINITY, None));
    assert_eq!((negative.value, negative.interval), (0.0, None));
}

#[test]
fn one_class_is_refused() {
    let refused = |counts| Accuracy::default().run_on_counts(table(counts)).unwrap_err();
    assert_eq!(refused([0, 1, 0, 1]), TestError::TooFew { group: 0, found: 0, needed: 1 });
    assert_eq!(refused([1, 0, 1, 0]), TestError::TooFew { group: 1, found: 0, needed: 1 });
    assert_eq!(refused([0, 0, 0, 0]), TestError::TooFew { group: 0, found: 0, needed: 1 });
    let limit = u64::from(u32::MAX);
    for counts in [[u64::MAX, 1, 1, 1], [1, u64::MAX, 1, 1], [limit, 1, 0, 0]] {
        assert_eq!(refused(counts), TestError::TooManyCounts { limit });
    }
}

proptest! {
    #[test]
    fn each_proportion_has_the_interval_of_its_counts(counts in prop::array::uniform4(0_u64..60)) {
        for interval in [ProportionInterval::Wilson, ProportionInterval::ClopperPearson] {
            let Ok(measures) = (Accuracy { interval, ..Accuracy::default() }).run_on_counts(table(counts)) else {
                prop_assert!(counts[0] + counts[2] == 0 || counts[1] + counts[3] == 0);
                continue;
            };
            let [tp, fp, missed, tn] = counts;
            let expected = [
                (Some(measures.sensitivity), tp, tp + missed),
                (Some(measures.specificity), tn, tn + fp),
                (measures.ppv, tp, tp + fp),
                (measures.npv, tn, tn + missed),
                (Some(measures.accuracy), tp + tn, tp + tn + fp + missed),
            ];
            for (proportion, count, n) in expected {
                let Some(proportion) = proportion else {
                    prop_assert_eq!(n, 0);
                    continue;
                };
                let of_counts = match interval {
                    ProportionInterval::Wilson => wilson(count, n, Level::NINETY_FIVE).unwrap(),
                    ProportionInterval::ClopperPearson => clopper_pearson(count, n, Level::NINETY_FIVE).unwrap(),
                };
                prop_assert_eq!((proportion.count, proportion.n, proportion.interval), (count, n, of_counts));
            }
        }
    }

    #[test]
    fn calling_the_opposite_swaps_the_measures(counts in prop::array::uniform4(1_u64..60)) {
        let [tp, fp, missed, tn] = counts;
        let one = Accuracy::default().run_on_counts(table(counts)).unwrap();
        // Positive and negative, case and control exchanged.
        let other = Accuracy::default().run_on_counts(table([tn, missed, fp, tp])).unwrap();
        prop_assert_eq!(one.sensitivity, other.specificity);
        prop_assert_eq!(one.ppv, other.npv);
        prop_assert_eq!(one.accuracy, other.accuracy);
        let (positive, negative) = (one.positive_ratio.unwrap(), other.negative_ratio.unwrap());
        prop_assert!((positive.value * negative.value - 1.0).abs() < 1e-14);
    }
}
