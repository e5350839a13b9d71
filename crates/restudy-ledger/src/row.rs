//! One number, and all that must be known of it.

use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Why a row stands in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Context {
    /// A description of the patients: counts, means, quartiles.
    Summary,
    /// How many values are missing.
    Missingness,
    /// The result of the procedure that the study asked for.
    Test,
    /// The same question answered by another admissible procedure.
    Alternative,
    /// A p-value adjusted within its family.
    Adjustment,
}

impl Context {
    /// The name as written in the ledger.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Summary => "summary",
            Self::Missingness => "missingness",
            Self::Test => "test",
            Self::Alternative => "alternative",
            Self::Adjustment => "adjustment",
        }
    }
}

macro_rules! stats {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $label:literal;)+) => {
        /// What a number is. The list is closed: a reader never meets a name that is not here.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Stat {
            $($(#[doc = $doc])+ #[serde(rename = $name)] $variant,)+
        }

        impl Stat {
            /// Every name of the vocabulary.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name as written in the ledger.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// A short label for people, as R's cards package writes beside the name.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }
        }
    };
}

stats! {
    /// Patients with a value.
    N = "n", "N Non-missing";
    /// Patients without a value.
    NMissing = "n_missing", "N Missing";
    /// Patients in a category.
    Count = "count", "Count";
    /// The denominator of a proportion.
    Denominator = "denominator", "Denominator";
    /// A proportion, in [0, 1].
    Proportion = "proportion", "Proportion";
    /// The arithmetic mean, in the variable's unit.
    Mean = "mean", "Mean";
    /// The standard deviation with denominator n − 1, in the variable's unit.
    Sd = "sd", "SD";
    /// The median, in the variable's unit.
    Median = "median", "Median";
    /// The lower quartile, in the variable's unit.
    Q1 = "q1", "Q1";
    /// The upper quartile, in the variable's unit.
    Q3 = "q3", "Q3";
    /// The smallest value.
    Min = "min", "Min";
    /// The largest value.
    Max = "max", "Max";
    /// The test statistic; the procedure says which.
    Statistic = "statistic", "Statistic";
    /// The standard normal deviate of the statistic, where its p-value came from one.
    Z = "z", "Z";
    /// The degrees of freedom of the statistic.
    Df = "df", "Degrees of Freedom";
    /// The degrees of freedom of the denominator of an F statistic, whose numerator's are `df`.
    DfDenominator = "df_denominator", "Degrees of Freedom (denominator)";
    /// The p-value.
    PValue = "p_value", "p-value";
    /// The p-value adjusted within its family.
    PAdjusted = "p_adjusted", "Adjusted p-value";
    /// The smallest expected count of a contingency table.
    MinExpected = "min_expected", "Smallest expected count";
    /// The estimate that the test is about; the procedure says which quantity.
    Estimate = "estimate", "Estimate";
    /// The standard error of the estimate.
    StdError = "std_error", "Standard Error";
    /// The lower limit of the interval for the estimate.
    ConfLow = "conf_low", "CI Lower Bound";
    /// The upper limit of the interval for the estimate.
    ConfHigh = "conf_high", "CI Upper Bound";
    /// An odds ratio.
    OddsRatio = "odds_ratio", "Odds Ratio";
    /// A hazard ratio.
    HazardRatio = "hazard_ratio", "Hazard Ratio";
    /// A correlation coefficient; the procedure says which.
    R = "r", "Correlation coefficient";
    /// A standardised difference between two groups.
    StandardizedDifference = "standardized_difference", "Standardized Difference";
    /// Patients who had the event.
    Events = "events", "Events";
    /// Patients still followed and without the event just before the row's time.
    AtRisk = "at_risk", "At risk";
    /// The probability of being without the event at the row's time, in [0, 1].
    Survival = "survival", "Survival probability";
    /// The time by which half have had the event, in the time's unit.
    MedianSurvival = "median_survival", "Median survival time";
    /// The mean time without the event up to the row's time.
    RestrictedMean = "restricted_mean", "Restricted mean survival time";
    /// The median time of follow-up, by the reversed Kaplan-Meier curve.
    MedianFollowUp = "median_follow_up", "Median follow-up";
    /// The probability of having had the event by the row's time while other events compete, in [0, 1].
    CumulativeIncidence = "cumulative_incidence", "Cumulative incidence";
    /// The logarithm of a fitted model's likelihood.
    LogLikelihood = "log_likelihood", "Log-likelihood";
    /// Minus twice the log-likelihood, from the saturated model.
    Deviance = "deviance", "Deviance";
    /// Akaike's information criterion.
    Aic = "aic", "AIC";
    /// Schwarz's information criterion.
    Bic = "bic", "BIC";
    /// A coefficient of determination; the procedure says which.
    RSquared = "r_squared", "R squared";
    /// Events for each estimated coefficient.
    EventsPerVariable = "events_per_variable", "Events per variable";
    /// The variance inflation factor of a term.
    VarianceInflation = "variance_inflation", "Variance inflation factor";
    /// The fraction of the information on an estimate that missing values take away, in [0, 1].
    MissingInformation = "missing_information", "Fraction of missing information";
    /// Concordance of a model's or a marker's order with the order of events, in [0, 1].
    Concordance = "concordance", "Concordance";
    /// The area under the receiver operating characteristic curve, in [0, 1].
    Auc = "auc", "AUC";
    /// The value of a marker that separates positive from negative; the procedure says by which rule.
    Cutoff = "cutoff", "Cut-off";
    /// Sensitivity plus specificity less one.
    YoudenJ = "youden_j", "Youden's J";
    /// Positive among those with the event, in [0, 1].
    Sensitivity = "sensitivity", "Sensitivity";
    /// Negative among those without the event, in [0, 1].
    Specificity = "specificity", "Specificity";
    /// With the event among the positive, in [0, 1].
    Ppv = "ppv", "Positive predictive value";
    /// Without the event among the negative, in [0, 1].
    Npv = "npv", "Negative predictive value";
    /// Positive with and negative without the event among all, in [0, 1].
    Accuracy = "accuracy", "Accuracy";
    /// How many times likelier a positive result is with the event than without.
    PositiveLikelihoodRatio = "positive_likelihood_ratio", "Positive likelihood ratio";
    /// How many times likelier a negative result is with the event than without.
    NegativeLikelihoodRatio = "negative_likelihood_ratio", "Negative likelihood ratio";
    /// Positive with the event.
    TruePositives = "true_positives", "True positives";
    /// Positive without the event.
    FalsePositives = "false_positives", "False positives";
    /// Negative without the event.
    TrueNegatives = "true_negatives", "True negatives";
    /// Negative with the event.
    FalseNegatives = "false_negatives", "False negatives";
    /// Points that an item adds to a score.
    Points = "points", "Points";
    /// The mean squared difference between predicted risk and outcome.
    Brier = "brier", "Brier score";
    /// The intercept of the outcome on the predicted log odds: calibration in the large.
    CalibrationIntercept = "calibration_intercept", "Calibration intercept";
    /// The slope of the outcome on the predicted log odds.
    CalibrationSlope = "calibration_slope", "Calibration slope";
    /// Observed over expected events.
    ObservedExpected = "observed_expected", "Observed / expected";
    /// One less the Brier score over that of predicting the same risk for everyone: the index of prediction accuracy.
    ScaledBrier = "scaled_brier", "Scaled Brier score";
    /// The share that had the event, or had it by the row's time, in [0, 1].
    ObservedRisk = "observed_risk", "Observed risk";
    /// The mean of the predicted risks, in [0, 1].
    ExpectedRisk = "expected_risk", "Mean predicted risk";
    /// The mean distance of the predicted risks from the smoothed calibration curve: the integrated calibration index.
    CalibrationIndex = "calibration_index", "Integrated calibration index";
    /// The median of that distance.
    CalibrationE50 = "calibration_e50", "E50";
    /// The 90th percentile of that distance.
    CalibrationE90 = "calibration_e90", "E90";
    /// Net benefit at the threshold that `level` names.
    NetBenefit = "net_benefit", "Net benefit";
    /// How much better a figure looks on the patients that it was made from.
    Optimism = "optimism", "Optimism";
    /// A figure less its optimism.
    Corrected = "corrected", "Optimism-corrected";
    /// The share of replicates in which something was chosen, in [0, 1].
    SelectionFrequency = "selection_frequency", "Selection frequency";
    /// The mean distance, over replicates, of a patient's predicted risk from the one by all patients, in [0, 1].
    PredictionInstability = "prediction_instability", "Instability of the predicted risk";
    /// The share of replicates that call a patient otherwise than the score of all patients does, in [0, 1].
    ClassificationInstability = "classification_instability", "Instability of the class";
}

