//! Every count of the paper at once: what no numbers can meet, and what any numbers must.
//!
//! The patients of a paper are counted again and again: by row, by group, by score, beyond a cut-off, dead by a day.
//! Each count is a whole number between 0 and its group; each printed count, percentage and sum is a rule between them.
//! Claims that are in conflict by themselves are left out here, so that one slip does not hide another.

mod model;
mod solver;

use restudy_ledger::{Bound, Derived};

use super::desk::{Desk, Ruling};
use super::say;
use crate::record::ClaimIndex;
use model::{Fact, Model};
use solver::{Answer, Budget};

/// Steps of propagation for all the searches of an audit: a second or two of work without optimization.
const STEPS: u64 = 4_000_000;
/// Conflicts reported before the search is given up.
const MOST_CONFLICTS: usize = 16;

pub(super) fn audit(desk: &mut Desk<'_>) {
    let mut budget = Budget::new(STEPS);
    let mut left_out = desk.in_conflict();
    for _ in 0..MOST_CONFLICTS {
        let model = Model::new(desk, &left_out);
        let found = conflict(&model, &mut budget);
        let Some(claims) = found else {
            derive(desk, &model, &mut budget);
            break;
        };
        report(desk, &model, &claims);
        left_out.extend(claims);
    }
    if budget.is_spent() {
        desk.derive(Derived {
            id: "constraints.stopped".to_owned(),
            label: "Search of all counts together: steps after which it stopped, with the rest unsaid".to_owned(),
            value: STEPS as f64,
            bound: Bound::Exact,
            conf_low: None,
            conf_high: None,
            how: "The search is bounded: what it did not reach may still conflict".to_owned(),
        });
    }
}

fn conflict(model: &Model, budget: &mut Budget) -> Option<Vec<ClaimIndex>> {
    for component in model.problem.components() {
        if model.problem.solve(&component, &component.rules, budget) == Answer::Infeasible {
            let claims = model.problem.smallest_conflict(&component, budget)?;
            return (!claims.is_empty()).then_some(claims);
        }
    }
    None
}

fn report(desk: &mut Desk<'_>, model: &Model, claims: &[ClaimIndex]) {
    let each: Vec<String> =
        claims.iter().map(|claim| format!("{} ({})", desk.place(*claim), desk.printed(*claim))).collect();
    let reasons = model.reasons(claims);
    let why = if reasons.is_empty() { String::new() } else { format!(": {}", reasons.join("; ")) };
    let sentence = format!("no patients fit {} together{why}.", say::list(&each));
    let how = format!("no patients fit it together with {} other numbers{why}", claims.len().saturating_sub(1));
    desk.conflict(claims, say::sentence(&sentence), None);
    // Which of them is wrong is not known: none of them is impossible by itself.
    for claim in claims {
        let others: Vec<ClaimIndex> = claims.iter().copied().filter(|other| other != claim).collect();
        desk.rule(*claim, Ruling::impossible(how.clone()).using(&others));
    }
}

fn derive(desk: &mut Desk<'_>, model: &Model, budget: &mut Budget) {
    for component in model.problem.components() {
        for fact in model.facts.iter().filter(|fact| component.variables.contains(&fact.variable)) {
            let Some((low, high)) = model.problem.extremes(&component, fact.variable, budget) else { continue };
            derive_fact(desk, fact, low, high);
        }
    }
}

fn derive_fact(desk: &mut Desk<'_>, fact: &Fact, low: i64, high: i64) {
    let derived = |suffix: &str, value: i64, bound: Bound| Derived {
        id: format!("{}{suffix}", fact.id),
        label: fact.label.clone(),
        value: value as f64,
        bound,
        conf_low: None,
        conf_high: None,
        how: fact.how.clone(),
    };
    if low == high {
        desk.derive(derived("", low, Bound::Exact));
    } else {
        if low > fact.trivial.0 {
            desk.derive(derived(".at_least", low, Bound::AtLeast));
        }
        if high < fact.trivial.1 {
            desk.derive(derived(".at_most", high, Bound::AtMost));
        }
    }
    if let Some((claim, count)) = fact.against.filter(|(_, count)| *count < low || *count > high) {
        let range = if low == high { low.to_string() } else { format!("{low} to {high}") };
        let words = format!("{} leaves {range} for it, and {} would be {count}", fact.source, desk.printed(claim));
        desk.remark(claim, &words);
    }
}
