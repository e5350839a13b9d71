//! The family of p-values that are adjusted together.

use restudy_ledger::{Context, Family, LeftOut, Row, Stat};
use restudy_stats::multiplicity::{BenjaminiHochberg, BenjaminiYekutieli, Bonferroni, Hochberg, Holm, Hommel};

use crate::file::Adjustment;

/// A p-value that may belong to the family, with the place of its row.
pub(crate) struct Member {
    /// A row of the same place.
    pub(crate) place: Row,
    /// What the family calls it.
    pub(crate) name: String,
    /// The p-value, or why there is none.
    pub(crate) p_value: Result<f64, String>,
    /// The study file leaves it out.
    pub(crate) left_out: bool,
}

/// Adjusts the p-values of an analysis and names the family: who is in it, who is not, and why.
///
/// The adjusted values come back in the order of the members.
pub(crate) fn adjust(rows: &mut Vec<Row>, members: Vec<Member>, method: Adjustment) -> (Family, Vec<Option<f64>>) {
    let key = method.word().replace('-', "_");
    let mut family = Family { method: key.clone(), size: 0, members: Vec::new(), left_out: Vec::new() };
    let mut values = Vec::with_capacity(members.len());
    for Member { name, p_value, left_out, .. } in &members {
        let reason = match p_value {
            Ok(_) if *left_out => "left out by the study file",
            Ok(p_value) => {
                family.members.push(name.clone());
                values.push(Some(*p_value));
                continue;
            }
            Err(reason) => reason,
        };
        family.left_out.push(LeftOut { variable: name.clone(), reason: reason.to_owned() });
        values.push(None);
    }
    family.size = family.members.len();
    let adjusted = match method {
        Adjustment::BenjaminiHochberg => BenjaminiHochberg.adjust(&values),
        Adjustment::BenjaminiYekutieli => BenjaminiYekutieli.adjust(&values),
        Adjustment::Holm => Holm.adjust(&values),
        Adjustment::Hochberg => Hochberg.adjust(&values),
        Adjustment::Hommel => Hommel.adjust(&values),
        Adjustment::Bonferroni => Bonferroni.adjust(&values),
    };
    // p-values come from our own tests and lie in [0, 1]: there is nothing to refuse.
    let adjusted = adjusted.map(|adjusted| adjusted.values).unwrap_or_default();
    for (member, adjusted) in members.into_iter().zip(&adjusted) {
        let Row { analysis, variable, level, with, model, .. } = member.place;
        let value = adjusted.unwrap_or(f64::NAN);
        let mut record = Row::new(&analysis, Context::Adjustment, &variable, None, Stat::PAdjusted, value);
        record = Row { level, with, model, ..record }.procedure(&key);
        if adjusted.is_none() {
            record.reason =
                family.left_out.iter().find(|left| left.variable == member.name).map(|left| left.reason.clone());
        }
        rows.push(record);
    }
    (family, adjusted)
}
