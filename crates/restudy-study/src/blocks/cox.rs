//! Proportional hazards regression: each term by itself, and several together.

use std::ops::Range;

use restudy_ledger::{AnalysisKind, Panel, PanelKind, Stat};
use restudy_stats::Level;
use restudy_stats::regression::{Coefficient, Design, DesignBuilder, TermChiSquare};
use restudy_stats::survival::{
    Covariates, Cox, CoxFit, CoxOrFirth, CoxTies, FirthCoxFit, ModelTest, ProportionalHazards, SurvivalData,
    SurvivalError, SurvivalTimes,
};
use toml::Spanned;

use super::imputation;
use super::model::{self, Fits, Fitted, ModelPlan, Selected, TermLine};
use super::model_block::model_block;
use crate::block::{Block, Event, Record, Resolving, Running, Step};
use crate::conventions::Conventions;
use crate::error::StudyError;

model_block! {
    /// `[[cox]]`: how the hazard of an event depends on each term by itself, and on several together.
    pub struct CoxBlock {
        /// The variable that holds the time of the event or of the end of follow-up.
        pub time: Spanned<String>,
    }
}

impl Block for CoxBlock {
    fn id(&self) -> &Spanned<String> {
        &self.id
    }

    fn resolve(&self, resolving: &mut Resolving<'_>) -> Result<Box<dyn Step>, StudyError> {
        let time = resolving.time(&self.time)?.name.clone();
        let event = resolving.event(&self.outcome, self.event.as_ref())?;
        let title = format!("Proportional hazards of {}", event.variable);
        let plan = self.keys().plan(resolving, AnalysisKind::Cox, event.outcome(Some(&time)), &title)?;
        Ok(Box::new(CoxPlan { plan, event, time }))
    }
}

#[derive(Clone, Debug)]
struct CoxPlan {
    plan: ModelPlan,
    event: Event,
    time: String,
}

impl Step for CoxPlan {
    fn id(&self) -> &str {
        &self.plan.id
    }

    fn title(&self) -> &str {
        &self.plan.title
    }

    fn describe(&self, text: &mut String, conventions: &Conventions) {
        self.plan.describe(text, "cox", conventions, &["cox-ties", "separation"]);
    }

    fn run(&self, running: &Running<'_>, record: &mut Record) {
        let fits = CoxFits {
            times: running.frame.numbers(&self.time),
            events: self.event.of(running.frame),
            conventions: running.conventions,
        };
        self.plan.run(&fits, running, record);
    }

    fn panels(&self) -> Vec<(PanelKind, Vec<String>)> {
        self.plan.panels()
    }

    fn default_panels(&self) -> Vec<Panel> {
        self.plan.default_panels()
    }
}

struct CoxFits<'a> {
    times: Vec<Option<f64>>,
    events: Vec<Option<bool>>,
    conventions: &'a Conventions,
}

impl CoxFits<'_> {
    fn times_of(&self, rows: &[usize]) -> Result<SurvivalTimes, String> {
        let time: Vec<f64> = rows.iter().filter_map(|row| self.times[*row]).collect();
        let event: Vec<bool> = rows.iter().map(|row| self.events[*row] == Some(true)).collect();
        SurvivalData::new(&time, &event).prepare().map_err(|error| error.to_string())
    }
}

