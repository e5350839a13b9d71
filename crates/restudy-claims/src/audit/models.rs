//! Regressions: ratios against their intervals and p-values, and the few models that a table determines.

use restudy_ledger::{Bound, Derived};
use restudy_stats::Level;
use restudy_stats::dist::Normal;
use restudy_stats::regression::{Coefficient, Design, Logistic, Outcome as LogisticOutcome};

use super::desk::{Desk, Ruling};
use super::range::{Fit, Range};
use super::{say, table as rows};
use crate::printed::{Content, Printed};
use crate::record::{ClaimIndex, GroupIndex, Model, ModelKind, ModelMode, Outcome, ScoreTable, Term};

pub(super) fn audit(desk: &mut Desk<'_>) {
    for model in &desk.record.models {
        for term in &model.terms {
            judge(desk, model, term);
        }
    }
    for score in &desk.record.scores {
        if let Some(table) = score.table.and_then(|table| desk.record.score_tables.get(table)) {
            derive_per_point(desk, &score.label, table);
        }
    }
}

/// A fitted coefficient, and how it came about.
struct Fitted {
    coefficient: Coefficient,
    how: String,
}

fn judge(desk: &mut Desk<'_>, model: &Model, term: &Term) {
    let fitted = match (model.kind, model.mode, &model.outcome) {
        (ModelKind::Logistic, ModelMode::Univariable, Outcome::Group(group)) => {
            univariable(desk, &term.variable, *group)
        }
        _ => None,
    };
    if let Some(fitted) = fitted {
        against_fit(desk, term, &fitted);
        return;
    }
    if let Some(estimate) = term.estimate {
        judge_ratio(desk, model, estimate, term.p);
    }
    if let Some(claim) = term.p.filter(|claim| !desk.is_ruled(*claim)) {
        let Content::PValue(Some(printed)) = desk.content(claim) else { return };
        let Some(p) = Range::printing(*printed).within(0.0, 1.0) else { return };
        let kind = match (model.mode, model.kind) {
            (ModelMode::Univariable, ModelKind::Logistic) => "a logistic regression",
            (ModelMode::Multivariable, ModelKind::Logistic) => "a multivariable logistic regression",
            (ModelMode::Univariable, ModelKind::Cox) => "a Cox regression",
            (ModelMode::Multivariable, ModelKind::Cox) => "a multivariable Cox regression",
        };
        let how =
            format!("{kind} needs every patient's values, which are not printed; by Wald's test |z| is {}", z_range(p));
        desk.rule(claim, Ruling::not_recomputable(how));
    }
}

/// The sizes of z that have such a p-value.
fn z_range(p: Range) -> String {
    let z = |p: f64| Normal.upper_quantile(p / 2.0);
    if p.low <= 0.0 {
        format!("at least {}", say::number(z(p.high)))
    } else {
        say::range(Range { low: z(p.high), high: z(p.low) })
    }
}

/// The logistic regression on one variable, where a table has its data: a row of counts, or a score.
fn univariable(desk: &Desk<'_>, variable: &str, outcome: GroupIndex) -> Option<Fitted> {
    let score = desk.record.scores.iter().find(|score| score.id == variable);
    if let Some(table) = score.and_then(|score| desk.record.score_tables.get(score.table?)) {
        return (table.events == outcome).then(|| per_point(desk, table)).flatten();
    }
    let (_, row) = desk.record.row(variable)?;
    let cells = rows::compared(desk, row);
    let [first, second] = cells.as_slice() else { return None };
    let (events, others) = if first.group == outcome { (first, second) } else { (second, first) };
    if events.group != outcome {
        return None;
    }
    let (with, without) = (desk.count(events.claim)?, desk.count(others.claim)?);
    let counts = [with, events.n.checked_sub(with)?, without, others.n.checked_sub(without)?];
    if counts.contains(&0) {
        return None;
    }
    let [a, b, c, d] = counts.map(|count| count as f64);
    let coefficient = Coefficient::wald(
        variable,
        (a * d / (b * c)).ln(),
        (1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d).sqrt(),
        Level::NINETY_FIVE,
    );
    let how = format!(
        "odds ratio ({} × {})/({} × {}), standard error of its logarithm √(1/{} + 1/{} + 1/{} + 1/{})",
        counts[0], counts[3], counts[1], counts[2], counts[0], counts[1], counts[2], counts[3]
    );
    Some(Fitted { coefficient, how })
}

