//! What the two t-tests have in common.

use restudy_stats::descriptive::{Moments, StandardizedBy, standardized_difference};
use restudy_stats::hypothesis::{Statistic, TestResult};
use restudy_stats::{Alternative, Interval};

use super::Failure;
use crate::case::Case;
use crate::tolerance::{EXACT, P_VALUE, STATISTIC};

/// Checks a t-test in its three alternatives; `standardized`: the name of the standardised difference and its scale.
pub(super) fn check(
    case: &mut Case,
    standardized: (&str, StandardizedBy),
    test: impl Fn(Alternative, &[f64], &[f64]) -> Result<TestResult, restudy_stats::TestError>,
) -> Result<(), Failure> {
    let [first, second] = case.two_groups()?;
    let [moments1, moments2] = [Moments::of(&first)?, Moments::of(&second)?];
    let result = test(Alternative::TwoSided, &first, &second)?;
    let size = moments1.mean.abs().max(moments2.mean.abs());
    let check = &mut case.check;
    for (group, moments) in [("1", moments1), ("2", moments2)] {
        check.number(&format!("n{group}"), moments.n as f64, EXACT);
        check.number(&format!("mean{group}"), moments.mean, STATISTIC);
        check.number(&format!("sd{group}"), moments.sd, STATISTIC);
    }
    if let Some(estimate) = result.estimate {
        check.number("mean_diff", estimate.value, STATISTIC.subtracted_from(size));
        check.optional("se", estimate.std_error, STATISTIC);
        let limits = estimate.interval.map(|Interval { low, high, .. }| (low, high));
        check.optional("ci95_low", limits.map(|(low, _)| low), STATISTIC.subtracted_from(size));
        check.optional("ci95_high", limits.map(|(_, high)| high), STATISTIC.subtracted_from(size));
    }
    let std_error = result.estimate.and_then(|estimate| estimate.std_error).unwrap_or(f64::INFINITY);
    if let Some(Statistic::T { value, df }) = result.statistic {
        check.number("t", value, STATISTIC.subtracted_from(size / std_error));
        check.number("df", df, STATISTIC);
    }
    let (name, by) = standardized;
    check.number(name, standardized_difference(moments1, moments2, by)?, STATISTIC.subtracted_from(size / std_error));
    check.number("p", result.p_value, P_VALUE);
    check.number("p_less", test(Alternative::Less, &first, &second)?.p_value, P_VALUE);
    check.number("p_greater", test(Alternative::Greater, &first, &second)?.p_value, P_VALUE);
    Ok(())
}
