use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::accuracy::{
    Criterion, Cutoff, CutoffRule, DiagnosticTable, Direction, Operator, OptimalCutoff, Placing, Roc, RocCurve,
};

use super::{HIGHER, LOWER, dlm_scores};

fn best(criterion: Criterion, curve: &RocCurve) -> Vec<OptimalCutoff> {
    Cutoff { criterion, ..Cutoff::default() }.run(curve).unwrap()
}

fn cutoffs(criterion: Criterion, curve: &RocCurve) -> Vec<f64> {
    best(criterion, curve).iter().map(|optimum| optimum.rule.cutoff).collect()
}

// By hand.

#[test]
fn the_papers_score() {
    // Sensitivity 18/21, specificity 33/40.
    let optima = Cutoff { placing: Placing::Observed, ..Cutoff::default() }.run(&dlm_scores()).unwrap();
    let table = DiagnosticTable { true_positives: 18, false_positives: 7, false_negatives: 3, true_negatives: 33 };
    let rule = CutoffRule { operator: Operator::GreaterOrEqual, cutoff: 2.0 };
    assert_eq!((optima.len(), optima[0].rule, optima[0].table), (1, rule, table));
    assert!((optima[0].objective - (18.0 / 21.0 + 33.0 / 40.0 - 1.0)).abs() < 1e-15);
}

#[test]
fn operator_and_placing() {
    let rule = |roc: Roc, placing, inclusive| {
        let curve = roc.run(&[4.0, 5.0], &[1.0, 2.0]).unwrap();
        let cutoff = Cutoff { placing, inclusive, ..Cutoff::default() };
        cutoff.run(&curve).unwrap()[0].rule.to_string()
    };
    assert_eq!(rule(HIGHER, Placing::Between, true), ">= 3");
    assert_eq!(rule(HIGHER, Placing::Between, false), "> 3");
    assert_eq!(rule(HIGHER, Placing::Observed, true), ">= 4");
    assert_eq!(rule(HIGHER, Placing::Observed, false), "> 2");
    // In the wrong direction the best is to call everyone positive, or nobody: J = 0.
    let curve = LOWER.run(&[4.0, 5.0], &[1.0, 2.0]).unwrap();
    assert_eq!(cutoffs(Criterion::Youden, &curve), [f64::NEG_INFINITY, f64::INFINITY]);
    let curve = LOWER.run(&[1.0, 2.0], &[4.0, 5.0]).unwrap();
    let at = |placing, inclusive| {
        Cutoff { placing, inclusive, ..Cutoff::default() }.run(&curve).unwrap()[0].rule.to_string()
    };
    assert_eq!(at(Placing::Between, true), "<= 3");
    assert_eq!(at(Placing::Observed, true), "<= 2");
    assert_eq!(at(Placing::Observed, false), "< 4");
}

#[test]
fn no_double_between_two_values() {
    let next = 1.0_f64.next_up();
    for inclusive in [true, false] {
        let curve = HIGHER.run(&[next], &[1.0]).unwrap();
        let rule = Cutoff { inclusive, ..Cutoff::default() }.run(&curve).unwrap()[0].rule;
        assert!(rule.is_positive(next) && !rule.is_positive(1.0), "{rule}");
    }
    let curve = HIGHER.run(&[f64::MAX], &[f64::MAX / 2.0]).unwrap();
    assert_eq!(cutoffs(Criterion::Youden, &curve), [f64::MAX / 4.0 * 3.0]);
}

#[test]
fn all_tied_optima_are_reported() {
    // Cases 2 4 6, controls 1 3 5: J is 1/3 above 1, 3 and 5. In doubles 1/3 + 1 − 1, 2/3 + 2/3 − 1 and 1 + 1/3 − 1 are not
    // the same number.
    let curve = HIGHER.run(&[2.0, 4.0, 6.0], &[1.0, 3.0, 5.0]).unwrap();
    assert_eq!(cutoffs(Criterion::Youden, &curve), [1.5, 3.5, 5.5]);
    assert_eq!(cutoffs(Criterion::ClosestTopLeft, &curve), [3.5]);
    let lower = LOWER.run(&[5.0, 3.0, 1.0], &[6.0, 4.0, 2.0]).unwrap();
    assert_eq!(cutoffs(Criterion::Youden, &lower), [1.5, 3.5, 5.5]);
}

#[test]
fn fixed_sensitivity_and_specificity() {
    // Score 0: 0/15, 1: 3/18, 2: 9/7, 3: 9/0.
    let curve = dlm_scores();
    let at = |criterion| best(criterion, &curve).iter().map(|best| best.rule.to_string()).collect::<Vec<_>>();
    assert_eq!(at(Criterion::Sensitivity(0.9)), [">= 0.5"]);
    assert_eq!(at(Criterion::Sensitivity(18.0 / 21.0)), [">= 1.5"]);
    assert_eq!(at(Criterion::Sensitivity(0.0)), [">= 2.5"]);
    assert_eq!(at(Criterion::Specificity(0.825)), [">= 1.5"]);
    assert_eq!(at(Criterion::Specificity(0.826)), [">= 2.5"]);
    assert_eq!(at(Criterion::Specificity(0.0)), [">= 0.5"]);
    assert_eq!(best(Criterion::Sensitivity(0.9), &curve)[0].objective, 15.0 / 40.0);
}

