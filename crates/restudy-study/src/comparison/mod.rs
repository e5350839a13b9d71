//! Groups compared, variable by variable: a paper's Table 1.
//!
//! [`run`] turns a resolved comparison into rows of the ledger. For each variable: what is known of each group
//! (`summary`), which test is made and why (`choice`), the p-value under every other admissible test, and, over
//! the whole table, the family of adjusted p-values.

mod choice;
mod plan;
mod pre_test;
mod summary;

use restudy_cohort::{Column, Values};
use restudy_ledger::{
    Analysis, AnalysisKind, Context, Group, PanelKind, Row, Series, SeriesKind, Stat, SummaryKind, TableRow,
};
use restudy_stats::hypothesis::{Statistic, TestResult};

pub use choice::TestRule;

use crate::block::{Record, Running};
use crate::conventions::Conventions;
use crate::family::{self, Member};
use choice::{Answer, Question};
use plan::{ComparisonPlan, OTHERS, RowPlan};

/// A variable's values, by group; only known values of patients who are in a group.
pub(crate) enum ByGroup {
    /// Measured values.
    Quantities(Vec<Vec<f64>>),
    /// Categories as codes, with the labels they stand for.
    Categories { levels: Vec<String>, codes: Vec<Vec<u32>> },
}

impl ByGroup {
    /// One level, and all others as one.
    fn one_against_others(self, level: &str) -> Self {
        match self {
            Self::Categories { levels, codes } => {
                let of = |code: u32| levels.get(code as usize).is_some_and(|known| known == level);
                let codes = codes.iter().map(|group| group.iter().map(|code| u32::from(of(*code))).collect()).collect();
                Self::Categories { levels: vec![OTHERS.to_owned(), level.to_owned()], codes }
            }
            quantities => quantities,
        }
    }
}

/// Who is in which group.
pub(crate) struct Membership {
    group_of: Vec<Option<usize>>,
    sizes: Vec<usize>,
}

impl Membership {
    /// Of the patients who are members of the subset, those who are in a group.
    pub(crate) fn new(mut group_of: Vec<Option<usize>>, groups: usize, members: &[bool]) -> Self {
        let mut sizes = vec![0; groups];
        for (group, member) in group_of.iter_mut().zip(members) {
            *group = group.filter(|_| *member);
            if let Some(group) = group {
                sizes[*group] += 1;
            }
        }
        Self { group_of, sizes }
    }

    fn split<T>(&self, values: impl Iterator<Item = Option<T>>) -> Vec<Vec<T>> {
        let mut groups: Vec<Vec<T>> = self.sizes.iter().map(|size| Vec::with_capacity(*size)).collect();
        for (group, value) in self.group_of.iter().zip(values) {
            if let (Some(group), Some(value)) = (group, value) {
                groups[*group].push(value);
            }
        }
        groups
    }

    fn values(&self, column: &Column) -> ByGroup {
        match &column.values {
            Values::Numbers(numbers) => ByGroup::Quantities(self.split(numbers.iter().copied())),
            Values::Levels { levels, codes } => {
                ByGroup::Categories { levels: levels.clone(), codes: self.split(codes.iter().copied()) }
            }
            // Dates are refused by the plan.
            Values::Dates(days) => ByGroup::Quantities(self.split(days.iter().map(|day| day.map(f64::from)))),
        }
    }
}

/// The summary that a pre-test of normality chooses for a measured variable, and the evidence.
pub(crate) fn pre_tested(
    column: &Column,
    members: &Membership,
    groups: &[String],
    alpha: f64,
) -> (SummaryKind, String) {
    match members.values(column) {
        ByGroup::Quantities(values) => pre_test::summary(&values, groups, alpha),
        ByGroup::Categories { .. } => (SummaryKind::Counts, "categories".to_owned()),
    }
}

/// Carries a comparison out.
fn run(plan: &ComparisonPlan, running: &Running<'_>, record: &mut Record) {
    let (frame, conventions) = (running.frame, running.conventions);
    let subset = plan.within.members(frame);
    let patients = subset.iter().filter(|member| **member).count();
    let members = Membership::new(frame.group_of(&plan.by, &plan.groups), plan.groups.len(), &subset);
    let grouped: usize = members.sizes.iter().sum();
    let rows = &mut record.rows;
    let mut family = Vec::with_capacity(plan.rows.len());
    for row in &plan.rows {
        let Some(column) = frame.column(&row.column) else { continue };
        let mut values = members.values(column);
        if let (true, Some(level)) = (row.against_others, &row.level) {
            values = values.one_against_others(level);
        }
        if let ByGroup::Quantities(values) = &values
            && running.draws(&[PanelKind::Box, PanelKind::Violin], &row.variable)
        {
            record.series.extend(drawn_values(plan, row, values));
        }
        summary::write(rows, plan, row, &values, &members.sizes, conventions);
        let p_value = test(rows, plan, row, &values, conventions);
        family.push(Member {
            place: Row::new(&plan.id, Context::Test, &row.variable, None, Stat::PValue, f64::NAN),
            name: row.variable.clone(),
            p_value,
            left_out: plan.adjust_leave_out.contains(&row.variable),
        });
    }
    let family = plan.adjust.map(|method| family::adjust(rows, family, method).0);
    record.analyses.push(Analysis {
        by: Some(plan.by.clone()),
        groups: plan
            .groups
            .iter()
            .zip(&members.sizes)
            .map(|(label, n)| Group { label: label.clone(), n: *n })
            .collect(),
        ungrouped: patients - grouped,
        overall: plan.overall,
        rows: plan
            .rows
            .iter()
            .map(|row| TableRow {
                variable: row.variable.clone(),
                heading: row.heading.clone(),
                summary: row.summary,
                level: row.level.clone(),
            })
            .collect(),
        denominator: conventions.get("denominator").to_owned(),
        alpha: conventions.alpha(),
        family,
        within: plan.within.record(&subset),
        ..Analysis::new(&plan.id, AnalysisKind::Comparison, &plan.title)
    });
}

