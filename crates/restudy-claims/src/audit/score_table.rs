//! A table of events and non-events at each value of a score, and what follows from it.

use restudy_ledger::{Bound, Derived};
use restudy_stats::descriptive::{clopper_pearson, wilson};
use restudy_stats::hypothesis::{MannWhitney, RankNullChoice};
use restudy_stats::{Interval, Level};

use super::accuracy::Figures;
use super::desk::{Desk, Ruling};
use super::range::Range;
use super::say;
use super::table::{Percentage, percent_ruling};
use crate::printed::{Content, Kind, Printed};
use crate::record::{ClaimIndex, PercentOf, ScoreRow, ScoreTable};

pub(super) fn audit(desk: &mut Desk<'_>, index: usize, table: &ScoreTable) {
    let columns = [Column::new(desk, table, true), Column::new(desk, table, false)];
    for row in &table.rows {
        judge_row(desk, table, row, &columns);
    }
    for column in &columns {
        column.check_sum(desk, table);
    }
    derive(desk, index, table);
}

/// Events, or non-events, over all values of the score.
struct Column {
    group: usize,
    claims: Vec<ClaimIndex>,
    counts: Vec<u64>,
}

impl Column {
    fn new(desk: &Desk<'_>, table: &ScoreTable, events: bool) -> Self {
        let claims: Vec<ClaimIndex> =
            table.rows.iter().map(|row| if events { row.events } else { row.non_events }).collect();
        let counts = claims.iter().filter_map(|claim| desk.count(*claim)).collect();
        Self { group: if events { table.events } else { table.non_events }, claims, counts }
    }

    fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    fn check_sum(&self, desk: &mut Desk<'_>, table: &ScoreTable) {
        let (group, total) = (desk.group(self.group), self.total());
        if total != group.n && !self.claims.is_empty() {
            let sum = say::sum(&self.counts);
            let sentence = format!(
                "{} scores {sum} = {total} patients ({}), but there are {}.",
                table.label, group.label, group.n
            );
            desk.conflict(&self.claims, sentence, None);
        }
    }
}

fn judge_row(desk: &mut Desk<'_>, table: &ScoreTable, row: &ScoreRow, columns: &[Column; 2]) {
    let (Some(events), Some(non_events)) = (desk.count(row.events), desk.count(row.non_events)) else { return };
    let sum = events + non_events;
    let total = row.total.and_then(|claim| desk.count(claim));
    if let (Some(claim), Some(total)) = (row.total, total) {
        let arithmetic = format!("{events} + {non_events} = {sum}");
        let ruling = if total == sum {
            Ruling::reproduced(arithmetic)
        } else {
            let sentence = format!("{} is {total}, but {arithmetic}.", desk.place(claim));
            desk.conflict(&[claim, row.events, row.non_events], sentence, Some(format!("print {sum}")));
            Ruling::impossible(format!("{arithmetic}, not {total}"))
        };
        desk.rule(claim, ruling.giving(sum.to_string(), Range::point(sum as f64)));
    }
    let cells = [(row.events, row.non_events, &columns[0]), (row.non_events, row.events, &columns[1])];
    for (claim, other, column) in cells {
        let label = desk.group(column.group).label.clone();
        let ruling = match desk.content(claim) {
            Content::CountPercent { count, percent } => {
                let size = desk.group(column.group).n;
                let (of, confirmed, origin) = match table.percent_of {
                    PercentOf::Row => (total.unwrap_or(sum), total == Some(sum), complement(desk, *percent, other)),
                    PercentOf::Column => (size, column.total() == size, None),
                };
                let (percent, count) = (*percent, *count);
                percent_ruling(desk, &Percentage { claim, percent, count, of, label: &label, confirmed, origin })
            }
            _ => match total {
                Some(total) if total == sum => {
                    let rest = desk.count(other).map_or(0, |other| total - other);
                    Ruling::reproduced(format!("the rest of {total} patients is {rest}"))
                }
                _ => Ruling::not_recomputable("no other number of the record adds up to it"),
            },
        };
        desk.rule(claim, ruling);
    }
}

/// That a percentage is what the other one of its row, rounded, leaves of 100.
fn complement(desk: &Desk<'_>, percent: Printed, other: ClaimIndex) -> Option<String> {
    let Content::CountPercent { percent: other, .. } = desk.content(other) else { return None };
    let completes = percent.decimal().completes(other.decimal(), 100);
    completes.then(|| format!("{percent} is what the rounded {other} leaves of 100"))
}

/// What the table implies and the paper does not print.
fn derive(desk: &mut Desk<'_>, index: usize, table: &ScoreTable) {
    // The cut-off, and with it the direction, that the paper gives for the score.
    let cutoff = desk
        .record
        .accuracies
        .iter()
        .filter(|accuracy| accuracy.score_table == Some(index))
        .find_map(|accuracy| accuracy.cutoff(desk));
    let Some(figures) = Figures::new(desk, table, cutoff) else { return };
    let interval = auc_interval(desk, table, figures.low_is_positive);
    desk.derive(Derived {
        id: format!("{}.auc", table.id),
        label: format!("{}: area under the ROC curve, 95% interval", table.score),
        value: figures.auc.to_f64(),
        bound: Bound::Exact,
        conf_low: interval.map(|interval| interval.low),
        conf_high: interval.map(|interval| interval.high),
        how: format!("{}; DeLong's interval", say::sentence(&figures.auc_how)),
    });
    let level = Level::NINETY_FIVE;
    let Some(cutoff) = cutoff else { return };
    for kind in [Kind::Sensitivity, Kind::Specificity, Kind::Ppv, Kind::Npv, Kind::Accuracy] {
        let Some((count, of)) = figures.share(kind) else { continue };
        let intervals = [("wilson", wilson(count, of, level)), ("clopper_pearson", clopper_pearson(count, of, level))];
        for (name, interval) in intervals {
            let Ok(interval) = interval else { continue };
            let method = if name == "wilson" { "Wilson's" } else { "Clopper and Pearson's" };
            desk.derive(Derived {
                id: format!("{}.{}.{name}", table.id, kind.name()),
                label: format!("{}, {}: {}, {method} 95% interval", table.score, cutoff, kind.name()),
                value: count as f64 / of as f64,
                bound: Bound::Exact,
                conf_low: Some(interval.low),
                conf_high: Some(interval.high),
                how: format!("{count}/{of}"),
            });
        }
    }
}

/// DeLong's interval of the area under the curve, which is the probability that an event outranks a non-event; none
/// with fewer than two of either.
fn auc_interval(desk: &Desk<'_>, table: &ScoreTable, low_is_positive: bool) -> Option<Interval> {
    // No group is larger: a table of more patients is in conflict with it already.
    const MOST_PATIENTS: usize = 1_000_000;
    let scores = |pick: fn(&ScoreRow) -> ClaimIndex| {
        let mut scores = Vec::new();
        for (rank, row) in table.rows.iter().enumerate() {
            let count = usize::try_from(desk.count(pick(row))?).ok()?;
            let rank = if low_is_positive { -(rank as f64) } else { rank as f64 };
            let patients = Some(scores.len() + count).filter(|patients| *patients <= MOST_PATIENTS)?;
            scores.resize(patients, rank);
        }
        Some(scores)
    };
    let null = RankNullChoice::Normal { continuity: false };
    let test = MannWhitney { null, ..MannWhitney::default() };
    test.run(&scores(|row| row.events)?, &scores(|row| row.non_events)?).ok()?.estimate?.interval
}
