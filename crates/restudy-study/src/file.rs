//! The study file as written: what to compute, and nothing about how it looks.
//!
//! Every field that can name something wrong keeps its place in the text, so that an error points at the word.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use restudy_cohort::ReadOptions;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::block::{Block, Within};
use crate::blocks::correlation::CorrelationBlock;
use crate::blocks::cox::CoxBlock;
use crate::blocks::cumulative_incidence::CumulativeIncidenceBlock;
use crate::blocks::external_validation::ExternalValidationBlock;
use crate::blocks::kaplan_meier::KaplanMeierBlock;
use crate::blocks::logistic::LogisticBlock;
use crate::blocks::roc::RocBlock;
use crate::blocks::score::ScoreBlock;
use crate::blocks::score_table::ScoreTableBlock;
use crate::blocks::score_validation::ScoreValidationBlock;
use crate::describe::{Describe, Key, Shape, Table, described, entry, key};
use crate::error::{Place, StudyError, nearest};
use crate::figure::FigureBlock;

/// Declares the study file: the tables that there is one of, then the kinds of blocks. A new kind is one line here.
macro_rules! study_file {
    (
        { $( $(#[doc = $doc:literal])+ $(#[serde($serde:ident)])? $key:ident: $type:ty, )+ }
        blocks { $( $(#[doc = $block_doc:literal])+ $block:ident: $block_type:ty, )+ }
    ) => {
        /// A study file.
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        pub struct StudyFile {
            $( $(#[doc = $doc])+ $(#[serde($serde)])? pub $key: $type, )+
            $( $(#[doc = $block_doc])+ #[serde(default)] pub $block: Vec<$block_type>, )+
        }

        impl StudyFile {
            /// Every block, in the order of the file.
            pub(crate) fn blocks(&self) -> Vec<&dyn Block> {
                let mut blocks: Vec<&dyn Block> = Vec::new();
                $( blocks.extend(self.$block.iter().map(|block| block as &dyn Block)); )+
                blocks.sort_by_key(|block| block.id().span().start);
                blocks
            }
        }

        impl Describe for StudyFile {
            fn shape() -> Shape {
                let mut keys: Vec<Key> = vec![$(
                    key::<$type>(stringify!($key), &[$($doc),+], false $(|| stringify!($serde) == "default")?)
                ),+];
                $( keys.push(key::<Vec<$block_type>>(stringify!($block), &[$($block_doc),+], true)); )+
                Shape::Table(Table { about: "A study file.".to_owned(), keys })
            }
        }
    };
}

study_file! {
    {
        /// The study's name and title.
        study: StudyBlock,
        /// The table, and what is derived from it and dropped.
        data: DataBlock,
        /// The choices on which packages differ: `preset`, and any setting of `docs/conventions.md`.
        #[serde(default)]
        conventions: BTreeMap<Spanned<String>, Spanned<SettingValue>>,
        /// The pages.
        report: Option<ReportBlock>,
        /// What became of patients before the table.
        flow: Option<FlowBlock>,
        /// Figures; where none is declared, each block has its usual ones.
        figure: Option<Vec<FigureBlock>>,
    }
    blocks {
        /// Groups compared, variable by variable: a paper's Table 1.
        comparison: ComparisonBlock,
        /// Pairs of variables.
        correlation: CorrelationBlock,
        /// Logistic regression: each term by itself, and several together.
        logistic: LogisticBlock,
        /// Proportional hazards regression: each term by itself, and several together.
        cox: CoxBlock,
        /// Survival curves, and the log-rank test.
        kaplan_meier: KaplanMeierBlock,
        /// Cumulative incidences of competing events, and Gray's test.
        cumulative_incidence: CumulativeIncidenceBlock,
        /// Markers against an outcome: ROC curves, areas, cut-offs.
        roc: RocBlock,
        /// A score made of items. It is a variable of every block after this one.
        score: ScoreBlock,
        /// Patients and events by score, and how well each threshold of it tells them apart.
        score_table: ScoreTableBlock,
        /// A score derived from candidate variables, with the whole derivation repeated on resamples.
        score_validation: ScoreValidationBlock,
        /// Published scores judged on these patients, whom they were not made from. Each is a variable of every block after
        /// this one, under its id, and its groups one with `_group` behind it.
        external_validation: ExternalValidationBlock,
    }
}

described! {
    /// The study's name and title.
    pub struct StudyBlock {
        /// Short name: lower-case letters, digits and hyphens.
        pub id: Spanned<String>,
        /// The title on the page.
        pub title: String,
        /// Where the study or its data were published.
        pub source: Option<String>,
        /// `true` when the data were made, not observed; every page then says so.
        #[serde(default)]
        pub synthetic: bool,
        /// The published record whose claims are held against the results, relative to the study file.
        pub published: Option<Spanned<String>>,
        /// The seed of everything random; `--seed` goes before it.
        pub seed: Option<u64>,
    }

    /// The table, and what is derived from it and dropped.
    pub struct DataBlock {
        /// The table's path, relative to the study file: CSV or TSV, or a file of SPSS, Stata, SAS, Excel or Parquet.
        pub table: Spanned<String>,
        /// The codebook's path, relative to the study file.
        pub codebook: Option<Spanned<String>>,
        /// The format catalogue of a SAS table, `.sas7bcat`, which holds its value labels; relative to the study file.
        pub catalogue: Option<Spanned<String>>,
        /// How the table's text is read.
        #[serde(default)]
        pub read: ReadOptions,
        /// New columns, made in order before anybody is dropped.
        #[serde(default)]
        pub derive: Vec<DeriveBlock>,
        /// Who stays and who goes, in order; every step is counted in the flow of patients.
        #[serde(default)]
        pub filter: Vec<Spanned<FilterBlock>>,
    }

    /// A new column.
    pub struct DeriveBlock {
        /// The new column.
        pub name: String,
        /// An SQL expression over the columns; names with dots or blanks stand in double quotes.
        pub sql: Spanned<String>,
        /// Its label on the page, where the codebook does not describe it.
        pub label: Option<String>,
        /// Its unit.
        pub unit: Option<String>,
    }

    /// Who stays: exactly one of `keep` and `exclude`.
    pub struct FilterBlock {
        /// What the step does, for the flow of patients.
        pub label: String,
        /// An SQL condition: rows where it is true stay; where it cannot be told, they go and are counted.
        pub keep: Option<String>,
        /// An SQL condition: rows where it is true go; where it cannot be told, they stay and are counted.
        pub exclude: Option<String>,
    }

    /// What became of patients before the table, by the numbers that the study wrote down.
    pub struct FlowBlock {
        /// The steps: the first says how many `patients` there were, each of the others how many were `excluded`. The last
        /// leaves as many as the table has rows.
        pub before: Vec<Spanned<FlowEntry>>,
    }

    /// A step before the table.
    pub struct FlowEntry {
        /// What the step is, for the flow of patients.
        pub label: String,
        /// Patients at the start.
        pub patients: Option<usize>,
        /// Patients whom the step dropped.
        pub excluded: Option<usize>,
    }

    /// `[[comparison]]`: groups compared, variable by variable.
    pub struct ComparisonBlock {
        /// The block's name; every number of it carries it.
        pub id: Spanned<String>,
        /// The title on the page.
        pub title: Option<String>,
        /// The variable whose levels are the groups.
        pub by: Spanned<String>,
        /// Which levels, in the order of their columns; all of them where nothing is said.
        pub groups: Option<Vec<Spanned<String>>>,
        /// Patients that it is about: by the levels they have, `{ stage = "III" }`, `{ stage = ["II", "III"] }`, or by an SQL
        /// condition, `"age >= 60 AND stage = 'III'"`. Those of whom it cannot be told are not in it, and are counted.
        #[serde(default)]
        pub within: Within,
        /// `true` for a column of all patients.
        #[serde(default)]
        pub overall: bool,
        /// The variables, in order; every variable but `by` where nothing is said.
        pub rows: Option<Vec<RowEntry>>,
        /// Summaries forced by variable: `mean-sd`, `median-quartiles`, `count`, `counts`.
        #[serde(default)]
        pub summary: BTreeMap<Spanned<String>, Spanned<String>>,
        /// Tests forced by variable: a name of the list below, or `none`.
        #[serde(default)]
        pub test: BTreeMap<Spanned<String>, Spanned<String>>,
        /// How p-values are adjusted within the comparison: `benjamini-hochberg`, `benjamini-yekutieli`, `holm`, `hochberg`,
        /// `hommel`, `bonferroni`.
        pub adjust: Option<Spanned<Adjustment>>,
        /// Rows that have a p-value and stay out of its family.
        #[serde(default)]
        pub adjust_leave_out: Vec<Spanned<String>>,
    }
}

described! {
    /// The pages.
    pub struct ReportBlock {
        /// The house style by name: `three-decimals` (0.354, < 0.001), or another.
        pub style: Option<Spanned<String>>,
    }
}

crate::describe::words! {
    /// How a family of p-values is adjusted.
    pub enum Adjustment {
        /// Benjamini and Hochberg's, which holds the false discovery rate
        BenjaminiHochberg = "benjamini-hochberg",
        /// Benjamini and Yekutieli's, which holds it under any dependence
        BenjaminiYekutieli = "benjamini-yekutieli",
        /// Holm's, which holds the family-wise error rate
        Holm = "holm",
        /// Hochberg's
        Hochberg = "hochberg",
        /// Hommel's
        Hommel = "hommel",
        /// Bonferroni's
        Bonferroni = "bonferroni",
    }
}

entry! {
    /// A row of a comparison: a variable's name, or a table that says more.
    pub struct RowEntry {
        /// the row's name, where the variable stands in another row too; numbers of the row carry it
        pub id: Option<String>,
        /// the heading it stands under, instead of the codebook's
        pub heading: Option<String>,
        /// the label on the page, instead of the codebook's
        pub label: Option<String>,
        /// the level that is counted: of more than two, against all others
        pub level: Option<String>,
    }
}

impl StudyFile {
    /// The house style, where the file names one.
    pub(crate) fn style(&self) -> Option<&Spanned<String>> {
        self.report.as_ref()?.style.as_ref()
    }
}

impl Describe for ReadOptions {
    fn shape() -> Shape {
        let keys = vec![
            key::<Option<String>>(
                "delimiter",
                &["the character between cells; looked for where nothing is said"],
                true,
            ),
            key::<Option<String>>("quote", &["the character around cells"], true),
            key::<bool>("decimal_comma", &["numbers are written with a decimal comma"], true),
            key::<Option<String>>(
                "encoding",
                &["how text is encoded, such as `windows-1252`; UTF-8 if not given"],
                true,
            ),
            key::<Option<String>>("sheet", &["the sheet of a workbook; its first if not given"], true),
        ];
        Shape::Table(Table { about: "How the table's text is read.".to_owned(), keys })
    }
}

impl Describe for SettingValue {
    fn shape() -> Shape {
        Shape::Setting
    }
}

/// The value of a convention: `quartiles = 6` and `quartiles = "6"` are the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SettingValue(pub String);

impl<'de> Deserialize<'de> for SettingValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = SettingValue;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a word or a number")
            }
            fn visit_str<E>(self, value: &str) -> Result<SettingValue, E> {
                Ok(SettingValue(value.to_owned()))
            }
            fn visit_i64<E>(self, value: i64) -> Result<SettingValue, E> {
                Ok(SettingValue(value.to_string()))
            }
            fn visit_f64<E>(self, value: f64) -> Result<SettingValue, E> {
                Ok(SettingValue(value.to_string()))
            }
        }
        deserializer.deserialize_any(Text)
    }
}

/// A study file with its text, so that what is found wrong later can still point into it.
#[derive(Clone, Debug)]
pub struct Study {
    pub(crate) name: String,
    pub(crate) text: String,
    /// The file as written.
    pub file: StudyFile,
}

impl Study {
    /// Reads a study file; `name` is what errors call it.
    ///
    /// # Errors
    ///
    /// [`StudyError::File`] with line and column: not TOML, an unknown key (with the nearest known one), a key that is
    /// missing, a value of the wrong kind.
    pub fn parse(name: &str, text: &str) -> Result<Self, StudyError> {
        // Windows editors may put a byte-order mark in front; it means nothing.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let file = toml::from_str(text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let message = error.message().to_owned();
            let hint = unknown_name(&message).and_then(|(unknown, known)| {
                nearest(unknown, known.into_iter()).map(|name| format!("did you mean `{name}`?"))
            });
            StudyError::File { place: Place::of(name, text, &span), message, hint }
        })?;
        let study = Self { name: name.to_owned(), text: text.to_owned(), file };
        study.check()?;
        Ok(study)
    }

    /// Refuses a house style that is not one of `names`: the styles belong to the report, which this crate does not
    /// know.
    ///
    /// # Errors
    ///
    /// [`StudyError::File`] at the style, with the nearest name.
    pub fn check_style(&self, names: &[&str]) -> Result<(), StudyError> {
        match self.file.style() {
            Some(style) if !names.contains(&style.get_ref().as_str()) => {
                let hint = match nearest(style.get_ref(), names.iter().copied()) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => format!("styles: {}", names.join(", ")),
                };
                Err(self.error(&style.span(), format!("no style `{}`", style.get_ref()), Some(hint)))
            }
            _ => Ok(()),
        }
    }

    /// An error at a place of the file.
    pub(crate) fn error(&self, span: &Range<usize>, message: impl Into<String>, hint: Option<String>) -> StudyError {
        StudyError::File { place: Place::of(&self.name, &self.text, span), message: message.into(), hint }
    }

    fn check(&self) -> Result<(), StudyError> {
        let id = &self.file.study.id;
        self.check_id(id)?;
        for filter in &self.file.data.filter {
            if filter.get_ref().keep.is_some() == filter.get_ref().exclude.is_some() {
                let label = &filter.get_ref().label;
                return Err(self.error(
                    &filter.span(),
                    format!("the filter \"{label}\" needs exactly one of `keep` and `exclude`"),
                    Some("keep = \"age >= 18\"".to_owned()),
                ));
            }
        }
        let mut seen: Vec<&str> = Vec::new();
        let figures = self.file.figure.iter().flatten().map(|figure| &figure.id);
        for id in self.file.blocks().into_iter().map(Block::id).chain(figures) {
            self.check_id(id)?;
            if seen.contains(&id.get_ref().as_str()) {
                return Err(self.error(&id.span(), format!("two blocks have the id `{}`", id.get_ref()), None));
            }
            // The table of a block is written as `ID.csv`, beside `ledger.csv`.
            if id.get_ref() == "ledger" {
                return Err(self.error(&id.span(), "the id `ledger` is taken by the ledger itself", None));
            }
            seen.push(id.get_ref());
        }
        Ok(())
    }

    /// An id becomes a file name and a key of the ledger, on every system.
    fn check_id(&self, id: &Spanned<String>) -> Result<(), StudyError> {
        let text = id.get_ref();
        let plain = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if plain && text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.len() <= 64 {
            return Ok(());
        }
        Err(self.error(
            &id.span(),
            format!("the id `{text}` is not a plain name"),
            Some("an id has at most 64 lower-case letters, digits and hyphens, such as `table-1`".to_owned()),
        ))
    }
}

/// The unknown name and the known ones, out of serde's sentences "unknown field `x`, expected one of `a`, `b`" and
/// "unknown variant `x`, expected `a` or `b`".
fn unknown_name(message: &str) -> Option<(&str, Vec<&str>)> {
    if !(message.starts_with("unknown field") || message.starts_with("unknown variant")) {
        return None;
    }
    let mut names = message.split('`').skip(1).step_by(2);
    let unknown = names.next()?;
    Some((unknown, names.collect()))
}
