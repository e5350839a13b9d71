//! `fisher.test(table)` of a 2×2 table, its odds ratio and limits solved tightly.

use restudy_stats::Alternative;
use restudy_stats::hypothesis::FisherExact;

use super::{Failure, Method};
use crate::case::Case;
use crate::tolerance::{P_VALUE, STATISTIC};

const INFORMATION: &str = "information only: fisher.test solves for these to 2 to 5 digits, and can be wrong";

pub(super) const METHOD: Method = Method {
    name: "fisher_2x2",
    run,
    not_covered: &[
        ("r_fisher_test_estimate", INFORMATION),
        ("r_fisher_test_ci95_low", INFORMATION),
        ("r_fisher_test_ci95_high", INFORMATION),
    ],
};

fn run(case: &mut Case) -> Result<(), Failure> {
    let table = case.count_table()?;
    let run = |alternative| FisherExact { alternative, ..FisherExact::default() }.run_on_counts(&table);
    let result = run(Alternative::TwoSided)?;
    let check = &mut case.check;
    check.number("p", result.p_value, P_VALUE);
    check.number("p_less", run(Alternative::Less)?.p_value, P_VALUE);
    check.number("p_greater", run(Alternative::Greater)?.p_value, P_VALUE);
    if let Some(estimate) = result.estimate {
        check.number("or_conditional_mle", estimate.value, STATISTIC);
        check.optional("or_ci95_low", estimate.interval.map(|interval| interval.low), STATISTIC);
        check.optional("or_ci95_high", estimate.interval.map(|interval| interval.high), STATISTIC);
    }
    Ok(())
}