#[test]
fn cost_moves_the_cutoff() {
    let curve = dlm_scores();
    let cost =
        |false_negative, false_positive, prevalence| Criterion::Cost { false_negative, false_positive, prevalence };
    // Of 61: missed cases and false alarms are (0, 40), (0, 25), (3, 7), (12, 0), (21, 0).
    assert_eq!(cutoffs(cost(1, 1, None), &curve), [1.5]);
    assert_eq!(best(cost(1, 1, None), &curve)[0].objective, 10.0 / 61.0);
    assert_eq!(cutoffs(cost(6, 1, None), &curve), [0.5, 1.5]);
    assert_eq!(cutoffs(cost(7, 1, None), &curve), [0.5]);
    assert_eq!(cutoffs(cost(1, 9, None), &curve), [2.5]);
    // At a prevalence of 1 in 1000 a false alarm in 40 costs more than 9 of 21 missed.
    assert_eq!(cutoffs(cost(1, 1, Some([1, 1000])), &curve), [2.5]);
    assert_eq!(cutoffs(cost(1, 1, Some([21, 61])), &curve), [1.5]);
}

#[test]
fn what_is_no_criterion_is_refused() {
    let refused = |criterion| Cutoff { criterion, ..Cutoff::default() }.run(&dlm_scores()).unwrap_err();
    assert_eq!(refused(Criterion::Sensitivity(1.1)), TestError::NotAProbability { position: 0, p: 1.1 });
    assert!(matches!(refused(Criterion::Specificity(f64::NAN)), TestError::NotAProbability { .. }));
    let prevalence = Some([2, 1]);
    let cost = Criterion::Cost { false_negative: 1, false_positive: 1, prevalence };
    assert_eq!(refused(cost), TestError::NotAProportion { count: 2, n: 1 });
}

// Definition and properties.

fn marker() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    let group = || prop::collection::vec((-8_i32..8).prop_map(|x| f64::from(x) / 2.0), 1..20);
    (group(), group())
        .prop_filter("two values", |(cases, controls)| cases.iter().chain(controls).any(|x| x != &cases[0]))
}

proptest! {
    #[test]
    fn the_rules_make_the_tables_of_the_curve(
        (cases, controls) in marker(),
        placing in prop::sample::select(vec![Placing::Between, Placing::Observed]),
        inclusive: bool,
        direction in prop::sample::select(vec![Direction::Higher, Direction::Lower]),
    ) {
        let curve = Roc { direction }.run(&cases, &controls).unwrap();
        let rules = Cutoff { placing, inclusive, ..Cutoff::default() }.rules(&curve);
        prop_assert_eq!(rules.len(), curve.tables().len());
        for (rule, table) in rules.into_iter().zip(curve.tables()) {
            let positives = |group: &[f64]| group.iter().filter(|&&x| rule.is_positive(x)).count() as u64;
            prop_assert_eq!(table.true_positives, positives(&cases));
            prop_assert_eq!(table.false_positives, positives(&controls));
            prop_assert_eq!(table.false_negatives, cases.len() as u64 - positives(&cases));
            prop_assert_eq!(table.true_negatives, controls.len() as u64 - positives(&controls));
        }
    }

    #[test]
    fn no_other_point_is_better((cases, controls) in marker()) {
        let curve = HIGHER.run(&cases, &controls).unwrap();
        let (n1, n0) = (cases.len() as i64, controls.len() as i64);
        let youden = |table: DiagnosticTable| {
            table.true_positives as i64 * n0 + table.true_negatives as i64 * n1
        };
        let greatest = curve.tables().map(youden).max().unwrap();
        let optima: Vec<_> = best(Criterion::Youden, &curve).iter().map(|optimum| optimum.table).collect();
        let expected: Vec<_> = curve.tables().filter(|&table| youden(table) == greatest).collect();
        prop_assert_eq!(optima, expected);
        // The mirror image has the same optima, mirrored.
        let mirrored = |group: &[f64]| group.iter().map(|x| -x).collect::<Vec<_>>();
        let mirror = LOWER.run(&mirrored(&cases), &mirrored(&controls)).unwrap();
        let mut there: Vec<f64> = cutoffs(Criterion::Youden, &mirror).iter().map(|x| -x).collect();
        there.reverse();
        prop_assert_eq!(cutoffs(Criterion::Youden, &curve), there);
    }
}
