//! What logistic and proportional hazards models have in common: each term by itself, several together, and how the
//! several are chosen.

use std::fmt::Write as _;

use restudy_ledger::{Analysis, AnalysisKind, Context, Outcome, Panel, PanelKind, Row, Series, SeriesKind, Stat};
use restudy_stats::regression::{
    self, Change, Coefficient, Criterion, Design, DesignBuilder, Direction, EntryTest, Logistic, RemovalTest, Selection,
};

use super::imputation::{Completed, ImputationPlan};
use super::term::{self, PlannedTerm};
use crate::block::{self, Record, Running};
use crate::conventions::Conventions;
use crate::describe::words;
use crate::family::{self, Member};
use crate::file::Adjustment;
use crate::frame::{Frame, Subset};

words! {
    /// Which of the terms make the model of several.
    pub enum Select {
        /// all of them
        All = "all",
        /// forward: entry by the score test, removal by the likelihood ratio
        ForwardLikelihoodRatio = "forward-likelihood-ratio",
        /// forward: entry by the score test, removal by Wald's test
        ForwardWald = "forward-wald",
        /// forward: entry and removal by the score test
        ForwardScore = "forward-score",
        /// backward: removal by the likelihood ratio
        BackwardLikelihoodRatio = "backward-likelihood-ratio",
        /// backward: removal by Wald's test
        BackwardWald = "backward-wald",
        /// backward: removal by the score test
        BackwardScore = "backward-score",
        /// forward while AIC falls
        ForwardAic = "forward-aic",
        /// backward while AIC falls
        BackwardAic = "backward-aic",
    }

    /// By which p-value of a term by itself it goes on to the model of several.
    pub enum ScreenBy {
        /// its p-value
        P = "p",
        /// its p-value adjusted within the family of all terms
        AdjustedP = "adjusted-p",
    }
}

/// Each term by itself.
pub(super) const UNIVARIABLE: &str = "univariable";
/// Several terms together.
pub(super) const MULTIVARIABLE: &str = "multivariable";

/// Models, resolved.
#[derive(Clone, Debug)]
pub(super) struct ModelPlan {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) kind: AnalysisKind,
    pub(super) outcome: Outcome,
    pub(super) within: Subset,
    pub(super) terms: Vec<PlannedTerm>,
    pub(super) univariable: bool,
    pub(super) multivariable: bool,
    /// Terms with a p-value below this by themselves go on, and by which p-value.
    pub(super) screen: Option<(f64, ScreenBy)>,
    pub(super) select: Select,
    pub(super) enter: f64,
    pub(super) remove: f64,
    /// Terms that are always in the model of several.
    pub(super) keep: Vec<String>,
    pub(super) adjust: Option<Adjustment>,
    /// How missing values are filled, where they are.
    pub(super) imputation: Option<ImputationPlan>,
}

/// The kind of model: what it needs of a patient, and how it is fitted.
pub(super) trait Fits {
    /// Whether the outcome of each patient is known.
    fn known(&self) -> Vec<bool>;

    /// How many of these patients have the event.
    fn events(&self, rows: &[usize]) -> usize;

    /// The ratio's name.
    fn ratio(&self) -> Stat;

    /// The design of a model before its terms: what takes up a constant.
    fn begin(&self, rows: usize) -> DesignBuilder;

    /// What an imputation model has of the outcome: whether it is a yes or no, and the values of these patients.
    fn predictors(&self, rows: &[usize]) -> Vec<(bool, Vec<f64>)>;

    /// The degrees of freedom that so many slopes leave.
    fn residual_df(&self, rows: &[usize], slopes: usize) -> f64;

    /// The model of a design.
    fn fit(&self, design: &Design, rows: &[usize]) -> Result<Fitted, String>;

    /// The terms that a stepwise procedure picks, and on what way.
    fn select(&self, plan: &ModelPlan, design: &Design, rows: &[usize]) -> Result<Selected, String>;
}

