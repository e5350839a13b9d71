//! Adjusted p-values: by which method, in which family, from which p-values.

use restudy_ledger::{Bound, Derived};
use restudy_stats::multiplicity::{BenjaminiHochberg, BenjaminiYekutieli, Bonferroni, Holm};

use super::desk::{Desk, Ruling};
use super::inference::{self, Candidate};
use super::range::{Fit, Range};
use super::say;
use crate::printed::{Content, Printed, Relation};
use crate::record::{Adjustment, ClaimIndex, Table};

/// A p-value judged from its row.
#[derive(Clone, Debug)]
pub(super) struct Recomputed {
    pub(super) claim: ClaimIndex,
    /// What it can be before rounding; none when the row does not give the printed one.
    pub(super) unrounded: Option<Range>,
}

/// One p-value of the family.
struct Member {
    p: ClaimIndex,
    printed: Printed,
    /// What it can be before rounding.
    unrounded: Range,
    adjusted: Option<(ClaimIndex, Printed)>,
}

/// What was put into the adjustment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Input {
    /// The p-values as they are printed; one printed as `< 0.001` as any value below.
    Printed,
    /// The same, with 0 for one printed as `< 0.001`.
    PrintedBoundAsZero,
    /// The same, with 0.001 for it.
    PrintedBoundAsItself,
    /// The p-values before rounding.
    Unrounded,
    /// Any p-values that print so.
    Any,
}

/// A way in which the column may have come about.
struct Way {
    method: Adjustment,
    input: Input,
    size: usize,
}

pub(super) fn audit(desk: &mut Desk<'_>, table: &Table, recomputed: &[Recomputed]) {
    judge_missing(desk, table);
    let members = members(desk, table, recomputed);
    let claims: Vec<ClaimIndex> = members.iter().filter_map(|member| Some(member.adjusted?.0)).collect();
    if claims.is_empty() {
        return;
    }
    let ways = ways(&members, table);
    let explained: Vec<Candidate> = ways
        .iter()
        .map(|way| Candidate {
            name: way.name(),
            explains: members
                .iter()
                .zip(way.adjusted(&members))
                .filter_map(|(member, range)| Some(range.fit(member.adjusted?.1) != Fit::Never))
                .collect(),
        })
        .collect();
    let ids: Vec<String> = claims.iter().map(|claim| desk.id(*claim).to_owned()).collect();
    let question = format!("{}: how the p-values were adjusted", table.label);
    let what = ("adjusted p-value", "adjusted p-values");
    let (mut finding, best) = inference::infer(&question, &ids, &explained, what);
    let Some(way) = ways.get(best) else { return };
    if let Some(put_in) = below_bound(&members, way).filter(|_| !finding.explained_by.is_empty()) {
        finding.finding = format!("{} {put_in}", finding.finding);
    }
    desk.find(finding);
    desk.derive(Derived {
        id: format!("{}.fdr.size", table.id),
        label: format!("{}: p-values in the family that was adjusted together", table.label),
        value: way.size as f64,
        bound: Bound::Exact,
        conf_low: None,
        conf_high: None,
        how: format!("{} of {} rows have a p-value; {}", members.len(), table.rows.len(), way.name()),
    });
    // A single row may differ from the rest in what was put in; that any p-values were is no answer to the question.
    let loosely = [members.len(), table.rows.len()].map(|size| Way {
        method: Adjustment::BenjaminiHochberg,
        input: Input::Any,
        size,
    });
    judge(desk, table, &members, &ways.into_iter().chain(loosely).collect::<Vec<_>>(), best);
}

fn members(desk: &Desk<'_>, table: &Table, recomputed: &[Recomputed]) -> Vec<Member> {
    let member = |row: &crate::record::Row| {
        let p = row.p?;
        let Content::PValue(Some(printed)) = desk.content(p) else { return None };
        let box_of_print = Range::printing(*printed).within(0.0, 1.0)?;
        let known = recomputed.iter().find(|known| known.claim == p).and_then(|known| known.unrounded);
        let adjusted = row.p_adjusted.and_then(|claim| match desk.content(claim) {
            Content::PValue(Some(adjusted)) => Some((claim, *adjusted)),
            _ => None,
        });
        let unrounded = known.and_then(|range| range.within(0.0, 1.0)).unwrap_or(box_of_print);
        Some(Member { p, printed: *printed, unrounded, adjusted })
    };
    table.rows.iter().filter_map(member).collect()
}

