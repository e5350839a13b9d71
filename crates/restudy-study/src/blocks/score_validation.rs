//! What a score is worth on the next patient: resampling around the whole of its derivation.

use std::fmt::Write as _;

use restudy_cohort::Values;
use restudy_ledger::{
    Analysis, AnalysisKind, Context, Item, Panel, PanelKind, Row, Series, SeriesKind, Stat, Variable, VariableKind,
};
use restudy_stats::accuracy::{CutoffRule, DiagnosticTable, Direction, Operator, Roc};
use restudy_stats::descriptive::{QuantileType, quantile};
use restudy_stats::resample::Resampling;
use restudy_stats::score::{
    self, Candidate, CandidateValues, ContinuousTest, Corrected, CutoffRounding, Derivation, PipelineValidation,
    PipelineValidationResult, StabilitySpread,
};
use toml::Spanned;

use super::model_block::probability;
use super::score as score_block;
use super::{accuracy, calibration};
use crate::block::{self, Block, Event, Progress, Record, Resolving, Running, Step, Within};
use crate::conventions::Conventions;
use crate::describe::{described, entry, words};
use crate::error::StudyError;
use crate::frame::{Frame, Subset};

described! {
    /// `[[score-validation]]`: a score derived from candidate variables, and what is left of it when all that was decided on
    /// the data (screen, selection, cut-offs, rounding, threshold) is decided again on every resample. Of patients without
    /// a missing candidate.
    pub struct ScoreValidationBlock {
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
        /// The candidate variables, all that were looked at, not only those that the score came to have.
        pub candidates: Vec<CandidateEntry>,
        /// How a measured candidate is screened; `mann-whitney` where nothing is said. One of two categories is screened by
        /// chi-square, by Fisher's exact test where an expected count is below 5.
        pub test: Option<ScreenTest>,
        /// How the p-values of the screen are adjusted; `benjamini-hochberg` where nothing is said.
        pub adjust: Option<ScreenAdjustment>,
        /// Candidates with an adjusted p-value below this pass; 0.05 where nothing is said.
        pub screen: Option<Spanned<f64>>,
        /// Of those that pass, so many with the smallest p-values become items of one point; 3 where nothing is said.
        pub max_items: Option<u32>,
        /// Bootstrap resamples; 500 where nothing is said.
        pub replicates: Option<u32>,
        /// Folds of the cross-validation, 0 for none; 10 where nothing is said, or as many as the rarer outcome has patients.
        pub folds: Option<u32>,
        /// How often the cross-validation is repeated; 20 where nothing is said.
        pub repetitions: Option<u32>,
    }
}

entry! {
    /// A candidate: a variable's name, or a table that says more.
    pub struct CandidateEntry {
        /// for a measured variable, the decimals to which its cut-off is rounded; it is not rounded where nothing is said
        pub decimals: Option<u32>,
        /// instead of `decimals`, the number to the nearest multiple of which it is rounded: 49 with 5 becomes 50, 0.454 with 0.05 becomes 0.45
        pub round_to: Option<f64>,
        /// for a variable with levels, the level that may have the point; the second of two where nothing is said
        pub level: Option<String>,
    }
}

words! {
    /// How a measured candidate is screened.
    pub enum ScreenTest {
        /// Mann and Whitney's, by its normal approximation
        MannWhitney = "mann-whitney",
        /// Student's t
        StudentT = "student-t",
        /// Welch's t
        WelchT = "welch-t",
    }

    /// How the p-values of a screen are adjusted.
    pub enum ScreenAdjustment {
        /// not at all
        None = "none",
        /// Benjamini and Hochberg's, which holds the false discovery rate
        BenjaminiHochberg = "benjamini-hochberg",
    }
}

/// Ways to correct a figure: each the model of its rows, by which a path finds them, and the procedure.
const HARRELL: (&str, &str) = ("bootstrap", "bootstrap/harrell");
const POINT_632_PLUS: (&str, &str) = ("bootstrap .632+", "bootstrap/632_plus");
const CROSS_VALIDATION: (&str, &str) = ("cross-validation", "cross_validation");
/// Points of a line on the scale of risk.
const LINE: u32 = 40;

/// The most decimals that a cut-off can be rounded to.
const DECIMALS: u8 = 15;

