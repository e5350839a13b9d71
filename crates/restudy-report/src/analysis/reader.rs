//! An analysis with its rows within reach, and the cells that all tables share.

use std::collections::BTreeMap;

use restudy_ledger::{Analysis, Context, Ledger, Row, Stat, Variable};

use super::comparison::{named, reason, sentence};
use crate::procedure::{full_name, without_keys};
use crate::style::{NONE, Style};
use crate::table::{Cell, Footnote, Marks};

/// An analysis with its rows within reach.
pub(crate) struct Reader<'a> {
    pub(crate) ledger: &'a Ledger,
    pub(crate) analysis: &'a Analysis,
    pub(crate) style: Style,
    pub(crate) rows: BTreeMap<&'a str, Vec<&'a Row>>,
}

/// Where a number stands in its analysis.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Place<'a> {
    pub(crate) variable: &'a str,
    pub(crate) level: Option<&'a str>,
    pub(crate) group: Option<&'a str>,
    pub(crate) with: Option<&'a str>,
    pub(crate) model: Option<&'a str>,
    pub(crate) time: Option<f64>,
}

impl<'a> Place<'a> {
    pub(crate) fn new(variable: &'a str) -> Self {
        Self { variable, ..Self::default() }
    }

    pub(crate) fn of(row: &'a Row) -> Self {
        Self {
            variable: &row.variable,
            level: row.level.as_deref(),
            group: row.group.as_deref(),
            with: row.with.as_deref(),
            model: row.model.as_deref(),
            time: row.time,
        }
    }
}

/// How an estimate is written.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    /// An odds or hazard ratio, a likelihood ratio.
    Ratio,
    /// An area under a curve, a correlation, Youden's index.
    Coefficient,
    /// A proportion, as a percentage.
    Percent,
    /// A quantity with so many places.
    Places(usize),
}

impl Form {
    /// How a number of that kind is written in a sentence or a list; a quantity in the variable's unit by `places`.
    pub(crate) fn of(stat: Stat, places: usize) -> Self {
        match stat {
            Stat::OddsRatio
            | Stat::HazardRatio
            | Stat::PositiveLikelihoodRatio
            | Stat::NegativeLikelihoodRatio
            | Stat::ObservedExpected
            | Stat::CalibrationSlope
            | Stat::CalibrationIntercept
            | Stat::StandardizedDifference
            | Stat::VarianceInflation => Self::Ratio,
            Stat::Auc
            | Stat::R
            | Stat::Concordance
            | Stat::YoudenJ
            | Stat::RSquared
            | Stat::Brier
            | Stat::ScaledBrier
            | Stat::CalibrationIndex
            | Stat::CalibrationE50
            | Stat::CalibrationE90
            | Stat::NetBenefit
            | Stat::PredictionInstability
            | Stat::Optimism
            | Stat::Corrected => Self::Coefficient,
            Stat::Sensitivity
            | Stat::Specificity
            | Stat::Ppv
            | Stat::Npv
            | Stat::Accuracy
            | Stat::Proportion
            | Stat::Survival
            | Stat::CumulativeIncidence
            | Stat::ObservedRisk
            | Stat::ExpectedRisk
            | Stat::MissingInformation
            | Stat::SelectionFrequency
            | Stat::ClassificationInstability => Self::Percent,
            _ => Self::Places(places),
        }
    }
}

impl<'a> Reader<'a> {
    pub(crate) fn new(ledger: &'a Ledger, id: &str) -> Option<Self> {
        let analysis = ledger.analysis(id)?;
        let mut rows: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
        for row in ledger.rows_of(&analysis.id) {
            rows.entry(&row.variable).or_default().push(row);
        }
        Some(Self { ledger, analysis, style: Style::of(ledger), rows })
    }

    // ---- rows

