//! A table that compares groups: its cells, its partitions, its p-values.

use restudy_stats::hypothesis::CountTable;

use super::desk::{Desk, Ruling};
use super::range::{Fit, Range};
use super::{adjusted, categorical, combine, grid, moments, say};
use crate::printed::{Content, Fraction, Kind, Printed};
use crate::record::{Cell, ClaimIndex, NamedTest, Partition, Row, Table};

pub(super) fn audit(desk: &mut Desk<'_>, table: &Table) {
    for row in &table.rows {
        for cell in &row.cells {
            let ruling = cell_ruling(desk, row, cell);
            desk.rule(cell.claim, ruling);
        }
    }
    grid::audit(desk, table);
    for partition in &table.partitions {
        check_partition(desk, table, partition);
    }
    let categorical = categorical::audit(desk, table);
    let moments = moments::audit(desk, table);
    for row in &table.rows {
        unexplained_p(desk, table, row);
    }
    adjusted::audit(desk, table, &[categorical, moments].concat());
}

/// The cells of a row that its test compares: those of groups that are not made of others.
pub(super) fn compared<'a>(desk: &Desk<'_>, row: &'a Row) -> Vec<&'a Cell> {
    row.cells.iter().filter(|cell| desk.group(cell.group).parts.is_empty()).collect()
}

fn cell_ruling(desk: &mut Desk<'_>, row: &Row, cell: &Cell) -> Ruling {
    let label = desk.group(cell.group).label.clone();
    let own = match desk.content(cell.claim) {
        Content::CountPercent { count, percent } => {
            let (claim, percent, count, of) = (cell.claim, *percent, *count, cell.n);
            let printed = Percentage { claim, percent, count, of, label: &label, confirmed: false, origin: None };
            Some(percent_ruling(desk, &printed))
        }
        Content::Counts(counts) => Some(counts_ruling(desk, cell, counts, &label)),
        Content::Count(count) if *count > cell.n => Some(too_many(desk, cell.claim, *count, cell.n, &label)),
        Content::MedianQuartiles { median, q1, q3 } => Some(quartiles_ruling(desk, cell.claim, *median, *q1, *q3)),
        _ => None,
    };
    // A column for all patients together says again what the columns of its parts say.
    let combined = combine::whole_cell(desk, row, cell);
    match (own, combined) {
        (Some(own), Some(combined)) => own.and(combined),
        (Some(ruling), None) | (None, Some(ruling)) => ruling,
        (None, None) => Ruling::not_recomputable(match row.kind {
            Kind::MeanSd => "mean and standard deviation follow from the patients' values, which are not printed",
            _ => "it follows from the patients' values, which are not printed",
        }),
    }
}

fn too_many(desk: &mut Desk<'_>, claim: ClaimIndex, count: u64, of: u64, label: &str) -> Ruling {
    desk.conflict(&[claim], format!("{} counts {count} of {of} patients ({label}).", desk.place(claim)), None);
    Ruling::impossible(format!("{count} of {of} patients"))
}

/// A printed percentage, and what it is of.
pub(super) struct Percentage<'a> {
    pub(super) claim: ClaimIndex,
    pub(super) percent: Printed,
    pub(super) count: u64,
    pub(super) of: u64,
    /// Who the denominator counts.
    pub(super) label: &'a str,
    /// Whether a sum confirms count and denominator, so that only the percentage can be the slip.
    pub(super) confirmed: bool,
    /// How a wrong percentage may have come about.
    pub(super) origin: Option<String>,
}

/// Holds a percentage against its count and denominator.
pub(super) fn percent_ruling(desk: &mut Desk<'_>, printed: &Percentage<'_>) -> Ruling {
    let Percentage { claim, percent, count, of, label, confirmed, ref origin } = *printed;
    if count > of {
        return too_many(desk, claim, count, of, label);
    }
    let Some(share) = Fraction::share(count, of, 100) else {
        return Ruling::not_recomputable(format!("there are no patients ({label}) to take a percentage of"));
    };
    let exact = say::share(share, percent, 100);
    let range = Range::point(share.to_f64());
    if percent.may_print(share, 100) {
        desk.note_tie(claim, share, percent, 100);
        return Ruling::reproduced(format!("{count}/{of} = {exact}")).giving(exact, range);
    }
    let right = say::prints(share, percent, 100);
    let mut repairs = vec![format!("{right} as the percentage")];
    if !confirmed {
        let prints =
            |count: u64, of: u64| Fraction::share(count, of, 100).is_some_and(|share| percent.may_print(share, 100));
        let value = percent.decimal().to_f64() / 100.0;
        if let Some(other) = around(value * of as f64, of).into_iter().find(|other| prints(*other, of)) {
            repairs.push(format!("{other} as the count"));
        }
        let fewer = around(count as f64 / value, of).into_iter().find(|other| *other >= count && prints(count, *other));
        if let Some(other) = fewer {
            repairs.push(format!("{other} as the denominator"));
        }
    }
    let either_way = say::either_way(share, percent);
    let origin = origin.as_ref().map(|origin| format!(" ({origin})")).unwrap_or_default();
    let sentence = format!(
        "{}: {percent}% is printed for {count} of {of} patients, but {count}/{of} is {exact}, which prints as \
         {right}{either_way}.",
        desk.place(claim)
    );
    desk.conflict(&[claim], sentence, Some(format!("print {}{origin}", say::alternatives(&repairs))));
    Ruling::impossible(format!("{count}/{of} = {exact} prints as {right}{either_way}, not {percent}%{origin}"))
        .giving(exact, range)
}

