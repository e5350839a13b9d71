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
    /// These words.
    Said(&'static str),
    /// Words before the tables of such analyses, and words on what is not there.
    Partly(&'static str, &'static [AnalysisKind], &'static str),
    /// Development, validation, or both.
    Aim,
    /// The tables that say how a model's risks were made right for new patients.
    Updating,
    /// The steps of selection, and the tables with events.
    Flow,
    /// The table of characteristics, and those with counts of missing values.
    Characteristics,
}

use AnalysisKind::{
    Comparison, Correlation, Cox, CumulativeIncidence, KaplanMeier, Logistic, Roc, Score, ScoreTable, Validation,
};
use Place::{
    Aim, Author, Characteristics, Conventions, Flow, Methods, Missing, Numbers, Partly, Patients, Said, Subsets,
    Tables, Title, Updating, Warnings,
};

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

/// Which kind of study an item of TRIPOD is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// One that makes a model or judges one that others made.
    Both,
    /// One that makes a model, validated on its own patients or not.
    Development,
    /// One that judges a model on patients that it was not made from.
    Validation,
}

/// An item: its number, what it asks for, the kind of study it is for, and where it stands.
type Item = (&'static str, &'static str, Kind, Place);

#[rustfmt::skip]
const TRIPOD: &[Item] = &[
    ("1", "Title: development or validation of a prediction model, its patients and outcome", Kind::Both, Title),
    ("2", "Abstract: objectives, design, setting, patients, size, predictors, outcome, analysis, results", Kind::Both, Author),
    ("3a", "Medical context, and why the model is made or validated", Kind::Both, Author),
    ("3b", "Objective: development, validation, or both", Kind::Both, Aim),
    ("4a", "Design or source of the data: trial, cohort, registry", Kind::Both, Author),
    ("4b", "Start and end of accrual, end of follow-up", Kind::Both, Author),
    ("5a", "Setting: level of care, number and place of centres", Kind::Both, Author),
    ("5b", "Eligibility", Kind::Both, Patients),
    ("5c", "Treatments received", Kind::Both, Author),
    ("6a", "The outcome, how and when it was assessed", Kind::Both, Partly("the event is named at", &[Logistic, Cox, KaplanMeier, Roc, ScoreTable, Validation], "how and when it was assessed is for the author")),
    ("6b", "Blinding of the assessment of the outcome", Kind::Both, Author),
    ("7a", "All predictors, how and when they were measured", Kind::Both, Partly("the predictors are named at", &[Logistic, Cox, Roc, Score], "how and when they were measured is for the author")),
    ("7b", "Blinding of the assessment of predictors", Kind::Both, Author),
    ("8", "How the size of the study came about", Kind::Both, Said("for the author; `restudy sample-size` has the criteria")),
    ("9", "How missing values were handled", Kind::Both, Methods),
    ("10a", "How predictors were handled in the analysis", Kind::Development, Methods),
    ("10b", "Type of model, every step of its building, internal validation", Kind::Development, Methods),
    ("10c", "How the predictions were calculated", Kind::Validation, Partly("Methods, and the items with their points at", &[Score], "")),
    ("10d", "Every measure of performance, and how models were compared", Kind::Both, Methods),
    ("10e", "Updating of the model", Kind::Validation, Updating),
    ("11", "How groups of risk were made", Kind::Both, Tables(&[Score, ScoreTable])),
    ("12", "Differences from the patients that the model was made from: setting, eligibility, outcome, predictors", Kind::Validation, Partly("whom it was made for stands in the notes of", &[Validation], "the comparison is for the author")),
    ("13a", "Flow of patients, how many had the outcome, follow-up", Kind::Both, Flow),
    ("13b", "Who they were, with how many missing predictors and outcomes", Kind::Both, Characteristics),
    ("13c", "The same beside the patients that the model was made from", Kind::Validation, Author),
    ("14a", "Patients and events of each analysis", Kind::Development, Numbers(&[Stat::Events])),
    ("14b", "Each candidate alone against the outcome", Kind::Development, Tables(&[Logistic, Cox])),
    ("15a", "The whole model: coefficients, intercept or baseline", Kind::Development, Tables(&[Logistic, Cox, Score])),
    ("15b", "How to use it", Kind::Development, Tables(&[Score])),
    ("16", "Performance with intervals", Kind::Both, Tables(&[Roc, ScoreTable, Validation])),
    ("17", "Results of updating", Kind::Validation, Updating),
    ("18", "Limits of the study", Kind::Both, Warnings),
    ("19a", "Results beside those of the development, and of other validations", Kind::Validation, Author),
    ("19b", "Interpretation", Kind::Both, Author),
    ("20", "Use in practice, further research", Kind::Both, Author),
    ("21", "Supplement: protocol, calculator, data", Kind::Both, Conventions),
    ("22", "Funding, and the part of the funders", Kind::Both, Author),
];

