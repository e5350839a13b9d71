//! Missing values of a model's terms, filled several times over, and one model out of those of the completed data.

use std::fmt;

use restudy_cohort::{Column, Kind, Values};
use restudy_ledger::AnalysisKind;
use restudy_stats::imputation::{
    ChainedEquations, ImputationError, PooledChiSquare, PooledTest, PooledWald, RubinRules, Scale, Variable,
};
use restudy_stats::regression::TermChiSquare;
use restudy_stats::survival::{NelsonAalen, SurvivalData};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use toml::Spanned;

use super::model::{Fits, Fitted, Line, ModelPlan, Select, TermLine};
use super::term::{self, PlannedTerm};
use crate::block::Resolving;
use crate::conventions::Conventions;
use crate::describe::{Describe, Shape, described, words};
use crate::error::StudyError;
use crate::frame::Frame;

/// What becomes of patients without a value of a term: `missing = "complete-case"`, or a table.
#[derive(Clone, Debug)]
pub enum MissingEntry {
    /// Each model is of the patients with every value.
    CompleteCase,
    /// Missing values are imputed.
    Imputation(ImputationEntry),
}

words! {
    /// How missing values are filled.
    pub enum ImputationMethod {
        /// several times over, by chained equations
        MultipleImputation = "multiple-imputation",
    }
}

described! {
    /// Missing values of the terms are filled several times over by chained equations, the model is fitted to each completed
    /// table, and the fits are pooled by Rubin's rules. The imputation model has the outcome (of a `cox`, the event and the
    /// Nelson–Aalen cumulative hazard at its time), every term of the block, and the variables of `with`; patients whose
    /// outcome is not known are left out.
    pub struct ImputationEntry {
        /// How they are filled.
        pub method: ImputationMethod,
        /// Completed tables; 20 where nothing is said. As many as per cent of the patients miss something is a usual rule.
        pub imputations: Option<u32>,
        /// Rounds of each chain; 10 where nothing is said.
        pub iterations: Option<u32>,
        /// Donors of a measured value; 5 where nothing is said.
        pub donors: Option<u32>,
        /// Further variables that help to predict what is missing.
        #[serde(default)]
        pub with: Vec<String>,
        /// The seed; the study's where nothing is said.
        pub seed: Option<u64>,
    }
}

impl<'de> Deserialize<'de> for MissingEntry {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entry;
        impl<'de> Visitor<'de> for Entry {
            type Value = MissingEntry;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("`\"complete-case\"`, or a table with `method = \"multiple-imputation\"`")
            }
            fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<MissingEntry, E> {
                match word {
                    "complete-case" => Ok(MissingEntry::CompleteCase),
                    other => Err(E::unknown_variant(other, &["complete-case"])),
                }
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<MissingEntry, A::Error> {
                ImputationEntry::deserialize(MapAccessDeserializer::new(map)).map(MissingEntry::Imputation)
            }
        }
        deserializer.deserialize_any(Entry)
    }
}

impl Describe for MissingEntry {
    fn shape() -> Shape {
        let complete_case = &[("complete-case", "each model is of the patients with every value")];
        Shape::Either(vec![Shape::Words(complete_case), ImputationEntry::shape()])
    }
}

/// How missing values are imputed, resolved.
#[derive(Clone, Debug)]
pub(super) struct ImputationPlan {
    imputations: u32,
    iterations: u32,
    donors: u32,
    with: Vec<String>,
    seed: Option<u64>,
}

/// Resolves what becomes of missing values; refuses what cannot be pooled.
pub(super) fn resolve(
    resolving: &Resolving<'_>,
    entry: Option<&Spanned<MissingEntry>>,
    plan: &ModelPlan,
) -> Result<Option<ImputationPlan>, StudyError> {
    let Some(entry) = entry else { return Ok(None) };
    let MissingEntry::Imputation(asked) = entry.get_ref() else { return Ok(None) };
    let refuse = |message: String, hint: Option<String>| Err(resolving.error(&entry.span(), message, hint));
    if plan.select != Select::All {
        let message = "a stepwise selection on imputed values would select other terms in each of them".to_owned();
        return refuse(message, Some("leave out `select`, or take `missing = \"complete-case\"`".to_owned()));
    }
    if plan.kind == AnalysisKind::Logistic && resolving.conventions.get("model-inference") == "likelihood-ratio" {
        let message = "profile-likelihood intervals are not pooled over imputations".to_owned();
        return refuse(message, Some("[conventions] model-inference = \"wald\"".to_owned()));
    }
    for name in &asked.with {
        let column = resolving.column(name, &entry.span())?;
        if matches!(column.values, Values::Dates(_)) {
            return refuse(format!("`{name}` is a date, which imputes nothing"), None);
        }
        if plan.terms.iter().any(|term| term.variable == *name) || plan.outcome_names().contains(&name.as_str()) {
            return refuse(format!("`{name}` is in the imputation model as it is"), None);
        }
    }
    let counted = |key: &str, written: Option<u32>, least: u32, default: u32| match written {
        Some(written) if written < least => {
            Err(resolving.error(&entry.span(), format!("`{key}` is a number from {least}"), None))
        }
        written => Ok(written.unwrap_or(default)),
    };
    Ok(Some(ImputationPlan {
        imputations: counted("imputations", asked.imputations, 2, 20)?,
        iterations: counted("iterations", asked.iterations, 1, 10)?,
        donors: counted("donors", asked.donors, 1, 5)?,
        with: asked.with.clone(),
        seed: asked.seed,
    }))
}