/// A fitted model, as the record takes it.
pub(super) struct Fitted {
    pub(super) coefficients: Vec<Line>,
    /// The covariance of the coefficients, row by row.
    pub(super) covariance: Vec<f64>,
    /// Tests of terms of several columns.
    pub(super) terms: Vec<TermLine>,
    /// What is said of the whole model, each number with its procedure.
    pub(super) whole: Vec<(Stat, f64, Option<&'static str>)>,
    /// Tests of proportional hazards, by variable; the last is of the whole model.
    pub(super) proportional: Vec<TermLine>,
    /// Variance inflation, by variable.
    pub(super) inflation: Vec<(String, f64)>,
    pub(super) procedure: &'static str,
    pub(super) remarks: Vec<String>,
}

/// A coefficient with its test and the interval of its ratio.
pub(super) struct Line {
    pub(super) variable: String,
    pub(super) level: Option<String>,
    pub(super) estimate: f64,
    pub(super) std_error: f64,
    pub(super) statistic: f64,
    pub(super) p_value: f64,
    /// e to the estimate, and to its limits.
    pub(super) ratio: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    /// Of a pooled one: degrees of freedom, and the fraction of missing information.
    pub(super) pooled: Option<(f64, f64)>,
}

/// A test of a term of several lines, or of an assumption; without a variable, of the whole model.
pub(super) struct TermLine {
    pub(super) variable: Option<String>,
    pub(super) statistic: f64,
    pub(super) df: f64,
    /// Of a pooled one, whose statistic is an F.
    pub(super) df_denominator: Option<f64>,
    pub(super) p_value: f64,
    pub(super) procedure: &'static str,
}

impl TermLine {
    fn facts(&self) -> impl Iterator<Item = (Stat, f64)> {
        let denominator = self.df_denominator.map(|df| (Stat::DfDenominator, df));
        [(Stat::Statistic, self.statistic), (Stat::Df, self.df)]
            .into_iter()
            .chain(denominator)
            .chain([(Stat::PValue, self.p_value)])
    }
}

/// What a stepwise procedure picked.
pub(super) struct Selected {
    pub(super) terms: Vec<String>,
    pub(super) path: Vec<Step>,
}

/// A step of a stepwise procedure.
pub(super) struct Step {
    pub(super) entered: bool,
    pub(super) variable: String,
    pub(super) p_value: f64,
}

/// The variable and level of each column of a design but the intercept.
pub(super) fn columns(design: &Design) -> Vec<(String, Option<String>)> {
    let mut columns = Vec::new();
    for term in design.terms().iter().filter(|term| design.intercept() != Some(term.columns.start)) {
        for column in term.columns.clone() {
            let name = &design.column_names()[column];
            let level = name.strip_prefix(&format!("{}=", term.name)).filter(|_| name != &term.name);
            columns.push((term.name.clone(), level.map(str::to_owned)));
        }
    }
    columns
}

/// The coefficients but the intercept, each under its variable and level.
pub(super) fn lines(design: &Design, coefficients: &[Coefficient]) -> Vec<Line> {
    let slopes = coefficients.iter().skip(usize::from(design.intercept().is_some()));
    (columns(design).into_iter().zip(slopes))
        .map(|((variable, level), coefficient)| {
            let limits = coefficient.odds_ratio_interval();
            Line {
                variable,
                level,
                estimate: coefficient.estimate,
                std_error: coefficient.std_error,
                statistic: coefficient.statistic,
                p_value: coefficient.p_value,
                ratio: coefficient.odds_ratio(),
                low: limits.low,
                high: limits.high,
                pooled: None,
            }
        })
        .collect()
}

impl Selected {
    pub(super) fn new(terms: Vec<String>, path: Vec<regression::Step>) -> Self {
        let step = |step: regression::Step| Step {
            entered: step.change == Change::Entered,
            variable: step.term,
            p_value: step.test.p_value,
        };
        Self { terms, path: path.into_iter().map(step).collect() }
    }
}

impl ModelPlan {
    /// The columns of the outcome.
    pub(super) fn outcome_names(&self) -> Vec<&str> {
        std::iter::once(self.outcome.variable.as_str()).chain(self.outcome.time.as_deref()).collect()
    }

