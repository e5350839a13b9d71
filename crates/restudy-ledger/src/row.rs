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
    /// NaN becomes [`Value::Missing`]: the record holds numbers and reasons, nothing between.
    fn from(number: f64) -> Self {
        if number.is_nan() { Self::Missing } else { Self::Number(number) }
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
    /// The time it is about, in the codebook's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<f64>,
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
            time: None,
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
