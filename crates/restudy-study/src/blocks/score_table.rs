//! Patients and events by score, and how well each threshold of it tells them apart.

use std::fmt::Write as _;

use restudy_ledger::{Analysis, AnalysisKind, Context, Group, Panel, PanelKind, Row, Series, SeriesKind, Stat};
use restudy_stats::accuracy::{
    Criterion, Cutoff, DiagnosticTable, Direction, Operator, Placing, Roc, RocCurve, ScoreTable,
};
use restudy_stats::descriptive;
use restudy_stats::hypothesis::{CochranArmitage, CountTable, Statistic};
use restudy_stats::regression::{Design, Logistic, Outcome};
use toml::Spanned;

use super::accuracy;
use super::roc::End;
use crate::block::{self, Block, Event, Record, Resolving, Running, Step, Within};
use crate::conventions::Conventions;
use crate::describe::described;
use crate::error::StudyError;
use crate::frame::Subset;

described! {
    /// `[[score-table]]`: patients and events by score, the area under its curve, and what each threshold does.
    pub struct ScoreTableBlock {
        /// The block's name; every number of it carries it.
        pub id: Spanned<String>,
        /// The title on the page.
        pub title: Option<String>,
        /// The score: the id of a `[[score]]` before this block, or a variable with few values.
        pub score: Spanned<String>,
        /// The variable of which one level is the event.
        pub outcome: Spanned<String>,
        /// The level that is the event; the second of two where nothing is said.
        pub event: Option<Spanned<String>>,
        /// Which end of the score means the event; `higher` where nothing is said.
        pub direction: Option<End>,
        /// Patients that it is about: by the levels they have, or by an SQL condition.
        #[serde(default)]
        pub within: Within,
    }
}

#[derive(Clone, Debug)]
struct ScoreTablePlan {
    id: String,
    title: String,
    score: String,
    event: Event,
    /// The labels of the columns: the event, then the others.
    groups: Vec<String>,
    direction: Direction,
    within: Subset,
}

impl Block for ScoreTableBlock {
    fn id(&self) -> &Spanned<String> {
        &self.id
    }

    fn resolve(&self, resolving: &mut Resolving<'_>) -> Result<Box<dyn Step>, StudyError> {
        let event = resolving.event(&self.outcome, self.event.as_ref())?;
        let score = resolving.measured(self.score.get_ref(), &self.score.span())?;
        let mut values: Vec<f64> = resolving.frame().numbers(&score.name).into_iter().flatten().collect();
        values.sort_by(f64::total_cmp);
        values.dedup();
        if values.len() > MANY {
            let message = format!("`{}` has {} values, too many for a table by score", score.name, values.len());
            let hint = "a `[[roc]]` block judges a measured marker".to_owned();
            return Err(resolving.error(&self.score.span(), message, Some(hint)));
        }
        let title = format!("{} by {}", event.variable, score.label);
        let others = match resolving.frame().column(&event.variable).map(|column| &column.values) {
            Some(restudy_cohort::Values::Levels { levels, .. }) if levels.len() == 2 => {
                levels.iter().find(|level| **level != event.level).cloned()
            }
            _ => None,
        };
        Ok(Box::new(ScoreTablePlan {
            id: self.id.get_ref().clone(),
            title: self.title.clone().unwrap_or(title),
            score: score.name.clone(),
            groups: vec![event.level.clone(), others.unwrap_or_else(|| format!("not {}", event.level))],
            event,
            direction: if self.direction == Some(End::Lower) { Direction::Lower } else { Direction::Higher },
            within: resolving.within(&self.within)?,
        }))
    }
}

/// More values than this make no table by score.
const MANY: usize = 50;

/// Patients with a score and a known outcome, at each score.
struct Counts {
    scores: Vec<f64>,
    cases: Vec<u64>,
    controls: Vec<u64>,
}

impl Counts {
    fn of(cases: &[f64], controls: &[f64]) -> Self {
        let mut scores: Vec<f64> = cases.iter().chain(controls).copied().collect();
        scores.sort_by(f64::total_cmp);
        scores.dedup();
        let count = |values: &[f64]| {
            scores.iter().map(|score| values.iter().filter(|value| *value == score).count() as u64).collect()
        };
        let (cases, controls) = (count(cases), count(controls));
        Self { scores, cases, controls }
    }
}