    /// The stepwise procedure that the study file names.
    pub(super) fn selection(&self) -> Selection {
        let by_p =
            |removal| Criterion::PValue { entry: EntryTest::Score, removal, enter: self.enter, remove: self.remove };
        let (direction, criterion) = match self.select {
            Select::ForwardLikelihoodRatio => (Direction::Forward, by_p(RemovalTest::LikelihoodRatio)),
            Select::ForwardWald => (Direction::Forward, by_p(RemovalTest::Wald)),
            Select::ForwardScore => (Direction::Forward, by_p(RemovalTest::Score)),
            Select::BackwardLikelihoodRatio | Select::All => (Direction::Backward, by_p(RemovalTest::LikelihoodRatio)),
            Select::BackwardWald => (Direction::Backward, by_p(RemovalTest::Wald)),
            Select::BackwardScore => (Direction::Backward, by_p(RemovalTest::Score)),
            Select::ForwardAic => (Direction::Forward, Criterion::Aic),
            Select::BackwardAic => (Direction::Backward, Criterion::Aic),
        };
        Selection { direction, criterion, keep: self.keep.clone(), fit: Logistic::default() }
    }

    pub(super) fn describe(&self, text: &mut String, word: &str, conventions: &Conventions, keys: &[&str]) {
        let Outcome { variable, level, time } = &self.outcome;
        let time = time.as_ref().map(|time| format!(", time {time}")).unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = write!(text, "\n{word} {}: {}\n  event: {variable} = {level}{time}\n", self.id, self.title);
        block::describe_subset(text, &self.within);
        if self.univariable {
            text.push_str("  each term by itself\n");
        }
        if let Some(method) = self.adjust {
            let _ = writeln!(text, "  adjusted p: {} over the terms by themselves", method.word());
        }
        if self.multivariable {
            let _ = writeln!(text, "  together: {}", self.rule());
        }
        for key in keys {
            let _ = writeln!(text, "  {}", conventions.evidence(key));
        }
        if let Some(imputation) = &self.imputation {
            let _ = writeln!(text, "  {}", imputation.to_text(conventions));
        }
        for term in &self.terms {
            let _ = writeln!(text, "  {}", term.to_text());
        }
    }

    /// How the model of several terms is chosen, in words.
    fn rule(&self) -> String {
        let mut rule = match self.screen {
            None => "every term".to_owned(),
            Some((below, ScreenBy::P)) => format!("terms with p < {below} by themselves"),
            Some((below, ScreenBy::AdjustedP)) => format!("terms with adjusted p < {below} by themselves"),
        };
        match self.select {
            Select::All => {}
            Select::ForwardAic | Select::BackwardAic => {
                let _ = write!(rule, ", selected {}", self.select.word());
            }
            stepwise => {
                let (enter, remove) = (self.enter, self.remove);
                let _ = write!(rule, ", selected {} (entry p < {enter}, removal p > {remove})", stepwise.word());
            }
        }
        if !self.keep.is_empty() {
            let _ = write!(rule, "; always in: {}", self.keep.join(", "));
        }
        rule
    }

    pub(super) fn panels(&self) -> Vec<(PanelKind, Vec<String>)> {
        vec![(PanelKind::Forest, self.terms.iter().map(|term| term.variable.clone()).collect())]
    }

    pub(super) fn default_panels(&self) -> Vec<Panel> {
        vec![block::panel(PanelKind::Forest, &self.id, Vec::new())]
    }

