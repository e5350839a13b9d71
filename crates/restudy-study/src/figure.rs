//! The figures of a report: those that the study file declares, or the usual ones of each block.

use restudy_ledger::{Figure, Panel, PanelKind};
use toml::Spanned;

use crate::block::{Step, did_you_mean};
use crate::describe::{described, words};
use crate::error::{StudyError, nearest};
use crate::file::Study;

described! {
    /// `[[figure]]`: one panel, or several on a sheet, lettered A, B, C.
    pub struct FigureBlock {
        /// The figure's name; its files are named by it.
        pub id: Spanned<String>,
        /// Its title; the block's where nothing is said.
        pub title: Option<String>,
        /// The panels, in reading order.
        pub panels: Vec<Spanned<PanelEntry>>,
    }

    /// A panel of a figure.
    pub struct PanelEntry {
        /// How the numbers are drawn.
        pub kind: Spanned<PanelWord>,
        /// The block whose numbers they are; left out for the flow of patients.
        pub analysis: Option<Spanned<String>>,
        /// Variables of that block; all of them where none is named.
        #[serde(default)]
        pub variables: Vec<Spanned<String>>,
        /// The panel's title.
        pub title: Option<String>,
    }
}

words! {
    /// How numbers are drawn.
    pub enum PanelWord {
        /// Survival curves with the table of numbers at risk, of a `kaplan-meier`
        KaplanMeier = "kaplan-meier",
        /// Cumulative incidences with the table of numbers at risk, of a `cumulative-incidence`; its `variables` are kinds of event
        CumulativeIncidence = "cumulative-incidence",
        /// One measured variable by group, of a `comparison`
        Box = "box",
        /// The same with the outline of the density
        Violin = "violin",
        /// ROC curves, of a `roc` or a `score-table`
        Roc = "roc",
        /// Stacked bars of the outcome by score, of a `score-table`
        ScoreBars = "score-bars",
        /// A pair of variables, of a `correlation`
        Scatter = "scatter",
        /// Ratios with their intervals, of a `logistic` or a `cox`
        Forest = "forest",
        /// Observed against predicted risk, of a `score-table`
        Calibration = "calibration",
        /// Net benefit by threshold
        DecisionCurve = "decision-curve",
        /// Coefficients of all pairs, of a `correlation`
        CorrelationMatrix = "correlation-matrix",
        /// The flow of patients
        Flow = "flow",
        /// Standardised differences, of a `comparison` of two groups
        Love = "love",
        /// Predicted risks over bootstrap copies
        Instability = "instability",
    }
}

impl PanelWord {
    fn kind(self) -> PanelKind {
        match self {
            Self::KaplanMeier => PanelKind::KaplanMeier,
            Self::CumulativeIncidence => PanelKind::CumulativeIncidence,
            Self::Box => PanelKind::Box,
            Self::Violin => PanelKind::Violin,
            Self::Roc => PanelKind::Roc,
            Self::ScoreBars => PanelKind::ScoreBars,
            Self::Scatter => PanelKind::Scatter,
            Self::Forest => PanelKind::Forest,
            Self::Calibration => PanelKind::Calibration,
            Self::DecisionCurve => PanelKind::DecisionCurve,
            Self::CorrelationMatrix => PanelKind::CorrelationMatrix,
            Self::Flow => PanelKind::Flow,
            Self::Love => PanelKind::Love,
            Self::Instability => PanelKind::Instability,
        }
    }
}

/// A kind of panel as the study file writes it.
fn word(kind: PanelKind) -> &'static str {
    match kind {
        PanelKind::KaplanMeier => "kaplan-meier",
        PanelKind::CumulativeIncidence => "cumulative-incidence",
        PanelKind::Box => "box",
        PanelKind::Violin => "violin",
        PanelKind::Roc => "roc",
        PanelKind::ScoreBars => "score-bars",
        PanelKind::Scatter => "scatter",
        PanelKind::Forest => "forest",
        PanelKind::Calibration => "calibration",
        PanelKind::DecisionCurve => "decision-curve",
        PanelKind::CorrelationMatrix => "correlation-matrix",
        PanelKind::Flow => "flow",
        PanelKind::Love => "love",
        PanelKind::Instability => "instability",
    }
}

/// A panel in the plan's text.
pub(crate) fn panel_text(panel: &Panel) -> String {
    let mut text = word(panel.kind).to_owned();
    for part in std::iter::once(&panel.analysis).chain(&panel.variables).filter(|part| !part.is_empty()) {
        text.push(' ');
        text.push_str(part);
    }
    text
}

/// The figures of a study.
pub(crate) fn resolve(study: &Study, steps: &[Box<dyn Step>]) -> Result<Vec<Figure>, StudyError> {
    match &study.file.figure {
        None => Ok(usual(study, steps)),
        Some(figures) => figures.iter().map(|figure| declared(study, steps, figure)).collect(),
    }
}

