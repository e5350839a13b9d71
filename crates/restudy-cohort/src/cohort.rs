//! The cohort: reading one, and what it tells.

use sha2::{Digest, Sha256};

use crate::codebook::Codebook;
use crate::column::{Column, Kind, Values};
use crate::decode::decode;
use crate::error::{CohortError, Place, SqlProblem, Suggestion};
use crate::export;
use crate::format::{self, redcap};
use crate::source::{Derive, Filter, Source};
use crate::sql::{Fault, Value, evaluate};
use crate::table::{Cells, Table};
use crate::typing::{Reasons, Typed, Typist, View, date_after_epoch};

/// A table of patients, typed, with derived columns, after its filters.
#[derive(Clone, Debug, PartialEq)]
pub struct Cohort {
    file: String,
    codebook: Codebook,
    sha256: String,
    rows_read: usize,
    columns_read: usize,
    patients: usize,
    columns: Vec<Column>,
    /// Beside each column, why its values are missing.
    reasons: Vec<Reasons>,
    /// Beside each column, what it is in SQL.
    views: Vec<View>,
    flow: Vec<FlowStep>,
    other_delimiter: Option<char>,
}

/// What one filter did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowStep {
    /// The filter's label.
    pub label: String,
    /// Whether it kept those for whom its condition is true, or excluded them.
    pub keep: bool,
    /// Patients before it.
    pub before: usize,
    /// Patients that it dropped.
    pub dropped: usize,
    /// Patients for whom the condition could not be determined, because a value is missing. A `keep` filter has dropped
    /// them, they are among `dropped`; an `exclude` filter has not, they are among `after`.
    pub undetermined: usize,
    /// Patients after it: `before` less `dropped`.
    pub after: usize,
}

/// How many values of a variable are missing, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missingness {
    /// The variable.
    pub variable: String,
    /// The column that makes the groups.
    pub by: Option<String>,
    /// The codes that the codebook declares missing for the variable: the data set's, then the column's own.
    pub codes: Vec<String>,
    /// All patients.
    pub overall: MissingCount,
    /// Each group, in level order, those without patients too. None without `by`.
    pub groups: Vec<(String, MissingCount)>,
    /// The patients whose group is missing. Together with `groups` they are all, where there is a `by`.
    pub ungrouped: MissingCount,
}

/// Missing values of some patients.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MissingCount {
    /// Patients with a value.
    pub n: usize,
    /// Patients without: the sum of the counts below.
    pub n_missing: usize,
    /// Of these, those whose field is empty.
    pub empty: usize,
    /// Of these, those for whom a derived column's expression has no value.
    pub undetermined: usize,
    /// Of these, those whose field holds each of [`Missingness::codes`].
    pub by_code: Vec<usize>,
}

impl Cohort {
    /// Reads a table, types its columns, derives others, applies the filters.
    ///
    /// # Errors
    ///
    /// Whatever is wrong with the table, its codebook or an expression; the first that is met.
    pub fn read(source: &Source<'_>) -> Result<Self, CohortError> {
        let text;
        let mut table = match format::read(source) {
            Some(grid) => Table::from(grid?),
            None => {
                text = decode(source)?;
                Table::read(source.file_name, &text, source.options)?
            }
        };
        let codebook = read_codebook(source, &mut table)?;
        // A decimal comma is a matter of text: what another program wrote are numbers.
        let decimal_comma = source.options.decimal_comma && !table.is_grid();
        let typist =
            Typist { file: source.file_name, codebook: &codebook, decimal_comma, line: &|row| table.line(row) };
        let mut columns = Vec::with_capacity(table.names.len() + source.derive.len());
        for (name, cells) in table.names.iter().zip(&table.columns) {
            columns.push(typist.column(name, cells)?);
        }
        let rows = table.height();
        let expressions = Expressions { file: source.file_name, rows, other_delimiter: table.other_delimiter };
        for derive in source.derive {
            let typed = expressions.derive(derive, &columns, &typist)?;
            columns.push(typed);
        }
        let mut kept = vec![true; rows];
        let mut flow = Vec::with_capacity(source.filters.len());
        for filter in source.filters {
            flow.push(expressions.filter(filter, &columns, &mut kept)?);
        }
        if kept.contains(&false) {
            for typed in &mut columns {
                typed.retain(&kept);
            }
        }
        let views = columns.iter().map(|typed| typed.view).collect();
        let (columns, reasons) = columns.into_iter().map(|typed| (typed.column, typed.reasons)).unzip();
        Ok(Self {
            file: source.file_name.to_owned(),
            sha256: Sha256::digest(source.bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
            rows_read: rows,
            columns_read: table.names.len(),
            patients: kept.iter().filter(|kept| **kept).count(),
            columns,
            reasons,
            views,
            flow,
            other_delimiter: table.other_delimiter,
            codebook,
        })
    }

    /// The table's name as it was given.
    #[must_use]
    pub fn file_name(&self) -> &str {
        &self.file
    }

    /// The data set's title, from the codebook.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.codebook.title.as_deref()
    }

