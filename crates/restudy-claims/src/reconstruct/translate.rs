//! From the published record to what a cohort has to meet.

use restudy_ledger::{Audit, Verdict};
use restudy_stats::dist::{Normal, StudentT};

use super::problem::{
    Comparison, Covariate, Divider, Item, Marker, Numbers, Problem, Rule, Score, Summary, Survival, Term, Values,
    Variable,
};
use super::span::{Span, Target};
use crate::printed::{Content, Decimal, Fraction, Kind, Printed, Relation};
use crate::record::{
    Adjustment, ClaimIndex, ContrastTest, CorrelationMethod, Link, Model, ModelKind, ModelMode, NamedTest, Outcome,
    Record, Row, Side, Table,
};

/// Wald's z of a term that a model has and does not report as significant, at most.
const NOT_SIGNIFICANT: f64 = 1.95;
/// The same of a variable that a screening did not pick.
const NOT_PICKED: f64 = 1.8;
/// How near to an impossible summary its values come, in standard deviations or quartile ranges.
const NEAR: f64 = 0.1;
/// What doubles make of an edge between two prints.
const EDGE: f64 = 1e-9;

/// A record as a problem, and what it could not say in one.
#[derive(Clone, Debug)]
pub struct Translation {
    /// What a cohort has to meet.
    pub problem: Problem,
    /// The record's groups, by their place in the problem's.
    pub(crate) groups: Vec<usize>,
    /// Claims that are not aimed at, with the reason.
    pub not_aimed_at: Vec<(String, &'static str)>,
}

/// Reads a record as a problem. Claims that the audit proved impossible are set aside.
pub(super) fn translate(record: &Record, audit: &Audit) -> Translation {
    let groups = base_groups(record);
    let sizes = groups.iter().map(|group| record.groups[*group].n as usize).collect();
    let impossible = audit
        .claims
        .iter()
        .filter(|claim| claim.verdict == Verdict::Impossible)
        .filter_map(|claim| record.claims.iter().position(|known| known.id == claim.id))
        .collect();
    let problem = Problem { groups: sizes, ..Problem::default() };
    let mut translator = Translator { record, impossible, groups, problem, not_aimed_at: Vec::new() };
    translator.tables();
    translator.whole_rows();
    translator.rules();
    translator.markers();
    translator.score();
    translator.survival();
    translator.correlations();
    translator.contrasts();
    translator.models();
    translator.unpicked();
    Translation {
        problem: translator.problem,
        groups: translator.groups,
        not_aimed_at: translator
            .not_aimed_at
            .into_iter()
            .map(|(claim, why)| (record.claims[claim].id.clone(), why))
            .collect(),
    }
}

/// The columns of the first table that are not made of others.
pub(super) fn base_groups(record: &Record) -> Vec<usize> {
    let cells = record.tables.first().and_then(|table| table.rows.first()).map(|row| row.cells.as_slice());
    let groups = cells.unwrap_or_default().iter().map(|cell| cell.group);
    groups.filter(|group| record.groups[*group].parts.is_empty()).collect()
}

struct Translator<'r> {
    record: &'r Record,
    impossible: Vec<ClaimIndex>,
    groups: Vec<usize>,
    problem: Problem,
    not_aimed_at: Vec<(ClaimIndex, &'static str)>,
}

fn span(printed: Printed) -> Span {
    let (low, high) = printed.span();
    Span::new(low, high)
}

/// The values that print so, the nearer edge with them: a quartile lies on one more often than not, and what is half way
/// goes away from zero.
fn with_edge(printed: Printed) -> Span {
    let span = span(printed);
    if span.low >= 0.0 { Span::new(span.low - EDGE, span.high - EDGE) } else { span.aim() }
}

/// The sizes of a statistic whose two-sided p-value lies in a span.
fn sizes(p: Span, quantile: impl Fn(f64) -> f64) -> Span {
    let least = if p.high >= 1.0 { 0.0 } else { quantile(p.high / 2.0) };
    let most = if p.low <= 0.0 { f64::INFINITY } else { quantile(p.low / 2.0) };
    Span::new(least, most)
}

/// The size of a statistic whose two-sided p-value prints so; `quantile` gives the upper quantile of a tail.
fn size_of(p: Printed, quantile: impl Fn(f64) -> f64) -> Span {
    let span = span(p);
    let sizes = sizes(span, quantile);
    // An open end: at p = 0.001 exactly, "< 0.001" would not be printed.
    if p.relation() == Relation::Below { Span::new(sizes.low * (1.0 + 1e-6), sizes.high) } else { sizes.aim() }
}

fn t_of(p: Printed, df: f64) -> Span {
    StudentT::new(df).map_or(Span::ANY, |distribution| size_of(p, |tail| distribution.upper_quantile(tail)))
}

fn z_of(p: Printed) -> Span {
    size_of(p, |tail| Normal.upper_quantile(tail))
}

/// A statistic of that size, with the sign where it is known.
fn target(size: Span, sign: Option<f64>) -> Target {
    match sign {
        Some(sign) if sign < 0.0 => Target::signed(size.negated()),
        Some(_) => Target::signed(size),
        None => Target::sized(size),
    }
}

/// A number of the print in units of a grid.
fn in_units(value: Decimal, scale: f64) -> i64 {
    (value.to_f64() * scale).round() as i64
}

impl<'r> Translator<'r> {
    fn content(&self, claim: ClaimIndex) -> Option<&'r Content> {
        (!self.impossible.contains(&claim)).then(|| &self.record.claims[claim].content)
    }