impl Step for ScoreTablePlan {
    fn id(&self) -> &str {
        &self.id
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn describe(&self, text: &mut String, conventions: &Conventions) {
        let Event { variable, level } = &self.event;
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\nscore-table {}: {}\n  score: {}\n  event: {variable} = {level}\n",
            self.id, self.title, self.score
        );
        block::describe_subset(text, &self.within);
        for key in ["auc-interval", "proportion-interval"] {
            let _ = writeln!(text, "  {}", conventions.evidence(key));
        }
    }

    fn run(&self, running: &Running<'_>, record: &mut Record) {
        let (frame, conventions) = (running.frame, running.conventions);
        let members = self.within.members(frame);
        let all = members.iter().filter(|member| **member).count();
        let (cases, controls) = accuracy::sides(&frame.numbers(&self.score), &self.event.of(frame), &members);
        let rows = &mut record.rows;
        let n = cases.len() + controls.len();
        accuracy::size(rows, &|context, stat, value| self.place(context, stat, value), cases.len(), n, all);
        let counts = Counts::of(&cases, &controls);
        self.counts(rows, &counts, conventions);
        match ScoreTable::new(&counts.scores, &counts.cases, &counts.controls) {
            Ok(table) => {
                let curve = Roc { direction: self.direction }.run_on_counts(&table);
                self.performance(rows, &curve, conventions);
                let cutoff = Cutoff { placing: Placing::Observed, ..Cutoff::default() };
                record.series.push(accuracy::curve(&self.id, &self.score, &curve, cutoff));
                if running.drawn.iter().any(|panel| panel.kind == PanelKind::Calibration) {
                    record.series.extend(self.calibration(&counts, conventions));
                }
            }
            Err(error) => rows.push(self.place(Context::Test, Stat::Auc, f64::NAN).reason(&error.to_string())),
        }
        self.trend(rows, &counts);
        record.analyses.push(Analysis {
            by: Some(self.event.variable.clone()),
            groups: (self.groups.iter())
                .zip([cases.len(), controls.len()])
                .map(|(label, n)| Group { label: label.clone(), n })
                .collect(),
            ungrouped: all - n,
            overall: true,
            within: self.within.record(&members),
            outcome: Some(self.event.outcome(None)),
            alpha: conventions.alpha(),
            ..Analysis::new(&self.id, AnalysisKind::ScoreTable, &self.title)
        });
    }

    fn panels(&self) -> Vec<(PanelKind, Vec<String>)> {
        [PanelKind::ScoreBars, PanelKind::Roc, PanelKind::Calibration]
            .map(|kind| (kind, vec![self.score.clone()]))
            .to_vec()
    }

    fn default_panels(&self) -> Vec<Panel> {
        [PanelKind::ScoreBars, PanelKind::Roc, PanelKind::Calibration]
            .map(|kind| block::panel(kind, &self.id, Vec::new()))
            .to_vec()
    }
}

impl ScoreTablePlan {
    fn place(&self, context: Context, stat: Stat, value: f64) -> Row {
        Row::new(&self.id, context, &self.score, None, stat, value)
    }

    /// At each score: patients, the risk of the event, and the share of them with and without it.
    fn counts(&self, rows: &mut Vec<Row>, counts: &Counts, conventions: &Conventions) {
        for (place, score) in counts.scores.iter().enumerate() {
            let level = score.to_string();
            let (cases, controls) = (counts.cases[place], counts.controls[place]);
            let row = |group: Option<&str>, stat, value: f64| {
                Row::new(&self.id, Context::Summary, &self.score, group, stat, value).level(&level)
            };
            let all = cases + controls;
            rows.push(row(None, Stat::Count, all as f64));
            rows.push(row(None, Stat::Proportion, cases as f64 / all as f64));
            let (procedure, limits) = share_interval(cases, all, conventions);
            if let Some(limits) = limits {
                rows.push(row(None, Stat::ConfLow, limits.low).of(Stat::Proportion).procedure(&procedure));
                rows.push(row(None, Stat::ConfHigh, limits.high).of(Stat::Proportion).procedure(&procedure));
            }
            for (group, count) in self.groups.iter().zip([cases, controls]) {
                rows.push(row(Some(group), Stat::Count, count as f64));
                rows.push(row(Some(group), Stat::Denominator, all as f64));
                rows.push(row(Some(group), Stat::Proportion, count as f64 / all as f64));
            }
        }
    }