/// The whole numbers about a value, nearest first, up to a limit.
pub(super) fn around(value: f64, limit: u64) -> Vec<u64> {
    if !(0.0..=1e15).contains(&value) {
        return Vec::new();
    }
    let below = value.floor() as u64;
    let mut candidates = vec![below, below + 1];
    candidates.extend(below.checked_sub(1));
    candidates.retain(|candidate| *candidate <= limit);
    candidates.sort_by(|one, two| (*one as f64 - value).abs().total_cmp(&(*two as f64 - value).abs()));
    candidates
}

fn counts_ruling(desk: &mut Desk<'_>, cell: &Cell, counts: &[u64], label: &str) -> Ruling {
    let total: u64 = counts.iter().sum();
    let sum = format!("{} = {total}", say::sum(counts));
    if total == cell.n {
        return Ruling::reproduced(format!("{sum}, the {} patients ({label})", cell.n));
    }
    let sentence = format!("{} counts {sum} patients, but there are {} ({label}).", desk.place(cell.claim), cell.n);
    desk.conflict(&[cell.claim], sentence, None);
    Ruling::impossible(format!("{sum}, not {}", cell.n))
}

fn quartiles_ruling(desk: &mut Desk<'_>, claim: ClaimIndex, median: Printed, q1: Printed, q3: Printed) -> Ruling {
    let (low, middle, high) = (q1.decimal().fraction(), median.decimal().fraction(), q3.decimal().fraction());
    // Rounding keeps order, so that quartiles in order print in order.
    if low <= middle && middle <= high {
        return Ruling::not_recomputable(
            "quartiles follow from the patients' values, which are not printed; their order holds",
        );
    }
    let sentence = format!("{} prints a median of {median} outside its quartiles {q1} and {q3}.", desk.place(claim));
    desk.conflict(&[claim], sentence, None);
    Ruling::impossible(format!("a median of {median} does not lie between quartiles of {q1} and {q3}"))
}

/// Rows that count every patient once must add up to the group.
fn check_partition(desk: &mut Desk<'_>, table: &Table, partition: &Partition) {
    let rows = &table.rows[partition.rows.clone()];
    let Some(first) = rows.first() else { return };
    for (column, head) in first.cells.iter().enumerate() {
        let cells: Vec<&Cell> = rows.iter().filter_map(|row| row.cells.get(column)).collect();
        let counts: Vec<u64> = cells.iter().filter_map(|cell| desk.count(cell.claim)).collect();
        let total: u64 = counts.iter().sum();
        if total == head.n || cells.iter().any(|cell| cell.n != head.n) {
            continue;
        }
        // A cell whose count and percentage disagree, and whose percentage is right for the count that would close the
        // sum, is the slip.
        let closing = cells.iter().zip(&counts).find_map(|(cell, count)| {
            let repaired = (count + head.n).checked_sub(total)?;
            let Content::CountPercent { percent, .. } = desk.content(cell.claim) else { return None };
            let fits = |count| Fraction::share(count, cell.n, 100).is_some_and(|share| percent.may_print(share, 100));
            (fits(repaired) && !fits(*count)).then(|| format!("print {repaired} in {}", desk.place(cell.claim)))
        });
        let sentence = format!(
            "{}, {}: each of the {} patients ({}) is in exactly one row, but the rows count {} = {total}.",
            table.label,
            partition.heading,
            head.n,
            desk.group(head.group).label,
            say::sum(&counts)
        );
        let claims: Vec<ClaimIndex> = cells.iter().map(|cell| cell.claim).collect();
        desk.conflict(&claims, sentence, closing);
    }
}

/// The table of counts behind a row, groups by categories; none when the row does not print one.
pub(super) fn count_table(desk: &Desk<'_>, row: &Row) -> Option<CountTable> {
    let cells = compared(desk, row);
    let mut counts = Vec::new();
    for cell in &cells {
        match desk.content(cell.claim) {
            Content::Count(count) | Content::CountPercent { count, .. } => {
                counts.extend([*count, cell.n.checked_sub(*count)?]);
            }
            Content::Counts(levels) => counts.extend(levels),
            _ => return None,
        }
    }
    let columns = counts.len().checked_div(cells.len())?;
    CountTable::new(cells.len(), columns, counts).ok()
}

/// A p-value that no audit of its row could judge.
fn unexplained_p(desk: &mut Desk<'_>, table: &Table, row: &Row) {
    let Some(claim) = row.p else { return };
    if desk.is_ruled(claim) {
        return;
    }
    let Content::PValue(printed) = desk.content(claim) else { return };
    let ruling = match (printed, row.kind) {
        (None, _) => Ruling::not_recomputable("no p-value is given"),
        (Some(printed), _) if Range { low: 0.0, high: 1.0 }.fit(*printed) == Fit::Never => {
            let sentence = format!("{} is {printed}, and a p-value lies between 0 and 1.", desk.place(claim));
            desk.conflict(&[claim], sentence, None);
            Ruling::impossible("a p-value lies between 0 and 1")
        }
        (_, Kind::MedianQuartiles) => {
            let ranks = table.tests.median_quartiles.contains(&NamedTest::MannWhitney);
            let test = if ranks { "the Mann–Whitney test" } else { "a test of medians" };
            Ruling::not_recomputable(format!("{test} needs every patient's value; the paper prints quartiles"))
        }
        _ => Ruling::not_recomputable(format!("{} does not print what its test needs", table.label)),
    };
    desk.rule(claim, ruling);
}