impl ImputationPlan {
    /// In the plan's text.
    pub(super) fn to_text(&self, conventions: &Conventions) -> String {
        let Self { imputations, iterations, donors, .. } = self;
        let seed = self.seed.unwrap_or(conventions.seed());
        let with = if self.with.is_empty() { String::new() } else { format!("; with {}", self.with.join(", ")) };
        format!(
            "missing values: {imputations} imputations by chained equations, {iterations} rounds, {donors} donors, \
             seed {seed}{with}"
        )
    }

    /// Fills the terms' missing values of the patients in `base`, whose outcome is known.
    pub(super) fn run<'f>(
        &self,
        plan: &ModelPlan,
        fits: &dyn Fits,
        (frame, base): (Frame<'f>, &[usize]),
        conventions: &Conventions,
    ) -> Result<Completed, String> {
        let names = plan.terms.iter().map(|term| term.variable.as_str()).chain(self.with.iter().map(String::as_str));
        let mut measured: Vec<Measured> = names.filter_map(|name| Measured::of(frame.column(name)?, base)).collect();
        // A variable that does not vary predicts nothing, and has nothing to be filled with.
        measured.retain(|variable| variable.levels.as_ref().is_none_or(|levels| levels.len() > 1));
        let outcome: Vec<(Scale, Vec<Option<f64>>)> = (fits.predictors(base).into_iter())
            .map(|(binary, values)| {
                let scale = if binary { Scale::Binary } else { Scale::Continuous };
                (scale, values.into_iter().map(Some).collect())
            })
            .collect();
        let own = measured.iter().map(|variable| Variable { scale: variable.scale, values: &variable.values });
        let of_outcome = outcome.iter().map(|(scale, values)| Variable { scale: *scale, values });
        let variables: Vec<Variable<'_>> = own.chain(of_outcome).collect();
        let settings = ChainedEquations {
            imputations: self.imputations,
            iterations: self.iterations,
            donors: self.donors,
            seed: self.seed.unwrap_or(conventions.seed()),
        };
        let said = |error: ImputationError| format!("missing values cannot be imputed: {error}");
        let imputations = settings.run(&variables).map_err(said)?;
        let completed = |imputation: usize| -> Vec<Column> {
            let table = imputations.complete(&variables, imputation);
            let incomplete =
                imputations.imputed.iter().filter_map(|imputed| measured.get(imputed.variable).zip(Some(imputed)));
            incomplete
                .filter_map(|(variable, imputed)| {
                    Some(variable.filled(frame.column(&variable.name)?, base, table.get(imputed.variable)?))
                })
                .collect()
        };
        let mut filled = Vec::new();
        for imputed in &imputations.imputed {
            if let Some(variable) = measured.get(imputed.variable) {
                let label = frame.column(&variable.name).map_or(variable.name.as_str(), |column| &column.label);
                filled.push(format!("{label} ({} missing) by {}", imputed.rows.len(), model_of(variable.scale)));
            }
        }
        let incomplete = (0..base.len()).filter(|&row| variables.iter().any(|variable| variable.values[row].is_none()));
        let outcome = match plan.kind {
            AnalysisKind::Cox => "the event, the Nelson–Aalen cumulative hazard at its time",
            _ => "the outcome",
        };
        let with: Vec<&str> =
            self.with.iter().map(|name| frame.column(name).map_or(name.as_str(), |c| &c.label)).collect();
        let with = if with.is_empty() { String::new() } else { format!(" and {}", with.join(", ")) };
        let note = if filled.is_empty() {
            "no value of the terms is missing: nothing was imputed".to_owned()
        } else {
            format!(
                "missing values of {} of {} patients were imputed {} times by chained equations ({} rounds, seed {}), from \
                 {outcome}, all terms{with}: {}; estimates are pooled by Rubin's rules, degrees of freedom by Barnard and \
                 Rubin",
                incomplete.count(),
                base.len(),
                self.imputations,
                self.iterations,
                settings.seed,
                filled.join("; ")
            )
        };
        Ok(Completed {
            tables: (0..self.imputations as usize).map(completed).collect(),
            note,
            level: conventions.level(),
        })
    }
}

