//! `restudy sample-size`: how many patients it takes to develop, or to validate, a prediction model.

use restudy_study::sample_size::{
    BinaryDevelopment, BinaryValidation, Classification, ExpectedR2, LinearPredictor, NetBenefitTarget,
    PrecisionCriterion, SizeCriterion, SurvivalDevelopment, cox_snell_r2_of_c_statistic,
};
use serde_json::{Value, json};

use crate::message::Failure;
use crate::{Outcome, Result, message};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    purpose: Purpose,
    /// The form of the answer.
    #[arg(long, value_enum, default_value_t, global = true)]
    format: Format,
}

#[derive(clap::Subcommand)]
enum Purpose {
    /// A new model: little overfitting, little optimism in R², a precise overall risk.
    Develop(Develop),
    /// An existing model: precise O/E, calibration slope, C statistic and net benefit.
    Validate(Validate),
}

#[derive(Clone, Copy, Default, PartialEq, clap::ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

#[derive(clap::Args)]
struct Develop {
    /// Candidate parameters: everything that is screened, before any selection.
    #[arg(long, value_name = "COUNT")]
    parameters: u32,
    /// The overall risk of a binary outcome.
    #[arg(long, value_name = "SHARE", conflicts_with_all = ["rate", "mean_follow_up", "time"], required_unless_present = "rate")]
    prevalence: Option<f64>,
    /// Events per unit of time, for a model of the time to an event.
    #[arg(long, requires_all = ["mean_follow_up", "time"])]
    rate: Option<f64>,
    /// The mean follow-up, in the same unit.
    #[arg(long, value_name = "TIME", requires = "rate")]
    mean_follow_up: Option<f64>,
    /// The time at which risks will be predicted.
    #[arg(long, requires = "rate")]
    time: Option<f64>,
    #[command(flatten)]
    explained: Explained,
    /// The least shrinkage factor.
    #[arg(long, value_name = "FACTOR", default_value_t = 0.9)]
    shrinkage: f64,
    /// The greatest optimism in Nagelkerke's R².
    #[arg(long, value_name = "DIFFERENCE", default_value_t = 0.05)]
    optimism: f64,
    /// The greatest distance of a 95 % limit from the overall risk.
    #[arg(long, value_name = "DIFFERENCE", default_value_t = 0.05)]
    margin: f64,
}

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct Explained {
    /// Cox and Snell's R² expected of the model.
    #[arg(long, value_name = "R2")]
    r2_cox_snell: Option<f64>,
    /// Nagelkerke's R² expected of the model.
    #[arg(long, value_name = "R2")]
    r2_nagelkerke: Option<f64>,
    /// The C statistic expected of the model, for a binary outcome.
    #[arg(long, value_name = "C", conflicts_with = "rate")]
    c_statistic: Option<f64>,
}