/// A number, or the reason why there is none.
///
/// In JSON a number is a number, an infinite limit is the text `"Inf"` or `"-Inf"`, and a missing one is null.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// A number, finite or infinite, never NaN.
    Number(f64),
    /// Not estimable; the row's `reason` says why.
    Missing,
}

impl Value {
    /// The number, if there is one.
    #[must_use]
    pub fn number(self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(number),
            Self::Missing => None,
        }
    }
}

impl From<f64> for Value {
    /// NaN becomes [`Value::Missing`]: the record holds numbers and reasons, nothing between. A negative zero, which a sum
    /// over nobody is, becomes zero: the record reads the same when it is read back.
    fn from(number: f64) -> Self {
        if number.is_nan() { Self::Missing } else { Self::Number(number + 0.0) }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Number(number) if number == f64::INFINITY => serializer.serialize_str("Inf"),
            Self::Number(number) if number == f64::NEG_INFINITY => serializer.serialize_str("-Inf"),
            // Counts are written as counts: 21, not 21.0.
            Self::Number(number) if number.fract() == 0.0 && number.abs() < 9e15 => {
                serializer.serialize_i64(number as i64)
            }
            Self::Number(number) => serializer.serialize_f64(number),
            Self::Missing => serializer.serialize_none(),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(f64),
            Text(String),
        }
        match Option::<Written>::deserialize(deserializer)? {
            None => Ok(Self::Missing),
            Some(Written::Number(number)) => Ok(Self::from(number)),
            Some(Written::Text(text)) => match text.as_str() {
                "Inf" => Ok(Self::Number(f64::INFINITY)),
                "-Inf" => Ok(Self::Number(f64::NEG_INFINITY)),
                other => Err(D::Error::invalid_value(Unexpected::Str(other), &"a number, \"Inf\", \"-Inf\" or null")),
            },
        }
    }
}

