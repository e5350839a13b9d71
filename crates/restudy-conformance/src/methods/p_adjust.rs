//! `p.adjust(p, method)`.

use restudy_stats::multiplicity::{BenjaminiHochberg, BenjaminiYekutieli, Bonferroni, Hochberg, Holm, Hommel};

use super::{Failure, Method};
use crate::case::Case;
use crate::tolerance::P_VALUE;

pub(super) const METHOD: Method = Method { name: "p_adjust", run, not_covered: &[] };

fn run(case: &mut Case) -> Result<(), Failure> {
    let p_values = case.optional_numbers("p")?;
    for (name, adjusted) in [
        ("BH", BenjaminiHochberg.adjust(&p_values)?),
        ("BY", BenjaminiYekutieli.adjust(&p_values)?),
        ("holm", Holm.adjust(&p_values)?),
        ("hochberg", Hochberg.adjust(&p_values)?),
        ("hommel", Hommel.adjust(&p_values)?),
        ("bonferroni", Bonferroni.adjust(&p_values)?),
    ] {
        case.check.list(name, &adjusted.values, P_VALUE);
    }
    Ok(())
}