    pub(crate) fn rows(&self, variable: &str) -> impl Iterator<Item = &'a Row> {
        self.rows.get(variable).into_iter().flatten().copied()
    }

    /// The rows of the analysis in the ledger's order, without the answers by other admissible procedures.
    pub(crate) fn answers(&self) -> impl Iterator<Item = &'a Row> + use<'a> {
        self.ledger.rows_of(&self.analysis.id).filter(|row| row.context != Context::Alternative)
    }

    /// The rows of that place.
    pub(crate) fn at(&self, place: Place<'a>) -> impl Iterator<Item = &'a Row> {
        let rows = self.rows(place.variable).filter(|row| row.context != Context::Alternative);
        rows.filter(move |row| Place::of(row) == place)
    }

    /// The number of that name at that place, itself and not what qualifies another.
    pub(crate) fn find(&self, place: Place<'a>, stat: Stat) -> Option<&'a Row> {
        self.at(place).find(|row| row.stat == stat && row.of.is_none())
    }

    /// What qualifies a number of that place: the limit that names it, or the one that names none.
    pub(crate) fn qualifier(&self, place: Place<'a>, stat: Stat, of: Stat) -> Option<&'a Row> {
        let row = |of| self.at(place).find(|row| row.stat == stat && row.of == of);
        row(Some(of)).or_else(|| row(None))
    }

    pub(crate) fn number(&self, place: Place<'a>, stat: Stat) -> Option<f64> {
        self.find(place, stat).and_then(|row| row.value.number())
    }

    /// The limits of a number's interval; NaN for one that does not exist beside one that does.
    pub(crate) fn limits(&self, place: Place<'a>, of: Stat) -> Option<(f64, f64)> {
        let limit = |stat| self.qualifier(place, stat, of).and_then(|row| row.value.number());
        match (limit(Stat::ConfLow), limit(Stat::ConfHigh)) {
            (None, None) => None,
            (low, high) => Some((low.unwrap_or(f64::NAN), high.unwrap_or(f64::NAN))),
        }
    }

    /// Whether any row of the analysis has that number.
    pub(crate) fn any(&self, stat: Stat) -> bool {
        self.answers().any(|row| row.stat == stat)
    }

    /// The different values of a part of the rows' places, in the order of the ledger.
    pub(crate) fn distinct<T: PartialEq>(
        &self,
        admits: impl Fn(&Row) -> bool,
        part: impl Fn(&'a Row) -> Option<T>,
    ) -> Vec<T> {
        let mut parts = Vec::new();
        for row in self.answers().filter(|row| admits(row)) {
            if let Some(part) = part(row).filter(|part| !parts.contains(part)) {
                parts.push(part);
            }
        }
        parts
    }

    // ---- words

    pub(crate) fn variable(&self, name: &str) -> Option<&'a Variable> {
        self.ledger.variable(name)
    }

    /// The label of a variable; one that the ledger does not describe is its own.
    pub(crate) fn label<'n>(&self, name: &'n str) -> &'n str
    where
        'a: 'n,
    {
        self.variable(name).map_or(name, |variable| &variable.label)
    }

    /// `Age (years)`
    pub(crate) fn label_with_unit(&self, name: &str) -> String {
        match self.variable(name).and_then(|variable| variable.unit.as_deref()) {
            Some(unit) => format!("{} ({unit})", self.label(name)),
            None => self.label(name).to_owned(),
        }
    }

    /// `95% CI`, where the conventions say which level.
    pub(crate) fn confidence(&self) -> String {
        let level = self.ledger.convention("confidence").and_then(|level| level.parse::<f64>().ok());
        level.map_or_else(|| "CI".to_owned(), |level| format!("{}% CI", self.style.tidy(100.0 * level)))
    }

    /// A percentage without its sign. The fraction itself decides, so that halves are halves; the proportion is the
    /// double nearest to it.
    pub(crate) fn percent(&self, count: Option<f64>, of: Option<f64>, proportion: f64) -> String {
        let patients = self.ledger.data.rows_kept;
        match (count.and_then(whole), of.and_then(whole)) {
            (Some(count), Some(of)) if count as f64 / of as f64 == proportion => {
                self.style.percent(count, of, patients)
            }
            _ => self.style.percent_of(proportion, patients),
        }
    }

    /// The places of quantities in a variable's unit: the codebook's, or one more where one lies between two values;
    /// without a codebook none for whole numbers, else one.
    pub(crate) fn unit_places(&self, variable: &str, numbers: impl IntoIterator<Item = f64>) -> usize {
        let decimals = self.variable(variable).and_then(|variable| variable.decimals);
        let recorded = usize::from(decimals.unwrap_or(0)).min(8);
        let shown = |number: f64| !number.is_finite() || format!("{number:.recorded$}").parse() == Ok(number);
        if numbers.into_iter().all(shown) { recorded } else { recorded + 1 }
    }

    // ---- cells

    pub(crate) fn p(&self, row: &Row) -> String {
        row.value.number().map_or_else(|| NONE.to_owned(), |p| self.style.p_value(p, self.analysis.alpha))
    }

    /// A p-value without marks.
    pub(crate) fn p_of(&self, row: &Row) -> Cell {
        Cell::from(self.p(row)).values(row.value.number())
    }

    /// A count or another plain number; nothing where the ledger has no such row.
    pub(crate) fn plain(&self, row: Option<&Row>, marks: &mut Marks) -> Cell {
        let Some(row) = row else { return Cell::default() };
        match row.value.number() {
            Some(value) => self.remarked(Cell::from(self.style.tidy(value)).values([value]), row, marks),
            None => self.none(row, marks),
        }
    }

    /// A dash with the reason.
    pub(crate) fn none(&self, row: &Row, marks: &mut Marks) -> Cell {
        let cell = Cell::from(NONE);
        let cell = reason(row).into_iter().fold(cell, |cell, reason| cell.mark(marks.of(&reason)));
        self.remarked(cell, row, marks)
    }

    /// With the marks of what a reader of the number should know.
    pub(crate) fn remarked(&self, cell: Cell, row: &Row, marks: &mut Marks) -> Cell {
        row.remarks.iter().map(|remark| sentence(&without_keys(remark))).filter(|remark| !remark.is_empty()).fold(
            cell,
            |cell, remark| {
                let mark = marks.of(&remark);
                if cell.marks.contains(&mark) { cell } else { cell.mark(mark) }
            },
        )
    }

    /// An estimate with its interval, `1.23 (1.02–1.50)`; a dash with the reason where there is none; nothing where
    /// the ledger has no such row.
    pub(crate) fn estimate_cell(&self, place: Place<'a>, stat: Stat, form: Form, marks: &mut Marks) -> Cell {
        let Some(row) = self.find(place, stat) else { return Cell::default() };
        let Some(value) = row.value.number() else { return self.none(row, marks) };
        let limits = self.limits(place, stat);
        let text = self.written(value, limits, form);
        let values = std::iter::once(value).chain(limits.into_iter().flat_map(|(low, high)| [low, high]));
        let mut cell = self.remarked(Cell::from(text).values(values), row, marks);
        // A limit that does not exist says why.
        for stat in [Stat::ConfLow, Stat::ConfHigh] {
            let limit = self.qualifier(place, stat, row.stat).filter(|limit| limit.value.number().is_none());
            if let Some(reason) = limit.and_then(reason) {
                let mark = marks.of(&reason);
                cell = if cell.marks.contains(&mark) { cell } else { cell.mark(mark) };
            }
        }
        cell
    }

    /// A number with its limits in brackets.
    pub(crate) fn written(&self, value: f64, limits: Option<(f64, f64)>, form: Form) -> String {
        let numbers = || std::iter::once(value).chain(limits.into_iter().flat_map(|(low, high)| [low, high]));
        let places = match form {
            Form::Ratio => self.style.ratio_places(numbers()),
            Form::Coefficient => self.style.coefficient_places(),
            Form::Places(places) => places,
            Form::Percent => return self.percentage(value, limits),
        };
        let text = self.style.number(value, places);
        limits.map_or_else(|| text.clone(), |(low, high)| format!("{text} ({})", self.style.limits(low, high, places)))
    }

    fn percentage(&self, value: f64, limits: Option<(f64, f64)>) -> String {
        let percent = |proportion| self.style.percent_of(proportion, self.ledger.data.rows_kept);
        let text = format!("{}%", percent(value));
        limits.map_or_else(
            || text.clone(),
            |(low, high)| {
                let limits = self.style.joined(&percent(low), &percent(high), low < 0.0 || high < 0.0);
                format!("{text} ({limits})")
            },
        )
    }

    /// A p-value with the mark of its test, unless every one of the table is by the same.
    pub(crate) fn tested_cell(&self, row: Option<&'a Row>, methods: &Methods<'a>, marks: &mut Marks) -> Cell {
        let Some(row) = row else { return Cell::default() };
        if row.value.number().is_none() {
            return self.none(row, marks);
        }
        let cell = methods.marked(self.p_of(row), row, marks);
        self.remarked(cell, row, marks)
    }

    /// The procedures behind the numbers of that name.
    pub(crate) fn methods(&self, admits: impl Fn(&Row) -> bool) -> Methods<'a> {
        Methods(self.distinct(admits, |row| row.procedure.as_deref()))
    }

    // ---- notes

    /// What the study file's notes and the subset say of the whole table.
    pub(crate) fn notes(&self) -> Vec<String> {
        let within = self.analysis.within.as_ref().map(|within| {
            let undetermined = match within.undetermined {
                0 => String::new(),
                n => format!("; {n} left out because a value is missing"),
            };
            format!("Patients: {} (n = {}{undetermined}).", within.label, within.n)
        });
        let ungrouped = self.ungrouped_note();
        within.into_iter().chain(self.analysis.notes.iter().map(|note| sentence(note))).chain(ungrouped).collect()
    }

    /// The event that the analysis is about.
    pub(crate) fn outcome_note(&self) -> Option<String> {
        let outcome = self.analysis.outcome.as_ref()?;
        let event = format!("Event: {}, {}", self.label(&outcome.variable), outcome.level);
        Some(match &outcome.time {
            Some(time) => format!("{event}; time: {}.", self.label_with_unit(time)),
            None => format!("{event}."),
        })
    }

    /// The analysis of that variable itself in a sentence: the name of each number, the number, its interval and p.
    pub(crate) fn sentence_of(&self, place: Place<'a>) -> String {
        let own = self.at(place).filter(|row| row.of.is_none() && !is_qualifier(row.stat));
        let parts: Vec<String> = own.filter_map(|row| self.named_number(row)).collect();
        let p = self.find(place, Stat::PValue).filter(|row| row.value.number().is_some());
        let p = p.map(|row| {
            let p = self.style.p_in_words(row.value.number().unwrap_or(f64::NAN), self.analysis.alpha);
            row.procedure.as_deref().map_or_else(|| p.clone(), |key| format!("{p} by {}", full_name(key)))
        });
        parts.into_iter().chain(p).collect::<Vec<_>>().join(", ")
    }

    /// `AIC 41.2`, `concordance 0.870 (95% CI 0.790–0.950)`
    fn named_number(&self, row: &'a Row) -> Option<String> {
        let value = row.value.number()?;
        let place = Place::of(row);
        let places = if value.fract() == 0.0 { 0 } else { 2 };
        let text = self.written(
            value,
            self.limits(place, row.stat).filter(|_| row.stat != Stat::Statistic),
            Form::of(row.stat, places),
        );
        let name = match row.stat {
            Stat::N => return Some(format!("n = {text}")),
            Stat::NMissing if value == 0.0 => return None,
            Stat::NMissing => return Some(format!("{text} left out for a missing value")),
            Stat::Events => return Some(format!("{text} events")),
            Stat::Statistic => {
                let symbol =
                    row.procedure.as_deref().and_then(crate::procedure::procedure).and_then(|known| known.statistic);
                symbol.unwrap_or("statistic").to_owned()
            }
            Stat::Df => "df".to_owned(),
            stat => lower(stat.label()),
        };
        // That of a cut-off never stands without the one that counts the search, which has a sentence of its own.
        let qualifying = self
            .at(place)
            .find(|other| other.stat == Stat::PValue && other.of == Some(row.stat) && row.stat != Stat::Cutoff);
        let p = qualifying.and_then(|row| row.value.number()).map(|p| self.style.p_in_words(p, self.analysis.alpha));
        Some(format!("{name} {text}{}", p.map(|p| format!(", {p}")).unwrap_or_default()))
    }
}