/// The logistic regression of a score table's events on its score.
fn per_point(desk: &Desk<'_>, table: &ScoreTable) -> Option<Fitted> {
    const MOST_PATIENTS: u64 = 1_000_000;
    let (mut scores, mut events, mut weights) = (Vec::new(), Vec::new(), Vec::new());
    let mut patients = 0;
    for row in &table.rows {
        for (claim, event) in [(row.events, true), (row.non_events, false)] {
            let count = desk.count(claim)?;
            patients += count;
            if count > 0 {
                scores.push(row.score.to_f64());
                events.push(event);
                weights.push(count as f64);
            }
        }
    }
    if patients > MOST_PATIENTS {
        return None;
    }
    let design = Design::build(scores.len()).intercept().continuous(&table.score, &scores, 1.0).finish().ok()?;
    let outcome = LogisticOutcome::new(&events).with_weights(&weights);
    let fit = Logistic::default().fit(&design, outcome).ok()?;
    let coefficient = fit.wald(Level::NINETY_FIVE).into_iter().nth(1)?;
    let how = format!("logistic regression on the {patients} patients of {}, Wald's test and interval", table.label);
    Some(Fitted { coefficient, how })
}

fn derive_per_point(desk: &mut Desk<'_>, label: &str, table: &ScoreTable) {
    let Some(Fitted { coefficient, how }) = per_point(desk, table) else { return };
    let interval = coefficient.odds_ratio_interval();
    desk.derive(Derived {
        id: format!("{}.odds_ratio", table.id),
        label: format!("{label}: odds ratio of one more point"),
        value: coefficient.odds_ratio(),
        bound: Bound::Exact,
        conf_low: Some(interval.low),
        conf_high: Some(interval.high),
        how: say::sentence(&how),
    });
}

fn against_fit(desk: &mut Desk<'_>, term: &Term, fitted: &Fitted) {
    let Fitted { coefficient, how } = fitted;
    if let Some(claim) = term.p {
        let Content::PValue(Some(printed)) = *desk.content(claim) else { return };
        let range = Range::point(coefficient.p_value);
        let how =
            format!("{how}: z = {}, p = {}", say::number(coefficient.statistic), say::number(coefficient.p_value));
        // Likelihood-ratio and score tests give other p-values, so that a difference from Wald's proves nothing.
        let ruling = match range.fit(printed) {
            Fit::Never => Ruling::not_recomputable(format!("{how}; the paper may have used another test")),
            _ => Ruling::reproduced(how),
        };
        desk.rule(claim, ruling.giving(say::number(coefficient.p_value), range));
    }
    let Some(claim) = term.estimate else { return };
    let Content::Ratio { estimate, .. } = *desk.content(claim) else { return };
    let value = coefficient.odds_ratio();
    let (way_round, fit) = [value, 1.0 / value]
        .map(|value| (value, Range::point(value).fit(estimate)))
        .into_iter()
        .max_by_key(|(_, fit)| u8::from(*fit != Fit::Never))
        .unwrap_or((value, Fit::Never));
    let how = format!("{how}: {}", say::number(way_round));
    let ruling = if fit == Fit::Never {
        Ruling::not_recomputable(format!("{how}; the paper may have coded it otherwise"))
    } else {
        Ruling::reproduced(how)
    };
    desk.rule(claim, ruling.giving(say::number(way_round), Range::point(way_round)));
}

