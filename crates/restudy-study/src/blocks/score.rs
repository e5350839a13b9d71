//! A score made of items: a column of its own from here on.

use std::fmt::Write as _;

use restudy_cohort::{Column, Kind, Values};
use restudy_ledger::{Analysis, AnalysisKind, Context, Item, Panel, PanelKind, Row, Stat};
use restudy_stats::accuracy::{CutoffRule, MaximallySelectedTest, Operator};
use restudy_stats::score::CutoffRounding;
use toml::Spanned;

use super::accuracy;
use crate::block::{Block, Record, Resolving, Running, Step, did_you_mean};
use crate::conventions::Conventions;
use crate::describe::{described, words};
use crate::error::{StudyError, nearest};
use crate::frame::Frame;

described! {
    /// `[[score]]`: points for items, added up. The score is a variable, named by the block's id, of every block after.
    pub struct ScoreBlock {
        /// The block's name, and that of the score as a variable.
        pub id: Spanned<String>,
        /// The title on the page.
        pub title: Option<String>,
        /// The score's label on the page.
        pub label: Option<String>,
        /// The items, in order.
        pub items: Vec<Spanned<ItemEntry>>,
        /// What becomes of patients with a missing item; `score-missing` where nothing is said.
        pub missing: Option<MissingItem>,
    }

    /// An item: a measured variable with a cut-off, or a level of a variable.
    pub struct ItemEntry {
        /// The variable.
        pub variable: Spanned<String>,
        /// How a value stands to the cut-off for the points; that of the `roc` block where the cut-off is from one.
        pub operator: Option<Spanned<Sign>>,
        /// The cut-off.
        pub cutoff: Option<Spanned<f64>>,
        /// The `[[roc]]` block, before this one, whose cut-off of the variable is taken.
        pub roc: Option<Spanned<String>>,
        /// The cut-off is rounded to the nearest multiple of this: 0.454 with 0.05 becomes 0.45, 49 with 5 becomes 50.
        pub round_to: Option<Spanned<f64>>,
        /// The level that has the points, of a variable with levels; the second of two where nothing is said.
        pub level: Option<Spanned<String>>,
        /// The points; 1 where nothing is said.
        pub points: Option<Spanned<f64>>,
    }
}

words! {
    /// How a value stands to a cut-off.
    pub enum Sign {
        /// above it
        Greater = ">",
        /// at or above it
        GreaterOrEqual = ">=",
        /// below it
        Less = "<",
        /// at or below it
        LessOrEqual = "<=",
    }

    /// What becomes of patients with a missing item.
    pub enum MissingItem {
        /// their score is missing
        ScoreMissing = "score-missing",
        /// the item counts no points
        NoPoints = "no-points",
    }
}

#[derive(Clone, Debug)]
struct ScorePlan {
    id: String,
    title: String,
    items: Vec<ItemPlan>,
    missing: MissingItem,
}

#[derive(Clone, Debug)]
struct ItemPlan {
    variable: String,
    points: f64,
    test: ItemTest,
}

#[derive(Clone, Debug)]
enum ItemTest {
    Cutoff { rule: CutoffRule, found: Option<FoundIn> },
    Level(String),
}

/// Where a cut-off came from, and what it was before rounding.
#[derive(Clone, Debug)]
struct FoundIn {
    block: Option<String>,
    cutoff: f64,
    round_to: Option<f64>,
    chosen: Option<MaximallySelectedTest>,
}

impl Block for ScoreBlock {
    fn id(&self) -> &Spanned<String> {
        &self.id
    }

    fn resolve(&self, resolving: &mut Resolving<'_>) -> Result<Box<dyn Step>, StudyError> {
        let id = self.id.get_ref();
        if resolving.frame().column(id).is_some() {
            let message = format!("the data have a column `{id}`, so that no score can have this name");
            return Err(resolving.error(&self.id.span(), message, None));
        }
        let items = self.items.iter().map(|item| resolve_item(resolving, item)).collect::<Result<Vec<_>, _>>()?;
        if items.is_empty() {
            return Err(resolving.error(&self.id.span(), "the score has no items", None));
        }
        let plan = ScorePlan {
            id: id.clone(),
            title: self.title.clone().unwrap_or_else(|| format!("Items of {}", self.label.as_ref().unwrap_or(id))),
            items,
            missing: self.missing.unwrap_or(MissingItem::ScoreMissing),
        };
        let column = Column {
            name: id.clone(),
            label: self.label.clone().unwrap_or_else(|| id.clone()),
            unit: Some("points".to_owned()),
            kind: Kind::Continuous,
            kind_inferred: false,
            decimals: Some(if plan.items.iter().all(|item| item.points.fract() == 0.0) { 0 } else { 1 }),
            values: Values::Numbers(plan.values(resolving.frame())),
            heading: None,
        };
        resolving.scores.push(column);
        Ok(Box::new(plan))
    }
}

