//! A comparison with every default resolved against the cohort, each setting with its origin.

use std::fmt::Write as _;
use std::ops::Range;

use restudy_cohort::{Column, Kind, Values};
use restudy_ledger::{Panel, PanelKind, SummaryKind, Variable, VariableKind};
use toml::Spanned;

use super::TestRule;
use crate::block::{self, Block, Record, Resolving, Running, Step, did_you_mean};
use crate::conventions::Conventions;
use crate::error::{StudyError, nearest};
use crate::file::{Adjustment, ComparisonBlock, RowEntry};
use crate::frame::{Frame, Subset};

/// A comparison, resolved.
#[derive(Clone, Debug)]
pub(crate) struct ComparisonPlan {
    /// The block's id.
    pub(crate) id: String,
    /// Its title.
    pub(crate) title: String,
    /// The variable whose levels are the groups.
    pub(crate) by: String,
    /// The groups, in the order of their columns.
    pub(crate) groups: Vec<String>,
    /// Patients that it is about.
    pub(crate) within: Subset,
    /// Whether a column of all patients is shown.
    pub(crate) overall: bool,
    /// The rows, in order.
    pub(crate) rows: Vec<RowPlan>,
    /// How p-values are adjusted.
    pub(crate) adjust: Option<Adjustment>,
    /// Rows that stay out of the family.
    pub(crate) adjust_leave_out: Vec<String>,
}

/// One row of a comparison, resolved.
#[derive(Clone, Debug)]
pub(crate) struct RowPlan {
    /// The row's name: the variable's, unless the file gives another.
    pub(crate) variable: String,
    /// The column.
    pub(crate) column: String,
    /// The label on the page, where it is not the column's.
    pub(crate) label: Option<String>,
    /// The heading it stands under.
    pub(crate) heading: Option<String>,
    /// How it is summarised.
    pub(crate) summary: SummaryKind,
    /// Why.
    pub(crate) summary_origin: String,
    /// What a pre-test of normality found, where one chose the summary.
    pub(crate) pre_test: Option<String>,
    /// The level that is counted, for a row of one level.
    pub(crate) level: Option<String>,
    /// Whether that level stands against several others.
    pub(crate) against_others: bool,
    /// The rule that chooses the test.
    pub(crate) test: TestRule,
    /// Where the rule comes from.
    pub(crate) test_origin: String,
}

impl Block for ComparisonBlock {
    fn id(&self) -> &Spanned<String> {
        &self.id
    }

    fn resolve(&self, resolving: &mut Resolving<'_>) -> Result<Box<dyn Step>, StudyError> {
        let within = resolving.within(&self.within)?;
        let members = within.members(resolving.frame());
        let plan = Resolver { resolving, block: self, within, members }.resolve()?;
        Ok(Box::new(plan))
    }
}

