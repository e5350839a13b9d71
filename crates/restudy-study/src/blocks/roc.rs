//! Markers against an outcome: ROC curves, areas, cut-offs.

use std::fmt::Write as _;

use restudy_ledger::{Analysis, AnalysisKind, Context, Marker as MarkerHead, Panel, PanelKind, Row, Stat};
use restudy_stats::accuracy::{
    Criterion, Cutoff, CutoffRule, DeLong, DiagnosticTable, Direction, Marker, MaximallySelectedTest, Operator,
    OptimalCutoff, Roc, RocCurve,
};
use toml::Spanned;

use super::accuracy;
use crate::block::{self, Block, Event, FoundCutoff, Record, Resolving, Running, Step, Within};
use crate::conventions::Conventions;
use crate::describe::{described, entry, words};
use crate::error::StudyError;
use crate::frame::{Frame, Subset};

described! {
    /// `[[roc]]`: how well each marker tells patients with an event from those without, and at which cut-off best.
    pub struct RocBlock {
        /// The block's name; every number of it carries it.
        pub id: Spanned<String>,
        /// The title on the page.
        pub title: Option<String>,
        /// The variable of which one level is the event.
        pub outcome: Spanned<String>,
        /// The level that is the event; the second of two where nothing is said.
        pub event: Option<Spanned<String>>,
        /// Patients that it is about: by the levels they have, or by an SQL condition.
        #[serde(default)]
        pub within: Within,
        /// The markers, in order.
        pub markers: Vec<MarkerEntry>,
        /// What makes a cut-off best; `youden` where nothing is said.
        pub rule: Option<Spanned<Rule>>,
        /// For `sensitivity` and `specificity`: at least this.
        pub at_least: Option<Spanned<f64>>,
        /// `true` to compare the areas of every two markers, of the patients who have both, by DeLong's test.
        #[serde(default)]
        pub compare: bool,
    }
}

entry! {
    /// A marker: a variable's name, or a table that says more.
    pub struct MarkerEntry {
        /// which end of it means the event; `higher` where nothing is said. It is never guessed
        pub direction: Option<End>,
        /// whether the cut-off itself is positive, instead of the convention `cutoff-operator`
        pub inclusive: Option<bool>,
        /// the cut-off, where the study gives one instead of looking for the best
        pub cutoff: Option<f64>,
    }
}

words! {
    /// Which end of a marker means the event.
    pub enum End {
        /// higher values
        Higher = "higher",
        /// lower values
        Lower = "lower",
    }

    /// What makes a cut-off best.
    pub enum Rule {
        /// the greatest sensitivity + specificity − 1
        Youden = "youden",
        /// the least distance from sensitivity 1 and specificity 1
        ClosestTopLeft = "closest-top-left",
        /// the greatest specificity among those with a sensitivity of `at-least`
        Sensitivity = "sensitivity",
        /// the greatest sensitivity among those with a specificity of `at-least`
        Specificity = "specificity",
    }
}

#[derive(Clone, Debug)]
struct RocPlan {
    id: String,
    title: String,
    event: Event,
    within: Subset,
    markers: Vec<MarkerPlan>,
    rule: Rule,
    criterion: Criterion,
    compare: bool,
}

#[derive(Clone, Debug)]
struct MarkerPlan {
    variable: String,
    direction: Direction,
    inclusive: bool,
    given: Option<f64>,
}

impl Block for RocBlock {
    fn id(&self) -> &Spanned<String> {
        &self.id
    }

    fn resolve(&self, resolving: &mut Resolving<'_>) -> Result<Box<dyn Step>, StudyError> {
        let event = resolving.event(&self.outcome, self.event.as_ref())?;
        let mut markers: Vec<MarkerPlan> = Vec::new();
        for entry in &self.markers {
            let (variable, span) = (entry.variable.get_ref(), entry.variable.span());
            resolving.measured(variable, &span)?;
            if markers.iter().any(|marker| marker.variable == *variable) {
                return Err(resolving.error(&span, format!("the marker `{variable}` is named twice"), None));
            }
            if let Some(cutoff) = entry.cutoff.as_ref().filter(|cutoff| !cutoff.get_ref().is_finite()) {
                return Err(resolving.error(&cutoff.span(), format!("the cut-off of `{variable}` is no number"), None));
            }
            let direction = entry.direction.as_ref().map(|end| *end.get_ref());
            let inclusive = entry.inclusive.as_ref().map(|inclusive| *inclusive.get_ref());
            markers.push(MarkerPlan {
                variable: variable.clone(),
                direction: if direction == Some(End::Lower) { Direction::Lower } else { Direction::Higher },
                inclusive: inclusive.unwrap_or(resolving.conventions.get("cutoff-operator") == "inclusive"),
                given: entry.cutoff.as_ref().map(|cutoff| *cutoff.get_ref()),
            });
        }
        if markers.is_empty() {
            return Err(resolving.error(&self.id.span(), "the block has no markers", None));
        }
        let plan = RocPlan {
            id: self.id.get_ref().clone(),
            title: self.title.clone().unwrap_or_else(|| format!("Markers of {}", event.variable)),
            within: resolving.within(&self.within)?,
            event,
            markers,
            rule: self.rule.as_ref().map_or(Rule::Youden, |rule| *rule.get_ref()),
            criterion: self.criterion(resolving)?,
            compare: self.compare,
        };
        // A score may take up the cut-offs, which is decided before anything is carried out.
        for marker in &plan.markers {
            if let Ok(found) = plan.look(marker, resolving.frame(), resolving.conventions) {
                resolving.cutoffs.push(FoundCutoff {
                    block: plan.id.clone(),
                    variable: marker.variable.clone(),
                    rule: found.rule,
                    chosen: found.chosen,
                });
            }
        }
        Ok(Box::new(plan))
    }
}

