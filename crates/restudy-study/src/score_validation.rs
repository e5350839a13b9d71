//! A published score on patients that it was not made from.

use std::collections::BTreeMap;

use restudy_cohort::{Cohort, CohortError, Column, Values};
use restudy_ledger::{
    Analysis, AnalysisKind, Context, Data, Ledger, Outcome, Row, SCHEMA, Setting, Stat, Study, Tool, Variable,
    VariableKind,
};
use restudy_stats::accuracy::{
    Brier, CalibrationInTheLarge, Cutoff, CutoffRule, DeLong, DiagnosticTable, Direction, Marker, Placing,
    Reclassification, ReclassificationIndex, Roc, decision_curve,
};
use restudy_stats::regression::{Design, Logistic, Outcome as LogisticOutcome};
use restudy_stats::resample::{Bootstrap, Resampling, Units};
use thiserror::Error;

use crate::block::{self, Event, Record};
use crate::blocks::accuracy;
use crate::conventions::{Conventions, Origin};
use crate::error::nearest;
use crate::score_figures::{self, Drawn, Times};
use crate::score_follow_up::{FollowUp, Followed};
use crate::score_items;
use crate::score_library::{PublishedScore, ScoreError, ScoreItem, conversion, same_unit};

/// The analysis of every row.
const ID: &str = "validation";

/// The risks at which net benefit is told.
const THRESHOLDS: [f64; 5] = [0.1, 0.2, 0.3, 0.4, 0.5];

/// What a validation is asked.
#[derive(Clone, Debug)]
pub struct ScoreValidation<'a> {
    /// The scores; the second and later ones are compared with the first.
    pub scores: &'a [PublishedScore],
    /// The column of the outcome.
    pub outcome: &'a str,
    /// Its level that is the event; of an event column, or a binary one with a level `yes`, that by default.
    pub event: Option<&'a str>,
    /// The column of an item that is not named as the item is.
    pub columns: &'a BTreeMap<String, String>,
    /// A column whose levels are judged by themselves too.
    pub by: Option<&'a str>,
    /// How long the patients were followed, where the time to the event counts.
    pub follow_up: Option<FollowUp<'a>>,
    /// Whether the best cut-off on these patients, by Youden's index, is looked for beside the published one.
    pub best_cutoff: bool,
    /// Bootstrap replicates and their seed.
    pub resampling: Resampling,
}

/// Why a score cannot be validated on a cohort. None of the messages shows a patient's value.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum ValidationError {
    /// A column that is not there.
    #[error(transparent)]
    Cohort(#[from] CohortError),
    /// A column without levels, where an outcome or groups are needed.
    #[error("column `{column}` has no levels")]
    NotLevels {
        /// The column.
        column: String,
    },
    /// A column that holds no times.
    #[error("column `{column}` holds no times")]
    NotTimes {
        /// The column.
        column: String,
    },
    /// A level that the outcome does not have, or none where one must be named.
    #[error("which level of `{column}` is the event?")]
    Event {
        /// The column.
        column: String,
        /// Its levels, or the nearest.
        suggestion: String,
    },
    /// A column in another unit than the score's thresholds.
    #[error("column `{}` is in {}, and the {} counts `{}` in {}", .0.column, .0.given, .0.score, .0.item, .0.needed)]
    Unit(Box<UnitMismatch>),
    /// A column whose values the item does not know.
    #[error("column `{column}` holds values that the item `{item}` of the {score} does not know")]
    Values {
        /// The column.
        column: String,
        /// The item.
        item: String,
        /// The score.
        score: String,
        /// What it knows.
        expected: String,
    },
    /// A name mapped to a column that is no item of any score.
    #[error("no score has an item `{item}`")]
    UnknownItem {
        /// The name.
        item: String,
        /// The items.
        suggestion: String,
    },
}

/// A column in one unit, and an item that is counted in another.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitMismatch {
    /// The column.
    pub column: String,
    /// The item.
    pub item: String,
    /// The score.
    pub score: String,
    /// The unit of the codebook.
    pub given: String,
    /// The unit needed.
    pub needed: String,
    /// How many of the needed unit one of the given is.
    pub factor: Option<f64>,
}

