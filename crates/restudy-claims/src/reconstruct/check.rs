//! Every claim against the written table, by the library's own statistics: nothing here is shared with the search.

use restudy_stats::Level;
use restudy_stats::accuracy::{Auc, Cutoff, Direction, Placing, Roc};
use restudy_stats::correlation::Pearson;
use restudy_stats::descriptive::{Moments, QuantileType, quantile};
use restudy_stats::hypothesis::{
    ChiSquare, Correction, CountTable, FisherExact, FisherFreemanHalton, MannWhitney, RankNullChoice, StudentT,
    smallest_expected,
};
use restudy_stats::regression::{Design, Logistic, Outcome as Events};
use restudy_stats::survival::{Covariates, Cox, CoxTies, LogRank, SurvivalData, SurvivalTimes};

use super::cohort::{GROUP, TextTable};
use crate::printed::{Content, Kind, Relation};
use crate::record::{
    Accuracy, ClaimIndex, ContrastTest, CorrelationMethod, GroupIndex, Link, ModelKind, ModelMode, NamedTest, Outcome,
    Record, Row, Score, ScoreTable, Survival, Table,
};
use crate::reproduce::{Obtained, adjusted, found};

/// The smallest expected count of Pearson's chi-square test.
const EXPECTED: f64 = 5.0;

/// What was obtained for each claim of a record; none where a table of patients says nothing of it.
pub(super) fn obtain(record: &Record, table: &TextTable) -> Vec<Option<Obtained>> {
    let mut check = Check { record, table, obtained: vec![None; record.claims.len()] };
    for table in &record.tables {
        check.comparison(table);
    }
    for table in &record.score_tables {
        check.score_table(table);
    }
    for accuracy in &record.accuracies {
        check.accuracy(accuracy);
    }
    check.landmarks();
    check.correlations();
    check.contrasts();
    check.models();
    for survival in &record.survivals {
        check.survival(survival);
    }
    check.scores();
    check.statements();
    check.obtained
}

struct Check<'a> {
    record: &'a Record,
    table: &'a TextTable,
    obtained: Vec<Option<Obtained>>,
}

