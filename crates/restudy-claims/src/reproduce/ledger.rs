//! The numbers of a ledger that stand behind claims.

use restudy_ledger::{Ledger, PathError, Stat};

use super::adjusted::{adjusted, found};
use super::obtained::Obtained;
use crate::printed::{Content, Kind, Relation};
use crate::record::{Accuracy, ClaimIndex, GroupIndex, Link, Record, ScoreTable, Table};

/// What the ledger has for each claim, or why it has nothing.
pub(super) fn obtain(record: &Record, ledger: &Ledger) -> Vec<Result<Obtained, Option<String>>> {
    let mut desk = Desk { record, ledger, obtained: vec![Err(None); record.claims.len()] };
    for table in &record.tables {
        desk.comparison(table);
    }
    for table in &record.score_tables {
        desk.score_table(table);
    }
    for accuracy in &record.accuracies {
        desk.accuracy(accuracy);
    }
    desk.statements();
    for (claim, path) in &record.paths {
        let content = &record.claims[*claim].content;
        desk.obtained[*claim] = desk.at(path, content);
    }
    desk.restated();
    desk.obtained
}

struct Desk<'a> {
    record: &'a Record,
    ledger: &'a Ledger,
    obtained: Vec<Result<Obtained, Option<String>>>,
}

type Found = Result<Obtained, Option<String>>;

