//! The plan: the study file with every default resolved against the cohort, each setting with its origin.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use restudy_cohort::{Cohort, Column, Derive, Filter, Source};
use restudy_ledger::{
    Analysis, Data, Figure, FlowStep, Ledger, Panel, Row, SCHEMA, Series, Setting, Study as StudyHead, Tool, Variable,
};
use toml::Spanned;

use crate::block::{self, Progress, Record, Resolving, Running, Step, did_you_mean};
use crate::conventions::{Conventions, Refused};
use crate::error::StudyError;
use crate::file::{DeriveBlock, Study};
use crate::frame::Frame;
use crate::{figure, flow};

/// A study ready to be carried out.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The study's name, title and style.
    pub study: StudyHead,
    /// The choices in force.
    pub conventions: Conventions,
    /// The blocks, in the order of the file.
    steps: Vec<Box<dyn Step>>,
    /// The scores that they make.
    scores: Vec<Column>,
    figures: Vec<Figure>,
    /// Steps of the flow of patients before the table.
    before: Vec<FlowStep>,
    /// What the study file says of the columns that it derives.
    derived: Vec<DeriveBlock>,
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
        Self::by_conventions(study, cohort, &resolve_conventions(study)?)
    }

    /// Resolves a study file against its cohort under other conventions than its own.
    ///
    /// # Errors
    ///
    /// As [`Plan::new`].
    pub fn by_conventions(study: &Study, cohort: &Cohort, conventions: &Conventions) -> Result<Self, StudyError> {
        let conventions = conventions.clone().with_seed(study.file.study.seed);
        let mut resolving =
            Resolving { study, cohort, conventions: &conventions, scores: Vec::new(), cutoffs: Vec::new() };
        let steps = study
            .file
            .blocks()
            .into_iter()
            .map(|block| block.resolve(&mut resolving))
            .collect::<Result<Vec<_>, _>>()?;
        let scores = resolving.scores;
        let figures = figure::resolve(study, &steps)?;
        let before = flow::resolve(study, cohort)?;
        let block = &study.file.study;
        let style = study.file.style().map_or("three-decimals", |style| style.get_ref());
        Ok(Self {
            study: StudyHead {
                id: block.id.get_ref().clone(),
                title: block.title.clone(),
                source: block.source.clone(),
                synthetic: block.synthetic,
                style: style.to_owned(),
            },
            conventions,
            steps,
            scores,
            figures,
            before,
            derived: study.file.data.derive.clone(),
        })
    }

    /// A plan that no study file asks for: steps, the columns that they make, and their usual figures.
    pub(crate) fn of_steps(
        study: StudyHead,
        conventions: Conventions,
        steps: Vec<Box<dyn Step>>,
        columns: Vec<Column>,
    ) -> Self {
        let figures = figure::of_steps(&steps);
        Self { study, conventions, steps, scores: columns, figures, before: Vec::new(), derived: Vec::new() }
    }

    /// The same plan with another seed for everything random.
    #[must_use]
    pub fn with_seed(mut self, seed: Option<u64>) -> Self {
        self.conventions = self.conventions.with_seed(seed);
        self
    }

    /// Carries the plan out. `file_name` is the table's name in the record.
    #[must_use]
    pub fn run(&self, cohort: &Cohort, file_name: &str) -> Ledger {
        self.run_telling(cohort, file_name, &|_| {})
    }

    /// The same, which tells how far a block that takes long has come, from any thread.
    #[must_use]
    pub fn run_telling(&self, cohort: &Cohort, file_name: &str, tell: &(dyn Fn(Progress<'_>) + Sync)) -> Ledger {
        let frame = Frame { cohort, scores: &self.scores, completed: &[] };
        let panels: Vec<Panel> = self.figures.iter().flat_map(|figure| &figure.panels).cloned().collect();
        let mut record = Record::default();
        for step in &self.steps {
            let drawn: Vec<Panel> = panels.iter().filter(|panel| panel.analysis == step.id()).cloned().collect();
            step.run(&Running { frame, conventions: &self.conventions, drawn: &drawn, tell }, &mut record);
        }
        let Record { analyses, rows, series } = record;
        // A table too large to count is simulated, a bootstrap is drawn; what nothing random made has no seed.
        let is_random =
            |key: &str| key.ends_with("monte_carlo") || key.contains("bootstrap") || key.contains("imputation");
        let simulated = rows.iter().any(|row: &Row| row.procedure.as_deref().is_some_and(is_random));
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
            seed: simulated.then(|| self.conventions.seed()),
            flow: self.flow(cohort),
            variables: self.variables(frame, &analyses, &rows, &series),
            analyses,
            figures: self.figures.clone(),
            rows,
            series,
        }
    }

    fn flow(&self, cohort: &Cohort) -> Vec<FlowStep> {
        let steps = cohort.flow().iter().map(|step| FlowStep {
            label: step.label.clone(),
            before: step.before,
            dropped: step.dropped,
            undetermined: step.undetermined,
            after: step.after,
            start: false,
        });
        self.before.iter().cloned().chain(steps).collect()
    }

    /// The variables that the record names: the cohort's in its order, the scores, then what blocks made of them.
    fn variables(&self, frame: Frame<'_>, analyses: &[Analysis], rows: &[Row], series: &[Series]) -> Vec<Variable> {
        let mut named: BTreeSet<&str> = BTreeSet::new();
        for analysis in analyses {
            named.extend(analysis.by.as_deref());
            if let Some(outcome) = &analysis.outcome {
                named.insert(&outcome.variable);
                named.extend(outcome.time.as_deref());
            }
            named.extend(analysis.terms.iter().map(|term| term.variable.as_str()));
            named.extend(analysis.markers.iter().map(|marker| marker.variable.as_str()));
            named.extend(analysis.items.iter().map(|item| item.variable.as_str()));
        }
        for row in rows {
            named.insert(&row.variable);
            named.extend(row.with.as_deref());
        }
        for series in series {
            named.extend(series.variable.as_deref());
            named.extend(series.with.as_deref());
        }
        let mut made: Vec<Variable> = Vec::new();
        for variable in self.steps.iter().flat_map(|step| step.variables(frame)) {
            if !made.iter().any(|known| known.name == variable.name) {
                made.push(variable);
            }
        }
        let mut variables: Vec<Variable> = frame
            .columns()
            .filter(|column| named.contains(column.name.as_str()))
            .map(|column| self.variable(column))
            .collect();
        for variable in made {
            match variables.iter_mut().find(|known| known.name == variable.name) {
                Some(known) => known.label = variable.label,
                None => variables.push(variable),
            }
        }
        variables
    }

    fn variable(&self, column: &Column) -> Variable {
        let derived = self.derived.iter().find(|block| block.name == column.name);
        let variable = block::variable(column);
        Variable {
            label: derived.and_then(|block| block.label.clone()).unwrap_or(variable.label),
            unit: derived.and_then(|block| block.unit.clone()).or(variable.unit),
            ..variable
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
        for step in &self.steps {
            step.describe(&mut text, &self.conventions);
        }
        if !self.figures.is_empty() {
            text.push_str("\nfigures\n");
        }
        for figure in &self.figures {
            let panels: Vec<String> = figure.panels.iter().map(figure::panel_text).collect();
            let _ = writeln!(text, "  {:<22} {}", figure.id, panels.join("; "));
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
