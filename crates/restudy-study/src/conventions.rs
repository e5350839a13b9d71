//! Conventions: the choices on which good packages differ, as data.
//!
//! [`SETTINGS`] is the one declaration of every choice, with its values and our default. A preset is a file under
//! `presets/` that names a value and its source for each choice a package makes. The study file may name a preset and
//! override any single choice; [`Conventions`] is what is in force after that, each value with its [`Origin`].

use std::collections::BTreeMap;

use restudy_stats::Level;
use restudy_stats::descriptive::QuantileType;
use restudy_stats::hypothesis::{Correction, FisherFreemanHalton, FisherRule};
use restudy_stats::survival::{CoxTies, SurvivalInterval};
use serde::Deserialize;

use crate::error::nearest;

/// One choice: its name, its values, our default, and what it decides.
#[derive(Debug)]
pub struct SettingSpec {
    /// The name, as in the study file.
    pub key: &'static str,
    /// Our default.
    pub default: &'static str,
    /// The values allowed; empty for a number between 0 and 1.
    pub values: &'static [&'static str],
    /// What it decides.
    pub meaning: &'static str,
}

/// Every choice that a study can make.
pub const SETTINGS: &[SettingSpec] = &[
    SettingSpec {
        key: "alpha",
        default: "0.05",
        values: &[],
        meaning: "the threshold at which a remark says that a verdict depends on the choice of test",
    },
    SettingSpec {
        key: "auc-interval",
        default: "delong",
        values: &["delong", "logit-delong", "hanley-mcneil"],
        meaning: "the standard error and interval of the area under an ROC curve",
    },
    SettingSpec {
        key: "chi-square-correction",
        default: "none",
        values: &["none", "yates"],
        meaning: "the continuity correction of the chi-square test of a 2x2 table",
    },
    SettingSpec { key: "confidence", default: "0.95", values: &[], meaning: "the level of every interval" },
    SettingSpec {
        key: "continuous-summary",
        default: "mean-sd",
        values: &["mean-sd", "median-quartiles", "shapiro-wilk"],
        meaning: "how a continuous variable is summarised, and so which test compares it; `shapiro-wilk` looks first: means while no group departs from normality at alpha, else medians",
    },
    SettingSpec {
        key: "count-test",
        default: "chi-square-or-fisher",
        values: &["chi-square-or-fisher", "chi-square", "fisher"],
        meaning: "the test of unordered categories; `chi-square-or-fisher` takes Fisher's when an expected count is below 5",
    },
    SettingSpec {
        key: "cox-ties",
        default: "efron",
        values: &["efron", "breslow"],
        meaning: "the partial likelihood of events at one time",
    },
    SettingSpec {
        key: "cutoff-operator",
        default: "inclusive",
        values: &["inclusive", "exclusive"],
        meaning: "whether a value at a cut-off is positive: `>=` and `<=`, or `>` and `<`",
    },
    SettingSpec {
        key: "cutoff-placing",
        default: "between",
        values: &["between", "observed"],
        meaning: "where a cut-off lies: half way between two values, or at the one that makes the rule true",
    },
    SettingSpec {
        key: "denominator",
        default: "known",
        values: &["known", "all"],
        meaning: "what a proportion is of: the patients with a known value, or all of the group",
    },
    SettingSpec {
        key: "fisher-two-sided",
        default: "no-likelier",
        values: &["no-likelier", "doubled"],
        meaning: "which tables count in the two-sided p of Fisher's test: those no likelier than the observed one, or twice the smaller tail",
    },
    SettingSpec {
        key: "mean-test",
        default: "welch-t",
        values: &["student-t", "welch-t"],
        meaning: "the test of a row summarised by mean and SD",
    },
    SettingSpec {
        key: "model-inference",
        default: "wald",
        values: &["wald", "likelihood-ratio"],
        meaning: "the engine of p-values and intervals of a logistic model's terms; `likelihood-ratio` profiles the likelihood",
    },
    SettingSpec {
        key: "ordinal-test",
        default: "mann-whitney",
        values: &["mann-whitney", "count-test"],
        meaning: "the test of ordered categories",
    },
    SettingSpec {
        key: "proportion-interval",
        default: "wilson",
        values: &["wilson", "clopper-pearson"],
        meaning: "the interval of a proportion",
    },
    SettingSpec {
        key: "quartiles",
        default: "7",
        values: &["1", "2", "3", "4", "5", "6", "7", "8", "9"],
        meaning: "the Hyndman-Fan type of median and quartiles",
    },
    SettingSpec {
        key: "rank-null",
        default: "exact-up-to-100",
        values: &[
            "exact-up-to-100",
            "exact-if-smaller-up-to-100",
            "exact-if-untied-below-50",
            "exact",
            "normal",
            "normal-continuity",
        ],
        meaning: "the null distribution of the Mann-Whitney test; `exact` counts the mid-ranks at hand, ties or not",
    },
    SettingSpec {
        key: "rounding",
        default: "half-away",
        values: &["half-away", "half-even"],
        meaning: "how a number halfway between two printed ones is rounded",
    },
    SettingSpec {
        key: "separation",
        default: "firth",
        values: &["firth", "report"],
        meaning: "a logistic or proportional hazards model whose likelihood has no maximum, because terms separate events from the others: Firth's penalised likelihood, or no estimate",
    },
    SettingSpec {
        key: "survival-interval",
        default: "log",
        values: &["plain", "log", "log-log"],
        meaning: "the scale on which the interval of a survival curve or a cumulative incidence is normal",
    },
];