impl ValidationError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Cohort(CohortError::UnknownColumn { .. }) => {
                "name the column of an item with --item ITEM=COLUMN".to_owned()
            }
            Self::Cohort(error) => return error.hint(),
            Self::NotLevels { .. } => "declare its levels in the codebook".to_owned(),
            Self::NotTimes { .. } => "name a column of numbers with --time COLUMN".to_owned(),
            Self::Event { suggestion, .. } | Self::UnknownItem { suggestion, .. } => suggestion.clone(),
            Self::Unit(unit) => {
                let UnitMismatch { given, needed, item, .. } = &**unit;
                match unit.factor {
                    Some(factor) => format!(
                        "1 {given} is {factor} {needed}: add a column in {needed} and name it with --item {item}=COLUMN"
                    ),
                    None => format!("give it in {needed}; no conversion is known here"),
                }
            }
            Self::Values { expected, .. } => format!("it knows {expected}: declare the labels in the codebook"),
        })
    }
}

/// A score's totals and risks, patient by patient.
struct Scored<'a> {
    score: &'a PublishedScore,
    totals: Vec<Option<f64>>,
}

impl ScoreValidation<'_> {
    /// Judges the scores on a cohort.
    ///
    /// Each patient with every item and a known outcome is judged; the others are counted as missing. Predicted risks are
    /// those observed at each total in the cohort that the score was made from, (events + ½) / (patients + 1); a score
    /// without them is judged without calibration.
    ///
    /// # Errors
    ///
    /// [`ValidationError`].
    pub fn run(&self, cohort: &Cohort, file_name: &str) -> Result<Ledger, ValidationError> {
        let conventions = conventions();
        let (events, level) = self.events(cohort)?;
        for item in self.columns.keys() {
            let mut items = self.scores.iter().flat_map(|score| &score.items).map(|item| item.id.as_str());
            if !items.clone().any(|known| known == item) {
                let suggestion = nearest(item, items.clone()).map_or_else(
                    || items.by_ref().collect::<Vec<_>>().join(", "),
                    |name| format!("did you mean `{name}`?"),
                );
                return Err(ValidationError::UnknownItem { item: item.clone(), suggestion });
            }
        }
        let scored = self
            .scores
            .iter()
            .map(|score| Ok(Scored { score, totals: self.totals(score, cohort)? }))
            .collect::<Result<Vec<_>, ValidationError>>()?;
        let followed = self.follow_up.map(|follow_up| Followed::read(follow_up, cohort)).transpose()?;
        let mut rows = Vec::new();
        let mut series = Vec::new();
        let everyone = vec![true; cohort.patients()];
        for scored in &scored {
            self.discrimination(scored, &events, &everyone, None, &conventions, &mut rows);
            scored.at_the_cutoff(&events, &conventions, &mut rows);
            if self.best_cutoff {
                scored.at_the_best_cutoff(&events, &conventions, &mut rows);
            }
            scored.calibration(&events, &mut rows);
            if let Some(followed) = &followed {
                let risks: Vec<Option<f64>> = scored.totals.iter().map(|total| scored.risk((*total)?)).collect();
                let names = (ID, scored.score.id.as_str());
                followed.judge(names, (&scored.totals, &risks), &events, &conventions, &mut rows);
            }
            if let Some(curve) = scored.curve(&events, &everyone) {
                series.push(accuracy::curve(ID, &scored.score.id, &curve, Cutoff::default()));
            }
        }
        if let Some((first, others)) = scored.split_first() {
            for other in others {
                compare(first, other, &events, &mut rows);
                reclassify(first, other, &events, &mut rows);
            }
        }
        let mut notes = vec![format!(
            "limits of the area by DeLong, and by the bootstrap ({} resamples)",
            self.resampling.replicates
        )];
        if self.scores.iter().any(|score| !score.observed.is_empty()) {
            notes.push(
                "predicted risks are those observed at each total where the score was made, (events + ½) / (patients + 1)"
                    .to_owned(),
            );
        }
        notes.extend(
            self.scores
                .iter()
                .map(|score| format!("{}: made for {}; {}", score.name, score.population, score.citation)),
        );
        if let Some(by) = self.by {
            let Values::Levels { levels, codes } = &cohort.column(by)?.values else {
                return Err(ValidationError::NotLevels { column: by.to_owned() });
            };
            for (place, level) in levels.iter().enumerate() {
                let members: Vec<bool> = codes.iter().map(|code| *code == u32::try_from(place).ok()).collect();
                for scored in &scored {
                    self.discrimination(scored, &events, &members, Some(level), &conventions, &mut rows);
                }
            }
            notes.push(format!("within the levels of {by}"));
        }
        let names: Vec<&str> = self.scores.iter().map(|score| score.name.as_str()).collect();
        let analysis = Analysis {
            outcome: Some(Outcome { variable: self.outcome.to_owned(), level: level.clone(), time: None }),
            alpha: conventions.alpha(),
            notes,
            ..Analysis::new(ID, AnalysisKind::Validation, &format!("{} on new patients", names.join(", ")))
        };
        let (event, mut record) = (
            Event { variable: self.outcome.to_owned(), level: level.clone() },
            Record { analyses: vec![analysis], rows, series },
        );
        let (items, item_variables): (Vec<Analysis>, Vec<Vec<Variable>>) =
            self.scores.iter().map(|score| score_items::analysis(score, conventions.alpha())).unzip();
        record.analyses.extend(items);
        let drawn: Vec<Drawn<'_>> =
            (scored.iter()).map(|of| Drawn { score: of.score, totals: &of.totals, risks: of.risks(&events) }).collect();
        let times = self.follow_up.zip(followed.as_ref());
        let times = times.map(|(follow_up, followed)| Times { name: follow_up.time, times: followed.times() });
        let figures = score_figures::figures(ID, &drawn, (&events, &event), times.as_ref(), &conventions, &mut record);
        let Record { analyses, rows, series } = record;
        let score_variable = |score: &PublishedScore| Variable {
            name: score.id.clone(),
            label: score.name.clone(),
            unit: None,
            kind: VariableKind::Continuous,
            levels: Vec::new(),
            decimals: Some(0),
        };
        let mut variables = vec![block::variable(cohort.column(self.outcome)?)];
        if let Some(follow_up) = self.follow_up {
            variables.push(block::variable(cohort.column(follow_up.time)?));
        }
        variables.extend(self.scores.iter().map(score_variable).chain(item_variables.into_iter().flatten()));
        Ok(Ledger {
            schema: SCHEMA.to_owned(),
            tool: Tool { name: "restudy".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
            study: Study {
                id: ID.to_owned(),
                title: format!("Validation of the {}", names.join(", the ")),
                source: self.scores.first().map(|score| score.citation.clone()),
                synthetic: cohort.title().is_some_and(|title| title.to_lowercase().contains("synthetic")),
                style: "three-decimals".to_owned(),
            },
            data: Data {
                file: file_name.to_owned(),
                sha256: cohort.sha256().to_owned(),
                rows: cohort.rows_read(),
                columns: cohort.columns_read(),
                rows_kept: cohort.patients(),
            },
            conventions: conventions
                .iter()
                .map(|(key, value, origin)| Setting {
                    key: key.to_owned(),
                    value: value.to_owned(),
                    origin: if *origin == Origin::File { "validation".to_owned() } else { origin.to_string() },
                })
                .collect(),
            seed: Some(self.resampling.seed),
            flow: Vec::new(),
            variables,
            analyses,
            figures,
            rows,
            series,
        })
    }

    /// Whether each patient had the event, and what level that is.
    fn events(&self, cohort: &Cohort) -> Result<(Vec<Option<bool>>, String), ValidationError> {
        let column = cohort.column(self.outcome)?;
        let Values::Levels { levels, codes } = &column.values else {
            return Err(ValidationError::NotLevels { column: column.name.clone() });
        };
        let wanted = match self.event {
            Some(level) => levels.iter().position(|known| known == level),
            None => levels.iter().position(|known| matches!(known.as_str(), "yes" | "event" | "Yes" | "1")),
        };
        let Some(place) = wanted else {
            let known = || levels.iter().map(String::as_str);
            let near = self.event.and_then(|level| nearest(level, known()));
            let suggestion = near.map_or_else(
                || format!("name it with --outcome {}=LEVEL, one of {}", column.name, levels.join(", ")),
                |name| format!("did you mean `{name}`?"),
            );
            return Err(ValidationError::Event { column: column.name.clone(), suggestion });
        };
        let events = codes.iter().map(|code| code.map(|code| code as usize == place)).collect();
        Ok((events, levels[place].clone()))
    }

    /// Each patient's total; none where an item that the score needs is missing.
    fn totals(&self, score: &PublishedScore, cohort: &Cohort) -> Result<Vec<Option<f64>>, ValidationError> {
        let mut columns = Vec::with_capacity(score.items.len());
        for item in &score.items {
            let column = cohort.column(self.columns.get(&item.id).unwrap_or(&item.id))?;
            columns.push((item, column, texts(score, item, column)?));
        }
        (0..cohort.patients())
            .map(|row| {
                let given: Vec<(&str, &str)> = columns
                    .iter()
                    .filter_map(|(item, _, texts)| Some((item.id.as_str(), texts[row].as_deref()?)))
                    .collect();
                match score.assess(&given) {
                    Ok(assessment) => Ok(Some(assessment.total)),
                    Err(ScoreError::MissingItem { .. }) => Ok(None),
                    Err(ScoreError::Value { item, expected, .. }) => {
                        let at = columns.iter().find(|(known, ..)| known.id == item);
                        let column = at.map_or_else(String::new, |(_, column, _)| column.name.clone());
                        Err(ValidationError::Values { column, item, score: score.name.clone(), expected })
                    }
                    // Names are the score's own, each once, and units have been looked at.
                    Err(_) => Ok(None),
                }
            })
            .collect()
    }

    fn discrimination(
        &self,
        scored: &Scored<'_>,
        events: &[Option<bool>],
        members: &[bool],
        group: Option<&str>,
        conventions: &Conventions,
        rows: &mut Vec<Row>,
    ) {
        let id = &scored.score.id;
        let place = |context, stat, value: f64| Row::new(ID, context, id, group, stat, value);
        let test = |stat, value: f64| place(Context::Test, stat, value);
        let (cases, controls) = accuracy::sides(&scored.totals, events, members);
        let all = members.iter().filter(|member| **member).count();
        accuracy::size(rows, &place, cases.len(), cases.len() + controls.len(), all);
        let curve = match (Roc { direction: Direction::Higher }).run(&cases, &controls) {
            Ok(curve) => curve,
            Err(error) => {
                rows.push(test(Stat::Auc, f64::NAN).reason(&error.to_string()));
                return;
            }
        };
        accuracy::auc(rows, &test, &curve, conventions);
        if group.is_none() {
            self.bootstrap(&cases, &controls, conventions, &test, rows);
        }
    }

    /// The area on resamples within events and within the others.
    fn bootstrap(
        &self,
        cases: &[f64],
        controls: &[f64],
        conventions: &Conventions,
        test: &dyn Fn(Stat, f64) -> Row,
        rows: &mut Vec<Row>,
    ) {
        let labels: Vec<usize> = (0..cases.len() + controls.len()).map(|row| usize::from(row < cases.len())).collect();
        let mut sorted: Vec<(f64, bool, usize)> =
            cases.iter().chain(controls).enumerate().map(|(row, &v)| (v, row < cases.len(), row)).collect();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let area = |counts: &[u32]| {
            let (mut below, mut twice_won, mut n) = (0_u64, 0_u64, [0_u64; 2]);
            for tied in sorted.chunk_by(|a, b| a.0 == b.0) {
                let here =
                    |side: bool| tied.iter().filter(|x| x.1 == side).map(|x| u64::from(counts[x.2])).sum::<u64>();
                let (events, others) = (here(true), here(false));
                twice_won += events * (2 * below + others);
                below += others;
                n = [n[0] + events, n[1] + others];
            }
            (n[0] * n[1] > 0).then(|| twice_won as f64 / (2 * n[0] * n[1]) as f64)
        };
        let bootstrap = Bootstrap { resampling: self.resampling, level: conventions.level(), ..Bootstrap::default() };
        let Some(estimate) = Units::stratified(&labels).ok().and_then(|units| bootstrap.run(&units, area).ok()) else {
            return;
        };
        let place = |stat, value| test(stat, value).model("bootstrap").procedure("auc/bootstrap_percentile");
        rows.push(place(Stat::Auc, estimate.value));
        if let Some(std_error) = estimate.std_error {
            rows.push(place(Stat::StdError, std_error).of(Stat::Auc));
        }
        if let Some(interval) = estimate.interval {
            rows.push(place(Stat::ConfLow, interval.low).of(Stat::Auc));
            rows.push(place(Stat::ConfHigh, interval.high).of(Stat::Auc));
        }
    }
}

