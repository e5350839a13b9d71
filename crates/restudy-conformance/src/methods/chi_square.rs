//! `chisq.test(table)`, with and without Yates's correction, and what is printed beside it.

use restudy_stats::hypothesis::{
    ChiSquare, Correction, LikelihoodRatioChiSquare, Remark, Statistic, smallest_expected,
};

use super::{Failure, Method};
use crate::case::Case;
use crate::tolerance::{EXACT, P_VALUE, STATISTIC};

pub(super) const METHOD: Method = Method { name: "chi_square", run, not_covered: &[] };

fn run(case: &mut Case) -> Result<(), Failure> {
    let table = case.count_table()?;
    let plain = ChiSquare { correction: Correction::None }.run_on_counts(&table)?;
    let likelihood_ratio = LikelihoodRatioChiSquare.run_on_counts(&table)?;
    let below_5 = plain.remarks.iter().find_map(|remark| match remark {
        Remark::SmallExpected { cells, .. } => Some(*cells),
        _ => None,
    });
    let check = &mut case.check;
    let n = table.total() as f64;
    check.number("n", n, EXACT);
    check.number("min_expected", smallest_expected(&table)?, STATISTIC);
    check.number("cells_expected_below_5", below_5.unwrap_or(0) as f64, EXACT);
    if let Some(Statistic::ChiSquare { value, df }) = plain.statistic {
        // O − E is rounded in the reference, to the last digits of O.
        check.number("chi2", value, STATISTIC.subtracted_from((value * n).sqrt()));
        check.number("df", df, EXACT);
    }
    check.number("p", plain.p_value, P_VALUE);
    // The reference adds O ln(O/E), positive and negative terms as large as the counts.
    let g2 = likelihood_ratio.statistic.map(Statistic::value);
    check.optional("g2_likelihood_ratio", g2, STATISTIC.subtracted_from(n));
    check.number("g2_p", likelihood_ratio.p_value, P_VALUE);
    let cramers_v = plain.estimate.map(|estimate| estimate.value);
    check.optional("cramers_v", cramers_v, STATISTIC);
    if (table.rows(), table.columns()) == (2, 2) {
        let yates = ChiSquare { correction: Correction::Yates }.run_on_counts(&table)?;
        check.optional("chi2_yates", yates.statistic.map(Statistic::value), STATISTIC);
        check.number("p_yates", yates.p_value, P_VALUE);
        // φ is V with the sign of the determinant.
        let products = |row: usize| u128::from(table.get(row, 0)) * u128::from(table.get(1 - row, 1));
        let sign = if products(0) < products(1) { -1.0 } else { 1.0 };
        check.optional("phi", cramers_v.map(|v| sign * v), STATISTIC);
    }
    Ok(())
}
