//! Two published scores beside each other, of the patients who have both.

use restudy_ledger::{Context, Row, Stat};
use restudy_stats::accuracy::{DeLong, Direction, Marker, Reclassification, ReclassificationIndex};

use super::scored::Scored;
use super::step::Judged;
use crate::block::Record;
use crate::blocks::accuracy;

/// The difference of their areas, and what the first score's risks add to those of the second.
pub(super) fn compare(judged: &Judged<'_>, first: &Scored, second: &Scored, record: &mut Record) {
    areas(judged, first, second, &mut record.rows);
    reclassify(judged, first, second, &mut record.rows);
    reclassify_by_group(judged, first, second, &mut record.rows);
}

/// The net reclassification improvement by the scores' own groups, where they have as many: who moved to a higher group, and
/// who to a lower one. It needs no risks.
fn reclassify_by_group(judged: &Judged<'_>, first: &Scored, second: &Scored, rows: &mut Vec<Row>) {
    let groups = first.score.groups.len();
    if groups < 2 || second.score.groups.len() != groups {
        return;
    }
    // Groups by their places are risks of which only the order counts.
    let place =
        |scored: &Scored, row: usize| Some(scored.score.group_place(scored.totals[row]?)? as f64 / groups as f64);
    let (mut new, mut old, mut happened) = (Vec::new(), Vec::new(), Vec::new());
    for row in judged.known(first) {
        let (Some(of_first), Some(of_second)) = (place(first, row), place(second, row)) else { continue };
        new.push(of_first);
        old.push(of_second);
        happened.push(judged.events[row] == Some(true));
    }
    let model = "net reclassification improvement by group";
    match Reclassification::default().run(&old, &new, &happened) {
        Ok(result) => tell(judged, (first, second), model, ("reclassification/nri_groups", &result.nri), rows),
        Err(error) => {
            rows.push(pair(judged, (first, second), model, Stat::Estimate, f64::NAN).reason(&error.to_string()));
        }
    }
}

/// An index of reclassification with its interval and test.
fn tell(
    judged: &Judged<'_>,
    scores: (&Scored, &Scored),
    model: &str,
    (procedure, index): (&str, &ReclassificationIndex),
    rows: &mut Vec<Row>,
) {
    let row = |stat, value: f64| pair(judged, scores, model, stat, value);
    rows.push(row(Stat::Estimate, index.value).procedure(procedure));
    if let Some(interval) = index.interval {
        rows.push(row(Stat::ConfLow, interval.low).of(Stat::Estimate));
        rows.push(row(Stat::ConfHigh, interval.high).of(Stat::Estimate));
    }
    if let Some(p_value) = index.p_value {
        rows.push(row(Stat::PValue, p_value).of(Stat::Estimate).procedure(procedure));
    }
}

/// A row about the first of two scores, with the second.
pub(super) fn pair(
    judged: &Judged<'_>,
    (first, second): (&Scored, &Scored),
    model: &str,
    stat: Stat,
    value: f64,
) -> Row {
    judged.place(first, Context::Test, stat, value).with(&second.score.id).model(model)
}

/// DeLong's test of two scores, of the patients who have both.
fn areas(judged: &Judged<'_>, first: &Scored, second: &Scored, rows: &mut Vec<Row>) {
    let both = first.totals.iter().zip(&second.totals).zip(judged.members);
    let both: Vec<bool> = both.map(|((a, b), member)| *member && a.is_some() && b.is_some()).collect();
    let [(cases, controls), (others, other_controls)] =
        [first, second].map(|scored| accuracy::sides(&scored.totals, judged.events, &both));
    let row = |stat, value: f64| pair(judged, (first, second), "difference in area", stat, value).procedure("delong");
    let tested = DeLong::default().run_paired(
        Marker { cases: &cases, controls: &controls, direction: Direction::Higher },
        Marker { cases: &others, controls: &other_controls, direction: Direction::Higher },
    );
    match tested {
        Ok(test) => {
            rows.push(row(Stat::Estimate, test.difference));
            rows.push(row(Stat::ConfLow, test.interval.low).of(Stat::Estimate));
            rows.push(row(Stat::ConfHigh, test.interval.high).of(Stat::Estimate));
            rows.push(row(Stat::PValue, test.p_value).of(Stat::Estimate));
        }
        Err(error) => rows.push(row(Stat::Estimate, f64::NAN).reason(&error.to_string())),
    }
}

/// What the first score's risks add to those of the second: the category-free net reclassification improvement, and the
/// integrated discrimination improvement. Nothing where one of them has no risks.
fn reclassify(judged: &Judged<'_>, first: &Scored, second: &Scored, rows: &mut Vec<Row>) {
    let (mut new, mut old, mut happened) = (Vec::new(), Vec::new(), Vec::new());
    let by_a_time = |scored: &Scored| scored.score.risk.as_ref().is_some_and(|risk| risk.horizon().is_some());
    if by_a_time(first) || by_a_time(second) {
        return;
    }
    let (of_first, of_second) = (first.risks(), second.risks());
    for row in judged.known(first).into_iter().filter(|row| second.totals[*row].is_some()) {
        let (Some(of_first), Some(of_second)) = (of_first[row], of_second[row]) else { return };
        new.push(of_first);
        old.push(of_second);
        happened.push(judged.events[row] == Some(true));
    }
    let nri = "net reclassification improvement";
    match Reclassification::default().run(&old, &new, &happened) {
        Ok(result) => {
            tell(judged, (first, second), nri, ("reclassification/nri", &result.nri), rows);
            let idi = "integrated discrimination improvement";
            tell(judged, (first, second), idi, ("reclassification/idi", &result.idi), rows);
        }
        Err(error) => {
            rows.push(pair(judged, (first, second), nri, Stat::Estimate, f64::NAN).reason(&error.to_string()));
        }
    }
}
