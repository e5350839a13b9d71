//! Groups compared, variable by variable: a paper's Table 1.
//!
//! [`run`] turns a resolved comparison into rows of the ledger. For each variable: what is known of each group
//! (`summary`), which test is made and why (`choice`), the p-value under every other admissible test, and, over
//! the whole table, the family of adjusted p-values (`family`).

mod choice;
mod family;
mod pre_test;
mod summary;

use restudy_cohort::{Cohort, Column, Values};
use restudy_ledger::{Analysis, AnalysisKind, Context, Group, Row, Stat, SummaryKind, TableRow};
use restudy_stats::hypothesis::{Statistic, TestResult};

pub use choice::TestRule;

use crate::conventions::Conventions;
use crate::plan::{ComparisonPlan, RowPlan};
use choice::{Answer, Question};

/// A variable's values, by group; only known values of patients who are in a group.
pub(crate) enum ByGroup {
    /// Measured values.
    Quantities(Vec<Vec<f64>>),
    /// Categories as codes, with the labels they stand for.
    Categories { levels: Vec<String>, codes: Vec<Vec<u32>> },
}

/// Who is in which group.
struct Membership {
    group_of: Vec<Option<usize>>,
    sizes: Vec<usize>,
}

impl Membership {
    fn new(by: &str, groups: &[String], cohort: &Cohort) -> Self {
        let mut sizes = vec![0; groups.len()];
        let group_of = match cohort.column(by).map(|column| &column.values) {
            Ok(Values::Levels { levels, codes }) => {
                let of_level: Vec<Option<usize>> =
                    levels.iter().map(|level| groups.iter().position(|group| group == level)).collect();
                codes.iter().map(|code| of_level.get(usize::try_from((*code)?).ok()?).copied().flatten()).collect()
            }
            // The plan was made of this cohort, where the column exists and has levels.
            _ => vec![None; cohort.patients()],
        };
        for group in group_of.iter().flatten() {
            sizes[*group] += 1;
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
    by: &str,
    groups: &[String],
    cohort: &Cohort,
    alpha: f64,
) -> (SummaryKind, String) {
    match Membership::new(by, groups, cohort).values(column) {
        ByGroup::Quantities(values) => pre_test::summary(&values, groups, alpha),
        ByGroup::Categories { .. } => (SummaryKind::Counts, "categories".to_owned()),
    }
}

/// Carries a comparison out.
pub(crate) fn run(plan: &ComparisonPlan, conventions: &Conventions, cohort: &Cohort) -> (Analysis, Vec<Row>) {
    let members = Membership::new(&plan.by, &plan.groups, cohort);
    let grouped: usize = members.sizes.iter().sum();
    let mut rows = Vec::new();
    let mut p_values = Vec::with_capacity(plan.rows.len());
    for row in &plan.rows {
        let Ok(column) = cohort.column(&row.variable) else { continue };
        let values = members.values(column);
        summary::write(&mut rows, plan, row, &values, &members.sizes, conventions);
        p_values.push(test(&mut rows, plan, row, &values, conventions));
    }
    let family = plan.adjusted.then(|| family::adjust(&mut rows, plan, &p_values));
    let analysis = Analysis {
        by: Some(plan.by.clone()),
        groups: plan
            .groups
            .iter()
            .zip(&members.sizes)
            .map(|(label, n)| Group { label: label.clone(), n: *n })
            .collect(),
        ungrouped: cohort.patients() - grouped,
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
        ..Analysis::new(&plan.id, AnalysisKind::Comparison, &plan.title)
    };
    (analysis, rows)
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
pub(crate) fn summary_name(summary: SummaryKind) -> &'static str {
    match summary {
        SummaryKind::MeanSd => "mean-sd",
        SummaryKind::MedianQuartiles => "median-quartiles",
        SummaryKind::Counts => "counts",
        SummaryKind::Count => "count",
    }
}