impl Scored<'_> {
    fn curve(&self, events: &[Option<bool>], members: &[bool]) -> Option<restudy_stats::accuracy::RocCurve> {
        let (cases, controls) = accuracy::sides(&self.totals, events, members);
        Roc { direction: Direction::Higher }.run(&cases, &controls).ok()
    }

    fn at_the_cutoff(&self, events: &[Option<bool>], conventions: &Conventions, rows: &mut Vec<Row>) {
        let Some(rule) = self.score.cutoff.map(|rule| rule.0) else { return };
        let level = rule.to_string();
        let place = |stat, value: f64| Row::new(ID, Context::Test, &self.score.id, None, stat, value).level(&level);
        rows.push(place(Stat::Cutoff, rule.cutoff).procedure("cutoff/published"));
        accuracy::performance(rows, &place, self.table(rule, events), conventions);
    }

    /// What the best cut-off on these patients does, and its p-value with the search counted.
    fn at_the_best_cutoff(&self, events: &[Option<bool>], conventions: &Conventions, rows: &mut Vec<Row>) {
        let everyone = vec![true; events.len()];
        let Some(curve) = self.curve(events, &everyone) else { return };
        let cutoff = Cutoff { placing: Placing::Observed, ..Cutoff::default() };
        let Some(best) = cutoff.run(&curve).ok().and_then(|best| best.first().copied()) else { return };
        let place = |stat, value: f64| {
            Row::new(ID, Context::Test, &self.score.id, None, stat, value).model("best on these patients")
        };
        rows.push(place(Stat::Cutoff, best.rule.cutoff).procedure("cutoff/youden"));
        accuracy::performance(rows, &place, best.table, conventions);
        if let Some(chosen) = accuracy::chosen(&curve, best.table) {
            accuracy::chosen_p_values(rows, &place, &chosen);
        }
    }

    fn table(&self, rule: CutoffRule, events: &[Option<bool>]) -> DiagnosticTable {
        let count = |event: bool, positive: bool| {
            let known = self.totals.iter().zip(events).filter_map(|(total, event)| Some(((*total)?, (*event)?)));
            known.filter(|(total, y)| *y == event && rule.is_positive(*total) == positive).count() as u64
        };
        DiagnosticTable {
            true_positives: count(true, true),
            false_positives: count(false, true),
            false_negatives: count(true, false),
            true_negatives: count(false, false),
        }
    }

    /// The risk that was observed at a total where the score was made.
    fn risk(&self, total: f64) -> Option<f64> {
        let row = self.score.observed.iter().find(|row| row.points == total)?;
        Some((row.events as f64 + 0.5) / (row.n as f64 + 1.0))
    }

    /// The risk of each patient, and what happened.
    fn risks(&self, events: &[Option<bool>]) -> Option<(Vec<f64>, Vec<bool>)> {
        let known: Option<Vec<(f64, bool)>> = self
            .totals
            .iter()
            .zip(events)
            .filter_map(|(total, event)| Some((self.risk((*total)?), (*event)?)))
            .map(|(risk, event)| Some((risk?, event)))
            .collect();
        known
            .filter(|known| !known.is_empty() && !self.score.observed.is_empty())
            .map(|known| known.into_iter().unzip())
    }

    fn calibration(&self, events: &[Option<bool>], rows: &mut Vec<Row>) {
        let Some((risks, happened)) = self.risks(events) else { return };
        let place = |stat, value: f64| Row::new(ID, Context::Test, &self.score.id, None, stat, value);
        if let Ok(brier) = Brier.run(&risks, &happened) {
            rows.push(place(Stat::Brier, brier.value).procedure("brier"));
        }
        if let Ok(large) = CalibrationInTheLarge::default().run(&risks, &happened) {
            rows.push(place(Stat::ObservedExpected, large.ratio).procedure("observed_expected"));
            rows.push(place(Stat::ConfLow, large.ratio_interval.low).of(Stat::ObservedExpected));
            rows.push(place(Stat::ConfHigh, large.ratio_interval.high).of(Stat::ObservedExpected));
            rows.push(place(Stat::CalibrationIntercept, large.intercept).procedure("calibration/in_the_large"));
            rows.push(place(Stat::ConfLow, large.interval.low).of(Stat::CalibrationIntercept));
            rows.push(place(Stat::ConfHigh, large.interval.high).of(Stat::CalibrationIntercept));
            rows.push(
                place(Stat::PValue, large.p_value).of(Stat::CalibrationIntercept).procedure("calibration/in_the_large"),
            );
        }
        self.recalibration(&risks, &happened, rows);
        if let Ok(curve) = decision_curve(&risks, &happened, &THRESHOLDS) {
            for (row, threshold) in curve.thresholds.iter().enumerate() {
                let level = format!("{:.0} %", 100.0 * threshold);
                for (model, value) in
                    [("score", curve.model[row]), ("treat all", curve.treat_all[row]), ("treat none", 0.0)]
                {
                    rows.push(place(Stat::NetBenefit, value).level(&level).model(model).procedure("net_benefit"));
                }
            }
        }
    }

    /// The logistic regression of what happened on the logit of the risk: its slope is the calibration slope, and with its
    /// intercept it is the update that makes the risks right here.
    fn recalibration(&self, risks: &[f64], happened: &[bool], rows: &mut Vec<Row>) {
        let logits: Vec<f64> = risks.iter().map(|risk| (risk / (1.0 - risk)).ln()).collect();
        let place = |stat, value: f64| {
            Row::new(ID, Context::Test, &self.score.id, None, stat, value).procedure("calibration/logistic")
        };
        let design = Design::build(logits.len()).intercept().continuous("logit", &logits, 1.0).finish();
        let fitted = design.as_ref().map_err(ToString::to_string).and_then(|design| {
            let fit =
                Logistic::default().fit(design, LogisticOutcome::new(happened)).map_err(|error| error.to_string())?;
            Ok(fit.wald(restudy_stats::Level::NINETY_FIVE))
        });
        match fitted.as_deref() {
            Ok([intercept, slope]) => {
                rows.push(place(Stat::CalibrationSlope, slope.estimate));
                rows.push(place(Stat::ConfLow, slope.interval.low).of(Stat::CalibrationSlope));
                rows.push(place(Stat::ConfHigh, slope.interval.high).of(Stat::CalibrationSlope));
                let updated = |stat, value| place(stat, value).model("update");
                rows.push(updated(Stat::CalibrationIntercept, intercept.estimate));
                rows.push(updated(Stat::CalibrationSlope, slope.estimate));
            }
            Ok(_) => {}
            Err(reason) => rows.push(place(Stat::CalibrationSlope, f64::NAN).reason(reason)),
        }
    }
}