const PRESETS: &[(&str, &str)] = &[
    ("prism-8", include_str!("../presets/prism-8.toml")),
    ("r-4", include_str!("../presets/r-4.toml")),
    ("sas-9", include_str!("../presets/sas-9.toml")),
    ("spss-22", include_str!("../presets/spss-22.toml")),
];

/// A named, versioned set of choices.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// Its name, such as `r-4`.
    pub id: String,
    /// The package and versions it stands for.
    pub title: String,
    /// What the package does, choice by choice.
    pub settings: BTreeMap<String, PresetSetting>,
}

/// What a package does by default, and where that is documented.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PresetSetting {
    /// The value.
    pub value: String,
    /// Where the package documents it.
    pub source: String,
}

impl Preset {
    /// The names of all presets.
    pub fn names() -> impl Iterator<Item = &'static str> {
        PRESETS.iter().map(|(name, _)| *name)
    }

    /// The name that a misspelt one most likely means.
    #[must_use]
    pub fn nearest(name: &str) -> Option<String> {
        nearest(name, Self::names())
    }

    /// The preset of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let (_, text) = PRESETS.iter().find(|(id, _)| *id == name)?;
        // The files are compiled in, and a test reads every one of them.
        toml::from_str(text).ok()
    }
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Our default.
    Default,
    /// A preset, by name.
    Preset(String),
    /// The study file.
    File,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => formatter.write_str("default"),
            Self::Preset(name) => write!(formatter, "preset {name}"),
            Self::File => formatter.write_str("file"),
        }
    }
}

/// Why a convention in a study file is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    Preset { name: String, nearest: Option<String> },
    Key { key: String, nearest: Option<String> },
    Value { key: String, allowed: String },
}

/// The choices in force, each with its origin.
#[derive(Clone, Debug)]
pub struct Conventions {
    values: BTreeMap<&'static str, (String, Origin)>,
    /// The seed of everything random, where one was given.
    seed: Option<u64>,
}

impl Conventions {
    /// Our default of every choice.
    pub(crate) fn defaults() -> Self {
        let values = SETTINGS.iter().map(|spec| (spec.key, (spec.default.to_owned(), Origin::Default)));
        Self { values: values.collect(), seed: None }
    }

    pub(crate) fn resolve<'a>(
        preset: Option<&str>,
        overrides: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Refused> {
        let Self { mut values, .. } = Self::defaults();
        if let Some(name) = preset {
            let preset = Preset::named(name)
                .ok_or_else(|| Refused::Preset { name: name.to_owned(), nearest: nearest(name, Preset::names()) })?;
            for spec in SETTINGS {
                if let Some(setting) = preset.settings.get(spec.key) {
                    values.insert(spec.key, (setting.value.clone(), Origin::Preset(name.to_owned())));
                }
            }
        }
        for (key, value) in overrides {
            let spec = SETTINGS.iter().find(|spec| spec.key == key).ok_or_else(|| Refused::Key {
                key: key.to_owned(),
                nearest: nearest(key, SETTINGS.iter().map(|spec| spec.key)),
            })?;
            if !spec.allows(value) {
                return Err(Refused::Value { key: key.to_owned(), allowed: spec.allowed() });
            }
            values.insert(spec.key, (value.to_owned(), Origin::File));
        }
        Ok(Self { values, seed: None })
    }

