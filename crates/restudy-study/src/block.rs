//! What every kind of block has in common: how it is resolved, carried out, and recorded.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use restudy_cohort::{Cohort, Column, Kind, Values};
use restudy_ledger::{Analysis, Outcome, Panel, PanelKind, Row, Series, Variable, VariableKind};
use restudy_stats::accuracy::{CutoffRule, MaximallySelectedTest};
use toml::Spanned;

use crate::conventions::Conventions;
use crate::describe::{Describe, NameOr, Shape};
use crate::error::{StudyError, nearest};
use crate::file::Study;
use crate::frame::{Frame, Subset};

/// A block of the study file.
pub(crate) trait Block {
    /// Its id, with the place that orders it among the others.
    fn id(&self) -> &Spanned<String>;

    /// Every default resolved against the cohort.
    fn resolve(&self, resolving: &mut Resolving<'_>) -> Result<Box<dyn Step>, StudyError>;
}

/// A block ready to be carried out.
pub(crate) trait Step: fmt::Debug + Send + Sync + CloneStep {
    /// The block's id.
    fn id(&self) -> &str;

    /// The block's title.
    fn title(&self) -> &str;

    /// Its part of the plan's text.
    fn describe(&self, text: &mut String, conventions: &Conventions);

    /// Its numbers.
    fn run(&self, running: &Running<'_>, record: &mut Record);

    /// The panels that can be drawn of it, each with the variables that it may name.
    fn panels(&self) -> Vec<(PanelKind, Vec<String>)>;

    /// What is drawn of it where the study file declares no figure.
    fn default_panels(&self) -> Vec<Panel> {
        Vec::new()
    }

    /// Variables that the block makes and the cohort does not have.
    fn variables(&self, _frame: Frame<'_>) -> Vec<Variable> {
        Vec::new()
    }
}

/// A step that can be copied behind its pointer.
pub(crate) trait CloneStep {
    fn clone_step(&self) -> Box<dyn Step>;
}

impl<T: Step + Clone + 'static> CloneStep for T {
    fn clone_step(&self) -> Box<dyn Step> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn Step> {
    fn clone(&self) -> Self {
        self.clone_step()
    }
}

/// A panel of one kind.
pub(crate) fn panel(kind: PanelKind, analysis: &str, variables: Vec<String>) -> Panel {
    Panel { kind, analysis: analysis.to_owned(), variables, title: None }
}

/// How far a block has come that takes long enough to be waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The block's id.
    pub block: &'a str,
    /// Rounds done.
    pub done: u32,
    /// Of so many.
    pub of: u32,
}

/// What a step computes on.
pub(crate) struct Running<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) conventions: &'a Conventions,
    /// What is drawn of the step: values are recorded where a figure shows them, and nowhere else.
    pub(crate) drawn: &'a [Panel],
    /// Is told how far a step has come, from any thread.
    pub(crate) tell: &'a (dyn Fn(Progress<'_>) + Sync),
}

impl Running<'_> {
    /// Whether a panel of one of these kinds shows the variable.
    pub(crate) fn draws(&self, kinds: &[PanelKind], variable: &str) -> bool {
        self.drawn.iter().any(|panel| {
            kinds.contains(&panel.kind)
                && (panel.variables.is_empty() || panel.variables.iter().any(|name| name == variable))
        })
    }
}

/// What the steps leave.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub(crate) analyses: Vec<Analysis>,
    pub(crate) rows: Vec<Row>,
    pub(crate) series: Vec<Series>,
}

/// The cut-off that a block found for a marker, for a score to take up.
#[derive(Clone, Debug)]
pub(crate) struct FoundCutoff {
    pub(crate) block: String,
    pub(crate) variable: String,
    pub(crate) rule: CutoffRule,
    /// Its test, with the search counted; none of one that the study file gives.
    pub(crate) chosen: Option<MaximallySelectedTest>,
}

/// The study and what is known of it so far, block by block.
pub(crate) struct Resolving<'a> {
    pub(crate) study: &'a Study,
    pub(crate) cohort: &'a Cohort,
    pub(crate) conventions: &'a Conventions,
    /// Scores of the blocks before.
    pub(crate) scores: Vec<Column>,
    /// Scores with the items that they were made of.
    pub(crate) cutoffs: Vec<FoundCutoff>,
}

/// The event that a block is about.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) variable: String,
    pub(crate) level: String,
}

impl Event {
    pub(crate) fn outcome(&self, time: Option<&str>) -> Outcome {
        Outcome { variable: self.variable.clone(), level: self.level.clone(), time: time.map(str::to_owned) }
    }

    pub(crate) fn of(&self, frame: Frame<'_>) -> Vec<Option<bool>> {
        frame.has_level(&self.variable, &self.level)
    }
}

/// The levels of a variable that patients must have: one, or one of several.
#[derive(Clone, Debug)]
pub struct Levels(pub Vec<Spanned<String>>);

