//! The rules between the counts of a record.

use std::collections::{BTreeMap, BTreeSet};

use super::super::desk::Desk;
use super::super::{grid, say, survival};
use super::solver::{Problem, Variable};
use crate::printed::{Content, Fraction, Kind, Printed, Proportion, Relation};
use crate::record::{Accuracy, ClaimIndex, GroupIndex, Landmark, Link, Panel, Row, Score, ScoreTable, Survival, Table};

/// A count that nobody printed and the rules may fix.
pub(super) struct Fact {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) how: String,
    pub(super) variable: Variable,
    /// What everybody knows of it without a rule: from none to everybody.
    pub(super) trivial: (i64, i64),
    /// A claim in conflict by itself, and the count that it would be if it were rounded to one.
    pub(super) against: Option<(ClaimIndex, i64)>,
    /// What leaves room for it, in words.
    pub(super) source: String,
}

/// Why some rules hold, in words, beside the claims that say numbers.
struct Reason {
    words: String,
    claims: BTreeSet<ClaimIndex>,
}

/// The counts of a record and the rules between them.
pub(super) struct Model {
    pub(super) problem: Problem<ClaimIndex>,
    pub(super) facts: Vec<Fact>,
    reasons: Vec<Reason>,
    left_out: BTreeSet<ClaimIndex>,
    /// The count of a row, by the places of table and row, the group and the level.
    cells: BTreeMap<(usize, usize, GroupIndex, usize), Variable>,
}

/// A score of more items has more patterns than are searched.
const MOST_ITEMS: usize = 6;

impl Model {
    pub(super) fn new(desk: &Desk<'_>, left_out: &BTreeSet<ClaimIndex>) -> Self {
        let mut model = Self {
            problem: Problem::default(),
            facts: Vec::new(),
            reasons: Vec::new(),
            left_out: left_out.clone(),
            cells: BTreeMap::new(),
        };
        for (index, table) in desk.record.tables.iter().enumerate() {
            model.table(desk, index, table);
        }
        model.nested(desk);
        for statement in &desk.record.statements {
            if let Link::Combines { table, row, level } = statement.link {
                model.combined(desk, statement.claim, (table, row), level.unwrap_or(0));
            }
        }
        for panel in &desk.record.panels {
            model.panel(desk, panel);
        }
        for survival in &desk.record.survivals {
            model.survival(desk, survival);
        }
        for score in &desk.record.scores {
            model.score(desk, score);
        }
        model
    }

    /// The reasons that bear on those claims.
    pub(super) fn reasons(&self, claims: &[ClaimIndex]) -> Vec<String> {
        let all = |reason: &&Reason| reason.claims.iter().filter(|claim| claims.contains(claim)).count() >= 2;
        self.reasons.iter().filter(all).map(|reason| reason.words.clone()).collect()
    }

    fn reason(&mut self, words: String, claims: impl IntoIterator<Item = ClaimIndex>) {
        self.reasons.push(Reason { words, claims: claims.into_iter().collect() });
    }

    /// Adds a rule that holds as far as its claims do; none that rests on a claim which is left out.
    fn rule(&mut self, terms: Vec<(Variable, i64)>, bounds: (i64, i64), claims: Vec<ClaimIndex>) {
        if !claims.iter().any(|claim| self.left_out.contains(claim)) {
            self.problem.rule(terms, bounds, claims);
        }
    }

    /// Σ of the numbers, each with its sign, lies between the bounds.
    fn equal(&mut self, terms: Vec<(Variable, i64)>, value: i64, claims: Vec<ClaimIndex>) {
        self.rule(terms, (value, value), claims);
    }

    fn table(&mut self, desk: &Desk<'_>, index: usize, table: &Table) {
        for (row_index, row) in table.rows.iter().enumerate() {
            for cell in row.cells.iter().filter(|cell| desk.group(cell.group).parts.is_empty()) {
                let counts: &[u64] = match desk.content(cell.claim) {
                    Content::Count(count) | Content::CountPercent { count, .. } => &[*count],
                    Content::Counts(counts) => counts,
                    _ => continue,
                };
                let mut levels = Vec::new();
                for (level, count) in counts.iter().enumerate() {
                    let variable = self.problem.number(0, whole(cell.n));
                    self.cells.insert((index, row_index, cell.group, level), variable);
                    self.equal(vec![(variable, 1)], whole(*count), vec![cell.claim]);
                    levels.push((variable, 1));
                }
                if levels.len() > 1 {
                    self.equal(levels, whole(cell.n), vec![cell.claim]);
                }
            }
        }
        for partition in &table.partitions {
            let Some(first) = table.rows[partition.rows.clone()].first() else { continue };
            for head in first.cells.iter().filter(|cell| desk.group(cell.group).parts.is_empty()) {
                let terms: Option<Vec<_>> =
                    partition.rows.clone().map(|row| Some((self.cell(index, row, head.group)?, 1))).collect();
                let Some(terms) = terms else { continue };
                let claims = table.rows[partition.rows.clone()]
                    .iter()
                    .flat_map(|row| &row.cells)
                    .filter(|cell| cell.group == head.group)
                    .map(|cell| cell.claim);
                let words = format!("{} count each of the {} patients once", partition.heading, head.n);
                self.reason(words, claims);
                self.equal(terms, whole(head.n), Vec::new());
            }
        }
    }

