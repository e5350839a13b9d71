//! A paper's claims beside the numbers obtained.

use restudy_ledger::ClaimChecks;

use crate::style::NONE;
use crate::table::{Cell, Column, ColumnKind, Footnote, Line, Table};

/// Every claim of a paper: where it stands, what is printed, what was obtained, whether it holds, and why not.
///
/// Lines are tagged `held`, `not_held` and `not_told`, so that a page may pick them out.
#[must_use]
pub fn claims_table(checks: &ClaimChecks) -> Table {
    let columns = vec![
        Column::new(ColumnKind::Label, "Claim"),
        Column::new(ColumnKind::Text, "Printed"),
        Column::new(ColumnKind::Text, "Obtained"),
        Column::new(ColumnKind::Text, "Held"),
        Column::new(ColumnKind::Text, "Why"),
    ];
    let lines = checks.claims.iter().map(|claim| {
        let (held, tag) = match claim.held {
            Some(true) => ("held", "held"),
            Some(false) => ("not held", "not_held"),
            None => ("cannot be told", "not_told"),
        };
        Line::item(vec![
            Cell::from(claim.place.as_str()).detail(claim.id.as_str()),
            Cell::from(claim.printed.as_str()),
            Cell::from(claim.obtained.as_deref().unwrap_or(NONE)),
            Cell::from(held),
            Cell::from(claim.reason.as_deref().unwrap_or_default()),
        ])
        .tagged(tag)
    });
    let (held, not, untold) = checks.counts();
    let note = format!(
        "{} claims: {held} held, {not} not held, {untold} cannot be told. Obtained: from the ledger, printed with the \
         decimals of the claim.",
        checks.claims.len()
    );
    Table {
        title: format!("Claims of {}", checks.paper),
        columns,
        lines: lines.collect(),
        footnotes: vec![Footnote { mark: None, text: note }],
    }
}
