//! `cor.test(x, y, method)`.

use restudy_stats::correlation::{Kendall, KendallNullChoice, Pearson, Spearman, SpearmanNullChoice};
use restudy_stats::hypothesis::{Remark, Statistic, TestResult};

use super::{Failure, Method};
use crate::case::Case;
use crate::tolerance::{EXACT, P_VALUE, STATISTIC};

pub(super) const METHOD: Method = Method { name: "correlation", run, not_covered: &[] };

fn run(case: &mut Case) -> Result<(), Failure> {
    let (x, y): (Vec<f64>, Vec<f64>) =
        case.column("x")?.into_iter().zip(case.column("y")?).filter_map(|(x, y)| x.zip(y)).unzip();
    let pearson = Pearson::default().run(&x, &y)?;
    let spearman = |null| Spearman { null, ..Spearman::default() }.run(&x, &y);
    let by_t = spearman(SpearmanNullChoice::StudentT)?;
    let kendall = |null| Kendall { null, ..Kendall::default() }.run(&x, &y);
    let by_normal = kendall(KendallNullChoice::Normal { continuity: false })?;
    let tied = by_t.remarks.contains(&Remark::Ties);
    let value = |result: &TestResult| result.estimate.map(|estimate| estimate.value);
    let interval = pearson.estimate.and_then(|estimate| estimate.interval);

    let check = &mut case.check;
    check.number("n", x.len() as f64, EXACT);
    check.flag("has_ties", tied, EXACT);
    check.optional("pearson_r", value(&pearson), STATISTIC);
    check.optional("pearson_t", pearson.statistic.map(Statistic::value), STATISTIC);
    check.optional("pearson_df", pearson.statistic.and_then(Statistic::df), EXACT);
    check.number("pearson_p", pearson.p_value, P_VALUE);
    check.optional("pearson_ci95_low", interval.map(|interval| interval.low), STATISTIC);
    check.optional("pearson_ci95_high", interval.map(|interval| interval.high), STATISTIC);
    check.optional("spearman_rho", value(&by_t), STATISTIC);
    if let Some(Statistic::SpearmanS { value: s, t }) = by_t.statistic {
        check.number("spearman_s", s, STATISTIC);
        check.optional("spearman_t", t, STATISTIC);
    }
    check.number("spearman_p_t", by_t.p_value, P_VALUE);
    check.optional("kendall_tau_b", value(&by_normal), STATISTIC);
    if let Some(Statistic::KendallS { z, .. }) = by_normal.statistic {
        check.optional("kendall_z_no_cc", z, STATISTIC);
    }
    check.number("kendall_p_asymptotic", by_normal.p_value, P_VALUE);
    if !tied {
        check.number("spearman_p_r_default", spearman(SpearmanNullChoice::Auto)?.p_value, P_VALUE);
        check.number("kendall_p_exact", kendall(KendallNullChoice::Exact)?.p_value, P_VALUE);
    }
    Ok(())
}