    fn p(&self, claim: ClaimIndex) -> Option<Printed> {
        match self.content(claim)? {
            Content::PValue(p) => *p,
            _ => None,
        }
    }

    fn variable(&self, id: &str) -> Option<usize> {
        self.problem.variables.iter().position(|variable| variable.id == id)
    }

    fn group(&self, group: usize) -> Option<usize> {
        self.groups.iter().position(|known| *known == group)
    }

    fn skip(&mut self, claim: ClaimIndex, why: &'static str) {
        self.not_aimed_at.push((claim, why));
    }

    fn tables(&mut self) {
        let record = self.record;
        for table in &record.tables {
            for row in &table.rows {
                if self.variable(&row.id).is_some() {
                    continue;
                }
                let Some(values) = self.values(table, row) else {
                    for cell in &row.cells {
                        self.skip(cell.claim, "its row has no cell for every group");
                    }
                    continue;
                };
                let variable = self.describe(row, values);
                self.problem.variables.push(variable);
            }
            for partition in &table.partitions {
                let rows = &table.rows[partition.rows.clone()];
                let variables = rows.iter().filter_map(|row| self.variable(&row.id)).collect();
                self.problem.rules.push(Rule::Partition(variables));
            }
        }
    }

    fn describe(&self, row: &Row, values: Values) -> Variable {
        let said = self.record.variable(&row.id);
        let printed = row.cells.first().map_or(0, |cell| match &self.record.claims[cell.claim].content {
            // One patient's value has fewer decimals than a mean, and as many as a median.
            Content::MeanSd { mean, .. } => mean.decimal().decimals(),
            Content::MedianQuartiles { median, .. } => median.decimal().decimals(),
            _ => 0,
        });
        let decimals = said.and_then(|said| said.decimals).unwrap_or(printed);
        let step = said
            .and_then(|said| said.step)
            .map_or(1, |step| in_units(step, f64::from(10_u32.pow(decimals.min(9)))).max(1));
        let mut variable = Variable { id: row.id.clone(), decimals, step, min: None, max: None, values };
        let scale = variable.scale();
        variable.min = said.and_then(|said| said.min).map(|min| in_units(min, scale));
        variable.max = said.and_then(|said| said.max).map(|max| in_units(max, scale));
        variable
    }