#[derive(Clone, Debug)]
struct ScoreValidationPlan {
    id: String,
    title: String,
    event: Event,
    within: Subset,
    candidates: Vec<PlannedCandidate>,
    test: ScreenTest,
    adjust: ScreenAdjustment,
    screen: f64,
    max_items: u32,
    replicates: u32,
    /// None where the study file leaves it open.
    folds: Option<u32>,
    repetitions: u32,
}

#[derive(Clone, Debug)]
struct PlannedCandidate {
    variable: String,
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    Measured(Option<Rounding>),
    Level(String),
}

/// How a cut-off is rounded, and in words.
#[derive(Clone, Debug)]
struct Rounding {
    how: CutoffRounding,
    words: String,
}

/// The values of a candidate among the patients analysed.
enum Column {
    Measured(Vec<f64>, Option<CutoffRounding>),
    Level(Vec<bool>),
}

impl Block for ScoreValidationBlock {
    fn id(&self) -> &Spanned<String> {
        &self.id
    }

    fn resolve(&self, resolving: &mut Resolving<'_>) -> Result<Box<dyn Step>, StudyError> {
        let event = resolving.event(&self.outcome, self.event.as_ref())?;
        let mut candidates: Vec<PlannedCandidate> = Vec::with_capacity(self.candidates.len());
        for entry in &self.candidates {
            let candidate = candidate(resolving, entry)?;
            let span = entry.variable.span();
            if candidate.variable == event.variable {
                let message = format!("`{}` is the outcome and cannot be a candidate as well", candidate.variable);
                return Err(resolving.error(&span, message, None));
            }
            if candidates.iter().any(|known| known.variable == candidate.variable) {
                let message = format!("the candidate `{}` is named twice", candidate.variable);
                return Err(resolving.error(&span, message, None));
            }
            candidates.push(candidate);
        }
        if candidates.is_empty() {
            return Err(resolving.error(&self.id.span(), "the score has no candidates", None));
        }
        let at_least = |key: &str, written: Option<u32>, least: u32, default: u32| match written {
            Some(written) if written < least => {
                Err(resolving.error(&self.id.span(), format!("`{key}` is a number from {least}"), None))
            }
            written => Ok(written.unwrap_or(default)),
        };
        if self.folds == Some(1) {
            let message = "one fold leaves nobody to derive the score from";
            return Err(resolving.error(&self.id.span(), message, Some("folds = 10, or 0 for none".to_owned())));
        }
        let title = format!("Derivation of a score for {}, validated", event.variable);
        Ok(Box::new(ScoreValidationPlan {
            id: self.id.get_ref().clone(),
            title: self.title.clone().unwrap_or(title),
            within: resolving.within(&self.within)?,
            event,
            candidates,
            test: self.test.unwrap_or(ScreenTest::MannWhitney),
            adjust: self.adjust.unwrap_or(ScreenAdjustment::BenjaminiHochberg),
            screen: probability(resolving, "screen", self.screen.as_ref())?.unwrap_or(0.05),
            max_items: at_least("max-items", self.max_items, 1, 3)?,
            replicates: at_least("replicates", self.replicates, 1, 500)?,
            folds: self.folds,
            repetitions: at_least("repetitions", self.repetitions, 1, 20)?,
        }))
    }
}

fn candidate(resolving: &Resolving<'_>, entry: &CandidateEntry) -> Result<PlannedCandidate, StudyError> {
    let (name, span) = (entry.variable.get_ref(), entry.variable.span());
    let column = resolving.column(name, &span)?;
    let form = match &column.values {
        Values::Dates(_) => {
            return Err(resolving.error(&span, format!("`{name}` is a date, and no candidate"), None));
        }
        Values::Numbers(_) => {
            if let Some(level) = &entry.level {
                return Err(resolving.error(&level.span(), format!("`{name}` is measured and has no `level`"), None));
            }
            Form::Measured(rounding(resolving, entry)?)
        }
        Values::Levels { .. } => {
            let rounded = entry.decimals.as_ref().map(Spanned::span).or(entry.round_to.as_ref().map(Spanned::span));
            if let Some(span) = rounded {
                return Err(resolving.error(&span, format!("`{name}` has levels, and no cut-off to round"), None));
            }
            Form::Level(resolving.event(&entry.variable, entry.level.as_ref())?.level)
        }
    };
    Ok(PlannedCandidate { variable: name.clone(), form })
}

