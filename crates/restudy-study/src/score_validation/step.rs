//! The step that judges published scores.

use std::fmt::Write as _;

use restudy_ledger::{Analysis, AnalysisKind, Context, Item, Panel, PanelKind, Row, Stat, Variable, VariableKind};
use restudy_stats::resample::Resampling;

use super::scored::Scored;
use super::{head_to_head, with_time, without_time};
use crate::block::{self, Event, Record, Running, Step};
use crate::conventions::Conventions;
use crate::frame::{Frame, Subset};
use crate::score_library::{PublishedScore, conversion, same_unit};

/// The risks at which net benefit is told.
pub(crate) const THRESHOLDS: [f64; 5] = [0.1, 0.2, 0.3, 0.4, 0.5];

/// Published scores judged on a cohort.
#[derive(Clone, Debug)]
pub(crate) struct Validation {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) event: Event,
    /// Where the time to the event counts.
    pub(crate) time: Option<FollowedTime>,
    /// Columns whose levels are judged by themselves too.
    pub(crate) by: Vec<String>,
    pub(crate) within: Subset,
    pub(crate) scores: Vec<Scored>,
    /// Whether the best cut-off on these patients, by Youden's index, is looked for beside the published one.
    pub(crate) best_cutoff: bool,
    pub(crate) replicates: u32,
    pub(crate) thresholds: Vec<f64>,
}

/// How long the patients were followed.
#[derive(Clone, Debug)]
pub(crate) struct FollowedTime {
    /// The column of the time of the event or of the end of observation.
    pub(crate) column: String,
    /// Its unit.
    pub(crate) unit: Option<String>,
    /// The time by which the event is predicted.
    pub(crate) horizon: Option<f64>,
}

/// The time by which the first of the scores with a model of the time to the event means its risk, in another unit.
pub(crate) fn known_horizon(scores: &[Scored], unit: Option<&str>) -> Option<f64> {
    scores.iter().find_map(|scored| horizon(&scored.score, unit))
}

/// The time by which a score's model means its risk, in another unit; none where the unit is not known or not converted.
pub(super) fn horizon(score: &PublishedScore, unit: Option<&str>) -> Option<f64> {
    let (time, own) = score.risk.as_ref()?.horizon()?;
    let unit = unit?;
    if same_unit(own, unit) { Some(time) } else { Some(time * conversion("", own, unit)?) }
}

/// The patients that a measure is of: those of a subset, or of one of its levels.
pub(super) struct Judged<'a> {
    pub(super) validation: &'a Validation,
    pub(super) conventions: &'a Conventions,
    pub(super) events: &'a [Option<bool>],
    pub(super) members: &'a [bool],
    /// The level, of a part of the patients.
    pub(super) group: Option<&'a str>,
}

impl Judged<'_> {
    /// A row about a score.
    pub(super) fn place(&self, scored: &Scored, context: Context, stat: Stat, value: f64) -> Row {
        Row::new(&self.validation.id, context, &scored.score.id, self.group, stat, value)
    }

    pub(super) fn resampling(&self) -> Resampling {
        Resampling { replicates: self.validation.replicates, seed: self.conventions.seed() }
    }

    /// The members of whom a total and the outcome are known.
    pub(super) fn known(&self, scored: &Scored) -> Vec<usize> {
        let known = |row: &usize| self.members[*row] && scored.totals[*row].is_some() && self.events[*row].is_some();
        (0..self.members.len()).filter(known).collect()
    }
}