    fn cell(&self, table: usize, row: usize, group: GroupIndex) -> Option<Variable> {
        self.cells.get(&(table, row, group, 0)).copied()
    }

    /// The count of a row by its id.
    fn row_count(&self, desk: &Desk<'_>, row: &str, group: GroupIndex) -> Option<(Variable, ClaimIndex)> {
        let place = |(index, table): (usize, &Table)| {
            let row = table.rows.iter().position(|candidate| candidate.id == row)?;
            let cell = table.rows[row].cells.iter().find(|cell| cell.group == group)?;
            Some((self.cell(index, row, group)?, cell.claim))
        };
        desk.record.tables.iter().enumerate().find_map(place)
    }

    /// Who has one finding has another.
    fn nested(&mut self, desk: &Desk<'_>) {
        for variable in &desk.record.variables {
            let Some(outer) = &variable.within else { continue };
            for group in 0..desk.record.groups.len() {
                let inner = self.row_count(desk, &variable.id, group);
                let Some(((inner, claim), (outer_count, other))) = inner.zip(self.row_count(desk, outer, group)) else {
                    continue;
                };
                self.reason(format!("who has `{}` has `{outer}`", variable.id), [claim, other]);
                self.rule(vec![(outer_count, 1), (inner, -1)], (0, i64::MAX), Vec::new());
            }
        }
    }

    fn combined(&mut self, desk: &Desk<'_>, claim: ClaimIndex, (table, row): (usize, usize), level: usize) {
        let Some(count) = desk.count(claim) else { return };
        let cells: &[_] = &desk.record.tables[table].rows[row].cells;
        let parts: Vec<_> = cells.iter().filter(|cell| desk.group(cell.group).parts.is_empty()).collect();
        let terms: Option<Vec<_>> =
            parts.iter().map(|cell| Some((*self.cells.get(&(table, row, cell.group, level))?, 1))).collect();
        let Some(terms) = terms else { return };
        let words = format!("{} counts all groups together", desk.place(claim));
        self.reason(words, parts.iter().map(|cell| cell.claim).chain([claim]));
        self.equal(terms, whole(count), vec![claim]);
    }

    /// Findings of a panel: when there are more than patients, some patients have several.
    fn panel(&mut self, desk: &Desk<'_>, panel: &Panel) {
        let table = &desk.record.tables[panel.table];
        let groups: Vec<GroupIndex> = (0..desk.record.groups.len())
            .filter(|group| {
                desk.group(*group).parts.is_empty()
                    && panel.rows.iter().all(|row| self.cell(panel.table, *row, *group).is_some())
            })
            .collect();
        for group in groups {
            let (n, label) = (whole(desk.group(group).n), &desk.group(group).label);
            let terms: Vec<_> =
                panel.rows.iter().filter_map(|row| Some((self.cell(panel.table, *row, group)?, 1))).collect();
            let cells = |row: &Row| row.cells.iter().find(|cell| cell.group == group).map(|cell| cell.claim);
            let claims: Vec<ClaimIndex> = panel.rows.iter().filter_map(|row| cells(&table.rows[*row])).collect();
            if panel.exclusive {
                self.reason(format!("nobody has two of the {}", panel.label), claims);
                self.rule(terms, (0, n), Vec::new());
                continue;
            }
            // Findings beyond one a patient: the sum, less the patients with any.
            let beyond = self.problem.number(0, n * (whole_len(panel.rows.len()) - 1).max(0));
            let mut sum = terms;
            sum.push((beyond, -1));
            self.rule(sum, (0, n), Vec::new());
            let counts: Vec<u64> = claims.iter().filter_map(|claim| desk.count(*claim)).collect();
            self.facts.push(Fact {
                id: format!("{}.{}.{}.beyond_one", table.id, panel.id, desk.group(group).id),
                label: format!(
                    "{}, {label}: findings beyond one in each patient, so that some patients have several",
                    panel.label
                ),
                how: format!("{} = {} findings in {n} patients", say::sum(&counts), counts.iter().sum::<u64>()),
                variable: beyond,
                trivial: (0, n),
                against: None,
                source: String::new(),
            });
        }
    }