    fn values(&self, table: &Table, row: &Row) -> Option<Values> {
        let cell = |group: &usize| row.cells.iter().find(|cell| cell.group == *group);
        let cells: Vec<_> = self.groups.iter().map(cell).collect::<Option<_>>()?;
        let mut codes = Vec::new();
        let mut summaries = Vec::new();
        for (cell, size) in cells.iter().zip(&self.problem.groups) {
            match &self.record.claims[cell.claim].content {
                Content::Count(count) | Content::CountPercent { count, .. } => {
                    codes.push(vec![size.saturating_sub(*count as usize), (*count as usize).min(*size)]);
                }
                Content::Counts(counts) => codes.push(counts.iter().map(|count| *count as usize).collect()),
                Content::MeanSd { mean, sd } => {
                    // What cannot be met is come near to.
                    let slack = if self.impossible.contains(&cell.claim) { NEAR * sd.decimal().to_f64() } else { 0.0 };
                    summaries.push(Summary::MeanSd(span(*mean).aim().wider(slack), span(*sd).aim().wider(slack)));
                }
                Content::MedianQuartiles { median, q1, q3 } => {
                    let reach = q3.decimal().to_f64() - q1.decimal().to_f64();
                    let slack = if self.impossible.contains(&cell.claim) { NEAR * reach } else { 0.0 };
                    summaries.push(Summary::Quartiles([*q1, *median, *q3].map(|at| with_edge(at).wider(slack))));
                }
                _ => return None,
            }
        }
        if !codes.is_empty() {
            return Some(Values::Codes(codes));
        }
        let df = self.problem.groups.iter().take(2).sum::<usize>() as f64 - 2.0;
        let mean = matches!(summaries.first(), Some(Summary::MeanSd(..)));
        let named = if mean { &table.tests.mean_sd } else { &table.tests.median_quartiles };
        let ranks = if named.is_empty() { !mean } else { named.contains(&NamedTest::MannWhitney) };
        // Of more than two groups the record does not say which test compares them.
        let p = row.p.filter(|_| self.groups.len() == 2).and_then(|claim| self.p(claim));
        let put_in = p.and_then(|p| self.put_in(table, row, p));
        let student = StudentT::new(df).ok();
        let comparison = p.map(|p| {
            if ranks {
                let tight = put_in.map_or(Span::ANY, |span| sizes(span, |tail| Normal.upper_quantile(tail)));
                Comparison::MannWhitney(z_of(p).and(tight))
            } else {
                let tight = put_in
                    .zip(student)
                    .map_or(Span::ANY, |(span, student)| sizes(span, |tail| student.upper_quantile(tail)));
                Comparison::StudentT(t_of(p, df).and(tight))
            }
        });
        Some(Values::Numbers(Numbers { cells: summaries, whole: None, comparison, marker: None }))
    }

    /// Between what a p-value printed as below a limit lies, so that with one more decimal it gives the adjusted value
    /// beside it (Benjamini–Hochberg).
    fn put_in(&self, table: &Table, row: &Row, p: Printed) -> Option<Span> {
        if p.relation() != Relation::Below || !table.adjusted.contains(&Adjustment::BenjaminiHochberg) {
            return None;
        }
        let adjusted = row.p_adjusted.and_then(|claim| self.p(claim))?;
        if adjusted.relation() != Relation::Rounded {
            return None;
        }
        let printed = table.rows.iter().filter_map(|row| row.p.and_then(|claim| self.p(claim)));
        let (mut family, mut below) = (0.0, 0.0);
        for other in printed {
            family += 1.0;
            below += if other.relation() == Relation::Below { 1.0 } else { 0.0 };
        }
        // Of the smallest p-values the first has rank 1, the last the rank of their number.
        let unit = f64::from(10_u32.pow((p.decimal().decimals() + 1).min(9)));
        let adjusted = span(adjusted);
        let low = (adjusted.low / family * unit - EDGE).ceil();
        let high = (adjusted.high * below / family * unit + EDGE).floor();
        Some(Span::new((low - 0.5) / unit, (high + 0.5) / unit).aim())
    }

    fn numbers(&mut self, id: &str) -> Option<&mut Numbers> {
        let variable = self.variable(id)?;
        match &mut self.problem.variables[variable].values {
            Values::Numbers(numbers) => Some(numbers),
            Values::Codes(_) => None,
        }
    }

