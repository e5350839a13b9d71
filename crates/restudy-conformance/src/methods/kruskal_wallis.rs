//! `kruskal.test(x, group)`.

use restudy_stats::hypothesis::{KruskalWallis, Statistic};

use super::{Failure, Method};
use crate::case::Case;
use crate::tolerance::{EXACT, P_VALUE, STATISTIC};

pub(super) const METHOD: Method = Method { name: "kruskal_wallis", run, not_covered: &[] };

fn run(case: &mut Case) -> Result<(), Failure> {
    let groups = case.all_groups()?;
    let groups: Vec<&[f64]> = groups.iter().map(Vec::as_slice).collect();
    let result = KruskalWallis::default().run(&groups)?;
    let check = &mut case.check;
    check.number("n", result.counts.iter().sum::<usize>() as f64, EXACT);
    check.optional("h", result.statistic.map(Statistic::value), STATISTIC);
    check.optional("df", result.statistic.and_then(Statistic::df), EXACT);
    check.number("p", result.p_value, P_VALUE);
    Ok(())
}
