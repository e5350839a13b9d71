//! `fisher.test(table)` of a table of any size.

use restudy_stats::hypothesis::{FisherFreemanHalton, TableNullChoice};

use super::{Failure, Method};
use crate::case::Case;
use crate::tolerance::P_VALUE;

pub(super) const METHOD: Method = Method { name: "fisher_rxc", run, not_covered: &[] };

fn run(case: &mut Case) -> Result<(), Failure> {
    let table = case.count_table()?;
    let test = FisherFreemanHalton { null: TableNullChoice::Exact, ..FisherFreemanHalton::default() };
    case.check.number("p", test.run_on_counts(&table)?.p_value, P_VALUE);
    Ok(())
}
