//! What the two t-tests have in common.

use restudy_stats::Alternative;
use restudy_stats::descriptive::{Moments, StandardizedBy, standardized_difference};
use restudy_stats::hypothesis::{Statistic, TestResult};

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
    let check = &mut case.check;
    for (group, moments) in [("1", moments1), ("2", moments2)] {
        check.number(&format!("n{group}"), moments.n as f64, EXACT);
        check.number(&format!("mean{group}"), moments.mean, STATISTIC);
        check.number(&format!("sd{group}"), moments.sd, STATISTIC);
    }
    if let Some(Statistic::T { value, df }) = result.statistic {
        check.number("t", value, STATISTIC);
        check.number("df", df, STATISTIC);
    }
    if let Some(estimate) = result.estimate {
        check.number("mean_diff", estimate.value, STATISTIC);
        check.optional("se", estimate.std_error, STATISTIC);
        check.optional("ci95_low", estimate.interval.map(|interval| interval.low), STATISTIC);
        check.optional("ci95_high", estimate.interval.map(|interval| interval.high), STATISTIC);
    }
    let (name, by) = standardized;
    check.number(name, standardized_difference(moments1, moments2, by)?, STATISTIC);
    check.number("p", result.p_value, P_VALUE);
    check.number("p_less", test(Alternative::Less, &first, &second)?.p_value, P_VALUE);
    check.number("p_greater", test(Alternative::Greater, &first, &second)?.p_value, P_VALUE);
    Ok(())
}