impl Step for ComparisonPlan {
    fn id(&self) -> &str {
        &self.id
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn describe(&self, text: &mut String, _conventions: &Conventions) {
        let Self { id, title, by, groups, .. } = self;
        // Writing to a String cannot fail.
        let _ = write!(text, "\ncomparison {id}: {title}\n  groups of {by}: {}\n", groups.join(", "));
        block::describe_subset(text, &self.within);
        if let Some(method) = self.adjust {
            let _ = writeln!(text, "  adjusted p: {} over the rows with a p", method.word());
        }
        for row in &self.rows {
            let level = row.level.as_ref().map(|level| format!(" of {level}")).unwrap_or_default();
            let summary = format!("{}{level}", super::summary_name(row.summary));
            let _ = writeln!(
                text,
                "  {:<22} {summary:<26} {:<28} [{}] [{}]",
                row.variable,
                row.test.name(),
                row.summary_origin,
                row.test_origin
            );
        }
    }

    fn run(&self, running: &Running<'_>, record: &mut Record) {
        super::run(self, running, record);
    }

    fn panels(&self) -> Vec<(PanelKind, Vec<String>)> {
        let measured = self.measured();
        let mut panels = vec![(PanelKind::Box, measured.clone()), (PanelKind::Violin, measured)];
        if self.groups.len() == 2 {
            panels.push((PanelKind::Love, self.rows.iter().map(|row| row.variable.clone()).collect()));
        }
        panels
    }

    fn default_panels(&self) -> Vec<Panel> {
        let measured = self.measured();
        let mut panels = Vec::new();
        if measured.len() <= MANY_BOXES {
            panels.extend(measured.into_iter().map(|variable| block::panel(PanelKind::Box, &self.id, vec![variable])));
        }
        if self.groups.len() == 2 && self.rows.len() > 2 {
            panels.push(block::panel(PanelKind::Love, &self.id, Vec::new()));
        }
        panels
    }

    fn variables(&self, frame: Frame<'_>) -> Vec<Variable> {
        let renamed = |row: &&RowPlan| row.variable != row.column || row.label.is_some();
        let variable = |row: &RowPlan| {
            let column = frame.column(&row.column)?;
            let mut variable = block::variable(column);
            variable.name.clone_from(&row.variable);
            if let Some(level) = row.level.as_ref().filter(|_| row.against_others) {
                variable.label.clone_from(level);
                variable.kind = VariableKind::Binary;
                variable.levels = vec![OTHERS.to_owned(), level.clone()];
            }
            if let Some(label) = &row.label {
                variable.label.clone_from(label);
            }
            Some(variable)
        };
        self.rows.iter().filter(renamed).filter_map(variable).collect()
    }
}

/// More measured rows than this make no sheet of boxes by themselves.
const MANY_BOXES: usize = 6;
/// What the levels are called that a single one stands against.
pub(super) const OTHERS: &str = "others";

impl ComparisonPlan {
    fn measured(&self) -> Vec<String> {
        let measured = |row: &&RowPlan| matches!(row.summary, SummaryKind::MeanSd | SummaryKind::MedianQuartiles);
        self.rows.iter().filter(measured).map(|row| row.variable.clone()).collect()
    }
}

struct Resolver<'a, 'b> {
    resolving: &'a Resolving<'b>,
    block: &'a ComparisonBlock,
    within: Subset,
    members: Vec<bool>,
}

impl Resolver<'_, '_> {
    fn resolve(&self) -> Result<ComparisonPlan, StudyError> {
        let block = self.block;
        let groups = self.resolving.groups(&block.by, block.groups.as_deref(), &self.members, 2)?;
        let rows = self.rows(&groups)?;
        for name in block.summary.keys().chain(block.test.keys()).chain(&block.adjust_leave_out) {
            if !rows.iter().any(|row| row.variable == *name.get_ref()) {
                let hint = nearest(name.get_ref(), rows.iter().map(|row| row.variable.as_str()));
                let message = format!("`{}` is not a row of this comparison", name.get_ref());
                return Err(self.resolving.error(&name.span(), message, did_you_mean(hint)));
            }
        }
        Ok(ComparisonPlan {
            id: block.id.get_ref().clone(),
            title: block.title.clone().unwrap_or_else(|| format!("Comparison by {}", block.by.get_ref())),
            by: block.by.get_ref().clone(),
            groups,
            within: self.within.clone(),
            overall: block.overall,
            rows,
            adjust: block.adjust.as_ref().map(|method| *method.get_ref()),
            adjust_leave_out: block.adjust_leave_out.iter().map(|name| name.get_ref().clone()).collect(),
        })
    }

    fn rows(&self, groups: &[String]) -> Result<Vec<RowPlan>, StudyError> {
        let block = self.block;
        let by = block.by.get_ref();
        let Some(entries) = &block.rows else {
            let entry = |column: &Column| RowEntry::bare(Spanned::new(block.by.span(), column.name.clone()));
            return self
                .resolving
                .cohort
                .columns()
                .iter()
                .filter(|column| column.name != *by && column.kind != Kind::Date)
                .map(|column| self.row(column, &entry(column), groups))
                .collect();
        };
        let mut rows: Vec<RowPlan> = Vec::new();
        for entry in entries {
            let (name, span) = (entry.variable.get_ref(), entry.variable.span());
            if name == by {
                let message = format!("`{name}` makes the groups and cannot be a row as well");
                return Err(self.resolving.error(&span, message, None));
            }
            let id = entry.id.as_ref().unwrap_or(&entry.variable);
            if rows.iter().any(|row| row.variable == *id.get_ref()) {
                let hint = format!("give one of them a name of its own: {{ variable = \"{name}\", id = \"NAME\" }}");
                let message = format!("the row `{}` is named twice", id.get_ref());
                return Err(self.resolving.error(&id.span(), message, Some(hint)));
            }
            if id.get_ref() != name && self.resolving.frame().column(id.get_ref()).is_some() {
                let message = format!("`{}` is a variable, and cannot name a row of another", id.get_ref());
                return Err(self.resolving.error(&id.span(), message, None));
            }
            let column = self.resolving.column(name, &span)?;
            rows.push(self.row(column, entry, groups)?);
        }
        if rows.is_empty() {
            return Err(self.resolving.error(&block.id.span(), "the comparison has no rows", None));
        }
        Ok(rows)
    }

    fn row(&self, column: &Column, entry: &RowEntry, groups: &[String]) -> Result<RowPlan, StudyError> {
        let span = &entry.variable.span();
        let id = entry.id.as_ref().map_or(column.name.as_str(), |id| id.get_ref());
        let several = matches!(&column.values, Values::Levels { levels, .. } if levels.len() > 2);
        let against_others = several && entry.level.is_some();
        let (summary, summary_origin, pre_test) = if against_others {
            (SummaryKind::Count, "one level against the others".to_owned(), None)
        } else {
            self.summary(column, id, span, groups)?
        };
        let level = self.level(column, summary, entry.level.as_ref())?;
        let ordered = column.kind == Kind::Ordinal && !against_others;
        let (test, test_origin) = self.test(column, id, ordered, summary, span, groups)?;
        Ok(RowPlan {
            variable: id.to_owned(),
            column: column.name.clone(),
            label: entry.label.as_ref().map(|label| label.get_ref().clone()),
            heading: entry.heading.as_ref().map(|heading| heading.get_ref().clone()).or_else(|| column.heading.clone()),
            summary,
            summary_origin,
            pre_test,
            level,
            against_others,
            test,
            test_origin,
        })
    }

