//! The plan: the study file with every default resolved against the cohort, each setting with its origin.

use std::fmt::Write as _;
use std::ops::Range;

use restudy_cohort::{Cohort, Column, Derive, Filter, Kind, Source, Values};
use restudy_ledger::{
    Data, FlowStep, Ledger, Row, SCHEMA, Setting, Study as StudyHead, SummaryKind, Tool, Variable, VariableKind,
};
use restudy_stats::hypothesis::FisherFreemanHalton;
use toml::Spanned;

use crate::comparison::{self, TestRule};
use crate::conventions::{Conventions, Refused};
use crate::error::{StudyError, nearest};
use crate::file::{ComparisonBlock, DeriveBlock, Study};

/// A study ready to be carried out.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The study's name, title and style.
    pub study: StudyHead,
    /// The choices in force.
    pub conventions: Conventions,
    /// The comparisons, in order.
    pub comparisons: Vec<ComparisonPlan>,
    /// What the study file says of the columns that it derives.
    derived: Vec<DeriveBlock>,
}

/// A comparison with every default resolved.
#[derive(Clone, Debug)]
pub struct ComparisonPlan {
    /// The block's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The variable whose levels are the groups.
    pub by: String,
    /// The groups, in the order of their columns.
    pub groups: Vec<String>,
    /// Whether a column of all patients is shown.
    pub overall: bool,
    /// The rows, in order.
    pub rows: Vec<RowPlan>,
    /// Whether p-values are adjusted by Benjamini and Hochberg's method.
    pub adjusted: bool,
    /// Variables that stay out of the family.
    pub adjust_leave_out: Vec<String>,
}

/// One row of a comparison, resolved.
#[derive(Clone, Debug)]
pub struct RowPlan {
    /// The variable.
    pub variable: String,
    /// The heading it stands under.
    pub heading: Option<String>,
    /// How it is summarised.
    pub summary: SummaryKind,
    /// Why.
    pub summary_origin: String,
    /// What a pre-test of normality found, where one chose the summary.
    pub pre_test: Option<String>,
    /// The level that is counted, for a variable of two categories.
    pub level: Option<String>,
    /// The rule that chooses the test.
    pub test: TestRule,
    /// Where the rule comes from.
    pub test_origin: String,
}

impl Study {
    /// Reads the cohort that the study names.
    ///
    /// `table` holds the table's bytes, `codebook` the codebook's text; both under the names that errors call them.
    ///
    /// # Errors
    ///
    /// [`StudyError::Cohort`] when the table, the codebook, a derived column or a filter cannot be read.
    pub fn cohort(&self, table: (&str, &[u8]), codebook: Option<(&str, &str)>) -> Result<Cohort, StudyError> {
        let data = &self.file.data;
        let derive: Vec<Derive> = data
            .derive
            .iter()
            .map(|block| Derive { name: block.name.clone(), sql: block.sql.get_ref().clone() })
            .collect();
        let filters: Vec<Filter> = data
            .filter
            .iter()
            .map(|block| {
                let block = block.get_ref();
                let (keep, sql) = match (&block.keep, &block.exclude) {
                    (Some(sql), _) => (true, sql.clone()),
                    (None, sql) => (false, sql.clone().unwrap_or_default()),
                };
                Filter { label: block.label.clone(), keep, sql }
            })
            .collect();
        let (file_name, bytes) = table;
        Ok(Cohort::read(&Source {
            file_name,
            bytes,
            options: &data.read,
            codebook,
            derive: &derive,
            filters: &filters,
        })?)
    }
}

impl Plan {
    /// Resolves a study file against its cohort.
    ///
    /// # Errors
    ///
    /// [`StudyError::File`] at the word that names an unknown preset, convention, variable, level, summary or test, or
    /// that asks for what its variable cannot give, with the nearest valid name.
    pub fn new(study: &Study, cohort: &Cohort) -> Result<Self, StudyError> {
        Self::by_conventions(study, cohort, resolve_conventions(study)?)
    }