/// The values of each group in ascending order, so that no patient can be told by the order of rows.
fn drawn_values(plan: &ComparisonPlan, row: &RowPlan, values: &[Vec<f64>]) -> Vec<Series> {
    let series = |(group, values): (&String, &Vec<f64>)| {
        let mut values = values.clone();
        values.sort_by(f64::total_cmp);
        Series {
            variable: Some(row.variable.clone()),
            group: Some(group.clone()),
            ..Series::new(&plan.id, SeriesKind::Values)
        }
        .numbers("value", values)
    };
    plan.groups.iter().zip(values).map(series).collect()
}

/// Writes the test of a row, and the same question answered by every other admissible test.
///
/// Returns the p-value, or why there is none.
fn test(
    rows: &mut Vec<Row>,
    plan: &ComparisonPlan,
    row: &RowPlan,
    values: &ByGroup,
    conventions: &Conventions,
) -> Result<f64, String> {
    let place = |context, stat, value: f64| Row::new(&plan.id, context, &row.variable, None, stat, value);
    let question = Question::new(values, &plan.groups);
    let answer = question.and_then(|question| {
        let answer = choice::answer(row.test, &question, conventions)?;
        Ok((question, answer))
    });
    let (question, Answer { result, why }) = match answer {
        Ok(found) => found,
        Err(reason) => {
            rows.push(place(Context::Test, Stat::PValue, f64::NAN).reason(&reason));
            return Err(reason);
        }
    };
    // Only a pre-test looked at the data to choose the summary; any other summary was asked for.
    let pre_test = row.pre_test.as_ref().map(|evidence| format!("{evidence}; ")).unwrap_or_default();
    let why = format!("{pre_test}{why}; {}", row.test_origin);
    let others = choice::others(&question, &result, conventions);
    let alpha = conventions.alpha();
    let mut remarks = choice::remarks(&result);
    let differing: Vec<&str> = others
        .iter()
        .filter(|other| (other.p_value < alpha) != (result.p_value < alpha))
        .map(|other| other.procedure.key())
        .collect();
    if !differing.is_empty() {
        let (here, there) = if result.p_value < alpha { ("below", "not below") } else { ("not below", "below") };
        remarks.push(format!("p is {here} {alpha} by this test and {there} it by {}", differing.join(", ")));
    }
    write_result(rows, &place, &result, &why, remarks);
    for other in &others {
        rows.push(place(Context::Alternative, Stat::PValue, other.p_value).procedure(other.procedure.key()));
    }
    Ok(result.p_value)
}

fn write_result(
    rows: &mut Vec<Row>,
    place: &dyn Fn(Context, Stat, f64) -> Row,
    result: &TestResult,
    why: &str,
    remarks: Vec<String>,
) {
    let key = result.procedure.key();
    let mut write = |stat, value| rows.push(place(Context::Test, stat, value).procedure(key));
    if let Some(statistic) = result.statistic {
        write(Stat::Statistic, statistic.value());
        match statistic {
            Statistic::F { df1, df2, .. } => {
                write(Stat::Df, df1);
                write(Stat::DfDenominator, df2);
            }
            Statistic::U { z: Some(z), .. } => write(Stat::Z, z),
            other => {
                if let Some(df) = other.df() {
                    write(Stat::Df, df);
                }
            }
        }
    }
    if let Some(estimate) = result.estimate {
        let quantity = estimate.quantity.key();
        let mut write = |stat, value| rows.push(place(Context::Test, stat, value).procedure(quantity));
        write(Stat::Estimate, estimate.value);
        if let Some(std_error) = estimate.std_error {
            write(Stat::StdError, std_error);
        }
        if let Some(interval) = estimate.interval {
            write(Stat::ConfLow, interval.low);
            write(Stat::ConfHigh, interval.high);
        }
    }
    let mut row = place(Context::Test, Stat::PValue, result.p_value).procedure(key);
    row.why = Some(why.to_owned());
    row.remarks = remarks;
    rows.push(row);
}

/// The name of a summary, as in the study file.
fn summary_name(summary: SummaryKind) -> &'static str {
    match summary {
        SummaryKind::MeanSd => "mean-sd",
        SummaryKind::MedianQuartiles => "median-quartiles",
        SummaryKind::Counts => "counts",
        SummaryKind::Count => "count",
    }
}