    /// How a variable is summarised, why, and what a pre-test found if one chose.
    fn summary(
        &self,
        column: &Column,
        id: &str,
        span: &Range<usize>,
        groups: &[String],
    ) -> Result<(SummaryKind, String, Option<String>), StudyError> {
        let forced = self.block.summary.iter().find(|(name, _)| name.get_ref() == id).map(|(_, kind)| kind);
        let name = &column.name;
        let levels = match &column.values {
            Values::Numbers(_) => None,
            Values::Levels { levels, .. } => Some(levels.len()),
            Values::Dates(_) => {
                let message = format!("`{name}` is a date, and dates are not compared");
                let hint = "derive a duration from it with `[[data.derive]]`".to_owned();
                return Err(self.resolving.error(span, message, Some(hint)));
            }
        };
        let Some(forced) = forced else {
            let convention = || self.resolving.conventions.evidence("continuous-summary");
            return Ok(match (levels, self.resolving.conventions.get("continuous-summary")) {
                (None, "shapiro-wilk") => {
                    let group_of = self.resolving.frame().group_of(self.block.by.get_ref(), groups);
                    let group_of = super::Membership::new(group_of, groups.len(), &self.members);
                    let (kind, found) =
                        super::pre_tested(column, &group_of, groups, self.resolving.conventions.alpha());
                    (kind, convention(), Some(found))
                }
                (None, "median-quartiles") => (SummaryKind::MedianQuartiles, convention(), None),
                (None, _) => (SummaryKind::MeanSd, convention(), None),
                (Some(2), _) => (SummaryKind::Count, "two categories".to_owned(), None),
                (Some(_), _) => (SummaryKind::Counts, "categories".to_owned(), None),
            });
        };
        let kind = match (forced.get_ref().as_str(), levels) {
            ("mean-sd", None) => SummaryKind::MeanSd,
            ("median-quartiles", None) => SummaryKind::MedianQuartiles,
            ("counts", Some(_)) => SummaryKind::Counts,
            ("count", Some(2)) => SummaryKind::Count,
            (other, levels) => {
                let allowed = match levels {
                    None => "`mean-sd`, `median-quartiles`",
                    Some(2) => "`count`, `counts`",
                    Some(_) => "`counts`",
                };
                let message = format!("`{name}` cannot be summarised by `{other}`");
                return Err(self.resolving.error(&forced.span(), message, Some(format!("allowed: {allowed}"))));
            }
        };
        Ok((kind, "file".to_owned(), None))
    }

    fn level(
        &self,
        column: &Column,
        summary: SummaryKind,
        asked: Option<&Spanned<String>>,
    ) -> Result<Option<String>, StudyError> {
        let Values::Levels { levels, .. } = &column.values else {
            return match asked {
                None => Ok(None),
                Some(level) => {
                    Err(self.resolving.error(&level.span(), format!("`{}` has no levels", column.name), None))
                }
            };
        };
        if summary != SummaryKind::Count {
            return Ok(None);
        }
        match asked {
            // The last level is the one a reader expects to see counted: "yes" after "no", "event" after "censored".
            None => Ok(levels.last().cloned()),
            Some(level) => self.resolving.level(column, level.get_ref(), &level.span()).map(Some),
        }
    }

    fn test(
        &self,
        column: &Column,
        id: &str,
        ordered: bool,
        summary: SummaryKind,
        span: &Range<usize>,
        groups: &[String],
    ) -> Result<(TestRule, String), StudyError> {
        let forced = self.block.test.iter().find(|(name, _)| name.get_ref() == id).map(|(_, test)| test);
        let (rule, origin) = match forced {
            None => TestRule::by_convention(summary, ordered, groups.len(), self.resolving.conventions),
            Some(name) => {
                let Some(rule) = TestRule::named(name.get_ref(), self.resolving.conventions) else {
                    let message = format!("no test `{}`", name.get_ref());
                    let hint = did_you_mean(nearest(name.get_ref(), TestRule::NAMES.iter().copied()));
                    let hint = hint.or_else(|| Some(format!("tests: {}", TestRule::NAMES.join(", "))));
                    return Err(self.resolving.error(&name.span(), message, hint));
                };
                (rule, "file".to_owned())
            }
        };
        let span = forced.map_or_else(|| span.clone(), Spanned::span);
        let quantity = matches!(column.values, Values::Numbers(_));
        if let Some(message) = rule.unfit(quantity, ordered, groups.len()) {
            let hint =
                "`test = { … = \"none\" }` leaves the row without a test; `groups` chooses two groups".to_owned();
            return Err(self.resolving.error(&span, format!("`{}`: {message}", column.name), Some(hint)));
        }
        Ok((rule, origin))
    }
}