/// DeLong's test of two scores, of the patients who have both.
fn compare(first: &Scored<'_>, second: &Scored<'_>, events: &[Option<bool>], rows: &mut Vec<Row>) {
    let both: Vec<bool> = first.totals.iter().zip(&second.totals).map(|(a, b)| a.is_some() && b.is_some()).collect();
    let [(cases, controls), (others, other_controls)] =
        [first, second].map(|scored| accuracy::sides(&scored.totals, events, &both));
    let row = |stat, value: f64| {
        let row = Row::new(ID, Context::Test, &first.score.id, None, stat, value);
        row.with(&second.score.id).model("difference in area").procedure("delong")
    };
    let tested = DeLong::default().run_paired(
        Marker { cases: &cases, controls: &controls, direction: Direction::Higher },
        Marker { cases: &others, controls: &other_controls, direction: Direction::Higher },
    );
    match tested {
        Ok(test) => {
            rows.push(row(Stat::Estimate, test.difference));
            rows.push(row(Stat::ConfLow, test.interval.low).of(Stat::Estimate));
            rows.push(row(Stat::ConfHigh, test.interval.high).of(Stat::Estimate));
            rows.push(row(Stat::PValue, test.p_value).of(Stat::Estimate));
        }
        Err(error) => rows.push(row(Stat::Estimate, f64::NAN).reason(&error.to_string())),
    }
}