#[derive(clap::Args)]
struct Validate {
    /// The prevalence expected.
    #[arg(long, value_name = "SHARE")]
    prevalence: f64,
    /// The C statistic expected.
    #[arg(long, value_name = "C")]
    c_statistic: f64,
    /// Mean and standard deviation of a normal linear predictor; what the C statistic implies if not given.
    #[arg(long, value_names = ["MEAN", "SD"], num_args = 2, allow_negative_numbers = true, conflicts_with = "lp_beta")]
    lp_normal: Option<Vec<f64>>,
    /// The shapes of a beta distribution of predicted risks.
    #[arg(long, value_names = ["ALPHA", "BETA"], num_args = 2)]
    lp_beta: Option<Vec<f64>>,
    /// The ratio of observed to expected events.
    #[arg(long, value_name = "RATIO", default_value_t = 1.0)]
    oe: f64,
    /// The width wanted of its 95 % interval.
    #[arg(long, value_name = "WIDTH", default_value_t = 0.2)]
    oe_width: f64,
    /// The grid on which its standard error is looked for; 0.0001 gives pmvalsampsize's number.
    #[arg(long, value_name = "STEP")]
    se_step: Option<f64>,
    /// The calibration slope expected.
    #[arg(long, default_value_t = 1.0)]
    slope: f64,
    /// The width wanted of its 95 % interval.
    #[arg(long, value_name = "WIDTH", default_value_t = 0.2)]
    slope_width: f64,
    /// The width wanted of the C statistic's 95 % interval.
    #[arg(long, value_name = "WIDTH", default_value_t = 0.1)]
    c_width: f64,
    /// The risk at which people are treated, for a precise net benefit.
    #[arg(long, value_name = "RISK")]
    threshold: Option<f64>,
    /// Sensitivity at that risk; what the linear predictor implies if not given.
    #[arg(long, requires_all = ["threshold", "specificity"])]
    sensitivity: Option<f64>,
    /// Specificity at that risk.
    #[arg(long, requires_all = ["threshold", "sensitivity"])]
    specificity: Option<f64>,
    /// The width wanted of the standardised net benefit's 95 % interval.
    #[arg(long, value_name = "WIDTH", default_value_t = 0.2)]
    net_benefit_width: f64,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let answer = match &arguments.purpose {
        Purpose::Develop(settings) => settings.answer()?,
        Purpose::Validate(settings) => settings.answer()?,
    };
    message::print(&match arguments.format {
        Format::Text => answer.text(),
        Format::Json => format!("{:#}\n", answer.json()),
    })?;
    Ok(Outcome::Done)
}