impl<'de> serde::Deserialize<'de> for Levels {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum Written {
            One(String),
            Several(Vec<String>),
        }
        let written = Spanned::<Written>::deserialize(deserializer)?;
        let span = written.span();
        let labels = match written.into_inner() {
            Written::One(label) => vec![label],
            Written::Several(labels) => labels,
        };
        Ok(Self(labels.into_iter().map(|label| Spanned::new(span.clone(), label)).collect()))
    }
}

impl Describe for Levels {
    fn shape() -> Shape {
        Shape::Either(vec![Shape::Text, Shape::List(Box::new(Shape::Text))])
    }
}

/// `within = { group = "RP-ILD" }`, or `within = "age >= 60 AND sex = 'Female'"`.
#[derive(Clone, Debug)]
pub enum Within {
    /// One of the levels of each variable.
    Levels(BTreeMap<Spanned<String>, Levels>),
    /// An SQL condition.
    Condition(Spanned<String>),
}

impl Default for Within {
    fn default() -> Self {
        Self::Levels(BTreeMap::new())
    }
}

impl<'de> serde::Deserialize<'de> for Within {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match NameOr::read(deserializer)? {
            NameOr::Name(sql) => Self::Condition(sql),
            NameOr::Table(levels) => Self::Levels(levels),
        })
    }
}

impl Describe for Within {
    fn shape() -> Shape {
        Shape::Either(vec![BTreeMap::<Spanned<String>, Levels>::shape(), Shape::Text])
    }
}

pub(crate) fn did_you_mean(nearest: Option<String>) -> Option<String> {
    nearest.map(|name| format!("did you mean `{name}`?"))
}

