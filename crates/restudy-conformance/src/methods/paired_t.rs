//! `t.test(x, y, paired = TRUE)`.

use restudy_stats::descriptive::Moments;
use restudy_stats::hypothesis::{PairedT, Statistic};

use super::{Failure, Method};
use crate::case::Case;
use crate::tolerance::{EXACT, P_VALUE, STATISTIC};

pub(super) const METHOD: Method = Method { name: "paired_t", run, not_covered: &[] };

fn run(case: &mut Case) -> Result<(), Failure> {
    let [first, second] = case.pairs()?;
    let differences: Vec<f64> = first.iter().zip(&second).map(|(x, y)| x - y).collect();
    let moments = Moments::of(&differences)?;
    let result = PairedT::default().run(&first, &second)?;
    let size = first.iter().chain(&second).fold(0.0, |size: f64, x| size.max(x.abs()));
    let check = &mut case.check;
    check.number("n", moments.n as f64, EXACT);
    check.number("sd_diff", moments.sd, STATISTIC.subtracted_from(size));
    if let Some(estimate) = result.estimate {
        check.number("mean_diff", estimate.value, STATISTIC.subtracted_from(size));
        check.optional("se", estimate.std_error, STATISTIC.subtracted_from(size));
        check.optional("ci95_low", estimate.interval.map(|limits| limits.low), STATISTIC.subtracted_from(size));
        check.optional("ci95_high", estimate.interval.map(|limits| limits.high), STATISTIC.subtracted_from(size));
    }
    if let Some(Statistic::T { value, df }) = result.statistic {
        check.number("t", value, STATISTIC.subtracted_from(size / moments.std_error()));
        check.number("df", df, EXACT);
    }
    check.number("p", result.p_value, P_VALUE);
    Ok(())
}