impl Check<'_> {
    fn set(&mut self, claim: ClaimIndex, obtained: Option<Obtained>) {
        if obtained.is_some() {
            self.obtained[claim] = obtained;
        }
    }

    /// The rows of a group, or of the groups that it is made of.
    fn rows(&self, group: GroupIndex) -> Vec<usize> {
        let parts = &self.record.groups[group].parts;
        let wanted: Vec<&str> = if parts.is_empty() { vec![group] } else { parts.clone() }
            .into_iter()
            .map(|part| self.record.groups[part].label.as_str())
            .collect();
        let labels = self.table.texts(GROUP).unwrap_or_default();
        (0..labels.len()).filter(|row| wanted.contains(&labels[*row].as_str())).collect()
    }

    fn everybody(&self) -> Vec<usize> {
        (0..self.table.texts(GROUP).map_or(0, <[String]>::len)).collect()
    }

    fn is_base(&self, group: GroupIndex) -> bool {
        self.record.groups[group].parts.is_empty()
    }

    /// The values of a name: a row of a table, a landmark, a score or a group.
    fn values(&self, name: &str) -> Option<Vec<f64>> {
        if let Some(landmark) = self.record.landmarks.iter().find(|landmark| landmark.id == name) {
            let (times, events) = (self.table.numbers(&landmark.time)?, self.table.numbers(&landmark.event)?);
            let within = landmark.within as f64;
            return Some(
                times.iter().zip(&events).map(|(time, event)| f64::from(*time <= within && *event == 1.0)).collect(),
            );
        }
        if let Some(score) = self.record.scores.iter().find(|score| score.id == name) {
            return self.score(score);
        }
        if let Some(row) = self.record.row(name).map(|(_, row)| row).filter(|row| !row.levels.is_empty()) {
            let texts = self.table.texts(name)?;
            let code = |text: &String| row.levels.iter().position(|level| level == text).map(|code| code as f64);
            return texts.iter().map(code).collect();
        }
        if let Some(group) = self.record.groups.iter().position(|group| group.id == name) {
            let members = self.rows(group);
            return Some(self.everybody().iter().map(|row| f64::from(members.contains(row))).collect());
        }
        self.table.numbers(name)
    }

    fn sample(&self, name: &str, rows: &[usize]) -> Option<Vec<f64>> {
        let values = self.values(name)?;
        rows.iter().map(|row| values.get(*row).copied()).collect()
    }

    fn score(&self, score: &Score) -> Option<Vec<f64>> {
        let mut points = vec![0.0; self.everybody().len()];
        for item in &score.items {
            let threshold = item.threshold.and_then(|claim| match &self.record.claims[claim].content {
                Content::Cutoff(cutoff) => Some(*cutoff),
                _ => None,
            });
            for (points, value) in points.iter_mut().zip(self.values(&item.variable)?) {
                let positive = match threshold.map(|cutoff| (cutoff.relation(), cutoff.decimal().to_f64())) {
                    None => value == 1.0,
                    Some((Relation::Above | Relation::Rounded, at)) => value > at,
                    Some((Relation::AtLeast, at)) => value >= at,
                    Some((Relation::Below, at)) => value < at,
                    Some((Relation::AtMost, at)) => value <= at,
                };
                *points += if positive { item.points as f64 } else { 0.0 };
            }
        }
        Some(points)
    }

    fn comparison(&mut self, table: &Table) {
        let record = self.record;
        for (group, claim) in &table.header {
            let n = self.rows(*group).len() as u64;
            self.set(*claim, Some(Obtained::Share(n, n)));
        }
        let mut raw: Vec<Option<f64>> = Vec::new();
        for row in &table.rows {
            for cell in &row.cells {
                let rows = self.rows(cell.group);
                let found = self.cell(&row.id, &record.claims[cell.claim].content, &rows);
                self.set(cell.claim, found);
            }
            let p = self.p_of_row(table, row);
            raw.push(p);
            if let Some(claim) = row.p {
                self.set(claim, Some(found(p)));
            }
        }
        for (row, p) in table.rows.iter().zip(adjusted(record, table, &raw).unwrap_or_default()) {
            if let Some(claim) = row.p_adjusted {
                self.set(claim, Some(found(p)));
            }
        }
    }

    fn cell(&self, name: &str, content: &Content, rows: &[usize]) -> Option<Obtained> {
        let sample = self.sample(name, rows)?;
        let n = sample.len() as u64;
        match content {
            Content::MeanSd { .. } => {
                let moments = Moments::of(&sample).ok()?;
                Some(Obtained::Numbers(vec![moments.mean, moments.sd]))
            }
            Content::MedianQuartiles { .. } => quartiles(sample),
            Content::Count(_) | Content::CountPercent { .. } => {
                Some(Obtained::Share(sample.iter().filter(|value| **value == 1.0).count() as u64, n))
            }
            Content::Counts(counts) => Some(Obtained::Counts(
                (0..counts.len())
                    .map(|code| sample.iter().filter(|value| **value == code as f64).count() as u64)
                    .collect(),
            )),
            _ => None,
        }
    }

    fn p_of_row(&self, table: &Table, row: &Row) -> Option<f64> {
        let groups: Vec<GroupIndex> =
            row.cells.iter().map(|cell| cell.group).filter(|group| self.is_base(*group)).collect();
        let samples: Vec<Vec<f64>> =
            groups.iter().map(|group| self.sample(&row.id, &self.rows(*group))).collect::<Option<_>>()?;
        match row.kind {
            Kind::MeanSd | Kind::MedianQuartiles => {
                let [first, second] = samples.as_slice() else { return None };
                let mean = row.kind == Kind::MeanSd;
                let named = if mean { &table.tests.mean_sd } else { &table.tests.median_quartiles };
                let ranks = if named.is_empty() { !mean } else { named.contains(&NamedTest::MannWhitney) };
                if ranks { mann_whitney(first, second) } else { student_t(first, second) }
            }
            _ => {
                let codes = if row.levels.is_empty() { 2 } else { row.levels.len() };
                counts_p(&samples, codes)
            }
        }
    }

    fn score_table(&mut self, table: &ScoreTable) {
        let Some(place) = self.record.score_tables.iter().position(|known| known.id == table.id) else { return };
        let Some(score) = self.record.scores.iter().find(|score| score.table == Some(place)) else { return };
        let Some(points) = self.score(score) else { return };
        let (events, non_events) = (self.rows(table.events), self.rows(table.non_events));
        for row in &table.rows {
            let at = row.score.to_f64();
            let count = |rows: &[usize]| rows.iter().filter(|row| points[**row] == at).count() as u64;
            let (first, second) = (count(&events), count(&non_events));
            let whole = match table.percent_of {
                crate::record::PercentOf::Row => [first + second; 2],
                crate::record::PercentOf::Column => [events.len() as u64, non_events.len() as u64],
            };
            if let Some(total) = row.total {
                self.set(total, Some(Obtained::Share(first + second, points.len() as u64)));
            }
            self.set(row.events, Some(Obtained::Share(first, whole[0])));
            self.set(row.non_events, Some(Obtained::Share(second, whole[1])));
        }
    }

    fn accuracy(&mut self, accuracy: &Accuracy) {
        let record = self.record;
        let score =
            accuracy.score_table.and_then(|table| record.scores.iter().find(|score| score.table == Some(table)));
        let name = accuracy.marker.as_ref().or(score.map(|score| &score.id));
        let Some(name) = name else { return };
        let cases = self.sample(name, &self.rows(accuracy.events));
        let controls = self.sample(name, &self.rows(accuracy.non_events));
        let Some((cases, controls)) = cases.zip(controls) else { return };
        let operator = accuracy.claims.iter().find_map(|claim| match &record.claims[*claim].content {
            Content::Cutoff(printed) => Some(printed.relation()),
            _ => None,
        });
        let direction = match operator {
            Some(Relation::Below | Relation::AtMost) => Direction::Lower,
            _ => Direction::Higher,
        };
        let Ok(curve) = (Roc { direction }).run(&cases, &controls) else { return };
        let area = Auc::default().run(&curve).value;
        // A cut-off that the rule includes is a value that somebody has; another lies between two.
        let inclusive = matches!(operator, Some(Relation::AtLeast | Relation::AtMost));
        let placing = if inclusive { Placing::Observed } else { Placing::Between };
        let Ok(best) = (Cutoff { placing, inclusive, ..Cutoff::default() }).run(&curve) else { return };
        let Some(best) = best.first() else { return };
        let table = best.table;
        let (cases, controls) =
            (table.true_positives + table.false_negatives, table.false_positives + table.true_negatives);
        let right = table.true_positives + table.true_negatives;
        for claim in &accuracy.claims {
            let found = match record.claims[*claim].kind {
                Kind::Cutoff => Obtained::Numbers(vec![best.rule.cutoff]),
                Kind::Auc => Obtained::Numbers(vec![area]),
                Kind::Sensitivity => Obtained::Share(table.true_positives, cases),
                Kind::Specificity => Obtained::Share(table.true_negatives, controls),
                Kind::Ppv => Obtained::Share(table.true_positives, table.true_positives + table.false_positives),
                Kind::Npv => Obtained::Share(table.true_negatives, table.true_negatives + table.false_negatives),
                Kind::Accuracy => Obtained::Share(right, cases + controls),
                _ => continue,
            };
            self.set(*claim, Some(found));
        }
    }

    fn landmarks(&mut self) {
        for landmark in &self.record.landmarks {
            for (group, claim) in &landmark.counts {
                let found = self.cell(&landmark.id, &Content::Count(0), &self.rows(*group));
                self.set(*claim, found);
            }
        }
    }

    fn correlations(&mut self) {
        for correlation in &self.record.correlations {
            let rows = self.rows(correlation.of);
            let pair = self.sample(&correlation.x, &rows).zip(self.sample(&correlation.y, &rows));
            let Some((x, y)) = pair.filter(|_| correlation.method == CorrelationMethod::Pearson) else { continue };
            let Ok(result) = Pearson::default().run(&x, &y) else { continue };
            let r = result.estimate.map(|estimate| Obtained::Numbers(vec![estimate.value]));
            self.set(correlation.r, r);
            if let Some(p) = correlation.p {
                self.set(p, Some(Obtained::Numbers(vec![result.p_value])));
            }
        }
    }

    fn contrasts(&mut self) {
        for contrast in &self.record.contrasts {
            let rows = contrast.within.map_or_else(|| self.everybody(), |group| self.rows(group));
            let Some((values, sides)) = self.sample(&contrast.variable, &rows).zip(self.sample(&contrast.by, &rows))
            else {
                continue;
            };
            let side = |wanted: f64| -> Vec<f64> {
                values.iter().zip(&sides).filter(|(_, side)| **side == wanted).map(|(value, _)| *value).collect()
            };
            let (yes, no) = (side(1.0), side(0.0));
            let p = match contrast.test {
                Some(ContrastTest::MannWhitney) => mann_whitney(&yes, &no),
                Some(ContrastTest::StudentT) | None => student_t(&yes, &no),
                _ => None,
            };
            self.set(contrast.p, p.map(|p| Obtained::Numbers(vec![p])));
        }
    }

    fn models(&mut self) {
        for model in &self.record.models {
            let names: Vec<&str> = model.terms.iter().map(|term| term.variable.as_str()).collect();
            let Some(columns) = names.iter().map(|name| self.values(name)).collect::<Option<Vec<_>>>() else {
                continue;
            };
            let sets: Vec<Vec<usize>> = match model.mode {
                ModelMode::Multivariable => vec![(0..names.len()).collect()],
                ModelMode::Univariable => (0..names.len()).map(|term| vec![term]).collect(),
            };
            for set in sets {
                let rows: Option<Vec<[f64; 4]>> = match (model.kind, &model.outcome) {
                    (ModelKind::Logistic, Outcome::Group(group)) => {
                        let members = self.rows(*group);
                        let events: Vec<bool> = self.everybody().iter().map(|row| members.contains(row)).collect();
                        logistic(&names, &columns, &set, &events)
                    }
                    (ModelKind::Cox, Outcome::Survival { time, event }) => {
                        self.times(time, event).and_then(|times| cox(&names, &columns, &set, &times))
                    }
                    _ => None,
                };
                for (term, row) in set.iter().zip(rows.into_iter().flatten()) {
                    let [p, ratio, low, high] = row;
                    if let Some(claim) = model.terms[*term].p {
                        self.set(claim, Some(Obtained::Numbers(vec![p])));
                    }
                    if let Some(claim) = model.terms[*term].estimate {
                        self.set(claim, Some(Obtained::Numbers(vec![ratio, low, high])));
                    }
                }
            }
        }
    }

    fn times(&self, time: &str, event: &str) -> Option<SurvivalTimes> {
        let (times, events) = (self.table.numbers(time)?, self.table.numbers(event)?);
        let events: Vec<bool> = events.iter().map(|event| *event == 1.0).collect();
        SurvivalData::new(&times, &events).prepare().ok()
    }

    fn survival(&mut self, survival: &Survival) {
        let rows = self.rows(survival.of);
        if let Some(claim) = survival.events {
            let found = self.cell(&survival.event, &Content::Count(0), &rows);
            self.set(claim, found);
        }
        if let Some(claim) = survival.follow_up {
            let days = self.sample(&survival.time, &rows);
            let unit = survival.follow_up_unit_days as f64;
            let found = days.and_then(|days| quartiles(days.into_iter().map(|day| day / unit).collect()));
            self.set(claim, found);
        }
        if let (Some(claim), Some(times)) = (survival.log_rank, self.times(&survival.time, &survival.event)) {
            let mut groups = vec![0; self.everybody().len()];
            for (place, group) in survival.by.iter().enumerate() {
                for row in self.rows(*group) {
                    groups[row] = place;
                }
            }
            let p = LogRank::default().run(&times, &groups).ok().map(|result| result.p_value);
            self.set(claim, p.map(|p| Obtained::Numbers(vec![p])));
        }
    }

    /// The smallest and largest value that a score can have.
    fn scores(&mut self) {
        for score in &self.record.scores {
            let most: u64 = score.items.iter().map(|item| item.points).sum();
            for (claim, points) in [(score.minimum, 0), (score.maximum, most)] {
                if let Some(claim) = claim {
                    self.set(claim, Some(Obtained::Share(points, most)));
                }
            }
            for item in &score.items {
                let Some(claim) = item.threshold else { continue };
                if let Content::Cutoff(cutoff) = &self.record.claims[claim].content {
                    self.set(claim, Some(Obtained::Numbers(vec![cutoff.decimal().to_f64()])));
                }
            }
        }
    }

    fn statements(&mut self) {
        let record = self.record;
        for statement in &record.statements {
            let content = &record.claims[statement.claim].content;
            let of = statement.of.map(|group| self.rows(group).len() as u64);
            let found = match &statement.link {
                Link::Counts(group) => {
                    let n = self.rows(*group).len() as u64;
                    Some(Obtained::Share(n, of.unwrap_or(n)))
                }
                Link::Combines { table, row, level } => {
                    let row = &record.tables[*table].rows[*row];
                    let groups: Vec<GroupIndex> = row.cells.iter().map(|cell| cell.group).collect();
                    let rows: Vec<usize> = groups
                        .iter()
                        .filter(|group| self.is_base(**group))
                        .flat_map(|group| self.rows(*group))
                        .collect();
                    match level {
                        Some(level) => self.sample(&row.id, &rows).map(|sample| {
                            let count = sample.iter().filter(|value| **value == *level as f64).count() as u64;
                            Obtained::Share(count, of.unwrap_or(rows.len() as u64))
                        }),
                        None => self.cell(&row.id, content, &rows),
                    }
                }
                _ => None,
            };
            self.set(statement.claim, found);
        }
        // What repeats a claim repeats what was obtained for it.
        for statement in &record.statements {
            if let Link::Restates(original) = statement.link {
                let found = self.obtained[original].clone();
                self.set(statement.claim, found);
            }
        }
    }
}