impl Fits for CoxFits<'_> {
    fn known(&self) -> Vec<bool> {
        self.times.iter().zip(&self.events).map(|(time, event)| time.is_some() && event.is_some()).collect()
    }

    fn events(&self, rows: &[usize]) -> usize {
        rows.iter().filter(|row| self.events[**row] == Some(true)).count()
    }

    fn ratio(&self) -> Stat {
        Stat::HazardRatio
    }

    fn begin(&self, rows: usize) -> DesignBuilder {
        Design::build(rows).baseline()
    }

    fn predictors(&self, rows: &[usize]) -> Vec<(bool, Vec<f64>)> {
        let time: Vec<f64> = rows.iter().map(|row| self.times[*row].unwrap_or_default()).collect();
        let event: Vec<bool> = rows.iter().map(|row| self.events[*row] == Some(true)).collect();
        let hazard = imputation::cumulative_hazard(&time, &event);
        vec![(true, event.into_iter().map(|event| f64::from(u8::from(event))).collect()), (false, hazard)]
    }

    fn residual_df(&self, rows: &[usize], slopes: usize) -> f64 {
        (self.events(rows) as f64 - slopes as f64).max(1.0)
    }

    fn fit(&self, design: &Design, rows: &[usize]) -> Result<Fitted, String> {
        let times = self.times_of(rows)?;
        let cox = Cox { ties: self.conventions.cox_ties() };
        let covariates = Covariates::from(design);
        let said = |error: SurvivalError| error.to_string();
        let level = self.conventions.level();
        let firth = self.conventions.get("separation") == "firth";
        let found = if firth {
            cox.fit_or_firth(&times, covariates, level).map_err(said)?
        } else {
            CoxOrFirth::Likelihood(Box::new(cox.fit(&times, covariates).map_err(said)?))
        };
        let mut fitted = match found {
            CoxOrFirth::Likelihood(fit) => by_likelihood(design, &fit, level),
            CoxOrFirth::Monotone { terms, fit, coefficients } => by_firth(design, &fit, &coefficients, &terms),
        };
        let per_coefficient = times.events() as f64 / design.column_names().len() as f64;
        fitted.whole.push((Stat::EventsPerVariable, per_coefficient, None));
        if per_coefficient < FEW_EVENTS {
            fitted.remarks.push(format!("{per_coefficient:.1} events per coefficient, fewer than 10"));
        }
        Ok(fitted)
    }

    fn select(&self, plan: &ModelPlan, design: &Design, rows: &[usize]) -> Result<Selected, String> {
        let times = self.times_of(rows)?;
        let cox = Cox { ties: self.conventions.cox_ties() };
        let selected = cox.select(&times, design, &plan.selection()).map_err(|error| error.to_string())?;
        Ok(Selected::new(selected.terms, selected.path))
    }
}

/// A model with a maximum: Wald's tests and limits, the test of proportional hazards.
fn by_likelihood(design: &Design, fit: &CoxFit<'_>, level: Level) -> Fitted {
    let whole = [
        (Stat::LogLikelihood, fit.log_likelihood, None),
        (Stat::Aic, fit.aic(), None),
        (Stat::Statistic, fit.likelihood_ratio.chi_square, Some("likelihood_ratio")),
        (Stat::Df, fit.likelihood_ratio.df, Some("likelihood_ratio")),
        (Stat::PValue, fit.likelihood_ratio.p_value, Some("likelihood_ratio")),
    ];
    let concordance = fit.concordance.as_ref().map(|concordance| (Stat::Concordance, concordance.value, None));
    let ranges: Vec<Range<usize>> = design.terms().iter().map(|term| term.columns.clone()).collect();
    // Without an answer, as where hardly anybody has the event, the model stands without it.
    let proportional = match ProportionalHazards::default().run(fit, &ranges) {
        Ok(tested) => {
            let names = design.terms().iter().map(|term| Some(term.name.clone()));
            (names.zip(tested.terms.iter().copied()).chain([(None, tested.global)]))
                .map(|(name, test)| TermLine::of(name, chi_square(test), "proportional_hazards/kaplan_meier"))
                .collect()
        }
        Err(_) => Vec::new(),
    };
    Fitted {
        coefficients: model::lines(design, &fit.wald(level)),
        covariance: fit.covariance.clone(),
        terms: Vec::new(),
        whole: whole.into_iter().chain(concordance).collect(),
        proportional,
        inflation: Vec::new(),
        procedure: match fit.ties {
            CoxTies::Breslow => "cox/breslow/wald",
            _ => "cox/efron/wald",
        },
        remarks: Vec::new(),
    }
}

/// A model whose likelihood has no maximum, by Firth's penalised likelihood: profile limits and its own tests.
fn by_firth(design: &Design, fit: &FirthCoxFit<'_>, coefficients: &[Coefficient], infinite: &[String]) -> Fitted {
    let ratio = fit.likelihood_ratio;
    let procedure = "cox/firth/penalized_likelihood_ratio";
    Fitted {
        coefficients: model::lines(design, coefficients),
        covariance: Vec::new(),
        terms: Vec::new(),
        whole: vec![
            (Stat::LogLikelihood, fit.penalized_log_likelihood, Some("firth")),
            (Stat::Statistic, ratio.chi_square, Some(procedure)),
            (Stat::Df, ratio.df, Some(procedure)),
            (Stat::PValue, ratio.p_value, Some(procedure)),
        ],
        proportional: Vec::new(),
        inflation: Vec::new(),
        procedure,
        remarks: vec![format!(
            "the likelihood has no maximum along {}; this is Firth's penalised likelihood",
            infinite.join(", ")
        )],
    }
}

/// Fewer events per coefficient than this are remarked on (Peduzzi et al. 1995).
const FEW_EVENTS: f64 = 10.0;

fn chi_square(test: ModelTest) -> TermChiSquare {
    TermChiSquare { chi_square: test.chi_square, df: test.df as usize, p_value: test.p_value }
}
