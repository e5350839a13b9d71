//! Numbers in the running text, against the tables and each other.

use super::desk::{Desk, Ruling};
use super::range::Range;
use super::table::{Percentage, percent_ruling};
use super::{combine, say, sizes};
use crate::printed::{Content, Printed, Rounding};
use crate::record::{ClaimIndex, Link, Statement};

pub(super) fn audit(desk: &mut Desk<'_>) {
    for statement in &desk.record.statements {
        let percentage = percentage(desk, statement);
        let linked = linked(desk, statement);
        let ruling = match (percentage, linked) {
            (Some(percentage), Some(linked)) => percentage.and(linked),
            (Some(ruling), None) | (None, Some(ruling)) => ruling,
            (None, None) => continue,
        };
        desk.rule(statement.claim, ruling);
    }
}

fn percentage(desk: &mut Desk<'_>, statement: &Statement) -> Option<Ruling> {
    let Content::CountPercent { count, percent } = desk.content(statement.claim) else { return None };
    let group = desk.group(statement.of?);
    let (claim, percent, count, label) = (statement.claim, *percent, *count, group.label.as_str());
    let printed = Percentage { claim, percent, count, of: group.n, label, confirmed: false, origin: None };
    Some(percent_ruling(desk, &printed))
}

fn linked(desk: &mut Desk<'_>, statement: &Statement) -> Option<Ruling> {
    let claim = statement.claim;
    match &statement.link {
        Link::None => None,
        Link::Restates(original) => Some(restated(desk, claim, *original)),
        Link::Counts(group) => Some(sizes::ruling(desk, claim, *group)),
        Link::Combines { table, row, level } => {
            let row = desk.record.tables.get(*table)?.rows.get(*row)?;
            match desk.content(claim) {
                Content::MeanSd { .. } => Some(combine::moments_ruling(desk, claim, row)),
                _ => Some(combine::count_ruling(desk, claim, row, *level)),
            }
        }
        Link::Sums(parts) => Some(sum_ruling(desk, claim, parts)),
        Link::Includes(part) => Some(includes_ruling(desk, claim, *part)),
    }
}

/// A count that is the sum of others.
fn sum_ruling(desk: &mut Desk<'_>, claim: ClaimIndex, parts: &[ClaimIndex]) -> Ruling {
    let counts: Vec<u64> = parts.iter().filter_map(|part| desk.count(*part)).collect();
    let (total, sum) = (counts.iter().sum::<u64>(), say::sum(&counts));
    let ids: Vec<&str> = parts.iter().map(|part| desk.id(*part)).collect();
    let how = format!("{sum} = {total} ({})", say::list(&ids));
    let ruling = if desk.count(claim) == Some(total) {
        Ruling::reproduced(how)
    } else {
        let sentence =
            format!("{} gives {}, but its parts are {sum} = {total}.", desk.place(claim), desk.printed(claim));
        let claims: Vec<ClaimIndex> = std::iter::once(claim).chain(parts.iter().copied()).collect();
        desk.conflict(&claims, sentence, Some(format!("print {total}")));
        Ruling::impossible(format!("{how}, not {}", desk.printed(claim)))
    };
    ruling.giving(total.to_string(), Range::point(total as f64)).using(parts)
}

/// A count of which another is a part.
fn includes_ruling(desk: &mut Desk<'_>, claim: ClaimIndex, part: ClaimIndex) -> Ruling {
    let (Some(whole), Some(inside)) = (desk.count(claim), desk.count(part)) else {
        return Ruling::not_recomputable("it is not a count");
    };
    let how = format!("it includes the {inside} of {} ({})", desk.id(part), desk.place(part));
    let range = Range { low: inside as f64, high: f64::INFINITY };
    if whole >= inside {
        return Ruling::consistent(how).giving(format!("at least {inside}"), range).using(&[part]);
    }
    let sentence = format!("{} is {whole}, but {how}.", desk.place(claim));
    desk.conflict(&[claim, part], sentence, None);
    Ruling::impossible(how).giving(format!("at least {inside}"), range)
}

/// How a number and its repetition agree.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Agreement {
    /// They exclude each other.
    None,
    /// The repetition is finer than the original: some of the values behind the original print as it.
    Possible,
    /// Whatever value prints as the original prints as the repetition.
    Full,
}

