//! From the published record to what a cohort has to meet.

use restudy_stats::dist::{Normal, StudentT};

use super::problem::{
    Comparison, Covariate, Divider, Item, Marker, Numbers, Problem, Rule, Score, Summary, Survival, Term, Values,
    Variable,
};
use super::span::{Span, Target};
use crate::printed::{Content, Printed, Relation};
use crate::record::{NamedTest, Record, Row, Table};

pub(super) struct Translator<'r> {
    pub(super) record: &'r Record,
    /// The record's groups without parts, in the order of the problem.
    groups: Vec<usize>,
    pub(super) problem: Problem,
}

fn span(printed: Printed) -> Span {
    let (low, high) = printed.span();
    Span::new(low, high)
}

/// The size of a statistic whose two-sided p-value prints so; `quantile` gives the upper quantile of a tail.
fn size_of(p: Printed, quantile: impl Fn(f64) -> f64) -> Span {
    let span = span(p);
    let (low, high) = (span.low.max(0.0), span.high.min(1.0));
    let least = if high >= 1.0 { 0.0 } else { quantile(high / 2.0) };
    let most = if low <= 0.0 { f64::INFINITY } else { quantile(low / 2.0) };
    // An open end: at p = 0.001 exactly, "< 0.001" would not be printed.
    if p.relation() == Relation::Below { Span::new(least * (1.0 + 1e-6), most) } else { Span::new(least, most).aim() }
}

pub(super) fn t_of(p: Printed, df: f64) -> Span {
    match StudentT::new(df) {
        Ok(distribution) => size_of(p, |tail| distribution.upper_quantile(tail)),
        Err(_) => Span::ANY,
    }
}

pub(super) fn z_of(p: Printed) -> Span {
    size_of(p, |tail| Normal.upper_quantile(tail))
}

impl<'r> Translator<'r> {
    pub(super) fn new(record: &'r Record) -> Self {
        let groups: Vec<usize> = record.tables.first().map_or_else(Vec::new, |table| {
            table
                .rows
                .first()
                .map_or_else(Vec::new, |row| row.cells.iter().map(|cell| cell.group).collect())
                .into_iter()
                .filter(|group: &usize| record.groups[*group].parts.is_empty())
                .collect()
        });
        let sizes = groups.iter().map(|group| record.groups[*group].n as usize).collect();
        Self { record, groups, problem: Problem { groups: sizes, ..Problem::default() } }
    }