/// The ways to be tried, the plainest first.
fn ways(members: &[Member], table: &Table) -> Vec<Way> {
    let with_p = members.len();
    let all_rows = table.rows.len();
    let bounded = members.iter().any(|member| member.printed.relation() != Relation::Rounded);
    let mut ways = Vec::new();
    for size in [with_p, all_rows] {
        for input in [Input::Printed, Input::Unrounded] {
            ways.push(Way { method: Adjustment::BenjaminiHochberg, input, size });
        }
        if all_rows == with_p {
            break;
        }
    }
    if bounded {
        for input in [Input::PrintedBoundAsZero, Input::PrintedBoundAsItself] {
            ways.push(Way { method: Adjustment::BenjaminiHochberg, input, size: with_p });
        }
    }
    for method in [Adjustment::BenjaminiYekutieli, Adjustment::Holm, Adjustment::Bonferroni] {
        ways.push(Way { method, input: Input::Any, size: with_p });
    }
    ways
}

impl Way {
    fn name(&self) -> String {
        let method = method_name(self.method);
        let input = match self.input {
            Input::Printed => "on the p-values as printed",
            Input::PrintedBoundAsZero => "on the p-values as printed, with 0 for those printed as below a bound",
            Input::PrintedBoundAsItself => "on the p-values as printed, with the bound for those printed as below it",
            Input::Unrounded => "on the unrounded p-values",
            Input::Any => "on any p-values that print so",
        };
        format!("{method} in a family of {}, {input}", self.size)
    }

    /// What each adjusted p-value can be.
    ///
    /// Every method here is a minimum or maximum of increasing functions of the sorted p-values, and sorting keeps the
    /// componentwise order: when no p-value falls, no adjusted one does. So the lower ends adjusted and the upper ends
    /// adjusted bound every adjusted p-value, and each bound is attained.
    fn adjusted(&self, members: &[Member]) -> Vec<Range> {
        let ranges: Vec<Range> = members.iter().map(|member| self.put_in(member)).collect();
        let ends =
            |end: fn(&Range) -> f64| self.adjust(&ranges.iter().map(|range| Some(end(range))).collect::<Vec<_>>());
        let (low, high) = (ends(|range| range.low), ends(|range| range.high));
        low.into_iter().zip(high).map(|(low, high)| Range { low, high }).collect()
    }

    fn put_in(&self, member: &Member) -> Range {
        let value = member.printed.decimal().to_f64().clamp(0.0, 1.0);
        let below = matches!(member.printed.relation(), Relation::Below | Relation::AtMost);
        match (self.input, member.printed.relation()) {
            (Input::Unrounded, _) => member.unrounded,
            (Input::Printed | Input::PrintedBoundAsZero | Input::PrintedBoundAsItself, Relation::Rounded) => {
                Range::point(value)
            }
            (Input::PrintedBoundAsZero, _) if below => Range::point(0.0),
            (Input::PrintedBoundAsItself, _) => Range::point(value),
            _ => Range::printing(member.printed).within(0.0, 1.0).unwrap_or(Range { low: 0.0, high: 1.0 }),
        }
    }

    fn adjust(&self, p_values: &[Option<f64>]) -> Vec<f64> {
        let adjusted = match self.method {
            Adjustment::BenjaminiHochberg => BenjaminiHochberg.adjust_in_family(p_values, self.size),
            Adjustment::BenjaminiYekutieli => BenjaminiYekutieli.adjust_in_family(p_values, self.size),
            Adjustment::Holm => Holm.adjust_in_family(p_values, self.size),
            Adjustment::Bonferroni => Bonferroni.adjust_in_family(p_values, self.size),
        };
        // The p-values lie in [0, 1] and the family holds them all, so that no method refuses them.
        adjusted.map(|adjusted| adjusted.values.into_iter().flatten().collect()).unwrap_or_default()
    }
}

/// What must have been put in for the p-values printed as below a bound, where their adjusted values tell.
///
/// When these k p-values are the smallest of m, Benjamini and Hochberg adjust the largest of them to m/k times itself,
/// or to the adjusted value of the next where that is smaller.
fn below_bound(members: &[Member], way: &Way) -> Option<String> {
    if way.method != Adjustment::BenjaminiHochberg || way.input != Input::Printed {
        return None;
    }
    let bounded: Vec<&Member> = members.iter().filter(|member| member.printed.relation() == Relation::Below).collect();
    let (bound, adjusted) = (bounded.first()?.printed, bounded.first()?.adjusted?.1);
    let alike =
        |member: &&Member| member.printed == bound && member.adjusted.is_some_and(|(_, printed)| printed == adjusted);
    let highest = bound.decimal().to_f64();
    let (low, high) = adjusted.span();
    let clear = members.iter().zip(way.adjusted(members)).all(|(member, range)| {
        member.printed.relation() == Relation::Below || (way.put_in(member).low > highest && range.low > high)
    });
    if !bounded.iter().all(alike) || !clear || adjusted.relation() != Relation::Rounded {
        return None;
    }
    let share = bounded.len() as f64 / way.size as f64;
    let put_in = say::range(Range { low: low * share, high: high * share }.within(0.0, highest)?);
    Some(match bounded.len() {
        1 => format!("For the p-value printed as {bound}, {put_in} was put in."),
        several => format!("For the largest of the {several} p-values printed as {bound}, {put_in} was put in."),
    })
}