/// Holds a ratio against its interval, which lies evenly about it on the scale of logarithms, and both against the
/// p-value of Wald's test.
fn judge_ratio(desk: &mut Desk<'_>, model: &Model, claim: ClaimIndex, p: Option<ClaimIndex>) {
    let Content::Ratio { estimate, interval } = *desk.content(claim) else { return };
    let Some((low, high)) = interval else {
        desk.rule(claim, Ruling::not_recomputable("a ratio follows from the patients' values, which are not printed"));
        return;
    };
    let logs = |printed: Printed| {
        let Range { low, high } = Range::printing(printed).within(0.0, f64::INFINITY)?;
        Some(Range { low: low.ln(), high: high.ln() })
    };
    let (Some(centre), Some(bottom), Some(top)) = (logs(estimate), logs(low), logs(high)) else { return };
    let ordered = low.decimal().fraction() <= estimate.decimal().fraction()
        && estimate.decimal().fraction() <= high.decimal().fraction();
    if !ordered {
        let sentence =
            format!("{} prints a ratio of {estimate} outside its interval {low} to {high}.", desk.place(claim));
        desk.conflict(&[claim], sentence, None);
        desk.rule(claim, Ruling::impossible(format!("{estimate} does not lie between {low} and {high}")));
        return;
    }
    let middle = Range { low: f64::midpoint(bottom.low, top.low), high: f64::midpoint(bottom.high, top.high) };
    let ratio = Range { low: middle.low.exp(), high: middle.high.exp() };
    let shown = say::range(ratio);
    let how = format!("√({low} × {high}) is {shown}, the ratio that a Wald interval lies evenly about");
    // Profile-likelihood and exact intervals are not even about the estimate, so that unevenness proves nothing.
    let even = middle.low <= centre.high && middle.high >= centre.low;
    let ruling = if even {
        Ruling::consistent(how)
    } else {
        Ruling::not_recomputable(format!("{how}; the interval may not be Wald's"))
    };
    desk.rule(claim, ruling.giving(shown, ratio));
    let Some((p, printed)) = p.and_then(|p| match desk.content(p) {
        Content::PValue(Some(printed)) => Some((p, *printed)),
        _ => None,
    }) else {
        return;
    };
    let quantile = Normal.upper_quantile(Level::NINETY_FIVE.tail());
    let errors = Range {
        low: (top.low - bottom.high).max(0.0) / (2.0 * quantile),
        high: (top.high - bottom.low) / (2.0 * quantile),
    };
    let sizes = centre.size();
    let allowed = Range {
        low: if errors.low > 0.0 { Normal.two_sided(sizes.high / errors.low) } else { 0.0 },
        high: if errors.high > 0.0 { Normal.two_sided(sizes.low / errors.high) } else { 1.0 },
    };
    let how = format!(
        "standard error {} from the width of the interval, z = ln {estimate} over it, p = {}",
        say::range(errors),
        say::range(allowed)
    );
    let agrees = allowed.fit(printed) != Fit::Never;
    // An interval without 1 and a p-value above 0.05 (or the reverse) disagree whatever the interval, to rounding.
    let excludes_one = bottom.low > 0.0 || top.high < 0.0;
    let includes_one = bottom.high < 0.0 && top.low > 0.0;
    let significant = Range::printing(printed);
    const ROOM: f64 = 0.02;
    let opposed = (excludes_one && significant.low > 0.05 + ROOM) || (includes_one && significant.high < 0.05 - ROOM);
    let ruling = if agrees && even {
        Ruling::consistent(how)
    } else if opposed && model.mode == ModelMode::Univariable || (opposed && even) {
        let sentence = format!(
            "{} is {printed}, but the interval {low} to {high} of the ratio {estimate} {} 1: a p-value of {}.",
            desk.place(p),
            if excludes_one { "lies to one side of" } else { "holds" },
            say::range(allowed)
        );
        desk.conflict(&[claim, p], sentence, Some(format!("print {}", allowed.middle_printed(printed))));
        Ruling::impossible(how)
    } else {
        Ruling::not_recomputable(format!("{how}; the p-value may be of another test than the interval"))
    };
    desk.rule(p, ruling.giving(say::range(allowed), allowed).using(&[claim]));
}
