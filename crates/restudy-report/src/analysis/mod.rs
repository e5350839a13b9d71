//! The analyses of a study as tables: one kind, one file.

mod claims;
mod comparison;
mod correlation;
mod incidence;
mod model;
mod reader;
mod roc;
mod score;
mod survival;
mod validation;

use restudy_ledger::{AnalysisKind, Ledger, SummaryKind};

pub use claims::claims_table;
pub use comparison::{choice_table, comparison_table, missingness_table};

pub(crate) use comparison::{counted, sentence};
pub(crate) use reader::{Form, Place, Reader, is_qualifier, upper};

use crate::table::Table;

/// A table beside the main one of its analysis: what a reader asks for second.
#[derive(Clone, Debug, PartialEq)]
pub struct Detail {
    /// A short name, distinct within the analysis, such as `choices`.
    pub id: &'static str,
    /// The table, with its title.
    pub table: Table,
}

/// The main table of that analysis, whatever its kind: the groups compared, the coefficients of models, survival or
/// incidence by group, markers, items of a score, patients by score, measures of validation. None when the ledger has no such
/// analysis.
///
/// - A cell that no row of the ledger fills is empty; one whose number could not be computed is a dash, marked with the
///   reason.
/// - Where every p-value (or every estimate) of the table is by the same procedure, a note names it; else each bears the
///   mark of its own.
/// - Remarks of the ledger are footnotes of the cells that they are about.
#[must_use]
pub fn analysis_table(ledger: &Ledger, analysis: &str) -> Option<Table> {
    let reader = Reader::new(ledger, analysis)?;
    Some(match reader.analysis.kind {
        AnalysisKind::Comparison => reader.comparison(),
        AnalysisKind::Correlation => reader.correlation(),
        AnalysisKind::Logistic | AnalysisKind::Cox => reader.models(),
        AnalysisKind::KaplanMeier => reader.survival(),
        AnalysisKind::CumulativeIncidence => reader.incidence(),
        AnalysisKind::Roc => reader.markers(),
        AnalysisKind::Score => reader.items(),
        AnalysisKind::ScoreTable => reader.patients_by_score(),
        AnalysisKind::Validation => reader.validation(),
    })
}

/// The tables beside the main one that have something to say: how each p of a comparison was chosen and what is missing,
/// the matrix of correlations, the path of a selection, tests of proportional hazards, comparisons of areas, a score's performance at each threshold,
/// the items of published scores, their performance within parts of the patients,
/// the frequency of selection over bootstrap copies, the stability of the patients' predictions, net benefit.
#[must_use]
pub fn detail_tables(ledger: &Ledger, analysis: &str) -> Vec<Detail> {
    let Some(reader) = Reader::new(ledger, analysis) else { return Vec::new() };
    let details = match reader.analysis.kind {
        AnalysisKind::Comparison => vec![
            ("choices", Some(reader.choices()).filter(|table| !table.lines.is_empty())),
            ("missing", Some(reader.missingness())),
        ],
        AnalysisKind::Correlation => vec![("matrix", reader.matrix())],
        AnalysisKind::Logistic | AnalysisKind::Cox => {
            vec![
                ("selection", reader.selection_path()),
                ("missing-information", reader.missing_information()),
                ("proportionality", reader.proportionality()),
            ]
        }
        AnalysisKind::KaplanMeier => vec![("contrasts", reader.contrasts())],
        AnalysisKind::Roc => vec![("contrasts", reader.contrasts())],
        AnalysisKind::CumulativeIncidence | AnalysisKind::Score => Vec::new(),
        AnalysisKind::ScoreTable => vec![("performance", reader.performance_by_threshold())],
        AnalysisKind::Validation => {
            vec![
                ("comparisons", reader.scores_compared()),
                ("within", reader.validation_within()),
                ("scores", reader.published_scores()),
                ("selection", reader.selection_frequency()),
                ("stability", reader.stability_of_patients()),
                ("net-benefit", reader.net_benefit()),
            ]
        }
    };
    let said = |table: &Table| !(table.lines.is_empty() && table.footnotes.is_empty());
    details.into_iter().filter_map(|(id, table)| Some(Detail { id, table: table.filter(said)? })).collect()
}

/// What the ledger warns of and no footnote of the analysis's own table says: each remark once, with what it is about.
pub(crate) fn warnings(ledger: &Ledger, analysis: &str, main: &Table) -> Vec<String> {
    let Some(reader) = Reader::new(ledger, analysis) else { return Vec::new() };
    let mut warnings: Vec<(String, Vec<&str>)> = Vec::new();
    for row in reader.answers() {
        for remark in row.remarks.iter().map(|remark| sentence(&crate::procedure::without_keys(remark))) {
            if remark.is_empty() || main.footnotes.iter().any(|note| note.text.contains(&remark)) {
                continue;
            }
            let label = reader.label(&row.variable);
            match warnings.iter_mut().find(|(known, _)| *known == remark) {
                Some((_, labels)) if labels.contains(&label) => {}
                Some((_, labels)) => labels.push(label),
                None => warnings.push((remark, vec![label])),
            }
        }
    }
    warnings.into_iter().map(|(remark, labels)| format!("{}: {remark}", labels.join(", "))).collect()
}

/// The abbreviations that the tables of that analysis use, each with its meaning.
pub(crate) fn abbreviations(ledger: &Ledger, analysis: &str) -> Vec<(&'static str, &'static str)> {
    let Some(reader) = Reader::new(ledger, analysis) else { return Vec::new() };
    let interval = [("CI", "confidence interval")];
    let own: &[(&str, &str)] = match reader.analysis.kind {
        AnalysisKind::Comparison => {
            let any = |kind| reader.analysis.rows.iter().any(|line| line.summary == kind);
            let quartiles = any(SummaryKind::MedianQuartiles);
            let words = if reader.style.quartile_words().contains("IQR") {
                [("IQR", "interquartile range"), ("df", "degrees of freedom")]
            } else {
                [("Q1, Q3", "lower and upper quartile"), ("df", "degrees of freedom")]
            };
            let sd = any(SummaryKind::MeanSd).then_some(("SD", "standard deviation"));
            return interval.into_iter().chain(sd).chain(words.into_iter().skip(usize::from(!quartiles))).collect();
        }
        AnalysisKind::Correlation => &[("r", "correlation coefficient")],
        AnalysisKind::Logistic => {
            &[("AIC", "Akaike’s information criterion"), ("BIC", "Bayesian information criterion")]
        }
        AnalysisKind::Cox => &[("AIC", "Akaike’s information criterion"), ("BIC", "Bayesian information criterion")],
        AnalysisKind::KaplanMeier | AnalysisKind::CumulativeIncidence => &[],
        AnalysisKind::Score => return Vec::new(),
        AnalysisKind::Roc | AnalysisKind::ScoreTable | AnalysisKind::Validation => &[
            ("AUC", "area under the receiver operating characteristic curve"),
            ("LR+, LR−", "positive and negative likelihood ratio"),
            ("NPV", "negative predictive value"),
            ("PPV", "positive predictive value"),
        ],
    };
    interval.into_iter().chain(own.iter().copied()).collect()
}
