//! `restudy sample-size`: how many patients it takes to develop, or to validate, a prediction model.

use restudy_study::Resampling;
use restudy_study::sample_size::{
    BinaryDevelopment, BinaryValidation, Classification, DevelopmentSize, ExpectedR2, LinearPredictor,
    NetBenefitTarget, PrecisionCriterion, SizeCriterion, SurvivalDevelopment, SurvivalValidation,
    cox_snell_r2_of_c_statistic, lp_sd_of_concordance,
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
    /// An existing model of a binary outcome: precise O/E, calibration slope, C statistic and net benefit.
    Validate(Validate),
    /// An existing model of the time to an event, by a time of interest: precise O/E, calibration slope and C index.
    ValidateSurvival(ValidateSurvival),
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

#[derive(clap::Args)]
struct ValidateSurvival {
    /// The overall risk of the event by the time of interest.
    #[arg(long, value_name = "SHARE")]
    risk: f64,
    #[command(flatten)]
    spread: Spread,
    /// The share of patients lost to follow-up before that time.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    lost: f64,
    /// The shape of the Weibull distribution of times: 1 for a constant hazard.
    #[arg(long, default_value_t = 1.0)]
    shape: f64,
    /// The ratio of observed to expected events.
    #[arg(long, value_name = "RATIO", default_value_t = 1.0)]
    oe: f64,
    /// The width wanted of its 95 % interval.
    #[arg(long, value_name = "WIDTH", default_value_t = 0.2)]
    oe_width: f64,
    /// The calibration slope expected.
    #[arg(long, default_value_t = 1.0)]
    slope: f64,
    /// The width wanted of its 95 % interval.
    #[arg(long, value_name = "WIDTH", default_value_t = 0.2)]
    slope_width: f64,
    /// The width wanted of the C index's 95 % interval.
    #[arg(long, value_name = "WIDTH", default_value_t = 0.1)]
    c_width: f64,
    /// The seed of the simulated cohort that the C index's precision comes from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// How far the linear predictor spreads.
#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct Spread {
    /// The standard deviation of the linear predictor, the logarithm of a relative hazard.
    #[arg(long, value_name = "SD")]
    lp_sd: Option<f64>,
    /// The C index expected by the time of interest, which implies the standard deviation of a normal one.
    #[arg(long, value_name = "C")]
    c_index: Option<f64>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let answer = match &arguments.purpose {
        Purpose::Develop(settings) => settings.answer()?,
        Purpose::Validate(settings) => settings.answer()?,
        Purpose::ValidateSurvival(settings) => settings.answer()?,
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

/// What both kinds of outcome are asked, and what is said of it.
fn development(size: DevelopmentSize, risk: &'static str) -> Answer {
    let note = |criterion: SizeCriterion| {
        format!(
            "shrinkage {:.3}, {:.1} events per parameter",
            criterion.expected_shrinkage, criterion.events_per_parameter
        )
    };
    let criteria =
        [("small overfitting", size.shrinkage), ("small optimism in R²", size.optimism), (risk, size.overall_risk)];
    Answer {
        criteria: criteria.into_iter().map(|(name, criterion)| (name, criterion.n, note(criterion))).collect(),
        n: size.n,
        events: size.events,
        numbers: vec![
            ("R² (Cox-Snell)", size.r2_cox_snell),
            ("R² (Nagelkerke)", size.r2_nagelkerke),
            ("events per parameter", size.events_per_parameter),
        ],
    }
}

/// A criterion of precision, and what is said of it.
fn precision(name: &'static str, criterion: PrecisionCriterion) -> (&'static str, u64, String) {
    (name, criterion.n, format!("standard error {:.4} at {:.3}", criterion.std_error, criterion.estimate))
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
        Ok(development(size, "precise overall risk"))
    }

    fn survival(&self, rate: f64, mean_follow_up: f64, time: f64, r2: ExpectedR2) -> Result<Answer> {
        let size = SurvivalDevelopment {
            shrinkage: self.shrinkage,
            optimism: self.optimism,
            margin: self.margin,
            ..SurvivalDevelopment::new(self.parameters, rate, mean_follow_up, time, r2)
        }
        .run()?;
        let mut answer = development(size.development, "precise risk at the time");
        answer.numbers.extend([
            ("risk at the time", size.risk),
            ("its lower 95 % limit", size.risk_low),
            ("its upper 95 % limit", size.risk_high),
        ]);
        Ok(answer)
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
        let mut criteria = vec![
            precision("observed / expected", size.observed_expected),
            precision("calibration slope", size.slope),
            precision("C statistic", size.c_statistic),
        ];
        let mut numbers = Vec::new();
        if let Some((benefit, classification)) = size.net_benefit {
            criteria.push(precision("standardised net benefit", benefit));
            numbers.push(("sensitivity", classification.sensitivity));
            numbers.push(("specificity", classification.specificity));
        }
        Ok(Answer { criteria, n: size.n, events: size.events, numbers })
    }
}

impl ValidateSurvival {
    fn answer(&self) -> Result<Answer> {
        let lp_sd = match self.spread {
            Spread { lp_sd: Some(lp_sd), .. } => lp_sd,
            Spread { c_index: Some(c_index), .. } => lp_sd_of_concordance(c_index, self.risk)?,
            Spread { .. } => return Err(Failure::new("give --lp-sd or --c-index")),
        };
        let settings = SurvivalValidation::new(self.risk, lp_sd);
        let size = SurvivalValidation {
            lost: self.lost,
            shape: self.shape,
            observed_expected: self.oe,
            oe_width: self.oe_width,
            slope: self.slope,
            slope_width: self.slope_width,
            c_width: self.c_width,
            simulated: Resampling { seed: self.seed, ..settings.simulated },
            ..settings
        }
        .run()?;
        let criteria = vec![
            precision("observed / expected", size.observed_expected),
            precision("calibration slope", size.slope),
            precision("C index", size.concordance),
        ];
        let numbers = vec![("linear predictor's sd", lp_sd)];
        Ok(Answer { criteria, n: size.n, events: size.events, numbers })
    }
}