/// What the first score's risks add to those of the second, of the patients who have both: the category-free net
/// reclassification improvement, and the integrated discrimination improvement. Nothing where one of them has no risks.
fn reclassify(first: &Scored<'_>, second: &Scored<'_>, events: &[Option<bool>], rows: &mut Vec<Row>) {
    let (mut new, mut old, mut happened) = (Vec::new(), Vec::new(), Vec::new());
    for ((first_total, second_total), event) in first.totals.iter().zip(&second.totals).zip(events) {
        let (Some(first_total), Some(second_total), Some(event)) = (first_total, second_total, event) else { continue };
        let (Some(of_first), Some(of_second)) = (first.risk(*first_total), second.risk(*second_total)) else { return };
        new.push(of_first);
        old.push(of_second);
        happened.push(*event);
    }
    let row = |model: &str, stat, value: f64| {
        Row::new(ID, Context::Test, &first.score.id, None, stat, value).with(&second.score.id).model(model)
    };
    let mut tell = |model: &str, procedure: &str, index: &ReclassificationIndex| {
        rows.push(row(model, Stat::Estimate, index.value).procedure(procedure));
        if let Some(interval) = index.interval {
            rows.push(row(model, Stat::ConfLow, interval.low).of(Stat::Estimate));
            rows.push(row(model, Stat::ConfHigh, interval.high).of(Stat::Estimate));
        }
        if let Some(p_value) = index.p_value {
            rows.push(row(model, Stat::PValue, p_value).of(Stat::Estimate).procedure(procedure));
        }
    };
    match Reclassification::default().run(&old, &new, &happened) {
        Ok(result) => {
            tell("net reclassification improvement", "reclassification/nri", &result.nri);
            tell("integrated discrimination improvement", "reclassification/idi", &result.idi);
        }
        Err(error) => {
            rows.push(row("net reclassification improvement", Stat::Estimate, f64::NAN).reason(&error.to_string()));
        }
    }
}