    /// Resolves a study file against its cohort under other conventions than its own.
    ///
    /// # Errors
    ///
    /// As [`Plan::new`].
    pub fn by_conventions(study: &Study, cohort: &Cohort, conventions: Conventions) -> Result<Self, StudyError> {
        let comparisons = study
            .file
            .comparison
            .iter()
            .map(|block| Resolver { study, cohort, conventions: &conventions, block: block.get_ref() }.resolve())
            .collect::<Result<_, _>>()?;
        let block = &study.file.study;
        let style = study.file.report.style.as_ref().map_or("three-decimals", |style| style.get_ref());
        Ok(Self {
            study: StudyHead {
                id: block.id.get_ref().clone(),
                title: block.title.clone(),
                source: block.source.clone(),
                synthetic: block.synthetic,
                style: style.to_owned(),
            },
            conventions,
            comparisons,
            derived: study.file.data.derive.clone(),
        })
    }

    /// Carries the plan out. `file_name` is the table's name in the record.
    #[must_use]
    pub fn run(&self, cohort: &Cohort, file_name: &str) -> Ledger {
        let mut analyses = Vec::new();
        let mut rows = Vec::new();
        for comparison in &self.comparisons {
            let (analysis, mut found) = comparison::run(comparison, &self.conventions, cohort);
            analyses.push(analysis);
            rows.append(&mut found);
        }
        // Only a table too large to count is simulated; what nothing random made has no seed.
        let simulated =
            rows.iter().any(|row: &Row| row.procedure.as_deref().is_some_and(|key| key.ends_with("monte_carlo")));
        let named = |column: &&Column| {
            analyses.iter().any(|analysis| {
                analysis.by.as_deref() == Some(column.name.as_str())
                    || analysis.rows.iter().any(|row| row.variable == column.name)
            })
        };
        Ledger {
            schema: SCHEMA.to_owned(),
            tool: Tool { name: "restudy".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
            study: self.study.clone(),
            data: Data {
                file: file_name.to_owned(),
                sha256: cohort.sha256().to_owned(),
                rows: cohort.rows_read(),
                columns: cohort.columns_read(),
                rows_kept: cohort.patients(),
            },
            conventions: self
                .conventions
                .iter()
                .map(|(key, value, origin)| Setting {
                    key: key.to_owned(),
                    value: value.to_owned(),
                    origin: origin.to_string(),
                })
                .collect(),
            seed: simulated.then_some(FisherFreemanHalton::default().seed),
            flow: cohort
                .flow()
                .iter()
                .map(|step| FlowStep {
                    label: step.label.clone(),
                    before: step.before,
                    dropped: step.dropped,
                    undetermined: step.undetermined,
                    after: step.after,
                })
                .collect(),
            variables: cohort.columns().iter().filter(named).map(|column| self.variable(column)).collect(),
            analyses,
            figures: Vec::new(),
            rows,
            series: Vec::new(),
        }
    }

    fn variable(&self, column: &Column) -> Variable {
        let derived = self.derived.iter().find(|block| block.name == column.name);
        Variable {
            name: column.name.clone(),
            label: derived.and_then(|block| block.label.clone()).unwrap_or_else(|| column.label.clone()),
            unit: derived.and_then(|block| block.unit.clone()).or_else(|| column.unit.clone()),
            kind: match column.kind {
                Kind::Continuous => VariableKind::Continuous,
                Kind::Ordinal => VariableKind::Ordinal,
                Kind::Nominal => VariableKind::Nominal,
                Kind::Binary => VariableKind::Binary,
                Kind::Time => VariableKind::Time,
                Kind::Event => VariableKind::Event,
                Kind::Date => VariableKind::Date,
            },
            levels: match &column.values {
                Values::Levels { levels, .. } => levels.clone(),
                Values::Numbers(_) | Values::Dates(_) => Vec::new(),
            },
            decimals: column.decimals,
        }
    }

    /// The plan as text: every setting and every row, each with its origin.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = format!("study {}: {}\n\nconventions\n", self.study.id, self.study.title);
        for (key, value, origin) in self.conventions.iter() {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "  {key:<22} {value:<22} {origin}");
        }
        for comparison in &self.comparisons {
            let ComparisonPlan { id, title, by, groups, .. } = comparison;
            let _ = write!(text, "\ncomparison {id}: {title}\n  groups of {by}: {}\n", groups.join(", "));
            if comparison.adjusted {
                let _ = writeln!(text, "  adjusted p: benjamini-hochberg over the rows with a p");
            }
            for row in &comparison.rows {
                let level = row.level.as_ref().map(|level| format!(" of {level}")).unwrap_or_default();
                let summary = format!("{}{level}", comparison::summary_name(row.summary));
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
        text
    }
}

fn resolve_conventions(study: &Study) -> Result<Conventions, StudyError> {
    let block = &study.file.conventions;
    let preset = block.iter().find(|(key, _)| key.get_ref() == "preset").map(|(_, value)| value);
    let overrides = block
        .iter()
        .filter(|(key, _)| key.get_ref() != "preset")
        .map(|(key, value)| (key.get_ref().as_str(), value.get_ref().0.as_str()));
    Conventions::resolve(preset.map(|value| value.get_ref().0.as_str()), overrides).map_err(|refused| {
        let key_of = |name: &str| block.keys().find(|key| key.get_ref() == name).map_or(0..0, Spanned::span);
        let value_of =
            |name: &str| block.iter().find(|(key, _)| key.get_ref() == name).map_or(0..0, |(_, value)| value.span());
        match refused {
            Refused::Preset { name, nearest } => {
                study.error(&value_of("preset"), format!("no preset `{name}`"), did_you_mean(nearest))
            }
            Refused::Key { key, nearest } => {
                study.error(&key_of(&key), format!("no convention `{key}`"), did_you_mean(nearest))
            }
            Refused::Value { key, allowed } => study.error(
                &value_of(&key),
                format!("`{key}` cannot have this value"),
                Some(format!("allowed: {allowed}")),
            ),
        }
    })
}

fn did_you_mean(nearest: Option<String>) -> Option<String> {
    nearest.map(|name| format!("did you mean `{name}`?"))
}

struct Resolver<'a> {
    study: &'a Study,
    cohort: &'a Cohort,
    conventions: &'a Conventions,
    block: &'a ComparisonBlock,
}