    /// Every choice: key, value, origin, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str, &Origin)> {
        self.values.iter().map(|(key, (value, origin))| (*key, value.as_str(), origin))
    }

    /// The same choices under another preset: what the file says stays, the rest is the preset's or our default.
    ///
    /// # Errors
    ///
    /// The nearest preset, if any is near, when there is none of that name.
    pub fn under_preset(&self, preset: &str) -> Result<Self, Option<String>> {
        let from_file = self.iter().filter(|(_, _, origin)| **origin == Origin::File);
        Self::resolve(Some(preset), from_file.map(|(key, value, _)| (key, value))).map_err(|refused| match refused {
            Refused::Preset { nearest, .. } => nearest,
            Refused::Key { .. } | Refused::Value { .. } => None,
        })
    }

    /// A choice with its origin, as evidence: `mean-test = student-t (preset spss-22)`.
    #[must_use]
    pub fn evidence(&self, key: &str) -> String {
        match self.values.get_key_value(key) {
            Some((key, (value, origin))) => format!("{key} = {value} ({origin})"),
            None => key.to_owned(),
        }
    }

    /// The value of a choice.
    ///
    /// # Panics
    ///
    /// Never for a key of [`SETTINGS`]; asking for another is a mistake of the program.
    #[must_use]
    pub fn get(&self, key: &str) -> &str {
        &self.values[key].0
    }

    /// The same choices with a seed for everything random; the one there was stays where none is given.
    pub(crate) fn with_seed(&self, seed: Option<u64>) -> Self {
        Self { values: self.values.clone(), seed: seed.or(self.seed) }
    }

    /// The seed of everything random.
    pub(crate) fn seed(&self) -> u64 {
        self.seed.unwrap_or(FisherFreemanHalton::default().seed)
    }

    fn number(&self, key: &str, otherwise: f64) -> f64 {
        self.get(key).parse().unwrap_or(otherwise)
    }

    pub(crate) fn alpha(&self) -> f64 {
        self.number("alpha", 0.05)
    }

    pub(crate) fn level(&self) -> Level {
        Level::new(self.number("confidence", 0.95)).unwrap_or_default()
    }

    pub(crate) fn quartiles(&self) -> QuantileType {
        self.get("quartiles").parse().ok().and_then(QuantileType::from_number).unwrap_or_default()
    }

    pub(crate) fn correction(&self) -> Correction {
        if self.get("chi-square-correction") == "yates" { Correction::Yates } else { Correction::None }
    }

    pub(crate) fn cox_ties(&self) -> CoxTies {
        if self.get("cox-ties") == "breslow" { CoxTies::Breslow } else { CoxTies::Efron }
    }

    pub(crate) fn survival_interval(&self) -> SurvivalInterval {
        match self.get("survival-interval") {
            "plain" => SurvivalInterval::Plain,
            "log-log" => SurvivalInterval::LogLog,
            _ => SurvivalInterval::Log,
        }
    }

    pub(crate) fn fisher_rule(&self) -> FisherRule {
        if self.get("fisher-two-sided") == "doubled" { FisherRule::Doubled } else { FisherRule::NoLikelier }
    }
}

impl SettingSpec {
    fn allows(&self, value: &str) -> bool {
        match self.key {
            "alpha" => value.parse::<f64>().is_ok_and(|alpha| alpha > 0.0 && alpha < 1.0),
            "confidence" => value.parse::<f64>().is_ok_and(|level| Level::new(level).is_ok()),
            _ => self.values.contains(&value),
        }
    }

    /// The values allowed, for people.
    #[must_use]
    pub fn allowed(&self) -> String {
        match self.key {
            "alpha" => "a number between 0 and 1, such as 0.05".to_owned(),
            "confidence" => "a number between 0.5 and 1, such as 0.95".to_owned(),
            _ => self.values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", "),
        }
    }
}