impl RocBlock {
    fn criterion(&self, resolving: &Resolving<'_>) -> Result<Criterion, StudyError> {
        let rule = self.rule.as_ref().map_or(Rule::Youden, |rule| *rule.get_ref());
        let at_least = self.at_least.as_ref().map(|value| (*value.get_ref(), value.span()));
        match (rule, at_least) {
            (Rule::Youden, None) => Ok(Criterion::Youden),
            (Rule::ClosestTopLeft, None) => Ok(Criterion::ClosestTopLeft),
            (Rule::Sensitivity | Rule::Specificity, Some((least, span))) if !(0.0..=1.0).contains(&least) => {
                Err(resolving.error(&span, format!("{least} is not a {}: it lies between 0 and 1", rule.word()), None))
            }
            (Rule::Sensitivity, Some((least, _))) => Ok(Criterion::Sensitivity(least)),
            (Rule::Specificity, Some((least, _))) => Ok(Criterion::Specificity(least)),
            (_, Some((_, span))) => {
                let message = format!("`at-least` says nothing to the rule `{}`", rule.word());
                Err(resolving.error(&span, message, None))
            }
            (_, None) => {
                let span = self.rule.as_ref().map_or(0..0, Spanned::span);
                let message = format!("the rule `{}` needs `at-least`", rule.word());
                Err(resolving.error(&span, message, Some("at-least = 0.9".to_owned())))
            }
        }
    }
}

/// What a marker's curve says.
struct Found {
    curve: RocCurve,
    rule: CutoffRule,
    table: DiagnosticTable,
    /// The test of a cut-off that was chosen on these patients.
    chosen: Option<MaximallySelectedTest>,
    remarks: Vec<String>,
}

impl RocPlan {
    fn cutoff(&self, marker: &MarkerPlan, conventions: &Conventions) -> Cutoff {
        Cutoff { criterion: self.criterion, placing: accuracy::placing(conventions), inclusive: marker.inclusive }
    }

    fn look(&self, marker: &MarkerPlan, frame: Frame<'_>, conventions: &Conventions) -> Result<Found, String> {
        let members = self.within.members(frame);
        let (cases, controls) = accuracy::sides(&frame.numbers(&marker.variable), &self.event.of(frame), &members);
        let curve = Roc { direction: marker.direction }.run(&cases, &controls).map_err(|error| error.to_string())?;
        if let Some(cutoff) = marker.given {
            let rule = CutoffRule { operator: Operator::new(marker.direction, marker.inclusive), cutoff };
            let positive = |values: &[f64]| values.iter().filter(|value| rule.is_positive(**value)).count() as u64;
            let (true_positives, false_positives) = (positive(&cases), positive(&controls));
            let table = DiagnosticTable {
                true_positives,
                false_positives,
                false_negatives: cases.len() as u64 - true_positives,
                true_negatives: controls.len() as u64 - false_positives,
            };
            return Ok(Found { curve, rule, table, chosen: None, remarks: Vec::new() });
        }
        let best = self.cutoff(marker, conventions).run(&curve).map_err(|error| error.to_string())?;
        let mut remarks = Vec::new();
        let Some(OptimalCutoff { rule, table, .. }) = best.first().copied() else {
            return Err("no cut-off satisfies the rule".to_owned());
        };
        if best.len() > 1 {
            let others: Vec<String> = best[1..].iter().map(|other| other.rule.to_string()).collect();
            remarks.push(format!("as good by the rule: {}", others.join(", ")));
        }
        if rule.cutoff.is_infinite() {
            remarks.push("by the rule no cut-off is better than calling everybody, or nobody, positive".to_owned());
        }
        let chosen = accuracy::chosen(&curve, table);
        Ok(Found { curve, rule, table, chosen, remarks })
    }