/// How the cut-off of a measured candidate is rounded.
fn rounding(resolving: &Resolving<'_>, entry: &CandidateEntry) -> Result<Option<Rounding>, StudyError> {
    match (&entry.decimals, &entry.round_to) {
        (Some(_), Some(step)) => {
            let message = "a cut-off is rounded by `decimals` or by `round-to`, not by both";
            Err(resolving.error(&step.span(), message, None))
        }
        (None, step) => {
            let how = score_block::rounding(resolving, step.as_ref())?;
            Ok(how
                .zip(step.as_ref())
                .map(|(how, step)| Rounding { how, words: format!("to the nearest {}", step.get_ref()) }))
        }
        (Some(decimals), None) => match u8::try_from(*decimals.get_ref()) {
            Ok(count) if count <= DECIMALS => {
                let words = format!("to {count} decimals");
                Ok(Some(Rounding { how: CutoffRounding::decimals(count), words }))
            }
            _ => {
                let message = format!("a cut-off is rounded to at most {DECIMALS} decimals");
                Err(resolving.error(&decimals.span(), message, None))
            }
        },
    }
}

impl PlannedCandidate {
    fn known(&self, frame: Frame<'_>) -> Vec<bool> {
        frame.numbers(&self.variable).iter().map(Option::is_some).collect()
    }

    /// The values of these patients, who all have one.
    fn column(&self, frame: Frame<'_>, rows: &[usize]) -> Column {
        match &self.form {
            Form::Measured(rounding) => {
                let values = frame.numbers(&self.variable);
                let values = rows.iter().map(|row| values[*row].unwrap_or_default()).collect();
                Column::Measured(values, rounding.as_ref().map(|rounding| rounding.how))
            }
            Form::Level(level) => {
                let has = frame.has_level(&self.variable, level);
                Column::Level(rows.iter().map(|row| has[*row] == Some(true)).collect())
            }
        }
    }
}

impl Column {
    fn candidate(&self) -> Candidate<'_> {
        match self {
            Self::Measured(values, rounding) => {
                Candidate { values: CandidateValues::Continuous(values), rounding: *rounding }
            }
            Self::Level(values) => Candidate { values: CandidateValues::Binary(values), rounding: None },
        }
    }
}