    /// What is known of the columns, as the `[columns]` of a codebook: what people wrote, what the table's file says, and what
    /// was found out from the values. Reading the same table with it gives the same columns.
    ///
    /// Columns that are `numbered` are given their values as levels where these are few and whole, so that they can make
    /// groups; derived columns have no place in a codebook.
    #[must_use]
    pub fn columns_as_toml(&self, numbered: &[&str]) -> String {
        let own = self.columns.iter().take(self.columns_read);
        own.map(|column| export::entry(column, self.codebook.entry(&column.name), numbered)).collect()
    }

    /// The SHA-256 of the table's bytes, in lower-case hexadecimal digits.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Rows of the table, before any filter.
    #[must_use]
    pub fn rows_read(&self) -> usize {
        self.rows_read
    }

    /// Columns of the table, without derived ones.
    #[must_use]
    pub fn columns_read(&self) -> usize {
        self.columns_read
    }

    /// Patients after the filters.
    #[must_use]
    pub fn patients(&self) -> usize {
        self.patients
    }

    /// Every column, one value a patient: the table's in its order, then the derived ones in theirs.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The column of a name.
    ///
    /// # Errors
    ///
    /// [`CohortError::UnknownColumn`], with the names most like it.
    pub fn column(&self, name: &str) -> Result<&Column, CohortError> {
        self.place(name).and_then(|at| self.columns.get(at)).ok_or_else(|| self.unknown(name))
    }

    /// What each filter did, in order.
    #[must_use]
    pub fn flow(&self) -> &[FlowStep] {
        &self.flow
    }

    /// For whom a condition is true, after the filters: an expression about one patient, as [`Source`] describes them. None
    /// where it cannot be told, because a value is missing. `more` are columns that the expression may name besides, such as
    /// scores, one value a patient.
    ///
    /// # Errors
    ///
    /// [`CohortError::Expression`] and [`CohortError::UnknownColumn`], as for a filter.
    pub fn condition(&self, sql: &str, more: &[Column]) -> Result<Vec<Option<bool>>, CohortError> {
        let own = self.columns.iter().zip(self.views.iter().copied());
        let more = more.iter().map(|column| (column, View::Plain));
        let columns: Vec<(&Column, View)> = own.chain(more).collect();
        let expressions = Expressions { file: &self.file, rows: self.patients, other_delimiter: self.other_delimiter };
        expressions.truth(&Place::Condition, sql, &columns)
    }

