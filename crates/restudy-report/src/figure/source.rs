//! What a panel draws from: its analysis, and the ledger's rows and series of it.

use restudy_ledger::{Analysis, AnalysisKind, Context, Ledger, Panel, Row, Series, SeriesKind, Stat};

use super::font::Face;
use super::text::Words;
use crate::analysis::sentence;
use crate::procedure::procedure;
use crate::style::Style;

/// A panel with its analysis.
pub(super) struct Source<'a> {
    pub(super) ledger: &'a Ledger,
    pub(super) style: Style,
    pub(super) panel: &'a Panel,
    pub(super) analysis: &'a Analysis,
}

/// The place of a number within an analysis; what is none here is none in the row.
#[derive(Clone, Copy, Default)]
pub(super) struct At<'a> {
    pub(super) variable: &'a str,
    pub(super) level: Option<&'a str>,
    pub(super) group: Option<&'a str>,
    pub(super) with: Option<&'a str>,
    pub(super) model: Option<&'a str>,
    pub(super) time: Option<f64>,
}

impl<'a> At<'a> {
    pub(super) fn variable(variable: &'a str) -> Self {
        Self { variable, ..Self::default() }
    }

    pub(super) fn group(self, group: Option<&'a str>) -> Self {
        Self { group, ..self }
    }

    fn admits(&self, row: &Row) -> bool {
        row.variable == self.variable
            && row.level.as_deref() == self.level
            && row.group.as_deref() == self.group
            && row.with.as_deref() == self.with
            && row.model.as_deref() == self.model
    }
}

impl<'a> Source<'a> {
    /// The analysis of a panel.
    pub(super) fn new(ledger: &'a Ledger, panel: &'a Panel) -> Result<Self, String> {
        let analysis = ledger
            .analysis(&panel.analysis)
            .ok_or_else(|| format!("The record has no analysis “{}”.", panel.analysis))?;
        Ok(Self { ledger, style: Style::of(ledger), panel, analysis })
    }

    /// Whether the panel is about that variable: all are, where it names none.
    pub(super) fn shows(&self, variable: &str) -> bool {
        self.panel.variables.is_empty() || self.panel.variables.iter().any(|shown| shown == variable)
    }

    pub(super) fn label(&self, variable: &str) -> String {
        self.ledger.variable(variable).map_or_else(|| variable.to_owned(), |variable| variable.label.clone())
    }

    /// The label with the unit, as an axis is titled.
    pub(super) fn title(&self, variable: &str) -> String {
        match self.ledger.variable(variable).and_then(|variable| variable.unit.as_ref()) {
            Some(unit) => format!("{} ({unit})", self.label(variable)),
            None => self.label(variable),
        }
    }

    /// The decimals in which a variable was recorded.
    pub(super) fn decimals(&self, variable: &str) -> Option<usize> {
        self.ledger.variable(variable).and_then(|variable| variable.decimals).map(usize::from)
    }

    /// The series of that kind, of the variables that the panel shows: of a kind of event, where the series is of one.
    pub(super) fn series(&self, kind: SeriesKind) -> Vec<&'a Series> {
        let ledger = self.ledger;
        let shown = |series: &&Series| {
            let about = series.level.as_ref().or(series.variable.as_ref());
            about.is_none_or(|name| self.shows(name))
        };
        ledger.series_of(&self.panel.analysis).filter(|series| series.kind == kind).filter(shown).collect()
    }

    /// Results, without the answers of other admissible procedures.
    pub(super) fn rows(&self) -> impl Iterator<Item = &'a Row> {
        self.ledger.rows_of(&self.panel.analysis).filter(|row| row.context != Context::Alternative)
    }

    fn row(&self, stat: Stat, of: Option<Stat>, at: &At<'_>) -> Option<&'a Row> {
        // A validation of the time to the event is by one time; elsewhere a row at a time is of another number.
        let by_one_time = self.analysis.kind == AnalysisKind::Validation && at.time.is_none();
        let admits = |row: &&Row| at.admits(row) && (by_one_time || row.time == at.time);
        let found = |of| self.rows().find(|row| row.stat == stat && row.of == of && admits(row));
        of.and_then(|of| found(Some(of))).or_else(|| found(None))
    }

    pub(super) fn number(&self, stat: Stat, at: &At<'_>) -> Option<f64> {
        self.row(stat, None, at).and_then(|row| row.value.number())
    }

    /// The limits of a number.
    pub(super) fn limits(&self, of: Stat, at: &At<'_>) -> Option<(f64, f64)> {
        Some((self.limit(Stat::ConfLow, of, at)?, self.limit(Stat::ConfHigh, of, at)?))
    }

    /// One of the limits of a number. Where the row does not name the number, it is that of the place's estimate.
    pub(super) fn limit(&self, limit: Stat, of: Stat, at: &At<'_>) -> Option<f64> {
        let row = self.row(limit, Some(of), at)?;
        let meant = row.of.is_some() || of == Stat::Estimate || self.number(Stat::Estimate, at).is_none();
        row.value.number().filter(|_| meant)
    }

    /// The p-value of a place, and by which procedure.
    pub(super) fn p(&self, of: Option<Stat>, at: &At<'_>) -> Option<(Words, Option<&'a str>)> {
        let row = self.row(Stat::PValue, of, at)?;
        let p = row.value.number()?;
        Some((self.p_words(p), row.procedure.as_deref()))
    }

    /// `p = 0.023`, the letter in italics.
    pub(super) fn p_words(&self, p: f64) -> Words {
        let printed = self.p_text(p);
        let letter = if self.style.name() == "ama" { "P" } else { "p" };
        let equals = if printed.starts_with(['<', '>']) { " " } else { " = " };
        Words::italic(letter).and(Face::Regular, equals).and(Face::Regular, &printed)
    }

    pub(super) fn p_text(&self, p: f64) -> String {
        self.style.p_value(p, self.analysis.alpha)
    }

    /// `95% CI`.
    pub(super) fn confidence(&self) -> String {
        let level = self.ledger.convention("confidence").and_then(|level| level.parse::<f64>().ok()).unwrap_or(0.95);
        format!("{}% CI", self.style.tidy((level * 1e6).round() / 1e4))
    }

    /// `0.85 (0.74–0.96)`, or with `to` where a dash would meet a minus.
    pub(super) fn estimate(&self, estimate: f64, limits: Option<(f64, f64)>, places: usize) -> String {
        let number = |x| self.style.number(x, places);
        match limits {
            None => number(estimate),
            Some((low, high)) => {
                let between = if low < 0.0 || high < 0.0 { " to " } else { "–" };
                format!("{} ({}{between}{})", number(estimate), number(low), number(high))
            }
        }
    }
}

/// The short name of a test: its words, or what its key says.
pub(super) fn test_name(key: &str) -> String {
    match procedure(key) {
        Some(procedure) => procedure.short.split(" (").next().unwrap_or(procedure.short).to_owned(),
        None => sentence(&key.split('/').next().unwrap_or(key).replace('_', "-")).trim_end_matches('.').to_owned(),
    }
}

/// A word at the beginning of a line.
pub(super) fn capital(word: &str) -> String {
    crate::analysis::upper(word)
}

/// The column of that name, empty where there is none.
pub(super) fn column(series: &Series, name: &str) -> Vec<f64> {
    series.column(name).unwrap_or_default()
}