fn resolve_item(resolving: &Resolving<'_>, entry: &Spanned<ItemEntry>) -> Result<ItemPlan, StudyError> {
    let span = entry.span();
    let entry = entry.get_ref();
    let name = entry.variable.get_ref();
    let column = resolving.column(name, &entry.variable.span())?;
    let points = match &entry.points {
        Some(points) if !points.get_ref().is_finite() => {
            return Err(resolving.error(&points.span(), format!("the points of `{name}` are no number"), None));
        }
        points => points.as_ref().map_or(1.0, |points| *points.get_ref()),
    };
    let test = match &column.values {
        Values::Dates(_) => {
            return Err(resolving.error(&entry.variable.span(), format!("`{name}` is a date, and no item"), None));
        }
        Values::Levels { .. } => {
            let cutoff = entry.cutoff.as_ref().map(Spanned::span);
            let of_cutoff = cutoff.or(entry.roc.as_ref().map(Spanned::span));
            if let Some(span) = of_cutoff.or(entry.operator.as_ref().map(Spanned::span)) {
                let message = format!("`{name}` has levels: its item has a `level`, and no cut-off");
                return Err(resolving.error(&span, message, None));
            }
            ItemTest::Level(resolving.event(&entry.variable, entry.level.as_ref())?.level)
        }
        Values::Numbers(_) => resolve_cutoff(resolving, entry, &span)?,
    };
    Ok(ItemPlan { variable: name.clone(), points, test })
}

fn resolve_cutoff(
    resolving: &Resolving<'_>,
    entry: &ItemEntry,
    span: &std::ops::Range<usize>,
) -> Result<ItemTest, StudyError> {
    let name = entry.variable.get_ref();
    if let Some(level) = &entry.level {
        let message = format!("`{name}` is measured: its item has a cut-off, and no `level`");
        return Err(resolving.error(&level.span(), message, None));
    }
    let operator = entry.operator.as_ref().map(|operator| operator.get_ref().operator());
    let (operator, cutoff, block, chosen) = match (&entry.cutoff, &entry.roc) {
        (Some(cutoff), None) if cutoff.get_ref().is_finite() => {
            let Some(operator) = operator else {
                let hint = Some("operator = \">\"".to_owned());
                return Err(resolving.error(span, format!("the item `{name}` needs an `operator`"), hint));
            };
            (operator, *cutoff.get_ref(), None, None)
        }
        (None, Some(block)) => {
            let found =
                resolving.cutoffs.iter().find(|found| found.block == *block.get_ref() && found.variable == *name);
            let Some(found) = found else {
                let message = format!("no block `{}` before this one has a cut-off of `{name}`", block.get_ref());
                let known = resolving.cutoffs.iter().map(|found| found.block.as_str());
                let hint = did_you_mean(nearest(block.get_ref(), known));
                return Err(resolving.error(&block.span(), message, hint));
            };
            if found.rule.cutoff.is_infinite() {
                let message = format!("`{}` has no cut-off of `{name}` that is better than none", block.get_ref());
                return Err(resolving.error(&block.span(), message, None));
            }
            (operator.unwrap_or(found.rule.operator), found.rule.cutoff, Some(block.get_ref().clone()), found.chosen)
        }
        _ => {
            let message = format!("the item `{name}` needs exactly one of `cutoff` and `roc`");
            return Err(resolving.error(span, message, Some("cutoff = 0.45".to_owned())));
        }
    };
    let rounding = rounding(resolving, entry.round_to.as_ref())?;
    let used = rounding.map_or(cutoff, |rounding| rounding.round(cutoff));
    let round_to = entry.round_to.as_ref().map(|step| *step.get_ref());
    let found = (block.is_some() || round_to.is_some()).then_some(FoundIn { block, cutoff, round_to, chosen });
    Ok(ItemTest::Cutoff { rule: CutoffRule { operator, cutoff: used }, found })
}

/// How a cut-off is rounded, by the step that the study names.
pub(super) fn rounding(
    resolving: &Resolving<'_>,
    round_to: Option<&Spanned<f64>>,
) -> Result<Option<CutoffRounding>, StudyError> {
    let refused = |step: &Spanned<f64>| {
        resolving.error(&step.span(), "a cut-off is rounded to multiples of a number above 0", None)
    };
    round_to.map(|step| CutoffRounding::multiples_of(*step.get_ref()).map_err(|_| refused(step))).transpose()
}

impl Sign {
    fn operator(self) -> Operator {
        match self {
            Self::Greater => Operator::Greater,
            Self::GreaterOrEqual => Operator::GreaterOrEqual,
            Self::Less => Operator::Less,
            Self::LessOrEqual => Operator::LessOrEqual,
        }
    }
}

impl ItemPlan {
    /// Whether each patient has the item.
    fn has(&self, frame: Frame<'_>) -> Vec<Option<bool>> {
        match &self.test {
            ItemTest::Level(level) => frame.has_level(&self.variable, level),
            ItemTest::Cutoff { rule, .. } => {
                frame.numbers(&self.variable).iter().map(|value| value.map(|value| rule.is_positive(value))).collect()
            }
        }
    }
}

