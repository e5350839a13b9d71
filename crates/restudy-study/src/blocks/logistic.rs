//! Logistic regression: each term by itself, and several together.

use restudy_ledger::{AnalysisKind, Panel, PanelKind, Stat};
use restudy_stats::accuracy::{Auc, Direction as Higher, Roc};
use restudy_stats::regression::{Design, DesignBuilder, Diagnostics, Firth, FitError, Logistic, ModelRemark, Outcome};
use toml::Spanned;

use super::model::{self, Fits, Fitted, ModelPlan, Selected, TermLine};
use super::model_block::model_block;
use crate::block::{Block, Event, Record, Resolving, Running, Step};
use crate::conventions::Conventions;
use crate::error::StudyError;

model_block! {
    /// `[[logistic]]`: how the odds of an event depend on each term by itself, and on several together.
    pub struct LogisticBlock {}
}

impl Block for LogisticBlock {
    fn id(&self) -> &Spanned<String> {
        &self.id
    }

    fn resolve(&self, resolving: &mut Resolving<'_>) -> Result<Box<dyn Step>, StudyError> {
        let event = resolving.event(&self.outcome, self.event.as_ref())?;
        let title = format!("Logistic regression for {}", event.variable);
        let plan = self.keys().plan(resolving, AnalysisKind::Logistic, event.outcome(None), &title)?;
        Ok(Box::new(LogisticPlan { plan, event }))
    }
}

#[derive(Clone, Debug)]
struct LogisticPlan {
    plan: ModelPlan,
    event: Event,
}

impl Step for LogisticPlan {
    fn id(&self) -> &str {
        &self.plan.id
    }

    fn title(&self) -> &str {
        &self.plan.title
    }

    fn describe(&self, text: &mut String, conventions: &Conventions) {
        self.plan.describe(text, "logistic", conventions, &["model-inference", "separation"]);
    }

    fn run(&self, running: &Running<'_>, record: &mut Record) {
        let fits = LogisticFits { events: self.event.of(running.frame), conventions: running.conventions };
        self.plan.run(&fits, running, record);
    }

    fn panels(&self) -> Vec<(PanelKind, Vec<String>)> {
        self.plan.panels()
    }

    fn default_panels(&self) -> Vec<Panel> {
        self.plan.default_panels()
    }
}

struct LogisticFits<'a> {
    events: Vec<Option<bool>>,
    conventions: &'a Conventions,
}

impl LogisticFits<'_> {
    fn of_rows(&self, rows: &[usize]) -> Vec<bool> {
        rows.iter().map(|row| self.events[*row] == Some(true)).collect()
    }
}

