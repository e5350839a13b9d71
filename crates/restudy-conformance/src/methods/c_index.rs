//! `concordance(Surv(time, event) ~ x, reverse = TRUE)`.

use restudy_stats::survival::Concordance;

use super::{Failure, Method};
use crate::case::Case;
use crate::tolerance::{EXACT, STATISTIC};

pub(super) const METHOD: Method = Method { name: "c_index", run, not_covered: &[] };

fn run(case: &mut Case) -> Result<(), Failure> {
    let (rows, marker) = case.survival_marker()?;
    let times = rows.data().prepare()?;
    let result = Concordance::default().run(&times, &marker)?;
    let check = &mut case.check;
    check.number("n", times.len() as f64, EXACT);
    check.number("c", result.value, STATISTIC);
    check.number("se", result.std_error, STATISTIC);
    check.number("concordant", result.concordant, EXACT);
    check.number("discordant", result.discordant, EXACT);
    check.number("tied_x", result.tied_marker, EXACT);
    check.number("tied_time", result.tied_time, EXACT);
    check.number("tied_both", result.tied_both, EXACT);
    Ok(())
}
