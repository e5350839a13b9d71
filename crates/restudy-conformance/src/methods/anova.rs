//! `anova(lm(x ~ group))`, Welch's analysis of variance, and the tests of equal variances beside them.

use restudy_stats::hypothesis::{Anova, Bartlett, Centre, Levene, Statistic, TestResult, WelchAnova};

use super::{Failure, Method};
use crate::case::Case;
use crate::check::Check;
use crate::tolerance::{EXACT, P_VALUE, STATISTIC};

pub(super) const METHOD: Method = Method { name: "anova", run, not_covered: &[] };

fn run(case: &mut Case) -> Result<(), Failure> {
    let groups = case.all_groups()?;
    let groups: Vec<&[f64]> = groups.iter().map(Vec::as_slice).collect();
    let check = &mut case.check;
    check.number("n", groups.iter().map(|group| group.len()).sum::<usize>() as f64, EXACT);
    let table = Anova.table(&groups)?;
    check.number("df_between", table.df_between, EXACT);
    check.number("df_within", table.df_within, EXACT);
    check.number("ss_between", table.ss_between, STATISTIC);
    check.number("ss_within", table.ss_within, STATISTIC);
    check.number("r_squared", table.eta_squared(), STATISTIC);
    let result = Anova.run(&groups)?;
    check.optional("f", result.statistic.map(Statistic::value), STATISTIC);
    check.number("p", result.p_value, P_VALUE);
    let welch = WelchAnova.run(&groups)?;
    check.optional("welch_f", welch.statistic.map(Statistic::value), STATISTIC);
    check.optional("welch_df1", welch.statistic.and_then(Statistic::df), STATISTIC);
    check.optional("welch_df2", welch.statistic.and_then(Statistic::df2), STATISTIC);
    check.number("welch_p", welch.p_value, P_VALUE);
    equal_variances(check, &groups)?;
    Ok(())
}

/// Levene's tests and Bartlett's, which other cases expect too.
pub(super) fn equal_variances(check: &mut Check, groups: &[&[f64]]) -> Result<(), Failure> {
    let mut both = |name: &str, p: &str, result: &TestResult| {
        // A reference's F of equal means is the square of rounding errors, 1e-31 and not 0.
        check.optional(name, result.statistic.map(Statistic::value), STATISTIC.subtracted_from(1.0));
        check.number(p, result.p_value, P_VALUE);
    };
    let mean = Levene { centre: Centre::Mean }.run(groups)?;
    both("levene_mean_f", "levene_mean_p", &mean);
    both("levene_median_f", "levene_median_p", &Levene { centre: Centre::Median }.run(groups)?);
    let bartlett = Bartlett.run(groups)?;
    both("bartlett_k2", "bartlett_p", &bartlett);
    check.optional("levene_df1", mean.statistic.and_then(Statistic::df), EXACT);
    check.optional("levene_df2", mean.statistic.and_then(Statistic::df2), EXACT);
    check.optional("bartlett_df", bartlett.statistic.and_then(Statistic::df), EXACT);
    Ok(())
}
