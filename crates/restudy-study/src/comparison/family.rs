//! The family of p-values that are adjusted together.

use restudy_ledger::{Context, Family, LeftOut, Row, Stat};
use restudy_stats::multiplicity::BenjaminiHochberg;

use crate::plan::ComparisonPlan;

/// Adjusts the p-values of a comparison and names the family: who is in it, who is not, and why.
pub(crate) fn adjust(rows: &mut Vec<Row>, plan: &ComparisonPlan, p_values: &[Result<f64, String>]) -> Family {
    let mut members = Vec::new();
    let mut left_out = Vec::new();
    let mut family = Vec::with_capacity(p_values.len());
    for (row, p_value) in plan.rows.iter().zip(p_values) {
        let variable = row.variable.clone();
        match p_value {
            Ok(_) if plan.adjust_leave_out.contains(&variable) => {
                left_out.push(LeftOut { variable, reason: "left out by the study file".to_owned() });
                family.push(None);
            }
            Ok(p_value) => {
                members.push(variable);
                family.push(Some(*p_value));
            }
            Err(reason) => {
                left_out.push(LeftOut { variable, reason: reason.clone() });
                family.push(None);
            }
        }
    }
    // p-values come from our own tests and lie in [0, 1]: there is nothing to refuse.
    let adjusted = BenjaminiHochberg.adjust(&family).map(|adjusted| adjusted.values).unwrap_or_default();
    for (row, adjusted) in plan.rows.iter().zip(adjusted) {
        let value = adjusted.unwrap_or(f64::NAN);
        let mut record = Row::new(&plan.id, Context::Adjustment, &row.variable, None, Stat::PAdjusted, value)
            .procedure("benjamini_hochberg");
        if adjusted.is_none() {
            record.reason = left_out.iter().find(|left| left.variable == row.variable).map(|left| left.reason.clone());
        }
        rows.push(record);
    }
    Family { method: "benjamini_hochberg".to_owned(), size: members.len(), members, left_out }
}