    pub(super) fn content(&self, claim: usize) -> &'r Content {
        &self.record.claims[claim].content
    }

    pub(super) fn p(&self, claim: usize) -> Option<Printed> {
        match self.content(claim) {
            Content::PValue(p) => *p,
            _ => None,
        }
    }

    pub(super) fn variable(&self, id: &str) -> Option<usize> {
        self.problem.variables.iter().position(|variable| variable.id == id)
    }

    pub(super) fn group(&self, group: usize) -> Option<usize> {
        self.groups.iter().position(|known| *known == group)
    }

    pub(super) fn tables(&mut self, decimals: &dyn Fn(&str) -> u32) {
        for table in &self.record.tables {
            for row in &table.rows {
                if let Some(values) = self.values(table, row) {
                    self.problem.variables.push(Variable {
                        id: row.id.clone(),
                        decimals: decimals(&row.id),
                        min: Some(0),
                        max: None,
                        values,
                    });
                }
            }
            for partition in &table.partitions {
                let variables =
                    table.rows[partition.rows.clone()].iter().filter_map(|row| self.variable(&row.id)).collect();
                self.problem.rules.push(Rule::Partition(variables));
            }
        }
    }

    fn values(&self, table: &Table, row: &Row) -> Option<Values> {
        let cells: Vec<_> =
            self.groups.iter().map(|group| row.cells.iter().find(|cell| cell.group == *group)).collect::<Option<_>>()?;
        let mut codes = Vec::new();
        let mut summaries = Vec::new();
        for (cell, size) in cells.iter().zip(&self.problem.groups) {
            match self.content(cell.claim) {
                Content::Count(count) | Content::CountPercent { count, .. } => {
                    codes.push(vec![size.saturating_sub(*count as usize), *count as usize]);
                }
                Content::Counts(counts) => codes.push(counts.iter().map(|count| *count as usize).collect()),
                Content::MeanSd { mean, sd } => summaries.push(Summary::MeanSd(span(*mean).aim(), span(*sd).aim())),
                Content::MedianQuartiles { median, q1, q3 } => {
                    summaries.push(Summary::Quartiles([q1, median, q3].map(|printed| span(*printed).aim())));
                }
                _ => return None,
            }
        }
        if !codes.is_empty() {
            return Some(Values::Codes(codes));
        }
        let df = self.problem.groups.iter().take(2).sum::<usize>() as f64 - 2.0;
        let p = row.p.and_then(|claim| self.p(claim));
        let mean = matches!(summaries.first(), Some(Summary::MeanSd(..)));
        let named = if mean { &table.tests.mean_sd } else { &table.tests.median_quartiles };
        let ranks = if named.is_empty() { !mean } else { named.contains(&NamedTest::MannWhitney) };
        let comparison = p.map(|p| {
            if ranks { Comparison::MannWhitney(z_of(p)) } else { Comparison::StudentT(t_of(p, df)) }
        });
        Some(Values::Numbers(Numbers { cells: summaries, whole: None, comparison, marker: None }))
    }
}

