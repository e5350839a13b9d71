//! Two reporting checklists, filled with where each item stands in the report.
//!
//! Items are those of STROBE (von Elm and others, 2007) and of TRIPOD (Collins and others, 2015), by their numbers, in
//! short words of our own. What no program can know is left to the author, and says so.

use restudy_ledger::{AnalysisKind, Ledger, Stat};

use crate::report::{Report, Section, words_table};
use crate::table::Table;

/// Where an item can be found.
#[derive(Clone, Copy)]
enum Place {
    /// Only the authors can write it.
    Author,
    /// The title.
    Title,
    Methods,
    Patients,
    Conventions,
    /// The counts of missing values.
    Missing,
    Warnings,
    /// The tables of analyses of those kinds.
    Tables(&'static [AnalysisKind]),
    /// The tables that hold one of these numbers.
    Numbers(&'static [Stat]),
    /// An analysis within a subset.
    Subsets,
    Adjustment,
}

use AnalysisKind::{
    Comparison, Correlation, Cox, CumulativeIncidence, KaplanMeier, Logistic, Roc, Score, ScoreTable, Validation,
};
use Place::{Adjustment, Author, Conventions, Methods, Missing, Numbers, Patients, Subsets, Tables, Title, Warnings};

#[rustfmt::skip]
const STROBE: &[(&str, &str, Place)] = &[
    ("1", "Design named in the title, balanced abstract", Title),
    ("2", "Background and rationale", Author),
    ("3", "Objectives and hypotheses", Author),
    ("4", "Design set out early", Author),
    ("5", "Setting, places and dates", Author),
    ("6", "Who was eligible, and how they were selected", Patients),
    ("7", "Outcomes, exposures, confounders defined", Tables(&[Logistic, Cox, KaplanMeier, CumulativeIncidence, Roc])),
    ("8", "Sources of data and how each was measured", Author),
    ("9", "What was done about bias", Author),
    ("10", "How the size of the study came about", Author),
    ("11", "How quantities were handled and grouped", Methods),
    ("12a", "Statistical methods, confounding included", Methods),
    ("12b", "Subgroups and interactions", Subsets),
    ("12c", "How missing values were handled", Methods),
    ("12d", "How loss to follow-up was handled", Tables(&[KaplanMeier, CumulativeIncidence, Cox])),
    ("12e", "Sensitivity analyses", Tables(&[Comparison])),
    ("13", "Numbers at each stage, with reasons", Patients),
    ("14a", "Who the patients were", Tables(&[Comparison])),
    ("14b", "Missing values of each variable", Missing),
    ("14c", "Length of follow-up", Numbers(&[Stat::MedianFollowUp])),
    ("15", "Numbers of events", Numbers(&[Stat::Events])),
    ("16a", "Estimates, unadjusted and adjusted, with intervals", Tables(&[Logistic, Cox])),
    ("16b", "Bounds of categories", Tables(&[Roc, Score])),
    ("16c", "Absolute risks", Numbers(&[Stat::Survival, Stat::CumulativeIncidence])),
    ("17", "Other analyses", Tables(&[Correlation, Roc, ScoreTable, Validation])),
    ("18", "Key results", Author),
    ("19", "Limits of the study", Warnings),
    ("20", "Interpretation", Author),
    ("21", "Whom the results hold for", Author),
    ("22", "Funding", Author),
];

#[rustfmt::skip]
const TRIPOD: &[(&str, &str, Place)] = &[
    ("1", "Title names a prediction model, its patients and outcome", Title),
    ("2", "Abstract with all parts", Author),
    ("3a", "Why the model is needed", Author),
    ("3b", "Development, validation, or both", Tables(&[Score, Validation])),
    ("4a", "Design and source of the data", Author),
    ("4b", "Dates of accrual and follow-up", Author),
    ("5a", "Setting and centres", Author),
    ("5b", "Eligibility", Patients),
    ("5c", "Treatments", Tables(&[Comparison])),
    ("6a", "The outcome, and when it was assessed", Tables(&[Logistic, Cox, Roc, ScoreTable])),
    ("6b", "Blinding to predictors", Author),
    ("7a", "The predictors and how they were measured", Tables(&[Logistic, Cox, Roc])),
    ("7b", "Blinding to the outcome", Author),
    ("8", "How the size of the study came about", Author),
    ("9", "How missing values were handled", Methods),
    ("10a", "How predictors were handled", Methods),
    ("10b", "Type of model, how it was built, how it was validated", Methods),
    ("10c", "For validation, how predictions were calculated", Tables(&[Validation])),
    ("10d", "Measures of performance", Tables(&[Roc, ScoreTable, Validation])),
    ("10e", "For validation, how the model was updated", Numbers(&[Stat::CalibrationSlope])),
    ("11", "Groups of risk", Tables(&[Score, ScoreTable, Validation])),
    ("12", "For validation, differences from the development data", Author),
    ("13a", "Flow of patients, and events", Patients),
    ("13b", "Who they were, missing values included", Tables(&[Comparison])),
    ("13c", "For validation, comparison with the development data", Author),
    ("14a", "Patients and events of each model", Numbers(&[Stat::Events])),
    ("14b", "Each predictor alone", Tables(&[Logistic, Cox])),
    ("15a", "The whole model, so that others can predict", Tables(&[Logistic, Cox, Score, Validation])),
    ("15b", "How to use it", Tables(&[Score, Validation])),
    ("16", "Performance with intervals", Tables(&[Roc, ScoreTable, Validation])),
    ("17", "For validation, results of an update", Numbers(&[Stat::CalibrationSlope])),
    ("18", "Limits of the study", Warnings),
    ("19", "Interpretation", Author),
    ("20", "Use in practice", Author),
    ("21", "Supplement: protocol, calculator, data", Conventions),
    ("22", "Funding", Author),
    ("—", "P-values adjusted for several comparisons", Adjustment),
];

/// STROBE, and TRIPOD where the study holds a model, a marker or a score; each with its title.
pub(crate) fn checklists(report: &Report<'_>, sections: &[Section<'_>]) -> Vec<(&'static str, Table)> {
    let predicts = report
        .ledger
        .analyses
        .iter()
        .any(|analysis| matches!(analysis.kind, Logistic | Cox | Roc | Score | ScoreTable | Validation));
    let filled = |items: &[(&str, &str, Place)]| {
        let places: Vec<String> = items.iter().map(|(.., place)| stands(report.ledger, sections, *place)).collect();
        let rows = items.iter().zip(&places).map(|((number, item, _), place)| [*number, *item, place.as_str()]);
        words_table(["Item", "What it asks for", "Where it stands"], rows)
    };
    let tripod = predicts.then(|| ("TRIPOD", filled(TRIPOD)));
    std::iter::once(("STROBE", filled(STROBE))).chain(tripod).collect()
}

const FOR_THE_AUTHOR: &str = "for the author: not in the data";
const NOT_DONE: &str = "not part of this study file";

fn stands(ledger: &Ledger, sections: &[Section<'_>], place: Place) -> String {
    let tables = |admits: &dyn Fn(&Section<'_>) -> bool| {
        let names: Vec<String> = sections.iter().filter(|section| admits(section)).map(Section::name).collect();
        if names.is_empty() { NOT_DONE.to_owned() } else { names.join(", ") }
    };
    match place {
        Author => FOR_THE_AUTHOR.to_owned(),
        Title => "title of the study; the abstract is for the author".to_owned(),
        Methods => "Methods".to_owned(),
        Patients if ledger.flow.is_empty() => "Patients; no step of selection in the study file".to_owned(),
        Patients => "Patients, with the steps of selection".to_owned(),
        Conventions => "Conventions and record; results.json holds every number".to_owned(),
        Missing => tables(&|section| section.analysis.kind == Comparison),
        Warnings => match sections.iter().filter(|section| !section.warnings.is_empty()).count() {
            0 => "the ledger warns of nothing; the rest is for the author".to_owned(),
            _ => "warnings at each table; the rest is for the author".to_owned(),
        },
        Tables(kinds) => tables(&|section| kinds.contains(&section.analysis.kind)),
        Numbers(stats) => tables(&|section| ledger.rows_of(&section.analysis.id).any(|row| stats.contains(&row.stat))),
        Subsets => tables(&|section| section.analysis.within.is_some()),
        Adjustment => tables(&|section| section.analysis.family.is_some()),
    }
}

impl Section<'_> {
    /// `Table 3`, or the whole title where it counts itself otherwise.
    fn name(&self) -> String {
        let name = self.title.split(['.', ':']).next().unwrap_or_default();
        if name.to_lowercase().starts_with("table") { name.to_owned() } else { self.title.clone() }
    }
}
