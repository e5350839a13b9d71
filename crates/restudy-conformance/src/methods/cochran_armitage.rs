//! `prop.trend.test` with the scores 1, 2, …, and the same test with N − 1.

use restudy_stats::Alternative;
use restudy_stats::hypothesis::{CochranArmitage, Statistic, TrendVariance};

use super::{Failure, Method};
use crate::case::Case;
use crate::tolerance::{P_VALUE, STATISTIC};

pub(super) const METHOD: Method = Method { name: "cochran_armitage", run, not_covered: &[] };

fn run(case: &mut Case) -> Result<(), Failure> {
    let table = case.count_table()?;
    let run = |alternative, variance| {
        CochranArmitage { alternative, variance, ..CochranArmitage::default() }.run_on_counts(&table)
    };
    let result = run(Alternative::TwoSided, TrendVariance::N)?;
    let z = result.statistic.map(Statistic::value);
    let check = &mut case.check;
    check.optional("z", z, STATISTIC);
    for name in ["chi2", "prop_trend_test_chi2"] {
        check.optional(name, z.map(|z| z * z), STATISTIC);
    }
    for name in ["p", "prop_trend_test_p"] {
        check.number(name, result.p_value, P_VALUE);
    }
    check.number("p_increasing", run(Alternative::Greater, TrendVariance::N)?.p_value, P_VALUE);
    check.number("p_decreasing", run(Alternative::Less, TrendVariance::N)?.p_value, P_VALUE);
    let conditional = run(Alternative::TwoSided, TrendVariance::NMinusOne)?;
    let z = conditional.statistic.map(Statistic::value);
    check.optional("chi2_n_minus_1", z.map(|z| z * z), STATISTIC);
    check.number("p_n_minus_1", conditional.p_value, P_VALUE);
    Ok(())
}
