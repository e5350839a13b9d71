//! Risk difference, risk ratio and odds ratio of a 2×2 table, by closed forms.

use restudy_stats::effect::{
    Effect, OddsRatio, OddsRatioInterval, RiskDifference, RiskDifferenceInterval, RiskRatio, RiskRatioInterval,
};

use super::{Failure, Method};
use crate::case::Case;
use crate::tolerance::{STATISTIC, Tolerance};

pub(super) const METHOD: Method = Method { name: "effect_2x2", run, not_covered: &[] };

fn run(case: &mut Case) -> Result<(), Failure> {
    let table = case.count_table()?;
    let odds_ratio = OddsRatio { interval: OddsRatioInterval::Wald, ..OddsRatio::default() }.run_on_counts(&table)?;
    let risk_ratio = RiskRatio { interval: RiskRatioInterval::Wald, ..RiskRatio::default() }.run_on_counts(&table)?;
    let difference = |interval| RiskDifference { interval, ..RiskDifference::default() }.run_on_counts(&table);
    let (wald, newcombe) = (difference(RiskDifferenceInterval::Wald)?, difference(RiskDifferenceInterval::Newcombe)?);

    // A difference of risks is good to the last digits of the risks.
    let of_risks = STATISTIC.subtracted_from(1.0);
    let mut limits = |name: &str, effect: &Effect, tolerance: Tolerance| {
        let interval = effect.estimate.interval;
        case.check.optional(&format!("{name}_ci95_low"), interval.map(|limits| limits.low), tolerance);
        case.check.optional(&format!("{name}_ci95_high"), interval.map(|limits| limits.high), tolerance);
    };
    limits("or", &odds_ratio, STATISTIC);
    limits("rr", &risk_ratio, STATISTIC);
    limits("rd_wald", &wald, of_risks);
    limits("rd_newcombe", &newcombe, of_risks);
    let check = &mut case.check;
    for (row, name) in ["risk1", "risk2"].into_iter().enumerate() {
        let events = table.get(row, 0) as f64;
        check.number(name, events / (events + table.get(row, 1) as f64), STATISTIC);
    }
    check.number("odds_ratio", odds_ratio.estimate.value, STATISTIC);
    check.optional("log_or_se", odds_ratio.estimate.std_error, STATISTIC);
    check.number("risk_ratio", risk_ratio.estimate.value, STATISTIC);
    check.optional("log_rr_se", risk_ratio.estimate.std_error, STATISTIC);
    check.number("risk_difference", wald.estimate.value, of_risks);
    Ok(())
}