    /// The missing values of a variable after the filters, in each group of another if wished.
    ///
    /// # Errors
    ///
    /// [`CohortError::UnknownColumn`]; [`CohortError::NotGroups`] if `by` has no levels.
    pub fn missingness(&self, variable: &str, by: Option<&str>) -> Result<Missingness, CohortError> {
        let reasons = self.place(variable).and_then(|at| self.reasons.get(at)).ok_or_else(|| self.unknown(variable))?;
        let none = || MissingCount { by_code: vec![0; reasons.codes.len()], ..MissingCount::default() };
        let mut result = Missingness {
            variable: variable.to_owned(),
            by: by.map(str::to_owned),
            codes: reasons.codes.clone(),
            overall: none(),
            groups: Vec::new(),
            ungrouped: none(),
        };
        for reason in &reasons.by_row {
            result.overall.count(*reason);
        }
        let Some(by) = by else { return Ok(result) };
        let by = self.column(by)?;
        let Values::Levels { levels, codes } = &by.values else {
            return Err(CohortError::NotGroups { column: by.name.clone(), kind: by.kind });
        };
        result.groups = levels.iter().map(|level| (level.clone(), none())).collect();
        for (reason, code) in reasons.by_row.iter().zip(codes) {
            match code.and_then(|code| result.groups.get_mut(code as usize)) {
                Some((_, count)) => count.count(*reason),
                None => result.ungrouped.count(*reason),
            }
        }
        Ok(result)
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    fn unknown(&self, name: &str) -> CohortError {
        let names = self.columns.iter().map(|column| column.name.as_str());
        unknown_column(&self.file, name, None, names, self.other_delimiter)
    }
}

impl MissingCount {
    fn count(&mut self, reason: u32) {
        if reason == 0 {
            self.n += 1;
            return;
        }
        self.n_missing += 1;
        match reason {
            Reasons::EMPTY => self.empty += 1,
            Reasons::UNDETERMINED => self.undetermined += 1,
            code => {
                if let Some(count) = self.by_code.get_mut((code - Reasons::CODE) as usize) {
                    *count += 1;
                }
            }
        }
    }
}

fn read_codebook(source: &Source<'_>, table: &mut Table<'_>) -> Result<Codebook, CohortError> {
    let own = std::mem::take(&mut table.codebook);
    let Some((file, text)) = source.codebook else { return Ok(own) };
    if redcap::is_dictionary(text) {
        return redcap::codebook(file, text);
    }
    let codebook = Codebook::parse(file, text)?;
    let derived = source.derive.iter().map(|derive| derive.name.as_str());
    let known: Vec<&str> = table.names.iter().map(String::as_str).chain(derived).collect();
    codebook.check_columns((file, text), source.file_name, &known, table.other_delimiter)?;
    Ok(codebook.over(own))
}

/// What expressions are evaluated on, besides the columns.
struct Expressions<'a> {
    file: &'a str,
    rows: usize,
    other_delimiter: Option<char>,
}

impl Expressions<'_> {
    fn derive(&self, derive: &Derive, columns: &[Typed], typist: &Typist<'_>) -> Result<Typed, CohortError> {
        let place = || Place::Derived(derive.name.clone());
        let name = derive.name.trim();
        if name.is_empty() || columns.iter().any(|typed| typed.column.name == name) {
            return Err(self.fault(
                place(),
                &derive.sql,
                SqlProblem::Name { empty: name.is_empty() }.into(),
                named(columns),
            ));
        }
        let value = evaluate(&derive.sql, named(columns), self.rows)
            .map_err(|fault| self.fault(place(), &derive.sql, fault, named(columns)))?;
        let described = typist.codebook.entry(name).is_some_and(|entry| entry.kind.is_some());
        let mut typed = if described {
            typist.column(name, &cells(&value, self.rows))?
        } else {
            plain(name, value, self.rows, typist)
        };
        for reason in &mut typed.reasons.by_row {
            if *reason == Reasons::EMPTY {
                *reason = Reasons::UNDETERMINED;
            }
        }
        Ok(typed)
    }

    fn filter(&self, filter: &Filter, columns: &[Typed], kept: &mut [bool]) -> Result<FlowStep, CohortError> {
        let columns: Vec<(&Column, View)> = named(columns).collect();
        let condition = self.truth(&Place::Filter(filter.label.clone()), &filter.sql, &columns)?;
        let (mut before, mut dropped, mut undetermined) = (0, 0, 0);
        for (kept, condition) in kept.iter_mut().zip(condition).filter(|(kept, _)| **kept) {
            before += 1;
            undetermined += usize::from(condition.is_none());
            if (condition == Some(true)) != filter.keep {
                *kept = false;
                dropped += 1;
            }
        }
        let (label, keep, after) = (filter.label.clone(), filter.keep, before - dropped);
        Ok(FlowStep { label, keep, before, dropped, undetermined, after })
    }

    /// An expression that is true or false.
    fn truth(&self, place: &Place, sql: &str, columns: &[(&Column, View)]) -> Result<Vec<Option<bool>>, CohortError> {
        let fault = |fault| self.fault(place.clone(), sql, fault, columns.iter().copied());
        match evaluate(sql, columns.iter().copied(), self.rows).map_err(fault)? {
            Value::Truth(condition) => Ok(condition.iter().collect()),
            other => Err(fault(SqlProblem::NotBoolean { found: other.sql_type() }.into())),
        }
    }

    fn fault<'c>(
        &self,
        place: Place,
        sql: &str,
        fault: Fault,
        columns: impl Iterator<Item = (&'c Column, View)> + Clone,
    ) -> CohortError {
        match fault {
            Fault::Problem(problem) => {
                CohortError::Expression { place, sql: sql.to_owned(), problem: Box::new(problem) }
            }
            Fault::UnknownColumn(name) => {
                let names = columns.map(|(column, _)| column.name.as_str());
                unknown_column(self.file, &name, Some(place), names, self.other_delimiter)
            }
        }
    }
}