impl Step for ScoreValidationPlan {
    fn id(&self) -> &str {
        &self.id
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn describe(&self, text: &mut String, conventions: &Conventions) {
        let Event { variable, level } = &self.event;
        // Writing to a String cannot fail.
        let _ = write!(text, "\nscore-validation {}: {}\n  event: {variable} = {level}\n", self.id, self.title);
        block::describe_subset(text, &self.within);
        let _ = writeln!(text, "  {}", self.protocol());
        let folds = self.folds.map_or_else(|| "at most 10".to_owned(), |folds| folds.to_string());
        let _ = writeln!(
            text,
            "  {} resamples; {folds} folds, {} times; seed {}",
            self.replicates,
            self.repetitions,
            conventions.seed()
        );
        for candidate in &self.candidates {
            let form = match &candidate.form {
                Form::Measured(None) => "cut-off as found".to_owned(),
                Form::Measured(Some(rounding)) => format!("cut-off {}", rounding.words),
                Form::Level(level) => format!("= {level}"),
            };
            let _ = writeln!(text, "  {:<22} {form}", candidate.variable);
        }
    }

    fn run(&self, running: &Running<'_>, record: &mut Record) {
        let frame = running.frame;
        let members = self.within.members(frame);
        let events = self.event.of(frame);
        let known: Vec<Vec<bool>> = self.candidates.iter().map(|candidate| candidate.known(frame)).collect();
        let complete = |row: &usize| events[*row].is_some() && known.iter().all(|known| known[*row]);
        let all: Vec<usize> = (0..members.len()).filter(|row| members[*row]).collect();
        let rows: Vec<usize> = all.iter().copied().filter(complete).collect();
        let outcome: Vec<bool> = rows.iter().map(|row| events[*row] == Some(true)).collect();
        let columns: Vec<Column> = self.candidates.iter().map(|candidate| candidate.column(frame, &rows)).collect();
        let candidates: Vec<Candidate<'_>> = columns.iter().map(Column::candidate).collect();

        let n_events = outcome.iter().filter(|event| **event).count();
        let sizes = [
            (Context::Missingness, Stat::N, rows.len()),
            (Context::Missingness, Stat::NMissing, all.len() - rows.len()),
            (Context::Summary, Stat::Events, n_events),
        ];
        for (context, stat, value) in sizes {
            record.rows.push(Row::new(&self.id, context, &self.id, None, stat, value as f64));
        }
        let fewest = n_events.min(rows.len() - n_events);
        let validation = self.validation(running.conventions, fewest);
        let mut items = Vec::new();
        let mut notes = vec![self.protocol()];
        let of = validation.rounds();
        let tell = |done| (running.tell)(Progress { block: &self.id, done, of });
        match validation.run_telling(&candidates, &outcome, &tell) {
            Ok(result) => {
                items = self.items(&result);
                notes.push(derived(&items, result.score.threshold));
                notes.push(format!(
                    "{} bootstrap resamples; {}; seed {}",
                    self.replicates,
                    match validation.folds {
                        0 => "no cross-validation".to_owned(),
                        folds => format!("{folds}-fold cross-validation, {} times", self.repetitions),
                    },
                    validation.resampling.seed
                ));
                self.figures(&result, &mut record.rows);
                self.chosen(&result, &columns, &outcome, &mut record.rows);
                self.stability(&result, &mut record.rows);
                self.patients(&result, &mut record.rows);
                record.series.push(self.instability(&result));
                if running.drawn.iter().any(|panel| panel.kind == PanelKind::Calibration) {
                    record.series.extend(self.calibration(&result, &outcome, running.conventions));
                }
            }
            Err(error) => record.rows.push(self.place(Stat::Auc, f64::NAN).reason(&error.to_string())),
        }
        record.analyses.push(Analysis {
            within: self.within.record(&members),
            outcome: Some(self.event.outcome(None)),
            alpha: running.conventions.alpha(),
            items,
            notes,
            ..Analysis::new(&self.id, AnalysisKind::Validation, &self.title)
        });
    }

    fn panels(&self) -> Vec<(PanelKind, Vec<String>)> {
        [PanelKind::Instability, PanelKind::Calibration].map(|kind| (kind, vec![self.id.clone()])).to_vec()
    }

    fn default_panels(&self) -> Vec<Panel> {
        [PanelKind::Instability, PanelKind::Calibration].map(|kind| block::panel(kind, &self.id, Vec::new())).to_vec()
    }

    fn variables(&self, _frame: Frame<'_>) -> Vec<Variable> {
        vec![Variable {
            name: self.id.clone(),
            label: "Derived score".to_owned(),
            unit: Some("points".to_owned()),
            kind: VariableKind::Continuous,
            levels: Vec::new(),
            decimals: Some(0),
        }]
    }
}

impl ScoreValidationPlan {
    fn place(&self, stat: Stat, value: f64) -> Row {
        Row::new(&self.id, Context::Test, &self.id, None, stat, value)
    }

    /// What is decided on the data, in words.
    fn protocol(&self) -> String {
        let adjusted = match self.adjust {
            ScreenAdjustment::None => "p",
            ScreenAdjustment::BenjaminiHochberg => "Benjamini–Hochberg-adjusted p",
        };
        format!(
            "derivation, repeated on every resample: {} candidates screened (measured ones by {}), {adjusted} < {}, at most {} items of one point, cut-offs and threshold by Youden's index",
            self.candidates.len(),
            self.test.word(),
            self.screen,
            self.max_items
        )
    }

    fn validation(&self, conventions: &Conventions, fewest: usize) -> PipelineValidation {
        let folds = match self.folds {
            Some(folds) => folds as usize,
            // Fewer than two of the rarer outcome cannot be in two folds.
            None if fewest < 2 => 0,
            None => fewest.min(10),
        };
        PipelineValidation {
            derivation: Derivation {
                continuous_test: match self.test {
                    ScreenTest::MannWhitney => ContinuousTest::MannWhitney,
                    ScreenTest::StudentT => ContinuousTest::StudentT,
                    ScreenTest::WelchT => ContinuousTest::WelchT,
                },
                adjustment: match self.adjust {
                    ScreenAdjustment::None => score::Adjustment::None,
                    ScreenAdjustment::BenjaminiHochberg => score::Adjustment::BenjaminiHochberg,
                },
                level: self.screen,
                items: self.max_items as usize,
            },
            resampling: Resampling { replicates: self.replicates, seed: conventions.seed() },
            folds,
            repetitions: self.repetitions,
        }
    }