    /// What the text says of all patients together.
    fn whole_rows(&mut self) {
        let record = self.record;
        for statement in &record.statements {
            let Link::Combines { table, row, .. } = statement.link else { continue };
            let summary = match self.content(statement.claim) {
                Some(Content::MeanSd { mean, sd }) => Summary::MeanSd(span(*mean).aim(), span(*sd).aim()),
                Some(Content::MedianQuartiles { median, q1, q3 }) => {
                    Summary::Quartiles([*q1, *median, *q3].map(with_edge))
                }
                _ => continue,
            };
            if let Some(numbers) = self.numbers(&record.tables[table].rows[row].id) {
                numbers.whole = Some(summary);
            }
        }
    }

    fn rules(&mut self) {
        let record = self.record;
        for said in &record.variables {
            let Some(variable) = self.variable(&said.id) else { continue };
            if let Some(whole) = said.within.as_ref().and_then(|id| self.variable(id)) {
                self.problem.rules.push(Rule::Within(variable, whole));
            }
            if let Some(large) = said.at_most.as_ref().and_then(|id| self.variable(id)) {
                self.problem.rules.push(Rule::AtMost(variable, large));
            }
        }
        for panel in record.panels.iter().filter(|panel| panel.exclusive) {
            let rows = panel.rows.iter().map(|row| &record.tables[panel.table].rows[*row].id);
            let variables = rows.filter_map(|id| self.variable(id)).collect();
            self.problem.rules.push(Rule::Exclusive(variables));
        }
    }

    fn markers(&mut self) {
        let record = self.record;
        for accuracy in &record.accuracies {
            let Some(id) = &accuracy.marker else { continue };
            let (Some(events), Some(non_events)) = (self.group(accuracy.events), self.group(accuracy.non_events))
            else {
                continue;
            };
            let claim = |kind: Kind| accuracy.claims.iter().copied().find(|claim| record.claims[*claim].kind == kind);
            let cutoff = claim(Kind::Cutoff).and_then(|claim| match self.content(claim) {
                Some(Content::Cutoff(cutoff)) => Some(*cutoff),
                _ => None,
            });
            let share = |kind: Kind| {
                claim(kind).and_then(|claim| match &record.claims[claim].content {
                    Content::Proportion(share) => Some(*share),
                    _ => None,
                })
            };
            let higher = cutoff.is_none_or(|cutoff| matches!(cutoff.relation(), Relation::Above | Relation::AtLeast));
            let sizes = [self.problem.groups[events], self.problem.groups[non_events]];
            let counted = |share: Option<crate::printed::Proportion>, of: usize| {
                let share = share?;
                (0..=of).find(|count| {
                    Fraction::share(*count as u64, of as u64, share.scale)
                        .is_some_and(|value| share.printed.may_print(value, share.scale))
                })
            };
            let (sensitivity, specificity) = (share(Kind::Sensitivity), share(Kind::Specificity));
            let mut found = [counted(sensitivity, sizes[0]), counted(specificity, sizes[1])];
            if found.contains(&None) {
                // No counts give the two as they are printed; where they do the other way round, they were exchanged.
                found = [counted(specificity, sizes[0]), counted(sensitivity, sizes[1])];
            }
            let marker = Marker {
                events,
                non_events,
                higher,
                auc: claim(Kind::Auc).and_then(|claim| match self.content(claim) {
                    Some(Content::Proportion(share)) => {
                        Some(span(share.printed).scaled(1.0 / f64::from(share.scale)).aim())
                    }
                    _ => None,
                }),
                cutoff: cutoff.map(|cutoff| span(Printed::new(Relation::Rounded, cutoff.decimal())).aim()),
                true_positives: found[0],
                false_positives: found[1].map(|negatives| sizes[1] - negatives),
            };
            if let Some(numbers) = self.numbers(id) {
                numbers.marker = Some(marker);
            }
        }
    }