    pub(super) fn run(&self, fits: &dyn Fits, running: &Running<'_>, record: &mut Record) {
        let frame = running.frame;
        let members = self.within.members(frame);
        let patients = members.iter().filter(|member| **member).count();
        let known = fits.known();
        let base: Vec<usize> = (0..members.len()).filter(|row| members[*row] && known[*row]).collect();
        let imputed = self.imputation.as_ref();
        let completed = imputed.map(|imputation| imputation.run(self, fits, (frame, &base), running.conventions));
        let mut writer = Writer { plan: self, fits, frame, base: &base, patients, completed: &completed, record };
        let screened = (self.univariable || self.screen.is_some()).then(|| writer.univariable());
        let family = screened.as_ref().and_then(|screened| screened.family.clone());
        let mut notes = Vec::new();
        notes.extend(completed.iter().flatten().map(|completed| completed.note.clone()));
        if self.multivariable {
            notes.push(format!("terms of the multivariable model: {}", self.rule()));
            writer.multivariable(screened.as_ref(), &mut notes);
        }
        let mut models = Vec::new();
        if screened.is_some() {
            models.push(UNIVARIABLE.to_owned());
        }
        if self.multivariable {
            models.push(MULTIVARIABLE.to_owned());
        }
        record.analyses.push(Analysis {
            within: self.within.record(&members),
            outcome: Some(self.outcome.clone()),
            models,
            terms: self.terms.iter().flat_map(PlannedTerm::lines).collect(),
            family,
            alpha: running.conventions.alpha(),
            notes,
            ..Analysis::new(&self.id, self.kind, &self.title)
        });
    }
}

/// What the terms by themselves say.
struct Screened {
    family: Option<restudy_ledger::Family>,
    /// For each term its p-value and its adjusted one.
    p_values: Vec<(Result<f64, String>, Option<f64>)>,
}

struct Writer<'a> {
    plan: &'a ModelPlan,
    fits: &'a dyn Fits,
    frame: Frame<'a>,
    /// Patients of the subset whose outcome is known.
    base: &'a [usize],
    patients: usize,
    /// The completed data where missing values are imputed, or why there are none.
    completed: &'a Option<Result<Completed, String>>,
    record: &'a mut Record,
}