impl Step for Validation {
    fn id(&self) -> &str {
        &self.id
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn describe(&self, text: &mut String, conventions: &Conventions) {
        let Event { variable, level } = &self.event;
        // Writing to a String cannot fail.
        let _ = write!(text, "\nexternal-validation {}: {}\n  event: {variable} = {level}", self.id, self.title);
        if let Some(FollowedTime { column, horizon, .. }) = &self.time {
            let by = horizon.map(|horizon| format!(", by {horizon}")).unwrap_or_default();
            let _ = write!(text, ", time {column}{by}");
        }
        text.push('\n');
        block::describe_subset(text, &self.within);
        if !self.by.is_empty() {
            let _ = writeln!(text, "  also within the levels of {}", self.by.join(", "));
        }
        let _ = writeln!(text, "  {} resamples, seed {}", self.replicates, conventions.seed());
        for scored in &self.scores {
            let score = &scored.score;
            let _ = writeln!(text, "  {:<22} {} ({}), {}", score.id, score.name, score.year, score.citation);
            for conversion in &scored.conversions {
                let _ = writeln!(text, "    converted: {conversion}");
            }
        }
    }

    fn run(&self, running: &Running<'_>, record: &mut Record) {
        let frame = running.frame;
        let events = self.event.of(frame);
        let members = self.within.members(frame);
        let everyone = Judged {
            validation: self,
            conventions: running.conventions,
            events: &events,
            members: &members,
            group: None,
        };
        let times = self.time.as_ref().map(|time| frame.numbers(&time.column));
        let unit = self.time.as_ref().and_then(|time| time.unit.as_deref());
        let judge = |judged: &Judged<'_>, record: &mut Record| {
            for scored in &self.scores {
                match &times {
                    Some(times) => with_time::judge(judged, scored, (times, self.horizon(), unit), record),
                    None => without_time::judge(judged, scored, record),
                }
            }
        };
        judge(&everyone, record);
        if let Some((first, others)) = self.scores.split_first() {
            for other in others {
                match &times {
                    Some(times) => {
                        with_time::compare(&everyone, (first, other), (times, self.horizon(), unit), record);
                    }
                    None => head_to_head::compare(&everyone, first, other, record),
                }
            }
        }
        for by in &self.by {
            let Some(column) = frame.column(by) else { continue };
            let levels = block::variable(column).levels;
            for level in &levels {
                let of_level: Vec<bool> = (frame.has_level(by, level).iter().zip(&members))
                    .map(|(has, member)| *member && *has == Some(true))
                    .collect();
                let label = match self.by.len() {
                    1 => level.clone(),
                    _ => format!("{}: {level}", column.label),
                };
                let judged = Judged { members: &of_level, group: Some(&label), ..everyone };
                judge(&judged, record);
            }
        }
        record.analyses.push(Analysis {
            within: self.within.record(&members),
            outcome: Some(self.event.outcome(self.time.as_ref().map(|time| time.column.as_str()))),
            alpha: running.conventions.alpha(),
            items: self.scores.iter().flat_map(|scored| items(&scored.score)).collect(),
            notes: self.notes(frame),
            ..Analysis::new(&self.id, AnalysisKind::Validation, &self.title)
        });
    }

    fn panels(&self) -> Vec<(PanelKind, Vec<String>)> {
        let names: Vec<String> = self.scores.iter().map(|scored| scored.score.id.clone()).collect();
        let mut panels = Vec::new();
        if self.time.is_none() || self.horizon().is_some() {
            panels.push((PanelKind::Roc, names));
        }
        let with_risks = self.with_risks();
        if !with_risks.is_empty() {
            panels.push((PanelKind::Calibration, with_risks.clone()));
            panels.push((PanelKind::DecisionCurve, with_risks));
        }
        panels
    }

    fn default_panels(&self) -> Vec<Panel> {
        let mut panels = Vec::new();
        for (kind, variables) in self.panels() {
            match kind {
                // One score a panel: their risks are not those of each other.
                PanelKind::Calibration => panels.extend(variables.into_iter().map(|variable| {
                    let name = self.scores.iter().find(|scored| scored.score.id == variable);
                    let title = name.map(|scored| scored.score.name.clone());
                    Panel { title, ..block::panel(kind, &self.id, vec![variable]) }
                })),
                _ => panels.push(block::panel(kind, &self.id, Vec::new())),
            }
        }
        panels
    }

    fn variables(&self, _frame: Frame<'_>) -> Vec<Variable> {
        let item = |score: &PublishedScore, item: &crate::score_library::ScoreItem| Variable {
            name: item_name(score, &item.id),
            label: item.label.clone(),
            unit: item.unit.clone(),
            kind: VariableKind::Continuous,
            levels: Vec::new(),
            decimals: None,
        };
        let scores = self.scores.iter().map(|scored| &scored.score);
        scores.flat_map(|score| score.items.iter().map(|of_score| item(score, of_score)).collect::<Vec<_>>()).collect()
    }
}