impl<'a> Resolving<'a> {
    pub(crate) fn frame(&self) -> Frame<'_> {
        Frame { cohort: self.cohort, scores: &self.scores, completed: &[] }
    }

    pub(crate) fn error(&self, span: &Range<usize>, message: impl Into<String>, hint: Option<String>) -> StudyError {
        self.study.error(span, message, hint)
    }

    pub(crate) fn column(&self, name: &str, span: &Range<usize>) -> Result<&Column, StudyError> {
        self.frame().column(name).ok_or_else(|| {
            // The cohort's own hint may know more, such as that the delimiter is another.
            let score = nearest(name, self.scores.iter().map(|score| score.name.as_str()));
            let hint = did_you_mean(score).or_else(|| self.cohort.column(name).err().and_then(|error| error.hint()));
            self.error(span, format!("the data have no column `{name}`"), hint)
        })
    }

    /// A column of measured values.
    pub(crate) fn measured(&self, name: &str, span: &Range<usize>) -> Result<&Column, StudyError> {
        let column = self.column(name, span)?;
        match column.values {
            Values::Numbers(_) => Ok(column),
            Values::Levels { .. } if column.kind == Kind::Ordinal => Ok(column),
            Values::Levels { .. } => {
                let hint = "take a measured variable, or one with `kind = \"ordinal\"`".to_owned();
                Err(self.error(span, format!("`{name}` has no measured values"), Some(hint)))
            }
            Values::Dates(_) => {
                let hint = "derive a duration from it with `[[data.derive]]`".to_owned();
                Err(self.error(span, format!("`{name}` is a date"), Some(hint)))
            }
        }
    }

    /// A column of times.
    pub(crate) fn time(&self, name: &Spanned<String>) -> Result<&Column, StudyError> {
        let column = self.column(name.get_ref(), &name.span())?;
        match &column.values {
            Values::Numbers(numbers) if numbers.iter().flatten().all(|time| *time >= 0.0) => Ok(column),
            Values::Numbers(_) => {
                let message = format!("`{}` has negative values, and no time is negative", name.get_ref());
                Err(self.error(&name.span(), message, None))
            }
            _ => {
                let hint =
                    "derive a duration with `[[data.derive]]`, such as `\"closed - seen\"` of two dates".to_owned();
                Err(self.error(&name.span(), format!("`{}` is not a time", name.get_ref()), Some(hint)))
            }
        }
    }

    /// A level of a column of categories.
    pub(crate) fn level(&self, column: &Column, level: &str, span: &Range<usize>) -> Result<String, StudyError> {
        match &column.values {
            Values::Levels { levels, .. } if levels.iter().any(|known| known == level) => Ok(level.to_owned()),
            Values::Levels { levels, .. } => {
                let message = format!("`{level}` is not a level of `{}`", column.name);
                let hint = did_you_mean(nearest(level, levels.iter().map(String::as_str)));
                let hint = hint.or_else(|| Some(format!("its levels: {}", levels.join(", "))));
                Err(self.error(span, message, hint))
            }
            _ => Err(self.error(span, format!("`{}` has no levels", column.name), None)),
        }
    }

    /// An event: a level of a variable, by default the last of two.
    pub(crate) fn event(
        &self,
        variable: &Spanned<String>,
        level: Option<&Spanned<String>>,
    ) -> Result<Event, StudyError> {
        let column = self.column(variable.get_ref(), &variable.span())?;
        let level = match (&column.values, level) {
            (_, Some(level)) => self.level(column, level.get_ref(), &level.span())?,
            (Values::Levels { levels, .. }, None) if levels.len() == 2 => levels[1].clone(),
            (Values::Levels { levels, .. }, None) => {
                let message = format!("`{}` has {} levels: which one is the event?", column.name, levels.len());
                let hint = Some(format!("event = \"LEVEL\", one of: {}", levels.join(", ")));
                return Err(self.error(&variable.span(), message, hint));
            }
            _ => {
                let message = format!("`{}` has no levels, one of which could be the event", column.name);
                let hint = "give it `kind = \"binary\"` or `\"event\"` in the codebook".to_owned();
                return Err(self.error(&variable.span(), message, Some(hint)));
            }
        };
        Ok(Event { variable: column.name.clone(), level })
    }

    /// The subset that a block is about.
    pub(crate) fn within(&self, within: &Within) -> Result<Subset, StudyError> {
        let levels = match within {
            Within::Levels(levels) => levels,
            Within::Condition(sql) => {
                let met = self.cohort.condition(sql.get_ref(), &self.scores);
                let met = met.map_err(|error| self.error(&sql.span(), error.to_string(), error.hint()))?;
                return Ok(Subset { label: sql.get_ref().clone(), met: Some(met), ..Subset::default() });
            }
        };
        let mut subset = Subset::default();
        for (variable, levels) in levels {
            let column = self.column(variable.get_ref(), &variable.span())?;
            let levels = levels.0.iter().map(|level| self.level(column, level.get_ref(), &level.span()));
            subset.conditions.insert(variable.get_ref().clone(), levels.collect::<Result<_, _>>()?);
        }
        let words = |(variable, levels): (&String, &Vec<String>)| format!("{variable}: {}", levels.join(" or "));
        subset.label = subset.conditions.iter().map(words).collect::<Vec<_>>().join("; ");
        Ok(subset)
    }

    /// The groups of a variable: the levels asked for, or all that a patient of the subset has. So many at least, none
    /// of them empty.
    pub(crate) fn groups(
        &self,
        by: &Spanned<String>,
        asked: Option<&[Spanned<String>]>,
        members: &[bool],
        needed: usize,
    ) -> Result<Vec<String>, StudyError> {
        let column = self.column(by.get_ref(), &by.span())?;
        let Values::Levels { levels, codes } = &column.values else {
            let message = format!("`{}` has no categories to make groups of", by.get_ref());
            let hint = "give it `kind = \"binary\"` or `\"nominal\"` and its `levels` in the codebook".to_owned();
            return Err(self.error(&by.span(), message, Some(hint)));
        };
        let mut counts = vec![0_usize; levels.len()];
        for (code, _) in codes.iter().zip(members).filter(|(_, member)| **member) {
            if let Some(count) = code.and_then(|code| counts.get_mut(usize::try_from(code).ok()?)) {
                *count += 1;
            }
        }
        let mut groups: Vec<String> = Vec::new();
        match asked {
            None => {
                groups.extend(levels.iter().zip(&counts).filter(|(_, n)| **n > 0).map(|(level, _)| level.clone()));
            }
            Some(asked) => {
                for label in asked {
                    let level = self.level(column, label.get_ref(), &label.span())?;
                    if levels.iter().zip(&counts).any(|(known, n)| *known == level && *n == 0) {
                        let message = format!("no patient is in the group `{level}`");
                        return Err(self.error(&label.span(), message, None));
                    }
                    if groups.contains(&level) {
                        return Err(self.error(&label.span(), format!("the group `{level}` is named twice"), None));
                    }
                    groups.push(level);
                }
            }
        }
        if groups.len() < needed {
            let found = groups.len();
            let message = format!("a comparison needs two groups with patients; `{}` has {found}", by.get_ref());
            return Err(self.error(&by.span(), message, None));
        }
        Ok(groups)
    }
}

/// The subset of a block, in the plan's text.
pub(crate) fn describe_subset(text: &mut String, subset: &Subset) {
    if subset.label.is_empty() {
        return;
    }
    text.push_str(&format!("  within {}", subset.label));
    if let Some(met) = &subset.met {
        let n = met.iter().filter(|met| **met == Some(true)).count();
        text.push_str(&format!(": {n} patients, {} more of whom it cannot be told", subset.undetermined()));
    }
    text.push('\n');
}

/// The record of a column.
pub(crate) fn variable(column: &Column) -> Variable {
    Variable {
        name: column.name.clone(),
        label: column.label.clone(),
        unit: column.unit.clone(),
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