    /// The items of the score that all patients make.
    fn items(&self, result: &PipelineValidationResult) -> Vec<Item> {
        let item = |item: &score::DerivedItem| {
            let candidate = self.candidates.get(item.candidate)?;
            let level = match &candidate.form {
                Form::Measured(_) => None,
                // The point may belong to those without the level.
                Form::Level(level) if item.rule.operator == Operator::Greater => Some(level.clone()),
                Form::Level(level) => Some(format!("not {level}")),
            };
            let cutoff = level.is_none().then_some(item.rule.cutoff);
            let operator = if level.is_some() { "=" } else { item.rule.operator.symbol() }.to_owned();
            Some(Item { variable: candidate.variable.clone(), operator, cutoff, level, points: 1.0 })
        };
        result.score.items.iter().filter_map(item).collect()
    }

    /// Each figure as it looks, by how much it flatters, and what is left.
    fn figures(&self, result: &PipelineValidationResult, rows: &mut Vec<Row>) {
        let figures = [
            (Stat::Auc, Some(result.auc)),
            (Stat::Sensitivity, Some(result.sensitivity)),
            (Stat::Specificity, Some(result.specificity)),
            (Stat::YoudenJ, Some(result.youden_j)),
            (Stat::Brier, Some(result.brier)),
            (Stat::CalibrationIntercept, result.calibration_intercept),
            (Stat::CalibrationSlope, result.calibration_slope),
        ];
        for (stat, figure) in figures {
            let Some(Corrected { apparent, optimism, corrected, point_632_plus, cross_validated, defined }) = figure
            else {
                let reason = "the total separates the outcome, or does not vary";
                rows.push(self.place(stat, f64::NAN).reason(reason));
                continue;
            };
            let by = |what, value, (model, procedure): (&str, &str)| {
                self.place(what, value).of(stat).model(model).procedure(procedure)
            };
            rows.push(self.place(stat, apparent));
            rows.push(by(Stat::Optimism, optimism, HARRELL));
            let mut row = by(Stat::Corrected, corrected, HARRELL);
            if defined < self.replicates {
                row.remarks.push(format!("{defined} of {} resamples have it", self.replicates));
            }
            rows.push(row);
            rows.extend(point_632_plus.map(|value| by(Stat::Corrected, value, POINT_632_PLUS)));
            rows.extend(cross_validated.map(|value| by(Stat::Corrected, value, CROSS_VALIDATION)));
        }
    }

    /// The p-values of the cut-offs that all patients make, and of the threshold.
    fn chosen(&self, result: &PipelineValidationResult, columns: &[Column], outcome: &[bool], rows: &mut Vec<Row>) {
        for item in &result.score.items {
            // A level has no cut-off that was looked for.
            if let (Some(Column::Measured(values, _)), Some(candidate)) =
                (columns.get(item.candidate), self.candidates.get(item.candidate))
            {
                let name = &candidate.variable;
                let place = |stat, value| Row::new(&self.id, Context::Test, name, None, stat, value);
                chosen_p_values(values, outcome, item.rule, &place, rows);
            }
        }
        let totals: Vec<f64> = result.patients.iter().map(|patient| f64::from(patient.total)).collect();
        let threshold = CutoffRule { operator: Operator::GreaterOrEqual, cutoff: f64::from(result.score.threshold) };
        if !result.score.items.is_empty() {
            chosen_p_values(&totals, outcome, threshold, &|stat, value| self.place(stat, value), rows);
        }
    }

    /// How often each candidate became an item, and where its cut-off then lay.
    fn stability(&self, result: &PipelineValidationResult, rows: &mut Vec<Row>) {
        for (candidate, stability) in self.candidates.iter().zip(&result.candidates) {
            let place = |stat, value| Row::new(&self.id, Context::Summary, &candidate.variable, None, stat, value);
            rows.push(place(Stat::SelectionFrequency, stability.selection_frequency));
            if matches!(candidate.form, Form::Level(_)) {
                continue;
            }
            for (stat, p) in
                [(Stat::Min, 0.0), (Stat::Q1, 0.25), (Stat::Median, 0.5), (Stat::Q3, 0.75), (Stat::Max, 1.0)]
            {
                // Without a selection there is no cut-off.
                if let Ok(value) = quantile(&stability.cutoffs, p, QuantileType::default()) {
                    rows.push(place(stat, value).of(Stat::Cutoff));
                }
            }
        }
    }

