//! `mcnemar.test(m)` and `binom.test(b, b + c)`.

use restudy_stats::hypothesis::{McNemar, McNemarNull, Statistic};

use super::{Failure, Method};
use crate::case::Case;
use crate::tolerance::{EXACT, P_VALUE, STATISTIC};

pub(super) const METHOD: Method = Method { name: "mcnemar", run, not_covered: &[] };

fn run(case: &mut Case) -> Result<(), Failure> {
    let table = case.count_table()?;
    let test = |null| McNemar { null, ..McNemar::default() }.run_on_counts(&table);
    let exact = test(McNemarNull::Exact)?;
    let corrected = test(McNemarNull::ChiSquare { continuity: true })?;
    let plain = test(McNemarNull::ChiSquare { continuity: false })?;
    let check = &mut case.check;
    check.number("b", table.get(0, 1) as f64, EXACT);
    check.number("c", table.get(1, 0) as f64, EXACT);
    check.number("p_exact", exact.p_value, P_VALUE);
    for (name, result) in [("cc", &corrected), ("no_cc", &plain)] {
        check.optional(&format!("chi2_{name}"), result.statistic.map(Statistic::value), STATISTIC);
        check.number(&format!("p_{name}"), result.p_value, P_VALUE);
    }
    check.optional("odds_ratio_b_over_c", exact.estimate.map(|estimate| estimate.value), STATISTIC);
    Ok(())
}