    fn score(&mut self) {
        let record = self.record;
        let Some(score) = record.scores.first() else { return };
        let Some(table) = score.table.map(|table| &record.score_tables[table]) else { return };
        let mut items = Vec::new();
        for item in &score.items {
            let Some(variable) = self.variable(&item.variable) else { return };
            let scale = self.problem.variables[variable].scale();
            let threshold = item.threshold.and_then(|claim| match &record.claims[claim].content {
                Content::Cutoff(cutoff) => Some(*cutoff),
                _ => None,
            });
            if item.points != 1 {
                return;
            }
            items.push(match threshold {
                None => Item { variable, higher: true, limit: 0 },
                Some(threshold) => {
                    let at = threshold.decimal().to_f64() * scale;
                    let (higher, limit) = match threshold.relation() {
                        Relation::Above | Relation::Rounded => (true, (at + EDGE).floor()),
                        Relation::AtLeast => (true, (at - EDGE).ceil() - 1.0),
                        Relation::Below => (false, (at - EDGE).ceil()),
                        Relation::AtMost => (false, (at + EDGE).floor() + 1.0),
                    };
                    Item { variable, higher, limit: limit as i64 }
                }
            });
        }
        let mut counts = vec![Vec::new(); self.groups.len()];
        for (group, claim_of) in [(table.events, true), (table.non_events, false)] {
            let Some(group) = self.group(group) else { continue };
            let mut by_points = vec![0; items.len() + 1];
            for row in &table.rows {
                let points = row.score.to_f64() as usize;
                let claim = if claim_of { row.events } else { row.non_events };
                let count = match &record.claims[claim].content {
                    Content::Count(count) | Content::CountPercent { count, .. } => *count as usize,
                    _ => 0,
                };
                if let Some(place) = by_points.get_mut(points) {
                    *place = count;
                }
            }
            counts[group] = by_points;
        }
        self.problem.score = Some(Score { items, counts });
    }

    fn survival(&mut self) {
        let record = self.record;
        let Some(survival) = record.survivals.first() else { return };
        let groups = self.groups.len();
        let days = survival.follow_up_unit_days as f64;
        let quartiles = survival.follow_up.and_then(|claim| match self.content(claim) {
            Some(Content::MedianQuartiles { median, q1, q3 }) => {
                Some([*q1, *median, *q3].map(|printed| span(printed).aim().scaled(days)))
            }
            _ => None,
        });
        let day = |claim: Option<ClaimIndex>| match claim.map(|claim| &record.claims[claim].content) {
            Some(Content::Date(day)) => Some(*day),
            _ => None,
        };
        let window = day(survival.first_included).zip(day(survival.closed)).map(|(first, last)| first.days_until(last));
        let guess = quartiles.map_or(1_000, |quartiles: [Span; 3]| (quartiles[2].at(0.5) * 2.5) as i64);
        let count = |claim: ClaimIndex| match self.content(claim) {
            Some(Content::Count(count) | Content::CountPercent { count, .. }) => Some(*count as usize),
            _ => None,
        };
        let all = survival.events.and_then(count);
        let mut events = vec![None; groups];
        if let Some(group) = self.group(survival.of) {
            events[group] = all;
        }
        let landmark =
            record.landmarks.iter().find(|landmark| landmark.time == survival.time && landmark.event == survival.event);
        let mut early = vec![None; groups];
        for (group, claim) in landmark.iter().flat_map(|landmark| &landmark.counts) {
            if let Some(group) = self.group(*group) {
                early[group] = count(*claim);
            }
        }
        self.problem.survival = Some(Survival {
            longest: window.unwrap_or(guess),
            quartiles,
            all_events: if self.group(survival.of).is_none() { all } else { None },
            events,
            landmark: landmark.map(|landmark| landmark.within as i64),
            early,
        });
        let first = survival.by.first().and_then(|group| self.group(*group));
        if let (Some(claim), Some(group)) = (survival.log_rank, first) {
            if survival.by.len() == 2 && self.groups.len() == 2 {
                if let Some(p) = self.p(claim) {
                    let target = target(z_of(p), self.hazard_of(group));
                    self.problem.terms.push(Term::LogRank { group, target });
                }
            } else {
                self.skip(claim, "a log-rank test of more than two groups");
            }
        }
    }

