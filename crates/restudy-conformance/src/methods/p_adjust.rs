//! `p.adjust(p)`.

use restudy_stats::multiplicity::BenjaminiHochberg;

use super::{Failure, Method};
use crate::case::Case;
use crate::tolerance::P_VALUE;

const NOT_YET: &str = "the library adjusts by Benjamini-Hochberg only so far";

pub(super) const METHOD: Method = Method {
    name: "p_adjust",
    run,
    not_covered: &[
        ("BY", NOT_YET),
        ("holm", NOT_YET),
        ("hochberg", NOT_YET),
        ("hommel", NOT_YET),
        ("bonferroni", NOT_YET),
    ],
};

fn run(case: &mut Case) -> Result<(), Failure> {
    let p_values = case.optional_numbers("p")?;
    let adjusted = BenjaminiHochberg.adjust(&p_values)?;
    case.check.list("BH", &adjusted.values, P_VALUE);
    Ok(())
}