/// STROBE, and TRIPOD where the study holds a model, a marker or a score; each with its title.
pub(crate) fn checklists(report: &Report<'_>, sections: &[Section<'_>]) -> Vec<(&'static str, Table)> {
    let predicts = report
        .ledger
        .analyses
        .iter()
        .any(|analysis| matches!(analysis.kind, Logistic | Cox | Roc | Score | ScoreTable | Validation));
    let filled = |items: &mut dyn Iterator<Item = (&'static str, &'static str, Place)>| {
        let items: Vec<_> = items.collect();
        let places: Vec<String> = items.iter().map(|(.., place)| stands(report.ledger, sections, *place)).collect();
        let rows = items.iter().zip(&places).map(|((number, item, _), place)| [*number, *item, place.as_str()]);
        words_table(["Item", "What it asks for", "Where it stands"], rows)
    };
    let kinds = kinds(report.ledger);
    let tripod = predicts.then(|| {
        let asked = TRIPOD.iter().filter(|(_, _, kind, _)| *kind == Kind::Both || kinds.contains(kind));
        ("TRIPOD", filled(&mut asked.map(|(number, item, _, place)| (*number, *item, *place))))
    });
    std::iter::once(("STROBE", filled(&mut STROBE.iter().copied()))).chain(tripod).collect()
}

/// Whether a model is made, judged on new patients, or both. A validation that corrects for optimism is of the model's own
/// patients, and part of its making.
fn kinds(ledger: &Ledger) -> Vec<Kind> {
    let corrects = |id: &str| ledger.rows_of(id).any(|row| row.stat == Stat::Corrected);
    let kind = |analysis: &restudy_ledger::Analysis| match analysis.kind {
        Validation if !corrects(&analysis.id) => Some(Kind::Validation),
        Logistic | Cox | Roc | ScoreTable | Validation => Some(Kind::Development),
        _ => None,
    };
    ledger.analyses.iter().filter_map(kind).collect()
}

const FOR_THE_AUTHOR: &str = "for the author: not in the data";
const NOT_DONE: &str = "not part of this report";

fn stands(ledger: &Ledger, sections: &[Section<'_>], place: Place) -> String {
    let tables = |admits: &dyn Fn(&Section<'_>) -> bool| {
        let names: Vec<String> = sections.iter().filter(|section| admits(section)).map(Section::name).collect();
        if names.is_empty() { NOT_DONE.to_owned() } else { names.join(", ") }
    };
    match place {
        Author => FOR_THE_AUTHOR.to_owned(),
        Title => "title of the study; the abstract is for the author".to_owned(),
        Methods => "Methods".to_owned(),
        Patients if ledger.flow.is_empty() => {
            "Patients; no step of selection, and eligibility is for the author".to_owned()
        }
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
        Said(words) => words.to_owned(),
        Partly(before, kinds, rest) => {
            let found = tables(&|section| kinds.contains(&section.analysis.kind));
            let rest = if rest.is_empty() { String::new() } else { format!("; {rest}") };
            if found == NOT_DONE { format!("{NOT_DONE}{rest}") } else { format!("{before} {found}{rest}") }
        }
        Aim => match (kinds(ledger).contains(&Kind::Development), kinds(ledger).contains(&Kind::Validation)) {
            (true, true) => "both, on the patients of this report".to_owned(),
            (false, true) => "validation of a published score on new patients".to_owned(),
            _ => "development; a validation here is on the same patients".to_owned(),
        },
        Updating => {
            let updates = |section: &Section<'_>| {
                ledger.rows_of(&section.analysis.id).any(|row| row.model.as_deref() == Some("update"))
            };
            tables(&updates)
        }
        Flow => {
            let steps = if ledger.flow.is_empty() { "Patients; no step of selection" } else { "Patients" };
            format!("{steps}; events: {}", stands(ledger, sections, Numbers(&[Stat::Events])))
        }
        Characteristics => {
            let who = tables(&|section| section.analysis.kind == Comparison);
            let missing = stands(ledger, sections, Numbers(&[Stat::NMissing]));
            format!("{}; missing values: {missing}", if who == NOT_DONE { FOR_THE_AUTHOR } else { &who })
        }
    }
}

impl Section<'_> {
    /// `Table 3`, or the whole title where it counts itself otherwise.
    fn name(&self) -> String {
        let name = self.title.split(['.', ':']).next().unwrap_or_default();
        if name.to_lowercase().starts_with("table") { name.to_owned() } else { self.title.clone() }
    }
}
