//! `pROC::roc`, `auc`, `ci.auc` and `coords` at the best cut-offs.

use restudy_stats::accuracy::{
    Accuracy, AccuracyMeasures, Auc, AucInterval, AucLimits, Criterion, Cutoff, Direction, OptimalCutoff, Placing,
    ProportionInterval, Roc,
};

use super::{Failure, Method};
use crate::case::Case;
use crate::check::Check;
use crate::folder::InputError;
use crate::tolerance::{EXACT, P_VALUE, STATISTIC};

const SEPARATED: &str = "at complete separation the library gives a one-sided bound, and no z of a standard error of 0";

pub(super) const METHOD: Method =
    Method { name: "roc", run, not_covered: &[("at_cutoff.rule", "a sentence; the rule itself is compared")] };

fn run(case: &mut Case) -> Result<(), Failure> {
    let direction = match case.setting("direction")? {
        "higher x indicates case" => Direction::Higher,
        "lower x indicates case" => Direction::Lower,
        _ => return Err(InputError::new("`direction`", "neither higher nor lower x indicates case").into()),
    };
    let [cases, controls] = case.cases_and_controls()?;
    let curve = Roc { direction }.run(&cases, &controls)?;
    let auc = Auc::default().run(&curve);
    let hanley_mcneil = Auc { interval: AucInterval::HanleyMcNeil, ..Auc::default() }.run(&curve);

    let check = &mut case.check;
    check.number("n_cases", cases.len() as f64, EXACT);
    check.number("n_controls", controls.len() as f64, EXACT);
    check.number("auc", auc.value, STATISTIC);
    check.optional("delong_var", auc.std_error.map(|se| se * se), STATISTIC);
    check.optional("delong_se", auc.std_error, STATISTIC);
    check.optional("hanley_mcneil_se", hanley_mcneil.std_error, STATISTIC);
    if let Some(AucLimits::TwoSided(_, limits)) = auc.limits {
        check.number("delong_ci95_low", limits.low, STATISTIC);
        check.number("delong_ci95_high", limits.high, STATISTIC);
        // The library cuts at 0 and 1, and so the limits that are not cut are its limits where they lie inside.
        for (name, limit) in [("low", limits.low), ("high", limits.high)] {
            let name = format!("delong_ci95_{name}_unclipped");
            if limit > 0.0 && limit < 1.0 {
                check.number(&name, limit, STATISTIC);
            } else {
                check.not_covered(&name, "the library cuts the limits at 0 and 1");
            }
        }
        check.optional("z_vs_0.5_delong", auc.z, STATISTIC);
        check.optional("p_vs_0.5_delong", auc.p_value, P_VALUE);
    } else {
        for name in ["delong_ci95_low", "delong_ci95_high", "delong_ci95_low_unclipped", "delong_ci95_high_unclipped"] {
            check.not_covered(name, SEPARATED);
        }
        check.not_covered("z_vs_0.5_delong", SEPARATED);
        check.not_covered("p_vs_0.5_delong", SEPARATED);
    }

    let best = |criterion, placing| Cutoff { criterion, placing, inclusive: true }.run(&curve);
    for (prefix, criterion) in [("youden", Criterion::Youden), ("topleft", Criterion::ClosestTopLeft)] {
        let between = best(criterion, Placing::Between)?;
        let column = |of: fn(&OptimalCutoff) -> f64| between.iter().map(|best| Some(of(best))).collect::<Vec<_>>();
        let observed: Vec<_> = best(criterion, Placing::Observed)?.iter().map(|best| Some(best.rule.cutoff)).collect();
        check.list(&format!("{prefix}_thresholds_midpoint"), &column(|best| best.rule.cutoff), STATISTIC);
        check.list(&format!("{prefix}_cutoffs_observed"), &observed, EXACT);
        check.list(&format!("{prefix}_sensitivity"), &column(sensitivity), STATISTIC);
        check.list(&format!("{prefix}_specificity"), &column(specificity), STATISTIC);
        // The reference takes J as a difference from 1.
        check.number(&format!("{prefix}_value"), between[0].objective, STATISTIC.subtracted_from(1.0));
    }
    let first = best(Criterion::Youden, Placing::Observed)?[0];
    let measures = |interval| Accuracy { interval, ..Accuracy::default() }.run_on_counts(first.table);
    check.number("at_cutoff.cutoff", first.rule.cutoff, EXACT);
    at_cutoff(check, &measures(ProportionInterval::Wilson)?, &measures(ProportionInterval::ClopperPearson)?);

    let midpoints: Vec<_> = Cutoff::default().rules(&curve).iter().map(|rule| Some(rule.cutoff)).collect();
    let some = |column: Vec<f64>| column.into_iter().map(Some).collect::<Vec<_>>();
    check.list("curve_thresholds_midpoint", &midpoints, STATISTIC);
    check.list("curve_sensitivity", &some(curve.sensitivity()), STATISTIC);
    check.list("curve_specificity", &some(curve.specificity()), STATISTIC);
    Ok(())
}

fn sensitivity(best: &OptimalCutoff) -> f64 {
    let table = best.table;
    table.true_positives as f64 / (table.true_positives + table.false_negatives) as f64
}

fn specificity(best: &OptimalCutoff) -> f64 {
    let table = best.table;
    table.true_negatives as f64 / (table.true_negatives + table.false_positives) as f64
}

fn at_cutoff(check: &mut Check, wilson: &AccuracyMeasures, exact: &AccuracyMeasures) {
    let table = wilson.table;
    for (name, count) in [
        ("tp", table.true_positives),
        ("fp", table.false_positives),
        ("fn", table.false_negatives),
        ("tn", table.true_negatives),
    ] {
        check.number(&format!("at_cutoff.{name}"), count as f64, EXACT);
    }
    let proportions =
        |of: &AccuracyMeasures| [Some(of.sensitivity), Some(of.specificity), of.ppv, of.npv, Some(of.accuracy)];
    let both = proportions(wilson).into_iter().zip(proportions(exact));
    for (name, (wilson, exact)) in ["sensitivity", "specificity", "ppv", "npv", "accuracy"].iter().zip(both) {
        check.optional(&format!("at_cutoff.{name}"), wilson.map(|of| of.value), STATISTIC);
        for (kind, of) in [("wilson95", wilson), ("cp95", exact)] {
            let limits = of.map(|of| of.interval);
            // The reference takes the lower Wilson limit as a difference.
            let size = if kind == "wilson95" { 1.0 } else { 0.0 };
            let low = STATISTIC.subtracted_from(size);
            check.optional(&format!("at_cutoff.{name}_{kind}_low"), limits.map(|limits| limits.low), low);
            check.optional(&format!("at_cutoff.{name}_{kind}_high"), limits.map(|limits| limits.high), STATISTIC);
        }
    }
    // The reference divides by 1 − specificity.
    check.optional("at_cutoff.lr_positive", wilson.positive_ratio.map(|ratio| ratio.value), STATISTIC);
    check.optional("at_cutoff.lr_negative", wilson.negative_ratio.map(|ratio| ratio.value), STATISTIC);
}