    /// DeLong's test of every two markers, of the patients who have both.
    fn compare(&self, running: &Running<'_>, members: &[bool], rows: &mut Vec<Row>) {
        let events = self.event.of(running.frame);
        for (place, first) in self.markers.iter().enumerate() {
            for second in &self.markers[place + 1..] {
                let values = [first, second].map(|marker| running.frame.numbers(&marker.variable));
                let both: Vec<bool> = (0..members.len())
                    .map(|row| members[row] && values.iter().all(|values| values[row].is_some()))
                    .collect();
                let sides = values.map(|values| accuracy::sides(&values, &events, &both));
                let row = |stat, value| {
                    Row::new(&self.id, Context::Test, &first.variable, None, stat, value)
                        .with(&second.variable)
                        .of(Stat::Auc)
                        .procedure("delong")
                };
                let [(cases, controls), (others, other_controls)] = &sides;
                let tested = DeLong { level: running.conventions.level(), ..DeLong::default() }.run_paired(
                    Marker { cases, controls, direction: first.direction },
                    Marker { cases: others, controls: other_controls, direction: second.direction },
                );
                match tested {
                    Ok(test) => {
                        rows.push(row(Stat::N, (cases.len() + controls.len()) as f64));
                        rows.push(row(Stat::Estimate, test.difference));
                        rows.push(row(Stat::ConfLow, test.interval.low));
                        rows.push(row(Stat::ConfHigh, test.interval.high));
                        rows.push(row(Stat::Z, test.statistic));
                        rows.push(row(Stat::PValue, test.p_value));
                    }
                    Err(error) => rows.push(row(Stat::PValue, f64::NAN).reason(&error.to_string())),
                }
            }
        }
    }
}

impl Step for RocPlan {
    fn id(&self) -> &str {
        &self.id
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn describe(&self, text: &mut String, conventions: &Conventions) {
        let Event { variable, level } = &self.event;
        // Writing to a String cannot fail.
        let _ = write!(text, "\nroc {}: {}\n  event: {variable} = {level}\n", self.id, self.title);
        block::describe_subset(text, &self.within);
        let _ = writeln!(text, "  rule: {}", self.rule.word());
        for key in ["auc-interval", "cutoff-placing", "cutoff-operator", "proportion-interval"] {
            let _ = writeln!(text, "  {}", conventions.evidence(key));
        }
        for marker in &self.markers {
            let operator = Operator::new(marker.direction, marker.inclusive).symbol();
            let cutoff =
                marker.given.map_or_else(|| "the best cut-off".to_owned(), |cutoff| format!("{cutoff} (file)"));
            let _ = writeln!(text, "  {:<22} positive {operator} {cutoff}", marker.variable);
        }
    }

    fn run(&self, running: &Running<'_>, record: &mut Record) {
        let (frame, conventions) = (running.frame, running.conventions);
        let members = self.within.members(frame);
        let all = members.iter().filter(|member| **member).count();
        for marker in &self.markers {
            let place = |context, stat, value| Row::new(&self.id, context, &marker.variable, None, stat, value);
            let (cases, controls) = accuracy::sides(&frame.numbers(&marker.variable), &self.event.of(frame), &members);
            let n = cases.len() + controls.len();
            accuracy::size(&mut record.rows, &place, cases.len(), n, all);
            let test = |stat, value| place(Context::Test, stat, value);
            match self.look(marker, frame, conventions) {
                Ok(found) => {
                    accuracy::auc(&mut record.rows, &test, &found.curve, conventions);
                    let rule = if marker.given.is_some() { "given" } else { self.rule.word() };
                    let cutoff =
                        test(Stat::Cutoff, found.rule.cutoff).procedure(&format!("cutoff/{rule}").replace('-', "_"));
                    record.rows.push(Row { remarks: found.remarks, ..cutoff });
                    if let Some(chosen) = &found.chosen {
                        accuracy::chosen_p_values(&mut record.rows, &test, chosen);
                        let otherwise = |stat, value| place(Context::Alternative, stat, value);
                        accuracy::chosen_alternatives(&mut record.rows, &otherwise, &found.curve);
                    }
                    accuracy::performance(&mut record.rows, &test, found.table, conventions);
                    let cutoff = self.cutoff(marker, conventions);
                    record.series.push(accuracy::curve(&self.id, &marker.variable, &found.curve, cutoff));
                }
                Err(reason) => record.rows.push(test(Stat::Auc, f64::NAN).reason(&reason)),
            }
        }
        if self.compare {
            self.compare(running, &members, &mut record.rows);
        }
        let operator = |marker: &MarkerPlan| Operator::new(marker.direction, marker.inclusive).symbol().to_owned();
        record.analyses.push(Analysis {
            within: self.within.record(&members),
            outcome: Some(self.event.outcome(None)),
            alpha: conventions.alpha(),
            markers: (self.markers.iter())
                .map(|marker| MarkerHead { variable: marker.variable.clone(), operator: operator(marker) })
                .collect(),
            notes: vec![format!("cut-offs by the rule {}", self.rule.word())],
            ..Analysis::new(&self.id, AnalysisKind::Roc, &self.title)
        });
    }

    fn panels(&self) -> Vec<(PanelKind, Vec<String>)> {
        vec![(PanelKind::Roc, self.markers.iter().map(|marker| marker.variable.clone()).collect())]
    }

    fn default_panels(&self) -> Vec<Panel> {
        vec![block::panel(PanelKind::Roc, &self.id, Vec::new())]
    }
}
