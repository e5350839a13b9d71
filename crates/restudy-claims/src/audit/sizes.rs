//! The sizes of groups: heads of tables, counts in the text, and the sums that must give them.

use super::desk::{Desk, Ruling};
use super::range::Range;
use super::say;
use crate::record::{ClaimIndex, Group, GroupIndex, Link};

pub(super) fn audit(desk: &mut Desk<'_>) {
    let record = desk.record;
    for (group, claim) in record.tables.iter().flat_map(|table| &table.header) {
        let ruling = ruling(desk, *claim, *group);
        desk.rule(*claim, ruling);
    }
    for (index, whole) in record.groups.iter().enumerate() {
        let parts: Vec<u64> = whole.parts.iter().map(|part| record.groups[*part].n).collect();
        let total: u64 = parts.iter().sum();
        if !parts.is_empty() && total != whole.n {
            let labels: Vec<String> = whole.parts.iter().map(|part| described(&record.groups[*part])).collect();
            let sentence = format!(
                "{} together are {total} patients, but {} are given as {}.",
                say::list(&labels),
                whole.label,
                whole.n
            );
            let claims = stated_sizes(desk, index);
            desk.conflict(&claims, sentence, None);
        }
    }
}

fn described(group: &Group) -> String {
    format!("{} ({})", group.label, group.n)
}

/// The claims that state the size of a group or of its parts.
fn stated_sizes(desk: &Desk<'_>, group: GroupIndex) -> Vec<ClaimIndex> {
    let concerned = |candidate: GroupIndex| candidate == group || desk.group(group).parts.contains(&candidate);
    let headers = desk.record.tables.iter().flat_map(|table| &table.header).copied();
    let stated = desk.record.statements.iter().filter_map(|statement| match statement.link {
        Link::Counts(counted) => Some((counted, statement.claim)),
        _ => None,
    });
    headers.chain(stated).filter(|(counted, _)| concerned(*counted)).map(|(_, claim)| claim).collect()
}

/// What the other numbers say of a count that is given as the size of a group.
pub(super) fn ruling(desk: &mut Desk<'_>, claim: ClaimIndex, group: GroupIndex) -> Ruling {
    let Some(count) = desk.count(claim) else { return Ruling::not_recomputable("it is not a count") };
    let (own, evidence) = (desk.group(group), evidence(desk, group));
    let said = |agreeing: &[&(u64, String)]| -> String {
        agreeing.iter().map(|(size, how)| format!("{how} = {size}")).collect::<Vec<_>>().join("; ")
    };
    let agreeing: Vec<_> = evidence.iter().filter(|(size, _)| *size == count).collect();
    if let Some((size, _)) = agreeing.first() {
        return Ruling::reproduced(said(&agreeing)).giving(size.to_string(), Range::point(*size as f64));
    }
    if evidence.is_empty() && count == own.n {
        return Ruling::not_recomputable("no other number of the record adds up to it");
    }
    let (size, how) = evidence.first().cloned().unwrap_or((own.n, format!("elsewhere {}", own.label)));
    let sentence = format!("{} gives {count} as the number of {}, but {how} = {size}.", desk.place(claim), own.label);
    desk.conflict(&[claim], sentence, Some(format!("print {size}")));
    Ruling::impossible(format!("{how} = {size}, not {count}")).giving(size.to_string(), Range::point(size as f64))
}

/// Every sum that must be the size of a group, with its arithmetic: counts of patients before sizes of other groups.
fn evidence(desk: &Desk<'_>, group: GroupIndex) -> Vec<(u64, String)> {
    let record = desk.record;
    let mut sums = Vec::new();
    let own = desk.group(group);
    for table in &record.tables {
        for partition in &table.partitions {
            let rows = &table.rows[partition.rows.clone()];
            let cells = rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.group == group && cell.n == own.n);
            let counts: Vec<u64> = cells.filter_map(|cell| desk.count(cell.claim)).collect();
            if counts.len() == rows.len() && !counts.is_empty() {
                let how = format!("{}, {}: {}", table.label, partition.heading, say::sum(&counts));
                sums.push((counts.iter().sum(), how));
            }
        }
    }
    for table in &record.score_tables {
        let column = |pick: fn(&crate::record::ScoreRow) -> ClaimIndex| -> Vec<u64> {
            table.rows.iter().filter_map(|row| desk.count(pick(row))).collect()
        };
        let counts = if group == table.events {
            column(|row| row.events)
        } else if group == table.non_events {
            column(|row| row.non_events)
        } else {
            continue;
        };
        if !counts.is_empty() {
            sums.push((counts.iter().sum(), format!("{}: {}", table.label, say::sum(&counts))));
        }
    }
    if !own.parts.is_empty() {
        let parts: Vec<u64> = own.parts.iter().map(|part| desk.group(*part).n).collect();
        let labels: Vec<&str> = own.parts.iter().map(|part| desk.group(*part).label.as_str()).collect();
        sums.push((parts.iter().sum(), format!("{}: {}", say::list(&labels), say::sum(&parts))));
    }
    for whole in record.groups.iter().filter(|whole| whole.parts.contains(&group)) {
        let others: u64 = whole.parts.iter().filter(|part| **part != group).map(|part| desk.group(*part).n).sum();
        if let Some(rest) = whole.n.checked_sub(others) {
            sums.push((rest, format!("{} without the others: {} − {others}", whole.label, whole.n)));
        }
    }
    sums
}