    /// Deaths, deaths by a day, and the follow-up that leaves room for them.
    fn survival(&mut self, desk: &Desk<'_>, survival: &Survival) {
        let mut deaths = Vec::new();
        for group in &survival.by {
            deaths.push((*group, self.problem.number(0, whole(desk.group(*group).n))));
        }
        if let Some((claim, count)) = survival.events.and_then(|claim| Some((claim, desk.count(claim)?))) {
            let terms: Vec<_> = deaths.iter().map(|(_, variable)| (*variable, 1)).collect();
            if !terms.is_empty() {
                self.equal(terms, whole(count), vec![claim]);
            }
        }
        let landmarks: Vec<&Landmark> = desk
            .record
            .landmarks
            .iter()
            .filter(|landmark| landmark.time == survival.time && landmark.event == survival.event)
            .collect();
        for landmark in landmarks {
            self.landmark(desk, survival, landmark, &deaths);
        }
        for (group, variable) in deaths {
            let (n, label) = (whole(desk.group(group).n), &desk.group(group).label);
            self.facts.push(Fact {
                id: format!("{}.{}", survival.event, desk.group(group).id),
                label: format!("Events of `{}` during follow-up, {label}", survival.event),
                how: "The events of all patients, less those that other numbers place in the other groups".to_owned(),
                variable,
                trivial: (0, n),
                against: None,
                source: String::new(),
            });
        }
    }

    fn landmark(
        &mut self,
        desk: &Desk<'_>,
        survival: &Survival,
        landmark: &Landmark,
        deaths: &[(GroupIndex, Variable)],
    ) {
        let mut early = Vec::new();
        for (group, death) in deaths {
            let count = self.problem.number(0, whole(desk.group(*group).n));
            self.rule(vec![(*death, 1), (count, -1)], (0, i64::MAX), Vec::new());
            let stated = landmark.counts.iter().find(|(stated, _)| stated == group);
            if let Some((claim, printed)) = stated.and_then(|(_, claim)| Some((*claim, desk.count(*claim)?))) {
                self.equal(vec![(count, 1)], whole(printed), vec![claim]);
                self.reason(
                    format!("who is counted by {} is among the events", desk.place(claim)),
                    survival.events.into_iter().chain([claim]),
                );
            } else {
                let label = &desk.group(*group).label;
                self.facts.push(Fact {
                    id: format!("{}.{}", landmark.id, desk.group(*group).id),
                    label: format!("{}, {label}", landmark.label),
                    how: "All events, the lower quartile of follow-up, and the events that are printed leave this"
                        .to_owned(),
                    variable: count,
                    trivial: (0, whole(desk.group(*group).n)),
                    against: None,
                    source: String::new(),
                });
            }
            early.push((count, 1));
        }
        if early.is_empty() {
            return;
        }
        let n = desk.group(survival.of).n;
        let total = self.problem.number(0, whole(n));
        let mut sum = early;
        sum.push((total, -1));
        self.equal(sum, 0, Vec::new());
        if let Some((claim, [q1, ..])) = survival::printed_follow_up(desk, survival) {
            let limit = landmark.within as f64 / survival.follow_up_unit_days as f64;
            let most = grid::most_at_most(limit, 0.25, n, q1);
            self.reason(
                format!(
                    "with a lower quartile of {q1}, at most {most} of {n} can have a follow-up of {} days or less",
                    landmark.within
                ),
                [claim].into_iter().chain(landmark.counts.iter().map(|(_, claim)| *claim)),
            );
            self.rule(vec![(total, 1)], (0, whole(most)), vec![claim]);
        }
        self.facts.push(Fact {
            id: format!("{}.{}", landmark.id, desk.group(survival.of).id),
            label: format!("{}, {}", landmark.label, desk.group(survival.of).label),
            how: "All events, the lower quartile of follow-up, and the events that are printed leave this".to_owned(),
            variable: total,
            trivial: (0, whole(n)),
            against: None,
            source: String::new(),
        });
    }