/// Whatever the record does not say yet; to be replaced.
pub fn dlm(record: &Record) -> Problem {
    let mut t = Translator::new(record);
    t.tables(&|id| match id {
        "age" | "esr" | "alt" | "ast" | "ldh" | "ck" | "myoact" | "time_gap" => 0,
        "fvc" | "fev1" | "dlco" => 1,
        "course" | "delay" | "ferritin" | "crp" | "fev1_fvc" | "tlc" => 2,
        _ => 3,
    });
    let v = |id: &str| t.variable(id).unwrap();
    let p = |s: &str| Printed::parse(s).unwrap();
    let (lung, dlco, node, spleen, myoact, gap) =
        (v("lung"), v("dlco"), v("node"), v("spleen"), v("myoact"), v("time_gap"));
    let (bact, fung, ivig) = (v("bacterial"), v("fungal"), v("th_ivig"));
    let mut terms = Vec::new();
    for (x, y, r, pv) in [(lung, dlco, "-0.090", "0.491"), (lung, myoact, "0.360", "0.004"), (lung, gap, "-0.111", "0.395"), (lung, spleen, "0.346", "0.006")] {
        let r = span(p(r)).aim();
        let t_of_r = |r: f64| r * (59.0 / (1.0 - r * r)).sqrt();
        let rt = Span::new(t_of_r(r.low), t_of_r(r.high));
        let pt = t_of(p(pv), 59.0);
        let pt = if r.low < 0.0 { pt.negated() } else { pt };
        println!("{rt:?} {pt:?}");
        terms.push(Term::Pearson { pair: [x, y], target: Target::signed(rt.and(pt)) });
    }
    let st = |variable, by, within, pv: &str, df, neg: Option<bool>| Term::StudentT {
        variable, by, within,
        target: { let s = t_of(p(pv), df); match neg { None => Target::sized(s), Some(false) => Target::signed(s), Some(true) => Target::signed(s.negated()) } },
    };
    terms.push(st(lung, Divider::Variable(node), None, "0.243", 59.0, None));
    terms.push(st(dlco, Divider::Variable(node), None, "0.077", 59.0, None));
    terms.push(st(lung, Divider::Variable(bact), None, "0.007", 59.0, Some(false)));
    terms.push(st(lung, Divider::Variable(fung), None, "0.034", 59.0, Some(false)));
    terms.push(st(lung, Divider::Landmark, None, "0.019", 59.0, Some(false)));
    terms.push(st(spleen, Divider::Landmark, None, "0.011", 59.0, Some(false)));
    terms.push(st(lung, Divider::Landmark, Some(0), "0.598", 19.0, None));
    terms.push(st(spleen, Divider::Landmark, Some(0), "0.161", 19.0, None));
    let z = |pv: &str, neg: bool| { let s = z_of(p(pv)); Some(Target::signed(if neg { s.negated() } else { s })) };
    let cv = Covariate::Variable;
    terms.push(Term::Logistic { outcome: 0, covariates: vec![(cv(dlco), z("0.003", true)), (cv(lung), z("0.001", false)), (cv(node), z("0.013", false))] });
    for (c, pv, neg) in [(cv(bact), "< 0.001", false), (Covariate::Group(0), "0.008", false), (cv(myoact), "< 0.001", false), (cv(dlco), "0.016", true), (cv(lung), "0.007", false), (cv(spleen), "0.008", false), (cv(ivig), "0.015", false)] {
        terms.push(Term::Cox { covariates: vec![(c, z(pv, neg))] });
    }
    terms.push(Term::Cox { covariates: vec![(cv(node), Some(Target::signed(Span::new(-1.8, 1.8))))] });
    terms.push(Term::Cox { covariates: vec![(cv(fung), Some(Target::signed(Span::new(-1.8, 1.8))))] });
    terms.push(Term::Cox { covariates: vec![(cv(gap), Some(Target::signed(Span::new(-1.8, 1.8))))] });
    let ns = Some(Target::signed(Span::new(-1.95, 1.95)));
    terms.push(Term::Cox { covariates: vec![(cv(bact), z("0.013", false)), (Covariate::Group(0), ns), (cv(myoact), z("< 0.001", false)), (cv(dlco), ns), (cv(lung), ns), (cv(spleen), ns), (cv(ivig), ns)] });
    terms.push(Term::LogRank { group: 0, target: Target::signed(z_of(p("0.005"))) });
    let auc = |s: &str| Some(span(p(s)).aim());
    let m1 = Marker { events: 0, non_events: 1, higher: true, auc: auc("0.805"), cutoff: auc("0.454"), true_positives: Some(20), false_positives: Some(15) };
    let m2 = Marker { events: 0, non_events: 1, higher: false, auc: auc("0.802"), cutoff: auc("49.0"), true_positives: Some(14), false_positives: Some(5) };
    let mut problem = t.problem;
    for (var, m) in [(lung, m1), (dlco, m2)] {
        if let Values::Numbers(n) = &mut problem.variables[var].values { n.marker = Some(m); }
    }
    let age = problem.variables.iter().position(|v| v.id == "age").unwrap();
    if let Values::Numbers(n) = &mut problem.variables[age].values { n.whole = Some(Summary::MeanSd(auc("56.72").unwrap(), auc("11.28").unwrap())); }
    problem.terms = terms;
    problem.score = Some(Score { items: vec![Item { variable: dlco, higher: false, limit: 500 }, Item { variable: lung, higher: true, limit: 450 }, Item { variable: node, higher: true, limit: 0 }], counts: vec![vec![0, 3, 9, 9], vec![15, 18, 7, 0]] });
    let q = |s: &str| { let s = span(p(s)); Span::new(s.low * 30.0, s.high * 30.0).aim() };
    problem.survival = Some(Survival { longest: 1551, quartiles: Some([q("4.00"), q("11.90"), q("23.80")]), events: vec![None, None], all_events: Some(24), landmark: Some(90), early: vec![Some(9), None] });
    let var = |id: &str| problem.variables.iter().position(|v| v.id == id).unwrap();
    problem.rules.push(Rule::Within(var("mi2a"), var("mi2b")));
    problem.rules.push(Rule::AtMost(var("delay"), var("course")));
    problem
}
