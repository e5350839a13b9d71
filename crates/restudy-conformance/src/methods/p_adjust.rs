//! `p.adjust(p)`.

use restudy_stats::multiplicity::{BenjaminiHochberg, BenjaminiYekutieli, Bonferroni, Holm};

use super::{Failure, Method};
use crate::case::Case;
use crate::tolerance::P_VALUE;

const NOT_YET: &str = "the library does not adjust by this method yet";

pub(super) const METHOD: Method =
    Method { name: "p_adjust", run, not_covered: &[("hochberg", NOT_YET), ("hommel", NOT_YET)] };

fn run(case: &mut Case) -> Result<(), Failure> {
    let p_values = case.optional_numbers("p")?;
    for (key, adjusted) in [
        ("BH", BenjaminiHochberg.adjust(&p_values)?),
        ("BY", BenjaminiYekutieli.adjust(&p_values)?),
        ("holm", Holm.adjust(&p_values)?),
        ("bonferroni", Bonferroni.adjust(&p_values)?),
    ] {
        case.check.list(key, &adjusted.values, P_VALUE);
    }
    Ok(())
}