impl Desk<'_> {
    /// The number that a path names.
    fn number(&self, path: &str) -> Result<f64, Option<String>> {
        let row = self.ledger.find(path).map_err(|error| Some(reason(&error)))?;
        row.value.number().ok_or_else(|| row.reason.clone().or_else(|| Some(format!("`{path}` has no value"))))
    }

    fn whole(&self, path: &str) -> Result<u64, Option<String>> {
        self.number(path).map(|number| number.round() as u64)
    }

    fn share(&self, place: &str) -> Found {
        let count = self.whole(&format!("{place}/count"))?;
        let of = self.whole(&format!("{place}/denominator")).unwrap_or(count);
        Ok(Obtained::Share(count, of))
    }

    /// What stands at a path: of a whole one the number, of `analysis/variable` alone the numbers that the claim prints.
    fn at(&self, path: &str, content: &Content) -> Found {
        if path.matches('/').count() >= 2 {
            return self.number(path).map(|number| Obtained::Numbers(vec![number]));
        }
        let numbers = |stats: &[Stat]| -> Found {
            let found = stats.iter().map(|stat| self.number(&format!("{path}/{}", stat.name())));
            found.collect::<Result<Vec<f64>, _>>().map(Obtained::Numbers)
        };
        match content {
            Content::MeanSd { .. } => numbers(&[Stat::Mean, Stat::Sd]),
            Content::MedianQuartiles { .. } => numbers(&[Stat::Median, Stat::Q1, Stat::Q3]),
            Content::PValue(_) => numbers(&[Stat::PValue]),
            Content::Correlation(_) => numbers(&[Stat::R]),
            Content::Cutoff(_) => numbers(&[Stat::Cutoff]),
            _ => self.share(path),
        }
    }

    fn comparison(&mut self, table: &Table) {
        let record = self.record;
        let Some(analysis) = &table.analysis else { return };
        for (group, claim) in &table.header {
            let label = &record.groups[*group].label;
            let groups = self.ledger.analysis(analysis).map_or(&[][..], |analysis| &analysis.groups);
            let n = groups.iter().find(|known| known.label == *label).map(|group| group.n as u64);
            self.obtained[*claim] =
                n.map(|n| Obtained::Share(n, n)).ok_or_else(|| Some(format!("the ledger has no group `{label}`")));
        }
        let mut raw: Vec<Option<f64>> = Vec::new();
        for row in &table.rows {
            let variable = escaped(&row.id);
            for cell in &row.cells {
                let group = self.suffix(cell.group);
                let content = &record.claims[cell.claim].content;
                self.obtained[cell.claim] = match content {
                    Content::Counts(counts) => self.counts(analysis, &variable, &group, &row.levels, counts.len()),
                    Content::Count(_) | Content::CountPercent { .. } => self
                        .share(&format!("{analysis}/{variable}:yes{group}"))
                        .or_else(|_| self.share(&format!("{analysis}/{variable}{group}"))),
                    content => self.at(&format!("{analysis}/{variable}{group}"), content),
                };
            }
            let path = format!("{analysis}/{variable}/{}", Stat::PValue.name());
            let p = self.ledger.find(&path).map(|row| row.value.number());
            raw.push(p.as_ref().ok().copied().flatten());
            if let Some(claim) = row.p {
                self.obtained[claim] = p.map(found).map_err(|error| Some(reason(&error)));
            }
        }
        for (row, p) in table.rows.iter().zip(adjusted(record, table, &raw).unwrap_or_default()) {
            if let Some(claim) = row.p_adjusted {
                self.obtained[claim] = Ok(found(p));
            }
        }
    }

    /// The mark of a group in a path; none for all patients together.
    fn suffix(&self, group: GroupIndex) -> String {
        let group = &self.record.groups[group];
        if group.parts.is_empty() { format!("@{}", escaped(&group.label)) } else { String::new() }
    }

    /// Counts of the categories of a row; where the ledger counts one of two, the other is the rest.
    fn counts(&self, analysis: &str, variable: &str, group: &str, levels: &[String], n: usize) -> Found {
        let place = |level: &String| format!("{analysis}/{variable}:{}{group}", escaped(level));
        let found: Vec<Result<Obtained, _>> = levels.iter().map(|level| self.share(&place(level))).collect();
        let known = found.iter().find_map(|found| match found {
            Ok(Obtained::Share(count, of)) => Some((*count, *of)),
            _ => None,
        });
        let Some((count, of)) = known.filter(|_| levels.len() == n) else {
            return found.into_iter().next().unwrap_or(Err(None));
        };
        found
            .iter()
            .map(|found| match found {
                Ok(Obtained::Share(count, _)) => Ok(*count),
                _ if n == 2 => Ok(of - count),
                _ => Err(Some("the ledger does not count every category".to_owned())),
            })
            .collect::<Result<_, _>>()
            .map(Obtained::Counts)
    }

    fn score_table(&mut self, table: &ScoreTable) {
        let Some(analysis) = &table.analysis else { return };
        let Some(score) = self.score_of(&table.id) else { return };
        for row in &table.rows {
            let place = format!("{analysis}/{}:{}", escaped(&score), row.score);
            if let Some(total) = row.total {
                self.obtained[total] = self.share(&place);
            }
            for (claim, group) in [(row.events, table.events), (row.non_events, table.non_events)] {
                let group = self.suffix(group);
                self.obtained[claim] = self.share(&format!("{place}{group}"));
            }
        }
    }

    /// The id of the score that a score table is of.
    fn score_of(&self, table: &str) -> Option<String> {
        let place = self.record.score_tables.iter().position(|known| known.id == table)?;
        self.record.scores.iter().find(|score| score.table == Some(place)).map(|score| score.id.clone())
    }

    fn accuracy(&mut self, accuracy: &Accuracy) {
        let record = self.record;
        let Some(analysis) = &accuracy.analysis else { return };
        let score = accuracy.score_table.and_then(|table| self.score_of(&record.score_tables[table].id));
        let Some(name) = accuracy.marker.clone().or(score) else { return };
        let place = format!("{analysis}/{}", escaped(&name));
        let rule = accuracy.claims.iter().find_map(|claim| match &record.claims[*claim].content {
            Content::Cutoff(printed) => Some((printed.relation(), printed.decimal())),
            _ => None,
        });
        // The figures of a score stand at each threshold, those of a marker at its best cut-off.
        let at = match rule.filter(|_| accuracy.marker.is_none()) {
            Some((relation, threshold)) => {
                let sign = match relation {
                    Relation::AtLeast => ">=",
                    Relation::AtMost => "<=",
                    other => other.sign(),
                };
                format!("{place}:{sign} {threshold}")
            }
            None => place.clone(),
        };
        for claim in &accuracy.claims {
            let path = match record.claims[*claim].kind {
                Kind::Cutoff => format!("{place}/{}", Stat::Cutoff.name()),
                Kind::Auc => format!("{place}/{}", Stat::Auc.name()),
                Kind::Sensitivity => format!("{at}/{}", Stat::Sensitivity.name()),
                Kind::Specificity => format!("{at}/{}", Stat::Specificity.name()),
                Kind::Ppv => format!("{at}/{}", Stat::Ppv.name()),
                Kind::Npv => format!("{at}/{}", Stat::Npv.name()),
                Kind::Accuracy => format!("{at}/{}", Stat::Accuracy.name()),
                _ => continue,
            };
            self.obtained[*claim] = self.number(&path).map(|number| Obtained::Numbers(vec![number]));
        }
    }

    fn statements(&mut self) {
        let record = self.record;
        for statement in &record.statements {
            let content = &record.claims[statement.claim].content;
            let size = |group: GroupIndex| self.size(group);
            self.obtained[statement.claim] = match &statement.link {
                Link::Counts(group) => {
                    let of = statement.of.map_or(Ok(None), |of| size(of).map(Some));
                    size(*group).and_then(|n| of.map(|of| Obtained::Share(n, of.unwrap_or(n))))
                }
                Link::Combines { table, row, level } => {
                    let table = &record.tables[*table];
                    let Some(analysis) = &table.analysis else { continue };
                    let row = &table.rows[*row];
                    let place = format!("{analysis}/{}", escaped(&row.id));
                    match level.and_then(|level| row.levels.get(level)) {
                        Some(level) => self.share(&format!("{place}:{}", escaped(level))),
                        None => self.share(&format!("{place}:yes")).or_else(|_| self.at(&place, content)),
                    }
                }
                _ => continue,
            };
        }
    }

    /// The patients of a group, as the first comparison has them.
    fn size(&self, group: GroupIndex) -> Result<u64, Option<String>> {
        let group = &self.record.groups[group];
        let analysis = self.record.tables.iter().find_map(|table| table.analysis.as_ref());
        let Some(analysis) = analysis.and_then(|id| self.ledger.analysis(id)) else { return Err(None) };
        let of = |label: &str| analysis.groups.iter().find(|known| known.label == label).map(|known| known.n as u64);
        let labels: Vec<&String> = if group.parts.is_empty() {
            vec![&group.label]
        } else {
            group.parts.iter().map(|part| &self.record.groups[*part].label).collect()
        };
        let sizes: Option<Vec<u64>> = labels.into_iter().map(|label| of(label)).collect();
        sizes.map(|sizes| sizes.iter().sum()).ok_or_else(|| Some(format!("the ledger has no group `{}`", group.label)))
    }

    /// What repeats a claim repeats what was obtained for it.
    fn restated(&mut self) {
        let record = self.record;
        for statement in &record.statements {
            if let Link::Restates(original) = statement.link
                && self.obtained[statement.claim].is_err()
            {
                let found = self.of_original(original);
                self.obtained[statement.claim] = found;
            }
        }
    }

    fn of_original(&self, claim: ClaimIndex) -> Found {
        self.obtained[claim].clone()
    }
}

fn reason(error: &PathError) -> String {
    match error.hint() {
        Some(hint) => format!("{error} ({hint})"),
        None => error.to_string(),
    }
}

/// A name in a path: a mark that belongs to it stands after a backslash.
fn escaped(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for letter in name.chars() {
        if matches!(letter, ':' | '@' | '~' | '#' | '!' | '/' | '\\') {
            text.push('\\');
        }
        text.push(letter);
    }
    text
}
