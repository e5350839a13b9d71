//! `binom.test(x, n)` and `prop.test(x, n)`.

use restudy_stats::Level;
use restudy_stats::descriptive::{clopper_pearson, wilson, wilson_continuity};
use restudy_stats::hypothesis::BinomialExact;

use super::{Failure, Method};
use crate::case::Case;
use crate::tolerance::{P_VALUE, STATISTIC};

pub(super) const METHOD: Method = Method { name: "proportion", run, not_covered: &[] };

fn run(case: &mut Case) -> Result<(), Failure> {
    let (x, n) = (case.count("x")?, case.count("n")?);
    let wilson = wilson(x, n, Level::NINETY_FIVE)?;
    let always_corrected = wilson_continuity(x, n, Level::NINETY_FIVE)?;
    // prop.test makes no correction at x = n/2.
    let corrected = if x == n - x { wilson } else { always_corrected };
    let intervals = [
        ("clopper_pearson", clopper_pearson(x, n, Level::NINETY_FIVE)?),
        ("wilson", wilson),
        ("wilson_cc", corrected),
        ("wilson_cc_always", always_corrected),
    ];
    let check = &mut case.check;
    check.number("estimate", x as f64 / n as f64, STATISTIC);
    for (name, interval) in intervals {
        // The reference takes the lower Wilson limit as a difference and prints 2.8e-17 for that of 0 of 10.
        let size = if name.starts_with("wilson") { interval.high } else { 0.0 };
        check.number(&format!("{name}_low"), interval.low, STATISTIC.subtracted_from(size));
        check.number(&format!("{name}_high"), interval.high, STATISTIC);
    }
    for (name, null_proportion) in [("p_exact_vs_0.5", 0.5), ("p_exact_vs_0.3", 0.3)] {
        let result = BinomialExact { null_proportion, ..BinomialExact::default() }.run(x, n)?;
        check.number(name, result.p_value, P_VALUE);
    }
    Ok(())
}