    fn correlations(&mut self) {
        let record = self.record;
        for correlation in &record.correlations {
            let pair = self.variable(&correlation.x).zip(self.variable(&correlation.y));
            let claims = [Some(correlation.r), correlation.p];
            let (Some((x, y)), CorrelationMethod::Pearson) = (pair, correlation.method) else {
                for claim in claims.into_iter().flatten() {
                    self.skip(claim, "only Pearson correlations of two variables of a table are aimed at");
                }
                continue;
            };
            let df = self.problem.patients() as f64 - 2.0;
            let mut aim = Span::ANY;
            let mut sign = None;
            if let Some(Content::Correlation(r)) = self.content(correlation.r) {
                let r = span(*r).aim();
                let t = |r: f64| r * (df / (1.0 - r * r).max(f64::MIN_POSITIVE)).sqrt();
                aim = Span::new(t(r.low.max(-1.0)), t(r.high.min(1.0)));
                sign = if r.low > 0.0 { Some(1.0) } else { (r.high < 0.0).then_some(-1.0) };
            }
            let p = correlation.p.and_then(|claim| self.p(claim));
            let target = match (p.map(|p| t_of(p, df)), sign) {
                (None, _) => Target::signed(aim),
                (Some(size), None) => Target::sized(size),
                (Some(size), Some(sign)) => Target::signed(aim.and(if sign < 0.0 { size.negated() } else { size })),
            };
            self.problem.terms.push(Term::Pearson { pair: [x, y], target });
        }
    }

    fn contrasts(&mut self) {
        let record = self.record;
        for contrast in &record.contrasts {
            let is_landmark = record.landmarks.first().is_some_and(|landmark| landmark.id == contrast.by);
            let by = if is_landmark && self.problem.survival.is_some() {
                Some(Divider::Landmark)
            } else {
                self.variable(&contrast.by).map(Divider::Variable)
            };
            let within = contrast.within.map(|group| self.group(group));
            let known = matches!(contrast.test, Some(ContrastTest::StudentT)) && !matches!(within, Some(None));
            let (Some(variable), Some(by), true) = (self.variable(&contrast.variable), by, known) else {
                self.skip(contrast.p, "only Student's t between the two sides of a count or a landmark is aimed at");
                continue;
            };
            let Some(p) = self.p(contrast.p) else { continue };
            let within = within.flatten();
            let n = within.map_or_else(|| self.problem.patients(), |group| self.problem.groups[group]);
            let sign = contrast.higher.map(|side| if side == Side::Yes { 1.0 } else { -1.0 });
            let target = target(t_of(p, n as f64 - 2.0), sign);
            self.problem.terms.push(Term::StudentT { variable, by, within, target });
        }
    }

    fn covariate(&self, name: &str) -> Option<Covariate> {
        if let Some(variable) = self.variable(name) {
            return Some(Covariate::Variable(variable));
        }
        let group = self.record.groups.iter().position(|group| group.id == name)?;
        self.group(group).map(Covariate::Group)
    }

    fn models(&mut self) {
        let record = self.record;
        for model in &record.models {
            let outcome = match &model.outcome {
                Outcome::Group(group) => self.group(*group),
                Outcome::Survival { .. } => None,
            };
            let usable = match model.kind {
                ModelKind::Logistic => outcome.is_some(),
                ModelKind::Cox => self.problem.survival.is_some(),
            };
            let mut covariates = Vec::new();
            for term in &model.terms {
                // A score's model follows from its table, which is met as a whole.
                let is_score = record.scores.iter().any(|score| score.id == term.variable);
                match self.covariate(&term.variable).filter(|_| usable) {
                    Some(covariate) => {
                        covariates.push((covariate, self.term_target(model, outcome, covariate, term.p)));
                    }
                    None if is_score => {}
                    None => {
                        for claim in term.p.into_iter().chain(term.estimate) {
                            self.skip(claim, "its model has a term, or an outcome, that is no row of a table");
                        }
                    }
                }
                if let Some(claim) = term.estimate {
                    self.skip(claim, "ratios are checked, not aimed at");
                }
            }
            let whole = covariates.len() == model.terms.len();
            let models: Vec<Vec<_>> = match model.mode {
                ModelMode::Univariable => covariates.into_iter().map(|term| vec![term]).collect(),
                ModelMode::Multivariable if whole => vec![covariates],
                ModelMode::Multivariable => Vec::new(),
            };
            for covariates in models {
                self.problem.terms.push(match outcome {
                    Some(outcome) => Term::Logistic { outcome, covariates },
                    None => Term::Cox { covariates },
                });
            }
        }
    }

