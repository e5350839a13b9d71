//! `wilcox.test(a, b)` and its relatives.

use restudy_stats::Alternative;
use restudy_stats::descriptive::Describe;
use restudy_stats::hypothesis::{
    HodgesLehmannShift, MannWhitney, RankIntervalChoice, RankNullChoice, Remark, Statistic, TwoSided,
};

use super::{Failure, Method};
use crate::case::Case;
use crate::tolerance::{EXACT, P_VALUE, STATISTIC};

const UNCORRECTED: &str = "the library always corrects the variance for ties";
const INFORMATION: &str = "information only: exactRankTests can be off by 1 % in larger samples";

pub(super) const METHOD: Method = Method {
    name: "mann_whitney",
    run,
    not_covered: &[
        ("z_no_tie_correction_no_cc", UNCORRECTED),
        ("p_asymptotic_no_cc_no_tie_correction", UNCORRECTED),
        ("p_exact_ties_exactRankTests", INFORMATION),
    ],
};

fn run(case: &mut Case) -> Result<(), Failure> {
    let [first, second] = case.two_groups()?;
    let run = |null, two_sided, alternative| {
        MannWhitney { null, two_sided, alternative, ..MannWhitney::default() }.run(&first, &second)
    };
    let normal = |continuity, alternative| run(RankNullChoice::Normal { continuity }, TwoSided::default(), alternative);
    let plain = normal(false, Alternative::TwoSided)?;
    let corrected = normal(true, Alternative::TwoSided)?;
    let (less, greater) = (normal(true, Alternative::Less)?, normal(true, Alternative::Greater)?);
    let (median1, median2) = (Describe::default().run(&first)?.median, Describe::default().run(&second)?.median);
    let tied = plain.remarks.contains(&Remark::Ties);

    let check = &mut case.check;
    let (n1, n2) = (first.len() as f64, second.len() as f64);
    check.number("n1", n1, EXACT);
    check.number("n2", n2, EXACT);
    check.flag("has_ties", tied, EXACT);
    check.number("median1", median1, STATISTIC);
    check.number("median2", median2, STATISTIC);
    if let Some(Statistic::U { value: u, z }) = plain.statistic {
        check.number("u1", u, EXACT);
        check.number("u2", n1 * n2 - u, EXACT);
        check.number("rank_sum1", u + n1 * (n1 + 1.0) / 2.0, EXACT);
        check.number("rank_sum2", n1 * n2 - u + n2 * (n2 + 1.0) / 2.0, EXACT);
        check.optional("z_tie_corrected_no_cc", z, STATISTIC);
    }
    if let Some(Statistic::U { z, .. }) = corrected.statistic {
        check.optional("z_tie_corrected_cc", z, STATISTIC);
    }
    if let Some(estimate) = plain.estimate {
        check.number("prob_superiority", estimate.value, STATISTIC);
        check.number("rank_biserial", 2.0 * estimate.value - 1.0, STATISTIC.subtracted_from(1.0));
    }
    check.number("p_asymptotic_no_cc", plain.p_value, P_VALUE);
    check.number("p_asymptotic_cc", corrected.p_value, P_VALUE);
    check.number("p_asymptotic_cc_less", less.p_value, P_VALUE);
    check.number("p_asymptotic_cc_greater", greater.p_value, P_VALUE);

    // Only where the reference has them: for larger groups they take seconds.
    let prefix = if tied { "p_exact_ties_" } else { "p_exact_" };
    for (name, two_sided, alternative) in [
        ("abs_deviation", TwoSided::AbsoluteDeviation, Alternative::TwoSided),
        ("doubled", TwoSided::Doubled, Alternative::TwoSided),
        ("less", TwoSided::default(), Alternative::Less),
        ("greater", TwoSided::default(), Alternative::Greater),
    ] {
        let name = format!("{prefix}{name}");
        if check.expects(&name) {
            check.number(&name, run(RankNullChoice::ExactGivenTies, two_sided, alternative)?.p_value, P_VALUE);
        }
    }
    if !tied && check.expects("p_exact") {
        let result = run(RankNullChoice::Exact, TwoSided::default(), Alternative::TwoSided)?;
        check.number("p_exact", result.p_value, P_VALUE);
    }
    let size = first.iter().chain(&second).fold(0.0, |size: f64, x| size.max(x.abs()));
    let of_values = STATISTIC.subtracted_from(size);
    let shift = |interval| HodgesLehmannShift { interval, ..HodgesLehmannShift::default() }.run(&first, &second);
    if check.expects("hodges_lehmann_median_of_differences") {
        let effect = shift(RankIntervalChoice::Auto)?;
        check.number("hodges_lehmann_median_of_differences", effect.estimate.value, of_values);
    }
    if check.expects("hl_exact_ci95_low") {
        let effect = shift(RankIntervalChoice::Exact)?;
        check.optional("hl_exact_ci95_low", effect.estimate.interval.map(|limits| limits.low), of_values);
        check.optional("hl_exact_ci95_high", effect.estimate.interval.map(|limits| limits.high), of_values);
        check.optional("hl_exact_ci95_achieved", effect.coverage.map(stated_level), STATISTIC);
    }
    Ok(())
}

/// The level that R states for an exact 95 % interval: 0.95, unless the groups are so small that it misses by more than
/// half of 0.05; then 1 less what it misses, in two significant digits.
fn stated_level(coverage: f64) -> f64 {
    let missed = 1.0 - coverage;
    if missed - 0.05 <= 0.025 {
        return 0.95;
    }
    format!("{missed:.1e}").parse().map_or(f64::NAN, |short: f64| 1.0 - short)
}
