//! `survdiff(Surv(time, event) ~ group + strata(s), rho = 0 | 1)` and weights by the number at risk.

use restudy_stats::survival::{LogRank, LogRankWeight};

use super::{Failure, Method};
use crate::case::Case;
use crate::tolerance::{EXACT, P_VALUE, STATISTIC};

pub(super) const METHOD: Method = Method { name: "logrank", run, not_covered: &[] };

fn run(case: &mut Case) -> Result<(), Failure> {
    let (rows, groups) = case.survival_groups()?;
    let times = rows.data().prepare()?;
    let result = LogRank::default().run(&times, &groups)?;
    let k = result.counts.len();
    let check = &mut case.check;
    check.number("n", times.len() as f64, EXACT);
    check.number("events", times.events() as f64, EXACT);
    check.number("df", result.df, EXACT);
    check.number("chi2", result.chi_square, STATISTIC);
    check.number("p", result.p_value, P_VALUE);
    for a in 0..k {
        check.number(&format!("observed[{a}]"), result.observed[a], STATISTIC);
        check.number(&format!("expected[{a}]"), result.expected[a], STATISTIC);
        for b in 0..k {
            check.number(&format!("variance[{a}][{b}]"), result.variance[a * k + b], STATISTIC);
        }
    }
    if check.expects("trend_chi2") {
        let scores: Vec<f64> = (1..=k).map(|score| score as f64).collect();
        let trend = result.trend(&scores)?;
        check.number("trend_chi2", trend.chi_square, STATISTIC);
        check.number("trend_p", trend.p_value, P_VALUE);
    }
    if let Some((log_ratio, std_error)) = result.peto_log_hazard_ratio(1).filter(|_| k == 2) {
        check.number("peto_log_hr", log_ratio, STATISTIC);
        check.number("peto_log_hr_se", std_error, STATISTIC);
    }
    let left_continuous = LogRankWeight::FlemingHarrington { rho: 1.0, gamma: 0.0 };
    for (name, weight) in [
        ("peto_rho1", left_continuous),
        ("fleming_harrington_1_0", left_continuous),
        ("gehan_breslow", LogRankWeight::GehanBreslow),
        ("tarone_ware", LogRankWeight::TaroneWare),
    ] {
        let result = LogRank { weight }.run(&times, &groups)?;
        check.number(&format!("{name}_chi2"), result.chi_square, STATISTIC);
        check.number(&format!("{name}_p"), result.p_value, P_VALUE);
    }
    Ok(())
}