    fn term_target(
        &self,
        model: &Model,
        outcome: Option<usize>,
        covariate: Covariate,
        p: Option<ClaimIndex>,
    ) -> Option<Target> {
        let Some(claim) = p else {
            // A term of the model of which no p-value is reported was not significant.
            let silent = model.mode == ModelMode::Multivariable && model.terms.iter().any(|term| term.p.is_some());
            return silent.then(|| Target::sized(Span::new(0.0, NOT_SIGNIFICANT)));
        };
        let sign = match (outcome, covariate) {
            (Some(outcome), Covariate::Variable(variable)) => self.direction(variable, outcome),
            (None, Covariate::Group(group)) => self.hazard_of(group),
            (None, Covariate::Variable(variable)) => {
                let group = (0..self.groups.len()).find(|group| self.hazard_of(*group).is_some());
                group.and_then(|group| Some(self.hazard_of(group)? * self.direction(variable, group)?))
            }
            (Some(_), Covariate::Group(_)) => None,
        };
        Some(target(z_of(self.p(claim)?), sign))
    }

    /// Whether a group has higher values than the first other one: by means, medians or shares, where they differ.
    fn direction(&self, variable: usize, group: usize) -> Option<f64> {
        let other = (0..self.groups.len()).find(|other| *other != group)?;
        let level = |group: usize| match &self.problem.variables[variable].values {
            Values::Codes(counts) => {
                let weighted: usize = counts[group].iter().enumerate().map(|(code, count)| code * count).sum();
                weighted as f64 / self.problem.groups[group] as f64
            }
            Values::Numbers(numbers) => match numbers.cells[group] {
                Summary::MeanSd(mean, _) => mean.at(0.5),
                Summary::Quartiles([_, median, _]) => median.at(0.5),
                Summary::Open => 0.0,
            },
        };
        let difference = level(group) - level(other);
        (difference != 0.0).then_some(difference.signum())
    }

    /// Whether a group has the higher hazard, where its early events alone are a larger share than all events are of
    /// everybody.
    fn hazard_of(&self, group: usize) -> Option<f64> {
        let survival = self.problem.survival.as_ref()?;
        let all = survival.all_events? as f64 / self.problem.patients() as f64;
        let known = |group: usize| {
            let events = survival.events[group].or(survival.early[group])?;
            (events as f64 / self.problem.groups[group] as f64 > all).then_some(())
        };
        if known(group).is_some() {
            return Some(1.0);
        }
        (0..self.groups.len()).any(|other| known(other).is_some()).then_some(-1.0)
    }

    /// Where a multivariable Cox model has exactly the terms of the univariable ones, these picked them: what they did
    /// not report was not significant.
    fn unpicked(&mut self) {
        let names = |mode: ModelMode| {
            let models =
                self.record.models.iter().filter(move |model| model.kind == ModelKind::Cox && model.mode == mode);
            let mut names: Vec<&String> = models.flat_map(|model| &model.terms).map(|term| &term.variable).collect();
            names.sort();
            names
        };
        let picked = names(ModelMode::Univariable);
        if picked.is_empty() || picked != names(ModelMode::Multivariable) || self.problem.survival.is_none() {
            return;
        }
        self.problem.screened = true;
        let mut others: Vec<usize> = Vec::new();
        for term in &self.problem.terms {
            match term {
                Term::Pearson { pair, .. } => others.extend(pair),
                Term::StudentT { variable, by, .. } => {
                    others.push(*variable);
                    if let Divider::Variable(divider) = by {
                        others.push(*divider);
                    }
                }
                Term::Logistic { covariates, .. } => others.extend(covariates.iter().filter_map(|(covariate, _)| {
                    if let Covariate::Variable(variable) = covariate { Some(*variable) } else { None }
                })),
                _ => {}
            }
        }
        others.sort_unstable();
        others.dedup();
        others.retain(|variable| !picked.contains(&&self.problem.variables[*variable].id));
        for variable in others {
            let target = Target::sized(Span::new(0.0, NOT_PICKED));
            self.problem.terms.push(Term::Cox { covariates: vec![(Covariate::Variable(variable), Some(target))] });
        }
    }
}