impl Writer<'_> {
    /// The model of some terms.
    fn fit(&self, terms: &[&PlannedTerm], rows: &[usize]) -> Result<Fitted, String> {
        match self.completed {
            Some(Ok(completed)) => completed.fit(self.fits, terms, (self.frame, rows)),
            Some(Err(reason)) => Err(reason.clone()),
            None => term::design(self.fits.begin(rows.len()), terms, rows, self.frame)
                .map_err(|error| error.to_string())
                .and_then(|design| self.fits.fit(&design, rows)),
        }
    }

    fn place(&self, model: &str, context: Context, variable: &str, stat: Stat, value: f64) -> Row {
        Row::new(&self.plan.id, context, variable, None, stat, value).model(model)
    }

    /// The patients of the base who have a value of every term, or are given one.
    fn complete(&self, terms: &[&PlannedTerm]) -> Vec<usize> {
        if self.completed.is_some() {
            return self.base.to_vec();
        }
        let known: Vec<Vec<bool>> = terms.iter().map(|term| term.known(self.frame)).collect();
        self.base.iter().copied().filter(|row| known.iter().all(|known| known[*row])).collect()
    }

    /// How many patients a model is of, under a variable's name.
    fn size(&mut self, model: &str, variable: &str, rows: &[usize]) {
        let facts = [
            (Context::Missingness, Stat::N, rows.len()),
            (Context::Missingness, Stat::NMissing, self.patients - rows.len()),
            (Context::Summary, Stat::Events, self.fits.events(rows)),
        ];
        for (context, stat, value) in facts {
            self.record.rows.push(self.place(model, context, variable, stat, value as f64));
        }
    }

    fn univariable(&mut self) -> Screened {
        let plan = self.plan;
        let mut p_values = Vec::with_capacity(plan.terms.len());
        for term in &plan.terms {
            let rows = self.complete(&[term]);
            self.size(UNIVARIABLE, &term.variable, &rows);
            let fitted = self.fit(&[term], &rows);
            p_values.push(match fitted {
                Ok(fitted) => Ok(self.fitted(UNIVARIABLE, &fitted, &[term])),
                Err(reason) => {
                    self.unfitted(UNIVARIABLE, term, &reason);
                    Err(reason)
                }
            });
        }
        let Some(method) = plan.adjust else {
            return Screened { family: None, p_values: p_values.into_iter().map(|p_value| (p_value, None)).collect() };
        };
        let member = |(term, p_value): (&PlannedTerm, &Result<f64, String>)| {
            let mut place = self.place(UNIVARIABLE, Context::Test, &term.variable, Stat::PValue, f64::NAN);
            // A term of one line has its adjusted p on it.
            if let [line] = term.lines().as_slice() {
                place.level.clone_from(&line.level);
            }
            Member { place, name: term.variable.clone(), p_value: p_value.clone(), left_out: false }
        };
        let members = plan.terms.iter().zip(&p_values).map(member).collect();
        let (family, adjusted) = family::adjust(&mut self.record.rows, members, method);
        Screened { family: Some(family), p_values: p_values.into_iter().zip(adjusted).collect() }
    }

    fn multivariable(&mut self, screened: Option<&Screened>, notes: &mut Vec<String>) {
        let plan = self.plan;
        let goes_on = |place: usize, variable: &String| {
            let Some((below, by)) = plan.screen else { return true };
            let Some((p_value, adjusted)) = screened.and_then(|screened| screened.p_values.get(place)) else {
                return true;
            };
            let p_value = match by {
                ScreenBy::P => p_value.as_ref().ok().copied(),
                ScreenBy::AdjustedP => *adjusted,
            };
            plan.keep.contains(variable) || p_value.is_some_and(|p_value| p_value < below)
        };
        let mut terms: Vec<&PlannedTerm> = (plan.terms.iter().enumerate())
            .filter(|(place, term)| goes_on(*place, &term.variable))
            .map(|(_, term)| term)
            .collect();
        let outcome = plan.outcome.variable.as_str();
        let missing = |writer: &Self, reason: &str| {
            writer.place(MULTIVARIABLE, Context::Test, outcome, Stat::LogLikelihood, f64::NAN).reason(reason)
        };
        if terms.is_empty() {
            let row = missing(self, "no term has a p-value small enough by itself");
            self.record.rows.push(row);
            return;
        }
        let rows = self.complete(&terms);
        if plan.select != Select::All {
            let selected = term::design(self.fits.begin(rows.len()), &terms, &rows, self.frame)
                .map_err(|error| error.to_string())
                .and_then(|design| self.fits.select(plan, &design, &rows));
            match selected {
                Ok(selected) => {
                    let left: Vec<&str> = (terms.iter().map(|term| term.variable.as_str()))
                        .filter(|variable| !selected.terms.iter().any(|name| name == variable))
                        .collect();
                    let say = |names: &[&str]| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
                    notes.push(format!(
                        "selected: {}",
                        say(&selected.terms.iter().map(String::as_str).collect::<Vec<_>>())
                    ));
                    notes.push(format!("not selected: {}", say(&left)));
                    self.record.series.push(path(&plan.id, &selected.path));
                    terms.retain(|term| selected.terms.contains(&term.variable));
                }
                Err(reason) => {
                    self.size(MULTIVARIABLE, outcome, &rows);
                    let row = missing(self, &reason);
                    self.record.rows.push(row);
                    return;
                }
            }
            if terms.is_empty() {
                self.size(MULTIVARIABLE, outcome, &rows);
                let row = missing(self, "no term was selected");
                self.record.rows.push(row);
                return;
            }
        }
        // The final model is of the patients that the selection looked at, as packages have it.
        self.size(MULTIVARIABLE, outcome, &rows);
        match self.fit(&terms, &rows) {
            Ok(fitted) => {
                self.fitted(MULTIVARIABLE, &fitted, &terms);
            }
            Err(reason) => {
                for term in &terms {
                    self.unfitted(MULTIVARIABLE, term, &reason);
                }
                let row = missing(self, &reason);
                self.record.rows.push(row);
            }
        }
    }

    /// Writes a fitted model; returns the p-value of its first term.
    fn fitted(&mut self, model: &str, fitted: &Fitted, terms: &[&PlannedTerm]) -> f64 {
        let whole = model == MULTIVARIABLE;
        let key = fitted.procedure;
        let lines = terms.iter().map(|term| term.lines().len()).sum::<usize>();
        let mut first = f64::NAN;
        for line in &fitted.coefficients {
            let place = |stat, value| {
                let row = self.place(model, Context::Test, &line.variable, stat, value).procedure(key);
                Row { level: line.level.clone(), ..row }
            };
            let ratio = self.fits.ratio();
            let rows = [
                place(Stat::Estimate, line.estimate),
                place(Stat::StdError, line.std_error).of(Stat::Estimate),
                place(Stat::Statistic, line.statistic),
                place(ratio, line.ratio),
                place(Stat::ConfLow, line.low).of(ratio),
                place(Stat::ConfHigh, line.high).of(ratio),
                Row { remarks: fitted.remarks.clone(), ..place(Stat::PValue, line.p_value) },
            ];
            let pooled =
                line.pooled.map(|(df, missing)| [place(Stat::Df, df), place(Stat::MissingInformation, missing)]);
            self.record.rows.extend(rows.into_iter().chain(pooled.into_iter().flatten()));
            if first.is_nan() {
                first = line.p_value;
            }
        }
        // A term of several lines has a p-value of its own.
        for test in fitted.terms.iter().filter(|_| lines > terms.len()) {
            let variable = test.variable.as_deref().unwrap_or_default();
            let several = terms.iter().any(|term| term.variable == variable && term.lines().len() > 1);
            if !several {
                continue;
            }
            for (stat, value) in test.facts() {
                let row = self.place(model, Context::Test, variable, stat, value).procedure(test.procedure);
                self.record.rows.push(row);
            }
            if terms.len() == 1 {
                first = test.p_value;
            }
        }
        let outcome = self.plan.outcome.variable.as_str();
        if whole {
            for (variable, factor) in &fitted.inflation {
                let row = self.place(model, Context::Summary, variable, Stat::VarianceInflation, *factor);
                self.record.rows.push(row);
            }
            for (stat, value, procedure) in &fitted.whole {
                let mut row = self.place(model, Context::Summary, outcome, *stat, *value);
                row.procedure = procedure.map(str::to_owned);
                if *stat == Stat::EventsPerVariable {
                    row.remarks.clone_from(&fitted.remarks);
                }
                self.record.rows.push(row);
            }
        }
        // The assumption stands beside the model that makes it.
        if whole || terms.len() == 1 {
            for test in fitted.proportional.iter().filter(|test| whole || test.variable.is_some()) {
                for (stat, value) in test.facts() {
                    let model = format!("{model}, proportional hazards");
                    let variable = test.variable.as_deref().unwrap_or(outcome);
                    let row = self.place(&model, Context::Test, variable, stat, value);
                    self.record.rows.push(row.procedure(test.procedure));
                }
            }
        }
        first
    }

    /// The lines of a term without an estimate.
    fn unfitted(&mut self, model: &str, term: &PlannedTerm, reason: &str) {
        for line in term.lines() {
            for stat in [self.fits.ratio(), Stat::PValue] {
                let row = self.place(model, Context::Test, &term.variable, stat, f64::NAN).reason(reason);
                self.record.rows.push(Row { level: line.level.clone(), ..row });
            }
        }
    }
}

fn path(id: &str, steps: &[Step]) -> Series {
    let change = |step: &Step| if step.entered { "entered" } else { "left" }.to_owned();
    Series::new(id, SeriesKind::SelectionPath)
        .numbers("step", (1..=steps.len()).map(|step| step as f64))
        .words("change", steps.iter().map(change).collect())
        .words("variable", steps.iter().map(|step| step.variable.clone()).collect())
        .numbers("p_value", steps.iter().map(|step| step.p_value))
}
