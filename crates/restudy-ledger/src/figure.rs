//! Which figures a report has, and what stands in them.

use serde::{Deserialize, Serialize};

/// A figure: one panel, or several composed on a sheet and lettered A, B, C, …
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// Short name; the figure's files are named by it.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The panels, in reading order.
    pub panels: Vec<Panel>,
}

/// A panel of a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Panel {
    /// How the numbers are drawn.
    pub kind: PanelKind,
    /// The analysis that they come from; empty for the flow of patients.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub analysis: String,
    /// The variables of that analysis that are drawn; all of them where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<String>,
    /// Its title; none where the figure's says enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// How numbers are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PanelKind {
    /// Survival curves with bands, marks of censoring, p and the table of numbers at risk.
    KaplanMeier,
    /// Cumulative incidences of competing events with bands, p and the table of numbers at risk.
    CumulativeIncidence,
    /// One variable by group: a box with every value beside it, and p.
    Box,
    /// The same with the outline of the density.
    Violin,
    /// Receiver operating characteristic curves with the cut-off, area and interval.
    Roc,
    /// Stacked bars of the outcome by score.
    ScoreBars,
    /// Pairs with fitted line, band, r and p.
    Scatter,
    /// Ratios with their intervals on a logarithmic axis.
    Forest,
    /// Observed against predicted risk.
    Calibration,
    /// Net benefit by threshold.
    DecisionCurve,
    /// Coefficients of all pairs of variables.
    CorrelationMatrix,
    /// Who was dropped, why, and how many.
    Flow,
    /// Standardised differences, variable by variable.
    Love,
    /// Predicted risks over bootstrap copies.
    Instability,
}
