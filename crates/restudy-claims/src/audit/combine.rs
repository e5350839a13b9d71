//! What is true of all groups together, from what is printed of each.

use super::desk::{Desk, Ruling};
use super::moments::Spread;
use super::range::{Fit, Range};
use super::{say, table};
use crate::printed::{Content, Printed};
use crate::record::{Cell, ClaimIndex, GroupIndex, Row};

/// The ruling on a cell of a group whose parts are the other columns; none for any other cell.
pub(super) fn whole_cell(desk: &mut Desk<'_>, row: &Row, cell: &Cell) -> Option<Ruling> {
    let parts = &desk.group(cell.group).parts;
    let columns: Vec<GroupIndex> = table::compared(desk, row).iter().map(|cell| cell.group).collect();
    let covered = !parts.is_empty() && parts.len() == columns.len() && parts.iter().all(|part| columns.contains(part));
    if !covered {
        return None;
    }
    match desk.content(cell.claim) {
        Content::MeanSd { .. } => Some(moments_ruling(desk, cell.claim, row)),
        Content::Count(_) | Content::CountPercent { .. } => Some(count_ruling(desk, cell.claim, row, None)),
        Content::Counts(levels) => {
            let rulings =
                (0..levels.len()).map(|level| level_ruling(desk, cell.claim, row, levels[level], Some(level)));
            rulings.reduce(Ruling::and)
        }
        _ => None,
    }
}

/// Holds a count of all patients against the counts of a row's groups.
pub(super) fn count_ruling(desk: &mut Desk<'_>, claim: ClaimIndex, row: &Row, level: Option<usize>) -> Ruling {
    match desk.count(claim) {
        Some(count) => level_ruling(desk, claim, row, count, level),
        None => Ruling::not_recomputable("it is not a count"),
    }
}

fn level_ruling(desk: &mut Desk<'_>, claim: ClaimIndex, row: &Row, count: u64, level: Option<usize>) -> Ruling {
    let cells = table::compared(desk, row);
    let parts: Vec<ClaimIndex> = cells.iter().map(|cell| cell.claim).collect();
    let counts: Option<Vec<u64>> = cells
        .iter()
        .map(|cell| match (desk.content(cell.claim), level) {
            (Content::Counts(counts), Some(level)) => counts.get(level).copied(),
            (_, None) => desk.count(cell.claim),
            _ => None,
        })
        .collect();
    let Some(counts) = counts.filter(|counts| !counts.is_empty()) else {
        return Ruling::not_recomputable("the row does not count them group by group");
    };
    let total: u64 = counts.iter().sum();
    let sum = format!("{} = {total}", say::sum(&counts));
    let (text, range) = (total.to_string(), Range::point(total as f64));
    if total == count {
        return Ruling::reproduced(sum).giving(text, range).using(&parts);
    }
    let claims = [&[claim], parts.as_slice()].concat();
    let sentence = format!("{} gives {count}, but the groups have {sum}.", desk.place(claim));
    desk.conflict(&claims, sentence, Some(format!("print {total}")));
    Ruling::impossible(format!("{sum}, not {count}")).giving(text, range).using(&parts)
}

/// Holds a mean and standard deviation of all patients against those of a row's groups.
pub(super) fn moments_ruling(desk: &mut Desk<'_>, claim: ClaimIndex, row: &Row) -> Ruling {
    let Content::MeanSd { mean, sd } = desk.content(claim) else {
        return Ruling::not_recomputable("it is not a mean and standard deviation");
    };
    let cells = table::compared(desk, row);
    let spreads: Option<Vec<Spread>> = cells.iter().map(|cell| Spread::of(desk, cell)).collect();
    let Some(all) = spreads.and_then(|spreads| spreads.into_iter().reduce(Spread::together)) else {
        return Ruling::not_recomputable("the row does not print mean and standard deviation of every group");
    };
    let ns: Vec<u64> = cells.iter().map(|cell| cell.n).collect();
    let how = format!("groups of {} taken together: sums of squares within and between them", say::sum(&ns));
    let digits = |range: Range, printed: &Printed| {
        let decimals = printed.decimal().decimals() + 1;
        format!("{} to {}", say::decimals(range.low, decimals), say::decimals(range.high, decimals))
    };
    let text = format!("{} ± {}", digits(all.mean, mean), digits(all.sd, sd));
    let ruling = match (all.mean.fit(*mean), all.sd.fit(*sd)) {
        (Fit::Never, _) | (_, Fit::Never) => {
            let mut claims = vec![claim];
            claims.extend(cells.iter().map(|cell| cell.claim));
            let sentence = format!(
                "{} gives {}, but the groups' means and standard deviations make it {text}.",
                desk.place(claim),
                desk.printed(claim)
            );
            let (mean, sd) = (all.mean.middle_printed(*mean), all.sd.middle_printed(*sd));
            desk.conflict(&claims, sentence, Some(format!("print {mean} ± {sd}")));
            Ruling::impossible(how)
        }
        (Fit::Always, Fit::Always) => Ruling::reproduced(how),
        _ => Ruling::consistent(how),
    };
    let parts: Vec<ClaimIndex> = cells.iter().map(|cell| cell.claim).collect();
    ruling.giving(text, all.mean).using(&parts)
}
