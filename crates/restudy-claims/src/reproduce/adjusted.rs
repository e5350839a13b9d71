//! p-values adjusted together, as a paper may have put them in.

use restudy_stats::multiplicity::BenjaminiHochberg;

use super::obtained::{Obtained, judge};
use crate::printed::Content;
use crate::record::{Record, Row, Table};

/// The adjusted p-values of a table's rows from the p-values obtained: from those as computed or from those as printed,
/// whichever gives more of the published ones. A paper rarely says which it put in.
pub(crate) fn adjusted(record: &Record, table: &Table, raw: &[Option<f64>]) -> Option<Vec<Option<f64>>> {
    let printed: Vec<Option<f64>> = table.rows.iter().zip(raw).map(|(row, p)| as_printed(record, row, *p)).collect();
    let adjust = |inputs: &[Option<f64>]| BenjaminiHochberg.adjust(inputs).ok().map(|adjusted| adjusted.values);
    let (raw, printed) = (adjust(raw)?, adjust(&printed)?);
    let held = |values: &[Option<f64>]| {
        let claims = table.rows.iter().zip(values).filter_map(|(row, p)| Some((row.p_adjusted?, found(*p))));
        claims
            .filter(|(claim, obtained)| {
                let claim = &record.claims[*claim];
                judge(claim.kind, &claim.content, obtained).is_some_and(|(_, held)| held)
            })
            .count()
    };
    Some(if held(&raw) > held(&printed) { raw } else { printed })
}

/// A p-value, or that there is none.
pub(crate) fn found(p: Option<f64>) -> Obtained {
    p.map_or(Obtained::NoTest, |p| Obtained::Numbers(vec![p]))
}

/// A p-value with the decimals that its claim prints; below the least of them, with one more.
fn as_printed(record: &Record, row: &Row, p: Option<f64>) -> Option<f64> {
    let p = p?;
    let decimals = match row.p.map(|claim| &record.claims[claim].content) {
        Some(Content::PValue(Some(printed))) => printed.decimal().decimals(),
        _ => return Some(p),
    };
    let unit = f64::from(10_u32.pow(decimals.min(8)));
    let unit = if p * unit < 1.0 { unit * 10.0 } else { unit };
    Some((p * unit).round() / unit)
}