fn method_name(method: Adjustment) -> &'static str {
    match method {
        Adjustment::BenjaminiHochberg => "Benjamini–Hochberg",
        Adjustment::BenjaminiYekutieli => "Benjamini–Yekutieli",
        Adjustment::Holm => "Holm",
        Adjustment::Bonferroni => "Bonferroni",
    }
}

fn judge(desk: &mut Desk<'_>, table: &Table, members: &[Member], ways: &[Way], best: usize) {
    let ranges: Vec<Vec<Range>> = ways.iter().map(|way| way.adjusted(members)).collect();
    // For a proof, each method that the paper names may have had any p-values that print so.
    let provable: Vec<Vec<Range>> = table
        .adjusted
        .iter()
        .flat_map(|method| {
            [members.len(), table.rows.len()].map(|size| Way { method: *method, input: Input::Any, size })
        })
        .map(|way| way.adjusted(members))
        .collect();
    for (index, member) in members.iter().enumerate() {
        let Some((claim, printed)) = member.adjusted else { continue };
        let fit = |way: usize| ranges[way].get(index).map_or(Fit::Never, |range| range.fit(printed));
        let gives = |way: usize| {
            let range = ranges[way].get(index).copied().unwrap_or(Range::point(f64::NAN));
            format!("{} gives {}", ways[way].name(), say::range(range))
        };
        let chosen =
            if fit(best) == Fit::Never { (0..ways.len()).find(|way| fit(*way) != Fit::Never) } else { Some(best) };
        let range = ranges[chosen.unwrap_or(best)].get(index).copied();
        let floor = member.unrounded.low;
        let ruling = if Range::printing(printed).high < floor {
            let p = member.printed;
            let sentence = format!("{} is {printed}, below the p-value of {p} that it adjusts.", desk.place(claim));
            desk.conflict(&[claim], sentence, None);
            Ruling::impossible(format!("no adjustment makes a p-value smaller, and this one was {p}"))
        } else if let Some(way) = chosen {
            if way == best && fit(way) == Fit::Always {
                Ruling::reproduced(gives(way))
            } else if way == best {
                Ruling::consistent(gives(way))
            } else {
                Ruling::consistent(format!("{}; {} explains most of the others", gives(way), ways[best].name()))
            }
        } else if provable.iter().all(|ranges| ranges.get(index).is_some_and(|range| range.fit(printed) == Fit::Never))
            && !provable.is_empty()
        {
            let sentence = format!("{} is {printed}, but {}.", desk.place(claim), gives(best));
            let repair = range.map(|range| format!("print {}", range.middle_printed(printed)));
            desk.conflict(&[claim], sentence, repair);
            Ruling::impossible(gives(best))
        } else {
            Ruling::not_recomputable(format!("{}; the family may hold p-values of other tables", gives(best)))
        };
        let ruling = match range {
            Some(range) => ruling.giving(say::range(range), range),
            None => ruling,
        };
        desk.rule(claim, ruling.using(&[member.p]));
    }
}

/// Adjusted p-values of rows that have none, or that are not given.
fn judge_missing(desk: &mut Desk<'_>, table: &Table) {
    for row in &table.rows {
        let Some(adjusted) = row.p_adjusted else { continue };
        let given = |claim: ClaimIndex| matches!(desk.content(claim), Content::PValue(Some(_)));
        let ruling = match (row.p.map(given), given(adjusted)) {
            (Some(true), true) => continue,
            (Some(false), false) => Ruling::reproduced("there is no p-value to adjust"),
            (Some(false), true) => {
                let (place, printed) = (desk.place(adjusted), desk.printed(adjusted));
                let sentence = format!("{place} is {printed}, but its row has no p-value to adjust.");
                desk.conflict(&[adjusted], sentence, None);
                Ruling::impossible("there is no p-value to adjust")
            }
            (None, true) => Ruling::not_recomputable("the p-value that it adjusts is not printed"),
            (_, false) => Ruling::not_recomputable("no adjusted p-value is given"),
        };
        desk.rule(adjusted, ruling);
    }
}