fn model_of(scale: Scale) -> &'static str {
    match scale {
        Scale::Continuous => "predictive mean matching",
        Scale::Binary => "logistic regression",
        Scale::Nominal { .. } => "multinomial logistic regression",
        Scale::Ordered { .. } => "proportional odds regression",
    }
}

/// A variable of the imputation model, of the patients in the base.
struct Measured {
    name: String,
    scale: Scale,
    values: Vec<Option<f64>>,
    /// Codes of the levels that occur.
    levels: Option<Vec<u32>>,
}

impl Measured {
    /// None for dates.
    fn of(column: &Column, base: &[usize]) -> Option<Self> {
        let name = column.name.clone();
        match &column.values {
            Values::Numbers(numbers) => {
                let values = base.iter().map(|&row| numbers[row]).collect();
                Some(Self { name, scale: Scale::Continuous, values, levels: None })
            }
            Values::Levels { codes, .. } => {
                let mut used: Vec<u32> = base.iter().filter_map(|&row| codes[row]).collect();
                used.sort_unstable();
                used.dedup();
                let place = |code: u32| used.binary_search(&code).ok().map(|place| place as f64);
                let values = base.iter().map(|&row| codes[row].and_then(place)).collect();
                let scale = match (used.len(), column.kind) {
                    (0..=2, _) => Scale::Binary,
                    (levels, Kind::Ordinal) => Scale::Ordered { levels },
                    (levels, _) => Scale::Nominal { levels },
                };
                Some(Self { name, scale, values, levels: Some(used) })
            }
            Values::Dates(_) => None,
        }
    }

    /// The column with the values of a completed table in the rows of the base.
    fn filled(&self, column: &Column, base: &[usize], completed: &[f64]) -> Column {
        let mut column = column.clone();
        match (&mut column.values, &self.levels) {
            (Values::Numbers(numbers), _) => {
                for (&row, value) in base.iter().zip(completed) {
                    numbers[row] = Some(*value);
                }
            }
            (Values::Levels { codes, .. }, Some(used)) => {
                for (&row, place) in base.iter().zip(completed) {
                    codes[row] = used.get(*place as usize).copied();
                }
            }
            _ => {}
        }
        column
    }
}

/// The cumulative hazard at each patient's time: what stands for the time in an imputation model (White and Royston 2009).
pub(super) fn cumulative_hazard(time: &[f64], event: &[bool]) -> Vec<f64> {
    let hazard =
        SurvivalData::new(time, event).prepare().ok().and_then(|times| NelsonAalen::default().fit(&times).ok());
    // Prepared or not: a time without a hazard stands for none.
    time.iter().map(|&time| hazard.as_ref().and_then(|hazard| hazard.at(time)).unwrap_or(0.0)).collect()
}

/// The completed columns of each imputation.
pub(super) struct Completed {
    tables: Vec<Vec<Column>>,
    pub(super) note: String,
    level: restudy_stats::Level,
}