/// Median and quartiles of type 6, in the order in which a claim prints them.
fn quartiles(mut sample: Vec<f64>) -> Option<Obtained> {
    sample.sort_by(f64::total_cmp);
    let at = |share: f64| quantile(&sample, share, QuantileType::Type6).ok();
    Some(Obtained::Numbers(vec![at(0.5)?, at(0.25)?, at(0.75)?]))
}

fn student_t(first: &[f64], second: &[f64]) -> Option<f64> {
    StudentT::default().run(first, second).ok().map(|result| result.p_value)
}

fn mann_whitney(first: &[f64], second: &[f64]) -> Option<f64> {
    let test = MannWhitney { null: RankNullChoice::Normal { continuity: false }, ..MannWhitney::default() };
    test.run(first, second).ok().map(|result| result.p_value)
}

/// Pearson's chi-square test where the smallest expected count is at least 5, else Fisher's exact test.
fn counts_p(samples: &[Vec<f64>], codes: usize) -> Option<f64> {
    let count = |sample: &Vec<f64>, code: usize| sample.iter().filter(|value| **value == code as f64).count() as u64;
    let cells = samples.iter().flat_map(|sample| (0..codes).map(move |code| count(sample, code))).collect();
    let table = CountTable::new(samples.len(), codes, cells).ok()?;
    if smallest_expected(&table).ok()? >= EXPECTED {
        return ChiSquare { correction: Correction::None }.run_on_counts(&table).ok().map(|result| result.p_value);
    }
    if samples.len() == 2 && codes == 2 {
        FisherExact::default().run_on_counts(&table).ok().map(|result| result.p_value)
    } else {
        FisherFreemanHalton::default().run_on_counts(&table).ok().map(|result| result.p_value)
    }
}

