//! Proportional hazards regression: each term by itself, and several together.

use std::ops::Range;

use restudy_ledger::{AnalysisKind, Panel, PanelKind, Stat};
use restudy_stats::regression::{Design, TermChiSquare};
use restudy_stats::survival::{Covariates, Cox, CoxTies, ModelTest, ProportionalHazards, SurvivalData};
use toml::Spanned;

use super::logistic::{check_keep, probability};
use super::model::{self, Fits, Fitted, Line, ModelPlan, ScreenBy, Select, Selected};
use super::term::{self, TermEntry};
use crate::block::{Block, Event, Record, Resolving, Running, Step, Within};
use crate::conventions::Conventions;
use crate::describe::described;
use crate::error::StudyError;
use crate::file::Adjustment;

described! {
    /// `[[cox]]`: how the hazard of an event depends on each term by itself, and on several together.
    pub struct CoxBlock {
        /// The block's name; every number of it carries it.
        pub id: Spanned<String>,
        /// The title on the page.
        pub title: Option<String>,
        /// The variable that holds the time of the event or of the end of follow-up.
        pub time: Spanned<String>,
        /// The variable of which one level is the event.
        pub outcome: Spanned<String>,
        /// The level that is the event; the second of two where nothing is said.
        pub event: Option<Spanned<String>>,
        /// Patients that it is about, by the levels they have.
        #[serde(default)]
        pub within: Within,
        /// The terms, in order.
        pub terms: Vec<Spanned<TermEntry>>,
        /// `false` to leave out the terms by themselves.
        pub univariable: Option<bool>,
        /// `false` to leave out the model of several.
        pub multivariable: Option<bool>,
        /// Terms with a p-value below this by themselves go on to the model of several; all of them where nothing is said.
        pub screen: Option<Spanned<f64>>,
        /// By which p-value they go on.
        pub screen_by: Option<ScreenBy>,
        /// Terms that are in the model of several whatever their p-value.
        #[serde(default)]
        pub keep: Vec<Spanned<String>>,
        /// How the p-values of the terms by themselves are adjusted.
        pub adjust: Option<Spanned<Adjustment>>,
    }
}

impl Block for CoxBlock {
    fn id(&self) -> &Spanned<String> {
        &self.id
    }

    fn resolve(&self, resolving: &mut Resolving<'_>) -> Result<Box<dyn Step>, StudyError> {
        let time = resolving.time(&self.time)?.name.clone();
        let event = resolving.event(&self.outcome, self.event.as_ref())?;
        let plan = ModelPlan {
            id: self.id.get_ref().clone(),
            title: self.title.clone().unwrap_or_else(|| format!("Proportional hazards of {}", event.variable)),
            kind: AnalysisKind::Cox,
            outcome: event.outcome(Some(&time)),
            within: resolving.within(&self.within)?,
            terms: term::resolve(resolving, &self.terms, &[&event.variable, &time], &self.id)?,
            univariable: self.univariable.unwrap_or(true),
            multivariable: self.multivariable.unwrap_or(true),
            screen: probability(resolving, "screen", self.screen.as_ref())?
                .map(|below| (below, self.screen_by.unwrap_or(ScreenBy::P))),
            select: Select::All,
            enter: 0.05,
            remove: 0.1,
            keep: self.keep.iter().map(|name| name.get_ref().clone()).collect(),
            adjust: self.adjust.as_ref().map(|method| *method.get_ref()),
        };
        check_keep(resolving, &plan, &self.keep, self.screen.as_ref())?;
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
        self.plan.describe(text, "cox", conventions, &["cox-ties"]);
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

    fn fit(&self, design: &Design, rows: &[usize]) -> Result<Fitted, String> {
        let time: Vec<f64> = rows.iter().filter_map(|row| self.times[*row]).collect();
        let event: Vec<bool> = rows.iter().map(|row| self.events[*row] == Some(true)).collect();
        let times = SurvivalData::new(&time, &event).prepare().map_err(|error| error.to_string())?;
        let intercept = usize::from(design.intercept().is_some());
        let names = &design.column_names()[intercept..];
        let values: Vec<f64> =
            (intercept..design.column_names().len()).flat_map(|j| design.column(j)).copied().collect();
        let ties = self.conventions.cox_ties();
        let fit = Cox { ties }.fit(&times, Covariates { names, values: &values }).map_err(|error| error.to_string())?;
        let lines = (model::columns(design).into_iter().zip(fit.terms(self.conventions.level())))
            .map(|((variable, level), term)| Line {
                variable,
                level,
                estimate: term.coefficient,
                std_error: term.std_error,
                statistic: term.z,
                p_value: term.p_value,
                ratio: term.hazard_ratio,
                low: term.interval.low,
                high: term.interval.high,
            })
            .collect();
        let mut whole = vec![
            (Stat::LogLikelihood, fit.log_likelihood, None),
            (Stat::Aic, fit.aic(), None),
            (Stat::Statistic, fit.likelihood_ratio.chi_square, Some("likelihood_ratio")),
            (Stat::Df, fit.likelihood_ratio.df, Some("likelihood_ratio")),
            (Stat::PValue, fit.likelihood_ratio.p_value, Some("likelihood_ratio")),
            (Stat::EventsPerVariable, fit.events_per_coefficient(), None),
        ];
        if let Some(concordance) = &fit.concordance {
            whole.push((Stat::Concordance, concordance.value, None));
        }
        let mut remarks = Vec::new();
        let per_coefficient = fit.events_per_coefficient();
        if per_coefficient < FEW_EVENTS {
            remarks.push(format!("{per_coefficient:.1} events per coefficient, fewer than 10"));
        }
        let terms = || design.terms().iter().filter(|term| design.intercept() != Some(term.columns.start));
        let ranges: Vec<Range<usize>> =
            terms().map(|term| term.columns.start - intercept..term.columns.end - intercept).collect();
        // Without an answer, as where hardly anybody has the event, the model stands without it.
        let proportional = match ProportionalHazards::default().run(&fit, &ranges) {
            Ok(tested) => {
                (terms().map(|term| Some(term.name.clone())).zip(tested.terms.iter().copied().map(chi_square)))
                    .chain([(None, chi_square(tested.global))])
                    .collect()
            }
            Err(_) => Vec::new(),
        };
        let procedure = match ties {
            CoxTies::Breslow => "cox/breslow/wald",
            _ => "cox/efron/wald",
        };
        let inflation = Vec::new();
        Ok(Fitted { coefficients: lines, terms: Vec::new(), whole, proportional, inflation, procedure, remarks })
    }

    fn select(&self, _plan: &ModelPlan, _design: &Design, _rows: &[usize]) -> Result<Selected, String> {
        Err("proportional hazards models have no stepwise selection".to_owned())
    }
}

/// Fewer events per coefficient than this are remarked on (Peduzzi et al. 1995).
const FEW_EVENTS: f64 = 10.0;

fn chi_square(test: ModelTest) -> TermChiSquare {
    TermChiSquare { chi_square: test.chi_square, df: test.df as usize, p_value: test.p_value }
}