/// Columns with what they are in SQL.
fn named(columns: &[Typed]) -> impl Iterator<Item = (&Column, View)> + Clone {
    columns.iter().map(|typed| (&typed.column, typed.view))
}

fn unknown_column<'n>(
    file: &str,
    name: &str,
    used_in: Option<Place>,
    names: impl Iterator<Item = &'n str> + Clone,
    delimiter: Option<char>,
) -> CohortError {
    CohortError::UnknownColumn {
        file: file.to_owned(),
        name: name.to_owned(),
        used_in,
        suggestion: delimiter.map_or_else(|| Suggestion::for_name(name, names), Suggestion::Delimiter),
    }
}

/// The values of a derived column as a table would write them.
fn cells(value: &Value, rows: usize) -> Cells {
    let written: Vec<Option<String>> = match value {
        Value::Null => vec![None; rows],
        Value::Number(values) => values.iter().map(|value| value.map(|value| value.to_string())).collect(),
        Value::Truth(values) => {
            values.iter().map(|value| value.map(|value| if value { "yes" } else { "no" }.to_owned())).collect()
        }
        Value::Date(days) => days.iter().map(|day| Some(date_after_epoch(day?)?.to_string())).collect(),
        Value::Text(text) => text.map(|code| text.levels.get(code as usize).cloned()),
    };
    let mut cells = Cells::default();
    for cell in &written {
        cells.push(cell.as_deref().unwrap_or_default().trim());
    }
    cells
}

/// A derived column whose kind the codebook does not say.
fn plain(name: &str, value: Value, rows: usize, typist: &Typist<'_>) -> Typed {
    let (kind, values, view) = match value {
        Value::Null => (Kind::Continuous, Values::Numbers(vec![None; rows]), View::Plain),
        Value::Number(values) => (Kind::Continuous, Values::Numbers(values.iter().collect()), View::Plain),
        Value::Date(days) => (Kind::Date, Values::Dates(days.iter().collect()), View::Plain),
        Value::Truth(values) => {
            let codes = values.iter().map(|value| value.map(u32::from)).collect();
            (Kind::Binary, Values::Levels { levels: vec!["no".to_owned(), "yes".to_owned()], codes }, View::Truth)
        }
        Value::Text(text) => {
            let view = match (text.ordered, text.declared) {
                (true, _) => View::Ordered,
                (false, true) => View::Declared,
                (false, false) => View::Plain,
            };
            let kind = if text.ordered { Kind::Ordinal } else { Kind::Nominal };
            (kind, Values::Levels { levels: text.levels.to_vec(), codes: text.codes.iter().collect() }, view)
        }
    };
    let present = |row: usize| match &values {
        Values::Numbers(values) => values.get(row).is_some_and(Option::is_some),
        Values::Levels { codes, .. } => codes.get(row).is_some_and(Option::is_some),
        Values::Dates(days) => days.get(row).is_some_and(Option::is_some),
    };
    let by_row = (0..rows).map(|row| if present(row) { 0 } else { Reasons::UNDETERMINED }).collect();
    Typed { column: typist.describe(name, kind, true, values), reasons: Reasons { codes: Vec::new(), by_row }, view }
}
