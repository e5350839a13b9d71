//! `survfit(Surv(time, event) ~ 1)`.

use restudy_stats::survival::{KaplanMeier, NelsonAalen, SurvivalInterval};

use super::{Failure, Method};
use crate::case::Case;
use crate::tolerance::{EXACT, STATISTIC};

const NOT_MONOTONE: &str = "the upper limit rises again after it has crossed; R's quantile() sorts limits before it reads \
    them off, its print() gives the first crossing, as the library does";

pub(super) const METHOD: Method = Method { name: "kaplan_meier", run, not_covered: &[] };

fn run(case: &mut Case) -> Result<(), Failure> {
    let rows = case.survival_rows_of_group()?;
    let tau = case.check.expected("rmst_tau");
    let times = rows.data().prepare()?;
    let curve = KaplanMeier::default().fit(&times)?;
    let hazard = NelsonAalen::default().fit(&times)?;

    // A long curve is given at some of its event times.
    let all: Vec<usize> = (0..curve.time.len()).filter(|&row| curve.n_event[row] > 0.0).collect();
    let given = case.check.expected_list("time");
    let shown: Vec<usize> = if given.len() == all.len() {
        all.clone()
    } else {
        given.iter().filter_map(|time| all.iter().copied().find(|&row| Some(curve.time[row]) == *time)).collect()
    };
    let of = |column: &[f64]| -> Vec<Option<f64>> { shown.iter().map(|&row| Some(column[row])).collect() };
    let maybe = |column: &[Option<f64>]| -> Vec<Option<f64>> { shown.iter().map(|&row| column[row]).collect() };

    let check = &mut case.check;
    check.number("n", times.len() as f64, EXACT);
    check.number("events", times.events() as f64, EXACT);
    check.number("n_event_times", all.len() as f64, EXACT);
    check.list("time", &of(&curve.time), EXACT);
    check.list("n_risk", &of(&curve.n_risk), EXACT);
    check.list("n_event", &of(&curve.n_event), EXACT);
    check.list("surv", &of(&curve.survival), STATISTIC);
    check.list("se", &maybe(&curve.std_error), STATISTIC);
    check.list("nelson_aalen", &of(&hazard.hazard), STATISTIC);
    check.list("nelson_aalen_se", &of(&hazard.std_error), STATISTIC);
    for (name, interval) in
        [("log", SurvivalInterval::Log), ("loglog", SurvivalInterval::LogLog), ("plain", SurvivalInterval::Plain)]
    {
        let curve = KaplanMeier { interval, ..KaplanMeier::default() }.fit(&times)?;
        check.list(&format!("ci95_{name}_low"), &maybe(&curve.conf_low), STATISTIC);
        check.list(&format!("ci95_{name}_high"), &maybe(&curve.conf_high), STATISTIC);
        let quantiles = [curve.quantile(0.25)?, curve.median(), curve.quantile(0.75)?];
        check.list("quantiles_25_50_75", &quantiles.map(|quantile| quantile.value), STATISTIC);
        check.list(&format!("quantiles_ci95_{name}_low"), &quantiles.map(|quantile| quantile.low), STATISTIC);
        check.list(&format!("quantiles_ci95_{name}_high"), &quantiles.map(|quantile| quantile.high), STATISTIC);
        for (index, p) in [0.75, 0.5, 0.25].into_iter().enumerate() {
            if rises_again_below(&curve.conf_high, p) {
                check.not_covered(&format!("quantiles_ci95_{name}_high[{index}]"), NOT_MONOTONE);
            }
        }
    }
    if let Some(tau) = tau {
        let mean = curve.restricted_mean(tau)?;
        check.number("rmst_tau", mean.tau, EXACT);
        check.number("rmst", mean.value, STATISTIC);
        check.number("rmst_se", mean.std_error, STATISTIC);
    }
    Ok(())
}

/// Whether limits, once they are at `p` or below, come nearer to it again.
fn rises_again_below(limits: &[Option<f64>], p: f64) -> bool {
    let below: Vec<f64> = limits.iter().flatten().copied().skip_while(|limit| *limit > p).collect();
    below.iter().any(|limit| *limit <= p && *limit > below[0])
}
