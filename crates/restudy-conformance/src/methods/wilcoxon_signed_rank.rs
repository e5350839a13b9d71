//! `wilcox.test(d)` and its relatives.

use restudy_stats::hypothesis::{
    HodgesLehmannPseudomedian, RankIntervalChoice, RankNullChoice, Remark, Statistic, WilcoxonSignedRank,
};

use super::{Failure, Method};
use crate::case::Case;
use crate::tolerance::{EXACT, P_VALUE, STATISTIC};

pub(super) const METHOD: Method = Method { name: "wilcoxon_signed_rank", run, not_covered: &[] };

/// The reference rounds the differences to this, so that equal decimal differences are tied.
const DECIMALS: u8 = 10;

fn run(case: &mut Case) -> Result<(), Failure> {
    let [first, second] = case.pairs()?;
    let test = |null| {
        WilcoxonSignedRank { null, decimals: Some(DECIMALS), ..WilcoxonSignedRank::default() }.run(&first, &second)
    };
    let exact = test(RankNullChoice::ExactGivenTies)?;
    let corrected = test(RankNullChoice::Normal { continuity: true })?;
    let plain = test(RankNullChoice::Normal { continuity: false })?;
    let (n, used) = (first.len() as f64, exact.counts[0] as f64);
    let tied = exact.remarks.contains(&Remark::Ties);
    let check = &mut case.check;
    check.number("n", n, EXACT);
    check.number("n_nonzero", used, EXACT);
    check.number("n_zero", n - used, EXACT);
    check.flag("has_ties", tied, EXACT);
    if let Some(Statistic::V { value, .. }) = exact.statistic {
        check.number("v_plus", value, EXACT);
        check.number("v_minus", used * (used + 1.0) / 2.0 - value, EXACT);
    }
    check.number("p_asymptotic_cc", corrected.p_value, P_VALUE);
    check.number("p_asymptotic_no_cc", plain.p_value, P_VALUE);
    check.number("p_exact_zeros_dropped_ties_midranks", exact.p_value, P_VALUE);
    if !tied && used == n {
        check.number("p_exact", exact.p_value, P_VALUE);
        let scale = 10_f64.powi(i32::from(DECIMALS));
        let rounded: Vec<f64> = first.iter().zip(&second).map(|(x, y)| ((x - y) * scale).round() / scale).collect();
        let measure = HodgesLehmannPseudomedian { interval: RankIntervalChoice::Exact, ..Default::default() };
        let effect = measure.run(&rounded)?;
        let size = rounded.iter().fold(0.0, |size: f64, x| size.max(x.abs()));
        check.number("hodges_lehmann_walsh_median", effect.estimate.value, STATISTIC.subtracted_from(size));
        let interval = effect.estimate.interval;
        check.optional("hl_exact_ci95_low", interval.map(|limits| limits.low), STATISTIC.subtracted_from(size));
        check.optional("hl_exact_ci95_high", interval.map(|limits| limits.high), STATISTIC.subtracted_from(size));
    }
    Ok(())
}