    /// The area, the best threshold, and what each threshold does.
    fn performance(&self, rows: &mut Vec<Row>, curve: &RocCurve, conventions: &Conventions) {
        accuracy::auc(rows, &|stat, value| self.place(Context::Test, stat, value), curve, conventions);
        let cutoff = Cutoff { criterion: Criterion::Youden, placing: Placing::Observed, inclusive: true };
        // At a curve there is always a best point.
        if let Ok(best) = cutoff.run(curve)
            && let Some(first) = best.first()
        {
            let mut row = self.place(Context::Test, Stat::Cutoff, first.rule.cutoff).procedure("cutoff/youden");
            if best.len() > 1 {
                let others: Vec<String> = best[1..].iter().map(|other| other.rule.to_string()).collect();
                row.remarks.push(format!("as good by the rule: {}", others.join(", ")));
            }
            rows.push(row);
            if let Some(chosen) = accuracy::chosen(curve, first.table) {
                accuracy::chosen_p_values(rows, &|stat, value| self.place(Context::Test, stat, value), &chosen);
            }
        }
        let tables: Vec<DiagnosticTable> = curve.tables().collect();
        for (rule, table) in cutoff.rules(curve).iter().zip(tables) {
            if rule.cutoff.is_infinite() || table.true_negatives + table.false_negatives == 0 {
                continue;
            }
            let symbol = Operator::new(self.direction, true).symbol();
            let level = format!("{symbol} {}", rule.cutoff);
            let place = |stat, value| self.place(Context::Test, stat, value).level(&level);
            accuracy::performance(rows, &place, table, conventions);
        }
    }

    /// Whether the share with the event goes up, or down, with the score.
    fn trend(&self, rows: &mut Vec<Row>, counts: &Counts) {
        let place = |stat, value| self.place(Context::Test, stat, value);
        // Events in the first row of the table, the others in the second.
        let cells = [counts.cases.clone(), counts.controls.clone()].concat();
        let tested = CountTable::new(2, counts.scores.len(), cells).and_then(|table| {
            CochranArmitage { scores: Some(counts.scores.clone()), ..CochranArmitage::default() }.run_on_counts(&table)
        });
        match tested {
            Ok(result) => {
                let key = result.procedure.key();
                rows.extend(
                    result
                        .statistic
                        .map(|statistic: Statistic| place(Stat::Statistic, statistic.value()).procedure(key)),
                );
                rows.push(place(Stat::PValue, result.p_value).procedure(key));
            }
            Err(error) => rows.push(place(Stat::PValue, f64::NAN).reason(&error.to_string())),
        }
    }

    /// At each score: the risk that a logistic model of the score gives, and the share that had the event.
    fn calibration(&self, counts: &Counts, conventions: &Conventions) -> Option<Series> {
        let twice: Vec<f64> = counts.scores.iter().chain(&counts.scores).copied().collect();
        let events: Vec<bool> = (0..twice.len()).map(|row| row < counts.scores.len()).collect();
        let weights: Vec<f64> = counts.cases.iter().chain(&counts.controls).map(|count| *count as f64).collect();
        let design = Design::build(twice.len()).intercept().continuous(&self.score, &twice, 1.0).finish().ok()?;
        let fit = Logistic::default().fit(&design, Outcome::new(&events).with_weights(&weights)).ok()?;
        let predicted = fit.probabilities().into_iter().take(counts.scores.len());
        let sizes: Vec<u64> =
            counts.cases.iter().zip(&counts.controls).map(|(cases, controls)| cases + controls).collect();
        let limits: Vec<_> =
            counts.cases.iter().zip(&sizes).map(|(count, n)| share_interval(*count, *n, conventions).1).collect();
        let limit = |of: fn(&restudy_stats::Interval) -> f64| -> Vec<f64> {
            limits.iter().map(|limits| limits.as_ref().map_or(f64::NAN, of)).collect()
        };
        Some(
            Series { variable: Some(self.score.clone()), ..Series::new(&self.id, SeriesKind::Calibration) }
                .numbers("predicted", predicted)
                .numbers("observed", counts.cases.iter().zip(&sizes).map(|(count, n)| *count as f64 / *n as f64))
                .numbers("conf_low", limit(|limits| limits.low))
                .numbers("conf_high", limit(|limits| limits.high))
                .numbers("n", sizes.iter().map(|n| *n as f64)),
        )
    }
}

/// The interval of a share by the method in force, with its name.
pub(crate) fn share_interval(
    count: u64,
    n: u64,
    conventions: &Conventions,
) -> (String, Option<restudy_stats::Interval>) {
    let method = conventions.get("proportion-interval");
    let limits = match method {
        "clopper-pearson" => descriptive::clopper_pearson(count, n, conventions.level()),
        _ => descriptive::wilson(count, n, conventions.level()),
    };
    (method.replace('-', "_"), limits.ok())
}