    /// A score's items against its table: patients by the pattern of their items.
    fn score(&mut self, desk: &Desk<'_>, score: &Score) {
        let Some(table) = score.table.and_then(|table| desk.record.score_tables.get(table)) else { return };
        if score.items.len() > MOST_ITEMS {
            return;
        }
        for (group, events) in [(table.events, true), (table.non_events, false)] {
            let n = whole(desk.group(group).n);
            let patterns: Vec<Variable> =
                (0..1_usize << score.items.len()).map(|_| self.problem.number(0, n)).collect();
            self.equal(patterns.iter().map(|pattern| (*pattern, 1)).collect(), n, Vec::new());
            let with = |item: usize| -> Vec<(Variable, i64)> {
                patterns
                    .iter()
                    .enumerate()
                    .filter(|(pattern, _)| pattern >> item & 1 == 1)
                    .map(|(_, variable)| (*variable, 1))
                    .collect()
            };
            self.score_rows(desk, score, table, &patterns, events);
            let mut cells = Vec::new();
            for (index, item) in score.items.iter().enumerate() {
                let count = self.problem.number(0, n);
                let mut terms = with(index);
                terms.push((count, -1));
                self.equal(terms, 0, Vec::new());
                if let Some((row, claim)) =
                    self.row_count(desk, &item.variable, group).filter(|_| item.threshold.is_none())
                {
                    self.equal(vec![(count, 1), (row, -1)], 0, Vec::new());
                    cells.push(claim);
                    continue;
                }
                let Some(threshold) = item.threshold else { continue };
                let against = self.cut_offs(desk, &item.variable, (threshold, count), group, events, &mut cells);
                let Content::Cutoff(cutoff) = desk.content(threshold) else { continue };
                let label =
                    desk.record.row(&item.variable).map_or(item.variable.as_str(), |(_, row)| row.label.as_str());
                self.facts.push(Fact {
                    id: format!("{}.{}.{}", score.id, item.variable, desk.group(group).id),
                    label: format!("{label} {cutoff}, {}", desk.group(group).label),
                    how: format!(
                        "The points of the {} are the sum of its items over {n} patients, and the other items leave this",
                        score.label
                    ),
                    variable: count,
                    trivial: (0, n),
                    against,
                    source: format!("{} with the other items of the {}", table.label, score.label),
                });
            }
            let rows = table.rows.iter().map(|row| if events { row.events } else { row.non_events });
            let words = format!("the points of the {} are the sum of its items", score.label);
            self.reason(words, rows.chain(cells));
        }
    }

    /// The patients with each score, as sums of patterns.
    fn score_rows(&mut self, desk: &Desk<'_>, score: &Score, table: &ScoreTable, patterns: &[Variable], events: bool) {
        let points = |pattern: usize| -> u64 {
            score
                .items
                .iter()
                .enumerate()
                .filter(|(item, _)| pattern >> item & 1 == 1)
                .map(|(_, item)| item.points)
                .sum()
        };
        for row in &table.rows {
            let claim = if events { row.events } else { row.non_events };
            let Some(count) = desk.count(claim) else { continue };
            let terms: Vec<_> = patterns
                .iter()
                .enumerate()
                .filter(|(pattern, _)| Fraction::share(points(*pattern), 1, 1) == Some(row.score.fraction()))
                .map(|(_, variable)| (*variable, 1))
                .collect();
            if terms.is_empty() {
                // A score that no pattern has.
                let nobody = self.problem.number(0, 0);
                self.equal(vec![(nobody, 1)], whole(count), vec![claim]);
            } else {
                // The count itself: where only its percentage is a slip, the count still stands.
                let sources = if self.left_out.contains(&claim) && self.adds_up(desk, table, events) {
                    Vec::new()
                } else {
                    vec![claim]
                };
                self.equal(terms, whole(count), sources);
            }
        }
    }

    /// Whether the counts of a column are those of its group, so that none of them is a slip.
    fn adds_up(&self, desk: &Desk<'_>, table: &ScoreTable, events: bool) -> bool {
        let (group, pick): (GroupIndex, fn(&crate::record::ScoreRow) -> ClaimIndex) =
            if events { (table.events, |row| row.events) } else { (table.non_events, |row| row.non_events) };
        let counts: Option<u64> = table.rows.iter().map(|row| desk.count(pick(row))).sum();
        let rows = table.rows.iter().all(|row| {
            match (row.total.and_then(|total| desk.count(total)), desk.count(row.events), desk.count(row.non_events)) {
                (Some(total), Some(with), Some(without)) => with + without == total,
                (None, ..) => true,
                _ => false,
            }
        });
        counts == Some(desk.group(group).n) && rows
    }

