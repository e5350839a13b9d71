//! What is known of each group: counts, moments, quartiles, proportions.

use restudy_ledger::{Context, Row, Stat, SummaryKind};
use restudy_stats::TestError;
use restudy_stats::descriptive::{self, Describe, Moments, StandardizedBy, Summary};
use restudy_stats::effect::StandardizedProportionDifference;
use restudy_stats::hypothesis::CountTable;

use super::ByGroup;
use super::plan::{ComparisonPlan, RowPlan};
use crate::conventions::Conventions;

/// Writes the summary of a variable: all groups together first, then each group.
pub(crate) fn write(
    rows: &mut Vec<Row>,
    plan: &ComparisonPlan,
    row: &RowPlan,
    values: &ByGroup,
    sizes: &[usize],
    conventions: &Conventions,
) {
    let mut writer = Writer { rows, plan, row, conventions };
    let all: usize = sizes.iter().sum();
    match values {
        ByGroup::Quantities(groups) => {
            writer.quantity(None, &groups.concat(), all);
            for ((label, group), size) in plan.groups.iter().zip(groups).zip(sizes) {
                writer.quantity(Some(label), group, *size);
            }
        }
        ByGroup::Categories { levels, codes } => {
            writer.categories(None, levels, &codes.concat(), all);
            for ((label, group), size) in plan.groups.iter().zip(codes).zip(sizes) {
                writer.categories(Some(label), levels, group, *size);
            }
        }
    }
    writer.standardized_difference(values);
}

struct Writer<'a> {
    rows: &'a mut Vec<Row>,
    plan: &'a ComparisonPlan,
    row: &'a RowPlan,
    conventions: &'a Conventions,
}

impl Writer<'_> {
    fn place(&self, context: Context, group: Option<&str>, stat: Stat, value: f64) -> Row {
        Row::new(&self.plan.id, context, &self.row.variable, group, stat, value)
    }

    /// How far two groups lie apart, in standard deviations: what a Love plot draws.
    fn standardized_difference(&mut self, values: &ByGroup) {
        let (difference, procedure) = match values {
            ByGroup::Quantities(groups) => match groups.as_slice() {
                [first, second] => (of_means(first, second), "standardized_difference"),
                _ => return,
            },
            ByGroup::Categories { levels, codes } => match codes.as_slice() {
                [first, second] => {
                    let counts = [first, second].map(|codes| counts(codes, levels.len()));
                    match self.counted(levels) {
                        Some(level) => (of_proportions(&counts, level), "standardized_proportion_difference"),
                        None => (
                            descriptive::standardized_difference_of_counts(&counts[0], &counts[1]),
                            "standardized_difference/mahalanobis",
                        ),
                    }
                }
                _ => return,
            },
        };
        let value = difference.as_ref().copied().unwrap_or(f64::NAN);
        let mut row = self.place(Context::Summary, None, Stat::StandardizedDifference, value).procedure(procedure);
        row.reason = difference.err().map(|error| super::choice::reason(&error));
        self.rows.push(row);
    }

    /// The place of the level that the row counts, where it counts one of two.
    fn counted(&self, levels: &[String]) -> Option<usize> {
        let level = self.row.level.as_ref().filter(|_| self.row.summary == SummaryKind::Count)?;
        levels.iter().position(|known| known == level)
    }

    fn known(&mut self, group: Option<&str>, known: usize, size: usize) {
        self.rows.push(self.place(Context::Missingness, group, Stat::N, known as f64));
        self.rows.push(self.place(Context::Missingness, group, Stat::NMissing, (size - known) as f64));
    }

    fn quantity(&mut self, group: Option<&str>, values: &[f64], size: usize) {
        self.known(group, values.len(), size);
        let summary = Describe { quartiles: self.conventions.quartiles() }.run(values).ok();
        let of = |fact: fn(&Summary) -> f64| summary.as_ref().map(fact);
        let none = "no known value";
        let facts = [
            (Stat::N, Some(values.len() as f64), none),
            (Stat::Mean, of(|summary| summary.mean), none),
            (Stat::Sd, summary.as_ref().and_then(|summary| summary.sd), "a standard deviation takes two known values"),
            (Stat::Median, of(|summary| summary.median), none),
            (Stat::Q1, of(|summary| summary.q1), none),
            (Stat::Q3, of(|summary| summary.q3), none),
            (Stat::Min, of(|summary| summary.min), none),
            (Stat::Max, of(|summary| summary.max), none),
        ];
        for (stat, value, reason) in facts {
            let mut row = self.place(Context::Summary, group, stat, value.unwrap_or(f64::NAN));
            if matches!(stat, Stat::Median | Stat::Q1 | Stat::Q3) {
                row.procedure = Some(format!("quantile/type_{}", self.conventions.get("quartiles")));
            }
            if row.value.number().is_none() {
                row.reason = Some(reason.to_owned());
            }
            self.rows.push(row);
        }
    }

    fn categories(&mut self, group: Option<&str>, levels: &[String], codes: &[u32], size: usize) {
        self.known(group, codes.len(), size);
        let denominator = if self.conventions.get("denominator") == "all" { size } else { codes.len() };
        for (code, level) in (0u32..).zip(levels) {
            if self.row.summary == SummaryKind::Count && self.row.level.as_deref() != Some(level) {
                continue;
            }
            let count = codes.iter().filter(|known| **known == code).count();
            self.proportion(group, level, count as u64, denominator as u64);
        }
    }

    fn proportion(&mut self, group: Option<&str>, level: &str, count: u64, denominator: u64) {
        let method = self.conventions.get("proportion-interval");
        let limits = match method {
            "clopper-pearson" => descriptive::clopper_pearson(count, denominator, self.conventions.level()),
            _ => descriptive::wilson(count, denominator, self.conventions.level()),
        }
        .ok();
        let share = count as f64 / denominator as f64;
        let procedure = method.replace('-', "_");
        let facts = [
            (Stat::Count, Some(count as f64), None),
            (Stat::Denominator, Some(denominator as f64), None),
            (Stat::Proportion, Some(share), None),
            (Stat::ConfLow, limits.map(|limits| limits.low), Some(&procedure)),
            (Stat::ConfHigh, limits.map(|limits| limits.high), Some(&procedure)),
        ];
        for (stat, value, procedure) in facts {
            let mut row = self.place(Context::Summary, group, stat, value.unwrap_or(f64::NAN)).level(level);
            row.procedure = procedure.cloned();
            if row.value.number().is_none() {
                row.reason = Some("no known value".to_owned());
            }
            self.rows.push(row);
        }
    }
}

fn of_means(first: &[f64], second: &[f64]) -> Result<f64, TestError> {
    let (first, second) = (Moments::of(first)?, Moments::of(second)?);
    descriptive::standardized_difference(first, second, StandardizedBy::AverageVariance)
}

/// Of the shares of one level.
fn of_proportions(counts: &[Vec<u64>; 2], level: usize) -> Result<f64, TestError> {
    let cells = counts.iter().flat_map(|counts| [counts[level], counts.iter().sum::<u64>() - counts[level]]).collect();
    let table = CountTable::new(2, 2, cells)?;
    Ok(StandardizedProportionDifference::default().run_on_counts(&table)?.estimate.value)
}

fn counts(codes: &[u32], levels: usize) -> Vec<u64> {
    let mut counts = vec![0; levels];
    for code in codes {
        if let Some(count) = counts.get_mut(*code as usize) {
            *count += 1;
        }
    }
    counts
}