impl ScorePlan {
    fn values(&self, frame: Frame<'_>) -> Vec<Option<f64>> {
        let mut scores = vec![Some(0.0); frame.patients()];
        for item in &self.items {
            for (score, has) in scores.iter_mut().zip(item.has(frame)) {
                let points = match (has, self.missing) {
                    (Some(true), _) => Some(item.points),
                    (Some(false), _) | (None, MissingItem::NoPoints) => Some(0.0),
                    (None, MissingItem::ScoreMissing) => None,
                };
                *score = score.zip(points).map(|(score, points)| score + points);
            }
        }
        scores
    }
}

impl Step for ScorePlan {
    fn id(&self) -> &str {
        &self.id
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn describe(&self, text: &mut String, _conventions: &Conventions) {
        // Writing to a String cannot fail.
        let _ = write!(text, "\nscore {}: {}\n  a missing item: {}\n", self.id, self.title, self.missing.word());
        for item in &self.items {
            let test = match &item.test {
                ItemTest::Level(level) => format!("= {level}"),
                ItemTest::Cutoff { rule, found: None } => format!("{rule} [file]"),
                ItemTest::Cutoff { rule, found: Some(FoundIn { block, cutoff, round_to, .. }) } => {
                    let from = block.as_ref().map_or_else(|| "file".to_owned(), |block| format!("roc {block}"));
                    let rounded = round_to.map(|step| format!(", rounded to {step}")).unwrap_or_default();
                    format!("{rule} [{cutoff} from {from}{rounded}]")
                }
            };
            let _ = writeln!(text, "  {:<22} {test}: {} points", item.variable, item.points);
        }
    }

    fn run(&self, running: &Running<'_>, record: &mut Record) {
        let values = self.values(running.frame);
        let known = values.iter().flatten().count();
        let place = |context, variable: &str, stat, value| Row::new(&self.id, context, variable, None, stat, value);
        for item in &self.items {
            let has = item.has(running.frame);
            let leveled = |row: Row| match &item.test {
                ItemTest::Level(level) => row.level(level),
                ItemTest::Cutoff { .. } => row,
            };
            if let ItemTest::Cutoff { rule, found } = &item.test {
                let key = if found.is_some() { "cutoff/derived" } else { "cutoff/given" };
                let used = place(Context::Test, &item.variable, Stat::Cutoff, rule.cutoff).procedure(key);
                let why = found.as_ref().map(|found| {
                    let from = found.block.as_ref().map_or("the study file".to_owned(), |block| format!("`{block}`"));
                    let step =
                        found.round_to.map(|step| format!(", rounded to the nearest {step}")).unwrap_or_default();
                    format!("{} from {from}{step}", found.cutoff)
                });
                record.rows.push(Row { why, ..used });
                if let Some(found) = found {
                    let before = place(Context::Alternative, &item.variable, Stat::Cutoff, found.cutoff);
                    record.rows.push(before.procedure("cutoff/before_rounding"));
                    if let Some(chosen) = &found.chosen {
                        let before = |stat, value| place(Context::Alternative, &item.variable, stat, value);
                        accuracy::chosen_p_values(&mut record.rows, &before, chosen);
                    }
                }
            }
            record.rows.push(leveled(place(Context::Test, &item.variable, Stat::Points, item.points)));
            let count = has.iter().filter(|has| **has == Some(true)).count();
            let missing = has.iter().filter(|has| has.is_none()).count();
            record.rows.push(leveled(place(Context::Summary, &item.variable, Stat::Count, count as f64)));
            record.rows.push(leveled(place(Context::Missingness, &item.variable, Stat::NMissing, missing as f64)));
        }
        record.rows.push(place(Context::Missingness, &self.id, Stat::N, known as f64));
        record.rows.push(place(Context::Missingness, &self.id, Stat::NMissing, (values.len() - known) as f64));
        let item = |item: &ItemPlan| match &item.test {
            ItemTest::Level(level) => Item {
                variable: item.variable.clone(),
                operator: "=".to_owned(),
                cutoff: None,
                level: Some(level.clone()),
                points: item.points,
            },
            ItemTest::Cutoff { rule, .. } => Item {
                variable: item.variable.clone(),
                operator: rule.operator.symbol().to_owned(),
                cutoff: Some(rule.cutoff),
                level: None,
                points: item.points,
            },
        };
        let policy = match self.missing {
            MissingItem::ScoreMissing => "a patient with a missing item has no score",
            MissingItem::NoPoints => "a missing item counts no points",
        };
        record.analyses.push(Analysis {
            alpha: running.conventions.alpha(),
            items: self.items.iter().map(item).collect(),
            notes: vec![policy.to_owned()],
            ..Analysis::new(&self.id, AnalysisKind::Score, &self.title)
        });
    }

    fn panels(&self) -> Vec<(PanelKind, Vec<String>)> {
        Vec::new()
    }

    fn default_panels(&self) -> Vec<Panel> {
        Vec::new()
    }
}