impl Completed {
    /// The pooled model of some terms, of the patients in `rows`.
    pub(super) fn fit(
        &self,
        fits: &dyn Fits,
        terms: &[&PlannedTerm],
        (frame, rows): (Frame<'_>, &[usize]),
    ) -> Result<Fitted, String> {
        let mut models = Vec::with_capacity(self.tables.len());
        for (place, table) in self.tables.iter().enumerate() {
            let frame = Frame { completed: table, ..frame };
            let fitted = term::design(fits.begin(rows.len()), terms, rows, frame)
                .map_err(|error| error.to_string())
                .and_then(|design| fits.fit(&design, rows));
            models.push(fitted.map_err(|reason| format!("imputation {}: {reason}", place + 1))?);
        }
        let penalised = models.iter().filter(|model| model.procedure.contains("firth")).count();
        if penalised > 0 {
            return Err(format!(
                "in {penalised} of {} imputations the likelihood has no maximum, and Firth's estimates are not pooled",
                models.len()
            ));
        }
        let Some((first, others)) = models.split_first() else { return Err("there are no imputations".to_owned()) };
        let place = |line: &Line| (line.variable.clone(), line.level.clone());
        let same = |other: &Fitted| {
            let (own, its) = (first.coefficients.iter().map(place), other.coefficients.iter().map(place));
            own.eq(its)
        };
        if !others.iter().all(same) {
            return Err("a level of a term occurs in some imputations and not in others".to_owned());
        }
        let slopes = first.coefficients.len();
        let complete_df = fits.residual_df(rows, slopes);
        let said = |error: ImputationError| error.to_string();
        let rules = RubinRules { level: self.level, complete_df };
        let mut coefficients = Vec::with_capacity(slopes);
        for (place, line) in first.coefficients.iter().enumerate() {
            let of = |value: fn(&Line) -> f64| -> Vec<f64> {
                models.iter().map(|model| value(&model.coefficients[place])).collect()
            };
            let pooled =
                rules.run(&of(|line| line.estimate), &of(|line| line.std_error * line.std_error)).map_err(said)?;
            coefficients.push(Line {
                variable: line.variable.clone(),
                level: line.level.clone(),
                estimate: pooled.estimate,
                std_error: pooled.std_error,
                statistic: pooled.t,
                p_value: pooled.p_value,
                ratio: pooled.estimate.exp(),
                low: pooled.interval.low.exp(),
                high: pooled.interval.high.exp(),
                pooled: Some((pooled.df, pooled.fmi)),
            });
        }
        Ok(Fitted {
            terms: self.joint(&models, terms, complete_df)?,
            coefficients,
            covariance: Vec::new(),
            whole: first
                .whole
                .iter()
                .filter(|(stat, ..)| *stat == restudy_ledger::Stat::EventsPerVariable)
                .copied()
                .collect(),
            proportional: proportional(&models)?,
            inflation: Vec::new(),
            procedure: match first.procedure {
                "cox/breslow/wald" => "cox/breslow/wald/multiple_imputation",
                "cox/efron/wald" => "cox/efron/wald/multiple_imputation",
                _ => "logistic/wald/multiple_imputation",
            },
            remarks: first.remarks.clone(),
        })
    }

    /// The tests of terms of several lines: the pooled Wald test D1.
    fn joint(&self, models: &[Fitted], terms: &[&PlannedTerm], complete_df: f64) -> Result<Vec<TermLine>, String> {
        let first = &models[0];
        let slopes = first.coefficients.len();
        let mut lines = Vec::new();
        for term in terms {
            let places: Vec<usize> =
                (0..slopes).filter(|&place| first.coefficients[place].variable == term.variable).collect();
            if places.len() < 2 {
                continue;
            }
            let estimates: Vec<Vec<f64>> = models
                .iter()
                .map(|model| places.iter().map(|&place| model.coefficients[place].estimate).collect())
                .collect();
            let covariances: Vec<Vec<f64>> = models
                .iter()
                .map(|model| {
                    let cell = |&row: &usize, &column: &usize| model.covariance[row * slopes + column];
                    places
                        .iter()
                        .flat_map(|row| places.iter().map(|column| cell(row, column)).collect::<Vec<_>>())
                        .collect()
                })
                .collect();
            let [estimates, covariances] =
                [&estimates, &covariances].map(|of| of.iter().map(Vec::as_slice).collect::<Vec<_>>());
            let test = PooledWald { complete_df }.run(&estimates, &covariances).map_err(|error| error.to_string())?;
            lines.push(line(Some(term.variable.clone()), test, "pooled_wald"));
        }
        Ok(lines)
    }
}

fn line(variable: Option<String>, test: PooledTest, procedure: &'static str) -> TermLine {
    TermLine {
        variable,
        statistic: test.statistic,
        df: test.df1,
        df_denominator: Some(test.df2),
        p_value: test.p_value,
        procedure,
    }
}

/// The tests of proportional hazards, pooled as chi-squares: D2.
fn proportional(models: &[Fitted]) -> Result<Vec<TermLine>, String> {
    let mut lines = Vec::new();
    for (place, first) in models[0].proportional.iter().enumerate() {
        let statistics: Option<Vec<f64>> =
            models.iter().map(|model| model.proportional.get(place).map(|line| line.statistic)).collect();
        let Some(statistics) = statistics else { return Ok(Vec::new()) };
        let test = PooledChiSquare { df: first.df as u32 }.run(&statistics).map_err(|error| error.to_string())?;
        lines.push(line(first.variable.clone(), test, "proportional_hazards/kaplan_meier/pooled_chi_square"));
    }
    Ok(lines)
}

impl TermLine {
    /// A test of a single model.
    pub(super) fn of(variable: Option<String>, test: TermChiSquare, procedure: &'static str) -> Self {
        Self {
            variable,
            statistic: test.chi_square,
            df: test.df as f64,
            df_denominator: None,
            p_value: test.p_value,
            procedure,
        }
    }
}