/// The usual figures: for each block one of each kind of panel, and the flow where somebody was dropped.
fn usual(study: &Study, steps: &[Box<dyn Step>]) -> Vec<Figure> {
    let mut figures: Vec<Figure> = Vec::new();
    if study.file.flow.is_some() || !study.file.data.filter.is_empty() {
        let panels = vec![crate::block::panel(PanelKind::Flow, "", Vec::new())];
        figures.push(Figure { id: "flow".to_owned(), title: "Flow of patients".to_owned(), panels });
    }
    figures.extend(of_steps(steps));
    figures
}

/// For each step one figure of each kind of panel.
pub(crate) fn of_steps(steps: &[Box<dyn Step>]) -> Vec<Figure> {
    let mut figures: Vec<Figure> = Vec::new();
    for step in steps {
        let panels = step.default_panels();
        let several = panels.windows(2).any(|pair| pair[0].kind != pair[1].kind);
        for panel in panels {
            let id = format!("{}-{}", step.id(), word(panel.kind));
            let title = || match several {
                true => format!("{}: {}", step.title(), drawn(panel.kind)),
                false => step.title().to_owned(),
            };
            match figures.iter_mut().find(|figure| figure.id == id) {
                Some(figure) => figure.panels.push(panel),
                None => figures.push(Figure { id, title: title(), panels: vec![panel] }),
            }
        }
    }
    figures
}

/// What a figure of that kind shows, beside others of the same block.
fn drawn(kind: PanelKind) -> String {
    match kind {
        PanelKind::Box | PanelKind::Violin => "measurements by group".to_owned(),
        PanelKind::Love => "standardised differences".to_owned(),
        PanelKind::Roc => "receiver operating characteristic".to_owned(),
        PanelKind::Calibration => "observed against predicted risk".to_owned(),
        PanelKind::DecisionCurve => "net benefit by threshold".to_owned(),
        PanelKind::Instability => "predictions over bootstrap copies".to_owned(),
        kind => word(kind).replace('-', " "),
    }
}

fn declared(study: &Study, steps: &[Box<dyn Step>], figure: &FigureBlock) -> Result<Figure, StudyError> {
    if figure.panels.is_empty() {
        return Err(study.error(&figure.id.span(), "the figure has no panels", None));
    }
    let mut title = figure.title.clone();
    let mut panels = Vec::new();
    for entry in &figure.panels {
        let (span, entry) = (entry.span(), entry.get_ref());
        let kind = entry.kind.get_ref().kind();
        let Some(analysis) = &entry.analysis else {
            if kind != PanelKind::Flow {
                let message = format!("a panel `{}` names the block that it draws", entry.kind.get_ref().word());
                return Err(study.error(&span, message, Some("analysis = \"ID\"".to_owned())));
            }
            panels.push(Panel { kind, analysis: String::new(), variables: Vec::new(), title: entry.title.clone() });
            continue;
        };
        let Some(step) = steps.iter().find(|step| step.id() == analysis.get_ref()) else {
            let message = format!("no block has the id `{}`", analysis.get_ref());
            let hint = did_you_mean(nearest(analysis.get_ref(), steps.iter().map(|step| step.id())));
            return Err(study.error(&analysis.span(), message, hint));
        };
        let drawable = step.panels();
        let Some((_, known)) = drawable.iter().find(|(drawable, _)| *drawable == kind) else {
            let message = format!("`{}` cannot be drawn as `{}`", step.id(), entry.kind.get_ref().word());
            let words: Vec<String> = drawable.iter().map(|(kind, _)| format!("`{}`", word(*kind))).collect();
            return Err(study.error(
                &entry.kind.span(),
                message,
                Some(format!("it can be drawn as {}", words.join(", "))),
            ));
        };
        for variable in &entry.variables {
            if !known.contains(variable.get_ref()) {
                let message = format!("`{}` has nothing to draw of `{}`", step.id(), variable.get_ref());
                let hint = did_you_mean(nearest(variable.get_ref(), known.iter().map(String::as_str)))
                    .or_else(|| Some(format!("it has: {}", known.join(", "))));
                return Err(study.error(&variable.span(), message, hint));
            }
        }
        title.get_or_insert_with(|| step.title().to_owned());
        panels.push(Panel {
            kind,
            analysis: step.id().to_owned(),
            variables: entry.variables.iter().map(|variable| variable.get_ref().clone()).collect(),
            title: entry.title.clone(),
        });
    }
    let title = title.unwrap_or_else(|| "Flow of patients".to_owned());
    Ok(Figure { id: figure.id.get_ref().clone(), title, panels })
}