/// Each patient's value of an item, as it would be written for one.
fn texts(score: &PublishedScore, item: &ScoreItem, column: &Column) -> Result<Vec<Option<String>>, ValidationError> {
    match (&column.values, &column.unit) {
        (Values::Numbers(numbers), unit) => {
            let needed = item.unit.as_deref().unwrap_or_default();
            if let Some(given) =
                unit.as_deref().filter(|given| !same_unit(given, needed) && !item.levels.contains_key("yes"))
            {
                return Err(ValidationError::Unit(Box::new(UnitMismatch {
                    column: column.name.clone(),
                    item: item.id.clone(),
                    score: score.name.clone(),
                    given: given.to_owned(),
                    needed: if needed.is_empty() { "no unit".to_owned() } else { needed.to_owned() },
                    factor: conversion(&item.id, given, needed),
                })));
            }
            Ok(numbers.iter().map(|number| number.map(|number| spoken(item, &number.to_string()))).collect())
        }
        (Values::Levels { levels, codes }, _) => {
            let texts: Vec<String> = levels.iter().map(|level| spoken(item, level)).collect();
            Ok(codes.iter().map(|code| code.and_then(|code| texts.get(code as usize).cloned())).collect())
        }
        (Values::Dates(_), _) => Err(ValidationError::Values {
            column: column.name.clone(),
            item: item.id.clone(),
            score: score.name.clone(),
            expected: "numbers or levels, not dates".to_owned(),
        }),
    }
}

/// A value in the words of an item of yes and no.
fn spoken(item: &ScoreItem, text: &str) -> String {
    let truth = item.levels.contains_key("yes") && item.levels.contains_key("no");
    match text.to_lowercase().as_str() {
        "1" | "true" | "positive" | "present" if truth => "yes".to_owned(),
        "0" | "false" | "negative" | "absent" if truth => "no".to_owned(),
        _ => text.to_owned(),
    }
}

/// Our defaults, with exact intervals of proportions.
fn conventions() -> Conventions {
    let exact = [("proportion-interval", "clopper-pearson")];
    // Both are words of the closed list, so that nothing is refused.
    Conventions::resolve(None, exact.into_iter()).unwrap_or_else(|_| Conventions::defaults())
}