    /// Sensitivity or specificity of the same variable at another cut-off: who lies beyond the stricter one lies beyond
    /// the milder one too. Returns a figure that is in conflict by itself, with the count it comes nearest to.
    fn cut_offs(
        &mut self,
        desk: &Desk<'_>,
        variable: &str,
        (threshold, count): (ClaimIndex, Variable),
        group: GroupIndex,
        events: bool,
        cells: &mut Vec<ClaimIndex>,
    ) -> Option<(ClaimIndex, i64)> {
        let Content::Cutoff(line) = *desk.content(threshold) else { return None };
        let mut against = None;
        let accuracies = desk.record.accuracies.iter().filter(|accuracy| accuracy.marker.as_deref() == Some(variable));
        for accuracy in accuracies {
            let Some(cutoff_claim) = find(desk, accuracy, Kind::Cutoff) else { continue };
            let Content::Cutoff(cutoff) = *desk.content(cutoff_claim) else { continue };
            let kind = if events { Kind::Sensitivity } else { Kind::Specificity };
            let own = if events { accuracy.events } else { accuracy.non_events };
            let (Some(claim), true) = (find(desk, accuracy, kind), own == group) else { continue };
            let Content::Proportion(proportion) = *desk.content(claim) else { continue };
            let n = desk.group(group).n;
            let Some(stricter) = stricter(cutoff, line) else { continue };
            // Counts beyond the cut-off: all but those whom the specificity counts.
            let beyond = |counted: i64| if events { counted } else { whole(n) - counted };
            let Some((low, high)) = counts_printing(proportion, n) else {
                let near = proportion.printed.decimal().to_f64() / f64::from(proportion.scale) * n as f64;
                let (below, above) = (beyond(near.floor() as i64), beyond(near.ceil() as i64));
                // The nearer to being possible.
                against = Some((claim, if stricter { below.min(above) } else { below.max(above) }));
                continue;
            };
            let counted = self.problem.number(0, whole(n));
            let (low, high) = (beyond(low).min(beyond(high)), beyond(low).max(beyond(high)));
            self.rule(vec![(counted, 1)], (low, high), vec![claim]);
            let sign = if stricter { 1 } else { -1 };
            self.rule(vec![(count, sign), (counted, -sign)], (0, i64::MAX), vec![cutoff_claim, threshold]);
            cells.extend([claim, cutoff_claim, threshold]);
        }
        against
    }
}

fn find(desk: &Desk<'_>, accuracy: &Accuracy, kind: Kind) -> Option<ClaimIndex> {
    accuracy.claims.iter().copied().find(|claim| desk.record.claims[*claim].kind == kind)
}

/// Whether who lies beyond `first` lies beyond `second` (true), or the reverse (false); none where the two look in
/// opposite directions.
fn stricter(first: Printed, second: Printed) -> Option<bool> {
    let upward = |printed: Printed| match printed.relation() {
        Relation::Above | Relation::AtLeast => Some(true),
        Relation::Below | Relation::AtMost => Some(false),
        Relation::Rounded => None,
    };
    let (one, two) = (first.decimal().fraction(), second.decimal().fraction());
    let strict = matches!(first.relation(), Relation::Above | Relation::Below);
    match (upward(first)?, upward(second)?) {
        (true, true) if one == two => Some(strict || first.relation() == second.relation()),
        (false, false) if one == two => Some(strict || first.relation() == second.relation()),
        (true, true) => Some(one > two),
        (false, false) => Some(one < two),
        _ => None,
    }
}

/// The smallest and largest count of n whose share prints so; none when no count does.
fn counts_printing(Proportion { printed, scale }: Proportion, n: u64) -> Option<(i64, i64)> {
    let prints = |count: &u64| Fraction::share(*count, n, scale).is_some_and(|share| printed.may_print(share, scale));
    let middle = printed.decimal().to_f64() / f64::from(scale) * n as f64;
    // Half a unit of the last decimal, in patients.
    let (low, high) = printed.span();
    let spread = ((high - low).abs() / f64::from(scale) * n as f64).min(n as f64);
    let first = (middle - spread - 1.0).max(0.0) as u64;
    let last = ((middle + spread + 1.0).max(0.0) as u64).min(n);
    let counts: Vec<u64> = (first..=last).filter(prints).collect();
    Some((whole(*counts.first()?), whole(*counts.last()?)))
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn whole_len(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
