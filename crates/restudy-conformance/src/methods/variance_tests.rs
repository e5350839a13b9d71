//! `var.test(a, b)`, and Levene's and Bartlett's tests of two groups.

use restudy_stats::hypothesis::{FRatio, Statistic};

use super::anova::equal_variances;
use super::{Failure, Method};
use crate::case::Case;
use crate::tolerance::{EXACT, P_VALUE, STATISTIC};

pub(super) const METHOD: Method = Method { name: "variance_tests", run, not_covered: &[] };

fn run(case: &mut Case) -> Result<(), Failure> {
    let [first, second] = case.two_groups()?;
    let result = FRatio::default().run(&first, &second)?;
    let check = &mut case.check;
    check.optional("f", result.statistic.map(Statistic::value), STATISTIC);
    check.optional("f_df1", result.statistic.and_then(Statistic::df), EXACT);
    check.optional("f_df2", result.statistic.and_then(Statistic::df2), EXACT);
    // R's var.test takes an upper tail as 1 less the lower one.
    check.number("f_p", result.p_value, P_VALUE.subtracted_from(1.0));
    let interval = result.estimate.and_then(|estimate| estimate.interval);
    check.optional("f_ratio_ci95_low", interval.map(|interval| interval.low), STATISTIC);
    check.optional("f_ratio_ci95_high", interval.map(|interval| interval.high), STATISTIC);
    equal_variances(check, &[&first, &second])
}