/// The procedures behind a column of numbers, in the order of the ledger.
#[derive(PartialEq)]
pub(crate) struct Methods<'a>(Vec<&'a str>);

impl<'a> Methods<'a> {
    /// With the mark of the row's procedure, where there are several.
    pub(crate) fn marked(&self, cell: Cell, row: &'a Row, marks: &mut Marks) -> Cell {
        match row.procedure.as_deref().filter(|_| self.0.len() > 1) {
            Some(key) => cell.mark(marks.of(&named(key))),
            None => cell,
        }
    }

    /// The note on the one procedure of them all.
    pub(crate) fn note(&self, what: &str) -> Option<String> {
        match self.0.as_slice() {
            [key] => Some(sentence(&format!("{what}: {}", full_name(key)))),
            _ => None,
        }
    }
}

/// The footnotes of a table: the general ones, then the marked ones.
pub(crate) fn footnotes(general: impl IntoIterator<Item = String>, marks: Marks) -> Vec<Footnote> {
    let general = general.into_iter().filter(|text| !text.is_empty()).map(|text| Footnote { mark: None, text });
    general.chain(marks.into_footnotes()).collect()
}

/// Whether a number only says more of another.
pub(crate) fn is_qualifier(stat: Stat) -> bool {
    matches!(stat, Stat::StdError | Stat::ConfLow | Stat::ConfHigh | Stat::PValue | Stat::PAdjusted)
}

/// A label inside a sentence: its first letter small, unless the word is an abbreviation.
pub(crate) fn lower(label: &str) -> String {
    let mut characters = label.chars();
    match (characters.next(), characters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(characters).collect(),
        _ => label.to_owned(),
    }
}

/// A label at the beginning of a line.
pub(crate) fn upper(label: &str) -> String {
    let mut characters = label.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

fn whole(x: f64) -> Option<u64> {
    (x.fract() == 0.0 && (0.0..9e15).contains(&x)).then_some(x as u64)
}