    /// Each patient's risk and its range over the resamples, in the order of the risks, so that no row can be told.
    fn instability(&self, result: &PipelineValidationResult) -> Series {
        let mut risks: Vec<[f64; 3]> =
            result.patients.iter().map(|patient| [patient.risk, patient.risk_low, patient.risk_high]).collect();
        risks.sort_by(|a, b| {
            a.iter().zip(b).fold(std::cmp::Ordering::Equal, |order, (a, b)| order.then(a.total_cmp(b)))
        });
        let series = Series::new(&self.id, SeriesKind::Instability);
        ["apparent", "low", "high"]
            .into_iter()
            .enumerate()
            .fold(series, |series, (place, name)| series.numbers(name, risks.iter().map(|risk| risk[place])))
    }

    /// How far predictions and classes move over the patients: their spread, of no patient by itself.
    fn patients(&self, result: &PipelineValidationResult, rows: &mut Vec<Row>) {
        let figures = [
            (Stat::PredictionInstability, result.prediction_instability()),
            (Stat::ClassificationInstability, result.classification_instability()),
        ];
        for (stat, StabilitySpread { mean, min, q1, median, q3, max }) in figures {
            let place = |stat, value| Row::new(&self.id, Context::Summary, &self.id, None, stat, value);
            rows.push(place(stat, mean));
            for (qualifier, value) in
                [(Stat::Min, min), (Stat::Q1, q1), (Stat::Median, median), (Stat::Q3, q3), (Stat::Max, max)]
            {
                rows.push(place(qualifier, value).of(stat));
            }
        }
    }

    /// At each total, the risk that the score gives and the share that had the event; how many have which risk; and the risk
    /// that is left on the next patient.
    fn calibration(
        &self,
        result: &PipelineValidationResult,
        outcome: &[bool],
        conventions: &Conventions,
    ) -> Vec<Series> {
        let risks: Vec<f64> = result.patients.iter().map(|patient| patient.risk).collect();
        // The line of the patients themselves is the diagonal, by construction.
        let mut series = calibration::groups(&self.id, &self.id, &risks, outcome, conventions);
        let (least, greatest) =
            risks.iter().fold((1.0_f64, 0.0_f64), |(least, greatest), risk| (least.min(*risk), greatest.max(*risk)));
        let at = |step: u32| least + (greatest - least) * f64::from(step) / f64::from(LINE);
        let line: Option<Vec<[f64; 2]>> =
            (0..=LINE).map(|step| Some([at(step), result.corrected_risk(at(step))?])).collect();
        series.extend(line.map(|line| {
            let corrected = Series {
                variable: Some(self.id.clone()),
                group: Some("corrected for optimism".to_owned()),
                ..Series::new(&self.id, SeriesKind::CalibrationCurve)
            };
            corrected
                .numbers("predicted", line.iter().map(|point| point[0]))
                .numbers("observed", line.iter().map(|point| point[1]))
        }));
        series
    }
}

/// The p-values of a rule that was chosen on these values.
fn chosen_p_values(
    values: &[f64],
    outcome: &[bool],
    rule: CutoffRule,
    place: accuracy::Place<'_>,
    rows: &mut Vec<Row>,
) {
    let side = |event: bool| -> Vec<f64> {
        values.iter().zip(outcome).filter(|(_, y)| **y == event).map(|(value, _)| *value).collect()
    };
    let (cases, controls) = (side(true), side(false));
    let positive = |side: &[f64]| side.iter().filter(|value| rule.is_positive(**value)).count() as u64;
    let (true_positives, false_positives) = (positive(&cases), positive(&controls));
    let table = DiagnosticTable {
        true_positives,
        false_positives,
        false_negatives: cases.len() as u64 - true_positives,
        true_negatives: controls.len() as u64 - false_positives,
    };
    let curve = Roc { direction: Direction::Higher }.run(&cases, &controls).ok();
    if let Some(chosen) = curve.and_then(|curve| accuracy::chosen(&curve, table)) {
        accuracy::chosen_p_values(rows, place, &chosen);
    }
}

/// The score of all patients, in words.
fn derived(items: &[Item], threshold: u32) -> String {
    if items.is_empty() {
        return "no candidate passes the screen of all patients: the score has no items".to_owned();
    }
    let word = |item: &Item| match (&item.level, item.cutoff) {
        (Some(level), _) => format!("{} = {level}", item.variable),
        (None, cutoff) => format!("{} {} {}", item.variable, item.operator, cutoff.unwrap_or(f64::NAN)),
    };
    let words: Vec<String> = items.iter().map(word).collect();
    format!("derived from all patients: {}; positive from {threshold} points", words.join(", "))
}