/// One number of a study.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The block of the study file.
    pub analysis: String,
    /// Why the row stands here.
    pub context: Context,
    /// The variable it is about.
    pub variable: String,
    /// The category of that variable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// The group of patients; none for all of them together, or for a comparison of the groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The other variable of a pair: what a correlation is with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// The model that the number belongs to, of an analysis that fits several: `univariable`, `multivariable`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The time it is about, in the codebook's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<f64>,
    /// For a standard error, a limit, a p-value, an optimism: the number that it qualifies, where an analysis has
    /// several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Stat>,
    /// What the number is.
    pub stat: Stat,
    /// The number at full precision.
    pub value: Value,
    /// Why there is no number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What was really done: a stable key such as `mann_whitney/normal/no_continuity`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub procedure: Option<String>,
    /// Why that procedure was chosen: the rule and its evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What a reader of the number should know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

impl Row {
    /// A row with its number and place; everything else empty.
    #[must_use]
    pub fn new(
        analysis: &str,
        context: Context,
        variable: &str,
        group: Option<&str>,
        stat: Stat,
        value: impl Into<Value>,
    ) -> Self {
        Self {
            analysis: analysis.to_owned(),
            context,
            variable: variable.to_owned(),
            level: None,
            group: group.map(str::to_owned),
            with: None,
            model: None,
            time: None,
            of: None,
            stat,
            value: value.into(),
            reason: None,
            procedure: None,
            why: None,
            remarks: Vec::new(),
        }
    }

    /// The same row about one category.
    #[must_use]
    pub fn level(mut self, level: &str) -> Self {
        self.level = Some(level.to_owned());
        self
    }

    /// The same row about a pair of variables.
    #[must_use]
    pub fn with(mut self, other: &str) -> Self {
        self.with = Some(other.to_owned());
        self
    }

    /// The same row of one model among several.
    #[must_use]
    pub fn model(mut self, model: &str) -> Self {
        self.model = Some(model.to_owned());
        self
    }

    /// The same row at a time.
    #[must_use]
    pub fn time(mut self, time: f64) -> Self {
        self.time = Some(time);
        self
    }

    /// The same row, qualifying another number of its place.
    #[must_use]
    pub fn of(mut self, stat: Stat) -> Self {
        self.of = Some(stat);
        self
    }

    /// The same row by a named procedure.
    #[must_use]
    pub fn procedure(mut self, procedure: &str) -> Self {
        self.procedure = Some(procedure.to_owned());
        self
    }

    /// The same row with the reason of a missing number.
    #[must_use]
    pub fn reason(mut self, reason: &str) -> Self {
        self.reason = Some(reason.to_owned());
        self
    }
}