impl Validation {
    fn horizon(&self) -> Option<f64> {
        self.time.as_ref().and_then(|time| time.horizon)
    }

    /// The scores that have risks which can be held against what happened.
    fn with_risks(&self) -> Vec<String> {
        let risky = self.scores.iter().filter(|scored| {
            let at_a_time = scored.score.risk.as_ref().is_some_and(|risk| risk.horizon().is_some());
            scored.score.has_risks() && if self.time.is_some() { self.horizon().is_some() } else { !at_a_time }
        });
        risky.map(|scored| scored.score.id.clone()).collect()
    }

    fn notes(&self, frame: Frame<'_>) -> Vec<String> {
        let mut notes = Vec::new();
        match &self.time {
            None => notes
                .push(format!("limits of the area by DeLong, and by the bootstrap ({} resamples)", self.replicates)),
            Some(FollowedTime { unit, horizon: Some(horizon), .. }) => {
                let unit = unit.as_ref().map(|unit| format!(" {unit}")).unwrap_or_default();
                notes.push(format!(
                    "by {horizon}{unit}: areas, sensitivity, specificity and Brier scores are weighted against censoring; \
                     observed risks are by Kaplan and Meier; their limits are of {} bootstrap resamples",
                    self.replicates
                ));
            }
            Some(FollowedTime { horizon: None, .. }) => {}
        }
        notes.extend(
            self.scores.iter().map(|Scored { score, .. }| {
                format!("{}: made for {}; {}", score.name, score.population, score.citation)
            }),
        );
        notes.extend(self.scores.iter().flat_map(|scored| scored.conversions.iter().cloned()));
        if !self.by.is_empty() {
            let labels = self.by.iter().map(|by| frame.column(by).map_or(by.as_str(), |column| &column.label));
            notes.push(format!("within the levels of {}", labels.collect::<Vec<_>>().join(", ")));
        }
        notes
    }
}

/// The name under which the record has an item of a score.
fn item_name(score: &PublishedScore, item: &str) -> String {
    format!("{}.{item}", score.id)
}

/// The score as it was published, item by item.
fn items(score: &PublishedScore) -> Vec<Item> {
    let mut items = Vec::new();
    for item in &score.items {
        let of_item = |operator: &str, cutoff, level, points| Item {
            variable: item_name(score, &item.id),
            operator: operator.to_owned(),
            cutoff,
            level,
            points,
        };
        for rule in &item.rules {
            let given: Vec<String> = rule.given.iter().map(|(name, value)| format!("{name} is {value}")).collect();
            let given = (!given.is_empty()).then(|| {
                format!("{} {}, where {}", rule.when.0.operator.symbol(), rule.when.0.cutoff, given.join(" and "))
            });
            let cutoff = given.is_none().then_some(rule.when.0.cutoff);
            items.push(of_item(rule.when.0.operator.symbol(), cutoff, given, rule.points));
        }
        // Levels of the same points stand together: the same grade may be written 1 or I.
        let mut levels: Vec<(f64, Vec<&str>)> = Vec::new();
        for (level, points) in &item.levels {
            match levels.iter_mut().find(|(known, _)| known == points) {
                Some((_, names)) => names.push(level),
                None => levels.push((*points, vec![level])),
            }
        }
        items.extend(levels.into_iter().map(|(points, names)| of_item("=", None, Some(names.join(", ")), points)));
        if let Some(coefficient) = item.coefficient {
            let cap = item.cap.map(|cap| format!(", at most {cap}")).unwrap_or_default();
            items.push(of_item("×", None, Some(format!("each unit{cap}")), coefficient));
        }
        if let Some(spline) = &item.spline {
            let knots: Vec<String> = spline.knots.iter().map(f64::to_string).collect();
            for (term, coefficient) in spline.coefficients.iter().enumerate() {
                let name = format!("restricted cubic spline, term {} (knots {})", term + 2, knots.join(", "));
                items.push(of_item("×", None, Some(name), *coefficient));
            }
        }
    }
    items
}