impl Resolver<'_> {
    fn resolve(&self) -> Result<ComparisonPlan, StudyError> {
        let block = self.block;
        let groups = self.groups()?;
        let rows = self.rows(&groups)?;
        for name in block.summary.keys().chain(block.test.keys()).chain(&block.adjust_leave_out) {
            if !rows.iter().any(|row| row.variable == *name.get_ref()) {
                let hint = nearest(name.get_ref(), rows.iter().map(|row| row.variable.as_str()));
                let message = format!("`{}` is not a row of this comparison", name.get_ref());
                return Err(self.study.error(&name.span(), message, did_you_mean(hint)));
            }
        }
        if let Some(method) = &block.adjust
            && method.get_ref() != "benjamini-hochberg"
        {
            let message = format!("no adjustment `{}`", method.get_ref());
            let hint = Some("allowed: `benjamini-hochberg`".to_owned());
            return Err(self.study.error(&method.span(), message, hint));
        }
        Ok(ComparisonPlan {
            id: block.id.get_ref().clone(),
            title: block.title.clone().unwrap_or_else(|| format!("Comparison by {}", block.by.get_ref())),
            by: block.by.get_ref().clone(),
            groups,
            overall: block.overall,
            rows,
            adjusted: block.adjust.is_some(),
            adjust_leave_out: block.adjust_leave_out.iter().map(|name| name.get_ref().clone()).collect(),
        })
    }

    fn column(&self, name: &str, span: &Range<usize>) -> Result<&Column, StudyError> {
        self.cohort.column(name).map_err(|error| {
            let message = format!("the data have no column `{name}`");
            self.study.error(span, message, error.hint())
        })
    }

    /// The groups: the levels asked for, or all that a patient has. Two at least, none of them empty.
    fn groups(&self) -> Result<Vec<String>, StudyError> {
        let by = &self.block.by;
        let column = self.column(by.get_ref(), &by.span())?;
        let Values::Levels { levels, codes } = &column.values else {
            let message = format!("`{}` has no categories to make groups of", by.get_ref());
            let hint = "give it `kind = \"binary\"` or `\"nominal\"` and its `levels` in the codebook".to_owned();
            return Err(self.study.error(&by.span(), message, Some(hint)));
        };
        let count = |index: usize| codes.iter().filter(|code| **code == u32::try_from(index).ok()).count();
        let groups: Vec<String> = match &self.block.groups {
            None => levels.iter().enumerate().filter(|(i, _)| count(*i) > 0).map(|(_, level)| level.clone()).collect(),
            Some(asked) => {
                let mut groups = Vec::new();
                for label in asked {
                    let Some(index) = levels.iter().position(|level| level == label.get_ref()) else {
                        let message = format!("`{}` is not a level of `{}`", label.get_ref(), by.get_ref());
                        let hint = nearest(label.get_ref(), levels.iter().map(String::as_str));
                        let hint = did_you_mean(hint).or_else(|| Some(format!("its levels: {}", levels.join(", "))));
                        return Err(self.study.error(&label.span(), message, hint));
                    };
                    if count(index) == 0 {
                        let message = format!("no patient is in the group `{}`", label.get_ref());
                        return Err(self.study.error(&label.span(), message, None));
                    }
                    if groups.contains(label.get_ref()) {
                        let message = format!("the group `{}` is named twice", label.get_ref());
                        return Err(self.study.error(&label.span(), message, None));
                    }
                    groups.push(label.get_ref().clone());
                }
                groups
            }
        };
        if groups.len() < 2 {
            let message =
                format!("a comparison needs two groups with patients; `{}` has {}", by.get_ref(), groups.len());
            return Err(self.study.error(&by.span(), message, None));
        }
        Ok(groups)
    }

    fn rows(&self, groups: &[String]) -> Result<Vec<RowPlan>, StudyError> {
        let block = self.block;
        let by = block.by.get_ref();
        let Some(entries) = &block.rows else {
            return self
                .cohort
                .columns()
                .iter()
                .filter(|column| column.name != *by && column.kind != Kind::Date)
                .map(|column| self.row(column, None, None, &block.by.span(), groups))
                .collect();
        };
        let mut rows: Vec<RowPlan> = Vec::new();
        for entry in entries {
            let span = entry.span();
            let name = &entry.get_ref().variable;
            if name == by {
                let message = format!("`{name}` makes the groups and cannot be a row as well");
                return Err(self.study.error(&span, message, None));
            }
            if rows.iter().any(|row| row.variable == *name) {
                return Err(self.study.error(&span, format!("the row `{name}` is named twice"), None));
            }
            let column = self.column(name, &span)?;
            let entry = entry.get_ref();
            rows.push(self.row(column, entry.heading.as_deref(), entry.level.as_deref(), &span, groups)?);
        }
        if rows.is_empty() {
            return Err(self.study.error(&block.id.span(), "the comparison has no rows", None));
        }
        Ok(rows)
    }

    fn row(
        &self,
        column: &Column,
        heading: Option<&str>,
        level: Option<&str>,
        span: &Range<usize>,
        groups: &[String],
    ) -> Result<RowPlan, StudyError> {
        let (summary, summary_origin, pre_test) = self.summary(column, span, groups)?;
        let level = self.level(column, summary, level, span)?;
        let (test, test_origin) = self.test(column, summary, span, groups)?;
        Ok(RowPlan {
            variable: column.name.clone(),
            heading: heading.or(column.heading.as_deref()).map(str::to_owned),
            summary,
            summary_origin,
            pre_test,
            level,
            test,
            test_origin,
        })
    }

    /// How a variable is summarised, why, and what a pre-test found if one chose.
    fn summary(
        &self,
        column: &Column,
        span: &Range<usize>,
        groups: &[String],
    ) -> Result<(SummaryKind, String, Option<String>), StudyError> {
        let forced = self.block.summary.iter().find(|(name, _)| *name.get_ref() == column.name).map(|(_, kind)| kind);
        let name = &column.name;
        let levels = match &column.values {
            Values::Numbers(_) => None,
            Values::Levels { levels, .. } => Some(levels.len()),
            Values::Dates(_) => {
                let message = format!("`{name}` is a date, and dates are not compared");
                let hint = "derive a duration from it with `[[data.derive]]`".to_owned();
                return Err(self.study.error(span, message, Some(hint)));
            }
        };
        let Some(forced) = forced else {
            let convention = || self.conventions.evidence("continuous-summary");
            return Ok(match (levels, self.conventions.get("continuous-summary")) {
                (None, "shapiro-wilk") => {
                    let by = self.block.by.get_ref();
                    let alpha = self.conventions.alpha();
                    let (kind, found) = comparison::pre_tested(column, by, groups, self.cohort, alpha);
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
                return Err(self.study.error(&forced.span(), message, Some(format!("allowed: {allowed}"))));
            }
        };
        Ok((kind, "file".to_owned(), None))
    }

    fn level(
        &self,
        column: &Column,
        summary: SummaryKind,
        asked: Option<&str>,
        span: &Range<usize>,
    ) -> Result<Option<String>, StudyError> {
        let Values::Levels { levels, .. } = &column.values else {
            return match asked {
                None => Ok(None),
                Some(_) => Err(self.study.error(span, format!("`{}` has no levels", column.name), None)),
            };
        };
        if summary != SummaryKind::Count {
            return Ok(None);
        }
        match asked {
            // The last level is the one a reader expects to see counted: "yes" after "no", "event" after "censored".
            None => Ok(levels.last().cloned()),
            Some(level) if levels.iter().any(|known| known == level) => Ok(Some(level.to_owned())),
            Some(level) => {
                let message = format!("`{level}` is not a level of `{}`", column.name);
                Err(self.study.error(span, message, Some(format!("its levels: {}", levels.join(", ")))))
            }
        }
    }

    fn test(
        &self,
        column: &Column,
        summary: SummaryKind,
        span: &Range<usize>,
        groups: &[String],
    ) -> Result<(TestRule, String), StudyError> {
        let forced = self.block.test.iter().find(|(name, _)| *name.get_ref() == column.name).map(|(_, test)| test);
        let ordered = column.kind == Kind::Ordinal;
        let (rule, origin) = match forced {
            None => TestRule::by_convention(summary, ordered, groups.len(), self.conventions),
            Some(name) => {
                let Some(rule) = TestRule::named(name.get_ref(), self.conventions) else {
                    let message = format!("no test `{}`", name.get_ref());
                    let hint = did_you_mean(nearest(name.get_ref(), TestRule::NAMES.iter().copied()));
                    let hint = hint.or_else(|| Some(format!("tests: {}", TestRule::NAMES.join(", "))));
                    return Err(self.study.error(&name.span(), message, hint));
                };
                (rule, "file".to_owned())
            }
        };
        let span = forced.map_or_else(|| span.clone(), Spanned::span);
        let quantity = matches!(column.values, Values::Numbers(_));
        if let Some(message) = rule.unfit(quantity, ordered, groups.len()) {
            let hint =
                "`test = { … = \"none\" }` leaves the row without a test; `groups` chooses two groups".to_owned();
            return Err(self.study.error(&span, format!("`{}`: {message}", column.name), Some(hint)));
        }
        Ok((rule, origin))
    }
}