/// A size with the criteria that ask for it.
struct Answer {
    criteria: Vec<(&'static str, u64, String)>,
    n: u64,
    events: f64,
    numbers: Vec<(&'static str, f64)>,
}

impl Answer {
    fn text(&self) -> String {
        let mut text = String::new();
        for (name, n, note) in &self.criteria {
            let mark = if *n == self.n { " *" } else { "" };
            text.push_str(&format!("{name:<28}{n:>9}{mark:<2}  {note}\n"));
        }
        text.push_str(&format!("{:<28}{:>9}    {:.1} events expected\n", "patients needed", self.n, self.events));
        for (name, value) in &self.numbers {
            text.push_str(&format!("{name:<28}{value:>9.4}\n"));
        }
        text
    }

    fn json(&self) -> Value {
        let criteria: Vec<Value> =
            self.criteria.iter().map(|(name, n, _)| json!({ "criterion": name, "n": n })).collect();
        let numbers: serde_json::Map<String, Value> =
            self.numbers.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        json!({ "criteria": criteria, "n": self.n, "events": self.events, "numbers": numbers })
    }
}

/// The criteria that both kinds of outcome share, and what they say.
fn development(criteria: [(&'static str, SizeCriterion); 3]) -> Vec<(&'static str, u64, String)> {
    let note = |criterion: SizeCriterion| {
        format!(
            "shrinkage {:.3}, {:.1} events per parameter",
            criterion.expected_shrinkage, criterion.events_per_parameter
        )
    };
    criteria.into_iter().map(|(name, criterion)| (name, criterion.n, note(criterion))).collect()
}

impl Develop {
    fn answer(&self) -> Result<Answer> {
        let r2 = match (&self.explained, self.prevalence) {
            (Explained { r2_cox_snell: Some(r2), .. }, _) => ExpectedR2::CoxSnell(*r2),
            (Explained { c_statistic: Some(c), .. }, Some(prevalence)) => {
                ExpectedR2::CoxSnell(cox_snell_r2_of_c_statistic(*c, prevalence)?)
            }
            (Explained { r2_nagelkerke: Some(r2), .. }, _) => ExpectedR2::Nagelkerke(*r2),
            _ => return Err(Failure::new("a C statistic needs `--prevalence`")),
        };
        match (self.prevalence, self.rate, self.mean_follow_up, self.time) {
            (Some(prevalence), ..) => self.binary(prevalence, r2),
            (None, Some(rate), Some(mean_follow_up), Some(time)) => self.survival(rate, mean_follow_up, time, r2),
            _ => Err(Failure::new("the outcome is not described").hint(
                "give --prevalence for a binary one, or --rate, --mean-follow-up and --time for the time to an event",
            )),
        }
    }

    fn binary(&self, prevalence: f64, r2: ExpectedR2) -> Result<Answer> {
        let size = BinaryDevelopment {
            shrinkage: self.shrinkage,
            optimism: self.optimism,
            margin: self.margin,
            ..BinaryDevelopment::new(self.parameters, prevalence, r2)
        }
        .run()?;
        Ok(Answer {
            criteria: development([
                ("small overfitting", size.shrinkage),
                ("small optimism in R²", size.optimism),
                ("precise overall risk", size.overall_risk),
            ]),
            n: size.n,
            events: size.events,
            numbers: vec![
                ("R² (Cox-Snell)", size.r2_cox_snell),
                ("R² (Nagelkerke)", size.r2_nagelkerke),
                ("events per parameter", size.events_per_parameter),
            ],
        })
    }

    fn survival(&self, rate: f64, mean_follow_up: f64, time: f64, r2: ExpectedR2) -> Result<Answer> {
        let size = SurvivalDevelopment {
            shrinkage: self.shrinkage,
            optimism: self.optimism,
            margin: self.margin,
            ..SurvivalDevelopment::new(self.parameters, rate, mean_follow_up, time, r2)
        }
        .run()?;
        Ok(Answer {
            criteria: development([
                ("small overfitting", size.shrinkage),
                ("small optimism in R²", size.optimism),
                ("precise risk at the time", size.overall_risk),
            ]),
            n: size.n,
            events: size.events,
            numbers: vec![
                ("R² (Cox-Snell)", size.r2_cox_snell),
                ("R² (Nagelkerke)", size.r2_nagelkerke),
                ("events per parameter", size.events_per_parameter),
                ("risk at the time", size.risk),
                ("its lower 95 % limit", size.risk_low),
                ("its upper 95 % limit", size.risk_high),
            ],
        })
    }
}

impl Validate {
    fn answer(&self) -> Result<Answer> {
        let predictor = match (self.lp_normal.as_deref(), self.lp_beta.as_deref()) {
            (Some(&[mean, sd]), _) => LinearPredictor::Normal { mean, sd },
            (_, Some(&[alpha, beta])) => LinearPredictor::Beta { alpha, beta },
            _ => LinearPredictor::CStatistic { c_statistic: self.c_statistic, prevalence: self.prevalence },
        };
        let classification = self
            .sensitivity
            .zip(self.specificity)
            .map(|(sensitivity, specificity)| Classification { sensitivity, specificity });
        let size = BinaryValidation {
            observed_expected: self.oe,
            oe_width: self.oe_width,
            se_step: self.se_step,
            slope: self.slope,
            slope_width: self.slope_width,
            c_width: self.c_width,
            net_benefit: self.threshold.map(|threshold| NetBenefitTarget {
                threshold,
                classification,
                width: self.net_benefit_width,
            }),
            ..BinaryValidation::new(self.prevalence, self.c_statistic, predictor)
        }
        .run()?;
        let note = |criterion: PrecisionCriterion| {
            format!("standard error {:.4} at {:.3}", criterion.std_error, criterion.estimate)
        };
        let mut criteria = vec![
            ("observed / expected", size.observed_expected.n, note(size.observed_expected)),
            ("calibration slope", size.slope.n, note(size.slope)),
            ("C statistic", size.c_statistic.n, note(size.c_statistic)),
        ];
        let mut numbers = Vec::new();
        if let Some((benefit, classification)) = size.net_benefit {
            criteria.push(("standardised net benefit", benefit.n, note(benefit)));
            numbers.push(("sensitivity", classification.sensitivity));
            numbers.push(("specificity", classification.specificity));
        }
        Ok(Answer { criteria, n: size.n, events: size.events, numbers })
    }
}