impl Fits for LogisticFits<'_> {
    fn known(&self) -> Vec<bool> {
        self.events.iter().map(Option::is_some).collect()
    }

    fn events(&self, rows: &[usize]) -> usize {
        self.of_rows(rows).into_iter().filter(|event| *event).count()
    }

    fn ratio(&self) -> Stat {
        Stat::OddsRatio
    }

    fn begin(&self, rows: usize) -> DesignBuilder {
        Design::build(rows).intercept()
    }

    fn predictors(&self, rows: &[usize]) -> Vec<(bool, Vec<f64>)> {
        vec![(true, self.of_rows(rows).into_iter().map(|event| f64::from(u8::from(event))).collect())]
    }

    fn residual_df(&self, rows: &[usize], slopes: usize) -> f64 {
        (rows.len() as f64 - slopes as f64 - 1.0).max(1.0)
    }

    fn fit(&self, design: &Design, rows: &[usize]) -> Result<Fitted, String> {
        let events = self.of_rows(rows);
        let outcome = Outcome::new(&events);
        let level = self.conventions.level();
        let diagnostics = Diagnostics::of(design, outcome).map_err(|error| error.to_string())?;
        let mut remarks: Vec<String> = diagnostics.remarks().iter().map(remark).collect();
        let inflation = diagnostics.variance_inflation.iter().map(|term| (term.term.clone(), term.factor));
        let mut fitted = match Logistic::default().fit(design, outcome) {
            Ok(fit) => {
                let by_likelihood = self.conventions.get("model-inference") == "likelihood-ratio";
                let coefficients = if by_likelihood {
                    fit.profile(level).map_err(|error| error.to_string())?
                } else {
                    fit.wald(level)
                };
                let ratio = fit.likelihood_ratio().map_err(|error| error.to_string())?;
                let several = design.column_names().len() > design.terms().len();
                let terms = if several { fit.term_tests().map_err(|error| error.to_string())? } else { Vec::new() };
                let slopes = 1..coefficients.len();
                Fitted {
                    coefficients: model::lines(design, &coefficients),
                    covariance: slopes
                        .clone()
                        .flat_map(|a| slopes.clone().map(|b| fit.covariance(a, b)).collect::<Vec<_>>())
                        .collect(),
                    terms: (terms.into_iter())
                        .map(|test| TermLine::of(Some(test.term), test.test, "likelihood_ratio"))
                        .collect(),
                    whole: vec![
                        (Stat::LogLikelihood, fit.log_likelihood(), None),
                        (Stat::Deviance, fit.deviance(), None),
                        (Stat::Aic, fit.aic(), None),
                        (Stat::Bic, fit.bic(), None),
                        (Stat::RSquared, fit.r2_nagelkerke(), Some("nagelkerke")),
                        (Stat::Statistic, ratio.chi_square, Some("likelihood_ratio")),
                        (Stat::Df, ratio.df as f64, Some("likelihood_ratio")),
                        (Stat::PValue, ratio.p_value, Some("likelihood_ratio")),
                        (Stat::Concordance, concordance(&fit.probabilities(), &events), None),
                    ],
                    proportional: Vec::new(),
                    inflation: Vec::new(),
                    procedure: if by_likelihood { "logistic/likelihood_ratio" } else { "logistic/wald" },
                    remarks: Vec::new(),
                }
            }
            Err(FitError::Separated(separation)) if self.conventions.get("separation") == "firth" => {
                remarks.push(format!("{separation}: this is it"));
                let fit = Firth::default().fit(design, outcome).map_err(|error| error.to_string())?;
                let coefficients = fit.profile(level).map_err(|error| error.to_string())?;
                let ratio = fit.likelihood_ratio().map_err(|error| error.to_string())?;
                Fitted {
                    coefficients: model::lines(design, &coefficients),
                    covariance: Vec::new(),
                    terms: Vec::new(),
                    whole: vec![
                        (Stat::LogLikelihood, fit.penalized_log_likelihood(), Some("firth")),
                        (Stat::Statistic, ratio.chi_square, Some("firth/penalized_likelihood_ratio")),
                        (Stat::Df, ratio.df as f64, Some("firth/penalized_likelihood_ratio")),
                        (Stat::PValue, ratio.p_value, Some("firth/penalized_likelihood_ratio")),
                        (Stat::Concordance, concordance(&fit.probabilities(), &events), None),
                    ],
                    proportional: Vec::new(),
                    inflation: Vec::new(),
                    procedure: "firth/penalized_likelihood_ratio",
                    remarks: Vec::new(),
                }
            }
            Err(error) => return Err(error.to_string()),
        };
        if let Some(events_per_variable) = diagnostics.events_per_variable {
            fitted.whole.push((Stat::EventsPerVariable, events_per_variable, None));
        }
        fitted.inflation = inflation.collect();
        fitted.remarks = remarks;
        Ok(fitted)
    }

    fn select(&self, plan: &ModelPlan, design: &Design, rows: &[usize]) -> Result<Selected, String> {
        let events = self.of_rows(rows);
        let selected = plan.selection().run(design, Outcome::new(&events)).map_err(|error| error.to_string())?;
        Ok(Selected::new(selected.terms, selected.path))
    }
}

/// The area under the ROC curve of the fitted probabilities; ½ where all are equal.
fn concordance(probabilities: &[f64], events: &[bool]) -> f64 {
    let of = |wanted| -> Vec<f64> {
        probabilities.iter().zip(events).filter(|(_, event)| **event == wanted).map(|(p, _)| *p).collect()
    };
    match (Roc { direction: Higher::Higher }).run(&of(true), &of(false)) {
        Ok(curve) => Auc::default().run(&curve).value,
        Err(_) => 0.5,
    }
}

fn remark(remark: &ModelRemark) -> String {
    match remark {
        ModelRemark::FewEventsPerVariable { events_per_variable } => {
            format!("{events_per_variable:.1} events (or non-events) per coefficient, fewer than 10")
        }
        ModelRemark::VarianceInflation(inflation) => {
            format!("the other terms nearly explain {}: variance inflation {:.1}", inflation.term, inflation.factor)
        }
        ModelRemark::IllConditioned { condition_number } => {
            format!("the terms are nearly collinear: condition number {condition_number:.0}")
        }
        _ => "see the model's diagnostics".to_owned(),
    }
}
