//! Follow-up, deaths and dates: what each leaves room for.

use restudy_ledger::{Bound, Derived};

use super::desk::{Desk, Ruling};
use super::{grid, say};
use crate::printed::{Content, Day, Printed};
use crate::record::{ClaimIndex, Survival};

pub(super) fn audit(desk: &mut Desk<'_>) {
    for survival in &desk.record.survivals {
        dates(desk, survival);
        follow_up(desk, survival);
        if let Some(claim) = survival.log_rank {
            let how = "the log-rank test needs every patient's time, which is not printed";
            desk.rule(claim, Ruling::not_recomputable(how));
        }
    }
}

fn day(desk: &Desk<'_>, claim: Option<ClaimIndex>) -> Option<(ClaimIndex, Day)> {
    match *desk.content(claim?) {
        Content::Date(day) => Some((claim?, day)),
        _ => None,
    }
}

/// The median and quartiles of follow-up as printed: lower quartile, median, upper quartile.
pub(super) fn printed_follow_up(desk: &Desk<'_>, survival: &Survival) -> Option<(ClaimIndex, [Printed; 3])> {
    let claim = survival.follow_up?;
    match *desk.content(claim) {
        Content::MedianQuartiles { median, q1, q3 } => Some((claim, [q1, median, q3])),
        _ => None,
    }
}

/// The longest follow-up that the dates leave room for, in days.
fn longest(desk: &Desk<'_>, survival: &Survival) -> Option<(i64, [ClaimIndex; 2])> {
    let (first, closed) = (day(desk, survival.first_included)?, day(desk, survival.closed)?);
    Some((first.1.days_until(closed.1), [first.0, closed.0]))
}

fn dates(desk: &mut Desk<'_>, survival: &Survival) {
    let days = [survival.first_included, survival.last_included, survival.closed].map(|claim| day(desk, claim));
    let given: Vec<(ClaimIndex, Day)> = days.iter().flatten().copied().collect();
    let claims: Vec<ClaimIndex> = given.iter().map(|(claim, _)| *claim).collect();
    if let Some(pair) = given.windows(2).find(|pair| pair[0].1 > pair[1].1) {
        let sentence =
            format!("{} is {}, after {} ({}).", desk.place(pair[0].0), pair[0].1, desk.place(pair[1].0), pair[1].1);
        desk.conflict(&[pair[0].0, pair[1].0], sentence, None);
        return;
    }
    for (claim, day) in &given {
        let others: Vec<ClaimIndex> = claims.iter().copied().filter(|other| other != claim).collect();
        if given.len() > 1 {
            let how = format!("{day} lies in order: first inclusion, last inclusion, end of follow-up");
            desk.rule(*claim, Ruling::consistent(how).using(&others));
        }
    }
    let unit = survival.follow_up_unit_days as f64;
    if let Some((longest, _)) = longest(desk, survival) {
        desk.derive(Derived {
            id: format!("{}.max", survival.time),
            label: "Longest follow-up, days".to_owned(),
            value: longest as f64,
            bound: Bound::AtMost,
            conf_low: None,
            conf_high: None,
            how: format!(
                "From the first inclusion to the end of follow-up: {longest} days, {} units of {unit} days",
                say::decimals(longest as f64 / unit, 1)
            ),
        });
    }
    if let [_, Some(last), Some(closed)] = days {
        let shortest = last.1.days_until(closed.1);
        desk.derive(Derived {
            id: format!("{}.min_without_event", survival.time),
            label: "Shortest follow-up of a patient without the event who was not lost, days".to_owned(),
            value: shortest as f64,
            bound: Bound::AtLeast,
            conf_low: None,
            conf_high: None,
            how: format!("From the last inclusion ({}) to the end of follow-up ({})", last.1, closed.1),
        });
    }
}

fn follow_up(desk: &mut Desk<'_>, survival: &Survival) {
    let Some((claim, printed)) = printed_follow_up(desk, survival) else { return };
    let [q1, median, q3] = printed;
    let ordered = q1.decimal().fraction() <= median.decimal().fraction()
        && median.decimal().fraction() <= q3.decimal().fraction();
    if !ordered {
        let sentence =
            format!("{} prints a median of {median} outside its quartiles {q1} and {q3}.", desk.place(claim));
        desk.conflict(&[claim], sentence, None);
        desk.rule(claim, Ruling::impossible("a median lies between its quartiles"));
        return;
    }
    let mut how = "quartiles follow from the patients' times, which are not printed; their order holds".to_owned();
    let mut uses = Vec::new();
    if let Some((longest, claims)) = longest(desk, survival) {
        let limit = longest as f64 / survival.follow_up_unit_days as f64;
        uses.extend(claims);
        if q3.span().0 > limit {
            let sentence = format!(
                "{} has an upper quartile of {q3}, but from the first inclusion to the end of follow-up there are {}.",
                desk.place(claim),
                say::decimals(limit, 1)
            );
            desk.conflict(&[claim, claims[0], claims[1]], sentence, None);
            desk.rule(claim, Ruling::impossible("it is longer than the dates allow").using(&uses));
            return;
        }
        how = format!("{how}; at most {} are possible between the dates", say::decimals(limit, 1));
    }
    desk.rule(claim, Ruling::consistent(how).using(&uses));
    let n = desk.group(survival.of).n;
    if let Some(finding) = grid::days_of_a_unit(desk, claim, n, printed) {
        desk.find(finding);
    }
}