/// For each term: p, odds ratio and its limits.
fn logistic(names: &[&str], columns: &[Vec<f64>], set: &[usize], events: &[bool]) -> Option<Vec<[f64; 4]>> {
    let mut design = Design::build(events.len()).intercept();
    for term in set {
        design = design.continuous(names[*term], &columns[*term], 1.0);
    }
    let design = design.finish().ok()?;
    let fit = Logistic::default().fit(&design, Events::new(events)).ok()?;
    let rows = fit.wald(Level::default());
    Some(
        rows.iter()
            .skip(1)
            .map(|row| {
                let interval = row.odds_ratio_interval();
                [row.p_value, row.odds_ratio(), interval.low, interval.high]
            })
            .collect(),
    )
}

/// For each term: p, hazard ratio and its limits.
fn cox(names: &[&str], columns: &[Vec<f64>], set: &[usize], times: &SurvivalTimes) -> Option<Vec<[f64; 4]>> {
    let names: Vec<String> = set.iter().map(|term| names[*term].to_owned()).collect();
    let values: Vec<f64> = set.iter().flat_map(|term| columns[*term].iter().copied()).collect();
    let fit = Cox { ties: CoxTies::Efron }.fit(times, Covariates { names: &names, values: &values }).ok()?;
    let terms = fit.terms(Level::default());
    Some(terms.iter().map(|term| [term.p_value, term.hazard_ratio, term.interval.low, term.interval.high]).collect())
}