fn restated(desk: &mut Desk<'_>, claim: ClaimIndex, original: ClaimIndex) -> Ruling {
    let agreement = agreement(desk.content(claim), desk.content(original));
    let (id, printed, place) = (desk.id(original), desk.printed(original), desk.place(original));
    let how = format!("it repeats {printed} of {id} ({place})");
    let ruling = match agreement {
        Agreement::Full => Ruling::reproduced(how),
        Agreement::Possible => Ruling::consistent(how),
        Agreement::None => {
            let sentence = format!("{} is {}, but {place} is {printed}.", desk.place(claim), desk.printed(claim));
            let repair = format!("print the same in both places: {printed} or {}", desk.printed(claim));
            desk.conflict(&[claim, original], sentence, Some(repair));
            Ruling::impossible(how)
        }
    };
    let ruling = ruling.using(&[original]);
    match desk.content(original) {
        Content::PValue(Some(number)) | Content::Cutoff(number) => ruling.giving(printed, Range::printing(*number)),
        _ => ruling,
    }
}

fn agreement(repeated: &Content, original: &Content) -> Agreement {
    let exact = |agrees: bool| if agrees { Agreement::Full } else { Agreement::None };
    let count = |content: &Content| match content {
        Content::Count(count) | Content::CountPercent { count, .. } => Some(*count),
        _ => None,
    };
    match (repeated, original) {
        (Content::CountPercent { count: one, percent }, Content::CountPercent { count: two, percent: other }) => {
            exact(one == two).min(numbers(*percent, *other))
        }
        (Content::MeanSd { mean, sd }, Content::MeanSd { mean: other_mean, sd: other_sd }) => {
            numbers(*mean, *other_mean).min(numbers(*sd, *other_sd))
        }
        (Content::MedianQuartiles { median, q1, q3 }, Content::MedianQuartiles { median: m, q1: low, q3: high }) => {
            numbers(*median, *m).min(numbers(*q1, *low)).min(numbers(*q3, *high))
        }
        (Content::Counts(one), Content::Counts(two)) => exact(one == two),
        (Content::PValue(one), Content::PValue(two)) => match (one, two) {
            (Some(one), Some(two)) => numbers(*one, *two),
            (one, two) => exact(one.is_none() == two.is_none()),
        },
        (Content::Cutoff(one), Content::Cutoff(two)) => {
            exact(one.relation() == two.relation() && one.decimal().fraction() == two.decimal().fraction())
        }
        (Content::Proportion(one), Content::Proportion(two)) if one.scale == two.scale => {
            numbers(one.printed, two.printed)
        }
        (Content::Correlation(one), Content::Correlation(two)) | (Content::Statistic(one), Content::Statistic(two)) => {
            numbers(*one, *two)
        }
        (Content::Date(one), Content::Date(two)) => exact(one == two),
        (Content::Quantity { number: one, unit }, Content::Quantity { number: two, unit: other }) => {
            if unit == other {
                numbers(*one, *two)
            } else {
                Agreement::Possible
            }
        }
        (Content::Ratio { estimate: one, interval }, Content::Ratio { estimate: two, interval: other }) => {
            let limits = interval.zip(*other).map_or(Agreement::Full, |((low, high), (other_low, other_high))| {
                numbers(low, other_low).min(numbers(high, other_high))
            });
            numbers(*one, *two).min(limits)
        }
        (one, two) => match (count(one), count(two)) {
            (Some(one), Some(two)) => exact(one == two),
            // A percentage against a proportion: not the same print of anything, and no contradiction shown.
            _ => Agreement::Possible,
        },
    }
}

/// Whether one print of a value can stand beside another: two steps of rounding, each by either rule.
fn numbers(repeated: Printed, original: Printed) -> Agreement {
    let bounds = |printed: Printed| Rounding::ALL.map(|rule| printed.bounds(rule));
    let (repeated_bounds, original_bounds) = (bounds(repeated), bounds(original));
    if repeated == original || repeated_bounds.iter().zip(&original_bounds).all(|(one, two)| two.within(one)) {
        Agreement::Full
    } else if repeated_bounds.iter().any(|one| original_bounds.iter().any(|two| one.overlaps(two))) {
        Agreement::Possible
    } else {
        Agreement::None
    }
}
